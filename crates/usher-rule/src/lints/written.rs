//! A rule as it was written: names and values with their places, before they become filters and actions.

use crate::Span;
use crate::actions;
use crate::document::{Node, Pair, Value};
use crate::filters;
use crate::group::Mode;
use crate::load::{Kind, Param, Spec, as_flag, plain_text};

/// What stands in a rule.
pub(crate) struct Written<'d> {
    pairs: &'d [Pair],
    /// Filters in order, those of groups among them.
    pub(super) filters: Vec<Item<'d>>,
    /// Actions in order.
    pub(super) actions: Vec<Item<'d>>,
    /// Locations in order.
    pub(super) locations: Vec<&'d Node>,
}

/// A filter or an action.
pub(super) struct Item<'d> {
    /// Its declaration.
    pub(super) spec: &'static Spec,
    /// Where its name stands.
    pub(super) span: Span,
    /// Whether `not` or a group `none` turns it round.
    pub(super) negated: bool,
    value: Option<&'d Node>,
}

impl<'d> Written<'d> {
    /// What stands in `rule`; `None` where that is no mapping.
    pub(crate) fn of(rule: &'d Node) -> Option<Self> {
        let Value::Map(pairs) = &rule.value else { return None };
        let mut written = Self { pairs, filters: Vec::new(), actions: Vec::new(), locations: Vec::new() };
        let none = written.text("filter_mode") == Some("none");
        if let Some(node) = written.key("filters") {
            written.add_filters(node, none);
        }
        let specs = || actions::ALL.iter().map(|entry| entry.spec);
        for (name, span, value) in written.key("actions").map(items).unwrap_or_default() {
            let spec = specs().find(|spec| spec.name.eq_ignore_ascii_case(name));
            written.actions.extend(spec.map(|spec| Item { spec, span, negated: false, value }));
        }
        if let Some(node) = written.key("locations") {
            node.flatten(&mut |location| written.locations.push(location));
        }
        Some(written)
    }

    fn add_filters(&mut self, node: &'d Node, turned: bool) {
        for (name, span, value) in items(node) {
            let (negated, name) = name.strip_prefix("not ").map_or((false, name), |name| (true, name));
            let negated = negated != turned;
            match Mode::named(&name.to_ascii_lowercase()) {
                Some(mode) => {
                    if let Some(value) = value {
                        self.add_filters(value, negated != (mode == Mode::None));
                    }
                }
                None => {
                    let mut specs = filters::ALL.iter().map(|entry| entry.spec);
                    let spec = specs.find(|spec| spec.name.eq_ignore_ascii_case(name));
                    self.filters.extend(spec.map(|spec| Item { spec, span, negated, value }));
                }
            }
        }
    }

    /// Whether filters stand in groups.
    pub(super) fn groups_filters(&self) -> bool {
        let of_group = |(name, ..): &(&str, Span, Option<&Node>)| {
            Mode::named(&name.trim_start_matches("not ").to_ascii_lowercase()).is_some()
        };
        self.key("filters").is_some_and(|node| items(node).iter().any(of_group))
    }

    /// The value of a key of the rule.
    pub(super) fn key(&self, name: &str) -> Option<&'d Node> {
        value_of(self.pairs, name)
    }

    /// The same, where it is one text.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.key(name).and_then(Node::text)
    }

    /// Whether a key of the rule says yes.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.key(name).and_then(as_flag)
    }

    /// Where a key of the rule stands.
    pub(super) fn key_span(&self, name: &str) -> Span {
        let pair = self.pairs.iter().find(|pair| pair.key.text() == Some(name));
        pair.map(|pair| pair.key.span).unwrap_or_default()
    }

    /// Whether the rule looks at folders.
    pub(super) fn looks_at_dirs(&self) -> bool {
        let mut dirs = false;
        if let Some(node) = self.key("targets") {
            node.flatten(&mut |item| dirs |= item.text() == Some("dirs"));
        }
        dirs
    }

    /// Whether a location leaves some folders out.
    pub(super) fn leaves_dirs_out(&self) -> bool {
        let leaves_out = |location: &&Node| match &location.value {
            Value::Map(pairs) => {
                ["exclude_dirs", "filter_dirs"].iter().any(|name| value_of(pairs, name).is_some())
            }
            _ => false,
        };
        self.locations.iter().any(leaves_out)
    }

    /// The texts that actions fill in, with the nodes they stand in.
    pub(super) fn templates(&self) -> Vec<(&'d str, &'d Node)> {
        texts_of(&self.actions)
    }

    /// The same, and the texts of filters.
    pub(super) fn texts(&self) -> Vec<(&'d str, &'d Node)> {
        [texts_of(&self.filters), texts_of(&self.actions)].concat()
    }

    /// Every text in which what an event brings may stand; those of filters only where the rule waits for events, since
    /// braces are nothing but signs there otherwise.
    pub(super) fn asks_events(&self, waits: bool) -> Vec<(&'d str, &'d Node)> {
        let mut found = Vec::new();
        self.locations.iter().for_each(|location| scalars(location, &mut found));
        if let Some(guards) = self.key("while") {
            scalars(guards, &mut found);
        }
        for filter in self.filters.iter().filter(|_| waits) {
            found.extend(filter.given(|param| param.text_signs().is_some()));
        }
        for action in &self.actions {
            found.extend(action.given(|param| param.kind == Kind::Template));
        }
        found
    }

    /// Whether a path as it is written lies in one of the locations as they are written.
    pub(super) fn is_in_location(&self, path: &str) -> bool {
        let within = |location: &str| {
            let rest = path.strip_prefix(location.trim_end_matches(['/', '\\']));
            rest.is_some_and(|rest| rest.starts_with(['/', '\\']))
        };
        let mut found = false;
        for location in &self.locations {
            let place = match &location.value {
                Value::Map(pairs) => value_of(pairs, "path"),
                _ => Some(*location),
            };
            if let Some(place) = place {
                place.flatten(&mut |item| found |= plain_text(item).is_some_and(within));
            }
        }
        found
    }
}

