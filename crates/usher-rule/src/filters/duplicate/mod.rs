//! `duplicate`: files that hold the same bytes as another one.
//!
//! A run over all locations asks about every file in order, and each file is compared with those before it, as organize
//! does it. Asked about a single file, the filter looks for the others by itself: it goes through the rule's locations
//! once, notes how large everything is, and compares only what is of the same size. Either way a file counts only if it
//! passes the filters before this one, and the original has to be there, unchanged, at the moment the answer is given.
//!
//! Paths may lead to one and the same file, through linked folders or over second mounts. It is one file then, and is
//! never its own original, whatever path it is asked about by.

mod entry;
mod index;
mod pool;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use minijinja::Value;
use usher_event::{Kind as Thing, sentence};

use self::entry::{Entry, same_entry};
use self::index::Index;
use self::pool::{File, Pool};
use super::{Filter, FilterError, Tried, Verdict};
use crate::context::{Looking, RunMemory};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::PathValue;
use crate::{Context, World};

pub(super) const SPEC: Spec = Spec {
    positional: Some("detect_original_by"),
    params: &[
        Param::new(
            "detect_original_by",
            Kind::Choice(&[
                "first_seen",
                "-first_seen",
                "last_seen",
                "-last_seen",
                "name",
                "-name",
                "created",
                "-created",
                "lastmodified",
                "-lastmodified",
            ]),
            "first_seen",
            "which of two files is the original: the one seen first or last, or the first by name, creation or change; a minus turns it round. The other one is what the actions get",
        ),
        Param::new(
            "hash_algorithm",
            Kind::Text,
            "sha1",
            "accepted for organize; files are compared byte by byte",
        ),
    ],
    variables: &["duplicate"],
    dirs: false,
    ..Spec::new("duplicate", "finds files that hold the same bytes as another one")
};

#[derive(Debug)]
struct Duplicate {
    by: By,
    reversed: bool,
    written: &'static str,
    /// Where it stands in its file: with the rule, what tells it from other filters.
    place: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    FirstSeen,
    LastSeen,
    Name,
    Created,
    LastModified,
}

/// What the `duplicate` filters of all rules remember.
#[derive(Debug, Default, Clone)]
pub(crate) struct Memory {
    filters: HashMap<(String, usize), Seen>,
    /// The filter that only wants to know whether it is reached, and whether it was.
    probe: Option<(usize, bool)>,
}

/// What one filter remembers.
#[derive(Debug, Default, Clone)]
struct Seen {
    /// Every file asked about in order.
    paths: HashSet<PathBuf>,
    entries: HashSet<Entry>,
    /// The originals among them.
    originals: Pool,
    /// What is in the rule's locations, where files are asked about one by one.
    index: Option<Index>,
}

impl Memory {
    /// Forgets what was found on the disk.
    pub(crate) fn forget(&mut self) {
        self.filters.clear();
    }
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let written = reader.choice("detect_original_by");
    let by = match written.trim_start_matches('-') {
        "last_seen" => By::LastSeen,
        "name" => By::Name,
        "created" => By::Created,
        "lastmodified" => By::LastModified,
        _ => By::FirstSeen,
    };
    reader.text("hash_algorithm");
    Some(Box::new(Duplicate { by, reversed: written.starts_with('-'), written, place: reader.span().start }))
}

impl Filter for Duplicate {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        format!("the same bytes as another file; the original by {}", self.written)
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        if let Some((place, reached)) = &mut cx.run.duplicates.probe {
            let here = *place == self.place;
            *reached |= here;
            return Ok(Verdict { pass: !here, seen: String::new() });
        }
        if cx.run.looking == Looking::Clock {
            return Ok(Verdict { pass: true, seen: String::new() });
        }
        let stat = cx.stat()?;
        let path = cx.looked_at()?.to_path_buf();
        if stat.kind != Thing::File {
            return Ok(Verdict { pass: false, seen: cx.seen(|| "no regular file".to_owned()) });
        }
        let key = (cx.rule.id.clone(), self.place);
        let mut seen = cx.run.duplicates.filters.remove(&key).unwrap_or_default();
        let found = match cx.run.looking {
            Looking::InOrder => self.in_order(cx, &mut seen, File::new(path, stat)),
            _ => self.alone(cx, &mut seen, File::new(path, stat)),
        };
        cx.run.duplicates.filters.insert(key, seen);
        let Some(Pair { original, duplicate }) = found? else {
            return Ok(Verdict {
                pass: false,
                seen: cx.seen(|| "no other file with these bytes".to_owned()),
            });
        };
        let verdict = Verdict { pass: true, seen: cx.seen(|| self.told(cx, &original, &duplicate)) };
        cx.publish(SPEC.name, |_| Value::from_pairs([("original", Value::from_object(PathValue(original)))]));
        cx.path = Some(duplicate);
        Ok(verdict)
    }
}

/// Two files with the same bytes.
struct Pair {
    original: PathBuf,
    duplicate: PathBuf,
}

impl Duplicate {
    fn told(&self, cx: &Context<'_>, original: &Path, duplicate: &Path) -> String {
        match cx.path.as_deref() == Some(duplicate) {
            true => format!("the same bytes as {}", original.display()),
            false => format!("the original; {} has the same bytes", duplicate.display()),
        }
    }

