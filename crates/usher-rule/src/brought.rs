//! What an event brings, in the texts of filters and guards: `name: '{volume.label}*'`.
//!
//! These are read when a rule is loaded, and braces mean something else in many of them: `\d{3}`, or a field of `name`. So
//! only what begins with a variable of the rule's own event is a placeholder, and everything else stays what it is; a rule
//! of organize's, which waits for no event, has none. Such a filter is read once with a stand-in, to find what is wrong
//! with it, and again with what each event brings. That stands for itself, whatever signs are in it: a star in a drive's
//! name is no pattern.

use std::ops::Range;

use usher_event::{Sentence, sentence};

use crate::Diagnostic;
use crate::document::{Node, Pair, Scalar, ScalarKind, Value};
use crate::filters::{composed, literal};
use crate::load::{Problems, Signs, Spec, words_of};
use crate::occasions::NAMES;
use crate::template::{Scope, Template};

/// What stands for a value that is not known yet. It has to be good wherever a text is, a size among them.
const STAND_IN: &str = "1";

/// Something of the form `{volume.label...}` in a text.
pub(crate) struct Placeholder<'t> {
    /// Where it stands, braces and all.
    pub(crate) range: Range<usize>,
    /// The variable it begins with.
    pub(crate) variable: &'t str,
}

/// The placeholders of a text that ask for what events bring, whichever events these are.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|place| at + place) {
        at = start + 1;
        let Some(variable) = variable(&text[at..]) else { continue };
        if let Some(end) = closing(&text[at..]).map(|place| at + place + 1) {
            found.push(Placeholder { range: start..end, variable });
            at = end;
        }
    }
    found
}

/// The variable that the inside of a placeholder begins with, where events bring it.
fn variable(code: &str) -> Option<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let code = code.trim_start();
    let name =
        NAMES.iter().find(|name| code.strip_prefix(**name).is_some_and(|rest| rest.starts_with('.')))?;
    let attribute = &code[name.len() + 1..];
    let end = attribute.find(|c| !is_word(c)).unwrap_or(attribute.len());
    (end > 0).then(|| &code[..name.len() + 1 + end])
}

/// Where the brace is that ends what `code` begins.
fn closing(code: &str) -> Option<usize> {
    let (mut quote, mut open) = (None, 0usize);
    for (place, c) in code.char_indices() {
        match (quote, c) {
            (Some(other), c) if other == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => open += 1,
            (None, '}') if open == 0 => return Some(place),
            (None, '}') => open -= 1,
            _ => {}
        }
    }
    None
}

/// Parameters some of whose texts have placeholders for what the rule's event brings.
#[derive(Debug)]
pub(crate) struct Brought {
    spec: &'static Spec,
    node: Node,
    given: Vec<&'static str>,
    /// The placeholders in the order of the texts.
    holes: Vec<Template>,
}

impl Brought {
    /// What is written behind a name, where any of it asks for one of the variables that are `given`.
    pub(crate) fn of(
        spec: &'static Spec,
        node: &Node,
        given: &[&'static str],
        problems: &mut Problems<'_>,
    ) -> Option<Self> {
        let mut holes = Vec::new();
        rewrite(spec, node, &mut |node, text, _| {
            for hole in own(text, given) {
                match Template::compile(&text[hole.range.clone()]) {
                    Ok(template) => holes.push(template),
                    Err(error) => {
                        let span = node.scalar().map(|scalar| problems.within(node, scalar, hole.range));
                        let message = sentence!(
                            "load-placeholder",
                            "the placeholder cannot be read: {why}",
                            why = error.message,
                        );
                        problems.push(
                            Diagnostic::error("template_syntax", span.unwrap_or(node.span), message).help(
                                sentence!(
                                    "load-placeholder-help",
                                    "write it as in an action: `{{volume.label}}`"
                                ),
                            ),
                        );
                        holes.push(Template::default());
                    }
                }
            }
            None
        });
        (!holes.is_empty()).then(|| Self { spec, node: node.clone(), given: given.to_vec(), holes })
    }

    /// The names of the variables it asks for, such as `volume`.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.holes.iter().flat_map(Template::variables)
    }

    /// The parameters with a stand-in for each value.
    pub(crate) fn sample(&self) -> Node {
        self.with(&vec![STAND_IN.to_owned(); self.holes.len()])
    }

