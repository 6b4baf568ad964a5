//! Taking back. An undo is a run like any other, made of inverses; nothing is ever removed from the journal.
//!
//! ```text
//!   run 7   move a -> b        Done      undo 7: run 8   move b -> a   Done      run 7's step is Undone now
//!                                        redo:   run 9   move a -> b   Done      run 8's step is Undone, run 7's Done
//! ```
//!
//! A step is taken back only if everything it made still is as it was left, and every place it took something from is
//! free; otherwise that step is refused with the reason, and the others go on. All of it is planned before any of it
//! is done, newest step first, on an overlay, so that a step may be taken back into a seat that a newer one's undo
//! leaves. When its turn comes, each step is looked over once more on the disk: a newer one may have failed, or somebody
//! may have been there meanwhile.

mod preview;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use usher_event::Kind;
use usher_rule::{LinkKind, Op, World};

use crate::deed::{Deed, Names, Trace};
use crate::disk::{Overlay, lstat};
use crate::engine::{Engine, Happening};
use crate::journal::{Intent, JournalError, LogFilter, RunKind, StepRecord, StepState};
use crate::stamp::{Stamp, fingerprint};
use crate::work::{Work, results};

pub use preview::{UndoLine, UndoPreview};

/// What is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoWhat {
    /// One step.
    Step(i64),
    /// All steps of a run.
    Run(i64),
    /// The newest run that can be taken back.
    Last,
    /// Every run since a moment.
    Since {
        /// The moment.
        since: Timestamp,
        /// Only steps of the rule with this id or title.
        rule: Option<String>,
    },
}

/// What an undo came to.
#[derive(Debug, Default)]
pub struct UndoOutcome {
    /// The undo's own run, where anything was taken back.
    pub run: Option<i64>,
    /// Steps that were left as they are, and why.
    pub refused: Vec<(StepRecord, String)>,
}

/// A step that is going to be taken back.
struct Planned {
    step: StepRecord,
    id: i64,
    names: Names,
    deeds: Vec<Deed>,
}

/// Steps that are left as they are, and why.
type Refused = Vec<(StepRecord, String)>;

impl Planned {
    /// Where the subject is.
    fn from(&self) -> Option<&Path> {
        self.step.to.as_deref().or(self.step.from.as_deref())
    }

    /// Where it goes.
    fn to(&self) -> Option<&Path> {
        destination(&self.step, &self.deeds)
    }
}

/// What the steps of an undo are called in the journal.
fn verb(kind: RunKind) -> &'static str {
    if kind == RunKind::Redo { "redo" } else { "undo" }
}

