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
use crate::place::whole;
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

/// What a new rule file says on an English desktop.
const EXAMPLE: &str = include_str!("new/example.yaml");

impl Arguments {
    /// Makes it. A file that is there stays as it is.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        if self.starter {
            return make_starter(screen);
        }
        let dirs = owner::directories()?;
        let path = target(&self.name, &dirs)?;
        let shown = path.display();
        create(&path, &dirs.user_folders.put_into(EXAMPLE)).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Failure::new(format!("{shown} is there already"))
                .hint(format!("open it with: usher edit {}", quoted(&self.name))),
            _ => Failure::new(format!("cannot make {shown}: {error}"))
                .hint("see whether the disk is full and whether you may write there"),
        })?;
        writeln!(screen.out(), "{}", safe(&path.to_string_lossy()))?;
        let name = quoted(&self.name);
        writeln!(screen.err()?, "Its rule is switched off. Edit it with: usher edit {}", safe(&name))?;
        if whole(&path)?.parent() != Some(&dirs.rules) {
            let folder = dirs.rules.to_string_lossy();
            writeln!(
                screen.err()?,
                "It lies outside of {}: name it to `usher run`, nobody reads it otherwise.",
                safe(&folder)
            )?;
        }
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

fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}

/// As a shell reads it.
fn quoted(name: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./+:@".contains(letter);
    match name.chars().all(plain) {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', r"'\''")),
    }
}

/// A name is one in the rules folder; what has a separator in it is a path.
///
/// # Errors
/// It is no name, or that of a hidden file, which nobody would read.
fn target(name: &str, dirs: &Directories) -> Result<PathBuf, Failure> {
    let is_path = name.chars().any(std::path::is_separator);
    let mut path = if is_path { PathBuf::from(name) } else { dirs.rules.join(name) };
    let last = name.rsplit(std::path::is_separator).next().unwrap_or(name);
    if last.is_empty() || last.starts_with('.') {
        return Err(Failure::arguments(format!("`{name}` is no name for a rule file"))
            .hint("give one that does not begin with a dot: hidden files are not read"));
    }
    if !has_ending(&path) {
        path.as_mut_os_string().push(".yaml");
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lie_in_the_rules_folder_and_paths_where_they_say() {
        let dirs = Directories::below(Path::new("/base"));
        let target = |name: &str| target(name, &dirs).unwrap();
        assert_eq!(target("work"), dirs.rules.join("work.yaml"));
        assert_eq!(target("v1.2"), dirs.rules.join("v1.2.yaml"));
        assert_eq!(target("work.yml"), dirs.rules.join("work.yml"));
        assert_eq!(target("./work"), Path::new("./work.yaml"));
    }

    #[test]
    fn what_would_be_hidden_is_refused() {
        let dirs = Directories::below(Path::new("/base"));
        for name in ["", ".", "..", ".work", "x/", "x/.work"] {
            assert!(target(name, &dirs).is_err(), "{name}");
        }
    }

    #[test]
    fn a_command_that_is_told_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("work"), "work");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
