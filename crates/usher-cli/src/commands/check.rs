//! `usher check`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use usher_agent::Directories;
use usher_agent::api::Problem;

use crate::config;
use crate::failure::{Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::problems;
use crate::screen::{GOOD, Screen, paint};
use usher_agent::safe::safe;

/// Show what is wrong with rule files, where, and how to mend it
///
/// Ends with 1 when a file has errors, and with 3 when it is not valid YAML.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A rule file, by path or name; every file in the rules folder when absent
    #[arg(value_name = "CONFIG")]
    config: Option<String>,

    /// Read the rule file from standard input
    #[arg(long, conflicts_with = "config")]
    stdin: bool,

    /// Take warnings as errors
    #[arg(long)]
    strict: bool,
}

impl Arguments {
    /// Checks.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let dirs = owner::directories()?;
        let mut found = Vec::new();
        if self.stdin {
            let problems = config::problems_of(&config::from_stdin()?, &dirs);
            show("stdin", &problems, screen)?;
            found = problems;
        }
        for file in self.files(&dirs)? {
            let file = absolute(&file)?;
            let problems = config::problems(file.as_ref(), &dirs);
            show(&file, &problems, screen)?;
            found.extend(problems);
        }
        Ok(problems::exit(&found, self.strict))
    }

    fn files(&self, dirs: &Directories) -> Result<Vec<PathBuf>, Failure> {
        Ok(match &self.config {
            _ if self.stdin => Vec::new(),
            Some(name) => vec![config::find(name, dirs)?],
            None => match config::organizes(dirs)? {
                Some(file) => vec![file],
                None => config::all(dirs)?,
            },
        })
    }
}

fn show(file: &str, problems: &[Problem], screen: &mut Screen) -> io::Result<()> {
    problems::show(screen, problems)?;
    if problems.is_empty() {
        writeln!(screen.out(), "{}  {}", paint(GOOD, "ok"), safe(file))
    } else {
        writeln!(screen.err()?, "{}: {}", safe(file), problems::tally(problems))
    }
}
