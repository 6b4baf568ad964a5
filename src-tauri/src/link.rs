//! The owner, as this process reaches it: a link that may break and be made again.
//!
//! The tray process opens a link, and so becomes the owner where there is none. The window process only connects.

use std::sync::{Arc, PoisonError, RwLock};

use serde::de::DeserializeOwned;
use usher_agent::api::{Notice, Refusal, Request, sentence};
use usher_agent::{Directories, Ended, Link, OpenError, OpenOptions, Role};

/// How the tray process behaves as owner: it stays, watches, and keeps the log.
const RESIDENT: OpenOptions = OpenOptions { watch: true, log: true };

/// The owner, reached or not.
pub(crate) struct Owner {
    directories: Directories,
    link: RwLock<Option<Arc<Link>>>,
}

impl Owner {
    /// An owner that is not reached yet.
    pub(crate) fn new(directories: Directories) -> Self {
        Self { directories, link: RwLock::default() }
    }

    /// Where its files lie.
    pub(crate) fn directories(&self) -> &Directories {
        &self.directories
    }

    /// The same owner by another link, which is not made yet.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.directories.clone())
    }

    /// Becomes the owner, or a guest of the one that runs.
    pub(crate) fn open(&self) -> Result<(), OpenError> {
        self.hold(Some(Link::open(self.directories.clone(), RESIDENT)?));
        Ok(())
    }

    /// Becomes a guest of the owner that runs.
    pub(crate) fn connect(&self) -> Result<(), OpenError> {
        self.hold(Some(Link::connect(&self.directories)?));
        Ok(())
    }

    /// Ends the link. An owner finishes its current step first.
    pub(crate) fn close(&self) {
        self.hold(None);
    }

    /// Whether this process is the owner.
    pub(crate) fn is_ours(&self) -> bool {
        self.link().is_ok_and(|link| link.role() == Role::Owner)
    }

    /// Hears everything the owner tells, raw events too if `events`. The last of it is [`Notice::Gone`].
    pub(crate) fn listen(
        &self,
        events: bool,
        listener: impl Fn(Notice) + Send + 'static,
    ) -> Result<(), Refusal> {
        self.link()?.subscribe(events, Box::new(listener))
    }

    /// Asks the owner and waits for the answer.
    pub(crate) fn ask(&self, request: &Request) -> Result<serde_json::Value, Refusal> {
        self.link()?.ask(request)
    }

    /// Asks the owner for an answer of a known type.
    pub(crate) fn call<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Refusal> {
        self.link()?.call(request)
    }

    /// Blocks until the owner is gone or the system asks this process to end; says whether it was the system.
    pub(crate) fn wait_for_the_end(&self) -> bool {
        self.link().and_then(|link| link.wait()).is_ok_and(|ended| ended != Ended::Owner)
    }

    fn link(&self) -> Result<Arc<Link>, Refusal> {
        self.link.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(|| {
            Refusal::new("unreachable", sentence!("link-nobody", "Usher is not running")).hint(sentence!(
                "link-nobody-hint",
                "start it with `usher-desktop`, or with `usher watch` where there is no desktop"
            ))
        })
    }

    fn hold(&self, link: Option<Link>) {
        let old = {
            let mut held = self.link.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *held, link.map(Arc::new))
        };
        // Ending a link may take as long as a step; nobody else has to wait for that.
        drop(old);
    }
}
