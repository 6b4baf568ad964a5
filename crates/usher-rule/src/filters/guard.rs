//! The wall before libraries that read whatever lies on the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a reader unwinds with (`resume_unwind`) where a library has no other way out.
#[derive(Debug)]
pub(super) struct GaveUp(pub(super) &'static str);

/// Runs something that reads foreign bytes; a panic in it is an answer like any other.
///
/// # Errors
/// With the reason, when it gave up or fell over.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        if let Some(GaveUp(reason)) = panic.downcast_ref::<GaveUp>() {
            return Err((*reason).to_owned());
        }
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Err(format!("it is damaged in a way nobody was prepared for ({})", said.unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        let gave_up = guarded::<()>(|| std::panic::resume_unwind(Box::new(GaveUp("too much"))));
        assert_eq!(gave_up, Err("too much".to_owned()));
        let said = guarded::<()>(|| panic!("index out of bounds")).expect_err("a reason");
        assert!(said.contains("index out of bounds"), "{said}");
    }
}
