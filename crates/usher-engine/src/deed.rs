//! A deed: an operation made durable, so that it can be journaled before it is done and taken back afterwards.
//!
//! [`usher_rule::Op`] says what a rule wants; a [`Deed`] says exactly what will happen to the disk, with every name
//! settled, the vault's included. Each deed knows its inverse. Journal, recovery and undo speak of deeds only.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use usher_event::{Kind, Sentence, sentence};
use usher_rule::{LinkKind, Op, WriteMode};

use crate::disk::{Disk, TrashSpot};
use crate::stamp::{Stamp, fingerprint};
use crate::task::{self, Call, Command, Task};

/// One change to the disk or the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    /// Makes a directory, if it is not there.
    MakeDir {
        /// The directory.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
    },
    /// Removes a directory if it is empty.
    RemoveDir {
        /// The directory.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
    },
    /// Moves to a free name. Also how things get into and out of the vault.
    Move {
        /// Where it is.
        #[serde(with = "crate::path_text")]
        from: PathBuf,
        /// Where nothing is.
        #[serde(with = "crate::path_text")]
        to: PathBuf,
    },
    /// Copies to a free name.
    Copy {
        /// The original.
        #[serde(with = "crate::path_text")]
        from: PathBuf,
        /// Where nothing is.
        #[serde(with = "crate::path_text")]
        to: PathBuf,
    },
    /// Moves into the trash.
    Trash {
        /// What is thrown away.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// Where it will lie.
        spot: TrashSpot,
    },
    /// Moves out of the trash.
    Untrash {
        /// Where it goes.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// Where it lies.
        spot: TrashSpot,
    },
    /// Removes for good.
    Delete {
        /// What is removed.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
    },
    /// Makes a file of some text, followed by the content of another file.
    Create {
        /// Where nothing is.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// Its beginning.
        text: Vec<u8>,
        /// Whose content follows, in the vault by then.
        then: Option<String>,
        /// Which file it takes the place of, in the vault by then: its permissions and extended attributes come along.
        /// Absent where there was none, and in older journals.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        like: Option<String>,
    },
    /// Lengthens a file.
    Append {
        /// The file.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// Its length before.
        at: u64,
        /// What is added.
        text: Vec<u8>,
        /// The time of last change it gets, in nanoseconds since 1970, where it had one after this text was added before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        modified: Option<i64>,
    },
    /// Shortens a file by what an [`Deed::Append`] added.
    Cut {
        /// The file.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// Its length afterwards.
        at: u64,
        /// What is cut off.
        text: Vec<u8>,
        /// The time of last change it gets back, in nanoseconds since 1970.
        modified: Option<i64>,
    },
    /// Makes a link at a free name.
    Link {
        /// What it leads to, or is a second name of.
        #[serde(with = "crate::path_text")]
        original: PathBuf,
        /// Where nothing is.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// Whether it is a second name and no symbolic link.
        hard: bool,
        /// Whether the original is a folder.
        dir: bool,
    },
    /// Packs a file or a folder into an archive at a free name.
    Pack {
        /// What is packed.
        #[serde(with = "crate::path_text")]
        from: PathBuf,
        /// Where nothing is.
        #[serde(with = "crate::path_text")]
        to: PathBuf,
        /// What kind of archive: `zip`, `tar.gz`.
        format: String,
    },
    /// Unpacks an archive to a free name.
    Unpack {
        /// The archive.
        #[serde(with = "crate::path_text")]
        from: PathBuf,
        /// Where nothing is.
        #[serde(with = "crate::path_text")]
        to: PathBuf,
        /// What kind of archive: `zip`, `tar`, `tar.gz`, `gz`.
        format: String,
        /// Bytes that it may hold.
        size: u64,
        /// Entries that it may hold.
        entries: u64,
        /// How many times its own size it may hold.
        ratio: u64,
    },
    /// Changes an extended attribute.
    Attribute {
        /// The file or folder.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
        /// The attribute's name.
        name: String,
        /// What it is before; absent where it is not set.
        before: Option<Vec<u8>>,
        /// What it is afterwards.
        after: Option<Vec<u8>>,
    },
    /// Runs a command.
    Spawn {
        /// The command.
        #[serde(flatten)]
        command: Command,
        /// What takes back what it did, where the rule has such a thing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Box<Task>>,
    },
    /// Runs some Python.
    Python {
        /// The code with all it is given.
        #[serde(flatten)]
        call: Call,
        /// What takes back what it did, where the rule has such a thing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Box<Task>>,
    },
    /// Opens something in a program; nothing to undo.
    Open {
        /// A path or an address.
        #[serde(with = "crate::path_text")]
        target: PathBuf,
        /// The program, where it is not the desktop's choice.
        with: Option<String>,
    },
    /// Shows something in the file manager; nothing to undo.
    Reveal {
        /// The file or folder.
        #[serde(with = "crate::path_text")]
        path: PathBuf,
    },
    /// Says or shows something; nothing to undo.
    Tell {
        /// The bold line of a notification; absent where it is only said.
        title: Option<String>,
        /// The text.
        text: String,
        /// The id of the rule that shows a notification; absent in older journals, and where it is only said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
}

