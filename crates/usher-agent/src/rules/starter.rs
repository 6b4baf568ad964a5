//! The starter: a rule file to learn from, with every rule switched off, and a folder to try it on.

use std::io;

use usher_event::sentence;

use crate::api::{Refusal, Starter};
use crate::directories::Directories;
use crate::text_file;

const STARTER: &str = include_str!("starter.yaml");

/// The sample files. What is in them does not matter; that they are all different does.
const SAMPLES: &[(&str, &str)] = &[
    ("Invoice 2026-03.txt", "Invoice\n\nOne chair, delivered in March.\n"),
    ("shopping list.md", "# Shopping\n\n- bread\n- apples\n"),
    ("setup.bak", "Something a program left behind.\n"),
];

/// Writes whatever of the starter is not there yet. Nothing is ever written over.
pub(crate) fn create(dirs: &Directories) -> Result<Starter, Refusal> {
    let file = dirs.rules.join("starter.yaml");
    let new = !dirs.sandbox.exists();
    let mut files = vec![(file.clone(), STARTER)];
    if new {
        files.extend(SAMPLES.iter().map(|(name, text)| (dirs.sandbox.join(name), *text)));
    }
    for (path, text) in files {
        match text_file::create(&path, text) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Refusal::new(
                    "failed",
                    sentence!(
                        "text-cannot-write",
                        "cannot write {path}: {error}",
                        path = path,
                        error = error
                    ),
                )
                .hint(text_file::unwritten()));
            }
            _ => {}
        }
    }
    Ok(Starter { file: file.display().to_string(), sandbox: dirs.sandbox.display().to_string() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_starter_is_good_and_switched_off() {
        let loaded = usher_rule::load(std::path::Path::new("starter.yaml"), STARTER);
        assert_eq!(loaded.diagnostics, []);
        assert!(loaded.rules.len() >= 3 && loaded.rules.iter().all(|rule| !rule.enabled));
    }

    #[test]
    fn it_is_written_once_and_never_over_anything() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        let starter = create(&dirs).unwrap();
        assert_eq!(fs::read_to_string(&starter.file).unwrap(), STARTER);
        assert_eq!(fs::read_dir(&starter.sandbox).unwrap().count(), 3);
        fs::write(&starter.file, "mine").unwrap();
        fs::remove_file(dirs.sandbox.join("setup.bak")).unwrap();
        assert_eq!(create(&dirs).unwrap(), starter);
        assert_eq!(fs::read_to_string(&starter.file).unwrap(), "mine");
        assert_eq!(fs::read_dir(&starter.sandbox).unwrap().count(), 2, "what was tidied away stays away");
    }
}
