//! Promise 10, where commands are at work: what they make of files nobody tells Usher, and it must not go on for ever.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use usher_engine::{Finished, Happening, Verdict};
use usher_event::{Change, Health, Mode};
use usher_testkit::{Home, Stage, Thing};

const SECOND: Duration = Duration::from_secs(1);

/// A stage on which commands are really run.
fn stage(rules: &str) -> Stage {
    let stage = Stage::new(rules);
    really(&stage);
    stage
}

fn really(stage: &Stage) {
    ["a", "b"].iter().for_each(|dir| drop(stage.home.mkdir(dir)));
    stage.outside.really.store(true, Ordering::Relaxed);
}

fn files(stage: &Stage) -> BTreeMap<PathBuf, Thing> {
    let below = |dir: &str| {
        let tree = stage.home.tree(dir).into_iter();
        tree.map(|(path, thing)| (PathBuf::from(dir).join(path), thing)).collect::<Vec<_>>()
    };
    below("a").into_iter().chain(below("b")).collect()
}

/// Tells of what has come of commands since, as a watcher would.
fn tell(stage: &mut Stage, before: &BTreeMap<PathBuf, Thing>) -> bool {
    let after = files(stage);
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        stage.play(path, Change::Gone);
    }
    for (path, thing) in &after {
        match before.get(path) {
            None => stage.play(path, Change::MovedIn),
            Some(old) if old != thing => stage.play(path, Change::Closed),
            Some(_) => {}
        }
    }
    *before != after
}

/// Lets the engine work for so many turns; says whether it has come to rest.
fn live(stage: &mut Stage, turns: usize) -> bool {
    for _ in 0..turns {
        let before = files(stage);
        stage.engine.advance().unwrap();
        let told = stage.engine.take_notices();
        stage.happenings.extend(told);
        let changed = tell(stage, &before);
        match stage.engine.due() {
            Some(due) => stage.clock.advance(due),
            None if !changed => return true,
            None => {}
        }
    }
    false
}

/// The folder after a restart that has everything looked at again.
fn after_restart(stage: Stage) -> Stage {
    let mut stage = stage.restart();
    really(&stage);
    stage.sweep();
    assert!(live(&mut stage, 60));
    stage
}

fn hints(stage: &Stage) -> Vec<String> {
    let hint = |happening: &Happening| match happening {
        Happening::Trouble(finding) => finding.hint.as_ref().map(ToString::to_string),
        _ => None,
    };
    stage.happenings.iter().filter_map(hint).collect()
}

#[test]
fn a_file_that_a_command_has_renamed_is_its_rule_s_own_output() {
    for (command, left) in [
        ("mv {path} {path.parent}/x{path.name}", "xf.txt"),
        ("mv {path} {path.parent}/x{path.name}; false", "xf.txt"),
        ("mkdir {path.parent}/sub; mv {path} {path.parent}/sub/", "sub/f.txt"),
    ] {
        let rules = "rules: [{ locations: ~/a, subfolders: true, actions: [ shell: \"CMD\" ] }]";
        let mut stage = stage(&rules.replace("CMD", command));
        stage.drop_file("a/f.txt", "f");
        assert!(live(&mut stage, 60), "{command}: {:#?}", stage.journal());
        let stage = after_restart(stage);
        assert_eq!(stage.home.list("a"), left, "{command}");
        assert_eq!(stage.journal().len(), 1, "{command}");
    }
}

#[test]
fn a_file_that_a_command_has_changed_and_renamed_is_known_by_its_birth() {
    let mut stage = stage(
        "rules: [{ locations: ~/a, actions: [ shell: 'echo more >> {path}; mv {path} {path.parent}/x{path.name}' ] }]",
    );
    let path = stage.drop_file("a/f.txt", "f");
    if path.metadata().unwrap().created().is_err() {
        eprintln!("skipped: the file system keeps no births");
        return;
    }
    assert!(live(&mut stage, 60), "{:#?}", stage.journal());
    assert_eq!(after_restart(stage).home.list("a"), "xf.txt");
}

#[test]
fn code_that_renames_its_file_is_run_once() {
    let mut stage = stage(
        "rules: [{ locations: ~/a, actions: [ python: \"path.rename(path.with_name('x' + path.name))\" ] }]",
    );
    stage.drop_file("a/f.txt", "f");
    assert!(live(&mut stage, 60), "{:#?}", stage.journal());
    assert_eq!(after_restart(stage).home.list("a"), "xf.txt");
}

