//! `files`: what a rule with locations waits for where it does not say otherwise.

use usher_event::Edge;

use super::Occasion;
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[Param::new(
        "files",
        Kind::Choice(&["changed"]),
        "changed",
        "a file or folder in the rule's locations is new or another one",
    )],
    ..Spec::new("files", "files as they come; what a rule with locations waits for where it has no `when`")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    reader.choice("files");
    Some(Box::new(Files))
}

#[derive(Debug)]
struct Files;

impl Occasion for Files {
    fn wakes(&self, _edge: &Edge) -> bool {
        false
    }

    fn files(&self) -> bool {
        true
    }
}
