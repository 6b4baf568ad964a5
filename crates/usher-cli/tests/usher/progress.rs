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
    for nr in 0..8 {
        home.write(format!("in/file {nr}"), "x");
    }
    home
}

#[test]
fn a_slow_run_tells_how_far_it_has_come_on_a_terminal() {
    let home = home_with_files();
    let plain = home.command([""; 0]);
    let mut terminal = Command::new("script");
    // Only problems and progress go to the terminal, results to nobody.
    terminal.args(["-qec", "stty cols 120 rows 40; \"$USHER\" run >/dev/null", "/dev/null"]);
    terminal.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    terminal.env("USHER", plain.get_program()).env("TERM", "xterm").stdin(std::process::Stdio::null());
    let said = home.said(terminal.output().unwrap());
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("4 files") && said.out.contains("/in/file "), "{:?}", said.out);
}

#[test]
fn nothing_is_told_of_it_where_there_is_no_terminal() {
    let said = home_with_files().usher(&["run"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}