    /// What is to be put in.
    ///
    /// # Errors
    /// When the event does not bring it, or brings nothing: a name that begins with nothing is every name.
    pub(crate) fn values(&self, scope: &dyn Scope) -> Result<Vec<String>, Sentence> {
        let value = |template: &Template| match template.render(scope) {
            Ok(filled) if filled.text.is_empty() => Err(sentence!(
                "filter-empty-placeholder",
                "`{placeholder}` is empty here",
                placeholder = template.source(),
            )),
            Ok(filled) => Ok(composed(&filled.text).into_owned()),
            Err(error) => Err(error.message),
        };
        self.holes.iter().map(value).collect()
    }

    /// The parameters with these values put in.
    pub(crate) fn with(&self, values: &[String]) -> Node {
        self.put(values, quoted)
    }

    /// The parameters with these values, for people.
    pub(crate) fn words(&self, values: &[String]) -> String {
        words_of(&self.put(values, |value, _| value.to_owned()))
    }

    fn put(&self, values: &[String], written: fn(&str, Signs) -> String) -> Node {
        let mut values = values.iter();
        rewrite(self.spec, &self.node, &mut |_, text, signs| {
            let mut filled = String::with_capacity(text.len());
            let mut at = 0;
            for hole in own(text, &self.given) {
                filled.push_str(&text[at..hole.range.start]);
                filled.push_str(&written(values.next()?, signs));
                at = hole.range.end;
            }
            filled.push_str(&text[at..]);
            (at > 0).then_some(filled)
        })
    }
}

