//! Archives: what is in them, read without trusting a word of it.
//!
//! An archive may come from anybody. Names that lead out of the folder it is unpacked into, links that do, devices,
//! second entries of one name and entries behind links are refused; sizes are counted as the bytes come, never believed.
//! Planning lists an archive and the engine unpacks it through the same [`read`], so that both see the same entries.

mod check;
mod guard;
mod list;
mod name;
mod tarball;
mod zipped;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use list::{Listing, climbs_out, list, list_planned};
pub use name::{in_zip, too_long_here};

use usher_event::{Sentence, sentence};

use crate::{Content, name as names};

/// A kind of archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.zip`
    Zip,
    /// `.tar`
    Tar,
    /// `.tar.gz`, `.tgz`
    TarGz,
    /// `.gz`: one file.
    Gz,
}

/// The endings of archives' names, longer ones first.
const ENDINGS: &[(&str, Format)] = &[
    (".tar.gz", Format::TarGz),
    (".tgz", Format::TarGz),
    (".zip", Format::Zip),
    (".tar", Format::Tar),
    (".gz", Format::Gz),
];

impl Format {
    /// What a name says.
    pub fn of_name(path: &Path) -> Option<Self> {
        split(path).map(|(_, format)| format)
    }

    /// What the content says, with the name's help: a gzip stream may hold a tar archive or anything else.
    ///
    /// # Errors
    /// When it is none of the kinds known, or cannot be read.
    pub fn detect(path: &Path, content: &mut dyn Content) -> Result<Self, ArchiveError> {
        let mut head = Vec::new();
        content.seek(SeekFrom::Start(0))?;
        content.take(512).read_to_end(&mut head)?;
        content.seek(SeekFrom::Start(0))?;
        let named = Self::of_name(path);
        match &head[..] {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Self::Zip),
            [0x1f, 0x8b, ..] if named == Some(Self::TarGz) => Ok(Self::TarGz),
            [0x1f, 0x8b, ..] => Ok(Self::Gz),
            head if head.get(257..262) == Some(b"ustar") || named == Some(Self::Tar) => Ok(Self::Tar),
            _ => Err(ArchiveError::Unknown),
        }
    }

    /// The word for it, which [`Format::from_word`] reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
            Self::Gz => "gz",
        }
    }

    /// The format of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Zip, Self::Tar, Self::TarGz, Self::Gz].into_iter().find(|format| format.word() == word)
    }
}

/// The ending of a name, as it is spelled in the list, and what it says.
fn split(path: &Path) -> Option<(&'static str, Format)> {
    let name = path.file_name()?.as_encoded_bytes();
    let ends = |ending: &str| {
        let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0);
        at.is_some_and(|at| name[at..].eq_ignore_ascii_case(ending.as_bytes()))
    };
    ENDINGS.iter().find(|(ending, _)| ends(ending)).copied()
}

/// What an archive's content is called: its name without the ending.
pub fn stem(path: &Path) -> OsString {
    let Some((ending, _)) = split(path) else { return names::split(path).0.to_os_string() };
    let dots = ending.matches('.').count();
    let stem = (0..dots).try_fold(path, |path, _| path.file_stem().map(Path::new));
    stem.map_or_else(OsString::new, |stem| stem.as_os_str().to_os_string())
}

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all its files together.
    pub size: u64,
    /// Entries.
    pub entries: u64,
    /// How many times its own size that may be; small archives are not asked.
    pub ratio: u64,
}

/// One thing in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Where it goes, from the folder it is unpacked into.
    pub path: PathBuf,
    /// What it is.
    pub kind: PackedKind,
    /// Bytes, as the archive has it.
    pub size: u64,
    /// Last change, where the archive knows it.
    pub modified: Option<Timestamp>,
    /// Whether its owner may run it.
    pub executable: bool,
}

/// What a thing in an archive is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackedKind {
    /// A file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link that says this, and stays within.
    Symlink {
        /// What it says.
        target: PathBuf,
        /// Whether it climbs up to the folder itself: there is no going out of it, and no taking that folder away.
        to_root: bool,
    },
    /// A second name of a file that came before.
    HardLink(PathBuf),
}

/// How an archive is read.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    /// What it is.
    pub format: Format,
    /// How much it may hold.
    pub limits: Limits,
    /// The time zone of times that do not name one.
    pub zone: TimeZone,
    /// What the only file of a `.gz` is called.
    pub stem: &'a Path,
    /// Whether the bytes of files are wanted.
    pub data: bool,
    /// Whether links may lead anywhere. Nothing may be made from an archive that is read so.
    pub any_link: bool,
    /// So many bytes of a stream that has no list of its entries are gone through; all of it where there is no number.
    pub peek: Option<u64>,
}

