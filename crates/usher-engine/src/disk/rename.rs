//! The platform's rename that refuses to replace.

use std::io;
use std::path::Path;

/// Renames without replacing anything: `renameat2(RENAME_NOREPLACE)` on Linux, `renamex_np(RENAME_EXCL)` on macOS.
#[cfg(unix)]
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems (NFS, older FUSE ones) know plain renames only.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            link_then_unlink(from, to)
        }
        other => Ok(other?),
    }
}

/// A file gets its second name only where nothing is, which is as good as a rename that refuses; a directory cannot
/// have two names, so there a look has to do.
#[cfg(unix)]
fn link_then_unlink(from: &Path, to: &Path) -> io::Result<()> {
    if std::fs::symlink_metadata(from)?.is_dir() {
        if std::fs::symlink_metadata(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        return std::fs::rename(from, to);
    }
    std::fs::hard_link(from, to)?;
    std::fs::remove_file(from)
}

/// Renames without replacing anything: `MoveFileExW` without its replace flag.
#[cfg(windows)]
#[expect(unsafe_code, reason = "std's rename replaces; this call is the one that refuses")]
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use std::os::windows::ffi::OsStrExt;
    let wide = |path: &Path| path.as_os_str().encode_wide().chain([0]).collect::<Vec<u16>>();
    let (from, to) = (wide(from), wide(to));
    // SAFETY: both strings end in a zero and live until the call returns.
    let done = unsafe { windows_sys::Win32::Storage::FileSystem::MoveFileExW(from.as_ptr(), to.as_ptr(), 0) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
