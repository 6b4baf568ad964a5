//! What the owner says, in every language. The English stands in the code, beside what it is about; `owner.ftl` of English
//! is gathered from there, and a stale one is written afresh and fails this test once. A test of
//! the window holds every other language to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use usher_agent::words::Words;
use usher_event::{Part, Sentence, sentence};

/// Where sentences are made.
const ROOMS: [&str; 6] = [
    "crates/usher-event/src",
    "crates/usher-watch/src",
    "crates/usher-rule/src",
    "crates/usher-engine/src",
    "crates/usher-agent/src",
    "src-tauri/src",
];

const HEAD: &str = "# What Usher says of files, rules and the machine. Gathered from the code by a test: change it there.\n\n";

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every sentence with its English, by its id.
fn sentences() -> BTreeMap<String, String> {
    // A macro, its id and its English: `sentence!("file-gone", "{path} is not there any more"`.
    let made =
        Regex::new(r#"(?s)\b[a-z_]+!\(\s*"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)",\s*"((?:[^"\\]|\\.)*)""#).unwrap();
    // What the operating system says of itself; the texts are those of the standard library.
    let mut found: BTreeMap<String, String> = usher_event::SYSTEM_SENTENCES
        .iter()
        .map(|(kind, id)| ((*id).to_owned(), std::io::Error::from(*kind).to_string()))
        .collect();
    for room in ROOMS {
        each_source(&project().join(room), &mut |path, source| {
            let shipped = source.split("#[cfg(test)]\nmod ").next().unwrap();
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            let shipped = shipped.lines().filter(is_code).collect::<Vec<_>>().join("\n");
            for made in made.captures_iter(&shipped) {
                let (id, english) = (made[1].to_owned(), as_read(&made[2]));
                if let Some(other) = found.insert(id.clone(), english.clone()) {
                    assert_eq!(other, english, "two sentences of one id, {id}, in {}", path.display());
                }
            }
        });
    }
    found
}

fn each_source(folder: &Path, see: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            each_source(&path, see);
        } else if name.ends_with(".rs") && !name.contains("tests") {
            see(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

/// A text of the source as it is read: its escapes undone, its line breaks with what is left of them gone.
fn as_read(written: &str) -> String {
    let broken = Regex::new(r"\\\n\s*").unwrap();
    broken.replace_all(written, "").replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")
}

/// The pattern of a Fluent message: `{path}` becomes `{ $path }`.
fn fluent(english: &str) -> String {
    let gap = Regex::new(r"\{\{|\}\}|\{([a-z_]+)\}").unwrap();
    let pattern = gap.replace_all(english, |found: &regex::Captures<'_>| match (&found[0], found.get(1)) {
        (_, Some(name)) => format!("{{ ${} }}", name.as_str()),
        ("{{", None) => "{\"{\"}".to_owned(),
        _ => "{\"}\"}".to_owned(),
    });
    pattern.replace('\n', "\n    ")
}

#[test]
fn the_english_of_every_sentence_is_gathered() {
    let mut text = HEAD.to_owned();
    for (id, english) in sentences() {
        assert!(!english.contains("{}") && !english.contains(":?}"), "{id}: every gap has a name: {english}");
        text.push_str(&format!("{id} = {}\n", fluent(&english)));
    }
    let path = project().join("locales/en/owner.ftl");
    if fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") == text {
        return;
    }
    fs::write(&path, text).unwrap();
    panic!(
        "locales/en/owner.ftl was stale and has been written afresh: say in the other languages what is new"
    );
}

#[test]
fn a_sentence_is_told_in_the_language_of_the_user_reasons_included() {
    let why = Sentence::from(std::io::Error::from(std::io::ErrorKind::StorageFull));
    let said = sentence!("file-cannot-look", "cannot look at {path}: {error}", path = "/tmp/a", error = why);
    let french = Words::of("fr").tell(&said);
    assert!(french.contains("/tmp/a") && !french.contains("cannot") && !french.contains("space"), "{french}");
    assert_eq!(Words::of("en").tell(&said), said.text());
}

#[test]
fn what_nobody_has_words_for_is_told_as_it_is() {
    let foreign = Sentence::foreign("exit status 3");
    let of_a_newer_version =
        Sentence::of("from-tomorrow", "all is well".to_owned(), [("n", Part::from(1_u8))]);
    assert_eq!(Words::of("fr").tell(&foreign), "exit status 3");
    assert_eq!(Words::of("fr").tell(&of_a_newer_version), "all is well");
}
