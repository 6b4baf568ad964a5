//! Rule files as trees: YAML (and so JSON) text to nodes that know where they stand.
//!
//! The tree is what the loader reads. Anchors are followed, merge keys applied, YAML 1.1 booleans understood and custom
//! tags tolerated, so that every file PyYAML reads means the same here. Everything is bounded: a file can be too large,
//! too deep or unfold to too many nodes, and each of these is a diagnostic rather than a wait.
//!
//! Not in here: what the nodes mean. The tree knows nothing of rules.

mod build;
mod scalar;
mod source;

use std::sync::Arc;

pub(crate) use scalar::python_float;
pub use scalar::{Scalar, ScalarKind};
use usher_event::{Sentence, sentence};

use crate::{Diagnostic, Span};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// The most nodes a file may unfold to once its aliases are followed.
pub const MAX_NODES: u64 = 300_000;

/// The deepest a file may nest.
pub const MAX_DEPTH: usize = 64;

/// One node of a document.
///
/// Collections are shared: an alias costs a reference count, however large its target is.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands. For an alias, where the node it names stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    List(Arc<[Node]>),
    /// A mapping in the order of the file, without duplicates.
    Map(Arc<[Pair]>),
}

/// One key of a mapping and what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The key. Anything YAML allows; the loader wants text.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// A parsed file.
#[derive(Debug)]
pub struct Document {
    /// The top node; `None` for an empty file or one that cannot be read.
    pub root: Option<Node>,
    /// What is wrong with the text as YAML.
    pub problems: Vec<Diagnostic>,
}

impl Document {
    /// Reads the text of a file.
    ///
    /// Indentation that every line shares is taken off first and text is brought into Unicode's composed form, as
    /// organize does. Spans point into `text` as it was given.
    pub fn parse(text: &str) -> Self {
        build::parse(text)
    }
}

impl Node {
    /// A short stretch to point at when the whole node is meant: the first key of a mapping, the first item of a list.
    pub fn head(&self) -> Span {
        match &self.value {
            Value::Scalar(_) => self.span,
            Value::List(items) => items.first().map_or(self.span, Node::head),
            Value::Map(pairs) => pairs.first().map_or(self.span, |pair| pair.key.span),
        }
    }

    /// The scalar, where it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar that is not null.
    pub fn text(&self) -> Option<&str> {
        self.scalar().filter(|scalar| scalar.kind != ScalarKind::Null).map(|scalar| &*scalar.text)
    }

