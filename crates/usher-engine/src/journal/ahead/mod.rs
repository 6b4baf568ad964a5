//! Intents that are in no commit yet, in a file of their own.
//!
//! An intent has to be on record before its deed is begun, and the file that is to be moved waits for that. A commit of
//! the database writes whole pages, and would write the same ones again as soon as the step has ended. So an intent goes
//! into this file first, in one write for a whole batch, and into the database once, together with how its step ended.
//! From then on the file is written from its start again.
//!
//! How far a batch has come is noted in it too: that a step is begun goes there before its first deed, in one write with
//! how the ones before it have ended. So after a kill there is no guessing about any step but those that were being done
//! at that very moment. A power cut may lose some of these notes and keep what came after them; they are taken for true
//! only in the same boot of the machine.
//!
//! Whatever a kill leaves in it is entered into the database when the journal is opened. A frame that was not written to
//! its end tells of nothing that was begun.

mod frames;

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::record::{RunKind, StepState};
use frames::Mark;

/// A run that was begun and is in no commit yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewRun {
    pub(super) id: i64,
    pub(super) kind: RunKind,
    pub(super) cause: String,
    /// In microseconds since 1970, as all moments here.
    pub(super) started: i64,
    pub(super) ended: Option<i64>,
    pub(super) of: Option<i64>,
}

/// A step that was written down and is in no commit yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewStep {
    pub(super) id: i64,
    pub(super) run: i64,
    pub(super) nr: u32,
    pub(super) rule_id: String,
    pub(super) rule: String,
    pub(super) action: String,
    pub(super) from: Option<Vec<u8>>,
    pub(super) to: Option<Vec<u8>>,
    pub(super) note: Option<String>,
    /// As JSON.
    pub(super) deeds: String,
    pub(super) at: i64,
    pub(super) of: Option<i64>,
    /// Not in the file: who reads it there has been killed before it ended.
    pub(super) end: End,
}

/// How far a step got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub(super) state: StepState,
    /// As JSON.
    pub(super) traces: Option<String>,
    pub(super) error: Option<String>,
}

impl End {
    /// Not known to have been done.
    pub(super) const OPEN: Self = Self { state: StepState::Intended, traces: None, error: None };
}

/// How steps have ended, by their numbers.
type Ends = Vec<(i64, End)>;

/// Runs and steps in the order they were written down.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) runs: Vec<NewRun>,
    pub(super) steps: Vec<NewStep>,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.steps.is_empty()
    }

    pub(super) fn append(&mut self, mut later: Self) {
        self.runs.append(&mut later.runs);
        self.steps.append(&mut later.steps);
    }

    /// The step of this number. They are numbered in the order they are written down.
    pub(super) fn step(&mut self, id: i64) -> Option<&mut NewStep> {
        let at = self.steps.binary_search_by_key(&id, |step| step.id).ok()?;
        self.steps.get_mut(at)
    }
}

/// What a kill has left.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// Everything that was in no commit yet; steps that had ended, as they had.
    pub(super) batch: Batch,
    /// Steps of it that had been begun, as far as that is certain. `None` where nothing is: any of them may have been.
    pub(super) begun: Option<HashSet<i64>>,
    /// Whether the machine has been up since the file was written.
    pub(super) same_boot: bool,
}

/// The file.
#[derive(Debug)]
pub(super) struct Ahead {
    file: File,
    /// Which journal it belongs to.
    epoch: i64,
    /// The boot of the machine it is written in.
    boot: u64,
    /// Counts how often it was written from its start. Frames of another round are left over from before.
    round: i64,
    /// Where the next frame goes.
    end: u64,
    /// How long the file is. What is there cannot fail for want of space.
    length: u64,
    /// The first step of the last batch. It is begun as soon as the batch is written down.
    first: Option<i64>,
    /// How steps have ended that nothing was written about yet.
    ended: Ends,
    /// Whether the file tells for certain how far everything has come.
    certain: bool,
}

/// The boot of the machine the file was written in, before all frames; 0 where its notes are not to be relied on.
const BOOT: usize = 8;

/// Bytes that are kept free behind a batch for each of its steps, for the notes on how far it has come.
const ROOM: u64 = 512;

/// How long the file stays when a burst is over.
const KEPT: u64 = 256 * 1024;

impl Ahead {
    /// Opens the file, making it where there is none; also gives what a kill has left in it.
    pub(super) fn open(path: &Path, epoch: i64) -> io::Result<(Self, Left)> {
        Self::open_in(path, epoch, boot())
    }

