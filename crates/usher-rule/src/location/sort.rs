//! Names in the order people expect: `scan 2` before `scan 10`, capitals beside small letters.

use std::cmp::Ordering;
use std::ffi::OsStr;

/// Compares two names: stems first, then suffixes; numbers by their value; case only where nothing else differs.
pub(super) fn natural(a: &OsStr, b: &OsStr) -> Ordering {
    let (left, right) = (a.to_string_lossy(), b.to_string_lossy());
    let ((left_stem, left_suffix), (right_stem, right_suffix)) = (split(&left), split(&right));
    chunks(left_stem, right_stem)
        .then_with(|| chunks(left_suffix, right_suffix))
        .then_with(|| a.as_encoded_bytes().cmp(b.as_encoded_bytes()))
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

fn chunks(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let order = match (a.chars().next(), b.chars().next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => numbers(&mut a, &mut b),
            // A number comes before anything else.
            (Some(x), Some(_)) if x.is_ascii_digit() => return Ordering::Less,
            (Some(_), Some(y)) if y.is_ascii_digit() => return Ordering::Greater,
            (Some(x), Some(y)) => {
                a = &a[x.len_utf8()..];
                b = &b[y.len_utf8()..];
                x.to_lowercase().cmp(y.to_lowercase())
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Compares the digits both texts begin with as numbers of any length, and takes them off.
fn numbers(a: &mut &str, b: &mut &str) -> Ordering {
    let take = |text: &mut &str| {
        let len = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at(len);
        *text = rest;
        digits.trim_start_matches('0').to_owned()
    };
    let (x, y) = (take(a), take(b));
    x.len().cmp(&y.len()).then_with(|| x.cmp(&y))
}

#[cfg(test)]
mod tests {
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
        names.sort_by(|a, b| natural(OsStr::new(a), OsStr::new(b)));
        assert_eq!(names, sorted);
    }

    #[test]
    fn only_the_same_name_is_equal() {
        assert_eq!(natural(OsStr::new("a"), OsStr::new("a")), Ordering::Equal);
        assert_ne!(natural(OsStr::new("a"), OsStr::new("A")), Ordering::Equal);
        assert_ne!(natural(OsStr::new("02"), OsStr::new("2")), Ordering::Equal);
    }
}
