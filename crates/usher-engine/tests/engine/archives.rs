//! Archives made and taken apart: as simulated, in one step, and taken back.

use std::fs;
use std::io::{Cursor, Write};
use std::sync::Arc;

use usher_engine::UndoWhat;
use usher_testkit::{Fault, Home, Stage, Thing};

#[track_caller]
fn undo(stage: &mut Stage) -> Vec<String> {
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    let root = stage.home.root().display().to_string();
    outcome.refused.into_iter().map(|(_, reason)| reason.replace(&root, "~")).collect()
}

/// The files below a folder with their bytes, and links with what they say.
fn below(stage: &Stage, folder: &str) -> Vec<(String, String)> {
    let text = |thing: Thing| match thing {
        Thing::File(bytes, _) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Thing::Link(target) => Some(format!("-> {}", target.display())),
        Thing::Dir => None,
    };
    let things = stage.home.tree(folder).into_iter();
    things.filter_map(|(path, thing)| Some((path.display().to_string(), text(thing)?))).collect()
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        let options = zip::write::SimpleFileOptions::default();
        match text.strip_prefix("-> ") {
            Some(target) => writer.add_symlink(*name, target, options).unwrap(),
            None => {
                writer.start_file(*name, options).unwrap();
                writer.write_all(text.as_bytes()).unwrap();
            }
        }
    }
    writer.finish().unwrap().into_inner()
}

fn round_trip(format: &str) -> Stage {
    let mut stage = Stage::new(&format!(
        "
rules:
  - locations: ~/in
    targets: [files, dirs]
    actions: [ {{ archive: '~/packed/{{path.name}}.{format}' }} ]
  - locations: ~/packed
    actions: [ {{ extract: ~/out/ }} ]
"
    ));
    stage.home.write("in/a.txt", "a");
    stage.home.write("in/tree/deep/b.sh", "#!/bin/sh");
    stage.home.mkdir("in/tree/empty");
    let script = stage.home.path("in/tree/deep/b.sh");
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink("deep/b.sh", stage.home.path("in/tree/link")).unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_001);
    fs::File::options().write(true).open(script).unwrap().set_modified(long_ago).unwrap();
    stage.run();
    stage
}

#[test]
fn what_was_packed_comes_out_again() {
    for format in ["zip", "tar.gz"] {
        let mut stage = round_trip(format);
        assert_eq!(
            below(&stage, "out"),
            [
                ("a.txt/a.txt".to_owned(), "a".to_owned()),
                ("tree/deep/b.sh".to_owned(), "#!/bin/sh".to_owned()),
                ("tree/link".to_owned(), "-> deep/b.sh".to_owned()),
            ],
            "{format}: a folder is not put into another of the same name"
        );
        assert!(stage.home.path("out/tree/empty").is_dir());
        let stat = fs::metadata(stage.home.path("out/tree/deep/b.sh")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&stat.permissions()) & 0o100, 0o100);
        let seconds = stat.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(seconds, 1_000_000_001, "{format}");
        let before = below(&stage, "in");
        assert!(undo(&mut stage).is_empty());
        assert_eq!(stage.home.list("out") + &stage.home.list("packed"), "");
        assert_eq!(below(&stage, "in"), before, "originals stay throughout");
        stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
        assert_eq!(stage.home.read("out/tree/deep/b.sh").as_deref(), Some("#!/bin/sh"), "{format}");
    }
}

#[test]
fn other_programs_read_our_archives() {
    let stage = round_trip("tar.gz");
    let path = stage.home.path("packed/tree.tar.gz");
    let listed = std::process::Command::new("tar").arg("tzf").arg(&path).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&listed.stdout),
        "tree/\ntree/deep/\ntree/deep/b.sh\ntree/empty/\ntree/link\n"
    );
}

#[test]
fn a_simulation_shows_what_an_archive_holds_to_later_rules() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    filters: [ extension: zip ]
    actions: [ extract, trash ]
  - locations: ~/in
    subfolders: true
    filters: [ extension: txt, size: '> 3b' ]
    actions: [ { move: '~/out/{path.parent.name}-{path.name}' } ]
",
    );
    stage.home.write("in/a.zip", zip(&[("x.txt", "long"), ("y.txt", "no"), ("z.txt", "long")]));
    stage.home.write("in/b.zip", zip(&[("top/x.txt", "longer"), ("top/y.pdf", "pdf")]));
    let before = stage.home.tree("in");
    let sim = stage.sim();
    assert_eq!(stage.home.tree("in"), before);
    assert_eq!(
        sim,
        [
            "extract ~/in/a.zip -> ~/in/a (x.txt, y.txt, z.txt)",
            "trash ~/in/a.zip",
            "extract ~/in/b.zip -> ~/in/b (x.txt, y.pdf)",
            "trash ~/in/b.zip",
            "move ~/in/a/x.txt -> ~/out/a-x.txt",
            "move ~/in/a/z.txt -> ~/out/a-z.txt",
            "move ~/in/b/x.txt -> ~/out/b-x.txt",
        ]
    );
    assert_eq!(stage.run(), sim);
    assert_eq!(stage.home.list("in"), "a/y.txt\nb/y.pdf");
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.tree("in"), before);
}

