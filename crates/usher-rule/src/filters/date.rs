//! `date`: when something was made, from the first of several sources that knows.
//!
//! A photo knows best itself; a screenshot has it in its name; everything else has the times the disk keeps.

mod name;

use jiff::tz::Offset;
use jiff::{Timestamp, Zoned};
use usher_event::{Kind as Thing, sentence};

use super::age::{Age, DAYS, HOURS, MINUTES, MODE, MONTHS, SECONDS, TIMEZONE, WEEKS, YEARS};
use super::{Filter, FilterError, Verdict, exif};
use crate::load::{Kind, Param, Reader, Spec, list, nearest};
use crate::template::Moment;
use crate::{Context, Diagnostic};

pub(super) const SPEC: Spec = Spec {
    positional: Some("from"),
    params: &[
        Param::new(
            "from",
            Kind::Texts,
            "exif, name, created",
            "where to look, in this order, one after the other or separated by commas: `exif`, `name`, `created`, `lastmodified`",
        ),
        YEARS,
        MONTHS,
        WEEKS,
        DAYS,
        HOURS,
        MINUTES,
        SECONDS,
        MODE,
        TIMEZONE,
    ],
    variables: &["date"],
    ..Spec::new("date", "finds out when something was made: from the camera, the name or the disk")
};

#[derive(Debug)]
struct Date {
    from: Vec<Source>,
    age: Age,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Exif,
    Name,
    Created,
    LastModified,
}

const SOURCES: &[(&str, Source)] = &[
    ("exif", Source::Exif),
    ("name", Source::Name),
    ("created", Source::Created),
    ("lastmodified", Source::LastModified),
];

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let age = Age::read(reader);
    let texts = reader.texts("from");
    let mut from = Vec::new();
    for (text, node) in &texts {
        for word in text.split(',').map(str::trim) {
            match SOURCES.iter().find(|(name, _)| *name == word) {
                Some((_, source)) => from.push(*source),
                None => {
                    let names = || SOURCES.iter().map(|(name, _)| *name);
                    let known = list(names());
                    let help = match nearest(word, names()) {
                        Some(near) => sentence!(
                            "lint-did-you-mean-of",
                            "did you mean `{near}`? There are {known}",
                            near = near,
                            known = known
                        ),
                        None => sentence!("lint-there-are", "there are {known}", known = known),
                    };
                    let message =
                        sentence!("lint-no-date-from", "no date can be had from `{word}`", word = word);
                    reader
                        .problems()
                        .push(Diagnostic::error("unknown_value", node.head(), message).help(help));
                }
            }
        }
    }
    if texts.is_empty() {
        from = vec![Source::Exif, Source::Name, Source::Created];
    }
    Some(Box::new(Date { from, age }))
}

impl Source {
    /// What `why` calls it.
    fn spoken(self) -> &'static str {
        match self {
            Self::Exif => "from the camera",
            Self::Name => "from its name",
            Self::Created => "when it was created",
            Self::LastModified => "when it was last modified",
        }
    }
}

impl Date {
    /// The date and where it is from, if any source has one.
    fn find(&self, cx: &Context<'_>, now: &Zoned) -> Result<Option<(Zoned, Source)>, FilterError> {
        let stat = cx.stat()?;
        let path = cx.looked_at()?;
        for source in &self.from {
            let zoned = |time: Timestamp| self.age.zoned(time, now);
            let found = match source {
                Source::Exif if stat.kind != Thing::File => None,
                Source::Exif => exif::taken(cx.world, path)?.and_then(|(time, offset)| {
                    // With its offset the picture's own time of day is kept, wherever it was.
                    let offset =
                        offset.and_then(|seconds| Offset::from_seconds(i32::try_from(seconds).ok()?).ok());
                    match offset {
                        Some(offset) => {
                            offset.to_timestamp(time).ok().map(|time| time.to_zoned(offset.to_time_zone()))
                        }
                        None => time.to_zoned(now.time_zone().clone()).ok(),
                    }
                }),
                Source::Name => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    name::find(&name).and_then(|time| time.to_zoned(now.time_zone().clone()).ok())
                }
                Source::Created => stat.created.map(zoned),
                Source::LastModified => Some(zoned(stat.modified)),
            };
            if let Some(found) = found {
                return Ok(Some((found, *source)));
            }
        }
        Ok(None)
    }
}

