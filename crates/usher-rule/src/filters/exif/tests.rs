use super::*;
use crate::fake::{Fake, rule};
use crate::load;

/// A directory's entries: tag, type, count, value.
type Entries<'a> = &'a [(u16, u16, u32, &'a [u8])];

/// A big-endian TIFF with a directory for the image, one for the camera and one for the place.
fn tiff(image: Entries<'_>, camera: Entries<'_>, place: Entries<'_>) -> Vec<u8> {
    let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
    let pointers = add_directory(&mut bytes, image, &[0x8769, 0x8825]);
    for (pointer, entries) in pointers.into_iter().zip([camera, place]) {
        let here = u32::try_from(bytes.len()).expect("short").to_be_bytes();
        bytes[pointer..pointer + 4].copy_from_slice(&here);
        add_directory(&mut bytes, entries, &[]);
    }
    bytes
}

/// Adds a directory; answers where to write where the directories it points to are.
fn add_directory(bytes: &mut Vec<u8>, entries: Entries<'_>, pointers: &[u16]) -> Vec<usize> {
    let start = bytes.len();
    let count = entries.len() + pointers.len();
    bytes.extend(u16::try_from(count).expect("few").to_be_bytes());
    bytes.resize(start + 2 + 12 * count + 4, 0);
    for (nr, (tag, kind, number, value)) in entries.iter().enumerate() {
        let at = start + 2 + 12 * nr;
        let mut field = value.to_vec();
        if value.len() > 4 {
            field = u32::try_from(bytes.len()).expect("short").to_be_bytes().to_vec();
            bytes.extend(*value);
        }
        field.resize(4, 0);
        let head = [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &number.to_be_bytes(), &field].concat();
        bytes[at..at + 12].copy_from_slice(&head);
    }
    let mut places = Vec::new();
    for (nr, tag) in pointers.iter().enumerate() {
        let at = start + 2 + 12 * (entries.len() + nr);
        let head = [&tag.to_be_bytes()[..], &4u16.to_be_bytes(), &1u32.to_be_bytes()].concat();
        bytes[at..at + 8].copy_from_slice(&head);
        places.push(at + 8);
    }
    places
}

fn jpeg(tiff: &[u8]) -> Vec<u8> {
    let length = u16::try_from(tiff.len() + 8).expect("short").to_be_bytes();
    [&b"\xff\xd8\xff\xe1"[..], &length, b"Exif\0\0", tiff, b"\xff\xdb\0\x04\0\0\xff\xd9"].concat()
}

/// A picture taken at a time, such as `2024:05:01 10:11:12`.
pub(in crate::filters) fn photo(time: &str, offset: Option<&str>) -> Vec<u8> {
    let time = format!("{time}\0");
    let offset = offset.map(|offset| format!("{offset}\0"));
    let count = |text: &str| u32::try_from(text.len()).expect("short");
    let mut camera = vec![(0x9003, 2, count(&time), time.as_bytes())];
    camera.extend(offset.as_ref().map(|offset| (0x9011, 2, count(offset), offset.as_bytes())));
    jpeg(&tiff(&[], &camera, &[]))
}

fn picture() -> Vec<u8> {
    tiff(
        &[
            (0x010f, 2, 6, b"Canon\0"),
            (0x0110, 2, 14, b"Canon EOS R6m2"),
            (0x0112, 3, 1, b"\0\x06"),
            (0x0132, 2, 20, b"2024:05:01 10:11:12\0"),
            (0xc6d2, 1, 2, b"\x01\x02"),
        ],
        &[
            (0x829a, 5, 1, b"\0\0\0\x0a\0\0\x04\xe2"),
            (0x9000, 7, 4, b"0232"),
            (0x9003, 2, 20, b"2024:04:30 23:59:59\0"),
            (0x9011, 2, 7, b"+02:00\0"),
            (0x927c, 7, 4, b"note"),
        ],
        &[(0x0001, 2, 2, b"N\0"), (0x001d, 2, 11, b"2024:04:30\0")],
    )
}

fn said(filter: &str, echo: &str, bytes: &[u8]) -> String {
    let world = Fake::new().bytes("/in/a.jpg", bytes);
    let rule =
        rule(&format!("rules: [{{locations: /in, filters: [{filter}], actions: [echo: \"{echo}\"]}}]"));
    world.apply_rule(&rule, "/in/a.jpg")
}

#[test]
fn tags_have_the_names_and_texts_exifread_gives_them() {
    for bytes in [picture(), jpeg(&picture())] {
        let echo = "{exif.image.make} {exif.image.model} {exif.image.orientation} {exif.exif.exposuretime} \
                    {exif.exif.exifversion} {exif.gps.gpslatituderef} {exif.image['tag 0xc6d2']}";
        let expected = "echo Canon Canon EOS R6m2 Rotated 90 CW 1/125 0232 N [1, 2]\n";
        assert_eq!(said("exif", echo, &bytes), expected);
    }
    let kept = "{exif.Image.Make} {exif.EXIF.ExposureTime}";
    assert_eq!(said("exif: {lowercase_keys: false}", kept, &picture()), "echo Canon 1/125\n");
    assert!(said("exif", "{exif.exif.makernote}", &picture()).contains("error"));
}

#[test]
fn dates_and_offsets_are_more_than_texts() {
    let echo = "{exif.image.datetime.year} {exif.exif.datetimeoriginal.strftime('%d.%m.')} {exif.gps.gpsdate} \
                {exif.exif.offsettimeoriginal.total_seconds()} {exif.image.exifoffset}";
    let said = said("exif", echo, &picture());
    assert!(said.starts_with("echo 2024 30.04. 2024-04-30 7200.0 "), "{said}");
}

#[test]
fn tags_have_to_be_there_and_their_text_to_fit() {
    let fits = |filter: &str| said(filter, "x", &picture()) == "echo x\n";
    assert!(fits("exif: image.model") && fits("exif: gps"));
    assert!(fits("exif: {image.model: 'canon eos*', image.make: null}"));
    assert!(fits("exif: {filter_tags: {image.model: '*R6*'}}"));
    assert!(fits("exif: {exif.exifversion: '0232'}"));
    assert!(!fits("exif: image.artist") && !fits("exif: thumbnail") && !fits("exif: {gps: '*'}"));
    assert!(!fits("exif: {image.model: canon}"));
    assert!(fits("not exif: {image.model: nikon*}"));
    assert!(fits("exif: {lowercase_keys: false, Image.Model: canon*}"));
}

#[test]
fn what_is_no_picture_has_no_tags() {
    for bytes in
        [&b""[..], b"II", b"II*\0", b"text", b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]
    {
        assert_eq!(said("exif", "x", bytes), "no match\n", "{bytes:?}");
        assert_eq!(said("not exif", "x", bytes), "echo x\n", "{bytes:?}");
    }
}

#[test]
fn damaged_pictures_neither_fail_nor_fall_over() {
    let whole = jpeg(&picture());
    for cut in 0..whole.len() {
        said("exif", "x", &whole[..cut]);
        let mut bytes = whole.clone();
        bytes[cut] ^= 0xff;
        said("exif", "x", &bytes);
    }
}

#[test]
fn raw_files_of_canon_and_fuji_are_pictures_too() {
    let part = |name: &[u8], content: &[u8]| {
        let size = u32::try_from(content.len() + 8).expect("short").to_be_bytes();
        [&size[..], name, content].concat()
    };
    let image = tiff(&[(0x010f, 2, 6, b"Canon\0")], &[], &[]);
    let camera = tiff(&[(0x9003, 2, 20, b"2024:04:30 23:59:59\0")], &[], &[]);
    let id = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
    let inner = [&id[..], &part(b"CNCV", b"x"), &part(b"CMT1", &image), &part(b"CMT2", &camera)].concat();
    let canon = [part(b"ftyp", b"crx \0\0\0\x01"), part(b"moov", &part(b"uuid", &inner))].concat();
    assert_eq!(
        said("exif", "{exif.image.make} {exif.exif.datetimeoriginal.year}", &canon),
        "echo Canon 2024\n"
    );
    let mut fuji = b"FUJIFILMCCD-RAW ".to_vec();
    fuji.resize(84, 0);
    fuji.extend(92u32.to_be_bytes());
    fuji.extend([0; 4]);
    fuji.extend(jpeg(&picture()));
    assert_eq!(said("exif", "{exif.image.make}", &fuji), "echo Canon\n");
}

#[test]
fn the_time_a_picture_was_taken_comes_from_the_best_tag() {
    let when = |bytes: &[u8]| taken(&Fake::new().bytes("/in/a", bytes), Path::new("/in/a")).expect("a time");
    let text = |bytes: &[u8]| when(bytes).map(|(time, offset)| format!("{time} {offset:?}"));
    assert_eq!(text(&picture()).as_deref(), Some("2024-04-30T23:59:59 Some(7200)"));
    assert_eq!(text(&photo("2024:05:01 10:11:12", None)).as_deref(), Some("2024-05-01T10:11:12 None"));
    assert_eq!(text(&photo("0000:00:00 00:00:00", None)), None);
    let late =
        tiff(&[(0x0132, 2, 20, b"2023:01:02 03:04:05\0")], &[(0x9003, 2, 20, b"    :  :     :  :  \0")], &[]);
    assert_eq!(text(&late).as_deref(), Some("2023-01-02T03:04:05 None"));
}

#[test]
fn tags_that_cannot_be_are_told() {
    let codes = |filter: &str| {
        let text = format!("rules: [{{locations: /in, filters: [{filter}], actions: [trash]}}]");
        let loaded = load(Path::new("r.yaml"), &text);
        loaded.diagnostics.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("exif: Image.Model"), ["never_matches"]);
    assert_eq!(codes("exif: [a, b]"), ["wrong_type"]);
    assert_eq!(codes("exif: {image.model: [a]}"), ["wrong_type"]);
    assert!(codes("exif: {image.model: a, lowercase_keys: no}").is_empty());
}