impl Engine {
    /// Takes back what was asked for, newest first. With `rename`, something whose old place is taken gets a free name
    /// beside it instead of being refused.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn undo(&mut self, what: &UndoWhat, rename: bool) -> Result<UndoOutcome, JournalError> {
        self.settle_steps()?;
        let (steps, of, cause) = self.steps_to_undo(what)?;
        let kind = self.kind_of_undo(of)?;
        self.take_back(steps, kind, of, &cause, rename)
    }

    /// Taking back an undo is a redo, by whichever name it was asked for.
    fn kind_of_undo(&self, of: Option<i64>) -> Result<RunKind, JournalError> {
        let undone = of.map(|run| self.journal.run(run)).transpose()?.flatten();
        Ok(if undone.is_some_and(|run| run.kind == RunKind::Undo) { RunKind::Redo } else { RunKind::Undo })
    }

    /// Takes back the newest undo that still stands.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn redo(&mut self) -> Result<UndoOutcome, JournalError> {
        self.settle_steps()?;
        for run in self.journal.runs(&LogFilter::default())? {
            if run.kind != RunKind::Undo {
                continue;
            }
            let steps = self.journal.steps(run.id)?;
            if steps.iter().any(|step| step.not_undoable().is_none()) {
                return self.take_back(
                    steps,
                    RunKind::Redo,
                    Some(run.id),
                    &format!("redo of run {}", run.id),
                    false,
                );
            }
        }
        Ok(UndoOutcome::default())
    }

    /// The steps that were asked for, the run they belong to where it is one, and what to call it.
    fn steps_to_undo(&self, what: &UndoWhat) -> Result<(Vec<StepRecord>, Option<i64>, String), JournalError> {
        match what {
            UndoWhat::Step(id) => {
                let step = self.journal.step(*id)?;
                let run = step.as_ref().map(|step| step.run);
                let cause = run.map_or(String::new(), |run| format!("undo of a step of run {run}"));
                Ok((step.into_iter().collect(), run, cause))
            }
            UndoWhat::Run(id) => Ok((self.journal.steps(*id)?, Some(*id), format!("undo of run {id}"))),
            UndoWhat::Last => {
                for run in self.journal.runs(&LogFilter::default())? {
                    let steps = self.journal.steps(run.id)?;
                    if run.kind != RunKind::Undo && steps.iter().any(|step| step.not_undoable().is_none()) {
                        return Ok((steps, Some(run.id), format!("undo of run {}", run.id)));
                    }
                }
                Ok((Vec::new(), None, String::new()))
            }
            UndoWhat::Since { since, rule } => {
                let filter = LogFilter { since: Some(*since), rule: rule.clone(), ..LogFilter::default() };
                let mut steps = Vec::new();
                for run in self.journal.runs(&filter)? {
                    if !matches!(run.kind, RunKind::Undo | RunKind::Redo) {
                        steps.extend(self.journal.steps(run.id)?);
                    }
                }
                if let Some(rule) = rule {
                    steps.retain(|step| step.rule_id == *rule || step.rule == *rule);
                }
                steps.retain(|step| step.not_undoable().is_none());
                Ok((steps, None, format!("undo of everything since {since}")))
            }
        }
    }

    fn take_back(
        &mut self,
        steps: Vec<StepRecord>,
        kind: RunKind,
        of: Option<i64>,
        cause: &str,
        rename: bool,
    ) -> Result<UndoOutcome, JournalError> {
        let first = self.journal.take_step_numbers(steps.len());
        let (planned, refused) = self.plan_undo(steps, rename, first);
        let mut outcome = UndoOutcome { run: None, refused };
        if planned.is_empty() {
            return Ok(outcome);
        }
        let run = self.note_undo(&planned, kind, of, cause)?;
        outcome.run = Some(run);
        let mut touched: Vec<i64> = planned.iter().map(|planned| planned.step.run).collect();
        touched.dedup();
        for mut planned in planned {
            match self.look_over(&mut planned, rename)? {
                None => self.undo_step(planned, &mut outcome)?,
                Some(reason) => self.refuse(planned, reason, &mut outcome)?,
            }
        }
        let now = self.clock.timestamp();
        self.journal.end_run(run, now)?;
        self.happen(Happening::Run(run));
        touched.into_iter().for_each(|run| self.happen(Happening::Run(run)));
        Ok(outcome)
    }

    /// Says what takes the steps back, newest first, and which of them are refused and why. The steps of the undo will
    /// have the numbers from `first` on.
    fn plan_undo(&self, mut steps: Vec<StepRecord>, rename: bool, first: i64) -> (Vec<Planned>, Refused) {
        steps.sort_by_key(|step| std::cmp::Reverse(step.id));
        let base: &dyn World = &*self.disk;
        let world = Overlay::new(base);
        let (mut planned, mut refused) = (Vec::new(), Vec::new());
        for (id, step) in (first..).zip(steps) {
            let names = Names::new(&self.vault, self.journal.epoch(), id);
            match inverses(&step, &names, &world, rename) {
                Ok(deeds) => planned.push(Planned { step, id, names, deeds }),
                // A step that changed nothing is not worth a word.
                Err(Refusal::Nothing) => {}
                Err(Refusal::Because(reason)) => refused.push((step, reason)),
            }
        }
        (planned, refused)
    }

    fn note_undo(
        &mut self,
        planned: &[Planned],
        kind: RunKind,
        of: Option<i64>,
        cause: &str,
    ) -> Result<i64, JournalError> {
        let at = self.clock.timestamp();
        self.journal.together(|journal| {
            let run = journal.begin_run(kind, cause, of, at)?;
            for (nr, one) in (0u32..).zip(planned) {
                let intent = Intent {
                    step: one.id,
                    nr,
                    rule_id: &one.step.rule_id,
                    rule: &one.step.rule,
                    action: verb(kind),
                    from: one.from(),
                    to: one.to(),
                    note: Some(&one.step.action),
                    deeds: &one.deeds,
                    of: Some(one.step.id),
                };
                journal.intend(run, &intent, at)?;
            }
            Ok(run)
        })
    }

    /// Whether a step can be taken back now that its turn has come; otherwise why it cannot. What its deeds were to be
    /// may have to be other ones by now.
    fn look_over(&mut self, planned: &mut Planned, rename: bool) -> Result<Option<String>, JournalError> {
        let base: &dyn World = &*self.disk;
        let deeds = match inverses(&planned.step, &planned.names, &Overlay::new(base), rename) {
            Ok(deeds) => deeds,
            Err(Refusal::Because(reason)) => return Ok(Some(reason)),
            Err(Refusal::Nothing) => return Ok(Some("there is nothing left of it to take back".to_owned())),
        };
        if deeds != planned.deeds {
            planned.deeds = deeds;
            self.journal.intend_instead(planned.id, &planned.deeds, planned.to())?;
        }
        Ok(None)
    }

    fn refuse(
        &mut self,
        planned: Planned,
        reason: String,
        outcome: &mut UndoOutcome,
    ) -> Result<(), JournalError> {
        let at = self.clock.timestamp();
        self.journal.settle_step(planned.id, StepState::Failed, &[], Some(&reason), at)?;
        outcome.refused.push((planned.step, reason));
        Ok(())
    }

    fn undo_step(&mut self, planned: Planned, outcome: &mut UndoOutcome) -> Result<(), JournalError> {
        let work = Work {
            ticket: 0,
            deeds: planned.deeds.clone(),
            names: planned.names.clone(),
            disk: Arc::clone(&self.disk),
            outside: Arc::clone(&self.outside),
            flush: Box::new(self.journal.flusher()),
            traces: Vec::new(),
        };
        let end = work.run().end;
        if let Some(failure) = end.failure {
            return self.refuse(planned, failure.message, outcome);
        }
        let at = self.clock.timestamp();
        let left: Vec<(PathBuf, Stamp)> = results(&planned.deeds, &end.traces)
            .filter_map(|(path, trace)| trace.stamp.map(|stamp| (path.to_path_buf(), stamp)))
            .collect();
        let rules: Vec<String> = self.rules().iter().map(|rule| rule.id.clone()).collect();
        self.journal.together(|journal| {
            journal.settle_step(planned.id, StepState::Done, &end.traces, None, at)?;
            flip(journal, planned.step.id, at)?;
            // The user wants it where it lies now; no rule is to take it away again at once.
            for (path, stamp) in &left {
                let mut all = rules.iter().chain(std::iter::once(&planned.step.rule_id));
                all.try_for_each(|rule| journal.remember(rule, stamp, path, at))?;
            }
            Ok(())
        })
    }
}

