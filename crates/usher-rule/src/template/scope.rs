//! The variables a template can see, computed when they are asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, State, Value};

use super::{Moment, PathValue};
use crate::occasions::Facts;
use crate::{Context, World};

/// The names every template can use, whatever the rule's filters.
pub const BASICS: &[&str] =
    &["env", "now", "utcnow", "today", "path", "relative_path", "basedir", "location", "rule", "rule_nr"];

/// Where a template's variables come from.
pub trait Scope {
    /// The clock and the environment.
    fn world(&self) -> &dyn World;

    /// A variable other than `env`, `now`, `utcnow` and `today`.
    fn variable(&self, name: &str) -> Option<Value>;
}

/// A scope with nothing but the clock, the environment and what an edge brought along, for locations.
pub struct Basics<'w> {
    /// The clock and the environment.
    pub world: &'w dyn World,
    /// The variables of the edge.
    pub event: &'w Facts,
}

impl Scope for Basics<'_> {
    fn world(&self) -> &dyn World {
        self.world
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.event.get(name).cloned()
    }
}

/// A scope with a few variables of its own.
pub struct Vars<'w, 'v> {
    /// The clock and the environment.
    pub world: &'w dyn World,
    /// The variables.
    pub vars: &'v [(&'static str, Value)],
}

impl Scope for Vars<'_, '_> {
    fn world(&self) -> &dyn World {
        self.world
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.vars.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone())
    }
}

impl Scope for Context<'_> {
    fn world(&self) -> &dyn World {
        self.world
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let path = |path: Option<&std::path::Path>| match path {
            Some(path) => Value::from_object(PathValue(path.to_path_buf())),
            None => Value::from(()),
        };
        match name {
            "path" => Some(path(self.path.as_deref())),
            "relative_path" => Some(path(self.relative_path())),
            "basedir" | "location" => Some(path(self.root.as_deref())),
            "rule" if self.root.is_none() => Some(Value::from(())),
            "rule" => Some(self.rule.name.as_deref().map_or_else(|| Value::from(()), Value::from)),
            "rule_nr" => Some(Value::from(self.rule.nr)),
            _ => self.vars.get(name).cloned(),
        }
    }
}

/// The values of one filling, as the engine asks for them.
#[derive(Debug)]
pub(super) struct Frame {
    names: Arc<[String]>,
    values: Vec<Option<Value>>,
}

impl Frame {
    pub(super) fn new(names: &Arc<[String]>, scope: &dyn Scope, environ: &Environ) -> Self {
        let value = |name: &String| match name.as_str() {
            "env" => Some(environ.value()),
            "now" => Some(Clock::value(Moment::Naive(scope.world().now().datetime()))),
            "today" => Some(Clock::value(Moment::Date(scope.world().now().date()))),
            "utcnow" => {
                let utc = scope.world().now().with_time_zone(jiff::tz::TimeZone::UTC);
                Some(Clock::value(Moment::Naive(utc.datetime())))
            }
            name => scope.variable(name),
        };
        Self { values: names.iter().map(value).collect(), names: names.clone() }
    }
}

impl Object for Frame {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let place = self.names.iter().position(|name| name == key)?;
        self.values.get(place)?.clone()
    }
}

/// A function without arguments that answers with a time.
#[derive(Debug)]
struct Clock(Moment);

impl Clock {
    fn value(moment: Moment) -> Value {
        Value::from_object(Self(moment))
    }
}

impl Object for Clock {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _state: &mut State<'_, '_>, _args: &[Value]) -> Result<Value, Error> {
        Ok(Value::from_object(self.0.clone()))
    }
}

/// What a filling knows of the environment: variables already fetched, and those it asked for in vain.
#[derive(Debug, Default, Clone)]
pub(super) struct Environ(Arc<Asked>);

#[derive(Debug, Default)]
struct Asked {
    known: Mutex<BTreeMap<String, Option<String>>>,
}

impl Environ {
    fn value(&self) -> Value {
        Value::from_dyn_object(self.0.clone())
    }

    /// Looks up what was asked for and not known; answers whether there was anything.
    pub(super) fn fetch(&mut self, world: &dyn World) -> bool {
        let Ok(mut known) = self.0.known.lock() else { return false };
        let mut fetched = false;
        for (name, value) in known.iter_mut() {
            if value.is_none()
                && let Some(found) = world.env(name)
            {
                *value = Some(found);
                fetched = true;
            }
        }
        fetched
    }
}

impl Object for Asked {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let mut known = self.known.lock().ok()?;
        match known.get(key) {
            Some(value) => value.as_deref().map(Value::from),
            None => {
                known.insert(key.to_owned(), None);
                None
            }
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method != "get" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        let (name, default): (&str, Option<Value>) = minijinja::value::from_args(args)?;
        Ok(self.get_value_by_str(name).or(default).unwrap_or_else(|| Value::from(())))
    }
}
