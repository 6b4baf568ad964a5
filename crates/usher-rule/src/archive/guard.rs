//! Readers that count.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::ArchiveError;
use super::check::too_many_names;

/// A reader that hands out so many bytes and then fails. Libraries that read names and lists into memory cannot be made
/// to read more of them than is allowed.
pub(super) struct Guard<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R> Guard<R> {
    pub(super) fn new(inner: R, left: &Rc<Cell<u64>>) -> Self {
        Self { inner, left: Rc::clone(left) }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(ArchiveError::TooMuch(too_many_names()).into());
        }
        let length = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.inner.read(&mut buffer[..length])?;
        self.left.set(left - read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Guard<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// A reader that ends the reading after so many bytes, which is no mistake of anybody's.
pub(super) struct Peek<R> {
    inner: R,
    left: Option<u64>,
    /// Set when more was wanted.
    pub(super) ended: Rc<Cell<bool>>,
}

impl<R> Peek<R> {
    pub(super) fn new(inner: R, left: Option<u64>) -> Self {
        Self { inner, left, ended: Rc::default() }
    }
}

impl<R: Read> Read for Peek<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == Some(0) && !buffer.is_empty() {
            self.ended.set(true);
            return Err(io::Error::other("so far and no further"));
        }
        let left = self.left.unwrap_or(u64::MAX);
        let length = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.inner.read(&mut buffer[..length])?;
        self.left = self.left.map(|left| left - read as u64);
        Ok(read)
    }
}
