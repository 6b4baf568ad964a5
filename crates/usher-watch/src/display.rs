//! The display source: the displays that show a part of the desktop.
//!
//! - Linux (`linux.rs`) is told by the Wayland compositor of its outputs, or by the X server of its RandR monitors.
//! - macOS (`macos.rs`) asks Core Graphics, which calls back when displays are reconfigured.
//! - Windows (`windows.rs`) lists the display devices whenever the desktop is told that they changed.
//!
//! A display that is plugged in and switched off shows nothing and does not count, on any of them. It costs one sleeping
//! thread, and on Linux one connection to the compositor or the X server.

use usher_event::{Display, Reading};

// Also built for tests elsewhere: it is arithmetic.
#[cfg(any(target_os = "macos", test))]
mod edid;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(target_os = "macos")]
pub(crate) use macos::start;
#[cfg(windows)]
pub(crate) use windows::start;

/// The reading of displays with these names, in an order that stays the same.
///
/// Two monitors of one make may call themselves the same; the second is then told apart by a number.
fn reading(mut names: Vec<String>) -> Reading {
    names.sort();
    let mut displays: Vec<Display> = Vec::new();
    for name in names {
        let is_taken = |name: &String| displays.iter().any(|display| display.name == *name);
        let numbered = (2_usize..).map(|number| format!("{name} {number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !is_taken(name));
        displays.push(Display { name: free.unwrap_or(name) });
    }
    Reading::Display(displays)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_of_one_name_are_told_apart_whatever_their_order() {
        let named = |names: &[&str]| reading(names.iter().map(|name| (*name).to_owned()).collect());
        let want = Reading::Display(
            ["DELL U2720Q", "DELL U2720Q 2", "LG"].map(|name| Display { name: name.to_owned() }).to_vec(),
        );
        assert_eq!(named(&["DELL U2720Q", "LG", "DELL U2720Q"]), want);
        assert_eq!(named(&["LG", "DELL U2720Q", "DELL U2720Q"]), want);
    }
}
