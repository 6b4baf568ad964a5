//! The starter: a rule file to learn from, with every rule switched off, and a folder to try it on.

use std::io;

use usher_event::sentence;

use crate::api::{Refusal, Starter};
use crate::directories::Directories;
use crate::text_file;

/// A starter in one language.
struct Text {
    rules: &'static str,
    /// The sample files. What is in them does not matter; that they are all different does.
    samples: [(&'static str, &'static str); 3],
}

const ENGLISH: Text = Text {
    rules: include_str!("starter.yaml"),
    samples: [
        ("Invoice 2026-03.txt", "Invoice\n\nOne chair, delivered in March.\n"),
        ("shopping list.md", "# Shopping\n\n- bread\n- apples\n"),
        ("setup.bak", "Something a program left behind.\n"),
    ],
};

const FRENCH: Text = Text {
    rules: include_str!("starter.fr.yaml"),
    samples: [
        ("Facture 2026-03.txt", "Facture\n\nUne chaise, livrée en mars.\n"),
        ("liste de courses.md", "# Courses\n\n- pain\n- pommes\n"),
        ("setup.bak", "Ce qu’un programme a laissé derrière lui.\n"),
    ],
};

/// Writes whatever of the starter is not there yet, in a language (`fr`). Nothing is ever written over.
pub(crate) fn create(dirs: &Directories, language: &str) -> Result<Starter, Refusal> {
    let Text { rules, samples } = if language == "fr" { FRENCH } else { ENGLISH };
    let file = dirs.rules.join("starter.yaml");
    let new = !dirs.sandbox.exists();
    let mut files = vec![(file.clone(), rules)];
    if new {
        files.extend(samples.map(|(name, text)| (dirs.sandbox.join(name), text)));
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
        for text in [ENGLISH, FRENCH] {
            let loaded = usher_rule::load(std::path::Path::new("starter.yaml"), text.rules);
            assert_eq!(loaded.diagnostics, []);
            assert!(loaded.rules.len() == 3 && loaded.rules.iter().all(|rule| !rule.enabled));
        }
    }

    #[test]
    fn it_is_written_once_and_never_over_anything() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        let starter = create(&dirs, "en").unwrap();
        assert_eq!(fs::read_to_string(&starter.file).unwrap(), ENGLISH.rules);
        assert_eq!(fs::read_dir(&starter.sandbox).unwrap().count(), 3);
        fs::write(&starter.file, "mine").unwrap();
        fs::remove_file(dirs.sandbox.join("setup.bak")).unwrap();
        assert_eq!(create(&dirs, "fr").unwrap(), starter);
        assert_eq!(fs::read_to_string(&starter.file).unwrap(), "mine");
        assert_eq!(fs::read_dir(&starter.sandbox).unwrap().count(), 2, "what was tidied away stays away");
    }
}
