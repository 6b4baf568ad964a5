//! Waiting for the end: of the owner, or of this process by a signal.

use std::io;

use tokio::sync::oneshot;

/// Why a wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The owner has ended: it was asked to quit, or it is gone.
    Owner,
    /// The user pressed Ctrl+C.
    Interrupted,
    /// The system, or somebody else, asked this process to end.
    Terminated,
}

/// Blocks until the owner is gone or a signal arrives.
pub(crate) fn wait_for(gone: oneshot::Receiver<()>) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        tokio::select! {
            _ = gone => Ok(Ended::Owner),
            signal = signal() => signal,
        }
    })
}

#[cfg(unix)]
async fn signal() -> io::Result<Ended> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => Ok(Ended::Interrupted),
        _ = terminate.recv() => Ok(Ended::Terminated),
    }
}

#[cfg(windows)]
async fn signal() -> io::Result<Ended> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
    let (mut interrupt, mut stop) = (ctrl_c()?, ctrl_break()?);
    let (mut close, mut shutdown) = (ctrl_close()?, ctrl_shutdown()?);
    tokio::select! {
        _ = interrupt.recv() => Ok(Ended::Interrupted),
        _ = stop.recv() => Ok(Ended::Interrupted),
        _ = close.recv() => Ok(Ended::Terminated),
        _ = shutdown.recv() => Ok(Ended::Terminated),
    }
}
