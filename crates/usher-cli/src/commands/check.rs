//! `usher check`

use std::io::Write;

use clap::Args;

use crate::config;
use crate::failure::Outcome;
use crate::owner;
use crate::place::absolute;
use crate::problems;
use crate::safe::safe;
use crate::screen::{GOOD, Screen, paint};

/// Show what is wrong with rule files, where, and how to mend it
///
/// Ends with 1 when a file has errors, and with 3 when it is not valid YAML.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A rule file, by path or name; every file in the rules folder when absent
    #[arg(value_name = "CONFIG")]
    config: Option<String>,

    /// Take warnings as errors
    #[arg(long)]
    strict: bool,
}

impl Arguments {
    /// Checks.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let dirs = owner::directories()?;
        let files = match &self.config {
            Some(name) => vec![config::find(name, &dirs)?],
            None => config::all(&dirs)?,
        };
        let mut found = Vec::new();
        for file in &files {
            let file = absolute(file)?;
            let problems = config::problems(file.as_ref(), &dirs)?;
            problems::show(screen, &problems)?;
            if problems.is_empty() {
                writeln!(screen.out(), "{}  {}", paint(GOOD, "ok"), safe(&file))?;
            } else {
                writeln!(screen.err()?, "{}: {}", safe(&file), problems::tally(&problems))?;
            }
            found.extend(problems);
        }
        Ok(problems::exit(&found, self.strict))
    }
}
