//! The one way in: a link to the owner, which may be this very process.
//!
//! Whoever opens a link does not care which it is. The same requests are answered the same way, and the same notices
//! are heard.

use std::io;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;

use usher_event::sentence;

use crate::api::{Notice, OwnerInfo, Refusal, Request, UNREACHABLE};
use crate::client::{Guest, Listener};
use crate::directories::Directories;
use crate::open_error::OpenError;
use crate::owner::{Running, StartError};
use crate::owner_lock::OwnerLock;
use crate::subscribers::{self, Outlet};
use crate::wait::{Ended, Ending};

/// How an owner is to behave, if this process becomes one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// Whether to watch folders and stay. Otherwise the owner lives for one command: rules run only when asked.
    pub watch: bool,
    /// Whether to write a log file. One process has one log, so tests leave this off.
    pub log: bool,
}

/// Who this process is to Usher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It has the journal, carries out rules and answers the others.
    Owner,
    /// It asks the owner.
    Guest,
}

/// A link to the owner. Dropping it ends it; an owner finishes the step it is on and removes its socket.
pub struct Link {
    side: Side,
}

enum Side {
    Owner(Running),
    Guest(Guest),
}

/// How long an owner that is just starting or ending is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The time between two looks meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(15);

impl Link {
    /// Becomes the owner, or connects to the one that runs. Of two that start at once one becomes the owner and the
    /// other its guest. Who wants to watch waits for an owner that lives for one command only.
    ///
    /// # Errors
    /// When neither is possible; see [`OpenError`].
    pub fn open(dirs: Directories, options: OpenOptions) -> Result<Self, OpenError> {
        Self::become_or_join(&dirs, options, None)
    }

