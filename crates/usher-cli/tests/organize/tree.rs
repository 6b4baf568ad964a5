//! Folder trees as tests write them down, and as they are found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// The time every file has that is not given another: 2024-03-05 06:07:08 UTC.
const THEN: u64 = 1_709_618_828;

/// The attribute that a tree in a line gives to files.
const NOTE: &str = "user.note";

/// Makes what a text lists, separated by semicolons: `a/b.txt` (its content is its own name), `a=content`, `a*1500`
/// (so many bytes), `dir/`, `link->target`, `b=>a` (a second name of `a`), `pipe|`; `a@86400=x` was changed so many seconds
/// after 1970, `a#600=x` or `dir#700/` has these permissions, `a^text=x` or `dir^text/` has this text as an attribute (where
/// the file system has attributes), and the content `0x2b00` is these two bytes.
pub(crate) fn plant(home: &Path, tree: &str) {
    for item in tree.split(';').map(str::trim).filter(|item| !item.is_empty()) {
        if let Some((name, original)) = item.split_once("=>") {
            make_parent(&home.join(name));
            fs::hard_link(home.join(original), home.join(name)).unwrap();
            continue;
        }
        if let Some(pipe) = item.strip_suffix('|') {
            make_parent(&home.join(pipe));
            assert!(Command::new("mkfifo").arg(home.join(pipe)).status().unwrap().success());
            continue;
        }
        let (item, content) = item.split_once('=').map_or((item, None), |(item, text)| (item, Some(text)));
        if let Some((link, target)) = item.split_once("->") {
            make_parent(&home.join(link));
            symlink(target, home.join(link)).unwrap();
            continue;
        }
        let dated = item.rsplit_once('@').and_then(|(item, moment)| Some((item, moment.parse().ok()?)));
        let (item, moment) = dated.unwrap_or((item, THEN));
        let (item, folder) = item.strip_suffix('/').map_or((item, false), |item| (item, true));
        let moded = item
            .rsplit_once('#')
            .and_then(|(item, mode)| (mode.len() >= 3).then_some((item, u32::from_str_radix(mode, 8).ok()?)));
        let (item, mode) = moded.map_or((item, None), |(item, mode)| (item, Some(mode)));
        let (item, note) = item.split_once('^').map_or((item, None), |(item, note)| (item, Some(note)));
        let finish = |path: &Path| {
            if let Some(note) = note {
                // A file system without attributes has none to lose.
                let _ = rustix::fs::lsetxattr(path, NOTE, note.as_bytes(), rustix::fs::XattrFlags::empty());
            }
            mode.map_or(Ok(()), |mode| fs::set_permissions(path, fs::Permissions::from_mode(mode))).unwrap();
        };
        let (name, size) = match item.rsplit_once('*') {
            Some((name, size)) if content.is_none() && size.parse::<usize>().is_ok() => {
                (name, size.parse::<usize>().ok())
            }
            _ => (item, None),
        };
        let path = home.join(name);
        if folder {
            fs::create_dir_all(&path).unwrap();
            finish(&path);
            continue;
        }
        make_parent(&path);
        let bytes = match (content, size) {
            (_, Some(size)) => vec![b'x'; size],
            (Some(text), None) => bytes_of(text).unwrap_or_else(|| text.as_bytes().to_vec()),
            (None, None) => name.as_bytes().to_vec(),
        };
        fs::write(&path, bytes).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(moment)).unwrap();
        finish(&path);
    }
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(THEN);
    for folder in folders(home) {
        File::open(home.join(folder)).unwrap().set_modified(then).unwrap();
    }
}

/// The folders below a home.
pub(crate) fn folders(home: &Path) -> Vec<PathBuf> {
    let all = things(home, SystemTime::UNIX_EPOCH).into_iter();
    all.filter(|(_, thing)| matches!(thing, Thing::Dir { .. })).map(|(path, _)| path).collect()
}

/// The bytes that a content gives in hexadecimal digits.
fn bytes_of(content: &str) -> Option<Vec<u8>> {
    let digits = content.strip_prefix("0x").filter(|digits| !digits.is_empty())?.as_bytes();
    let byte = |pair: &[u8]| {
        u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok()
    };
    digits.chunks(2).map(byte).collect()
}

fn make_parent(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
}

/// What is in a home, and what was thrown away.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tree {
    places: BTreeMap<PathBuf, Thing>,
    /// The place in the trash is each program's own business: where a thing came from and what it was is not.
    thrown: BTreeSet<(PathBuf, Vec<(PathBuf, Thing)>)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    File { bytes: Vec<u8>, changed: Changed, mode: u32, notes: Notes, links: u64 },
    Dir { mode: u32, notes: Notes, changed: Changed },
    Link(PathBuf),
    Pipe,
}

/// The user's extended attributes.
type Notes = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Changed {
    /// At a time that a copy or a move has to keep.
    At(SystemTime),
    /// While the test ran.
    Now,
}

