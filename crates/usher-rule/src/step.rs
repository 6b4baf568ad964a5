//! What an action answers with: one step, made of operations that the engine can do, check and take back.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Sentence, sentence};

use crate::archive::{Format, Limits, Listing};
use crate::python::PythonCall;

/// One action on one subject, with its final names. Nothing has happened yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The action's name as rules spell it.
    pub action: &'static str,
    /// Where the subject is when the step begins. A standalone action has none.
    pub from: Option<PathBuf>,
    /// Where the step's result is, for actions that have one.
    pub to: Option<PathBuf>,
    /// What has to happen, in order. Empty when the action decided to leave everything as it is.
    pub ops: Vec<Op>,
    /// Text beside the paths: the message of an echo, the command of a shell step, why a step was skipped.
    pub note: Option<Sentence>,
    /// What is asked before anything after this step is planned.
    pub asks: Option<Inquiry>,
    /// What becomes of something that is where the result is to be, where anything is.
    pub conflict: Option<Resolution>,
    /// Whether the actions after it are not meant for this subject.
    pub over: bool,
}

/// What becomes of a conflict: what an action does, by its `on_conflict`, where something is at its destination already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The subject gets another name.
    NewName,
    /// What is there gets another name.
    MovesAside,
    /// What is there is replaced; an undo brings it back.
    Replaces,
    /// What is there goes to the trash.
    Trashes,
    /// The subject stays where it is.
    Stays,
    /// The subject stays where it is, because the same is there.
    Same,
}

/// A question that a step puts to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// The question, filled in.
    pub text: String,
    /// What a simulation, and an answer without a word, take for the answer.
    pub default: bool,
}

impl Step {
    /// A step of `action` that does nothing yet.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            from: None,
            to: None,
            ops: Vec::new(),
            note: None,
            asks: None,
            conflict: None,
            over: false,
        }
    }

    /// The same with the answer to what it asks beside the question.
    pub fn answered(mut self, yes: bool) -> Self {
        if let Some(Inquiry { text, .. }) = self.asks.take() {
            let answer = if yes { sentence!("answer-yes", "yes") } else { sentence!("answer-no", "no") };
            let text = Sentence::foreign(text);
            self.note =
                Some(sentence!("note-answered", "{question} {answer}", question = text, answer = answer));
        }
        self
    }

    /// Why this step could not be undone, or `None` where it can.
    pub fn irreversible(&self) -> Option<Sentence> {
        self.ops.iter().find_map(Op::irreversible)
    }
}

