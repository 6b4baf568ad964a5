//! What is said about each invalid file.

use insta::assert_snapshot;

use super::said;

/// Every file looked at below.
pub(crate) const NAMES: &[&str] = &[
    "a_bare_tilde_is_nothing",
    "a_braced_variable_reads_a_placeholder",
    "a_comparison_that_is_none",
    "a_duplicate_key",
    "a_duration_nobody_can_read",
    "a_fraction_of_a_day",
    "a_list_of_rules_without_its_key",
    "a_missing_parameter",
    "a_misspelled_action",
    "a_misspelled_parameter",
    "a_misspelled_rule_key",
    "a_misspelled_word",
    "a_regex_that_is_not_closed",
    "a_rule_for_files_that_have_gone_and_needs_one",
    "a_rule_without_actions",
    "a_rule_without_locations_that_needs_a_file",
    "a_second_document",
    "a_simple_pattern_with_a_bad_field",
    "a_size_nobody_can_read",
    "a_template_that_is_not_closed",
    "a_time_zone_on_mars",
    "a_trigger_nobody_knows",
    "a_value_where_none_is_taken",
    "an_empty_file",
    "an_empty_group",
    "broken_yaml",
    "everything_wrong_at_once",
    "files_of_a_rule_for_both_have_an_extension_and_folders_have_none",
    "folders_have_no_extension",
    "names_that_are_empty_or_hold_a_nul",
    "no_rules_at_all",
    "numbers_that_count_nothing",
    "rules_that_are_none",
    "tabs_as_indentation",
    "tests_that_make_no_sense",
    "what_a_rule_waits_for_is_called_when",
    "two_actions_under_one_dash",
];

