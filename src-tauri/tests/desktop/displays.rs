//! A screen of two displays beside each other, as a graphics card with two sockets has them. The virtual display of the
//! other tests has one socket, and the toolkit knows no display without one.

use std::fs;
use std::path::Path;
use std::process::Command;

use x11rb::connection::Connection;
use x11rb::protocol::randr::{ConnectionExt as _, Rotation, SetConfig};

use crate::session::{Bus, Session, eventually};

const SERVER: &str = "/usr/lib/xorg/Xorg";
const DRIVER: &str = "/usr/lib/xorg/modules/drivers/dummy_drv.so";

/// From the left to the right: from where, to where, and how high.
pub(crate) const DISPLAYS: [Part; 2] =
    [Part { left: 0, right: 800, height: 600 }, Part { left: 800, right: 1824, height: 768 }];

/// The part of the screen that a display shows, from its upper edge down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    left: i32,
    right: i32,
    height: i32,
}

const SETUP: &str = r#"
Section "Monitor"
    Identifier "left"
    Option "Enable" "true"
    Option "PreferredMode" "800x600"
EndSection
Section "Monitor"
    Identifier "right"
    Option "Enable" "true"
    Option "PreferredMode" "1024x768"
    Option "RightOf" "left"
EndSection
Section "Device"
    Identifier "card"
    Driver "dummy"
    VideoRam 65536
    Option "Monitor-DUMMY0" "left"
    Option "Monitor-DUMMY1" "right"
EndSection
Section "Screen"
    Identifier "screen"
    Device "card"
    DefaultDepth 24
EndSection
Section "ServerFlags"
    Option "AutoAddDevices" "false"
EndSection
"#;

/// A session with two displays. `None`, said loudly, only where there is no server for them.
pub(crate) fn session() -> Option<Session> {
    if ![SERVER, DRIVER].iter().all(|file| Path::new(file).exists()) {
        eprintln!(
            "SKIPPED: Xorg or its dummy driver is not installed, so nothing was tested on two displays here"
        );
        return None;
    }
    Session::start_on(Bus::Private, server)
}

fn server(session: &Session) -> Command {
    let setup = session.write("displays.conf", SETUP);
    let mut command = session.command(SERVER);
    command.args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-novtswitch", "-sharevts"]);
    command.arg("-config").arg(setup).arg("-logfile").arg(session.home().join("xorg.log"));
    command
}

impl Part {
    /// Has the pointer on this display, which makes it the one in use.
    pub(crate) fn use_on(self, session: &Session) {
        let at = |length: i32| u16::try_from(length).expect("a screen of this size");
        session.point(at(self.left + 100), at(100));
    }

    /// Waits until the window with its frame stands wholly on this display.
    #[track_caller]
    pub(crate) fn holds_the_window(self, session: &Session) {
        let mut outline = None;
        let what = format!("the window stands between {} and {}", self.left, self.right);
        let is_so = crate::session::within(crate::session::DEADLINE, || {
            outline = session.window_outline();
            outline.is_some_and(|(left, top, right, bottom)| {
                self.left <= left && right <= self.right && 0 <= top && bottom <= self.height
            })
        });
        assert!(is_so, "{what}, and not: {outline:?}");
    }
}

/// Pulls the plug of the display on the right; the pointer is on the left one then.
pub(crate) fn unplug_the_right_one(session: &Session) {
    let (display, screen) = x11rb::connect(Some(&session.display)).expect("the display");
    let root = display.setup().roots[screen].root;
    let known = display.randr_get_screen_resources(root).expect("asked").reply().expect("displays");
    for crtc in known.crtcs {
        let now = display.randr_get_crtc_info(crtc, 0).expect("asked").reply().expect("a display");
        if now.x > 0 {
            let off = display.randr_set_crtc_config(crtc, 0, 0, 0, 0, 0, Rotation::ROTATE0, &[]);
            let off = off.expect("asked").reply().expect("an answer");
            assert_eq!(off.status, SetConfig::SUCCESS);
        }
    }
    DISPLAYS[0].use_on(session);
    eventually("one display is left", || {
        let left = display.randr_get_monitors(root, true).expect("asked").reply().expect("displays");
        left.monitors.len() == 1
    });
}

/// What the window's file of its size says.
pub(crate) fn kept_size(session: &Session) -> String {
    fs::read_to_string(session.path(".local/state/usher/window.json")).unwrap_or_default()
}
