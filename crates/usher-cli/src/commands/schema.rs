//! `usher schema`

use clap::Args;

use crate::failure::{Exit, Outcome};
use crate::screen::Screen;

/// Print the JSON schema of rule files, with which editors complete and check them
///
/// Keep it somewhere (usher schema > usher.schema.json) and begin a rule file with
/// "# yaml-language-server: $schema=/path/to/usher.schema.json".
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Prints it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let mut text = serde_json::to_vec_pretty(&usher_agent::rule_schema())?;
        text.push(b'\n');
        screen.exact(&text)?;
        Ok(Exit::Done)
    }
}
