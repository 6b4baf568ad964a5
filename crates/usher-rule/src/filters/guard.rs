//! The wall before libraries that read whatever lies on the disk.

use usher_event::{Sentence, sentence};

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a reader unwinds with (`resume_unwind`) where a library has no other way out.
#[derive(Debug)]
pub(super) struct GaveUp(pub(super) Sentence);

/// Runs something that reads foreign bytes; a panic in it is an answer like any other.
///
/// # Errors
/// With the reason, when it gave up or fell over.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, Sentence>) -> Result<T, Sentence> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        if let Some(GaveUp(reason)) = panic.downcast_ref::<GaveUp>() {
            return Err(reason.clone());
        }
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Err(sentence!(
            "content-unprepared",
            "it is damaged in a way nobody was prepared for ({why})",
            why = said.unwrap_or_default()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        let gave_up =
            guarded::<()>(|| std::panic::resume_unwind(Box::new(GaveUp(Sentence::foreign("too much")))));
        assert_eq!(gave_up.map_err(String::from), Err("too much".to_owned()));
        let said = guarded::<()>(|| panic!("index out of bounds")).expect_err("a reason");
        assert!(said.contains("index out of bounds"), "{said}");
    }
}
