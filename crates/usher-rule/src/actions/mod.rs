//! Actions: one file each. Adding one is a new file and a line in [`ALL`].

mod archive;
mod confirm;
mod conflict;
mod copy;
mod delete;
mod destination;
mod echo;
mod extract;
mod hardlink;
mod link;
mod macos_tags;
mod r#move;
mod notify;
mod open;
mod python;
mod rename;
mod reveal;
mod shell;
mod symlink;
mod tag;
mod trash;
mod write;

use std::fmt::Debug;

use usher_event::Sentence;

use crate::load::{Reader, Spec};
use crate::template::Template;
use crate::{Context, Step};

/// Something a rule does with a subject.
pub trait Action: Debug + Send + Sync {
    /// The name rules use.
    fn name(&self) -> &'static str;

    /// What it does, in the rule's own words (`~/Documents/{extension}/`), for lists and the window.
    fn summary(&self) -> String;

    /// Whether it can run without a subject.
    fn standalone(&self) -> bool {
        false
    }

    /// Whether it leaves anything that an undo can take back.
    fn can_be_undone(&self) -> bool {
        true
    }

    /// The templates it fills, so that filters publish what these refer to and nothing else.
    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    /// The variables it may read other than through templates.
    fn reads(&self) -> &[String] {
        &[]
    }

    /// Says what would happen, with final names, and moves `cx` along as if it had.
    ///
    /// The paths named in the step are those of the world in `cx`, which may be an overlay: what earlier steps of the
    /// plan will have done has happened already as far as this call can see.
    ///
    /// # Errors
    /// When it cannot be done; the remaining actions for this subject are then not planned.
    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError>;
}

/// Why an action cannot be planned.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ActionError {
    /// What is in the way, with the path it concerns.
    pub message: Sentence,
    /// What the user can do.
    pub hint: Option<Sentence>,
    /// The cause.
    #[source]
    pub source: Option<std::io::Error>,
}

impl ActionError {
    /// An error without hint and cause.
    pub fn new(message: impl Into<Sentence>) -> Self {
        Self { message: message.into(), hint: None, source: None }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<Sentence>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// An action as the loader knows it.
pub struct Entry {
    /// What it is called and takes.
    pub spec: &'static Spec,
    /// Makes one of its parameters; `None` where they are no use, which the reader's problems then say.
    pub read: fn(&mut Reader<'_, '_>) -> Option<Box<dyn Action>>,
}

/// Every action.
pub const ALL: &[Entry] = &[
    Entry { spec: &archive::SPEC, read: archive::read },
    Entry { spec: &confirm::SPEC, read: confirm::read },
    Entry { spec: &copy::SPEC, read: copy::read },
    Entry { spec: &delete::SPEC, read: delete::read },
    Entry { spec: &echo::SPEC, read: echo::read },
    Entry { spec: &extract::SPEC, read: extract::read },
    Entry { spec: &hardlink::SPEC, read: hardlink::read },
    Entry { spec: &macos_tags::SPEC, read: macos_tags::read },
    Entry { spec: &r#move::SPEC, read: r#move::read },
    Entry { spec: &notify::SPEC, read: notify::read },
    Entry { spec: &open::SPEC, read: open::read },
    Entry { spec: &python::SPEC, read: python::read },
    Entry { spec: &rename::SPEC, read: rename::read },
    Entry { spec: &reveal::SPEC, read: reveal::read },
    Entry { spec: &shell::SPEC, read: shell::read },
    Entry { spec: &symlink::SPEC, read: symlink::read },
    Entry { spec: &tag::SPEC, read: tag::read },
    Entry { spec: &trash::SPEC, read: trash::read },
    Entry { spec: &write::SPEC, read: write::read },
];
