//! Whether something could be taken away from where it lies, as far as the platform tells without trying.

use std::io;
use std::path::Path;

#[cfg(unix)]
pub(super) fn removable(path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let Some(folder) = path.parent() else { return Ok(()) };
    accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)?;
    #[cfg(target_os = "linux")]
    linux::nothing_else_forbids(folder, path)?;
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn removable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// What the right to write to a folder does not tell.
#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, Statx, StatxAttributes, StatxFlags, statx};
    use usher_event::{Sentence, sentence};

    /// The questions that the kernel asks before it removes a name, in the same order.
    pub(super) fn nothing_else_forbids(folder: &Path, path: &Path) -> io::Result<()> {
        let (above, it) = (look(folder, AtFlags::empty())?, look(path, AtFlags::SYMLINK_NOFOLLOW)?);
        let has = |stat: &Statx, wanted| stat.stx_attributes.intersects(wanted);
        let denied = |told: Sentence| Err(io::Error::new(io::ErrorKind::PermissionDenied, told));
        let user = rustix::process::geteuid();
        let sticky = Mode::from_raw_mode(above.stx_mode.into()).contains(Mode::SVTX);
        if sticky && !user.is_root() && ![above.stx_uid, it.stx_uid].contains(&user.as_raw()) {
            return denied(sentence!(
                "disk-of-another",
                "it belongs to another user, and its folder lets nobody else take it away: ask its owner"
            ));
        }
        if has(&above, StatxAttributes::APPEND) {
            return denied(sentence!(
                "disk-folder-locked",
                "its folder only lets things be added: unlock that with `chattr -a`, then try again"
            ));
        }
        if has(&it, StatxAttributes::IMMUTABLE | StatxAttributes::APPEND) {
            return denied(sentence!(
                "disk-locked",
                "it is locked against being taken away: unlock it with `chattr -ia`, then try again"
            ));
        }
        if has(&it, StatxAttributes::MOUNT_ROOT) {
            return Err(io::Error::new(
                io::ErrorKind::ResourceBusy,
                sentence!(
                    "disk-mounted-there",
                    "another file system is mounted there: unmount it, then try again"
                ),
            ));
        }
        Ok(())
    }

    fn look(path: &Path, flags: AtFlags) -> io::Result<Statx> {
        Ok(statx(CWD, path, flags, StatxFlags::BASIC_STATS)?)
    }
}
