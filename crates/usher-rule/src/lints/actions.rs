//! Traps in actions.

use usher_event::sentence;

use super::written::Item;
use super::{Lint, Written};
use crate::Diagnostic;
use crate::load::Problems;

pub(super) const ALL: &[Lint] = &[
    Lint::new("dotted_dest", Some(dotted_dest))
        .why(
            "A destination with a dot in its last part is taken for a file name: `~/v2.0` becomes a file, and every \
             further one `v2 2.0`.",
        )
        .mend("End the folder with a slash.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - move: /out/v2.0\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - move: /out/v2.0/\n"),
    Lint::new("folder_like_file", Some(folder_like_file))
        .why("`{relative_path}` ends in the file's own name; with a slash behind it, a folder of that name is made for each file.")
        .mend("Leave the slash out.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - copy: '/out/{relative_path}/'\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - copy: '/out/{relative_path}'\n"),
    Lint::new("no_counter", Some(no_counter))
        .why("A `rename_template` without `{counter}` makes one free name only: the next conflict fails.")
        .mend("Put `{counter}` into it.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - move: {dest: /out/, rename_template: '{name}-old{extension}'}\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - move: {dest: /out/, rename_template: '{name}-{counter}{extension}'}\n"),
    Lint::new("after_skip", Some(after_skip))
        .why(
            "When a conflict is skipped, the actions after it run all the same, on the original: `move` with \
             `on_conflict: skip` and then `trash` throws away what was not moved.",
        )
        .mend("Put the actions that must not follow into a rule of their own, or use another `on_conflict`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - move: {dest: /out/, on_conflict: skip}\n      - trash\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - move: {dest: /out/, on_conflict: skip}\n      - echo: done\n"),
    Lint::new("deduplicate_reads", Some(deduplicate_reads))
        .why(
            "organize takes two files of one size and time for the same without reading them. Usher compares every byte, \
             so files that organize would leave out are kept under another name.",
        )
        .mend("Nothing: no file is lost by it. Allow the lint if you know.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - copy: {dest: /out/, on_conflict: deduplicate}\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - copy: {dest: /out/, on_conflict: rename_new}\n"),
    Lint::new("replaces_folders", Some(replaces_folders))
        .why("With folders, `on_conflict: overwrite` puts the whole folder that was there aside; the two are not merged.")
        .mend("Use `rename_new`, or let the rule look at files and use `{relative_path}` in the destination.")
        .bad("rules:\n  - locations: /in\n    targets: dirs\n    actions:\n      - move: {dest: /out/, on_conflict: overwrite}\n")
        .good("rules:\n  - locations: /in\n    targets: dirs\n    actions:\n      - move: {dest: /out/}\n"),
    Lint::new("folder_into_itself", Some(folder_into_itself))
        .why("The folder that the others go to lies in the location, so the rule wants to put it into itself, which is refused each time.")
        .mend("Name it in `exclude_dirs`, or choose a destination outside the location.")
        .bad("rules:\n  - locations: /in\n    targets: dirs\n    actions:\n      - move: /in/old/\n")
        .good("rules:\n  - locations: {path: /in, exclude_dirs: old}\n    targets: dirs\n    actions:\n      - move: /in/old/\n"),
    Lint::new("folder_hardlinked", Some(folder_hardlinked))
        .why("No system gives a folder a second name: `hardlink` fails for each of them.")
        .mend("Use `symlink`, or let the rule look at files.")
        .bad("rules:\n  - locations: /in\n    targets: dirs\n    actions:\n      - hardlink: /out/\n")
        .good("rules:\n  - locations: /in\n    targets: dirs\n    actions:\n      - symlink: /out/\n"),
    Lint::new("nothing_left", Some(nothing_left))
        .why("After `delete` or `trash` there is no file for the actions that follow.")
        .mend("Put `delete` or `trash` last.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - delete\n      - move: /out/\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - copy: {dest: /out/, continue_with: original}\n      - delete\n"),
    Lint::new("deletes_the_copy", Some(deletes_the_copy))
        .why("After `copy` the actions go on with the copy, so a `delete` or `trash` behind it removes what was just made and leaves the original.")
        .mend("Write `continue_with: original` in the copy, or use `move`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - copy: /out/\n      - delete\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - copy: {dest: /out/, continue_with: original}\n      - delete\n"),
    Lint::new("path_gone", Some(path_gone))
        .why("After `delete` there is no file, and `{path}` is put in as the word `None`.")
        .mend("Put the actions that name the file before `delete`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - delete\n      - echo: 'gone: {path}'\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - echo: 'going: {path}'\n      - delete\n"),
    Lint::new("relative_path_gone", Some(relative_path_gone))
        .why("`{relative_path}` is the way from the location to the file. Once the file has left the location there is none, and the word `None` is put in.")
        .mend("Use it in the action that takes the file away, or before.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - move: /out/\n      - echo: 'filed {relative_path}'\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - echo: 'filing {relative_path}'\n      - move: /out/\n"),
    Lint::new("extension_lost", Some(extension_lost))
        .why("`rename` wants the whole new name: without the extension the file loses it.")
        .mend("Add `{extension}` with its dot, or `{path.suffix}`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - rename: 'scan {now().year}'\n")
        .good("rules:\n  - locations: /in\n    filters: [extension]\n    actions:\n      - rename: 'scan {now().year}.{extension}'\n"),
    Lint::new("rename_is_no_move", Some(rename_is_no_move))
        .why("A new name cannot contain a slash; the action fails for every file.")
        .mend("Use `move`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - rename: 'old/{path.name}'\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - move: '/in/old/{path.name}'\n"),
    Lint::new("line_break_in_path", Some(line_break_in_path))
        .why("What a command prints ends with a line break, which becomes a part of the path.")
        .mend("Write `{shell.output.strip()}`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - shell: date\n      - move: '/out/{shell.output}/'\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - shell: date\n      - move: '/out/{shell.output.strip()}/'\n"),
    Lint::new("written_over", Some(written_over))
        .why("Each `write` with `clear_before_first_write` clears the file once, so the second wipes what the first has written.")
        .mend("Clear in the first one only.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - write: {text: a, outfile: /out, clear_before_first_write: true}\n      - write: {text: b, outfile: /out, clear_before_first_write: true}\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - write: {text: a, outfile: /out, clear_before_first_write: true}\n      - write: {text: b, outfile: /out}\n"),
];

