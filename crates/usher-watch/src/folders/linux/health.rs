//! What is said to the user about a root: how it is being watched, and why not better.

use usher_event::Mode;

use super::kernel::watch_limit;
use super::root::{Root, State};

impl Root {
    /// How the root is being watched, and why not better.
    pub(super) fn mode(&self) -> (Mode, Option<String>) {
        match &self.state {
            State::New | State::Lost | State::Missing => {
                (Mode::Missing, Some("It does not exist. It is watched as soon as it does.".to_owned()))
            }
            State::Denied(path) => {
                let reason =
                    format!("“{}” may not be read. Grant yourself read access to it.", path.display());
                (Mode::Unreadable, Some(reason))
            }
            _ if self.absent => {
                (Mode::Missing, Some("It does not exist. It is looked for every few seconds.".to_owned()))
            }
            _ if !self.polled.is_empty() => (Mode::Polling, Some(self.why_polled())),
            _ => (Mode::Watching, self.why_partial()),
        }
    }

    fn why_polled(&self) -> String {
        if let State::Remote(kind) = &self.state {
            return format!("It lies on a network file system ({kind}), which does not report changes.");
        }
        match self.polled.iter().filter(|polled| polled.beyond_limit).count() {
            0 => "Part of it lies on a file system that does not report changes.".to_owned(),
            count => beyond_limit(count),
        }
    }

    fn why_partial(&self) -> Option<String> {
        let first = self.denied.first()?;
        let more = match self.denied.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "“{}”{more} below it may not be read and is not watched. Grant yourself read access to it, or leave it out \
             with `exclude_dirs`.",
            first.path.display()
        ))
    }
}

fn beyond_limit(count: usize) -> String {
    let limit = watch_limit().map_or_else(String::new, |limit| format!(" (now {limit})"));
    let what = if count == 1 { "A directory is".to_owned() } else { format!("{count} directories are") };
    format!(
        "{what} beyond the limit of watches{limit} and looked at every few seconds instead. Raise it with `sysctl \
         fs.inotify.max_user_watches=1048576`."
    )
}
