//! Picking up after a kill: every step that was written down and not finished ends up before or after, never between.
//!
//! The journal tells which steps had ended and which had not been begun. Of those that were being done, and of all where
//! the machine itself has gone down, the disk has to tell.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::Kind;
use usher_rule::world::{only_letters_differ, respelled};

use crate::carry::state_of_failed;
use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, lstat};
use crate::engine::{Engine, Finding};
use crate::journal::{JournalError, LeftBehind, StepRecord, StepState};
use crate::perform::{Hands, same_link};
use crate::stamp::Stamp;
use crate::undo::flip;
use crate::work::{StepFailure, results, take_back};

/// How far a deed had got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Before,
    After,
}

/// What became of the open steps of a run.
#[derive(Default)]
struct Counts {
    finished: u32,
    failed: u32,
    not_begun: u32,
    taken_back: u32,
    unknown: u32,
    out_of_sight: u32,
    trouble: Vec<String>,
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
const NOT_BEGUN: &str = "Usher was stopped before it was done; nothing was changed";

/// The same where something is at the place that was to be deleted: it may be that, or have come since.
const NOT_DELETED: &str = "Usher was stopped while this was done; what is there now was left alone";

impl Engine {
    /// Settles every open step and says what was found, run by run.
    pub(crate) fn recover(&mut self) -> Result<Vec<Finding>, JournalError> {
        let LeftBehind { ended, not_begun, same_boot } = self.journal.take_left_behind();
        let mut steps = self.journal.open_steps()?;
        for id in ended {
            steps.extend(self.journal.step(id)?);
        }
        steps.sort_by_key(|step| (step.run, step.id));
        let mut findings = Vec::new();
        for steps in steps.chunk_by(|a, b| a.run == b.run) {
            let mut counts = Counts::default();
            let mut left = Left::new();
            // An undo commits one step after the other, so only the first of those that are open can have been begun; but
            // a power cut may have taken the last commits.
            let first_open = steps.iter().find(|step| step.state == StepState::Intended).map(|step| step.id);
            let begun = |step: &&StepRecord| {
                !not_begun.contains(&step.id)
                    && (step.of.is_none() || !same_boot || Some(step.id) == first_open)
            };
            for (nr, step) in steps.iter().enumerate() {
                if step.state != StepState::Intended {
                    counts.count_ended(step);
                    self.remember(step, &step.traces, &mut left)?;
                } else if begun(&step) {
                    let later = steps[nr + 1..].iter().filter(begun);
                    let later: Vec<&Deed> = later.flat_map(|step| &step.deeds).collect();
                    self.recover_step(step, &later, &mut left, &mut counts)?;
                } else {
                    self.recovered_before(step, &mut counts)?;
                }
            }
            let Some(run) = steps.first().map(|step| step.run) else { continue };
            self.journal.end_run(run, self.clock.timestamp())?;
            findings.push(finding(run, &counts));
        }
        self.journal.all_settled()?;
        Ok(findings)
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

    /// Settles a step of which nothing had been done.
    fn recovered_before(&mut self, step: &StepRecord, counts: &mut Counts) -> Result<(), JournalError> {
        counts.not_begun += 1;
        self.journal.settle_step(step.id, StepState::Failed, &[], Some(NOT_BEGUN), self.clock.timestamp())
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
        if step.deeds.iter().any(|deed| matches!(deed, Deed::Spawn { .. } | Deed::Python { .. })) {
            counts.unknown += 1;
            let error = "Usher was stopped while this ran; whether it finished is not known";
            return self.journal.settle_step(step.id, StepState::Irreversible, &[], Some(error), at);
        }
        // Deeds are done in order, so the last one that is done tells of all before it. Looking at an earlier one by
        // itself could mislead: its place may be taken by what a later one has put there.
        let scene = |nr: usize| Scene { hands: &hands, earlier: &step.deeds[..nr], later };
        let done = (0..step.deeds.len())
            .rposition(|nr| scene(nr).look(&step.deeds[nr]) == Found::After)
            .map_or(0, |last| last + 1);
        let later: HashSet<&Path> = later.iter().filter_map(|deed| deed.result()).collect();
        let mut traces: Vec<Trace> =
            step.deeds[..done].iter().map(|deed| trace(&*disk, deed, &later, left)).collect();
        let tells = |deed: &Deed| matches!(deed, Deed::Tell { .. } | Deed::Open { .. } | Deed::Reveal { .. });
        let only_told = step.deeds.iter().all(tells);
        if done == step.deeds.len() && !only_told {
            counts.finished += 1;
            return self.recovered_done(step, &traces, left);
        }
        if let Some(place) = step.deeds.get(done).and_then(|deed| out_of_sight(&*disk, deed)) {
            return self.recovered_unseen(step, traces, place, counts);
        }
        let changed = traces.iter().any(|trace| trace.changed);
        let mut failure = match (take_back(&hands, &step.deeds[..done], &traces), changed) {
            (Ok(()), true) => {
                counts.taken_back += 1;
                let error = "Usher was stopped in the middle of it; what was done has been taken back";
                StepFailure::new(error.to_owned())
            }
            (Ok(()), false) => {
                counts.not_begun += 1;
                let deletes = step.deeds.iter().any(|deed| matches!(deed, Deed::Delete { .. }));
                StepFailure::new(if deletes { NOT_DELETED } else { NOT_BEGUN }.to_owned())
            }
            (Err(stuck), _) => {
                traces.truncate(stuck.standing);
                let sentence = stuck.error.sentence();
                let error = format!(
                    "Usher was stopped in the middle of it, and it could not be taken back: {sentence}"
                );
                counts.trouble.push(sentence);
                StepFailure { stands: true, ..StepFailure::new(error) }
            }
        };
        if let Some((from, part)) = kept {
            let (from, part) = (from.display(), part.display());
            failure.message = format!("{from} is gone, and what had been copied of it by then is {part}");
            counts.trouble.push(failure.message.clone());
        }
        let state = state_of_failed(&failure, &step.deeds, &traces);
        let traces = if failure.stands { &traces[..] } else { &[] };
        self.journal.settle_step(step.id, state, traces, Some(&failure.message), at)
    }

    /// Settles a step whose last deed took something to a place that is not there now, a drive perhaps. The place alone
    /// could tell whether it was done, so it counts as done: then it can be taken back once the place is there again.
    fn recovered_unseen(
        &mut self,
        step: &StepRecord,
        mut traces: Vec<Trace>,
        place: &Path,
        counts: &mut Counts,
    ) -> Result<(), JournalError> {
        counts.out_of_sight += 1;
        traces.push(Trace { changed: true, ..Trace::default() });
        let error = format!(
            "Usher was stopped while this was done, and {} is not there now: once it is, see whether all has arrived",
            place.display()
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

/// Removes half-made copies, which nothing else knows of. One whose original is gone is kept, and told: it may be all
/// there is of it. (Nothing of Usher's removes an original before its copy has its name, for good; but others may.)
fn clear_parts(hands: &Hands<'_>, step: &StepRecord) -> Option<(PathBuf, PathBuf)> {
    let there = |path: &Path| hands.disk.exists(path);
    let mut kept = None;
    for path in step.deeds.iter().filter_map(Deed::result) {
        let part = hands.names.part(path);
        if !there(&part) {
            continue;
        }
        let of_this_part = |deed: &&Deed| deed.result().is_some_and(|to| hands.names.part(to) == part);
        let carried =
            step.deeds.iter().filter(of_this_part).filter_map(|deed| deed.source().zip(deed.result()));
        match { carried }.find(|(from, to)| !there(from) && !there(to)) {
            // It was on its way to the same name in other letters, and not copied at all.
            Some((from, to)) if only_letters_differ(from, to) => {
                let _ = hands.disk.rename(&part, to);
            }
            Some((from, _)) => kept = Some((from.to_path_buf(), part)),
            None => {
                let _ = hands.remove_tree(&part);
            }
        }
    }
    kept
}

/// The place that a deed was to take something to, where neither that thing nor the place is there now.
fn out_of_sight<'d>(disk: &dyn Disk, deed: &'d Deed) -> Option<&'d Path> {
    let place = deed.result()?.parent()?;
    (!disk.exists(deed.source()?) && !disk.exists(place)).then_some(place)
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
    Trace { stamp, before, tree, changed: !matches!(deed, Deed::MakeDir { .. }) }
}

/// What is known when one deed is looked at.
struct Scene<'a> {
    hands: &'a Hands<'a>,
    /// The deeds before it in its step.
    earlier: &'a [Deed],
    /// The deeds of the steps after it.
    later: &'a [&'a Deed],
}

impl Scene<'_> {
    /// Looks at the disk to see whether a deed was done, and finishes one that was as good as done.
    fn look(&self, deed: &Deed) -> Found {
        self.look_closely(deed).unwrap_or(Found::Before)
    }

