//! One case: a tree and a rule file, run by organize and by Usher, with the same tree at the end.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

use crate::deliberate::Deliberate;
use crate::oracle::{self, Answer, Start};
use crate::tree::{self, Tree};
use crate::{actions, conflicts, contents, filters, later, loading, locations, rules, templates};

/// A tree and what is run over it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// What there is at first, in the notation of [`tree::plant`].
    pub(crate) tree: String,
    /// The rule file.
    pub(crate) config: String,
    /// Arguments after the rule file.
    args: Vec<&'static str>,
    env: Vec<(&'static str, &'static str)>,
    stdin: &'static str,
    /// Whether it is left out of the comparison how many names files have.
    names_aside: bool,
    /// Where Usher ends elsewhere on purpose: why, and the names it ends with where the test says them.
    differs: Option<(Deliberate, Option<&'static str>)>,
}

impl Case {
    pub(crate) fn new(tree: impl Into<String>, config: impl Into<String>) -> Self {
        let (tree, config) = (tree.into(), config.into());
        Self { tree, config, args: Vec::new(), env: Vec::new(), stdin: "", names_aside: false, differs: None }
    }

    /// Rules that move what passes these filters from `~/in` to `~/out`.
    pub(crate) fn filters(tree: &str, filters: &str) -> Self {
        let options = format!("filters: {}\n", block(filters));
        Self::rule(tree, &format!("{options}    actions: [{{move: ~/out/}}]"))
    }

    /// A rule that does this with everything in `~/in`.
    pub(crate) fn actions(tree: &str, actions: &str) -> Self {
        Self::rule(tree, &format!("actions: {}", block(actions)))
    }

    /// A rule for `~/in` with these further lines.
    pub(crate) fn rule(tree: &str, lines: &str) -> Self {
        Self::new(tree, format!("rules:\n  - locations: ~/in\n    {}\n", lines.trim_end()))
    }

