use proptest::prelude::*;

use super::*;
use crate::Targets;
use crate::fake::{Fake, rule};
use crate::occasions::NO_FACTS;

const BOTH: Targets = Targets { files: true, dirs: true };
const FILES: Targets = Targets { files: true, dirs: false };

fn walked(world: &Fake, location: &str, targets: Targets) -> Vec<String> {
    let rule = rule(&format!("rules: [{{locations: {location}, actions: trash}}]"));
    let mut seen = Vec::new();
    for root in rule.roots(world, &NO_FACTS).expect("roots") {
        root.walk(world, targets, &mut |path, error| panic!("{path:?}: {error}"), &mut |subject| {
            seen.push(subject.path.to_string_lossy().into_owned());
            true
        });
    }
    seen
}

fn tree() -> Fake {
    Fake::new()
        .file("/in/b 10.txt", "")
        .file("/in/b 2.txt", "")
        .file("/in/Thumbs.db", "")
        .file("/in/.git/config", "")
        .file("/in/sub/c.txt", "")
        .file("/in/sub/deep/d.txt", "")
        .file("/in/A/e.txt", "")
        .link("/in/door", "/in/sub")
}

#[test]
fn a_folder_gives_its_own_files_in_natural_order() {
    assert_eq!(walked(&tree(), "/in", FILES), ["/in/b 2.txt", "/in/b 10.txt"]);
}

#[test]
fn files_come_before_subfolders_unless_depth_is_asked_for() {
    let all = "{path: /in, max_depth: null}";
    assert_eq!(
        walked(&tree(), all, BOTH),
        [
            "/in/b 2.txt",
            "/in/b 10.txt",
            "/in/A",
            "/in/sub",
            "/in/A/e.txt",
            "/in/sub/c.txt",
            "/in/sub/deep",
            "/in/sub/deep/d.txt"
        ]
    );
    let deep = "{path: /in, max_depth: null, search: depth}";
    assert_eq!(
        walked(&tree(), deep, BOTH),
        [
            "/in/A/e.txt",
            "/in/sub/deep/d.txt",
            "/in/sub/c.txt",
            "/in/sub/deep",
            "/in/b 2.txt",
            "/in/b 10.txt",
            "/in/A",
            "/in/sub"
        ]
    );
}

#[test]
fn depths_and_patterns_limit_a_walk() {
    let world = tree();
    for (location, wanted) in [
        ("{path: /in, min_depth: 1, max_depth: 1}", vec!["/in/A/e.txt", "/in/sub/c.txt"]),
        ("{path: /in, max_depth: 5, exclude_dirs: sub}", vec!["/in/b 2.txt", "/in/b 10.txt", "/in/A/e.txt"]),
        (
            "{path: /in, max_depth: 5, filter_dirs: [s*]}",
            vec!["/in/b 2.txt", "/in/b 10.txt", "/in/sub/c.txt"],
        ),
        ("{path: /in, max_depth: 5, filter: ['[cd].txt']}", vec!["/in/sub/c.txt", "/in/sub/deep/d.txt"]),
        ("{path: /in, exclude_files: [['b 1*']]}", vec!["/in/b 2.txt"]),
        ("{path: /in, system_exclude_files: []}", vec!["/in/b 2.txt", "/in/b 10.txt", "/in/Thumbs.db"]),
        ("{path: [/in/A, [/in/sub]]}", vec!["/in/A/e.txt", "/in/sub/c.txt"]),
    ] {
        assert_eq!(walked(&world, location, FILES), wanted, "{location}");
    }
}

#[test]
fn a_root_can_be_a_link_or_a_file_or_missing() {
    let world = tree();
    assert_eq!(walked(&world, "/in/door", FILES), ["/in/door/c.txt"]);
    assert_eq!(walked(&world, "/in/Thumbs.db", FILES), ["/in/Thumbs.db"]);
    assert!(walked(&world, "/in/nowhere", FILES).is_empty());
}

#[test]
fn usher_s_own_folder_is_left_out_by_each_of_its_paths() {
    let own = ["/mnt/vault", "/mnt/home/state", "/home/state"];
    let files = ["/home/a", "/home/state/vault/x", "/mnt/home/a", "/mnt/home/state/vault/x", "/mnt/vault/x"];
    let world = files.iter().fold(Fake::new(), |world, path| world.file(path, "")).with_own(&own);
    for (location, wanted) in [
        ("/home", vec!["/home/a"]),
        // What holds the folder is no subject itself.
        ("/mnt", vec!["/mnt/home/a"]),
        ("/mnt/home", vec!["/mnt/home/a"]),
        ("/mnt/vault", vec![]),
        ("/mnt/home/state/vault", vec![]),
    ] {
        let all = format!("{{path: {location}, max_depth: null}}");
        assert_eq!(walked(&world, &all, BOTH), wanted, "{location}");
        let rule = rule(&format!("rules: [{{locations: {all}, actions: trash}}]"));
        let roots = rule.roots(&world, &NO_FACTS).expect("roots");
        let covered = |path: &&str| roots[0].covers(Path::new(path), Kind::File, FILES);
        assert_eq!(files.into_iter().filter(covered).collect::<Vec<_>>(), wanted, "{location}");
    }
}