#[test]
fn what_a_command_has_renamed_is_new_again_when_somebody_changes_or_moves_it() {
    let mut stage = stage(
        "rules: [{ locations: ~/a, filters: [ extension: txt ], actions: [ shell: 'mv {path} {path.parent}/x{path.name}' ] }]",
    );
    stage.drop_file("a/f.txt", "f");
    assert!(live(&mut stage, 60));
    stage.clock.advance(5 * SECOND);
    std::fs::rename(stage.home.path("a/xf.txt"), stage.home.path("a/mine.txt")).unwrap();
    stage.play("a/xf.txt", Change::Gone);
    stage.play("a/mine.txt", Change::MovedIn);
    assert!(live(&mut stage, 60));
    assert_eq!(stage.home.list("a"), "xmine.txt");
    stage.clock.advance(5 * SECOND);
    stage.drop_file("a/xmine.txt", "changed");
    assert!(live(&mut stage, 60));
    assert_eq!(stage.home.list("a"), "xxmine.txt");
}

#[test]
fn what_a_command_has_put_away_is_news_when_somebody_brings_it_back() {
    let mut stage = stage("rules: [{ locations: ~/a, actions: [ shell: 'mv {path} {path.parent}/../b/' ] }]");
    stage.drop_file("a/f.txt", "f");
    assert!(live(&mut stage, 60));
    stage.clock.advance(5 * SECOND);
    std::fs::rename(stage.home.path("b/f.txt"), stage.home.path("a/back.txt")).unwrap();
    stage.play("a/back.txt", Change::MovedIn);
    assert!(live(&mut stage, 60));
    assert_eq!(stage.home.list("b"), "back.txt");
}

#[test]
fn a_file_is_left_alone_while_the_command_that_has_renamed_it_goes_on() {
    let rules = "rules: [{ locations: ~/a, actions: [ shell: 'mv {path} {path.parent}/x{path.name}' ] }]";
    let (mut stage, ended) = Stage::beside(Arc::new(Home::new()), rules);
    really(&stage);
    stage.drop_file("a/f.txt", "f");
    stage.clock.advance(SECOND);
    stage.engine.advance().unwrap();
    // It has moved the file, and is still at something else.
    let finished = ended.recv_timeout(30 * SECOND).unwrap();
    stage.play("a/f.txt", Change::Gone);
    stage.play("a/xf.txt", Change::MovedIn);
    for _ in 0..5 {
        stage.engine.advance().unwrap();
        stage.clock.advance(SECOND);
    }
    assert_eq!(stage.journal().len(), 1);
    stage.engine.finish(finished).unwrap();
    // It is the rule's own from that moment on, though nobody looks at it before the end.
    let account = stage.engine.why(&stage.home.path("a/xf.txt"));
    assert_eq!(account.rules[0].verdict, Verdict::AlreadyHandled);
    assert!(live(&mut stage, 60));
    assert_eq!((stage.home.list("a"), stage.journal().len()), ("xf.txt".to_owned(), 1));
}

#[test]
fn commands_that_send_a_file_to_and_fro_are_stopped_and_the_chain_named() {
    let mut stage = stage(
        "
rules:
  - { name: Ping, locations: ~/a, actions: [ shell: 'mv {path} {path.parent}/../b/' ] }
  - { name: Pong, locations: ~/b, actions: [ shell: 'mv {path} {path.parent}/../a/' ] }
",
    );
    stage.drop_file("a/x", "x");
    assert!(live(&mut stage, 60), "{:#?}", stage.journal());
    let said = stage.trouble("loop_stopped");
    assert!(said.len() == 1 && said[0].ends_with(": Ping -> Pong -> Ping"), "{said:?}");
    assert!(stage.journal().len() <= 4);
}

#[test]
fn a_command_that_copies_its_own_copies_is_stopped_and_stays_so() {
    for command in ["cp {path} {path}.bak", "cp {path} {path}.bak; false", "ln {path} {path}.bak"] {
        let mut stage =
            stage(&format!("rules: [{{ name: Back up, locations: ~/a, actions: [ shell: '{command}' ] }}]"));
        stage.drop_file("a/f.txt", "f");
        assert!(live(&mut stage, 60), "{:#?}", stage.journal());
        let copies = "f.txt\nf.txt.bak\nf.txt.bak.bak\nf.txt.bak.bak.bak";
        assert_eq!(stage.home.list("a"), copies, "{command}");
        let last = stage.home.path("a/f.txt.bak.bak.bak");
        assert_eq!(
            stage.trouble("loop_stopped"),
            [format!(
                "{} stays where it is, since a command made it out of what a command had made: Back up -> Back up",
                last.display()
            )]
        );
        assert!(hints(&stage).iter().any(|hint| hint.starts_with("have the command write outside of")));
        let mut stage = stage.restart();
        really(&stage);
        stage.play("a/f.txt.bak.bak.bak", Change::MovedIn);
        assert!(live(&mut stage, 60));
        assert_eq!(stage.home.list("a"), copies, "after a restart");
    }
}