impl Filter for Date {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        let name =
            |source: &Source| SOURCES.iter().find(|(_, known)| known == source).map_or("", |(name, _)| name);
        let from: Vec<&str> = self.from.iter().map(name).collect();
        format!("{} from {}", self.age.wanted(), from.join(", "))
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let now = cx.world.now();
        let Some((date, source)) = self.find(cx, &now)? else {
            return Ok(Verdict { pass: false, seen: cx.seen(|| "no date anywhere".to_owned()) });
        };
        let pass = self.age.holds(date.timestamp(), &now);
        let seen = cx.seen(|| format!("{} ({})", date.strftime("%Y-%m-%d %H:%M:%S"), source.spoken()));
        cx.publish(SPEC.name, |_| Moment::Aware(date).value());
        Ok(Verdict { pass, seen })
    }

    fn watches_clock(&self) -> bool {
        !self.age.is_any()
    }

    fn next_change(&self, cx: &Context<'_>) -> Option<Timestamp> {
        let now = cx.world.now();
        let (date, _) = self.find(cx, &now).ok()??;
        self.age.next_change(date.timestamp(), &now)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::exif::tests::photo;
    use crate::fake::{Fake, rule};
    use crate::load;

    fn seen(filter: &str, path: &str, bytes: &[u8]) -> (bool, String) {
        let world = Fake::new().bytes(path, bytes).modified(path, "2026-01-02T03:04:05Z");
        let rule = rule(&format!("rules: [{{locations: /in, filters: [{filter}], actions: [trash]}}]"));
        let account = world.looking(&rule, path, |cx| rule.explain(cx));
        (account.matched, account.filters[0].seen.clone().unwrap_or_default())
    }

    fn from(filter: &str, path: &str, bytes: &[u8]) -> String {
        seen(filter, path, bytes).1
    }

    #[test]
    fn the_first_source_that_knows_counts() {
        let chain = "date: 'exif, name, lastmodified'";
        let photo = photo("2024:05:01 10:11:12", None);
        assert_eq!(
            from(chain, "/in/IMG-20230101-WA0001.jpg", &photo),
            "2024-05-01 10:11:12 (from the camera)"
        );
        assert_eq!(from(chain, "/in/IMG-20230101-WA0001.jpg", b""), "2023-01-01 00:00:00 (from its name)");
        assert_eq!(from(chain, "/in/a.jpg", b""), "2026-01-02 04:04:05 (when it was last modified)");
        assert_eq!(
            from("date: [name, exif]", "/in/2022-02-02.jpg", &photo),
            "2022-02-02 00:00:00 (from its name)"
        );
        assert_eq!(seen("date", "/in/a.jpg", b""), (false, "no date anywhere".to_owned()));
        assert!(
            seen("date: {from: lastmodified, timezone: UTC}", "/in/a", b"")
                .1
                .starts_with("2026-01-02 03:04:05")
        );
    }

    #[test]
    fn a_picture_keeps_its_own_time_of_day() {
        let photo = photo("2024:05:01 10:11:12", Some("+09:00"));
        let world = Fake::new().bytes("/in/a.jpg", &photo);
        let said = world.run_with("filters: [date: exif]", "- echo: '{date} {date.year}'", "/in/a.jpg");
        assert_eq!(said, "echo 2024-05-01 10:11:12+09:00 2024\n");
    }

    #[test]
    fn dates_can_be_older_or_newer() {
        let filter = |more: &str| format!("date: {{from: name, {more}}}");
        assert!(seen(&filter("days: 30"), "/in/2026-01-01", b"").0);
        assert!(!seen(&filter("days: 30"), "/in/2026-03-30", b"").0);
        assert!(seen(&filter("days: 30, mode: newer"), "/in/2026-03-30", b"").0);
    }

    #[test]
    fn an_unknown_source_is_told() {
        let loaded =
            load(Path::new("r.yaml"), "rules: [{locations: /in, filters: [date: exfi], actions: [trash]}]");
        assert_eq!(loaded.diagnostics[0].code, "unknown_value");
        assert!(loaded.diagnostics[0].help.as_ref().is_some_and(|help| help.contains("did you mean `exif`")));
    }
}
