//! `size`: how many bytes a file, or a folder with all in it, has.

use std::io;
use std::path::{Path, PathBuf};

use minijinja::Value;
use usher_event::{Kind as FileKind, sentence};

use super::{Filter, FilterError, Tried, Verdict};
use crate::load::{Kind, Param, Reader, Spec};
use crate::{Context, Diagnostic, Span, World};

pub(super) const SPEC: Spec = Spec {
    positional: Some("conditions"),
    params: &[Param::new(
        "conditions",
        Kind::Texts,
        "",
        "conditions such as `> 1 MB, < 2 GiB`; all have to hold",
    )],
    variables: &["size"],
    ..Spec::new("size", "compares the size")
};

#[derive(Debug)]
struct Size {
    wanted: Vec<Constraint>,
}

#[derive(Debug, Clone, PartialEq)]
struct Constraint {
    written: String,
    relation: Relation,
    bytes: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// What a text turned out to be.
#[derive(Debug, PartialEq)]
enum Parsed {
    Constraint {
        constraint: Constraint,
        unitless: bool,
    },
    /// Not a condition at all: organize leaves it out, so that everything passes.
    Unparsable,
    /// Signs that are no comparison, such as `=>`.
    BadRelation,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let mut wanted = Vec::new();
    for (text, node) in reader.texts("conditions") {
        for part in text.split(',') {
            match parse(part) {
                Parsed::Constraint { constraint, unitless } => {
                    if unitless && constraint.bytes != 0.0 {
                        reader.problems().push(is_unitless(&constraint.written, node.head()));
                    }
                    wanted.push(constraint);
                }
                Parsed::Unparsable => reader.problems().push(is_unparsable(part.trim(), node.head())),
                Parsed::BadRelation => reader.problems().push(is_no_relation(part.trim(), node.head())),
            }
        }
    }
    Some(Box::new(Size { wanted }))
}

fn is_unitless(written: &str, span: Span) -> Diagnostic {
    let message =
        sentence!("lint-size-unitless", "`{written}` has no unit and means bytes", written = written);
    Diagnostic::warning("size_unitless", span, message)
        .help(sentence!("lint-size-unitless-help", "add a unit: `k`, `MB`, `GiB`, or `b` for bytes"))
}

fn is_unparsable(written: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        "size_unparsable",
        span,
        sentence!(
            "lint-size-unparsable",
            "`{written}` is no size, so it is left out and lets every file through",
            written = written
        ),
    )
    .help(sentence!("lint-size-unparsable-help", "write a comparison, a number and a unit: `> 1.5 MB`"))
}

fn is_no_relation(written: &str, span: Span) -> Diagnostic {
    let message = sentence!("lint-size-relation", "`{written}` compares in no way known", written = written);
    Diagnostic::error("size_relation", span, message)
        .help(sentence!("lint-size-relation-help", "use `<`, `<=`, `=`, `>=` or `>`"))
}

/// The bytes of a size without a comparison: `20 MB`.
pub(crate) fn bytes_of(text: &str) -> Option<u64> {
    let number = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    match parse(text) {
        Parsed::Constraint { constraint, .. } if number && constraint.bytes < 1e18 => {
            Some(constraint.bytes as u64)
        }
        _ => None,
    }
}

fn parse(text: &str) -> Parsed {
    let clean: String = text.chars().filter(|c| *c != ' ').collect::<String>().to_lowercase();
    let number_at = clean.len() - clean.trim_start_matches(['<', '>', '=']).len();
    let (sign, rest) = clean.split_at(number_at);
    let unit_at = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let (number, unit) = rest.split_at(unit_at);
    let digits = number.ends_with(|c: char| c.is_ascii_digit()) && number.matches('.').count() <= 1;
    let (Some(factor), Ok(number), true) = (factor(unit), number.parse::<f64>(), digits) else {
        return Parsed::Unparsable;
    };
    let relation = match sign {
        "<" => Relation::Less,
        "<=" => Relation::LessOrEqual,
        "" | "=" | "==" => Relation::Equal,
        ">=" => Relation::GreaterOrEqual,
        ">" => Relation::Greater,
        _ => return Parsed::BadRelation,
    };
    let constraint = Constraint { written: text.trim().to_owned(), relation, bytes: number * factor };
    Parsed::Constraint { constraint, unitless: unit.is_empty() }
}

/// What a unit multiplies by: `k`, `kb`, `ki`, `kib` and so on up to `y`.
fn factor(unit: &str) -> Option<f64> {
    let unit = unit.strip_suffix('b').unwrap_or(unit);
    let (unit, base) = match unit.strip_suffix('i') {
        Some(unit) => (unit, 1024.0_f64),
        None => (unit, 1000.0),
    };
    if unit.is_empty() {
        return Some(1.0);
    }
    let power = "kmgtpezy".find(unit).filter(|_| unit.len() == 1)?;
    Some(base.powi(i32::try_from(power).ok()? + 1))
}

impl Constraint {
    fn holds(&self, bytes: u64) -> bool {
        let bytes = bytes as f64;
        match self.relation {
            Relation::Less => bytes < self.bytes,
            Relation::LessOrEqual => bytes <= self.bytes,
            Relation::Equal => bytes == self.bytes,
            Relation::GreaterOrEqual => bytes >= self.bytes,
            Relation::Greater => bytes > self.bytes,
        }
    }
}

