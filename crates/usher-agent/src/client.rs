//! The guest's end of the control API: plain blocking sockets, so that a command costs no more than its answer.
//!
//! Each connection carries one call at a time; callers on several threads get a connection each. A subscription has one
//! of its own, with a thread that reads it.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use usher_event::sentence;

use crate::api::{Notice, Refusal, Request, UNREACHABLE};
use crate::wire::{self, Incoming};

/// Hears notices; called on a thread of the link's.
pub type Listener = Box<dyn Fn(Notice) + Send>;

type Shared = Arc<Mutex<Listener>>;

/// A link to an owner in another process.
pub(crate) struct Guest {
    socket: PathBuf,
    idle: Mutex<Vec<Connection>>,
    listeners: Mutex<Vec<Shared>>,
    subscriptions: Mutex<Vec<platform::Hangup>>,
    ending: Arc<AtomicBool>,
}

struct Connection {
    stream: BufReader<platform::Stream>,
    last_id: u64,
}

impl Guest {
    /// Connects to the owner that listens at a socket.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] or [`io::ErrorKind::ConnectionRefused`] when nobody does.
    pub(crate) fn connect(socket: &Path) -> io::Result<Self> {
        let first = Connection::open(socket)?;
        Ok(Self {
            socket: socket.to_path_buf(),
            idle: Mutex::new(vec![first]),
            listeners: Mutex::default(),
            subscriptions: Mutex::default(),
            ending: Arc::default(),
        })
    }

    /// Asks, and waits for the answer. A run's progress goes to the listeners meanwhile.
    pub(crate) fn ask(&self, request: &Request) -> Result<Value, Refusal> {
        let (mut connection, id) = self.send(request)?;
        let answer = connection.answer(id, &|notice| self.tell(notice)).map_err(|error| gone(&error))?;
        lock(&self.idle).push(connection);
        answer
    }

    /// Sends on an idle connection, or on a new one where there is none or the owner was another one since.
    fn send(&self, request: &Request) -> Result<(Connection, u64), Refusal> {
        let idle = lock(&self.idle).pop();
        if let Some(mut connection) = idle
            && let Ok(id) = connection.send(request)
        {
            return Ok((connection, id));
        }
        let mut connection = Connection::open(&self.socket).map_err(|error| gone(&error))?;
        let id = connection.send(request).map_err(|error| gone(&error))?;
        Ok((connection, id))
    }

    /// Lets `listener` hear notices until the link or the owner ends.
    pub(crate) fn subscribe(&self, events: bool, listener: Listener) -> Result<(), Refusal> {
        let mut connection = Connection::open(&self.socket).map_err(|error| gone(&error))?;
        let listener: Shared = Arc::new(Mutex::new(listener));
        let id = connection.send(&Request::Subscribe { events }).map_err(|error| gone(&error))?;
        connection.answer(id, &|notice| lock(&listener)(notice)).map_err(|error| gone(&error))??;
        let hangup = platform::hangup(connection.stream.get_ref()).map_err(|error| gone(&error))?;
        lock(&self.subscriptions).push(hangup);
        lock(&self.listeners).push(listener.clone());
        let ending = self.ending.clone();
        std::thread::Builder::new()
            .name("usher-notices".to_owned())
            .spawn(move || hear(connection, &listener, &ending))
            .map_err(|error| crate::api::no_thread(&error))?;
        Ok(())
    }

    fn tell(&self, notice: Notice) {
        for listener in lock(&self.listeners).iter() {
            lock(listener)(notice.clone());
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        for hangup in lock(&self.subscriptions).drain(..) {
            platform::hang_up(hangup);
        }
    }
}

/// Reads notices until there are no more, and says so.
fn hear(mut connection: Connection, listener: &Shared, ending: &AtomicBool) {
    let mut line = String::new();
    while connection.read_line(&mut line).is_ok() {
        match wire::parse_incoming(&line) {
            Some(Incoming::Notice(notice)) if *notice == Notice::Gone => break,
            Some(Incoming::Notice(notice)) => lock(listener)(*notice),
            Some(Incoming::Answer(..)) | None => {}
        }
    }
    if !ending.load(Ordering::Relaxed) {
        lock(listener)(Notice::Gone);
    }
}

impl Connection {
    fn open(socket: &Path) -> io::Result<Self> {
        Ok(Self { stream: BufReader::new(platform::connect(socket)?), last_id: 0 })
    }

    fn send(&mut self, request: &Request) -> io::Result<u64> {
        self.last_id += 1;
        let line = wire::call(self.last_id, request)?;
        self.stream.get_mut().write_all(line.as_bytes())?;
        Ok(self.last_id)
    }

    /// Waits for the answer to the call of this id; notices before it are passed on.
    fn answer(&mut self, id: u64, tell: &dyn Fn(Notice)) -> io::Result<Result<Value, Refusal>> {
        let id = json!(id);
        let mut line = String::new();
        loop {
            self.read_line(&mut line)?;
            match wire::parse_incoming(&line) {
                Some(Incoming::Answer(to, result)) if to == id || to.is_null() => return Ok(result),
                Some(Incoming::Notice(notice)) => tell(*notice),
                Some(Incoming::Answer(..)) | None => {}
            }
        }
    }

    fn read_line(&mut self, line: &mut String) -> io::Result<()> {
        line.clear();
        match self.stream.read_line(line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn gone(error: &io::Error) -> Refusal {
    let message = match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
            sentence!("link-ended", "Usher ended before it answered")
        }
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            sentence!("link-nobody", "Usher is not running")
        }
        _ => sentence!("link-unreachable", "Usher cannot be reached: {error}", error = error),
    };
    Refusal::new(UNREACHABLE, message).hint(sentence!("link-start-usher-again", "start Usher again"))
}

/// A lock whose holder cannot leave anything half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
