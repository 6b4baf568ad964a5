//! Switching one rule on or off in its file: one value is replaced, or one line is added, and nothing else changes by
//! a byte.
//!
//! The edit is made on the text and then checked by reading it back: every rule has to be what it was, but for the one
//! value. An edit that would do anything else is refused, and so is one to a file that is broken.

use std::path::Path;

use usher_event::sentence;
use usher_rule::document::{Document, Node, Pair, Value};
use usher_rule::{Loaded, Rule};

use crate::api::Refusal;
use crate::text_file;

/// Switches the rule of this id.
///
/// # Errors
/// `not_found` when the file has no such rule any more; `refused` when the file is broken or spells the rule in a way
/// that cannot be edited; `failed` when it cannot be read or written.
pub(crate) fn set_enabled(file: &Path, id: &str, enabled: bool) -> Result<(), Refusal> {
    let text = text_file::read(file).map_err(|error| {
        Refusal::new(
            "failed",
            sentence!("text-cannot-read", "cannot read {path}: {error}", path = file, error = &error),
        )
        .hint(text_file::advice(&error))
    })?;
    match edited(file, &text, id, enabled)? {
        Some(new) => text_file::replace(file, &new).map_err(|error| {
            Refusal::new(
                "failed",
                sentence!("text-cannot-write", "cannot write {path}: {error}", path = file, error = error),
            )
            .hint(text_file::unwritten())
        }),
        None => Ok(()),
    }
}

/// The text with the rule switched; `None` where it is that way already.
fn edited(file: &Path, text: &str, id: &str, enabled: bool) -> Result<Option<String>, Refusal> {
    let before = usher_rule::load(file, text);
    if !before.is_good() {
        return Err(Refusal::new(
            "refused",
            sentence!("switch-has-mistakes-left-as", "{file} has mistakes and is left as it is", file = file),
        )
        .hint(sentence!("switch-mend-file-first", "mend the file first")));
    }
    let Some(rule) = before.rules.iter().find(|rule| rule.id == id) else {
        return Err(Refusal::new(
            "not_found",
            sentence!(
                "switch-has-no-rule-any-more",
                "{file} has no rule `{id}` any more",
                file = file,
                id = id
            ),
        )
        .hint(sentence!("switch-see-usher-rules-those-has", "see `usher rules` for those it has")));
    };
    if rule.enabled == enabled {
        return Ok(None);
    }
    let by_hand = || {
        Refusal::new(
            "refused",
            sentence!(
                "switch-way-written-cannot-be-edited",
                "the way `{rule}` is written in {file} cannot be edited",
                rule = rule.title(),
                file = file
            ),
        )
        .hint(sentence!(
            "switch-write-enabled-into-rule-by-hand",
            "write `enabled: {enabled}` into the rule by hand",
            enabled = enabled.to_string()
        ))
    };
    let after = |new: &String| usher_rule::load(file, new);
    let good = |new: &String| differs_in_one(&before, &after(new), rule, enabled);
    edits(text, rule.nr, enabled).into_iter().find(good).map(Some).ok_or_else(by_hand)
}

/// The texts that could be the one with the `nr`th rule switched, best first. They are made by looking at the text
/// only, so not each of them means what it should.
fn edits(text: &str, nr: usize, enabled: bool) -> Vec<String> {
    let document = Document::parse(text);
    let Some(list) = document.root.as_ref().and_then(|root| pair(root, "rules")) else { return Vec::new() };
    let mut rules = Vec::new();
    list.value.flatten(&mut |node| rules.push(node));
    let Some(rule) = rules.get(nr) else { return Vec::new() };
    if let Some(known) = pair(rule, "enabled") {
        let span = known.value.span;
        return changed(text, span.start, span.end, &enabled.to_string()).into_iter().collect();
    }
    let Value::Map(pairs) = &rule.value else { return Vec::new() };
    pairs.first().map_or_else(Vec::new, |first| insertions(text, first.key.span.start, enabled))
}

fn pair<'a>(node: &'a Node, key: &str) -> Option<&'a Pair> {
    let Value::Map(pairs) = &node.value else { return None };
    pairs.iter().find(|pair| pair.key.text() == Some(key))
}

/// A line below the line of the rule's first key; one above it, for a key whose value goes on below; an entry before
/// it, for a rule that is written with braces.
fn insertions(text: &str, key: usize, enabled: bool) -> Vec<String> {
    let Some((before, after)) = text.split_at_checked(key) else { return Vec::new() };
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    if !line.chars().all(|c| c == ' ' || c == '-') {
        return vec![
            format!("{before}enabled: {enabled}, {after}"),
            format!("{before}\"enabled\": {enabled}, {after}"),
        ];
    }
    let indentation = " ".repeat(line.len());
    let end = after.find('\n').map(|end| end + 1);
    let newline = if after[..end.unwrap_or(0)].ends_with("\r\n") { "\r\n" } else { "\n" };
    let below = end.map(|end| {
        format!("{before}{}{indentation}enabled: {enabled}{newline}{}", &after[..end], &after[end..])
    });
    let above = format!("{before}enabled: {enabled}{newline}{indentation}{after}");
    below.into_iter().chain([above]).collect()
}

fn changed(text: &str, start: usize, end: usize, new: &str) -> Option<String> {
    Some(format!("{}{new}{}", text.get(..start)?, text.get(end..)?))
}