#[test]
fn rules_look_into_files_that_are_not_unpacked_yet() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { extract: ~/out/ } ]
  - locations: ~/out
    subfolders: true
    actions: [ { copy: { dest: ~/all/, on_conflict: deduplicate } } ]
",
    );
    stage.home.write("in/a.zip", zip(&[("x", "same"), ("y", "other")]));
    stage.home.write("in/b.zip", zip(&[("x", "same"), ("y", "another")]));
    let sim = stage.sim();
    assert_eq!(stage.run(), sim);
    assert_eq!(stage.home.list("all"), "x\ny\ny 2");
    assert_eq!(stage.home.read("all/y 2").as_deref(), Some("another"));
}

#[test]
fn an_unpacked_folder_that_was_changed_stays() {
    let mut stage = Stage::new("rules: [ { locations: ~/in, actions: [ extract ] } ]");
    stage.home.write("in/a.zip", zip(&[("d/x", "1"), ("y", "2")]));
    stage.run();
    stage.home.write("in/a/d/mine", "mine");
    assert_eq!(undo(&mut stage), ["something in ~/in/a has been changed since"]);
    fs::remove_file(stage.home.path("in/a/d/mine")).unwrap();
    assert!(undo(&mut stage).is_empty(), "as it was left");
    assert_eq!(stage.home.list("in"), "a.zip");
}

#[test]
fn a_gz_becomes_a_file_and_a_taken_name_is_not_replaced() {
    let mut stage =
        Stage::new("rules: [ { locations: ~/in, filters: [extension: gz], actions: [ extract ] } ]");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"text").unwrap();
    stage.home.write("in/a.txt.gz", encoder.finish().unwrap());
    stage.home.write("in/a.txt", "mine");
    let sim = stage.sim();
    assert_eq!(sim, ["extract ~/in/a.txt.gz -> ~/in/a 2.txt"]);
    assert_eq!(stage.run(), sim);
    assert_eq!(stage.home.read("in/a 2.txt").as_deref(), Some("text"));
    assert_eq!(stage.home.read("in/a.txt").as_deref(), Some("mine"));
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.list("in"), "a.txt\na.txt.gz");
}

#[test]
fn hostile_archives_change_nothing() {
    let mut stage = Stage::new("rules: [ { locations: ~/in, actions: [ extract ] } ]");
    let hostile = [
        zip(&[("ok", "1"), ("../out", "2")]),
        zip(&[("/tmp/usher-was-here", "1")]),
        zip(&[("l", "-> /etc"), ("l/passwd", "1")]),
        zip(&[("d/l", "-> ../../..")]),
        zip(&[("top/l", "-> ../x"), ("top/x", "1")]),
        b"PK\x03\x04 and nothing else".to_vec(),
    ];
    for (nr, bytes) in hostile.iter().enumerate() {
        stage.home.write(format!("in/{nr}.zip"), bytes);
    }
    let before = stage.home.tree("in");
    let lines = stage.run();
    assert_eq!(lines.len(), hostile.len());
    assert!(lines.iter().all(|line| line.contains(" ! ")), "{lines:?}");
    assert_eq!(stage.home.tree("in"), before);
    assert!(!stage.home.path("out").exists() && !std::path::Path::new("/tmp/usher-was-here").exists());
}

#[test]
fn what_only_shows_while_unpacking_leaves_nothing_either() {
    let mut stage = Stage::new("rules: [ { locations: ~/in, actions: [ extract ] } ]");
    let mut bytes = zip(&[("a", "some text"), ("b", "more text")]);
    // The list stays as it is: only a look at the bytes themselves finds this.
    let at = bytes.windows(9).position(|part| part == b"more text").unwrap_or(70);
    bytes[at] ^= 1;
    stage.home.write("in/a.zip", bytes);
    let lines = stage.run();
    assert!(lines[0].contains(" ! cannot unpack "), "{lines:?}");
    assert_eq!(stage.home.list("in"), "a.zip");
    assert_eq!(fs::read_dir(stage.home.path("in")).unwrap().count(), 1, "no half-made folder");
}

