//! Why the folder source could not start.

use std::error::Error;
use std::fmt;
use std::io;

use usher_event::{Sentence, sentence};

/// The folder source could not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum WatchError {
    /// The kernel has no inotify instance left for this user, or the process has no file descriptor left.
    Instances(io::Error),
    /// The operating system refused something else that watching needs.
    Refused {
        /// What was asked for.
        need: Sentence,
        /// The system's answer.
        source: io::Error,
    },
    /// The platform's watcher could not be created.
    Platform(notify::Error),
}

impl WatchError {
    /// What happened, for people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Instances(_) => sentence!(
                "watch-no-instances",
                "folders cannot be watched: this user has too many inotify instances open"
            ),
            Self::Refused { need, .. } => sentence!(
                "watch-refused",
                "folders cannot be watched: {need} could not be set up",
                need = need,
            ),
            Self::Platform(_) => sentence!(
                "watch-no-watcher",
                "folders cannot be watched: the system's file watcher did not start"
            ),
        }
    }

    /// What is needed for watching at all.
    pub(super) fn thread() -> Sentence {
        sentence!("watch-need-thread", "a thread")
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<Sentence> {
        match self {
            Self::Instances(_) => Some(sentence!(
                "watch-no-instances-hint",
                "raise the limit with `sysctl fs.inotify.max_user_instances=512`, or close programs that watch many \
                 folders"
            )),
            Self::Refused { .. } | Self::Platform(_) => None,
        }
    }
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl Error for WatchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Instances(source) | Self::Refused { source, .. } => Some(source),
            Self::Platform(source) => Some(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instance_limit_names_its_cause_and_its_cure() {
        let error = WatchError::Instances(io::Error::from_raw_os_error(24));
        assert!(error.source().is_some());
        assert!(error.hint().is_some_and(|hint| hint.contains("fs.inotify.max_user_instances")));
    }
}
