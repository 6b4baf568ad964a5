//! A private bus, stand-ins for daemons on it, and a running source with its events in a channel.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use usher_event::{Event, Noun, NounMode, Reading};
use usher_watch::{Sink, Source, Surroundings, Wants, start_in};
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy};
use zbus::export::serde::Serialize;
use zbus::zvariant::{DynamicType, OwnedValue, Value};

/// Long enough for a busy machine; only a failing test waits for it.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// The interface through which a stand-in is told what to do.
pub(crate) const MOCK: &str = "org.freedesktop.DBus.Mock";

/// A process that ends with its owner.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        Self(command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display())))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for the first line a process says.
pub(crate) fn read_line(process: &mut Running) -> String {
    let mut line = String::new();
    BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line
}

/// A folder that may have a bus in it.
pub(crate) struct Bus {
    dir: TempDir,
    daemon: Option<Running>,
}

impl Bus {
    /// A folder without a bus.
    pub(crate) fn absent() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), daemon: None }
    }

    /// A running bus.
    pub(crate) fn running() -> Self {
        let mut bus = Self::absent();
        bus.start();
        bus
    }

    pub(crate) fn start(&mut self) {
        let config = self.dir.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>{}</listen><auth>EXTERNAL</auth>\
             <policy context='default'><allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/>\
             </policy></busconfig>",
            self.address()
        );
        std::fs::write(&config, text).unwrap();
        let mut daemon = Running::start(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--nofork", "--nopidfile", "--print-address"])
                .stdout(Stdio::piped()),
        );
        // It says its address once it listens.
        let line = read_line(&mut daemon);
        assert!(line.starts_with("unix:path="), "dbus-daemon said {line:?}");
        self.daemon = Some(daemon);
    }

    pub(crate) fn stop(&mut self) {
        self.daemon = None;
        let _ = std::fs::remove_file(self.dir.path().join("bus"));
    }

    pub(crate) fn address(&self) -> String {
        format!("unix:path={}/bus", self.dir.path().display())
    }

    pub(crate) fn connect(&self) -> Connection {
        Builder::address(self.address().as_str()).unwrap().build().unwrap()
    }

    /// Starts a stand-in of the daemon that has this name, from its template.
    pub(crate) fn template(&self, name: &'static str, template: &str) -> Daemon {
        self.stand_in(name, &["--template", template])
    }

    /// Starts a stand-in without any methods yet.
    pub(crate) fn bare(&self, name: &'static str, path: &str) -> Daemon {
        self.stand_in(name, &["--session", name, path, name])
    }

    fn stand_in(&self, name: &'static str, args: &[&str]) -> Daemon {
        let bus = self.connect();
        // The system's own interpreter: it is the one that has the package.
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-m", "dbusmock"]).args(args).stdout(Stdio::null());
        for variable in ["DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"] {
            command.env(variable, self.address());
        }
        let mut process = Running::start(&mut command);
        let names = DBusProxy::new(&bus).unwrap();
        let deadline = Instant::now() + SOON;
        while !names.name_has_owner(name.try_into().unwrap()).unwrap() {
            let ended = process.0.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "the stand-in for {name} ended; is the package python3-dbusmock installed?"
            );
            assert!(Instant::now() < deadline, "the stand-in for {name} did not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
        Daemon { bus, name, process: Some(process) }
    }
}

/// A stand-in for a daemon.
pub(crate) struct Daemon {
    bus: Connection,
    name: &'static str,
    process: Option<Running>,
}

impl Daemon {
    /// Calls a method of one of its objects.
    pub(crate) fn call<B: Serialize + DynamicType>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) {
        let proxy = Proxy::new(&self.bus, self.name, path, interface).unwrap();
        proxy.call_method(method, body).unwrap();
    }

    /// Gives an object's property another value, which it announces.
    pub(crate) fn set(&self, path: &str, interface: &str, property: &str, value: Value<'_>) {
        self.call(path, "org.freedesktop.DBus.Properties", "Set", &(interface, property, value));
    }

    /// Emits a signal.
    pub(crate) fn emit(
        &self,
        path: &str,
        interface: &str,
        signal: &str,
        signature: &str,
        values: &[Value<'_>],
    ) {
        self.call(path, MOCK, "EmitSignal", &(interface, signal, signature, values));
    }

    /// Waits for somebody to call a method of an object.
    pub(crate) fn is_called(&self, path: &str, method: &str) {
        let deadline = Instant::now() + SOON;
        let mock = Proxy::new(&self.bus, self.name, path, MOCK).unwrap();
        while mock.call::<_, _, Vec<(u64, Vec<OwnedValue>)>>("GetMethodCalls", &method).unwrap().is_empty() {
            assert!(Instant::now() < deadline, "nobody calls {method}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn stop(&mut self) {
        self.process = None;
    }
}

/// A running source.
pub(crate) struct Watching {
    pub(crate) source: Box<dyn Source>,
    noun: Noun,
    events: Receiver<Event>,
}

impl Watching {
    pub(crate) fn start(noun: Noun, wants: &Wants, surroundings: Surroundings) -> Self {
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| {
            let _ = send.send(event);
        });
        Self { source: start_in(surroundings, noun, wants, sink), noun, events }
    }

    /// The next event.
    pub(crate) fn next(&self) -> Event {
        self.events.recv_timeout(SOON).unwrap_or_else(|_| panic!("nothing more is heard of {:?}", self.noun))
    }

    /// Waits for an event, past others.
    pub(crate) fn until(&self, what: &str, mut is_it: impl FnMut(&Event) -> bool) -> Event {
        let deadline = Instant::now() + SOON;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) if is_it(&event) => return event,
                Ok(event) => seen.push(event),
                Err(_) => panic!("waited for {what} and saw {seen:#?}"),
            }
        }
    }

    /// Waits for this reading, past others.
    pub(crate) fn reads(&self, wanted: &Reading) {
        self.until(
            &format!("{wanted:?}"),
            |event| matches!(event, Event::State { reading } if reading == wanted),
        );
    }

    /// Waits for the noun to be seen in this way. Returns the reason.
    pub(crate) fn mode(&self, wanted: NounMode) -> String {
        let event = self.until(&format!("{wanted:?}"), |event| {
            matches!(event, Event::Noun { noun, health } if *noun == self.noun && health.mode == wanted)
        });
        match event {
            Event::Noun { health, .. } => health.reason.unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// Surroundings that have nothing in them but these buses.
pub(crate) fn only(system: &Bus, session: &Bus, nowhere: &Path) -> Surroundings {
    Surroundings {
        system_bus: Some(system.address()),
        session_bus: Some(session.address()),
        display: Some(String::new()),
        wayland: Some(String::new()),
        sys: nowhere.to_owned(),
        proc: nowhere.to_owned(),
    }
}
