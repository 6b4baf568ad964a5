//! Picking up after a kill: every step that was written down and not finished ends up before or after, never between.
//!
//! The journal tells which steps had ended and which had not been begun. Of those that were being done, and of all where
//! the machine itself has gone down, the disk has to tell.

mod look;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Kind, Part, Sentence, sentence};

use crate::carry::state_of_failed;
use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, lstat};
use crate::drive;
use crate::engine::{Engine, Finding};
use crate::journal::{JournalError, LeftBehind, StepRecord, StepState};
use crate::perform::Hands;
use crate::stamp::Stamp;
use crate::undo::flip;
use crate::work::{StepFailure, results, take_back};

use look::{Found, Scene, at_odds, clear_parts, out_of_sight};

/// What became of the open steps of a run.
#[derive(Default)]
struct Counts {
    finished: u32,
    failed: u32,
    not_begun: u32,
    taken_back: u32,
    unknown: u32,
    out_of_sight: u32,
    trouble: Vec<Sentence>,
}

/// What steps that are known to be done have left where.
type Left = HashMap<PathBuf, Stamp>;

impl Counts {
    fn count_ended(&mut self, step: &StepRecord) {
        match step.state {
            StepState::Failed => self.failed += 1,
            _ => self.finished += 1,
        }
    }
}

/// What is said of a step that was written down and not begun.
fn not_begun() -> Sentence {
    sentence!("recovered-not-begun", "Usher was stopped before it was done; nothing was changed")
}

impl Engine {
    /// Settles every open step and says what was found, run by run.
    pub(crate) fn recover(&mut self) -> Result<Vec<Finding>, JournalError> {
        let LeftBehind { ended, not_begun, same_boot } = self.journal.take_left_behind();
        let mut steps = self.journal.open_steps()?;
        for id in ended {
            steps.extend(self.journal.step(id)?);
        }
        steps.sort_by_key(|step| (step.run, step.id));
        // An undo commits one step after the other, so only the first of those that are open can have been begun; but a
        // power cut may have taken the last commits.
        let runs = || steps.chunk_by(|a, b| a.run == b.run);
        let first_open = |steps: &[StepRecord]| {
            steps.iter().find(|step| step.state == StepState::Intended).map(|step| step.id)
        };
        let first_open: HashSet<i64> = runs().filter_map(first_open).collect();
        let begun = |step: &&StepRecord| {
            !not_begun.contains(&step.id)
                && (step.of.is_none() || !same_boot || first_open.contains(&step.id))
        };
        let mut findings = Vec::new();
        let mut left = Left::new();
        for run in runs() {
            let mut counts = Counts::default();
            let (mut done, mut undone) = (Vec::new(), HashSet::new());
            for step in run {
                let finished = counts.finished;
                if step.state != StepState::Intended {
                    counts.count_ended(step);
                    self.remember(step, &step.traces, &mut left)?;
                } else if begun(&step) {
                    // Of this run or of another one: a later rule may have carried on what this step has made.
                    let later = steps.iter().filter(|later| later.id > step.id).filter(begun);
                    let later: Vec<&Deed> = later.flat_map(|step| &step.deeds).collect();
                    self.recover_step(step, &later, &mut left, &mut counts)?;
                } else {
                    self.recovered_before(step, &mut counts)?;
                }
                if counts.finished > finished {
                    done.push(step);
                } else {
                    undone.insert((&step.rule_id, &step.from));
                }
            }
            let whole = |step: &&StepRecord| !undone.contains(&(&step.rule_id, &step.from));
            done.into_iter().filter(whole).try_for_each(|step| self.remember_subject(step))?;
            let Some(run) = run.first().map(|step| step.run) else { continue };
            self.journal.end_run(run, self.clock.timestamp())?;
            findings.push(finding(run, &counts));
        }
        self.journal.all_settled()?;
        Ok(findings)
    }