    /// The same with a listener that hears notices from the first moment of an owner that this process becomes, before it
    /// does anything. A guest has missed the beginning anyway: its listener is dropped, and [`subscribe`](Self::subscribe)
    /// is for it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(dirs: Directories, options: OpenOptions, listener: Listener) -> Result<Self, OpenError> {
        let outlet = subscribers::local(listener).map_err(OpenError::Thread)?;
        Self::become_or_join(&dirs, options, Some(&outlet))
    }

    fn become_or_join(
        dirs: &Directories,
        options: OpenOptions,
        outlet: Option<&Outlet>,
    ) -> Result<Self, OpenError> {
        let until = Instant::now() + PATIENCE;
        loop {
            match Running::start(dirs, options, outlet) {
                Ok(owner) => return Ok(Self { side: Side::Owner(owner) }),
                Err(StartError::Taken) => {}
                Err(StartError::Failed(error)) => return Err(error),
            }
            let patient = Instant::now() < until;
            match Self::connect(dirs) {
                Ok(guest) if !patient || guest.is_here_to_stay(options) => return Ok(guest),
                Ok(_) => {}
                Err(OpenError::NobodyRuns) if patient => {}
                Err(OpenError::NobodyRuns) => {
                    let source =
                        io::Error::new(io::ErrorKind::TimedOut, "it holds the lock and does not answer");
                    return Err(OpenError::Unreachable { socket: dirs.socket.clone(), source });
                }
                Err(error) => return Err(error),
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Connects to the owner that runs.
    ///
    /// # Errors
    /// [`OpenError::NobodyRuns`] when there is none; otherwise why it cannot be reached.
    pub fn connect(dirs: &Directories) -> Result<Self, OpenError> {
        // Of a socket that no owner could have made, nobody can tell whether one runs.
        dirs.check_socket()?;
        let nobody = |error: &io::Error| {
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
        };
        let mut socket = dirs.socket.clone();
        let mut connected = Guest::connect(&socket);
        if connected.as_ref().is_err_and(nobody)
            && let Some(other) = OwnerLock::socket_of_owner(&dirs.lock).filter(|other| *other != socket)
        {
            socket = other;
            connected = Guest::connect(&socket);
        }
        match connected {
            Ok(guest) => Ok(Self { side: Side::Guest(guest) }),
            Err(error) if nobody(&error) => Err(OpenError::NobodyRuns),
            Err(source) => Err(OpenError::Unreachable { socket, source }),
        }
    }

    /// Whether this process is the owner.
    pub fn role(&self) -> Role {
        match self.side {
            Side::Owner(_) => Role::Owner,
            Side::Guest(_) => Role::Guest,
        }
    }

    /// Asks the owner and waits for its answer, on any thread.
    ///
    /// # Errors
    /// The owner's refusal, or one with the code `unreachable` where no owner answers.
    pub fn ask(&self, request: &Request) -> Result<Value, Refusal> {
        match (&self.side, request) {
            // Notices need a listener: a bare subscription would have none.
            (_, Request::Subscribe { .. }) => Err(Refusal::new(
                "bad_params",
                sentence!("link-use-link-subscribe-hear-notices", "use `Link::subscribe` to hear notices"),
            )),
            (Side::Owner(owner), _) => owner.ask(request.clone()),
            (Side::Guest(guest), _) => guest.ask(request),
        }
    }

    /// Asks the owner and reads its answer as what the request's documentation says.
    ///
    /// # Errors
    /// As [`ask`](Self::ask); `failed` where the owner is of another version and answers something else.
    pub fn call<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Refusal> {
        serde_json::from_value(self.ask(request)?).map_err(|error| {
            Refusal::new(
                "failed",
                sentence!(
                    "link-usher-gave-answer-cannot-be-understood",
                    "Usher gave an answer that cannot be understood: {error}",
                    error = error.to_string()
                ),
            )
            .hint(sentence!("link-may-be-another-version-restart", "it may be another version; restart it"))
        })
    }

    /// Lets `listener` hear notices, on a thread of the link's. The last one is [`Notice::Gone`], unless it is this
    /// link that ends. Progress is heard of runs that this link has asked for.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn subscribe(&self, events: bool, listener: Listener) -> Result<(), Refusal> {
        match &self.side {
            Side::Owner(owner) => owner.subscribe(events, listener),
            Side::Guest(guest) => guest.subscribe(events, listener),
        }
    }

    /// Blocks until the owner has ended, or this process is asked to by the terminal or the system.
    ///
    /// From the first call on, SIGINT and SIGTERM no longer end the process by themselves.
    ///
    /// # Errors
    /// When signals cannot be listened to.
    pub fn wait(&self) -> Result<Ended, Refusal> {
        Ok(self.ending()?.wait())
    }

    /// Begins to listen for the end, so that one that comes before [`Ending::wait`] is not missed.
    ///
    /// From then on, SIGINT and SIGTERM no longer end the process by themselves.
    ///
    /// # Errors
    /// When signals cannot be listened to.
    pub fn ending(&self) -> Result<Ending, Refusal> {
        let (gone, heard) = tokio::sync::oneshot::channel();
        let ending = Ending::listen(heard).map_err(|error| {
            Refusal::new(
                "failed",
                sentence!("link-cannot-wait-signals", "cannot wait for signals: {error}", error = error),
            )
        })?;
        let gone = std::sync::Mutex::new(Some(gone));
        let listener: Listener = Box::new(move |notice| {
            if notice == Notice::Gone
                && let Some(gone) = gone.lock().ok().and_then(|mut gone| gone.take())
            {
                let _ = gone.send(());
            }
        });
        let subscribed = match &self.side {
            Side::Owner(owner) => owner.subscribe_to_end(listener),
            Side::Guest(guest) => guest.subscribe(false, listener),
        };
        match subscribed {
            // The listener is dropped by now, which counts as the owner being gone.
            Err(refusal) if refusal.code == UNREACHABLE => {}
            subscribed => subscribed?,
        }
        Ok(ending)
    }

    /// Whether the owner answers, and stays if that is wanted of it. One that is ending does not answer any more.
    fn is_here_to_stay(&self, options: OpenOptions) -> bool {
        match self.call::<OwnerInfo>(&Request::Owner) {
            Ok(owner) => owner.resident || !options.watch,
            Err(refusal) => refusal.code != UNREACHABLE,
        }
    }
}
