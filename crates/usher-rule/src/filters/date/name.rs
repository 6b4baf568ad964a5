//! Dates in file names, as cameras, phones and people write them.

use jiff::civil::{Date, DateTime, Time};

/// Years before and after these are no years but other numbers.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

/// The first date in a name, with the time behind it where there is one, and midnight where not.
///
/// `2024-05-01`, `2024_05_01`, `2024.05.01`, `20240501`, and with the day first only `01.05.2024`; the time as
/// `10.11.12`, `10-11-12`, `101112`, with milliseconds or AM and PM behind it.
pub(super) fn find(name: &str) -> Option<DateTime> {
    let chars: Vec<char> = name.chars().collect();
    (0..chars.len()).filter(|at| *at == 0 || !chars[at - 1].is_ascii_digit()).find_map(|at| {
        let mut reader = Reader { chars: &chars, at };
        let date = reader.date()?;
        let time = reader.time().unwrap_or(Time::midnight());
        Some(date.to_datetime(time))
    })
}

#[derive(Clone, Copy)]
struct Reader<'c> {
    chars: &'c [char],
    at: usize,
}

impl Reader<'_> {
    fn date(&mut self) -> Option<Date> {
        let start = *self;
        self.year_first().or_else(|| {
            *self = start;
            self.day_first()
        })
    }

    fn year_first(&mut self) -> Option<Date> {
        let year = self.number(4)?;
        let separator = self.one_of(&['-', '_', '.', ' ']);
        let month = self.number(2)?;
        if let Some(separator) = separator {
            self.one_of(&[separator])?;
        }
        let day = self.number(2)?;
        // Eight digits may go on as a time; other digits behind the day make it another number.
        if separator.is_some() && self.digits() > 0 || !matches!(self.digits(), 0 | 6 | 9) {
            return None;
        }
        date(year, month, day)
    }

    fn day_first(&mut self) -> Option<Date> {
        let day = self.number_of_up_to_two()?;
        self.one_of(&['.'])?;
        let month = self.number_of_up_to_two()?;
        self.one_of(&['.'])?;
        let year = self.number(4)?;
        if self.digits() > 0 { None } else { date(year, month, day) }
    }

    fn time(&mut self) -> Option<Time> {
        if self.digits() == 0 {
            self.gap()?;
        }
        let alone = self.digits() == 1;
        let hour = self.number(if alone { 1 } else { 2 }).filter(|hour| *hour < 24)?;
        let separator = self.one_of(&['-', '_', '.', ':', 'h', '\u{a789}', '\u{2236}']);
        let minute = self.number(2).filter(|minute| *minute < 60)?;
        let second = match separator {
            Some(separator) => {
                let behind = self.one_of(&[separator, 'm']);
                behind.and_then(|_| self.number(2))
            }
            None if alone => return None,
            None => Some(self.number(2)?),
        };
        // Milliseconds may follow; anything else was no time.
        if !matches!(self.digits(), 0 | 3) {
            return None;
        }
        let hour = self.of_half_a_day(hour)?;
        let small = |number: u32| i8::try_from(number).ok();
        Time::new(small(hour)?, small(minute)?, small(second.unwrap_or(0))?, 0).ok()
    }

    /// What stands between a date and a time.
    fn gap(&mut self) -> Option<()> {
        let mut length = 0;
        while length < 6
            && (self.one_of(&[' ', '-', '_', 'T', ',', '.', '\u{202f}', '\u{a0}']).is_some()
                || self.word("at"))
        {
            length += 1;
        }
        (length > 0).then_some(())
    }

    /// The hour of a whole day, where AM or PM says which half is meant.
    fn of_half_a_day(&mut self, hour: u32) -> Option<u32> {
        let mut reader = *self;
        while reader.one_of(&[' ', '\u{202f}', '\u{a0}', '_']).is_some() {}
        let afternoon = if reader.word("PM") {
            true
        } else if reader.word("AM") {
            false
        } else {
            return Some(hour);
        };
        match (hour, afternoon) {
            (12, true) => Some(12),
            (12, false) => Some(0),
            (1..=11, true) => Some(hour + 12),
            (1..=11, false) => Some(hour),
            _ => None,
        }
    }

    /// A number of just so many digits, more of which may follow.
    fn number(&mut self, digits: usize) -> Option<u32> {
        let part = self.chars.get(self.at..self.at + digits)?;
        let number = part.iter().try_fold(0, |number, c| Some(number * 10 + c.to_digit(10)?))?;
        self.at += digits;
        Some(number)
    }

    fn number_of_up_to_two(&mut self) -> Option<u32> {
        let digits = self.digits();
        if matches!(digits, 1 | 2) { self.number(digits) } else { None }
    }

    /// How many digits follow.
    fn digits(&self) -> usize {
        self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).count()
    }

    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        let found = self.chars.get(self.at).copied().filter(|c| wanted.contains(c))?;
        self.at += 1;
        Some(found)
    }

    /// A word in any case with no letter behind it.
    fn word(&mut self, word: &str) -> bool {
        let end = self.at + word.len();
        let here = self.chars.get(self.at..end).is_some_and(|part| {
            part.iter().zip(word.chars()).all(|(c, wanted)| c.eq_ignore_ascii_case(&wanted))
        });
        let found = here && !self.chars.get(end).is_some_and(|c| c.is_alphabetic());
        if found {
            self.at = end;
        }
        found
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_in_names() {
        for (name, expected) in [
            ("2024-05-01.jpg", "2024-05-01T00:00:00"),
            ("Report 2024_05_01 final.pdf", "2024-05-01T00:00:00"),
            ("20240501_101112.jpg", "2024-05-01T10:11:12"),
            ("IMG_20240501_101112.jpg", "2024-05-01T10:11:12"),
            ("PXL_20240501_101112345.MP.jpg", "2024-05-01T10:11:12"),
            ("20240501101112.mov", "2024-05-01T10:11:12"),
            ("IMG-20240501-WA0001.jpg", "2024-05-01T00:00:00"),
            ("Screenshot 2024-05-01 at 10.11.12.png", "2024-05-01T10:11:12"),
            ("Screenshot 2024-05-01 at 1.11.12 PM.png", "2024-05-01T13:11:12"),
            ("Screenshot 2024-05-01 at 01.11.12\u{202f}PM.png", "2024-05-01T13:11:12"),
            ("Screenshot 2024-05-01 at 12.11.12 AM.png", "2024-05-01T00:11:12"),
            ("Screenshot from 2024-05-01 10-11-12.png", "2024-05-01T10:11:12"),
            ("2024-05-01T10:11:12.000Z.log", "2024-05-01T10:11:12"),
            ("signal-2024-05-01-101112.jpg", "2024-05-01T10:11:12"),
            ("2024-05-01 10.11.jpg", "2024-05-01T10:11:00"),
            ("Rechnung 01.05.2024.pdf", "2024-05-01T00:00:00"),
            ("1.5.2024.pdf", "2024-05-01T00:00:00"),
            ("31.12.1999", "1999-12-31T00:00:00"),
            ("2024.02.29 x", "2024-02-29T00:00:00"),
            ("99999 20240501", "2024-05-01T00:00:00"),
            ("20240501-12", "2024-05-01T00:00:00"),
            ("20240501_256199", "2024-05-01T00:00:00"),
        ] {
            let found = find(name).map(|time| time.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for name in [
            "2024-13-01",
            "2023-02-29",
            "32.01.2024",
            "05/01/2024",
            "01-05-2024",
            "12345678",
            "120240501",
            "202405011",
            "2024-05-011",
            "IMG_0001",
            "18000101",
            "2024-05",
            "20245",
            "",
            "٢٠٢٤-٠٥-٠١",
            "v1.2.2024x".trim_end_matches("2.2024x"),
        ] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
