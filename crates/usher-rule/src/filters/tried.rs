//! What a filter tried to do with a file, and could not.

use std::path::Path;

use usher_event::{Sentence, sentence};

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// To read its bytes.
    Read,
    /// To ask what it is and when it changed.
    LookAt,
    /// To list what is in it.
    List,
    /// To add up the sizes of the files in it.
    AddUp,
    /// To compare it with another one.
    Compare,
    /// To read its labels.
    Labels,
    /// To ask when it was put where it is.
    Added,
}

impl Tried {
    /// What could not be done, and why.
    pub(super) fn sentence(self, path: &Path, why: Sentence) -> Sentence {
        match self {
            Self::Read => sentence!("filter-read", "cannot read {path}: {why}", path = path, why = why),
            Self::LookAt => sentence!("filter-look", "cannot look at {path}: {why}", path = path, why = why),
            Self::List => sentence!("filter-list", "cannot list {path}: {why}", path = path, why = why),
            Self::AddUp => {
                sentence!("filter-add-up", "cannot add up the files in {path}: {why}", path = path, why = why)
            }
            Self::Compare => {
                sentence!("filter-compare", "cannot compare {path}: {why}", path = path, why = why)
            }
            Self::Labels => {
                sentence!("filter-labels", "cannot read the labels of {path}: {why}", path = path, why = why)
            }
            Self::Added => {
                sentence!("filter-added", "cannot ask when was added {path}: {why}", path = path, why = why)
            }
        }
    }
}
