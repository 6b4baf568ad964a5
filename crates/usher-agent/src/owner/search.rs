//! Searching: rules, folders, and the whole journal, for each letter that is typed.
//!
//! The names of the journal's steps are kept at hand while somebody searches and for a minute after, so that a letter
//! costs a look at memory and not at the disk. They are matched by [`nucleo_matcher`]: words in any order, letters left
//! out, best first, and the newer step where two are alike. What matches by the name of the file alone goes first; folders
//! on the way to it are looked at where that is not enough.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::time::Duration;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use usher_engine::{JournalError, StepNames};

use super::Owner;
use super::requests::journal_refusal;
use crate::api::{Found, FoundRule, Refusal, SearchQuery};
use crate::present::{self, shown};

/// How many steps are found where the asker does not say, and how many can be.
const STEPS: u32 = 50;
const MOST_STEPS: u32 = 500;

/// How many rules, and how many folders, are found.
const FEW: usize = 8;

/// How long the names are kept after the last search.
const KEPT: Duration = Duration::from_secs(60);

/// What the journal's steps were about.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// All names in a row.
    text: String,
    /// Each step with its part of that.
    steps: Vec<Named>,
    /// The first step that is not in here.
    next: i64,
    /// Until when they are kept, in the clock's ticks; absent where there are none.
    until: Option<Duration>,
}

/// A step's part of the text.
#[derive(Debug, Clone, Copy)]
struct Named {
    step: i64,
    /// Where the folders on the way to the file end, and its name begins.
    name: usize,
    end: usize,
}

impl Names {
    /// Takes in a step: where it led, and its old name where that is another one.
    fn add(&mut self, names: StepNames<'_>) {
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
    fn best(&self, wanted: &Wanted, most: usize) -> Vec<i64> {
        let mut best = self.best_by(wanted, most, &HashSet::new(), |named, _| named.name);
        if best.len() < most {
            let found: HashSet<&str> = best.iter().map(|(_, name)| *name).collect();
            best.extend(self.best_by(wanted, most - best.len(), &found, |_, start| start));
        }
        best.into_iter().map(|(step, _)| step).collect()
    }

    /// The steps that match best from a place in their names on, which is told by `from`, and where they begin; those
    /// known already are left out. Each comes with its name.
    fn best_by<'a>(
        &'a self,
        wanted: &Wanted,
        most: usize,
        known: &HashSet<&str>,
        from: impl Fn(&Named, usize) -> usize,
    ) -> Vec<(i64, &'a str)> {
        let mut matcher = wanted.matcher();
        let perfect = matcher.perfect();
        let mut best = BinaryHeap::with_capacity(most + 1);
        let mut seen = HashSet::new();
        // From the newest on, so that the first of two with the same name is the one to keep.
        for (nr, named) in self.steps.iter().enumerate().rev() {
            let start = nr.checked_sub(1).map_or(0, |before| self.steps[before].end);
            let Some(score) = matcher.score(&self.text[from(named, start)..named.end]) else { continue };
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
        best.into_sorted_vec().into_iter().map(|Reverse((_, step, name))| (step, name)).collect()
    }
}

/// What somebody has typed.
struct Wanted {
    pattern: Pattern,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let pattern = Pattern::new(text, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        Self { pattern }
    }

    fn matcher(&self) -> Scorer<'_> {
        Scorer { wanted: self, matcher: Matcher::new(Config::DEFAULT.match_paths()), letters: Vec::new() }
    }
}