impl Tree {
    /// Looks at a home and at the trash; `start` is when the test began.
    pub(crate) fn find(home: &Path, trash: &Path, start: SystemTime) -> Self {
        let mut tree = Self { places: things(home, start).into_iter().collect(), thrown: BTreeSet::new() };
        for note in fs::read_dir(trash.join("info")).into_iter().flatten().map(|entry| entry.unwrap().path())
        {
            let text = fs::read_to_string(&note).unwrap();
            let from = text.lines().find_map(|line| line.strip_prefix("Path=")).unwrap();
            let from = PathBuf::from(unescaped(from));
            let from = from.strip_prefix(home).map_or(from.clone(), Path::to_path_buf);
            let thing = trash.join("files").join(note.file_stem().unwrap());
            let mut within = things(&thing, start);
            within.extend(thing_at(&thing, start).map(|thing| (PathBuf::new(), thing)));
            tree.thrown.insert((from, within));
        }
        tree
    }

    /// Forgets when these folders were changed: what is put into one that was there before is put there by each program
    /// in its own way. Of a folder that was made since, and so of every copy, the time counts.
    pub(crate) fn forget_times(&mut self, folders: &[PathBuf]) {
        for folder in folders {
            if let Some(Thing::Dir { changed, .. }) = self.places.get_mut(folder) {
                *changed = Changed::Now;
            }
        }
    }

    /// Forgets how many names files have.
    pub(crate) fn forget_names(&mut self) {
        for thing in self.places.values_mut() {
            if let Thing::File { links, .. } = thing {
                *links = 1;
            }
        }
    }

    /// One line a thing, for people and for comparing with what a test expects.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.places.iter().map(|(path, thing)| format!("{} {}", path.display(), thing.text())).collect();
        for (from, within) in &self.thrown {
            let within: Vec<_> =
                within.iter().map(|(path, thing)| format!("{}{}", path.display(), thing.text())).collect();
            lines.push(format!("trash: {} {}", from.display(), within.join(", ")));
        }
        lines
    }

    /// The names of files and links, and of folders that hold neither, in the notation of [`plant`].
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (path, thing) in &self.places {
            match thing {
                Thing::Dir { .. }
                    if self.places.keys().any(|other| other != path && other.starts_with(path)) => {}
                Thing::Dir { .. } => names.push(format!("{}/", path.display())),
                _ => names.push(path.display().to_string()),
            }
        }
        names.extend(self.thrown.iter().map(|(from, _)| format!("trash:{}", from.display())));
        names
    }
}

fn things(folder: &Path, start: SystemTime) -> Vec<(PathBuf, Thing)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let Some(thing) = thing_at(&path, start) else { continue };
            if matches!(thing, Thing::Dir { .. }) {
                open.push(path.clone());
            }
            found.push((path.strip_prefix(folder).unwrap().to_path_buf(), thing));
        }
    }
    found.sort();
    found
}

fn thing_at(path: &Path, start: SystemTime) -> Option<Thing> {
    let meta = fs::symlink_metadata(path).ok()?;
    let mode = meta.mode() & 0o7777;
    let modified = meta.modified().unwrap();
    let changed = if modified < start { Changed::At(modified) } else { Changed::Now };
    Some(if meta.is_symlink() {
        Thing::Link(fs::read_link(path).unwrap())
    } else if meta.is_dir() {
        Thing::Dir { mode, notes: notes(path), changed }
    } else if meta.file_type().is_fifo() {
        Thing::Pipe
    } else {
        let bytes = fs::read(path).unwrap_or_default();
        Thing::File { bytes, changed, mode, notes: notes(path), links: meta.nlink() }
    })
}

/// The user's attributes of a thing; none where the file system has none.
fn notes(path: &Path) -> Notes {
    let mut names = vec![0u8; 64 * 1024];
    let length = rustix::fs::llistxattr(path, &mut names[..]).unwrap_or(0);
    let names = names[..length].split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    let mut notes = Notes::new();
    for name in names.filter(|name| name.starts_with("user.")) {
        let mut value = vec![0u8; 64 * 1024];
        let length = rustix::fs::lgetxattr(path, name, &mut value[..]).unwrap();
        value.truncate(length);
        notes.insert(name.to_owned(), value);
    }
    notes
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code =
            tail.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl Changed {
    fn text(self) -> String {
        match self {
            Self::At(time) => {
                format!("@{}", time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64())
            }
            Self::Now => "@now".to_owned(),
        }
    }
}

/// Attributes for people.
fn told(notes: &Notes) -> String {
    notes.iter().map(|(name, value)| format!(" {name}={:?}", String::from_utf8_lossy(value))).collect()
}

impl Thing {
    fn text(&self) -> String {
        match self {
            Self::File { bytes, changed, mode, notes, links } => {
                let text = String::from_utf8_lossy(bytes);
                let text =
                    if text.len() > 300 { format!("<{} bytes>", text.len()) } else { format!("{text:?}") };
                format!("= {text} {} {mode:o} x{links}{}", changed.text(), told(notes))
            }
            Self::Dir { mode, notes, changed } => format!("/ {} {mode:o}{}", changed.text(), told(notes)),
            Self::Pipe => "|".to_owned(),
            Self::Link(target) => format!("-> {}", target.display()),
        }
    }
}
