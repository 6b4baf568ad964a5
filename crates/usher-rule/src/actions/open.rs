//! `open`: in the program the desktop has for it, or in another.

use std::ffi::OsString;

use usher_event::sentence;

use super::{Action, ActionError};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::{Filled, Template};
use crate::{Context, Op, Step, name};

pub(super) const SPEC: Spec = Spec {
    positional: Some("target"),
    params: &[
        Param::new(
            "target",
            Kind::Template,
            "",
            "a path or an address; the file or folder itself where not given",
        )
        .or_nothing()
        .filled(),
        Param::new("with", Kind::Template, "", "the program; the desktop's own choice where not given")
            .or_nothing(),
    ],
    standalone: true,
    ..Spec::new("open", "opens the file, another one, or an address in its program")
};

/// Addresses that a placeholder may bring along whole. Others do more than show a page.
const HARMLESS: &[&str] = &["http", "https", "mailto"];

#[derive(Debug)]
struct Open {
    target: Option<Template>,
    with: Option<Template>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Open { target: reader.given("target"), with: reader.given("with") }))
}

impl Action for Open {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn can_be_undone(&self) -> bool {
        false
    }

    fn summary(&self) -> String {
        self.target.as_ref().or(self.with.as_ref()).map_or("", Template::source).to_owned()
    }

    fn standalone(&self) -> bool {
        SPEC.standalone
    }

    fn templates(&self) -> Vec<&Template> {
        self.target.iter().chain(&self.with).collect()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let (target, shown) = match &self.target {
            Some(template) => {
                let target = target(cx, &template.fill(cx)?)?;
                let shown = target.to_string_lossy().into_owned();
                (target, Some(shown))
            }
            None => (cx.subject()?.0.into_os_string(), None),
        };
        let with = self.with.as_ref().map(|template| template.fill(cx)).transpose()?;
        let with = with.map(|filled| filled.text).filter(|with| !with.is_empty());
        let note = match (shown, &with) {
            (Some(what), Some(with)) => {
                Some(sentence!("note-opened-with", "{what} with {program}", what = what, program = with))
            }
            (Some(what), None) => Some(sentence!("note-opened", "{what}", what = what)),
            (None, Some(with)) => Some(sentence!("note-with", "with {program}", program = with)),
            (None, None) => None,
        };
        let ops = vec![Op::Open { target, with: with.map(OsString::from) }];
        Ok(Step { from: cx.path.clone(), ops, note, ..Step::new(SPEC.name) })
    }
}

fn target(cx: &Context<'_>, filled: &Filled) -> Result<OsString, ActionError> {
    let text = filled.text.trim();
    if text.is_empty() || text.contains('\0') {
        return Err(ActionError::new(sentence!(
            "open-nothing",
            "there is nothing to open: the target comes out empty or unusable"
        )));
    }
    let Some(scheme) = scheme(text) else {
        let path = name::normalize(&cx.world.working_dir().join(text));
        return match cx.world.exists(&path) {
            true => Ok(path.into_os_string()),
            false => {
                Err(ActionError::new(sentence!("open-not-there", "there is no {path} to open", path = path)))
            }
        };
    };
    let brought = filled.dynamic.iter().any(|range| range.start < scheme.len());
    if brought && !HARMLESS.contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(ActionError::new(sentence!(
            "open-odd-address",
            "a placeholder brings the address `{scheme}:`, which may do anything",
            scheme = scheme,
        ))
        .hint(sentence!("open-odd-address-hint", "write the beginning of the address out in the rule")));
    }
    Ok(text.into())
}

/// `https` of `https://example.org`. One letter is a drive.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let good = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    (scheme.len() > 1 && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(good))
        .then_some(scheme)
}

#[cfg(test)]
mod tests {
    use crate::Op;
    use crate::fake::{Fake, rule};

    fn opened(world: &Fake, action: &str, path: &str) -> (String, Option<String>) {
        match world.plan(&format!("- open: {action}"), path).pop() {
            Some(Op::Open { target, with }) => {
                (target.into_string().unwrap(), with.map(|with| with.into_string().unwrap()))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_file_another_one_or_an_address_is_opened() {
        let world = Fake::new().file("/in/a.pdf", "x").file("/here/list.txt", "x");
        assert_eq!(opened(&world, "{}", "/in/a.pdf"), ("/in/a.pdf".into(), None));
        assert_eq!(opened(&world, "list.txt", "/in/a.pdf"), ("/here/list.txt".into(), None));
        assert_eq!(
            opened(&world, "{with: evince}", "/in/a.pdf"),
            ("/in/a.pdf".into(), Some("evince".into()))
        );
        let address = "'https://example.org/?q={path.stem}'";
        assert_eq!(opened(&world, address, "/in/a.pdf"), ("https://example.org/?q=a".into(), None));
        let said = world.run("- open: /missing", "/in/a.pdf");
        assert_eq!(said, "error: there is no /missing to open\n");
    }

    #[test]
    fn a_file_name_cannot_choose_what_kind_of_address_is_opened() {
        let world = Fake::new().file("/in/file:x", "").file("/in/https:x", "");
        let said = world.run("- open: '{path.name}'", "/in/file:x");
        assert!(said.starts_with("error: a placeholder brings the address `file:`"), "{said}");
        assert_eq!(opened(&world, "'{path.name}'", "/in/https:x").0, "https:x");
    }

    #[test]
    fn it_works_without_a_file() {
        let standalone = rule("rules: [{actions: [{open: 'https://example.org'}]}]");
        assert!(standalone.standalone());
    }
}