#[test]
fn names_that_are_not_text_go_into_tar_and_not_into_zip() {
    use std::os::unix::ffi::OsStringExt;
    let name = std::ffi::OsString::from_vec(b"a\xff.txt".to_vec());
    let rules = "rules: [ { locations: ~/in, actions: [ archive: { format: FORMAT } ] } ]";
    let mut stage = Stage::new(&rules.replace("FORMAT", "zip"));
    stage.home.write(std::path::Path::new("in").join(&name), "x");
    let lines = stage.run();
    assert!(lines[0].contains("is not text, which zip cannot hold"), "{lines:?}");
    assert_eq!(fs::read_dir(stage.home.path("in")).unwrap().count(), 1);
    stage.set_rules(&rules.replace("FORMAT", "tar.gz"));
    let lines = stage.run();
    assert!(!lines[0].contains(" ! "), "{lines:?}");
    stage.set_rules("rules: [ { locations: ~/in, filters: [extension: gz], actions: [ extract: ~/out/ ] } ]");
    stage.run();
    let out: Vec<_> = stage.home.tree("out").into_keys().collect();
    assert!(out.iter().any(|path| path.ends_with(&name)), "{out:?}");
}

const ALL: &str = "
rules:
  - locations: ~/in
    filters: [ extension: zip ]
    actions:
      - extract: { dest: ~/out/, on_conflict: overwrite }
      - trash
  - locations: ~/docs
    targets: dirs
    actions:
      - archive: { dest: ~/packed/, on_conflict: trash }
      - trash
";

fn every_kill(fault: Fault) {
    for at in 0.. {
        let home = Arc::new(Home::new());
        home.write("in/a.zip", zip(&[("top/x", "new x"), ("top/d/y", "new y"), ("top/l", "-> x")]));
        home.write("out/a/old", "old");
        home.write("docs/d/e/f", "f");
        home.write("packed/d.zip", "old archive");
        let roots = ["in", "out", "docs", "packed"];
        let before = roots.map(|root| home.tree(root));
        let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut stage = Stage::with(Arc::clone(&home), ALL, Some(fault), at);
            stage.run();
            stage.disk.changes() <= at
        }));
        if killed.unwrap_or(false) {
            assert!(at > 15, "the rules make many changes");
            return;
        }
        let context = format!("{fault:?} at {at}");
        let mut stage = Stage::with(Arc::clone(&home), ALL, None, 0);
        let said = stage.journal();
        let parts =
            stage.home.tree("").into_keys().filter(|path| path.to_string_lossy().contains(".usher-part"));
        assert_eq!(parts.count(), 0, "{context}: half-made things are left");
        let done = |line: &str| said.iter().any(|said| said.starts_with(&format!("Done {line}")));
        assert_eq!(done("extract"), home.path("out/a/x").exists(), "{context}: {said:?}");
        assert_eq!(done("extract"), !home.path("out/a/old").exists(), "{context}: {said:?}");
        assert_eq!(
            done("archive"),
            home.read("packed/d.zip").as_deref() != Some("old archive"),
            "{context}: {said:?}"
        );
        assert_eq!(done("trash ~/docs/d"), !home.path("docs/d").exists(), "{context}: {said:?}");
        for run in (1..=stage.engine.journal().run_count()).rev() {
            let outcome = stage.engine.undo(&UndoWhat::Run(run), false).unwrap();
            assert!(outcome.refused.is_empty(), "{context}: {:?}", outcome.refused);
        }
        assert_eq!(roots.map(|root| stage.home.tree(root)), before, "{context}");
    }
}

#[test]
fn a_kill_leaves_archives_before_or_after() {
    every_kill(Fault::KilledBefore);
    every_kill(Fault::KilledAfter);
}

#[test]
fn a_full_disk_at_any_change_leaves_nothing_half_made() {
    for at in 0.. {
        let home = Arc::new(Home::new());
        home.write("in/a.zip", zip(&[("top/x", "new x"), ("top/d/y", "new y")]));
        home.write("docs/d/e/f", "f");
        let fault = Some(Fault::Fails(std::io::ErrorKind::StorageFull));
        let mut stage = Stage::with(Arc::clone(&home), ALL, fault, at);
        let lines = stage.run();
        if stage.disk.changes() <= at {
            return;
        }
        let parts = home.tree("").into_keys().filter(|path| path.to_string_lossy().contains(".usher-part"));
        assert_eq!(parts.count(), 0, "at {at}: {lines:?}");
        assert!(undo(&mut stage).is_empty(), "at {at}");
        assert_eq!(home.list("in") + &home.list("docs"), "a.zipd/e/f", "at {at}");
    }
}

#[test]
fn two_extractions_at_once_do_not_meet() {
    let mut stage = Stage::new("rules: [ { locations: [~/in, ~/too], actions: [ extract: ~/out/ ] } ]");
    stage.drop_file("in/a.zip", zip(&[("x", "1")]));
    stage.drop_file("too/a.zip", zip(&[("x", "2")]));
    stage.settle();
    assert_eq!(stage.home.list("out"), "a/x\na 2/x");
}