    pub(crate) fn args(mut self, args: &[&'static str]) -> Self {
        self.args.extend(args);
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    pub(crate) fn stdin(mut self, text: &'static str) -> Self {
        self.stdin = text;
        self
    }

    /// Leaves out of the comparison how many names files have: what Usher's vault keeps is one more.
    pub(crate) fn names_aside(mut self, aside: bool) -> Self {
        self.names_aside = aside;
        self
    }

    /// Whether everything in it can be known beforehand: not what is answered to a question, and not what commands and
    /// code do.
    fn can_be_simulated(&self) -> bool {
        !["confirm", "shell", "python"].iter().any(|word| self.config.contains(word))
    }

    /// Whether everything it does can be taken back.
    fn can_be_taken_back(&self) -> bool {
        !["delete", "shell", "python"].iter().any(|word| self.config.contains(word))
    }

    /// Says that Usher ends with these names and not with organize's.
    pub(crate) fn differs(mut self, why: Deliberate, names: &'static str) -> Self {
        self.differs = Some((why, Some(names)));
        self
    }

    /// Says that Usher ends elsewhere, and not where.
    pub(crate) fn departs(mut self, why: Deliberate) -> Self {
        self.differs = Some((why, None));
        self
    }
}

/// What filters say of each file, written down by a template.
pub(crate) fn said(tree: &str, cases: &[(&str, &str)]) -> Vec<Case> {
    let case = |(filters, text): &(&str, &str)| {
        let text = text.replace('\'', "''");
        Case::rule(
            tree,
            &format!(
                "filters: [{filters}]\n    actions: [{{write: {{text: '{{path.name}} {text}', outfile: ~/said.txt}}}}]"
            ),
        )
    };
    cases.iter().map(case).collect()
}

/// A list in flow notation stays; anything else becomes a block of its own, so that cases can use either.
fn block(list: &str) -> String {
    let list = list.trim();
    if list.starts_with('-') {
        let lines: Vec<String> = list.lines().map(|line| format!("      {line}")).collect();
        format!("\n{}", lines.join("\n"))
    } else {
        format!("[{list}]")
    }
}

/// How a program ended, in what can be compared.
#[derive(Debug, PartialEq, Eq)]
struct End {
    code: i32,
    /// Files whose actions all went well, and files with one that failed.
    counts: Option<(u64, u64)>,
    /// What `echo` said.
    said: Vec<String>,
    /// What has failed, filter by filter and action by action.
    failed: Vec<String>,
    /// What `confirm` asked, each with its default.
    asked: Vec<(String, bool)>,
    tree: Tree,
}

/// What became of a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was no rule file.
    Refused,
    /// It ran, and every file went well.
    Went,
    /// It ran, and some files failed.
    Failed,
}

/// Runs the cases and says what is wrong, one text a case; empty where nothing is.
pub(crate) fn differences(cases: &[Case]) -> Vec<Option<String>> {
    let room = room();
    let start = SystemTime::now() - std::time::Duration::from_secs(60);
    let stages: Vec<Stage> = cases.iter().enumerate().map(|(nr, case)| Stage::set(&room, nr, case)).collect();
    let starts: Vec<Start> = stages.iter().map(|stage| stage.start()).collect();
    let answers = oracle::organize(&starts);
    let each = cases.iter().zip(&stages).zip(starts.iter().zip(&answers));
    each.map(|((case, stage), (started, answer))| {
        let mut theirs = End::of(answer, stage.find(start));
        stage.reset(case);
        let before = stage.find(start);
        let simulated = case.can_be_simulated().then(|| stage.usher(&started.simulating()));
        let untouched = stage.find(start);
        let said = stage.usher(started);
        let mut ours = End::of(&said, stage.find(start));
        if case.names_aside {
            theirs.tree.forget_names();
            ours.tree.forget_names();
        }
        let mut what = compare(case, &theirs, &ours);
        if what.is_none() && ours.counts.is_some() {
            what = simulated.and_then(|sim| differs_from_run(&sim, &said, &before, &untouched));
        }
        if what.is_none() && ours.counts.is_some() && case.can_be_taken_back() {
            what = stage.take_back(started, &before, start);
        }
        what.map(|what| {
            format!(
                "{what}\n\n{}\n\ntree: {}\n--- organize said ({})\n{}\n--- Usher said ({})\n{}",
                case.config.trim_end(),
                case.tree,
                answer.code,
                short(&answer.out),
                said.code,
                short(&said.out)
            )
        })
    })
    .collect()
}

/// What a simulation said otherwise than the run after it, or did.
fn differs_from_run(sim: &Answer, run: &Answer, before: &Tree, untouched: &Tree) -> Option<String> {
    if before != untouched {
        return Some(format!("a simulation has changed something: {:?}", untouched.lines()));
    }
    let (sim, run) = (told(sim), told(run));
    (sim != run).then(|| format!("simulated {sim:#?}\nand became {run:#?}"))
}

thread_local! {
    /// The cases there were so far, while they are gathered and not run.
    static GATHERED: RefCell<Option<Vec<Case>>> = const { RefCell::new(None) };
}

/// What these tests check. None of it is run.
fn gathered(tests: &[fn()]) -> Vec<Case> {
    GATHERED.set(Some(Vec::new()));
    tests.iter().for_each(|test| test());
    GATHERED.take().unwrap_or_default()
}

/// The tests of one table.
type Tests = &'static [fn()];

/// Every test of every table, with the text it stands in.
const TABLES: &[(Tests, &str)] = &[
    (actions::ALL, include_str!("actions.rs")),
    (conflicts::ALL, include_str!("conflicts.rs")),
    (contents::ALL, include_str!("contents.rs")),
    (filters::ALL, include_str!("filters.rs")),
    (later::ALL, include_str!("later.rs")),
    (loading::ALL, include_str!("loading.rs")),
    (locations::ALL, include_str!("locations.rs")),
    (rules::ALL, include_str!("rules.rs")),
    (templates::ALL, include_str!("templates.rs")),
];

/// Every case of every table.
pub(crate) fn all() -> Vec<Case> {
    TABLES.iter().flat_map(|(tests, _)| gathered(tests)).collect()
}

#[test]
fn there_are_more_than_a_thousand_cases() {
    let mut all = 0;
    for (tests, text) in TABLES {
        assert_eq!(tests.len(), text.matches("#[test]\n").count(), "a test is missing in {text:.80}");
        let cases = gathered(tests).len();
        assert!(cases >= 40, "{cases} in {text:.80}");
        all += cases;
    }
    // The guide says so.
    assert!(all > 1000, "{all}");
}

/// Runs the cases, which have to end the same.
#[track_caller]
pub(crate) fn check(cases: Vec<Case>) {
    let is_run = GATHERED.with_borrow(Option::is_none);
    if !is_run {
        return GATHERED
            .with_borrow_mut(|gathered| gathered.iter_mut().for_each(|all| all.extend(cases.clone())));
    }
    let wrong: Vec<String> = differences(&cases).into_iter().flatten().collect();
    let text = wrong.join("\n\n==================== \n");
    assert!(wrong.is_empty(), "{} of {} cases differ\n\n{text}", wrong.len(), cases.len());
}

/// Runs rule files that organize refuses and Usher reads.
#[track_caller]
pub(crate) fn check_more(cases: Vec<Case>) {
    check(cases.into_iter().map(|case| case.departs(Deliberate::MoreIsRead)).collect());
}

fn short(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}

fn compare(case: &Case, theirs: &End, ours: &End) -> Option<String> {
    if let Some((why, names)) = case.differs {
        let found = ours.tree.names();
        let wanted = names
            .map(|names| names.split(';').map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<_>>());
        return match wanted {
            _ if theirs == ours => Some(format!("{why:?}: there is no difference any more")),
            _ if !why.holds(theirs.verdict(), ours.verdict()) => {
                Some(format!("{why:?} is another difference: {theirs:?}\nbecame {ours:?}"))
            }
            Some(wanted) if found != wanted => {
                Some(format!("{why:?}: Usher ends with {found:?}, not {wanted:?}"))
            }
            _ => None,
        };
    }
    if theirs == ours {
        return None;
    }
    let mut text = String::new();
    if theirs.code != ours.code {
        text += &format!("exit code {} became {}\n", theirs.code, ours.code);
    }
    if theirs.counts != ours.counts {
        text += &format!("counts {:?} became {:?}\n", theirs.counts, ours.counts);
    }
    if theirs.said != ours.said {
        text += &format!("said {:?}, became {:?}\n", theirs.said, ours.said);
    }
    if theirs.failed != ours.failed {
        text += &format!("failed {:?}, became {:?}\n", theirs.failed, ours.failed);
    }
    if theirs.asked != ours.asked {
        text += &format!("asked {:?}, became {:?}\n", theirs.asked, ours.asked);
    }
    let (theirs, ours) = (theirs.tree.lines(), ours.tree.lines());
    for line in theirs.iter().filter(|line| !ours.contains(line)) {
        text += &format!("only organize: {line}\n");
    }
    for line in ours.iter().filter(|line| !theirs.contains(line)) {
        text += &format!("only Usher:    {line}\n");
    }
    Some(text)
}

impl End {
    fn verdict(&self) -> Verdict {
        match self.counts {
            None => Verdict::Refused,
            Some((_, 0)) => Verdict::Went,
            Some(_) => Verdict::Failed,
        }
    }

