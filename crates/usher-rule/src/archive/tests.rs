//! Archives of all kinds, most of them hostile.

use std::io::{Cursor, Write};

use super::*;

const LIMITS: Limits = Limits { size: 100 * 1024 * 1024, entries: 1000, ratio: 200 };

fn reading(format: Format) -> Reading<'static> {
    Reading {
        format,
        limits: LIMITS,
        zone: TimeZone::UTC,
        stem: Path::new("stem"),
        data: true,
        any_link: false,
        peek: None,
    }
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        let options = zip::write::SimpleFileOptions::default();
        match text.strip_prefix("-> ") {
            Some(target) => writer.add_symlink(*name, target, options).unwrap(),
            None if name.ends_with('/') => writer.add_directory(*name, options).unwrap(),
            None => {
                writer.start_file(*name, options).unwrap();
                writer.write_all(text.as_bytes()).unwrap();
            }
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A tar archive; the names go in unchecked.
fn tar(entries: &[(&[u8], EntryKind, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, text) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(*kind);
        header.set_mode(0o755);
        header.set_mtime(1_000_000_000);
        let is_link = matches!(kind, EntryKind::Symlink | EntryKind::Link);
        if is_link {
            header.as_old_mut().linkname[..text.len()].copy_from_slice(text.as_bytes());
        }
        let text = if is_link { "" } else { text };
        header.set_size(text.len() as u64);
        header.set_cksum();
        builder.append(&header, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

use tar::EntryType as EntryKind;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What is in an archive, an entry a line; or why it is refused.
fn said(bytes: Vec<u8>, reading: &Reading<'_>) -> String {
    let mut lines = Vec::new();
    let result = read(Box::new(Cursor::new(bytes)), reading, &mut |packed, bytes| {
        let mut text = String::new();
        bytes.read_to_string(&mut text)?;
        text.truncate(20);
        lines.push(match &packed.kind {
            PackedKind::File => format!("{} {text}", packed.path.display()),
            PackedKind::Dir => format!("{}/", packed.path.display()),
            PackedKind::Symlink { target, .. } => {
                format!("{} -> {}", packed.path.display(), target.display())
            }
            PackedKind::HardLink(original) => format!("{} = {}", packed.path.display(), original.display()),
        });
        Ok(())
    });
    match result {
        Ok(_) => lines.join("\n"),
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn every_kind_gives_its_entries() {
    let file = EntryKind::Regular;
    let tarball = tar(&[(b"./a/", EntryKind::Directory, ""), (b"a/b.txt", file, "b"), (b"c", file, "c")]);
    assert_eq!(said(tarball.clone(), &reading(Format::Tar)), "a/\na/b.txt b\nc c");
    assert_eq!(said(gz(&tarball), &reading(Format::TarGz)), "a/\na/b.txt b\nc c");
    assert_eq!(said(gz(b"text"), &reading(Format::Gz)), "stem text");
    let zipped = zip(&[("a/", ""), ("a/b.txt", "b"), ("__MACOSX/a/._b.txt", "x"), ("d\\e", "e")]);
    assert_eq!(said(zipped, &reading(Format::Zip)), "a/\na/b.txt b\nd/e e");
}

#[test]
fn kinds_are_told_by_content_and_names_help() {
    let detect = |name: &str, bytes: Vec<u8>| {
        Format::detect(Path::new(name), &mut Cursor::new(bytes))
            .map(Format::word)
            .map_err(|error| error.to_string())
    };
    let tarball = tar(&[(b"a", EntryKind::Regular, "a")]);
    assert_eq!(detect("a.bin", zip(&[("a", "a")])).unwrap(), "zip");
    assert_eq!(detect("a.TGZ", gz(&tarball)).unwrap(), "tar.gz");
    assert_eq!(detect("a.gz", gz(b"x")).unwrap(), "gz");
    assert_eq!(detect("a", tarball).unwrap(), "tar");
    assert_eq!(detect("a.zip", b"no archive".to_vec()).unwrap_err(), "it is no zip, tar or gzip archive");
    assert_eq!(stem(Path::new("/x/a.b.TAR.gz")), "a.b");
    assert_eq!(stem(Path::new("/x/a.bin")), "a");
    assert_eq!(stem(Path::new("/x/.zip")), ".zip");
}

#[test]
fn names_that_lead_out_are_refused_and_named() {
    let why = [
        ("../a", "which would lie outside its folder"),
        ("a/../../b", "which would lie outside its folder"),
        ("a/..", "which would lie outside its folder"),
        ("/etc/passwd", "an absolute name"),
        ("a\0b", "a name with a zero byte in it"),
    ];
    for (name, why) in why {
        let zipped = said(zip(&[("ok", "1"), (name, "2")]), &reading(Format::Zip));
        assert_eq!(zipped, format!("! it holds `{name}`, {why}"));
        if !name.contains('\0') {
            let tarball = said(tar(&[(name.as_bytes(), EntryKind::Regular, "2")]), &reading(Format::Tar));
            assert_eq!(tarball, format!("! it holds `{name}`, {why}"));
        }
    }
    for name in ["C:\\a", "\\\\server\\a", "..\\a"] {
        assert!(said(zip(&[(name, "1")]), &reading(Format::Zip)).starts_with("! it holds"), "{name}");
    }
}

#[test]
fn links_stay_within_and_nothing_lies_behind_them() {
    let link =
        |name: &'static str, target: &'static str| tar(&[(name.as_bytes(), EntryKind::Symlink, target)]);
    assert_eq!(said(link("a/b/l", "../x/y"), &reading(Format::Tar)), "a/b/l -> ../x/y");
    for (name, target) in
        [("l", "/etc"), ("l", ".."), ("a/l", "../../x"), ("a/l", "x/../../../y"), ("a/b/l", "up/../../..")]
    {
        let refused = format!("! it holds `{name}`, a link that leads out of its folder");
        assert_eq!(said(link(name, target), &reading(Format::Tar)), refused, "{target}");
        assert_eq!(said(zip(&[(name, &format!("-> {target}"))]), &reading(Format::Zip)), refused, "{target}");
    }
    let behind = tar(&[(b"a", EntryKind::Symlink, "b"), (b"a/x", EntryKind::Regular, "x")]);
    assert_eq!(said(behind, &reading(Format::Tar)), "! it holds `a/x`, which lies behind a link");
    let hard = [(&b"a"[..], EntryKind::Regular, "1"), (b"b", EntryKind::Link, "a")];
    assert_eq!(said(tar(&hard), &reading(Format::Tar)), "a 1\nb = a");
    for target in ["../a", "/etc/passwd", "missing", "b"] {
        let hard = tar(&[(b"b", EntryKind::Link, target)]);
        assert!(said(hard, &reading(Format::Tar)).starts_with("! it holds"), "{target}");
    }
}

#[test]
fn devices_doubles_and_files_as_folders_are_refused() {
    for kind in [EntryKind::Char, EntryKind::Block, EntryKind::Fifo] {
        let device = said(tar(&[(b"dev", kind, "")]), &reading(Format::Tar));
        assert_eq!(device, "! it holds `dev`, which is a device or a pipe");
    }
    let file = EntryKind::Regular;
    let twice = said(tar(&[(b"a", file, "1"), (b"./a", file, "2")]), &reading(Format::Tar));
    assert_eq!(twice, "! it holds `a`, twice");
    let nested = said(tar(&[(b"a", file, "1"), (b"a/b", file, "2")]), &reading(Format::Tar));
    assert_eq!(nested, "! it holds `a/b`, which lies in a file");
}

#[test]
fn names_that_are_not_text_keep_their_bytes_in_tar_and_are_read_as_old_alphabets_in_zip() {
    let tarball = tar(&[(b"a\xff", EntryKind::Regular, "1")]);
    let mut names = Vec::new();
    read(Box::new(Cursor::new(tarball)), &reading(Format::Tar), &mut |packed, _| {
        names.push(packed.path.clone());
        Ok(())
    })
    .unwrap();
    #[cfg(unix)]
    assert_eq!(std::os::unix::ffi::OsStrExt::as_bytes(names[0].as_os_str()), b"a\xff");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file_with_options(zip::write::SimpleFileOptions::default().name(b"f\x81r")).unwrap();
    let zipped = writer.finish().unwrap().into_inner();
    assert_eq!(said(zipped, &reading(Format::Zip)), "für ");
}

#[test]
fn too_many_bytes_and_entries_are_refused() {
    let zeros = "\0".repeat(40 * 1024 * 1024);
    let few = Reading { limits: Limits { size: 1000, ..LIMITS }, ..reading(Format::Zip) };
    assert_eq!(
        said(zip(&[("zeros", &zeros)]), &few),
        "! it holds more than 1000 bytes; `max_size` allows more"
    );
    let tight = "! it holds more than 200 times its own size; `max_ratio` allows more";
    assert_eq!(said(zip(&[("zeros", &zeros)]), &reading(Format::Zip)), tight);
    let bomb = gz(&tar(&[(b"zeros", EntryKind::Regular, &zeros)]));
    assert_eq!(said(bomb.clone(), &reading(Format::TarGz)), tight);
    assert_eq!(said(gz(zeros.as_bytes()), &reading(Format::Gz)), tight);
    let listed = Reading { data: false, ..reading(Format::TarGz) };
    assert_eq!(said(bomb, &listed), tight);
    let names: Vec<String> = (0..11).map(|nr| nr.to_string()).collect();
    let entries: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let ten = Limits { entries: 10, ..LIMITS };
    let many = "! it holds more than 10 files; `max_files` allows more";
    assert_eq!(said(zip(&entries), &Reading { limits: ten, ..reading(Format::Zip) }), many);
    let entries: Vec<_> = names.iter().map(|name| (name.as_bytes(), EntryKind::Regular, "")).collect();
    assert_eq!(said(tar(&entries), &Reading { limits: ten, ..reading(Format::Tar) }), many);
}

#[test]
fn a_name_without_end_does_not_fill_the_memory() {
    let name = "n".repeat(2 * 1024 * 1024);
    let long = tar(&[(b"././@LongLink", EntryKind::GNULongName, &name), (b"a", EntryKind::Regular, "1")]);
    assert_eq!(said(long, &reading(Format::Tar)), "! its list of names is too long");
    let name = "n".repeat(5000);
    let long = tar(&[(b"././@LongLink", EntryKind::GNULongName, &name), (b"a", EntryKind::Regular, "1")]);
    assert!(said(long, &reading(Format::Tar)).contains("a name of more than 4096 bytes"));
}

#[test]
fn encrypted_and_damaged_archives_are_told_apart() {
    let mut locked = zip(&[("secret", "s")]);
    // The flag stands in the list at the end and in front of the file.
    let list = locked.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    locked[list + 8] |= 1;
    locked[6] |= 1;
    assert_eq!(
        said(locked, &reading(Format::Zip)),
        "! `secret` in it is encrypted, and Usher knows no passwords"
    );
    let whole = gz(&tar(&[(b"a", EntryKind::Regular, &"text ".repeat(1000))]));
    for end in [whole.len() / 2, whole.len() - 30] {
        let said = said(whole[..end].to_vec(), &reading(Format::TarGz));
        assert!(said.starts_with("! it is damaged"), "{end} of {}: {said}", whole.len());
    }
    let mut flipped = whole.clone();
    let checksum = flipped.len() - 6;
    flipped[checksum] ^= 1;
    assert!(said(flipped, &reading(Format::TarGz)).starts_with("! it is damaged"));
    let mut flipped = zip(&[("a", "some text")]);
    flipped[36] ^= 1;
    assert!(said(flipped, &reading(Format::Zip)).starts_with("! "));
}

#[test]
fn damage_anywhere_ends_in_an_answer() {
    let entries = [("a/b", "text"), ("a/c", "-> b"), ("d/", "")];
    let file = EntryKind::Regular;
    let tarball = tar(&[(b"a", file, "text"), (b"l", EntryKind::Symlink, "a"), (b"h", EntryKind::Link, "a")]);
    for (format, whole) in
        [(Format::Zip, zip(&entries)), (Format::Tar, tarball.clone()), (Format::TarGz, gz(&tarball))]
    {
        for at in 0..whole.len() {
            for value in [0, 0x7f, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                said(damaged, &reading(format));
            }
        }
    }
}

#[test]
fn a_listing_knows_the_top_and_the_only_folder() {
    let listing = |bytes: Vec<u8>, format| {
        list(Box::new(Cursor::new(bytes)), &Reading { data: false, ..reading(format) }).unwrap()
    };
    let tops = |listing: &Listing| {
        listing.top().into_iter().map(|(name, _)| name.into_string().unwrap()).collect::<Vec<_>>()
    };
    let one = listing(zip(&[("top/a", "1"), ("top/b/c", "2")]), Format::Zip);
    assert_eq!((one.only.as_deref(), tops(&one)), (Some("top".as_ref()), vec!["a".into(), "b".into()]));
    let two = listing(zip(&[("x/a", "1"), ("y", "2")]), Format::Zip);
    assert_eq!((two.only.as_deref(), tops(&two)), (None, vec!["x".into(), "y".into()]));
    let file = listing(zip(&[("a", "1")]), Format::Zip);
    assert_eq!((file.only.as_deref(), tops(&file)), (None, vec!["a".into()]));
    // The only folder goes, and with it what the link leads to.
    let up = zip(&[("top/l", "-> ../x")]);
    let error = list(Box::new(Cursor::new(up)), &reading(Format::Zip)).unwrap_err();
    assert_eq!(error.to_string(), "it holds `top/l`, a link that leads out of its folder");
}

#[test]
fn a_look_at_a_stream_ends_where_it_was_told_to() {
    let text = "x".repeat(10_000);
    let entries: Vec<(&[u8], EntryKind, &str)> = vec![
        (b"a/1", EntryKind::Regular, &text),
        (b"a/2", EntryKind::Regular, &text),
        (b"b", EntryKind::Regular, ""),
    ];
    let peeking = Reading { data: false, peek: Some(12_000), ..reading(Format::TarGz) };
    let listing = list(Box::new(Cursor::new(gz(&tar(&entries)))), &peeking).unwrap();
    assert_eq!((listing.entries.len(), listing.complete), (2, false));
}
