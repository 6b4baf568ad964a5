//! `write`: text into a file.

mod encoding;

use std::io::Read;
use std::path::{Path, PathBuf};

use encoding::Encoding;
use usher_event::{Kind as FileKind, Sentence, sentence};

use super::{Action, ActionError, conflict, destination};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::world::{Astray, through_links};
use crate::{Context, Diagnostic, Op, Step, World, WriteMode};

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required("text", Kind::Template, "what is written"),
        Param::required("outfile", Kind::Template, "the file; it and its folders are made if missing")
            .filled(),
        Param::new(
            "mode",
            Kind::Choice(&["append", "prepend", "overwrite"]),
            "append",
            "where the text goes",
        ),
        Param::new(
            "encoding",
            Kind::Text,
            "utf-8",
            "as Python names it: `utf-8`, `latin-1`, `utf-16`, `cp1252`, ...",
        ),
        Param::new("newline", Kind::Flag, "true", "whether a line break follows the text"),
        Param::new(
            "clear_before_first_write",
            Kind::Flag,
            "false",
            "whether the file is emptied when it is written to for the first time in a run",
        ),
    ],
    standalone: true,
    ..Spec::new("write", "writes text into a file")
};

#[derive(Debug)]
struct Write {
    text: Template,
    outfile: Template,
    mode: WriteMode,
    encoding: Encoding,
    newline: bool,
    clear_first: bool,
    /// Its place among the rule's actions: "first" is meant for each action.
    nr: usize,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Write {
        text: reader.template("text"),
        outfile: reader.template("outfile"),
        mode: match reader.choice("mode") {
            "prepend" => WriteMode::Prepend,
            "overwrite" => WriteMode::Overwrite,
            _ => WriteMode::Append,
        },
        encoding: encoding(reader)?,
        newline: reader.flag("newline"),
        clear_first: reader.flag("clear_before_first_write"),
        nr: reader.nr,
    }))
}

fn encoding(reader: &mut Reader<'_, '_>) -> Option<Encoding> {
    let name = reader.text("encoding");
    let known = encoding::named(&name);
    if known.is_none() {
        let span = reader.node("encoding").map_or(reader.span(), |node| node.head());
        reader.problems().push(
            Diagnostic::error(
                "unknown_encoding",
                span,
                sentence!("lint-no-encoding", "there is no encoding `{name}`", name = name),
            )
            .help(sentence!(
                "lint-no-encoding-help",
                "use `utf-8`, or one like `latin-1`, `utf-16`, `cp1252`"
            )),
        );
    }
    known
}

/// The most of a file that is read so that its first bytes can give way.
const MOST: u64 = 16 * 1024 * 1024;

/// Where what is written to `path` ends up. A link that has this name stays a link, and what it leads to is written: it
/// may be a file that somebody keeps elsewhere, and need not be there yet.
fn behind_links(world: &dyn World, path: PathBuf) -> Result<PathBuf, ActionError> {
    if !world.stat(&path).is_ok_and(|stat| stat.kind == FileKind::Symlink) {
        return Ok(path);
    }
    through_links(world, &path).map_err(|astray| match astray {
        Astray::Circle => ActionError::new(sentence!(
            "write-link-circle",
            "the link {path} leads nowhere: it is part of a circle",
            path = path,
        ))
        .hint(sentence!("write-link-circle-hint", "let it lead to a file, or name the file itself")),
        Astray::Unread(link, error) => ActionError {
            source: Some(error),
            ..ActionError::new(sentence!("write-link-unread", "cannot follow the link {path}", path = link))
        },
    })
}

impl Write {
    /// The text as bytes and how they are written. Text before a file that begins with a mark of its encoding takes the
    /// mark's place at the beginning.
    fn bytes(
        &self,
        cx: &Context<'_>,
        path: &Path,
        text: String,
        mode: WriteMode,
    ) -> Result<(Vec<u8>, WriteMode), ActionError> {
        let size = cx.world.stat(path).map_or(0, |stat| stat.size);
        let at_start = size == 0 || mode != WriteMode::Append;
        let mut bytes = self.encoding.encode(text, at_start).map_err(|c| {
            ActionError::new(sentence!(
                "write-no-character",
                "`{character}` cannot be written to {path} in this encoding",
                character = c,
                path = path,
            ))
            .hint(sentence!("write-no-character-hint", "leave `encoding` out to write UTF-8"))
        })?;
        let mark = self.encoding.mark(true);
        if mode != WriteMode::Prepend || mark.is_empty() || size == 0 {
            return Ok((bytes, mode));
        }
        if size > MOST {
            return Err(ActionError::new(sentence!(
                "write-too-large",
                "{path} is too large to write before its mark",
                path = path,
            )));
        }
        let mut content = Vec::new();
        let read = cx.world.open(path).and_then(|file| file.take(MOST).read_to_end(&mut content));
        read.map_err(|error| ActionError {
            source: Some(error),
            ..ActionError::new(sentence!("action-read", "cannot read {path}", path = path))
        })?;
        bytes.extend(content.strip_prefix(mark).unwrap_or(&content));
        Ok((bytes, WriteMode::Overwrite))
    }
}

