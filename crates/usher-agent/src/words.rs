//! Every word that the tray and the notifications of Usher itself say, from the Fluent files in `locales/`.
//!
//! The files are part of the binary. A message that a language lacks is said in English.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use usher_event::{Part, Sentence};

use crate::api::{Refusal, UndoReport};

/// At most this many lines of an outcome are shown.
const LINES: usize = 4;

/// A language with its files.
struct Language {
    code: &'static str,
    files: [&'static str; 2],
    /// What the owner says.
    owner: &'static str,
}

/// English comes first: it is what the others fall back to.
const LANGUAGES: [Language; 2] = [
    Language {
        code: "en",
        files: [
            include_str!("../../../locales/en/tray.ftl"),
            include_str!("../../../locales/en/notices.ftl"),
        ],
        owner: include_str!("../../../locales/en/owner.ftl"),
    },
    Language {
        code: "fr",
        files: [
            include_str!("../../../locales/fr/tray.ftl"),
            include_str!("../../../locales/fr/notices.ftl"),
        ],
        owner: include_str!("../../../locales/fr/owner.ftl"),
    },
];

/// What the owner says, in a language (`fr`): a Fluent file, empty where there is none. The window gets it from here, since
/// it does not need it before the owner has something to say.
pub fn owner_words(language: &str) -> &'static str {
    LANGUAGES.iter().find(|known| known.code == language).map_or("", |known| known.owner)
}

/// The words of one language.
pub struct Words {
    language: &'static str,
    /// The language itself, then English.
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Words {
    /// The words of `language` (`en`, `fr`), or of the system where it is empty.
    pub fn of(language: &str) -> Self {
        let wanted = if language.is_empty() { system_language() } else { language.to_owned() };
        let chosen = LANGUAGES.iter().find(|known| wanted.starts_with(known.code));
        let english = &LANGUAGES[0];
        let own = chosen.filter(|known| known.code != english.code);
        Self {
            language: own.unwrap_or(english).code,
            bundles: own.into_iter().chain([english]).map(bundle).collect(),
        }
    }

    /// Which language it is: `en`, `fr`.
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The message of this id.
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The message of this id, with its arguments filled in.
    pub fn say_with(&self, id: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let arguments = arguments.iter().map(|(name, value)| (Cow::Owned((*name).to_owned()), value.clone()));
        // A test holds that English has every id; a wrong word is still better than none.
        self.format(id, &arguments.collect()).unwrap_or_else(|| id.to_owned())
    }

    /// What the owner says, in this language; in English where it is of another version that has more to say.
    pub fn tell(&self, sentence: &Sentence) -> String {
        let gaps =
            || sentence.parts().map(|(name, part)| (Cow::Owned(name.to_owned()), self.part(part))).collect();
        let said = sentence.id().and_then(|id| self.format(id, &gaps()));
        said.unwrap_or_else(|| sentence.text().to_owned())
    }

    fn part(&self, part: &Part) -> FluentValue<'static> {
        match part {
            Part::Number(number) => FluentValue::from(*number),
            other => FluentValue::String(self.part_text(other).into()),
        }
    }

    fn part_text(&self, part: &Part) -> String {
        match part {
            Part::Sentence(sentence) => self.tell(sentence),
            Part::List(parts) => parts.iter().map(|part| self.part_text(part)).collect::<Vec<_>>().join(", "),
            Part::Number(_) | Part::Text(_) => part.to_string(),
        }
    }

    fn format(&self, id: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        self.bundles.iter().find_map(|bundle| {
            let pattern = bundle.get_message(id)?.value()?;
            Some(bundle.format_pattern(pattern, Some(arguments), &mut Vec::new()).into_owned())
        })
    }
}

/// What the user is told of an undo that was asked for where its window may be closed: a bold line and a text each.
pub fn undo_told(words: &Words, report: &UndoReport) -> Vec<(String, String)> {
    let counted = |id: &str, count: usize| words.say_with(id, &[("count", FluentValue::from(count))]);
    let mut told = Vec::new();
    if let Some(done) = &report.run {
        let lines = done.steps.iter().map(|step| words.tell(&step.text));
        told.push((counted("notice-undo-done", done.steps.len()), first_lines(lines)));
    }
    if !report.refused.is_empty() {
        let lines = report
            .refused
            .iter()
            .map(|refused| format!("{}: {}", words.tell(&refused.step.text), words.tell(&refused.reason)));
        told.push((counted("notice-undo-refused", report.refused.len()), first_lines(lines)));
    }
    if told.is_empty() {
        told.push(("Usher".to_owned(), words.say("notice-undo-nothing")));
    }
    told
}

