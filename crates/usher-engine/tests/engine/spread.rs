//! Random rules on random trees: whatever happened, undoing everything gives back the tree byte for byte.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use usher_engine::{LogFilter, StepState, UndoWhat};
use usher_testkit::{Fault, Home, Stage, Thing};

use crate::undoing::preview_is_what_happens;

/// Small trees with names that like to collide.
pub(crate) fn trees() -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = prop::sample::select(vec!["a.txt", "b.txt", "a.pdf", "b 2.txt", "c", "é.TXT", "$x.pdf"]);
    let dir = prop::sample::select(vec!["in", "in/sub", "in/sub/deep", "mid", "out"]);
    prop::collection::btree_map(
        (dir, name).prop_map(|(dir, name)| format!("{dir}/{name}")),
        "[xyz]{0,3}",
        1..10,
    )
}

/// One to four rules over three folders.
pub(crate) fn rules() -> impl Strategy<Value = String> {
    prop::collection::vec(rule(), 1..5).prop_map(|rules| format!("rules:\n{}", rules.concat()))
}

fn rule() -> impl Strategy<Value = String> {
    let place = prop::sample::select(vec!["~/in", "~/mid", "~/out", "[~/in, ~/mid]"]);
    let filter = prop::sample::select(vec![
        "[]",
        "[ extension: txt ]",
        "[ not extension: pdf ]",
        "[ { name: { startswith: a } } ]",
        "[ { size: '> 1' } ]",
        "[ empty ]",
        "[ { regex: '^(?P<stem>.)' } ]",
        "[ { any: [ { extension: pdf }, { all: [ { name: { startswith: a } }, { size: '< 2' } ] } ] } ]",
    ]);
    let options = prop::sample::select(vec![
        "",
        "",
        "",
        "    stop: true\n",
        "    limit: 3\n",
        "    repeat: every_change\n",
        "    repeat: once\n",
    ]);
    let files = (place.clone(), any::<bool>(), filter, options, actions(action())).prop_map(
        |(place, deep, filter, options, actions)| {
            let head = format!("  - locations: {place}\n    subfolders: {deep}\n    filters: {filter}\n");
            format!("{head}{options}    actions:\n{actions}")
        },
    );
    let targets = prop::sample::select(vec!["dirs", "[files, dirs]"]);
    let filter = prop::sample::select(vec!["[]", "[ { name: { startswith: s } } ]", "[ empty ]"]);
    let folders = (place, any::<bool>(), targets, filter, actions(folder_action())).prop_map(
        |(place, deep, targets, filter, actions)| {
            let head = format!("  - locations: {place}\n    subfolders: {deep}\n    targets: {targets}\n");
            format!("{head}    filters: {filter}\n    actions:\n{actions}")
        },
    );
    prop_oneof![4 => files, 1 => folders]
}

fn actions(action: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(action, 1..4)
        .prop_map(|actions| actions.iter().map(|action| format!("      - {action}\n")).collect())
}

/// One of the six answers to a name that is taken.
fn mode() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"])
}

