//! `usher events`

use std::io::{self, Write};
use std::sync::mpsc;

use clap::Args;
use serde::Serialize;
use usher_agent::api::{EventInfo, Notice};

use crate::failure::{Exit, Failure, Outcome};
use crate::moment;
use crate::owner;
use crate::screen::{FAINT, Screen, TITLE, paint};
use usher_agent::safe::safe;

/// Show what Usher notices: the next event, or all of them as they come
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Go on until Usher ends or Ctrl+C is pressed
    #[arg(short, long)]
    follow: bool,

    /// Print one JSON object an event
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    at: &'a str,
    #[serde(flatten)]
    event: &'a EventInfo,
}

/// Whether it only says how a noun of the machine is, or how well it is seen.
fn is_state(event: &EventInfo) -> bool {
    let says_how = matches!(event.kind.as_str(), "state" | "watching" | "polling" | "unavailable");
    event.path.is_none() && event.facts.is_none() && says_how
}

impl Arguments {
    /// Shows them.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let link = owner::resident()?;
        let (sender, notices) = mpsc::channel();
        link.subscribe(true, Box::new(move |notice| drop(sender.send(notice))))?;
        for notice in notices {
            match notice {
                // Who waits for one event waits for something to happen, not for how things are.
                Notice::Event { event, .. } if !self.follow && is_state(&event) => {}
                Notice::Event { at, event } => {
                    self.show(&at, &event, screen)?;
                    screen.flush()?;
                    if !self.follow {
                        return Ok(Exit::Done);
                    }
                }
                Notice::Gone => break,
                _ => {}
            }
        }
        if self.follow {
            Ok(Exit::Done)
        } else {
            Err(Failure::new("Usher has ended before anything happened")
                .hint("start it again with `usher watch`, or from the desktop's menu"))
        }
    }

    fn show(&self, at: &str, event: &EventInfo, screen: &mut Screen) -> io::Result<()> {
        if self.json {
            return screen.json(&Line { at, event });
        }
        let name = format!("{}.{}", event.source, event.kind);
        let out = screen.out();
        write!(out, "{FAINT}{}{FAINT:#}  {}", moment::local_to_the_second(at), paint(TITLE, &name))?;
        for text in event.path.as_deref().into_iter().chain(event.detail.as_deref()) {
            write!(out, "  {}", safe(text))?;
        }
        writeln!(out)
    }
}
