//! A Wayland compositor's idle notifications (`ext-idle-notify-v1`: Plasma, Sway, Hyprland, COSMIC, niri and others).
//!
//! The compositor counts from when it is asked: how long nobody was there before that is not known.

use std::collections::BTreeSet;
use std::convert::Infallible;

use async_io::Async;
use usher_event::{Sentence, sentence};
use wayland_client::globals::{BindError, GlobalError, GlobalList, GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::protocol::wl_seat::{self, WlSeat};
use wayland_client::{ConnectError, Connection, Dispatch, DispatchError, QueueHandle};
use wayland_protocols::ext::idle_notify::v1::client::ext_idle_notification_v1::{
    self, ExtIdleNotificationV1,
};
use wayland_protocols::ext::idle_notify::v1::client::ext_idle_notifier_v1::{self, ExtIdleNotifierV1};

use super::{Teller, reading};
use crate::wayland::connect;

/// Since this version the protocol can tell of use alone, whatever else keeps the screen on.
const INPUT_ALONE: u32 = 2;

/// Why the compositor does not tell, as the library has it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) enum WaylandError {
    Reach(#[from] Sentence),
    Connect(#[from] ConnectError),
    Offers(#[from] GlobalError),
    Missing(#[from] BindError),
    Lost(#[from] DispatchError),
    Broken(#[from] wayland_client::backend::WaylandError),
    Wait(#[from] std::io::Error),
}

impl WaylandError {
    /// The same for people.
    pub(super) fn sentence(&self) -> Sentence {
        match self {
            Self::Reach(what) => what.clone(),
            Self::Connect(why) => {
                sentence!("display-unconnected", "it cannot be connected to ({why})", why = why.to_string())
            }
            Self::Offers(why) => {
                sentence!(
                    "display-no-offers",
                    "it does not say what it offers ({why})",
                    why = why.to_string()
                )
            }
            Self::Missing(why) => sentence!(
                "idle-no-protocol",
                "it does not offer the protocol ext-idle-notify-v1 ({why}); a newer release may",
                why = why.to_string()
            ),
            Self::Lost(why) => {
                sentence!("display-lost", "the connection was lost ({why})", why = why.to_string())
            }
            Self::Broken(why) => {
                sentence!("display-lost", "the connection was lost ({why})", why = why.to_string())
            }
            Self::Wait(why) => sentence!("display-no-waiting", "it cannot be waited for ({why})", why = why),
        }
    }
}

/// Watches for these times until something fails.
pub(super) async fn watch(teller: &Teller, times: &[u64], display: &str) -> Result<Infallible, WaylandError> {
    let connection = Connection::from_socket(connect(display)?)?;
    let (globals, mut queue) = registry_queue_init::<Passed>(&connection)?;
    ask(&globals, &queue.handle(), times)?;
    let socket = Async::new_nonblocking(connection.backend().poll_fd().try_clone_to_owned()?)?;
    let mut passed = Passed::default();
    loop {
        queue.dispatch_pending(&mut passed)?;
        teller.watching(reading(passed.0.last().copied().unwrap_or(0)));
        queue.flush()?;
        // None: there is something to dispatch already.
        if let Some(read) = queue.prepare_read() {
            socket.readable().await?;
            match read.read() {
                Ok(_) => {}
                Err(wayland_client::backend::WaylandError::Io(error))
                    if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Asks to be told when each time has passed.
fn ask(globals: &GlobalList, queue: &QueueHandle<Passed>, times: &[u64]) -> Result<(), WaylandError> {
    let seat: WlSeat = globals.bind(queue, 1..=1, ())?;
    let notifier: ExtIdleNotifierV1 = globals.bind(queue, 1..=INPUT_ALONE, ())?;
    let version = wayland_client::Proxy::version(&notifier);
    for time in times {
        let millis = u32::try_from(time * 1000).unwrap_or(u32::MAX);
        if version >= INPUT_ALONE {
            notifier.get_input_idle_notification(millis, &seat, queue, *time);
        } else {
            notifier.get_idle_notification(millis, &seat, queue, *time);
        }
    }
    Ok(())
}

/// The wanted times that have passed since the last use.
#[derive(Default)]
struct Passed(BTreeSet<u64>);

impl Dispatch<ExtIdleNotificationV1, u64> for Passed {
    fn event(
        passed: &mut Self,
        _: &ExtIdleNotificationV1,
        event: ext_idle_notification_v1::Event,
        time: &u64,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        match event {
            ext_idle_notification_v1::Event::Idled => {
                passed.0.insert(*time);
            }
            ext_idle_notification_v1::Event::Resumed => {
                passed.0.remove(time);
            }
            _ => {}
        }
    }
}

/// Ignores the events of an interface that nothing is wanted of.
macro_rules! ignore {
    ($interface:ty, $event:ty, $data:ty) => {
        impl Dispatch<$interface, $data> for Passed {
            fn event(
                _: &mut Self,
                _: &$interface,
                _: $event,
                _: &$data,
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
            }
        }
    };
}

ignore!(WlRegistry, wl_registry::Event, GlobalListContents);
ignore!(WlSeat, wl_seat::Event, ());
ignore!(ExtIdleNotifierV1, ext_idle_notifier_v1::Event, ());
