//! The owner's end of the control API: a socket, and a task for each connection, all on one thread.
//!
//! Calls of one connection are answered in their order. Nothing here decides anything: a call becomes a message to the
//! owner's thread, and the answer becomes a line.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadHalf, WriteHalf};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

#[cfg(unix)]
use unix::Listener;
#[cfg(windows)]
use windows::Listener;

use usher_event::sentence;

use crate::api::{Notice, Refusal, UNREACHABLE};
use crate::inbox::Sender;
use crate::owner::{Ask, Message};
use crate::subscribers::{Outlet, QUEUE, SocketOutlet};
use crate::wire::{self, LONGEST_LINE};

/// How long a client may take to read what is left for it when the owner ends.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The same for a client that is let go because it does not keep up; nobody waits for that.
const CATCH_UP: Duration = Duration::from_secs(15);

/// How long nothing is accepted after the system refused to (too many open files).
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

/// A socket that is open and not served yet.
pub(crate) struct Bound {
    runtime: tokio::runtime::Runtime,
    listener: Listener,
}

/// A socket that is served. Dropping it ends every connection and removes the socket.
pub(crate) struct Server {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Bound {
    /// Opens the socket. What lies at its path is left over from an owner that was killed: the caller has the lock.
    pub(crate) fn bind(socket: &Path) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let entered = runtime.enter();
        let listener = Listener::bind(socket)?;
        drop(entered);
        Ok(Self { runtime, listener })
    }

    /// Serves it: every call becomes a message to `owner`.
    pub(crate) fn serve(self, owner: Sender<Message>) -> io::Result<Server> {
        let Self { runtime, listener } = self;
        let (stop, stopped) = watch::channel(false);
        let thread = std::thread::Builder::new()
            .name("usher-api".to_owned())
            .spawn(move || runtime.block_on(accept(listener, owner, stopped)))?;
        Ok(Server { stop, thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the control socket's thread ended in a panic");
        }
    }
}

async fn accept(mut listener: Listener, owner: Sender<Message>, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let own = stopped.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(stream) => {
                    connections.spawn(converse(stream, owner.clone(), own.clone()));
                }
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    tracing::warn!("somebody else tried to use the control socket");
                }
                Err(error) => {
                    tracing::warn!(%error, "the control socket cannot accept a connection");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = told_to_stop(&mut stopped) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Waits until the owner ends.
async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // An error means that the owner is gone without having said so.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// One connection from its first byte to its last, of whose end the owner hears.
async fn converse<S>(stream: S, owner: Sender<Message>, stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    talk(stream, &owner, stopped).await;
    let _ = owner.send(Message::HungUp);
}

async fn talk<S>(stream: S, owner: &Sender<Message>, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (read, write) = tokio::io::split(stream);
    let (lines, queue) = mpsc::channel(QUEUE);
    let overflow = Arc::new(Notify::new());
    let outlet = SocketOutlet { lines, overflow: overflow.clone() };
    let (finish, finished) = oneshot::channel();
    let mut writer = tokio::spawn(write_lines(write, queue, finished));
    let overflown = tokio::select! {
        // In this order, so that the answer to `quit` is on its way before the end is seen.
        biased;
        () = read_calls(read, &outlet, owner) => false,
        () = told_to_stop(&mut stopped) => false,
        () = overflow.notified() => true,
        _ = &mut writer => return,
    };
    let _ = finish.send(overflown);
    let patience = if overflown { CATCH_UP } else { LAST_WORDS };
    tokio::select! {
        ended = timeout(patience, &mut writer) => if ended.is_ok() { return },
        // The owner ends meanwhile.
        () = async {
            told_to_stop(&mut stopped).await;
            tokio::time::sleep(LAST_WORDS).await;
        } => {}
    }
    writer.abort();
}

/// Writes what is in the queue until it is told to finish, and then what is left there.
async fn write_lines<S: AsyncWrite>(
    mut write: WriteHalf<S>,
    mut queue: mpsc::Receiver<Arc<str>>,
    mut finished: oneshot::Receiver<bool>,
) {
    let overflown = loop {
        tokio::select! {
            biased;
            line = queue.recv() => match line {
                Some(line) if write.write_all(line.as_bytes()).await.is_ok() => {}
                _ => return,
            },
            finished = &mut finished => break finished.unwrap_or(false),
        }
    };
    queue.close();
    while let Some(line) = queue.recv().await {
        if write.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
    if overflown && let Ok(line) = wire::notice(&Notice::Gone) {
        let _ = write.write_all(line.as_bytes()).await;
    }
    let _ = write.shutdown().await;
}

/// Reads calls and answers them in their order, until the client has no more.
async fn read_calls<S: AsyncRead>(read: ReadHalf<S>, outlet: &SocketOutlet, owner: &Sender<Message>) {
    let mut read = BufReader::new(read);
    let mut line = Vec::new();
    loop {
        let answer = match next_line(&mut read, &mut line).await {
            Ok(LineRead::Whole) if line.trim_ascii().is_empty() => continue,
            Ok(LineRead::Whole) => answer(&line, outlet, owner).await,
            Ok(LineRead::TooLong) => {
                let _ = outlet.lines.send(wire::too_long().into()).await;
                return;
            }
            Ok(LineRead::End) | Err(_) => return,
        };
        if let Some(answer) = answer
            && outlet.lines.send(answer.into()).await.is_err()
        {
            return;
        }
    }
}

/// The line that answers a line, where it wants one.
async fn answer(line: &[u8], outlet: &SocketOutlet, owner: &Sender<Message>) -> Option<String> {
    let call = match wire::parse_call(line) {
        Ok(call) => call,
        Err(answer) => return Some(answer),
    };
    let (reply, answer) = oneshot::channel::<Result<Value, Refusal>>();
    let ask = Ask {
        request: call.request,
        outlet: Some(Outlet::Socket(outlet.clone())),
        reply: Box::new(move |result| drop(reply.send(result))),
    };
    let sent = owner.send(Message::Ask(Box::new(ask))).is_ok();
    let result = match sent {
        true => answer.await.unwrap_or_else(|_| Err(ended())),
        false => Err(ended()),
    };
    call.id.map(|id| wire::answer(&id, &result))
}

/// The answer of an owner that is not there any more.
pub(crate) fn ended() -> Refusal {
    Refusal::new(
        UNREACHABLE,
        sentence!("link-usher-ending-did-not-answer", "Usher is ending and did not answer"),
    )
    .hint(sentence!("link-start-usher-again", "start Usher again"))
}

enum LineRead {
    Whole,
    TooLong,
    End,
}

/// Reads up to the next line feed. What is longer than a line may be is not kept.
async fn next_line<R: AsyncRead + Unpin>(
    read: &mut BufReader<R>,
    line: &mut Vec<u8>,
) -> io::Result<LineRead> {
    line.clear();
    loop {
        let chunk = read.fill_buf().await?;
        if chunk.is_empty() {
            return Ok(LineRead::End);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(chunk.len());
        if line.len() + taken > LONGEST_LINE {
            return Ok(LineRead::TooLong);
        }
        line.extend_from_slice(&chunk[..taken]);
        read.consume(taken + usize::from(end.is_some()));
        if end.is_some() {
            return Ok(LineRead::Whole);
        }
    }
}