    fn open_in(path: &Path, epoch: i64, boot: u64) -> io::Result<(Self, Left)> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (before, frames) = bytes
            .split_first_chunk()
            .map_or((0, &[][..]), |(boot, frames)| (u64::from_le_bytes(*boot), frames));
        let (mut left, round) = frames::read(frames, epoch);
        left.same_boot = before != 0 && before == boot;
        if !left.same_boot {
            left.begun = None;
            // What was known of a step that was going on is no less true.
            let ended = left.batch.steps.iter_mut().filter(|step| step.end.state != StepState::Intended);
            ended.for_each(|step| step.end = End::OPEN);
        }
        let length = bytes.len() as u64;
        let mut ahead = Self {
            file,
            epoch,
            boot,
            round: round + 1,
            end: BOOT as u64,
            length,
            first: None,
            ended: Vec::new(),
            certain: left.batch.is_empty(),
        };
        // Otherwise it is written over only when what it holds is in a commit.
        if ahead.certain {
            ahead.rely()?;
        }
        Ok((ahead, left))
    }

    /// Writes a batch down. When that fails, nothing of it is there.
    pub(super) fn write(&mut self, batch: &Batch) -> io::Result<()> {
        let mut out = self.progress(None);
        frames::put_intents(&mut out, self.mark(), batch);
        let frames = out.len();
        let wanted = self.end + frames as u64 + batch.steps.len() as u64 * ROOM;
        if wanted > self.length {
            out.resize((wanted - self.end) as usize, 0);
        }
        self.put(&out, frames)?;
        self.ended.clear();
        self.first = batch.steps.first().map(|step| step.id);
        Ok(())
    }

    /// Notes that a step is begun.
    pub(super) fn begin(&mut self, step: i64) {
        if self.first.take() == Some(step) && self.ended.is_empty() {
            return;
        }
        let out = self.progress(Some(step));
        match self.put(&out, out.len()) {
            Ok(()) => self.ended.clear(),
            // There is no room even for that. What was intended is on record; only how far it has come is not.
            Err(_) => self.give_up_certainty(),
        }
    }

    /// Notes how a step has ended. It is written with whatever is written next.
    pub(super) fn end(&mut self, step: i64, end: End) {
        self.ended.push((step, end));
    }

    /// Everything that is in it has been committed: it is written from its start again.
    pub(super) fn begin_again(&mut self) -> io::Result<()> {
        self.ended.clear();
        self.first = None;
        if !self.certain {
            self.rely()?;
        } else if self.end > BOOT as u64 {
            self.file.seek(SeekFrom::Start(BOOT as u64))?;
        } else {
            return Ok(());
        }
        (self.round, self.end) = (self.round + 1, BOOT as u64);
        Ok(())
    }

    /// Whether the file is longer than it is worth keeping.
    pub(super) fn is_long(&self) -> bool {
        self.length > KEPT
    }

    /// Cuts off what a burst has needed. For when everything in it has been committed.
    pub(super) fn shorten(&mut self) -> io::Result<()> {
        if self.end <= KEPT && self.is_long() {
            self.file.set_len(KEPT)?;
            self.length = KEPT;
        }
        Ok(())
    }

    /// Says that its notes are to be relied on in this boot; what is written next comes right behind that.
    fn rely(&mut self) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(&self.boot.to_le_bytes())?;
        self.length = self.length.max(BOOT as u64);
        self.certain = true;
        Ok(())
    }

    fn give_up_certainty(&mut self) {
        self.certain = false;
        let zero = |file: &mut File| file.rewind().and_then(|()| file.write_all(&[0; BOOT]));
        if let Err(error) = zero(&mut self.file) {
            tracing::warn!(%error, "how far a run has come cannot be noted");
        }
        let _ = self.file.seek(SeekFrom::Start(self.end));
    }

    /// The frame of all that has come to pass since something was written last; nothing where that is nothing.
    fn progress(&self, begun: Option<i64>) -> Vec<u8> {
        let mut out = Vec::new();
        if self.ended.is_empty() && begun.is_none() {
            return out;
        }
        frames::put_progress(&mut out, self.mark(), begun, &self.ended);
        out
    }

    /// What every frame begins with.
    fn mark(&self) -> Mark {
        Mark { epoch: self.epoch, round: self.round }
    }

    /// Writes bytes, of which so many are frames and the rest is room for later ones.
    fn put(&mut self, bytes: &[u8], frames: usize) -> io::Result<()> {
        let written = self.file.write_all(bytes);
        if written.is_ok() {
            self.length = self.length.max(self.end + bytes.len() as u64);
            self.end += frames as u64;
        }
        // A half is no frame, and the next one is written over it.
        if written.is_err() || bytes.len() > frames {
            self.file.seek(SeekFrom::Start(self.end))?;
        }
        written
    }
}

