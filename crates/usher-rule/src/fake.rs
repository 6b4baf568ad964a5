//! A world in memory for tests: rules look at it, and their operations are carried out on it strictly.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};
use usher_event::Kind;

use crate::context::RunMemory;
use crate::{
    Content, Context, Entry, LinkKind, Op, PythonAnswer, PythonCall, Rule, Stat, Step, World, WriteMode, load,
};

/// Files and folders by path.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    things: RefCell<BTreeMap<PathBuf, Thing>>,
    next_inode: RefCell<u64>,
    ignoring_case: bool,
    env: BTreeMap<String, String>,
    reads: RefCell<u64>,
    without_attributes: bool,
    own: Vec<PathBuf>,
    python: Python,
}

/// What is asked of Python, and the line it answers with.
type Answering = Box<dyn Fn(&str) -> io::Result<String>>;

#[derive(Default)]
struct Python(Option<Answering>);

impl std::fmt::Debug for Python {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Python")
    }
}

#[derive(Debug, Clone)]
struct Thing {
    kind: Kind,
    bytes: Vec<u8>,
    modified: Timestamp,
    device: u64,
    inode: u64,
    attributes: BTreeMap<String, Vec<u8>>,
}

impl Fake {
    pub(crate) fn new() -> Self {
        Self::default().dir("/")
    }

    pub(crate) fn file(self, path: impl AsRef<Path>, text: &str) -> Self {
        self.put(path.as_ref(), Kind::File, text.as_bytes());
        self
    }

    pub(crate) fn bytes(self, path: impl AsRef<Path>, bytes: &[u8]) -> Self {
        self.put(path.as_ref(), Kind::File, bytes);
        self
    }

    pub(crate) fn dir(self, path: impl AsRef<Path>) -> Self {
        self.put(path.as_ref(), Kind::Dir, b"");
        self
    }

    /// A link; what it leads to is its target's path, listed if that is a folder.
    pub(crate) fn link(self, path: impl AsRef<Path>, target: &str) -> Self {
        self.put(path.as_ref(), Kind::Symlink, target.as_bytes());
        self
    }

    pub(crate) fn modified(self, path: &str, time: &str) -> Self {
        self.things.borrow_mut().get_mut(Path::new(path)).expect(path).modified = time.parse().expect(time);
        self
    }

    pub(crate) fn with_attribute(self, path: &str, name: &str, value: &[u8]) -> Self {
        let mut things = self.things.borrow_mut();
        let thing = things.get_mut(Path::new(path)).expect(path);
        thing.attributes.insert(name.to_owned(), value.to_vec());
        drop(things);
        self
    }

    pub(crate) fn without_attributes(mut self) -> Self {
        self.without_attributes = true;
        self
    }

    pub(crate) fn with_python(mut self, answer: impl Fn(&str) -> io::Result<String> + 'static) -> Self {
        self.python.0 = Some(Box::new(answer));
        self
    }

    pub(crate) fn on_device(self, path: &str, device: u64) -> Self {
        self.things.borrow_mut().get_mut(Path::new(path)).expect(path).device = device;
        self
    }

    pub(crate) fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn ignoring_case(mut self) -> Self {
        self.ignoring_case = true;
        self
    }

    /// Paths of Usher's own folder.
    pub(crate) fn with_own(mut self, paths: &[&str]) -> Self {
        self.own = paths.iter().map(PathBuf::from).collect();
        self
    }

    /// Makes `path` a second name of the file at `original`, or a folder that is mounted there as well.
    pub(crate) fn hard_link(self, path: &str, original: &str) -> Self {
        let thing = self.get(Path::new(original)).expect(original);
        self.things.borrow_mut().insert(path.into(), thing);
        self
    }

    fn put(&self, path: &Path, kind: Kind, bytes: &[u8]) {
        if let Some(parent) = path.parent()
            && !self.things.borrow().contains_key(parent)
        {
            self.put(parent, Kind::Dir, b"");
        }
        *self.next_inode.borrow_mut() += 1;
        let thing = Thing {
            kind,
            bytes: bytes.to_vec(),
            modified: Timestamp::UNIX_EPOCH,
            device: 1,
            inode: *self.next_inode.borrow(),
            attributes: BTreeMap::new(),
        };
        self.things.borrow_mut().insert(path.to_path_buf(), thing);
    }

