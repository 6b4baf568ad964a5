//! The window, as the tray process knows it: a child process that is started when the window is wanted.
//!
//! A process of its own gives all of WebKit's memory back when it ends, and a webview that crashes or is taken over
//! cannot take the watcher with it. The child ends by itself after its grace time, when its stdin closes, and so also
//! when the tray process dies in any way.

mod chord;
mod commands;
pub(crate) mod host;
mod lines;
mod place;
mod sight;
mod size;
mod stream;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use lines::{Order, Word};

/// The flag that makes a process the window.
const FLAG: &str = "--window";

/// What keeps GTK from loading a graphics driver: right for the tray process, wrong for a window.
pub(crate) const NO_GRAPHICS: (&str, &str) = ("GDK_GL", "disable");

/// The window's process, running or not.
#[derive(Clone)]
pub(crate) struct Window {
    running: Arc<Mutex<Option<Running>>>,
    said: Arc<dyn Fn(Word) + Send + Sync>,
}

struct Running {
    orders: ChildStdin,
    /// Tells this child from its successor.
    process: u32,
    /// It said that it is in sight.
    visible: bool,
    /// It was told to show itself and has not said what came of it.
    wanted: bool,
}

impl Window {
    /// A window that is not there yet. `said` hears what it says.
    pub(crate) fn new(said: impl Fn(Word) + Send + Sync + 'static) -> Self {
        Self { running: Arc::default(), said: Arc::new(said) }
    }

    /// Brings the window to the front, starting it if need be.
    pub(crate) fn show(&self) {
        self.open(&Order::Show);
    }

    /// Shows the window, or hides it where it is in front.
    pub(crate) fn toggle(&self) {
        self.open(&Order::Toggle);
    }

    /// Tells a running window something; one that does not run needs no telling.
    pub(crate) fn tell(&self, order: &Order) -> bool {
        tell(&mut self.lock(), order)
    }

    fn open(&self, order: &Order) {
        let mut running = self.lock();
        if tell(&mut running, order) {
            return;
        }
        if let Err(error) = self.start(&mut running) {
            crate::stderr(format_args!("the window did not start: {error}"));
        }
    }

    /// Starts the process; it shows itself as soon as it can.
    fn start(&self, running: &mut Option<Running>) -> std::io::Result<()> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(FLAG).stdin(Stdio::piped()).stdout(Stdio::piped());
        let (name, value) = NO_GRAPHICS;
        if std::env::var_os(name).is_some_and(|set| set == value) {
            command.env_remove(name);
        }
        let mut child = command.spawn()?;
        let (Some(orders), Some(words)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("no pipe to the window's process"));
        };
        *running = Some(Running { orders, process: child.id(), visible: false, wanted: true });
        let window = self.clone();
        std::thread::Builder::new().name("window".to_owned()).spawn(move || window.hear(child, words))?;
        Ok(())
    }

    /// Passes on what a child says until it ends.
    fn hear(&self, mut child: Child, words: ChildStdout) {
        let mut shown = false;
        for word in BufReader::new(words).lines().map_while(Result::ok).filter_map(|line| Word::read(&line)) {
            shown |= word == Word::Shown;
            self.note(&word);
            (self.said)(word);
        }
        let ended = child.wait();
        give_memory_back();
        if self.forget(child.id()) && shown {
            // It was on its way out, its grace time over, when it was asked to show itself.
            self.open(&Order::Show);
        } else if !shown {
            let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
            crate::stderr(format_args!("the window ended before it was shown ({how})"));
        }
    }

    fn note(&self, word: &Word) {
        if let Some(window) = self.lock().as_mut() {
            match word {
                Word::Shown => (window.visible, window.wanted) = (true, false),
                Word::Hidden => (window.visible, window.wanted) = (false, false),
                _ => {}
            }
        }
    }

    /// Forgets a process that has ended, and says whether it owed an answer to being shown.
    fn forget(&self, process: u32) -> bool {
        let mut running = self.lock();
        match running.as_ref() {
            Some(window) if window.process == process => running.take().is_some_and(|window| window.wanted),
            _ => false,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives back what the allocator has kept of the window's visit: answers made for it, mostly.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "no safe binding offers malloc_trim")]
fn give_memory_back() {
    // SAFETY: it takes a plain number, and touches nothing but memory that nobody holds.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_memory_back() {}

/// Writes an order to the process that runs, if one does and still listens.
fn tell(running: &mut Option<Running>, order: &Order) -> bool {
    let Some(window) = running.as_mut() else { return false };
    window.wanted |= match order {
        Order::Show => true,
        Order::Toggle => !window.visible,
        _ => false,
    };
    let told = writeln!(window.orders, "{order}").and_then(|()| window.orders.flush()).is_ok();
    if !told {
        // It has just ended; its reader will notice too, and must not take it for the next one.
        *running = None;
    }
    told
}
