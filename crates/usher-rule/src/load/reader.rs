//! Reading the parameters of one filter, action, location or rule.

use std::time::Duration;

use usher_event::{Sentence, sentence};

use super::problems::Problems;
use super::say::{names, text_wanted, unknown_key, unknown_word, wrong_type};
use super::spec::{Kind, Param, Spec};
use crate::document::{Node, Pair, ScalarKind, Value};
use crate::template::Template;
use crate::{Diagnostic, Span};

/// The parameters given to one thing, read against its declaration.
///
/// Nothing here fails: what is wrong goes to the [`Problems`] and the default is answered, so that one read finds every
/// mistake.
pub struct Reader<'r, 't> {
    spec: &'static Spec,
    /// Where the thing is named.
    span: Span,
    given: Vec<(&'static Param, &'r Node)>,
    others: Vec<(&'r str, &'r Node)>,
    problems: &'r mut Problems<'t>,
    /// Its place in the rule's list of actions.
    pub nr: usize,
}

impl<'r, 't> Reader<'r, 't> {
    /// Reads what stands behind the name of a filter or an action: nothing, one value, or a mapping of parameters.
    pub fn item(
        spec: &'static Spec,
        span: Span,
        node: Option<&'r Node>,
        problems: &'r mut Problems<'t>,
    ) -> Self {
        let mut reader = Self { spec, span, given: Vec::new(), others: Vec::new(), problems, nr: 0 };
        reader.check_system();
        match node.map(|node| (node, &node.value)) {
            None => {}
            Some((node, _)) if node.is_null() => {}
            Some((_, Value::Map(pairs))) => reader.pairs(pairs),
            Some((node, _)) => reader.positional(node),
        }
        reader.check_required();
        reader
    }

    /// Reads a node that is a mapping of parameters; `None` where it is something else.
    pub fn of_mapping(spec: &'static Spec, node: &'r Node, problems: &'r mut Problems<'t>) -> Option<Self> {
        match &node.value {
            Value::Map(pairs) => Some(Self::mapping(spec, node.head(), pairs, problems)),
            _ => None,
        }
    }

    /// Reads a mapping of parameters.
    pub fn mapping(
        spec: &'static Spec,
        span: Span,
        pairs: &'r [Pair],
        problems: &'r mut Problems<'t>,
    ) -> Self {
        let mut reader = Self { spec, span, given: Vec::new(), others: Vec::new(), problems, nr: 0 };
        reader.pairs(pairs);
        reader.check_required();
        reader
    }

