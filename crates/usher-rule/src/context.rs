//! What a rule knows while it looks at one subject.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use minijinja::Value;

use usher_event::{Sentence, sentence};

use crate::actions::ActionError;
use crate::filters::{Filter, FilterError, Memory, Tried};
use crate::occasions::Facts;
use crate::{Rule, Stat, World};

/// One rule looking at one subject: the world, the path as it is by now, and the variables filters have published.
///
/// Filters fill [`vars`](Self::vars); actions read them and move [`path`](Self::path) along as the subject moves.
pub struct Context<'a> {
    /// The disk, clock and environment.
    pub world: &'a dyn World,
    /// The rule that looks.
    pub rule: &'a Rule,
    /// Where the subject is now; `None` once it was deleted, and for standalone rules.
    pub path: Option<PathBuf>,
    /// The root of the location the subject was found in; `None` for standalone rules.
    pub root: Option<PathBuf>,
    /// What filters and earlier actions published, by name.
    pub vars: BTreeMap<String, Value>,
    /// Paths the actions of this chain have made or moved things to.
    pub produced: Vec<PathBuf>,
    /// Filters that could not look. Each counted as no match.
    pub filter_errors: Vec<FilterError>,
    /// What filters want people to know, in order.
    pub told: Vec<Told>,
    /// Whether filters are to say what they saw.
    pub explaining: bool,
    /// Which filters are not to be asked here, because they take long.
    pub haste: Haste,
    /// Whether one of those was come to: the answer is none then.
    pub put_off: bool,
    /// What is remembered from one subject to the next of the same run.
    pub run: &'a mut RunMemory,
}

/// Something a filter has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The user's own code, in a `python` filter, printed this.
    Said(String),
    /// A filter of this name could not look.
    Trouble(&'static str, Sentence),
}

/// How the subjects of a run are chosen, for filters that compare them with each other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// A run asks about everything in a rule's locations, in order.
    #[default]
    InOrder,
    /// A single file is asked about that has just arrived or changed: everything else was there before it.
    Newcomer,
    /// A single file is asked about that was found in its place: what counts as before it is what a run would have asked
    /// about before.
    Found,
    /// Somebody wants to know when time will change the answer, and nothing else.
    Clock,
}

/// Which filters somebody who is in haste does not ask.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// Every one is asked.
    #[default]
    None,
    /// Those that would read a large file are not.
    Reading,
    /// Neither those nor code of the user's.
    ReadingAndCode,
}

/// What filters and actions remember from one subject to the next, for as long as a run lasts.
#[derive(Debug, Default, Clone)]
pub struct RunMemory {
    /// How its subjects are chosen. May change from one to the next.
    pub looking: Looking,
    /// Files that have arrived and are still to be asked about: nothing is compared with them before that.
    pub arriving: HashSet<PathBuf>,
    /// What `duplicate` filters have seen.
    pub(crate) duplicates: Memory,
    /// Files a `write` action has written in this run, by the action's place in the rules.
    pub written: HashSet<(String, usize, PathBuf)>,
    /// What is known of the edge that set the run off; see [`facts`](crate::occasions::facts).
    pub event: Facts,
}

impl RunMemory {
    /// Nothing remembered yet, of subjects chosen in this way.
    pub fn new(looking: Looking) -> Self {
        Self { looking, ..Self::default() }
    }

    /// What filters need of it who are asked elsewhere, and only about subjects by themselves.
    pub fn for_another_thread(&self) -> Self {
        Self { looking: self.looking, event: self.event.clone(), ..Self::default() }
    }

    /// Forgets what was found on the disk, which may have changed since.
    pub fn forget_disk(&mut self) {
        self.duplicates.forget();
    }
}

impl<'a> Context<'a> {
    /// A rule about to look at a subject found below `root`.
    pub fn new(
        world: &'a dyn World,
        rule: &'a Rule,
        path: &Path,
        root: &Path,
        run: &'a mut RunMemory,
    ) -> Self {
        Self {
            path: Some(path.to_path_buf()),
            root: Some(root.to_path_buf()),
            ..Self::standalone(world, rule, run)
        }
    }

    /// A rule without locations, about to run its actions.
    pub fn standalone(world: &'a dyn World, rule: &'a Rule, run: &'a mut RunMemory) -> Self {
        Self {
            world,
            rule,
            path: None,
            root: None,
            vars: run.event.clone(),
            produced: Vec::new(),
            filter_errors: Vec::new(),
            told: Vec::new(),
            explaining: false,
            haste: Haste::None,
            put_off: false,
            run,
        }
    }

    /// Publishes a variable, which is made only if a template of the rule refers to it.
    pub fn publish(&mut self, name: &str, value: impl FnOnce(Option<&Value>) -> Value) {
        if self.rule.uses(name) {
            let value = value(self.vars.get(name));
            self.vars.insert(name.to_owned(), value);
        }
    }

    /// What a filter saw, which is written down only where somebody wants to read it.
    pub fn seen(&self, seen: impl FnOnce() -> String) -> String {
        if self.explaining { seen() } else { String::new() }
    }

    /// Whether somebody is in too much haste to ask this filter about this subject. Nor is code asked where another filter
    /// takes long, since it would run once more with that.
    pub(crate) fn puts_off(&self, filter: &dyn Filter) -> bool {
        let long = |filter: &dyn Filter| self.stat().is_ok_and(|stat| filter.takes_long(&stat, self.rule));
        match self.haste {
            Haste::None => false,
            Haste::Reading if filter.looks_outside() => self.rule.filters.filters().into_iter().any(long),
            Haste::Reading => long(filter),
            Haste::ReadingAndCode => filter.looks_outside() || long(filter),
        }
    }

    /// The path of the subject, for a filter.
    ///
    /// # Errors
    /// When there is none any more.
    pub fn looked_at(&self) -> Result<&Path, FilterError> {
        self.path
            .as_deref()
            .ok_or_else(|| FilterError::new(sentence!("filter-no-file", "there is no file to look at")))
    }

    /// What is known about the subject, for a filter.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn stat(&self) -> Result<Stat, FilterError> {
        let path = self.looked_at()?;
        self.world.stat(path).map_err(|error| FilterError::io(Tried::LookAt, path, error))
    }

    /// The path of the subject and what is there, for an action.
    ///
    /// # Errors
    /// When the subject was deleted, or has gone since.
    pub fn subject(&self) -> Result<(PathBuf, Stat), ActionError> {
        let Some(path) = &self.path else {
            return Err(ActionError::new(sentence!(
                "action-no-file",
                "there is no file any more: an action before this one deleted it"
            )));
        };
        let stat = self.world.stat(path).map_err(|error| ActionError {
            source: Some(error),
            ..ActionError::new(sentence!("action-file-gone", "{path} is not there any more", path = path))
        })?;
        Ok((path.clone(), stat))
    }

    /// The subject's path from the location's root; `None` once it has left the location.
    pub fn relative_path(&self) -> Option<&Path> {
        match (&self.path, &self.root) {
            (Some(path), Some(root)) => path.strip_prefix(root).ok(),
            _ => None,
        }
    }
}
