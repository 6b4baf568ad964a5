//! What rules have acted on before, for those that something else than files wakes and that say `repeat`.
//!
//! A file is told by its path here, and its version by size and time. A drive may number its files, and itself, anew each
//! time it is plugged in.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use usher_rule::{Repeat, Rule};

use crate::engine::Engine;
use crate::journal::JournalError;
use crate::stamp::Stamp;

/// What each of some rules has acted on, by the rule's id. Taken when a run begins: a plan asks no journal.
#[derive(Debug, Default)]
pub(crate) struct Before(HashMap<String, Acted>);

#[derive(Debug)]
enum Acted {
    /// On these, in whatever version.
    Files(HashSet<PathBuf>),
    /// On these versions, each a path with a size and a time.
    Versions(HashSet<(PathBuf, u64, i64)>),
}

impl Before {
    /// Whether anything has to be asked about what this rule finds.
    pub(crate) fn minds(&self, rule: &Rule) -> bool {
        self.0.contains_key(&rule.id)
    }

    /// Whether the rule is done with what lies at a path.
    pub(crate) fn is_done(&self, rule: &Rule, path: &Path, stamp: &Stamp) -> bool {
        match self.0.get(&rule.id) {
            None => false,
            Some(Acted::Files(files)) => files.contains(path),
            Some(Acted::Versions(versions)) => {
                versions.contains(&(path.to_path_buf(), stamp.size, stamp.version()))
            }
        }
    }
}

impl Engine {
    /// What these rules have acted on, as far as their `repeat` minds where an edge wakes them.
    pub(crate) fn acted_before<'r>(
        &self,
        rules: impl IntoIterator<Item = &'r Rule>,
    ) -> Result<Before, JournalError> {
        let mut before = Before::default();
        for rule in rules {
            let Some(repeat) = rule.repeat else { continue };
            let versions = self.journal.versions(&rule.id)?;
            let acted = match repeat {
                Repeat::Once => Acted::Files(versions.into_iter().map(|(path, ..)| path).collect()),
                // A walk does not see what was done to a file that is as it was.
                Repeat::OncePerVersion | Repeat::EveryChange => {
                    Acted::Versions(versions.into_iter().collect())
                }
            };
            before.0.insert(rule.id.clone(), acted);
        }
        Ok(before)
    }
}
