//! How far a long run has come: one line on a terminal, with a bar once it is known how much there is, and nothing
//! anywhere else.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use usher_agent::Link;
use usher_agent::api::Notice;

use crate::failure::Failure;
use crate::screen::count;
use usher_agent::safe::safe;

/// A run that is over sooner is not worth a flicker.
const WORTH_SHOWING: Duration = Duration::from_millis(300);

/// The line on stderr; gone when this is dropped.
pub(crate) struct Progress {
    line: Arc<Mutex<Option<ProgressBar>>>,
}

impl Progress {
    /// Shows how far the runs come that are asked for over this link.
    ///
    /// # Errors
    /// The owner does not tell.
    pub(crate) fn of(link: &Link) -> Result<Self, Failure> {
        let line: Arc<Mutex<Option<ProgressBar>>> = Arc::default();
        if std::io::stderr().is_terminal() {
            let (begun, shared) = (Instant::now(), line.clone());
            let tell = move |notice| match notice {
                Notice::Progress { subjects, looked, of, undo, path } if begun.elapsed() >= WORTH_SHOWING => {
                    let things = count(subjects, if undo { "step" } else { "file" });
                    tell(&shared, &format!("{things}  {}", safe(&path)), looked, of, undo);
                }
                _ => {}
            };
            link.subscribe(false, Box::new(tell))?;
        }
        Ok(Self { line })
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner).take();
        line.iter().for_each(ProgressBar::finish_and_clear);
    }
}

/// How it is shown how far a run has come of what it goes over. Of a run that is only about right.
fn style(of: Option<u32>, undo: bool) -> ProgressStyle {
    let template = match (of, undo) {
        (None, _) => "{spinner} {msg}",
        (Some(_), true) => "{bar:24} {pos}/{len}  {wide_msg}",
        (Some(_), false) => "{bar:24} about {percent} %  {wide_msg}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn tell(line: &Mutex<Option<ProgressBar>>, message: &str, looked: u32, of: Option<u32>, undo: bool) {
    let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
    let bar = line.get_or_insert_with(|| ProgressBar::new_spinner().with_style(style(None, undo)));
    if let Some(of) = of {
        if bar.length().is_none() {
            bar.set_style(style(Some(of), undo));
        }
        bar.set_length(of.into());
        bar.set_position(looked.into());
    }
    bar.set_message(message.to_owned());
    bar.tick();
}
