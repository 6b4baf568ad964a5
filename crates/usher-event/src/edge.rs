//! Edges: what event rules wait for.
//!
//! An edge lies between two states of the machine, or is a moment of it. Sources know nothing of edges; the engine finds
//! them, so that what a sleep or a lost bus makes flicker is no edge.

use serde::{Deserialize, Serialize};

use crate::{Connection, Display, Moment, Network, Power, UsbDevice, Volume};

/// Something that became true of the machine, with what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts")]
pub enum Edge {
    /// A volume was mounted.
    #[serde(rename = "volume.mounted")]
    VolumeMounted(Volume),
    /// A volume is not mounted any more.
    #[serde(rename = "volume.unmounted")]
    VolumeUnmounted(Volume),
    /// A USB device was attached.
    #[serde(rename = "usb.attached")]
    UsbAttached(UsbDevice),
    /// A USB device is not attached any more.
    #[serde(rename = "usb.detached")]
    UsbDetached(UsbDevice),
    /// The power comes from the mains now.
    #[serde(rename = "power.ac")]
    PowerAc(Power),
    /// The power comes from the battery now.
    #[serde(rename = "power.battery")]
    PowerBattery(Power),
    /// The battery's charge is another one.
    #[serde(rename = "battery.level")]
    BatteryLevel(BatteryLevel),
    /// The internet is thought to be reachable now.
    #[serde(rename = "network.online")]
    NetworkOnline(Network),
    /// The internet is not thought to be reachable any more.
    #[serde(rename = "network.offline")]
    NetworkOffline(Network),
    /// A connection is up.
    #[serde(rename = "network.connected")]
    NetworkConnected(Connection),
    /// A connection is not up any more.
    #[serde(rename = "network.disconnected")]
    NetworkDisconnected(Connection),
    /// The screen was locked.
    #[serde(rename = "session.locked")]
    SessionLocked,
    /// The screen was unlocked.
    #[serde(rename = "session.unlocked")]
    SessionUnlocked,
    /// The machine is about to sleep.
    #[serde(rename = "session.suspend")]
    SessionSuspend,
    /// It has woken.
    #[serde(rename = "session.resume")]
    SessionResume,
    /// It is about to be switched off or started anew.
    #[serde(rename = "session.shutdown")]
    SessionShutdown,
    /// The user has logged in.
    #[serde(rename = "session.login")]
    SessionLogin,
    /// Nobody has touched the machine for so long.
    #[serde(rename = "idle.after")]
    IdleAfter(IdleFor),
    /// Somebody has touched it again after so long.
    #[serde(rename = "idle.back")]
    IdleBack(IdleFor),
    /// A display was connected.
    #[serde(rename = "display.connected")]
    DisplayConnected(Displayed),
    /// A display is not connected any more.
    #[serde(rename = "display.disconnected")]
    DisplayDisconnected(Displayed),
    /// A moment of a rule's schedule has come.
    #[serde(rename = "schedule.due")]
    ScheduleDue(Due),
    /// A rule's key chord was pressed.
    #[serde(rename = "hotkey.pressed")]
    HotkeyPressed(Hotkey),
    /// Usher has started, or its rules were loaded anew.
    #[serde(rename = "started")]
    Started(Beginning),
}

impl Edge {
    /// Every name there is, in the order they are shown.
    pub const NAMES: &'static [&'static str] = &[
        "volume.mounted",
        "volume.unmounted",
        "usb.attached",
        "usb.detached",
        "power.ac",
        "power.battery",
        "battery.level",
        "network.online",
        "network.offline",
        "network.connected",
        "network.disconnected",
        "session.locked",
        "session.unlocked",
        "session.suspend",
        "session.resume",
        "session.shutdown",
        "session.login",
        "idle.after",
        "idle.back",
        "display.connected",
        "display.disconnected",
        "schedule.due",
        "hotkey.pressed",
        "started",
    ];

    /// Its name, as `usher events` shows it and `usher trigger` takes it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::VolumeMounted(_) => "volume.mounted",
            Self::VolumeUnmounted(_) => "volume.unmounted",
            Self::UsbAttached(_) => "usb.attached",
            Self::UsbDetached(_) => "usb.detached",
            Self::PowerAc(_) => "power.ac",
            Self::PowerBattery(_) => "power.battery",
            Self::BatteryLevel(_) => "battery.level",
            Self::NetworkOnline(_) => "network.online",
            Self::NetworkOffline(_) => "network.offline",
            Self::NetworkConnected(_) => "network.connected",
            Self::NetworkDisconnected(_) => "network.disconnected",
            Self::SessionLocked => "session.locked",
            Self::SessionUnlocked => "session.unlocked",
            Self::SessionSuspend => "session.suspend",
            Self::SessionResume => "session.resume",
            Self::SessionShutdown => "session.shutdown",
            Self::SessionLogin => "session.login",
            Self::IdleAfter(_) => "idle.after",
            Self::IdleBack(_) => "idle.back",
            Self::DisplayConnected(_) => "display.connected",
            Self::DisplayDisconnected(_) => "display.disconnected",
            Self::ScheduleDue(_) => "schedule.due",
            Self::HotkeyPressed(_) => "hotkey.pressed",
            Self::Started(_) => "started",
        }
    }
}

impl From<Moment> for Edge {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Suspend => Self::SessionSuspend,
            Moment::Resume => Self::SessionResume,
            Moment::Shutdown => Self::SessionShutdown,
            Moment::Login => Self::SessionLogin,
        }
    }
}

/// How the battery's charge has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatteryLevel {
    /// How full it is now, 0 to 100.
    pub percent: u8,
    /// How full it was before.
    pub before: u8,
}

/// For how long the machine was not touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdleFor {
    /// Seconds: the longest of the wanted times that has passed.
    pub seconds: u64,
    /// The longest of them that had passed before; 0 while the machine was in use.
    pub before: u64,
}

/// A display that came or went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Displayed {
    /// The display.
    #[serde(flatten)]
    pub display: Display,
    /// How many displays there are afterwards.
    pub count: u32,
}

/// A moment of a rule's schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The rule's id.
    pub rule: String,
    /// The moment it was due at, which may be long past: RFC 3339 with its offset.
    pub due: String,
}

/// A key chord of a rule's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hotkey {
    /// The chord as the rule writes it.
    pub keys: String,
}

/// What has begun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Beginning {
    /// Whether Usher runs already and its rules were only loaded anew.
    pub reloaded: bool,
}
