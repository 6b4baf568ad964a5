use super::*;
use crate::Rule;
use crate::fake::{Fake, rule};

const LONG: usize = 100 * 1024;

/// A text longer than both ends that are read first, with a letter in the middle.
fn long(middle: char) -> String {
    let half = "x".repeat(LONG / 2);
    format!("{half}{middle}{half}")
}

fn rule_by(by: &str) -> Rule {
    rule(&format!(
        "rules: [{{locations: /in, subfolders: true, filters: [extension, duplicate: {{detect_original_by: {by}}}], actions: [trash]}}]"
    ))
}

/// Asks about paths in one run; answers with `duplicate <- original` for each match.
fn asked(world: &Fake, rule: &Rule, looking: Looking, paths: &[&str]) -> Vec<String> {
    let arriving =
        if looking == Looking::Newcomer { paths.iter().map(PathBuf::from).collect() } else { HashSet::new() };
    let mut run = RunMemory { looking, arriving, ..RunMemory::default() };
    let mut said = Vec::new();
    for path in paths {
        run.arriving.remove(Path::new(path));
        let mut cx = Context::new(world, rule, Path::new(path), Path::new("/in"), &mut run);
        if rule.matches(&mut cx) {
            said.push(cx.path.as_ref().expect("a path").display().to_string());
        }
        assert!(cx.filter_errors.is_empty(), "{:?}", cx.filter_errors);
    }
    said
}

fn in_order(world: &Fake, by: &str, paths: &[&str]) -> Vec<String> {
    asked(world, &rule_by(by), Looking::InOrder, paths)
}

#[test]
fn the_same_bytes_are_found_whatever_the_length() {
    for (same, other) in [("", "x"), ("hello", "hallo"), (long('a').as_str(), long('b').as_str())] {
        let world =
            Fake::new().file("/in/a", same).file("/in/b", other).file("/in/c", same).file("/in/d", other);
        assert_eq!(in_order(&world, "first_seen", &["/in/a", "/in/b", "/in/c", "/in/d"]), ["/in/c", "/in/d"]);
    }
}

#[test]
fn three_files_with_the_same_ends_are_told_apart() {
    let world = Fake::new()
        .file("/in/a", &long('a'))
        .file("/in/b", &long('b'))
        .file("/in/c", &long('c'))
        .file("/in/d", &long('b'))
        .file("/in/e", &long('c'));
    assert_eq!(
        in_order(&world, "first_seen", &["/in/a", "/in/b", "/in/c", "/in/d", "/in/e"]),
        ["/in/d", "/in/e"]
    );
}

#[test]
fn files_alone_of_their_size_are_not_read() {
    let world = Fake::new().file("/in/a", "1").file("/in/b", "12").file("/in/c", "123");
    assert!(in_order(&world, "first_seen", &["/in/a", "/in/b", "/in/c"]).is_empty());
    assert_eq!(world.reads(), 0);
    asked(&world, &rule_by("first_seen"), Looking::Newcomer, &["/in/a", "/in/b", "/in/c"]);
    assert_eq!(world.reads(), 0);
}

#[test]
fn the_current_path_may_switch_to_the_earlier_file() {
    let world = Fake::new()
        .file("/in/b", "same")
        .modified("/in/b", "2026-01-02T00:00:00Z")
        .file("/in/a", "same")
        .modified("/in/a", "2026-01-03T00:00:00Z")
        .file("/in/c", "same")
        .modified("/in/c", "2026-01-01T00:00:00Z");
    for (by, expected) in [
        ("first_seen", ["/in/a", "/in/c"]),
        ("-first_seen", ["/in/b", "/in/a"]),
        ("last_seen", ["/in/b", "/in/a"]),
        ("-last_seen", ["/in/a", "/in/c"]),
        ("name", ["/in/b", "/in/c"]),
        ("-name", ["/in/a", "/in/b"]),
        ("lastmodified", ["/in/a", "/in/b"]),
        ("-lastmodified", ["/in/b", "/in/c"]),
    ] {
        assert_eq!(in_order(&world, by, &["/in/b", "/in/a", "/in/c"]), expected, "{by}");
    }
}

