//! Rule files and trees that nobody thought of, the same ones each time.
//!
//! What is drawn stays clear of the deliberate differences, so that every case has to end alike. A case that does not is
//! made smaller as long as it still differs, and printed. `ORGANIZE_SEED` and `ORGANIZE_CASES` look elsewhere and for
//! longer.

use std::collections::BTreeSet;

use crate::case::{Case, differences};
use crate::made::{Field, Picture, listed};

/// How many cases a batch has, where nobody says.
const CASES: u64 = 60;

/// A number that the environment may give.
fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |number| number.parse().unwrap())
}

/// A generator of numbers that are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.throw() % end as u64) as usize
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn some<'a>(&mut self, most: usize, words: &[&'a str]) -> Vec<&'a str> {
        (0..self.below(most + 1)).map(|_| self.pick(words)).collect()
    }
}

const FOLDERS: &[&str] = &["in", "in/sub", "in/sub/deep", "in/Other", "in/.git", "out", "out/sub"];
const NAMES: &[&str] = &[
    "a.txt",
    "b.txt",
    "AB.TXT",
    "scan_1.pdf",
    "scan_22.pdf",
    "Invoice 2024-03.pdf",
    "photo.JPG",
    "photo 2.jpg",
    "x.tar.gz",
    ".hidden",
    ".dot.txt",
    "none",
    "two words.md",
    "é.txt",
    "123.txt",
    "a 2.txt",
    "odd.",
    "{x}.txt",
    "a%b.txt",
    "thumbs.db",
];
const LOCATIONS: &[&str] = &[
    "~/in",
    "~/in/sub",
    "[~/in, ~/out]",
    "[~/out, ~/in/sub]",
    "[{path: ~/in, max_depth: 1}]",
    "[{path: ~/in, max_depth: null}]",
    "[{path: ~/in, max_depth: null, min_depth: 1}]",
    "[{path: ~/in, exclude_files: ['*.txt']}]",
    "[{path: ~/in, max_depth: null, exclude_dirs: [deep]}]",
    "[{path: ~/in, filter: ['*.pdf', '*.txt']}]",
    "[{path: ~/in, max_depth: null, filter_dirs: [sub]}]",
    "[{path: ~/in, max_depth: null, filter_dirs: ['[so]*'], exclude_dirs: [Other], exclude_files: ['*.md']}]",
    "[{path: ~/in, max_depth: null, filter_dirs: [sub, deep], exclude_dirs: [deep], filter: ['*a*']}, ~/out]",
    "[{path: [~/in/sub, ~/out], search: breadth, ignore_errors: true}]",
    "[{path: ~/in, max_depth: null, system_exclude_dirs: []}]",
    "[{path: ~/in, max_depth: 2, system_exclude_files: ['*.md']}, ~/nowhere]",
    "~/in/a.txt",
];
const FILTERS: &[&str] = &[
    "extension: txt",
    "extension: [pdf, jpg]",
    "extension",
    "not extension: pdf",
    "name: 'scan_{n:int}'",
    "name: {contains: a}",
    "name: {startswith: [a, s, I]}",
    "name: {match: 'A*', case_sensitive: false}",
    "name: {endswith: ['1', '2', t]}",
    "not name: '*2*'",
    "regex: '(?P<year>\\d{4})-(?P<month>\\d\\d)'",
    "regex: '^[a-m]'",
    "not regex: '\\d'",
    "size: '> 10'",
    "size: '< 1k, > 3b'",
    "empty",
    "not empty",
    "lastmodified: {years: 1}",
    "lastmodified",
    "mimetype: [text/plain, image]",
    "not mimetype: image",
    "{regex: '(?P<word>[a-z]+)'}",
    "hash: md5",
    "hash: {algorithm: sha256}",
    "filecontent: 'xx(?P<rest>[a-z]+)'",
    "lastmodified: {days: 1, mode: newer}",
    "lastmodified: {months: 2, weeks: 1, timezone: Europe/Berlin}",
    "name: '{first:letters} {}'",
    "created",
    "created: {days: 1, mode: newer}",
    "not created: {hours: 2}",
    "created: {years: 1, months: 1, weeks: 1}",
    "lastmodified: {hours: 3, minutes: 2, seconds: 1}",
    "exif: {filter_tags: {image.make: canon}}",
    "created: {minutes: 5, seconds: 1, timezone: UTC}",
    "duplicate",
    "duplicate: {detect_original_by: last_seen}",
    "duplicate: {detect_original_by: name}",
    "duplicate: {detect_original_by: -name}",
    "duplicate: {detect_original_by: lastmodified}",
    "duplicate: {detect_original_by: -first_seen, hash_algorithm: md5}",
    "exif",
    "not exif: gps",
    "exif: image.model",
    "exif: {image.make: 'c*'}",
    "exif: {EXIF.DateTimeOriginal: '2024*', lowercase_keys: false}",
    "python: 'return len(path.name) % 2 == 0'",
    "python: 'return {\"half\": path.stem[:3], \"pair\": (len(path.stem), path.suffix)}'",
    "not python: 'return \"a\" in path.stem'",
];
const DIR_FILTERS: &[&str] = &[
    "name: sub",
    "name: {contains: e}",
    "not name: deep",
    "regex: '^[a-z]'",
    "size: '> 5'",
    "not empty",
    "name",
    "created: {days: 1, mode: newer}",
    "python: 'return path.name[0]'",
];
const ACTIONS: &[&str] = &[
    "move: ~/out/",
    "move: ~/new/{path.suffix}/",
    "move: '~/new/{path.stem}'",
    "move: '~/out/{relative_path}'",
    "move: {dest: ~/out/, on_conflict: MODE}",
    "move: {dest: ~/new/x.txt, on_conflict: MODE}",
    "move: {dest: ~/new/plain, autodetect_folder: false, on_conflict: MODE, rename_template: '{name} ({counter}){extension}'}",
    "copy: ~/new/",
    "copy: {dest: ~/out/, on_conflict: MODE}",
    "copy: {dest: ~/new/, continue_with: original, on_conflict: MODE}",
    "copy: {dest: ~/in/sub/, on_conflict: MODE, rename_template: '{name}-{counter}{extension}'}",
    "copy: {dest: ~/new/kept, autodetect_folder: true}",
    "copy: '~/in/copies/{path.name}'",
    "rename: 'x{path.name}'",
    "rename: {new_name: 'same{path.suffix}', on_conflict: MODE}",
    "rename: {new_name: 'n{path.suffix}', on_conflict: MODE, rename_template: '{name}_{\"%03d\"|format(counter)}{extension}'}",
    "rename: '{path.stem.upper()}{path.suffix}'",
    "rename: '{path.stem|replace(\" \", \"_\")}{path.suffix}'",
    "echo: '{path} {relative_path}'",
    "echo: '{path.name} {rule_nr}'",
    "write: {text: '{path.name}', outfile: ~/log.txt}",
    "write: {text: '{path.name}', outfile: ~/log.txt, mode: prepend}",
    "write: {text: '{path}', outfile: '~/logs/{path.stem}.log', mode: overwrite}",
    "write: {text: x, outfile: ~/log.txt, clear_before_first_write: true}",
    "write: {text: 'é {path.suffix}', outfile: ~/latin.txt, encoding: latin-1, newline: false}",
    "trash",
    "delete",
    "confirm: '{path.name}?'",
    "confirm: {msg: '{relative_path}', default: false}",
    "echo: '{name}'",
    "echo: '{hash[:6]} {size.bytes}'",
    "echo: '{filecontent.rest|default(path.parent.name)}'",
    "echo: '{duplicate.original.name} {path.name}'",
    "echo: '{created.year == now().year} {python.half} {python.pair}'",
    "move: '~/new/{exif.image.model}/'",
    "rename: '{exif.image.datetime.year|default(0)}{path.suffix}'",
    "move: '~/new/{lastmodified.year}/'",
    "move: '~/new/{\"%03d\"|format(rule_nr)}-{path.stem[:2]}{path.suffix|lower}'",
    "copy: '~/new/{% if path.suffix %}with{% else %}without{% endif %}/'",
    "echo: '{regex.year}'",
    "move: '~/out/{extension}/'",
    "shell: 'echo \"{path.name}\" >> ~/shell.txt'",
    "shell: {cmd: 'echo {path.stem|length}; exit 3', ignore_errors: true}",
    "echo: '{shell.output} {shell.returncode}'",
    "python: 'return {\"made\": path.stem[::-1], \"half\": path.name}'",
    "python: {code: 'print(path.suffix)', run_in_simulation: true}",
    "rename: '{python.made}{path.suffix}'",
    "symlink: '~/links/{rule_nr}/{relative_path}'",
    "symlink: {dest: ~/links/, on_conflict: MODE, autodetect_folder: false}",
    "symlink: {dest: ~/out/, on_conflict: MODE, rename_template: '{name} link {counter}{extension}'}",
    "hardlink: ~/names/",
    "hardlink: {dest: ~/out/, on_conflict: MODE, autodetect_folder: true, rename_template: '{name}+{counter}{extension}'}",
    "hardlink: {dest: '~/names/{path.stem}', autodetect_folder: false, on_conflict: MODE}",
];
const DIR_ACTIONS: &[&str] = &[
    "confirm: '{path.name}?'",
    "move: ~/new/",
    "copy: {dest: ~/new/, on_conflict: rename_new}",
    "rename: 'x{path.name}'",
    "trash",
    "echo: '{path} {relative_path}'",
    "write: {text: '{path.name}', outfile: ~/log.txt}",
    "move: {dest: ~/out/, on_conflict: rename_existing}",
    "symlink: '~/links/{path.name} {rule_nr}'",
    "echo: '{python}'",
];
/// What a rule without locations can do.
const ALONE: &[&str] = &[
    "echo: 'once {rule_nr} {rule} {today().year > 2000}'",
    "write: {text: '{rule_nr}', outfile: ~/in/sub/made.txt}",
    "write: {text: '{rule_nr}', outfile: ~/log.txt, mode: prepend}",
    "shell: 'mkdir -p ~/in/sub; echo new > ~/in/sub/shell.txt'",
    "shell: {cmd: 'echo gone; exit 1', ignore_errors: true, simulation_output: x, simulation_returncode: 1, run_in_simulation: false}",
    "python: 'return {\"half\": rule_nr, \"made\": [rule_nr]}'",
    "echo: '{python.made}'",
    "confirm: 'Go on with {rule_nr}?'",
];
const MODES: &[&str] = &["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"];
const TAGS: &[&str] = &["[a]", "[b, a]", "[always]", "[never]", "[c, always]", "[never, b]"];
const ASKED_TAGS: &[&[&str]] = &[
    &["-T", "a"],
    &["--tags", "b,never"],
    &["-S", "a"],
    &["--skip-tags", "always,b"],
    &["-T", "a,c", "-S", "b"],
];