/// Names for the vault and for half-made copies, unique to one step.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    vault: PathBuf,
    stem: String,
}

impl Names {
    /// Names for the step of this number. `epoch` tells journals apart that count from one again.
    pub(crate) fn new(vault: &Path, epoch: i64, step: i64) -> Self {
        Self { vault: vault.to_path_buf(), stem: format!("{epoch}-{step}") }
    }

    /// A place in the vault for the `nr`th deed.
    pub(crate) fn slot(&self, nr: usize) -> PathBuf {
        self.vault.join(format!("{}-{nr}", self.stem))
    }

    /// Whether a path is in the vault.
    pub(crate) fn keeps(&self, path: &Path) -> bool {
        path.starts_with(&self.vault)
    }

    /// The unfinished form of something that will be at `path`.
    pub(crate) fn part(&self, path: &Path) -> PathBuf {
        path.with_file_name(format!(".{}{PART_SUFFIX}", self.stem))
    }
}

/// How the names of Usher's own unfinished copies end.
pub(crate) const PART_SUFFIX: &str = ".usher-part";

/// Settles what the operations of one step will do to the disk. `lengths` says of each operation how long the file it
/// writes to will be by then: earlier steps of the same batch may not have been done yet.
///
/// # Errors
/// When the trash cannot be used.
pub(crate) fn deeds_for(
    ops: &[Op],
    lengths: &[Option<u64>],
    names: &Names,
    disk: &dyn Disk,
) -> io::Result<Vec<Deed>> {
    let mut deeds = Vec::with_capacity(ops.len());
    for (op, length) in ops.iter().zip(lengths) {
        deed_for(op, *length, names, disk, &mut deeds)?;
    }
    Ok(deeds)
}

fn deed_for(
    op: &Op,
    length: Option<u64>,
    names: &Names,
    disk: &dyn Disk,
    deeds: &mut Vec<Deed>,
) -> io::Result<()> {
    let nr = deeds.len();
    deeds.push(match op {
        Op::MakeDir { path } => Deed::MakeDir { path: path.clone() },
        Op::Move { from, to } => Deed::Move { from: from.clone(), to: to.clone() },
        Op::Copy { from, to } => Deed::Copy { from: from.clone(), to: to.clone() },
        Op::Stash { path } => Deed::Move { from: path.clone(), to: names.slot(nr) },
        Op::Trash { path } => Deed::Trash { path: path.clone(), spot: disk.trash_spot(path)? },
        Op::Delete { path } => Deed::Delete { path: path.clone() },
        Op::Link { original, path, kind } => Deed::Link {
            original: original.clone(),
            path: path.clone(),
            hard: *kind == LinkKind::Hard,
            dir: *kind == LinkKind::Symbolic { dir: true },
        },
        Op::Pack { from, to, format } => {
            Deed::Pack { from: from.clone(), to: to.clone(), format: format.word().to_owned() }
        }
        Op::Unpack { from, to, format, limits, .. } => Deed::Unpack {
            from: from.clone(),
            to: to.clone(),
            format: format.word().to_owned(),
            size: limits.size,
            entries: limits.entries,
            ratio: limits.ratio,
        },
        Op::Attribute { path, name, before, after } => Deed::Attribute {
            path: path.clone(),
            name: name.clone(),
            before: before.clone(),
            after: after.clone(),
        },
        Op::Write { path, text, mode } => {
            write_deeds(path, text, *mode, length, names, deeds);
            return Ok(());
        }
        Op::Spawn(spawn) => task::spawn(spawn),
        Op::Python(step) => task::python(step),
        Op::Open { target, with } => Deed::Open {
            target: target.into(),
            with: with.as_ref().map(|with| with.to_string_lossy().into_owned()),
        },
        Op::Reveal { path } => Deed::Reveal { path: path.clone() },
        Op::Notify { rule, title, text } => {
            Deed::Tell { title: Some(title.clone()), text: text.clone(), rule: Some(rule.clone()) }
        }
        Op::Say { text } => Deed::Tell { title: None, text: text.clone(), rule: None },
    });
    Ok(())
}

