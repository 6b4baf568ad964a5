//! Copies that appear whole: files, links, and trees with all in them.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use usher_event::{Kind, sentence};

use super::Hands;
use super::refuser::named_below;
use crate::stamp::Stamp;

/// Copies of files that have more than one name, by device and number, with what each was like when it was copied.
type Twins = HashMap<(u64, u64), (Stamp, PathBuf)>;

impl Hands<'_> {
    /// Copies a file, a link or a whole tree to a free name. The name appears when everything below it is there.
    pub(super) fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let part = self.names.part(to);
        match self.disk.stat(from)?.kind {
            Kind::File => self.disk.copy_file(from, to, &part),
            Kind::Symlink => self.disk.copy_link(from, to),
            Kind::Dir => {
                self.disk.make_dir(&part)?;
                let whole = self.copy_into(from, &part, &mut Twins::new());
                let whole = whole.and_then(|()| self.disk.flush_below(&part));
                let result = whole.and_then(|()| self.disk.rename(&part, to));
                if result.is_err() {
                    let _ = self.remove_tree(&part);
                }
                result
            }
            Kind::Other => {
                let told = sentence!("deed-neither", "{path} is neither a file nor a folder", path = from);
                Err(io::Error::new(io::ErrorKind::Unsupported, told))
            }
        }
    }

    fn copy_into(&self, from: &Path, to: &Path, twins: &mut Twins) -> io::Result<()> {
        for entry in self.disk.list(from).map_err(|error| named_below(from, error))? {
            let (from, to) = (from.join(&entry.name), to.join(&entry.name));
            match entry.kind {
                Kind::Dir => {
                    self.disk.make_dir(&to)?;
                    self.copy_into(&from, &to, twins)?;
                }
                Kind::File if self.disk.has_more_names(&from)? => {
                    self.copy_twin(&from, &to, twins).map_err(|error| named_below(&from, error))?;
                }
                _ => self.copy(&from, &to).map_err(|error| named_below(&from, error))?,
            }
        }
        self.disk.copy_dir_attributes(from, to)
    }

    /// Copies a file that has further names. Where another one of them lies in the same tree and was copied before, its copy
    /// gets this name as well: two files would need twice the room, and go different ways with the next change.
    fn copy_twin(&self, from: &Path, to: &Path, twins: &mut Twins) -> io::Result<()> {
        let stat = self.disk.stat(from)?;
        let file = (stat.device, stat.inode);
        if let Some((copied, twin)) = twins.get(&file)
            && copied.same_file(&stat)
            && self.disk.hard_link(twin, to).is_ok()
        {
            return Ok(());
        }
        // The first one, or one on a file system that knows no second names, or not so many.
        self.copy(from, to)?;
        twins.insert(file, (stat.into(), to.to_path_buf()));
        Ok(())
    }
}
