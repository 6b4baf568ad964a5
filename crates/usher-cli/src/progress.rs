//! How far a long run has come: one line on a terminal, nothing anywhere else.

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
                Notice::Progress { subjects, path } if begun.elapsed() >= WORTH_SHOWING => {
                    tell(&shared, subjects, &path);
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

fn tell(line: &Mutex<Option<ProgressBar>>, subjects: u32, path: &str) {
    let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
    let bar = line.get_or_insert_with(|| {
        let style = ProgressStyle::with_template("{spinner} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        ProgressBar::new_spinner().with_style(style)
    });
    bar.set_message(format!("{}  {}", count(subjects, "file"), safe(path)));
    bar.tick();
}
