//! What is true of the machine: drives, USB, power, network, session, idleness and displays.
//!
//! A source reports *readings*, the whole state of its noun as it sees it now, and never what changed: whoever keeps the
//! last reading can tell that, and a source whose bus went away and came back has nothing to make up for.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Sentence;

/// What rules can wait for and ask about besides files, as far as somebody has to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// Mounted file systems people know as drives.
    Volume,
    /// USB devices.
    Usb,
    /// Where the power comes from, and the battery.
    Power,
    /// Network connections.
    Network,
    /// The user's session: locked or not, and the machine's sleep.
    Session,
    /// For how long nobody has touched the machine.
    Idle,
    /// Connected displays.
    Display,
}

impl Noun {
    /// All of them, in the order they are shown.
    pub const ALL: [Noun; 7] =
        [Self::Volume, Self::Usb, Self::Power, Self::Network, Self::Session, Self::Idle, Self::Display];

    /// The word for it in rules, on the command line and in the window.
    pub fn name(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Usb => "usb",
            Self::Power => "power",
            Self::Network => "network",
            Self::Session => "session",
            Self::Idle => "idle",
            Self::Display => "display",
        }
    }
}

/// The whole present state of one noun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "noun", content = "state", rename_all = "snake_case")]
pub enum Reading {
    /// Every mounted volume, in any order.
    Volume(Vec<Volume>),
    /// Every attached USB device but hubs, in any order.
    Usb(Vec<UsbDevice>),
    /// The power supply.
    Power(Power),
    /// The network.
    Network(Network),
    /// The session.
    Session(Session),
    /// Idleness.
    Idle(Idle),
    /// Every connected display, in any order.
    Display(Vec<Display>),
}

impl Reading {
    /// What it is a state of.
    pub fn noun(&self) -> Noun {
        match self {
            Self::Volume(_) => Noun::Volume,
            Self::Usb(_) => Noun::Usb,
            Self::Power(_) => Noun::Power,
            Self::Network(_) => Noun::Network,
            Self::Session(_) => Noun::Session,
            Self::Idle(_) => Noun::Idle,
            Self::Display(_) => Noun::Display,
        }
    }
}

/// A mounted file system that people know as a drive. Two with the same path and identifier are the same one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volume {
    /// Its name, as file managers show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The file system's identifier, as the platform writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Where it is mounted. Written down as text; where it is none, with a mark for what is not.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
    /// The kind of file system: `vfat`, `ext4`, `nfs4`, `apfs`, `NTFS`. Empty where it is not known.
    pub fstype: String,
    /// Whether it is meant to be taken out.
    pub removable: bool,
    /// Whether it lies on another machine.
    pub network: bool,
}

/// A path as text. There is no other way to say it in JSON, and a state that could not be said at all would be worse.
fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// An attached USB device. Two with the same port are the same one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsbDevice {
    /// The vendor's number as four lower-case hexadecimal digits.
    pub vendor: String,
    /// The product's number as four lower-case hexadecimal digits.
    pub product: String,
    /// The serial number, where the device has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// What the device calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is plugged in; of no meaning but to tell two of the same kind apart.
    pub port: String,
}

/// The power supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Power {
    /// Where the power comes from.
    pub source: PowerSource,
    /// How full the battery is, 0 to 100; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
}

/// Where the power comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerSource {
    /// The mains.
    Ac,
    /// The battery.
    Battery,
}

/// The network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Whether the internet is thought to be reachable.
    pub online: bool,
    /// Every connection that is up, in any order; loopback and the like are left out.
    pub connections: Vec<Connection>,
    /// Whether connections go by their interface's name, because nobody is there who knows a better one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_interface: bool,
}

/// One network connection that is up. Two with the same name and kind are the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// What the user knows it by: the wireless network's name, the profile's, or the interface's.
    pub name: String,
    /// What kind it is.
    pub kind: ConnectionKind,
}

/// The kind of a network connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// Wireless.
    Wifi,
    /// A cable.
    Ethernet,
    /// A mobile network.
    Mobile,
    /// A tunnel into another network.
    Vpn,
    /// Anything else.
    Other,
}

