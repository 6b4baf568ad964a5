//! The settings file: `settings.toml`, edited by hand or from the window, whichever the user likes.
//!
//! A change touches the one value it is about; comments, order and unknown keys stay. A file that cannot be read leaves
//! the defaults in force and is never written over.

use std::io;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value};

use usher_event::{Part, Sentence, sentence};

use crate::api::{Problem, Refusal, Settings, SettingsPatch};
use crate::quiet::{QuietHours, time_of_day};
use crate::text_file;

/// The longest time a hidden window may keep its memory, in seconds.
const LONGEST_GRACE: u32 = 86_400;

/// The longest time the journal can be told to keep runs for, in days; for longer there is for ever.
const LONGEST_KEEPING: u32 = 36_500;

impl Default for Settings {
    fn default() -> Self {
        Self {
            hotkey: if cfg!(target_os = "macos") { "Cmd+Alt+Space" } else { "Ctrl+Alt+Space" }.to_owned(),
            hide_on_blur: true,
            grace_seconds: 20,
            language: String::new(),
            theme: String::new(),
            notifications: true,
            quiet_hours: String::new(),
            digest: String::new(),
            muted_rules: Vec::new(),
            keep_days: 0,
            vault_megabytes: 0,
        }
    }
}

/// The settings in force and what is wrong with their file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SettingsFile {
    /// The settings; defaults where the file does not say.
    pub settings: Settings,
    /// What is wrong. An `error` means that the whole file is left aside.
    pub problems: Vec<Problem>,
}

/// Reads the settings. A missing file means the defaults.
pub fn load(path: &Path) -> SettingsFile {
    let text = match text_file::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return SettingsFile::default(),
        Err(error) => {
            let problem = Problem {
                message: sentence!(
                    "settings-settings-cannot-be-read",
                    "the settings cannot be read: {error}",
                    error = &error
                ),
                help: Some(text_file::advice(&error)),
                ..blank(path, "error")
            };
            return SettingsFile { problems: vec![problem], ..SettingsFile::default() };
        }
    };
    match text.parse::<toml_edit::Document<String>>() {
        Ok(document) => read(path, &text, document.as_table()),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let message = Sentence::foreign(error.message().lines().next().unwrap_or("not TOML"));
            let help = sentence!("settings-defaults", "until this is mended the default settings apply");
            let problem = Problem { message, help: Some(help), ..problem_at(path, &text, start, 1, "error") };
            SettingsFile { problems: vec![problem], ..SettingsFile::default() }
        }
    }
}

fn read(path: &Path, text: &str, table: &dyn TableLike) -> SettingsFile {
    let mut file = SettingsFile::default();
    for (key, item) in table.iter() {
        let Err(wanted) = set(&mut file.settings, key, item) else { continue };
        let span = table.key(key).and_then(toml_edit::Key::span).unwrap_or(0..0);
        let mut problem = problem_at(path, text, span.start, span.len(), "warning");
        let help;
        (problem.message, help) = match wanted {
            Some(wanted) => (
                sentence!("settings-cannot-be", "`{key}` cannot be this, and keeps its default", key = key),
                sentence!("settings-is", "it is {wanted}", wanted = wanted),
            ),
            None => {
                let message = sentence!("settings-unknown", "there is no setting `{key}`", key = key);
                let names = Part::list(KEYS.iter().copied());
                (message, sentence!("settings-names", "settings are {names}", names = names))
            }
        };
        problem.help = Some(help);
        file.problems.push(problem);
    }
    file
}

const KEYS: &[&str] = &[
    "hotkey",
    "hide_on_blur",
    "grace_seconds",
    "language",
    "theme",
    "notifications",
    "quiet_hours",
    "digest",
    "muted_rules",
    "keep_days",
    "vault_megabytes",
];

