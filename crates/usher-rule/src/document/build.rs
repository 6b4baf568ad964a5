//! Parser events to nodes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag, options};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use usher_event::{Sentence, sentence};

use super::source::Source;
use super::{Document, MAX_BYTES, MAX_DEPTH, MAX_NODES, Node, Pair, Scalar, ScalarKind, Value};
use crate::{Diagnostic, Span};

/// Problems beyond these are not collected: they would bury the first ones.
const MAX_PROBLEMS: usize = 100;

pub(super) fn parse(text: &str) -> Document {
    if text.len() > MAX_BYTES {
        let start = Span { start: 0, end: 0, line: 1, column: 1 };
        let message = sentence!("yaml-too-large", "the file is too large to be a rule file");
        let problem = Diagnostic::error("too_large", start, message).help(sentence!(
            "yaml-too-large-help",
            "rule files may have up to {most} MiB",
            most = MAX_BYTES / 1024 / 1024,
        ));
        return Document { root: None, problems: vec![problem] };
    }
    let source = Source::dedent(text);
    let mut builder = Builder {
        source: &source,
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        documents: 0,
        total: 0,
        problems: Vec::new(),
    };
    let outcome = builder.run();
    let Builder { mut problems, root, .. } = builder;
    match outcome {
        Ok(()) => Document { root: root.map(|built| built.node), problems },
        Err(problem) => {
            problems.push(*problem);
            Document { root: None, problems }
        }
    }
}

/// What ends the reading. Boxed, since every step hands it on.
type Fatal = Box<Diagnostic>;

/// A finished node and how many nodes it unfolds to.
#[derive(Clone)]
struct Built {
    node: Node,
    weight: u64,
}

/// A collection whose end has not been seen.
struct Open {
    span: Span,
    anchor: usize,
    /// A custom tag: the collection becomes this text.
    tag: Option<String>,
    map: bool,
    items: Vec<Built>,
}

