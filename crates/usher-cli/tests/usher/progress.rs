//! How far a long run has come, on a terminal and nowhere else.

use std::process::Command;

use crate::home::Home;

const SLOW: &str = "
rules:
  - locations: ~/in
    actions:
      - shell: sleep 0.2
      - move: ~/out/
";

fn home_with_files() -> Home {
    let home = Home::with_rules(SLOW);
    for nr in 0..12 {
        home.write(format!("in/file {nr}"), "x");
    }
    home
}

/// What a command says where only problems and progress go to the terminal, results to nobody.
fn on_a_terminal(home: &Home, command: &str) -> String {
    let plain = home.command([""; 0]);
    let mut terminal = Command::new("script");
    let line = format!("stty cols 120 rows 40; \"$USHER\" {command} >/dev/null");
    terminal.args(["-qec", &line, "/dev/null"]);
    terminal.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    terminal.env("USHER", plain.get_program()).env("TERM", "xterm").stdin(std::process::Stdio::null());
    let said = home.said(terminal.output().unwrap());
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    said.out
}

#[test]
fn a_slow_run_tells_how_far_it_has_come_on_a_terminal() {
    let said = on_a_terminal(&home_with_files(), "run");
    assert!(said.contains("4 files") && said.contains("/in/file "), "{said:?}");
    // It has gone on for long enough by then to have been counted.
    assert!(said.contains(" % "), "{said:?}");
}

#[test]
fn a_slow_undo_tells_how_many_of_its_steps_are_behind_it() {
    let home = Home::with_rules(
        "rules:\n  - locations: ~/in\n    actions: [ { shell: { cmd: 'true', undo: sleep 0.2 } } ]\n",
    );
    (0..8).for_each(|nr| drop(home.write(format!("in/file {nr}"), "x")));
    assert_eq!(home.usher(&["run"]).code, Some(0));
    let said = on_a_terminal(&home, "undo");
    assert!(said.contains(" 4/8 ") && said.contains("4 steps"), "{said:?}");
}

#[test]
fn nothing_is_told_of_it_where_there_is_no_terminal() {
    let said = home_with_files().usher(&["run"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}
