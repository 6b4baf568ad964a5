//! The rule files of the rules folder: read, read again when they change, and never worse off for a mistake in one.
//!
//! A file that is broken leaves the rules of its last good version running, also across a restart: the text of that
//! version is kept in the state directory. Files are taken by name; the rules of one file stay in their order.

pub(crate) mod edit;
pub(crate) mod starter;
pub(crate) mod switch;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use usher_event::sentence;
use usher_rule::Rule;

use crate::api::{Problem, Refusal};
use crate::present;
use crate::text_file;

/// The rules folder.
#[derive(Debug)]
pub(crate) struct RuleFiles {
    folder: PathBuf,
    /// Where the last good text of each file is kept.
    kept: PathBuf,
    files: BTreeMap<PathBuf, LoadedFile>,
    /// Why the folder itself cannot be read, and since when.
    unreadable: Option<(String, Timestamp)>,
}

/// One rule file.
#[derive(Debug)]
pub(crate) struct LoadedFile {
    /// Its path.
    pub(crate) path: PathBuf,
    /// A digest of the text that is running; empty where none is.
    pub(crate) digest: String,
    /// When that text was loaded.
    pub(crate) loaded: Timestamp,
    /// Whether the file on disk is another text, and broken.
    pub(crate) stale: bool,
    /// The running rules.
    pub(crate) rules: Vec<Arc<Rule>>,
    /// Problems of the file on disk.
    pub(crate) problems: Vec<Problem>,
    /// Since when they are there.
    pub(crate) problems_since: Timestamp,
    /// A digest of what was read last, or the error.
    seen: String,
}

/// What a text turned out to hold.
struct Reading {
    rules: Vec<Rule>,
    problems: Vec<Problem>,
    good: bool,
}

impl RuleFiles {
    /// The files of a folder that may not exist. Nothing is read yet.
    pub(crate) fn new(folder: &Path, kept: PathBuf) -> Self {
        Self { folder: folder.to_path_buf(), kept, files: BTreeMap::new(), unreadable: None }
    }

    /// Reads what has changed since it was read last; says whether anything has.
    pub(crate) fn read(&mut self, now: Timestamp) -> bool {
        let paths = match rule_paths(&self.folder) {
            Ok(paths) => paths,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                tracing::warn!(%error, folder = %self.folder.display(), "the rules folder cannot be read; the rules run on");
                let (reason, since) = (error.to_string(), self.unreadable.take().map(|(_, since)| since));
                self.unreadable = Some((reason, since.unwrap_or(now)));
                return false;
            }
        };
        self.unreadable = None;
        let mut changed = false;
        let gone: Vec<PathBuf> = self.files.keys().filter(|path| !paths.contains(path)).cloned().collect();
        for path in gone {
            tracing::info!(path = %path.display(), "the rule file is gone, and its rules with it");
            self.files.remove(&path);
            // Where this fails a text stays behind that is only looked at for a file of the same name.
            let _ = std::fs::remove_file(self.kept_text(&path));
            changed = true;
        }
        for path in &paths {
            changed |= self.read_file(path, &paths, now);
        }
        changed
    }

    fn read_file(&mut self, path: &Path, all: &[PathBuf], now: Timestamp) -> bool {
        let text = text_file::read(path);
        let seen = match &text {
            Ok(text) => digest(text),
            Err(error) => error.to_string(),
        };
        if self.files.get(path).is_some_and(|file| file.seen == seen) {
            return false;
        }
        let before = self.files.remove(path);
        let file = match text {
            Ok(text) => match (reading(path, &text), same_id(path, all)) {
                (Reading { rules, problems, good: true }, None) => {
                    self.keep(path, &text);
                    loaded(path, rules, problems, seen, now)
                }
                (reading, clash) => {
                    let problems = clash.map_or(reading.problems, |clash| vec![clash]);
                    self.broken(path, before, problems, seen, now)
                }
            },
            Err(error) => self.broken(path, before, vec![unreadable(path, &error)], seen, now),
        };
        report(&file);
        self.files.insert(path.to_path_buf(), file);
        true
    }

    /// The last good version goes on running, with the new problems beside it.
    fn broken(
        &self,
        path: &Path,
        before: Option<LoadedFile>,
        problems: Vec<Problem>,
        seen: String,
        now: Timestamp,
    ) -> LoadedFile {
        let before = before.or_else(|| self.last_good(path, now));
        let before = before.unwrap_or_else(|| loaded(path, Vec::new(), Vec::new(), String::new(), now));
        LoadedFile { stale: !before.digest.is_empty(), problems, problems_since: now, seen, ..before }
    }

    /// What ran before Usher was started.
    fn last_good(&self, path: &Path, now: Timestamp) -> Option<LoadedFile> {
        let text = text_file::read(&self.kept_text(path)).ok()?;
        let reading = reading(path, &text);
        reading.good.then(|| loaded(path, reading.rules, Vec::new(), digest(&text), now))
    }

    fn keep(&self, path: &Path, text: &str) {
        let kept = self.kept_text(path);
        if text_file::read(&kept).is_ok_and(|old| old == text) {
            return;
        }
        if let Err(error) = text_file::replace(&kept, text) {
            tracing::warn!(%error, "the good rules cannot be kept for the next start");
        }
    }

    fn kept_text(&self, path: &Path) -> PathBuf {
        let name = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
        self.kept.join(&name[..32]).with_extension("yaml")
    }

    /// The running rules in order, disabled ones included.
    pub(crate) fn running(&self) -> Vec<Arc<Rule>> {
        self.files.values().flat_map(|file| file.rules.iter().cloned()).collect()
    }

    /// The files by name.
    pub(crate) fn files(&self) -> impl Iterator<Item = &LoadedFile> {
        self.files.values()
    }

    /// Why the rules folder cannot be read, and since when.
    pub(crate) fn unreadable(&self) -> Option<(&str, Timestamp)> {
        self.unreadable.as_ref().map(|(reason, since)| (reason.as_str(), *since))
    }

    /// Whether there is no rule file. Nobody knows for a folder that cannot be read.
    pub(crate) fn none_yet(&self) -> bool {
        self.files.is_empty() && self.unreadable.is_none()
    }

    /// What has to be watched for changes: the folder, the settings, the links in the folder, and the files they lead to.
    /// The links, because each may lead somewhere else one day, or lead nowhere until a drive is there.
    pub(crate) fn sources(&self, settings: &Path) -> Vec<PathBuf> {
        let is_link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
        let links = self.files.keys().filter(|path| is_link(path));
        let end = |link: &PathBuf| std::fs::canonicalize(link).ok().filter(|end| end.is_file());
        let watched = links.flat_map(|link| [Some(link.clone()), end(link)]).flatten();
        [self.folder.clone(), settings.to_path_buf()].into_iter().chain(watched).collect()
    }
}

