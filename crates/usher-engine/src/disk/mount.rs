//! Where file systems are mounted, found by looking at the folders themselves: no table of mounts is read.

use std::io;
use std::path::{Path, PathBuf};

/// The folder on the way up from `folder` at which its file system begins, if anything lies above that.
#[cfg(unix)]
pub(super) fn point(folder: &Path) -> io::Result<Option<PathBuf>> {
    // Beside a link there is another file system than beside what it leads to.
    let real = folder.canonicalize()?;
    let mut below = mount(&real)?;
    for (dir, above) in real.ancestors().zip(real.ancestors().skip(1)) {
        let here = mount(above)?;
        if here != below {
            return Ok(Some(dir.to_path_buf()));
        }
        below = here;
    }
    Ok(None)
}

/// A drive has a letter here, and nothing is left at its paths when it is gone.
#[cfg(windows)]
pub(super) fn point(folder: &Path) -> io::Result<Option<PathBuf>> {
    folder.metadata().map(|_| None)
}

/// What tells the mount from others that a folder is part of: the kernel's number for it, which is another one for a second
/// mount of the same file system as well, or the device where there is no such number.
#[cfg(target_os = "linux")]
fn mount(folder: &Path) -> io::Result<(u64, u64)> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    let stat = statx(CWD, folder, AtFlags::empty(), StatxFlags::TYPE | StatxFlags::MNT_ID)?;
    match StatxFlags::from_bits_retain(stat.stx_mask).contains(StatxFlags::MNT_ID) {
        true => Ok((0, stat.stx_mnt_id)),
        false => Ok((1, makedev(stat.stx_dev_major, stat.stx_dev_minor))),
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn mount(folder: &Path) -> io::Result<u64> {
    Ok(std::os::unix::fs::MetadataExt::dev(&folder.metadata()?))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_mounted_file_system_is_found_from_any_folder_in_it_and_over_links() {
        assert_eq!(point(Path::new("/")).unwrap(), None);
        assert!(point(Path::new("/no/such/folder")).is_err());
        #[cfg(target_os = "linux")]
        {
            let proc = Some(PathBuf::from("/proc"));
            assert_eq!(point(Path::new("/proc")).unwrap(), proc);
            assert_eq!(point(Path::new("/proc/self/task")).unwrap(), proc);
            let dir = tempfile::tempdir().unwrap();
            let link = dir.path().join("link");
            std::os::unix::fs::symlink("/proc/self", &link).unwrap();
            assert_eq!(point(&link).unwrap(), proc);
            assert_ne!(point(dir.path()).unwrap(), proc);
        }
    }
}
