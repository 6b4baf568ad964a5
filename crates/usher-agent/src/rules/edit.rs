//! Reading and writing a whole rule file for an editor.
//!
//! The editor says which text it has read; where another one is on the disk by now, nothing is written. Only files that
//! are, or would be, rule files of the rules folder can be reached this way.

use std::io;
use std::path::{Path, PathBuf};

use usher_event::sentence;

use crate::api::Refusal;
use crate::text_file;

/// The path of a rule file in the folder.
///
/// # Errors
/// `refused` for every other path.
pub(crate) fn rule_file(folder: &Path, file: &str) -> Result<PathBuf, Refusal> {
    let path = usher_rule::name::normalize(Path::new(file));
    let inside = path.parent() == Some(usher_rule::name::normalize(folder).as_path());
    if inside && super::is_rule_file(&path) {
        return Ok(path);
    }
    let message = sentence!(
        "edit-cannot-be-rule-file-rules-folder",
        "{path} cannot be a rule file of the rules folder",
        path = path
    );
    Err(Refusal::new("refused", message).hint(sentence!(
        "edit-rule-files-lie-end-yaml",
        "rule files lie in {folder} and end in .yaml",
        folder = folder
    )))
}

/// The text of a rule file.
///
/// # Errors
/// `not_found` or `failed` when it cannot be read.
pub(crate) fn read(path: &Path) -> Result<String, Refusal> {
    text_file::read(path).map_err(|error| unread(path, &error))
}

/// Writes a rule file in the place of the text with this digest; without one, a file that must not be there yet.
///
/// # Errors
/// `changed` when another text is there, or none; `failed` when it cannot be written.
pub(crate) fn save(path: &Path, text: &str, digest: Option<&str>) -> Result<(), Refusal> {
    if text.len() as u64 > text_file::LONGEST {
        let message = sentence!(
            "edit-text-cannot-be-saved",
            "the text for {path} cannot be saved: {why}",
            path = path,
            why = text_file::too_long()
        );
        return Err(
            Refusal::new("refused", message).hint(sentence!("text-split", "split it into several files"))
        );
    }
    let Some(digest) = digest else {
        return text_file::create(path, text).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Refusal::new(
                "changed",
                sentence!("edit-there-already", "{path} is there already", path = path),
            )
            .hint(sentence!(
                "edit-choose-another-name-or-open-file",
                "choose another name, or open that file"
            )),
            _ => unwritten(path, &error),
        });
    };
    match text_file::read(path) {
        Ok(now) if super::digest(&now) == digest => {}
        Ok(_) => {
            return Err(Refusal::new(
                "changed",
                sentence!(
                    "edit-changed",
                    "{path} was changed by another program and is left as it is",
                    path = path
                ),
            )
            .hint(sentence!(
                "edit-look-at-what-now-decide-which",
                "look at what it is now, and decide which of the two to keep"
            )));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Refusal::new(
                "changed",
                sentence!("file-gone", "{path} is not there any more", path = path),
            )
            .hint(sentence!("edit-save-as-new-file", "save it as a new file")));
        }
        Err(error) => return Err(unread(path, &error)),
    }
    text_file::replace(path, text).map_err(|error| unwritten(path, &error))
}

fn unread(path: &Path, error: &io::Error) -> Refusal {
    let code = if error.kind() == io::ErrorKind::NotFound { "not_found" } else { "failed" };
    Refusal::new(
        code,
        sentence!("text-cannot-read", "cannot read {path}: {error}", path = path, error = error),
    )
    .hint(text_file::advice(error))
}

fn unwritten(path: &Path, error: &io::Error) -> Refusal {
    Refusal::new(
        "failed",
        sentence!("text-cannot-write", "cannot write {path}: {error}", path = path, error = error),
    )
    .hint(text_file::unwritten())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_rule_files_of_the_folder_can_be_reached() {
        let folder = Path::new("/home/ada/.config/usher/rules");
        let allowed = |file: &str| rule_file(folder, file).is_ok();
        assert!(allowed("/home/ada/.config/usher/rules/tidy.yaml"));
        assert!(allowed("/home/ada/.config/usher/rules/./tidy.yml"));
        assert!(!allowed("/home/ada/.config/usher/rules/../settings.yaml"));
        assert!(!allowed("/home/ada/.config/usher/rules/deeper/tidy.yaml"));
        assert!(!allowed("/home/ada/.config/usher/rules/tidy.sh"));
        assert!(!allowed("/home/ada/.config/usher/rules/.tidy.yaml"));
        assert!(!allowed("tidy.yaml"));
        assert!(!allowed(""));
    }

    #[test]
    fn a_text_that_was_changed_outside_is_never_written_over() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("tidy.yaml");
        save(&path, "one", None).unwrap();
        assert_eq!(save(&path, "other", None).unwrap_err().code, "changed");
        let read_by_editor = super::super::digest("one");
        fs::write(&path, "two").unwrap();
        assert_eq!(save(&path, "mine", Some(&read_by_editor)).unwrap_err().code, "changed");
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        save(&path, "three", Some(&super::super::digest("two"))).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        fs::remove_file(&path).unwrap();
        assert_eq!(save(&path, "mine", Some(&super::super::digest("three"))).unwrap_err().code, "changed");
        assert!(!path.exists());
        assert_eq!(read(&path).unwrap_err().code, "not_found");
    }
}
