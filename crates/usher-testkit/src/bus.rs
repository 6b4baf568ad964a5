//! A private message bus, and stand-ins for daemons on it: real D-Bus messages without the hardware.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene cannot go on")]

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy};
use zbus::export::serde::Serialize;
use zbus::zvariant::{DynamicType, OwnedValue, Value};

/// The interface through which a stand-in is told what to do.
pub const MOCK: &str = "org.freedesktop.DBus.Mock";

/// Long enough for a busy machine; only a failing test waits for it.
const SOON: Duration = Duration::from_secs(60);

/// A process that ends with its owner.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts it.
    ///
    /// # Panics
    /// When there is no such program.
    pub fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        Self(command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display())))
    }

    /// Waits for the first line it says; its output has to be piped.
    ///
    /// # Panics
    /// When its output cannot be read.
    pub fn read_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder that may have a bus in it.
#[derive(Debug)]
pub struct Bus {
    dir: TempDir,
    daemon: Option<Running>,
}

impl Bus {
    /// A folder without a bus.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn absent() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), daemon: None }
    }

    /// A running bus.
    ///
    /// # Panics
    /// When there is no `dbus-daemon`.
    pub fn running() -> Self {
        let mut bus = Self::absent();
        bus.start();
        bus
    }

    /// Starts the bus of this folder.
    ///
    /// # Panics
    /// When there is no `dbus-daemon`.
    pub fn start(&mut self) {
        let config = self.dir.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>{}</listen><auth>EXTERNAL</auth>\
             <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow receive_sender='*'/>\
             <allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
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
        let line = daemon.read_line();
        assert!(line.starts_with("unix:path="), "dbus-daemon said {line:?}");
        self.daemon = Some(daemon);
    }

    /// Ends the bus, and every connection to it.
    pub fn stop(&mut self) {
        self.daemon = None;
        let _ = std::fs::remove_file(self.dir.path().join("bus"));
    }

    /// Where it listens, or would.
    pub fn address(&self) -> String {
        format!("unix:path={}/bus", self.dir.path().display())
    }

    /// A connection of the test's own.
    ///
    /// # Panics
    /// When the bus does not run.
    pub fn connect(&self) -> Connection {
        Builder::address(self.address().as_str()).unwrap().build().unwrap()
    }

    /// Starts a stand-in of the daemon that has this name, from its template.
    ///
    /// # Panics
    /// When there is no python3-dbusmock.
    pub fn template(&self, name: &'static str, template: &str) -> Daemon {
        self.stand_in(name, &["--template", template])
    }

    /// Starts a stand-in without any methods yet.
    ///
    /// # Panics
    /// When there is no python3-dbusmock.
    pub fn bare(&self, name: &'static str, path: &str) -> Daemon {
        self.stand_in(name, &["--session", name, path, name])
    }

    fn stand_in(&self, name: &'static str, args: &[&str]) -> Daemon {
        let bus = self.connect();
        let mut command = Command::new(python());
        command.args(["-m", "dbusmock"]).args(args).stdout(Stdio::null());
        for variable in ["DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"] {
            command.env(variable, self.address());
        }
        let mut process = Running::start(&mut command);
        let names = DBusProxy::new(&bus).unwrap();
        let deadline = Instant::now() + SOON;
        while !names.name_has_owner(name.try_into().unwrap()).unwrap() {
            assert!(process.0.try_wait().unwrap().is_none(), "the stand-in for {name} ended");
            assert!(Instant::now() < deadline, "the stand-in for {name} did not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
        Daemon { bus, name, process: Some(process) }
    }
}

/// The interpreter that has the stand-ins. The first one on the way there may be somebody's own, without the system's
/// packages.
fn python() -> &'static PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let path = env::var_os("PATH").unwrap_or_default();
        let places = env::split_paths(&path).chain(["/usr/bin".into(), "/usr/local/bin".into()]);
        let has_them = |python: &PathBuf| {
            let mut ask = Command::new(python);
            ask.args(["-c", "import dbusmock"]).stdout(Stdio::null()).stderr(Stdio::null());
            ask.status().is_ok_and(|status| status.success())
        };
        let found = places.map(|place| place.join("python3")).find(has_them);
        found.unwrap_or_else(|| panic!("no python3 here can import dbusmock; install python3-dbusmock"))
    })
}

/// A stand-in for a daemon.
#[derive(Debug)]
pub struct Daemon {
    bus: Connection,
    name: &'static str,
    process: Option<Running>,
}

impl Daemon {
    /// Calls a method of one of its objects.
    ///
    /// # Panics
    /// When it answers with an error.
    pub fn call<B: Serialize + DynamicType>(&self, path: &str, interface: &str, method: &str, body: &B) {
        let proxy = Proxy::new(&self.bus, self.name, path, interface).unwrap();
        proxy.call_method(method, body).unwrap();
    }

    /// Gives an object's property another value, which it announces.
    ///
    /// # Panics
    /// When it answers with an error.
    pub fn set(&self, path: &str, interface: &str, property: &str, value: Value<'_>) {
        self.call(path, "org.freedesktop.DBus.Properties", "Set", &(interface, property, value));
    }

    /// Emits a signal.
    ///
    /// # Panics
    /// When it answers with an error.
    pub fn emit(&self, path: &str, interface: &str, signal: &str, signature: &str, values: &[Value<'_>]) {
        self.call(path, MOCK, "EmitSignal", &(interface, signal, signature, values));
    }

    /// What a method of an object was called with so far, call by call.
    ///
    /// # Panics
    /// When it answers with an error.
    pub fn calls(&self, path: &str, method: &str) -> Vec<Vec<OwnedValue>> {
        let mock = Proxy::new(&self.bus, self.name, path, MOCK).unwrap();
        let calls: Vec<(u64, Vec<OwnedValue>)> = mock.call("GetMethodCalls", &method).unwrap();
        calls.into_iter().map(|(_, arguments)| arguments).collect()
    }

    /// Waits for somebody to call a method of an object.
    ///
    /// # Panics
    /// When nobody does for long.
    pub fn is_called(&self, path: &str, method: &str) {
        let deadline = Instant::now() + SOON;
        while self.calls(path, method).is_empty() {
            assert!(Instant::now() < deadline, "nobody calls {method}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it.
    pub fn stop(&mut self) {
        self.process = None;
    }
}
