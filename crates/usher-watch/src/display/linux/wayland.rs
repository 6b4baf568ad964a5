//! Displays by the outputs that a Wayland compositor offers: one for each display that shows a part of the desktop.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;

use rustix::event::PollFlags;
use wayland_client::backend::WaylandError;
use wayland_client::protocol::wl_callback::{self, WlCallback};
use wayland_client::protocol::wl_output::{self, WlOutput};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::{Connection, Dispatch, Proxy, QueueHandle};

use crate::bell::Bell;
use crate::display::reading;
use crate::tell::Teller;
use crate::wayland::connect;

/// From this version on an output says when it has said everything.
const TELLS_END: u32 = 2;

/// From this version on an output can be given back.
const RELEASED: u32 = 3;

/// From this version on an output says the name of its connector.
const NAMED: u32 = 4;

/// Reports the outputs, and again after each change, until the bell rings.
pub(super) fn watch(teller: &Teller, display: &str, bell: &Bell) -> Result<(), Box<dyn Error>> {
    let connection = Connection::from_socket(connect(display)?)?;
    let mut queue = connection.new_event_queue();
    let handle = queue.handle();
    connection.display().get_registry(&handle, ());
    // Answered after everything that is there already has been named.
    connection.display().sync(&handle, ());
    let mut outputs = Outputs::default();
    let mut told = None;
    loop {
        queue.dispatch_pending(&mut outputs)?;
        if let Some(names) = outputs.names().filter(|names| told.as_ref() != Some(names)) {
            teller.watching(reading(names.clone()));
            told = Some(names);
        }
        queue.flush()?;
        // None: there is something to dispatch already.
        let Some(read) = queue.prepare_read() else { continue };
        if !bell.or(read.connection_fd(), PollFlags::IN)? {
            return Ok(());
        }
        match read.read() {
            Ok(_) => {}
            Err(WaylandError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What the compositor offers.
#[derive(Default)]
struct Outputs {
    /// By the compositor's numbers.
    known: BTreeMap<u32, Output>,
    /// Whether everything has been named that was there when we came.
    listed: bool,
}

struct Output {
    proxy: WlOutput,
    name: Option<String>,
    model: Option<String>,
    /// Whether it has said everything.
    complete: bool,
}

impl Outputs {
    /// What the displays are called; `None` while that is not all known.
    fn names(&self) -> Option<Vec<String>> {
        let known = self.listed && self.known.values().all(|output| output.complete);
        let name = |(number, output): (&u32, &Output)| {
            let name = output.name.clone().or_else(|| output.model.clone());
            name.unwrap_or_else(|| format!("output {number}"))
        };
        known.then(|| self.known.iter().map(name).collect())
    }
}

impl Dispatch<WlRegistry, ()> for Outputs {
    fn event(
        outputs: &mut Self,
        registry: &WlRegistry,
        event: wl_registry::Event,
        (): &(),
        _: &Connection,
        queue: &QueueHandle<Self>,
    ) {
        match event {
            wl_registry::Event::Global { name, interface, version }
                if interface == WlOutput::interface().name =>
            {
                let version = version.min(NAMED);
                let proxy = registry.bind(name, version, queue, name);
                let complete = version < TELLS_END;
                outputs.known.insert(name, Output { proxy, name: None, model: None, complete });
            }
            wl_registry::Event::GlobalRemove { name } => {
                let gone = outputs.known.remove(&name).map(|output| output.proxy);
                gone.filter(|proxy| proxy.version() >= RELEASED).iter().for_each(WlOutput::release);
            }
            _ => {}
        }
    }
}

impl Dispatch<WlOutput, u32> for Outputs {
    fn event(
        outputs: &mut Self,
        _: &WlOutput,
        event: wl_output::Event,
        number: &u32,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        let Some(output) = outputs.known.get_mut(number) else { return };
        match event {
            wl_output::Event::Geometry { make, model, .. } => {
                let model = format!("{make} {model}").trim().to_owned();
                output.model = Some(model).filter(|model| !model.is_empty());
            }
            wl_output::Event::Name { name } => output.name = Some(name),
            wl_output::Event::Done => output.complete = true,
            _ => {}
        }
    }
}

impl Dispatch<WlCallback, ()> for Outputs {
    fn event(
        outputs: &mut Self,
        _: &WlCallback,
        _: wl_callback::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        outputs.listed = true;
    }
}
