//! The owner: one thread that has the engine, and the messages that reach it.
//!
//! Whatever happens, be it an event, a request, a step that ended on a worker thread or a changed rule file, is a
//! message in one queue. The thread sleeps in the queue for as long as nothing is due, which may be for ever: there is
//! no timer that is not about something. Between an event's arrival and the engine's work lie one queue and no lock.

mod attention;
mod chart;
mod digest;
mod editing;
mod folders;
mod memory;
mod named;
mod names;
mod news;
mod nouns;
mod open;
mod requests;
mod retry;
mod running;
mod runs;
mod search;
mod space;
mod status;
mod tally;
mod trigger;
mod turn;
mod undoing;
mod woken;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use usher_engine::{Clock, Engine, Finished, RealDisk};
use usher_event::Event;
use usher_watch::folders::Folders;

pub(crate) use running::{Running, StartError};

use crate::api::{Refusal, Request};
use crate::directories::Directories;
use crate::inbox::Inbox;
use crate::notifications::Desk;
use crate::rules::RuleFiles;
use crate::settings::SettingsFile;
use crate::subscribers::{Outlet, Subscribers};

/// What reaches the owner's thread.
pub(crate) enum Message {
    /// A source noticed something.
    Event(Event),
    /// Somebody asks.
    Ask(Box<Ask>),
    /// A slow step has ended on a worker thread.
    Finished(Box<Finished>),
    /// Notifications cannot be shown, for this reason.
    Unshown(String),
    /// The user wants this run taken back, from its notification.
    TakeBack(i64),
    /// A connection has ended.
    HungUp,
    /// The link is being dropped.
    End,
}

/// A request with the way its answer goes.
pub(crate) struct Ask {
    /// What is asked.
    pub(crate) request: Request,
    /// Where notices for this asker go; absent for this process's own calls, whose listeners are known.
    pub(crate) outlet: Option<Outlet>,
    /// Takes the answer.
    pub(crate) reply: Reply,
}

/// Takes the answer to a request. Dropping it tells the asker that there will be none.
pub(crate) type Reply = Box<dyn FnOnce(Result<Value, Refusal>) + Send>;

/// Everything the owner's thread has.
pub(crate) struct Owner {
    dirs: Directories,
    /// Whether folders are watched and events handled.
    resident: bool,
    inbox: Inbox<Message>,
    engine: Engine,
    disk: Arc<RealDisk>,
    clock: Arc<dyn Clock>,
    /// Absent in an owner for one command, and where the platform's watcher did not start.
    folders: Option<Folders>,
    sources_of_nouns: nouns::Sources,
    /// Whether rules were loaded before.
    begun: bool,
    rules: RuleFiles,
    settings: SettingsFile,
    /// Whether rules may show notifications; read by the engine's workers.
    notifications: Arc<AtomicBool>,
    desk: Arc<Desk>,
    /// When the journal and the vault were last brought within the limits of the settings, in the clock's ticks.
    kept_within: Option<Duration>,
    book: folders::FolderBook,
    attention: attention::Notes,
    memory: memory::Memory,
    subscribers: Subscribers,
    news: news::News,
    started: Timestamp,
    /// Events of this turn, looked at once the engine has had its go.
    noted: Vec<Event>,
    /// Files and folders whose changes mean that rules or settings have to be read again.
    sources: Vec<PathBuf>,
    reload: turn::Reload,
    /// Until when the engine is left alone after it failed, in the clock's ticks.
    leave_alone: Option<Duration>,
    failures: u32,
    /// When the engine is to do what it has put off, if nothing else happens until then.
    tidy: Option<Duration>,
    triggers: Vec<trigger::Pending>,
    /// At hand while somebody searches.
    names: names::Names,
    /// Until when they are kept, in the clock's ticks; absent where there are none.
    names_until: Option<Duration>,
    previews: editing::Previews,
    /// Runs that were asked for, in that order.
    runs: VecDeque<runs::Pending>,
    /// Undos that are going on, in the order they were asked for.
    undos: Vec<undoing::Pending>,
    /// Runs that have stopped at a question, by its number.
    stopped: HashMap<u64, runs::Stopped>,
    /// The run that an event has set off.
    woken: woken::Sight,
    ended: bool,
}