/// Marks a step as taken back, the step it took back itself as standing again, and so on down.
pub(crate) fn flip(journal: &crate::Journal, step: i64, at: Timestamp) -> Result<(), JournalError> {
    let (mut next, mut undone) = (Some(step), true);
    let mut seen = HashSet::new();
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        journal.mark(id, if undone { StepState::Undone } else { StepState::Done }, at)?;
        next = journal.step(id)?.and_then(|step| step.of);
        undone = !undone;
    }
    Ok(())
}

/// Why a step is not taken back.
enum Refusal {
    /// There is nothing to take back.
    Nothing,
    /// It would not be safe, or cannot be done.
    Because(String),
}

/// The deeds that take a step back, on the world as the undo so far will have left it.
fn inverses(
    step: &StepRecord,
    names: &Names,
    world: &Overlay<'_>,
    rename: bool,
) -> Result<Vec<Deed>, Refusal> {
    match step.not_undoable() {
        Some("it changed nothing" | "nothing was done" | "it was taken back already") => {
            return Err(Refusal::Nothing);
        }
        Some(reason) => return Err(Refusal::Because(reason.to_owned())),
        None => {}
    }
    // On an overlay of its own: a step that is refused halfway is to leave nothing behind for those that follow.
    let attempt = Overlay::new(world);
    let mut deeds = Vec::new();
    for (nr, (deed, trace)) in step.deeds.iter().zip(&step.traces).enumerate().rev() {
        if !trace.changed {
            continue;
        }
        unchanged(deed, trace, names, &attempt)?;
        let slot = names.slot(nr);
        let Some(mut inverse) =
            deed.inverse(trace, slot).map_err(|reason| Refusal::Because(reason.to_owned()))?
        else {
            continue;
        };
        make_room(&mut inverse, &attempt, rename, &mut deeds)?;
        show(&inverse, &attempt);
        deeds.push(inverse);
    }
    deeds.iter().for_each(|deed| show(deed, world));
    if deeds.is_empty() { Err(Refusal::Nothing) } else { Ok(deeds) }
}

