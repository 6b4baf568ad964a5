//! Finding a rule file by its name or path, where organize would and in Usher's own rules folder.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use usher_agent::api::Problem;
use usher_agent::{Directories, check, text_file};

use crate::failure::Failure;

/// The rule file that a user means.
///
/// A path to a file is that file. A name is looked for in the working directory, in Usher's rules folder and in
/// organize's folders, with and without `.yaml` and `.yml`.
///
/// # Errors
/// Nothing of that name is a file; the hint names every folder that was looked into.
pub(crate) fn find(name: &str, dirs: &Directories) -> Result<PathBuf, Failure> {
    let as_path = Path::new(name);
    if as_path.is_file() {
        return Ok(as_path.to_path_buf());
    }
    // A name may be that of a folder here and of a rule file elsewhere; a path is meant as it is.
    if name.chars().any(std::path::is_separator) && as_path.exists() {
        return Err(Failure::new(format!("{} is not a file", as_path.display())).hint("name a rule file"));
    }
    let folders: Vec<PathBuf> = std::iter::once(PathBuf::from(".")).chain(folders(dirs)).collect();
    let names = file_names(name);
    let candidates = folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| match as_path.exists() {
        true => Failure::new(format!("{} is not a file", as_path.display())).hint("name a rule file"),
        false => missing(name, &folders),
    })
}

/// The one file a user means who names none: the only one in Usher's rules folder.
///
/// # Errors
/// There is none, or there are several.
pub(crate) fn only(dirs: &Directories) -> Result<PathBuf, Failure> {
    let mut files = rule_files(&dirs.rules)?;
    files.retain(|file| file.is_file());
    match files.len() {
        0 => Err(none(dirs)),
        1 => Ok(files.remove(0)),
        _ => {
            let names: Vec<_> =
                files.iter().filter_map(|file| file.file_stem()).map(|name| name.to_string_lossy()).collect();
            Err(Failure::arguments("there are several rule files")
                .hint(format!("name one of them: {}", names.join(", "))))
        }
    }
}

/// Every file that is looked at when no configuration is named.
///
/// # Errors
/// There is none, or the folder cannot be read.
pub(crate) fn all(dirs: &Directories) -> Result<Vec<PathBuf>, Failure> {
    let files = rule_files(&dirs.rules)?;
    if files.is_empty() { Err(none(dirs)) } else { Ok(files) }
}

/// The rule file that organize would run where none is named and Usher has no rules: the one in `ORGANIZE_CONFIG`, or
/// `config` in one of organize's own folders. The working directory is not looked into: a `config.yaml` there is often
/// another program's.
///
/// # Errors
/// `ORGANIZE_CONFIG` names no file, or the rules folder cannot be read.
pub(crate) fn organizes(dirs: &Directories) -> Result<Option<PathBuf>, Failure> {
    if !rule_files(&dirs.rules)?.is_empty() {
        return Ok(None);
    }
    if let Some(named) = env::var_os("ORGANIZE_CONFIG").filter(|named| !named.is_empty()) {
        let path = PathBuf::from(named);
        let missing = || {
            Failure::new(format!("there is no rule file {}", path.display()))
                .hint("the variable ORGANIZE_CONFIG names it")
        };
        return if path.is_file() { Ok(Some(path)) } else { Err(missing()) };
    }
    let own = folders(dirs).into_iter().skip(1);
    let mut candidates = own.flat_map(|folder| ["config.yaml", "config.yml"].map(|name| folder.join(name)));
    Ok(candidates.find(|path| path.is_file()))
}

/// The name of what is read from standard input.
const STDIN: &str = "stdin";

/// The rule file on standard input.
///
/// # Errors
/// It cannot be read, or is no text.
pub(crate) fn from_stdin() -> Result<String, Failure> {
    text_file::read_from(io::stdin().lock()).map_err(|error| {
        Failure::new(format!("cannot read the rules from standard input: {error}"))
            .hint(text_file::advice(&error))
    })
}