/// Appending happens in place and remembers the old length; anything else makes a new file and keeps the old one in
/// the vault.
fn write_deeds(
    path: &Path,
    text: &[u8],
    mode: WriteMode,
    length: Option<u64>,
    names: &Names,
    deeds: &mut Vec<Deed>,
) {
    let (path, text) = (path.to_path_buf(), text.to_vec());
    let Some(at) = length else {
        deeds.push(Deed::Create { path, text, then: None, like: None });
        return;
    };
    if mode == WriteMode::Append {
        deeds.push(Deed::Append { path, at, text, modified: None });
        return;
    }
    let slot = names.slot(deeds.len());
    let like = Some(slot.to_string_lossy().into_owned());
    let then = like.clone().filter(|_| mode == WriteMode::Prepend);
    deeds.push(Deed::Move { from: path.clone(), to: slot });
    deeds.push(Deed::Create { path, text, then, like });
}

impl Deed {
    /// The deed that takes this one back, or why there is none. `slot` is a free place in the vault.
    pub(crate) fn inverse(&self, trace: &Trace, slot: PathBuf) -> Result<Option<Deed>, Sentence> {
        Ok(Some(match self {
            Deed::MakeDir { path } => Deed::RemoveDir { path: path.clone() },
            Deed::RemoveDir { path } => Deed::MakeDir { path: path.clone() },
            Deed::Move { from, to } => Deed::Move { from: to.clone(), to: from.clone() },
            // A second name may by then be the only one that is left of those bytes: it goes to the vault as well.
            Deed::Copy { to: path, .. }
            | Deed::Create { path, .. }
            | Deed::Link { path, .. }
            | Deed::Pack { to: path, .. }
            | Deed::Unpack { to: path, .. } => Deed::Move { from: path.clone(), to: slot },
            Deed::Attribute { path, name, before, after } => Deed::Attribute {
                path: path.clone(),
                name: name.clone(),
                before: after.clone(),
                after: before.clone(),
            },
            Deed::Trash { spot, .. } if spot.stow.as_os_str().is_empty() => {
                return Err(sentence!(
                    "final-trash",
                    "the platform's trash does not let programs take things out"
                ));
            }
            Deed::Trash { path, spot } => Deed::Untrash { path: path.clone(), spot: spot.clone() },
            Deed::Untrash { path, spot } => Deed::Trash { path: path.clone(), spot: spot.clone() },
            // Steps after it may know the file by its time of last change.
            Deed::Append { path, at, text, .. } => {
                let modified = trace.before.map(|stamp| stamp.modified);
                Deed::Cut { path: path.clone(), at: *at, text: text.clone(), modified }
            }
            Deed::Cut { path, at, text, .. } => {
                let modified = trace.before.map(|stamp| stamp.modified);
                Deed::Append { path: path.clone(), at: *at, text: text.clone(), modified }
            }
            Deed::Delete { .. } => return Err(sentence!("final-deleted", "deleted for good")),
            Deed::Spawn { command, undo: Some(undo) } => {
                (**undo).clone().deed(Some(Task::Command(command.clone())))
            }
            Deed::Python { call, undo: Some(undo) } => {
                (**undo).clone().deed(Some(Task::Python(call.clone())))
            }
            Deed::Spawn { undo: None, .. } => {
                return Err(sentence!("final-command", "what a command did is not known to Usher"));
            }
            Deed::Python { undo: None, .. } => {
                return Err(sentence!("final-code", "what the code did is not known to Usher"));
            }
            Deed::Open { .. } | Deed::Reveal { .. } | Deed::Tell { .. } => return Ok(None),
        }))
    }