    /// Where the thing is named.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The name rules use for the thing.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Where to put further problems.
    pub fn problems(&mut self) -> &mut Problems<'t> {
        self.problems
    }

    fn pairs(&mut self, pairs: &'r [Pair]) {
        for pair in pairs {
            let name = pair.key.text().unwrap_or("");
            match self.spec.param(name) {
                Some(param) => self.given.push((param, &pair.value)),
                None if self.spec.others.is_some() && !name.is_empty() => {
                    self.others.push((name, &pair.value))
                }
                None => self.problems.push(unknown_key(self.spec, name, pair.key.span)),
            }
        }
    }

    fn positional(&mut self, node: &'r Node) {
        match self.spec.positional.and_then(|name| self.spec.param(name)) {
            Some(param) => self.given.push((param, node)),
            None if self.spec.params.is_empty() => self.problems.push(
                Diagnostic::error(
                    "no_parameters",
                    node.head(),
                    sentence!("load-no-parameters", "`{name}` takes no parameters", name = self.spec.name),
                )
                .help(sentence!(
                    "load-no-parameters-help",
                    "write `{name}` alone",
                    name = self.spec.name
                )),
            ),
            None => self.problems.push(
                Diagnostic::error(
                    "wrong_type",
                    node.head(),
                    sentence!("load-by-name", "`{name}` wants its parameters by name", name = self.spec.name),
                )
                .help(sentence!(
                    "load-by-name-help",
                    "its parameters are {names}",
                    names = names(self.spec)
                )),
            ),
        }
    }

    fn check_system(&mut self) {
        if self.spec.is_here() {
            return;
        }
        let message = sentence!(
            "lint-not-available-here",
            "`{name}` works on {systems} only",
            name = self.spec.name,
            systems = systems(self.spec.systems),
        );
        let problem = Diagnostic::warning("not_available_here", self.span, message);
        self.problems.push(problem.help(sentence!(
            "lint-not-available-here-help",
            "here a filter lets nothing through and an action is skipped: leave it out, or keep the rule for the \
             system it is meant for"
        )));
    }

    fn check_required(&mut self) {
        for param in self.spec.params.iter().filter(|param| param.default.is_none()) {
            if self.node(param.name).is_none() {
                let message = sentence!(
                    "load-missing-parameter",
                    "`{thing}` needs `{name}`",
                    thing = self.spec.name,
                    name = param.name,
                );
                let problem = Diagnostic::error("missing_parameter", self.span, message);
                self.problems.push(problem.help(param_help(param)));
            }
        }
    }

    /// The node given for a parameter.
    pub fn node(&self, name: &str) -> Option<&'r Node> {
        self.given.iter().find(|(param, _)| param.name == name).map(|(_, node)| *node)
    }

    /// The keys that are no parameters, for a thing that takes any.
    pub fn others(&self) -> &[(&'r str, &'r Node)] {
        &self.others
    }

    /// A text, or the parameter's default.
    pub fn text(&mut self, name: &'static str) -> String {
        match self.scalar(name) {
            Some(text) => text.to_owned(),
            None => self.default(name).to_owned(),
        }
    }

    /// A text that need not be there.
    pub fn optional(&mut self, name: &'static str) -> Option<String> {
        self.node(name).filter(|node| !node.is_null())?;
        self.scalar(name).map(str::to_owned)
    }

    /// A template, compiled.
    pub fn template(&mut self, name: &'static str) -> Template {
        match self.node(name) {
            Some(node) => match self.scalar(name) {
                Some(text) => {
                    if let Some(param) = self.spec.param(name).filter(|param| param.filled) {
                        check_filled(param, text, node, self.problems);
                    }
                    compile(node, self.problems)
                }
                None => Template::default(),
            },
            None => Template::compile(self.default(name)).unwrap_or_default(),
        }
    }

    /// A template that need not be there.
    pub fn given(&mut self, name: &'static str) -> Option<Template> {
        self.node(name).filter(|node| !node.is_null())?;
        Some(self.template(name))
    }

    /// The template in a node, for parameters that take several.
    pub fn compile(&mut self, node: &Node) -> Template {
        compile(node, self.problems)
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &'static str) -> bool {
        let default = self.default(name) == "true";
        let Some(node) = self.node(name) else { return default };
        as_flag(node).unwrap_or_else(|| {
            self.wrong(name, node, sentence!("wanted-flag", "yes or no"));
            default
        })
    }

    /// A whole number.
    pub fn int(&mut self, name: &'static str) -> i64 {
        let default = self.default(name).parse().unwrap_or(0);
        let Some(node) = self.node(name) else { return default };
        as_int(node).unwrap_or_else(|| {
            self.wrong(name, node, sentence!("wanted-int", "a whole number"));
            default
        })
    }

    /// A number of things; the parameter's default where there is none, and where it has none nothing.
    pub fn count(&mut self, name: &'static str) -> Option<i64> {
        let default = self.default(name).parse().ok();
        let Some(node) = self.node(name) else { return default };
        if node.is_null() && default.is_none() {
            return None;
        }
        let least = self.spec.param(name).map_or(0, |param| match param.kind {
            Kind::Count(least) => i64::from(least),
            _ => 0,
        });
        let is_flag = node.scalar().is_some_and(|scalar| matches!(scalar.kind, ScalarKind::Bool(_)));
        let count = as_int(node).filter(|count| !is_flag && *count >= least);
        if count.is_none() {
            let wanted = sentence!(
                "wanted-count",
                "a whole number from {least} to {most}",
                least = least,
                most = i64::MAX
            );
            self.wrong(name, node, wanted);
        }
        count.or(default)
    }

    /// One of the declared words.
    pub fn choice(&mut self, name: &'static str) -> &'static str {
        let words = self.words(name);
        let default = self.default(name);
        let Some(text) = self.scalar(name) else { return default };
        if let Some(word) = words.iter().find(|word| **word == text) {
            return word;
        }
        let span = self.node(name).map_or(self.span, Node::head);
        self.problems.push(unknown_word(name, text, words, span));
        default
    }

    /// Those of the declared words that are given.
    pub fn choices(&mut self, name: &'static str) -> Vec<&'static str> {
        let words = self.words(name);
        let mut chosen = Vec::new();
        for (text, node) in self.texts(name) {
            match words.iter().find(|word| **word == text) {
                Some(word) => chosen.push(*word),
                None => self.problems.push(unknown_word(name, &text, words, node.head())),
            }
        }
        chosen
    }

    fn words(&self, name: &str) -> &'static [&'static str] {
        match self.spec.param(name).map(|param| param.kind) {
            Some(Kind::Choice(words) | Kind::Choices(words)) => words,
            _ => &[],
        }
    }

    /// All texts given for a parameter with the nodes they stand in, lists in lists flattened.
    pub fn texts(&mut self, name: &'static str) -> Vec<(String, &'r Node)> {
        let mut texts = Vec::new();
        let mut wrong = Vec::new();
        if let Some(node) = self.node(name) {
            node.flatten(&mut |item| match plain_text(item) {
                Some(text) => texts.push((text.to_owned(), item)),
                None => wrong.push(item),
            });
        }
        for (_, item) in &texts {
            self.problems.note_number(item);
        }
        for item in wrong {
            self.wrong(name, item, text_wanted());
        }
        texts
    }

    /// A number of bytes, with or without a unit: `2GB`, `500 MiB`.
    pub fn bytes(&mut self, name: &'static str) -> u64 {
        let default = parse_bytes(self.default(name)).unwrap_or(0);
        let Some(node) = self.node(name) else { return default };
        let bytes = plain_text(node).and_then(parse_bytes);
        if bytes.is_none() {
            let message = sentence!("load-bad-size", "`{name}` wants a number of bytes", name = name);
            self.problems.push(
                Diagnostic::error("bad_size", node.head(), message)
                    .help(sentence!("load-bad-size-help", "write a number and a unit: `500MB`, `2 GiB`")),
            );
        }
        bytes.unwrap_or(default)
    }

    /// A time span, where one is given.
    pub fn duration(&mut self, name: &'static str) -> Option<Duration> {
        let node = self.node(name).filter(|node| !node.is_null())?;
        let duration = node.text().and_then(parse_duration);
        if duration.is_none() {
            let message = sentence!("load-bad-duration", "`{name}` wants a time span", name = name);
            self.problems.push(Diagnostic::error("bad_duration", node.head(), message).help(sentence!(
                "load-bad-duration-help",
                "write `500ms`, `2s`, `1m`, `1h`, or a number of seconds"
            )));
        }
        duration
    }

    /// Says that a parameter has the wrong type; `wanted` says what it is to be.
    pub fn wrong(&mut self, name: &str, node: &Node, wanted: Sentence) {
        self.problems.push(wrong_type(name, node, wanted));
    }

    fn scalar(&mut self, name: &'static str) -> Option<&'r str> {
        let node = self.node(name)?;
        let text = plain_text(node);
        match text {
            Some(_) => self.problems.note_number(node),
            None => self.wrong(name, node, text_wanted()),
        }
        text
    }

    fn default(&self, name: &str) -> &'static str {
        self.spec.param(name).and_then(|param| param.default).unwrap_or("")
    }
}

