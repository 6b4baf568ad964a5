//! The command line: where a rule file is looked for, what is printed as JSON, and how it ends.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::case::usher;
use crate::oracle::{Answer, Start, organize};

/// A home with files in it, and the commands that are given there.
struct Lookup {
    base: tempfile::TempDir,
    starts: Vec<Start>,
}

impl Lookup {
    fn new(files: &[&str]) -> Self {
        let base = tempfile::Builder::new().prefix("organize-").tempdir().unwrap();
        let lookup = Self { base, starts: Vec::new() };
        for folder in ["home", "run"] {
            fs::create_dir_all(lookup.at(folder)).unwrap();
        }
        for file in files {
            let path = lookup.base.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("rules: [{{actions: [{{echo: 'this is {file}'}}]}}]")).unwrap();
        }
        lookup
    }

    fn at(&self, place: &str) -> String {
        self.base.path().join(place).to_string_lossy().into_owned()
    }

    fn ask(&mut self, args: &[&str], env: &[(&str, &str)], stdin: &str) {
        let mut all = BTreeMap::from([
            ("HOME".to_owned(), self.at("home")),
            ("TZ".to_owned(), "UTC".to_owned()),
            ("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()),
        ]);
        for (name, folder) in [
            ("CONFIG_HOME", "config"),
            ("DATA_HOME", "data"),
            ("STATE_HOME", "state"),
            ("RUNTIME_DIR", "run"),
        ] {
            all.insert(format!("XDG_{name}"), self.at(folder));
        }
        all.extend(env.iter().map(|(name, value)| ((*name).to_owned(), self.filled(value))));
        let args = args.iter().map(|arg| self.filled(arg)).collect();
        self.starts.push(Start {
            args,
            cwd: self.base.path().join("home"),
            env: all,
            stdin: stdin.to_owned(),
        });
    }

    fn filled(&self, text: &str) -> String {
        text.replace("BASE", &self.base.path().to_string_lossy())
    }

    /// What both have answered, one after the other.
    fn answers(&self) -> Vec<(Start, Answer, Answer)> {
        let theirs = organize(&self.starts);
        let each = self.starts.iter().zip(theirs);
        each.map(|(start, theirs)| (start.clone(), theirs, usher(start))).collect()
    }
}

fn echoes(answer: &Answer) -> Vec<String> {
    let events = answer.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let echoes = events.filter(|event| event["sender"] == "echo");
    echoes.filter_map(|event| Some(event["msg"].as_str()?.to_owned())).collect()
}

#[test]
fn the_same_file_is_found() {
    let mut lookup = Lookup::new(&[
        "home/here.yaml",
        "home/both.yaml",
        "config/organize/both.yaml",
        "config/organize/config.yaml",
        "config/organize/there.yml",
        "config/organize/v1.2.yaml",
        "config/organize/plain",
        "elsewhere/mine.conf",
    ]);
    for name in [
        "here",
        "here.yaml",
        "./here.yaml",
        "here.yml",
        "both",
        "there",
        "there.yaml",
        "there.yml",
        "v1.2",
        "plain",
        "plain.yaml",
        "config",
        "missing",
        "BASE/elsewhere/mine.conf",
        "BASE/elsewhere/mine",
        "BASE/elsewhere",
        "Here",
    ] {
        lookup.ask(&["run", name, "--format", "jsonl"], &[], "");
        lookup.ask(&["check", name], &[], "");
    }
    lookup.ask(&["run", "--format", "jsonl"], &[], "");
    lookup.ask(&["run", "--format", "jsonl"], &[("ORGANIZE_CONFIG", "BASE/elsewhere/mine.conf")], "");
    lookup.ask(&["run", "--format", "jsonl"], &[("ORGANIZE_CONFIG", "BASE/nowhere")], "");
    lookup.ask(&["run", "here", "--format", "jsonl"], &[("ORGANIZE_CONFIG", "BASE/elsewhere/mine.conf")], "");
    lookup.ask(&["check"], &[("ORGANIZE_CONFIG", "BASE/nowhere")], "");
    for (start, theirs, ours) in lookup.answers() {
        let args = &start.args;
        assert_eq!(ours.code, theirs.code, "{args:?}: {}\n{}", theirs.out, ours.out);
        assert_eq!(echoes(&ours), echoes(&theirs), "{args:?}");
    }
}

