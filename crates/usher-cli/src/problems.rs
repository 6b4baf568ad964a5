//! Problems in rule files: the line, the place in it, and how to mend it.

use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    Severity, SourceCode, SourceSpan, SpanContents,
};
use usher_agent::api::Problem;

use crate::failure::Exit;
use crate::screen::{Screen, count};
use usher_agent::safe::{safe, safe_lines, safe_source};

/// Shows problems on stderr, the same on a terminal and off it but for the colours.
pub(crate) fn show(screen: &mut Screen, problems: &[Problem]) -> io::Result<()> {
    let theme =
        if screen.err_in_color() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false).with_context_lines(0);
    for problem in problems {
        let mut text = String::new();
        // Writing to a String cannot fail, and a report that cannot be drawn is still told in one line.
        if handler.render_report(&mut text, &Report::of(problem)).is_err() {
            text = one_line(problem);
        }
        writeln!(screen.err()?, "{}", text.trim_end())?;
    }
    Ok(())
}

/// `2 errors, 1 warning`.
pub(crate) fn tally(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| is_error(problem)).count() as u64;
    let warnings = problems.len() as u64 - errors;
    match (errors, warnings) {
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// Whether the rules cannot be used because of it.
pub(crate) fn is_error(problem: &Problem) -> bool {
    problem.severity == "error"
}

/// The exit code that problems come to; with `strict`, warnings count as errors.
pub(crate) fn exit(problems: &[Problem], strict: bool) -> Exit {
    let not_yaml = |problem: &Problem| is_error(problem) && problem.code == "yaml_syntax";
    if problems.iter().any(not_yaml) {
        return Exit::Syntax;
    }
    if problems.iter().any(|problem| strict || is_error(problem)) { Exit::Refused } else { Exit::Done }
}

fn one_line(problem: &Problem) -> String {
    let Problem { file, line, column, message, .. } = problem;
    format!("{}:{line}:{column}: {}", safe(file), safe(message))
}

/// A problem as miette draws it. Everything in it is safe to show.
#[derive(Debug)]
struct Report {
    message: String,
    severity: Severity,
    code: String,
    help: Option<String>,
    line: Line,
    span: SourceSpan,
}

/// The one line of the file that is shown.
#[derive(Debug)]
struct Line {
    file: String,
    text: String,
    /// From 1.
    number: u32,
    /// In bytes of the text.
    column: usize,
}

/// Longer lines are shown from a little before the problem.
const LONG: usize = 160;
const LEAD: usize = 40;

impl Report {
    fn of(problem: &Problem) -> Self {
        let at = problem.column.saturating_sub(1) as usize;
        let skip = if problem.source_line.chars().count() > LONG { at.saturating_sub(LEAD) } else { 0 };
        let part = |from: usize, to: usize| -> String {
            let letters: String =
                problem.source_line.chars().skip(from).take(to.saturating_sub(from)).collect();
            safe_source(&letters).into_owned()
        };
        let end = skip + LONG;
        let (before, marked) = (part(skip, at), part(at, (at + problem.length as usize).min(end)));
        let after = part(at + problem.length as usize, end);
        let span = SourceSpan::from((before.len(), marked.len()));
        Self {
            message: safe(&problem.message).into_owned(),
            severity: if is_error(problem) { Severity::Error } else { Severity::Warning },
            code: problem.code.clone(),
            help: problem.help.as_deref().map(|help| safe_lines(help).into_owned()),
            line: Line {
                file: safe(&problem.file).into_owned(),
                column: before.len(),
                text: format!("{before}{marked}{after}"),
                number: problem.line,
            },
            span,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.line)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, self.span))))
    }
}

impl SourceCode for Line {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if span.offset() + span.len() > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let whole = SourceSpan::from((0, self.text.len()));
        let line = self.number.saturating_sub(1) as usize;
        let contents = MietteSpanContents::new_named(
            self.file.clone(),
            self.text.as_bytes(),
            whole,
            line,
            self.column,
            line + 1,
        );
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(source_line: &str, column: u32, length: u32) -> Problem {
        Problem {
            severity: "error".into(),
            code: "unknown_key".into(),
            message: usher_agent::api::Sentence::foreign("there is no filter `extention`"),
            file: "/rules/a.yaml".into(),
            line: 7,
            column,
            source_line: source_line.into(),
            length,
            help: Some(usher_agent::api::Sentence::foreign("did you mean `extension`?")),
        }
    }

    fn drawn(problem: &Problem) -> String {
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_links(false);
        let mut text = String::new();
        handler.render_report(&mut text, &Report::of(problem)).unwrap();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_problem_shows_its_line_and_what_to_do() {
        insta::assert_snapshot!(drawn(&problem("      - extention: pdf", 9, 9)), @"
        unknown_key

          × there is no filter `extention`
           ╭─[/rules/a.yaml:7:9]
         7 │       - extention: pdf
           ·         ─────────
           ╰────
          help: did you mean `extension`?
        ");
    }

    #[test]
    fn hostile_lines_are_shown_harmless() {
        let text = drawn(&problem("  \x1b[2Jré\u{202e}sumé: x", 9, 3));
        assert!(text.contains("‹ESC›[2Jré‹U+202E›sumé"), "{text}");
        assert!(!text.contains('\x1b') && !text.contains('\u{202e}'));
    }

    #[test]
    fn places_beyond_the_line_and_endless_lines_are_drawn_too() {
        assert!(drawn(&problem("", 1, 1)).contains("/rules/a.yaml:7"));
        assert!(drawn(&problem("ab", 40, 9)).contains("/rules/a.yaml:7"));
        let long = format!("{}HERE{}", "x".repeat(5000), "y".repeat(5000));
        let text = drawn(&problem(&long, 5001, 4));
        assert!(text.contains("HERE") && text.len() < 2000, "{text}");
    }

    #[test]
    fn the_worst_problem_decides_the_exit_code() {
        let error = problem("a", 1, 1);
        let warning = Problem { severity: "warning".into(), ..error.clone() };
        let syntax = Problem { code: "yaml_syntax".into(), ..error.clone() };
        assert_eq!(exit(&[], true), Exit::Done);
        assert_eq!(exit(std::slice::from_ref(&warning), false), Exit::Done);
        assert_eq!(exit(std::slice::from_ref(&warning), true), Exit::Refused);
        assert_eq!(exit(&[warning.clone(), error.clone()], false), Exit::Refused);
        assert_eq!(exit(&[error.clone(), syntax], false), Exit::Syntax);
        assert_eq!(tally(&[error.clone(), error, warning]), "2 errors, 1 warning");
    }
}
