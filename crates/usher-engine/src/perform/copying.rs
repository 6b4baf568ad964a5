//! Copies that appear whole: files, links, and trees with all in them.

use std::io;
use std::path::Path;

use usher_event::{Kind, sentence};

use super::Hands;
use super::refuser::named_below;

impl Hands<'_> {
    /// Copies a file, a link or a whole tree to a free name. The name appears when everything below it is there.
    pub(super) fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let part = self.names.part(to);
        match self.disk.stat(from)?.kind {
            Kind::File => self.disk.copy_file(from, to, &part),
            Kind::Symlink => self.disk.copy_link(from, to),
            Kind::Dir => {
                self.disk.make_dir(&part)?;
                let whole = self.copy_into(from, &part).and_then(|()| self.disk.flush_below(&part));
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

    fn copy_into(&self, from: &Path, to: &Path) -> io::Result<()> {
        for entry in self.disk.list(from).map_err(|error| named_below(from, error))? {
            let (from, to) = (from.join(&entry.name), to.join(&entry.name));
            match entry.kind {
                Kind::Dir => {
                    self.disk.make_dir(&to)?;
                    self.copy_into(&from, &to)?;
                }
                _ => self.copy(&from, &to).map_err(|error| named_below(&from, error))?,
            }
        }
        self.disk.copy_dir_attributes(from, to)
    }
}
