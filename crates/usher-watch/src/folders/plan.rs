//! What is to be watched, put in order: one entry a root, whatever number of places name it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Enter, Place};

/// One root with the questions of all the places that name it.
pub(super) struct Wanted {
    /// The root as the first of its places spells it.
    pub(super) root: PathBuf,
    /// Who may enter what below it.
    pub(super) enters: Enters,
}

/// Groups places by their root, in the order in which the roots first appear.
pub(super) fn plan(places: Vec<Place>) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for Place { root, enter } in places {
        match wanted.iter_mut().find(|known| known.root == root) {
            Some(known) => known.enters.0.push(enter),
            None => wanted.push(Wanted { root, enters: Enters(vec![enter]) }),
        }
    }
    wanted
}

/// The `enter` questions of one root. A directory belongs to it if any of them says so.
#[derive(Clone)]
pub(super) struct Enters(Vec<Enter>);

impl Enters {
    /// Whether `directory` is to be watched.
    pub(super) fn admit(&self, directory: &Path) -> bool {
        self.0.iter().any(|enter| enter(directory))
    }

    /// Whether these are the very same closures, so that no answer can have changed.
    pub(super) fn same(&self, other: &Enters) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(root: &str, word: &'static str) -> Place {
        Place { root: root.into(), enter: Arc::new(move |dir| dir.ends_with(word)) }
    }

    #[test]
    fn places_with_one_root_become_one_entry_that_admits_what_any_admits() {
        let wanted = plan(vec![place("/a", "x"), place("/b", "x"), place("/a/", "y")]);
        assert_eq!(
            wanted.iter().map(|one| one.root.as_path()).collect::<Vec<_>>(),
            ["/a", "/b"].map(Path::new)
        );
        assert!(wanted[0].enters.admit(Path::new("/a/x")));
        assert!(wanted[0].enters.admit(Path::new("/a/y")));
        assert!(!wanted[1].enters.admit(Path::new("/b/y")));
    }

    #[test]
    fn only_the_same_closures_are_the_same() {
        let one = place("/a", "x");
        let again = plan(vec![one.clone()]);
        assert!(again[0].enters.same(&plan(vec![one])[0].enters));
        assert!(!again[0].enters.same(&plan(vec![place("/a", "x")])[0].enters));
    }
}
