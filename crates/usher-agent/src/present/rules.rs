//! Rules, rule files and what is wrong with them.

use std::path::Path;

use usher_engine::RuleTally;
use usher_event::Sentence;
use usher_rule::group::{Condition, Group, Member};
use usher_rule::occasions::{Clause, NO_FACTS};
use usher_rule::{Diagnostic, Rule, Severity, World};

use super::{count, moment, shown};
use crate::api::{Problem, RuleFile, RuleInfo};
use crate::rules::LoadedFile;

/// A rule file with its rules.
pub(crate) fn rule_file(file: &LoadedFile, tallies: &[RuleTally], world: &dyn World) -> RuleFile {
    RuleFile {
        path: shown(&file.path),
        digest: file.digest.clone(),
        loaded: moment(file.loaded),
        stale: file.stale,
        rules: file.rules.iter().map(|rule| rule_info(rule, tallies, world)).collect(),
        problems: file.problems.clone(),
    }
}

/// A rule for lists.
pub(crate) fn rule_info(rule: &Rule, tallies: &[RuleTally], world: &dyn World) -> RuleInfo {
    let tally = tallies.iter().find(|tally| tally.rule_id == rule.id);
    let as_written =
        || rule.locations.iter().flat_map(|location| &location.paths).map(|path| path.source().to_owned());
    let locations = match rule.roots(world, &NO_FACTS) {
        Ok(roots) => roots.iter().map(|root| shown(&root.path)).collect(),
        Err(_) => as_written().collect(),
    };
    RuleInfo {
        id: rule.id.clone(),
        title: rule.title().to_owned(),
        line: count(rule.span.line),
        enabled: rule.enabled,
        when: words(&rule.when),
        guards: words(&rule.guards),
        locations,
        filters: rule.filters.members.iter().map(filter_line).collect(),
        actions: rule.actions.iter().map(|action| described(action.name(), &action.summary())).collect(),
        last_fired: tally.map(|tally| moment(tally.last)),
        steps_done: tally.map_or(0, |tally| tally.steps),
    }
}

fn words(clauses: &[Clause]) -> Vec<String> {
    clauses.iter().map(|clause| clause.words.clone()).collect()
}

fn filter_line(member: &Member) -> String {
    let not = if member.negated { "not " } else { "" };
    match &member.condition {
        Condition::Filter(filter) => format!("{not}{}", described(filter.name(), &filter.wanted())),
        Condition::Group(group) => format!("{not}{}", group_line(group)),
    }
}

fn group_line(group: &Group) -> String {
    let members: Vec<String> = group.members.iter().map(filter_line).collect();
    format!("{} of ({})", group.mode.word(), members.join("; "))
}

fn described(name: &str, words: &str) -> String {
    if words.is_empty() { name.to_owned() } else { format!("{name}: {words}") }
}

/// A problem in the text of a rule file.
pub(crate) fn problem(file: &Path, text: &str, diagnostic: &Diagnostic) -> Problem {
    let span = diagnostic.span;
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let concerned = text.get(span.start..span.end).and_then(|text| text.lines().next()).unwrap_or_default();
    Problem {
        severity: severity.to_owned(),
        code: diagnostic.code.to_owned(),
        message: diagnostic.message.clone(),
        line: count(span.line),
        column: count(span.column),
        source_line: text.lines().nth(span.line.saturating_sub(1)).unwrap_or_default().to_owned(),
        length: count(concerned.chars().count()),
        help: diagnostic.help.clone(),
        ..file_problem(file)
    }
}

/// An error of a file as a whole, without words.
pub(crate) fn file_problem(file: &Path) -> Problem {
    Problem {
        severity: "error".to_owned(),
        code: String::new(),
        message: Sentence::foreign(""),
        file: shown(file),
        line: 1,
        column: 1,
        source_line: String::new(),
        length: 0,
        help: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_listed_in_its_own_words() {
        let text = "rules:\n- name: Tidy\n  locations: [/in, /other]\n  filters:\n    - any: [{extension: [pdf, txt]}, {not name: draft}]\n  actions: [{move: /out/}, trash]\n";
        let loaded = usher_rule::load(Path::new("r.yaml"), text);
        let clock = std::sync::Arc::new(usher_engine::MachineClock::default());
        let world = usher_engine::RealDisk::new(clock, None, "/".into(), "/".into());
        let info = rule_info(&loaded.rules[0], &[], &world);
        assert_eq!((info.id.as_str(), info.line, info.enabled), ("r/Tidy", 2, true));
        assert_eq!(info.locations, ["/in", "/other"]);
        assert_eq!(info.filters, ["any of (extension: pdf, txt; not name: draft)"]);
        assert_eq!(info.actions, ["move: /out/", "trash"]);
    }
}
