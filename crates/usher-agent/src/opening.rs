//! Opening files and folders in the desktop's own programs.
//!
//! Some openers return at once, some when the program ends that they started. So nobody waits for them longer than it
//! takes to see that they did not fail.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use serde_json::Value;
use usher_engine::Opening;
use usher_event::sentence;

use crate::api::Refusal;
use crate::owner::Reply;

/// An opener that has not failed by now is taken to have done it.
const FAILS_WITHIN: Duration = Duration::from_millis(1500);

/// Opens a rule file, or the rules folder, which is made where it does not exist.
pub(crate) fn open(path: PathBuf, rules: &Path, reply: Reply) {
    if path == rules
        && let Err(error) = std::fs::create_dir_all(rules)
    {
        let refusal = Refusal::new(
            "failed",
            sentence!("open-cannot-make", "cannot make {rules}: {error}", rules = rules, error = error),
        );
        return reply(Err(refusal.hint(crate::text_file::unwritten())));
    }
    open_file(path, reply);
}

/// Opens a file or folder.
pub(crate) fn open_file(path: PathBuf, reply: Reply) {
    detached(path, |path| opener::open(path), reply);
}

/// Shows a path in the file manager.
pub(crate) fn reveal(path: PathBuf, reply: Reply) {
    detached(path, |path| opener::reveal(path), reply);
}

/// Opens or shows what a rule wants opened. It is a slow step's own thread that waits here.
pub(crate) fn for_rules(opening: &Opening) -> io::Result<()> {
    let (done, outcome) = sync_channel(1);
    let opening = opening.clone();
    std::thread::Builder::new().name("usher-open".to_owned()).spawn(move || {
        let _ = done.send(match &opening {
            Opening::Default(target) | Opening::With(target, _) => opener::open(target),
            Opening::Reveal(path) => opener::reveal(path),
        });
    })?;
    match outcome.recv_timeout(FAILS_WITHIN) {
        Ok(Err(error)) => Err(io::Error::other(error)),
        Ok(Ok(())) | Err(_) => Ok(()),
    }
}

/// Calls an opener beside everything else, and replies once it is known whether it works.
fn detached(path: PathBuf, opener: fn(&Path) -> Result<(), opener::OpenError>, reply: Reply) {
    let (done, outcome) = sync_channel(1);
    let name = path.display().to_string();
    let calling = std::thread::Builder::new().name("usher-open".to_owned()).spawn(move || {
        let _ = done.send(opener(&path));
    });
    if let Err(error) = calling {
        return reply(Err(crate::api::no_thread(&error)));
    }
    let answering = std::thread::Builder::new().name("usher-opened".to_owned()).spawn(move || {
        reply(match outcome.recv_timeout(FAILS_WITHIN) {
            Ok(Ok(())) | Err(RecvTimeoutError::Timeout) => Ok(Value::Null),
            Ok(Err(error)) => Err(Refusal::new(
                "failed",
                sentence!(
                    "open-cannot-open",
                    "cannot open {name}: {error}",
                    name = name,
                    error = error.to_string()
                ),
            )
            .hint(sentence!(
                "open-see-whether-program-installed",
                "see whether a program for it is installed"
            ))),
            Err(RecvTimeoutError::Disconnected) => Err(Refusal::new(
                "failed",
                sentence!("open-cannot-open-at-all", "cannot open {name}", name = name),
            )
            .hint(sentence!("fault-report", "look into the log, and please report it"))),
        });
    });
    if let Err(error) = answering {
        // The reply went with the thread that was not started: the asker hears that there is none.
        tracing::warn!(%error, "cannot start a thread");
    }
}
