//! Why the folder source could not start.

use std::io;

/// The folder source could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// The kernel has no inotify instance left for this user, or the process has no file descriptor left.
    #[error("folders cannot be watched: this user has too many inotify instances open")]
    Instances(#[source] io::Error),
    /// The operating system refused something else that watching needs.
    #[error("folders cannot be watched: {need} could not be set up")]
    Refused {
        /// What was asked for.
        need: &'static str,
        /// The system's answer.
        source: io::Error,
    },
    /// The platform's watcher could not be created.
    #[error("folders cannot be watched: the system's file watcher did not start")]
    Platform(#[source] notify::Error),
}

impl WatchError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Instances(_) => Some(
                "raise the limit with `sysctl fs.inotify.max_user_instances=512`, or close programs that watch many \
                 folders",
            ),
            Self::Refused { .. } | Self::Platform(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn the_instance_limit_names_its_cause_and_its_cure() {
        let error = WatchError::Instances(io::Error::from_raw_os_error(24));
        assert!(error.source().is_some());
        assert!(error.hint().is_some_and(|hint| hint.contains("fs.inotify.max_user_instances")));
    }
}
