//! Planning: what the rules would do with one subject, in order, with final names and without effect.
//!
//! A simulation, a preview and a real run all come through here. They differ in what happens to the plan afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use minijinja::Value;
use minijinja::value::Object;
use usher_event::{Kind, Sentence, sentence};
use usher_rule::context::{Haste, Looking, RunMemory};
use usher_rule::{Context, Inquiry, Op, PythonAnswer, Rule, Stat, Step, World};

use crate::asked::Reply;
use crate::disk::Overlay;
use crate::look::Looked;
use crate::outside::{Outside, Spawned};

/// What one rule will do with one subject.
pub(crate) struct Chain {
    /// The rule.
    pub(crate) rule: Arc<Rule>,
    /// The subject as it was found; `None` for a standalone rule.
    pub(crate) subject: Option<PathBuf>,
    /// The folder it was found in.
    pub(crate) root: Option<PathBuf>,
    /// What lay there when the rule looked; `None` where nothing did.
    pub(crate) seen: Option<Stat>,
    /// Whether that is what an earlier step was to put there, so that its number and device were not known yet.
    pub(crate) planned: bool,
    /// The steps in order.
    pub(crate) steps: Vec<Step>,
    /// For each operation of each step, how long the file it writes to will be by then; `None` where there is none.
    pub(crate) lengths: Vec<Vec<Option<u64>>>,
    /// Why the steps end early, where they do: the action that could not be planned.
    pub(crate) failure: Option<Failure>,
    /// What remains to be planned once a command has said its word, or the user has.
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
    pub(crate) message: Sentence,
}

/// What a command or some Python has said.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    Command(Spawned),
    Python(PythonAnswer),
}

/// The part of a chain that cannot be planned yet.
pub(crate) struct Rest {
    next: usize,
    waits: Waits,
    vars: BTreeMap<String, Value>,
    /// Where relative paths started when the chain was begun; by now that may be another directory's turn.
    cwd: PathBuf,
}

/// What a chain waits for.
enum Waits {
    /// What comes of a command or some Python, which later actions may use; published under this name.
    Result(&'static str),
    /// The user's answer to what this step asks.
    Answer(Step),
}

impl Rest {
    /// What is asked, where this is what the chain waits for.
    fn asks(&self) -> Option<&Inquiry> {
        match &self.waits {
            Waits::Answer(step) => step.asks.as_ref(),
            Waits::Result(_) => None,
        }
    }

    /// Where relative paths start.
    pub(crate) fn cwd(&self) -> &Path {
        &self.cwd
    }
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
    /// They are pretended, all of them: there is no file they could look at.
    Imagine,
}

/// Plans for one batch: the world as planned so far, and what is remembered through the run.
pub(crate) struct Planner<'a> {
    pub(crate) world: &'a Overlay<'a>,
    pub(crate) memory: &'a mut RunMemory,
    pub(crate) commands: Commands<'a>,
}

impl Planner<'_> {
    /// Whether `rule` matches the thing at `path`, what its filters have found out, and what they have to tell. Nothing
    /// is planned yet. `None` where a filter would have to be asked that is not to be in this haste.
    pub(crate) fn look(&mut self, rule: &Rule, path: &Path, root: &Path, haste: Haste) -> Option<Looked> {
        let mut cx = Context::new(self.world, rule, path, root, self.memory);
        cx.haste = haste;
        let matched = rule.matches(&mut cx);
        let told = std::mem::take(&mut cx.told);
        let matched = matched.then_some(Matched { path: cx.path, vars: cx.vars });
        (!cx.put_off).then_some(Looked { matched, told, next: None })
    }

    /// The same for one who takes the time for every filter, and to whom nothing has to be told.
    pub(crate) fn matches(&mut self, rule: &Rule, path: &Path, root: &Path) -> Option<Matched> {
        self.look(rule, path, root, Haste::None).and_then(|looked| looked.matched)
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
        self.chain(rule, matched, root, Some(seen))
    }

    /// The same for what it has matched by its path, because nothing is there any more.
    pub(crate) fn plan_absent(&mut self, rule: &Arc<Rule>, matched: Matched, root: &Path) -> Chain {
        self.chain(rule, matched, root, None)
    }

    fn chain(&mut self, rule: &Arc<Rule>, matched: Matched, root: &Path, seen: Option<Stat>) -> Chain {
        let mut cx = Context::standalone(self.world, rule, self.memory);
        let mut chain = Chain::new(rule, matched.path.as_deref(), Some(root), seen);
        chain.planned = matched.path.as_deref().is_some_and(|path| self.world.touched(path));
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

    /// Goes on with a chain after its command or code has run.
    pub(crate) fn resume(&mut self, chain: &mut Chain, rest: Rest, said: &Said) {
        let Waits::Result(published) = rest.waits else { return };
        let rule = Arc::clone(&chain.rule);
        let mut cx = Context::standalone(self.world, &rule, self.memory);
        cx.path.clone_from(&chain.end);
        cx.root.clone_from(&chain.root);
        cx.vars = rest.vars;
        publish(&mut cx, published, said);
        chain.tell(printed(&cx, said));
        extend(chain, cx, rest.next, self.world, self.commands);
    }

    /// Goes on with a chain after its question was answered. Nothing more is planned after a no.
    pub(crate) fn answered(&mut self, chain: &mut Chain, reply: Reply) {
        let Some(Rest { next, waits: Waits::Answer(step), vars, .. }) = chain.rest.take() else { return };
        match reply {
            Reply::Nobody => {
                let message = sentence!("asks-nobody", "nobody was there to answer");
                chain.failure = Some(Failure { action: step.action, path: step.from, message });
            }
            Reply::No => chain.tell(Some(step.answered(false))),
            Reply::Yes => {
                chain.tell(Some(step.answered(true)));
                let rule = Arc::clone(&chain.rule);
                let mut cx = Context::standalone(self.world, &rule, self.memory);
                cx.path.clone_from(&chain.end);
                cx.root.clone_from(&chain.root);
                cx.vars = vars;
                extend(chain, cx, next, self.world, self.commands);
            }
        }
    }
}

