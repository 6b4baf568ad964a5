//! What takes one step back: its deeds turned round, newest first, if everything it made still is as it was left and every
//! place it took something from is free.

use std::path::{Path, PathBuf};

use usher_event::{Kind, Sentence, sentence};
use usher_rule::world::respelled;
use usher_rule::{LinkKind, Op, World, name};

use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, Overlay, lstat};
use crate::drive;
use crate::journal::StepRecord;
use crate::stamp::{fingerprint, is_part_of};
use crate::told::{cannot_look, gone, no_drive};

/// Why a step is not taken back.
pub(super) enum Refusal {
    /// There is nothing to take back.
    Nothing,
    /// It would not be safe, or cannot be done.
    Because(Sentence),
}

/// The deeds that take a step back, on the world as the undo so far will have left it. No plan mounts a drive: whether one is
/// there the disk itself is asked.
pub(super) fn inverses(
    step: &StepRecord,
    names: &Names,
    world: &Overlay<'_>,
    disk: &dyn Disk,
    rename: bool,
) -> Result<Vec<Deed>, Refusal> {
    match step.not_undoable() {
        Some(why) if why.has_nothing_to_it() => return Err(Refusal::Nothing),
        Some(why) => return Err(Refusal::Because(why.sentence())),
        None => {}
    }
    // On an overlay of its own: a step that is refused halfway is to leave nothing behind for those that follow.
    let attempt = Overlay::new(world);
    let mut deeds = Vec::new();
    for (nr, (deed, trace)) in step.deeds.iter().zip(&step.traces).enumerate().rev() {
        if !trace.changed || never_done(deed, trace, &attempt) {
            continue;
        }
        unchanged(deed, trace, names, &attempt, disk)?;
        if let Some(place) = drive::missing(disk, trace.drive.as_ref()) {
            return Err(Refusal::Because(no_drive(place)));
        }
        let slot = names.slot(nr);
        let Some(mut inverse) = deed.inverse(trace, slot.clone()).map_err(Refusal::Because)? else {
            continue;
        };
        if let Some(left) = left_where_it_was(step, &inverse, &attempt) {
            let aside = Deed::Move { from: left, to: slot };
            show(&aside, &attempt);
            deeds.push(aside);
        }
        make_room(&mut inverse, &attempt, rename, &mut deeds)?;
        show(&inverse, &attempt);
        deeds.push(inverse);
    }
    deeds.iter().for_each(|deed| show(deed, world));
    if deeds.is_empty() { Err(Refusal::Nothing) } else { Ok(deeds) }
}

/// Whether a deed that nobody could see the end of, since its place was not there, turns out not to have been done.
fn never_done(deed: &Deed, trace: &Trace, world: &Overlay<'_>) -> bool {
    let unseen = trace.stamp.is_none();
    unseen
        && deed.source().zip(deed.result()).is_some_and(|(from, to)| world.exists(from) && !world.exists(to))
}

