//! Waiting for a bus's socket to appear.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use async_io::Async;
use futures_lite::future::or;
use rustix::fs::inotify;

use super::{BREATH, pause};

/// A watch on the folder a socket will appear in, or on the nearest one above it that exists.
pub(super) struct Appearing {
    watch: Option<Async<OwnedFd>>,
    /// The socket may be there and its daemon not; then only asking again helps.
    was_there: bool,
}

impl Appearing {
    /// Begins to watch for this path.
    pub(super) fn at(path: &Path) -> Self {
        let watch = watch(path).inspect_err(|error| {
            tracing::debug!(path = %path.display(), %error, "the bus's folder cannot be watched");
        });
        Self { watch: watch.ok(), was_there: path.exists() }
    }

    /// Waits for something to appear; for no longer than this where that may not be what is missing.
    pub(super) async fn wait(self, at_most: Duration) {
        let late = pause(at_most);
        match self.watch {
            None => late.await,
            Some(watch) => {
                let appears = async { drop(watch.readable().await) };
                if self.was_there {
                    or(appears, late).await
                } else {
                    appears.await
                }
                // The daemon makes its socket first and listens to it a moment later.
                pause(BREATH).await;
            }
        }
    }
}

fn watch(path: &Path) -> std::io::Result<Async<OwnedFd>> {
    let fd = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?;
    let appears = inotify::WatchFlags::CREATE | inotify::WatchFlags::MOVED_TO | inotify::WatchFlags::ATTRIB;
    for folder in path.ancestors().skip(1) {
        if inotify::add_watch(&fd, folder, appears).is_ok() {
            return Async::new_nonblocking(fd);
        }
    }
    Err(std::io::ErrorKind::NotFound.into())
}
