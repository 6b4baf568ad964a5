//! `archive`: packs a file or a folder. The original stays; `trash` after it if it is not to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use usher_event::{Kind as Thing, sentence};

use super::conflict::{self, Conflict, Way};
use super::{Action, ActionError, destination};
use crate::archive::{Format, in_zip};
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
            "the archive, or with a slash at the end the folder it is put into; beside the original where not given",
        )
        .or_nothing()
        .filled(),
        Param::new(
            "format",
            Kind::Choice(&["auto", "zip", "tar.gz"]),
            "auto",
            "what kind of archive; `auto` goes by the name and makes a zip where that says nothing",
        ),
        conflict::ON_CONFLICT_NEW,
        conflict::RENAME_TEMPLATE,
    ],
    ..Spec::new("archive", "packs the file or folder into an archive; the next actions see the original")
};

#[derive(Debug)]
struct Archive {
    /// Beside the original where there is none.
    dest: Option<Template>,
    format: Option<Format>,
    conflict: Conflict,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Archive {
        dest: reader.given("dest"),
        format: Format::from_word(reader.choice("format")),
        conflict: Conflict::read(reader),
    }))
}

impl Action for Archive {
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
        let ending = self.format.unwrap_or(Format::Zip).word();
        let mut own_name: OsString = from.file_stem().unwrap_or_default().to_owned();
        if stat.kind == Thing::Dir {
            own_name = from.file_name().unwrap_or_default().to_owned();
        }
        own_name.push(".");
        own_name.push(ending);
        let to = destination::target_for_new(cx, self.dest.as_ref(), &from, &own_name)?;
        let format = match self.format.or_else(|| Format::of_name(&to)).unwrap_or(Format::Zip) {
            format @ (Format::Zip | Format::TarGz) => format,
            other => {
                return Err(ActionError::new(sentence!(
                    "archive-makes-none",
                    "Usher makes no `.{ending}` archives",
                    ending = other.word(),
                ))
                .hint(sentence!("archive-makes-none-hint", "use `.zip` or `.tar.gz`")));
            }
        };
        check_all(cx.world, &from, stat.kind, format)?;
        if to != from && to.starts_with(&from) {
            return Err(ActionError::new(sentence!(
                "archive-into-itself",
                "{path} cannot be packed into itself",
                path = from
            ))
            .hint(sentence!("action-destination-outside", "choose a destination outside the folder")));
        }
        let step = Step { from: Some(from.clone()), ..Step::new(SPEC.name) };
        match self.conflict.way_for_new(cx, &from, to)? {
            Way::Stay(reason, conflict) => Ok(Step { note: Some(reason), conflict, ..step }),
            Way::Free { to, mut ops, note, conflict } => {
                ops.push(Op::Pack { from, to: to.clone(), format });
                cx.produced.push(to.clone());
                Ok(Step { to: Some(to), ops, note, conflict, ..step })
            }
        }
    }
}

/// Refuses what cannot be packed, however deep it lies in a folder. A link is packed as the link it is, wherever it leads.
fn check_all(world: &dyn World, from: &Path, kind: Thing, format: Format) -> Result<(), ActionError> {
    let look = |path: &Path, error| {
        Err(ActionError {
            source: Some(error),
            ..ActionError::new(sentence!("action-look", "cannot look at {path}", path = path))
        })
    };
    let top = from.file_name().unwrap_or_default();
    let mut open = vec![(from.to_path_buf(), PathBuf::from(top), kind)];
    while let Some((path, inside, kind)) = open.pop() {
        let in_zip = || {
            in_zip(&inside)?;
            match kind {
                Thing::Symlink if world.link_target(&path).is_ok_and(|says| says.to_str().is_none()) => {
                    Err(sentence!(
                        "archive-link-no-text",
                        "what the link {path} says is not text",
                        path = &inside
                    ))
                }
                _ => Ok(()),
            }
        };
        if format == Format::Zip
            && let Err(message) = in_zip()
        {
            return Err(
                ActionError::new(message).hint(sentence!("archive-no-zip-hint", "use `format: tar.gz`"))
            );
        }
        match kind {
            Thing::Other => {
                return Err(ActionError::new(sentence!(
                    "archive-odd-thing",
                    "{path} is neither a file nor a folder",
                    path = path,
                )));
            }
            Thing::Dir => match world.list(&path) {
                Ok(entries) => open.extend(
                    entries
                        .into_iter()
                        .map(|entry| (path.join(&entry.name), inside.join(&entry.name), entry.kind)),
                ),
                Err(error) => return look(&path, error),
            },
            Thing::File | Thing::Symlink => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Op;
    use crate::archive::Format;
    use crate::fake::Fake;

    #[test]
    fn the_format_comes_from_the_name_or_is_given() {
        let world = Fake::new().file("/in/a.txt", "x").dir("/in/v1.2");
        let format = |action: &str| match world.plan(&format!("- archive: {action}"), "/in/a.txt").pop() {
            Some(Op::Pack { to, format, .. }) => (to.to_string_lossy().into_owned(), format),
            other => panic!("{other:?}"),
        };
        assert_eq!(format("'/out/{path.stem}.zip'"), ("/out/a.zip".into(), Format::Zip));
        assert_eq!(format("/out/x.TGZ"), ("/out/x.TGZ".into(), Format::TarGz));
        assert_eq!(format("/out/x"), ("/out/x".into(), Format::Zip));
        assert_eq!(format("{dest: /out/, format: tar.gz}"), ("/out/a.tar.gz".into(), Format::TarGz));
        assert_eq!(format("{}"), ("/in/a.zip".into(), Format::Zip));
        assert_eq!(world.run("- archive", "/in/v1.2"), "archive /in/v1.2 -> /in/v1.2.zip\n");
    }

    #[test]
    fn the_original_stays_and_a_taken_name_is_resolved() {
        let world = Fake::new().file("/in/a.txt", "x").file("/in/a.zip", "old");
        assert_eq!(
            world.run("- archive\n- echo: '{path}'", "/in/a.txt"),
            "archive /in/a.txt -> /in/a 2.zip\necho /in/a.txt\n"
        );
        let said = world.run("- archive: {on_conflict: skip}", "/in/a.txt");
        assert_eq!(said, "archive /in/a.txt (/in/a.zip exists already)\n");
        let said = world.run("- archive: {on_conflict: overwrite}", "/in/a.txt");
        assert_eq!(said, "archive /in/a.txt -> /in/a.zip (replaces what was there)\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_no_zip_can_hold_is_refused() {
        let world = Fake::new().file(r"/in/a\b.txt", "x");
        let said = world.run("- archive: /out/", r"/in/a\b.txt");
        assert!(said.starts_with(r"error: the name a\b.txt has a backslash in it"), "{said}");
        let said = world.run("- archive: { dest: /out/, format: tar.gz }", r"/in/a\b.txt");
        assert_eq!(said, "archive /in/a\\b.txt -> /out/a\\b.tar.gz\n");
    }

    #[test]
    fn an_archive_in_itself_and_over_itself_is_refused() {
        let world = Fake::new().file("/in/d/a.txt", "x").file("/in/b.zip", "x");
        let said = world.run("- archive: '{path}/x.zip'", "/in/d");
        assert_eq!(said, "error: /in/d cannot be packed into itself\n");
        let said = world.run("- archive: {dest: '{path}', on_conflict: overwrite}", "/in/b.zip");
        assert!(said.starts_with("error: /in/b.zip cannot give way"), "{said}");
        assert_eq!(world.run("- archive: /out/a.tar", "/in/d"), "error: Usher makes no `.tar` archives\n");
    }
}
