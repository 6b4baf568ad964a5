//! Where results and problems go: stdout and stderr, each with colours only where somebody looks.
//!
//! `NO_COLOR`, `CLICOLOR_FORCE`, terminals without colours and old Windows consoles are anstream's business.

use std::fmt::Display;
use std::io::{self, BufWriter, Stderr, Stdout, Write};

use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::failure::Failure;
use usher_agent::safe::safe;

/// Names of rules, headings.
pub(crate) const TITLE: Style = Style::new().bold();
/// What went wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What may surprise.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
/// What went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// The two streams of a command. Neither is locked: the progress line has a thread of its own.
pub(crate) struct Screen {
    out: BufWriter<AutoStream<Stdout>>,
    err: AutoStream<Stderr>,
    color: ColorChoice,
}

impl Screen {
    /// The process's own streams.
    pub(crate) fn new(color: ColorChoice) -> Self {
        let out = choose(color, &io::stdout());
        let err = choose(color, &io::stderr());
        Self {
            out: BufWriter::new(AutoStream::new(io::stdout(), out)),
            err: AutoStream::new(io::stderr(), err),
            color,
        }
    }

    /// The stream of results, for people.
    pub(crate) fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// The stream of problems. What was printed before is shown first.
    pub(crate) fn err(&mut self) -> io::Result<&mut impl Write> {
        self.out.flush()?;
        Ok(&mut self.err)
    }

    /// Whether problems are shown in colour.
    pub(crate) fn err_in_color(&self) -> bool {
        choose(self.color, &io::stderr()) != ColorChoice::Never
    }

    /// Prints one JSON value as a line, exactly.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.exact(&line)
    }

    /// Prints bytes exactly, whatever they are.
    pub(crate) fn exact(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.flush()?;
        io::stdout().lock().write_all(bytes)
    }

    /// Prints a failure and its hint, after what was printed before. That this could not be printed may be the failure.
    pub(crate) fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        let Failure::Told { message, hint, .. } = failure else { return Ok(()) };
        let _ = self.out.flush();
        let err = &mut self.err;
        writeln!(err, "{BAD}error:{BAD:#} {}", safe(message))?;
        match hint {
            Some(hint) => writeln!(err, "{TITLE}hint:{TITLE:#} {}", safe(hint)),
            None => Ok(()),
        }
    }

    /// Shows what is still on its way.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        io::stdout().lock().flush()
    }
}

fn choose(color: ColorChoice, stream: &impl anstream::stream::RawStream) -> ColorChoice {
    if color == ColorChoice::Auto { AutoStream::choice(stream) } else { color }
}

/// A text from outside, safe and in a style.
pub(crate) fn paint(style: Style, text: &str) -> impl Display {
    format!("{style}{}{style:#}", safe(text))
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: impl Into<u64>, one: &str) -> String {
    match number.into() {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    }
}
