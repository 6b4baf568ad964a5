//! Planning: what the rules would do with one subject, in order, with final names and without effect.
//!
//! A simulation, a preview and a real run all come through here. They differ in what happens to the plan afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use minijinja::Value;
use usher_event::Kind;
use usher_rule::context::{Looking, RunMemory};
use usher_rule::{Context, Op, Rule, Spawn, Stat, Step, World};

use crate::disk::Overlay;
use crate::outside::{Outside, Spawned};

/// What one rule will do with one subject.
pub(crate) struct Chain {
    /// The rule.
    pub(crate) rule: Arc<Rule>,
    /// The subject as it was found; `None` for a standalone rule.
    pub(crate) subject: Option<PathBuf>,
    /// The folder it was found in.
    pub(crate) root: Option<PathBuf>,
    /// What lay there when the rule looked.
    pub(crate) seen: Option<Stat>,
    /// The steps in order.
    pub(crate) steps: Vec<Step>,
    /// For each operation of each step, how long the file it writes to will be by then; `None` where there is none.
    pub(crate) lengths: Vec<Vec<Option<u64>>>,
    /// Why the steps end early, where they do: the action that could not be planned.
    pub(crate) failure: Option<Failure>,
    /// What remains to be planned once a command has said its word.
    pub(crate) rest: Option<Rest>,
    /// Where the subject will be afterwards.
    pub(crate) end: Option<PathBuf>,
    /// Everything the steps make or move somewhere.
    pub(crate) produced: Vec<PathBuf>,
}

/// An action that could not be planned.
pub(crate) struct Failure {
    pub(crate) action: &'static str,
    pub(crate) path: Option<PathBuf>,
    pub(crate) message: String,
}

/// A chain that stopped behind a command, because later actions may use what it prints.
pub(crate) struct Rest {
    next: usize,
    publish: &'static str,
    vars: BTreeMap<String, Value>,
}

/// A subject that a rule has matched, with what its filters have published.
pub(crate) struct Matched {
    path: Option<PathBuf>,
    vars: BTreeMap<String, Value>,
}

impl Matched {
    /// What the actions will get, where a filter has chosen another file than the one it was asked about.
    pub(crate) fn switched(&self, asked: &Path) -> Option<&Path> {
        self.path.as_deref().filter(|path| *path != asked)
    }
}

/// How commands are treated while planning.
#[derive(Clone, Copy)]
pub(crate) enum Commands<'a> {
    /// The plan ends behind a command and goes on when it has really run.
    Wait,
    /// They are pretended, except those that ask to be run in a simulation.
    Pretend(&'a dyn Outside),
}

/// Plans for one batch: the world as planned so far, and what is remembered through the run.
pub(crate) struct Planner<'a> {
    pub(crate) world: &'a Overlay<'a>,
    pub(crate) memory: &'a mut RunMemory,
    pub(crate) commands: Commands<'a>,
}

impl Planner<'_> {
    /// Whether `rule` matches the thing at `path`, and what its filters have found out. Nothing is planned yet.
    pub(crate) fn matches(&mut self, rule: &Rule, path: &Path, root: &Path) -> Option<Matched> {
        let mut cx = Context::new(self.world, rule, path, root, self.memory);
        rule.matches(&mut cx).then(|| Matched { path: cx.path, vars: cx.vars })
    }

    /// When time alone may make `rule` match the thing at `path`, which it does not now.
    pub(crate) fn next_change(&mut self, rule: &Rule, path: &Path, root: &Path) -> Option<Timestamp> {
        if !rule.watches_clock() {
            return None;
        }
        let looking = std::mem::replace(&mut self.memory.looking, Looking::Clock);
        let at = rule.next_change(&mut Context::new(self.world, rule, path, root, self.memory));
        self.memory.looking = looking;
        at
    }

    /// What `rule` will do with what it has matched.
    pub(crate) fn plan(&mut self, rule: &Arc<Rule>, matched: Matched, root: &Path, seen: Stat) -> Chain {
        let mut cx = Context::standalone(self.world, rule, self.memory);
        let mut chain = Chain::new(rule, matched.path.as_deref(), Some(root), Some(seen));
        (cx.path, cx.root, cx.vars) = (matched.path, Some(root.to_path_buf()), matched.vars);
        extend(&mut chain, cx, 0, self.world, self.commands);
        chain
    }

    /// What a rule without locations will do.
    pub(crate) fn standalone(&mut self, rule: &Arc<Rule>) -> Chain {
        let cx = Context::standalone(self.world, rule, self.memory);
        let mut chain = Chain::new(rule, None, None, None);
        extend(&mut chain, cx, 0, self.world, self.commands);
        chain
    }

    /// Goes on with a chain after its command has run.
    pub(crate) fn resume(&mut self, chain: &mut Chain, rest: Rest, said: &Spawned) {
        let rule = Arc::clone(&chain.rule);
        let mut cx = Context::standalone(self.world, &rule, self.memory);
        cx.path.clone_from(&chain.end);
        cx.root.clone_from(&chain.root);
        cx.vars = rest.vars;
        cx.vars.insert(rest.publish.to_owned(), published(said));
        extend(chain, cx, rest.next, self.world, self.commands);
    }
}

