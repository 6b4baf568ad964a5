//! Values of tags: as texts in the way Python's `exifread` writes them, and as the dates organize makes of these.

use jiff::civil::{Date, DateTime};
use minijinja::Value;

use super::tags::Shown;
use crate::template::{Delta, Moment};

/// What stands in a tag.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Text(String),
    /// With how many there are; beyond a limit none are read.
    Numbers(u32, Vec<Number>),
}

/// One number of a tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Whole(i64),
    Ratio(i64, i64),
    Float(f64),
}

/// Lists longer than this are cut short when they are shown.
const LONG: u32 = 50;
const SHOWN: usize = 20;

impl Content {
    /// The text rules compare and templates show.
    pub(super) fn text(&self, shown: Shown) -> String {
        match (self, shown) {
            (Self::Text(text), Shown::Words(_)) => text.chars().map(|c| format!("'{c}'")).collect(),
            (Self::Text(text), _) => text.clone(),
            (Self::Numbers(_, numbers), Shown::Text) => characters(numbers),
            (Self::Numbers(_, numbers), Shown::Words(words)) => {
                numbers.iter().map(|number| number.in_words(words)).collect()
            }
            (Self::Numbers(1, numbers), _) => {
                numbers.first().map_or_else(String::new, |number| number.text())
            }
            (Self::Numbers(count, numbers), _) if *count > LONG && numbers.len() > SHOWN => {
                format!("[{}, ... ]", listed(&numbers[..SHOWN]))
            }
            (Self::Numbers(_, numbers), _) => format!("[{}]", listed(numbers)),
        }
    }

    /// The first number, where it can be a place in the file.
    pub(super) fn place(&self) -> Option<u64> {
        match self {
            Self::Numbers(_, numbers) => match numbers.first()? {
                Number::Whole(whole) => u64::try_from(*whole).ok(),
                _ => None,
            },
            Self::Text(_) => None,
        }
    }
}

fn listed(numbers: &[Number]) -> String {
    numbers.iter().map(|number| number.text()).collect::<Vec<_>>().join(", ")
}

/// Numbers as characters; where none can be shown, as numbers after all.
fn characters(numbers: &[Number]) -> String {
    let text: String = numbers
        .iter()
        .filter_map(|number| match number {
            Number::Whole(code) => u8::try_from(*code).ok().filter(|code| *code >= 32).map(char::from),
            _ => None,
        })
        .collect();
    if text.is_empty() { format!("[{}]", listed(numbers)) } else { text }
}

impl Number {
    fn text(self) -> String {
        match self.reduced() {
            Self::Whole(whole) => whole.to_string(),
            Self::Ratio(above, below) => format!("{above}/{below}"),
            Self::Float(float) => format!("({},)", float_text(float)),
        }
    }

    fn in_words(self, words: &[(u32, &str)]) -> String {
        let whole = match self.reduced() {
            Self::Whole(whole) => u32::try_from(whole).ok(),
            _ => None,
        };
        let known = words.iter().find(|(number, _)| Some(*number) == whole);
        known.map_or_else(|| self.text(), |(_, word)| (*word).to_owned())
    }