/// Some systems as one reads them aloud.
fn systems(systems: &[&str]) -> Sentence {
    let names: Vec<&str> = systems.iter().map(|system| system_name(system)).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            sentence!("list-and", "{head} and {last}", head = rest.join(" and "), last = *last)
        }
        last => Sentence::foreign(last.map_or("", |(last, _)| *last)),
    }
}

/// What people call a system.
pub(crate) fn system_name(system: &str) -> &str {
    match system {
        "macos" => "macOS",
        "linux" => "Linux",
        "windows" => "Windows",
        other => other,
    }
}

/// The text of a node where text is wanted: numbers are text too, yes and no are not.
pub(crate) fn plain_text(node: &Node) -> Option<&str> {
    let scalar = node.scalar()?;
    let fits = matches!(scalar.kind, ScalarKind::Text | ScalarKind::Int(_) | ScalarKind::Float(_));
    fits.then_some(&*scalar.text)
}

/// A truth value in any spelling organize takes.
pub(crate) fn as_flag(node: &Node) -> Option<bool> {
    let scalar = node.scalar()?;
    match scalar.kind {
        ScalarKind::Bool(flag) => Some(flag),
        ScalarKind::Int(0) => Some(false),
        ScalarKind::Int(1) => Some(true),
        ScalarKind::Float(0.0) => Some(false),
        ScalarKind::Float(1.0) => Some(true),
        ScalarKind::Text => match scalar.text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
            "false" | "f" | "no" | "n" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A whole number, also one written as text or with an empty fraction.
pub(super) fn as_int(node: &Node) -> Option<i64> {
    let scalar = node.scalar()?;
    match scalar.kind {
        ScalarKind::Int(whole) => Some(whole),
        // organize counts yes as one.
        ScalarKind::Bool(flag) => Some(i64::from(flag)),
        ScalarKind::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => Some(float as i64),
        ScalarKind::Text => {
            let text = scalar.text.trim();
            let whole =
                text.split_once('.').filter(|(_, fraction)| fraction.bytes().all(|digit| digit == b'0'));
            whole.map_or(text, |(whole, _)| whole).parse().ok()
        }
        _ => None,
    }
}

/// Refuses a text that no file, command or name can be.
pub(super) fn check_filled(param: &Param, text: &str, node: &Node, problems: &mut Problems<'_>) {
    let message = if text.is_empty() {
        sentence!("load-empty-text", "`{name}` is empty", name = param.name)
    } else if text.contains('\0') {
        sentence!("load-nul", "`{name}` holds a character that no name can hold (NUL)", name = param.name)
    } else {
        return;
    };
    problems.push(Diagnostic::error("empty_text", node.head(), message).help(param_help(param)));
}

/// What a parameter means, for whoever has left it out.
fn param_help(param: &Param) -> Sentence {
    sentence!("load-missing-parameter-help", "{name}: {doc}", name = param.name, doc = param.doc)
}

/// A template in a node; a mistake in it is a problem at its exact place.
pub(super) fn compile(node: &Node, problems: &mut Problems<'_>) -> Template {
    let Some(scalar) = node.scalar() else { return Template::default() };
    match Template::compile(&scalar.text) {
        Ok(template) => {
            if let Some(part) = template.dollar_brace() {
                let name = &scalar.text[part.start + 2..part.end - 1];
                let span = problems.within(node, scalar, part.clone());
                let message = sentence!(
                    "lint-dollar-brace",
                    "`${{{name}}}` reads the placeholder `{name}`, not the environment",
                    name = name,
                );
                problems.push(Diagnostic::warning("dollar_brace", span, message).help(sentence!(
                    "lint-dollar-brace-help",
                    "for the environment variable write `${name}` or `{{env.{name}}}`",
                    name = name,
                )));
            }
            template
        }
        Err(error) => {
            let span = error.part.map_or(node.span, |part| problems.within(node, scalar, part));
            let message =
                sentence!("load-template", "the template cannot be read: {why}", why = error.message);
            problems.push(Diagnostic::error("template_syntax", span, message).help(sentence!(
                "load-template-help",
                "placeholders stand in single braces: `{{extension}}`; for a brace itself write `{{'{{'}}`"
            )));
            Template::default()
        }
    }
}

/// `500ms`, `2s`, `1m`, `1h`, `1d` or a number of seconds.
fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86400.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

/// A number and a unit: `k`, `kB`, `KiB` and so on up to `T`.
fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim();
    let unit = unit.strip_suffix('b').unwrap_or(unit);
    let (unit, base) = unit.strip_suffix('i').map_or((unit, 1000f64), |unit| (unit, 1024f64));
    let power = match unit {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    let bytes = number.parse::<f64>().ok()? * base.powi(power);
    (0.0..9e18).contains(&bytes).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_with_and_without_units() {
        for (text, bytes) in
            [("0", 0), ("12b", 12), ("2GB", 2_000_000_000), ("1.5 KiB", 1536), ("3m", 3_000_000)]
        {
            assert_eq!(parse_bytes(text), Some(bytes), "{text}");
        }
        for text in ["", "GB", "-1", "1x", "1e9", "99999999TB", "1..2"] {
            assert_eq!(parse_bytes(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_with_and_without_units() {
        for (text, millis) in
            [("0", 0), ("2", 2000), ("500ms", 500), ("1.5s", 1500), ("1 m", 60_000), ("2h", 7_200_000)]
        {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "-1", "1x", "1e400", "..", "99999999999999999999999d"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