/// Something done to a file.
fn action() -> impl Strategy<Value = String> {
    let dest =
        prop::sample::select(vec!["~/in/", "~/mid/", "~/out/", "~/new/{path.suffix}/", "~/out/fixed.txt"]);
    (0..14u8, dest, mode()).prop_map(|(kind, dest, mode)| match kind {
        0..3 => format!("{{ move: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        3..6 => format!("{{ copy: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        6 => format!("{{ copy: {{ dest: '{dest}', on_conflict: {mode}, continue_with: original }} }}"),
        7 => format!("{{ rename: {{ new_name: 'r-{{path.name}}', on_conflict: {mode} }} }}"),
        8 => "trash".to_owned(),
        9 => "{ write: { text: '{path.name}', outfile: '~/out/log.txt', mode: prepend } }".to_owned(),
        10 => "{ write: { text: '{path.name}', outfile: '~/out/log.txt', mode: append } }".to_owned(),
        11 => "{ write: { text: '{path.name}', outfile: '~/mid/last.txt', mode: overwrite } }".to_owned(),
        12 => format!("{{ hardlink: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        _ => format!("{{ symlink: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
    })
}

/// Something done to a folder, or to a file.
fn folder_action() -> impl Strategy<Value = String> {
    let dest = prop::sample::select(vec!["~/mid/", "~/out/", "~/new/{path.stem}/"]);
    (0..6u8, dest, mode()).prop_map(|(kind, dest, mode)| match kind {
        0 | 1 => format!("{{ move: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        2 | 3 => format!("{{ copy: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        4 => format!("{{ rename: {{ new_name: 'r-{{path.name}}', on_conflict: {mode} }} }}"),
        _ => "trash".to_owned(),
    })
}

/// The same cases in each run of the tests, and few of them. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` look elsewhere and
/// for longer.
pub(crate) fn config() -> ProptestConfig {
    let given = |name| std::env::var_os(name).is_some();
    let mut config =
        ProptestConfig { max_shrink_iters: 2048, failure_persistence: None, ..ProptestConfig::default() };
    if !given("PROPTEST_CASES") {
        config.cases = 64;
    }
    if !given("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(7);
    }
    config
}

/// Everything but Usher's own folders, without directories (an empty one may stay behind).
fn files(stage: &Stage) -> BTreeMap<PathBuf, Thing> {
    let mut tree = stage.home.tree("");
    tree.retain(|path, thing| {
        !path.starts_with(".state") && !path.starts_with(".data") && *thing != Thing::Dir
    });
    tree
}

/// Bytes of every file there is, the vault and the trash included.
fn all_bytes(stage: &Stage) -> Vec<Vec<u8>> {
    let bytes = stage.home.tree("").into_iter().filter_map(|(path, thing)| match thing {
        Thing::File(bytes, _) if !path.to_string_lossy().contains(".state/journal.") => Some(bytes),
        _ => None,
    });
    bytes.collect()
}

/// What goes wrong at some change of the disk.
fn faults() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
        Fault::KilledBefore,
        Fault::KilledAfter,
        Fault::Fails(ErrorKind::StorageFull),
        Fault::Fails(ErrorKind::PermissionDenied),
    ])
}

/// The tree in a home of its own, no two files of one length: of two that are alike it does not matter which is where.
fn scene(tree: &BTreeMap<String, String>) -> Arc<Home> {
    let home = Arc::new(Home::new());
    for (nr, (path, bytes)) in tree.iter().enumerate() {
        home.write(path, format!("{}{bytes}", "-".repeat(nr * 4)));
    }
    home
}

/// Does something with an engine whose disk has a fault. A kill ends it, as it would end the process.
fn with_fault(home: &Arc<Home>, rules: &str, fault: Fault, at: usize, what: impl FnOnce(&mut Stage)) {
    let killed = catch_unwind(AssertUnwindSafe(|| {
        let mut stage = Stage::with(Arc::clone(home), rules, Some(fault), at);
        what(&mut stage);
    }));
    assert!(killed.is_ok() || matches!(fault, Fault::KilledBefore | Fault::KilledAfter), "{killed:?}");
}

/// Steps that are neither before nor after, and files that are half made.
fn between(stage: &Stage) -> Vec<String> {
    let journal = stage.engine.journal();
    let runs = journal.runs(&LogFilter::default()).unwrap();
    let steps = runs.iter().flat_map(|run| journal.steps(run.id).unwrap());
    let open = steps.filter(|step| step.state == StepState::Intended).map(|step| format!("{step:?}"));
    let tree = stage.home.tree("").into_keys();
    let parts = tree.filter(|path| path.to_string_lossy().contains(".usher-part"));
    open.chain(parts.map(|path| path.display().to_string())).collect()
}

/// Undoes every run, and sees that each undo does what its preview has said.
fn undo_everything(stage: &mut Stage) -> Vec<String> {
    let mut refused = Vec::new();
    for run in (1..=stage.engine.journal().run_count()).rev() {
        let outcome = preview_is_what_happens(stage, &UndoWhat::Run(run), false);
        refused.extend(outcome.refused.into_iter().map(|(_, reason)| reason.into()));
    }
    refused
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn undoing_a_run_gives_back_the_tree(tree in trees(), rules in rules()) {
        let mut stage = Stage::new(&rules);
        for (path, bytes) in &tree {
            stage.home.write(path, bytes);
        }
        let before = files(&stage);
        stage.run();
        let refused = undo_everything(&mut stage);
        prop_assert!(refused.is_empty(), "{refused:?}");
        prop_assert_eq!(files(&stage), before);
    }

    #[test]
    fn undoing_live_runs_gives_back_the_tree(tree in trees(), rules in rules()) {
        let mut stage = Stage::new(&rules);
        let before: BTreeMap<PathBuf, Vec<u8>> =
            tree.iter().map(|(path, bytes)| (path.into(), bytes.clone().into_bytes())).collect();
        for (path, bytes) in &tree {
            stage.drop_file(path, bytes);
        }
        stage.settle();
        let refused = undo_everything(&mut stage);
        prop_assert!(refused.is_empty(), "{refused:?}");
        let after: BTreeMap<PathBuf, Vec<u8>> = files(&stage)
            .into_iter()
            .filter_map(|(path, thing)| if let Thing::File(bytes, _) = thing { Some((path, bytes)) } else { None })
            .collect();
        prop_assert_eq!(after, before);
    }

    #[test]
    fn outside_edits_never_cost_a_byte(tree in trees(), rules in rules(), edited in any::<prop::sample::Index>()) {
        let mut stage = Stage::new(&rules);
        for (nr, (path, _)) in tree.iter().enumerate() {
            stage.home.write(path, format!("unique {nr}"));
        }
        let before = all_bytes(&stage);
        stage.run();
        let now = files(&stage).into_iter().filter(|(_, thing)| matches!(thing, Thing::File(..)));
        let now: Vec<PathBuf> = now.map(|(path, _)| path).collect();
        if !now.is_empty() {
            // Somebody appends to a file that may have been filed, and puts another one at its old place.
            let path = stage.home.path(edited.get(&now));
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.extend_from_slice(b" edited");
            std::fs::write(&path, bytes).unwrap();
        }
        undo_everything(&mut stage);
        let after = all_bytes(&stage);
        for bytes in before {
            let kept = after.iter().any(|kept| kept.windows(bytes.len().max(1)).any(|part| part == bytes));
            prop_assert!(kept, "{:?} is lost", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn a_fault_at_any_change_leaves_nothing_between(
        tree in trees(), rules in rules(), fault in faults(), at in 0..40usize,
    ) {
        let home = scene(&tree);
        let before = files(&Stage::with(Arc::clone(&home), &rules, None, 0));
        with_fault(&home, &rules, fault, at, |stage| drop(stage.run()));
        let mut stage = Stage::with(home, &rules, None, 0);
        prop_assert_eq!(between(&stage), [] as [String; 0]);
        let refused = undo_everything(&mut stage);
        prop_assert!(refused.is_empty(), "{refused:?}");
        prop_assert_eq!(files(&stage), before);
    }

    #[test]
    fn a_fault_in_an_undo_leaves_nothing_between(
        tree in trees(), rules in rules(), fault in faults(), at in 0..40usize,
    ) {
        let home = scene(&tree);
        let mut stage = Stage::with(Arc::clone(&home), &rules, None, 0);
        let before = files(&stage);
        stage.run();
        let runs = stage.engine.journal().run_count();
        drop(stage);
        with_fault(&home, &rules, fault, at, |stage| {
            for run in (1..=runs).rev() {
                drop(stage.engine.undo(&UndoWhat::Run(run), false));
            }
        });
        let mut stage = Stage::with(home, &rules, None, 0);
        prop_assert_eq!(between(&stage), [] as [String; 0]);
        for run in (1..=runs).rev() {
            let outcome = stage.engine.undo(&UndoWhat::Run(run), false).unwrap();
            let refused: Vec<String> = outcome.refused.into_iter().map(|(_, reason)| reason.into()).collect();
            prop_assert!(refused.is_empty(), "{refused:?}, {:#?}", stage.journal());
        }
        prop_assert_eq!(files(&stage), before);
    }
}