    /// Whether nothing is there (`key:` or `~`).
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.kind == ScalarKind::Null)
    }

    /// What it is, in a word for a message.
    pub fn describe(&self) -> Sentence {
        match &self.value {
            Value::List(_) => sentence!("node-list", "a list"),
            Value::Map(_) => sentence!("node-mapping", "a mapping"),
            Value::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => sentence!("node-nothing", "nothing"),
                ScalarKind::Bool(_) => sentence!("node-flag", "yes or no"),
                ScalarKind::Int(_) => sentence!("node-number", "a number"),
                ScalarKind::Float(_) if scalar.is_huge() => sentence!("node-huge", "too large a number"),
                ScalarKind::Float(_) => sentence!("node-fraction", "a number with a fraction"),
                ScalarKind::Text => sentence!("node-text", "text"),
            },
        }
    }

    /// Gives every item of a list to `each`, lists in lists flattened; a single node counts as a list of one, null as
    /// an empty list.
    pub fn flatten<'a>(&'a self, each: &mut dyn FnMut(&'a Node)) {
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.flatten_item(each)),
            _ if self.is_null() => {}
            _ => each(self),
        }
    }

    fn flatten_item<'a>(&'a self, each: &mut dyn FnMut(&'a Node)) {
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.flatten_item(each)),
            _ => each(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<&'static str> {
        Document::parse(text).problems.iter().map(|problem| problem.code).collect()
    }

    fn root(text: &str) -> Node {
        let document = Document::parse(text);
        assert_eq!(document.problems, []);
        document.root.expect("a document with content")
    }

    fn get<'a>(node: &'a Node, key: &str) -> &'a Node {
        let Value::Map(pairs) = &node.value else { panic!("not a mapping: {node:?}") };
        &pairs.iter().find(|pair| pair.key.text() == Some(key)).expect(key).value
    }

    #[test]
    fn an_alias_is_its_anchor_and_merge_keys_yield_to_the_mapping_they_stand_in() {
        let node = root("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n");
        let used = get(&node, "use");
        assert_eq!(get(used, "x").text(), Some("1"));
        assert_eq!(get(used, "y").text(), Some("3"));
    }

    #[test]
    fn of_several_merged_mappings_the_first_wins() {
        let node = root("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nuse: {<<: [*a, *b]}\n");
        assert_eq!(get(get(&node, "use"), "x").text(), Some("1"));
        assert_eq!(get(get(&node, "use"), "y").text(), Some("2"));
    }

    #[test]
    fn a_custom_tag_becomes_its_own_text() {
        assert_eq!(get(&root("a: !x hello\n"), "a").text(), Some("!x"));
        assert_eq!(get(&root("a: !x {b: c}\n"), "a").text(), Some("!x"));
        assert_eq!(get(&root("a: !!str 5\n"), "a").scalar().map(|s| s.kind), Some(ScalarKind::Text));
    }

    #[test]
    fn spans_point_into_the_text_as_written_even_when_it_was_dedented() {
        let text = "    rules:\n      - name: Ünïcode\n        x: here\n";
        let node = root(text);
        let mut items = Vec::new();
        get(&node, "rules").flatten(&mut |item| items.push(item));
        let here = get(items[0], "x").span;
        assert_eq!(&text[here.start..here.end], "here");
        assert_eq!((here.line, here.column), (3, 12));
    }

    #[test]
    fn scalars_are_composed_but_spans_cover_the_decomposed_text() {
        let text = "a: e\u{301}\nb: end\n";
        let node = root(text);
        assert_eq!(get(&node, "a").text(), Some("é"));
        let b = get(&node, "b").span;
        assert_eq!(&text[b.start..b.end], "end");
    }

    #[test]
    fn an_alias_inside_its_own_anchor_is_refused() {
        assert_eq!(problems("a: &a [*a]\n"), ["alias_cycle"]);
    }

    #[test]
    fn a_billion_laughs_are_refused_at_once() {
        let mut text = String::from("l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for n in 1..12 {
            let row = vec![format!("*l{}", n - 1); 9].join(", ");
            text.push_str(&format!("l{n}: &l{n} [{row}]\n"));
        }
        assert_eq!(problems(&text), ["too_many_nodes"]);
    }

    #[test]
    fn what_is_too_large_or_too_deep_is_said_so() {
        assert_eq!(problems(&"a".repeat(MAX_BYTES + 1)), ["too_large"]);
        assert_eq!(problems(&"[".repeat(100_000)), ["too_deep"]);
        let nested: String = (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
        assert_eq!(problems(&nested), ["too_deep"]);
    }

    #[test]
    fn a_duplicate_key_is_reported_where_it_stands() {
        let document = Document::parse("a: 1\nb: 2\na: 3\n");
        let problem = &document.problems[0];
        assert_eq!((problem.code, problem.span.line), ("duplicate_key", 3));
    }

    #[test]
    fn a_second_document_and_broken_yaml_are_reported() {
        assert_eq!(problems("a: 1\n---\nb: 2\n"), ["several_documents"]);
        assert_eq!(problems("a: [1, 2\n"), ["yaml_syntax"]);
        assert_eq!(problems("a: *nobody\n"), ["unknown_anchor"]);
    }

    #[test]
    fn json_is_yaml_too() {
        let node = root("{\"rules\": [{\"actions\": [\"trash\"]}]}");
        assert!(matches!(get(&node, "rules").value, Value::List(_)));
    }

    #[test]
    fn an_empty_file_has_no_root() {
        for text in ["", "   \n", "# only a comment\n", "---\n...\n"] {
            let document = Document::parse(text);
            assert_eq!(document.problems, []);
            assert!(document.root.is_none_or(|node| node.is_null()), "{text:?}");
        }
    }
}
