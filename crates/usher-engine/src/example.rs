//! Trying the tests that stand in a rule, on a world in which only the test's file exists.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Zoned;
use usher_event::{Kind, Part, Sentence, sentence};
use usher_rule::context::RunMemory;
use usher_rule::occasions::NO_FACTS;
use usher_rule::{
    Content, Context, Diagnostic, Entry, Example, ExampleContent, Expected, FilterAccount, Outcome,
    PythonAnswer, PythonCall, Root, Rule, Stat, World, name,
};

use crate::disk::Overlay;
use crate::plan::{Commands, Planner};
use crate::text::short;
use crate::told::cannot_look;

/// Tries a rule's tests; answers with what went differently.
pub fn try_examples(rule: &Arc<Rule>, real: &dyn World) -> Vec<Diagnostic> {
    let failed =
        |example: &Example, message: Sentence| Diagnostic::error("test_failed", example.span, message);
    rule.examples
        .iter()
        .filter_map(|example| try_one(rule, example, real).err().map(|message| failed(example, message)))
        .collect()
}

fn try_one(rule: &Arc<Rule>, example: &Example, real: &dyn World) -> Result<(), Sentence> {
    let roots = rule.roots(real, &NO_FACTS)?;
    let file = place(&example.file, &roots, real)?;
    let covering = roots.iter().find(|root| root.covers(&file, Kind::File, rule.targets));
    let Some(root) = covering else {
        let message = sentence!(
            "test-elsewhere",
            "`{file}` lies in none of the rule's locations",
            file = &example.file,
        );
        return if example.expected == Expected::Left { Ok(()) } else { Err(message) };
    };
    let imagined = Imagined::new(real, &file, example)?;
    let world = Overlay::new(&imagined);
    let mut memory = RunMemory::default();
    let mut planner = Planner { world: &world, memory: &mut memory, commands: Commands::Imagine };
    let matched = planner.matches(rule, &file, &root.path);
    let (matched, becomes) = match (&example.expected, matched) {
        (Expected::Left, None) | (Expected::Matches, Some(_)) => return Ok(()),
        (Expected::Left, Some(_)) => {
            return Err(sentence!("test-matches", "the rule matches `{file}`", file = &example.file));
        }
        (_, None) => return Err(refusal(rule, &example.file, &file, root, &world)),
        (Expected::Becomes(becomes), Some(matched)) => (matched, place(becomes, &roots, real)?),
    };
    let chain = planner.plan(rule, matched, &root.path, imagined.stat);
    if let Some(failure) = chain.failure {
        return Err(sentence!(
            "test-fails",
            "`{file}`: {action}: {message}",
            file = &example.file,
            action = failure.action,
            message = failure.message,
        ));
    }
    let home = real.home();
    let shown = |path: &Path| short(path, home.as_deref());
    match chain.end {
        Some(end) if end == becomes => Ok(()),
        Some(end) => Err(sentence!(
            "test-becomes",
            "`{file}` becomes `{end}`, not `{becomes}`",
            file = &example.file,
            end = shown(&end),
            becomes = shown(&becomes),
        )),
        None => Err(sentence!(
            "test-deleted",
            "`{file}` is deleted, and does not become `{becomes}`",
            file = &example.file,
            becomes = shown(&becomes),
        )),
    }
}

/// Where a path of an example leads: from the home directory, from the root, or from the rule's first location.
fn place(written: &str, roots: &[Root], real: &dyn World) -> Result<PathBuf, Sentence> {
    let path = match written.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(std::path::is_separator) => {
            let home =
                real.home().ok_or_else(|| sentence!("test-no-home", "the home directory is not known"))?;
            home.join(rest.trim_start_matches(std::path::is_separator))
        }
        _ => PathBuf::from(written),
    };
    let base = roots.first().map_or_else(|| real.working_dir(), |root| root.path.clone());
    Ok(name::normalize(&base.join(path)))
}

