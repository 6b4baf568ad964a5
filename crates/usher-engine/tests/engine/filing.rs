//! The main job: something appears and is filed, by an event or by a sweep.

use std::sync::Arc;
use std::time::Duration;

use usher_engine::{Limits, LogFilter};
use usher_event::Change;
use usher_rule::Resolution;
use usher_testkit::{Home, Stage};

const FILE_PDFS: &str = "
rules:
  - name: Papers
    locations: ~/in
    filters:
      - extension: pdf
    actions:
      - move: ~/papers/
";

#[test]
fn a_file_that_was_written_is_filed_and_journaled() {
    let mut stage = Stage::new(FILE_PDFS);
    stage.drop_file("in/a.pdf", "a");
    stage.drop_file("in/b.txt", "b");
    stage.settle();
    assert_eq!(stage.home.read("papers/a.pdf").as_deref(), Some("a"));
    assert_eq!(stage.home.read("in/b.txt").as_deref(), Some("b"));
    assert_eq!(stage.journal(), ["Done move ~/in/a.pdf -> ~/papers/a.pdf"]);
}

#[test]
fn a_start_up_sweep_files_what_came_while_nobody_was_looking() {
    let mut stage = Stage::new(FILE_PDFS);
    stage.home.write("in/a.pdf", "a");
    stage.home.write("in/deep/b.pdf", "b");
    stage.sweep();
    stage.settle();
    assert_eq!(stage.home.list("papers"), "a.pdf");
    assert_eq!(stage.home.list("in"), "deep/b.pdf");
}

#[test]
fn a_burst_is_one_run_and_loses_nothing() {
    let mut stage = Stage::new(FILE_PDFS);
    for nr in 0..600 {
        stage.drop_file(format!("in/{nr}.pdf"), nr.to_string());
    }
    stage.settle();
    assert_eq!(stage.home.tree("papers").len(), 600);
    assert_eq!(stage.journal().len(), 600);
}

#[test]
fn names_that_collide_within_one_batch_get_numbers() {
    let mut stage = Stage::new(
        "
rules:
  - locations: [~/one, ~/two, ~/three]
    actions: [ { move: ~/all/ } ]
",
    );
    for dir in ["one", "two", "three"] {
        stage.drop_file(format!("{dir}/a.pdf"), dir);
    }
    stage.settle();
    assert_eq!(stage.home.list("all"), "a 2.pdf\na 3.pdf\na.pdf");
}

#[test]
fn a_rule_that_leaves_the_file_acts_once_on_each_version_of_it() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { echo: 'seen {path.name}' } ]
",
    );
    stage.drop_file("in/a", "1");
    stage.settle();
    stage.play("in/a", Change::Closed);
    stage.settle();
    assert_eq!(stage.journal().len(), 1, "the same version");
    stage.clock.advance(Duration::from_secs(5));
    stage.drop_file("in/a", "22");
    stage.settle();
    assert_eq!(stage.journal().len(), 2, "a new version");
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(stage.journal().len(), 2, "a restart does not forget");
}

#[test]
fn what_the_user_moves_back_is_filed_again() {
    let mut stage = Stage::new(FILE_PDFS);
    stage.drop_file("in/a.pdf", "a");
    stage.settle();
    std::fs::rename(stage.home.path("papers/a.pdf"), stage.home.path("in/a.pdf")).unwrap();
    stage.play("in/a.pdf", Change::MovedIn);
    stage.settle();
    assert_eq!(stage.home.list("papers"), "a.pdf");
    assert_eq!(stage.journal().len(), 2);
}

#[test]
fn a_paused_engine_takes_in_and_acts_later() {
    let mut stage = Stage::new(FILE_PDFS);
    stage.engine.pause();
    stage.drop_file("in/a.pdf", "a");
    stage.engine.advance().unwrap();
    assert_eq!(stage.engine.due(), None);
    assert_eq!(stage.home.list("in"), "a.pdf");
    stage.engine.resume();
    stage.settle();
    assert_eq!(stage.home.list("papers"), "a.pdf");
}

#[test]
fn a_command_says_its_word_before_the_next_action_is_planned() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions:
      - shell: 'wc -c {path}'
      - move: '~/out/{shell.output}.txt'
",
    );
    *stage.outside.output.lock().unwrap() = "seven".into();
    stage.drop_file("in/a.txt", "a");
    stage.settle();
    assert_eq!(stage.home.list("out"), "seven.txt");
    assert_eq!(stage.journal().len(), 2);
}