/// Actions that bring a subject, or something like it, to a `dest`.
const CARRY: &[&str] = &["move", "copy", "hardlink", "symlink"];

/// Actions that need a file and change it or its place.
const CHANGE: &[&str] = &[
    "trash",
    "delete",
    "move",
    "rename",
    "copy",
    "hardlink",
    "symlink",
    "tag",
    "macos_tags",
    "archive",
    "extract",
];

fn dotted_dest(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for action in rule.actions.iter().filter(|action| action.is(CARRY)) {
        let Some(dest) = action.text("dest").filter(|_| action.text("autodetect_folder") != Some("false"))
        else {
            continue;
        };
        let last = last_part(dest);
        if last.trim_start_matches('.').contains('.') {
            let message = sentence!(
                "lint-dotted-dest",
                "`{last}` is taken for the name of a file, not of a folder",
                last = last,
            );
            problems.push(Diagnostic::warning("dotted_dest", action.at("dest"), message).help(sentence!(
                "lint-dotted-dest-help",
                "write `{dest}/` if it is a folder; for one file, allow this with a comment",
                dest = dest,
            )));
        }
    }
}

/// Names that say when something happens, or on which machine, and nothing of the file: many files have them in common.
const SHARED: &[&str] = &[
    "now",
    "utcnow",
    "today",
    "env",
    "rule",
    "rule_nr",
    "created",
    "lastmodified",
    "date_added",
    "date_lastused",
];

/// The last part of a destination as far as can be told: of placeholders that speak of times, only the texts in them
/// stay, which may be formats. Empty where there are others, which may well make a file's name.
fn last_part(dest: &str) -> String {
    let (mut last, mut word) = (String::new(), String::new());
    let (mut open, mut quote, mut attribute, mut texts, mut foreign) = (false, None, false, false, false);
    for c in dest.chars() {
        match (open, quote) {
            (false, _) if c == '{' => open = true,
            (false, _) if matches!(c, '/' | '\\') => {
                last.clear();
                foreign = false;
            }
            (false, _) => last.push(c),
            (true, Some(end)) if c == end => quote = None,
            (true, Some(_)) => {
                texts = true;
                last.push(c);
            }
            (true, None) if c.is_alphanumeric() || c == '_' => word.push(c),
            (true, None) => {
                let names = !word.is_empty() && !attribute && !word.starts_with(char::is_numeric);
                foreign |= names && !SHARED.contains(&word.as_str());
                attribute = c == '.' || c == '|' || (c == ' ' && word.is_empty() && attribute);
                word.clear();
                match c {
                    '}' => {
                        open = false;
                        last.extend((!texts).then_some('…'));
                        texts = false;
                    }
                    '\'' | '"' => quote = Some(c),
                    _ => {}
                }
            }
        }
    }
    if foreign { String::new() } else { last }
}

