//! Where the sources find the machine.

use std::path::PathBuf;

/// Where the sources of the machine's nouns look. By default where the system has it; tests bring their own. What does
/// not exist on a platform is of no meaning there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The address of the system bus; the usual one where there is none given.
    pub system_bus: Option<String>,
    /// The address of the session bus; the usual one where there is none given.
    pub session_bus: Option<String>,
    /// The X display, as `DISPLAY` names it; that very variable where there is none given.
    pub display: Option<String>,
    /// The Wayland display, as `WAYLAND_DISPLAY` names it; that very variable where there is none given. Empty: none.
    pub wayland: Option<String>,
    /// The kernel's tree of devices.
    pub sys: PathBuf,
    /// The kernel's tree of processes and the network's tables.
    pub proc: PathBuf,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            system_bus: None,
            session_bus: None,
            display: None,
            wayland: None,
            sys: PathBuf::from("/sys"),
            proc: PathBuf::from("/proc"),
        }
    }
}

#[cfg(target_os = "linux")]
impl Surroundings {
    /// The Wayland display, where there is one.
    pub(crate) fn wayland_display(&self) -> Option<String> {
        named(self.wayland.as_deref(), "WAYLAND_DISPLAY")
    }

    /// The X display, where there is one.
    pub(crate) fn x11_display(&self) -> Option<String> {
        named(self.display.as_deref(), "DISPLAY")
    }
}

#[cfg(target_os = "linux")]
fn named(given: Option<&str>, variable: &str) -> Option<String> {
    let name = given.map(str::to_owned).or_else(|| std::env::var(variable).ok());
    name.filter(|name| !name.is_empty())
}