/// What a deed has made has to be there still, as it was left.
fn unchanged(
    deed: &Deed,
    trace: &Trace,
    names: &Names,
    world: &Overlay<'_>,
    disk: &dyn Disk,
) -> Result<(), Refusal> {
    let because = |text: Sentence| Err(Refusal::Because(text));
    if let Deed::Attribute { path, name, after, .. } = deed {
        return match world.attribute(path, name) {
            Ok(value) if value == *after => Ok(()),
            Ok(_) => because(sentence!(
                "undo-attribute-changed",
                "{name} of {path} has been changed since",
                name = name,
                path = path,
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => because(gone(path)),
            Err(error) => because(cannot_look(path, &error)),
        };
    }
    let Some(path) = deed.result() else { return Ok(()) };
    if matches!(deed, Deed::MakeDir { .. }) {
        return Ok(());
    }
    let stat = match lstat(world, path) {
        Ok(Some(stat)) => stat,
        Ok(None) if names.keeps(path) => {
            return because(sentence!("undo-not-kept", "what it replaced is not kept any more"));
        }
        Ok(None) => {
            let drive = drive::missing(disk, trace.onto.as_ref());
            return because(drive.map_or_else(|| gone(path), no_drive));
        }
        Err(error) => return because(cannot_look(path, &error)),
    };
    match (deed, trace.stamp) {
        // The bytes behind a link are its original's: only the link itself has to be the one that was made.
        (Deed::Link { original, hard: false, .. }, _) => match world.link_target(path) {
            Ok(says) if says == *original => Ok(()),
            _ => because(sentence!("undo-another-link", "{path} is another link now", path = path)),
        },
        (Deed::Link { .. }, Some(stamp)) if stamp.same_identity(&stat.into()) => Ok(()),
        (Deed::Link { .. }, _) => {
            because(sentence!("undo-another-file", "{path} is another file now", path = path))
        }
        // Whatever has been put into it since would go with it.
        (Deed::Copy { .. } | Deed::Unpack { .. }, Some(stamp))
            if (stamp.kind == Kind::Dir || matches!(deed, Deed::Unpack { .. }))
                && (trace.tree.is_none() || fingerprint(world, path).ok() != trace.tree) =>
        {
            because(sentence!(
                "undo-something-changed",
                "something in {path} has been changed since",
                path = path
            ))
        }
        (_, Some(stamp)) if stamp.kind == Kind::Dir && !stamp.same_file(&stat) => {
            because(sentence!("undo-another-folder", "{path} is another folder now", path = path))
        }
        (_, Some(stamp)) if !stamp.same_content(&stat) => {
            because(sentence!("undo-changed", "{path} has been changed since", path = path))
        }
        _ => Ok(()),
    }
}

/// What a step could not take away after it had copied it elsewhere, where that lies in the way of the whole and is still
/// nothing but a part of it: it may go to the vault.
fn left_where_it_was(step: &StepRecord, inverse: &Deed, world: &Overlay<'_>) -> Option<PathBuf> {
    step.error.as_ref()?;
    let (whole, seat) = inverse.source().zip(inverse.seat())?;
    let both = [whole, seat].iter().all(|path| world.stat(path).is_ok_and(|stat| stat.kind == Kind::Dir));
    let left = both && !respelled(world, whole, seat) && is_part_of(world, seat, whole).unwrap_or(false);
    left.then(|| seat.to_path_buf())
}

/// Sees to it that the place something goes back to is free and its folder exists.
fn make_room(
    inverse: &mut Deed,
    world: &Overlay<'_>,
    rename: bool,
    deeds: &mut Vec<Deed>,
) -> Result<(), Refusal> {
    let Some(seat) = inverse.seat().map(Path::to_path_buf) else { return Ok(()) };
    // Where the case of letters does not matter the old name leads to the thing itself.
    let itself = inverse.source().is_some_and(|from| respelled(world, from, &seat));
    if world.exists(&seat) && !itself {
        let taken = sentence!("undo-taken", "{path} is taken by something else now", path = &seat);
        if !rename {
            return Err(Refusal::Because(taken));
        }
        let free = free_name(&seat, world).ok_or(Refusal::Because(taken))?;
        reseat(inverse, free);
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
fn free_name(path: &Path, world: &Overlay<'_>) -> Option<PathBuf> {
    (2..)
        .map_while(|counter| Some(path.with_file_name(name::numbered(path, counter)?)))
        .find(|candidate| !world.exists(candidate))
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
        // A folder that something lies in by then is left.
        Deed::RemoveDir { path } => {
            if world.list(path).is_ok_and(|entries| entries.is_empty()) {
                ops.push(Op::Delete { path: path.clone() });
            }
        }
        // What these do nobody knows before.
        Deed::Spawn { .. } | Deed::Python { .. } => {}
        Deed::Open { .. } | Deed::Reveal { .. } | Deed::Tell { .. } => {}
        // Nobody can see the text in between; later steps know a file by its length and time.
        Deed::Create { .. } => {}
        Deed::Append { path, at, text, modified } => world.resize(path, at + text.len() as u64, *modified),
        Deed::Cut { path, at, modified, .. } => world.resize(path, *at, *modified),
    }
    ops.iter().for_each(|op| world.apply(op));
}

/// Actions that leave their subject where it is and make something beside it.
const MAKERS: &[&str] = &["copy", "symlink", "hardlink", "archive", "extract"];

/// Where the subject of a step is after it has been taken back.
pub(super) fn destination<'a>(step: &'a StepRecord, deeds: &'a [Deed]) -> Option<&'a Path> {
    let outside_vault = |deed: &'a Deed| match deed {
        Deed::Move { to, .. } if Some(to.as_path()) != step.from.as_deref() && step.to.is_none() => None,
        Deed::Move { to, .. } => Some(to.as_path()),
        Deed::Untrash { path, .. } => Some(path.as_path()),
        _ => None,
    };
    let back = deeds.iter().filter_map(outside_vault).find(|path| step.from.as_deref() == Some(path));
    // Where its old place is taken by now, it goes elsewhere; what it had replaced comes back to where it is.
    let was_moved = step.deeds.iter().any(|deed| {
        matches!(deed, Deed::Move { .. })
            && (deed.source(), deed.seat()) == (step.from.as_deref(), step.to.as_deref())
    });
    let elsewhere = || {
        let taken_from = |deed: &&Deed| was_moved && deed.source() == step.to.as_deref();
        deeds.iter().find(taken_from).and_then(Deed::seat)
    };
    back.or_else(elsewhere).or_else(|| {
        deeds.iter().filter_map(outside_vault).next_back().filter(|_| !MAKERS.contains(&step.action.as_str()))
    })
}