/// The user's session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Whether the screen is locked.
    pub locked: bool,
}

/// For how long nobody has touched the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Idle {
    /// The longest of the wanted times (in seconds) that has passed since keyboard or pointer were last used; 0 while
    /// the machine is in use.
    pub seconds: u64,
}

/// A connected display. Two with the same name are the same one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Display {
    /// The connector or the monitor: `HDMI-1`, `Built-in Retina Display`.
    pub name: String,
}

/// Something that happens to the session or the machine and is not a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The machine is about to sleep. Readings that come after this one and before [`Moment::Resume`] are made by the
    /// sleep itself.
    Suspend,
    /// It has woken.
    Resume,
    /// It is about to be switched off or started anew.
    Shutdown,
    /// The user has logged in.
    Login,
}

impl Moment {
    /// The word for it in rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Shutdown => "shutdown",
            Self::Login => "login",
        }
    }
}

/// How well a noun can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NounHealth {
    /// The way it is looked at.
    pub mode: NounMode,
    /// Why, in a sentence for the user: what is missing, and what it would take. With [`NounMode::Watching`] only where a
    /// part of the noun cannot be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sentence>,
}

impl NounHealth {
    /// The platform reports changes as they happen.
    pub fn watching() -> Self {
        Self { mode: NounMode::Watching, reason: None }
    }

    /// It is looked at every now and then, because of this.
    pub fn polling(reason: impl Into<Sentence>) -> Self {
        Self { mode: NounMode::Polling, reason: Some(reason.into()) }
    }

    /// It cannot be seen here, because of this.
    pub fn unavailable(reason: impl Into<Sentence>) -> Self {
        Self { mode: NounMode::Unavailable, reason: Some(reason.into()) }
    }
}

/// The way a noun is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NounMode {
    /// The platform reports changes as they happen.
    Watching,
    /// It is looked at every now and then, because the platform reports nothing.
    Polling,
    /// It cannot be seen here, or not now.
    Unavailable,
}

/// The last reading of every noun that is looked at. What nobody looks at, or cannot be seen, is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// See [`Reading::Volume`].
    pub volumes: Option<Vec<Volume>>,
    /// See [`Reading::Usb`].
    pub usb: Option<Vec<UsbDevice>>,
    /// See [`Reading::Power`].
    pub power: Option<Power>,
    /// See [`Reading::Network`].
    pub network: Option<Network>,
    /// See [`Reading::Session`].
    pub session: Option<Session>,
    /// See [`Reading::Idle`].
    pub idle: Option<Idle>,
    /// See [`Reading::Display`].
    pub displays: Option<Vec<Display>>,
}

impl State {
    /// Takes a noun's new state.
    pub fn set(&mut self, reading: Reading) {
        match reading {
            Reading::Volume(volumes) => self.volumes = Some(volumes),
            Reading::Usb(devices) => self.usb = Some(devices),
            Reading::Power(power) => self.power = Some(power),
            Reading::Network(network) => self.network = Some(network),
            Reading::Session(session) => self.session = Some(session),
            Reading::Idle(idle) => self.idle = Some(idle),
            Reading::Display(displays) => self.displays = Some(displays),
        }
    }

    /// A noun's state, where it is known.
    pub fn reading(&self, noun: Noun) -> Option<Reading> {
        match noun {
            Noun::Volume => self.volumes.clone().map(Reading::Volume),
            Noun::Usb => self.usb.clone().map(Reading::Usb),
            Noun::Power => self.power.map(Reading::Power),
            Noun::Network => self.network.clone().map(Reading::Network),
            Noun::Session => self.session.map(Reading::Session),
            Noun::Idle => self.idle.map(Reading::Idle),
            Noun::Display => self.displays.clone().map(Reading::Display),
        }
    }

    /// Forgets a noun's state.
    pub fn forget(&mut self, noun: Noun) {
        match noun {
            Noun::Volume => self.volumes = None,
            Noun::Usb => self.usb = None,
            Noun::Power => self.power = None,
            Noun::Network => self.network = None,
            Noun::Session => self.session = None,
            Noun::Idle => self.idle = None,
            Noun::Display => self.displays = None,
        }
    }
}
