//! Deciding and doing: settle, match, plan, journal intent, apply, journal done; and undo, which is a new run.
//!
//! | room | its job |
//! |---|---|
//! | [`engine`] | the engine as others see it: events in, notices out |
//! | `settle`, `unfinished` | waiting until a file is finished; what says that somebody is still at work on it |
//! | `live` | from events to courses of action |
//! | `sweep` | running and simulating rules over what is there |
//! | `plan` | what rules would do, on an overlay of the disk |
//! | `intents`, `carry`, `work`, `perform` | plans into the journal, then onto the disk |
//! | `arrears` | what has been done in a burst and is not in the journal's database yet |
//! | `python` | the interpreter that is kept for the user's code |
//! | `deed`, `task`, `stamp` | one change with its inverse; what is run outside; one version of one file |
//! | `alarms`, `gone` | files that time alone will make match; files that are not there any more |
//! | `machine`, `schedules`, `wake` | what is true of the machine, moments of the clock, and the rules they wake |
//! | `before` | what rules that were woken have acted on in earlier runs |
//! | `brakes`, `asked` | rules that have to ask |
//! | `drive` | which drives something was taken from and brought to, and whether they are there |
//! | `pack` | archives made and taken apart |
//! | `own`, `trail`, `descent` | own output, and circles of rules; what comes of their commands |
//! | [`journal`] | the append-only record |
//! | `undo`, `recover`, `forget` | taking back, picking up after a kill, and giving up what nobody wants kept |
//! | `why`, `preview`, `example` | accounts; rules that are being written, tried; the tests that stand in rules |
//! | `told`, `text`, `path_text` | sentences and lines that more than one room says; paths as bytes and as text |
//! | [`disk`], [`clock`], [`outside`] | the world, as arguments |
//!
//! The engine knows no window, no socket, no thread but the workers it is given, and no clock but its argument.

pub mod clock;
pub mod disk;
mod drive;
pub mod engine;
pub mod journal;
pub mod outside;

mod alarms;
mod arrears;
mod asked;
mod before;
mod brakes;
mod carry;
mod deed;
mod descent;
mod example;
mod forget;
mod gone;
mod intents;
mod live;
mod look;
mod machine;
mod own;
mod pack;
pub mod path_text;
mod perform;
mod plan;
mod preview;
mod python;
mod recover;
mod schedules;
mod settle;
mod stamp;
mod sweep;
mod task;
mod text;
mod told;
mod trail;
mod undo;
mod unfinished;
mod wake;
mod why;
mod work;

pub use asked::Reply;
pub use brakes::{Beyond, Question, Words};
pub use clock::{Clock, MachineClock};
pub use deed::{Deed, Trace};
pub use disk::{Disk, RealDisk, Writer};
pub use engine::{Engine, Finding, Happening, Options, Place, Workers, journals_set_aside};
pub use example::try_examples;
pub use forget::{Forgotten, Keeping, Space};
pub use journal::{
    Counts, Journal, JournalError, LogFilter, NotUndoable, RuleCounts, RuleTally, RunKind, RunRecord,
    RunTally, StepNames, StepRecord, StepState,
};
pub use machine::NounView;
pub use outside::{Machine, Notifier, Opener, Opening, Origin, Outside, Spawned};
pub use preview::{PassedOver, Preview};
pub use stamp::Stamp;
pub use sweep::{Census, Going, Limits, Line, NotAgain, Simulation, Sofar, Sweep, SweepReport};
pub use task::{Call, Command, Task, Word};
pub use text::{edge_text, step_text};
pub use undo::{UndoLine, UndoOutcome, UndoPreview, UndoWhat, Undoing};
pub use wake::{HeldBack, HeldBy, Stirred, Woke, WokenRun};
pub use why::{PathAccount, RuleView, Verdict};
pub use work::Finished;