#[test]
fn what_stands_behind_a_command_is_done_whatever_stands_before_it() {
    let rules = "
rules:
  - locations: ~/in
    actions:
      - copy: { dest: ~/copies/, continue_with: original }
      - shell: 'true'
      - write: { text: '{path.name}', outfile: ~/log.txt, clear_before_first_write: true }
";
    let mut stage = Stage::new(rules);
    stage.home.write("log.txt", "old");
    for name in ["a.txt", "b.txt"] {
        stage.home.write(format!("in/{name}"), name);
    }
    let lines = stage.run();
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("a.txt\nb.txt\n"), "cleared once in the run");
    let actions: Vec<_> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(actions, ["copy", "shell", "write", "copy", "shell", "write"]);
}

#[test]
fn what_a_rule_makes_behind_a_command_is_not_its_business_either() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    subfolders: true
    actions:
      - shell: 'true'
      - copy: ~/in/copies/
",
    );
    stage.home.write("in/a.txt", "a");
    stage.home.mkdir("in/copies");
    assert_eq!(stage.run().len(), 2);
    assert_eq!(stage.home.list("in/copies"), "a.txt");
}

#[test]
fn what_an_earlier_rule_has_made_is_a_commands_business() {
    let mut stage = Stage::new(
        "
rules:
  - { locations: ~/in, actions: [ copy: { dest: ~/in/sub/, continue_with: original } ] }
  - { locations: ~/in, subfolders: true, actions: [ shell: 'true' ] }
",
    );
    stage.home.write("in/a.txt", "a");
    assert_eq!(stage.run().len(), 3);
}

#[test]
fn a_failing_command_stops_that_file_and_no_other() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions:
      - shell: 'false'
      - move: ~/out/
  - locations: ~/other
    actions: [ { move: ~/out/ } ]
",
    );
    *stage.outside.returncode.lock().unwrap() = 3;
    stage.drop_file("in/a.txt", "a");
    stage.drop_file("other/b.txt", "b");
    stage.settle();
    assert_eq!(stage.home.list("out"), "b.txt");
    assert_eq!(stage.home.list("in"), "a.txt");
    assert_eq!(stage.trouble("failed_step").len(), 1);
}

#[test]
fn an_action_that_cannot_be_planned_is_tried_once_and_told_of_once() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { move: '~/out/{lastmodified.year}/' } ]
",
    );
    stage.drop_file("in/a.txt", "a");
    stage.settle();
    stage.clock.advance(Duration::from_secs(60));
    stage.settle();
    assert_eq!(stage.trouble("failed_step").len(), 1);
    assert_eq!(stage.journal(), ["Failed move ~/in/a.txt"]);
    assert_eq!(stage.home.list("in"), "a.txt");
}

#[test]
fn a_file_swapped_for_a_link_between_looking_and_doing_is_left() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    subfolders: true
    actions: [ { move: ~/out/ } ]
",
    );
    let secret = stage.home.write("secret/a.txt", "s");
    stage.home.mkdir("in");
    std::os::unix::fs::symlink(secret.parent().unwrap(), stage.home.path("in/link")).unwrap();
    stage.play("in/link/a.txt", Change::Closed);
    stage.settle();
    assert_eq!(stage.home.list("secret"), "a.txt");
    assert_eq!(stage.home.list("out"), "");
}

#[test]
fn hostile_names_keep_their_bytes() {
    use std::os::unix::ffi::OsStringExt;
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { move: ~/out/ } ]
",
    );
    let long = "x".repeat(255);
    let names: Vec<std::ffi::OsString> = vec![
        "a\nb".into(),
        "$(touch pwned)".into(),
        "<img src=x onerror=alert(1)>".into(),
        "'\"; rm -rf ~".into(),
        "{path}".into(),
        long.into(),
        std::ffi::OsString::from_vec(vec![b'a', 0xff, 0xfe, b'z']),
    ];
    for name in &names {
        stage.drop_file(std::path::Path::new("in").join(name), "x");
    }
    stage.settle();
    assert_eq!(stage.home.tree("in").len(), 0);
    for name in &names {
        assert!(stage.home.path("out").join(name).exists(), "{name:?}");
    }
    let outcome = stage.engine.undo(&usher_engine::UndoWhat::Last, false).unwrap();
    assert!(outcome.refused.is_empty());
    assert_eq!(stage.home.tree("in").len(), names.len());
}

