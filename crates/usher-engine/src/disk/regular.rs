//! Opening files, and nothing else: whoever opens a pipe waits for its other end, and a device may have no end at all.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use usher_event::sentence;

/// Opens a file for reading.
pub(super) fn open(path: &Path) -> io::Result<File> {
    open_with(OpenOptions::new().read(true), path)
}

/// Opens a file that is there.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for what is no file.
pub(super) fn open_with(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    // Without it a pipe is waited for before anybody can see what it is.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, sentence!("disk-no-file", "it is not a file")))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_not_waited_for_and_a_device_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
            .unwrap();
        let kind = |error: io::Error| error.kind();
        assert_eq!(open(&pipe).map_err(kind).err(), Some(io::ErrorKind::InvalidInput));
        assert!(open_with(OpenOptions::new().append(true), &pipe).is_err());
        assert_eq!(open(Path::new("/dev/zero")).map_err(kind).err(), Some(io::ErrorKind::InvalidInput));
        assert_eq!(open(&dir.path().join("none")).map_err(kind).err(), Some(io::ErrorKind::NotFound));
        std::fs::write(dir.path().join("file"), "text").unwrap();
        assert_eq!(io::read_to_string(open(&dir.path().join("file")).unwrap()).unwrap(), "text");
    }
}
