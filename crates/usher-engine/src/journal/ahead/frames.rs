//! The frames of the file: how intents and notes on their progress become bytes, and what can be read of those again.
//!
//! Each has its length and a checksum before it. What does not fit its own, and everything behind that, was not written
//! to its end.

use std::collections::HashSet;

use super::super::record::{RunKind, StepState};
use super::{Batch, End, Ends, Left, NewRun, NewStep};

/// Length and checksum before each frame's body.
const HEAD: usize = 8;

/// What a frame holds.
const INTENTS: i64 = 0;
const PROGRESS: i64 = 1;

/// What every frame begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Which journal it belongs to.
    pub(super) epoch: i64,
    /// The round of writing it belongs to.
    pub(super) round: i64,
}

/// Adds the frame of what is intended.
pub(super) fn put_intents(out: &mut Vec<u8>, mark: Mark, batch: &Batch) {
    frame(out, mark, INTENTS, |out| put_batch(out, batch));
}

/// Adds the frame of how far things have come: the step that is begun now, and how the ones before it have ended.
pub(super) fn put_progress(out: &mut Vec<u8>, mark: Mark, begun: Option<i64>, ended: &[(i64, End)]) {
    frame(out, mark, PROGRESS, |out| {
        put_maybe(out, begun);
        put(out, ended.len() as i64);
        for (step, end) in ended {
            put(out, *step);
            put(out, end.state as i64);
            put_bytes(out, end.traces.as_deref().map(str::as_bytes));
            put_bytes(out, end.error.as_deref().map(str::as_bytes));
        }
    });
}

fn frame(out: &mut Vec<u8>, mark: Mark, kind: i64, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.resize(start + HEAD, 0);
    [mark.epoch, mark.round, kind].into_iter().for_each(|number| put(out, number));
    body(out);
    let (length, sum) = ((out.len() - start - HEAD) as u32, crc32fast::hash(&out[start + HEAD..]));
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + HEAD].copy_from_slice(&sum.to_le_bytes());
}

fn put_batch(out: &mut Vec<u8>, batch: &Batch) {
    put(out, batch.runs.len() as i64);
    for run in &batch.runs {
        [run.id, run.kind as i64, run.started].into_iter().for_each(|number| put(out, number));
        put_bytes(out, Some(run.cause.as_bytes()));
        put_maybe(out, run.of);
    }
    put(out, batch.steps.len() as i64);
    for step in &batch.steps {
        [step.id, step.run, i64::from(step.nr), step.at].into_iter().for_each(|number| put(out, number));
        put_maybe(out, step.of);
        for text in [&step.rule_id, &step.rule, &step.action, &step.deeds] {
            put_bytes(out, Some(text.as_bytes()));
        }
        for bytes in [step.from.as_deref(), step.to.as_deref(), step.note.as_deref().map(str::as_bytes)] {
            put_bytes(out, bytes);
        }
    }
}

fn put(out: &mut Vec<u8>, number: i64) {
    out.extend(number.to_le_bytes());
}

fn put_maybe(out: &mut Vec<u8>, number: Option<i64>) {
    put(out, i64::from(number.is_some()));
    put(out, number.unwrap_or_default());
}

fn put_bytes(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    put(out, bytes.map_or(-1, |bytes| bytes.len() as i64));
    out.extend(bytes.unwrap_or_default());
}

/// The frames of the last round in which the file was written, and that round.
pub(super) fn read(mut bytes: &[u8], epoch: i64) -> (Left, i64) {
    let mut batch = Batch::default();
    let mut begun = HashSet::new();
    let mut round = None;
    while let Some((body, rest)) = body(bytes) {
        bytes = rest;
        let mut cursor = Cursor(body);
        let (Some(whose), Some(when), Some(kind)) = (cursor.number(), cursor.number(), cursor.number())
        else {
            break;
        };
        if whose != epoch || *round.get_or_insert(when) != when {
            break;
        }
        if kind == PROGRESS {
            let Some((begins, ended)) = cursor.progress() else { break };
            begun.extend(begins);
            for (step, end) in ended {
                // What is in a commit already is not in the file any more, and needs no word either.
                if let Some(step) = batch.step(step) {
                    step.end = end;
                }
            }
            continue;
        }
        let Some(read) = cursor.batch() else { break };
        begun.extend(read.steps.first().map(|step| step.id));
        batch.append(read);
    }
    (Left { batch, begun: Some(begun), same_boot: false }, round.unwrap_or_default())
}

/// The next frame's body and what follows it, if it is whole.
fn body(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (sum, rest) = rest.split_first_chunk()?;
    let (body, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    (crc32fast::hash(body) == u32::from_le_bytes(*sum)).then_some((body, rest))
}

/// What is left to be read of a body.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn batch(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        for _ in 0..self.number()? {
            batch.runs.push(self.run()?);
        }
        for _ in 0..self.number()? {
            batch.steps.push(self.step()?);
        }
        Some(batch)
    }

    fn progress(&mut self) -> Option<(Option<i64>, Ends)> {
        let begun = self.maybe()?;
        let mut ended = Vec::new();
        for _ in 0..self.number()? {
            let (step, state) = (self.number()?, StepState::of_number(self.number()?)?);
            let mut text = || self.bytes()?.map(String::from_utf8).transpose().ok();
            ended.push((step, End { state, traces: text()?, error: text()? }));
        }
        Some((begun, ended))
    }

    fn run(&mut self) -> Option<NewRun> {
        Some(NewRun {
            id: self.number()?,
            kind: RunKind::of_number(self.number()?)?,
            started: self.number()?,
            cause: self.text()?,
            of: self.maybe()?,
            ended: None,
        })
    }

    fn step(&mut self) -> Option<NewStep> {
        Some(NewStep {
            id: self.number()?,
            run: self.number()?,
            nr: self.number()?.try_into().ok()?,
            at: self.number()?,
            of: self.maybe()?,
            rule_id: self.text()?,
            rule: self.text()?,
            action: self.text()?,
            deeds: self.text()?,
            from: self.bytes()?,
            to: self.bytes()?,
            note: self.bytes()?.map(String::from_utf8).transpose().ok()?,
            end: End::OPEN,
        })
    }

    fn number(&mut self) -> Option<i64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i64::from_le_bytes(*number))
    }

    fn maybe(&mut self) -> Option<Option<i64>> {
        let (there, number) = (self.number()?, self.number()?);
        Some((there != 0).then_some(number))
    }

    fn bytes(&mut self) -> Option<Option<Vec<u8>>> {
        let Ok(length) = usize::try_from(self.number()?) else { return Some(None) };
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Some(bytes.to_vec()))
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()??).ok()
    }
}