fn folder_like_file(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for action in rule.actions.iter().filter(|action| action.is(CARRY)) {
        let Some(dest) = action.text("dest") else { continue };
        let spaceless: String = dest.chars().filter(|c| *c != ' ').collect();
        if spaceless.ends_with("{relative_path}/") {
            let message = sentence!("lint-folder-like-file", "each file gets a folder of its own name");
            problems.push(
                Diagnostic::warning("folder_like_file", action.at("dest"), message)
                    .help(sentence!("lint-folder-like-file-help", "leave the slash at the end out")),
            );
        }
    }
}

fn no_counter(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for action in &rule.actions {
        let Some(template) = action.text("rename_template") else { continue };
        let renames = matches!(
            action.text("on_conflict"),
            None | Some("rename_new" | "rename_existing" | "deduplicate")
        );
        if renames && !template.contains("counter") {
            let message = sentence!("lint-no-counter", "without `{{counter}}` the second conflict fails");
            problems.push(
                Diagnostic::warning("no_counter", action.at("rename_template"), message).help(sentence!(
                    "lint-no-counter-help",
                    "write `{{name}} {{counter}}{{extension}}`, say"
                )),
            );
        }
    }
}

fn after_skip(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let skips = |action: &Item<'_>| matches!(action.text("on_conflict"), Some("skip" | "deduplicate"));
    let Some(first) = rule.actions.iter().position(skips) else { return };
    let changes = |action: &&Item<'_>| action.is(CHANGE) || action.is(&["shell", "python"]);
    if let Some(after) = rule.actions[first + 1..].iter().find(changes) {
        let message = sentence!(
            "lint-after-skip",
            "`{action}` also runs when `{before}` was skipped, on the original file",
            action = after.spec.name,
            before = rule.actions[first].spec.name,
        );
        problems.push(Diagnostic::warning("after_skip", after.span, message).help(sentence!(
            "lint-after-skip-help",
            "put it into a rule of its own, or choose another `on_conflict`"
        )));
    }
}

fn deduplicate_reads(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for action in rule.actions.iter().filter(|action| action.text("on_conflict") == Some("deduplicate")) {
        let message = sentence!(
            "lint-deduplicate-reads",
            "Usher compares every byte; organize compares size and time alone"
        );
        problems.push(
            Diagnostic::warning("deduplicate_reads", action.at("on_conflict"), message)
                .help(sentence!("lint-deduplicate-reads-help", "nothing to mend: no file is lost by it")),
        );
    }
}

fn replaces_folders(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if !rule.looks_at_dirs() {
        return;
    }
    for action in rule.actions.iter().filter(|action| action.text("on_conflict") == Some("overwrite")) {
        let message = sentence!(
            "lint-replaces-folders",
            "a folder of this name is put aside whole; the two are not merged"
        );
        problems.push(Diagnostic::warning("replaces_folders", action.at("on_conflict"), message).help(
            sentence!(
                "lint-replaces-folders-help",
                "use `rename_new`, or a rule for files with `{{relative_path}}` in the destination"
            ),
        ));
    }
}

/// Filters that may well let the folder be.
const CHOOSING: &[&str] = &["name", "regex", "python", "empty", "size", "tags", "macos_tags", "depth"];

fn folder_into_itself(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if !rule.looks_at_dirs()
        || rule.leaves_dirs_out()
        || rule.filters.iter().any(|filter| filter.is(CHOOSING))
    {
        return;
    }
    for action in rule.actions.iter().filter(|action| action.is(&["move", "copy", "archive"])) {
        if action.text("dest").is_some_and(|dest| rule.is_in_location(dest)) {
            let message =
                sentence!("lint-folder-into-itself", "the folder this names is one of those that go into it");
            problems.push(Diagnostic::warning("folder_into_itself", action.at("dest"), message).help(
                sentence!(
                    "lint-folder-into-itself-help",
                    "name it in `exclude_dirs`, or choose a destination outside the location"
                ),
            ));
        }
    }
}

fn folder_hardlinked(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if !rule.looks_at_dirs() {
        return;
    }
    for action in rule.actions.iter().filter(|action| action.is(&["hardlink"])) {
        let message = sentence!("lint-folder-hardlinked", "a folder cannot be linked like this");
        problems.push(
            Diagnostic::warning("folder_hardlinked", action.span, message)
                .help(sentence!("lint-folder-hardlinked-help", "use `symlink`")),
        );
    }
}