#[test]
fn commands_end_alike() {
    let mut lookup = Lookup::new(&["home/good.yaml"]);
    fs::write(lookup.at("home/bad.yaml"), "rules: [{actions: [nothing]}]").unwrap();
    fs::write(lookup.at("home/broken.yaml"), "rules: 'open").unwrap();
    fs::write(lookup.at("home/failing.yaml"), "rules: [{locations: ~, actions: [trash]}]").unwrap();
    let rules = "rules: [{actions: [{echo: 'from a pipe'}]}]";
    for command in ["run", "sim", "check"] {
        for name in ["good", "bad", "broken", "failing", "missing"] {
            lookup.ask(&[command, name], &[], "");
        }
        lookup.ask(&[command, "--stdin"], &[], rules);
        lookup.ask(&[command, "--stdin"], &[], "rules: 'open");
        lookup.ask(&[command, "--stdin"], &[], "rules: [{actions: [nothing]}]");
        lookup.ask(&[command, "--stdin"], &[], "");
    }
    lookup.ask(&["run", "--stdin", "--format", "jsonl"], &[], rules);
    lookup.ask(&["run", "good", "--format", "JSONL"], &[], "");
    lookup.ask(&["run", "good", "--format", "errorsonly"], &[], "");
    lookup.ask(&["run", "good", "--format", "nothing"], &[], "");
    for (start, theirs, ours) in lookup.answers() {
        let args = &start.args;
        assert_eq!(ours.code, theirs.code, "{args:?}: {}\n{}", theirs.out, ours.out);
        assert_eq!(echoes(&ours), echoes(&theirs), "{args:?}");
    }
}

/// organize reads arguments another way and ends with 1 where they make no sense; 2 is what its own documentation says.
#[test]
fn arguments_that_make_no_sense_end_with_2() {
    let mut lookup = Lookup::new(&["home/good.yaml"]);
    lookup.ask(&["run", "good", "--stdin"], &[], "");
    lookup.ask(&["run", "good", "--nothing"], &[], "");
    lookup.ask(&["nothing"], &[], "");
    for (start, theirs, ours) in lookup.answers() {
        assert_ne!(theirs.code, 0, "{:?}", start.args);
        assert_eq!(ours.code, 2, "{:?}: {}", start.args, ours.out);
    }
}

#[test]
fn json_lines_have_the_same_shape() {
    let mut lookup = Lookup::new(&[]);
    for place in ["home/in/a.txt", "home/in/b.txt", "home/out/b.txt"] {
        fs::create_dir_all(Path::new(&lookup.at(place)).parent().unwrap()).unwrap();
        fs::write(lookup.at(place), place).unwrap();
    }
    let rules = "rules:\n  - {locations: ~/in, name: Named, actions: [move: ~/out/, echo: '{path}']}\n  \
                 - {actions: [echo: alone]}\n  - {locations: ~/in, actions: [echo: '{missing}']}\n";
    fs::write(lookup.at("home/r.yaml"), rules).unwrap();
    // Only simulated, so that the second program finds what the first one has.
    lookup.ask(&["sim", "r.yaml", "-F", "jsonl"], &[], "");
    // Absolute, since organize looks for relative ones a second time once it is there.
    lookup.ask(&["sim", "BASE/home/r.yaml", "-F", "jsonl", "-W", "BASE/home/in"], &[], "");
    lookup.ask(&["sim", "--stdin", "-F", "jsonl"], &[], rules);
    for (start, theirs, ours) in lookup.answers() {
        let events = |answer: &Answer| -> Vec<Value> {
            answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        let (theirs, ours) = (events(&theirs), events(&ours));
        assert_eq!(ours.first(), theirs.first(), "{:?}", start.args);
        assert_eq!(ours.last().unwrap()["type"], "REPORT");
        let keys = |event: &Value| -> Vec<String> { event.as_object().unwrap().keys().cloned().collect() };
        let shapes: BTreeMap<String, Vec<String>> =
            theirs.iter().map(|event| (event["type"].to_string(), keys(event))).collect();
        for event in &ours {
            assert_eq!(shapes.get(&event["type"].to_string()), Some(&keys(event)), "{event}");
        }
        let said = |events: &[Value]| -> Vec<Value> {
            events
                .iter()
                .filter(|event| event["sender"] == "echo" && event["level"] == "info")
                .cloned()
                .collect()
        };
        assert_eq!(said(&ours), said(&theirs), "{:?}", start.args);
    }
}
