//! Filters: one file each. Adding one is a new file and a line in [`ALL`].

mod age;
mod content;
mod date;
mod depth;
mod duplicate;
mod empty;
mod exif;
mod expression;
mod extension;
mod guard;
mod hash;
mod kind;
mod labels;
mod macos_tags;
mod mimetype;
mod name;
mod of_event;
mod origin;
mod python;
mod regex;
mod simplematch;
mod size;
mod tags;
mod time;
mod tried;

pub(crate) use content::is_readable;
pub(crate) use duplicate::Memory;
pub(crate) use name::composed;
pub(crate) use of_event::read;
pub(crate) use simplematch::literal;
pub(crate) use size::bytes_of;
pub use tried::Tried;

use std::fmt::Debug;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use usher_event::Sentence;

use crate::load::{Reader, Spec};
use crate::template::Template;
use crate::{Context, Rule, Stat};

/// One condition on a subject.
pub trait Filter: Debug + Send + Sync {
    /// The name rules use.
    fn name(&self) -> &'static str;

    /// What it wants, in the rule's own words, for `why` and the window.
    fn wanted(&self) -> String;

    /// The templates it fills, so that filters before it publish what these refer to.
    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    /// The variables it may read, other filters' among them, so that these publish them.
    fn reads(&self) -> &[String] {
        &[]
    }

    /// Whether it looks at the disk by itself. What is planned and not done yet it cannot see, so a run does that first.
    fn looks_outside(&self) -> bool {
        false
    }

    /// Whether one look at this very subject may take longer than others should wait for. Code of the user's always may
    /// ([`looks_outside`](Self::looks_outside)).
    fn takes_long(&self, _subject: &Stat, _rule: &Rule) -> bool {
        false
    }

    /// Looks at the subject; publishes variables in `cx.vars`, also when the answer is no.
    ///
    /// # Errors
    /// When the subject cannot be looked at; the rule then treats the answer as no match.
    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError>;

    /// Whether time alone may change its answers.
    fn watches_clock(&self) -> bool {
        false
    }

    /// When its answer for this very subject will change by time alone, where it will.
    fn next_change(&self, _cx: &Context<'_>) -> Option<Timestamp> {
        None
    }
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
    pub message: Sentence,
    /// The cause.
    #[source]
    pub source: Option<std::io::Error>,
    /// Whether it is told of only where somebody asks why. Many a folder has a document without a text to read, and no
    /// rule has failed for that.
    pub quiet: bool,
}

impl FilterError {
    /// One that has no cause beside itself.
    pub fn new(message: impl Into<Sentence>) -> Self {
        Self { message: message.into(), source: None, quiet: false }
    }

    /// One that is nobody's fault and not worth a word in a run.
    pub fn quiet(message: impl Into<Sentence>) -> Self {
        Self { quiet: true, ..Self::new(message) }
    }

    /// Whether people are to know of it. A file that has gone while it was being looked at is nothing to see to.
    pub fn is_news(&self) -> bool {
        let gone = self.source.as_ref().is_some_and(|source| source.kind() == io::ErrorKind::NotFound);
        !self.quiet && !gone
    }

    /// What could not be done to which file: `cannot read /a/b: permission denied`.
    pub fn io(tried: Tried, path: &Path, error: io::Error) -> Self {
        let message = tried.sentence(path, (&error).into());
        Self { source: Some(error), ..Self::new(message) }
    }
}

/// A filter as the loader knows it.
#[derive(Debug)]
pub struct Entry {
    /// What it is called and takes.
    pub spec: &'static Spec,
    /// Makes one of its parameters; `None` where they are no use, which the reader's problems then say.
    pub read: fn(&mut Reader<'_, '_>) -> Option<Box<dyn Filter>>,
}

/// Every filter.
pub const ALL: &[Entry] = &[
    Entry { spec: &time::CREATED, read: time::read_created },
    Entry { spec: &date::SPEC, read: date::read },
    Entry { spec: &time::DATE_ADDED, read: time::read_date_added },
    Entry { spec: &time::DATE_LASTUSED, read: time::read_date_lastused },
    Entry { spec: &depth::SPEC, read: depth::read },
    Entry { spec: &duplicate::SPEC, read: duplicate::read },
    Entry { spec: &empty::SPEC, read: empty::read },
    Entry { spec: &exif::SPEC, read: exif::read },
    Entry { spec: &extension::SPEC, read: extension::read },
    Entry { spec: &content::SPEC, read: content::read },
    Entry { spec: &hash::SPEC, read: hash::read },
    Entry { spec: &kind::SPEC, read: kind::read },
    Entry { spec: &time::LASTMODIFIED, read: time::read_lastmodified },
    Entry { spec: &macos_tags::SPEC, read: macos_tags::read },
    Entry { spec: &mimetype::SPEC, read: mimetype::read },
    Entry { spec: &name::SPEC, read: name::read },
    Entry { spec: &origin::SPEC, read: origin::read },
    Entry { spec: &python::SPEC, read: python::read },
    Entry { spec: &regex::SPEC, read: regex::read },
    Entry { spec: &size::SPEC, read: size::read },
    Entry { spec: &tags::SPEC, read: tags::read },
];