impl Chain {
    pub(crate) fn new(
        rule: &Arc<Rule>,
        subject: Option<&Path>,
        root: Option<&Path>,
        seen: Option<Stat>,
    ) -> Self {
        Self {
            rule: Arc::clone(rule),
            subject: subject.map(Path::to_path_buf),
            root: root.map(Path::to_path_buf),
            seen,
            planned: false,
            steps: Vec::new(),
            lengths: Vec::new(),
            failure: None,
            rest: None,
            end: subject.map(Path::to_path_buf),
            produced: Vec::new(),
        }
    }

    /// Whether nothing is to be done before something is asked.
    pub(crate) fn only_asks(&self) -> bool {
        self.steps.is_empty() && self.failure.is_none() && self.inquiry().is_some()
    }

    /// What is asked before the rest of it is planned.
    pub(crate) fn inquiry(&self) -> Option<&Inquiry> {
        self.rest.as_ref().and_then(Rest::asks)
    }

    /// Adds a step that only tells something, where there is one.
    fn tell(&mut self, step: Option<Step>) {
        self.lengths.extend(step.iter().map(|step| vec![None; step.ops.len()]));
        self.steps.extend(step);
    }
}

/// Plans the rule's actions from the `next`th on, applying each step to the overlay so that the one after sees it.
fn extend(chain: &mut Chain, mut cx: Context<'_>, next: usize, world: &Overlay<'_>, commands: Commands<'_>) {
    let rule = cx.rule;
    for (nr, action) in rule.actions.iter().enumerate().skip(next) {
        let before = cx.path.clone();
        match action.plan(&mut cx) {
            Ok(step) if step.asks.is_some() => {
                if ask(chain, step, nr + 1, &mut cx, commands) {
                    break;
                }
            }
            Ok(step) => {
                chain.lengths.push(step.ops.iter().map(|op| apply(op, world)).collect());
                let waits = step.ops.iter().find_map(waits);
                let pretended = match commands {
                    Commands::Pretend(outside) => {
                        let said = step.ops.iter().find_map(|op| pretend(op, &cx, Some(outside)));
                        if said.is_some() {
                            world.look_afresh();
                        }
                        said
                    }
                    Commands::Imagine => step.ops.iter().find_map(|op| pretend(op, &cx, None)),
                    Commands::Wait => None,
                };
                let over = step.over;
                chain.steps.push(step);
                if over {
                    break;
                }
                match (waits, pretended) {
                    (Some((published, _)), Some(Pretended::Said(said))) => {
                        publish(&mut cx, published, &said);
                        chain.tell(printed(&cx, &said));
                    }
                    (Some((published, _)), Some(Pretended::Value(value))) => {
                        cx.vars.insert(published.to_owned(), value);
                    }
                    (Some(_), Some(Pretended::Failed(message))) => {
                        chain.failure = Some(Failure { action: action.name(), path: before, message });
                        break;
                    }
                    // What code prints is told even where no action comes after it.
                    (Some((publish, prints)), None) if prints || nr + 1 < rule.actions.len() => {
                        chain.rest = Some(rest(&mut cx, nr + 1, Waits::Result(publish)));
                        break;
                    }
                    _ => {}
                }
            }
            Err(error) => {
                let message = match error.source {
                    Some(why) => sentence!("with-cause", "{what}: {why}", what = error.message, why = why),
                    None => error.message,
                };
                let message = match error.hint {
                    Some(hint) => sentence!("with-hint", "{what}: {hint}", what = message, hint = hint),
                    None => message,
                };
                chain.failure = Some(Failure { action: action.name(), path: before, message });
                break;
            }
        }
    }
    chain.end = cx.path;
    chain.produced.append(&mut cx.produced);
}