    /// Settles the steps of a run that a mistake of ours has ended in its midst, as the next start would. Of those that
    /// worker threads are at, they will tell.
    pub(crate) fn recover_fallen(&mut self) -> Result<(), JournalError> {
        let Some(fallen) = self.flights.fallen() else { return Ok(()) };
        self.catch_up()?;
        let is_open = |step: &StepRecord| step.state == StepState::Intended && !self.flights.awaits(step.id);
        let steps: Vec<StepRecord> = self.journal.steps(fallen.run)?.into_iter().filter(is_open).collect();
        let (mut left, mut counts) = (Left::new(), Counts::default());
        for step in &steps {
            match fallen.begun == Some(step.id) {
                true => self.recover_step(step, &[], &mut left, &mut counts)?,
                false => self.recovered_before(step, &mut counts)?,
            }
        }
        self.flights.clear_fallen();
        self.settle_steps()
    }

    /// Remembers what a step has done that was not settled.
    fn remember(&mut self, step: &StepRecord, traces: &[Trace], left: &mut Left) -> Result<(), JournalError> {
        let at = self.clock.timestamp();
        for (path, trace) in results(&step.deeds, traces) {
            if let Some(stamp) = trace.stamp {
                left.insert(path.to_path_buf(), stamp);
                self.journal.remember(&step.rule_id, &stamp, path, at)?;
            }
        }
        Ok(())
    }

    /// Remembers the subject of a step that is done, where it is still where it was and nobody has changed it since: a copy
    /// leaves its original behind.
    fn remember_subject(&mut self, step: &StepRecord) -> Result<(), JournalError> {
        let (Some(from), None) = (&step.from, step.of) else { return Ok(()) };
        match lstat(&*self.disk, from) {
            Ok(Some(stat)) if stat.kind == Kind::Dir || stat.modified <= step.at => {
                self.journal.remember(&step.rule_id, &stat.into(), from, self.clock.timestamp())
            }
            _ => Ok(()),
        }
    }

    /// Settles a step of which nothing had been done.
    fn recovered_before(&mut self, step: &StepRecord, counts: &mut Counts) -> Result<(), JournalError> {
        counts.not_begun += 1;
        self.journal.settle_step(step.id, StepState::Failed, &[], Some(&not_begun()), self.clock.timestamp())
    }

