//! What is said to the user about a root: how it is being watched, and why not better.

use usher_event::{Mode, Sentence, sentence};

use super::kernel::watch_limit;
use super::root::{Root, State};
use crate::folders::missing;

impl Root {
    /// How the root is being watched, and why not better.
    pub(super) fn mode(&self) -> (Mode, Option<Sentence>) {
        match &self.state {
            State::New | State::Lost | State::Missing => (Mode::Missing, Some(missing())),
            State::Denied(path) => {
                let reason = sentence!(
                    "watch-unreadable",
                    "“{path}” may not be read. Grant yourself read access to it.",
                    path = path
                );
                (Mode::Unreadable, Some(reason))
            }
            _ if self.absent => {
                let reason =
                    sentence!("watch-looked-for", "It does not exist. It is looked for every few seconds.");
                (Mode::Missing, Some(reason))
            }
            _ if !self.polled.is_empty() => (Mode::Polling, Some(self.why_polled())),
            _ => (Mode::Watching, self.why_partial()),
        }
    }

    fn why_polled(&self) -> Sentence {
        if let State::Remote(kind) = &self.state {
            return sentence!(
                "watch-network-kind",
                "It lies on a network file system ({kind}), which does not report changes.",
                kind = kind
            );
        }
        match self.polled.iter().filter(|polled| polled.beyond_limit).count() {
            0 => sentence!(
                "watch-part-silent",
                "Part of it lies on a file system that does not report changes."
            ),
            count => beyond_limit(count),
        }
    }

    fn why_partial(&self) -> Option<Sentence> {
        let first = self.denied.first()?;
        let path = &first.path;
        Some(match self.denied.len() - 1 {
            0 => sentence!(
                "watch-partial",
                "“{path}” below it may not be read and is not watched. Grant yourself read access to it, or leave it \
                 out with `exclude_dirs`.",
                path = path
            ),
            more => sentence!(
                "watch-partial-more",
                "“{path}” and {more} more below it may not be read and is not watched. Grant yourself read access to \
                 it, or leave it out with `exclude_dirs`.",
                path = path,
                more = more
            ),
        })
    }
}

fn beyond_limit(count: usize) -> Sentence {
    match (count, watch_limit()) {
        (1, None) => sentence!(
            "watch-one-beyond",
            "A directory is beyond the limit of watches and looked at every few seconds instead. Raise it with \
             `sysctl fs.inotify.max_user_watches=1048576`."
        ),
        (1, Some(limit)) => sentence!(
            "watch-one-beyond-known",
            "A directory is beyond the limit of watches (now {limit}) and looked at every few seconds instead. Raise \
             it with `sysctl fs.inotify.max_user_watches=1048576`.",
            limit = limit
        ),
        (count, None) => sentence!(
            "watch-beyond",
            "{count} directories are beyond the limit of watches and looked at every few seconds instead. Raise it \
             with `sysctl fs.inotify.max_user_watches=1048576`.",
            count = count
        ),
        (count, Some(limit)) => sentence!(
            "watch-beyond-known",
            "{count} directories are beyond the limit of watches (now {limit}) and looked at every few seconds \
             instead. Raise it with `sysctl fs.inotify.max_user_watches=1048576`.",
            count = count,
            limit = limit
        ),
    }
}