/// What is wrong with the text of a rule file that lies nowhere.
pub(crate) fn problems_of(text: &str, dirs: &Directories) -> Vec<Problem> {
    check::check(dirs, &dirs.home, Path::new(STDIN), text).problems
}

/// What is wrong with a rule file.
pub(crate) fn problems(file: &Path, dirs: &Directories) -> Vec<Problem> {
    check::problems(dirs, &dirs.home, file)
}

/// The rule files in a folder, by name, also what is called so and is no file: whoever reads it is told. A folder that is
/// not there has none.
///
/// # Errors
/// The folder cannot be read.
pub(crate) fn rule_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: io::Error| {
        Failure::new(format!("cannot read the folder {}: {error}", folder.display()))
            .hint("see whether you may look into it, and whether its disk is in order")
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && has_ending(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Usher's rules folder, then organize's.
pub(crate) fn folders(dirs: &Directories) -> Vec<PathBuf> {
    let xdg = env::var_os("XDG_CONFIG_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let mut folders =
        vec![dirs.rules.clone(), xdg.unwrap_or_else(|| dirs.home.join(".config")).join("organize")];
    folders.extend(platform_folder(dirs));
    folders.dedup();
    folders
}

#[cfg(target_os = "macos")]
fn platform_folder(dirs: &Directories) -> Option<PathBuf> {
    Some(dirs.data_home.join("organize"))
}

#[cfg(windows)]
fn platform_folder(_dirs: &Directories) -> Option<PathBuf> {
    env::var_os("LOCALAPPDATA").map(|local| PathBuf::from(local).join("organize").join("organize"))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn platform_folder(_dirs: &Directories) -> Option<PathBuf> {
    None
}

/// Whether a file is called as rule files are.
pub(crate) fn has_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn file_names(name: &str) -> Vec<String> {
    let stem =
        Path::new(name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    vec![
        name.to_owned(),
        format!("{stem}.yaml"),
        format!("{stem}.yml"),
        format!("{name}.yaml"),
        format!("{name}.yml"),
    ]
}

/// A rule file that cannot be read.
pub(crate) fn unreadable(file: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot read {}: {error}", file.display())).hint(text_file::advice(error))
}

fn missing(name: &str, folders: &[PathBuf]) -> Failure {
    let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    Failure::new(format!("there is no rule file `{name}`"))
        .hint(format!("give a path, or a name in one of these folders: {}", folders.join(", ")))
}

fn none(dirs: &Directories) -> Failure {
    Failure::new(format!("there are no rule files in {}", dirs.rules.display()))
        .hint("make one with `usher new`, or name a file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_and_without_their_ending() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        std::fs::create_dir_all(&dirs.rules).unwrap();
        for name in ["work.yaml", "home.yml", "plain", "v1.2.yaml", ".hidden.yaml", "notes.txt"] {
            std::fs::write(dirs.rules.join(name), "").unwrap();
        }
        let found = |name: &str| find(name, &dirs).ok().and_then(|path| Some(path.file_name()?.to_owned()));
        assert_eq!(found("work").unwrap(), "work.yaml");
        assert_eq!(found("work.yml").unwrap(), "work.yaml");
        assert_eq!(found("home").unwrap(), "home.yml");
        assert_eq!(found("plain").unwrap(), "plain");
        assert_eq!(found("v1.2").unwrap(), "v1.2.yaml");
        assert_eq!(found("nothing"), None);
        let names: Vec<_> =
            rule_files(&dirs.rules).unwrap().iter().map(|p| p.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["home.yml", "v1.2.yaml", "work.yaml"]);
    }

    #[test]
    fn a_missing_folder_has_no_rule_files_and_says_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        assert!(
            matches!(all(&dirs), Err(Failure::Told { hint: Some(hint), .. }) if hint.contains("usher new"))
        );
    }
}
