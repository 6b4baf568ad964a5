//! A desktop session of its own: a display, a window manager, a session bus and a home that no one else uses.
//!
//! Everything runs in process groups that are killed when the session is dropped, whatever the test did.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt, CreateWindowAux, InputFocus, WindowClass};

use rustix::process::{Pid, Signal, kill_process_group};

/// What any single wait may take on a machine that is busy with other things.
pub(crate) const DEADLINE: Duration = Duration::from_secs(40);

/// The size of a display.
pub(crate) const WIDTH: u16 = 1280;
const HEIGHT: u16 = 800;

/// A process and everything it starts.
pub(crate) struct Group {
    child: Child,
}

impl Group {
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let child = command.process_group(0).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { child }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the first process of the group still runs.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for the first process, which has to end well.
    #[track_caller]
    pub(crate) fn ends_well(&mut self) {
        let mut status = None;
        eventually("the process ends", || {
            status = self.child.try_wait().expect("a child of ours");
            status.is_some()
        });
        assert!(status.is_some_and(|status| status.success()), "the process ended with {status:?}");
    }

    /// The names of all processes of the group, as the kernel shortens them.
    pub(crate) fn names(&self) -> Vec<String> {
        let processes = fs::read_dir("/proc").expect("/proc").flatten();
        let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        ids.filter_map(|id| name_in_group(id, self.id())).collect()
    }

    /// The processes of WebKit in the group.
    pub(crate) fn webkit(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| name.starts_with("WebKit")).collect()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

/// The name of a living process, if it is in the group.
fn name_in_group(id: u32, group: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (name, rest) = (stat.get(stat.find('(')? + 1..stat.rfind(')')?)?, stat.get(stat.rfind(')')? + 2..)?);
    let mut fields = rest.split(' ');
    let state = fields.next()?;
    let its_group = fields.nth(1)?.parse::<u32>().ok()?;
    (its_group == group && state != "Z").then(|| name.to_owned())
}

/// Waits until something is so, looking often and giving up late.
#[track_caller]
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    assert!(within(DEADLINE, &mut is_so), "not within {DEADLINE:?}: {what}");
}