#[test]
fn roots_are_expanded_and_made_absolute() {
    let world = Fake::new().with_env("INBOX", "/mail/in");
    for (location, wanted) in [
        ("'~/Downloads/'", "/home/me/Downloads"),
        ("$INBOX/x", "/mail/in/x"),
        ("'{env.INBOX}/{now().year}'", "/mail/in/2026"),
        ("relative/../other", "/here/other"),
        (".", "/here"),
    ] {
        let rule = rule(&format!("rules: [{{locations: [{location}], actions: trash}}]"));
        let roots = rule.roots(&world, &NO_FACTS).expect(location);
        assert_eq!(roots[0].path, Path::new(wanted), "{location}");
    }
    let rule = rule("rules: [{locations: '{extension}', actions: trash}]");
    let error = rule.roots(&world, &NO_FACTS).expect_err("no such variable here");
    assert_eq!(
        error,
        "the location `{extension}` cannot be expanded: no value for the placeholder `extension`"
    );
}

#[test]
fn a_walk_stops_when_told() {
    let rule = rule("rules: [{locations: /in, subfolders: true, actions: trash}]");
    let world = tree();
    let mut count = 0;
    rule.roots(&world, &NO_FACTS).expect("roots")[0].walk(&world, FILES, &mut |_, _| {}, &mut |_| {
        count += 1;
        count < 2
    });
    assert_eq!(count, 2);
}

/// Names that the patterns below tell apart.
fn a_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "ab", "a.txt", "B.txt", ".git", "thumbs.db", "keep"])
}

fn a_pattern() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "a*", "*.txt", "?", "[ab]*", "keep", "*"])
}

fn some_patterns() -> impl Strategy<Value = Patterns> {
    prop::collection::vec(a_pattern(), 0..2).prop_map(|list| Patterns::new(list.into_iter(), false))
}

prop_compose! {
    fn a_reach()(
        min_depth in 0usize..3,
        max_depth in prop::option::of(0usize..4),
        depth_first in any::<bool>(),
        exclude_files in some_patterns(),
        exclude_dirs in some_patterns(),
        filter in prop::option::of(some_patterns()),
        filter_dirs in prop::option::of(some_patterns()),
        system in any::<bool>(),
    ) -> Reach {
        let system = |name: &'static str| Patterns::new([name].into_iter().filter(|_| system), true);
        Reach {
            min_depth, max_depth, exclude_files, exclude_dirs, filter, filter_dirs,
            order: if depth_first { Order::Depth } else { Order::Breadth },
            system_files: system("Thumbs.db"),
            system_dirs: system(".git"),
        }
    }
}

proptest! {
    #[test]
    fn a_walk_visits_exactly_what_is_covered(
        reach in a_reach(),
        paths in prop::collection::vec((prop::collection::vec(a_name(), 1..5), 0..3), 0..20),
        files in any::<bool>(),
        dirs in any::<bool>(),
        root_is_file in prop::bool::weighted(0.05),
    ) {
        let mut world = Fake::new();
        world = if root_is_file { world.file("/root", "") } else { world.dir("/root") };
        let mut taken = std::collections::BTreeSet::new();
        for (parts, kind) in paths {
            let path = parts.iter().fold(PathBuf::from("/root"), |path, part| path.join(part));
            let free = !root_is_file && path.ancestors().all(|part| !taken.contains(part)) && !world.has(&path);
            if free {
                world = match kind {
                    0 => world.dir(&path),
                    1 => world.link(&path, "/root"),
                    _ => world.file(&path, ""),
                };
                if kind != 0 {
                    taken.insert(path);
                }
            }
        }
        let targets = Targets { files, dirs };
        let root = Root::new("/root", Arc::new(reach));
        let mut walked = std::collections::BTreeSet::new();
        root.walk(&world, targets, &mut |_, _| {}, &mut |subject| {
            assert!(walked.insert(subject.path.clone()), "visited twice: {subject:?}");
            true
        });
        let mut covered = std::collections::BTreeSet::new();
        let mut open = vec![PathBuf::from("/root"), PathBuf::from("/elsewhere")];
        while let Some(path) = open.pop() {
            let Ok(stat) = world.stat(&path) else { continue };
            if root.covers(&path, stat.kind, targets) {
                covered.insert(path.clone());
            }
            if stat.kind == Kind::Dir {
                open.extend(world.list(&path).expect("a folder").into_iter().map(|entry| path.join(entry.name)));
            }
        }
        prop_assert_eq!(walked, covered);
    }
}