fn nothing_left(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let Some(last) = rule.actions.iter().position(|action| action.is(&["trash", "delete"])) else { return };
    if let Some(after) = rule.actions[last + 1..].iter().find(|action| action.is(CHANGE)) {
        let message = sentence!(
            "lint-nothing-left",
            "`{action}` finds no file: it is gone by then",
            action = after.spec.name,
        );
        problems.push(Diagnostic::warning("nothing_left", after.span, message).help(sentence!(
            "lint-nothing-left-help",
            "put `{action}` last",
            action = rule.actions[last].spec.name,
        )));
    }
}

fn deletes_the_copy(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let goes_on =
        |action: &Item<'_>| action.is(&["copy"]) && action.text("continue_with") != Some("original");
    let Some(copy) = rule.actions.iter().position(goes_on) else { return };
    // Whatever takes the copy elsewhere is meant for it, and so may be what follows.
    let leaves = |action: &&Item<'_>| action.is(CHANGE);
    let after = rule.actions[copy + 1..].iter().find(leaves);
    if let Some(after) = after.filter(|after| after.is(&["trash", "delete"])) {
        let message = sentence!(
            "lint-deletes-the-copy",
            "`{action}` removes the copy, and the original stays",
            action = after.spec.name,
        );
        problems.push(Diagnostic::warning("deletes_the_copy", after.span, message).help(sentence!(
            "lint-deletes-the-copy-help",
            "write `continue_with: original` in the copy, or use `move`"
        )));
    }
}

fn path_gone(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let Some(gone) = rule.actions.iter().position(|action| action.is(&["delete"])) else { return };
    for action in rule.actions[gone + 1..].iter().filter(|action| !action.is(CHANGE)) {
        if let Some(name) = ["path", "relative_path"].into_iter().find(|name| action.refers_to(name)) {
            let message = sentence!(
                "lint-path-gone",
                "`{{{name}}}` is `None` here: the file is gone by then",
                name = name,
            );
            problems.push(Diagnostic::warning("path_gone", action.span, message).help(sentence!(
                "lint-path-gone-help",
                "put `{action}` before `delete`",
                action = action.spec.name,
            )));
        }
    }
}

fn relative_path_gone(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let within = |dest: &str| {
        let names = ["{location", "{basedir", "{path.parent"];
        names.iter().any(|name| dest.starts_with(name)) || rule.is_in_location(dest)
    };
    let leaves = |action: &Item<'_>| {
        let goes =
            action.is(&["move"]) || action.is(&["copy"]) && action.text("continue_with") != Some("original");
        goes && action.text("dest").is_some_and(|dest| !within(dest))
    };
    let Some(left) = rule.actions.iter().position(leaves) else { return };
    for action in rule.actions[left + 1..].iter().filter(|action| action.refers_to("relative_path")) {
        let message = sentence!(
            "lint-relative-path-gone",
            "`{{relative_path}}` is `None` here: the file has left the location"
        );
        problems.push(Diagnostic::warning("relative_path_gone", action.span, message).help(sentence!(
            "lint-relative-path-gone-help",
            "put `{first}` before `{second}`",
            first = action.spec.name,
            second = rule.actions[left].spec.name,
        )));
    }
}

fn extension_lost(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if rule.looks_at_dirs() {
        return;
    }
    for action in rule.actions.iter().filter(|action| action.is(&["rename"])) {
        let Some(name) = action.text("new_name") else { continue };
        let keeps = ["extension", "suffix", "path.name"].iter().any(|word| name.contains(word));
        if !keeps && !outside_braces(name).contains('.') && !name.contains("{%") {
            let message = sentence!("lint-extension-lost", "the new name has no extension");
            problems.push(
                Diagnostic::warning("extension_lost", action.at("new_name"), message)
                    .help(sentence!("lint-extension-lost-help", "add `{{path.suffix}}` at the end")),
            );
        }
    }
}

