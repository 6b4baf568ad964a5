//! The names of the journal's steps, at hand while somebody searches, so that a letter costs a look at memory and not at
//! the disk.
//!
//! They are matched by [`nucleo_matcher`]: words in any order, best first, and the newer step where two are alike. In the
//! name of a file letters may be left out. Where that finds too little, folders on the way to it are looked at as well, and
//! there a word has to stand as it was typed: in a long path, letters that are left out find nearly everything.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::num::NonZero;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use usher_engine::StepNames;

/// How many rules, and how many folders, are found.
const FEW: usize = 8;

/// Fewer steps than these are looked at by one thread: to start another takes longer.
const PIECE: usize = 16_384;

/// More threads than these gain nothing that anybody would see.
const MOST_THREADS: usize = 4;

/// What the journal's steps were about.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// All names in a row.
    text: String,
    /// Each step with its part of that.
    steps: Vec<Named>,
    /// The first step that is not in here.
    next: i64,
}

/// A step's part of the text.
#[derive(Debug, Clone, Copy)]
struct Named {
    step: i64,
    /// Where the folders on the way to the file end, and its name begins.
    name: usize,
    end: usize,
}

/// What of a name is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The name of the file.
    File,
    /// The folders on the way to it as well.
    Path,
}

/// A step that was found, as it is compared: by its score, then by its age.
type Hit<'a> = (u32, i64, &'a str);

impl Names {
    /// How many steps are in here.
    pub(super) fn count(&self) -> usize {
        self.steps.len()
    }

    /// The first step that is not in here.
    pub(super) fn next(&self) -> i64 {
        self.next
    }

    /// The same names, with everything in here that is older than a step.
    pub(super) fn up_to(self, next: i64) -> Self {
        Self { next, ..self }
    }

    /// Takes in a step: where it led, and its old name where that is another one.
    pub(super) fn add(&mut self, names: StepNames<'_>) {
        let Some(place) = names.to.or(names.from) else { return };
        let name = self.text.len() + place.len() - file_name(place).len();
        self.text.push_str(place);
        let old = names.from.map(file_name).filter(|old| *old != file_name(place));
        if let Some(old) = old {
            self.text.push(' ');
            self.text.push_str(old);
        }
        self.steps.push(Named { step: names.step, name, end: self.text.len() });
    }

    /// The steps that match best, each name once.
    pub(super) fn best(&self, text: &str, most: usize) -> Vec<i64> {
        let mut best = self.best_by(&Wanted::fuzzy(text), most, &HashSet::new(), Part::File);
        if best.len() < most {
            let found: HashSet<&str> = best.iter().map(|(.., name)| *name).collect();
            best.extend(self.best_by(&Wanted::literal(text), most - best.len(), &found, Part::Path));
        }
        best.into_iter().map(|(_, step, _)| step).collect()
    }

    /// The steps that match best; those known already are left out.
    fn best_by<'a>(
        &'a self,
        wanted: &Wanted,
        most: usize,
        known: &HashSet<&str>,
        part: Part,
    ) -> Vec<Hit<'a>> {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        let piece = self.steps.len().div_ceil(threads).max(PIECE);
        let pieces: Vec<_> = (0..self.steps.len()).step_by(piece).collect();
        let look =
            |from: &usize| self.best_in(*from..self.steps.len().min(from + piece), wanted, most, known, part);
        let mut best: Vec<Hit<'a>> = match pieces.as_slice() {
            [] => Vec::new(),
            [only] => look(only),
            [rest @ .., last] => std::thread::scope(|scope| {
                let others: Vec<_> = rest.iter().map(|from| scope.spawn(move || look(from))).collect();
                let mut best = look(last);
                best.extend(others.into_iter().flat_map(|other| other.join().unwrap_or_default()));
                best
            }),
        };
        best.sort_unstable_by_key(|(score, step, _)| Reverse((*score, *step)));
        let mut seen = HashSet::new();
        best.retain(|(.., name)| seen.insert(*name));
        best.truncate(most);
        best
    }

    /// The same among some of the steps, in no order.
    fn best_in<'a>(
        &'a self,
        steps: std::ops::Range<usize>,
        wanted: &Wanted,
        most: usize,
        known: &HashSet<&str>,
        part: Part,
    ) -> Vec<Hit<'a>> {
        let mut matcher = wanted.matcher();
        let perfect = matcher.perfect(part);
        let mut best = BinaryHeap::with_capacity(most + 1);
        let mut seen = HashSet::new();
        // From the newest on, so that the first of two with the same name is the one to keep.
        for nr in steps.rev() {
            let named = &self.steps[nr];
            let start = nr.checked_sub(1).map_or(0, |before| self.steps[before].end);
            let from = if part == Part::File { named.name } else { start };
            let Some(score) = matcher.score(&self.text[from..named.end]) else { continue };
            let full = best.len() >= most;
            let worst = best.peek().map(|Reverse((score, step, _))| (*score, *step));
            if full && worst >= Some((score, named.step)) {
                if worst.is_some_and(|(worst, _)| worst >= perfect) {
                    // Nothing that is older can be better.
                    break;
                }
                continue;
            }
            let name = &self.text[start..named.end];
            if known.contains(name) || !seen.insert(name) {
                continue;
            }
            best.push(Reverse((score, named.step, name)));
            if best.len() > most {
                best.pop();
            }
        }
        best.into_iter().map(|Reverse(hit)| hit).collect()
    }
}