#[test]
fn code_that_copies_its_own_copies_into_folders_below_is_stopped() {
    let mut stage = stage(
        "
rules:
  - locations: ~/a
    subfolders: true
    actions:
      - python: |
          import shutil
          below = path.parent / 'sub'
          below.mkdir(exist_ok=True)
          shutil.copy(path, below)
",
    );
    stage.drop_file("a/f.txt", "f");
    assert!(live(&mut stage, 60), "{:#?}", stage.journal());
    assert_eq!(stage.trouble("loop_stopped").len(), 1);
    assert_eq!(stage.journal().len(), 3);
}

#[test]
fn rules_whose_commands_feed_each_other_are_stopped_and_the_chain_named() {
    let mut stage = stage(
        "
rules:
  - { name: There, locations: ~/a, actions: [ shell: 'cp {path} {path.parent}/../b/{path.name}.1' ] }
  - { name: Back, locations: ~/b, actions: [ shell: 'cp {path} {path.parent}/../a/{path.name}.2' ] }
",
    );
    stage.drop_file("a/f", "f");
    assert!(live(&mut stage, 60), "{:#?}", stage.journal());
    let said = stage.trouble("loop_stopped");
    assert!(said.len() == 1 && said[0].ends_with(": Back -> There -> Back"), "{said:?}");
    assert!(stage.journal().len() < 6);
}

#[test]
fn a_command_that_is_fed_by_a_move_is_stopped_too() {
    let mut stage = stage(
        "
rules:
  - { name: Command, locations: ~/a, actions: [ shell: 'cp {path} {path.parent}/../b/{path.name}.1' ] }
  - { name: Move, locations: ~/b, actions: [ move: ~/a/ ] }
",
    );
    stage.drop_file("a/f", "f");
    assert!(live(&mut stage, 60), "{:#?}", stage.journal());
    let said = stage.trouble("loop_stopped");
    assert!(said.len() == 1 && said[0].ends_with(": Command -> Move -> Command"), "{said:?}");
}

#[test]
fn commands_that_pass_a_file_on_with_a_longer_name_each_are_no_circle() {
    let rule = |nr: u32| {
        format!(
            "  - {{ locations: ~/a, filters: [ {{ name: {{ endswith: s{nr} }} }} ], \
             actions: [ shell: 'cp {{path}} {{path}}-s{}' ] }}\n",
            nr + 1
        )
    };
    let rules: String = (0..6).map(|nr| rule(nr).replace("endswith: s0", "endswith: f")).collect();
    let mut stage = stage(&format!("rules:\n{rules}"));
    stage.drop_file("a/f", "f");
    assert!(live(&mut stage, 90));
    assert_eq!(stage.trouble("loop_stopped"), [] as [String; 0]);
    assert!(stage.home.path("a/f-s1-s2-s3-s4-s5-s6").exists());
}

/// Names that have nothing to do with each other.
const REPORT: &str = "rules: [{ name: Report, locations: ~/a,
    actions: [ shell: 'echo > {path.parent}/r-$$' ] }]";

/// The one question there is.
fn question(stage: &Stage) -> (u64, String) {
    let questions = stage.engine.questions();
    assert_eq!(questions.len(), 1, "{questions:?}");
    (questions[0].id, questions[0].text.to_string())
}

#[test]
fn a_rule_that_goes_on_for_ever_with_what_its_command_makes_asks() {
    for yes in [true, false] {
        let mut stage = stage(REPORT);
        stage.drop_file("a/first.txt", "f");
        assert!(live(&mut stage, 2000), "{}", stage.journal().len());
        let (id, text) = question(&stage);
        assert_eq!(
            text,
            "Report seems to go on for ever: its command makes the files that it acts on, 100 times in a row. \
             Let it act on 1 more?"
        );
        assert_eq!(stage.journal().len(), 100);
        let held = stage.engine.questions()[0].path.clone().unwrap();
        assert!(stage.engine.why(&held).waiting.unwrap().contains("seems to have made it"));
        stage.engine.answer(id, yes).unwrap().unwrap();
        assert_eq!(live(&mut stage, 300), !yes);
        assert_eq!(stage.engine.questions(), []);
        assert_eq!(stage.journal().len() > 200, yes, "{}", stage.journal().len());
    }
}

