//! `usher list`

use std::io::Write;

use clap::Args;

use crate::config;
use crate::failure::{Exit, Outcome};
use crate::owner;
use crate::screen::{FAINT, Screen, TITLE, paint};
use usher_agent::safe::safe;

/// List the rule files that can be named, Usher's own and organize's
///
/// Files in the rules folder are watched; the others run only when named.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Lists them.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let dirs = owner::directories()?;
        let mut found = Vec::new();
        for folder in config::folders(&dirs) {
            found.extend(config::rule_files(&folder)?);
        }
        let name =
            |path: &std::path::Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let width = found.iter().map(|path| name(path).chars().count()).max().unwrap_or(0);
        for path in &found {
            let name = format!("{:width$}", name(path));
            writeln!(
                screen.out(),
                "{}  {FAINT}{}{FAINT:#}",
                paint(TITLE, &name),
                safe(&path.to_string_lossy())
            )?;
        }
        if found.is_empty() {
            writeln!(screen.err()?, "There are no rule files yet. Make one with: usher new")?;
        }
        Ok(Exit::Done)
    }
}
