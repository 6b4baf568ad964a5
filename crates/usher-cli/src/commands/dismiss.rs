//! `usher dismiss`

use std::io::Write;
use std::path::Path;

use clap::Args;
use usher_agent::api::{Attention, Dismissal, Request, RuleInfo, Rules, Status};
use usher_agent::{Link, OpenOptions};

use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::screen::Screen;
use usher_agent::safe::safe;

/// Take off what needs you what you have seen to, or do not mind
///
/// What goes away by itself once it is mended or answered, such as a broken rule file, stays.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A rule, by its id or name; a file or folder; or `all`
    #[arg(value_name = "WHAT")]
    what: String,
}

impl Arguments {
    /// Takes it off.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        // What the owner has found at its start is not told here: it may be what is to be taken off.
        let link = Link::open(owner::directories()?, OpenOptions::default())?;
        let status: Status = owner::ask(&link, &Request::Status)?;
        let about = About::of(&self.what, &link)?;
        let mut dismissed = 0;
        for note in status.attention.iter().filter(|note| note.can_be_dismissed()) {
            let Some(what) = about.dismissal(note) else { continue };
            // One that is about a whole kind of notes has taken this one, too.
            if link.ask(&Request::Dismiss(what)).is_ok() {
                dismissed += 1;
                writeln!(screen.out(), "taken off: {}", safe(&note.message))?;
            }
        }
        match dismissed {
            0 => Err(Failure::new(format!("nothing of `{}` can be taken off", safe(&self.what)))
                .hint("see `usher status` for what there is; name a rule, a path or `all`")),
            _ => Ok(Exit::Done),
        }
    }
}

/// What is to be taken off.
enum About {
    All,
    Rule(String),
    Path(String),
}

impl About {
    fn of(what: &str, link: &Link) -> Result<Self, Failure> {
        if what == "all" {
            return Ok(Self::All);
        }
        let rules: Rules = owner::ask(link, &Request::Rules)?;
        let rules: Vec<RuleInfo> = rules.files.into_iter().flat_map(|file| file.rules).collect();
        if rules.iter().any(|rule| rule.id == what) {
            return Ok(Self::Rule(what.to_owned()));
        }
        let titled: Vec<&str> =
            rules.iter().filter(|rule| rule.title == what).map(|rule| rule.id.as_str()).collect();
        match titled.as_slice() {
            [] => Ok(Self::Path(absolute(Path::new(what))?)),
            [id] => Ok(Self::Rule((*id).to_owned())),
            several => Err(Failure::new(format!("several rules are called `{what}`"))
                .hint(format!("say which one by its id: {}", several.join(", ")))),
        }
    }

    /// What takes off a note, and those that are shown with it, if it is meant.
    fn dismissal(&self, note: &Attention) -> Option<Dismissal> {
        let code = note.code.clone();
        let whole = Dismissal { code, rule: note.rule.clone(), ..Dismissal::default() };
        match self {
            Self::All if whole.rule.is_some() => Some(whole),
            Self::All => Some(Dismissal { path: note.path.clone(), run: note.run, ..whole }),
            Self::Rule(rule) => (note.rule.as_ref() == Some(rule)).then_some(whole),
            // It may be one of those that are not shown: another one of the same rule stands for them.
            Self::Path(path) => Some(Dismissal { path: Some(path.clone()), ..whole }),
        }
    }
}
