//! Making, finding, showing, editing and checking rule files.

use std::fs;

use crate::home::{FILE_PDFS, Home};

#[test]
fn a_new_file_is_written_once_and_is_a_good_one() {
    let home = Home::new();
    let said = home.usher(&["new"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!(said.out, @"BASE/config/usher/rules/rules.yaml");
    assert_eq!(home.usher(&["check", "--strict"]).code, Some(0));

    fs::write(home.rules().join("rules.yaml"), "mine").unwrap();
    let said = home.usher(&["new"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.err, @"
    error: BASE/config/usher/rules/rules.yaml is there already
    hint: open it with: usher edit rules
    ");
    assert_eq!(fs::read_to_string(home.rules().join("rules.yaml")).unwrap(), "mine");
}

#[test]
fn a_new_file_names_the_folders_as_this_desktop_calls_them() {
    let home = Home::new();
    let named = "XDG_DOWNLOAD_DIR=\"$HOME/Téléchargements\"\nXDG_DOCUMENTS_DIR=\"/data/Mes documents\"\n";
    fs::write(home.base().join("config/user-dirs.dirs"), named).unwrap();
    assert_eq!(home.usher(&["new"]).code, Some(0));
    let text = fs::read_to_string(home.rules().join("rules.yaml")).unwrap();
    assert!(text.contains("    locations: ~/Téléchargements\n"), "{text}");
    assert!(text.contains("- move: \"/data/Mes documents/{lastmodified.year}/\"\n"), "{text}");
    assert_eq!(home.usher(&["check", "--strict"]).code, Some(0));
    let _watching = home.watch();
    let folders = &home.json(&["status", "--json"])[0]["user_folders"];
    assert_eq!(folders["downloads"], "~/Téléchargements");
    assert_eq!(folders["pictures"], "~/Pictures", "what is not named is called as in English");
}

#[test]
fn the_starter_is_made_with_its_sandbox_and_nothing_of_it_twice() {
    let home = Home::new();
    let said = home.usher(&["new", "--starter"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!(said.out, @"
    BASE/config/usher/rules/starter.yaml
    BASE/home/Usher sandbox
    ");
    insta::assert_snapshot!(said.err, @"Its rules are switched off, and look into that folder only. Edit them with: usher edit starter");
    assert_eq!(home.usher(&["check", "--strict"]).code, Some(0));
    insta::assert_snapshot!(home.usher(&["run"]).out, @"Nothing to do.");
    fs::write(home.rules().join("starter.yaml"), "rules: []").unwrap();
    assert_eq!(home.usher(&["new", "--starter"]).code, Some(0));
    assert_eq!(fs::read_to_string(home.rules().join("starter.yaml")).unwrap(), "rules: []");
}

#[test]
fn ten_megabytes_of_yaml_are_refused_at_once_with_what_to_do() {
    let home = Home::with_rules(&"# nothing\n".repeat(1 << 20));
    for arguments in [&["check"][..], &["run"], &["check", "rules"]] {
        let said = home.usher(arguments);
        assert_eq!(said.code, Some(1), "{arguments:?}");
        assert!(said.err.contains("it is longer than 2 MiB"), "{}", said.err);
        assert!(said.err.contains("help: split it into several files"), "{}", said.err);
    }
}

#[test]
fn files_are_found_by_name_and_listed() {
    let home = Home::new();
    home.rule_file("work.yaml", FILE_PDFS);
    fs::create_dir_all(home.rules().join("../../organize")).unwrap();
    fs::write(home.rules().join("../../organize/old.yml"), FILE_PDFS).unwrap();
    insta::assert_snapshot!(home.usher(&["list"]).out, @"
    work  BASE/config/usher/rules/work.yaml
    old   BASE/config/organize/old.yml
    ");
    assert_eq!(home.usher(&["show", "work"]).out, FILE_PDFS);
    assert_eq!(home.usher(&["show"]).out, FILE_PDFS, "the only one in the rules folder needs no name");
    insta::assert_snapshot!(home.usher(&["show", "old", "--path"]).out, @"BASE/config/organize/old.yml");
    home.rule_file("home.yaml", FILE_PDFS);
    let said = home.usher(&["show"]);
    assert_eq!(said.code, Some(2));
    insta::assert_snapshot!(said.err, @"
    error: there are several rule files
    hint: name one of them: home, work
    ");
}

#[cfg(unix)]
#[test]
fn what_is_called_like_a_rule_file_and_is_none_is_told_and_not_waited_for() {
    let home = Home::with_rules(FILE_PDFS);
    let pipe = home.rules().join("zpipe.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    insta::assert_snapshot!(home.usher(&["list"]).err, @"warning: BASE/config/usher/rules/zpipe.yaml is not a file, so no rules are read from it: put a file in its place, or give it another name");
    for command in ["check", "run"] {
        let said = home.usher(&[command]);
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains("rules/zpipe.yaml:1:1"), "{}", said.err);
        assert!(said.err.contains("the file cannot be read: it is not a file"), "{}", said.err);
        assert!(said.err.contains("help: put a file in its place"), "{}", said.err);
    }
    assert_eq!(home.usher(&["show"]).out, FILE_PDFS, "it is not one of several rule files");
    let _watching = home.watch();
    let status = home.json(&["status", "--json"]);
    assert_eq!(status[0]["attention"][0]["path"], pipe.to_string_lossy().as_ref());
}

#[test]
fn a_file_that_is_no_text_is_broken_like_any_other_and_the_rest_is_looked_over() {
    let home = Home::with_rules("rules:\n  - name: 'open\n");
    fs::write(home.rule_file("latin.yaml", ""), b"rules: # caf\xe9\n").unwrap();
    home.rule_file("good.yaml", FILE_PDFS);
    let said = home.usher(&["check"]);
    assert_eq!(said.code, Some(3), "as for the file that is not YAML: {}", said.err);
    assert!(said.out.contains("good.yaml"), "{}", said.out);
    for command in ["check", "run", "sim"] {
        let said = home.usher(&[command]);
        assert_eq!(said.code, Some(3), "{command}: {}", said.err);
        assert!(said.err.contains("rules/rules.yaml:"), "{command}: {}", said.err);
        assert!(said.err.contains("rules/latin.yaml:1:1"), "{command}: {}", said.err);
        assert!(said.err.contains("help: save it as UTF-8 text"), "{command}: {}", said.err);
    }
    home.rule_file("rules.yaml", "rules: []");
    assert_eq!(home.usher(&["check"]).code, Some(1));
}

#[test]
fn a_file_that_is_not_there_is_named_with_the_places_looked_at() {
    let said = Home::new().usher(&["check", "nothing"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.err, @"
    error: there is no rule file `nothing`
    hint: give a path, or a name in one of these folders: ., BASE/config/usher/rules, BASE/config/organize
    ");
}

#[test]
fn a_test_of_a_rule_that_fails_is_for_check_to_say_and_keeps_no_rule_from_running() {
    let tested = format!("{FILE_PDFS}    tests:\n      - {{ file: a.txt, matches: true }}\n");
    let home = Home::with_rules(&tested);
    let said = home.usher(&["check"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    for command in ["sim", "run"] {
        let said = home.usher(&[command]);
        assert_eq!(said.code, Some(0), "{command}: {}", said.err);
    }
}

#[test]
fn problems_are_shown_with_line_place_and_help() {
    let home = Home::with_rules(&FILE_PDFS.replace("extension", "extention"));
    let said = home.usher(&["check"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.err, @r#"
    unknown_name

      × there is no filter `extention`
       ╭─[BASE/config/usher/rules/rules.yaml:6:9]
     6 │       - extention: pdf
       ·         ─────────
       ╰────
      help: did you mean `extension`? There are `created`, `date`, `date_added`, `date_lastused`, `depth`,
            `duplicate`, `empty`, `exif`, `extension`, `filecontent`, `hash`, `kind`, `lastmodified`,
            `macos_tags`, `mimetype`, `name`, `origin`, `python`, `regex`, `size` and `tags`
    BASE/config/usher/rules/rules.yaml: 1 error
    "#);
}

#[test]
fn what_is_not_yaml_ends_with_3() {
    let home = Home::with_rules("rules:\n  - name: 'open\n");
    assert_eq!(home.usher(&["check"]).code, Some(3));
    assert_eq!(home.usher(&["run"]).code, Some(3));
}

#[test]
fn strict_takes_warnings_as_errors() {
    let home = Home::with_rules(&FILE_PDFS.replace("extension: pdf", "size: '> 5'"));
    let said = home.usher(&["check"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("1 warning"), "{}", said.err);
    assert_eq!(home.usher(&["check", "--strict"]).code, Some(1));
}

#[cfg(unix)]
#[test]
fn an_edited_file_is_checked() {
    let home = Home::with_rules(FILE_PDFS);
    let edit = |editor: &str| home.said(home.command(["edit"]).env("EDITOR", editor).output().unwrap());
    assert_eq!(edit("true").code, Some(0));
    let said = edit("sed -i s/extension/extention/");
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("extention"), "{}", said.err);
    let said = edit("false");
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.err, @"
    error: the editor `false` ended with exit status: 1
    hint: set VISUAL or EDITOR to an editor
    ");
}

#[test]
fn rules_are_listed_and_switched() {
    let home = Home::with_rules(FILE_PDFS);
    home.write("in/a.pdf", "a");
    insta::assert_snapshot!(home.usher(&["rules"]).out, @"
    BASE/config/usher/rules/rules.yaml
      on  rules/File PDFs
          in BASE/home/in
          if extension: pdf
          do move: ~/out/
    ");
    let said = home.usher(&["rules", "disable", "rules/File PDFs"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    home.usher(&["run"]);
    assert!(home.path("in/a.pdf").exists(), "a rule that is off does nothing");
    home.usher(&["rules", "enable", "rules/File PDFs"]);
    home.usher(&["run"]);
    assert!(home.path("out/a.pdf").exists());
    let said = home.usher(&["rules", "enable", "nothing"]);
    assert_eq!(said.code, Some(1));
}

#[test]
fn the_schema_is_printed_as_json_that_names_what_rules_are_made_of() {
    let schema = home_schema();
    assert!(schema["$schema"].as_str().is_some_and(|name| name.contains("json-schema.org")), "{schema}");
    let text = schema.to_string();
    assert!(["locations", "filters", "actions", "lastmodified"].iter().all(|word| text.contains(word)));
}

fn home_schema() -> serde_json::Value {
    let said = Home::new().usher(&["schema"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    serde_json::from_str(&said.out).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_rule_file_is_shown_in_the_file_manager() {
    use usher_testkit::{Bus, MOCK};

    let home = Home::with_rules(FILE_PDFS);
    let bus = Bus::running();
    let (name, path) = ("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1");
    let manager = bus.bare(name, path);
    manager.call(path, MOCK, "AddMethod", &(name, "ShowItems", "ass", "", ""));
    let mut command = home.command(["show", "--reveal"]);
    let said = home.said(command.env("DBUS_SESSION_BUS_ADDRESS", bus.address()).output().unwrap());
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "", ""));
    let shown = format!("{:?}", manager.calls(path, "ShowItems"));
    assert!(shown.contains("config/usher/rules/rules.yaml"), "{shown}");
}

#[test]
fn every_rule_of_the_starter_acts_on_the_sandbox_while_it_is_watched() {
    starter_acts(&Home::new(), ["Invoices", "Texts"]);
    let french = Home::new();
    fs::create_dir_all(french.base().join("config/usher")).unwrap();
    fs::write(french.base().join("config/usher/settings.toml"), "language = \"fr\"\n").unwrap();
    starter_acts(&french, ["Factures", "Textes"]);
}

fn starter_acts(home: &Home, seats: [&str; 2]) {
    assert_eq!(home.usher(&["new", "--starter"]).code, Some(0));
    let starter = home.rules().join("starter.yaml");
    let text = fs::read_to_string(&starter).unwrap();
    assert!(text.contains("usher why ~/\"Usher sandbox/setup.bak\""), "a shell reads it");
    fs::write(&starter, text.replace("enabled: false", "enabled: true")).unwrap();
    let _watching = home.watch();
    let sandbox = home.path("Usher sandbox");
    crate::home::until("each file has found its seat", || crate::home::names(&sandbox) == seats);
}

#[cfg(unix)]
#[test]
fn what_is_there_and_no_rule_file_is_called_that() {
    let home = Home::new();
    for place in ["/dev/zero", "/", "in"] {
        fs::create_dir_all(home.path("in")).unwrap();
        let said = home.usher(&["check", place]);
        assert!(said.code == Some(1) && said.err.contains(&format!("{place} is not a file")), "{}", said.err);
    }
}

#[test]
fn a_new_file_outside_of_the_rules_folder_is_said_to_be_read_by_nobody() {
    let home = Home::new();
    let said = home.usher(&["new", "./a b"]);
    assert!(said.code == Some(0) && said.err.contains("usher edit './a b'"), "{}", said.err);
    assert!(said.err.contains("It lies outside of BASE/config/usher/rules"), "{}", said.err);
    assert!(!home.usher(&["new", "work"]).err.contains("outside"));
    assert_eq!(home.usher(&["new", ""]).code, Some(2));
}
