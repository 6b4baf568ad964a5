//! The notes of the Windows recycle bin, and the names of what lies in it.

/// The version of the format, as Windows 10 and later write it.
const VERSION: u64 = 2;

/// Seconds from the beginning of 1601, where Windows counts from, to that of 1970.
const ERA: i64 = 11_644_473_600;

/// What names in the bin are made of. They have to differ in more than case.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// How many letters such a name has.
const LENGTH: u32 = 6;

/// A note: where something of this size came from (in UTF-16), and when it was thrown away.
pub(super) fn note(size: u64, at: jiff::Timestamp, from: &[u16]) -> Vec<u8> {
    let moment = (at.as_second() + ERA) * 10_000_000 + i64::from(at.subsec_nanosecond()) / 100;
    let length = u32::try_from(from.len() + 1).unwrap_or(u32::MAX);
    let mut note = Vec::with_capacity(28 + from.len() * 2 + 2);
    note.extend_from_slice(&VERSION.to_le_bytes());
    note.extend_from_slice(&size.to_le_bytes());
    note.extend_from_slice(&moment.to_le_bytes());
    note.extend_from_slice(&length.to_le_bytes());
    note.extend(from.iter().chain(&[0]).flat_map(|unit| unit.to_le_bytes()));
    note
}

/// The letters that what is thrown away goes by, from a number that is as good as random.
pub(super) fn letters(number: u64) -> String {
    (0..LENGTH).map(|place| char::from(LETTERS[(number >> (place * 5)) as usize % LETTERS.len()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_what_windows_writes() {
        let from: Vec<u16> = r"C:\a".encode_utf16().collect();
        let at: jiff::Timestamp = "2020-01-02T03:04:05Z".parse().unwrap();
        let mut want = vec![2, 0, 0, 0, 0, 0, 0, 0, 0x39, 5, 0, 0, 0, 0, 0, 0];
        // 0x01D5_C119_4AC4_0080 counts tenths of microseconds since 1601.
        want.extend_from_slice(&132_224_078_450_000_000_u64.to_le_bytes());
        want.extend_from_slice(&[5, 0, 0, 0, b'C', 0, b':', 0, b'\\', 0, b'a', 0, 0, 0]);
        assert_eq!(note(1337, at, &from), want);
    }

    #[test]
    fn names_are_six_letters_and_differ_with_their_number() {
        assert_eq!(letters(0), "AAAAAA");
        assert_eq!(letters(31 << 25 | 26), "2AAAA7");
        assert_eq!(letters(u64::MAX), "777777");
    }
}
