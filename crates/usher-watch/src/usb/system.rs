//! The machine's own bus, through nusb.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};
use std::thread::Thread;

use futures_core::Stream;
use nusb::MaybeFuture;
use nusb::hotplug::HotplugWatch;

use super::{Attached, Bus};

/// The machine's own bus.
pub(super) struct System {
    watch: HotplugWatch,
    stopped: Arc<AtomicBool>,
    waker: Waker,
}

/// Wakes the source's thread, for nusb and for whoever stops the source.
#[derive(Default)]
pub(super) struct Wake(OnceLock<Thread>);

impl Wake {
    /// Wakes the thread if it has begun.
    pub(super) fn wake_thread(&self) {
        if let Some(thread) = self.0.get() {
            thread.unpark();
        }
    }
}

impl std::task::Wake for Wake {
    fn wake(self: Arc<Self>) {
        self.wake_thread();
    }
}

impl System {
    /// Begins to watch the bus; to be called on the thread that will wait.
    pub(super) fn open(stopped: Arc<AtomicBool>, wake: Arc<Wake>) -> Result<Self, String> {
        wake.0.get_or_init(std::thread::current);
        let watch = nusb::watch_devices().map_err(|error| error.to_string())?;
        Ok(Self { watch, stopped, waker: Waker::from(wake) })
    }
}

impl Bus for System {
    fn list(&self) -> Result<Vec<Attached>, String> {
        let devices = nusb::list_devices().wait().map_err(|error| error.to_string())?;
        Ok(devices.map(|device| attached(&device)).collect())
    }

    fn changed(&mut self) -> bool {
        let mut context = Context::from_waker(&self.waker);
        loop {
            if self.stopped.load(Ordering::SeqCst) {
                return false;
            }
            match Pin::new(&mut self.watch).poll_next(&mut context) {
                Poll::Ready(Some(_)) => return true,
                Poll::Ready(None) => return false,
                // A wake-up between the look and this is kept and ends it at once.
                Poll::Pending => std::thread::park(),
            }
        }
    }
}

fn attached(device: &nusb::DeviceInfo) -> Attached {
    Attached {
        class: device.class(),
        vendor: device.vendor_id(),
        product: device.product_id(),
        serial: device.serial_number().map(str::to_owned),
        maker: device.manufacturer_string().map(str::to_owned),
        name: device.product_string().map(str::to_owned),
        bus: device.bus_id().to_owned(),
        ports: device.port_chain().to_vec(),
    }
}
