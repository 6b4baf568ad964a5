//! Displays by the X server's RandR extension: its active monitors, which go by the names of their connectors.

use std::error::Error;
use std::os::fd::AsFd;

use rustix::event::PollFlags;
use x11rb::connection::Connection;
use x11rb::protocol::randr::{ConnectionExt as _, NotifyMask};
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask, Window};
use x11rb::rust_connection::RustConnection;

use usher_event::sentence;

use crate::bell::Bell;
use crate::display::reading;
use crate::tell::Teller;

/// The first version of RandR that knows monitors.
const MONITORS: (u32, u32) = (1, 5);

/// Reports the monitors, and again after each change, until the bell rings.
pub(super) fn watch(teller: &Teller, place: &str, bell: &Bell) -> Result<(), Box<dyn Error>> {
    let (connection, screen) = RustConnection::connect(Some(place))?;
    let root = connection
        .setup()
        .roots
        .get(screen)
        .ok_or_else(|| sentence!("display-no-screen", "it has no screen"))?
        .root;
    subscribe(&connection, root)?;
    loop {
        teller.watching(reading(monitors(&connection, root)?));
        // The answer may have brought events along, of which the socket shows nothing any more.
        while !drained(&connection)? {
            if !bell.or(connection.stream().as_fd(), PollFlags::IN)? {
                return Ok(());
            }
        }
    }
}

/// Asks the server to tell of every change of its monitors.
fn subscribe(connection: &RustConnection, root: Window) -> Result<(), Box<dyn Error>> {
    let version = connection.randr_query_version(MONITORS.0, MONITORS.1)?.reply()?;
    if (version.major_version, version.minor_version) < MONITORS {
        return Err(sentence!("display-old-randr", "its RandR extension is older than 1.5").into());
    }
    let hardware = NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
    connection.randr_select_input(root, hardware)?.check()?;
    // A monitor that a program made up is announced by the root window being configured.
    let structure = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
    Ok(connection.change_window_attributes(root, &structure)?.check()?)
}

/// The names of the monitors that show something.
fn monitors(connection: &RustConnection, root: Window) -> Result<Vec<String>, Box<dyn Error>> {
    let monitors = connection.randr_get_monitors(root, true)?.reply()?.monitors;
    let names = monitors.iter().map(|monitor| connection.get_atom_name(monitor.name));
    let names = names.collect::<Result<Vec<_>, _>>()?;
    names.into_iter().map(|name| Ok(String::from_utf8_lossy(&name.reply()?.name).into_owned())).collect()
}

/// Takes all events off the connection. Says whether there was one.
fn drained(connection: &RustConnection) -> Result<bool, Box<dyn Error>> {
    let mut any = false;
    while connection.poll_for_event()?.is_some() {
        any = true;
    }
    Ok(any)
}

#[cfg(test)]
mod tests;