/// Told of each entry, with its bytes.
pub type Visit<'a> = dyn FnMut(&Packed, &mut dyn Read) -> io::Result<()> + 'a;

/// Goes through an archive. Answers whether that was all of it.
///
/// # Errors
/// At the first thing that is wrong with it, or that `visit` cannot do.
pub fn read(
    mut content: Box<dyn Content>,
    reading: &Reading<'_>,
    visit: &mut Visit<'_>,
) -> Result<bool, ArchiveError> {
    let length = content.seek(SeekFrom::End(0))?;
    content.seek(SeekFrom::Start(0))?;
    let mut check = check::Check::new(reading, length);
    match reading.format {
        Format::Zip => zipped::read(content, reading, &mut check, visit),
        Format::Tar => tarball::read(content, reading, &mut check, visit),
        Format::TarGz => tarball::read(
            flate2::read::MultiGzDecoder::new(io::BufReader::new(content)),
            reading,
            &mut check,
            visit,
        ),
        Format::Gz => one_file(content, length, reading, &check, visit),
    }
}

fn one_file(
    content: Box<dyn Content>,
    length: u64,
    reading: &Reading<'_>,
    check: &check::Check,
    visit: &mut Visit<'_>,
) -> Result<bool, ArchiveError> {
    // The stream knows its size only at its end; until then its own is the best guess.
    let packed = Packed {
        path: reading.stem.to_path_buf(),
        kind: PackedKind::File,
        size: length,
        modified: None,
        executable: false,
    };
    if !reading.data {
        visit(&packed, &mut io::empty()).map_err(ArchiveError::from_visit)?;
        return Ok(false);
    }
    let mut bytes = check.meter(flate2::read::MultiGzDecoder::new(io::BufReader::new(content)));
    visit(&packed, &mut bytes).map_err(ArchiveError::from_visit)?;
    Ok(true)
}

/// Why an archive is not taken.
#[derive(Debug)]
pub enum ArchiveError {
    /// An entry that must not be unpacked.
    Refused {
        /// The entry.
        name: String,
        /// What is wrong with it.
        why: Sentence,
    },
    /// More than it may hold.
    TooMuch(Sentence),
    /// An entry that needs a password.
    Encrypted(String),
    /// No archive as far as can be seen.
    Unknown,
    /// It is not what it should be.
    Damaged(Sentence),
    /// It cannot be read, or what is in it cannot be written.
    Io(io::Error),
}

impl ArchiveError {
    fn refused(name: impl Into<String>, why: Sentence) -> Self {
        Self::Refused { name: name.into(), why }
    }

    /// What is wrong, for people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Refused { name, why } => {
                sentence!("archive-holds", "it holds `{name}`, {why}", name = name, why = why)
            }
            Self::TooMuch(what) => what.clone(),
            Self::Encrypted(name) => sentence!(
                "archive-encrypted",
                "`{name}` in it is encrypted, and Usher knows no passwords",
                name = name
            ),
            Self::Unknown => sentence!("archive-unknown", "it is no zip, tar or gzip archive"),
            Self::Damaged(how) => sentence!("archive-damaged", "it is damaged: {how}", how = how),
            Self::Io(error) => error.into(),
        }
    }

    /// The same as an error of the system's kind that says the sentence.
    pub fn told(self) -> io::Error {
        match self {
            Self::Io(error) => error,
            other => io::Error::new(io::ErrorKind::InvalidData, other.sentence()),
        }
    }

    /// An error of whoever looks at the entries; those of reading them have come through their hands.
    fn from_visit(error: io::Error) -> Self {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(error) if matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) => error.into(),
            Err(error) => Self::Io(error),
        }
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => fmt::Display::fmt(error, f),
            other => f.write_str(&other.sentence()),
        }
    }
}

impl std::error::Error for ArchiveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => error.source(),
            _ => None,
        }
    }
}

/// What a reader says: the system's own errors are about the file, all others about what is in it.
impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(error) if error.raw_os_error().is_some() => Self::Io(error),
            Err(error) => Self::Damaged((&error).into()),
        }
    }
}

impl From<ArchiveError> for io::Error {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Io(error) => error,
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}

#[cfg(test)]
mod tests;