/// The text around placeholders.
fn outside_braces(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

fn rename_is_no_move(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for action in rule.actions.iter().filter(|action| action.is(&["rename"])) {
        if action.text("new_name").is_some_and(|name| outside_braces(name).contains('/')) {
            let message = sentence!("lint-rename-is-no-move", "a new name cannot contain a slash");
            problems.push(
                Diagnostic::warning("rename_is_no_move", action.at("new_name"), message)
                    .help(sentence!("lint-rename-is-no-move-help", "use `move` to put the file elsewhere")),
            );
        }
    }
}

fn line_break_in_path(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for action in &rule.actions {
        for param in ["dest", "new_name", "outfile"] {
            let whole = |text: &str| {
                text.chars().filter(|c| *c != ' ').collect::<String>().contains("{shell.output}")
            };
            if action.text(param).is_some_and(whole) {
                let message =
                    sentence!("lint-line-break-in-path", "`{{shell.output}}` ends with a line break");
                problems.push(
                    Diagnostic::warning("line_break_in_path", action.at(param), message)
                        .help(sentence!("lint-line-break-in-path-help", "write `{{shell.output.strip()}}`")),
                );
            }
        }
    }
}

fn written_over(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let mut cleared: Vec<&str> = Vec::new();
    for action in rule.actions.iter().filter(|action| action.is(&["write"])) {
        let (Some(outfile), true) = (action.text("outfile"), action.flag("clear_before_first_write")) else {
            continue;
        };
        if cleared.contains(&outfile) {
            let message = sentence!(
                "lint-written-over",
                "this clears `{file}` again, with what was written before",
                file = outfile,
            );
            problems.push(
                Diagnostic::warning("written_over", action.at("clear_before_first_write"), message)
                    .help(sentence!("lint-written-over-help", "clear in the first one only")),
            );
        }
        cleared.push(outfile);
    }
}

#[cfg(test)]
mod tests {
    use super::last_part;
    use crate::lints::found;

    #[test]
    fn a_folder_named_by_a_time_may_have_a_dot_too() {
        for (dest, last) in [
            ("/out/v2.0", "v2.0"),
            ("/v2.0/x", "x"),
            ("~/o/{now().year}.{now().month}", "….…"),
            ("~/o/{lastmodified.strftime('%Y.%m')}", "%Y.%m"),
            ("~/o/{'%02d.x' % created.month}", "%02d.x"),
            ("~/o/{path.name}", ""),
            ("~/o/{now().year}.{extension}", ""),
            ("~/o/{regex.a}.pdf", ""),
            ("~/o/{extension}/v{now().year}", "v…"),
            ("~/o/{extension}/v2.0", "v2.0"),
        ] {
            assert_eq!(last_part(dest), last, "{dest}");
        }
        let codes = |dest: &str| {
            found(&format!(
                "rules:\n  - locations: /in\n    filters: [lastmodified]\n    actions:\n      - move: \"{dest}\"\n"
            ))
        };
        assert_eq!(codes("/o/{lastmodified.year}.{now().month}"), ["dotted_dest"]);
        assert_eq!(codes("/o/{lastmodified.strftime('%Y.%m')}"), ["dotted_dest"]);
        assert_eq!(codes("/o/{lastmodified.strftime('%Y.%m')}/"), [""; 0]);
        assert_eq!(codes("/o/{lastmodified.year} {path.stem}.txt"), [""; 0]);
    }

    #[test]
    fn commands_and_code_also_run_after_a_skip() {
        for action in ["shell: 'rm {path}'", "python: 'path.unlink()'"] {
            let text = format!(
                "rules:\n  - locations: /in\n    actions:\n      - move: {{dest: /out/, on_conflict: skip}}\n      - {action}\n"
            );
            assert_eq!(found(&text), ["after_skip"], "{action}");
        }
    }

    #[test]
    fn only_a_copy_that_is_gone_on_with_is_deleted() {
        let codes = |actions: &str| found(&format!("rules:\n  - locations: /in\n    actions: [{actions}]\n"));
        assert_eq!(codes("copy: /out/, trash"), ["deletes_the_copy"]);
        assert_eq!(codes("copy: /out/, echo: x, delete"), ["deletes_the_copy"]);
        assert_eq!(codes("copy: /out/, move: /far/, delete"), [""; 0]);
        assert_eq!(codes("copy: {dest: /out/, continue_with: original}, delete"), [""; 0]);
    }

    #[test]
    fn a_file_that_stays_in_its_location_keeps_its_relative_path() {
        let codes = |actions: &str| found(&format!("rules:\n  - locations: /in\n    actions: [{actions}]\n"));
        for stays in ["move: /in/a/", "move: '{location}/a/'", "copy: {dest: /out/, continue_with: original}"]
        {
            assert_eq!(codes(&format!("{stays}, echo: '{{relative_path}}'")), [""; 0], "{stays}");
        }
        assert_eq!(codes("move: /inner/, echo: '{relative_path}'"), ["relative_path_gone"]);
        assert_eq!(codes("copy: /out/, move: '/far/{relative_path}'"), ["relative_path_gone"]);
        assert_eq!(codes("delete, write: {text: '{path.name}', outfile: /log}"), ["path_gone"]);
        assert_eq!(codes("delete, echo: a path"), [""; 0]);
    }
}