#[test]
fn a_bare_tilde_is_nothing() {
    assert_snapshot!(said("a_bare_tilde_is_nothing"), @r#"
    error[wrong_type] rules.yaml:3:9: `locations` wants paths, and this is nothing
      |
    3 |       - ~
      |         ^
      = help: YAML reads a bare `~` as nothing; write "~" with quotes for the home directory
    "#);
}

#[test]
fn a_braced_variable_reads_a_placeholder() {
    assert_snapshot!(said("a_braced_variable_reads_a_placeholder"), @r#"
    warning[dollar_brace] rules.yaml:4:15: `${HOME}` reads the placeholder `HOME`, not the environment
      |
    4 |       - move: ${HOME}/Documents/
      |               ^^^^^^^
      = help: for the environment variable write `$HOME` or `{env.HOME}`
    "#);
}

#[test]
fn a_comparison_that_is_none() {
    assert_snapshot!(said("a_comparison_that_is_none"), @r#"
    error[size_relation] rules.yaml:3:21: `=> 1k` compares in no way known
      |
    3 |     filters: [size: "=> 1k"]
      |                     ^^^^^^^
      = help: use `<`, `<=`, `=`, `>=` or `>`
    "#);
}

#[test]
fn a_duplicate_key() {
    assert_snapshot!(said("a_duplicate_key"), @r#"
    warning[duplicate_key] rules.yaml:4:5: `actions` is given twice in this mapping
      |
    4 |     actions: [delete]
      |     ^^^^^^^ this one counts
      = help: keep one of them
    "#);
}

#[test]
fn a_duration_nobody_can_read() {
    assert_snapshot!(said("a_duration_nobody_can_read"), @r#"
    error[bad_duration] rules.yaml:3:13: `settle` wants a time span
      |
    3 |     settle: soon
      |             ^^^^
      = help: write `500ms`, `2s`, `1m`, `1h`, or a number of seconds
    "#);
}

#[test]
fn a_fraction_of_a_day() {
    assert_snapshot!(said("a_fraction_of_a_day"), @r#"
    error[wrong_type] rules.yaml:4:30: `days` wants a whole number, and this is a number with a fraction
      |
    4 |       - lastmodified: {days: 0.5}
      |                              ^^^
    "#);
}

#[test]
fn a_list_of_rules_without_its_key() {
    assert_snapshot!(said("a_list_of_rules_without_its_key"), @r#"
    error[not_a_mapping] rules.yaml:1:3: a rule file is a mapping, and this is a list
      |
    1 | - locations: /in
      |   ^^^^^^^^^
      = help: put the list of rules under `rules:`
    "#);
}

#[test]
fn a_missing_parameter() {
    assert_snapshot!(said("a_missing_parameter"), @r#"
    error[missing_parameter] rules.yaml:4:9: `write` needs `outfile`
      |
    4 |       - write: {text: hello}
      |         ^^^^^
      = help: outfile: the file; it and its folders are made if missing
    "#);
}

#[test]
fn a_misspelled_action() {
    assert_snapshot!(said("a_misspelled_action"), @r#"
    error[unknown_name] rules.yaml:4:9: there is no action `mvoe`
      |
    4 |       - mvoe: /out/
      |         ^^^^
      = help: did you mean `move`? There are `archive`, `confirm`, `copy`, `delete`, `echo`, `extract`, `hardlink`, `macos_tags`, `move`, `notify`, `open`, `python`, `rename`, `reveal`, `shell`, `symlink`, `tag`, `trash` and `write`
    "#);
}

#[test]
fn a_misspelled_parameter() {
    assert_snapshot!(said("a_misspelled_parameter"), @r#"
    error[unknown_key] rules.yaml:6:11: `move` has no parameter `on_conflit`
      |
    6 |           on_conflit: skip
      |           ^^^^^^^^^^
      = help: did you mean `on_conflict`? It takes `dest`, `on_conflict`, `rename_template` and `autodetect_folder`
    "#);
}

#[test]
fn a_misspelled_rule_key() {
    assert_snapshot!(said("a_misspelled_rule_key"), @r#"
    error[unknown_key] rules.yaml:2:5: a rule has no `location`
      |
    2 |   - location: /in
      |     ^^^^^^^^
      = help: did you mean `locations`? A rule has `name`, `enabled`, `targets`, `locations`, `subfolders`, `tags`, `filters`, `filter_mode`, `actions`, `when`, `while`, `settle`, `repeat`, `cooldown`, `stop`, `limit` and `tests`
    "#);
}

#[test]
fn a_misspelled_word() {
    assert_snapshot!(said("a_misspelled_word"), @r#"
    error[unknown_value] rules.yaml:4:42: `on_conflict` cannot be `overwrit`
      |
    4 |       - move: {dest: /out/, on_conflict: overwrit}
      |                                          ^^^^^^^^
      = help: did you mean `overwrite`? It is one of `skip`, `overwrite`, `trash`, `rename_new`, `rename_existing` and `deduplicate`
    "#);
}

#[test]
fn a_regex_that_is_not_closed() {
    assert_snapshot!(said("a_regex_that_is_not_closed"), @r#"
    error[regex_syntax] rules.yaml:3:22: the regular expression cannot be read: unclosed group
      |
    3 |     filters: [regex: "(a"]
      |                      ^^^^
      = help: in YAML, put expressions in single quotes, so that backslashes stay as they are
    "#);
}

#[test]
fn a_rule_for_files_that_have_gone_and_needs_one() {
    assert_snapshot!(said("a_rule_for_files_that_have_gone_and_needs_one"), @r"
    error[not_for_gone] rules.yaml:2:5: `move` needs a file, and the rule waits for files that have gone
      |
    2 |   - when: { files: [created, gone] }
      |     ^^^^
      = help: use `echo`, `notify`, `python`, `shell` and `write`, or wait for `created` or `changed`
    error[not_for_gone] rules.yaml:2:5: the rule has a limit, and waits for files that have gone: nothing is left to be asked about
      |
    2 |   - when: { files: [created, gone] }
      |     ^^^^
      = help: take `limit` out of the rule
    error[not_for_gone] rules.yaml:7:9: `size` looks at a file, and the rule waits for files that have gone
      |
    7 |       - not size: 1kb
      |         ^^^^^^^^
      = help: only the name is left of such a file: use `depth`, `extension`, `mimetype`, `name` and `regex`
    ");
}

#[test]
fn a_rule_without_actions() {
    assert_snapshot!(said("a_rule_without_actions"), @r#"
    error[no_actions] rules.yaml:2:5: the rule has no actions
      |
    2 |   - name: lazy
      |     ^^^^
      = help: say what is to be done, for example `actions: [trash]`
    "#);
}

#[test]
fn a_rule_without_locations_that_needs_a_file() {
    assert_snapshot!(said("a_rule_without_locations_that_needs_a_file"), @r#"
    error[no_locations] rules.yaml:2:5: `trash` needs a file, and the rule has no locations
      |
    2 |   - filters: [extension: pdf]
      |     ^^^^^^^
      = help: add `locations:`
    error[no_locations] rules.yaml:2:15: the rule has filters and no locations to look in
      |
    2 |   - filters: [extension: pdf]
      |               ^^^^^^^^^
      = help: add `locations:`
    "#);
}

#[test]
fn a_second_document() {
    assert_snapshot!(said("a_second_document"), @r#"
    error[several_documents] rules.yaml:3:1: a second document begins here
      |
    3 | ---
      | ^^^
      = help: keep one document in a file: put the rules of both under one `rules:`
    "#);
}

#[test]
fn a_simple_pattern_with_a_bad_field() {
    assert_snapshot!(said("a_simple_pattern_with_a_bad_field"), @r#"
    error[bad_pattern] rules.yaml:3:30: there is no field type `integer`
      |
    3 |     filters: [name: "Invoice {year:integer}"]
      |                              ^^^^^^^^^^^^^^
      = help: there are `int`, `float`, `letters`, `bitcoin`, `email`, `ssn`, `ipv4`, `ipv6`, `url` and `ccard`
    "#);
}

#[test]
fn a_size_nobody_can_read() {
    assert_snapshot!(said("a_size_nobody_can_read"), @r#"
    warning[size_unparsable] rules.yaml:3:22: `> many` is no size, so it is left out and lets every file through
      |
    3 |     filters: [size: ["> many", "> 500"]]
      |                      ^^^^^^^^
      = help: write a comparison, a number and a unit: `> 1.5 MB`
    warning[size_unitless] rules.yaml:3:32: `> 500` has no unit and means bytes
      |
    3 |     filters: [size: ["> many", "> 500"]]
      |                                ^^^^^^^
      = help: add a unit: `k`, `MB`, `GiB`, or `b` for bytes
    "#);
}

#[test]
fn a_template_that_is_not_closed() {
    assert_snapshot!(said("a_template_that_is_not_closed"), @r#"
    error[template_syntax] rules.yaml:4:31: the template cannot be read: unexpected end of input, expected expression
      |
    4 |       - move: "/out/{extension/"
      |                               ^
      = help: placeholders stand in single braces: `{extension}`; for a brace itself write `{'{'}`
    "#);
}

#[test]
fn a_time_zone_on_mars() {
    assert_snapshot!(said("a_time_zone_on_mars"), @r#"
    error[unknown_timezone] rules.yaml:3:35: there is no time zone `Mars/Phobos`
      |
    3 |     filters: [created: {timezone: Mars/Phobos}]
      |                                   ^^^^^^^^^^^
      = help: use `local`, `UTC`, a name such as `Europe/Paris`, or an offset such as `+02:00`
    "#);
}

#[test]
fn a_trigger_nobody_knows() {
    assert_snapshot!(said("a_trigger_nobody_knows"), @r#"
    error[unknown_name] rules.yaml:2:12: `when` knows no `volme`
      |
    2 |   - when: {volme: mounted}
      |            ^^^^^
      = help: did you mean `volume`? There are `files`, `volume`, `usb`, `power`, `battery`, `network`, `session`, `idle`, `display`, `schedule`, `hotkey` and `started`
    "#);
}

#[test]
fn a_value_where_none_is_taken() {
    assert_snapshot!(said("a_value_where_none_is_taken"), @r#"
    error[no_parameters] rules.yaml:3:22: `trash` takes no parameters
      |
    3 |     actions: [trash: now]
      |                      ^^^
      = help: write `trash` alone
    "#);
}

#[test]
fn an_empty_file() {
    assert_snapshot!(said("an_empty_file"), @r#"
    error[empty] rules.yaml:1:1: the file is empty
      |
    1 | # nothing here
      | ^
      = help: a rule file begins with `rules:` and a list of rules
    "#);
}

#[test]
fn an_empty_group() {
    assert_snapshot!(said("an_empty_group"), @r#"
    error[empty_group] rules.yaml:4:9: `any` holds no filters
      |
    4 |       - any:
      |         ^^^
      = help: list filters below it: `any: [extension: pdf, name: scan*]`
    "#);
}

#[test]
fn broken_yaml() {
    assert_snapshot!(said("broken_yaml"), @r#"
    error[yaml_syntax] rules.yaml:3:12: this is not valid YAML: illegal placement of ':' indicator
      |
    3 |     actions: [trash]
      |            ^
    "#);
}

#[test]
fn everything_wrong_at_once() {
    assert_snapshot!(said("everything_wrong_at_once"), @r#"
    error[wrong_type] rules.yaml:2:12: `name` wants text, and this is a list
      |
    2 |   - name: [a, b]
      |            ^
    error[wrong_type] rules.yaml:3:14: `enabled` wants yes or no, and this is text
      |
    3 |     enabled: maybe
      |              ^^^^^
    error[unknown_value] rules.yaml:4:14: `targets` cannot be `links`
      |
    4 |     targets: links
      |              ^^^^^
      = help: it is `files`, `dirs`, or `[files, dirs]`
    error[wrong_type] rules.yaml:5:39: `max_depth` wants `inherit`, a whole number or null, and this is text
      |
    5 |     locations: {path: /in, max_depth: deep}
      |                                       ^^^^
    error[unknown_name] rules.yaml:6:15: there is no filter `extention`
      |
    6 |     filters: [extention: pdf]
      |               ^^^^^^^^^
      = help: did you mean `extension`? There are `created`, `date`, `date_added`, `date_lastused`, `depth`, `duplicate`, `empty`, `exif`, `extension`, `filecontent`, `hash`, `kind`, `lastmodified`, `macos_tags`, `mimetype`, `name`, `origin`, `python`, `regex`, `size` and `tags`
    error[unknown_value] rules.yaml:7:18: `filter_mode` cannot be `some`
      |
    7 |     filter_mode: some
      |                  ^^^^
      = help: it is one of `all`, `any` and `none`
    error[wrong_type] rules.yaml:8:11: `tags` wants a list, and this is text
      |
    8 |     tags: one
      |           ^^^
    error[missing_parameter] rules.yaml:9:15: `move` needs `dest`
      |
    9 |     actions: [move, 5: 6, [echo: {msg: yes}]]
      |               ^^^^
      = help: dest: a folder, with a slash at the end, or a new path; missing folders are made
    error[unknown_name] rules.yaml:9:21: there is no action `5`
      |
    9 |     actions: [move, 5: 6, [echo: {msg: yes}]]
      |                     ^
      = help: there are `archive`, `confirm`, `copy`, `delete`, `echo`, `extract`, `hardlink`, `macos_tags`, `move`, `notify`, `open`, `python`, `rename`, `reveal`, `shell`, `symlink`, `tag`, `trash` and `write`
    error[wrong_type] rules.yaml:9:40: `msg` wants text, and this is yes or no
      |
    9 |     actions: [move, 5: 6, [echo: {msg: yes}]]
      |                                        ^^^
      = help: put it in quotes to make it text
    error[wrong_type] rules.yaml:10:5: a rule is a mapping, and this is text
       |
    10 |   - just text
       |     ^^^^^^^^^
       = help: a rule has at least `actions:`
    "#);
}

#[test]
fn folders_have_no_extension() {
    assert_snapshot!(said("folders_have_no_extension"), @r#"
    error[not_for_dirs] rules.yaml:4:21: `extension` looks at files, and the rule's targets are folders
      |
    4 |     filters: [any: [extension: pdf]]
      |                     ^^^^^^^^^
      = help: leave it out, or set `targets: files`
    "#);
}

#[test]
fn names_that_are_empty_or_hold_a_nul() {
    assert_snapshot!(said("names_that_are_empty_or_hold_a_nul"), @r#"
    error[empty_text] rules.yaml:2:16: `path` is empty
      |
    2 |   - locations: ""
      |                ^^
      = help: path: the folder or folders; `~`, `$VAR` and `{env.VAR}` are expanded
    error[empty_text] rules.yaml:4:15: `dest` is empty
      |
    4 |       - move: ""
      |               ^^
      = help: dest: a folder, with a slash at the end, or a new path; missing folders are made
    error[empty_text] rules.yaml:6:9: `path` holds a character that no name can hold (NUL)
      |
    6 |       - "/in\0"
      |         ^^^^^^^
      = help: path: the folder or folders; `~`, `$VAR` and `{env.VAR}` are expanded
    error[empty_text] rules.yaml:7:21: `path` is empty
      |
    7 |       - path: [/in, ""]
      |                     ^^
      = help: path: the folder or folders; `~`, `$VAR` and `{env.VAR}` are expanded
    error[empty_text] rules.yaml:9:23: `dest` is empty
      |
    9 |       - copy: { dest: "" }
      |                       ^^
      = help: dest: a folder, with a slash at the end, or a new path; missing folders are made
    error[empty_text] rules.yaml:10:17: `new_name` is empty
       |
    10 |       - rename: ""
       |                 ^^
       = help: new_name: the new name, extension included
    error[empty_text] rules.yaml:11:37: `outfile` is empty
       |
    11 |       - write: { text: "", outfile: "" }
       |                                     ^^
       = help: outfile: the file; it and its folders are made if missing
    error[empty_text] rules.yaml:12:18: `dest` holds a character that no name can hold (NUL)
       |
    12 |       - symlink: "/out/\0/"
       |                  ^^^^^^^^^^
       = help: dest: a folder, with a slash at the end, or a new path; missing folders are made
    error[empty_text] rules.yaml:13:18: `dest` is empty
       |
    13 |       - archive: ""
       |                  ^^
       = help: dest: the archive, or with a slash at the end the folder it is put into; beside the original where not given
    error[empty_text] rules.yaml:14:33: `undo` is empty
       |
    14 |       - shell: { cmd: "", undo: "" }
       |                                 ^^
       = help: undo: a command that takes it back, run by an undo; its placeholders are filled in beforehand
    "#);
}

#[test]
fn no_rules_at_all() {
    assert_snapshot!(said("no_rules_at_all"), @r#"
    error[no_rules] rules.yaml:1:1: the file has no `rules`
      |
    1 | rule:
      | ^^^^
      = help: did you mean `rules` where it says `rule`?
    "#);
}

#[test]
fn rules_that_are_none() {
    assert_snapshot!(said("rules_that_are_none"), @r#"
    error[no_rules] rules.yaml:1:1: there are no rules
      |
    1 | rules:
      | ^^^^^
      = help: add one, beginning with a dash
    "#);
}

#[test]
fn numbers_that_count_nothing() {
    assert_snapshot!(said("numbers_that_count_nothing"), @r#"
    error[wrong_type] rules.yaml:4:12: `limit` wants a whole number from 1 to 9223372036854775807, and this is too large a number
      |
    4 |     limit: 18446744073709551616
      |            ^^^^^^^^^^^^^^^^^^^^
    error[wrong_type] rules.yaml:7:12: `limit` wants a whole number from 1 to 9223372036854775807, and this is yes or no
      |
    7 |     limit: true
      |            ^^^^
    error[wrong_type] rules.yaml:10:23: `min` wants a whole number from 0 to 9223372036854775807, and this is a number
       |
    10 |       - depth: { min: -1, max: yes }
       |                       ^^
    error[wrong_type] rules.yaml:10:32: `max` wants a whole number from 0 to 9223372036854775807, and this is yes or no
       |
    10 |       - depth: { min: -1, max: yes }
       |                                ^^^
    error[wrong_type] rules.yaml:11:31: `days` wants a whole number, and this is too large a number
       |
    11 |       - lastmodified: { days: 18446744073709551616, hours: yes }
       |                               ^^^^^^^^^^^^^^^^^^^^
    error[wrong_type] rules.yaml:13:31: `max_files` wants a whole number from 1 to 9223372036854775807, and this is a number
       |
    13 |       - extract: { max_files: 0, max_ratio: 2.5 }
       |                               ^
    error[wrong_type] rules.yaml:13:45: `max_ratio` wants a whole number from 1 to 9223372036854775807, and this is a number with a fraction
       |
    13 |       - extract: { max_files: 0, max_ratio: 2.5 }
       |                                             ^^^
    "#);
}

#[test]
fn tabs_as_indentation() {
    assert_snapshot!(said("tabs_as_indentation"), @r#"
    error[yaml_syntax] rules.yaml:2:2: a tab stands where YAML wants blanks
      |
    2 | 	- actions: [echo: hi]
      | 	^
      = help: indent with blanks
    "#);
}

#[test]
fn tests_that_make_no_sense() {
    assert_snapshot!(said("tests_that_make_no_sense"), @r#"
    error[wrong_type] rules.yaml:4:12: `limit` wants a number of files, 1 or more
      |
    4 |     limit: 0
      |            ^
      = help: to switch the rule off, set `enabled: false`
    error[unknown_value] rules.yaml:5:13: `repeat` cannot be `always`
      |
    5 |     repeat: always
      |             ^^^^^^
      = help: it is one of `every_change`, `once_per_version` and `once`
    error[wrong_type] rules.yaml:7:9: a test is a mapping, and this is text
      |
    7 |       - a.txt
      |         ^^^^^
      = help: write `- {file: name.pdf, becomes: ~/Documents/name.pdf}`
    error[test_contradicts] rules.yaml:8:11: the test says that the rule leaves the file alone and where it puts it
      |
    8 |       - { file: a.txt, matches: no, becomes: /out/a.txt }
      |           ^^^^
      = help: keep `matches: false` or `becomes`
    error[bad_size] rules.yaml:9:30: `large` is no size
      |
    9 |       - { file: a.txt, size: large, modified: yesterday }
      |                              ^^^^^
      = help: write a number and a unit: `20 MB`
    error[bad_time] rules.yaml:9:47: `yesterday` is no date or time
      |
    9 |       - { file: a.txt, size: large, modified: yesterday }
      |                                               ^^^^^^^^^
      = help: write `2024-05-31` or `2024-05-31 14:00`
    error[test_contradicts] rules.yaml:10:11: the test says in several ways what is in the file
       |
    10 |       - { file: a.txt, size: 3 kB, text: hello }
       |           ^^^^
       = help: keep one of `text`, `size` and `like`
    "#);
}

#[test]
fn two_actions_under_one_dash() {
    assert_snapshot!(said("two_actions_under_one_dash"), @r#"
    error[several_names] rules.yaml:5:9: one action has one name, and this is a second
      |
    5 |         trash:
      |         ^^^^^ belongs to `echo` or wants its own dash
      = help: indent it further than `echo`, or begin it with a dash
    "#);
}

#[test]
fn files_of_a_rule_for_both_have_an_extension_and_folders_have_none() {
    assert_snapshot!(said("files_of_a_rule_for_both_have_an_extension_and_folders_have_none"), @r#"
    error[not_for_dirs] rules.yaml:4:21: `extension` looks at files, and the rule looks at folders as well
      |
    4 |     filters: [any: [extension: pdf]]
      |                     ^^^^^^^^^
      = help: leave it out, or set `targets: files`
    "#);
}

#[test]
fn what_a_rule_waits_for_is_called_when() {
    assert_snapshot!(said("what_a_rule_waits_for_is_called_when"), @r#"
    error[unknown_key] rules.yaml:2:5: a rule has no `on`
      |
    2 |   - on: [power]
      |     ^^
      = help: what a rule waits for stands below `when`. A rule has `name`, `enabled`, `targets`, `locations`, `subfolders`, `tags`, `filters`, `filter_mode`, `actions`, `when`, `while`, `settle`, `repeat`, `cooldown`, `stop`, `limit` and `tests`
    "#);
}
