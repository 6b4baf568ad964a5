//! The text of PDF files.
//!
//! A PDF can be made to keep a reader busy for days or to unpack to any size. What is read is therefore bounded in bytes,
//! tokens, objects, operations and text, and all of it happens on a thread of its own, which is told to stop and left
//! behind when it takes too long.

mod cmap;
mod font;
mod layout;
mod walk;

use std::cell::RefCell;
use std::collections::HashSet;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use lopdf::{Document, LoadOptions, Object, ObjectId};

use usher_event::{Sentence, sentence};

use super::super::guard::{GaveUp, guarded};
use super::tidied;

/// How long reading one file may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many readers may have been left behind at a time.
const LEFT_BEHIND: usize = 2;

/// Parsed, each token takes some 70 bytes.
const TOKEN_LIMIT: usize = 12_000_000;

/// What one stream that describes the file itself may unpack to.
const STRUCTURE_LIMIT: usize = 16 * 1024 * 1024;

/// How many values all objects together may hold.
const VALUE_LIMIT: usize = 8_000_000;

/// How often a file may name an object that it has named before.
const AGAIN_LIMIT: usize = 1000;

/// How far a reader is.
const READING: u8 = 0;
const LEFT: u8 = 1;
const DONE: u8 = 2;

/// Readers that took too long and have not come to an end.
static BUSY: AtomicUsize = AtomicUsize::new(0);

pub(super) fn text(bytes: Vec<u8>) -> Result<String, Sentence> {
    if BUSY.load(Ordering::SeqCst) >= LEFT_BEHIND {
        return Err(sentence!("pdf-busy", "other PDF files keep their readers busy"));
    }
    if tokens(&bytes) > TOKEN_LIMIT {
        return Err(sentence!("pdf-too-many-parts", "it is made of more than 12 million parts"));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let state = Arc::new(AtomicU8::new(READING));
    let (sender, answer) = sync_channel(1);
    let (told, own) = (Arc::clone(&stop), Arc::clone(&state));
    let reader = move || {
        let _ = sender.send(guarded(|| read(&bytes, &told)));
        if own.swap(DONE, Ordering::SeqCst) == LEFT {
            BUSY.fetch_sub(1, Ordering::SeqCst);
        }
    };
    let thread = thread::Builder::new().name("usher-pdf".to_owned()).stack_size(8 * 1024 * 1024);
    thread
        .spawn(reader)
        .map_err(|error| sentence!("pdf-no-thread", "no thread to read it: {why}", why = error))?;
    let text = answer.recv_timeout(PATIENCE).or_else(|_| {
        BUSY.fetch_add(1, Ordering::SeqCst);
        stop.store(true, Ordering::SeqCst);
        if state.compare_exchange(READING, LEFT, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            return Ok(Err(sentence!("pdf-too-slow", "reading it takes more than 20 seconds")));
        }
        // It has come to an end just now.
        BUSY.fetch_sub(1, Ordering::SeqCst);
        answer.recv()
    });
    text.unwrap_or_else(|_| Err(sentence!("pdf-fell-over", "its reader fell over"))).map(|text| tidied(&text))
}

fn read(bytes: &[u8], stop: &Arc<AtomicBool>) -> Result<String, Sentence> {
    let options = |force_reconstruct| LoadOptions {
        max_decompressed_size: Some(STRUCTURE_LIMIT),
        filter: Some(watch),
        force_reconstruct,
        ..LoadOptions::default()
    };
    let load = |reconstruct| {
        WATCH.set(Watch { stop: Arc::clone(stop), ..Watch::default() });
        Document::load_mem_with_options(bytes, options(reconstruct))
            .map_err(|error| sentence!("content-damaged", "it is damaged: {why}", why = error.to_string()))
    };
    let mut document = load(false)?;
    if document.is_encrypted() {
        return Err(sentence!("pdf-locked", "it is locked with a password"));
    }
    if document.page_iter().next().is_none() {
        // The table of contents of the file may lead astray.
        document = load(true)?;
    }
    walk::text(&document, stop)
}

/// What is counted while a file is loaded.
#[derive(Default)]
struct Watch {
    stop: Arc<AtomicBool>,
    seen: HashSet<ObjectId>,
    again: usize,
    values: usize,
}

thread_local! {
    static WATCH: RefCell<Watch> = RefCell::default();
}

/// Looks at each object as it is loaded. The library gives no other way to stop it than falling over.
fn watch(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    let problem = WATCH.with_borrow_mut(|watch| {
        watch.values = watch.values.saturating_add(values(object));
        watch.again += usize::from(!watch.seen.insert(id));
        match () {
            () if watch.stop.load(Ordering::Relaxed) => {
                Some(sentence!("pdf-left", "nobody is waiting any more"))
            }
            () if watch.again > AGAIN_LIMIT => {
                Some(sentence!("pdf-again", "it names the same objects again and again"))
            }
            () if watch.values > VALUE_LIMIT => {
                Some(sentence!("pdf-too-many-values", "it holds more than 8 million values"))
            }
            () => None,
        }
    });
    match problem {
        // Unwinding without a panic's report: the answer says all there is to say.
        Some(problem) => resume_unwind(Box::new(GaveUp(problem))),
        // A stream stays where it is, whatever is answered; only objects out of other objects are taken from here.
        None if object.as_stream().is_ok() => Some((id, Object::Null)),
        None => Some((id, object.clone())),
    }
}

/// How many values an object holds.
fn values(object: &Object) -> usize {
    match object {
        Object::Array(items) => items.iter().fold(1, |sum, item| sum + values(item)),
        Object::Dictionary(dictionary) => dictionary.iter().fold(1, |sum, (_, value)| sum + values(value)),
        Object::Stream(stream) => stream.dict.iter().fold(1, |sum, (_, value)| sum + values(value)),
        _ => 1,
    }
}

/// How many tokens a file has at most: every delimiter begins one, and so does what follows a blank.
fn tokens(bytes: &[u8]) -> usize {
    let mut apart = true;
    let mut tokens = 0;
    for byte in bytes {
        let blank = matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0 | 0x0c);
        let delimiter = matches!(byte, b'[' | b'(' | b'<' | b'/' | b'{');
        tokens += usize::from(delimiter || (apart && !blank));
        apart = blank || delimiter || matches!(byte, b']' | b')' | b'>' | b'}');
    }
    tokens
}
