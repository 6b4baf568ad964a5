//! The X server's counter of idle milliseconds, with alarms at the wanted times: nothing is polled.

use std::convert::Infallible;
use std::os::fd::AsFd;
use std::time::Duration;

use async_io::{Async, Timer};
use usher_event::{Sentence, sentence};
use x11rb::connection::Connection as _;
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::sync::{
    ChangeAlarmAux, ConnectionExt as _, Counter, CreateAlarmAux, Int64, TESTTYPE, VALUETYPE,
};
use x11rb::rust_connection::RustConnection;

use super::{Teller, passed, reading};

/// Why the X server does not tell, as the library has it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) enum X11Error {
    Connect(#[from] ConnectError),
    Lost(#[from] ConnectionError),
    Refused(#[from] ReplyError),
    NoNumber(#[from] ReplyOrIdError),
    NoCounter(#[from] Sentence),
    Wait(#[from] std::io::Error),
}

impl X11Error {
    /// The same for people.
    pub(super) fn sentence(&self) -> Sentence {
        match self {
            Self::Connect(why) => {
                sentence!("display-unreached", "it cannot be reached ({why})", why = why.to_string())
            }
            Self::Lost(why) => {
                sentence!("display-lost", "the connection was lost ({why})", why = why.to_string())
            }
            Self::Refused(why) => sentence!("display-refuses", "it refuses ({why})", why = why.to_string()),
            Self::NoNumber(why) => sentence!("display-refuses", "it refuses ({why})", why = why.to_string()),
            Self::NoCounter(what) => what.clone(),
            Self::Wait(why) => sentence!("display-no-waiting", "it cannot be waited for ({why})", why = why),
        }
    }
}

/// Watches for these times until something fails.
pub(super) async fn watch(teller: &Teller, times: &[u64], display: &str) -> Result<Infallible, X11Error> {
    let (connection, _) = x11rb::connect(Some(display))?;
    let counter = counter(&connection)?;
    set_alarms(&connection, counter, times)?;
    let socket = Async::new_nonblocking(connection.stream().as_fd())?;
    let mut look = true;
    let mut idle = 0;
    loop {
        while let Some(event) = connection.poll_for_event()? {
            if let Event::SyncAlarmNotify(notice) = event {
                // Some servers forget to wait for it again unless told.
                connection.sync_change_alarm(notice.alarm, &ChangeAlarmAux::new().events(1))?;
                look = true;
            }
        }
        if look {
            idle = millis(connection.sync_query_counter(counter)?.reply()?.counter_value);
            teller.watching(reading(passed(times, idle / 1000)));
            look = false;
            // The answer may have brought events with it, which nothing on the socket tells of any more.
            continue;
        }
        connection.flush()?;
        // Once one time has passed, some servers miss the next one: its moment is known, so it is looked at then.
        let next = times.iter().map(|time| time * 1000).find(|time| *time > idle);
        match next.filter(|_| times.first().is_some_and(|first| first * 1000 <= idle)) {
            None => socket.readable().await?,
            Some(next) => {
                let due = async {
                    Timer::after(Duration::from_millis(next - idle)).await;
                    Ok(true)
                };
                let heard = async { socket.readable().await.map(|()| false) };
                look = futures_lite::future::or(heard, due).await?;
            }
        }
    }
}

/// Has the server tell when a time has passed, and when the counter falls below the shortest again.
fn set_alarms(connection: &RustConnection, counter: Counter, times: &[u64]) -> Result<(), X11Error> {
    let alarm = |millis: u64, when: TESTTYPE| -> Result<(), X11Error> {
        let alarm = CreateAlarmAux::new()
            .counter(counter)
            .value_type(VALUETYPE::ABSOLUTE)
            .value(int64(millis))
            .test_type(when)
            .delta(int64(0))
            .events(1);
        let id = connection.generate_id()?;
        Ok(connection.sync_create_alarm(id, &alarm)?.check()?)
    };
    for time in times {
        alarm(time * 1000, TESTTYPE::POSITIVE_TRANSITION)?;
    }
    match times.first() {
        Some(first) => alarm(first * 1000 - 1, TESTTYPE::NEGATIVE_TRANSITION),
        None => Ok(()),
    }
}

fn counter(connection: &RustConnection) -> Result<Counter, X11Error> {
    connection.sync_initialize(3, 1)?.reply()?;
    let counters = connection.sync_list_system_counters()?.reply()?.counters;
    let idle = counters.into_iter().find(|counter| counter.name == b"IDLETIME");
    let missing = || {
        sentence!("idle-no-counter", "it counts no idle time (its SYNC extension has no counter IDLETIME)")
    };
    Ok(idle.ok_or_else(missing)?.counter)
}

fn millis(value: Int64) -> u64 {
    let value = (i64::from(value.hi) << 32) | i64::from(value.lo);
    value.max(0).unsigned_abs()
}

fn int64(value: u64) -> Int64 {
    // Wanted times are far below what would not fit.
    Int64 { hi: (value >> 32) as i32, lo: (value & 0xffff_ffff) as u32 }
}
