//! Names in the order people expect: `scan 2` before `scan 10`, capitals beside small letters.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::Entry;

/// Sorts entries by their names: stems first, then suffixes; numbers by their value; case only where nothing else
/// differs.
pub(super) fn sort(entries: &mut Vec<Entry>) {
    if entries.len() < 2 {
        return;
    }
    // Each name is taken apart once, not at each of its comparisons.
    let mut keys = Vec::with_capacity(entries.len() * 24);
    let mut order: Vec<(Range<usize>, usize)> = Vec::with_capacity(entries.len());
    for (nr, entry) in entries.iter().enumerate() {
        let start = keys.len();
        write_key(&entry.name, &mut keys);
        order.push((start..keys.len(), nr));
    }
    order.sort_unstable_by(|(a, left), (b, right)| {
        let names = || entries[*left].name.as_encoded_bytes().cmp(entries[*right].name.as_encoded_bytes());
        keys[a.clone()].cmp(&keys[b.clone()]).then_with(names)
    });
    let sorted = order.into_iter().map(|(_, nr)| {
        let Entry { name, kind } = &mut entries[nr];
        Entry { name: std::mem::take(name), kind: *kind }
    });
    *entries = sorted.collect();
}

/// Ends a stem, before anything that could go on with it.
const END: u8 = 0;
/// Begins a number, which comes before anything else.
const NUMBER: u8 = 1;
/// What every other byte is raised by, so that none of them is taken for a mark. No text has a byte above 0xF4.
const RAISED: u8 = 2;

/// Appends a name as bytes that compare as the names do.
fn write_key(name: &OsStr, key: &mut Vec<u8>) {
    let mut name = name.to_str().map_or_else(|| name.to_string_lossy(), Cow::Borrowed);
    // Some systems write `é` as two characters.
    if !name.is_ascii() && !is_nfc(&name) {
        name = Cow::Owned(name.nfc().collect());
    }
    let (stem, suffix) = split(&name);
    write_chunks(stem, key);
    key.push(END);
    write_chunks(suffix, key);
}

fn write_chunks(mut text: &str, key: &mut Vec<u8>) {
    while let Some(c) = text.chars().next() {
        if c.is_ascii_digit() {
            let (digits, rest) =
                text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
            let digits = digits.trim_start_matches('0');
            let length = u16::try_from(digits.len()).unwrap_or(u16::MAX);
            key.push(NUMBER);
            key.extend(length.to_be_bytes());
            key.extend(digits.bytes());
            text = rest;
            continue;
        }
        // Nearly all of a name is this.
        let plain = text.bytes().position(|byte| !byte.is_ascii() || byte.is_ascii_digit());
        if plain != Some(0) {
            let (letters, rest) = text.split_at(plain.unwrap_or(text.len()));
            key.extend(letters.bytes().map(|byte| byte.to_ascii_lowercase() + RAISED));
            text = rest;
            continue;
        }
        text = &text[c.len_utf8()..];
        let mut buffer = [0; 4];
        for c in c.to_lowercase() {
            key.extend(c.encode_utf8(&mut buffer).bytes().map(|byte| byte + RAISED));
        }
    }
}

/// A name and its suffixes: up to two, none longer than four characters, none beginning with a digit.
fn split(name: &str) -> (&str, &str) {
    let mut stem = name;
    for _ in 0..2 {
        let Some(dot) = stem.rfind('.').filter(|dot| *dot > 0) else { break };
        let suffix = &stem[dot + 1..];
        if suffix.is_empty() || suffix.chars().count() > 4 || suffix.starts_with(|c: char| c.is_ascii_digit())
        {
            break;
        }
        stem = &stem[..dot];
    }
    (stem, &name[stem.len()..])
}

#[cfg(test)]
mod tests {
    use usher_event::Kind;

    use super::*;

    #[test]
    fn names_are_in_the_order_people_expect() {
        let sorted = [
            "1.txt",
            "2.txt",
            "10.txt",
            "(1)",
            "A.txt",
            "a1.txt",
            "a 2.txt",
            "b.tar.gz",
            "B.txt",
            "scan 2.pdf",
            "scan 10.pdf",
            "scan 99999999999999999999999.pdf",
            "z",
        ];
        let mut names = sorted;
        names.reverse();
        assert_eq!(in_order(&names), sorted);
    }

    fn in_order(names: &[&str]) -> Vec<String> {
        let entry = |name: &&str| Entry { name: name.into(), kind: Kind::File };
        let mut entries: Vec<Entry> = names.iter().map(entry).collect();
        sort(&mut entries);
        entries.into_iter().map(|entry| entry.name.into_string().unwrap()).collect()
    }

    #[test]
    fn names_that_differ_in_case_or_leading_zeros_only_are_in_the_order_of_their_bytes() {
        assert_eq!(in_order(&["a", "A", "02", "2", "002"]), ["002", "02", "2", "A", "a"]);
        assert_eq!(in_order(&["\u{1}", "1", "\u{0}", "é", "É", "z"]), ["1", "\u{0}", "\u{1}", "z", "É", "é"]);
    }
}
