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
        assert!(text.contains("two‹LF›lines"), "{arguments:?}: {text}");
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

/// Every action that does something with a file's name, one after the other.
const EVERYTHING: &str = r#"rules:
  - locations: ~/in
    actions:
      - shell: "printf '<%s>' {path.name} \"{path.name}\" '{path.name}' > {path.parent.parent}/said; echo {path} >/dev/null"
      - python: "assert path.exists(), path"
      - copy: { dest: ~/copies/, continue_with: original }
      - copy: { dest: '~/copies/{path.name}.d/', continue_with: original }
      - symlink: ~/links/
      - hardlink: ~/hard/
      - write: { text: '{path.name}', outfile: '~/written/{path.name}', newline: false }
      - archive: ~/zips/
      - echo: '{path}'
      - confirm: 'Go on with {path.name}?'
      - rename: 'x{path.name}'
      - move: ~/out/
      - trash
"#;

#[test]
fn a_name_is_a_name_to_every_action() {
    let hostile = [
        "$(touch pwned)",
        "`touch pwned`",
        "'; touch pwned; '",
        "\"; touch pwned; \"",
        "a\nb\ttab",
        "{path.parent}",
        "{{ x }}{% if %}",
        "$HOME ~ %s %n %%",
        "-rf",
        "--help",
        " blank ",
        "*?[a]",
        "e\u{301}\u{202e}txt.exe",
        "#!x & <b>|",
    ];
    for name in hostile {
        let home = Home::with_rules(EVERYTHING);
        home.write(format!("in/{name}"), name);
        let before = names(&home.user());
        let said = home.usher(&["run", "--yes"]);
        assert_eq!(said.code, Some(0), "{name:?}: {}{}", said.out, said.err);
        assert!(!home.path("pwned").exists(), "{name:?} was run");
        let spoken = std::fs::read_to_string(home.path("said")).unwrap();
        assert_eq!(spoken, format!("<{name}><{name}><{name}>"));
        assert_eq!(names(&home.path("copies")).len(), 2, "{name:?}");
        for folder in ["links", "hard", "written"] {
            assert_eq!(names(&home.path(folder)), [name], "{folder}");
            assert_eq!(std::fs::read_to_string(home.path(folder).join(name)).is_ok(), folder != "links");
        }
        assert_eq!((names(&home.path("in")), names(&home.path("out"))), (vec![], vec![]), "{name:?}");
        std::fs::remove_file(home.path("said")).unwrap();
        let undone = home.usher(&["undo"]);
        assert_eq!(undone.err.matches("left alone").count(), 2, "the command and the code: {}", undone.err);
        assert_eq!(std::fs::read_to_string(home.path("in").join(name)).unwrap(), name);
        let left = |entry: &String| !before.contains(entry) && entry != ".local";
        assert_eq!(names(&home.user()).into_iter().filter(left).collect::<Vec<_>>(), [""; 0], "{name:?}");
    }
}

/// A zip cannot hold such a name: whoever unpacks it makes a folder of what stands before the backslash.
#[cfg(unix)]
#[test]
fn a_backslash_is_refused_for_a_zip_and_comes_out_of_a_tar() {
    let home = Home::with_rules(
        "rules:
  - { name: Zip, locations: ~/in, targets: [files, dirs], actions: [archive: ~/packed/] }
  - { name: Tar, locations: ~/in, targets: [files, dirs], actions: [archive: { dest: ~/packed/, format: tar.gz }] }
  - { name: Out, locations: ~/packed, actions: [extract: ~/out/] }\n",
    );
    for file in ["back\\slash.txt", "dots\\..\\up.txt", "end\\", "folder/in\\side.txt"] {
        home.write(format!("in/{file}"), file);
    }
    let before = names(&home.user());
    let simulated = home.usher(&["sim"]);
    assert_eq!(
        simulated.err.matches("has a backslash in it").count(),
        4,
        "{}{}",
        simulated.out,
        simulated.err
    );
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    let refused = said.err.matches("has a backslash in it").count();
    assert_eq!((refused, said.err.matches("use `format: tar.gz`").count()), (4, 4), "{}", said.err);
    let packed = ["back\\slash.tar.gz", "dots\\..\\up.tar.gz", "end\\.tar.gz", "folder.tar.gz"];
    assert_eq!(names(&home.path("packed")), packed);
    for (at, text) in [
        ("back\\slash/back\\slash.txt", "back\\slash.txt"),
        ("dots\\..\\up/dots\\..\\up.txt", "dots\\..\\up.txt"),
        ("end\\/end\\", "end\\"),
        ("folder/in\\side.txt", "folder/in\\side.txt"),
    ] {
        assert_eq!(std::fs::read_to_string(home.path("out").join(at)).unwrap(), text);
    }
    assert_eq!(home.usher(&["undo"]).code, Some(0));
    let left = |entry: &String| !before.contains(entry) && entry != ".local";
    assert_eq!(names(&home.user()).into_iter().filter(left).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_filed() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::with_rules(
        "rules: [{locations: ~/in, subfolders: true, filters: [filecontent: needle], actions: [move: ~/out/]}]",
    );
    for file in ["in/open.txt", "in/shut.txt", "in/closed/x.txt", "elsewhere/secret.txt"] {
        home.write(file, "needle");
    }
    std::os::unix::fs::symlink(home.path("elsewhere"), home.path("in/way")).unwrap();
    std::os::unix::fs::symlink(home.path("elsewhere/secret.txt"), home.path("in/secret.txt")).unwrap();
    std::os::unix::fs::symlink(home.path("in"), home.path("in/round")).unwrap();
    let forbid = |path: &str, mode: u32| {
        std::fs::set_permissions(home.path(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    forbid("in/shut.txt", 0o000);
    forbid("in/closed", 0o000);
    let privileged = std::fs::read(home.path("in/shut.txt")).is_ok();
    let said = home.usher(&["run"]);
    forbid("in/closed", 0o755);
    assert!(names(&home.path("out")).contains(&"open.txt".to_owned()), "{}", said.err);
    assert!(home.path("elsewhere/secret.txt").exists(), "links are not followed");
    if !privileged {
        assert!(said.err.contains("in/closed"), "{}", said.err);
        assert_eq!(names(&home.path("out")), ["open.txt"]);
    }
}