#[test]
fn what_is_packed_and_taken_apart_in_one_run_is_simulated_to_the_end() {
    for format in ["zip", "tar.gz"] {
        let mut stage = Stage::new(&format!(
            "
rules:
  - locations: ~/in
    targets: [files, dirs]
    actions: [ {{ archive: '~/packed/{{path.name}}.{format}' }}, trash ]
  - locations: ~/packed
    actions: [ {{ extract: ~/out/ }}, {{ move: ~/done/ }} ]
  - locations: ~/out
    subfolders: true
    filters: [ filecontent: 'to be (?P<what>[a-z]+)', size: '> 10' ]
    actions: [ {{ rename: '{{filecontent.what}}{{path.suffix}}' }} ]
"
        ));
        stage.home.write("in/a.txt", "to be found");
        stage.home.write("in/tree/deep/b.txt", "to be read as well");
        stage.home.write("in/tree/short.txt", "to be");
        std::os::unix::fs::symlink("deep/b.txt", stage.home.path("in/tree/link")).unwrap();
        let before = stage.home.tree("");
        let sim = stage.sim();
        assert_eq!(stage.home.tree(""), before, "a simulation changes nothing");
        assert_eq!(sim.len(), 10, "{sim:?}");
        assert!(sim[6].ends_with("(deep/, link, short.txt)"), "{sim:?}");
        assert!(sim[9].ends_with("out/tree/deep/read.txt"), "{sim:?}");
        assert_eq!(stage.run(), sim, "{format}");
    }
}

#[test]
fn a_link_is_packed_as_a_link_wherever_it_leads() {
    for format in ["zip", "tar.gz"] {
        let mut stage = Stage::new(&format!(
            "rules: [{{locations: ~/in, targets: dirs, actions: [archive: '~/packed/{{path.name}}.{format}']}}]"
        ));
        stage.home.write("secret.txt", "not packed");
        stage.home.write("in/tree/a.txt", "packed");
        for (name, target) in
            [("out", "../../secret.txt"), ("far", "/etc/hostname"), ("gone", "nowhere"), ("round", ".")]
        {
            std::os::unix::fs::symlink(target, stage.home.path(format!("in/tree/{name}"))).unwrap();
        }
        let sim = stage.sim();
        assert_eq!(stage.run(), sim, "{format}");
        let path = stage.home.path(format!("packed/tree.{format}"));
        let list = if format == "zip" { ["unzip", "-l"] } else { ["tar", "-tvf"] };
        let listed = std::process::Command::new(list[0]).arg(list[1]).arg(&path).output();
        if let Ok(listed) = listed {
            let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
            assert!(
                ["tree/out", "tree/far", "tree/gone", "tree/round"].iter().all(|name| listed.contains(name)),
                "{listed}"
            );
        }
        assert!(!fs::read(&path).unwrap().windows(10).any(|bytes| bytes == b"not packed"));
        assert!(undo(&mut stage).is_empty());
        assert!(!path.exists());
    }
}

#[test]
fn what_cannot_be_packed_is_refused_in_a_simulation_too() {
    use std::os::unix::ffi::OsStrExt;

    for (format, name) in
        [("zip", &b"back\\slash"[..]), ("zip", b"no text \xff"), ("zip", b"-> \xff"), ("tar.gz", b"|")]
    {
        let mut stage = Stage::new(&format!(
            "rules: [{{locations: ~/in, targets: dirs, actions: [archive: '~/packed/{{path.name}}.{format}']}}]"
        ));
        let folder = stage.home.mkdir("in/tree/deep");
        let place = folder.join(std::ffi::OsStr::from_bytes(name));
        match name {
            b"|" => assert!(
                std::process::Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success()
            ),
            b"-> \xff" => {
                std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(b"\xff"), folder.join("link")).unwrap()
            }
            _ => fs::write(place, "x").unwrap(),
        }
        let sim = stage.sim();
        assert_eq!(stage.run(), sim, "{format}");
        assert!(sim[0].starts_with("archive") && stage.home.list("packed").is_empty(), "{sim:?}");
    }
}

#[test]
fn what_will_be_refused_of_a_planned_archive_is_refused_in_a_simulation_too() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    targets: dirs
    actions: [ { archive: '~/packed/{path.name}.zip' } ]
  - locations: ~/packed
    actions: [ { extract: { dest: ~/out/, max_files: 3 } } ]
",
    );
    for name in ["a", "b", "c"] {
        stage.home.write(format!("in/many/{name}"), "");
    }
    let sim = stage.sim();
    assert_eq!(sim.len(), 2, "{sim:?}");
    assert!(sim[1].contains("it holds more than 3 files"), "{sim:?}");
    assert_eq!(stage.run(), sim);
}
