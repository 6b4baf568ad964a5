//! What templates ask of the disk: `{path.exists()}`, `{path.stat().st_size}`.
//!
//! Values in a template live longer than the world may be lent to them. So a template is filled with what is known, what
//! it asks beyond that is written down, and it is filled again once that has been looked at.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use usher_event::Kind;

use crate::{Stat, World};

/// No template looks at more places.
const MOST: usize = 1000;

/// What is known of the disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    known: HashMap<PathBuf, Seen>,
}

/// What is at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing, or nothing that can be looked at.
    Nothing,
    /// A directory, or a link to one.
    Dir(Stat),
    /// Anything else.
    File(Stat),
}

thread_local! {
    static LENT: RefCell<Disk> = RefCell::default();
    static UNKNOWN: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
}

/// What is at a place. Nothing where that is not known yet; then it is asked for.
pub(super) fn look(path: &Path) -> Seen {
    if let Some(seen) = LENT.with_borrow(|disk| disk.known.get(path).copied()) {
        return seen;
    }
    UNKNOWN.with_borrow_mut(|unknown| {
        if unknown.len() < MOST && !unknown.iter().any(|other| other == path) {
            unknown.push(path.to_path_buf());
        }
    });
    Seen::Nothing
}

impl Disk {
    /// Lets values look during `fill`; answers with what they asked for in vain, too.
    pub(super) fn lend<T>(&mut self, fill: impl FnOnce() -> T) -> (T, Vec<PathBuf>) {
        UNKNOWN.take();
        LENT.set(std::mem::take(self));
        let filled = fill();
        *self = LENT.take();
        (filled, UNKNOWN.take())
    }

    /// Looks at the places that were asked for; answers whether there were any.
    pub(super) fn fetch(&mut self, world: &dyn World, unknown: Vec<PathBuf>) -> bool {
        let any = !unknown.is_empty() && self.known.len() < MOST;
        for path in unknown {
            let seen = match world.stat(&path) {
                Err(_) => Seen::Nothing,
                Ok(stat) if stat.kind == Kind::Dir => Seen::Dir(stat),
                Ok(stat) if stat.kind == Kind::Symlink && world.list(&path).is_ok() => Seen::Dir(stat),
                Ok(stat) => Seen::File(stat),
            };
            self.known.insert(path, seen);
        }
        any
    }
}
