//! `extract`: unpacks an archive. Whatever is in it ends in one new folder, and the archive stays.
//!
//! What is planned is shown from the archive's own list. A stream without one (`.tar.gz`) is gone through for that, though
//! not to the end of a large one: planning must not take as long as doing.

use std::path::Path;
use std::sync::Arc;

use usher_event::{Kind as FileKind, Sentence, sentence};

use super::conflict::{self, Conflict, Way};
use super::{Action, ActionError, destination};
use crate::archive::{self, ArchiveError, Format, Limits, Listing, Reading};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::{Context, Op, Step, World};

pub(super) const SPEC: Spec = Spec {
    positional: Some("dest"),
    params: &[
        Param::new(
            "dest",
            Kind::Template,
            "",
            "the new folder, or with a slash at the end the folder in which one named like the archive is made; \
             beside the archive where not given",
        )
        .or_nothing()
        .filled(),
        conflict::ON_CONFLICT_NEW,
        conflict::RENAME_TEMPLATE,
        Param::new("max_size", Kind::Text, "2GB", "an archive that holds more bytes is refused"),
        Param::new("max_files", Kind::Count(1), "100000", "an archive that holds more entries is refused"),
        Param::new(
            "max_ratio",
            Kind::Count(1),
            "250",
            "an archive that holds so many times its own size is refused, once that is more than 16 MB",
        ),
    ],
    ..Spec::new(
        "extract",
        "unpacks a zip, tar, tar.gz or gz archive into a new folder; the next actions see the archive",
    )
};

/// Bytes of a stream that are gone through while planning.
const PEEK: u64 = 64 * 1024 * 1024;

/// Names shown of what an archive holds.
const SHOWN: usize = 4;

#[derive(Debug)]
struct Extract {
    /// Beside the original where there is none.
    dest: Option<Template>,
    conflict: Conflict,
    limits: Limits,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    let mut count = |name| reader.count(name).and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    let (entries, ratio) = (count("max_files"), count("max_ratio"));
    let limits = Limits { size: reader.bytes("max_size"), entries, ratio };
    Some(Box::new(Extract { dest: reader.given("dest"), conflict: Conflict::read(reader), limits }))
}

impl Extract {
    fn look(&self, cx: &Context<'_>, from: &Path) -> Result<(Format, Listing), ActionError> {
        let refused = |error: ArchiveError| {
            let hint = match &error {
                ArchiveError::Encrypted(_) => Some(sentence!("extract-by-hand", "unpack it by hand")),
                ArchiveError::TooMuch(_) => {
                    Some(sentence!("extract-raise-limit", "raise the limit if you trust the archive"))
                }
                ArchiveError::Refused { .. } => {
                    Some(sentence!("extract-look-first", "look into it by hand before you trust it"))
                }
                _ => None,
            };
            let message = sentence!(
                "extract-refused",
                "{path} cannot be unpacked: {why}",
                path = from,
                why = error.sentence(),
            );
            ActionError { hint, ..ActionError::new(message) }
        };
        let open = || {
            cx.world.open(from).map_err(|error| ActionError {
                source: Some(error),
                ..ActionError::new(sentence!("action-read", "cannot read {path}", path = from))
            })
        };
        // One that an action before this has planned is not there to be opened. Without its name, what is in a stream
        // that was not made yet cannot be told from any other.
        let planned = cx.world.planned_archive(from);
        let planned =
            planned.filter(|(format, _)| *format == Format::Zip || Format::of_name(from) == Some(*format));
        let format = match &planned {
            Some((format, _)) => *format,
            None => Format::detect(from, &mut *open()?).map_err(refused)?,
        };
        let stem = archive::stem(from);
        let reading = Reading {
            format,
            limits: self.limits,
            zone: cx.world.now().time_zone().clone(),
            stem: Path::new(&stem),
            data: false,
            any_link: false,
            peek: Some(PEEK),
        };
        let listing = match planned {
            Some((_, entries)) => archive::list_planned(entries, &reading),
            None => archive::list(open()?, &reading),
        };
        Ok((format, listing.map_err(refused)?))
    }
}

impl Action for Extract {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        self.dest.as_ref().map_or("", Template::source).to_owned()
    }

    fn templates(&self) -> Vec<&Template> {
        self.dest.iter().chain([self.conflict.template()]).collect()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let (from, stat) = cx.subject()?;
        if stat.kind != FileKind::File {
            return Err(ActionError::new(sentence!(
                "extract-folder",
                "{path} is a folder and no archive",
                path = from
            )));
        }
        let (format, listing) = self.look(cx, &from)?;
        let to = destination::target_for_new(cx, self.dest.as_ref(), &from, &archive::stem(&from))?;
        let step = Step { from: Some(from.clone()), ..Step::new(SPEC.name) };
        match self.conflict.way_for_new(cx, &from, to)? {
            Way::Stay(reason, conflict) => Ok(Step { note: Some(reason), conflict, ..step }),
            Way::Free { to, mut ops, note, conflict } => {
                check_names(cx.world, &from, &to, &listing)?;
                let shown = shown(&listing);
                cx.produced.push(to.clone());
                let placed = listing.entries.iter().map(|packed| to.join(listing.place(packed)));
                cx.produced.extend(placed.filter(|path| *path != to));
                let (limits, listing) = (self.limits, Arc::new(listing));
                ops.push(Op::Unpack { from, to: to.clone(), format, limits, listing });
                let note = match (shown, note) {
                    (Some(shown), Some(note)) => {
                        Some(sentence!("note-holds", "{names}; {note}", names = shown, note = note))
                    }
                    (shown, note) => shown.or(note),
                };
                Ok(Step { to: Some(to), ops, note, conflict, ..step })
            }
        }
    }
}

