//! The contract's types as the window has them. A stale export is written afresh, and fails this test once, so that
//! nobody forgets to look at what has changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ts_rs::{Config, TS};
use usher_agent::api;

fn export(folder: &Path) {
    let config = Config::new().with_out_dir(folder);
    let all = [
        api::Request::export_all(&config),
        api::Notice::export_all(&config),
        api::Refusal::export_all(&config),
        api::Status::export_all(&config),
        api::Rules::export_all(&config),
        api::Starter::export_all(&config),
        api::LogPage::export_all(&config),
        api::UndoReport::export_all(&config),
        api::UndoPreview::export_all(&config),
        api::Why::export_all(&config),
        api::RunSummary::export_all(&config),
        api::Played::export_all(&config),
        api::RuleText::export_all(&config),
        api::Preview::export_all(&config),
        api::Found::export_all(&config),
        api::Chart::export_all(&config),
        api::Space::export_all(&config),
        api::Settings::export_all(&config),
        api::OwnerInfo::export_all(&config),
    ];
    all.into_iter().collect::<Result<Vec<()>, _>>().unwrap();
    // What the window's form is made from, for its tests.
    let schema = serde_json::to_string_pretty(&usher_rule::schema::schema()).unwrap();
    fs::write(folder.join("RuleSchema.json"), schema + "\n").unwrap();
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let entries = entries.map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries.map(|path| (name(&path), fs::read_to_string(&path).unwrap().replace("\r\n", "\n"))).collect()
}

#[test]
fn the_windows_types_are_those_of_the_contract() {
    let fresh = tempfile::tempdir().unwrap();
    export(fresh.path());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api");
    let (is, should) = (files(&folder), files(fresh.path()));
    if is == should {
        return;
    }
    let stale: Vec<&String> =
        is.keys().chain(should.keys()).filter(|name| is.get(*name) != should.get(*name)).collect();
    for name in is.keys().filter(|name| !should.contains_key(*name)) {
        fs::remove_file(folder.join(name)).unwrap();
    }
    for (name, text) in &should {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
    panic!(
        "ui/src/api was stale and has been written afresh: {stale:?}. Look at the difference and run the tests again"
    );
}