/// Links by the names of their originals, which others may have.
const LINKING: &str = "symlink: {";

/// What is answered in turn. Some cases ask more often than this, and then nobody is there any more.
const ANSWERS: &str = "y\nn\n\nyes\nx\n\ny\ny\nno\nj\ny\n";

/// A picture, each with a time of its own.
fn photo(nr: usize) -> String {
    let (make, taken) =
        [("Canon", "2024:05:01 10:11:12"), ("Fairphone", "2023:12:24 18:00:00"), ("ACME", "never")][nr % 3];
    let picture = Picture {
        little: nr.is_multiple_of(2),
        image: vec![(0x010f, Field::Text(make)), (0x0110, Field::Text("One")), (0x0132, Field::Text(taken))],
        camera: vec![(0x8827, Field::Short(vec![nr as u16])), (0x9003, Field::Text(taken))],
        place: if nr.is_multiple_of(2) { vec![(0x0001, Field::Text("N"))] } else { Vec::new() },
        thumbnail: Vec::new(),
    };
    listed(&picture.jpeg())
}

/// A case in pieces, so that pieces can be left out.
#[derive(Debug, Clone)]
struct Draft {
    files: Vec<String>,
    rules: Vec<DraftRule>,
    args: &'static [&'static str],
}

#[derive(Debug, Clone)]
struct DraftRule {
    /// Where it looks; a rule without this runs once.
    location: Option<String>,
    options: Vec<String>,
    filters: Vec<String>,
    actions: Vec<String>,
}

