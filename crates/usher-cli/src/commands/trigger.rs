//! `usher trigger`

use std::io::Write;

use clap::Args;
use usher_agent::api::{Request, TriggerEvent};

use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::safe::safe;
use crate::screen::Screen;

/// Play an event to the rules, as if it had just happened
///
/// Events:
///   files.created path=PATH   a file or folder was finished there
///   files.rescan path=PATH    a folder has to be looked at again
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// The event
    #[arg(value_name = "EVENT")]
    event: String,

    /// What the event needs to know
    #[arg(value_name = "KEY=VALUE")]
    details: Vec<String>,
}

/// An event that can be played: its name, what it has to be told, and how it is made of that.
struct Entry {
    name: &'static str,
    key: &'static str,
    make: fn(&str) -> Result<TriggerEvent, Failure>,
}

const ALL: &[Entry] = &[
    Entry {
        name: "files.created",
        key: "path",
        make: |path| Ok(TriggerEvent::File { path: absolute(path.as_ref())? }),
    },
    Entry {
        name: "files.rescan",
        key: "path",
        make: |path| Ok(TriggerEvent::Rescan { path: absolute(path.as_ref())? }),
    },
];

impl Arguments {
    /// Plays it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let event = self.read()?;
        let link = owner::resident()?;
        let _: serde_json::Value = owner::ask(&link, &Request::Trigger { event })?;
        writeln!(screen.out(), "Played {}. See `usher log` for what it came to.", safe(&self.event))?;
        Ok(Exit::Done)
    }

    fn read(&self) -> Result<TriggerEvent, Failure> {
        let Some(entry) = ALL.iter().find(|entry| entry.name == self.event) else {
            let names: Vec<_> = ALL.iter().map(|entry| format!("{} {}=…", entry.name, entry.key)).collect();
            return Err(Failure::arguments(format!("there is no event `{}`", self.event))
                .hint(format!("one of: {}", names.join(", "))));
        };
        let usage = format!("say it as: usher trigger {} {}=…", entry.name, entry.key);
        match self.details.as_slice() {
            [] => Err(Failure::arguments(format!("`{}` needs `{}`", entry.name, entry.key)).hint(usage)),
            [detail] => {
                match detail.split_once('=') {
                    Some((key, value)) if key == entry.key && !value.is_empty() => (entry.make)(value),
                    _ => Err(Failure::arguments(format!("`{detail}` means nothing to `{}`", entry.name))
                        .hint(usage)),
                }
            }
            [_, more, ..] => {
                Err(Failure::arguments(format!("`{more}` is too much for `{}`", entry.name)).hint(usage))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &str, details: &[&str]) -> Result<TriggerEvent, Failure> {
        let details = details.iter().map(|detail| (*detail).to_owned()).collect();
        Arguments { event: event.to_owned(), details }.read()
    }

    #[cfg(unix)]
    #[test]
    fn events_are_made_of_a_name_and_a_path() {
        assert_eq!(
            read("files.created", &["path=/a=b"]).unwrap(),
            TriggerEvent::File { path: "/a=b".into() }
        );
        assert_eq!(read("files.rescan", &["path=/a"]).unwrap(), TriggerEvent::Rescan { path: "/a".into() });
    }

    #[test]
    fn what_is_no_event_is_a_wrong_argument() {
        for (event, details) in [
            ("files.creatd", &["path=/a"][..]),
            ("files.created", &[]),
            ("files.created", &["path="]),
            ("files.created", &["name=/a"]),
            ("files.created", &["path=/a", "path=/b"]),
        ] {
            let failure = read(event, details).unwrap_err();
            assert!(
                matches!(failure, Failure::Told { exit: Exit::Arguments, hint: Some(_), .. }),
                "{event} {details:?}"
            );
        }
    }
}
