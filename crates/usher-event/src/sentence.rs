//! What Usher says to people, in a form that can be said in their language.
//!
//! A [`Sentence`] carries its English and, beside it, which sentence it is and what fills its gaps. The command line, logs
//! and journals of old show the English; the window, the tray and notifications look the sentence up by its id in
//! `locales/*/owner.ftl` and say it in the user's language. [`sentence!`](crate::sentence!) makes one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A sentence for people. It reads like its English text wherever a `&str` will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sentence {
    /// All of it in English.
    text: Box<str>,
    /// Which sentence it is; absent where the words are not Usher's own: what a command printed, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    id: Option<Cow<'static, str>>,
    /// What fills its gaps, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    with: Option<Box<Parts>>,
}

/// What fills the gaps of a sentence, by name.
type Parts = BTreeMap<Cow<'static, str>, Part>;

/// What fills a gap of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Part {
    /// A number, which may decide between singular and plural.
    Number(#[ts(type = "number")] i64),
    /// A name, a path, or somebody else's words.
    Text(String),
    /// A sentence in the sentence: the reason of a failure.
    Sentence(Sentence),
    /// Some of these, between commas.
    List(Vec<Part>),
}

/// Makes a [`Sentence`] from its id, its English, and what fills that.
///
/// ```
/// use usher_event::sentence;
///
/// let gone = sentence!("example-gone", "{path} is not there any more", path = "/tmp/a.txt");
/// assert_eq!(gone.to_string(), "/tmp/a.txt is not there any more");
/// ```
///
/// The English stands in the code, where its reader needs it, and is gathered into `locales/en/owner.ftl` by a test. Every
/// gap is filled by name, with something that [`Part`] can be made from.
#[macro_export]
macro_rules! sentence {
    ($id:literal, $english:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = $crate::Part::from($value);)*
        let text = format!($english $(, $name = $name)*);
        $crate::Sentence::of($id, text, [$((stringify!($name), $name)),*])
    }};
}

impl Sentence {
    /// Words that are not Usher's own and are shown as they are.
    pub fn foreign(text: impl Into<String>) -> Self {
        Self { text: text.into().into_boxed_str(), id: None, with: None }
    }

    /// A sentence with its parts; [`sentence!`](crate::sentence!) is the way to make one.
    pub fn of<const N: usize>(id: &'static str, text: String, parts: [(&'static str, Part); N]) -> Self {
        let parts: Parts = parts.into_iter().map(|(name, part)| (name.into(), part)).collect();
        let with = (!parts.is_empty()).then(|| Box::new(parts));
        Self { text: text.into(), id: Some(id.into()), with }
    }

    /// All of it in English.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which sentence it is, unless the words are somebody else's.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The same with the user's home as `~` in each path that fills a gap.
    pub fn with_short_paths(mut self, home: &Path) -> Self {
        let parts = self.with.iter_mut().flat_map(|with| with.values_mut());
        for part in parts {
            let Part::Text(path) = part else { continue };
            let Ok(below) = Path::new(path.as_str()).strip_prefix(home) else { continue };
            let short = match below.as_os_str().is_empty() {
                true => "~".to_owned(),
                false => Path::new("~").join(below).display().to_string(),
            };
            self.text = self.text.replace(path.as_str(), &short).into();
            *path = short;
        }
        self
    }

    /// What fills its gaps, by name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &Part)> {
        self.with.iter().flat_map(|with| with.iter()).map(|(name, part)| (&**name, part))
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// So that it can travel inside an [`io::Error`]; made of that again, it is the same sentence.
impl std::error::Error for Sentence {}

/// Whether it reads so in English.
impl PartialEq<str> for Sentence {
    fn eq(&self, english: &str) -> bool {
        &*self.text == english
    }
}

impl PartialEq<&str> for Sentence {
    fn eq(&self, english: &&str) -> bool {
        &*self.text == *english
    }
}

impl From<Sentence> for String {
    fn from(sentence: Sentence) -> Self {
        sentence.text.into_string()
    }
}

/// The sentence inside, or what the operating system says.
impl From<&io::Error> for Sentence {
    fn from(error: &io::Error) -> Self {
        let inside = error.get_ref().and_then(|inside| inside.downcast_ref::<Self>());
        inside.cloned().unwrap_or_else(|| system_error(error))
    }
}