impl Draft {
    fn drawn(dice: &mut Dice) -> Self {
        let files = 2 + dice.below(7);
        let mut places = BTreeSet::new();
        let mut listed = Vec::new();
        let mut contents = Vec::new();
        for nr in 0..files {
            let name = dice.pick(NAMES);
            let place = format!("{}/{name}", dice.pick(FOLDERS));
            let empty = dice.once_in(8);
            let twin = dice.once_in(5);
            if places.insert(place.to_lowercase()) {
                let content = match contents.last() {
                    _ if empty => String::new(),
                    Some(content) if twin => String::clone(content),
                    _ if name.starts_with("photo") => photo(nr),
                    // Of a length of its own, so that no two are taken for the same.
                    _ => "x".repeat(nr + 1) + place.as_str(),
                };
                let note = if dice.once_in(6) { "^noted" } else { "" };
                let mode = if dice.once_in(6) { "#640" } else { "" };
                listed.push(format!("{place}{note}{mode}@{}={content}", 1_600_000_000 + nr * 1000));
                contents.push(content);
            }
        }
        let rules: Vec<DraftRule> = (0..1 + dice.below(3)).map(|_| DraftRule::drawn(dice)).collect();
        // Of the rules that make links where others may lie, one comes last, and the others go.
        let makes_links = |rule: &DraftRule| rule.actions.iter().any(|action| action.starts_with(LINKING));
        let (linking, mut rules): (Vec<_>, Vec<_>) = rules.into_iter().partition(makes_links);
        rules.extend(linking.into_iter().next_back());
        // One name more for a file that has it already is not made.
        let mut linked = false;
        for rule in &mut rules {
            rule.actions
                .retain(|action| !action.starts_with("hardlink") || !std::mem::replace(&mut linked, true));
            if rule.actions.is_empty() {
                rule.actions.push("echo: '{path.name}'".to_owned());
            }
        }
        // Links are nobody's subject, wherever they lie. In a folder that is copied they stay links.
        if dice.once_in(4)
            && !rules.iter().any(|rule| rule.options.iter().any(|option| option == "targets: dirs"))
        {
            listed.push(format!("{}/a link.txt->../in/a.txt", dice.pick(FOLDERS)));
            listed.push("in/a folder->sub".to_owned());
        }
        let args = match rules.iter().any(|rule| rule.options.iter().any(|option| option.starts_with("tags")))
        {
            true => ASKED_TAGS[dice.below(ASKED_TAGS.len())],
            false => &[],
        };
        Self { files: listed, rules, args }
    }