    fn look_closely(&self, deed: &Deed) -> io::Result<Found> {
        let (hands, disk) = (self.hands, self.hands.disk);
        let there = |path: &Path| lstat(disk, path).map(|stat| stat.is_some());
        let after = |yes: bool| if yes { Found::After } else { Found::Before };
        // What lies there is what was to be put aside first, however much it is like what was to come.
        if let Some(seat) = deed.seat()
            && !self.freed(seat)?
        {
            return Ok(Found::Before);
        }
        Ok(match deed {
            Deed::MakeDir { path } => after(there(path)?),
            Deed::RemoveDir { path } => after(!there(path)?),
            Deed::Move { from, to } => moved(hands, from, to)?,
            Deed::Trash { path, spot } => {
                let found = moved(hands, path, &spot.stow)?;
                if found == Found::Before {
                    hands.forget_empty(spot);
                }
                found
            }
            Deed::Untrash { path, spot } => {
                let found = moved(hands, &spot.stow, path)?;
                if found == Found::After {
                    hands.forget_empty(spot);
                }
                found
            }
            // A later step may have carried the original on.
            Deed::Copy { from, to } if !there(from)? => after(there(to)?),
            Deed::Copy { from, to } => after(there(to)? && alike(hands, from, to)?),
            Deed::Delete { path } => {
                // What was to be deleted gets this name first. What is at its place now is something else then.
                let part = hands.names.part(path);
                if there(&part)? {
                    hands.remove_tree(&part)?;
                    return Ok(Found::After);
                }
                after(!there(path)?)
            }
            Deed::Create { path, text, .. } => {
                after(there(path)? && disk.read(path, text.len() as u64)? == *text)
            }
            Deed::Append { path, at, text } => match disk.stat(path)?.size {
                size if size >= at + text.len() as u64 => Found::After,
                size => {
                    if size > *at {
                        disk.cut(path, *at, text, None)?;
                    }
                    Found::Before
                }
            },
            Deed::Link { original, path, hard: false, .. } => {
                after(there(path)? && disk.link_target(path).is_ok_and(|says| says == *original))
            }
            Deed::Link { original, path, hard: true, .. } => {
                match (lstat(disk, &self.now_at(original))?, lstat(disk, path)?) {
                    (Some(one), Some(other)) => after((one.device, one.inode) == (other.device, other.inode)),
                    _ => Found::Before,
                }
            }
            // They appear in one step and whole; what the archive was made of may have been carried on since.
            Deed::Pack { to, .. } | Deed::Unpack { to, .. } => after(there(to)?),
            Deed::Attribute { path, name, after: value, .. } => {
                after(disk.attribute(&self.now_at(path), name)? == *value)
            }
            Deed::Cut { path, at, .. } => after(disk.stat(path)?.size == *at),
            // Telling and showing change nothing, and a command is not looked for on the disk.
            Deed::Spawn { .. }
            | Deed::Python { .. }
            | Deed::Open { .. }
            | Deed::Reveal { .. }
            | Deed::Tell { .. } => Found::Before,
        })
    }