impl From<io::Error> for Sentence {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

/// What the operating system says that people meet, by its kind: the ids that such a sentence has.
pub const SYSTEM_SENTENCES: &[(io::ErrorKind, &str)] = &[
    (io::ErrorKind::NotFound, "system-not-found"),
    (io::ErrorKind::PermissionDenied, "system-permission-denied"),
    (io::ErrorKind::AlreadyExists, "system-already-exists"),
    (io::ErrorKind::StorageFull, "system-storage-full"),
    (io::ErrorKind::QuotaExceeded, "system-quota-exceeded"),
    (io::ErrorKind::ReadOnlyFilesystem, "system-read-only"),
    (io::ErrorKind::CrossesDevices, "system-crosses-devices"),
    (io::ErrorKind::Unsupported, "system-unsupported"),
    (io::ErrorKind::NotADirectory, "system-not-a-directory"),
    (io::ErrorKind::IsADirectory, "system-is-a-directory"),
    (io::ErrorKind::DirectoryNotEmpty, "system-directory-not-empty"),
    (io::ErrorKind::InvalidFilename, "system-invalid-filename"),
    (io::ErrorKind::FileTooLarge, "system-file-too-large"),
    (io::ErrorKind::ResourceBusy, "system-busy"),
    (io::ErrorKind::ExecutableFileBusy, "system-executable-busy"),
    (io::ErrorKind::TimedOut, "system-timed-out"),
    (io::ErrorKind::OutOfMemory, "system-out-of-memory"),
    (io::ErrorKind::StaleNetworkFileHandle, "system-stale-handle"),
    (io::ErrorKind::TooManyLinks, "system-too-many-links"),
    (io::ErrorKind::ConnectionRefused, "system-connection-refused"),
    (io::ErrorKind::BrokenPipe, "system-broken-pipe"),
    (io::ErrorKind::UnexpectedEof, "system-ends-early"),
];

/// What the operating system says.
fn system_error(error: &io::Error) -> Sentence {
    let known = SYSTEM_SENTENCES.iter().find(|(kind, _)| *kind == error.kind());
    match known {
        // Words that a library has put in place of the system's say more than the kind does.
        Some((_, id)) if error.get_ref().is_none() => Sentence::of(id, error.to_string(), []),
        _ => Sentence::foreign(error.to_string()),
    }
}

impl Part {
    /// These one after the other, between commas.
    pub fn list<P: Into<Self>>(parts: impl IntoIterator<Item = P>) -> Self {
        Self::List(parts.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::Text(text) => fmt::Display::fmt(text, f),
            Self::Sentence(sentence) => fmt::Display::fmt(sentence, f),
            Self::List(parts) => parts.iter().enumerate().try_for_each(|(nr, part)| match nr {
                0 => fmt::Display::fmt(part, f),
                _ => write!(f, ", {part}"),
            }),
        }
    }
}

impl From<Sentence> for Part {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(sentence)
    }
}

impl From<&Sentence> for Part {
    fn from(sentence: &Sentence) -> Self {
        Self::Sentence(sentence.clone())
    }
}

impl From<&io::Error> for Part {
    fn from(error: &io::Error) -> Self {
        Self::Sentence(error.into())
    }
}

impl From<io::Error> for Part {
    fn from(error: io::Error) -> Self {
        Self::Sentence(error.into())
    }
}

impl From<std::path::Display<'_>> for Part {
    fn from(path: std::path::Display<'_>) -> Self {
        Self::Text(path.to_string())
    }
}

impl From<&Path> for Part {
    fn from(path: &Path) -> Self {
        path.display().into()
    }
}

impl From<PathBuf> for Part {
    fn from(path: PathBuf) -> Self {
        path.display().into()
    }
}

impl From<&PathBuf> for Part {
    fn from(path: &PathBuf) -> Self {
        path.display().into()
    }
}

macro_rules! part_from {
    ($($text:ty),*; $($number:ty),*) => {
        $(impl From<$text> for Part {
            fn from(text: $text) -> Self {
                Self::Text(text.into())
            }
        })*
        $(impl From<$number> for Part {
            /// A number that is larger than the largest is the largest: it is there to be read.
            fn from(number: $number) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })*
    };
}

part_from!(&str, String, &String, Cow<'_, str>, char; i64, i32, u64, u32, u16, u8, usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_english_has_every_part() {
        let why = io::Error::from(io::ErrorKind::PermissionDenied);
        let said = sentence!(
            "test-read",
            "cannot read {path}: {why} ({n})",
            path = Path::new("/a"),
            why = &why,
            n = 3_usize
        );
        assert_eq!(said.text(), "cannot read /a: permission denied (3)");
        assert_eq!(said.id(), Some("test-read"));
        let names: Vec<&str> = said.parts().map(|(name, _)| name).collect();
        assert_eq!(names, ["n", "path", "why"]);
        assert!(
            matches!(said.parts().last(), Some((_, Part::Sentence(why))) if why.id() == Some("system-permission-denied"))
        );
    }

    #[test]
    fn it_travels_in_an_error_and_over_the_wire() {
        let said = sentence!("test-both", "both {a} and {b} stay", a = "x", b = sentence!("test-in", "in"));
        let error = io::Error::new(io::ErrorKind::InvalidData, said.clone());
        assert_eq!(Sentence::from(&error), said);
        let wire = serde_json::to_string(&said).unwrap();
        assert_eq!(serde_json::from_str::<Sentence>(&wire).unwrap(), said);
        let foreign = Sentence::foreign("exit 3");
        assert_eq!(serde_json::to_string(&foreign).unwrap(), r#"{"text":"exit 3"}"#);
    }

    #[test]
    fn a_librarys_own_words_stay() {
        let error = io::Error::new(io::ErrorKind::PermissionDenied, "the archive is locked");
        assert_eq!(Sentence::from(&error), Sentence::foreign("the archive is locked"));
    }
}