    fn case(&self) -> Case {
        let drawn =
            |word: &str| self.rules.iter().flat_map(|rule| &rule.actions).any(|action| action.contains(word));
        let rules: Vec<String> = self.rules.iter().map(DraftRule::text).collect();
        Case::new(self.files.join("; "), format!("rules:\n{}", rules.join("")))
            .args(self.args)
            .stdin(ANSWERS)
            .names_aside(drawn("hardlink") && drawn("overwrite"))
    }

    /// The same with one piece less, in every way there is.
    fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        for nr in 0..self.files.len() {
            let mut less = self.clone();
            less.files.remove(nr);
            smaller.push(less);
        }
        for nr in 0..self.rules.len() {
            if self.rules.len() > 1 {
                let mut less = self.clone();
                less.rules.remove(nr);
                smaller.push(less);
            }
            for rule in self.rules[nr].smaller() {
                let mut less = self.clone();
                less.rules[nr] = rule;
                smaller.push(less);
            }
        }
        smaller
    }
}

impl DraftRule {
    fn drawn(dice: &mut Dice) -> Self {
        let mut options = Vec::new();
        if dice.once_in(4) {
            options.push("name: Named".to_owned());
        }
        if dice.once_in(8) {
            options.push(format!("tags: {}", dice.pick(TAGS)));
        }
        if dice.once_in(16) {
            options.push(format!("enabled: {}", dice.pick(&["true", "false", "yes", "no"])));
        }
        if dice.once_in(10) {
            let mut actions = vec![dice.pick(ALONE)];
            actions.extend(dice.some(2, ALONE));
            let actions = actions.into_iter().map(str::to_owned).collect();
            return Self { location: None, options, filters: Vec::new(), actions };
        }
        let dirs = dice.once_in(8);
        let location = Some(dice.pick(if dirs { &LOCATIONS[..5] } else { LOCATIONS }).to_owned());
        if dice.once_in(2) {
            options.push("subfolders: true".to_owned());
        }
        if dirs {
            options.push("targets: dirs".to_owned());
        }
        let (filters, actions) = if dirs { (DIR_FILTERS, DIR_ACTIONS) } else { (FILTERS, ACTIONS) };
        let mut filters: Vec<String> = dice.some(3, filters).into_iter().map(str::to_owned).collect();
        if !filters.is_empty() && dice.once_in(3) {
            let mode = dice.pick(&["any", "none", "all"]);
            options.push(format!("filter_mode: {mode}"));
            // What cannot be read does not lack the text either.
            filters.retain(|filter| mode != "none" || !filter.starts_with("filecontent"));
            // What an action took away before it had a twin is not found any more.
            filters.retain(|filter| mode == "all" || !filter.starts_with("duplicate"));
        }
        // A mapping that comes to what is none: organize fails, and Usher puts it in its place.
        let plain = |filter: &String| filter.contains("python: 'return ") && !filter.contains('{');
        let plain = filters.iter().any(plain);
        let mut python = 0;
        filters.retain(|filter| {
            python += usize::from(filter.contains("python"));
            !plain || !filter.contains("python") || python == 1
        });
        let mut chosen = vec![dice.pick(actions)];
        chosen.extend(dice.some(2, actions));
        if plain {
            chosen.retain(|action| !action.starts_with("python"));
            if chosen.is_empty() {
                chosen.push("echo: '{path.name}'");
            }
        }
        // Nothing comes after the end of a file: what fails there leaves folders behind in organize.
        if let Some(end) = chosen.iter().position(|action| matches!(*action, "trash" | "delete")) {
            chosen.truncate(end + 1);
        }
        // A link that leads nowhere any more is in the way, or is not: its original stays where it is.
        if let Some(link) = chosen.iter().position(|action| action.starts_with(LINKING)) {
            chosen.truncate(link + 1);
        }
        let actions = chosen.into_iter().map(|action| action.replace("MODE", dice.pick(MODES))).collect();
        Self { location, options, filters, actions }
    }

