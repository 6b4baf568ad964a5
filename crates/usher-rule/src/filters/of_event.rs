//! A filter whose texts ask for what the rule's event brings. It is made anew with what each event brings.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use usher_event::sentence;

use super::{Entry, Filter, FilterError, Verdict};
use crate::brought::Brought;
use crate::document::Node;
use crate::load::{Problems, Reader, words_of};
use crate::template::{Basics, Template};
use crate::{Context, Rule, Span, Stat};

#[derive(Debug)]
struct OfEvent {
    entry: &'static Entry,
    span: Span,
    written: String,
    brought: Brought,
    /// The filter with stand-ins, for what is the same whatever the event brings.
    sample: Box<dyn Filter>,
    reads: Vec<String>,
    /// The filter as it was asked last: one event has it look at many files.
    last: Mutex<Option<Filled>>,
}

/// A filter, and the values it was made of.
type Filled = (Vec<String>, Arc<dyn Filter>);

/// Reads what stands behind the name of a filter. Placeholders for what is `given` are filled when there is an event.
pub(crate) fn read(
    entry: &'static Entry,
    span: Span,
    node: Option<&Node>,
    given: &[&'static str],
    problems: &mut Problems<'_>,
) -> Option<Box<dyn Filter>> {
    let Some((node, brought)) =
        node.and_then(|node| Some((node, Brought::of(entry.spec, node, given, problems)?)))
    else {
        return (entry.read)(&mut Reader::item(entry.spec, span, node, problems));
    };
    let sample = (entry.read)(&mut Reader::item(entry.spec, span, Some(&brought.sample()), problems))?;
    let mut reads: Vec<String> = sample.reads().iter().chain(brought.names()).cloned().collect();
    reads.sort_unstable();
    reads.dedup();
    let written = words_of(node);
    Some(Box::new(OfEvent { entry, span, written, brought, sample, reads, last: Mutex::default() }))
}

impl OfEvent {
    /// The filter with what the event of this run brings.
    fn filled(&self, cx: &Context<'_>) -> Result<Arc<dyn Filter>, FilterError> {
        let scope = Basics { world: cx.world, event: &cx.run.event };
        let values = self.brought.values(&scope).map_err(FilterError::new)?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, filter)) = last.as_ref().filter(|(before, _)| *before == values) {
            return Ok(Arc::clone(filter));
        }
        let node = self.brought.with(&values);
        let mut problems = Problems::new("");
        let mut reader = Reader::item(self.entry.spec, self.span, Some(&node), &mut problems);
        let filter: Arc<dyn Filter> = match (self.entry.read)(&mut reader) {
            Some(filter) if problems.errors() == 0 => filter.into(),
            _ => {
                let first = problems.finish().into_iter().next().map(|problem| problem.message);
                return Err(FilterError::new(
                    first.unwrap_or_else(|| sentence!("filter-unread", "it cannot be read")),
                ));
            }
        };
        *last = Some((values, Arc::clone(&filter)));
        Ok(filter)
    }
}

impl Filter for OfEvent {
    fn name(&self) -> &'static str {
        self.sample.name()
    }

    fn wanted(&self) -> String {
        self.written.clone()
    }

    fn templates(&self) -> Vec<&Template> {
        self.sample.templates()
    }

    fn reads(&self) -> &[String] {
        &self.reads
    }

    fn looks_outside(&self) -> bool {
        self.sample.looks_outside()
    }

    fn takes_long(&self, subject: &Stat, rule: &Rule) -> bool {
        self.sample.takes_long(subject, rule)
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        self.filled(cx)?.test(cx)
    }

    fn watches_clock(&self) -> bool {
        self.sample.watches_clock()
    }

    fn next_change(&self, cx: &Context<'_>) -> Option<Timestamp> {
        self.filled(cx).ok()?.next_change(cx)
    }
}
