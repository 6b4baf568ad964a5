//! Random rules on random trees: whatever happened, undoing everything gives back the tree byte for byte.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use usher_engine::UndoWhat;
use usher_testkit::{Stage, Thing};

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
    ]);
    let dest =
        prop::sample::select(vec!["~/in/", "~/mid/", "~/out/", "~/new/{path.suffix}/", "~/out/fixed.txt"]);
    let mode = prop::sample::select(vec![
        "skip",
        "overwrite",
        "trash",
        "rename_new",
        "rename_existing",
        "deduplicate",
    ]);
    let action = (0..7u8, dest, mode).prop_map(|(kind, dest, mode)| match kind {
        0 | 1 => format!("{{ move: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        2 | 3 => format!("{{ copy: {{ dest: '{dest}', on_conflict: {mode} }} }}"),
        4 => format!("{{ rename: {{ new_name: 'r-{{path.name}}', on_conflict: {mode} }} }}"),
        5 => "trash".to_owned(),
        _ => "{ write: { text: '{path.name}', outfile: '~/out/log.txt', mode: prepend } }".to_owned(),
    });
    (place, any::<bool>(), filter, prop::collection::vec(action, 1..4)).prop_map(|(place, deep, filter, actions)| {
        let actions: String = actions.iter().map(|action| format!("      - {action}\n")).collect();
        format!("  - locations: {place}\n    subfolders: {deep}\n    filters: {filter}\n    actions:\n{actions}")
    })
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

/// Undoes every run, and sees that each undo does what its preview has said.
fn undo_everything(stage: &mut Stage) -> Vec<String> {
    let mut refused = Vec::new();
    for run in (1..=stage.engine.journal().run_count()).rev() {
        let outcome = preview_is_what_happens(stage, &UndoWhat::Run(run), false);
        refused.extend(outcome.refused.into_iter().map(|(_, reason)| reason));
    }
    refused
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 256, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

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
        let now: Vec<PathBuf> = files(&stage).into_keys().collect();
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
}
