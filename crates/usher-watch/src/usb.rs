//! The USB source: the attached devices, as the system lists them.
//!
//! It goes through [`nusb`], which reads sysfs on Linux, the I/O registry on macOS and the device tree on Windows, and is
//! told by udev, IOKit and the configuration manager when a device comes or goes. Devices are listed and never opened, so
//! no right is needed and none is disturbed. Hubs are left out: whoever plugs one in means what hangs on it.
//!
//! It costs one sleeping thread, and on Linux one more of nusb's. Without udev (in containers) what is attached is seen
//! and later changes are not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use usher_event::{Noun, Reading, Sentence, UsbDevice, sentence};

use crate::again::keep_watching;
use crate::source::Source;
use crate::tell::Teller;
use crate::worker::Worker;

mod system;

/// The number of the device class of hubs.
const HUB: u8 = 9;

/// The bus as the source sees it.
trait Bus {
    /// Everything that is attached now; or what the system's library says it cannot be known for.
    fn list(&self) -> Result<Vec<Attached>, String>;

    /// Sleeps until something was attached or detached (true), or nothing more will be told (false): the source is to
    /// stop, or the system tells no more.
    fn changed(&mut self) -> bool;
}

/// One attached device, as its descriptors and its place on the bus say.
#[derive(Debug, Clone, Default)]
struct Attached {
    class: u8,
    vendor: u16,
    product: u16,
    serial: Option<String>,
    maker: Option<String>,
    name: Option<String>,
    bus: String,
    ports: Vec<u8>,
}

/// Starts the source.
pub(crate) fn start(teller: Teller) -> std::io::Result<Box<dyn Source>> {
    let stopped = Arc::new(AtomicBool::new(false));
    let waker = Arc::new(system::Wake::default());
    let (stop, over, wake) = (Arc::clone(&stopped), Arc::clone(&stopped), Arc::clone(&waker));
    let ring = move || {
        stop.store(true, Ordering::SeqCst);
        wake.wake_thread();
    };
    let open = move || system::System::open(Arc::clone(&stopped), Arc::clone(&waker));
    let work = move || {
        let is_over = || over.load(Ordering::SeqCst);
        let pause = |pause| {
            std::thread::park_timeout(pause);
            !is_over()
        };
        keep_watching(&teller, || watch_new(&teller, &open, is_over), pause);
    };
    Ok(Box::new(Worker::start(Noun::Usb, ring, work)?))
}

/// Opens the bus and watches it until it is all over, or why it is not watched any more.
fn watch_new<B: Bus>(
    teller: &Teller,
    open: impl Fn() -> Result<B, String>,
    is_over: impl Fn() -> bool,
) -> Result<(), Sentence> {
    let bus = open().map_err(|why| {
        sentence!("usb-unwatched", "USB devices cannot be watched: {why}. Usher tries again.", why = why)
    })?;
    watch(teller, bus);
    match is_over() {
        true => Ok(()),
        false => {
            Err(sentence!("usb-silent", "The system tells no more of USB devices; Usher asks it again."))
        }
    }
}

/// Reports what is attached, and again after each change, until the bus tells no more.
fn watch(teller: &Teller, mut bus: impl Bus) {
    loop {
        match bus.list() {
            Ok(attached) => teller.watching(reading(attached)),
            Err(why) => {
                teller.blind(sentence!("usb-unlisted", "USB devices cannot be listed: {why}.", why = why))
            }
        }
        if !bus.changed() {
            return;
        }
    }
}

/// The reading of these devices, in an order that stays the same.
fn reading(attached: Vec<Attached>) -> Reading {
    let mut devices: Vec<_> = attached.into_iter().filter(|device| device.class != HUB).map(device).collect();
    devices.sort_by(|a: &UsbDevice, b| a.port.cmp(&b.port));
    Reading::Usb(devices)
}

fn device(attached: Attached) -> UsbDevice {
    let Attached { vendor, product, serial, maker, name, bus, ports, .. } = attached;
    let ports: Vec<_> = ports.iter().map(u8::to_string).collect();
    UsbDevice {
        vendor: format!("{vendor:04x}"),
        product: format!("{product:04x}"),
        serial: said(serial),
        // A device that gives itself no name may still say who made it.
        name: said(name).or_else(|| said(maker)),
        port: format!("{bus}-{}", ports.join(".")),
    }
}

/// What a descriptor says, if it says anything: makers pad with blanks and zeros.
fn said(text: Option<String>) -> Option<String> {
    let text = text?;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
