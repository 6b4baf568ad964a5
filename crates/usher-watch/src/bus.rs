//! Holding a D-Bus bus: connecting, hearing its daemons, and coming back after any of them went away.
//!
//! A [`Listener`] is told of signals as they come and must not wait; it looks at the whole state when it is asked to,
//! and is asked again whenever it heard something of interest or a daemon came or went. Because hearing never waits for
//! looking, a flood of signals cannot stop the answers behind it.
//!
//! While all is well there is no timer. While the bus is missing, a watch on its socket's folder waits for it; a bus
//! that refuses, and a daemon that answers badly, are tried again after [`AGAIN`].

use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use async_io::Timer;
use futures_lite::StreamExt;
use futures_lite::future::or;
use usher_event::{Sentence, sentence};
use zbus::address::Transport;
use zbus::address::transport::UnixSocket;
use zbus::connection::Builder;
use zbus::{Address, Connection, Message, MessageStream};

use socket::Appearing;

mod line;
mod netlink;
mod silence;
mod socket;

pub(crate) use line::{Line, Properties, Trouble};
pub(crate) use netlink::Notices;
pub(crate) use silence::Silence;

/// The time until something that answers badly is asked again.
const AGAIN: Duration = Duration::from_secs(60);

/// The shortest time from losing a bus to connecting again, in case it drops us as soon as we are there.
const BREATH: Duration = Duration::from_millis(200);

/// How long a daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits this long.
pub(crate) async fn pause(time: Duration) {
    Timer::after(time).await;
}

/// What a source hears and looks at on one bus.
pub(crate) trait Listener {
    /// The daemons that are listened to, by their well-known names. Signals of anybody else are not heard.
    const DAEMONS: &'static [&'static str];
    /// The daemons the bus is asked to start, once for each connection.
    const STARTS: &'static [&'static str] = &[];
    /// The match rules of the signals.
    const SIGNALS: &'static [&'static str];

    /// Hears a signal of one of the daemons. Says whether to look.
    fn heard(&self, daemon: &'static str, signal: &Message) -> bool;

    /// Looks at the whole state, and says it. An error is said by [`Listener::lost`].
    fn look(&self, line: &Line) -> impl Future<Output = Result<(), Trouble>>;

    /// Nothing can be seen for this reason, a sentence for the user.
    fn lost(&self, reason: Sentence);
}

/// One bus.
pub(crate) struct Bus {
    /// What users call it.
    name: Sentence,
    address: Result<Address, zbus::Error>,
}

impl Bus {
    /// The system bus, at this address or where it usually is.
    pub(crate) fn system(address: Option<&str>) -> Self {
        let name = sentence!("watch-system-bus", "system bus");
        Self { name, address: address.map_or_else(Address::system, Address::from_str) }
    }

    /// The session bus, at this address or where it usually is.
    pub(crate) fn session(address: Option<&str>) -> Self {
        let name = sentence!("watch-session-bus", "session bus");
        Self { name, address: address.map_or_else(Address::session, Address::from_str) }
    }

    /// HeldBy the bus for a listener, as long as it is waited for.
    pub(crate) async fn hold<L: Listener>(&self, listener: &L) {
        loop {
            // Before connecting: what appears in between is noticed too.
            let appearing = self.socket().map(Appearing::at);
            match self.connect().await {
                Ok(connection) => {
                    drop(appearing);
                    let error = follow(&connection, listener).await;
                    listener.lost(self.gone(error));
                    pause(BREATH).await;
                }
                Err(error) => {
                    listener.lost(self.missing(&error));
                    match appearing {
                        Some(appearing) => appearing.wait(AGAIN).await,
                        None => pause(AGAIN).await,
                    }
                }
            }
        }
    }

    async fn connect(&self) -> zbus::Result<Connection> {
        let address = self.address.clone()?;
        Builder::address(address)?.internal_executor(false).method_timeout(PATIENCE).build().await
    }

    /// The socket's path, where it has one.
    fn socket(&self) -> Option<&std::path::Path> {
        match self.address.as_ref().ok()?.transport() {
            Transport::Unix(unix) => match unix.path() {
                UnixSocket::File(path) => Some(path),
                _ => None,
            },
            _ => None,
        }
    }

    fn missing(&self, error: &zbus::Error) -> Sentence {
        sentence!(
            "watch-bus-missing",
            "Usher does not reach the {bus} ({why}); is D-Bus running?",
            bus = &self.name,
            why = error.to_string()
        )
    }

    fn gone(&self, why: Sentence) -> Sentence {
        sentence!(
            "watch-bus-gone",
            "the {bus} has gone away ({why}); Usher waits for it to come back",
            bus = &self.name,
            why = why
        )
    }
}

/// Listens on a connection until it ends, and says why it did.
async fn follow<L: Listener>(connection: &Connection, listener: &L) -> Sentence {
    let mut messages = MessageStream::from(connection);
    let line = Line::new(connection.clone());
    let (ring, bell) = async_channel::bounded::<()>(1);
    let hear = async {
        while let Some(message) = messages.next().await {
            match message {
                // A full bell is one that rings already.
                Ok(message) if line.hear(&message, listener) => drop(ring.try_send(())),
                Ok(_) => {}
                Err(error) => return Sentence::foreign(error.to_string()),
            }
        }
        sentence!("watch-bus-closed", "it was closed")
    };
    let work = async {
        if let Err(error) = line.open::<L>().await {
            return Sentence::foreign(error.to_string());
        }
        loop {
            let rung = async {
                let _ = bell.recv().await;
            };
            match listener.look(&line).await {
                Ok(()) => rung.await,
                Err(Trouble(reason)) => {
                    listener.lost(reason);
                    or(rung, pause(AGAIN)).await;
                }
            }
        }
    };
    let run = async {
        loop {
            connection.executor().tick().await;
        }
    };
    or(hear, or(work, run)).await
}
