//! A Wayland compositor that shows nothing, says when nobody is there, and has displays plugged in.

use std::collections::HashMap;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;
use wayland_protocols::ext::idle_notify::v1::server::ext_idle_notification_v1::{
    self, ExtIdleNotificationV1,
};
use wayland_protocols::ext::idle_notify::v1::server::ext_idle_notifier_v1::{self, ExtIdleNotifierV1};
use wayland_server::protocol::wl_output::{self, WlOutput};
use wayland_server::protocol::wl_seat::{self, WlSeat};
use wayland_server::{Client, DataInit, Dispatch, Display, DisplayHandle, GlobalDispatch, New, Resource};

use crate::support::SOON;

/// What the test has it say: that this time has passed, or that the user is back from it; that a display is there, or is
/// there no more.
enum Word {
    Idled(Duration),
    Resumed(Duration),
    Plugged(&'static str),
    Unplugged(&'static str),
}

/// A running compositor. It ends when it is dropped.
pub(crate) struct Compositor {
    /// Held for its end.
    _dir: Option<TempDir>,
    place: PathBuf,
    words: Option<Sender<Word>>,
    asked: Receiver<(Duration, bool)>,
    thread: Option<JoinHandle<()>>,
}

impl Compositor {
    /// One that offers this version of the idle protocol, or none.
    pub(crate) fn start(version: Option<u32>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut own = Self::at(&dir.path().join("wayland"), version);
        own._dir = Some(dir);
        own
    }

    /// The same at a place of the caller's, where one may have been before.
    pub(crate) fn at(place: &Path, version: Option<u32>) -> Self {
        let _ = std::fs::remove_file(place);
        let listener = UnixListener::bind(place).unwrap();
        listener.set_nonblocking(true).unwrap();
        let (words, said) = channel();
        let (tell, asked) = channel();
        let thread = std::thread::spawn(move || serve(&listener, version, &said, tell));
        Self { _dir: None, place: place.to_owned(), words: Some(words), asked, thread: Some(thread) }
    }

    pub(crate) fn display(&self) -> String {
        self.place.display().to_string()
    }

    /// The next time that is asked for, and whether input alone is to count.
    pub(crate) fn asked(&self) -> (Duration, bool) {
        self.asked.recv_timeout(SOON).unwrap()
    }

    pub(crate) fn idled(&self, time: Duration) {
        self.words.as_ref().unwrap().send(Word::Idled(time)).unwrap();
    }

    pub(crate) fn plugged(&self, name: &'static str) {
        self.words.as_ref().unwrap().send(Word::Plugged(name)).unwrap();
    }

    pub(crate) fn unplugged(&self, name: &'static str) {
        self.words.as_ref().unwrap().send(Word::Unplugged(name)).unwrap();
    }

    pub(crate) fn resumed(&self, time: Duration) {
        self.words.as_ref().unwrap().send(Word::Resumed(time)).unwrap();
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        self.words = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves until nobody can say anything any more.
fn serve(
    listener: &UnixListener,
    version: Option<u32>,
    said: &Receiver<Word>,
    tell: Sender<(Duration, bool)>,
) {
    let mut display = Display::<Desk>::new().unwrap();
    let handle = display.handle();
    handle.create_global::<Desk, WlSeat, ()>(1, ());
    if let Some(version) = version {
        handle.create_global::<Desk, ExtIdleNotifierV1, ()>(version, ());
    }
    let mut desk = Desk { tell, waiting: Vec::new() };
    let mut outputs = HashMap::new();
    loop {
        if let Ok((stream, _)) = listener.accept() {
            display.handle().insert_client(stream, Arc::new(())).unwrap();
        }
        display.dispatch_clients(&mut desk).unwrap();
        match said.recv_timeout(Duration::from_millis(10)) {
            Ok(Word::Idled(time)) => desk.at(time, ExtIdleNotificationV1::idled),
            Ok(Word::Resumed(time)) => desk.at(time, ExtIdleNotificationV1::resumed),
            Ok(Word::Plugged(name)) => {
                outputs.insert(name, handle.create_global::<Desk, WlOutput, &'static str>(4, name));
            }
            Ok(Word::Unplugged(name)) => handle.disable_global::<Desk>(outputs.remove(name).unwrap()),
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
        }
        display.flush_clients().unwrap();
    }
}

/// Who waits for which time.
struct Desk {
    tell: Sender<(Duration, bool)>,
    waiting: Vec<(Duration, ExtIdleNotificationV1)>,
}

impl Desk {
    fn at(&self, time: Duration, event: impl Fn(&ExtIdleNotificationV1)) {
        let waiting = self.waiting.iter().filter(|(wanted, waiting)| *wanted == time && waiting.is_alive());
        waiting.for_each(|(_, waiting)| event(waiting));
    }
}

impl Dispatch<ExtIdleNotifierV1, ()> for Desk {
    fn request(
        desk: &mut Self,
        _: &Client,
        _: &ExtIdleNotifierV1,
        request: ext_idle_notifier_v1::Request,
        (): &(),
        _: &DisplayHandle,
        objects: &mut DataInit<'_, Self>,
    ) {
        use ext_idle_notifier_v1::Request::{GetIdleNotification, GetInputIdleNotification};
        let (id, millis, input_alone) = match request {
            GetIdleNotification { id, timeout, .. } => (id, timeout, false),
            GetInputIdleNotification { id, timeout, .. } => (id, timeout, true),
            _ => return,
        };
        let time = Duration::from_millis(millis.into());
        desk.waiting.push((time, objects.init(id, ())));
        let _ = desk.tell.send((time, input_alone));
    }
}

/// An object that takes requests and does nothing.
macro_rules! inert {
    ($interface:ty, $request:ty) => {
        impl Dispatch<$interface, ()> for Desk {
            fn request(
                _: &mut Self,
                _: &Client,
                _: &$interface,
                _: $request,
                (): &(),
                _: &DisplayHandle,
                _: &mut DataInit<'_, Self>,
            ) {
            }
        }
    };
}

inert!(WlOutput, wl_output::Request);
inert!(WlSeat, wl_seat::Request);
inert!(ExtIdleNotificationV1, ext_idle_notification_v1::Request);

/// An object that is there for whoever binds it.
macro_rules! offered {
    ($interface:ty) => {
        impl GlobalDispatch<$interface, ()> for Desk {
            fn bind(
                _: &mut Self,
                _: &DisplayHandle,
                _: &Client,
                new: New<$interface>,
                (): &(),
                objects: &mut DataInit<'_, Self>,
            ) {
                objects.init(new, ());
            }
        }
    };
}

offered!(WlSeat);
offered!(ExtIdleNotifierV1);

impl GlobalDispatch<WlOutput, &'static str> for Desk {
    fn bind(
        _: &mut Self,
        _: &DisplayHandle,
        _: &Client,
        new: New<WlOutput>,
        name: &&'static str,
        objects: &mut DataInit<'_, Self>,
    ) {
        let output = objects.init(new, ());
        let (plain, normal) = (wl_output::Subpixel::Unknown, wl_output::Transform::Normal);
        output.geometry(0, 0, 600, 340, plain, "DELL".into(), "U2720Q".into(), normal);
        output.name((*name).to_owned());
        output.done();
    }
}
