//! Reaching the owner of journal and rules, and asking it.

use std::error::Error;
use std::io::{self, Write};

use serde::de::DeserializeOwned;
use usher_agent::api::{Attention, OwnerInfo, Refusal, Request, Status};
use usher_agent::safe::safe;
use usher_agent::{Directories, DirectoriesError, Link, OpenError, OpenOptions, Role};

use crate::failure::{Exit, Failure};
use crate::screen::{Screen, TITLE, WARN, paint};

/// Where Usher's files lie.
pub(crate) fn directories() -> Result<Directories, Failure> {
    Directories::from_env().map_err(Failure::from)
}

/// The owner that runs; without one this process is it for its own length, and tells what it finds wrong at its start:
/// nobody else would.
pub(crate) fn open(screen: &mut Screen) -> Result<Link, Failure> {
    let link = Link::open(directories()?, OpenOptions::default())?;
    if link.role() == Role::Owner {
        tell_found(&ask(&link, &Request::Status)?, screen)?;
    }
    Ok(link)
}

/// What an owner finds wrong at its start.
pub(crate) const FOUND: &[&str] = &["journal_set_aside", "recovered", "settings"];

/// Tells what an owner has found wrong at its start.
fn tell_found(status: &Status, screen: &mut Screen) -> io::Result<()> {
    let found = status.attention.iter().filter(|note| FOUND.contains(&note.code.as_str()));
    found.into_iter().try_for_each(|note| tell(note, screen))
}

/// Tells of something that needs the user.
pub(crate) fn tell(note: &Attention, screen: &mut Screen) -> io::Result<()> {
    writeln!(screen.err()?, "{} {}", paint(WARN, "warning:"), safe(&note.message))?;
    match &note.hint {
        Some(hint) => writeln!(screen.err()?, "{} {}", paint(TITLE, "hint:"), safe(hint)),
        None => Ok(()),
    }
}

/// The owner that watches folders, for what makes no sense without one.
pub(crate) fn resident() -> Result<Link, Failure> {
    find_resident()?.ok_or_else(|| OpenError::NobodyRuns.into())
}

/// The same, or `None` where none runs.
pub(crate) fn find_resident() -> Result<Option<Link>, Failure> {
    let link = match Link::connect(&directories()?) {
        Ok(link) => link,
        Err(OpenError::NobodyRuns) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let owner: OwnerInfo = ask(&link, &Request::Owner)?;
    Ok(owner.resident.then_some(link))
}

/// Asks, and reads the answer as what the request's documentation says.
pub(crate) fn ask<T: DeserializeOwned>(link: &Link, request: &Request) -> Result<T, Failure> {
    Ok(link.call(request)?)
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let exit = if refusal.code == "bad_params" { Exit::Arguments } else { Exit::Refused };
        Self::Told { message: refusal.message.into(), hint: refusal.hint.map(String::from), exit }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Told { hint: error.hint(), message: with_causes(&error), exit: Exit::Refused }
    }
}

impl From<DirectoriesError> for Failure {
    fn from(error: DirectoriesError) -> Self {
        Self::Told { hint: Some(error.hint()), message: with_causes(&error), exit: Exit::Refused }
    }
}

/// An error and what caused it, in one line. A cause that only says again what it caused is left out.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // SQLite says the same with its number before it.
        let numbered = text.strip_prefix("Error code ").and_then(|text| text.split_once(": "));
        let words = numbered.map_or(text.as_str(), |(_, words)| words);
        if !message.to_lowercase().contains(&words.to_lowercase()) {
            message.push_str(": ");
            message.push_str(&text);
        }
        cause = error.source();
    }
    message
}
