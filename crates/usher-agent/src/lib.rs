//! One running Usher: where things live, live reload, the owner lock, and the control API that every face speaks.
//!
//! One process is the *owner*: it has the lock, the journal and the engine, watches folders and answers the others,
//! its *guests*. Both have a [`Link`] and need not care which they are.
//!
//! | room | its job |
//! |---|---|
//! | [`api`] | the contract: requests, answers, notices |
//! | [`Link`] | the way in, for the window, the tray and the command line |
//! | [`directories`], [`settings`] | where files lie, and what the user has chosen |
//! | `user_folders` | what the desktop calls the user's own folders |
//! | `owner` | the thread that has the engine |
//! | `rules` | rule files: live reload, switching, the starter |
//! | `server`, `client`, `wire` | both ends of the socket, and what goes over it |
//! | `subscribers` | who is told what happens |
//! | `present`, `played` | the engine's types as the contract's; played events as the engine's |
//! | `notifications`, [`words`] | the desktop's notifications, and what Usher itself says in them |
//! | [`logs`] | the log file |
//! | [`safe`], [`text_file`] | text from outside made fit to be shown; text files that users edit |
//!
//! Not in here: deciding what to do with a file (the engine's), noticing (the watcher's), and anything with a window.

pub mod api;
pub mod check;
pub mod directories;
pub mod logs;
pub mod safe;
pub mod settings;
pub mod text_file;
pub mod words;

mod client;
mod inbox;
mod link;
mod notifications;
mod open_error;
mod opening;
mod owner;
mod owner_lock;
mod played;
mod present;
mod quiet;
mod rules;
mod server;
mod subscribers;
mod user_folders;
mod wait;
mod wire;

pub use client::Listener;
pub use directories::{Directories, DirectoriesError};
pub use link::{Link, OpenOptions, Role};
pub use notifications::show as show_notification;
pub use open_error::OpenError;
pub use usher_rule::schema::schema as rule_schema;
pub use wait::{Ended, Ending};