struct Builder<'s> {
    source: &'s Source<'s>,
    open: Vec<Open>,
    /// Finished anchored nodes; `None` while the anchored collection is still open.
    anchors: HashMap<usize, Option<Built>>,
    root: Option<Built>,
    documents: usize,
    /// Nodes so far, those behind aliases counted each time. Watched while building, since merging copies them.
    total: u64,
    problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Fatal> {
        let options = options! {
            emit_comments: false,
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let source = self.source;
        for event in Parser::new_from_str_with_options(&source.text, options) {
            let (event, span) = event.map_err(|error| Box::new(self.syntax(&error)))?;
            let span = self.span(&span);
            self.event(event, span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fatal> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents == 2 {
                    let message = sentence!("yaml-several-documents", "a second document begins here");
                    let help = sentence!(
                        "yaml-several-documents-help",
                        "keep one document in a file: put the rules of both under one `rules:`"
                    );
                    return Err(fatal("several_documents", span, message, help));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = scalar(&text, style, tag.as_deref());
                let node = Node { span, value: Value::Scalar(scalar) };
                self.count(1, span)?;
                self.finish(Built { node, weight: 1 }, anchor);
            }
            Event::SequenceStart(_, anchor, tag) => self.begin(span, anchor, tag.as_deref(), false)?,
            Event::MappingStart(_, anchor, tag) => self.begin(span, anchor, tag.as_deref(), true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, span)?,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, span: Span, anchor: usize, tag: Option<&Tag>, map: bool) -> Result<(), Fatal> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        self.count(1, span)?;
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        let tag = tag.filter(|tag| tag.is_custom()).map(tag_text);
        self.open.push(Open { span, anchor, tag, map, items: Vec::new() });
        Ok(())
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let weight = open.items.iter().fold(1u64, |sum, item| sum.saturating_add(item.weight));
        let mut span = open.span;
        if let Some(last) = open.items.last() {
            span.end = span.end.max(last.node.span.end);
        }
        let value = match open.tag {
            Some(tag) => Value::Scalar(Scalar { text: tag.into(), kind: ScalarKind::Text }),
            None if open.map => Value::Map(self.pairs(open.items)),
            None => Value::List(open.items.into_iter().map(|item| item.node).collect()),
        };
        self.finish(Built { node: Node { span, value }, weight }, open.anchor);
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fatal> {
        match self.anchors.get(&anchor) {
            Some(Some(built)) => {
                let built = built.clone();
                self.count(built.weight, span)?;
                self.finish(built, 0);
                Ok(())
            }
            Some(None) => {
                let message = sentence!("yaml-alias-cycle", "this alias stands inside its own anchor");
                let help = sentence!(
                    "yaml-alias-cycle-help",
                    "an alias can only repeat what was finished before it"
                );
                Err(fatal("alias_cycle", span, message, help))
            }
            None => Err(Box::new(unknown_anchor(span))),
        }
    }

    fn count(&mut self, nodes: u64, span: Span) -> Result<(), Fatal> {
        self.total = self.total.saturating_add(nodes);
        if self.total <= MAX_NODES {
            return Ok(());
        }
        let message = sentence!("yaml-too-many-nodes", "the file unfolds to too many values");
        let help = sentence!(
            "yaml-too-many-nodes-help",
            "aliases that repeat aliases multiply; write the rules out or use fewer of them"
        );
        Err(fatal("too_many_nodes", span, message, help))
    }

    fn finish(&mut self, built: Built, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Some(built.clone()));
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(built),
            None => self.root = Some(built),
        }
    }

    /// Keys and values in turn to pairs: duplicates reported, merge keys resolved.
    fn pairs(&mut self, items: Vec<Built>) -> Arc<[Pair]> {
        let mut pairs: Vec<Pair> = Vec::with_capacity(items.len() / 2);
        let mut merged: Vec<Node> = Vec::new();
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            let (key, value) = (key.node, value.node);
            if is_merge_key(&key) {
                merged.push(value);
                continue;
            }
            if let Some(text) = key.scalar().map(|scalar| scalar.text.clone())
                && !seen.insert(text.clone())
            {
                pairs.retain(|pair| pair.key.scalar().is_none_or(|scalar| scalar.text != text));
                self.problem(
                    Diagnostic::warning(
                        "duplicate_key",
                        key.span,
                        sentence!(
                            "lint-duplicate-key",
                            "`{key}` is given twice in this mapping",
                            key = &*text
                        ),
                    )
                    .label(sentence!("lint-duplicate-key-label", "this one counts"))
                    .help(sentence!("lint-duplicate-key-help", "keep one of them")),
                );
            }
            pairs.push(Pair { key, value });
        }
        for node in merged {
            self.merge(&mut pairs, &mut seen, &node);
        }
        pairs.into()
    }

    fn merge(&mut self, pairs: &mut Vec<Pair>, seen: &mut HashSet<Arc<str>>, node: &Node) {
        match &node.value {
            Value::Map(added) => {
                for pair in added.iter() {
                    if pair.key.scalar().is_none_or(|scalar| seen.insert(scalar.text.clone())) {
                        pairs.push(pair.clone());
                    }
                }
            }
            Value::List(items) if items.iter().all(|item| matches!(item.value, Value::Map(_))) => {
                for item in items.iter() {
                    self.merge(pairs, seen, item);
                }
            }
            _ => self.problem(
                Diagnostic::error(
                    "merge_key",
                    node.head(),
                    sentence!(
                        "yaml-merge-key",
                        "`<<` merges mappings, and this is {what}",
                        what = node.describe()
                    ),
                )
                .help(sentence!(
                    "yaml-merge-key-help",
                    "give it an alias of a mapping, or a list of such aliases"
                )),
            ),
        }
    }

    fn problem(&mut self, problem: Diagnostic) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let start = span.start.byte_offset().unwrap_or(0);
        let end = span.end.byte_offset().unwrap_or(start).max(start);
        // A collection's span may run on to the next token; what was written ends before the white space.
        let text = self.source.text.get(start..end).map_or(0, |text| text.trim_end().len());
        self.source.span(start, start + text, span.start.line(), span.start.col())
    }

    fn syntax(&self, error: &ScanError) -> Diagnostic {
        let mark = error.marker();
        let at = mark.byte_offset().unwrap_or(0);
        let span = self.source.span(at, at, mark.line(), mark.col());
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(span),
            ErrorKind::UnknownAnchor => unknown_anchor(span),
            ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
                let message = sentence!("yaml-tab", "a tab stands where YAML wants blanks");
                Diagnostic::error("yaml_syntax", span, message)
                    .help(sentence!("yaml-tab-help", "indent with blanks"))
            }
            _ => {
                let message = sentence!("yaml-syntax", "this is not valid YAML: {why}", why = error.info());
                Diagnostic::error("yaml_syntax", span, message)
            }
        }
    }
}

fn fatal(code: &'static str, span: Span, message: Sentence, help: Sentence) -> Fatal {
    Box::new(Diagnostic::error(code, span, message).help(help))
}

fn unknown_anchor(span: Span) -> Diagnostic {
    let message = sentence!("yaml-unknown-anchor", "no anchor of this name was set before");
    Diagnostic::error("unknown_anchor", span, message)
        .help(sentence!("yaml-unknown-anchor-help", "write `&name` before the value that `*name` repeats"))
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too_deep", span, sentence!("yaml-too-deep", "the file nests too deeply"))
        .help(sentence!("yaml-too-deep-help", "at most {most} levels are read", most = MAX_DEPTH))
}

fn is_merge_key(key: &Node) -> bool {
    key.scalar().is_some_and(|scalar| &*scalar.text == "<<")
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    if let Some(tag) = tag {
        if tag.is_custom() {
            return Scalar { text: tag_text(tag).into(), kind: ScalarKind::Text };
        }
        let tagged = tag.core_suffix().and_then(|tag| Scalar::tagged(tag, text));
        return tagged.unwrap_or_else(|| Scalar { text: composed(text), kind: ScalarKind::Text });
    }
    if style == ScalarStyle::Plain {
        let plain = Scalar::plain(text);
        return if plain.kind == ScalarKind::Text { Scalar { text: composed(text), ..plain } } else { plain };
    }
    Scalar { text: composed(text), kind: ScalarKind::Text }
}

fn tag_text(tag: &Tag) -> String {
    format!("{}{}", tag.handle(), tag.suffix())
}

fn composed(text: &str) -> Arc<str> {
    if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}