    fn of(answer: &Answer, tree: Tree) -> Self {
        let events: Vec<Value> =
            answer.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let report = events.iter().find(|event| event["type"] == "REPORT");
        let counts = report
            .and_then(|report| Some((report["success_count"].as_u64()?, report["error_count"].as_u64()?)));
        let echoes = events.iter().filter(|event| event["type"] == "MSG" && event["sender"] == "echo");
        let said = echoes.filter(|event| event["level"] == "info");
        let said = said.filter_map(|event| Some(event["msg"].as_str()?.to_owned())).collect();
        let mut failed: Vec<String> = errors(&events).map(str::to_owned).collect();
        // Filters tell at once, and actions when a batch is done.
        failed.sort();
        let asked = events.iter().filter(|event| event["type"] == "CONFIRM");
        let asked =
            asked.filter_map(|event| Some((event["msg"].as_str()?.to_owned(), event["default"].as_bool()?)));
        let asked = asked.collect();
        // What its command does not catch ends it with a traceback, whatever it has counted by then.
        let counts = counts.filter(|_| answer.crash.is_none());
        let code = match (answer.crash.as_deref(), answer.code, counts) {
            // It knows one of the two kinds of YAML that is none, and crashes over the other.
            (Some("yaml.parser.ParserError"), ..) => 3,
            // It has no code of its own for a run with failures.
            (_, 4, Some(_)) => 0,
            (_, code, _) => code,
        };
        Self { code, counts, said, failed, asked, tree }
    }
}

/// Who has failed.
fn errors(events: &[Value]) -> impl Iterator<Item = &str> {
    let failures = events.iter().filter(|event| event["type"] == "MSG" && event["level"] == "error");
    failures.filter_map(|event| event["sender"].as_str())
}

/// What the lines of a run or a simulation say.
fn told(answer: &Answer) -> Vec<String> {
    let events = answer.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let lines = events.filter(|event| event["type"] == "MSG");
    lines.map(|event| format!("{} {} {}", event["sender"], event["level"], event["msg"])).collect()
}

/// A place for the folders of cases: in memory where that can be had, since most of a small run's time is waiting for a
/// disk to have kept it.
pub(crate) fn room() -> TempDir {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("organize-").tempdir_in(parent).unwrap()
}

/// The environment of programs whose folders are all below `base`.
pub(crate) fn environment(base: &Path) -> BTreeMap<String, String> {
    let at = |name: &str| base.join(name).to_string_lossy().into_owned();
    let mut env = BTreeMap::from([
        ("HOME".to_owned(), at("home")),
        ("TZ".to_owned(), "UTC".to_owned()),
        ("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()),
    ]);
    for (name, folder) in
        [("CONFIG_HOME", "config"), ("DATA_HOME", "data"), ("STATE_HOME", "state"), ("RUNTIME_DIR", "run")]
    {
        env.insert(format!("XDG_{name}"), at(folder));
    }
    env
}

/// Leaves nothing of these folders but what programs expect to find.
pub(crate) fn empty(base: &Path) {
    let _ = fs::remove_dir_all(base);
    fs::create_dir_all(base.join("run")).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(base.join("run"), private).unwrap();
    fs::create_dir_all(base.join("home")).unwrap();
}

/// The folders of one case. Both programs find them at the same place, one after the other.
struct Stage {
    base: PathBuf,
    start: Start,
    /// The folders there are at first.
    folders: Vec<PathBuf>,
}

impl Stage {
    fn set(room: &TempDir, nr: usize, case: &Case) -> Self {
        let base = room.path().join(nr.to_string());
        let at = |name: &str| base.join(name).to_string_lossy().into_owned();
        let mut env = environment(&base);
        env.extend(case.env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut args = vec!["run".to_owned(), at("rules.yaml"), "--format".to_owned(), "jsonl".to_owned()];
        args.extend(case.args.iter().map(|arg| (*arg).to_owned()));
        let start = Start { args, cwd: base.join("home"), env, stdin: case.stdin.to_owned() };
        let mut stage = Self { base, start, folders: Vec::new() };
        stage.reset(case);
        stage.folders = tree::folders(&stage.base.join("home"));
        stage
    }

    /// Everything as it was at first.
    fn reset(&self, case: &Case) {
        empty(&self.base);
        fs::write(self.base.join("rules.yaml"), &case.config).unwrap();
        tree::plant(&self.base.join("home"), &case.tree);
    }

    fn start(&self) -> Start {
        self.start.clone()
    }

    fn find(&self, start: SystemTime) -> Tree {
        let mut tree = Tree::find(&self.base.join("home"), &self.base.join("data/Trash"), start);
        tree.forget_times(&self.folders);
        tree
    }

    fn usher(&self, start: &Start) -> Answer {
        usher(start)
    }

    /// Takes the newest run back; says what is not as it was.
    fn take_back(&self, start: &Start, before: &Tree, began: SystemTime) -> Option<String> {
        let args = ["undo", "--last"].map(str::to_owned).to_vec();
        let said = usher(&Start { args, ..start.clone() });
        if said.code != 0 {
            return Some(format!("the undo ended with {}: {}", said.code, short(&said.out)));
        }
        let (mut before, mut after) = (before.clone(), self.find(began));
        // What an undo takes away may be the last name of its bytes, so the vault keeps one.
        before.forget_names();
        after.forget_names();
        let (was, is) = (before.lines(), after.lines());
        if was == is {
            return None;
        }
        let gone = was.iter().filter(|line| !is.contains(line)).map(|line| format!("not back: {line}\n"));
        let more = is.iter().filter(|line| !was.contains(line)).map(|line| format!("left:     {line}\n"));
        Some(format!("an undo does not give back the tree\n{}", gone.chain(more).collect::<String>()))
    }
}

/// Runs Usher.
pub(crate) fn usher(start: &Start) -> Answer {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("usher"))
        .args(&start.args)
        .current_dir(&start.cwd)
        .env_clear()
        .envs(&start.env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who asks nothing may be gone before it could be answered.
    let _ = child.stdin.take().unwrap().write_all(start.stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let out = [output.stdout, output.stderr].concat();
    Answer {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&out).into_owned(),
        crash: None,
    }
}