/// Why a rule does not match, by the first filter that says no.
fn refusal(rule: &Rule, written: &str, file: &Path, root: &Root, world: &Overlay<'_>) -> Sentence {
    let mut memory = RunMemory::default();
    let account = rule.explain(&mut Context::new(world, rule, file, &root.path, &mut memory));
    let says_no = |filter: &&FilterAccount| matches!(filter.outcome, Outcome::NoMatch | Outcome::Error);
    let Some(filter) = account.filters.iter().find(says_no) else {
        return sentence!("test-no-match", "the rule does not match `{file}`", file = written);
    };
    let (name, wanted) = (&filter.filter, &filter.wanted);
    let saw = filter.error.as_ref().map(Part::from).or(filter.seen.as_ref().map(Part::from));
    match saw {
        Some(saw) => sentence!(
            "test-no-match-sees",
            "the rule does not match `{file}`: `{filter}` wants `{wanted}` and sees `{saw}`",
            file = written,
            filter = name,
            wanted = wanted,
            saw = saw,
        ),
        None => sentence!(
            "test-no-match-wants",
            "the rule does not match `{file}`: `{filter}` wants `{wanted}`",
            file = written,
            filter = name,
            wanted = wanted,
        ),
    }
}

/// A world with one file in it. Clock, environment and home directory are those of the real one.
struct Imagined<'a> {
    real: &'a dyn World,
    file: PathBuf,
    stat: Stat,
    content: ExampleContent,
}

impl<'a> Imagined<'a> {
    fn new(real: &'a dyn World, file: &Path, example: &Example) -> Result<Self, Sentence> {
        let mut content = example.content.clone();
        let size = match &mut content {
            ExampleContent::Text(text) => text.len() as u64,
            ExampleContent::Size(size) => *size,
            ExampleContent::Like(path) => {
                *path = place(&path.to_string_lossy(), &[], real)?;
                let stat = real.stat(path).map_err(|error| cannot_look(path, &error))?;
                stat.size
            }
        };
        let now = real.now().timestamp();
        let stat = Stat {
            kind: Kind::File,
            size,
            modified: example.modified.unwrap_or(now),
            created: Some(example.created.unwrap_or(now)),
            device: Stat::PLANNED,
            inode: 1,
        };
        Ok(Self { real, file: file.to_path_buf(), stat, content })
    }
}

impl World for Imagined<'_> {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        if path == self.file {
            return Ok(self.stat);
        }
        if self.file.starts_with(path) {
            return Ok(Stat { kind: Kind::Dir, size: 0, inode: 2, ..self.stat });
        }
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let below = self.file.strip_prefix(dir).map_err(|_| io::ErrorKind::NotFound)?;
        let mut parts = below.components();
        let Some(first) = parts.next() else { return Err(io::ErrorKind::NotADirectory.into()) };
        let kind = if parts.next().is_some() { Kind::Dir } else { Kind::File };
        Ok(vec![Entry { name: first.as_os_str().to_owned(), kind }])
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>> {
        if path != self.file {
            return Err(io::ErrorKind::NotFound.into());
        }
        match &self.content {
            ExampleContent::Text(text) => Ok(Box::new(Cursor::new(text.clone().into_bytes()))),
            ExampleContent::Size(size) => Ok(Box::new(Zeros { at: 0, size: *size })),
            ExampleContent::Like(path) => self.real.open(path),
        }
    }

    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
        match &self.content {
            ExampleContent::Like(real) if path == self.file => self.real.attribute(real, name),
            _ => Ok(None),
        }
    }

    fn link_target(&self, _path: &Path) -> io::Result<PathBuf> {
        Err(io::ErrorKind::InvalidInput.into())
    }

    /// Code that judges by names and variables can do so here as well.
    fn python(&self, call: &PythonCall) -> io::Result<PythonAnswer> {
        self.real.python(call)
    }

    fn now(&self) -> Zoned {
        self.real.now()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.real.env(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.real.home()
    }

    fn own(&self) -> Vec<PathBuf> {
        self.real.own()
    }

    fn working_dir(&self) -> PathBuf {
        self.real.working_dir()
    }
}

/// So many zero bytes, none of them in memory.
struct Zeros {
    at: u64,
    size: u64,
}

impl Read for Zeros {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        buffer[..count].fill(0);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Zeros {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