#[test]
fn a_command_that_makes_two_files_of_each_asks_before_there_are_very_many() {
    let mut stage = stage(
        "rules: [{ locations: ~/a, actions: [ shell: 'echo > {path.parent}/r-$$-1; echo > {path.parent}/r-$$-2' ] }]",
    );
    stage.drop_file("a/first.txt", "f");
    assert!(live(&mut stage, 200), "{}", stage.journal().len());
    question(&stage);
    assert!(stage.journal().len() < 2000, "{}", stage.journal().len());
}

#[test]
fn two_rules_that_go_on_for_ever_with_what_the_other_one_makes_ask() {
    let mut stage = stage(
        "
rules:
  - { name: There, locations: ~/a, actions: [ shell: 'echo > {path.parent}/../b/r-$$' ] }
  - { name: Back, locations: ~/b, actions: [ shell: 'echo > {path.parent}/../a/r-$$' ] }
",
    );
    stage.drop_file("a/first.txt", "f");
    live(&mut stage, 1500);
    assert!(!stage.engine.questions().is_empty(), "{}", stage.journal().len());
}

#[test]
fn files_that_commands_rewrite_for_each_other_are_asked_about() {
    let mut stage = stage(
        "
rules:
  - { name: Pages, locations: ~/a, filters: [ extension: md ], actions: [ shell: 'echo $$ > {path.parent}/{path.stem}.html' ] }
  - { name: Texts, locations: ~/a, filters: [ extension: html ], actions: [ shell: 'echo $$ > {path.parent}/{path.stem}.md' ] }
",
    );
    stage.drop_file("a/f.md", "f");
    assert!(live(&mut stage, 2000), "{}", stage.journal().len());
    question(&stage);
    assert!(stage.journal().len() <= 110, "{}", stage.journal().len());
}

/// Commands whose ends a test tells of when it likes.
struct Slow {
    stage: Stage,
    ended: Receiver<Finished>,
    /// How many runs there are in the journal, how many steps are in these, and how many of those have begun.
    runs: i64,
    noted: usize,
    begun: usize,
    running: VecDeque<(Duration, Finished)>,
    /// How long a command takes.
    takes: Duration,
    passed: Duration,
    /// Whether a file has had to wait because its rule was on trial.
    tried: bool,
}

impl Slow {
    fn new(rules: &str, takes: Duration) -> Self {
        let (stage, ended) = Stage::beside(Arc::new(Home::new()), rules);
        let running = VecDeque::new();
        Self {
            stage,
            ended,
            runs: 0,
            noted: 0,
            begun: 0,
            running,
            takes,
            passed: Duration::ZERO,
            tried: false,
        }
    }

    /// Lets the engine work, and commands that have run for long enough end.
    fn pass(&mut self, time: Duration) {
        let until = self.passed + time;
        loop {
            while self.running.front().is_some_and(|(ends, _)| *ends <= self.passed) {
                let (_, finished) = self.running.pop_front().unwrap();
                self.stage.engine.finish(finished).unwrap();
                self.hear();
            }
            self.stage.engine.advance().unwrap();
            self.hear();
            let due = self.stage.engine.due().map(|due| self.passed + due);
            let next = due.into_iter().chain(self.running.front().map(|(ends, _)| *ends)).min();
            let next = next.unwrap_or(until).clamp(self.passed, until);
            self.stage.clock.advance(next - self.passed);
            if next == until && self.passed == until {
                return;
            }
            self.passed = next;
        }
    }

    /// Takes in which commands have begun: four at a time.
    fn hear(&mut self) {
        let journal = self.stage.engine.journal();
        for run in self.runs + 1..=journal.run_count() {
            self.noted += journal.steps(run).unwrap().len();
            self.runs = run;
        }
        while self.begun < self.noted && self.running.len() < 4 {
            let finished = self.ended.recv_timeout(30 * SECOND).unwrap();
            self.running.push_back((self.passed + self.takes, finished));
            self.begun += 1;
        }
    }

    /// So many files come, one after the other.
    fn arrive(&mut self, files: usize, every: Duration) {
        for nr in 0..files {
            let path = self.stage.drop_file(format!("a/page{nr}.png"), nr.to_string());
            self.pass(every);
            let waits = self.stage.engine.why(&path).waiting;
            self.tried |= waits.is_some_and(|reason| reason.contains("holds still"));
        }
    }