    fn text(&self) -> String {
        let mut text = "  -\n".to_owned();
        if let Some(location) = &self.location {
            text += &format!("    locations: {location}\n");
        }
        self.options.iter().for_each(|option| text += &format!("    {option}\n"));
        for (key, items) in [("filters", &self.filters), ("actions", &self.actions)] {
            if !items.is_empty() {
                text += &format!("    {key}:\n");
                items.iter().for_each(|item| text += &format!("      - {item}\n"));
            }
        }
        text
    }

    fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        for nr in 0..self.options.len() {
            let mut less = self.clone();
            less.options.remove(nr);
            smaller.push(less);
        }
        for nr in 0..self.filters.len() {
            let mut less = self.clone();
            less.filters.remove(nr);
            smaller.push(less);
        }
        for nr in 0..self.actions.len() {
            let mut less = self.clone();
            less.actions.remove(nr);
            if !less.actions.is_empty() {
                smaller.push(less);
            }
        }
        smaller
    }
}

/// So many drawn cases.
pub(crate) fn cases(many: usize) -> Vec<Case> {
    let mut dice = Dice(7);
    (0..many).map(|_| Draft::drawn(&mut dice).case()).collect()
}

fn batch(seed: u64) {
    let differs = difference(seed);
    assert!(differs.is_none(), "{}", differs.unwrap_or_default());
}