impl Filter for Size {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.wanted.iter().map(|wanted| wanted.written.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let stat = cx.stat()?;
        let bytes = match stat.kind {
            FileKind::Dir => {
                let path = cx.looked_at()?;
                folder_size(cx.world, path).map_err(|error| FilterError::io(Tried::AddUp, path, error))?
            }
            _ => stat.size,
        };
        cx.publish(SPEC.name, |_| value(bytes));
        let pass = self.wanted.iter().all(|wanted| wanted.holds(bytes));
        Ok(Verdict { pass, seen: cx.seen(|| with_unit(bytes, DECIMAL, 1000)) })
    }
}

/// The sizes of all regular files below a folder. What vanishes meanwhile counts nothing.
fn folder_size(world: &dyn World, folder: &Path) -> io::Result<u64> {
    let mut sum = 0u64;
    let mut open: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        let entries = match world.list(&dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            listed => listed?,
        };
        for entry in entries {
            let path = dir.join(&entry.name);
            match entry.kind {
                FileKind::Dir => open.push(path),
                FileKind::File => sum = sum.saturating_add(world.stat(&path).map_or(0, |stat| stat.size)),
                FileKind::Symlink | FileKind::Other => {}
            }
        }
    }
    Ok(sum)
}

const TRADITIONAL: &[&str] = &["KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY: &[&str] = &["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
const DECIMAL: &[&str] = &["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

fn value(bytes: u64) -> Value {
    Value::from_pairs([
        ("bytes", Value::from(bytes)),
        ("traditional", Value::from(with_unit(bytes, TRADITIONAL, 1024))),
        ("binary", Value::from(with_unit(bytes, BINARY, 1024))),
        ("decimal", Value::from(with_unit(bytes, DECIMAL, 1000))),
    ])
}

/// A size as people write it, with one decimal from the first unit on.
fn with_unit(bytes: u64, units: &[&str], base: u64) -> String {
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    if bytes < base {
        return match bytes {
            1000.. => format!("{},{:03} bytes", bytes / 1000, bytes % 1000),
            _ => format!("{bytes} bytes"),
        };
    }
    let mut size = bytes as f64 / base as f64;
    let mut units = units.iter();
    let mut unit = units.next();
    while size >= base as f64
        && let Some(next) = units.next()
    {
        size /= base as f64;
        unit = Some(next);
    }
    // Below a thousand but for units of 1024, where a comma parts the thousands.
    let text = format!("{size:.1}");
    let text = if text.len() > 5 {
        format!("{},{}", &text[..text.len() - 5], &text[text.len() - 5..])
    } else {
        text
    };
    format!("{text} {}", unit.unwrap_or(&""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, rule};

    fn holds(text: &str, bytes: u64) -> bool {
        match parse(text) {
            Parsed::Constraint { constraint, .. } => constraint.holds(bytes),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn conditions_compare_bytes() {
        assert!(holds("> 1k", 1001) && !holds("> 1k", 1000));
        assert!(holds(">=1 Ki", 1024) && !holds(">= 1KiB", 1023));
        assert!(holds("1.5 kb", 1500) && holds("== 5", 5) && holds("=5b", 5));
        assert!(holds("< 1 GiB", 1 << 29) && !holds("<1 gb", 1 << 30));
        assert!(holds("<= .5k", 500));
    }

    #[test]
    fn what_is_no_condition_is_told_from_what_compares_wrongly() {
        for text in ["many", "> many", "", ">", "1 q", "1..5k", "1.", "k", "-1k", "1kk"] {
            assert_eq!(parse(text), Parsed::Unparsable, "{text}");
        }
        for text in ["=> 1k", "=< 1k", "<> 1k", "=== 1"] {
            assert_eq!(parse(text), Parsed::BadRelation, "{text}");
        }
    }

    #[test]
    fn sizes_are_written_with_their_units() {
        for (bytes, text) in
            [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1_234_567, "1.2 MB")]
        {
            assert_eq!(with_unit(bytes, DECIMAL, 1000), text);
        }
        assert_eq!(with_unit(1024, BINARY, 1024), "1.0 KiB");
        assert_eq!(with_unit(1_048_000, BINARY, 1024), "1,023.4 KiB");
        assert_eq!(with_unit(u64::MAX, DECIMAL, 1000), "18.4 EB");
    }

    #[test]
    fn a_folder_has_the_size_of_its_files_and_every_condition_counts() {
        let world = Fake::new().file("/in/d/a", "12345").file("/in/d/e/b", "1234567");
        let check = |size: &str| {
            let rule = rule(&format!(
                "rules: [{{locations: /in, targets: dirs, filters: [size: {size}], actions: [trash]}}]"
            ));
            world.looking(&rule, "/in/d", |cx| rule.matches(cx))
        };
        assert!(check("'12b'") && check("[['> 1b'], '< 13b']") && check("'> 1b, < 13b'"));
        assert!(!check("'> 1b, < 12b'"));
        assert!(check("'no size'") && check("0.012k"));
    }

    #[test]
    fn the_size_is_published_in_several_ways() {
        let world = Fake::new().file("/in/a", &"x".repeat(1500));
        let said = world.run_with(
            "filters: [size]",
            "- echo: '{size.bytes} {size.traditional} {size.decimal}'",
            "/in/a",
        );
        assert_eq!(said, "echo 1500 1.5 KB 1.5 kB\n");
    }
}