    fn end(mut self, files: usize) -> Self {
        self.pass(120 * SECOND);
        let told = self.stage.engine.take_notices();
        self.stage.happenings.extend(told);
        assert_eq!(self.stage.engine.questions(), []);
        assert_eq!(self.stage.trouble("loop_stopped"), [] as [String; 0]);
        assert_eq!(self.stage.journal().len(), files);
        assert!(self.stage.journal().iter().all(|line| line.starts_with("Irreversible")));
        self
    }
}

const SCANS: &str = "rules: [{ name: Scans, locations: ~/a, actions: [ shell: 'ocr {path}' ] }]";

#[test]
fn who_scans_page_after_page_while_commands_run_is_not_bothered() {
    let mut scans = Slow::new(SCANS, 12 * SECOND);
    scans.arrive(150, 10 * SECOND);
    let scans = scans.end(150);
    assert!(scans.tried);
}

#[test]
fn files_that_keep_coming_at_the_pace_of_the_command_are_all_handled() {
    let mut scans = Slow::new(SCANS, Duration::from_millis(600));
    scans.arrive(300, Duration::from_millis(500));
    let scans = scans.end(300);
    assert!(scans.tried);
}

#[test]
fn a_burst_is_no_line_of_descent() {
    let mut scans = Slow::new(SCANS, SECOND);
    scans.arrive(1, Duration::from_millis(200));
    for nr in 0..250 {
        scans.stage.drop_file(format!("a/burst{nr}"), nr.to_string());
    }
    scans.pass(70 * SECOND);
    scans.end(251);
}

#[test]
fn a_loop_is_found_also_where_its_files_come_before_its_command_has_ended() {
    let (mut stage, ended) = Stage::beside(Arc::new(Home::new()), REPORT);
    really(&stage);
    stage.drop_file("a/first.txt", "f");
    for _ in 0..2000 {
        let before = files(&stage);
        stage.clock.advance(stage.engine.due().unwrap_or(SECOND));
        stage.engine.advance().unwrap();
        if stage.engine.working() {
            let finished = ended.recv_timeout(30 * SECOND).unwrap();
            tell(&mut stage, &before);
            stage.clock.advance(SECOND);
            stage.engine.finish(finished).unwrap();
        } else if !stage.engine.questions().is_empty() {
            break;
        }
    }
    question(&stage);
    assert_eq!(stage.journal().len(), 100);
}

#[test]
fn copies_of_copies_are_known_in_a_folder_that_is_looked_at_every_few_seconds() {
    let mut stage = stage("rules: [{ locations: ~/a, actions: [ shell: 'cp {path} {path}.bak' ] }]");
    let health = Health { mode: Mode::Polling, reason: None, directories: 1 };
    stage.engine.event(&usher_event::Event::Folder { root: stage.home.path("a"), health });
    stage.drop_file("a/f.txt", "f");
    for _ in 0..12 {
        let before = files(&stage);
        stage.pass(5 * SECOND);
        tell(&mut stage, &before);
    }
    assert_eq!(stage.home.list("a").lines().count(), 4, "{}", stage.home.list("a"));
}

#[test]
fn a_run_ends_whatever_its_command_makes() {
    for command in [
        "cp {path} {path}.bak",
        "mv {path} {path.parent}/x{path.name}",
        "mkdir -p {path.parent}/sub; cp {path} {path.parent}/sub/",
        "cp {path} {path.parent}/$(date +%N)",
    ] {
        let rules =
            format!("rules: [{{ locations: ~/a, subfolders: true, actions: [ shell: '{command}' ] }}]");
        let mut stage = stage(&rules);
        stage.home.write("a/f.txt", "f");
        stage.home.write("a/sub/g.txt", "g");
        let lines = stage.run();
        assert!(lines.len() <= 4, "{command}: {lines:#?}");
    }
}

#[test]
fn what_a_run_s_command_makes_does_not_set_off_a_loop_beside_it() {
    let mut stage = stage("rules: [{ locations: ~/a, actions: [ shell: 'cp {path} {path}.bak' ] }]");
    stage.home.write("a/f.txt", "f");
    let before = files(&stage);
    stage.run();
    tell(&mut stage, &before);
    assert!(live(&mut stage, 60));
    assert_eq!(stage.home.list("a").lines().count(), 4, "{}", stage.home.list("a"));
    assert_eq!(stage.trouble("loop_stopped").len(), 1);
}