    /// A ratio in its lowest terms, which may be a whole number.
    fn reduced(self) -> Self {
        let Self::Ratio(above, below) = self else { return self };
        if below == 0 {
            return self;
        }
        let divisor = divisor(above.unsigned_abs(), below.unsigned_abs());
        let divisor = i64::try_from(divisor).unwrap_or(1).max(1) * below.signum();
        match below / divisor {
            1 => Self::Whole(above / divisor),
            below => Self::Ratio(above / divisor, below),
        }
    }
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// A number as Python writes it: `1.0`, `1e-07`, `inf`.
fn float_text(float: f64) -> String {
    if float.is_nan() {
        return "nan".to_owned();
    }
    let text = format!("{float:?}");
    match text.split_once('e') {
        Some((number, power)) => {
            let (sign, digits) = power.strip_prefix('-').map_or(('+', power), |digits| ('-', digits));
            format!("{number}e{sign}{digits:0>2}")
        }
        None => text,
    }
}

/// What templates get: dates, times and offsets where the tag's name promises one and the text holds it.
pub(super) fn value(name: &str, text: &str) -> Value {
    let name = name.to_lowercase();
    let value = if name.contains("date") {
        let time = time(text).map(|time| Moment::Naive(time).value());
        time.or_else(|| date(text.get(..10).unwrap_or(text)).map(|date| Moment::Date(date).value()))
    } else if name.contains("offset") {
        offset(text).map(|seconds| Delta(seconds).value())
    } else {
        None
    };
    value.unwrap_or_else(|| Value::from(text))
}

/// `2024:05:01 10:11:12`, whatever may follow.
pub(super) fn time(text: &str) -> Option<DateTime> {
    let text = text.get(..19).unwrap_or(text);
    let (day, time) = text.split_once(char::is_whitespace)?;
    let [hour, minute, second] = numbers(time.trim_start())?;
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    Some(date(day)?.to_datetime(time))
}

fn date(text: &str) -> Option<Date> {
    if text.split(':').next()?.len() != 4 {
        return None;
    }
    let [year, month, day] = numbers(text)?;
    Date::new(year, small(month)?, small(day)?).ok().filter(|_| year > 0)
}

fn small(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

/// Three numbers with colons between them.
fn numbers(text: &str) -> Option<[i16; 3]> {
    let number = |part: &str| {
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    };
    let numbers: Option<Vec<i16>> = text.split(':').map(number).collect();
    numbers?.try_into().ok()
}

/// `+02:00`, `-0530`, `UTC+01:00` or `Z`, in seconds.
pub(super) fn offset(text: &str) -> Option<i64> {
    let zone = match text.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("utc") => &text[3..],
        _ => text,
    };
    let zone = zone.replace(':', "");
    let (sign, digits) = match zone.as_bytes() {
        [b'Z'] => return Some(0),
        [b'+', ..] => (1, &zone[1..]),
        [b'-', ..] => (-1, &zone[1..]),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (number, text) in [
            (Number::Whole(-3), "-3"),
            (Number::Ratio(10, 1250), "1/125"),
            (Number::Ratio(28, 10), "14/5"),
            (Number::Ratio(72, 1), "72"),
            (Number::Ratio(-6, 4), "-3/2"),
            (Number::Ratio(6, -4), "-3/2"),
            (Number::Ratio(0, 5), "0"),
            (Number::Ratio(0, 0), "0/0"),
            (Number::Float(1.5), "(1.5,)"),
            (Number::Float(1e-7), "(1e-07,)"),
            (Number::Float(2e20), "(2e+20,)"),
            (Number::Float(f64::INFINITY), "(inf,)"),
        ] {
            assert_eq!(number.text(), text);
        }
    }

    #[test]
    fn lists_are_cut_short() {
        let list =
            |count: u32| Content::Numbers(count, (0..count).map(|n| Number::Whole(n.into())).collect());
        assert_eq!(list(3).text(Shown::Plain), "[0, 1, 2]");
        assert!(list(60).text(Shown::Plain).ends_with("18, 19, ... ]"));
        assert_eq!(Content::Numbers(5000, Vec::new()).text(Shown::Plain), "[]");
        assert_eq!(Content::Numbers(4, vec![Number::Whole(48); 4]).text(Shown::Text), "0000");
        assert_eq!(Content::Numbers(1, vec![Number::Whole(1)]).text(Shown::Text), "[1]");
        assert_eq!(Content::Numbers(1, vec![Number::Whole(7)]).text(Shown::Words(&[(7, "seven")])), "seven");
    }

    #[test]
    fn dates_and_offsets_are_told_from_other_texts() {
        let shown = |name: &str, text: &str| value(name, text).to_string();
        assert_eq!(shown("datetimeoriginal", "2024:05:01 10:11:12"), "2024-05-01 10:11:12");
        assert_eq!(shown("DateTime", "2024:05:01 10:11:12+02:00"), "2024-05-01 10:11:12");
        assert_eq!(shown("gpsdate", "2024:05:01"), "2024-05-01");
        assert_eq!(shown("datetime", "2024:05:01 99:00:00"), "2024-05-01");
        assert_eq!(shown("datetime", "0000:00:00 00:00:00"), "0000:00:00 00:00:00");
        assert_eq!(shown("datetime", "    :  :     :  :  "), "    :  :     :  :  ");
        assert_eq!(shown("offsettime", "+02:00"), "2:00:00");
        assert_eq!(shown("offsettimeoriginal", "UTC-05:30"), "-1 day, 18:30:00");
        assert_eq!(shown("exifoffset", "234"), "234");
        assert_eq!(shown("model", "2024:05:01"), "2024:05:01");
    }
}
