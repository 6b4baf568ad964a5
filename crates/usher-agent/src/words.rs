//! Every word that the tray and its notifications say, from the Fluent files in `locales/`.
//!
//! The files are part of the binary. A message that a language lacks is said in English.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language with its files.
struct Language {
    code: &'static str,
    files: [&'static str; 2],
}

/// English comes first: it is what the others fall back to.
const LANGUAGES: [Language; 2] = [
    Language {
        code: "en",
        files: [include_str!("../../locales/en/tray.ftl"), include_str!("../../locales/en/notices.ftl")],
    },
    Language {
        code: "fr",
        files: [include_str!("../../locales/fr/tray.ftl"), include_str!("../../locales/fr/notices.ftl")],
    },
];

/// The words of one language.
pub(crate) struct Words {
    /// The language itself, then English.
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Words {
    /// The words of `language` (`en`, `fr`), or of the system where it is empty.
    pub(crate) fn of(language: &str) -> Self {
        let wanted = if language.is_empty() { system_language() } else { language.to_owned() };
        let chosen = LANGUAGES.iter().find(|known| wanted.starts_with(known.code));
        let english = &LANGUAGES[0];
        let own = chosen.filter(|known| known.code != english.code);
        Self { bundles: own.into_iter().chain([english]).map(bundle).collect() }
    }

    /// The message of this id.
    pub(crate) fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The message of this id, with its arguments filled in.
    pub(crate) fn say_with(&self, id: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (Cow::Owned((*name).to_owned()), value.clone())).collect();
        self.bundles
            .iter()
            .find_map(|bundle| {
                let pattern = bundle.get_message(id)?.value()?;
                Some(bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
            })
            // A test holds that English has every id; a wrong word is still better than none.
            .unwrap_or_else(|| id.to_owned())
    }
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
    for text in language.files {
        // What does not parse is left out and then said in English; a test holds that everything parses.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 18] = [
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
        "notice-no-tray",
        "notice-hotkey-taken",
    ];

    #[test]
    fn every_language_has_every_word() {
        for language in &LANGUAGES {
            for text in language.files {
                let parsed = FluentResource::try_new(text.to_owned());
                assert!(parsed.is_ok(), "{}: {:?}", language.code, parsed.err().map(|(_, errors)| errors));
            }
            let bundle = bundle(language);
            for id in IDS {
                assert!(bundle.get_message(id).is_some(), "{} lacks {id}", language.code);
            }
        }
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
