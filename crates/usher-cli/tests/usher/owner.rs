//! Commands with and without an Usher that watches.

use std::fs;

use crate::home::{FILE_ALL, FILE_PDFS, Home, until};

#[test]
fn without_an_owner_status_says_so_and_how_to_start_it() {
    let home = Home::new();
    let said = home.usher(&["status"]);
    assert_eq!(said.code, Some(0));
    insta::assert_snapshot!(said.out, @"
    Usher is not running.
    Start it with `usher watch`, or from the desktop's menu.

      rules      BASE/config/usher/rules
      settings   BASE/config/usher/settings.toml
      journal    BASE/state/usher/journal.db
      intents    BASE/state/usher/journal.intents
      vault      BASE/state/usher/vault
      good rules BASE/state/usher/last-good-rules
      memory     BASE/state/usher/agent.json
      window     BASE/state/usher/window.json
      logs       BASE/state/usher/logs
      socket     BASE/run/usher/usher.sock
      desktop    BASE/run/usher/desktop.sock
      lock       BASE/state/usher/owner.lock
      autostart  BASE/home/.config/autostart/Usher.desktop
      webview    BASE/home/.local/share/org.usher.Usher
    ");
    let status = &home.json(&["status", "--json"])[0];
    assert_eq!(status["state"], "stopped");
    assert_eq!(status["places"]["rules"], home.rules().to_str().unwrap());
}

#[test]
fn without_an_owner_what_needs_one_is_refused() {
    let home = Home::with_rules(FILE_PDFS);
    for arguments in
        [&["pause"][..], &["resume"], &["events", "--follow"], &["trigger", "files.created", "path=in/a.pdf"]]
    {
        let said = home.usher(arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{arguments:?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(said.err, @"
            error: Usher is not running
            hint: start it with `usher watch`, or from the desktop's menu
            ");
        }
    }
}

#[test]
fn status_and_pause_ask_the_owner() {
    let home = Home::with_rules(FILE_PDFS);
    let watching = home.watch();
    let status = &home.json(&["status", "--json"])[0];
    assert_eq!(status["state"], "watching");
    assert_eq!(status["pid"], watching.pid());
    let said = home.usher(&["status"]);
    assert!(said.out.starts_with("Watching: 1 folder, 1 rule\n"), "{}", said.out);
    assert!(said.out.contains("watching   BASE/home/in"), "{}", said.out);

    assert_eq!(home.usher(&["pause"]).code, Some(0));
    assert_eq!(home.json(&["status", "--json"])[0]["state"], "paused");
    home.write("in/a.pdf", "a");
    let tomorrow = home.usher(&["pause", "--until-tomorrow"]);
    assert_eq!(tomorrow.out, "Paused until DATE TIME.\n");
    let over = home.json(&["status", "--json"])[0]["paused_until"].as_str().unwrap().to_owned();
    assert!(over.contains("T06:00:00"), "{over}");
    let said = home.usher(&["pause", "--for", "1h"]);
    assert!(said.out.starts_with("Paused until DATE TIME"), "{}", said.out);
    assert!(home.path("in/a.pdf").exists(), "nothing is handled during a pause");
    assert_eq!(home.usher(&["resume"]).code, Some(0));
    until("what came during the pause is filed", || home.path("out/a.pdf").exists());
}

#[test]
fn events_are_shown_as_they_come() {
    let home = Home::with_rules(FILE_PDFS);
    let _watching = home.watch();
    let follow = home.command(["events", "--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let follow = std::thread::spawn(move || follow.wait_with_output().unwrap());
    let mut nr = 0;
    until("an event is shown", || {
        nr += 1;
        home.write(format!("in/{nr}.txt"), "");
        follow.is_finished()
    });
    let output = follow.join().unwrap();
    let event: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(event["source"], "files");
    assert!(event["path"].as_str().unwrap().ends_with(".txt"), "{event}");
    assert!(event["at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
}

#[test]
fn an_event_can_be_played() {
    let home = Home::with_rules(FILE_PDFS);
    let _watching = home.watch();
    home.usher(&["rules", "disable", "rules/File PDFs"]);
    home.write("in/a.pdf", "a");
    home.usher(&["rules", "enable", "rules/File PDFs"]);
    let said = home.usher(&["trigger", "files.rescan", "path=in"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    until("the file is filed", || home.path("out/a.pdf").exists());
    assert_eq!(fs::read(home.path("out/a.pdf")).unwrap(), b"a");
}

#[test]
fn of_two_that_want_to_watch_the_second_is_told_who_does() {
    let home = Home::with_rules(FILE_PDFS);
    let mut first = home.watch();
    let said = home.usher(&["watch"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains(&format!("process {}", first.pid())), "{}", said.err);
    assert!(said.err.contains("hint: "), "{}", said.err);
    assert!(first.runs());
}

#[test]
fn runs_and_undos_are_the_owners_where_one_watches() {
    let home = Home::with_rules(FILE_PDFS);
    let _watching = home.watch();
    let mine = "rules: [{locations: in, actions: [{move: out/}]}]";
    fs::write(home.user().join("mine.yaml"), mine).unwrap();
    home.write("in/a.txt", "a");
    let said = home.usher(&["run", "mine"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(fs::read(home.path("out/a.txt")).unwrap(), b"a");
    assert_eq!(home.usher(&["undo"]).code, Some(0));
    assert_eq!(fs::read(home.path("in/a.txt")).unwrap(), b"a");
}

/// A run that a command takes back which asks the owner of that very undo for its status; where it writes that.
fn run_with_an_undo_that_asks(home: &Home) -> std::path::PathBuf {
    let usher = home.command([""; 0]).get_program().to_str().unwrap().to_owned();
    let said = home.path("said");
    let undo = format!("{usher} status > {}", said.display());
    home.rule_file(
        "a.yaml",
        &format!(
            "rules:\n  - locations: ~/in\n    actions: [ {{ shell: {{ cmd: 'true', undo: '{undo}' }} }} ]\n"
        ),
    );
    home.write("in/a", "a");
    let ran = home.usher(&["run"]);
    assert!(ran.out.contains("1 file handled"), "{}{}", ran.out, ran.err);
    said
}

#[test]
fn a_command_that_takes_something_back_may_ask_usher_itself() {
    for watches in [false, true] {
        let home = Home::new();
        let said = run_with_an_undo_that_asks(&home);
        let _watching = watches.then(|| home.watch());
        let undone = home.usher(&["undo"]);
        assert_eq!(undone.code, Some(0), "{}{}", undone.out, undone.err);
        let said = fs::read_to_string(said).unwrap();
        assert_eq!(said.starts_with("Watching: 1 folder"), watches, "{said}{}", undone.out);
        assert!(!said.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn what_is_in_the_way_of_ushers_own_files_is_named_with_what_to_do() {
    let in_the_way = |make: fn(&std::path::Path) -> std::io::Result<()>, name: &str| {
        let home = Home::with_rules(FILE_ALL);
        let state = home.path("../state/usher");
        fs::create_dir_all(&state).unwrap();
        make(&state.join(name)).unwrap();
        let said = home.usher(&["log"]);
        assert_eq!(said.code, Some(1), "{name}: {}", said.err);
        said.err
    };
    let folder = |path: &std::path::Path| fs::create_dir(path);
    for name in ["journal.db", "journal.intents", "owner.lock"] {
        let said = in_the_way(folder, name);
        let hint =
            format!("hint: a folder is where Usher needs a file: move BASE/state/usher/{name} elsewhere");
        assert!(said.contains(&hint), "{said}");
        assert_eq!(said.matches("unable to open").count(), usize::from(name == "journal.db"), "{said}");
    }
    let said = in_the_way(|path| fs::write(path, ""), "vault");
    assert!(
        said.contains("hint: a file is where Usher needs a folder: move BASE/state/usher/vault"),
        "{said}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_hold_the_socket_is_named_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::with_rules(FILE_ALL);
    let told = |runtime: &str, command: &str| {
        let runtime = home.path("..").join(runtime);
        let said = home.said(home.command([command]).env("XDG_RUNTIME_DIR", runtime).output().unwrap());
        assert_eq!(said.code, Some(1), "{command}: {}", said.out);
        said.err.replace("/home/../", "/")
    };
    let ours = home.path("../open/usher");
    fs::create_dir_all(&ours).unwrap();
    fs::set_permissions(&ours, fs::Permissions::from_mode(0o755)).unwrap();
    home.write("../file/usher", "");
    for command in ["status", "watch", "log", "pause"] {
        insta::allow_duplicates! { insta::assert_snapshot!(told("open", command), @"
        error: the folder of the control socket, BASE/open/usher, is open to other users
        hint: close it to them with `chmod 700 BASE/open/usher`
        "); }
        let long = told(&"long".repeat(30), command);
        assert!(
            long.contains("usher.sock, is too long for a socket\nhint: set XDG_RUNTIME_DIR to"),
            "{long}"
        );
    }
    insta::assert_snapshot!(told("file", "status"), @"
    error: the folder of the control socket, BASE/file/usher, is not a directory
    hint: move BASE/file/usher elsewhere
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_home_that_is_not_a_whole_path_is_refused() {
    let home = Home::new();
    let said = home.said(home.command(["log"]).env("HOME", "here").output().unwrap());
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("the home directory here is not a whole path"), "{}", said.err);
    assert!(!home.path("here").exists(), "and nothing is made there");
}