/// Whether two readings are the same but for one rule's `enabled`.
fn differs_in_one(before: &Loaded, after: &Loaded, switched: &Rule, enabled: bool) -> bool {
    let same = |a: &Rule, b: &Rule| {
        let expected = if a.id == switched.id { enabled } else { a.enabled };
        a.id == b.id && b.enabled == expected && summary(a) == summary(b)
    };
    after.is_good()
        && before.rules.len() == after.rules.len()
        && before.rules.iter().zip(&after.rules).all(|(a, b)| same(a, b))
}

/// Everything about a rule that people could tell it by, its place in the text and its switch left out.
fn summary(rule: &Rule) -> String {
    let actions: Vec<String> =
        rule.actions.iter().map(|action| format!("{}: {}", action.name(), action.summary())).collect();
    let locations: Vec<&str> =
        rule.locations.iter().flat_map(|location| &location.paths).map(|path| path.source()).collect();
    let filters: Vec<String> = rule
        .filters
        .filters()
        .iter()
        .map(|filter| format!("{}: {}", filter.name(), filter.wanted()))
        .collect();
    format!(
        "{:?} {:?} {locations:?} {filters:?} {actions:?} {:?} {:?}",
        rule.name, rule.targets, rule.tags, rule.settle
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switch(text: &str, id: &str, enabled: bool) -> Result<Option<String>, Refusal> {
        edited(Path::new("/rules/r.yaml"), text, id, enabled)
    }

    /// The lines that are in one text only.
    fn changed_lines(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
        let only = |a: &str, b: &str| {
            let lines: Vec<&str> = b.split_inclusive('\n').collect();
            a.split_inclusive('\n').filter(|line| !lines.contains(line)).map(str::to_owned).collect()
        };
        (only(before, after), only(after, before))
    }

    const COMMENTED: &str = "\
# my rules, keep this
rules:

  - name: One      # the first
    enabled:   yes # for now
    locations: /a
    actions: [trash]
  -   name: Two
      # two's comment
      locations: /b
      actions:
        - move: /c/
";

    #[test]
    fn a_value_is_replaced_and_nothing_else() {
        let after = switch(COMMENTED, "r/One", false).unwrap().unwrap();
        assert_eq!(
            changed_lines(COMMENTED, &after),
            (vec!["    enabled:   yes # for now\n".into()], vec!["    enabled:   false # for now\n".into()])
        );
    }

    #[test]
    fn a_missing_value_becomes_one_line_below_the_first_key() {
        let after = switch(COMMENTED, "r/Two", false).unwrap().unwrap();
        assert_eq!(changed_lines(COMMENTED, &after), (vec![], vec!["      enabled: false\n".into()]));
        assert!(after.contains("  -   name: Two\n      enabled: false\n      # two's comment\n"), "{after}");
        assert_eq!(switch(&after, "r/Two", false).unwrap(), None, "it is off already");
    }

    #[test]
    fn every_way_to_write_a_rule_is_switched_or_refused_and_never_spoilt() {
        for text in [
            "rules: [{locations: /a, actions: [trash]}]",
            "rules:\n- {actions: [trash], locations: /a}\n",
            "{\"rules\": [{\"locations\": \"/a\", \"actions\": [\"trash\"]}]}",
            "rules:\n- locations:\n    - /a\n    - /b\n  actions: [trash]\n",
            "rules:\n- name: >\n    a folded\n    name\n  locations: /a\n  actions: [trash]\n",
            "rules:\n- name: a plain\n    name of two lines\n  locations: /a\n  actions: [trash]\n",
            "rules:\r\n- name: x\r\n  locations: /a\r\n  actions: [trash]\r\n",
            "rules:\n- actions: [trash]\n  locations: /a",
            "rules:\n  -\n    name: x\n    locations: /a\n    actions: [trash]\n",
            "rules:\n- - name: x\n    locations: /a\n    actions: [trash]\n",
            "x: &rule\n  locations: /a\n  actions: [trash]\nrules:\n- *rule\n",
            "x: &rule\n  locations: /a\n  enabled: true\nrules:\n- <<: *rule\n  actions: [trash]\n- <<: *rule\n  actions: [trash]\n",
        ] {
            let loaded = usher_rule::load(Path::new("/rules/r.yaml"), text);
            assert!(loaded.is_good(), "{text}\n{:?}", loaded.diagnostics);
            match switch(text, &loaded.rules[0].id, false) {
                Ok(Some(after)) => {
                    let off = usher_rule::load(Path::new("/rules/r.yaml"), &after);
                    assert!(off.is_good() && !off.rules[0].enabled, "{after}");
                    assert!(off.rules[1..].iter().all(|rule| rule.enabled), "{after}");
                    let back = switch(&after, &loaded.rules[0].id, true).unwrap().unwrap();
                    assert!(usher_rule::load(Path::new("/rules/r.yaml"), &back).rules[0].enabled, "{back}");
                }
                Ok(None) => panic!("it was on: {text}"),
                Err(refusal) => assert_eq!(refusal.code, "refused", "{text}"),
            }
        }
    }

    #[test]
    fn line_endings_of_windows_stay() {
        let after = switch("rules:\r\n- name: x\r\n  locations: /a\r\n  actions: [trash]\r\n", "r/x", false);
        assert_eq!(
            after.unwrap().unwrap(),
            "rules:\r\n- name: x\r\n  enabled: false\r\n  locations: /a\r\n  actions: [trash]\r\n"
        );
    }

    #[test]
    fn a_broken_file_and_a_rule_that_is_gone_are_refused() {
        assert_eq!(switch("rules:\n- name: x\n  acts: []\n", "r/x", false).unwrap_err().code, "refused");
        assert_eq!(switch(COMMENTED, "r/Three", false).unwrap_err().code, "not_found");
    }
}
