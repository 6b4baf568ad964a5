//! What is looked at once more before a step is done: between the plan and the deed others have been at work.

use std::path::{Path, PathBuf};

use usher_event::{Kind, Sentence, sentence};
use usher_rule::{Op, Stat};

use super::flight::Flight;
use crate::deed::{Deed, deeds_for};
use crate::disk::lstat;
use crate::engine::Engine;
use crate::journal::JournalError;
use crate::plan::Chain;
use crate::stamp::{Stamp, fingerprint};
use crate::told::{cannot_look, changed_since, gone};
use crate::work::Work;

impl Engine {
    /// What has to lie where when the first step of a chain is begun, which may have to wait for a free worker.
    pub(super) fn expected(&self, flight: &Flight) -> Option<(PathBuf, Stamp)> {
        let (subject, seen) = (flight.chain.subject.as_ref()?, flight.chain.seen?);
        let known = flight.at == 0 && !flight.chain.planned && !seen.is_planned();
        known.then(|| (subject.clone(), seen.into()))
    }

    /// Looks into a folder that a later step will delete, before a step that takes its time: what comes to be in there
    /// meanwhile nobody has looked at.
    pub(super) fn watch_doomed(&self, flight: &mut Flight, work: &Work) {
        let later = flight.noted.iter().skip(1).flat_map(|noted| &noted.deeds);
        let doomed = later.filter_map(Deed::deletes).next().filter(|_| flight.doomed.is_none());
        // What a command makes of a folder is what the rule's own author wants to have deleted.
        if let Some(path) = doomed.filter(|_| !work.runs_code())
            && lstat(&*self.disk, path).is_ok_and(|stat| stat.is_some_and(|stat| stat.kind == Kind::Dir))
        {
            flight.doomed = fingerprint(&*self.disk, path).ok().map(|tree| (path.to_path_buf(), tree));
        }
    }

    /// What speaks against deleting what the chain in hand has worked on before: somebody has changed it meanwhile.
    pub(super) fn spared(&self, flight: &Flight) -> Option<Sentence> {
        let path = flight.noted.front()?.deeds.iter().find_map(Deed::deletes)?;
        let changed = || Some(changed_since(path));
        if let Some((_, tree)) = flight.doomed.as_ref().filter(|(doomed, _)| doomed == path) {
            return if fingerprint(&*self.disk, path).ok() == Some(*tree) { None } else { changed() };
        }
        let chain = &flight.chain;
        let done = chain.steps.iter().take(flight.at).flat_map(|step| &step.ops);
        if { done }.any(|op| matches!(op, Op::Spawn(_) | Op::Python(_))) {
            return None;
        }
        let left = flight.left.iter().rev().find(|(left, _)| left == path).and_then(|(_, trace)| trace.stamp);
        let seen = || {
            let of_it = chain.subject.as_deref() == Some(path) && !chain.planned;
            chain.seen.filter(|seen| of_it && !seen.is_planned()).map(Stamp::from)
        };
        let known = left.or_else(seen)?;
        match lstat(&*self.disk, path) {
            Ok(Some(stat)) if known.same_file(&stat) => None,
            // Deleting says so itself.
            Ok(None) => None,
            _ => changed(),
        }
    }

    /// Settles anew what a step is to write to a file, where that is not as long as it was to be by now: a step that takes
    /// its time lets others pass.
    pub(super) fn measure_again(&mut self, flight: &mut Flight) -> Result<(), JournalError> {
        let (Some(noted), Some(step)) = (flight.noted.front_mut(), flight.chain.steps.get(flight.at)) else {
            return Ok(());
        };
        let [Op::Write { path, .. }] = &step.ops[..] else { return Ok(()) };
        let length = lstat(&*self.disk, path).ok().flatten().map(|stat| stat.size);
        let planned = flight.chain.lengths.get(flight.at).and_then(|lengths| lengths.first());
        if planned == Some(&length) {
            return Ok(());
        }
        if let Ok(deeds) = deeds_for(&step.ops, &[length], &noted.names, &*self.disk) {
            noted.deeds = deeds;
            let (id, deeds, to) = (noted.id, noted.deeds.clone(), step.to.clone());
            // What waits for a commit cannot be changed before it has been entered.
            self.settle_steps()?;
            self.journal.together(|journal| journal.intend_instead(id, &deeds, to.as_deref()))?;
        }
        Ok(())
    }

    /// What speaks against doing what was planned: the subject is not what it was, or lies behind a link by now.
    pub(super) fn stale(&self, chain: &Chain) -> Option<Sentence> {
        let (subject, seen) = (chain.subject.as_ref()?, chain.seen.as_ref()?);
        let unmade = |path: &Path| self.flights.unmade.contains(path);
        if chain.planned && subject.ancestors().any(unmade) {
            return Some(sentence!(
                "step-not-put",
                "an earlier step has not put {path} there",
                path = subject
            ));
        }
        if seen.is_planned() {
            return None;
        }
        match lstat(&*self.disk, subject) {
            Ok(Some(stat)) if Stamp::from(*seen).same_file(&stat) => {}
            // A copy, also one to another file system, is another file, and its time may be a coarser one.
            Ok(Some(stat)) if chain.planned && alike(seen, &stat) => {}
            Ok(Some(_)) => return Some(changed_since(subject)),
            Ok(None) => return Some(gone(subject)),
            Err(error) => return Some(cannot_look(subject, &error)),
        }
        let root = chain.root.as_ref()?;
        match self.disk.beneath(root, subject) {
            Ok(true) => None,
            Ok(false) => {
                Some(sentence!("step-behind-link", "{path} lies behind a symbolic link now", path = subject))
            }
            Err(error) => Some(cannot_look(subject, &error)),
        }
    }
}

/// Whether both are files of the same length, or the same other kind of thing.
fn alike(a: &Stat, b: &Stat) -> bool {
    a.kind == b.kind && (a.kind != Kind::File || a.size == b.size)
}
