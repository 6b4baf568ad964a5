//! Looking at the disk: how far had a deed got when everything stopped?

use std::io;
use std::path::{Path, PathBuf};

use usher_event::{Kind, Sentence, sentence};
use usher_rule::world::{only_letters_differ, respelled};

use crate::deed::Deed;
use crate::disk::{Disk, lstat};
use crate::drive;
use crate::journal::StepRecord;
use crate::perform::Hands;
use crate::stamp::is_part_of;

/// How far a deed had got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It had not been done.
    Before,
    /// It had been done.
    After,
    /// It had been done, but for what is said.
    Partly(Sentence),
}

/// Removes half-made copies, which nothing else knows of. One whose original is gone is kept, and told: it may be all
/// there is of it. (Nothing of Usher's removes an original before its copy has its name, for good; but others may.)
pub(super) fn clear_parts(hands: &Hands<'_>, step: &StepRecord) -> Option<(PathBuf, PathBuf)> {
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

/// Where the first of these deeds that is more than a new folder was to take something, where neither that thing nor the
/// place is there now, or the drive that was `noted` for the deed; with the number of deeds up to it.
pub(super) fn out_of_sight<'d>(
    disk: &dyn Disk,
    deeds: &'d [Deed],
    noted: impl Fn(usize) -> Option<&'d PathBuf>,
) -> Option<(usize, &'d Path)> {
    let nr = deeds.iter().position(|deed| !matches!(deed, Deed::MakeDir { .. }))?;
    let place = deeds[nr].result()?.parent()?;
    if disk.exists(deeds[nr].source()?) {
        return None;
    }
    // An empty mount point is as good as none.
    let place = drive::missing(disk, noted(nr)).or(Some(place).filter(|place| !disk.exists(place)))?;
    Some((nr + 1, place))
}

/// Both ends of a move that are there and not alike: somebody has changed one of them since, if it had begun at all.
pub(super) fn at_odds<'d>(disk: &dyn Disk, deed: &'d Deed) -> Option<(&'d Path, &'d Path)> {
    let (from, to) = deed.source().zip(deed.result())?;
    let dir = |path: &Path| disk.stat(path).is_ok_and(|stat| stat.kind == Kind::Dir);
    (dir(from) && dir(to)).then_some((from, to))
}

/// What is known when one deed is looked at.
pub(super) struct Scene<'a> {
    pub(super) hands: &'a Hands<'a>,
    /// The deeds before it in its step.
    pub(super) earlier: &'a [Deed],
    /// The deeds of the steps after it.
    pub(super) later: &'a [&'a Deed],
}

impl Scene<'_> {
    /// Looks at the disk to see whether a deed was done, and finishes one that was as good as done.
    pub(super) fn look(&self, deed: &Deed) -> Found {
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
            Deed::Copy { from, to } => after(there(to)? && is_part_of(hands.disk, from, to)?),
            Deed::Delete { path } => {
                // What was to be deleted gets this name first. What is at its place now is something else then.
                let part = hands.names.part(path);
                if there(&part)? {
                    return Ok(match hands.finish_delete(path, &part) {
                        Ok(()) => Found::After,
                        Err(error) => Found::Partly(sentence!(
                            "deed-cannot-delete-all",
                            "cannot delete all of {path}: {why}",
                            path = path,
                            why = error
                        )),
                    });
                }
                after(!there(path)?)
            }
            Deed::Create { path, text, .. } => {
                after(there(path)? && disk.read(path, text.len() as u64)? == *text)
            }
            Deed::Append { path, at, text, modified } => match disk.stat(path)?.size {
                size if size >= at + text.len() as u64 => {
                    if size == at + text.len() as u64 && modified.is_some() {
                        disk.cut(path, size, &[], *modified)?;
                    }
                    Found::After
                }
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
        (Some(_), Some(_)) if is_part_of(hands.disk, from, to)? => {
            // What is left of it then is where it was as well as there.
            if let Err(error) = hands.remove_original(from, to, &mut 0) {
                let told = sentence!(
                    "deed-cannot-remove-copied",
                    "cannot remove what has been copied of {path}: {why}",
                    path = from,
                    why = error,
                );
                return Ok(Found::Partly(told));
            }
            Ok(Found::After)
        }
        _ => Ok(Found::Before),
    }
}