/// Takes one value over; otherwise says what it should be, or nothing where there is no such setting.
fn set(settings: &mut Settings, key: &str, item: &Item) -> Result<(), Option<&'static str>> {
    let flag = |to: &mut bool| item.as_bool().map(|value| *to = value).ok_or(Some("true or false"));
    match key {
        "hide_on_blur" => flag(&mut settings.hide_on_blur),
        "notifications" => flag(&mut settings.notifications),
        "hotkey" => item
            .as_str()
            .map(|text| text.clone_into(&mut settings.hotkey))
            .ok_or(Some("a text such as \"Ctrl+Alt+Space\"")),
        "language" => {
            one_of(&mut settings.language, item, &["", "en", "fr"]).ok_or(Some("\"en\", \"fr\" or \"\""))
        }
        "theme" => one_of(&mut settings.theme, item, &["", "light", "dark"])
            .ok_or(Some("\"light\", \"dark\" or \"\"")),
        "grace_seconds" => number(&mut settings.grace_seconds, item, LONGEST_GRACE)
            .ok_or(Some("a number of seconds from 0 to 86400")),
        "quiet_hours" => item
            .as_str()
            .filter(|text| text.is_empty() || QuietHours::read(text).is_some())
            .map(|text| text.clone_into(&mut settings.quiet_hours))
            .ok_or(Some("a time of day such as \"22:00-07:00\", or \"\" for none")),
        "digest" => item
            .as_str()
            .filter(|text| text.is_empty() || time_of_day(text).is_some())
            .map(|text| text.clone_into(&mut settings.digest))
            .ok_or(Some("a time of day such as \"18:00\", or \"\" for none")),
        "muted_rules" => texts(&mut settings.muted_rules, item)
            .ok_or(Some("a list of rules by id, such as [\"tidy/Old downloads\"]")),
        "keep_days" => number(&mut settings.keep_days, item, LONGEST_KEEPING)
            .ok_or(Some("a number of days up to 36500, or 0 to keep everything")),
        "vault_megabytes" => number(&mut settings.vault_megabytes, item, u32::MAX)
            .ok_or(Some("a number of megabytes, or 0 for any number")),
        _ => Err(None),
    }
}

fn number(to: &mut u32, item: &Item, most: u32) -> Option<()> {
    let number = u32::try_from(item.as_integer()?).ok().filter(|number| *number <= most)?;
    *to = number;
    Some(())
}

fn texts(to: &mut Vec<String>, item: &Item) -> Option<()> {
    let list = item.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
    *to = list.collect::<Option<_>>()?;
    Some(())
}

fn one_of(to: &mut String, item: &Item, allowed: &[&str]) -> Option<()> {
    let text = item.as_str().filter(|text| allowed.contains(text))?;
    text.clone_into(to);
    Some(())
}

/// Changes some settings in the file, which is made where it does not exist.
///
/// # Errors
/// `bad_params` for a value that cannot be; `refused` when the file is broken, which the user has to mend first, or a link
/// that leads nowhere; `failed` when it cannot be written.
pub(crate) fn change(path: &Path, patch: &SettingsPatch) -> Result<SettingsFile, Refusal> {
    if text_file::leads_nowhere(path) {
        let why = sentence!(
            "settings-link-what-leads-not-there",
            "{path} is a link, and what it leads to is not there",
            path = path
        );
        return Err(Refusal::new("refused", why).hint(sentence!(
            "settings-plug-its-drive-or-remove-link",
            "plug its drive in, or remove the link"
        )));
    }
    let text = match text_file::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Refusal::new(
                "failed",
                sentence!("text-cannot-read", "cannot read {path}: {error}", path = path, error = &error),
            )
            .hint(text_file::advice(&error)));
        }
    };
    let mut document: DocumentMut = text.parse().map_err(|_| {
        Refusal::new(
            "refused",
            sentence!(
                "settings-not-valid-toml-left-as",
                "{path} is not valid TOML and is left as it is",
                path = path
            ),
        )
        .hint(sentence!(
            "settings-mend-file-by-hand-first-its",
            "mend the file by hand first; its place is shown under what needs you"
        ))
    })?;
    for (key, value) in values(patch) {
        set(&mut Settings::default(), key, &Item::Value(value.clone())).map_err(|wanted| {
            Refusal::new(
                "bad_params",
                sentence!(
                    "settings-value-cannot-be",
                    "`{key}` cannot be {value}",
                    key = key,
                    value = value.to_string()
                ),
            )
            .hint(sentence!(
                "settings-is",
                "it is {wanted}",
                wanted = wanted.unwrap_or_default()
            ))
        })?;
        put(&mut document, key, value);
    }
    let changed = document.to_string();
    if changed != text {
        text_file::replace(path, &changed).map_err(|error| {
            Refusal::new(
                "failed",
                sentence!("text-cannot-write", "cannot write {path}: {error}", path = path, error = error),
            )
            .hint(text_file::unwritten())
        })?;
    }
    Ok(load(path))
}