#[test]
fn a_filter_that_cannot_look_is_told_of_and_nothing_is_done_to_the_file() {
    let mut stage = Stage::new(
        "
rules:
  - name: Sums
    locations: ~/in
    filters: [ not hash: 'none{path.stem}' ]
    actions: [ { move: ~/out/ } ]
  - locations: ~/in
    filters: [ extension: md ]
    actions: [ { move: ~/out/ } ]
",
    );
    stage.home.write("in/a.txt", "a");
    stage.home.write("in/b.md", "b");
    let sim = stage.sim();
    assert_eq!(sim.len(), 3, "{sim:?}");
    assert!(sim[0].starts_with("hash ~/in/a.txt ! there is no hash algorithm `nonea`"), "{sim:?}");
    assert!(sim[1].starts_with("hash ~/in/b.md ! "), "{sim:?}");
    let rules = stage.rules();
    let report = stage
        .engine
        .run(&rules, usher_event::Sentence::foreign("test"), Limits::Ask, &mut |_, _| {})
        .unwrap();
    assert_eq!((report.done, report.failed), (1, 2));
    assert_eq!(stage.home.list("in"), "a.txt");
    // Files that come together are one thing to see to, and not one for each of them.
    for nr in 0..20 {
        stage.drop_file(format!("in/new{nr}.txt"), "");
    }
    stage.settle();
    let trouble = stage.trouble("failed_filter");
    assert_eq!(trouble.len(), 1, "{trouble:?}");
    assert!(trouble[0].starts_with("Sums: hash: "), "{trouble:?}");
}

#[test]
fn a_link_that_leads_nowhere_has_another_content() {
    let mut stage = Stage::new(
        "rules: [ { locations: ~/in, actions: [ { move: { dest: ~/out/, on_conflict: deduplicate } } ] } ]",
    );
    stage.home.write("in/a.txt", "a");
    stage.home.mkdir("out");
    std::os::unix::fs::symlink("gone", stage.home.path("out/a.txt")).unwrap();
    let sim = stage.sim();
    assert_eq!(sim, ["move ~/in/a.txt -> ~/out/a 2.txt"]);
    assert_eq!(stage.run(), sim);
    assert!(stage.home.path("out/a.txt").is_symlink());
}

#[test]
fn a_plan_says_what_becomes_of_what_is_in_its_way() {
    let rules = |mode: &str| {
        format!(
            "rules: [ {{ locations: ~/in, actions: [ {{ move: {{ dest: ~/out/, on_conflict: {mode} }} }} ] }} ]"
        )
    };
    for (mode, wanted) in [
        ("rename_new", Resolution::NewName),
        ("rename_existing", Resolution::MovesAside),
        ("overwrite", Resolution::Replaces),
        ("trash", Resolution::Trashes),
        ("skip", Resolution::Stays),
        ("deduplicate", Resolution::Same),
    ] {
        let stage = Stage::new(&rules(mode));
        stage.home.write("in/a", "same");
        stage.home.write("in/b", "free");
        stage.home.write("out/a", "same");
        let planned = stage.engine.simulate(&stage.rules(), Limits::Ask, &mut |_, _| {});
        let told: Vec<_> = planned.lines.iter().map(|line| line.conflict).collect();
        assert_eq!(told, [Some(wanted), None], "{mode}");
    }
}

#[test]
fn what_stands_beside_a_step_is_a_sentence_in_the_journal_and_found_by_its_words() {
    let skipping = "rules: [ { name: Papers, locations: ~/in, actions: [ move: { dest: ~/out/, on_conflict: skip } ] } ]";
    let home = Arc::new(Home::new());
    let stage = || Stage::with(Arc::clone(&home), skipping, None, 0);
    let found = |stage: &Stage, text: &str| {
        let filter = LogFilter { text: Some(text.into()), ..LogFilter::default() };
        stage.engine.journal().runs(&filter).unwrap().len()
    };
    let note = |stage: &Stage| stage.engine.journal().steps(1).unwrap().remove(0).note.unwrap();
    let mut first = stage();
    home.write("out/a", "there");
    first.drop_file("in/a", "a");
    first.settle();
    assert_eq!(first.journal(), ["Done move ~/in/a (~/out/a exists already)"]);
    assert_eq!(note(&first).id(), Some("note-exists-already"));
    assert_eq!((found(&first, "exists already"), found(&first, "note-exists")), (1, 0));
    drop(first);
    // As older versions have written it.
    for old in ["it exists already", "{it exists already}", "\"it exists already\""] {
        let db = rusqlite::Connection::open(home.path(".state/journal.db")).unwrap();
        db.execute("UPDATE steps SET note = ?1", [old]).unwrap();
        drop(db);
        let again = stage();
        assert_eq!((note(&again).text(), note(&again).id()), (old, None));
        assert_eq!((found(&again, "exists already"), found(&again, "note-exists")), (1, 0), "{old}");
    }
}
