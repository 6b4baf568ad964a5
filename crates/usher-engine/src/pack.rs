//! Packing and unpacking. Both make everything under another name beside the target, flush it, and rename it into place
//! without replacing anything: a kill leaves nothing or all of it.

mod zipped;

use std::cell::Cell;
use std::collections::HashSet;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Zoned;
use usher_event::{Kind, Sentence, sentence};
use usher_rule::archive::{self, ArchiveError, Format, Limits, Packed, PackedKind, Reading};
use usher_rule::{Content, Stat};
use zip::write::{FullFileOptions, SimpleFileOptions, ZipWriter};

use crate::disk::{Disk, NewFile, lstat};
use crate::perform::Hands;
use zipped::Zipped;

impl Hands<'_> {
    /// Packs a file or a folder into an archive, and reads it back before anybody sees it.
    pub(crate) fn pack(&self, from: &Path, to: &Path, format: &str) -> io::Result<()> {
        refuse_taken(self.disk, to)?;
        let part = self.names.part(to);
        let format = Format::from_word(format).ok_or(io::ErrorKind::InvalidInput)?;
        let file = self.disk.begin_file(&part)?;
        let result = self.pack_part(from, file, &part, format).and_then(|()| self.disk.rename(&part, to));
        if result.is_err() {
            let _ = self.disk.remove_file(&part);
        }
        result
    }

    fn pack_part(
        &self,
        from: &Path,
        mut file: Box<dyn NewFile>,
        part: &Path,
        format: Format,
    ) -> io::Result<()> {
        let mut packing = Packing { disk: self.disk, entries: 0, bytes: 0 };
        let top = from.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        if format == Format::Zip {
            let given_up = Cell::new(false);
            let mut writer = ZipWriter::new(Zipped::new(&mut file, &given_up)).set_auto_large_file();
            packing.zip(&mut writer, from, Path::new(top)).inspect_err(|_| given_up.set(true))?;
            writer.finish().map_err(zip_error)?;
            // It has said so, and is not to be trusted to have been heard.
            if given_up.get() {
                return Err(io::ErrorKind::WriteZero.into());
            }
        } else {
            let encoder = flate2::write::GzEncoder::new(&mut file, flate2::Compression::default());
            let mut builder = tar::Builder::new(encoder);
            packing.tar(&mut builder, from, Path::new(top))?;
            builder.into_inner()?.finish()?;
        }
        file.finish(None, false, true)?;
        self.read_back(part, format, (packing.entries, packing.bytes))
    }

    /// Reads an archive to its end, so that every checksum in it is looked at.
    fn read_back(&self, part: &Path, format: Format, packed: (u64, u64)) -> io::Result<()> {
        let limits = Limits { size: u64::MAX, entries: u64::MAX, ratio: u64::MAX };
        // What a link says was put in as it is, wherever it leads: taking the archive apart is where that matters.
        let reading = Reading { any_link: true, ..self.reading(format, limits, part) };
        let mut found = (0, 0);
        archive::read(self.disk.open(part)?, &reading, &mut |_, bytes| {
            found.0 += 1;
            found.1 += io::copy(bytes, &mut io::sink())?;
            Ok(())
        })
        .map_err(ArchiveError::told)?;
        if found == packed {
            Ok(())
        } else {
            Err(invalid(sentence!("pack-differs", "the archive differs from what was packed")))
        }
    }

    fn reading<'p>(&self, format: Format, limits: Limits, stem: &'p Path) -> Reading<'p> {
        Reading {
            format,
            limits,
            zone: self.disk.now().time_zone().clone(),
            stem,
            data: true,
            any_link: false,
            peek: None,
        }
    }

    /// Unpacks an archive into a new folder, or a new file for a `.gz`.
    pub(crate) fn unpack(&self, from: &Path, to: &Path, format: &str, limits: Limits) -> io::Result<()> {
        let part = self.names.part(to);
        refuse_taken(self.disk, to)?;
        // One that is there already is not ours to remove.
        refuse_taken(self.disk, &part)?;
        let format = Format::from_word(format).ok_or(io::ErrorKind::InvalidInput)?;
        let stem = to.file_name().map_or(Path::new("file"), Path::new);
        let reading = self.reading(format, limits, stem);
        let mut unpacking = Unpacking::new(self.disk, &part, format == Format::Gz);
        let result = unpacking.all(from, &reading).and_then(|whole| {
            self.disk.rename(&whole, to)?;
            if whole == part {
                return Ok(());
            }
            // The only folder in it has got the name; what is left of the other one is empty.
            self.disk.remove_dir(&part).or_else(|error| self.disk.rename(to, &whole).and(Err(error)))
        });
        if result.is_err() {
            let _ = self.remove_tree(&part);
        }
        result
    }
}

