//! Opening files in the desktop's programs, with a stand-in for the one that knows them.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};

use crate::home::{Home, Watching, until};

/// Moves letters, and opens what it has moved.
const RULES: &str = "\
rules:
  - locations: ~/in
    filters: [extension: pdf]
    actions: [move: ~/out/]
  - locations: ~/in
    filters: [extension: txt]
    actions: [open]
";

/// Usher where `xdg-open` writes down what it is told.
fn watch(home: &Home) -> Watching {
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{}'\n", home.base().join("opened").display());
    let stand_in = home.write("bin/xdg-open", script);
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = home.command(["watch"]);
    command.env("PATH", format!("{}:{path}", stand_in.parent().unwrap().display()));
    home.watch_by(command)
}

fn opened(home: &Home) -> String {
    fs::read_to_string(home.base().join("opened")).unwrap_or_default()
}

/// What the running Usher answers.
fn ask(home: &Home, method: &str, path: &str) -> Value {
    let mut socket = UnixStream::connect(home.base().join("run/usher/usher.sock")).unwrap();
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": { "path": path } });
    writeln!(socket, "{call}").unwrap();
    let mut answer = String::new();
    BufReader::new(socket).read_line(&mut answer).unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn a_file_of_the_journal_is_opened_by_its_whole_name_and_no_other() {
    let home = Home::with_rules(RULES);
    let _watching = watch(&home);
    let name = "two  words; `touch x` $(touch y) 'quoted'.pdf";
    home.write(format!("in/{name}"), "x");
    let filed = home.path("out").join(name);
    until("it is filed", || filed.exists());
    let answer = ask(&home, "open", filed.to_str().unwrap());
    assert_eq!(answer["result"], Value::Null, "{answer}");
    assert!(answer.get("error").is_none(), "{answer}");
    until("it is opened", || !opened(&home).is_empty());
    assert_eq!(opened(&home), format!("{}\n", filed.display()));

    let other = home.write("out/other.pdf", "x");
    let answer = ask(&home, "open", other.to_str().unwrap());
    assert!(
        answer["error"]["message"].as_str().unwrap().contains("is in no step of the journal"),
        "{answer}"
    );
    fs::remove_file(&filed).unwrap();
    let answer = ask(&home, "open", filed.to_str().unwrap());
    assert!(answer.get("error").is_some(), "{answer}");
    assert_eq!(opened(&home).lines().count(), 1, "nothing else was opened");
}

#[test]
fn where_no_file_manager_answers_the_folder_is_opened() {
    let home = Home::with_rules(RULES);
    let _watching = watch(&home);
    let file = home.write("out/a.pdf", "x");
    let answer = ask(&home, "reveal", file.to_str().unwrap());
    assert!(answer.get("error").is_none(), "{answer}");
    until("it is shown", || !opened(&home).is_empty());
    assert_eq!(opened(&home), format!("{}\n", home.path("out").canonicalize().unwrap().display()));
}

#[test]
fn a_rule_opens_what_it_is_about() {
    let home = Home::with_rules(RULES);
    let _watching = watch(&home);
    let file = home.write("in/letter.txt", "x");
    until("it is opened", || !opened(&home).is_empty());
    assert_eq!(opened(&home), format!("{}\n", file.display()));
}