/// What a deed has made has to be there still, as it was left.
fn unchanged(deed: &Deed, trace: &Trace, names: &Names, world: &Overlay<'_>) -> Result<(), Refusal> {
    let because = |text: String| Err(Refusal::Because(text));
    if let Deed::Attribute { path, name, after, .. } = deed {
        return match world.attribute(path, name) {
            Ok(value) if value == *after => Ok(()),
            Ok(_) => because(format!("{name} of {} has been changed since", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                because(format!("{} is not there any more", path.display()))
            }
            Err(error) => because(format!("cannot look at {}: {error}", path.display())),
        };
    }
    let Some(path) = deed.result() else { return Ok(()) };
    if matches!(deed, Deed::MakeDir { .. }) {
        return Ok(());
    }
    let stat = match lstat(world, path) {
        Ok(Some(stat)) => stat,
        Ok(None) if names.keeps(path) => return because("what it replaced is not kept any more".to_owned()),
        Ok(None) => return because(format!("{} is not there any more", path.display())),
        Err(error) => return because(format!("cannot look at {}: {error}", path.display())),
    };
    match (deed, trace.stamp) {
        // The bytes behind a link are its original's: only the link itself has to be the one that was made.
        (Deed::Link { original, hard: false, .. }, _) => match world.link_target(path) {
            Ok(says) if says == *original => Ok(()),
            _ => because(format!("{} is another link now", path.display())),
        },
        (Deed::Link { .. }, Some(stamp)) if stamp.same_identity(&stat.into()) => Ok(()),
        (Deed::Link { .. }, _) => because(format!("{} is another file now", path.display())),
        (Deed::Unpack { .. }, Some(_))
            if trace.tree.is_none() || fingerprint(world, path).ok() != trace.tree =>
        {
            because(format!("something in {} has been changed since", path.display()))
        }
        (_, Some(stamp)) if stamp.kind == Kind::Dir && !stamp.same_file(&stat) => {
            because(format!("{} is another folder now", path.display()))
        }
        (_, Some(stamp)) if !stamp.same_content(&stat) => {
            because(format!("{} has been changed since", path.display()))
        }
        _ => Ok(()),
    }
}

/// Sees to it that the place something goes back to is free and its folder exists.
fn make_room(
    inverse: &mut Deed,
    world: &Overlay<'_>,
    rename: bool,
    deeds: &mut Vec<Deed>,
) -> Result<(), Refusal> {
    let Some(seat) = inverse.seat().map(Path::to_path_buf) else { return Ok(()) };
    if world.exists(&seat) {
        if !rename {
            return Err(Refusal::Because(format!("{} is taken by something else now", seat.display())));
        }
        reseat(inverse, free_name(&seat, world));
    }
    let missing: Vec<PathBuf> =
        seat.ancestors().skip(1).take_while(|dir| !world.exists(dir)).map(Path::to_path_buf).collect();
    for path in missing.into_iter().rev() {
        world.apply(&Op::MakeDir { path: path.clone() });
        deeds.push(Deed::MakeDir { path });
    }
    Ok(())
}

fn reseat(deed: &mut Deed, seat: PathBuf) {
    match deed {
        Deed::Move { to, .. } | Deed::Copy { to, .. } => *to = seat,
        Deed::Untrash { path, .. } | Deed::Create { path, .. } | Deed::Link { path, .. } => *path = seat,
        _ => {}
    }
}

/// `a 2.pdf`, `a 3.pdf`, the first that is free.
fn free_name(path: &Path, world: &Overlay<'_>) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default();
    for counter in 2u32.. {
        let mut name = stem.to_owned();
        name.push(format!(" {counter}"));
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        let candidate = path.with_file_name(name);
        if !world.exists(&candidate) {
            return candidate;
        }
    }
    path.to_path_buf()
}

/// Shows the overlay what a deed will do.
fn show(deed: &Deed, world: &Overlay<'_>) {
    let mut ops = Vec::new();
    match deed {
        Deed::Move { from, to } => ops.push(Op::Move { from: from.clone(), to: to.clone() }),
        Deed::Copy { from, to } => ops.push(Op::Copy { from: from.clone(), to: to.clone() }),
        Deed::Untrash { path, spot } => ops.push(Op::Move { from: spot.stow.clone(), to: path.clone() }),
        Deed::Trash { path, spot } => ops.push(Op::Move { from: path.clone(), to: spot.stow.clone() }),
        Deed::Delete { path } => ops.push(Op::Delete { path: path.clone() }),
        Deed::MakeDir { path } => ops.push(Op::MakeDir { path: path.clone() }),
        Deed::Link { original, path, hard, dir } => {
            let kind = if *hard { LinkKind::Hard } else { LinkKind::Symbolic { dir: *dir } };
            ops.push(Op::Link { original: original.clone(), path: path.clone(), kind });
        }
        Deed::Attribute { path, name, before, after } => ops.push(Op::Attribute {
            path: path.clone(),
            name: name.clone(),
            before: before.clone(),
            after: after.clone(),
        }),
        // Never planned by an undo: what takes them back is a move into the vault, and out of it again.
        Deed::Pack { .. } | Deed::Unpack { .. } => {}
        // Whether it is empty by then, the disk decides.
        Deed::RemoveDir { .. } => {}
        // What these do nobody knows before.
        Deed::Spawn { .. } | Deed::Python { .. } => {}
        Deed::Open { .. } | Deed::Reveal { .. } | Deed::Tell { .. } => {}
        // Lengths are checked when it is done; nobody can see the text in between.
        Deed::Create { .. } | Deed::Append { .. } => {}
        Deed::Cut { path, at, modified, .. } => world.shorten(path, *at, *modified),
    }
    ops.iter().for_each(|op| world.apply(op));
}

/// Actions that leave their subject where it is and make something beside it.
const MAKERS: &[&str] = &["copy", "symlink", "hardlink", "archive", "extract"];

/// Where the subject of a step is after it has been taken back.
fn destination<'a>(step: &'a StepRecord, deeds: &'a [Deed]) -> Option<&'a Path> {
    let outside_vault = |deed: &'a Deed| match deed {
        Deed::Move { to, .. } if Some(to.as_path()) != step.from.as_deref() && step.to.is_none() => None,
        Deed::Move { to, .. } => Some(to.as_path()),
        Deed::Untrash { path, .. } => Some(path.as_path()),
        _ => None,
    };
    let back = deeds.iter().filter_map(outside_vault).find(|path| step.from.as_deref() == Some(path));
    back.or_else(|| {
        deeds.iter().filter_map(outside_vault).next_back().filter(|_| !MAKERS.contains(&step.action.as_str()))
    })
}