#[test]
fn the_original_is_published_and_why_names_it() {
    let world = Fake::new().file("/in/a", "same").file("/in/b", "same");
    let rule =
        rule("rules: [{locations: /in, filters: [duplicate], actions: [echo: '{duplicate.original.name}']}]");
    let mut run = RunMemory { looking: Looking::Found, ..RunMemory::default() };
    let mut cx = Context::new(&world, &rule, Path::new("/in/b"), Path::new("/in"), &mut run);
    let account = rule.explain(&mut cx);
    assert_eq!(account.filters[0].seen.as_deref(), Some("the same bytes as /in/a"));
    let step = rule.actions[0].plan(&mut cx).expect("a step");
    assert_eq!(step.note.as_deref(), Some("a"));
}

#[test]
fn without_a_known_birth_the_oldest_cannot_be_told() {
    let world = Fake::new().file("/in/a", "same").file("/in/b", "same");
    let rule = rule_by("created");
    let mut run = RunMemory::default();
    let mut matched = |path: &str| {
        let mut cx = Context::new(&world, &rule, Path::new(path), Path::new("/in"), &mut run);
        (rule.matches(&mut cx), cx.filter_errors.len())
    };
    assert_eq!(matched("/in/a"), (false, 0));
    assert_eq!(matched("/in/b"), (false, 1));
}

#[test]
fn a_file_is_never_its_own_duplicate() {
    let world = Fake::new().file("/in/a", "same").link("/linked", "/in").hard_link("/linked/a", "/in/a");
    assert!(in_order(&world, "first_seen", &["/in/a", "/in/a"]).is_empty());
    // The fake's way of having one folder under two names: the same numbers for the folder and what is in it.
    let world = Fake::new().file("/in/a", "same").dir("/other");
    let world = world.hard_link("/other/.", "/in").hard_link("/other/A", "/in/a");
    assert!(asked(&world, &rule_by("first_seen"), Looking::InOrder, &["/in/a", "/other/A"]).is_empty());
    // With a twin there is no more to find by the other path than by the first.
    let world = world.file("/in/b", "same").hard_link("/other/b", "/in/b");
    for by in ["first_seen", "last_seen", "-name"] {
        let once = asked(&world, &rule_by(by), Looking::InOrder, &["/in/a", "/in/b"]);
        let twice =
            asked(&world, &rule_by(by), Looking::InOrder, &["/in/a", "/in/b", "/other/A", "/other/b"]);
        assert_eq!((once.len(), twice), (1, once), "{by}");
    }
}

#[test]
fn a_hard_link_is_a_duplicate_of_the_other_name() {
    let world = Fake::new().file("/in/a", "same").hard_link("/in/b", "/in/a").hard_link("/in/sub/a", "/in/a");
    assert_eq!(in_order(&world, "first_seen", &["/in/a", "/in/b", "/in/sub/a"]), ["/in/b", "/in/sub/a"]);
}

#[test]
fn an_original_that_has_gone_or_changed_is_none() {
    let world = Fake::new().file("/in/a", "same").file("/in/b", "same").file("/in/c", "same");
    let rule = rule_by("first_seen");
    let mut run = RunMemory::default();
    let mut matched = |path: &str| {
        rule.matches(&mut Context::new(&world, &rule, Path::new(path), Path::new("/in"), &mut run))
    };
    assert!(!matched("/in/a"));
    world.apply(&crate::Op::Trash { path: "/in/a".into() });
    assert!(!matched("/in/b"));
    assert!(matched("/in/c"));
}

