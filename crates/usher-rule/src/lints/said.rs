//! What people are told about each trap, word for word.

use std::path::Path;

use super::all;

#[test]
fn what_is_said_of_each_bad_file() {
    let said = all().map(|lint| {
        let loaded = crate::load(Path::new("rules.yaml"), lint.bad);
        let own = loaded.diagnostics.iter().find(|problem| problem.code == lint.name);
        // What works on one system only is said on the others.
        own.map(|problem| problem.show("rules.yaml", lint.bad)).unwrap_or_default()
    });
    let said = said.filter(|said| !said.starts_with("warning[not_available_here]")).collect::<String>();
    insta::assert_snapshot!(said, @r##"
    warning[duplicate_key] rules.yaml:3:5: `name` is given twice in this mapping
      |
    3 |     name: b
      |     ^^^^ this one counts
      = help: keep one of them
    warning[no_rules] rules.yaml:1:1: there are no rules
      |
    1 | rules: []
      | ^^^^^
      = help: add one, beginning with a dash
    warning[dollar_brace] rules.yaml:4:15: `${HOME}` reads the placeholder `HOME`, not the environment
      |
    4 |       - move: ${HOME}/Documents/
      |               ^^^^^^^
      = help: for the environment variable write `$HOME` or `{env.HOME}`
    warning[any_of_nothing] rules.yaml:3:5: `filter_mode: any` without filters never matches
      |
    3 |     filter_mode: any
      |     ^^^^^^^^^^^
      = help: add filters, or leave `filter_mode` out
    warning[number_rewritten] rules.yaml:3:21: YAML reads `007` as the number 7
      |
    3 |     filters: [name: 007]
      |                     ^^^
      = help: write `'007'` with quotes to keep it as it is
    warning[rule_without_name] rules.yaml:4:15: `{rule}` is `None` in a rule without a name
      |
    4 |       - move: '/out/{rule}/'
      |               ^^^^^^^^^^^^^^
      = help: write the name itself, or give the rule what it lacks
    warning[innermost_first] rules.yaml:6:15: folders are removed from the inside out, all in one run; organize would take several runs
      |
    6 |     actions: [trash]
      |               ^^^^^
      = help: set `max_depth` on the location to keep the folders above
    warning[contents_again] rules.yaml:6:15: the folders in what comes here are looked at once more
      |
    6 |       - move: /in/old/
      |               ^^^^^^^^
      = help: choose a place outside of the location
    warning[not_brought] rules.yaml:5:15: nothing that the rule waits for brings `{volume.label}`
      |
    5 |       - move: '/out/{volume.label}/'
      |               ^^^^^^^^^^^^^^^^^^^^^^
      = help: it comes with `when:` and `volume`
    warning[relative_location] rules.yaml:2:16: `Downloads` is a relative path
      |
    2 |   - locations: Downloads
      |                ^^^^^^^^^
      = help: begin it with `/`, `~` or a variable, so that it is the same wherever Usher starts
    warning[search_is_honoured] rules.yaml:2:36: `search: depth` visits subfolders first; organize ignores it
      |
    2 |   - locations: {path: /in, search: depth}
      |                                    ^^^^^
      = help: leave it out to have the order organize uses
    warning[ignore_errors_unused] rules.yaml:2:43: `ignore_errors` has no effect
      |
    2 |   - locations: {path: /in, ignore_errors: true}
      |                                           ^^^^
      = help: leave it out: unreadable folders are left out and reported
    warning[pattern_with_slash] rules.yaml:2:42: `sub/deep` is compared with the name alone and matches nothing
      |
    2 |   - locations: {path: /in, exclude_dirs: sub/deep}
      |                                          ^^^^^^^^
      = help: write the name without the folders before it
    warning[system_case] rules.yaml:2:51: `Thumbs.db` leaves out every spelling in capitals and small letters
      |
    2 |   - locations: {path: /in, system_exclude_files: [Thumbs.db]}
      |                                                   ^^^^^^^^^
      = help: put it into `exclude_files` if its case matters
    warning[depth_beats_subfolders] rules.yaml:2:39: `max_depth` decides here, and `subfolders: true` has no say
      |
    2 |   - locations: {path: /in, max_depth: 0}
      |                                       ^
      = help: keep one of the two
    warning[filter_dirs_each_level] rules.yaml:2:42: each folder on the way down has to fit, not only the last
      |
    2 |   - locations: {path: /in, filter_dirs: ['2026']}
      |                                          ^^^^^^
      = help: name the folders above too, or set `max_depth: 1`
    warning[size_unitless] rules.yaml:4:15: `> 10` has no unit and means bytes
      |
    4 |       - size: '> 10'
      |               ^^^^^^
      = help: add a unit: `k`, `MB`, `GiB`, or `b` for bytes
    warning[size_unparsable] rules.yaml:4:15: `> many` is no size, so it is left out and lets every file through
      |
    4 |       - size: '> many'
      |               ^^^^^^^^
      = help: write a comparison, a number and a unit: `> 1.5 MB`
    warning[extension_of_two] rules.yaml:4:20: no file has the extension `tar.gz`: only the last part counts
      |
    4 |       - extension: tar.gz
      |                    ^^^^^^
      = help: use `regex` on the whole name
    warning[name_with_extension] rules.yaml:4:15: `invoice*.pdf` is compared with the name without its extension
      |
    4 |       - name: 'invoice*.pdf'
      |               ^^^^^^^^^^^^^^
      = help: add `- extension: pdf` and leave it out here
    warning[name_is_no_glob] rules.yaml:4:15: `scan??`: only `*` stands for anything
      |
    4 |       - name: 'scan??'
      |               ^^^^^^^^
      = help: use `regex` for single characters and choices
    warning[no_match_no_variables] rules.yaml:4:9: `regex` must not match here, so `{regex.…}` is never there
      |
    4 |       - not regex: '(?P<year>\d+)'
      |         ^^^^^^^^^
      = help: take the placeholder out of the actions
    warning[optional_group] rules.yaml:4:16: the group `part` may take no part, and `{regex.part}` is then `None`
      |
    4 |       - regex: 'a(?P<part>b)?'
      |                ^^^^^^^^^^^^^^^
      = help: write `{regex.part or ''}`
    warning[hash_unknown] rules.yaml:4:15: there is no hash algorithm `sha25`; there are `md5`, `sha1`, `sha224`, `sha256`, `sha384`, `sha512`, `sha512_224`, `sha512_256`, `sha3_224`, `sha3_256`, `sha3_384`, `sha3_512`, `blake2b`, `blake2s`, `blake3` and `crc32`
      |
    4 |       - hash: sha25
      |               ^^^^^
      = help: every file fails here until another one is named
    warning[content_unread] rules.yaml:5:9: the text of `csv` cannot be read
      |
    5 |       - filecontent: total
      |         ^^^^^^^^^^^
      = help: `filecontent` reads `.txt`, `.md`, `.log`, `.pdf` and `.docx` files
    warning[unread_is_left] rules.yaml:4:9: a file whose text cannot be read is left alone; organize would go on with it
      |
    4 |       - not filecontent: paid
      |         ^^^^^^^^^^^^^^^
      = help: nothing to mend: such a file is left for you to look at
    warning[values_of_the_other] rules.yaml:4:9: `{lastmodified}` need not be that of the file the actions get
      |
    4 |       - lastmodified
      |         ^^^^^^^^^^^^
      = help: put it behind `duplicate`, which may choose another file
    warning[any_time] rules.yaml:4:9: `lastmodified` without a time fits every file
      |
    4 |       - lastmodified: { mode: newer }
      |         ^^^^^^^^^^^^
      = help: say how long ago: `days: 30`
    warning[groups_of_some] rules.yaml:6:9: a file that another filter lets through need not have a `{regex.…}`
      |
    6 |       - regex: '(?P<year>\d+)'
      |         ^^^^^
      = help: put it into a rule of its own
    warning[never_matches] rules.yaml:4:23: nothing is at least 3 and at most 1 deep
      |
    4 |       - depth: { min: 3, max: 1 }
      |                       ^
      = help: make `min` the smaller one
    warning[dotted_dest] rules.yaml:4:15: `v2.0` is taken for the name of a file, not of a folder
      |
    4 |       - move: /out/v2.0
      |               ^^^^^^^^^
      = help: write `/out/v2.0/` if it is a folder; for one file, allow this with a comment
    warning[folder_like_file] rules.yaml:4:15: each file gets a folder of its own name
      |
    4 |       - copy: '/out/{relative_path}/'
      |               ^^^^^^^^^^^^^^^^^^^^^^^
      = help: leave the slash at the end out
    warning[no_counter] rules.yaml:4:46: without `{counter}` the second conflict fails
      |
    4 |       - move: {dest: /out/, rename_template: '{name}-old{extension}'}
      |                                              ^^^^^^^^^^^^^^^^^^^^^^^
      = help: write `{name} {counter}{extension}`, say
    warning[after_skip] rules.yaml:5:9: `trash` also runs when `move` was skipped, on the original file
      |
    5 |       - trash
      |         ^^^^^
      = help: put it into a rule of its own, or choose another `on_conflict`
    warning[deduplicate_reads] rules.yaml:4:42: Usher compares every byte; organize compares size and time alone
      |
    4 |       - copy: {dest: /out/, on_conflict: deduplicate}
      |                                          ^^^^^^^^^^^
      = help: nothing to mend: no file is lost by it
    warning[replaces_folders] rules.yaml:5:42: a folder of this name is put aside whole; the two are not merged
      |
    5 |       - move: {dest: /out/, on_conflict: overwrite}
      |                                          ^^^^^^^^^
      = help: use `rename_new`, or a rule for files with `{relative_path}` in the destination
    warning[folder_into_itself] rules.yaml:5:15: the folder this names is one of those that go into it
      |
    5 |       - move: /in/old/
      |               ^^^^^^^^
      = help: name it in `exclude_dirs`, or choose a destination outside the location
    warning[folder_hardlinked] rules.yaml:5:9: a folder cannot be linked like this
      |
    5 |       - hardlink: /out/
      |         ^^^^^^^^
      = help: use `symlink`
    warning[nothing_left] rules.yaml:5:9: `move` finds no file: it is gone by then
      |
    5 |       - move: /out/
      |         ^^^^
      = help: put `delete` last
    warning[deletes_the_copy] rules.yaml:5:9: `delete` removes the copy, and the original stays
      |
    5 |       - delete
      |         ^^^^^^
      = help: write `continue_with: original` in the copy, or use `move`
    warning[path_gone] rules.yaml:5:9: `{path}` is `None` here: the file is gone by then
      |
    5 |       - echo: 'gone: {path}'
      |         ^^^^
      = help: put `echo` before `delete`
    warning[relative_path_gone] rules.yaml:5:9: `{relative_path}` is `None` here: the file has left the location
      |
    5 |       - echo: 'filed {relative_path}'
      |         ^^^^
      = help: put `echo` before `move`
    warning[extension_lost] rules.yaml:4:17: the new name has no extension
      |
    4 |       - rename: 'scan {now().year}'
      |                 ^^^^^^^^^^^^^^^^^^^
      = help: add `{path.suffix}` at the end
    warning[rename_is_no_move] rules.yaml:4:17: a new name cannot contain a slash
      |
    4 |       - rename: 'old/{path.name}'
      |                 ^^^^^^^^^^^^^^^^^
      = help: use `move` to put the file elsewhere
    warning[line_break_in_path] rules.yaml:5:15: `{shell.output}` ends with a line break
      |
    5 |       - move: '/out/{shell.output}/'
      |               ^^^^^^^^^^^^^^^^^^^^^^
      = help: write `{shell.output.strip()}`
    warning[written_over] rules.yaml:5:67: this clears `/out` again, with what was written before
      |
    5 |       - write: {text: b, outfile: /out, clear_before_first_write: true}
      |                                                                   ^^^^
      = help: clear in the first one only
    "##);
}
