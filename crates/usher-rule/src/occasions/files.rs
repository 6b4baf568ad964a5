//! `files`: what a rule with locations waits for where it does not say otherwise.

use usher_event::Edge;

use super::Occasion;
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[Param::new(
        "files",
        Kind::Choices(&["created", "changed", "gone"]),
        "changed",
        "what happens to files and folders in the rule's locations: one comes to be there (`created`), is new or another \
         one (`changed`), or is not there any more (`gone`)",
    )],
    ..Spec::new("files", "files as they come; what a rule with locations waits for where it has no `when`")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let what = reader.choices("files");
    Some(Box::new(Awaited {
        created: what.contains(&"created"),
        // The bare word means what no word means.
        changed: what.contains(&"changed") || what.is_empty(),
        gone: what.contains(&"gone"),
    }))
}

/// What of files a rule waits for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// That one comes to be where none was.
    pub created: bool,
    /// That one is new, or another one.
    pub changed: bool,
    /// That one is not there any more.
    pub gone: bool,
}

impl Awaited {
    /// What either waits for.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            created: self.created || other.created,
            changed: self.changed || other.changed,
            gone: self.gone || other.gone,
        }
    }

    /// Whether it waits for any of it.
    pub fn any(self) -> bool {
        self.created || self.changed || self.gone
    }
}

impl Occasion for Awaited {
    fn wakes(&self, _edge: &Edge) -> bool {
        false
    }

    fn files(&self) -> Awaited {
        *self
    }
}