    /// Compares a file with those asked about before.
    fn in_order(
        &self,
        cx: &Context<'_>,
        seen: &mut Seen,
        mut new: File,
    ) -> Result<Option<Pair>, FilterError> {
        // Two locations may hold the same file. Asked about again, it would count as one more that comes after those it
        // was compared with, and the last of them would go as well.
        let entry = Entry::of(cx.world, &new.path, &new.stat);
        if !seen.paths.insert(new.path.clone()) || entry.is_some_and(|entry| !seen.entries.insert(entry)) {
            return Ok(None);
        }
        let pool = &mut seen.originals;
        let mut same =
            pool.same(cx.world, &mut new, &|_, _| true).map_err(|error| unread(&new.path, error))?;
        same.retain(|place| is_there(cx.world, pool.file(*place), &new));
        let Some(&known) = same.first() else {
            pool.add(new);
            return Ok(None);
        };
        if self.is_original(pool.file(known), &new)? {
            return Ok(Some(Pair { original: pool.file(known).path.clone(), duplicate: new.path }));
        }
        let pair = Pair { original: new.path.clone(), duplicate: pool.file(known).path.clone() };
        pool.replace(known, new);
        Ok(Some(pair))
    }

    /// Looks for other files with the same bytes in all of the rule's locations.
    fn alone(&self, cx: &Context<'_>, seen: &mut Seen, mut new: File) -> Result<Option<Pair>, FilterError> {
        let index = match &mut seen.index {
            Some(index) => index,
            index => index.insert(Index::build(cx).map_err(FilterError::new)?),
        };
        let asked = new.path.clone();
        let place = index.place(cx.world, &new);
        let own = place.filter(|place| index.pool.file(*place).stat == new.stat);
        if let Some(own) = own {
            // What was read of it before need not be read again.
            new = index.pool.file(own).clone();
        }
        // What was found by looking through the folders comes after what a run would have asked about before it.
        // What has just arrived comes after everything.
        let before = match cx.run.looking {
            Looking::Found => place.unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        // Of several that arrive together each is compared with those that were asked about.
        let arriving = &cx.run.arriving;
        let paths = &index.paths;
        let wanted = |other: usize, path: &Path| {
            other < before
                && Some(other) != place
                && !arriving.contains(path)
                && !paths.of(other).iter().any(|path| arriving.contains(path))
        };
        let same = index.pool.same(cx.world, &mut new, &wanted);
        let mut same = same.map_err(|error| unread(&new.path, error))?;
        if let Some(own) = own {
            index.pool.replace(own, new.clone());
        }
        let Some(known) = self.best(cx, index, &mut same, &new)? else { return Ok(None) };
        let known = index.pool.file(known);
        Ok(Some(match self.is_original(known, &new)? {
            true => Pair { original: known.path.clone(), duplicate: asked },
            false => Pair { original: asked, duplicate: known.path.clone() },
        }))
    }

    /// The original among files with the same bytes; the next best where it has changed or is none of the rule's.
    fn best(
        &self,
        cx: &Context<'_>,
        index: &Index,
        same: &mut Vec<usize>,
        new: &File,
    ) -> Result<Option<usize>, FilterError> {
        while let Some((&first, rest)) = same.split_first() {
            let mut best = first;
            for place in rest {
                if !self.is_original(index.pool.file(best), index.pool.file(*place))? {
                    best = *place;
                }
            }
            let file = index.pool.file(best);
            if is_there(cx.world, file, new) && self.reached(cx, &file.path, index.root(best)) {
                return Ok(Some(best));
            }
            same.retain(|place| *place != best);
        }
        Ok(None)
    }

    /// Whether a file passes the filters before this one.
    fn reached(&self, cx: &Context<'_>, path: &Path, root: &Path) -> bool {
        let mut run = RunMemory::default();
        run.duplicates.probe = Some((self.place, false));
        let mut probe = Context::new(cx.world, cx.rule, path, root, &mut run);
        cx.rule.matches(&mut probe);
        run.duplicates.probe.is_some_and(|(_, reached)| reached)
    }

    /// Whether the known one of two files is the original.
    fn is_original(&self, known: &File, new: &File) -> Result<bool, FilterError> {
        let created = |file: &File| {
            let unknown = || {
                FilterError::new(sentence!(
                    "duplicate-unknown-age",
                    "nobody knows when {path} was created",
                    path = &file.path
                ))
            };
            file.stat.created.ok_or_else(unknown)
        };
        let known_is_original = match self.by {
            By::FirstSeen => true,
            By::LastSeen => false,
            By::Name => known.path.file_name() <= new.path.file_name(),
            By::Created => created(known)? <= created(new)?,
            By::LastModified => known.stat.modified <= new.stat.modified,
        };
        Ok(known_is_original != self.reversed)
    }
}

fn unread(path: &Path, error: std::io::Error) -> FilterError {
    FilterError::io(Tried::Compare, path, error)
}

/// Whether a file that had the same bytes as `new` is still there as it was, and is another one.
fn is_there(world: &dyn World, file: &File, new: &File) -> bool {
    // What was planned when it was looked at has got its number since.
    let now = file.unchanged(world);
    now.is_some_and(|now| !same_entry(world, (&file.path, &now), (&new.path, &new.stat)))
}

#[cfg(test)]
mod tests;
