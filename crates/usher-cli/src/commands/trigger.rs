//! `usher trigger`

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use usher_agent::api::{Played, Request, RunSummary, TriggerEvent};

use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::screen::Screen;
use crate::sweep;
use usher_agent::safe::safe;

/// Play an event to the rules, as if it had just happened
///
/// Events of files:
///   files.created path=PATH   a file or folder was finished there
///   files.rescan path=PATH    a folder has to be looked at again
///
/// Events of the machine, with what may be said of them:
///   volume.mounted path=PATH label=NAME uuid=ID fstype=KIND removable=yes network=no
///   volume.unmounted          the same
///   usb.attached vendor=046d product=c52b serial=NUMBER name=NAME
///   usb.detached              the same
///   power.ac, power.battery   percent=50
///   battery.level             percent=19 before=20
///   network.online, network.offline
///   network.connected name=NAME kind=wifi|ethernet|mobile|vpn|other
///   network.disconnected      the same
///   session.locked, .unlocked, .suspend, .resume, .shutdown, .login
///   idle.after, idle.back     for=SECONDS
///   display.connected, display.disconnected   name=NAME count=2
///   schedule.due rule=ID      a moment of that rule's schedule (see `usher rules`)
///   hotkey.pressed keys=Ctrl+Alt+I
///   started                   reloaded=yes
///
/// Example:
///   usher trigger --sim volume.mounted label=EOS_DIGITAL path=/media/me/EOS_DIGITAL
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Only show what the rules that wait for it would do; for events of the machine
    #[arg(long)]
    sim: bool,

    /// The event
    #[arg(value_name = "EVENT")]
    event: String,

    /// What the event needs to know
    #[arg(value_name = "KEY=VALUE")]
    details: Vec<String>,
}

impl Arguments {
    /// Plays it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let event = self.read()?;
        if self.sim {
            let exit = sweep::refuse_any_broken(screen)?;
            if exit != Exit::Done {
                return Ok(exit);
            }
            let summary: RunSummary =
                owner::ask(&owner::open(screen)?, &Request::Trigger { event, simulate: true })?;
            sweep::show_simulated(&summary, screen)?;
            return Ok(if summary.failed > 0 { Exit::StepsLeft } else { Exit::Done });
        }
        let link = owner::resident()?;
        let of_files = !matches!(event, TriggerEvent::Machine { .. });
        let played: Played = owner::ask(&link, &Request::Trigger { event, simulate: false })?;
        let out = screen.out();
        write!(out, "Played {}. ", safe(&self.event))?;
        match (of_files, played.woken.is_empty(), played.held_back.is_empty()) {
            (true, ..) | (_, false, _) => writeln!(out, "See `usher log` for what it came to.")?,
            (_, true, true) => writeln!(out, "No rule waits for it.")?,
            (_, true, false) => writeln!(out)?,
        }
        for held_back in &played.held_back {
            writeln!(out, "{}", safe(&held_back.text))?;
        }
        Ok(Exit::Done)
    }

    fn read(&self) -> Result<TriggerEvent, Failure> {
        let mut details = self.details()?;
        if !self.event.starts_with("files.") {
            if let Some(path) = details.get_mut("path") {
                *path = absolute(path.as_ref())?;
            }
            return Ok(TriggerEvent::Machine { name: self.event.clone(), details });
        }
        let usage = format!("say it as: usher trigger {} path=…", self.event);
        let path = details.remove("path").filter(|path| !path.is_empty()).ok_or_else(|| {
            Failure::arguments(format!("`{}` needs `path`", self.event)).hint(usage.clone())
        })?;
        if let Some(key) = details.keys().next() {
            let message = format!("`{key}` means nothing to `{}`", self.event);
            return Err(Failure::arguments(message).hint(usage));
        }
        match self.event.as_str() {
            "files.created" => Ok(TriggerEvent::File { path: absolute(path.as_ref())? }),
            "files.rescan" => Ok(TriggerEvent::Rescan { path: absolute(path.as_ref())? }),
            other => Err(Failure::arguments(format!("there is no event `{other}`"))
                .hint("one of: files.created, files.rescan; `usher trigger --help` lists the others")),
        }
    }

    fn details(&self) -> Result<BTreeMap<String, String>, Failure> {
        let mut details = BTreeMap::new();
        for detail in &self.details {
            let Some((key, value)) = detail.split_once('=') else {
                return Err(Failure::arguments(format!("`{detail}` says nothing about the event"))
                    .hint("details are written as KEY=VALUE"));
            };
            if details.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(Failure::arguments(format!("`{key}` is said twice")).hint("keep one of them"));
            }
        }
        Ok(details)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &str, details: &[&str]) -> Result<TriggerEvent, Failure> {
        let details = details.iter().map(|detail| (*detail).to_owned()).collect();
        Arguments { sim: false, event: event.to_owned(), details }.read()
    }

    #[cfg(unix)]
    #[test]
    fn events_are_made_of_a_name_and_details() {
        assert_eq!(
            read("files.created", &["path=/a=b"]).unwrap(),
            TriggerEvent::File { path: "/a=b".into() }
        );
        assert_eq!(read("files.rescan", &["path=/a"]).unwrap(), TriggerEvent::Rescan { path: "/a".into() });
        let details = BTreeMap::from([("label".into(), "X".into()), ("path".into(), "/mnt/x".into())]);
        assert_eq!(
            read("volume.mounted", &["label=X", "path=/mnt/x"]).unwrap(),
            TriggerEvent::Machine { name: "volume.mounted".into(), details }
        );
    }

    #[test]
    fn what_is_no_event_is_a_wrong_argument() {
        for (event, details) in [
            ("files.creatd", &["path=/a"][..]),
            ("files.created", &[]),
            ("files.created", &["path="]),
            ("files.created", &["name=/a"]),
            ("files.created", &["path=/a", "path=/b"]),
            ("power.ac", &["soon"]),
        ] {
            let failure = read(event, details).unwrap_err();
            assert!(
                matches!(failure, Failure::Told { exit: Exit::Arguments, hint: Some(_), .. }),
                "{event} {details:?}"
            );
        }
    }
}