impl Action for Write {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        self.outfile.source().to_owned()
    }

    fn standalone(&self) -> bool {
        SPEC.standalone
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.text, &self.outfile]
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let mut text = self.text.fill(cx)?.text;
        let (path, _) = destination::place(cx, &self.outfile)?;
        conflict::check_length(cx.world, &path)?;
        let path = behind_links(cx.world, path)?;
        if destination::is_dir(cx.world, &path) {
            return Err(ActionError::new(sentence!(
                "write-folder",
                "{path} is a folder, so nothing can be written to it",
                path = path,
            )));
        }
        // A pipe would keep whoever opens it waiting, and nothing that is written to a device can be taken back.
        if cx.world.stat(&path).is_ok_and(|stat| stat.kind != FileKind::File) {
            return Err(ActionError::new(sentence!(
                "write-no-file",
                "{path} is a pipe or a device, so nothing can be written to it",
                path = path,
            ))
            .hint(sentence!("write-no-file-hint", "name a file as `outfile`")));
        }
        let note = Some(Sentence::foreign(text.clone()));
        if self.newline {
            text.push('\n');
        }
        let first = !cx.run.written.contains(&(cx.rule.id.clone(), self.nr, path.clone()));
        let mode = if first && self.clear_first { WriteMode::Overwrite } else { self.mode };
        let (text, mode) = self.bytes(cx, &path, text, mode)?;
        let mut ops = Vec::new();
        conflict::make_dirs(cx.world, path.parent(), &mut ops)?;
        cx.run.written.insert((cx.rule.id.clone(), self.nr, path.clone()));
        ops.push(Op::Write { path: path.clone(), text, mode });
        Ok(Step { from: cx.path.clone(), to: Some(path), ops, note, ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;
    use crate::{Op, WriteMode};

    fn writes(actions: &str, paths: &[&str]) -> Vec<(WriteMode, String)> {
        let world = Fake::new().file("/in/a.txt", "x").file("/in/b.txt", "x");
        let ops = world.plan_all(actions, paths);
        ops.into_iter()
            .filter_map(|op| match op {
                Op::Write { mode, text, .. } => Some((mode, String::from_utf8_lossy(&text).into_owned())),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_file_is_cleared_once_for_each_run_and_action() {
        let actions = "- write: {text: '{path.name}', outfile: /log.txt, clear_before_first_write: true}";
        assert_eq!(
            writes(actions, &["/in/a.txt", "/in/b.txt"]),
            [(WriteMode::Overwrite, "a.txt\n".to_owned()), (WriteMode::Append, "b.txt\n".to_owned())]
        );
    }

    #[test]
    fn modes_newline_and_encoding_are_heeded() {
        let actions = "- write: {text: é, outfile: /log.txt, mode: prepend, newline: false}";
        assert_eq!(writes(actions, &["/in/a.txt"]), [(WriteMode::Prepend, "é".to_owned())]);
        let world = Fake::new().file("/in/a.txt", "x");
        let ops = world.plan("- write: {text: é, outfile: /log.txt, encoding: Latin-1}", "/in/a.txt");
        assert!(matches!(&ops[0], Op::Write { text, .. } if text == b"\xe9\n"));
        let said = world.run("- write: {text: é, outfile: /log.txt, encoding: ascii}", "/in/a.txt");
        assert_eq!(said, "error: `é` cannot be written to /log.txt in this encoding\n");
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_written() {
        let world = Fake::new()
            .file("/in/a.txt", "x")
            .file("/kept/real.log", "x")
            .link("/log.txt", "/second.txt")
            .link("/second.txt", "kept/../kept/real.log")
            .link("/new.txt", "/deep/new.log")
            .link("/round.txt", "/round.txt");
        let written = |outfile: &str, mode: &str| {
            let action = format!("- write: {{text: x, outfile: {outfile}, mode: {mode}}}");
            match world.plan(&action, "/in/a.txt").pop() {
                Some(Op::Write { path, .. }) => path.display().to_string(),
                other => format!("{other:?}"),
            }
        };
        for mode in ["append", "prepend", "overwrite"] {
            assert_eq!(written("/log.txt", mode), "/kept/real.log");
            assert_eq!(written("/new.txt", mode), "/deep/new.log", "which need not be there");
        }
        assert_eq!(
            world.run("- write: {text: x, outfile: /round.txt}", "/in/a.txt"),
            "error: the link /round.txt leads nowhere: it is part of a circle\n"
        );
    }

    #[test]
    fn missing_folders_are_made() {
        let world = Fake::new().file("/in/a.txt", "x");
        let ops = world.plan("- write: {text: x, outfile: '/new/deep/{path.stem}.log'}", "/in/a.txt");
        assert_eq!(ops[0], Op::MakeDir { path: "/new".into() });
        assert_eq!(ops[1], Op::MakeDir { path: "/new/deep".into() });
    }
}
