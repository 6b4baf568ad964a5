//! The guide's reference pages, made from the declarations that the loader reads by.

use std::fmt::Write;

use crate::lints;
use crate::load::{Kind, LOCATION, Param, RULE, Spec, TEST, system_name};
use crate::{actions, filters, occasions};

/// The page of everything a rule can say.
pub fn language() -> String {
    let mut page = String::from(
        "# Reference\n\nEverything a rule file can say. This page is made from the declarations that Usher reads rule files \
         by; [Rules](rules.md) explains them with examples.\n",
    );
    section(&mut page, "## Rule", &RULE);
    section(&mut page, "## Location", &LOCATION);
    page.push_str("\nA location can also be just its path, or a list of locations.\n");
    section(&mut page, "## Test", &TEST);
    page.push_str(
        "\n## When and while\n\n`when` says what a rule waits for: one of these, or a list of which any will do. `while` says \
         what has to be so for it to act by itself, all of it. Names of drives, devices and networks are compared in any case. \
         What an event brings (below: for templates) may also stand in the texts of `while` and of filters, where numbers, words \
         of Usher's own and code take no placeholders.\n",
    );
    for entry in occasions::ALL {
        section(&mut page, &format!("### `{}`", entry.spec.name), entry.spec);
        page.push_str(if entry.is_state { "\nFor `when` and `while`.\n" } else { "\nFor `when` only.\n" });
    }
    page.push_str("\n## Filters\n");
    page.push_str(
        "\nAll filters have to match, unless `filter_mode` says otherwise. `not` before a name turns it round; `all`, `any` \
         and `none` hold filters of their own.\n",
    );
    for entry in filters::ALL {
        section(&mut page, &format!("### `{}`", entry.spec.name), entry.spec);
    }
    page.push_str("\n## Actions\n\nActions run in the order they are written.\n");
    for entry in actions::ALL {
        section(&mut page, &format!("### `{}`", entry.spec.name), entry.spec);
    }
    page
}

/// The page of the traps.
pub fn traps() -> String {
    let mut page = String::from(
        "# Traps\n\nWhat a rule file may say and probably does not mean. `usher check` warns of each, and `usher check \
         --strict` fails on it. To allow one, end its line with `# usher: allow` and its name, or put that comment on the \
         line above.\n",
    );
    for lint in lints::all() {
        let _ = write!(
            page,
            "\n## `{}`\n\n{}\n\n```yaml\n{}```\n\n{}\n\n```yaml\n{}```\n",
            lint.name, lint.why, lint.bad, lint.mend, lint.good
        );
    }
    page
}

fn section(page: &mut String, heading: &str, spec: &Spec) {
    let _ = write!(page, "\n{heading}\n\n{}.\n", capital(spec.doc));
    if !spec.params.is_empty() {
        page.push_str("\n| key | takes | default | |\n|---|---|---|---|\n");
        for param in spec.params {
            let _ = writeln!(page, "| {} |", row(spec, param).join(" | "));
        }
    }
    if let Some(others) = spec.others {
        let _ = write!(page, "\nAny other key is {}.\n", others);
    }
    if !spec.systems.is_empty() {
        let systems: Vec<&str> = spec.systems.iter().map(|system| system_name(system)).collect();
        let _ = write!(
            page,
            "\nWorks on {}. Elsewhere it loads with a warning; a filter lets nothing through then, and an action is skipped.\n",
            systems.join(", ")
        );
    }
    if !spec.variables.is_empty() {
        let variables: Vec<String> = spec.variables.iter().map(|name| format!("`{{{name}}}`")).collect();
        let _ = write!(page, "\nFor templates: {}.\n", variables.join(", "));
    }
}

fn row(spec: &Spec, param: &Param) -> [String; 4] {
    let bare = if spec.positional == Some(param.name) { ", also without its key" } else { "" };
    let default = match param.default {
        None => "needed".to_owned(),
        Some("") => String::new(),
        Some(default) => format!("`{default}`"),
    };
    [format!("`{}`{bare}", param.name), takes(param.kind), default, cell(param.doc)]
}

fn takes(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Template => "text with placeholders".to_owned(),
        Kind::Flag => "yes or no".to_owned(),
        Kind::Int => "a whole number".to_owned(),
        Kind::Count(least) => format!("a whole number, {least} or more"),
        Kind::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Kind::Choices(words) => {
            format!(
                "one or several of {}",
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            )
        }
        Kind::Texts => "one text or several".to_owned(),
        Kind::Duration => "a time span".to_owned(),
        Kind::Other => String::new(),
    }
}

/// Text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