/// Refuses an archive that holds a name which is too long for the place it goes to.
fn check_names(world: &dyn World, from: &Path, to: &Path, listing: &Listing) -> Result<(), ActionError> {
    let is_long = |packed: &&archive::Packed| conflict::too_long(world, &to.join(&packed.path)).is_some();
    let Some(packed) = listing.entries.iter().find(is_long) else { return Ok(()) };
    let message = sentence!(
        "extract-refused",
        "{path} cannot be unpacked: {why}",
        path = from,
        why = archive::too_long_here(&packed.path),
    );
    Err(ActionError::new(message).hint(sentence!("extract-by-hand", "unpack it by hand")))
}

/// The names at the top of what an archive holds: `a.txt, photos/ and 3 more`.
fn shown(listing: &Listing) -> Option<Sentence> {
    if listing.single {
        return None;
    }
    let top = listing.top();
    if top.is_empty() {
        return Some(sentence!("note-empty-archive", "nothing is in it"));
    }
    let name = |(name, kind): &(std::ffi::OsString, FileKind)| {
        let name: String =
            name.to_string_lossy().chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        if *kind == FileKind::Dir { name + "/" } else { name }
    };
    let names = top.iter().take(SHOWN).map(name).collect::<Vec<_>>().join(", ");
    Some(match (top.len().saturating_sub(SHOWN), listing.complete) {
        (0, true) => Sentence::foreign(names),
        (more, true) => sentence!("note-names-more", "{names} and {more} more", names = names, more = more),
        (_, false) => sentence!("note-names-and-more", "{names} and more", names = names),
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use crate::fake::Fake;

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_folder_is_named_like_the_archive_and_its_content_is_shown() {
        let world = Fake::new().bytes("/in/a.b.zip", &zip(&["x", "d/y", "1", "2", "3", "4"]));
        assert_eq!(
            world.run("- extract\n- echo: '{path}'", "/in/a.b.zip"),
            "extract /in/a.b.zip -> /in/a.b (1, 2, 3, 4 and 2 more)\necho /in/a.b.zip\n"
        );
        assert!(world.has("/in/a.b/d/y"));
        assert_eq!(
            world.run("- extract: /out/", "/in/a.b.zip"),
            "extract /in/a.b.zip -> /out/a.b (1, 2, 3, 4 and 2 more)\n"
        );
        assert_eq!(
            world.run("- extract: '/new/{path.stem}.d'", "/in/a.b.zip"),
            "extract /in/a.b.zip -> /new/a.b.d (1, 2, 3, 4 and 2 more)\n"
        );
    }

    #[test]
    fn a_folder_that_holds_everything_is_not_put_into_another() {
        let world = Fake::new().bytes("/in/a.zip", &zip(&["top/x", "top/d/y"]));
        assert_eq!(world.run("- extract", "/in/a.zip"), "extract /in/a.zip -> /in/a (d/, x)\n");
        assert!(world.has("/in/a/x") && !world.has("/in/a/top"));
        assert_eq!(world.run("- extract", "/in/a.zip"), "extract /in/a.zip -> /in/a 2 (d/, x)\n");
        let skip = world.run("- extract: {on_conflict: skip}", "/in/a.zip");
        assert_eq!(skip, "extract /in/a.zip (/in/a exists already)\n");
    }

    #[test]
    fn what_is_no_archive_or_a_hostile_one_is_refused_before_anything_is_done() {
        let world = Fake::new()
            .file("/in/a.zip", "hello")
            .bytes("/in/b.zip", &zip(&["../b"]))
            .bytes("/in/c.zip", &zip(&["1", "2", "3"]))
            .bytes("/in/plain", &zip(&["1"]));
        assert_eq!(
            world.run("- extract", "/in/a.zip"),
            "error: /in/a.zip cannot be unpacked: it is no zip, tar or gzip archive\n"
        );
        let said = world.run("- extract", "/in/b.zip");
        assert!(said.contains("it holds `../b`, which would lie outside its folder"), "{said}");
        let long = "x".repeat(256);
        for entry in [format!("top/{long}"), format!("{long}/a")] {
            let world = Fake::new().bytes("/in/d.zip", &zip(&["1", &entry]));
            let said = world.run("- extract", "/in/d.zip");
            let wanted = format!("it holds `{entry}`, a name that is too long for the file system there");
            assert!(said.contains(&wanted), "{said}");
        }
        let said = world.run("- extract: {max_files: 2}", "/in/c.zip");
        assert!(said.contains("it holds more than 2 files"), "{said}");
        let said = world.run("- extract: {max_size: 2b}", "/in/c.zip");
        assert!(said.contains("it holds more than 2 bytes"), "{said}");
        // Named like the folder it would make.
        assert_eq!(world.run("- extract", "/in/plain"), "extract /in/plain -> /in/plain 2 (1)\n");
        let over = world.run("- extract: {on_conflict: overwrite}", "/in/plain");
        assert!(over.starts_with("error: /in/plain cannot give way"), "{over}");
    }
}
