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
      - depth: '> 0'
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
    insta::assert_snapshot!(said.out.lines().map(seen).collect::<Vec<_>>().join("\n"), @"");
}

#[test]
fn what_would_make_a_rule_act_again_is_told() {
    let home = Home::with_rules(
        "rules:
  - { name: Once, locations: ~/in, repeat: once, actions: [echo: x] }
  - { name: Version, locations: ~/in, actions: [echo: x] }
  - { name: Cooling, locations: ~/in, cooldown: 2h, repeat: every_change, filters: [name: b], actions: [echo: x] }
  - { name: Old, locations: ~/in, filters: [lastmodified: {days: 30}], actions: [echo: x] }
  - { name: Off, locations: ~/in, enabled: false, actions: [echo: x] }
  - { name: Elsewhere, locations: ~/other, actions: [echo: x] }\n",
    );
    let file = home.write("in/a", "a");
    let watching = home.watch();
    until("it has been handled", || home.usher(&["why", "in/a"]).out.matches("last acted").count() == 2);
    let said = home.usher(&["why", "in/a"]).out;
    let told = |rule: &str| {
        let part = said.split("\n\n").find(|part| part.starts_with(rule)).unwrap();
        let again = part.lines().find_map(|line| line.trim().strip_prefix("again: ")).unwrap_or("");
        format!("{} | {again}", part.lines().next().unwrap())
    };
    let rules = ["Once", "Version", "Cooling", "Old", "Off", "Elsewhere"];
    insta::assert_snapshot!(rules.map(told).join("\n"), @"");
    drop(watching);
    fs::remove_file(file).unwrap();
    let gone = home.usher(&["why", "in/a"]);
    assert_eq!(gone.code, Some(0), "{}", gone.err);
    assert!(gone.out.contains("nothing is there now"), "{}", gone.out);
}
