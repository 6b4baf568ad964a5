//! Reading and replacing the text files a user edits beside us: rules, settings, and our own small notes.

use usher_event::{Sentence, sentence};

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The longest file that is read, in bytes: as much as a rule file may have. Nobody writes so much by hand.
pub(crate) const LONGEST: u64 = usher_rule::document::MAX_BYTES as u64;

/// What to do where a file cannot be written.
pub(crate) fn unwritten() -> Sentence {
    sentence!("text-unwritten", "see whether the disk is full and whether you may write there")
}

/// Reads a text file that is not too long. What is no file (a pipe, say, which nobody may ever write into) is not opened.
///
/// # Errors
/// When it cannot be read; [`advice`] says what to do about it.
pub fn read(path: &Path) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            sentence!("text-no-file", "it is not a file"),
        ));
    }
    read_from(File::open(path)?)
}

/// The same from wherever a text comes.
///
/// # Errors
/// As [`read`].
pub fn read_from(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, too_long()));
    }
    let no_text = || sentence!("text-not-utf8", "it is not UTF-8 text");
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, no_text()))
}

/// What is said of a text that is too long.
pub(crate) fn too_long() -> Sentence {
    sentence!("text-too-long", "it is longer than {most} MiB", most = LONGEST / 1024 / 1024)
}

/// What to do about a text that cannot be read.
pub fn advice(error: &io::Error) -> Sentence {
    match error.kind() {
        io::ErrorKind::FileTooLarge => sentence!("text-split", "split it into several files"),
        io::ErrorKind::InvalidData => sentence!("text-save-utf8", "save it as UTF-8 text"),
        io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory => {
            sentence!("text-put-file", "put a file in its place")
        }
        io::ErrorKind::PermissionDenied => sentence!("text-right", "give yourself the right to read it"),
        io::ErrorKind::NotFound => sentence!("text-moved", "see whether it was moved or renamed"),
        _ => sentence!("text-disk", "see whether its disk is in order"),
    }
}

/// Puts a new text in the place of a file in one step: a reader sees the old one or the new one, whole.
///
/// Permissions stay. Where the file is a symbolic link, what it points to is replaced and the link stays.
///
/// # Errors
/// Also for a link that leads nowhere: what it leads to may lie on a drive that is not there now.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(_) if leads_nowhere(path) => {
            let why = sentence!("text-link", "it is a link, and what it leads to is not there");
            return Err(io::Error::new(io::ErrorKind::NotFound, why));
        }
        Err(_) => path.to_path_buf(),
    };
    let new = beside(&path, text, &mut tempfile::Builder::new())?;
    if let Ok(old) = fs::metadata(&path) {
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Whether there is a symbolic link at this path of which the end is not there.
pub(crate) fn leads_nowhere(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) && fs::metadata(path).is_err()
}

/// A text in a file that has yet to get its name, in the folder of `path`, which is made where there is none.
fn beside(
    path: &Path,
    text: &str,
    new: &mut tempfile::Builder<'static, 'static>,
) -> io::Result<NamedTempFile> {
    let folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    fs::create_dir_all(&folder)?;
    let mut new = new.prefix(".usher-").suffix(".tmp").tempfile_in(&folder)?;
    new.write_all(text.as_bytes())?;
    Ok(new)
}

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when it is.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut new = tempfile::Builder::new();
    // As every file that is made anew, less what the user's mask takes away.
    #[cfg(unix)]
    new.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let new = beside(path, text, &mut new)?;
    new.as_file().sync_all()?;
    new.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn replacing_keeps_permissions_and_links() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let (real, link) = (root.path().join("real"), root.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "nothing is left over");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_left_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        let link = root.path().join("link");
        std::os::unix::fs::symlink(root.path().join("drive/file"), &link).unwrap();
        assert_eq!(replace(&link, "new").unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(create(&link, "new").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is left over");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_made_appears_whole_and_may_be_read_like_any_other() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let root = tempfile::tempdir().unwrap();
        let [path, other] = ["file", "other"].map(|name| root.path().join(name));
        fs::write(&other, "").unwrap();
        // Its folder never shows it shorter than it is: the name comes last.
        let text = "long\n".repeat(800_000);
        for _ in 0..8 {
            let _ = fs::remove_file(&path);
            let (seen_from, whole) = (path.clone(), text.len() as u64);
            let seen = std::thread::spawn(move || {
                std::iter::repeat_with(|| fs::metadata(&seen_from)).find_map(Result::ok).unwrap().size()
                    == whole
            });
            create(&path, &text).unwrap();
            assert!(seen.join().unwrap());
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&other));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "nothing is left over");
    }

    #[test]
    fn a_file_that_is_there_is_never_created_over() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b");
        create(&path, "one").unwrap();
        assert_eq!(create(&path, "two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path).unwrap(), "one");
    }

    #[test]
    fn too_long_and_not_text_are_errors_and_not_a_wait() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        File::create(&path).unwrap().set_len(LONGEST + 1).unwrap();
        assert_eq!(read(&path).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        fs::write(&path, [0xff, 0xfe, 0]).unwrap();
        assert_eq!(read(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(read(root.path()).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
