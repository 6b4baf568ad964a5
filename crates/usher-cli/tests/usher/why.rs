//! `usher why` names what each filter saw.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::home::{Home, until};

/// Every filter, none of which is passed over.
const EVERY_FILTER: &str = "rules:
  - name: All of them
    locations: ~/in
    filter_mode: any
    filters:
      - not extension: [pdf, txt]
      - created: { days: 5 }
      - date: { from: [exif, name], days: 1 }
      - date_added: { days: 5 }
      - date_lastused: { days: 5 }
      - depth: 4
      - duplicate
      - empty
      - not exif: image.make
      - extension: pdf
      - filecontent: 'total (?P<sum>\\d+)'
      - hash: sha1
      - kind: image
      - lastmodified: { days: 3 }
      - macos_tags: [work]
      - mimetype: image
      - name: { startswith: invoice }
      - origin: '*example.org*'
      - python: 'return path.name == 1'
      - regex: '^(?P<letter>z)'
      - size: '> 1 MB'
      - tags: [work]
      - all: [ size: '< 1 kB', not name: b* ]
    actions: [move: ~/out/]\n";

#[cfg(target_os = "linux")]
#[test]
fn every_filter_says_what_it_saw() {
    let home = Home::with_rules(EVERY_FILTER);
    let file = home.write("in/scan 2026-01-31.txt", "hello total 12 and more");
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    fs::File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
    let said = home.usher(&["why", "in/scan 2026-01-31.txt"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // The seconds of a file that was made just now.
    let seen = |line: &str| match line.split_once("DATE TIME:") {
        Some((before, _)) if line.contains("created") => format!("{before}DATE TIME"),
        _ => line.to_owned(),
    };
    insta::assert_snapshot!(said.out.lines().map(seen).collect::<Vec<_>>().join("\n"), @r"
    BASE/home/in/scan 2026-01-31.txt

    All of them: it would act
      BASE/config/usher/rules/rules.yaml:2
      no        not extension: pdf, txt  saw txt
      no        created: older than 5 days  saw DATE TIME
      yes       date: older than 1 days from exif, name  saw DATE TIME:00 (from its name)
      error     date_added: older than 5 days  `date_added` is known on macOS only
      error     date_lastused: older than 5 days  `date_lastused` is known on macOS only
      no        depth: 4  saw 0
      no        duplicate: the same bytes as another file; the original by first_seen  saw no other file with these bytes
      no        empty: nothing inside  saw 23 bytes
      yes       not exif: image.make  saw nothing a camera wrote
      no        extension: pdf  saw txt
      yes       filecontent: total (?P<sum>\d+)  saw a text beginning with `hello total 12 and more`
      yes       hash: sha1  saw be73a1449895af0914225cfa732cd3e865713462
      no        kind: image  saw text
      yes       lastmodified: older than 3 days  saw DATE TIME:20
      error     macos_tags: work  Finder tags can only be read on macOS
      no        mimetype: image  saw text/plain
      no        name: begins with invoice  saw scan 2026-01-31
      no        origin: *example.org*  saw no origin is written down
      no        python: return path.name == 1  saw returned False
      no        regex: ^(?P<letter>z)  saw scan 2026-01-31.txt
      no        size: > 1 MB  saw 23 bytes
      no        tags: work  saw no tags
      yes       all
        yes       size: < 1 kB  saw 23 bytes
        yes       not name: b*  saw scan 2026-01-31
      would move ~/in/scan 2026-01-31.txt -> ~/out/scan 2026-01-31.txt
    ");
}

#[test]
fn what_would_make_a_rule_act_again_is_told() {
    let home = Home::with_rules(
        "rules:
  - { name: Once, locations: ~/in, repeat: once, actions: [echo: x] }
  - { name: Version, locations: ~/in, actions: [echo: x] }
  - { name: Cooling, locations: ~/in, cooldown: 2h, repeat: every_change, filters: [name: b], actions: [echo: x] }
  - { name: Old, locations: ~/in, filters: [lastmodified: {days: 30}], actions: [echo: x] }
  - { name: Idle, locations: ~/in, enabled: false, actions: [echo: x] }
  - { name: Elsewhere, locations: ~/other, actions: [echo: x] }\n",
    );
    let file = home.write("in/a", "a");
    fs::create_dir(home.path("other")).unwrap();
    let watching = home.watch();
    until("it has been handled", || home.usher(&["why", "in/a"]).out.matches("last acted").count() == 2);
    let said = home.usher(&["why", "in/a"]).out;
    let told = |rule: &str| {
        let part = said.split("\n\n").find(|part| part.starts_with(rule)).unwrap();
        let again = part.lines().find_map(|line| line.trim().strip_prefix("again: ")).unwrap_or("");
        let verdict = part.lines().next().unwrap().split(", and it has DATE").next().unwrap();
        format!("{verdict} | {again}")
    };
    let rules = ["Once", "Version", "Cooling", "Old", "Idle", "Elsewhere"];
    insta::assert_snapshot!(rules.map(told).join("\n"), @"
    Once: it has acted on this file, and does so once | only another `repeat` would
    Version: it has acted on this version of the file | it will act again when the file changes or moves
    Cooling: turned away by name: it wants b, and it has a | it looks again when the file changes or moves
    Old: turned away by lastmodified: it wants older than 30 days | time alone makes it match, at DATE TIME
    Idle: the rule is switched off | it does nothing before it is switched on
    Elsewhere: it does not lie in the rule's locations, or is excluded there |
    ");
    drop(watching);
    fs::remove_file(file).unwrap();
    let gone = home.usher(&["why", "in/a"]);
    assert_eq!(gone.code, Some(0), "{}", gone.err);
    assert!(gone.out.contains("nothing is there now"), "{}", gone.out);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_text_is_explained_like_any_other() {
    use std::os::unix::ffi::OsStrExt;

    let home = Home::with_rules(crate::home::FILE_ALL);
    let name = std::ffi::OsStr::from_bytes(b"in/caf\xe9.pdf");
    home.write(name, "x");
    let why = |home: &Home| {
        let said = home.said(home.command(["why".as_ref(), name]).output().unwrap());
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.out
    };
    let before = why(&home);
    assert!(before.contains("caf\u{fffd}.pdf") && before.contains("would move"), "{before}");
    assert_eq!(home.usher(&["run"]).code, Some(0));
    let after = why(&home);
    assert!(after.contains("nothing is there now") && after.contains("What was done to it"), "{after}");
    // Where a path goes over as text, one that is none is refused.
    let said = home.said(home.command(["run".as_ref(), "-W".as_ref(), name]).output().unwrap());
    assert_eq!(said.code, Some(2), "{}", said.err);
}

#[test]
fn a_tilde_that_quotes_have_kept_from_the_shell_is_the_home_directory() {
    let home = Home::with_rules(crate::home::FILE_ALL);
    home.write("in/a b.txt", "x");
    let first = || home.usher(&["why", "~/in/a b.txt"]).out.lines().next().unwrap().to_owned();
    assert_eq!(first(), "BASE/home/in/a b.txt");
    fs::create_dir(home.path("~")).unwrap();
    assert_eq!(first(), "BASE/home/~/in/a b.txt", "there is a folder of that name");
}

#[test]
fn a_name_that_says_unfinished_waits_a_day() {
    let home = Home::with_rules(crate::home::FILE_ALL);
    let file = home.write("in/half.part", "x");
    let why = || home.usher(&["why", "in/half.part"]).out;
    let waits = "waiting: its name says that it is not finished; it is taken after a day without change, or by `usher run`";
    assert!(why().contains(waits), "{}", why());
    let then = SystemTime::now() - Duration::from_secs(25 * 3600);
    fs::File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
    assert!(!why().contains("waiting"), "{}", why());
    fs::remove_file(&file).unwrap();
    assert!(!why().contains("waiting"), "nothing is there: {}", why());
}
