//! `usher new`

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use usher_agent::Directories;
use usher_agent::api::{Request, Starter};

use crate::config::has_ending;
use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::screen::Screen;
use usher_agent::safe::safe;

/// Make a rule file with a commented example that is switched off
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Its name in the rules folder, or a path
    #[arg(value_name = "NAME", default_value = "rules")]
    name: String,

    /// Make the starter instead: several commented rules, all switched off, and a folder to try them on
    #[arg(long, conflicts_with = "name")]
    starter: bool,
}

/// What a new rule file says.
pub(crate) const EXAMPLE: &str = include_str!("new/example.yaml");

impl Arguments {
    /// Makes it. A file that is there stays as it is.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        if self.starter {
            return make_starter(screen);
        }
        let path = target(&self.name, &owner::directories()?);
        let shown = path.display();
        create(&path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Failure::new(format!("{shown} is there already"))
                .hint(format!("open it with: usher edit {}", self.name)),
            _ => Failure::new(format!("cannot make {shown}: {error}"))
                .hint("see whether the disk is full and whether you may write there"),
        })?;
        writeln!(screen.out(), "{}", safe(&path.to_string_lossy()))?;
        writeln!(screen.err()?, "Its rule is switched off. Edit it with: usher edit {}", safe(&self.name))?;
        Ok(Exit::Done)
    }
}

/// Whatever of it is there stays as it is.
fn make_starter(screen: &mut Screen) -> Outcome {
    let starter: Starter = owner::ask(&owner::open(screen)?, &Request::CreateStarter)?;
    writeln!(screen.out(), "{}\n{}", safe(&starter.file), safe(&starter.sandbox))?;
    writeln!(
        screen.err()?,
        "Its rules are switched off, and look into that folder only. Edit them with: usher edit starter"
    )?;
    Ok(Exit::Done)
}

fn create(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create_new(path)?.write_all(EXAMPLE.as_bytes())
}

/// A name is one in the rules folder; what has a separator in it is a path.
fn target(name: &str, dirs: &Directories) -> PathBuf {
    let is_path = name.chars().any(std::path::is_separator);
    let mut path = if is_path { PathBuf::from(name) } else { dirs.rules.join(name) };
    if !has_ending(&path) {
        path.as_mut_os_string().push(".yaml");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lie_in_the_rules_folder_and_paths_where_they_say() {
        let dirs = Directories::below(Path::new("/base"));
        assert_eq!(target("work", &dirs), dirs.rules.join("work.yaml"));
        assert_eq!(target("v1.2", &dirs), dirs.rules.join("v1.2.yaml"));
        assert_eq!(target("work.yml", &dirs), dirs.rules.join("work.yml"));
        assert_eq!(target("./work", &dirs), Path::new("./work.yaml"));
    }
}
