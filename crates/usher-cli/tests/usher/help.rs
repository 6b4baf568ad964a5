//! What the command says about itself.

use crate::home::Home;

#[test]
fn the_help_names_every_command() {
    let said = Home::new().usher(&["-h"]);
    assert_eq!(said.code, Some(0));
    insta::assert_snapshot!(said.out, @r#"
    Shows every file to its seat

    Usage: usher [OPTIONS] <COMMAND>

    Commands:
      run          Run the rules over what is in their folders now
      sim          Show what `run` would do, to the letter, and change nothing
      watch        Watch folders and handle files as they come, until Ctrl+C or SIGTERM
      status       Show whether Usher runs, what it watches, and what needs you
      why          Explain why a file is or is not handled, rule by rule and filter by filter
      log          Show what was done, newest run first
      undo         Take back a step, a run, or everything since a moment
      redo         Take back the newest undo
      pause        Stop handling files for a while
      resume       Handle files again, beginning with what was missed
      answer       Answer what rules ask before they go on, or show what they ask
      dismiss      Take off what needs you what you have seen to, or do not mind
      rules        List the rules that are loaded, or switch one on or off
      check        Show what is wrong with rule files, where, and how to mend it
      new          Make a rule file with a commented example that is switched off
      edit         Edit a rule file with $VISUAL or $EDITOR, then check it
      show         Print a rule file, or where it lies
      list         List the rule files that can be named, Usher's own and organize's
      events       Show what Usher notices: the next event, or all of them as they come
      trigger      Play an event to the rules, as if it had just happened
      schema       Print the JSON schema of rule files, with which editors complete and check them
      completions  Print the completions for a shell
      man          Print the manual page, of Usher or of one command
      help         Print this message or the help of the given subcommand(s)

    Options:
          --color <WHEN>  When to use colours [default: auto] [possible values: auto, always, never]
      -h, --help          Print help (see more with '--help')
      -V, --version       Print version

    Exit codes: 0 done, 1 rule file invalid or missing, or request refused, 2 wrong arguments, 3 not
    valid YAML, 4 some steps failed or wait for an answer.
    "#);
}

#[test]
fn every_command_has_help_of_its_own() {
    let home = Home::new();
    for command in [
        "run",
        "sim",
        "watch",
        "check",
        "why",
        "log",
        "undo",
        "redo",
        "status",
        "events",
        "trigger",
        "pause",
        "resume",
        "answer",
        "dismiss",
        "rules",
        "new",
        "edit",
        "show",
        "list",
        "schema",
        "completions",
        "man",
    ] {
        let said = home.usher(&[command, "--help"]);
        assert_eq!(said.code, Some(0), "{command}");
        assert!(said.out.contains(&format!("Usage: usher {command}")), "{}", said.out);
    }
}

#[test]
fn the_version_is_the_packages() {
    insta::assert_snapshot!(Home::new().usher(&["--version"]).out, @"usher VERSION");
}

#[test]
fn wrong_arguments_end_with_2() {
    let home = Home::new();
    for arguments in [
        &["no-such-command"][..],
        &["run", "--no-such-flag"],
        &["undo", "--since", "whenever"],
        &["undo", "1", "--last"],
        &["pause", "--for", "0s"],
        &["run", "--format", "xml"],
        &["log", "--limit", "0"],
        &["trigger", "files.creatd", "path=a"],
        &[],
    ] {
        let said = home.usher(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(!said.err.is_empty() && said.out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn completions_and_manual_pages_are_made_for_every_shell_and_command() {
    let home = Home::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = home.usher(&["completions", shell]);
        assert!(said.code == Some(0) && said.out.contains("usher"), "{shell}");
    }
    let page = home.usher(&["man"]).out;
    assert!(page.contains(".TH usher 1") && page.contains("usher\\-undo"), "{page}");
    let page = home.usher(&["man", "undo"]).out;
    assert!(page.contains("\\-\\-rename"), "{page}");
    assert_eq!(home.usher(&["man", "nothing"]).code, Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_graphical_is_linked() {
    let Ok(output) = std::process::Command::new("ldd").arg(assert_cmd::cargo::cargo_bin!("usher")).output()
    else {
        eprintln!("skipped: there is no `ldd` here");
        return;
    };
    let libraries = String::from_utf8(output.stdout).unwrap();
    assert!(libraries.contains("libc"), "{libraries}");
    for graphical in ["gtk", "gdk", "webkit", "X11", "xcb", "xdo", "wayland", "GL"] {
        assert!(!libraries.contains(graphical), "{libraries}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_early_is_no_error() {
    let home = Home::new();
    let mut child = home
        .command(["completions", "zsh"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let said = home.said(child.wait_with_output().unwrap());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_said() {
    let home = Home::with_rules(crate::home::FILE_PDFS);
    home.write("in/a.pdf", "a");
    home.usher(&["run"]);
    for arguments in [
        &["watch"][..],
        &["run"],
        &["sim"],
        &["log"],
        &["log", "--json"],
        &["status"],
        &["rules"],
        &["check"],
        &["schema"],
        &["completions", "zsh"],
        &["man"],
        &["--help"],
        &["undo", "--help"],
        &["--version"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let said = home.said(home.command(arguments).stdout(full).output().unwrap());
        assert_eq!(said.code, Some(1), "{arguments:?}");
        assert_eq!(
            said.err, "error: cannot write the output: No space left on device (os error 28)\n",
            "{arguments:?}"
        );
    }
}

#[test]
fn colours_are_only_where_they_are_wanted() {
    let home = Home::new();
    let status =
        |arguments: &[&str]| String::from_utf8(home.command(arguments).output().unwrap().stdout).unwrap();
    assert!(!status(&["status"]).contains('\x1b'));
    assert!(status(&["status", "--color", "always"]).contains("\x1b[1mUsher is not running."));
    assert!(!status(&["status", "--color", "never"]).contains('\x1b'));
}