/// Says how well texts match what is wanted.
struct Scorer<'a> {
    wanted: &'a Wanted,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Scorer<'_> {
    fn score(&mut self, text: &str) -> Option<u32> {
        self.wanted.pattern.score(Utf32Str::new(text, &mut self.letters), &mut self.matcher)
    }

    /// The score of a text that begins with each word as it was typed, which no text exceeds.
    fn perfect(&mut self) -> u32 {
        let wanted = self.wanted;
        let words = wanted.pattern.atoms.iter();
        let mut itself = |word: &Atom| word.score(word.needle_text(), &mut self.matcher).unwrap_or(u16::MAX);
        words.map(|word| u32::from(itself(word))).sum()
    }

    /// The few that match best.
    fn few<T>(&mut self, all: impl Iterator<Item = T>, name: impl Fn(&T) -> String) -> Vec<T> {
        let mut found: Vec<(u32, T)> =
            all.filter_map(|one| self.score(&name(&one)).map(|score| (score, one))).collect();
        found.sort_by_key(|(score, _)| Reverse(*score));
        found.into_iter().take(FEW).map(|(_, one)| one).collect()
    }
}

impl Owner {
    /// Finds everything there is by a part of its name. Nothing typed finds nothing, and makes ready for the letters.
    pub(super) fn search(&mut self, query: &SearchQuery) -> Result<Found, Refusal> {
        self.take_names_in().map_err(|error| journal_refusal(&error))?;
        let text = query.text.trim();
        let looked_at = u32::try_from(self.names.steps.len()).unwrap_or(u32::MAX);
        if text.is_empty() {
            return Ok(Found { looked_at, ..Found::default() });
        }
        let wanted = Wanted::new(text);
        let mut scorer = wanted.matcher();
        let rules = self.rules.files().flat_map(|file| &file.rules).map(|rule| FoundRule {
            id: rule.id.clone(),
            title: rule.title().to_owned(),
            file: shown(&rule.file),
            enabled: rule.enabled,
        });
        let rules = scorer.few(rules, |rule| format!("{} {}", rule.title, file_name(&rule.file)));
        let folders = scorer.few(self.book.shown().into_iter(), |folder| folder.path.clone());
        let most = query.limit.unwrap_or(STEPS).min(MOST_STEPS) as usize;
        let steps = self.names.best(&wanted, most);
        let found = self.found_in_journal(text, &steps).map_err(|error| journal_refusal(&error))?;
        Ok(Found { rules, folders, looked_at, ..found })
    }

    fn found_in_journal(&self, text: &str, steps: &[i64]) -> Result<Found, JournalError> {
        let journal = self.engine.journal();
        let run = text.trim_start_matches('#').parse::<i64>().ok();
        let run = run.map(|id| journal.run(id)).transpose()?.flatten();
        let runs = run.iter().map(|run| self.shown_run(run, 0, present::LISTED)).collect::<Result<_, _>>()?;
        let mut found = Vec::with_capacity(steps.len());
        for step in steps {
            found.extend(journal.step(*step)?.map(|step| present::step(&step, &self.dirs.home)));
        }
        Ok(Found { runs, steps: found, ..Found::default() })
    }

    /// Takes in the names of the steps that are new since the last search.
    fn take_names_in(&mut self) -> Result<(), JournalError> {
        let mut names = std::mem::take(&mut self.names);
        names.until = Some(self.clock.ticks() + KEPT);
        let next = self.engine.journal().step_names(names.next, &mut |step| names.add(step))?;
        self.names = Names { next, ..names };
        Ok(())
    }

    /// How long until the names are of no use any more.
    pub(super) fn names_due(&self, now: Duration) -> Option<Duration> {
        self.names.until.map(|until| until.saturating_sub(now))
    }

    /// Gives the memory of the names back once nobody has searched for a while.
    pub(super) fn forget_names(&mut self, now: Duration) {
        if self.names.until.is_some_and(|until| until <= now) {
            self.names = Names::default();
        }
    }
}

fn file_name(path: &str) -> &str {
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
        names.best(&Wanted::new(text), 3)
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
        assert_eq!(names.best(&Wanted::new("tax"), 1), [4]);
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
            let (typed, name) = (text(4), text(12));
            let wanted = Wanted::new(&typed);
            let mut scorer = wanted.matcher();
            let perfect = scorer.perfect();
            let score = scorer.score(&name);
            assert!(score <= Some(perfect), "{typed:?} in {name:?}: {score:?} of {perfect}");
        }
    }
}