/// The few things Usher can do to a disk or a machine. Every action is made of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Make one directory; its parent exists or is made by the op before. Fine if it exists already.
    MakeDir {
        /// The directory.
        path: PathBuf,
    },
    /// Move a file or a directory with all in it to a free name, across file systems too.
    Move {
        /// Where it is.
        from: PathBuf,
        /// A path at which nothing is.
        to: PathBuf,
    },
    /// Copy a file or a directory with all in it to a free name, times and permissions included.
    Copy {
        /// The original.
        from: PathBuf,
        /// A path at which nothing is.
        to: PathBuf,
    },
    /// Put what is at a path into the vault, so that the path is free.
    Stash {
        /// What gives way.
        path: PathBuf,
    },
    /// Put what is at a path into the platform's trash.
    Trash {
        /// What is thrown away.
        path: PathBuf,
    },
    /// Remove for good. The one operation that destroys.
    Delete {
        /// What is removed, directories with all in them.
        path: PathBuf,
    },
    /// Make a link to a file or a folder at a free name.
    Link {
        /// What it leads to, or is a second name of.
        original: PathBuf,
        /// A path at which nothing is.
        path: PathBuf,
        /// Which kind of link.
        kind: LinkKind,
    },
    /// Change an extended attribute of a file or a folder.
    Attribute {
        /// The file or folder.
        path: PathBuf,
        /// The attribute's name.
        name: String,
        /// What it is now; `None` where it is not set.
        before: Option<Vec<u8>>,
        /// What it will be; `None` removes it.
        after: Option<Vec<u8>>,
    },
    /// Pack a file, or a folder with all in it, into an archive at a free name.
    Pack {
        /// What is packed.
        from: PathBuf,
        /// A path at which nothing is.
        to: PathBuf,
        /// What kind of archive.
        format: Format,
    },
    /// Unpack an archive to a free name.
    Unpack {
        /// The archive.
        from: PathBuf,
        /// A path at which nothing is: of a folder, or of the only file of a `.gz`.
        to: PathBuf,
        /// What kind of archive.
        format: Format,
        /// How much it may hold.
        limits: Limits,
        /// What is in it, as far as it was looked into.
        listing: Arc<Listing>,
    },
    /// Put text into a file, which is made where it does not exist.
    Write {
        /// The file.
        path: PathBuf,
        /// The bytes.
        text: Vec<u8>,
        /// Where in the file they go.
        mode: WriteMode,
    },
    /// Run a command and wait for it.
    Spawn(Spawn),
    /// Run some Python and wait for it.
    Python(PythonStep),
    /// Open a file, a folder or an address in a program.
    Open {
        /// What is opened: an absolute path or an address.
        target: OsString,
        /// The program; the one the desktop has for it where there is none.
        with: Option<OsString>,
    },
    /// Show a file or folder in the file manager.
    Reveal {
        /// The file or folder.
        path: PathBuf,
    },
    /// Show a desktop notification.
    Notify {
        /// The id of the rule that says it.
        rule: String,
        /// The bold line.
        title: String,
        /// The text below it.
        text: String,
    },
    /// Say something on the terminal and in the journal.
    Say {
        /// The message.
        text: String,
    },
}

impl Op {
    /// Whether a plan can show exactly what the disk will be like afterwards. Behind an operation that it cannot show,
    /// a run plans nothing before it has been done.
    pub fn foreseen(&self) -> bool {
        !matches!(self, Op::Spawn(_) | Op::Python(_) | Op::Pack { .. } | Op::Unpack { .. })
    }

    /// Why this operation could not be undone, or `None` where it can (or where there is nothing to undo).
    pub fn irreversible(&self) -> Option<Sentence> {
        match self {
            Op::Delete { .. } => Some(sentence!("final-deleted", "deleted for good")),
            Op::Spawn(Spawn { undo: None, .. }) => {
                Some(sentence!("final-command", "what a command did is not known to Usher"))
            }
            Op::Python(PythonStep { undo: None, .. }) => {
                Some(sentence!("final-code", "what the code did is not known to Usher"))
            }
            _ => None,
        }
    }
}

/// What kind of link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// One that names the original's path.
    Symbolic {
        /// Whether the original is a folder; Windows wants to know.
        dir: bool,
    },
    /// A second name of the same file.
    Hard,
}

/// Where written text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// After what is there.
    Append,
    /// Before what is there.
    Prepend,
    /// Instead of what is there.
    Overwrite,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program and its arguments, already quoted where a shell will read them.
    pub argv: Vec<OsString>,
    /// The directory it starts in.
    pub cwd: PathBuf,
    /// How long it may take, where the rule says.
    pub timeout: Option<Duration>,
}

/// A command to run as a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spawn {
    /// The command.
    pub command: Command,
    /// The command that takes back what it did, where the rule has one.
    pub undo: Option<Command>,
    /// The variable its result is published under (`shell` gives `{shell.output}`).
    pub publish: &'static str,
    /// Whether a non-zero exit status is fine.
    pub ignore_errors: bool,
    /// Whether it is run in a simulation too.
    pub run_in_simulation: bool,
    /// What a simulation pretends it printed.
    pub simulation_output: String,
    /// What a simulation pretends it returned.
    pub simulation_returncode: i32,
}

/// Some Python to run as a step. Its result is published as `{python}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PythonStep {
    /// The code with all it is given.
    pub call: PythonCall,
    /// The command that takes back what it did, where the rule has one.
    pub undo: Option<Command>,
    /// Whether it is run in a simulation too.
    pub run_in_simulation: bool,
}
