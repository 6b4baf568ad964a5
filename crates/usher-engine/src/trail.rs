//! Recognising our own output, and rules that feed each other in circles.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_rule::world::same_place;
use usher_rule::{Rule, Stat, World};

use crate::stamp::Stamp;

/// How long a trail is kept. A circle that takes longer than this for one turn floods nobody.
const KEPT: Duration = Duration::from_secs(600);
/// How long events may take to tell of what we have done ourselves.
pub(crate) const FRESH: Duration = Duration::from_secs(2);
/// How many files have trails before old ones are looked for.
const MANY: usize = 16 * 1024;

/// Which rules have had a file in their hands on its way to where it is now, by file identity.
pub(crate) struct Trails {
    /// One trail for each name of the file: mostly one.
    by_file: HashMap<(u64, u64), Vec<Trail>>,
    /// How many files have trails when old ones are looked for next. Doubles while they are all young, so that a large
    /// run does not look through all of them for each of its files.
    crowded: usize,
    strays: HashMap<(u64, u64), Stray>,
    /// The same for strays.
    crowded_strays: usize,
}

impl Default for Trails {
    fn default() -> Self {
        Self { by_file: HashMap::new(), crowded: MANY, strays: HashMap::new(), crowded_strays: MANY }
    }
}

/// A file that was not where it had been when a command of a rule ended. The command may have put it anywhere.
struct Stray {
    /// The number of the command.
    ticket: u64,
    seen: Stat,
    rules: Vec<Arc<Rule>>,
    at: Duration,
}

struct Trail {
    path: PathBuf,
    stamp: Stamp,
    rules: Vec<Arc<Rule>>,
    at: Duration,
}

impl Trails {
    /// The rules that brought this file here, oldest first; empty as soon as anybody else has touched or moved it.
    pub(crate) fn of(&self, world: &dyn World, path: &Path, stamp: &Stamp) -> &[Arc<Rule>] {
        self.left(world, path, stamp).map_or(&[], |trail| &trail.rules)
    }

    /// Whether a rule has left this file here in this version so short a time ago that an event tells of just that.
    /// `quiet` is how long the event itself was held back.
    pub(crate) fn is_fresh(
        &self,
        world: &dyn World,
        path: &Path,
        stamp: &Stamp,
        quiet: Duration,
        now: Duration,
    ) -> bool {
        self.left(world, path, stamp).is_some_and(|trail| now.saturating_sub(trail.at) < FRESH + quiet)
    }

    /// Who put it there may have done so by another path than the one it is reported by. Only a file that seems to have
    /// been left elsewhere is asked about that.
    fn left(&self, world: &dyn World, path: &Path, stamp: &Stamp) -> Option<&Trail> {
        let trails = self.by_file.get(&(stamp.device, stamp.inode))?;
        let mut unchanged = trails.iter().filter(|trail| trail.stamp == *stamp);
        let here = unchanged.clone().find(|trail| trail.path == path);
        here.or_else(|| unchanged.find(|trail| same_place(world, &trail.path, path)))
    }

    /// The rules that have had this version of this file in their hands, wherever it lay: it may have had to give way
    /// to another one.
    pub(crate) fn known(&self, stamp: &Stamp) -> Option<&[Arc<Rule>]> {
        let trails = self.by_file.get(&(stamp.device, stamp.inode))?;
        trails.iter().find(|trail| trail.stamp == *stamp).map(|trail| &*trail.rules)
    }

    /// Notes that the last of `rules` has left a file at `path`. `still` says whether it has another name yet.
    pub(crate) fn extend(
        &mut self,
        path: &Path,
        stamp: Stamp,
        rules: Vec<Arc<Rule>>,
        now: Duration,
        still: impl Fn(&Path) -> bool,
    ) {
        if self.by_file.len() >= self.crowded {
            self.by_file.retain(|_, trails| {
                trails.retain(|trail| now.saturating_sub(trail.at) < KEPT);
                !trails.is_empty()
            });
            self.crowded = MANY.max(2 * self.by_file.len());
        }
        let trails = self.by_file.entry((stamp.device, stamp.inode)).or_default();
        trails.retain(|trail| trail.path != path && still(&trail.path));
        trails.push(Trail { path: path.to_path_buf(), stamp, rules, at: now });
    }

    /// Notes that the last of `rules` has had a file in its hands with a command, and that it is not where it was.
    pub(crate) fn strays(&mut self, ticket: u64, seen: Stat, rules: Vec<Arc<Rule>>, now: Duration) {
        if self.strays.len() >= self.crowded_strays {
            self.strays.retain(|_, stray| now.saturating_sub(stray.at) < KEPT);
            self.crowded_strays = MANY.max(2 * self.strays.len());
        }
        self.strays.insert((seen.device, seen.inode), Stray { ticket, seen, rules, at: now });
    }

    /// The rules that had a file in their hands which had strayed and has turned up, oldest first. `came_during` says whether
    /// it came while the command of a number ran; what comes later somebody else has brought.
    pub(crate) fn turns_up(
        &mut self,
        stat: &Stat,
        came_during: impl Fn(u64) -> bool,
    ) -> Option<Vec<Arc<Rule>>> {
        let file = (stat.device, stat.inode);
        let stray = self.strays.get(&file)?;
        if !same_file(&stray.seen, stat) || !came_during(stray.ticket) {
            return None;
        }
        self.strays.remove(&file).map(|stray| stray.rules)
    }
}

/// Whether both are of one file. Its number may have been given to another one, which has another time of birth. Where births
/// are not kept, or are all the number there is, it has to be the same version.
fn same_file(before: &Stat, now: &Stat) -> bool {
    let (old, new) = (Stamp::from(*before), Stamp::from(*now));
    old.kind == new.kind
        && old.same_identity(&new)
        && if before.device != 0 && before.created.is_some() {
            before.created == now.created
        } else {
            old == new
        }
}

/// The circle a file would be sent round, for people: `A -> B -> A`.
pub(crate) fn circle(rules: &[Arc<Rule>], again: &Rule) -> String {
    let start = rules.iter().position(|rule| rule.id == again.id).unwrap_or(0);
    let mut names: Vec<&str> = rules[start..].iter().map(|rule| rule.title()).collect();
    names.push(again.title());
    names.join(" -> ")
}

#[cfg(test)]
mod tests {
    use usher_event::Kind;

    use super::*;

    #[test]
    fn young_trails_are_not_looked_through_for_each_file_and_old_ones_go() {
        let stamp = |inode| Stamp { kind: Kind::File, size: 1, modified: 1, device: 1, inode };
        let mut trails = Trails::default();
        let add = |trails: &mut Trails, inode: u64, now| {
            trails.extend(Path::new("/a"), stamp(inode), Vec::new(), now, |_| false);
        };
        let many = MANY as u64;
        (0..=many).for_each(|inode| add(&mut trails, inode, Duration::ZERO));
        assert_eq!(trails.crowded, 2 * MANY, "the next look is far off");
        (many + 1..=2 * many).for_each(|inode| add(&mut trails, inode, KEPT));
        assert_eq!(trails.by_file.len(), MANY, "those of the first round are gone");
        assert_eq!(trails.crowded, 2 * (MANY - 1));
        assert!(trails.known(&stamp(1)).is_none());
        assert!(trails.known(&stamp(2 * many)).is_some());
    }
}