    /// Settles one open step. What lies where the deeds in `later` have their results may be the work of a later step
    /// already, so it says nothing about how this one left it.
    fn recover_step(
        &mut self,
        step: &StepRecord,
        later: &[&Deed],
        left: &mut Left,
        counts: &mut Counts,
    ) -> Result<(), JournalError> {
        let disk = Arc::clone(&self.disk);
        let flush = self.journal.flusher();
        let names = Names::new(&self.vault, self.journal.epoch(), step.id);
        let hands = Hands { disk: &*disk, names, before_removal: &flush };
        let kept = clear_parts(&hands, step);
        let at = self.clock.timestamp();
        if step.deeds.iter().any(Deed::runs_code) {
            counts.unknown += 1;
            let error = sentence!(
                "recovered-unknown",
                "Usher was stopped while this ran; whether it finished is not known"
            );
            return self.journal.settle_step(step.id, StepState::Irreversible, &[], Some(&error), at);
        }
        // Deeds are done in order, so the last one that is done tells of all before it. Looking at an earlier one by
        // itself could mislead: its place may be taken by what a later one has put there.
        let scene = |nr: usize| Scene { hands: &hands, earlier: &step.deeds[..nr], later };
        let mut told = None;
        let last = (0..step.deeds.len()).rev().find(|nr| match scene(*nr).look(&step.deeds[*nr]) {
            Found::Before => false,
            Found::After => true,
            Found::Partly(what) => {
                told = Some(what);
                true
            }
        });
        let done = last.map_or(0, |last| last + 1);
        let later: HashSet<&Path> = later.iter().filter_map(|deed| deed.result()).collect();
        // A drive may be gone by now. Then there is only what was noted when the step left for it.
        let crossed = |nr: usize| {
            let noted = step.traces.get(nr).filter(|noted| noted.drive.is_some() || noted.onto.is_some());
            noted.cloned().unwrap_or_else(|| drive::crossed(&*disk, &step.deeds[nr]))
        };
        let known = |nr: usize| {
            let Trace { drive, onto, .. } = crossed(nr);
            Trace { drive, onto, ..trace(&*disk, &step.deeds[nr], &later, left) }
        };
        let mut traces: Vec<Trace> = (0..done).map(known).collect();
        if let Some(told) = told {
            return self.recovered_partly(step, &traces, told, left, counts);
        }
        let tells = |deed: &Deed| matches!(deed, Deed::Tell { .. } | Deed::Open { .. } | Deed::Reveal { .. });
        let only_told = step.deeds.iter().all(tells);
        if done == step.deeds.len() && !only_told {
            counts.finished += 1;
            return self.recovered_done(step, &traces, left);
        }
        let noted = |nr: usize| step.traces.get(done + nr).and_then(|noted| noted.onto.as_ref());
        if let Some((deeds, place)) = out_of_sight(&*disk, &step.deeds[done..], noted) {
            let last = done + deeds - 1;
            traces.resize(last, Trace::default());
            let Trace { drive, onto, .. } = crossed(last);
            traces.push(Trace { drive, onto, changed: true, ..Trace::default() });
            return self.recovered_unseen(step, traces, place, counts);
        }
        let changed = traces.iter().any(|trace| trace.changed);
        let mut failure = match (take_back(&hands, &step.deeds[..done], &traces), changed) {
            (Ok(()), true) => {
                counts.taken_back += 1;
                StepFailure::new(sentence!(
                    "recovered-taken-back",
                    "Usher was stopped in the middle of it; what was done has been taken back"
                ))
            }
            (Ok(()), false) => {
                counts.not_begun += 1;
                let deletes = step.deeds.iter().any(|deed| deed.deletes().is_some());
                StepFailure::new(match step.deeds.get(done).and_then(|deed| at_odds(&*disk, deed)) {
                    Some((from, to)) => sentence!(
                        "recovered-both-there",
                        "Usher was stopped while this was done; {from} and {to} are both there: see what is in each of \
                         them",
                        from = from,
                        to = to,
                    ),
                    // It may be what was to be deleted, or have come since.
                    None if deletes => sentence!(
                        "recovered-left-alone",
                        "Usher was stopped while this was done; what is there now was left alone"
                    ),
                    None => not_begun(),
                })
            }
            (Err(stuck), _) => {
                traces.truncate(stuck.standing);
                let sentence = stuck.error.sentence();
                let error = sentence!(
                    "recovered-stands",
                    "Usher was stopped in the middle of it, and it could not be taken back: {error}",
                    error = &sentence,
                );
                counts.trouble.push(sentence);
                StepFailure { stands: true, ..StepFailure::new(error) }
            }
        };
        if let Some((from, part)) = kept {
            failure.message = sentence!(
                "recovered-part",
                "{from} is gone, and what had been copied of it by then is {part}",
                from = from,
                part = &part,
            );
            counts.trouble.push(failure.message.clone());
        }
        let state = state_of_failed(&failure, &step.deeds, &traces);
        let traces = if failure.stands { &traces[..] } else { &[] };
        self.journal.settle_step(step.id, state, traces, Some(&failure.message), at)
    }

    /// Settles a step that was done, but for what is told. What is left of its subject is not to be carried off piece by
    /// piece.
    fn recovered_partly(
        &mut self,
        step: &StepRecord,
        traces: &[Trace],
        told: Sentence,
        left: &mut Left,
        counts: &mut Counts,
    ) -> Result<(), JournalError> {
        counts.finished += 1;
        counts.trouble.push(told.clone());
        let at = self.clock.timestamp();
        let failure = StepFailure { stands: true, ..StepFailure::new(told) };
        let state = state_of_failed(&failure, &step.deeds, traces);
        self.journal.settle_step(step.id, state, traces, Some(&failure.message), at)?;
        if let Some(from) = &step.from
            && let Some(stat) = lstat(&*self.disk, from).ok().flatten()
        {
            self.journal.remember(&step.rule_id, &stat.into(), from, at)?;
        }
        self.remember(step, traces, left)
    }

