//! Waiting for the end: of the owner, or of this process by a signal.

use std::io;

use tokio::runtime::{Builder, Runtime};
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

/// The end that somebody is going to wait for. From the moment it is made no signal is missed and none ends the process
/// by itself any more.
pub struct Ending {
    runtime: Runtime,
    gone: oneshot::Receiver<()>,
    signals: Signals,
}

impl Ending {
    /// Begins to listen. `gone` is told when the owner is gone.
    pub(crate) fn listen(gone: oneshot::Receiver<()>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let signals = {
            let _inside = runtime.enter();
            Signals::listen()?
        };
        Ok(Self { runtime, gone, signals })
    }

    /// Blocks until the owner is gone or a signal has arrived.
    pub fn wait(self) -> Ended {
        let Self { runtime, gone, mut signals } = self;
        runtime.block_on(async {
            tokio::select! {
                _ = gone => Ended::Owner,
                ended = signals.next() => ended,
            }
        })
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Ended {
        tokio::select! {
            _ = self.interrupt.recv() => Ended::Interrupted,
            _ = self.terminate.recv() => Ended::Terminated,
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    stop: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            stop: ctrl_break()?,
            close: ctrl_close()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    async fn next(&mut self) -> Ended {
        tokio::select! {
            _ = self.interrupt.recv() => Ended::Interrupted,
            _ = self.stop.recv() => Ended::Interrupted,
            _ = self.close.recv() => Ended::Terminated,
            _ = self.shutdown.recv() => Ended::Terminated,
        }
    }
}