    /// Where later steps have carried what lay at `path`, as far as they were done.
    fn now_at(&self, path: &Path) -> PathBuf {
        let mut place = path.to_path_buf();
        for deed in self.later {
            let (from, to) = match deed {
                Deed::Move { from, to } => (from, to.as_path()),
                Deed::Trash { path, spot } => (path, spot.stow.as_path()),
                _ => continue,
            };
            let Ok(rest) = place.strip_prefix(from) else { continue };
            let carried = if rest.as_os_str().is_empty() { to.to_path_buf() } else { to.join(rest) };
            if !self.hands.disk.exists(&place) && self.hands.disk.exists(&carried) {
                place = carried;
            }
        }
        place
    }

    /// Whether earlier deeds of the step have made the way to `seat` free: what lies there now is then the work of the
    /// deed that is looked at, for nothing else of the step puts anything there.
    fn freed(&self, seat: &Path) -> io::Result<bool> {
        for deed in self.earlier {
            let aside = match deed {
                Deed::Move { from, to } if from == seat => to,
                Deed::Trash { path, spot } if path == seat => &spot.stow,
                _ => continue,
            };
            if lstat(self.hands.disk, aside)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A move that had copied everything and not yet removed the original is finished; one whose target is somebody
/// else's has not begun.
fn moved(hands: &Hands<'_>, from: &Path, to: &Path) -> io::Result<Found> {
    match (lstat(hands.disk, from)?, lstat(hands.disk, to)?) {
        (None, Some(_)) => Ok(Found::After),
        // One thing under both names, in whatever letters: the directory tells which of them it has.
        (Some(_), Some(_)) if respelled(hands.disk, from, to) => Ok(Found::Before),
        (Some(_), Some(_)) if respelled(hands.disk, to, from) => Ok(Found::After),
        (Some(_), Some(_)) if alike(hands, from, to)? => {
            hands.remove_copied(from, to, &mut 0)?;
            Ok(Found::After)
        }
        _ => Ok(Found::Before),
    }
}

/// Whether two paths hold the same, bytes compared.
fn alike(hands: &Hands<'_>, a: &Path, b: &Path) -> io::Result<bool> {
    let (Some(left), Some(right)) = (lstat(hands.disk, a)?, lstat(hands.disk, b)?) else { return Ok(false) };
    match (left.kind, right.kind) {
        (Kind::File, Kind::File) => hands.disk.same_content(a, b),
        // What is left of a tree that was being removed is part of its copy.
        (Kind::Dir, Kind::Dir) => {
            for entry in hands.disk.list(a)? {
                if !alike(hands, &a.join(&entry.name), &b.join(&entry.name))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Kind::Symlink, Kind::Symlink) => Ok(same_link(hands.disk, a, b)),
        (left, right) => Ok(left == right),
    }
}

fn finding(run: i64, counts: &Counts) -> Finding {
    let mut parts = Vec::new();
    let mut count = |n: u32, words: &str| {
        if n > 0 {
            parts.push(format!("{n} {words}"));
        }
    };
    count(counts.finished, "had been done");
    count(counts.failed, "had failed");
    count(counts.not_begun, "had not begun");
    count(counts.taken_back, "taken back half-way");
    count(counts.out_of_sight, "had to do with a place that is not there now");
    count(counts.unknown, "ran a command or code of which the end is not known");
    let trouble = counts.trouble.first().map(|first| format!("; {first}")).unwrap_or_default();
    Finding {
        code: "recovered",
        message: format!(
            "Usher was stopped in the middle of run {run}. Of its open steps, {}{trouble}",
            parts.join(", ")
        ),
        hint: (!counts.trouble.is_empty()).then(|| "look at the files named there".to_owned()),
        path: None,
        run: Some(run),
        rule: None,
    }
}