/// What is different of the first drawn case that does not end alike, once it is as small as it goes.
fn difference(seed: u64) -> Option<String> {
    let mut dice = Dice(seed + asked("ORGANIZE_SEED", 0));
    let cases = asked("ORGANIZE_CASES", CASES);
    let drafts: Vec<Draft> = (0..cases).map(|_| Draft::drawn(&mut dice)).collect();
    let found = differences(&drafts.iter().map(Draft::case).collect::<Vec<_>>());
    let differing = found.iter().filter(|what| what.is_some()).count();
    let (mut draft, mut what) =
        drafts.into_iter().zip(found).find_map(|(draft, what)| Some((draft, what?)))?;
    loop {
        let smaller = draft.smaller();
        let found = differences(&smaller.iter().map(Draft::case).collect::<Vec<_>>());
        match smaller.into_iter().zip(found).find_map(|(draft, what)| Some((draft, what?))) {
            Some((less, text)) => (draft, what) = (less, text),
            None => break,
        }
    }
    Some(format!(
        "{differing} of {cases} drawn cases differ. The first one, made as small as it goes:\n\n{what}"
    ))
}

/// What the language has beyond organize's, and what organize has on macOS alone.
const ELSEWHERE: &[&str] = &[
    "filter all",
    "filter any",
    "filter none",
    "filter date",
    "filter depth",
    "filter kind",
    "filter origin",
    "filter tags",
    "filter python.timeout",
    "filter macos_tags",
    "filter date_added",
    "filter date_lastused",
    "action archive",
    "action extract",
    "action notify",
    "action open",
    "action reveal",
    "action tag",
    "action macos_tags",
    "action python.timeout",
    "action python.undo",
    "action shell.timeout",
    "action shell.undo",
    "rule cooldown",
    "rule limit",
    "rule repeat",
    "rule settle",
    "rule stop",
    "rule tests",
    "rule when",
    "rule while",
];

/// Parameters that need not be named.
const UNNAMED: &[&str] = &[
    "exif.tag",
    "extension.extensions",
    "filecontent.expr",
    "mimetype.mimetypes",
    "name.match",
    "python.code",
    "regex.expr",
    "size.conditions",
    "confirm.msg",
    "copy.dest",
    "echo.msg",
    "hardlink.dest",
    "move.dest",
    "rename.new_name",
    "shell.cmd",
    "symlink.dest",
];