    /// Settles a step whose last deed took something to a place that is not there now, a drive perhaps. The place alone
    /// could tell whether it was done, so it counts as done: then it can be taken back once the place is there again.
    fn recovered_unseen(
        &mut self,
        step: &StepRecord,
        traces: Vec<Trace>,
        place: &Path,
        counts: &mut Counts,
    ) -> Result<(), JournalError> {
        counts.out_of_sight += 1;
        let error = sentence!(
            "recovered-out-of-sight",
            "Usher was stopped while this was done, and {place} is not there now: once it is, see whether all has \
             arrived",
            place = place,
        );
        counts.trouble.push(error.clone());
        self.journal.settle_step(step.id, StepState::Done, &traces, Some(&error), self.clock.timestamp())
    }

    fn recovered_done(
        &mut self,
        step: &StepRecord,
        traces: &[Trace],
        left: &mut Left,
    ) -> Result<(), JournalError> {
        let at = self.clock.timestamp();
        let irreversible = step.deeds.iter().any(|deed| matches!(deed, Deed::Delete { .. }));
        let state = if irreversible { StepState::Irreversible } else { StepState::Done };
        self.journal.settle_step(step.id, state, traces, None, at)?;
        self.remember(step, traces, left)?;
        step.of.map_or(Ok(()), |of| flip(&self.journal, of, at))
    }
}

fn trace(disk: &dyn Disk, deed: &Deed, later: &HashSet<&Path>, left: &Left) -> Trace {
    let result = deed.result().filter(|path| !later.contains(path));
    let stamp = result.and_then(|path| disk.stat(path).ok()).map(Into::into);
    let tree = result.and_then(|_| deed.tree(disk));
    let before = match deed {
        Deed::Append { path, at, .. } => left.get(path).filter(|stamp| stamp.size == *at).copied(),
        _ => None,
    };
    // Whether a directory was there before cannot be known any more; an undo leaves it.
    Trace { stamp, before, tree, changed: !matches!(deed, Deed::MakeDir { .. }), ..Trace::default() }
}

fn finding(run: i64, counts: &Counts) -> Finding {
    let Counts { finished, failed, not_begun, taken_back, out_of_sight, unknown, trouble } = counts;
    let parts = [
        (finished, sentence!("recovered-n-finished", "{n} had been done", n = *finished)),
        (failed, sentence!("recovered-n-failed", "{n} had failed", n = *failed)),
        (not_begun, sentence!("recovered-n-not-begun", "{n} had not begun", n = *not_begun)),
        (taken_back, sentence!("recovered-n-taken-back", "{n} taken back half-way", n = *taken_back)),
        (
            out_of_sight,
            sentence!(
                "recovered-n-out-of-sight",
                "{n} had to do with a place that is not there now",
                n = *out_of_sight,
            ),
        ),
        (
            unknown,
            sentence!(
                "recovered-n-unknown",
                "{n} ran a command or code of which the end is not known",
                n = *unknown,
            ),
        ),
    ];
    let parts = Part::list(parts.into_iter().filter(|(n, _)| **n > 0).map(|(_, part)| part));
    let message = match trouble.first() {
        None => sentence!(
            "recovered-run",
            "Usher was stopped in the middle of run {run}. Of its open steps, {parts}",
            run = run,
            parts = parts,
        ),
        Some(trouble) => sentence!(
            "recovered-trouble",
            "Usher was stopped in the middle of run {run}. Of its open steps, {parts}; {trouble}",
            run = run,
            parts = parts,
            trouble = trouble,
        ),
    };
    Finding {
        code: "recovered",
        message,
        hint: (!trouble.is_empty()).then(|| sentence!("recovered-hint", "look at the files named there")),
        path: None,
        run: Some(run),
        rule: None,
    }
}