/// Whether something becomes so within a time that a test can spare.
pub(crate) fn within(time: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    while !is_so() {
        if begin.elapsed() >= time {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// Whether the session has a bus.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bus {
    Private,
    None,
}

/// A session with a display.
pub(crate) struct Session {
    // Dropped in this order: programs before the display, the home last.
    _programs: Vec<Group>,
    pub(crate) display: String,
    pub(crate) bus: Option<String>,
    home: tempfile::TempDir,
}

impl Session {
    /// Starts a session. `None`, said loudly, only where this machine has no virtual display at all.
    pub(crate) fn start(bus: Bus) -> Option<Self> {
        Self::start_with(bus, 1)
    }

    /// The same on a screen with room for so many displays beside each other.
    pub(crate) fn start_with(bus: Bus, displays: u16) -> Option<Self> {
        if Command::new("Xvfb").arg("-help").stderr(Stdio::null()).stdout(Stdio::null()).status().is_err() {
            eprintln!("SKIPPED: Xvfb is not installed, so nothing of the desktop was tested here");
            return None;
        }
        Self::start_on(bus, |session| session.virtual_display(displays))
    }

    /// The same on a display of the caller's, which says its number.
    pub(crate) fn start_on(bus: Bus, server: impl FnOnce(&Self) -> Command) -> Option<Self> {
        let home = tempfile::tempdir().expect("a temporary home");
        let mut session = Self { _programs: vec![], display: String::new(), bus: None, home };
        session.make_folders();
        let server = server(&session);
        session.display = session.start_display(server);
        if bus == Bus::Private {
            session.bus = Some(session.start_bus());
        }
        let manager = Group::spawn(session.command("openbox").stderr(Stdio::null()));
        session._programs.push(manager);
        eventually("the window manager is there", || session.is_managed());
        Some(session)
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// A path below the home, its parents made.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        let path = self.home().join(below);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders in the home");
        path
    }

    /// Writes a file below the home.
    pub(crate) fn write(&self, below: &str, text: &str) -> PathBuf {
        let path = self.path(below);
        fs::write(&path, text).expect("a file in the home");
        path
    }

    /// A program of this session, with nothing of the environment that the test runs in.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let home = self.home();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("LANG", "C.UTF-8")
            .env("DISPLAY", &self.display)
            .env("NO_AT_BRIDGE", "1")
            // A virtual display has no graphics card, and a container has no name spaces to give to a sandbox.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
            .stdin(Stdio::null());
        match &self.bus {
            Some(address) => command.env("DBUS_SESSION_BUS_ADDRESS", address),
            // An address that nobody listens at: libraries would find the machine's own bus otherwise.
            None => command
                .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.join("no-bus").display())),
        };
        command
    }

    /// Starts `usher-desktop`; its stderr goes to a file in the home.
    pub(crate) fn usher(&self, arguments: &[&str]) -> Group {
        let log = fs::File::options().create(true).append(true).open(self.log());
        let mut command = self.command(env!("CARGO_BIN_EXE_usher-desktop"));
        Group::spawn(command.args(arguments).stdout(Stdio::null()).stderr(log.expect("a log in the home")))
    }

    /// Where `usher-desktop` says what is wrong.
    pub(crate) fn log(&self) -> PathBuf {
        self.home().join("stderr.log")
    }

    /// What `usher-desktop` has said on stderr so far.
    pub(crate) fn stderr(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Presses keys as a keyboard would.
    pub(crate) fn press(&self, chord: &str) {
        self.xdotool(&["key", "--clearmodifiers", chord]).expect("xdotool presses keys");
    }

    /// Whether a window of this name has the keyboard.
    pub(crate) fn has_focus(&self, name: &str) -> bool {
        self.xdotool(&["getactivewindow", "getwindowname"]).is_some_and(|active| active.trim() == name)
    }

    /// Whether the window is in sight.
    pub(crate) fn window_is_visible(&self) -> bool {
        self.xdotool(&["search", "--onlyvisible", "--name", "^Usher$"])
            .is_some_and(|ids| !ids.trim().is_empty())
    }

    /// How many windows there are, in sight or not.
    pub(crate) fn windows(&self) -> usize {
        self.xdotool(&["search", "--name", "^Usher$"]).map_or(0, |ids| ids.lines().count())
    }

    /// Whether the window has the keyboard.
    pub(crate) fn window_has_focus(&self) -> bool {
        self.has_focus("Usher")
    }

    /// Gives the window another size, as somebody who drags its corner.
    pub(crate) fn resize_window(&self, width: u32, height: u32) {
        let (width, height) = (width.to_string(), height.to_string());
        let find = ["search", "--onlyvisible", "--name", "^Usher$"];
        self.xdotool(&[&find[..], &["windowsize", &width, &height]].concat()).expect("the window is resized");
    }

    /// The size of the window in sight.
    pub(crate) fn window_size(&self) -> Option<(u32, u32)> {
        Some((self.window_number("WIDTH=")?, self.window_number("HEIGHT=")?))
    }

    /// Has the display be this part of the screen, the others being switched off, with the pointer on it. The virtual
    /// screen has one output, and the toolkit knows no display without one, so there is one at a time.
    pub(crate) fn use_display(&self, nr: u16) {
        let (display, screen) = x11rb::connect(Some(&self.display)).expect("the display");
        let root = display.setup().roots[screen].root;
        let outputs =
            display.randr_get_screen_resources(root).expect("asked").reply().expect("outputs").outputs;
        let name = format!("display-{nr}");
        let name = display.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("a name").atom;
        let part = MonitorInfo {
            name,
            primary: true,
            automatic: false,
            x: i16::try_from(nr * WIDTH).expect("few displays"),
            y: 0,
            width: WIDTH,
            height: HEIGHT,
            width_in_millimeters: 338,
            height_in_millimeters: 211,
            outputs,
        };
        display.randr_set_monitor(root, part).expect("asked").check().expect("a part of the screen");
        self.point(nr * WIDTH + 100, 100);
    }

    /// Moves the pointer.
    pub(crate) fn point(&self, x: u16, y: u16) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]).expect("the pointer moves");
    }

    /// From where to where the window in sight stands, from left to right.
    pub(crate) fn window_span(&self) -> Option<(u32, u32)> {
        let (left, (width, _)) = (self.window_number("X=")?, self.window_size()?);
        Some((left, left + width))
    }

    /// Where the window in sight stands with its frame: left, top, right, bottom.
    pub(crate) fn window_outline(&self) -> Option<(i32, i32, i32, i32)> {
        let find = ["search", "--onlyvisible", "--name", "^Usher$"];
        let id = self.xdotool(&find)?.lines().next()?.parse().ok()?;
        let (display, screen) = x11rb::connect(Some(&self.display)).expect("the display");
        let root = display.setup().roots[screen].root;
        let mut window = id;
        loop {
            let tree = display.query_tree(window).ok()?.reply().ok()?;
            if tree.parent == root {
                break;
            }
            window = tree.parent;
        }
        let frame = display.get_geometry(window).ok()?.reply().ok()?;
        let (left, top) = (i32::from(frame.x), i32::from(frame.y));
        Some((left, top, left + i32::from(frame.width), top + i32::from(frame.height)))
    }

    fn window_number(&self, name: &str) -> Option<u32> {
        let find = ["search", "--onlyvisible", "--name", "^Usher$"];
        let said = self.xdotool(&[&find[..], &["getwindowgeometry", "--shell"]].concat())?;
        said.lines().find_map(|line| line.strip_prefix(name)?.parse().ok())
    }

    /// Opens another program's window, which takes the keyboard, for as long as the value lives.
    pub(crate) fn other_window(&self) -> impl Sized {
        let (display, screen) = x11rb::connect(Some(&self.display)).expect("the display");
        let root = &display.setup().roots[screen];
        let window = display.generate_id().expect("an id");
        let look = CreateWindowAux::new().background_pixel(root.white_pixel);
        let kind = WindowClass::INPUT_OUTPUT;
        display
            .create_window(root.root_depth, window, root.root, 0, 0, 200, 100, 0, kind, 0, &look)
            .expect("asked")
            .check()
            .expect("a window");
        display.map_window(window).expect("asked").check().expect("the window is in sight");
        eventually("the other window has the keyboard", || {
            let focus = display.get_input_focus().expect("asked").reply().expect("a focus").focus;
            if focus != window {
                let _ = display
                    .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)
                    .map(|it| it.check());
            }
            focus == window
        });
        display
    }

    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = self.command("xdotool").args(arguments).output().expect("xdotool is installed");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether a window manager has announced itself.
    fn is_managed(&self) -> bool {
        let (display, screen) = x11rb::connect(Some(&self.display)).expect("the display");
        let root = display.setup().roots[screen].root;
        let name = display
            .intern_atom(false, b"_NET_SUPPORTING_WM_CHECK")
            .expect("asked")
            .reply()
            .expect("a name")
            .atom;
        let property = display.get_property(false, root, name, AtomEnum::WINDOW, 0, 1).expect("asked");
        property.reply().is_ok_and(|property| property.value_len > 0)
    }

    fn make_folders(&self) {
        for folder in [".config", ".local/share", ".local/state", ".cache", "run"] {
            fs::create_dir_all(self.home().join(folder)).expect("folders in the home");
        }
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(self.home().join("run"), private).expect("a private runtime folder");
    }

    fn virtual_display(&self, displays: u16) -> Command {
        let mut command = self.command("Xvfb");
        // Without the last flag the display starts anew whenever its last client leaves.
        let size = format!("{}x{HEIGHT}x24", WIDTH * displays);
        command.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"]);
        command
    }

    fn start_display(&mut self, mut server: Command) -> String {
        let mut display = Group::spawn(server.stdout(Stdio::piped()).stderr(Stdio::null()));
        let number = first_line(display.child.stdout.take().expect("a pipe"));
        self._programs.push(display);
        format!(":{number}")
    }

    fn start_bus(&mut self) -> String {
        let mut command = self.command("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address"]).env_remove("DBUS_SESSION_BUS_ADDRESS");
        let mut bus = Group::spawn(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let address = first_line(bus.child.stdout.take().expect("a pipe"));
        self._programs.push(bus);
        address
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what usher-desktop said\n{}---", self.stderr());
        }
    }
}

fn first_line(output: impl Read) -> String {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    assert!(!line.trim().is_empty(), "the program said nothing");
    line.trim().to_owned()
}
