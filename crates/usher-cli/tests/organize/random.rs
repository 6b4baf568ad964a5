//! Rule files and trees that nobody thought of, the same ones each time.
//!
//! What is drawn stays clear of the deliberate differences, so that every case has to end alike. A case that does not is
//! made smaller as long as it still differs, and printed. `ORGANIZE_SEED` and `ORGANIZE_CASES` look elsewhere and for
//! longer.

use crate::case::{Case, differences};

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

const FOLDERS: &[&str] = &["in", "in/sub", "in/sub/deep", "in/Other", "out", "out/sub"];
const NAMES: &[&str] = &[
    "a.txt",
    "b.txt",
    "AB.TXT",
    "scan_1.pdf",
    "scan_22.pdf",
    "Invoice 2024-03.pdf",
    "photo.JPG",
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
    "not name: '*2*'",
    "regex: '(?P<year>\\d{4})-(?P<month>\\d\\d)'",
    "regex: '^[a-m]'",
    "not regex: '\\d'",
    "size: '> 10'",
    "size: '< 1k, > 3b'",
    "not empty",
    "lastmodified: {years: 1}",
    "lastmodified",
    "mimetype: [text/plain, image]",
    "not mimetype: image",
    "{regex: '(?P<word>[a-z]+)'}",
    "hash: md5",
    "filecontent: 'xx(?P<rest>[a-z]+)'",
    "lastmodified: {days: 1, mode: newer}",
    "name: '{first:letters} {}'",
];
const DIR_FILTERS: &[&str] = &[
    "name: sub",
    "name: {contains: e}",
    "not name: deep",
    "regex: '^[a-z]'",
    "size: '> 5'",
    "not empty",
    "name",
];
const ACTIONS: &[&str] = &[
    "move: ~/out/",
    "move: ~/new/{path.suffix}/",
    "move: '~/new/{path.stem}'",
    "move: '~/out/{relative_path}'",
    "move: {dest: ~/out/, on_conflict: MODE}",
    "move: {dest: ~/new/x.txt, on_conflict: MODE}",
    "copy: ~/new/",
    "copy: {dest: ~/out/, on_conflict: MODE}",
    "copy: {dest: ~/new/, continue_with: original, on_conflict: MODE}",
    "copy: {dest: ~/in/sub/, on_conflict: MODE, rename_template: '{name}-{counter}{extension}'}",
    "copy: '~/in/copies/{path.name}'",
    "rename: 'x{path.name}'",
    "rename: {new_name: 'same{path.suffix}', on_conflict: MODE}",
    "rename: '{path.stem.upper()}{path.suffix}'",
    "rename: '{path.stem|replace(\" \", \"_\")}{path.suffix}'",
    "echo: '{path} {relative_path}'",
    "echo: '{path.name} {rule_nr}'",
    "write: {text: '{path.name}', outfile: ~/log.txt}",
    "write: {text: '{path.name}', outfile: ~/log.txt, mode: prepend}",
    "write: {text: '{path}', outfile: '~/logs/{path.stem}.log', mode: overwrite}",
    "write: {text: x, outfile: ~/log.txt, clear_before_first_write: true}",
    "trash",
    "delete",
    "confirm: '{path.name}?'",
    "confirm: {msg: '{relative_path}', default: false}",
    "echo: '{name}'",
    "echo: '{hash[:6]} {size.bytes}'",
    "echo: '{filecontent.rest|default(path.parent.name)}'",
    "move: '~/new/{lastmodified.year}/'",
    "move: '~/new/{\"%03d\"|format(rule_nr)}-{path.stem[:2]}{path.suffix|lower}'",
    "copy: '~/new/{% if path.suffix %}with{% else %}without{% endif %}/'",
    "echo: '{regex.year}'",
    "move: '~/out/{extension}/'",
    "shell: 'echo \"{path.name}\" >> ~/shell.txt'",
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
];
// Not `deduplicate`, which answers otherwise for files as old and as large as each other.
const MODES: &[&str] = &["skip", "overwrite", "trash", "rename_new", "rename_existing"];

/// What is answered in turn. Some cases ask more often than this, and then nobody is there any more.
const ANSWERS: &str = "y\nn\n\nyes\nx\n\ny\ny\nno\nj\ny\n";

/// A case in pieces, so that pieces can be left out.
#[derive(Debug, Clone)]
struct Draft {
    files: Vec<String>,
    rules: Vec<DraftRule>,
}

#[derive(Debug, Clone)]
struct DraftRule {
    location: String,
    options: Vec<String>,
    filters: Vec<String>,
    actions: Vec<String>,
}

impl Draft {
    fn drawn(dice: &mut Dice) -> Self {
        let files = 2 + dice.below(7);
        let mut places = std::collections::BTreeSet::new();
        let mut listed = Vec::new();
        for nr in 0..files {
            let place = format!("{}/{}", dice.pick(FOLDERS), dice.pick(NAMES));
            let empty = dice.once_in(8);
            if places.insert(place.to_lowercase()) {
                // Each of its own length and time, so that no two are taken for the same.
                let content = if empty { String::new() } else { "x".repeat(nr + 1) + place.as_str() };
                listed.push(format!("{place}@{}={content}", 1_600_000_000 + nr * 1000));
            }
        }
        let rules: Vec<DraftRule> = (0..1 + dice.below(3)).map(|_| DraftRule::drawn(dice)).collect();
        // Links are nobody's subject, wherever they lie. In a folder that is copied they stay links.
        if dice.once_in(4)
            && !rules.iter().any(|rule| rule.options.iter().any(|option| option == "targets: dirs"))
        {
            listed.push(format!("{}/a link.txt->../in/a.txt", dice.pick(FOLDERS)));
        }
        Self { files: listed, rules }
    }

    fn case(&self) -> Case {
        let rules: Vec<String> = self.rules.iter().map(DraftRule::text).collect();
        Case::new(self.files.join("; "), format!("rules:\n{}", rules.join(""))).stdin(ANSWERS)
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
        let dirs = dice.once_in(8);
        let location = dice.pick(if dirs { &LOCATIONS[..5] } else { LOCATIONS }).to_owned();
        let mut options = Vec::new();
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
        }
        if dice.once_in(4) {
            options.push("name: Named".to_owned());
        }
        let mut chosen = vec![dice.pick(actions)];
        chosen.extend(dice.some(2, actions));
        // Nothing comes after the end of a file: what fails there leaves folders behind in organize.
        if let Some(end) = chosen.iter().position(|action| matches!(*action, "trash" | "delete")) {
            chosen.truncate(end + 1);
        }
        let actions = chosen.into_iter().map(|action| action.replace("MODE", dice.pick(MODES))).collect();
        Self { location, options, filters, actions }
    }

    fn text(&self) -> String {
        let mut text = format!("  - locations: {}\n", self.location);
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