impl Chain {
    fn new(rule: &Arc<Rule>, subject: Option<&Path>, root: Option<&Path>, seen: Option<Stat>) -> Self {
        Self {
            rule: Arc::clone(rule),
            subject: subject.map(Path::to_path_buf),
            root: root.map(Path::to_path_buf),
            seen,
            steps: Vec::new(),
            lengths: Vec::new(),
            failure: None,
            rest: None,
            end: subject.map(Path::to_path_buf),
            produced: Vec::new(),
        }
    }
}

/// Plans the rule's actions from the `next`th on, applying each step to the overlay so that the one after sees it.
fn extend(chain: &mut Chain, mut cx: Context<'_>, next: usize, world: &Overlay<'_>, commands: Commands<'_>) {
    let rule = cx.rule;
    for (nr, action) in rule.actions.iter().enumerate().skip(next) {
        if cx.stopped {
            break;
        }
        let before = cx.path.clone();
        match action.plan(&mut cx) {
            Ok(step) => {
                chain.lengths.push(step.ops.iter().map(|op| apply(op, world)).collect());
                let spawn = step.ops.iter().find_map(as_spawn).cloned();
                chain.steps.push(step);
                let Some(spawn) = spawn else { continue };
                match commands {
                    Commands::Pretend(outside) => {
                        let said = pretend(&spawn, outside);
                        world.look_afresh();
                        cx.vars.insert(spawn.publish.to_owned(), published(&said));
                    }
                    Commands::Wait if nr + 1 < rule.actions.len() => {
                        let vars = std::mem::take(&mut cx.vars);
                        chain.rest = Some(Rest { next: nr + 1, publish: spawn.publish, vars });
                        break;
                    }
                    Commands::Wait => {}
                }
            }
            Err(error) => {
                let message = match &error.hint {
                    Some(hint) => format!("{error}: {hint}"),
                    None => error.to_string(),
                };
                chain.failure = Some(Failure { action: action.name(), path: before, message });
                break;
            }
        }
    }
    chain.end = cx.path;
    chain.produced.append(&mut cx.produced);
}

/// Applies an operation to the overlay; answers how long the file it writes to was before.
fn apply(op: &Op, world: &Overlay<'_>) -> Option<u64> {
    let length = match op {
        Op::Write { path, .. } => world.stat(path).ok().map(|stat| stat.size),
        _ => None,
    };
    world.apply(op);
    length
}

fn as_spawn(op: &Op) -> Option<&Spawn> {
    if let Op::Spawn(spawn) = op { Some(spawn) } else { None }
}

fn pretend(spawn: &Spawn, outside: &dyn Outside) -> Spawned {
    let pretended =
        Spawned { output: spawn.simulation_output.clone(), returncode: spawn.simulation_returncode };
    if spawn.run_in_simulation { outside.spawn(spawn).unwrap_or(pretended) } else { pretended }
}

fn published(said: &Spawned) -> Value {
    Value::from(BTreeMap::from([
        ("output", Value::from(said.output.as_str())),
        ("returncode", Value::from(said.returncode)),
    ]))
}

/// Whether this kind of thing can be a subject of the rule at all.
pub(crate) fn targeted(rule: &Rule, kind: Kind) -> bool {
    match kind {
        Kind::File => rule.targets.files,
        Kind::Dir => rule.targets.dirs,
        Kind::Symlink | Kind::Other => false,
    }
}