fn values(patch: &SettingsPatch) -> Vec<(&'static str, Value)> {
    let text = |key, value: &Option<String>| value.as_deref().map(|value| (key, Value::from(value)));
    let flag = |key, value: Option<bool>| value.map(|value| (key, Value::from(value)));
    let number = |key, value: Option<u32>| value.map(|value| (key, Value::from(i64::from(value))));
    [
        text("hotkey", &patch.hotkey),
        flag("hide_on_blur", patch.hide_on_blur),
        number("grace_seconds", patch.grace_seconds),
        text("language", &patch.language),
        text("theme", &patch.theme),
        flag("notifications", patch.notifications),
        text("quiet_hours", &patch.quiet_hours),
        text("digest", &patch.digest),
        patch.muted_rules.as_ref().map(|rules| ("muted_rules", rules.iter().collect())),
        number("keep_days", patch.keep_days),
        number("vault_megabytes", patch.vault_megabytes),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Puts a value at a key, with the spaces and the comment that the old one had.
fn put(document: &mut DocumentMut, key: &str, mut value: Value) {
    if let Some(old) = document.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    document[key] = Item::Value(value);
}

fn blank(path: &Path, severity: &str) -> Problem {
    Problem {
        severity: severity.to_owned(),
        code: "settings".to_owned(),
        message: Sentence::foreign(""),
        file: path.display().to_string(),
        line: 1,
        column: 1,
        source_line: String::new(),
        length: 0,
        help: None,
    }
}

fn problem_at(path: &Path, text: &str, start: usize, length: usize, severity: &str) -> Problem {
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Problem {
        line: count(before.matches('\n').count() + 1),
        column: count(before[line_start..].chars().count() + 1),
        source_line: text[line_start..].lines().next().unwrap_or_default().to_owned(),
        length: count(length),
        ..blank(path, severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn settings_that_are_a_link_to_a_drive_that_is_not_there_are_left_alone() {
        let (root, path) = file("");
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(root.path().join("drive/settings.toml"), &path).unwrap();
        let patch = SettingsPatch { notifications: Some(false), ..SettingsPatch::default() };
        let refusal = change(&path, &patch).map(|_| ()).unwrap_err();
        assert_eq!(refusal.code, "refused");
        assert!(std::fs::symlink_metadata(&path).unwrap().is_symlink());
    }

    fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("settings.toml");
        std::fs::write(&path, text).unwrap();
        (root, path)
    }

    #[test]
    fn a_change_keeps_comments_order_and_unknown_keys() {
        let (_root, path) =
            file("# mine\ntheme = \"dark\"   # at night\n\nfuture = 1\nhotkey = \"Ctrl+Alt+Space\"\n");
        let patch =
            SettingsPatch { theme: Some("light".into()), grace_seconds: Some(5), ..SettingsPatch::default() };
        let after = change(&path, &patch).unwrap();
        let hotkey = "Ctrl+Alt+Space".to_owned();
        let wanted = Settings { theme: "light".into(), grace_seconds: 5, hotkey, ..Settings::default() };
        assert_eq!(after.settings, wanted);
        insta::assert_snapshot!(std::fs::read_to_string(&path).unwrap(), @r#"
        # mine
        theme = "light"   # at night

        future = 1
        hotkey = "Ctrl+Alt+Space"
        grace_seconds = 5
        "#);
    }

    #[test]
    fn a_broken_file_means_defaults_and_is_never_written_over() {
        let (_root, path) = file("theme = \"dark\"\nhotkey = \n");
        let loaded = load(&path);
        assert_eq!(loaded.settings, Settings::default());
        assert_eq!((loaded.problems[0].line, loaded.problems[0].severity.as_str()), (2, "error"));
        let patch = SettingsPatch { theme: Some("light".into()), ..SettingsPatch::default() };
        assert_eq!(change(&path, &patch).unwrap_err().code, "refused");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "theme = \"dark\"\nhotkey = \n");
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_warned_about_with_their_place() {
        let (_root, path) = file("notifications = false\n  colour = 3\ntheme = \"pink\"\n");
        let loaded = load(&path);
        assert!(!loaded.settings.notifications);
        assert_eq!(loaded.settings.theme, "");
        let seen: Vec<_> = loaded.problems.iter().map(|p| (p.line, p.column, p.message.text())).collect();
        assert_eq!(
            seen,
            [(2, 3, "there is no setting `colour`"), (3, 1, "`theme` cannot be this, and keeps its default")]
        );
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_and_nothing_is_written() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("settings.toml");
        let patch = SettingsPatch { language: Some("xx".into()), ..SettingsPatch::default() };
        assert_eq!(change(&path, &patch).unwrap_err().code, "bad_params");
        assert!(!path.exists());
    }
}
