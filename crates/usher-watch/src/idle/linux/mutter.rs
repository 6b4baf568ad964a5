//! GNOME's idle monitor: it tells when a time has passed without use, and when the user is back.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use zbus::Message;

use usher_event::{Sentence, sentence};

use super::{Silence, Teller, passed, reading};
use crate::bus::{Line, Listener, Trouble};

const MUTTER: &str = "org.gnome.Mutter.IdleMonitor";
const PATH: &str = "/org/gnome/Mutter/IdleMonitor/Core";

/// What a watch of ours waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watch {
    /// This many seconds without use; it stays and tells each time.
    Idle(u64),
    /// Use; it tells once.
    Return,
}

pub(super) struct Mutter<'t> {
    teller: &'t Teller,
    times: &'t [u64],
    pub(super) silence: Silence,
    watches: RefCell<HashMap<u32, Watch>>,
    /// Whom they were registered with.
    owner: RefCell<Option<String>>,
    /// The time we were told has passed.
    told: Cell<u64>,
}

impl<'t> Mutter<'t> {
    pub(super) fn new(teller: &'t Teller, times: &'t [u64]) -> Self {
        Self {
            teller,
            times,
            silence: Silence::new(),
            watches: RefCell::default(),
            owner: RefCell::default(),
            told: Cell::new(0),
        }
    }

    /// Registers the wanted times with a monitor that does not know them.
    async fn register(&self, line: &Line) -> Result<(), Trouble> {
        let owner = line.owner(MUTTER);
        if *self.owner.borrow() == owner {
            return Ok(());
        }
        self.watches.borrow_mut().clear();
        self.told.set(0);
        for time in self.times {
            let id = line.call(MUTTER, PATH, MUTTER, "AddIdleWatch", &(time * 1000)).await?;
            self.watches.borrow_mut().insert(id, Watch::Idle(*time));
        }
        self.owner.replace(owner);
        Ok(())
    }

    /// Asks to be told of the user's return, unless that is asked already.
    async fn await_return(&self, line: &Line) -> Result<(), Trouble> {
        if !self.watches.borrow().values().any(|watch| *watch == Watch::Return) {
            let id = line.call(MUTTER, PATH, MUTTER, "AddUserActiveWatch", &()).await?;
            self.watches.borrow_mut().insert(id, Watch::Return);
        }
        Ok(())
    }

    /// The longest wanted time that has passed.
    async fn passed(&self, line: &Line) -> Result<u64, Trouble> {
        let idle: u64 = line.call(MUTTER, PATH, MUTTER, "GetIdletime", &()).await?;
        // Clocks are read a moment apart; anything more means that the user was here since we were told.
        if idle.saturating_add(1000) < self.told.get() * 1000 {
            self.told.set(0);
        }
        Ok(passed(self.times, (idle / 1000).max(self.told.get())))
    }
}

impl Listener for Mutter<'_> {
    const DAEMONS: &'static [&'static str] = &[MUTTER];
    const SIGNALS: &'static [&'static str] = &[
        "type='signal',sender='org.gnome.Mutter.IdleMonitor',interface='org.gnome.Mutter.IdleMonitor',member='WatchFired'",
    ];

    fn heard(&self, _daemon: &'static str, signal: &Message) -> bool {
        let is_ours = signal.header().member().is_some_and(|member| member.as_str() == "WatchFired");
        let Ok(id) = signal.body().deserialize::<u32>() else { return false };
        let watch = self.watches.borrow().get(&id).copied().filter(|_| is_ours);
        match watch {
            Some(Watch::Idle(time)) => self.told.set(time.max(self.told.get())),
            Some(Watch::Return) => {
                self.watches.borrow_mut().remove(&id);
                self.told.set(0);
            }
            None => return false,
        }
        true
    }

    async fn look(&self, line: &Line) -> Result<(), Trouble> {
        if !line.has(MUTTER) {
            self.lost(sentence!("idle-no-monitor", "GNOME's idle monitor is not running"));
            return Ok(());
        }
        self.register(line).await?;
        let mut passed = self.passed(line).await?;
        if passed > 0 {
            self.await_return(line).await?;
            // The user may have come back before that was asked.
            passed = self.passed(line).await?;
        }
        self.silence.end();
        self.teller.watching(reading(passed));
        Ok(())
    }

    fn lost(&self, reason: Sentence) {
        self.owner.take();
        self.silence.begin(reason);
    }
}
