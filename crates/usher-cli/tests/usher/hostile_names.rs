//! Names that would like to be something else.

use crate::home::{FILE_ALL, Home, names};

#[test]
fn names_cannot_drive_the_terminal_and_json_has_them_exactly() {
    let home = Home::with_rules(FILE_ALL);
    let hostile = [
        "two\nlines",
        "\x1b[2Jgone",
        "invoice\u{202e}fdp.exe",
        "-rf",
        "$HOME",
        "a'b\"c`d",
        " blank ",
        "{env}",
    ];
    for name in hostile {
        home.write(format!("in/{name}"), name);
    }
    for arguments in
        [&["sim"][..], &["run"], &["log"], &["why", "out/two\nlines"], &["--color=always", "log"]]
    {
        let output = home.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("\x1b[2J") && !text.contains('\u{202e}'), "{arguments:?}: {text}");
        assert!(text.contains("two␊lines"), "{arguments:?}: {text}");
    }
    let mut wanted = hostile.map(str::to_owned);
    wanted.sort();
    assert_eq!(names(&home.path("out")), wanted);
    let mut exact: Vec<_> = home
        .json(&["log", "--json"])
        .iter()
        .map(|step| step["to"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
        .collect();
    exact.sort();
    assert_eq!(exact, wanted);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_text_are_filed_and_taken_back() {
    use std::os::unix::ffi::OsStrExt;
    let home = Home::with_rules(FILE_ALL);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    let file = home.write(std::path::Path::new("in").join(name), "latin");
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(std::fs::read(home.path("out").join(name)).unwrap(), b"latin");
    assert_eq!(home.usher(&["undo"]).code, Some(0));
    assert_eq!(std::fs::read(file).unwrap(), b"latin");
}
