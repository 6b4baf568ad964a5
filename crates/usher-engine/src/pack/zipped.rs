//! The file that a zip goes into.

use std::cell::Cell;
use std::io::{self, Seek, SeekFrom, Write};

/// A file that is only written to until something goes wrong. What comes after that is thrown away, and said to be
/// written: the writer of zips finishes what it has begun even where it is given up, and where that fails it writes to
/// the terminal by itself.
pub(super) struct Zipped<'a, W> {
    file: W,
    given_up: &'a Cell<bool>,
    at: u64,
    end: u64,
}

impl<'a, W: Write + Seek> Zipped<'a, W> {
    /// A new file, given up as soon as something of it cannot be written, or whoever has the flag says so.
    pub(super) fn new(file: W, given_up: &'a Cell<bool>) -> Self {
        Self { file, given_up, at: 0, end: 0 }
    }

    fn heard<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            // Whoever is interrupted tries again.
            if error.kind() != io::ErrorKind::Interrupted {
                self.given_up.set(true);
            }
        })
    }

    fn sought(&self, to: SeekFrom) -> Option<u64> {
        match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
        }
    }
}

impl<W: Write + Seek> Write for Zipped<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self.given_up.get() {
            true => bytes.len(),
            false => {
                let result = self.file.write(bytes);
                self.heard(result)?
            }
        };
        self.at += written as u64;
        self.end = self.end.max(self.at);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.given_up.get() {
            return Ok(());
        }
        let result = self.file.flush();
        self.heard(result)
    }
}

impl<W: Write + Seek> Seek for Zipped<'_, W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match self.given_up.get() {
            true => self.sought(to).ok_or(io::ErrorKind::InvalidInput)?,
            false => {
                let result = self.file.seek(to);
                self.heard(result)?
            }
        };
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_given_up_is_written_nowhere_and_keeps_its_places() {
        let given_up = Cell::new(false);
        let mut bytes = Cursor::new(Vec::new());
        let mut file = Zipped::new(&mut bytes, &given_up);
        file.write_all(b"abc").unwrap();
        given_up.set(true);
        file.write_all(b"def").unwrap();
        file.flush().unwrap();
        assert_eq!(file.stream_position().unwrap(), 6);
        assert_eq!(file.seek(SeekFrom::End(-4)).unwrap(), 2);
        assert_eq!(file.seek(SeekFrom::Current(1)).unwrap(), 3);
        assert_eq!(file.seek(SeekFrom::Start(1)).unwrap(), 1);
        assert!(file.seek(SeekFrom::Current(-2)).is_err());
        assert_eq!(bytes.into_inner(), b"abc");
    }

    #[test]
    fn the_first_failure_is_heard_of_and_gives_the_file_up() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::StorageFull.into())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Err(io::ErrorKind::StorageFull.into())
            }
        }
        type Try = fn(&mut Zipped<'_, Full>) -> io::Result<()>;
        let tries: [Try; 3] = [|file| file.write_all(b"a"), |file| file.flush(), |file| file.rewind()];
        for fails in tries {
            let given_up = Cell::new(false);
            let mut file = Zipped::new(Full, &given_up);
            assert_eq!(fails(&mut file).unwrap_err().kind(), io::ErrorKind::StorageFull);
            assert!(given_up.get());
            tries.iter().for_each(|again| again(&mut file).unwrap());
        }
    }
}