/// What is being packed.
struct Packing<'a> {
    disk: &'a dyn Disk,
    entries: u64,
    bytes: u64,
}

/// What a writer of archives is given for one thing.
enum Source {
    File(Box<dyn Content>, Stat),
    Link(PathBuf),
    Dir(Vec<std::ffi::OsString>),
}

impl Packing<'_> {
    fn source(&mut self, path: &Path, stat: &Stat) -> io::Result<Source> {
        self.entries += 1;
        Ok(match stat.kind {
            Kind::File => Source::File(self.disk.open(path)?, *stat),
            Kind::Symlink => Source::Link(self.disk.link_target(path)?),
            Kind::Dir => {
                let mut names: Vec<_> = self.disk.list(path)?.into_iter().map(|entry| entry.name).collect();
                names.sort();
                Source::Dir(names)
            }
            Kind::Other => {
                return Err(invalid(sentence!(
                    "pack-neither",
                    "{path} is neither a file nor a folder",
                    path = path
                )));
            }
        })
    }

    /// The bytes of a file went in; they are the file's only if nobody has written to it meanwhile.
    fn packed(&mut self, path: &Path, stat: &Stat, bytes: u64) -> io::Result<()> {
        self.bytes += bytes;
        let now = self.disk.stat(path)?;
        if bytes != stat.size || now.size != stat.size || now.modified != stat.modified {
            return Err(invalid(sentence!(
                "pack-changed",
                "{path} changed while it was being packed",
                path = path
            )));
        }
        Ok(())
    }

    fn zip(
        &mut self,
        writer: &mut ZipWriter<impl Write + Seek>,
        path: &Path,
        inside: &Path,
    ) -> io::Result<()> {
        let stat = self.disk.stat(path)?;
        let name = archive::in_zip(inside).map_err(zip_cannot)?;
        let mode = if stat.kind == Kind::Dir || self.disk.executable(path) { 0o755 } else { 0o644 };
        let options = self.zip_options(&stat, mode)?;
        match self.source(path, &stat)? {
            Source::File(mut bytes, stat) => {
                writer
                    .start_file(name, options.large_file(stat.size > u32::MAX.into()))
                    .map_err(zip_error)?;
                let copied = io::copy(&mut (&mut bytes).take(stat.size.saturating_add(1)), writer)?;
                self.packed(path, &stat, copied)
            }
            Source::Link(target) => {
                let target = target.to_str().ok_or_else(|| {
                    zip_cannot(sentence!(
                        "pack-link-not-text",
                        "what the link {path} says is not text",
                        path = inside
                    ))
                })?;
                writer.add_symlink(name, target, SimpleFileOptions::default()).map_err(zip_error)
            }
            Source::Dir(names) => {
                writer.add_directory(name, options).map_err(zip_error)?;
                names.iter().try_for_each(|name| self.zip(writer, &path.join(name), &inside.join(name)))
            }
        }
    }

    fn zip_options(&self, stat: &Stat, mode: u32) -> io::Result<FullFileOptions<'static, 'static>> {
        let modified = Zoned::new(stat.modified, self.disk.now().time_zone().clone());
        let part = |number: i8| u8::try_from(number).unwrap_or_default();
        let local = zip::DateTime::from_date_and_time(
            u16::try_from(modified.year()).unwrap_or_default(),
            part(modified.month()),
            part(modified.day()),
            part(modified.hour()),
            part(modified.minute()),
            part(modified.second()),
        );
        let options =
            SimpleFileOptions::default().unix_permissions(mode).last_modified_time(local.unwrap_or_default());
        let exact = u32::try_from(stat.modified.as_second()).ok();
        match exact {
            Some(exact) => options.with_extended_timestamp(Some(exact), None, None).map_err(zip_error),
            None => Ok(options.into_full_options()),
        }
    }

    fn tar(&mut self, builder: &mut tar::Builder<impl Write>, path: &Path, inside: &Path) -> io::Result<()> {
        let stat = self.disk.stat(path)?;
        let mut header = tar::Header::new_gnu();
        header.set_mtime(u64::try_from(stat.modified.as_second()).unwrap_or_default());
        let runs = stat.kind == Kind::Dir || self.disk.executable(path);
        header.set_mode(if runs { 0o755 } else { 0o644 });
        header.set_size(0);
        match self.source(path, &stat)? {
            Source::File(mut bytes, stat) => {
                header.set_size(stat.size);
                let mut counted = Counted { inner: (&mut bytes).take(stat.size), bytes: 0 };
                builder.append_data(&mut header, inside, &mut counted)?;
                let read = counted.bytes;
                // One byte more than there was says that it grew.
                let more = bytes.read(&mut [0])? as u64;
                self.packed(path, &stat, read + more)
            }
            Source::Link(target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                builder.append_link(&mut header, inside, target)
            }
            Source::Dir(names) => {
                header.set_entry_type(tar::EntryType::Directory);
                // With a slash at its end, as every other program has it.
                builder.append_data(&mut header, inside.join(""), io::empty())?;
                names.iter().try_for_each(|name| self.tar(builder, &path.join(name), &inside.join(name)))
            }
        }
    }
}

struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

fn zip_cannot(message: Sentence) -> io::Error {
    invalid(sentence!("pack-not-zip", "{message}; use `format: tar.gz`", message = message))
}

fn zip_error(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        other => invalid(Sentence::foreign(other.to_string())),
    }
}

/// What is being unpacked.
struct Unpacking<'a> {
    disk: &'a dyn Disk,
    part: &'a Path,
    single: bool,
    dirs: HashSet<PathBuf>,
    /// Links are made last: nothing is ever written through one.
    links: Vec<(PathBuf, PathBuf)>,
    /// The first link that climbs to the top.
    to_root: Option<PathBuf>,
}

impl<'a> Unpacking<'a> {
    fn new(disk: &'a dyn Disk, part: &'a Path, single: bool) -> Self {
        Self { disk, part, single, dirs: HashSet::new(), links: Vec::new(), to_root: None }
    }

    /// Unpacks everything; answers where that lies which is to get the final name.
    fn all(&mut self, from: &Path, reading: &Reading<'_>) -> io::Result<PathBuf> {
        if !self.single {
            self.disk.make_dir(self.part)?;
        }
        let read = archive::read(self.disk.open(from)?, reading, &mut |packed, bytes| {
            self.entry(packed, bytes).map_err(|error| match error.kind() {
                io::ErrorKind::InvalidFilename => invalid(archive::too_long_here(&packed.path)),
                _ => error,
            })
        });
        read.map_err(ArchiveError::told).and_then(|_| self.finish()).map_err(|error| match error.kind() {
            // That has nothing to do with the name the whole is to get.
            io::ErrorKind::AlreadyExists => {
                invalid(sentence!("unpack-same-names", "two names in it are one and the same here"))
            }
            _ => error,
        })
    }

    fn entry(&mut self, packed: &Packed, bytes: &mut dyn Read) -> io::Result<()> {
        if self.single {
            return self.file(self.part, packed, bytes, true);
        }
        let place = self.part.join(&packed.path);
        self.folders(packed.path.parent().unwrap_or(Path::new("")))?;
        match &packed.kind {
            PackedKind::Dir => self.folders(&packed.path),
            PackedKind::File => self.file(&place, packed, bytes, false),
            PackedKind::HardLink(original) => self.disk.hard_link(&self.part.join(original), &place),
            PackedKind::Symlink { target, to_root } => {
                if *to_root {
                    self.to_root.get_or_insert_with(|| packed.path.clone());
                }
                self.links.push((target.clone(), place));
                Ok(())
            }
        }
    }

    /// Makes a folder and those above it, once each.
    fn folders(&mut self, inside: &Path) -> io::Result<()> {
        if inside.as_os_str().is_empty() || self.dirs.contains(inside) {
            return Ok(());
        }
        self.folders(inside.parent().unwrap_or(Path::new("")))?;
        self.disk.make_dir(&self.part.join(inside))?;
        self.dirs.insert(inside.to_path_buf());
        Ok(())
    }

    fn file(&self, place: &Path, packed: &Packed, bytes: &mut dyn Read, flush: bool) -> io::Result<()> {
        let mut file = self.disk.begin_file(place)?;
        io::copy(bytes, &mut file)?;
        file.finish(packed.modified, packed.executable, flush)
    }

    /// Ends it; answers where that lies which is to get the final name.
    fn finish(&mut self) -> io::Result<PathBuf> {
        if self.single {
            return Ok(self.part.to_path_buf());
        }
        for (target, place) in &self.links {
            self.disk.symlink(target, place, false)?;
        }
        self.disk.flush_below(self.part)?;
        match &self.disk.list(self.part)?[..] {
            [only] if only.kind == Kind::Dir => match &self.to_root {
                Some(link) => Err(archive::climbs_out(link).told()),
                None => Ok(self.part.join(&only.name)),
            },
            _ => Ok(self.part.to_path_buf()),
        }
    }
}

fn refuse_taken(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match lstat(disk, path)? {
        Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
        None => Ok(()),
    }
}

fn invalid(message: Sentence) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
