//! `depth`: how many folders lie between the location and the subject.

use usher_event::sentence;

use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Spec};
use crate::{Context, Diagnostic};

pub(super) const SPEC: Spec = Spec {
    positional: Some("exact"),
    params: &[
        Param::new("exact", Kind::Count(0), "", "exactly so many folders down; 0 is the location itself"),
        Param::new("min", Kind::Count(0), "", "at least so many"),
        Param::new("max", Kind::Count(0), "", "at most so many"),
    ],
    variables: &["depth"],
    ..Spec::new("depth", "looks at how many folders below the location something lies")
};

#[derive(Debug)]
struct Depth {
    exact: Option<i64>,
    min: Option<i64>,
    max: Option<i64>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let [exact, min, max] = ["exact", "min", "max"].map(|name| reader.count(name));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let span = reader.node("min").map_or(reader.span(), |node| node.head());
        reader.problems().push(
            Diagnostic::warning(
                "never_matches",
                span,
                sentence!(
                    "lint-depth-never",
                    "nothing is at least {min} and at most {max} deep",
                    min = min,
                    max = max
                ),
            )
            .help(sentence!("lint-depth-never-help", "make `min` the smaller one")),
        );
    }
    Some(Box::new(Depth { exact, min, max }))
}

impl Filter for Depth {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        let parts = [("", self.exact), ("at least ", self.min), ("at most ", self.max)];
        let parts = parts.iter().filter_map(|(word, depth)| Some(format!("{word}{}", (*depth)?)));
        parts.collect::<Vec<_>>().join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        cx.looked_at()?;
        let Some(below) = cx.relative_path() else {
            return Ok(Verdict { pass: false, seen: cx.seen(|| "outside the location".to_owned()) });
        };
        let depth = i64::try_from(below.components().count().saturating_sub(1)).unwrap_or(i64::MAX);
        cx.publish(SPEC.name, |_| depth.into());
        let pass = self.exact.is_none_or(|exact| depth == exact)
            && self.min.is_none_or(|min| depth >= min)
            && self.max.is_none_or(|max| depth <= max);
        Ok(Verdict { pass, seen: cx.seen(|| depth.to_string()) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, matches};

    #[test]
    fn depth_counts_the_folders_in_between() {
        assert!(matches("depth: 0", "/in/a") && !matches("depth: 0", "/in/b/a"));
        assert!(matches("depth: {exact: 2}", "/in/b/c/a"));
        assert!(matches("depth: {min: 1, max: 2}", "/in/b/a"));
        assert!(!matches("depth: {min: 1}", "/in/a") && !matches("depth: {max: 0}", "/in/b/a"));
        assert!(matches("depth", "/in/b/c/d/a"));
        assert!(matches("not depth: 0", "/in/b/a"));
        assert!(!matches("depth: 0", "/elsewhere/a"));
    }

    #[test]
    fn the_depth_is_published() {
        let said =
            Fake::new().file("/in/b/a", "").run_with("filters: [depth]", "- echo: '{depth}'", "/in/b/a");
        assert_eq!(said, "echo 1\n");
    }
}