#[test]
fn everything_organize_knows_can_be_drawn() {
    let mut dice = Dice(7);
    let drawn: Vec<Draft> = (0..3000).map(|_| Draft::drawn(&mut dice)).collect();
    let rules = || drawn.iter().flat_map(|draft| &draft.rules);
    let filters: BTreeSet<&str> = rules().flat_map(|rule| &rule.filters).map(String::as_str).collect();
    let actions: BTreeSet<&str> = rules().flat_map(|rule| &rule.actions).map(String::as_str).collect();
    let options: BTreeSet<&str> = rules().flat_map(|rule| &rule.options).map(String::as_str).collect();
    let locations: BTreeSet<&str> = rules().filter_map(|rule| rule.location.as_deref()).collect();
    let schema = usher_rule::schema::schema();
    let defs = &schema["$defs"];
    let mut missing: Vec<String> = Vec::new();
    let mut wants = |what: String, drawn: bool| {
        let elsewhere = ELSEWHERE.iter().any(|word| what == *word || what.starts_with(&format!("{word}.")));
        if drawn == elsewhere {
            missing.push(what);
        }
    };
    for (kind, drawn) in [("filter", &filters), ("action", &actions)] {
        let named = |name: &str| {
            let is_it = |text: &&&str| {
                text.trim_start_matches("not ").trim_start_matches('{').split(':').next() == Some(name)
            };
            drawn.iter().filter(is_it).copied().collect::<Vec<&str>>()
        };
        for (name, way) in defs[kind]["anyOf"][1]["properties"].as_object().unwrap() {
            if name.starts_with("not ") {
                continue;
            }
            let found = named(name);
            wants(format!("{kind} {name}"), !found.is_empty());
            let ways = way["anyOf"].as_array().into_iter().flatten();
            let params: Vec<&String> =
                ways.filter_map(|way| way["properties"].as_object()).flat_map(|all| all.keys()).collect();
            for param in params {
                let alone = UNNAMED.contains(&format!("{name}.{param}").as_str());
                let has = |text: &&str| match text.split_once(": ") {
                    Some((_, value)) if alone && !value.starts_with('{') => true,
                    Some((_, value)) => value.contains(&format!("{param}: ")),
                    None => false,
                };
                wants(format!("{kind} {name}.{param}"), found.iter().any(has));
            }
        }
    }
    for param in defs["location"]["anyOf"][1]["properties"].as_object().unwrap().keys() {
        wants(format!("location {param}"), locations.iter().any(|text| text.contains(&format!("{param}: "))));
    }
    for param in defs["rule"]["properties"].as_object().unwrap().keys() {
        let own = match param.as_str() {
            "locations" => !locations.is_empty(),
            "filters" => !filters.is_empty(),
            "actions" => !actions.is_empty(),
            param => options.iter().any(|text| text.starts_with(&format!("{param}: "))),
        };
        wants(format!("rule {param}"), own);
    }
    for mode in ["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"] {
        for action in ["move", "copy", "rename", "symlink", "hardlink"] {
            let with =
                |text: &&str| text.starts_with(action) && text.contains(&format!("on_conflict: {mode}"));
            wants(format!("{action} {mode}"), actions.iter().any(with));
        }
    }
    for mode in ["all", "any", "none"] {
        wants(format!("mode {mode}"), options.contains(format!("filter_mode: {mode}").as_str()));
    }
    wants("a rule alone".to_owned(), rules().any(|rule| rule.location.is_none()));
    wants(
        "rules by tags".to_owned(),
        ASKED_TAGS.iter().all(|tags| drawn.iter().any(|draft| draft.args == *tags)),
    );
    wants("links".to_owned(), drawn.iter().any(|draft| draft.files.iter().any(|file| file.contains("->"))));
    wants(
        "pictures".to_owned(),
        drawn.iter().any(|draft| draft.files.iter().any(|file| file.contains("=0xff"))),
    );
    assert!(missing.is_empty(), "cannot be drawn, or can and is said to be nowhere: {missing:?}");
}

#[test]
fn a_first_batch_ends_alike() {
    batch(1);
}

#[test]
fn a_second_batch_ends_alike() {
    batch(2);
}

#[test]
fn a_third_batch_ends_alike() {
    batch(3);
}

#[test]
fn a_fourth_batch_ends_alike() {
    batch(4);
}