/// A number for the time since the machine was started, the same for all of that time; 0 where the platform has none.
fn boot() -> u64 {
    #[cfg(target_os = "linux")]
    if let Ok(id) = std::fs::read("/proc/sys/kernel/random/boot_id") {
        let mut start = [0; 8];
        start.copy_from_slice(&blake3::hash(&id).as_bytes()[..8]);
        return u64::from_le_bytes(start);
    }
    0
}

#[cfg(test)]
mod tests {
    use usher_event::Sentence;

    use super::*;
    use crate::journal::{Intent, Journal};

    fn batch(ids: std::ops::Range<i64>) -> Batch {
        let run = NewRun {
            id: 7,
            kind: RunKind::Sweep,
            cause: "by hand".into(),
            started: 3,
            ended: None,
            of: None,
        };
        let step = |id| NewStep {
            id,
            run: 7,
            nr: id as u32,
            rule_id: "rule".into(),
            rule: "Rule".into(),
            action: "move".into(),
            from: Some(b"/a\xff".to_vec()),
            to: (id % 2 == 0).then(|| b"/b".to_vec()),
            note: (id % 3 == 0).then(|| "note".to_owned()),
            deeds: "[]".into(),
            at: 5,
            of: (id % 2 == 1).then_some(-1),
            end: End::OPEN,
        };
        Batch { runs: vec![run], steps: ids.map(step).collect() }
    }

    fn left(path: &Path, epoch: i64) -> Vec<i64> {
        let (_, left) = Ahead::open(path, epoch).unwrap();
        left.batch.steps.iter().map(|step| step.id).collect()
    }

