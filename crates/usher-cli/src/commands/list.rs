//! `usher list`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::config;
use crate::failure::{Exit, Outcome};
use crate::owner;
use crate::screen::{FAINT, Screen, TITLE, WARN, paint};
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
        let (found, others): (Vec<PathBuf>, Vec<PathBuf>) =
            found.into_iter().partition(|path| path.is_file());
        for path in &others {
            let path = path.to_string_lossy();
            writeln!(
                screen.err()?,
                "{} {} is not a file, so no rules are read from it: put a file in its place, or give it another name",
                paint(WARN, "warning:"),
                safe(&path)
            )?;
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
