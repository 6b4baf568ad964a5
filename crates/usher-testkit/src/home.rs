//! A home directory of the test's own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A home directory that goes away with the test.
#[derive(Debug)]
pub struct Home {
    dir: Option<TempDir>,
    root: PathBuf,
}

/// One thing in a tree, as far as it has to come back byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// A file with its bytes and its time of last change.
    File(Vec<u8>, std::time::SystemTime),
    /// A directory.
    Dir,
    /// A link and what it says.
    Link(PathBuf),
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// An empty home.
    ///
    /// # Panics
    /// When there is no room for it.
    #[expect(clippy::expect_used, reason = "a test without a folder cannot go on")]
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("usher-test-").tempdir().expect("a temporary folder");
        let root = dir.path().canonicalize().expect("a temporary folder");
        if std::env::var_os("USHER_KEEP").is_some() {
            let root = dir.keep();
            tell_where(&root);
            return Self { dir: None, root };
        }
        Self { dir: Some(dir), root }
    }

    /// Whether the folder goes away with the test.
    pub fn temporary(&self) -> bool {
        self.dir.is_some()
    }

    /// The home itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below it.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Writes a file, making the directories above it.
    ///
    /// # Panics
    /// When that fails.
    #[expect(clippy::expect_used, reason = "a test that cannot set its scene cannot go on")]
    pub fn write(&self, relative: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a path below the home")).expect("making directories");
        fs::write(&path, bytes).expect("writing a file");
        path
    }

    /// Makes a directory with those above it.
    ///
    /// # Panics
    /// When that fails.
    #[expect(clippy::expect_used, reason = "a test that cannot set its scene cannot go on")]
    pub fn mkdir(&self, relative: impl AsRef<Path>) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(&path).expect("making directories");
        path
    }

    /// What a file holds, or `None` where it is not there.
    pub fn read(&self, relative: impl AsRef<Path>) -> Option<String> {
        fs::read(self.path(relative)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The machine is started anew: what the journal had noted of steps going on may have been lost with the power.
    ///
    /// # Panics
    /// When the note cannot be written.
    #[expect(clippy::expect_used, reason = "a test whose home cannot be written to has failed")]
    pub fn boot_again(&self) {
        let intents = fs::OpenOptions::new().write(true).open(self.path(".state/journal.intents"));
        let mut intents = intents.expect("the intents of a journal");
        // They begin with the boot they were written in.
        intents.write_all(&[0xff; 8]).expect("writing a note");
    }

    /// Everything below `relative`, by path relative to it.
    pub fn tree(&self, relative: impl AsRef<Path>) -> BTreeMap<PathBuf, Thing> {
        let mut tree = BTreeMap::new();
        let top = self.path(relative);
        collect(&top, &top, &mut tree);
        tree
    }

    /// The paths of all files below `relative`, sorted, one a line.
    pub fn list(&self, relative: impl AsRef<Path>) -> String {
        let tree = self.tree(relative);
        let files = tree.iter().filter(|(_, thing)| !matches!(thing, Thing::Dir));
        files.map(|(path, _)| path.display().to_string()).collect::<Vec<_>>().join("\n")
    }
}

#[expect(clippy::print_stderr, reason = "whoever asked to keep the folder wants to know where it is")]
fn tell_where(root: &Path) {
    eprintln!("kept: {}", root.display());
}

fn collect(top: &Path, dir: &Path, tree: &mut BTreeMap<PathBuf, Thing>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(stat) = entry.metadata() else { continue };
        let relative = path.strip_prefix(top).unwrap_or(&path).to_path_buf();
        if stat.is_dir() {
            tree.insert(relative, Thing::Dir);
            collect(top, &path, tree);
        } else if stat.is_symlink() {
            tree.insert(relative, Thing::Link(fs::read_link(&path).unwrap_or_default()));
        } else {
            let modified = stat.modified().unwrap_or(std::time::UNIX_EPOCH);
            tree.insert(relative, Thing::File(fs::read(&path).unwrap_or_default(), modified));
        }
    }
}