#[test]
fn a_newcomer_is_compared_with_what_is_there() {
    let world = Fake::new()
        .file("/in/a", "same")
        .file("/in/sub/b", "other")
        .file("/in/z", "same")
        .file("/in/q", "other");
    assert_eq!(asked(&world, &rule_by("first_seen"), Looking::Newcomer, &["/in/a"]), ["/in/a"]);
    assert_eq!(asked(&world, &rule_by("last_seen"), Looking::Newcomer, &["/in/a"]), ["/in/z"]);
    assert_eq!(asked(&world, &rule_by("name"), Looking::Newcomer, &["/in/a"]), ["/in/z"]);
    assert_eq!(asked(&world, &rule_by("first_seen"), Looking::Newcomer, &["/in/q"]), ["/in/q"]);
}

#[test]
fn of_newcomers_with_the_same_bytes_one_stays() {
    let world = Fake::new().file("/in/a", "same").file("/in/b", "same").file("/in/c", "same");
    for paths in [["/in/a", "/in/b", "/in/c"], ["/in/c", "/in/a", "/in/b"], ["/in/b", "/in/c", "/in/a"]] {
        let duplicates = asked(&world, &rule_by("first_seen"), Looking::Newcomer, &paths);
        assert_eq!(duplicates.len(), 2, "{paths:?}: {duplicates:?}");
    }
}

#[test]
fn found_files_are_judged_as_a_run_would_judge_them() {
    let world = Fake::new()
        .file("/in/b", "same")
        .modified("/in/b", "2026-01-02T00:00:00Z")
        .file("/in/a", "same")
        .modified("/in/a", "2026-01-03T00:00:00Z")
        .file("/in/sub/0", "same")
        .file("/in/sub/1", "other")
        .file("/in/sub/2", &long('a'))
        .file("/in/sub/3", &long('a'));
    let walk = ["/in/a", "/in/b", "/in/sub/0", "/in/sub/1", "/in/sub/2", "/in/sub/3"];
    let mut mixed = walk;
    mixed.reverse();
    for by in ["first_seen", "-first_seen", "name", "-name", "lastmodified", "-lastmodified"] {
        let expected = in_order(&world, by, &walk);
        let mut found = asked(&world, &rule_by(by), Looking::Found, &mixed);
        found.reverse();
        assert_eq!(found, expected, "{by}");
        // Each file on its own, as `why` asks.
        let alone: Vec<String> =
            walk.iter().flat_map(|path| asked(&world, &rule_by(by), Looking::Found, &[path])).collect();
        assert_eq!(alone, expected, "{by}");
    }
}

#[test]
fn only_files_that_pass_the_filters_before_count() {
    let world = Fake::new().file("/in/a.bak", "same").file("/in/b.jpg", "same").file("/in/c.jpg", "same");
    let filters = ["[extension: jpg, duplicate]", "[{all: [{not extension: bak}, duplicate]}]"];
    for filters in filters {
        let rule = rule(&format!("rules: [{{locations: /in, filters: {filters}, actions: [trash]}}]"));
        assert!(asked(&world, &rule, Looking::Found, &["/in/b.jpg"]).is_empty());
        assert_eq!(asked(&world, &rule, Looking::Found, &["/in/c.jpg"]), ["/in/c.jpg"]);
        let none = Fake::new().file("/in/a.bak", "same").file("/in/b.jpg", "same");
        assert!(asked(&none, &rule, Looking::Newcomer, &["/in/b.jpg"]).is_empty());
    }
}

#[test]
fn what_cannot_be_compared_does_not_stop_the_others() {
    let world = Fake::new().file("/in/a", "same").dir("/in/d").file("/in/b", "same");
    let rule = rule("rules: [{locations: /in, filters: [not duplicate], actions: [trash]}]");
    assert_eq!(asked(&world, &rule, Looking::InOrder, &["/in/a", "/in/b"]), ["/in/a"]);
    world.looking(&rule, "/in/missing", |cx| {
        assert!(!rule.matches(cx));
        assert_eq!(cx.filter_errors.len(), 1);
    });
}
