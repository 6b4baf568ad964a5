//! `empty`: files without a byte, folders without an entry.

use usher_event::Kind;

use super::{Filter, FilterError, Tried, Verdict};
use crate::Context;
use crate::load::{Reader, Spec};

pub(super) const SPEC: Spec = Spec::new("empty", "finds empty files and folders");

#[derive(Debug)]
struct Empty;

pub(super) fn read(_reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(Empty))
}

impl Filter for Empty {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        "nothing inside".to_owned()
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let stat = cx.stat()?;
        if stat.kind != Kind::Dir {
            return Ok(Verdict { pass: stat.size == 0, seen: cx.seen(|| format!("{} bytes", stat.size)) });
        }
        let path = cx.looked_at()?;
        let entries = cx.world.list(path).map_err(|error| FilterError::io(Tried::List, path, error))?;
        Ok(Verdict { pass: entries.is_empty(), seen: cx.seen(|| format!("{} entries", entries.len())) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, rule};

    #[test]
    fn empty_files_and_folders_are_found() {
        let world = Fake::new()
            .file("/in/empty", "")
            .file("/in/full", "x")
            .dir("/in/hollow")
            .file("/in/dir/file", "");
        let rule = rule("rules: [{locations: /in, targets: [files, dirs], filters: empty, actions: trash}]");
        let found = |path: &str| world.looking(&rule, path, |cx| rule.matches(cx));
        assert!(found("/in/empty") && found("/in/hollow"));
        assert!(!found("/in/full") && !found("/in/dir") && !found("/in/missing"));
    }
}