/// What remains of a chain from the `next`th action on.
fn rest(cx: &mut Context<'_>, next: usize, waits: Waits) -> Rest {
    Rest { next, waits, vars: std::mem::take(&mut cx.vars), cwd: cx.world.working_dir() }
}

/// Stops at a question, or goes on with its default where the plan is not meant to be carried out. Says whether the
/// chain ends here.
fn ask(chain: &mut Chain, step: Step, next: usize, cx: &mut Context<'_>, commands: Commands<'_>) -> bool {
    let default = step.asks.as_ref().is_none_or(|asks| asks.default);
    match commands {
        Commands::Wait => {
            chain.rest = Some(rest(cx, next, Waits::Answer(step)));
            true
        }
        Commands::Pretend(_) | Commands::Imagine => {
            chain.tell(Some(step.answered(default)));
            !default
        }
    }
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

/// The variable that the result of an operation is published as where the plan has to wait for it, and whether that
/// can be something to tell.
fn waits(op: &Op) -> Option<(&'static str, bool)> {
    match op {
        Op::Spawn(spawn) => Some((spawn.publish, false)),
        Op::Python(_) => Some(("python", true)),
        _ => None,
    }
}

/// What a simulation makes of an operation that a run waits for.
enum Pretended {
    /// It was run, or is taken to have said this.
    Said(Said),
    /// It was not run, and this stands for its result.
    Value(Value),
    /// It was run and failed.
    Failed(Sentence),
}

/// Pretends what is only simulated. What asks to be run then too is, where there is an outside to run it.
fn pretend(op: &Op, cx: &Context<'_>, outside: Option<&dyn Outside>) -> Option<Pretended> {
    match op {
        Op::Spawn(spawn) => {
            let pretended =
                Spawned { output: spawn.simulation_output.clone(), returncode: spawn.simulation_returncode };
            let said = match outside.filter(|_| spawn.run_in_simulation) {
                Some(outside) => outside.spawn(&spawn.command).unwrap_or(pretended),
                None => pretended,
            };
            Some(Pretended::Said(Said::Command(said)))
        }
        Op::Python(step) if step.run_in_simulation && outside.is_some() => {
            Some(match cx.world.python(&step.call) {
                Ok(PythonAnswer { outcome: Err(error), .. }) => Pretended::Failed(Sentence::foreign(error)),
                Ok(answer) => Pretended::Said(Said::Python(answer)),
                Err(error) => Pretended::Failed(sentence!(
                    "work-no-code",
                    "cannot run the code: {error}",
                    error = error
                )),
            })
        }
        Op::Python(_) => {
            Some(Pretended::Value(Value::from_object(Unknown { known: cx.vars.get("python").cloned() })))
        }
        _ => None,
    }
}

/// The result of code that a simulation has not run: known as far as filters have filled it, and a word for the rest.
#[derive(Debug)]
struct Unknown {
    known: Option<Value>,
}

impl Object for Unknown {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let known = self.known.as_ref().and_then(|known| known.get_item(key).ok());
        Some(known.filter(|known| !known.is_undefined()).unwrap_or_else(|| Value::from(UNKNOWN)))
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(UNKNOWN)
    }
}

/// What stands where code would have put something; the same as for commands.
const UNKNOWN: &str = "** simulation **";

/// Lets later actions see what came of a command or some code.
fn publish(cx: &mut Context<'_>, name: &'static str, said: &Said) {
    let value = match said {
        Said::Command(said) => Value::from(BTreeMap::from([
            ("output", Value::from(said.output.as_str())),
            ("returncode", Value::from(said.returncode)),
        ])),
        // Code that returns nothing leaves what filters have put there.
        Said::Python(PythonAnswer { outcome: Ok(value), .. }) if !value.is_none() => {
            usher_rule::python::merged(cx.vars.get(name), value.clone())
        }
        Said::Python(_) => return,
    };
    cx.vars.insert(name.to_owned(), value);
}

/// What code has printed, as a step of its own.
fn printed(cx: &Context<'_>, said: &Said) -> Option<Step> {
    let Said::Python(answer) = said else { return None };
    let text = Some(answer.printed.clone()).filter(|text| !text.is_empty())?;
    let ops = vec![Op::Say { text: text.clone() }];
    Some(Step { from: cx.path.clone(), ops, note: Some(Sentence::foreign(text)), ..Step::new("python") })
}

/// Whether this kind of thing can be a subject of the rule at all.
pub(crate) fn targeted(rule: &Rule, kind: Kind) -> bool {
    match kind {
        Kind::File => rule.targets.files,
        Kind::Dir => rule.targets.dirs,
        Kind::Symlink | Kind::Other => false,
    }
}
