//! Keeping the journal and the vault small, as the user wants it: old runs are forgotten, and what they had put by in the
//! vault goes with them. What is forgotten cannot be taken back any more; that is the user's choice and nobody else's.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use usher_event::Kind;

use crate::deed::Deed;
use crate::disk::Disk;
use crate::engine::Engine;
use crate::journal::JournalError;

/// What is to be kept. Absent means everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Runs that ended at or after this moment.
    pub since: Option<Timestamp>,
    /// At most so many bytes in the vault; the oldest give way.
    pub vault: Option<u64>,
}

/// What was given up, or would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Runs.
    pub runs: u64,
    /// Their steps.
    pub steps: u64,
    /// Files and folders in the vault.
    pub kept_things: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How much room Usher's memory takes, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Space {
    /// The journal.
    pub journal: u64,
    /// The vault.
    pub vault: u64,
}

/// Something in the vault.
struct Kept {
    path: PathBuf,
    bytes: u64,
    /// Which journal put it there, and which step of that last had to do with it.
    age: (i64, i64),
    /// The run of that step; absent where the journal does not know it.
    run: Option<i64>,
    /// Whether that run is still going on.
    open: bool,
}

impl Engine {
    /// How much room journal and vault take.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn space(&mut self) -> Result<Space, JournalError> {
        self.settle_steps()?;
        let vault = self.kept()?.iter().map(|kept| kept.bytes).sum();
        Ok(Space { journal: self.journal.size()?, vault })
    }

    /// Says what would be given up to keep no more than this.
    ///
    /// # Errors
    /// When journal or vault cannot be read.
    pub fn would_give_up(&mut self, keeping: Keeping) -> Result<Forgotten, JournalError> {
        self.settle_steps()?;
        let (runs, things) = self.to_forget(keeping)?;
        self.forgotten(&runs, &things)
    }

    /// Gives up what is not to be kept.
    ///
    /// # Errors
    /// When journal or vault cannot be read or written.
    pub fn give_up(&mut self, keeping: Keeping) -> Result<Forgotten, JournalError> {
        self.settle_steps()?;
        let (runs, things) = self.to_forget(keeping)?;
        let forgotten = self.forgotten(&runs, &things)?;
        // The journal first: a thing without a step is found again, a step without its thing would be a broken promise.
        if !runs.is_empty() {
            self.journal.forget(&runs)?;
        }
        for kept in &things {
            remove(&*self.disk, &kept.path)
                .map_err(|source| JournalError::Io { path: kept.path.clone(), source })?;
        }
        Ok(forgotten)
    }

    /// Gives the room of forgotten runs back to the disk.
    ///
    /// # Errors
    /// When the journal cannot be written anew.
    pub fn shrink(&mut self) -> Result<(), JournalError> {
        self.settle_steps()?;
        self.journal.shrink()
    }

    fn forgotten(&self, runs: &HashSet<i64>, things: &[Kept]) -> Result<Forgotten, JournalError> {
        Ok(Forgotten {
            runs: runs.len() as u64,
            steps: self.journal.count_steps(runs)?,
            kept_things: things.len() as u64,
            bytes: things.iter().map(|kept| kept.bytes).sum(),
        })
    }

    fn to_forget(&self, keeping: Keeping) -> Result<(HashSet<i64>, Vec<Kept>), JournalError> {
        let mut runs =
            keeping.since.map(|since| self.journal.ended_before(since)).transpose()?.unwrap_or_default();
        // What is being taken back is needed until it is.
        runs.retain(|run| !self.undos.need(*run));
        let mut kept = self.kept()?;
        kept.sort_by_key(|kept| kept.age);
        let first = self.journal.first_step()?;
        let mut left: u64 = kept.iter().map(|kept| kept.bytes).sum();
        let mut things = Vec::new();
        for one in kept {
            // What is left of a step that was forgotten before, or of one whose run is forgotten now. A newer step that
            // the journal does not know was lost to a power cut, and with it how to come by these bytes otherwise.
            let forgotten = one.run.is_none() && one.age.0 == self.journal.epoch() && one.age.1 < first;
            let left_over = forgotten && keeping.since.is_some();
            let too_old = left_over || one.run.is_some_and(|run| runs.contains(&run));
            let too_much = keeping.vault.is_some_and(|most| left > most);
            if !one.open && (too_old || too_much) {
                left -= one.bytes;
                things.push(one);
            }
        }
        Ok((runs, things))
    }

    /// Everything in the vault.
    fn kept(&self) -> Result<Vec<Kept>, JournalError> {
        let users = self.users_of_vault()?;
        let mut all = Vec::new();
        for path in below(&*self.disk, &self.vault).map_err(|source| self.unreadable(source))? {
            let Some((epoch, own)) = path.file_name().and_then(|name| name.to_str()).and_then(step_of) else {
                continue;
            };
            let step = users.get(&path).copied().unwrap_or(own).max(own);
            let run = if epoch == self.journal.epoch() { self.journal.run_of_step(step)? } else { None };
            let bytes = size(&*self.disk, &path).map_err(|source| self.unreadable(source))?;
            let open = run.is_some_and(|(run, ended)| !ended || self.undos.need(run));
            all.push(Kept { path, bytes, age: (epoch, step), run: run.map(|(run, _)| run), open });
        }
        Ok(all)
    }

    /// What is in the vault on behalf of an undo or a redo, with the newest such step.
    fn users_of_vault(&self) -> Result<HashMap<PathBuf, i64>, JournalError> {
        let mut users = HashMap::new();
        for (step, _, deeds) in self.journal.inverse_deeds()? {
            for deed in &deeds {
                if let Deed::Move { to, .. } = deed
                    && to.starts_with(&self.vault)
                {
                    let newest = users.entry(to.clone()).or_insert(step);
                    *newest = step.max(*newest);
                }
            }
        }
        Ok(users)
    }

    fn unreadable(&self, source: io::Error) -> JournalError {
        JournalError::Io { path: self.vault.clone(), source }
    }
}

/// The journal and the step that a name in the vault belongs to.
fn step_of(name: &str) -> Option<(i64, i64)> {
    let mut parts = name.split('-');
    let epoch = parts.next()?.parse().ok()?;
    let step = parts.next()?.parse().ok()?;
    parts.next()?.parse::<u64>().ok()?;
    parts.next().is_none().then_some((epoch, step))
}

fn below(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(disk.list(folder)?.into_iter().map(|entry| folder.join(entry.name)).collect())
}

/// The bytes of a file, or of all files in a folder.
fn size(disk: &dyn Disk, path: &Path) -> io::Result<u64> {
    let stat = disk.stat(path)?;
    if stat.kind != Kind::Dir {
        return Ok(stat.size);
    }
    below(disk, path)?.iter().map(|path| size(disk, path)).sum()
}

/// Removes a file, or a folder with everything in it.
fn remove(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.stat(path)?.kind {
        Kind::Dir => disk.remove_all(path),
        _ => disk.remove_file(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_vault_tell_their_step() {
        assert_eq!(step_of("1700000000000-42-0"), Some((1_700_000_000_000, 42)));
        for other in ["notes.txt", "1-2", "1-2-3-4", "a-2-3", ".1-2.usher-part"] {
            assert_eq!(step_of(other), None, "{other}");
        }
    }
}
