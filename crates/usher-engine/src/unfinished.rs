//! What says that somebody is still at work on a file.

use std::path::Path;

use usher_event::{Kind, Sentence, sentence};
use usher_rule::{Stat, World};

use crate::disk::{Disk, Writer};
use crate::settle::{partial_name, partial_siblings};

/// So many seconds after its last change the name of an unfinished download says no more: nobody goes on with it.
const GIVEN_UP: i64 = 24 * 60 * 60;

/// What says that a file is being written at this moment.
pub(crate) fn being_written(disk: &dyn Disk, path: &Path) -> Option<Sentence> {
    if let Some(sibling) = partial_siblings(path).find(|sibling| disk.exists(sibling)) {
        return Some(sentence!(
            "waits-download",
            "{sibling} is beside it: the download is not finished",
            sibling = &sibling
        ));
    }
    (disk.writer(path) == Writer::Open).then(|| sentence!("waits-open", "a program has it open for writing"))
}

/// What speaks against touching a file that a walk has come to. Unlike what a source reports, it may be anything.
/// `attended` where somebody has asked for this very run: they may mean files whose names say that they are unfinished.
pub(crate) fn in_work(
    disk: &dyn Disk,
    world: &impl World,
    path: &Path,
    stat: &Stat,
    attended: bool,
) -> Option<Sentence> {
    if stat.kind != Kind::File {
        return None;
    }
    let age = world.now().timestamp().duration_since(stat.modified).as_secs();
    if !attended && partial_name(path) && age < GIVEN_UP {
        return Some(sentence!("waits-name", "its name says that it is not finished"));
    }
    being_written(disk, path)
}