    pub(crate) fn has(&self, path: impl AsRef<Path>) -> bool {
        self.things.borrow().contains_key(path.as_ref())
    }

    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8_lossy(&self.get(Path::new(path)).expect(path).bytes).into_owned()
    }

    pub(crate) fn reads(&self) -> u64 {
        *self.reads.borrow()
    }

    fn key(&self, path: &Path) -> PathBuf {
        let lower = |path: &Path| path.to_string_lossy().to_lowercase();
        let things = self.things.borrow();
        let same = things.keys().find(|key| self.ignoring_case && lower(key) == lower(path));
        same.cloned().unwrap_or_else(|| path.to_path_buf())
    }

    fn get(&self, path: &Path) -> io::Result<Thing> {
        self.things.borrow().get(&self.key(path)).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Carries out an operation as the engine would, and does not let it get away with anything.
    pub(crate) fn apply(&self, op: &Op) {
        match op {
            Op::MakeDir { path } => {
                assert!(self.has(path.parent().expect("a parent")), "made without its parent: {path:?}");
                assert!(!self.has(path), "made twice: {path:?}");
                self.put(path, Kind::Dir, b"");
            }
            Op::Move { from, to } => {
                let moved = self.take(from);
                self.place(moved, from, to);
            }
            Op::Copy { from, to } => {
                let mut copied = self.below(from);
                for (_, thing) in &mut copied {
                    *self.next_inode.borrow_mut() += 1;
                    thing.inode = *self.next_inode.borrow();
                }
                self.place(copied, from, to);
            }
            Op::Stash { path } | Op::Trash { path } | Op::Delete { path } => {
                self.take(path);
            }
            Op::Link { original, path, kind: LinkKind::Symbolic { .. } } => {
                assert!(!self.has(path), "clobbered: {path:?}");
                self.put(path, Kind::Symlink, original.to_string_lossy().as_bytes());
            }
            Op::Link { original, path, kind: LinkKind::Hard } => {
                let linked = self.below(original);
                self.place(linked, original, path);
            }
            Op::Pack { from, to, .. } => {
                assert!(self.has(from), "nothing to pack at {from:?}");
                assert!(!self.has(to), "clobbered: {to:?}");
                assert!(self.has(to.parent().expect("a parent")), "no folder for {to:?}");
                self.put(to, Kind::File, b"an archive");
            }
            Op::Unpack { from, to, listing, .. } => {
                assert!(self.has(from), "nothing to unpack at {from:?}");
                assert!(!self.has(to), "clobbered: {to:?}");
                self.put(to, if listing.single { Kind::File } else { Kind::Dir }, b"");
                for packed in &listing.entries {
                    self.put(&to.join(listing.place(packed)), Kind::File, b"");
                }
            }
            Op::Attribute { path, name, before, after } => {
                let mut things = self.things.borrow_mut();
                let attributes = &mut things.get_mut(path).expect("something there").attributes;
                assert_eq!(attributes.get(name), before.as_ref(), "another attribute than was seen");
                match after {
                    Some(value) => attributes.insert(name.clone(), value.clone()),
                    None => attributes.remove(name),
                };
            }
            Op::Write { path, text, mode } => {
                let old = self.get(path).map(|thing| thing.bytes).unwrap_or_default();
                let parts: &[&[u8]] = match mode {
                    WriteMode::Append => &[&old, text],
                    WriteMode::Prepend => &[text, &old],
                    WriteMode::Overwrite => &[text],
                };
                self.put(path, Kind::File, &parts.concat());
            }
            Op::Spawn(_) | Op::Python(_) | Op::Notify { .. } | Op::Say { .. } => {}
            Op::Open { .. } | Op::Reveal { .. } => {}
        }
    }

    fn below(&self, path: &Path) -> Vec<(PathBuf, Thing)> {
        let found = self.things.borrow();
        let found: Vec<_> = found
            .iter()
            .filter(|(key, _)| key.starts_with(path))
            .map(|(k, t)| (k.clone(), t.clone()))
            .collect();
        assert!(!found.is_empty(), "nothing at {path:?}");
        found
    }

    fn take(&self, path: &Path) -> Vec<(PathBuf, Thing)> {
        let taken = self.below(path);
        self.things.borrow_mut().retain(|key, _| !key.starts_with(path));
        taken
    }

    fn place(&self, things: Vec<(PathBuf, Thing)>, from: &Path, to: &Path) {
        assert!(!self.has(to), "clobbered: {to:?}");
        assert!(self.has(to.parent().expect("a parent")), "no folder for {to:?}");
        for (path, thing) in things {
            let below = path.strip_prefix(from).expect("below");
            let path = if below.as_os_str().is_empty() { to.to_path_buf() } else { to.join(below) };
            self.things.borrow_mut().insert(path, thing);
        }
    }

    /// A rule looking at a path found in `/in`.
    pub(crate) fn looking<T>(
        &self,
        rule: &Rule,
        path: impl AsRef<Path>,
        look: impl FnOnce(&mut Context<'_>) -> T,
    ) -> T {
        let mut run = RunMemory::default();
        let mut cx = Context::new(self, rule, path.as_ref(), Path::new("/in"), &mut run);
        look(&mut cx)
    }

    /// Plans and does a list of actions for one path; answers with a line a step.
    pub(crate) fn run(&self, actions: &str, path: impl AsRef<Path>) -> String {
        self.run_with("filters: []", actions, path)
    }

    pub(crate) fn run_with(&self, filters: &str, actions: &str, path: impl AsRef<Path>) -> String {
        let actions = actions.replace('\n', "\n    ");
        self.apply_rule(
            &rule(&format!("rules:\n- locations: /in\n  {filters}\n  actions:\n    {actions}\n")),
            path,
        )
    }

    pub(crate) fn apply_rule(&self, rule: &Rule, path: impl AsRef<Path>) -> String {
        self.looking(rule, path, |cx| {
            if !rule.matches(cx) {
                return "no match\n".to_owned();
            }
            let mut said = String::new();
            for action in &rule.actions {
                match action.plan(cx) {
                    Ok(step) => {
                        step.ops.iter().for_each(|op| self.apply(op));
                        said.push_str(&line(&step));
                        if step.over {
                            break;
                        }
                    }
                    Err(error) => {
                        said.push_str(&format!("error: {error}\n"));
                        break;
                    }
                }
            }
            said
        })
    }

    /// The operations planned for one path, nothing done.
    pub(crate) fn plan(&self, actions: &str, path: &str) -> Vec<Op> {
        self.plan_all(actions, &[path])
    }

    /// The operations planned for several paths in one run.
    pub(crate) fn plan_all(&self, actions: &str, paths: &[&str]) -> Vec<Op> {
        let actions = actions.replace('\n', "\n    ");
        let rule = rule(&format!("rules:\n- locations: /in\n  actions:\n    {actions}\n"));
        let mut run = RunMemory::default();
        let mut ops = Vec::new();
        for path in paths {
            let mut cx = Context::new(self, &rule, Path::new(path), Path::new("/in"), &mut run);
            for action in &rule.actions {
                ops.extend(action.plan(&mut cx).expect("a plan").ops);
            }
        }
        ops
    }
}

/// A step as one line.
fn line(step: &Step) -> String {
    let said =
        matches!(step.ops.first(), Some(Op::Say { .. } | Op::Spawn(_) | Op::Python(_) | Op::Notify { .. }));
    let mut line = step.action.to_owned();
    if said {
        return format!("{line} {}\n", step.note.as_deref().unwrap_or_default());
    }
    if let Some(from) = &step.from {
        line.push_str(&format!(" {}", from.display()));
    }
    if let Some(to) = &step.to {
        line.push_str(&format!(" -> {}", to.display()));
    }
    if let Some(asks) = &step.asks {
        line.push_str(&format!(" asks: {} [{}]", asks.text, if asks.default { "yes" } else { "no" }));
    }
    if let Some(note) = step.note.clone().or_else(|| step.irreversible()) {
        line.push_str(&format!(" ({note})"));
    }
    line + "\n"
}

/// The first rule of a text without mistakes.
pub(crate) fn rule(text: &str) -> Rule {
    let loaded = load(Path::new("/rules.yaml"), text);
    assert!(loaded.is_good(), "{text}\n{:#?}", loaded.diagnostics);
    loaded.rules.into_iter().next().expect("a rule")
}

/// Whether one filter lets a file through, of which nothing but the path is known.
pub(crate) fn matches(filter: &str, path: &str) -> bool {
    let world = Fake::new().file(path, "");
    let rule = rule(&format!("rules:\n- locations: /in\n  filters:\n  - {filter}\n  actions: trash\n"));
    world.looking(&rule, path, |cx| rule.matches(cx))
}

impl World for Fake {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        if path.iter().any(|name| name.len() > 255) {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        let thing = self.get(path)?;
        Ok(Stat {
            kind: thing.kind,
            size: thing.bytes.len() as u64,
            modified: thing.modified,
            created: None,
            device: thing.device,
            inode: thing.inode,
        })
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let thing = self.get(dir)?;
        let target = match thing.kind {
            Kind::Symlink => PathBuf::from(String::from_utf8_lossy(&thing.bytes).into_owned()),
            _ => self.key(dir),
        };
        if self.get(&target)?.kind != Kind::Dir {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let things = self.things.borrow();
        let inside = things.iter().filter(|(path, _)| path.parent() == Some(&target));
        Ok(inside.map(|(path, thing)| Entry { name: name(path).into(), kind: thing.kind }).collect())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>> {
        *self.reads.borrow_mut() += 1;
        Ok(Box::new(io::Cursor::new(self.get(path)?.bytes)))
    }

    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
        if self.without_attributes {
            return Err(io::ErrorKind::Unsupported.into());
        }
        Ok(self.get(path)?.attributes.get(name).cloned())
    }

    fn link_target(&self, path: &Path) -> io::Result<PathBuf> {
        let thing = self.get(path)?;
        match thing.kind {
            Kind::Symlink => Ok(String::from_utf8_lossy(&thing.bytes).into_owned().into()),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn python(&self, call: &PythonCall) -> io::Result<PythonAnswer> {
        match &self.python.0 {
            Some(answer) => PythonAnswer::parse(&answer(&call.request)?),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn now(&self) -> Zoned {
        "2026-03-31T12:00:00.5+02:00[Europe/Berlin]".parse().expect("a time")
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn own(&self) -> Vec<PathBuf> {
        self.own.clone()
    }

    fn home(&self) -> Option<PathBuf> {
        Some("/home/me".into())
    }

    fn working_dir(&self) -> PathBuf {
        "/here".into()
    }
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}