    /// What the deed removes for good.
    pub(crate) fn deletes(&self) -> Option<&Path> {
        match self {
            Deed::Delete { path } => Some(path),
            _ => None,
        }
    }

    /// Whether it is a command or code of the user's.
    pub(crate) fn runs_code(&self) -> bool {
        matches!(self, Self::Spawn { .. } | Self::Python { .. })
    }

    /// Whether nothing can take the deed back, as far as that can be told before it is tried.
    pub(crate) fn is_final(&self) -> bool {
        self.inverse(&Trace::default(), PathBuf::new()).is_err()
    }

    /// Where the result of the deed lies afterwards, where it has one.
    pub(crate) fn result(&self) -> Option<&Path> {
        match self {
            Deed::Move { to, .. }
            | Deed::Copy { to, .. }
            | Deed::Pack { to, .. }
            | Deed::Unpack { to, .. } => Some(to),
            Deed::Trash { spot, .. } => Some(&spot.stow),
            Deed::MakeDir { path }
            | Deed::Untrash { path, .. }
            | Deed::Create { path, .. }
            | Deed::Link { path, .. }
            | Deed::Append { path, .. }
            | Deed::Cut { path, .. } => Some(path),
            // An attribute lies beside the file, and leaves its stamp as it was.
            Deed::Attribute { .. }
            | Deed::RemoveDir { .. }
            | Deed::Delete { .. }
            | Deed::Spawn { .. }
            | Deed::Python { .. }
            | Deed::Open { .. }
            | Deed::Reveal { .. }
            | Deed::Tell { .. } => None,
        }
    }

    /// From where the deed takes something away, where it takes something away and puts it elsewhere.
    pub(crate) fn source(&self) -> Option<&Path> {
        match self {
            Deed::Move { from, .. } => Some(from),
            Deed::Trash { path, .. } => Some(path),
            Deed::Untrash { spot, .. } => Some(&spot.stow),
            _ => None,
        }
    }

    /// The fingerprint of what the deed has made, where that is a tree that an undo would take away whole.
    pub(crate) fn tree(&self, disk: &dyn Disk) -> Option<u64> {
        match self {
            Deed::Unpack { to, .. } => fingerprint(disk, to).ok(),
            Deed::Copy { to, .. } if disk.stat(to).is_ok_and(|stat| stat.kind == Kind::Dir) => {
                fingerprint(disk, to).ok()
            }
            _ => None,
        }
    }

    /// The place that has to be free for the deed, where it needs one.
    pub(crate) fn seat(&self) -> Option<&Path> {
        match self {
            Deed::Move { to, .. }
            | Deed::Copy { to, .. }
            | Deed::Pack { to, .. }
            | Deed::Unpack { to, .. } => Some(to),
            Deed::Untrash { path, .. } | Deed::Create { path, .. } | Deed::Link { path, .. } => Some(path),
            _ => None,
        }
    }
}

/// What a deed left behind, for whoever wants to take it back later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// What lay at [`Deed::result`] right afterwards.
    pub stamp: Option<Stamp>,
    /// What lay there before, where it was changed in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Stamp>,
    /// A fingerprint of all that lay below it right afterwards, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<u64>,
    /// Where the drive was mounted that it was taken from, where it was taken to another one. Absent in older journals.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::path_text::maybe")]
    pub drive: Option<PathBuf>,
    /// Where the drive was mounted that it was brought to, where that is another one. Absent in older journals.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::path_text::maybe")]
    pub onto: Option<PathBuf>,
    /// Whether anything was changed at all: a directory that was there already was not made.
    pub changed: bool,
}

/// How long a command may take when its rule does not say.
pub(crate) const SPAWN_TIMEOUT: Duration = Duration::from_secs(600);