/// The placeholders that ask for what is given.
fn own<'t>(text: &'t str, given: &[&'static str]) -> Vec<Placeholder<'t>> {
    let mut found = placeholders(text);
    found.retain(|placeholder| given.contains(&placeholder.variable));
    found
}

/// A value as it has to be written to stand for itself.
fn quoted(value: &str, signs: Signs) -> String {
    match signs {
        Signs::None | Signs::Code => value.to_owned(),
        Signs::Expression => regex::escape(value),
        Signs::Fields => literal(value),
        Signs::Wildcards => {
            let mut quoted = String::with_capacity(value.len());
            for c in value.chars() {
                match c {
                    '*' | '?' | '[' => quoted.extend(['[', c, ']']),
                    c => quoted.push(c),
                }
            }
            quoted
        }
    }
}

/// Has a look at each text in what is written behind a name, and puts another in its place.
type Put<'p> = &'p mut dyn FnMut(&Node, &str, Signs) -> Option<String>;

fn rewrite(spec: &Spec, node: &Node, put: Put<'_>) -> Node {
    let Value::Map(pairs) = &node.value else {
        let param = spec.positional.and_then(|name| spec.param(name));
        return within(node, param.and_then(|param| param.text_signs()), put);
    };
    let other = spec.others.map(|_| Signs::Wildcards);
    let pair = |pair: &Pair| {
        let param = pair.key.text().and_then(|name| spec.param(name));
        let signs = param.map_or(other, |param| param.text_signs());
        Pair { key: pair.key.clone(), value: within(&pair.value, signs, put) }
    };
    Node { span: node.span, value: Value::Map(pairs.iter().map(pair).collect()) }
}

fn within(node: &Node, signs: Option<Signs>, put: Put<'_>) -> Node {
    let Some(signs) = signs else { return node.clone() };
    let value = match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::Text => match put(node, &scalar.text, signs) {
            Some(text) => Value::Scalar(Scalar { text: text.into(), kind: ScalarKind::Text }),
            None => return node.clone(),
        },
        Value::Scalar(_) => return node.clone(),
        Value::List(items) => Value::List(items.iter().map(|item| within(item, Some(signs), put)).collect()),
        Value::Map(pairs) => {
            let pair =
                |pair: &Pair| Pair { key: pair.key.clone(), value: within(&pair.value, Some(signs), put) };
            Value::Map(pairs.iter().map(pair).collect())
        }
    };
    Node { span: node.span, value }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use usher_event::{Connection, ConnectionKind, Edge, Network, State, Volume};

    use super::*;
    use crate::context::RunMemory;
    use crate::fake::{Fake, rule};
    use crate::occasions::{NO_FACTS, facts};
    use crate::{Context, Rule, RuleAccount, load};

    fn drive(label: &str) -> Edge {
        Edge::VolumeMounted(Volume {
            label: Some(label.into()),
            path: "/media/x".into(),
            ..Volume::default()
        })
    }

    fn waiting(filter: &str) -> Rule {
        rule(&format!(
            "rules:\n- when: {{ volume: mounted }}\n  locations: /in\n  filters:\n  - {filter}\n  actions: trash\n"
        ))
    }

    fn explain(rule: &Rule, edge: Option<&Edge>, path: &str) -> RuleAccount {
        let world = Fake::new().file(path, "of EOS, 12 files");
        let mut run = RunMemory { event: edge.map(facts).unwrap_or_default(), ..RunMemory::default() };
        rule.explain(&mut Context::new(&world, rule, Path::new(path), Path::new("/in"), &mut run))
    }

    fn fits(filter: &str, label: &str, name: &str) -> bool {
        explain(&waiting(filter), Some(&drive(label)), &format!("/in/{name}")).matched
    }

    #[test]
    fn a_filter_asks_for_what_the_event_brings() {
        for (filter, fitting, other) in [
            ("name: '{volume.label}_*'", "EOS_1.jpg", "eos_1.jpg"),
            ("name: { startswith: ['{ volume.label }', b], case_sensitive: no }", "eos1.jpg", "1.jpg"),
            ("not name: '{volume.label}_*'", "NIKON_1.jpg", "EOS_1.jpg"),
            ("extension: '{volume.label}'", "a.eos", "a.jpg"),
            (r"regex: '^{volume.label|lower}\d{2}\.'", "eos12.jpg", "eos1.jpg"),
            ("any: [extension: jpg, name: '{volume.path.name}']", "x.png", "y.png"),
            ("filecontent: 'of {volume.label}, \\d{2}'", "a.txt", "a.jpg"),
        ] {
            assert!(fits(filter, "EOS", fitting), "{filter}: {fitting}");
            assert!(!fits(filter, "EOS", other), "{filter}: {other}");
        }
        let account = explain(&waiting("name: '{volume.label}*'"), Some(&drive("EOS")), "/in/a.jpg");
        assert_eq!(account.filters[0].wanted, "{volume.label}*", "in the rule's own words");
        assert_eq!(account.filters[0].seen.as_deref(), Some("a"));
    }

    #[test]
    fn what_an_event_brings_stands_for_itself() {
        for (filter, label, fitting, other) in [
            ("name: '{volume.label}'", "A*", "A*.jpg", "AB.jpg"),
            ("name: '{volume.label}-{year:int}'", "{x}", "{x}-12.jpg", "y-12.jpg"),
            ("regex: '^{volume.label}$'", "a.(b)#-&", "a.(b)#-&", "ax(b)#-&"),
            ("regex: '(?=a)^{volume.label}$'", "a.b~", "a.b~", "axb~"),
            ("name: '{volume.label}'", "e\u{301}", "é.jpg", "e.jpg"),
            ("regex: '^{volume.label}$'", "{volume.uuid}", "{volume.uuid}", "x"),
        ] {
            assert!(fits(filter, label, fitting), "{filter}: {fitting}");
            assert!(!fits(filter, label, other), "{filter}: {other}");
        }
        assert_eq!(quoted("a[1]*?", Signs::Wildcards), "a[[]1][*][?]");
    }

    #[test]
    fn each_event_brings_its_own_and_none_brings_nothing() {
        let rule = waiting("name: '{volume.label}*'");
        for label in ["EOS", "NIKON", "EOS"] {
            assert!(explain(&rule, Some(&drive(label)), &format!("/in/{label}.jpg")).matched);
            assert!(!explain(&rule, Some(&drive(label)), "/in/other.jpg").matched);
        }
        let error = |edge: Option<&Edge>| explain(&rule, edge, "/in/EOS.jpg").filters[0].error.clone();
        assert!(error(None).is_some_and(|error| error.contains("no value for the placeholder")));
        assert_eq!(error(Some(&drive(""))).as_deref(), Some("`{volume.label}` is empty here"));
        assert!(rule.needs_event().is_some_and(|name| name == "volume"));
    }

    #[test]
    fn other_braces_are_what_they_were() {
        let texts = |text: &str| -> Vec<String> {
            placeholders(text).into_iter().map(|found| text[found.range].to_owned()).collect()
        };
        assert_eq!(texts(r"\d{3}{year:int}{}{volume}{name.x}{volumes.x}{volume.}"), [""; 0]);
        assert_eq!(texts("{volume.label"), [""; 0]);
        assert_eq!(
            texts("a{ idle.for }b{schedule.due.strftime('}')}"),
            ["{ idle.for }", "{schedule.due.strftime('}')}"]
        );
        // A rule that waits for another event, or none, has text there.
        for when in ["", "when: { power: ac }, "] {
            let text = format!(
                "rules: [{{ {when}locations: /in, filters: [regex: '^{{volume.label}}$'], actions: trash }}]"
            );
            let loaded = load(Path::new("rules.yaml"), &text);
            assert!(loaded.is_good(), "{:?}", loaded.diagnostics);
            assert!(explain(&loaded.rules[0], Some(&drive("EOS")), "/in/{volume.label}").matched);
        }
    }

    #[test]
    fn a_guard_asks_for_what_the_event_brings() {
        let rule = rule(
            "rules:\n- when: { network: connected }\n  while: [{ volume: mounted, label: '{network.name} *' }, \
             { power: ac }]\n  actions: [{ echo: hi }]\n",
        );
        let state = |label: &str| State {
            volumes: Some(vec![Volume { label: Some(label.into()), ..Volume::default() }]),
            ..State::default()
        };
        let edge =
            |name: &str| Edge::NetworkConnected(Connection { name: name.into(), kind: ConnectionKind::Wifi });
        let world = Fake::new();
        let held = |state: &State, event| {
            rule.held_back(state, event, &world).map(|(words, unknown)| (words.into_owned(), unknown))
        };
        let (home, office) = (facts(&edge("Home")), facts(&edge("*")));
        let power = Some(("power: ac".to_owned(), true));
        assert_eq!(held(&state("home backup"), &home), power, "the next guard is asked");
        let not = |words: &str, unknown| Some((words.to_owned(), unknown));
        assert_eq!(held(&state("home backup"), &office), not("volume: mounted, label: * *", false));
        let asked = "volume: mounted, label: {network.name} *";
        assert_eq!(held(&state("home backup"), &NO_FACTS), not(asked, true));
        let offline = facts(&Edge::NetworkOffline(Network::default()));
        assert_eq!(held(&state("home backup"), &offline), not(asked, true));
        assert_eq!(rule.nouns().count(), 3);
    }

    #[test]
    fn what_is_wrong_with_such_a_filter_is_said_at_once() {
        let problems = |rest: &str| -> Vec<String> {
            let text = format!(
                "rules:\n- when: {{ volume: mounted }}\n  locations: /in\n  {rest}\n  actions: trash\n"
            );
            let problems = load(Path::new("rules.yaml"), &text).diagnostics;
            problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect()
        };
        assert_eq!(problems("filters: [regex: '({volume.label}']").len(), 1);
        assert!(
            problems("filters: [name: '{volume.label|}']")[0].starts_with("template_syntax: the placeholder")
        );
        assert_eq!(
            problems("filters: [name: '{volume.lable}']")[0],
            "bad_pattern: `volume.lable` cannot be the name of a field"
        );
        assert_eq!(
            problems("filters: [extension: '{volume.lable}']"),
            ["not_brought: no event brings `{volume.lable}`"]
        );
        assert_eq!(
            problems("while: { network: connected, name: '{network.name}' }"),
            ["not_brought: nothing that the rule waits for brings `{network.name}`"]
        );
        assert_eq!(problems("filters: [extension: '{volume.label}', name: '*.{volume.label}']"), [""; 0]);
    }

    #[test]
    fn a_rule_that_waits_for_several_events_is_told_which_brings_too_little() {
        let text =
            "rules:\n- when: [{ volume: mounted }, started]\n  actions: [{ echo: '{volume.label}' }]\n";
        let problems = load(Path::new("rules.yaml"), text).diagnostics;
        assert_eq!(problems[0].message, "`{volume.label}` is not there when `started` wakes the rule");
        assert_eq!(problems.len(), 1);
    }
}