/// What the user is told where the owner does not do what was asked for: why, and what to do.
pub fn refusal_told(words: &Words, refusal: &Refusal) -> String {
    let sentences = std::iter::once(&refusal.message).chain(&refusal.hint);
    sentences.map(|sentence| words.tell(sentence)).collect::<Vec<_>>().join("\n")
}

/// The first lines, and an ellipsis for the rest.
fn first_lines(lines: impl ExactSizeIterator<Item = String>) -> String {
    let more = lines.len() > LINES;
    let mut text: Vec<String> = lines.take(LINES).collect();
    text.extend(more.then(|| "…".to_owned()));
    text.join("\n")
}

/// The first language that the environment asks for, as POSIX orders the variables.
fn system_language() -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

fn bundle(language: &Language) -> FluentBundle<FluentResource> {
    let tag = language.code.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // File names stand in the sentences; the marks that isolate them would be drawn as boxes by some panels.
    bundle.set_use_isolating(false);
    for text in language.files.into_iter().chain([language.owner]) {
        // What does not parse is left out and then said in English; a test holds that everything parses.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 25] = [
        "tray-open",
        "tray-undo",
        "tray-recent-none",
        "tray-pause",
        "tray-pause-hour",
        "tray-pause-tomorrow",
        "tray-pause-until-resumed",
        "tray-resume",
        "tray-run-rule",
        "tray-launch-at-login",
        "tray-quit",
        "tray-tip-watching",
        "tray-tip-paused",
        "tray-tip-needs-you",
        "notice-undo-done",
        "notice-undo-refused",
        "notice-undo-nothing",
        "notice-undo",
        "notice-asks",
        "notice-asks-limit",
        "notice-digest",
        "notice-digest-rule",
        "notice-digest-more",
        "notice-no-tray",
        "notice-hotkey-taken",
    ];

    #[test]
    fn every_language_has_every_word() {
        for language in &LANGUAGES {
            for text in language.files.into_iter().chain([language.owner]) {
                let parsed = FluentResource::try_new(text.to_owned());
                assert!(parsed.is_ok(), "{}: {:?}", language.code, parsed.err().map(|(_, errors)| errors));
            }
            let mut apart = FluentBundle::new_concurrent(vec![language.code.parse().unwrap()]);
            for text in language.files.into_iter().chain([language.owner]) {
                let resource = FluentResource::try_new(text.to_owned()).unwrap();
                assert!(apart.add_resource(resource).is_ok(), "{}: two words of one id", language.code);
            }
            let bundle = bundle(language);
            for id in IDS {
                assert!(bundle.get_message(id).is_some(), "{} lacks {id}", language.code);
            }
        }
    }

    #[test]
    fn long_outcomes_are_cut() {
        let lines = |count: usize| first_lines((0..count).map(|n| n.to_string()));
        assert_eq!(lines(2), "0\n1");
        assert_eq!(lines(9), "0\n1\n2\n3\n…");
    }

    #[test]
    fn an_undo_that_has_done_nothing_says_so() {
        let told = undo_told(&Words::of("en"), &UndoReport { run: None, refused: Vec::new() });
        assert_eq!(told, [("Usher".to_owned(), Words::of("en").say("notice-undo-nothing"))]);
    }

    #[test]
    fn an_unknown_language_is_english() {
        assert_eq!(Words::of("tlh").say("tray-quit"), Words::of("en").say("tray-quit"));
    }

    #[test]
    fn regions_of_a_language_share_its_words() {
        assert_eq!(Words::of("fr_CA.UTF-8").say("tray-quit"), Words::of("fr").say("tray-quit"));
        assert_ne!(Words::of("fr").say("tray-quit"), Words::of("en").say("tray-quit"));
    }
}
