//! Filters: one file each. Adding one is a new file and a line in [`ALL`].

mod empty;
mod extension;
mod mimetype;
mod name;
mod regex;
mod simplematch;
mod size;
mod time;

pub(crate) use size::bytes_of;

use std::fmt::Debug;

use crate::Context;
use crate::load::{Reader, Spec};

/// One condition on a subject.
pub trait Filter: Debug + Send + Sync {
    /// The name rules use.
    fn name(&self) -> &'static str;

    /// What it wants, in the rule's own words, for `why` and the window.
    fn wanted(&self) -> String;

    /// Looks at the subject; publishes variables in `cx.vars`, also when the answer is no.
    ///
    /// # Errors
    /// When the subject cannot be looked at; the rule then treats the answer as no match.
    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError>;
}

/// A filter's answer with what it was based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the subject passes.
    pub pass: bool,
    /// What was seen (`3.2 MB`), for `why`. Empty unless [`Context::explaining`] is set.
    pub seen: String,
}

/// Why a filter could not look.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// What went wrong, with path and verb.
    pub message: String,
    /// The cause.
    #[source]
    pub source: Option<std::io::Error>,
}

/// A filter as the loader knows it.
pub struct Entry {
    /// What it is called and takes.
    pub spec: &'static Spec,
    /// Makes one of its parameters; `None` where they are no use, which the reader's problems then say.
    pub read: fn(&mut Reader<'_, '_>) -> Option<Box<dyn Filter>>,
}

/// Every filter.
pub const ALL: &[Entry] = &[
    Entry { spec: &time::CREATED, read: time::read_created },
    Entry { spec: &empty::SPEC, read: empty::read },
    Entry { spec: &extension::SPEC, read: extension::read },
    Entry { spec: &time::LASTMODIFIED, read: time::read_lastmodified },
    Entry { spec: &mimetype::SPEC, read: mimetype::read },
    Entry { spec: &name::SPEC, read: name::read },
    Entry { spec: &regex::SPEC, read: regex::read },
    Entry { spec: &size::SPEC, read: size::read },
];

/// organize's filters that Usher does not have yet.
pub const NOT_YET: &[&str] =
    &["date_added", "date_lastused", "duplicate", "exif", "filecontent", "hash", "macos_tags", "python"];