/// The rules of a file that is not in the rules folder.
///
/// # Errors
/// `bad_rules` with the first mistake, where there is any.
pub(crate) fn read_config(path: &Path) -> Result<Vec<Arc<Rule>>, Refusal> {
    let text = text_file::read(path).map_err(|error| {
        Refusal::new(
            "not_found",
            sentence!("text-cannot-read", "cannot read {path}: {error}", path = path, error = &error),
        )
        .hint(text_file::advice(&error))
    })?;
    config_of(path, &text)
}

/// The rules in the text of such a file. The path is only what they go by.
///
/// # Errors
/// `bad_rules` with the first mistake, where there is any.
pub(crate) fn config_of(path: &Path, text: &str) -> Result<Vec<Arc<Rule>>, Refusal> {
    let reading = reading(path, text);
    if reading.good {
        return Ok(reading.rules.into_iter().map(Arc::new).collect());
    }
    let mut errors = reading.problems.into_iter().filter(|problem| problem.severity == "error");
    let Some(first) = errors.next() else {
        return Err(Refusal::new(
            "bad_rules",
            sentence!("rules-cannot-be-used", "{path} cannot be used", path = path),
        )
        .hint(sentence!("rules-see-what-usher-check-says", "see what `usher check` says of it")));
    };
    let place = format!("{}:{}:{}", first.file, first.line, first.column);
    let message = match errors.count() {
        0 => sentence!("rules-at", "{place}: {message}", place = place, message = first.message),
        more => sentence!(
            "rules-at-more",
            "{place}: {message} (and {more} more)",
            place = place,
            message = first.message,
            more = more,
        ),
    };
    Err(Refusal { hint: first.help, ..Refusal::new("bad_rules", message) })
}

/// Every `*.yaml` and `*.yml` of the folder, hidden ones left out, by name. What is no file is one that cannot be read: who
/// gave a folder or a pipe that name is told, and does not wait for its rules.
fn rule_paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if is_rule_file(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether something of this name is taken for a rule file.
fn is_rule_file(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let named = path.extension().is_some_and(|suffix| suffix == "yaml" || suffix == "yml");
    named && !hidden
}

/// The rules of a draft and what is wrong with it, whether it can be used or not.
pub(crate) fn draft(path: &Path, text: &str) -> (Vec<Arc<Rule>>, Vec<Problem>, String) {
    let Reading { rules, problems, .. } = reading(path, text);
    (rules.into_iter().map(Arc::new).collect(), problems, digest(text))
}

fn reading(path: &Path, text: &str) -> Reading {
    let loaded = usher_rule::load(path, text);
    let good = loaded.is_good();
    let problems =
        loaded.diagnostics.iter().map(|diagnostic| present::problem(path, text, diagnostic)).collect();
    Reading { rules: loaded.rules, problems, good }
}

fn loaded(
    path: &Path,
    rules: Vec<Rule>,
    problems: Vec<Problem>,
    digest: String,
    now: Timestamp,
) -> LoadedFile {
    LoadedFile {
        path: path.to_path_buf(),
        seen: digest.clone(),
        digest,
        loaded: now,
        stale: false,
        rules: rules.into_iter().map(Arc::new).collect(),
        problems,
        problems_since: now,
    }
}

/// A rule's id begins with the stem of its file, so two files must not have the same.
fn same_id(path: &Path, all: &[PathBuf]) -> Option<Problem> {
    let is_same = |other: &&PathBuf| other.file_stem() == path.file_stem() && other.as_path() < path;
    // What is no file has no rules whose ids could be the same.
    let other = all.iter().find(|other| is_same(other) && other.is_file())?;
    Some(Problem {
        code: "same_name".to_owned(),
        message: sentence!(
            "rules-has-same-name-but-its-ending",
            "{other} has the same name but for its ending",
            other = other
        ),
        help: Some(sentence!("rules-rename-one-two", "rename one of the two")),
        ..present::file_problem(path)
    })
}

/// The problem of a file that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem {
        code: "unreadable".to_owned(),
        message: sentence!("rules-file-cannot-be-read", "the file cannot be read: {error}", error = error),
        help: Some(text_file::advice(error)),
        ..present::file_problem(path)
    }
}

fn report(file: &LoadedFile) {
    let path = file.path.display();
    for problem in &file.problems {
        tracing::warn!(%path, line = problem.line, column = problem.column, "{}", problem.message);
    }
    match (file.stale, file.rules.len()) {
        (true, rules) => {
            tracing::warn!(%path, rules, "the file is broken, and its last good version runs on")
        }
        (false, rules) => tracing::info!(%path, rules, "read"),
    }
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests;