    #[test]
    fn what_was_written_is_read_back_to_the_last_field() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, nothing) = Ahead::open(&path, 1).unwrap();
        assert_eq!(nothing.batch, Batch::default());
        ahead.write(&batch(0..9)).unwrap();
        assert_eq!(Ahead::open(&path, 1).unwrap().1.batch, batch(0..9));
    }

    #[test]
    fn what_was_committed_is_not_read_again_though_it_still_lies_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, _) = Ahead::open(&path, 1).unwrap();
        // All frames are of one length, so that an old one begins right where the new one ends.
        (0..4).for_each(|nr| ahead.write(&batch(nr * 6..nr * 6 + 1)).unwrap());
        assert_eq!(left(&path, 1), [0, 6, 12, 18]);
        ahead.begin_again().unwrap();
        ahead.write(&batch(24..25)).unwrap();
        assert_eq!(left(&path, 1), [24]);
        ahead.write(&batch(30..31)).unwrap();
        assert_eq!(left(&path, 1), [24, 30]);
    }

    #[test]
    fn a_frame_that_was_cut_off_tells_of_nothing_wherever_it_was_cut() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, _) = Ahead::open(&path, 1).unwrap();
        ahead.write(&batch(1..2)).unwrap();
        let first = ahead.end as usize;
        ahead.write(&batch(2..3)).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in first..ahead.end as usize {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(left(&path, 1), [1], "{cut} bytes");
        }
        for at in BOOT..first {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            assert_eq!(left(&path, 1), [] as [i64; 0], "byte {at}");
        }
    }

    #[test]
    fn how_far_a_batch_has_come_is_known_in_the_same_boot_and_in_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, _) = Ahead::open_in(&path, 1, 5).unwrap();
        ahead.write(&batch(1..6)).unwrap();
        ahead.begin(1);
        let done = End { state: StepState::Done, traces: Some("[1]".into()), error: None };
        ahead.end(1, done.clone());
        ahead.begin(2);
        let failed = End { state: StepState::Failed, traces: None, error: Some("no".into()) };
        ahead.end(2, failed.clone());
        ahead.begin(4);
        // Nothing was written after this one, so nobody knows.
        ahead.end(4, done.clone());
        let ends = |left: &Left| left.batch.steps.iter().map(|step| step.end.clone()).collect::<Vec<_>>();
        let (_, left) = Ahead::open_in(&path, 1, 5).unwrap();
        assert_eq!(ends(&left), [done, failed, End::OPEN, End::OPEN, End::OPEN]);
        assert_eq!(left.begun, Some(HashSet::from([1, 2, 4])));
        for boot in [6, 0] {
            let (_, left) = Ahead::open_in(&path, 1, boot).unwrap();
            assert_eq!(ends(&left), [const { End::OPEN }; 5]);
            assert_eq!(left.begun, None);
        }
    }

    #[test]
    fn where_it_cannot_be_noted_how_far_a_batch_has_come_nothing_is_certain() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, _) = Ahead::open_in(&path, 1, 5).unwrap();
        ahead.write(&batch(1..3)).unwrap();
        ahead.begin(2);
        ahead.give_up_certainty();
        let (mut ahead, left) = Ahead::open_in(&path, 1, 5).unwrap();
        assert_eq!((left.begun, left.batch.steps.len()), (None, 2));
        ahead.begin_again().unwrap();
        ahead.write(&batch(3..5)).unwrap();
        assert_eq!(Ahead::open_in(&path, 1, 5).unwrap().1.begun, Some(HashSet::from([3])));
    }

    #[test]
    fn room_that_a_burst_has_needed_is_given_back_and_what_is_written_then_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, _) = Ahead::open(&path, 1).unwrap();
        ahead.write(&batch(0..5000)).unwrap();
        ahead.shorten().unwrap();
        assert_eq!(left(&path, 1).len(), 5000, "not while it is needed");
        ahead.begin_again().unwrap();
        assert!(ahead.is_long());
        ahead.shorten().unwrap();
        assert!(!ahead.is_long());
        assert_eq!(std::fs::metadata(&path).unwrap().len(), KEPT);
        ahead.write(&batch(5000..6000)).unwrap();
        assert_eq!(left(&path, 1), (5000..6000).collect::<Vec<_>>());
    }

    #[test]
    fn another_journals_intents_are_none_of_ours() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.intents");
        let (mut ahead, _) = Ahead::open(&path, 1).unwrap();
        ahead.write(&batch(1..2)).unwrap();
        assert_eq!(left(&path, 2), [] as [i64; 0]);
    }

    /// Writes down one step in a run of its own, and nothing more.
    fn intend(journal: &mut Journal) -> (i64, i64) {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let step = journal.take_step_number();
        let run = journal.before_deeds(|journal| {
            let run = journal.begin_run(RunKind::Event, &Sentence::foreign(""), None, at)?;
            let (from, to) = (Some(Path::new("/a")), Some(Path::new("/b")));
            let intent = Intent {
                step,
                nr: 0,
                rule_id: "r",
                rule: "R",
                action: "move",
                from,
                to,
                note: None,
                deeds: &[],
                of: None,
            };
            journal.intend(run, &intent, at).map(|()| run)
        });
        (run.unwrap(), step)
    }

    #[test]
    fn an_intent_that_is_in_no_commit_is_found_open_after_a_kill() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let (mut journal, _) = Journal::open(&path).unwrap();
        let (run, step) = intend(&mut journal);
        drop(journal);
        for _ in 0..2 {
            let (mut journal, _) = Journal::open(&path).unwrap();
            let open: Vec<_> = journal.open_steps().unwrap().iter().map(|step| (step.run, step.id)).collect();
            assert_eq!(open, [(run, step)]);
            assert!(journal.run(run).unwrap().is_some());
            assert!(journal.take_step_number() > step);
        }
    }

    #[test]
    fn a_step_is_entered_as_it_has_ended_and_its_intent_is_done_with() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let (mut journal, _) = Journal::open(&path).unwrap();
        let (run, step) = intend(&mut journal);
        let at = jiff::Timestamp::from_second(9).unwrap();
        journal.settle_step(step, StepState::Failed, &[], Some(&Sentence::foreign("no")), at).unwrap();
        assert!(journal.waits());
        journal.together(|journal| journal.end_run(run, at)).unwrap();
        assert!(!journal.waits());
        drop(journal);
        let (journal, _) = Journal::open(&path).unwrap();
        let steps = journal.steps(run).unwrap();
        assert_eq!(
            (steps[0].state, steps[0].error.as_deref(), steps[0].at),
            (StepState::Failed, Some("no"), at)
        );
        assert_eq!(journal.run(run).unwrap().unwrap().ended, Some(at));
        assert!(journal.open_steps().unwrap().is_empty());
    }
}