/// What somebody has typed.
pub(super) struct Wanted {
    pattern: Pattern,
}

impl Wanted {
    /// Words whose letters may have others between them.
    pub(super) fn fuzzy(text: &str) -> Self {
        Self::of(text, AtomKind::Fuzzy)
    }

    /// Words as they are.
    fn literal(text: &str) -> Self {
        Self::of(text, AtomKind::Substring)
    }

    fn of(text: &str, kind: AtomKind) -> Self {
        Self { pattern: Pattern::new(text, CaseMatching::Ignore, Normalization::Smart, kind) }
    }

    pub(super) fn matcher(&self) -> Scorer<'_> {
        Scorer { wanted: self, matcher: Matcher::new(Config::DEFAULT.match_paths()), letters: Vec::new() }
    }
}

/// Says how well texts match what is wanted.
pub(super) struct Scorer<'a> {
    wanted: &'a Wanted,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Scorer<'_> {
    fn score(&mut self, text: &str) -> Option<u32> {
        self.wanted.pattern.score(Utf32Str::new(text, &mut self.letters), &mut self.matcher)
    }

    /// A score that no text exceeds. A text that begins with each word as it was typed would have it; but in the name of
    /// a file, where no folder begins, only words that begin alike can all stand at its beginning.
    fn perfect(&mut self, part: Part) -> u32 {
        let words = &self.wanted.pattern.atoms;
        let mut perfect = 0;
        let mut lost: BTreeMap<Option<char>, u32> = BTreeMap::new();
        for word in words {
            let text = word.needle_text().to_string();
            let whole = self.word(word, &text).unwrap_or(u32::from(u16::MAX));
            let behind =
                [' ', '-'].into_iter().filter_map(|before| self.word(word, &format!("{before}{text}")));
            let loses = behind.max().map_or(0, |behind| whole.saturating_sub(behind));
            // A letter with a mark can stand for the bare one.
            let first = text.chars().next().filter(char::is_ascii);
            perfect += whole;
            *lost.entry(first).or_default() += loses;
        }
        if part == Part::Path || lost.contains_key(&None) {
            return perfect;
        }
        let kept = lost.values().copied().max().unwrap_or_default();
        perfect - (lost.values().sum::<u32>() - kept)
    }

    fn word(&mut self, word: &Atom, text: &str) -> Option<u32> {
        word.score(Utf32Str::new(text, &mut self.letters), &mut self.matcher).map(u32::from)
    }

    /// The few that match best.
    pub(super) fn few<T>(&mut self, all: impl Iterator<Item = T>, name: impl Fn(&T) -> String) -> Vec<T> {
        let mut found: Vec<(u32, T)> =
            all.filter_map(|one| self.score(&name(&one)).map(|score| (score, one))).collect();
        found.sort_by_key(|(score, _)| Reverse(*score));
        found.into_iter().take(FEW).map(|(_, one)| one).collect()
    }
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(std::path::is_separator).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[(i64, &str, Option<&str>)]) -> Names {
        let mut names = Names::default();
        for (step, from, to) in all {
            names.add(StepNames { step: *step, from: Some(from), to: *to });
        }
        names
    }

    fn found(names: &Names, text: &str) -> Vec<i64> {
        names.best(text, 3)
    }

    #[test]
    fn words_stand_in_any_order_and_letters_may_be_left_out() {
        let names = names(&[
            (1, "/in/EDF facture.pdf", Some("/out/Invoices/EDF facture.pdf")),
            (2, "/in/holiday.jpg", Some("/out/Pictures/holiday.jpg")),
        ]);
        assert_eq!(found(&names, "facture edf"), [1]);
        assert_eq!(found(&names, "hldy"), [2]);
        assert_eq!(found(&names, "invoices"), [1]);
        assert_eq!(found(&names, "zebra"), [] as [i64; 0]);
        assert_eq!(found(&names, "!$^'"), [] as [i64; 0], "no letter has a meaning of its own");
    }

    #[test]
    fn a_renamed_file_is_found_by_its_old_name_and_one_without_a_place_by_where_it_was() {
        let names =
            names(&[(1, "/in/scan0007.pdf", Some("/out/2026 lease.pdf")), (2, "/in/setup.exe", None)]);
        assert_eq!(found(&names, "scan0007"), [1]);
        assert_eq!(found(&names, "lease"), [1]);
        assert_eq!(found(&names, "setup"), [2]);
    }

    #[test]
    fn better_goes_before_newer_and_newer_before_older_and_a_name_comes_once() {
        let names = names(&[
            (1, "/in/tax.pdf", Some("/out/tax.pdf")),
            (2, "/in/t-a-x.pdf", Some("/out/t-a-x.pdf")),
            (3, "/in/tax.pdf", Some("/out/tax.pdf")),
            (4, "/in/tax.pdf", Some("/new/tax.pdf")),
            (5, "/in/none.txt", Some("/out/none.txt")),
        ]);
        assert_eq!(found(&names, "tax"), [4, 3, 2]);
        assert_eq!(names.best("tax", 1), [4]);
    }

    #[test]
    fn a_file_goes_before_what_lies_in_a_folder_of_that_name_and_folders_count_where_files_do_not_do() {
        let names = names(&[
            (1, "/in/tax.pdf", Some("/out/t-a-x.pdf")),
            (2, "/in/letter.pdf", Some("/out/tax/letter.pdf")),
            (3, "/in/letter.pdf", Some("/out/tax/letter.pdf")),
        ]);
        assert_eq!(found(&names, "tax"), [1, 3]);
        assert_eq!(found(&names, "letter tax"), [3]);
    }

    #[test]
    fn looking_ends_where_nothing_can_be_better_and_misses_nothing() {
        let letters = ['a', 'b', 'A', '1', '-', '.', '/', ' ', 'é', '_'];
        let mut dice = 7_u64;
        let mut text = |most: u64| -> String {
            let mut throw = |sides: u64| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (dice >> 33) % sides
            };
            (0..=throw(most)).map(|_| letters[throw(letters.len() as u64) as usize]).collect()
        };
        for _ in 0..20_000 {
            let (typed, name) = (text(7), text(14));
            for (wanted, part) in [(Wanted::fuzzy(&typed), Part::File), (Wanted::literal(&typed), Part::Path)]
            {
                let name = if part == Part::File { file_name(&name) } else { &name };
                let mut scorer = wanted.matcher();
                let perfect = scorer.perfect(part);
                let score = scorer.score(name);
                assert!(score <= Some(perfect), "{typed:?} in {name:?}: {score:?} of {perfect}");
            }
        }
    }

    #[test]
    fn letters_left_out_find_a_file_and_no_folder_on_the_way_to_it() {
        let names = names(&[
            (1, "/in/holiday.jpg", Some("/pictures/holiday.jpg")),
            (2, "/in/pct.txt", Some("/out/p-c-t.txt")),
        ]);
        assert_eq!(found(&names, "pct"), [2]);
        assert_eq!(found(&names, "pict"), [1]);
    }

    #[test]
    fn many_names_are_looked_at_in_pieces_and_found_as_if_they_were_one() {
        let kinds = ["invoice", "report", "photo", "letter", "tax return"];
        let mut many = Names::default();
        for step in 0..3 * PIECE as i64 {
            let name = format!("/out/{} {}.pdf", kinds[step as usize % kinds.len()], step % 20_011);
            many.add(StepNames { step, from: None, to: Some(&name) });
        }
        for typed in ["photo", "rprt", "invoice 77", "tax 19", "zebra", "out", "pdf out 7"] {
            for (wanted, part) in [(Wanted::fuzzy(typed), Part::File), (Wanted::literal(typed), Part::Path)] {
                let known = HashSet::new();
                let mut whole = many.best_in(0..many.count(), &wanted, 40, &known, part);
                whole.sort_unstable_by_key(|(score, step, _)| Reverse((*score, *step)));
                assert_eq!(many.best_by(&wanted, 40, &known, part), whole, "{typed}");
            }
        }
    }
}
