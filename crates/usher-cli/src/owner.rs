//! Reaching the owner of journal and rules, and asking it.

use std::error::Error;

use serde::de::DeserializeOwned;
use usher_agent::api::{OwnerInfo, Refusal, Request};
use usher_agent::{Directories, DirectoriesError, Link, OpenError, OpenOptions};

use crate::failure::{Exit, Failure};

/// Where Usher's files lie.
pub(crate) fn directories() -> Result<Directories, Failure> {
    Directories::from_env().map_err(Failure::from)
}

/// The owner that runs; without one this process is it for its own length.
pub(crate) fn open() -> Result<Link, Failure> {
    Ok(Link::open(directories()?, OpenOptions::default())?)
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

/// An error and what caused it, in one line.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    message
}
