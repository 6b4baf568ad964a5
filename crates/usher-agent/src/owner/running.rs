//! The owner as its process sees it: a thread, a socket and a lock.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use serde_json::Value;

use super::{Ask, Message, Owner};
use crate::api::{Refusal, Request};
use crate::client::Listener;
use crate::directories::Directories;
use crate::inbox::{self, Sender};
use crate::link::OpenOptions;
use crate::logs;
use crate::open_error::OpenError;
use crate::owner_lock::OwnerLock;
use crate::server::{self, Bound, Server};
use crate::subscribers::{self, Outlet};

/// A running owner. Dropping it lets it finish its step, then removes the socket, then frees the lock.
pub(crate) struct Running {
    messages: Sender<Message>,
    thread: Option<JoinHandle<()>>,
    server: Option<Server>,
    _lock: OwnerLock,
}

/// Why no owner was started.
pub(crate) enum StartError {
    /// Another process is the owner.
    Taken,
    /// This one cannot be.
    Failed(OpenError),
}

impl<E: Into<OpenError>> From<E> for StartError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Running {
    /// Starts an owner, unless another process is one. Whatever it does, `outlet` is told of from the beginning.
    pub(crate) fn start(
        dirs: &Directories,
        options: OpenOptions,
        outlet: Option<&Outlet>,
    ) -> Result<Self, StartError> {
        dirs.prepare()?;
        let lock = OwnerLock::take(&dirs.lock, &dirs.socket)
            .map_err(|source| OpenError::Lock { path: dirs.lock.clone(), source })?
            .ok_or(StartError::Taken)?;
        if options.log {
            logs::start(&dirs.logs);
        }
        // The socket is there before the engine is, so that a guest of the first moment waits for its answer.
        let bound = Bound::bind(&dirs.socket)
            .map_err(|source| OpenError::Listen { socket: dirs.socket.clone(), source })?;
        let (messages, thread) = start_thread(dirs, options, outlet.cloned())?;
        let mut running = Self { messages, thread: Some(thread), server: None, _lock: lock };
        running.server = Some(bound.serve(running.messages.clone()).map_err(OpenError::Thread)?);
        Ok(running)
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(&self, request: Request) -> Result<Value, Refusal> {
        self.send(request, None)
    }

    /// Lets `listener` hear notices.
    pub(crate) fn subscribe(&self, events: bool, listener: Listener) -> Result<(), Refusal> {
        self.add(events, subscribers::local(listener))
    }

    /// Lets `listener` hear the last notice.
    pub(crate) fn subscribe_to_end(&self, listener: Listener) -> Result<(), Refusal> {
        self.add(false, subscribers::last(listener))
    }

    fn add(&self, events: bool, outlet: io::Result<Outlet>) -> Result<(), Refusal> {
        let outlet = outlet.map_err(|error| crate::api::no_thread(&error))?;
        self.send(Request::Subscribe { events }, Some(outlet)).map(drop)
    }

    fn send(&self, request: Request, outlet: Option<Outlet>) -> Result<Value, Refusal> {
        let (reply, answer) = sync_channel(1);
        let ask = Ask { request, outlet, reply: Box::new(move |result| drop(reply.send(result))) };
        self.messages.send(Message::Ask(Box::new(ask))).map_err(|_| server::ended())?;
        answer.recv().map_err(|_| server::ended())?
    }
}

/// Starts the thread and waits until its engine is open.
fn start_thread(
    dirs: &Directories,
    options: OpenOptions,
    outlet: Option<Outlet>,
) -> Result<(Sender<Message>, JoinHandle<()>), OpenError> {
    let (messages, inbox) = inbox::new().map_err(OpenError::Thread)?;
    let (ready, opened) = sync_channel(1);
    let (dirs, own) = (dirs.clone(), messages.clone());
    let thread = std::thread::Builder::new()
        .name("usher-owner".to_owned())
        .spawn(move || match Owner::open(dirs, options, own, inbox, outlet) {
            Ok(owner) => {
                let _ = ready.send(Ok(()));
                owner.live();
            }
            Err(error) => drop(ready.send(Err(error))),
        })
        .map_err(OpenError::Thread)?;
    let panicked = || OpenError::Thread(io::Error::other("the owner's thread ended while it started"));
    opened.recv().map_err(|_| panicked())??;
    Ok((messages, thread))
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.messages.send(Message::End);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the owner's thread ended in a panic");
        }
        // Before the lock is freed: the next owner's socket has the same path.
        self.server = None;
    }
}