/// Every text in what filters or actions are given.
fn texts_of<'d>(items: &[Item<'d>]) -> Vec<(&'d str, &'d Node)> {
    let mut found = Vec::new();
    for value in items.iter().filter_map(|item| item.value) {
        scalars(value, &mut found);
    }
    found
}

impl<'d> Item<'d> {
    /// The value given for a parameter, by name or as the bare value.
    pub(super) fn param(&self, name: &str) -> Option<&'d Node> {
        let value = self.value.filter(|value| !value.is_null())?;
        match &value.value {
            Value::Map(pairs) => value_of(pairs, name),
            _ => (self.spec.positional == Some(name)).then_some(value),
        }
    }

    /// The same, where it is one text.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.param(name).and_then(plain_text)
    }

    /// All texts of a parameter.
    pub(super) fn texts(&self, name: &str) -> Vec<(&'d str, &'d Node)> {
        let mut found = Vec::new();
        if let Some(node) = self.param(name) {
            node.flatten(&mut |item| found.extend(plain_text(item).map(|text| (text, item))));
        }
        found
    }

    /// All texts of some of the parameters.
    fn given(&self, wanted: impl Fn(&Param) -> bool) -> Vec<(&'d str, &'d Node)> {
        let params = self.spec.params.iter().filter(|param| wanted(param));
        params.flat_map(|param| self.texts(param.name)).collect()
    }

    /// Whether a parameter says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.param(name).and_then(as_flag) == Some(true)
    }

    /// Whether it has one of these names.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.spec.name)
    }

    /// Whether a placeholder in one of its texts refers to this variable.
    pub(super) fn refers_to(&self, variable: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut texts = Vec::new();
        if let Some(value) = self.value {
            scalars(value, &mut texts);
        }
        texts.into_iter().flat_map(|(text, _)| text.split('{').skip(1)).any(|code| {
            let code = code.split('}').next().unwrap_or(code);
            code.match_indices(variable).any(|(at, _)| {
                let (before, after) = (&code[..at], &code[at + variable.len()..]);
                !before.ends_with(|c: char| is_word(c) || c == '.') && !after.starts_with(is_word)
            })
        })
    }

    /// Where a parameter stands, or the name where it is not given.
    pub(super) fn at(&self, name: &str) -> Span {
        self.param(name).map_or(self.span, Node::head)
    }
}

/// The value of a key of a mapping.
pub(super) fn value_of<'d>(pairs: &'d [Pair], name: &str) -> Option<&'d Node> {
    pairs.iter().find(|pair| pair.key.text() == Some(name)).map(|pair| &pair.value)
}

/// Names with their places and values in a list of filters or actions. What is no such thing was refused before.
fn items(node: &Node) -> Vec<(&str, Span, Option<&Node>)> {
    let mut items = Vec::new();
    node.flatten(&mut |node| match &node.value {
        Value::Map(pairs) => {
            if let Some(pair) = pairs.first()
                && let Some(name) = pair.key.text()
            {
                items.push((name, pair.key.span, Some(&pair.value)));
            }
        }
        _ => items.extend(node.text().map(|name| (name, node.span, None))),
    });
    items
}

fn scalars<'d>(node: &'d Node, found: &mut Vec<(&'d str, &'d Node)>) {
    match &node.value {
        Value::Scalar(_) => found.extend(node.text().map(|text| (text, node))),
        Value::List(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Map(pairs) => pairs.iter().for_each(|pair| scalars(&pair.value, found)),
    }
}
