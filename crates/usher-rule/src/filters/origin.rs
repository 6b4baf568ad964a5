//! `origin`: where a file was downloaded from, as browsers write it down beside the file.
//!
//! Linux keeps two extended attributes, macOS a property list in one, Windows a second stream of the file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use minijinja::Value;
use usher_event::sentence;

use super::labels::{attribute, listed, text};
use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Signs, Spec};
use crate::location::Patterns;
use crate::{Context, World};

const XDG_URL: &str = "user.xdg.origin.url";
const XDG_REFERRER: &str = "user.xdg.referrer.url";
const WHERE_FROMS: &str = "com.apple.metadata:kMDItemWhereFroms";

/// How much of a `Zone.Identifier` is read; it has a few lines.
const ZONE_LIMIT: u64 = 64 * 1024;

pub(super) const SPEC: Spec = Spec {
    positional: Some("from"),
    params: &[Param::new(
        "from",
        Kind::Texts,
        "",
        "hosts (`github.com`, subdomains included) or patterns for a host or a whole URL (`*.edu`, `https://example.com/*`), one of which has to fit the URL or the page that led to it; any origin will do where empty",
    )
    .with(Signs::Wildcards)],
    variables: &["origin"],
    dirs: false,
    systems: &["linux", "macos", "windows"],
    ..Spec::new("origin", "looks at where a file was downloaded from")
};

#[derive(Debug)]
struct Origin {
    wanted: Vec<Wanted>,
}

#[derive(Debug)]
enum Wanted {
    /// In small letters; its subdomains fit too.
    Host(String),
    Pattern(String, Patterns),
}

/// What is written beside a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Source {
    url: Option<String>,
    referrer: Option<String>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let wanted =
        reader.texts("from").into_iter().map(|(text, _)| match text.contains(['*', '?', '[', '/']) {
            true => {
                let pattern = Patterns::new([text.as_str()].into_iter(), true);
                Wanted::Pattern(text, pattern)
            }
            false => Wanted::Host(text.trim_end_matches('.').to_lowercase()),
        });
    Some(Box::new(Origin { wanted: wanted.collect() }))
}

impl Filter for Origin {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        let text = |wanted: &Wanted| match wanted {
            Wanted::Host(text) | Wanted::Pattern(text, _) => text.clone(),
        };
        match self.wanted.is_empty() {
            true => "any origin".to_owned(),
            false => self.wanted.iter().map(text).collect::<Vec<_>>().join(", "),
        }
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        if !SPEC.is_here() {
            return Err(FilterError::new(sentence!(
                "filter-no-origin",
                "files do not know where they came from on this system"
            )));
        }
        let source = source(cx.world, cx.looked_at()?)?;
        let known: Vec<&str> = source.url.iter().chain(&source.referrer).map(String::as_str).collect();
        let fits = |url: &&str| self.wanted.iter().any(|wanted| wanted.fits(url));
        let pass = !known.is_empty() && (self.wanted.is_empty() || known.iter().any(fits));
        let seen = cx.seen(|| match known.is_empty() {
            true => "no origin is written down".to_owned(),
            false => known.join(", "),
        });
        cx.publish(SPEC.name, |_| source.value());
        Ok(Verdict { pass, seen })
    }
}

impl Source {
    fn value(&self) -> Value {
        let text = |text: Option<&str>| text.map_or_else(|| Value::from(()), Value::from);
        Value::from_pairs([
            ("url", text(self.url.as_deref())),
            ("host", text(self.url.as_deref().and_then(host).as_deref())),
            ("referrer", text(self.referrer.as_deref())),
        ])
    }
}

impl Wanted {
    fn fits(&self, url: &str) -> bool {
        let host = host(url);
        match self {
            Self::Host(wanted) => host.is_some_and(|host| {
                host.strip_suffix(wanted.as_str()).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
            }),
            Self::Pattern(_, pattern) => {
                pattern.match_any(url.as_ref()) || host.is_some_and(|host| pattern.match_any(host.as_ref()))
            }
        }
    }
}

/// The host of a URL in small letters, without user and port.
fn host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) {
        return None;
    }
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None => host.split_once(':').map_or(host, |(host, _)| host),
    };
    let host = host.trim_end_matches('.').to_lowercase();
    (!host.is_empty()).then_some(host)
}

fn source(world: &dyn World, path: &Path) -> Result<Source, FilterError> {
    let full = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if cfg!(target_os = "macos") {
        let mut texts = listed(&attribute(world, path, WHERE_FROMS)?.unwrap_or_default()).into_iter();
        return Ok(Source { url: full(texts.next()), referrer: full(texts.next()) });
    }
    if cfg!(windows) {
        return Ok(zone(&world.read(&zone_path(path), ZONE_LIMIT).unwrap_or_default()));
    }
    Ok(Source { url: full(text(world, path, XDG_URL)?), referrer: full(text(world, path, XDG_REFERRER)?) })
}

/// The stream in which Windows keeps the origin of a file.
fn zone_path(path: &Path) -> PathBuf {
    let mut stream: OsString = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    stream.into()
}

/// Reads the lines of a `Zone.Identifier`.
fn zone(bytes: &[u8]) -> Source {
    let text = String::from_utf8_lossy(bytes);
    let line = |key: &str| {
        let mut values = text.lines().filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim().eq_ignore_ascii_case(key) && !value.trim().is_empty())
                .then(|| value.trim().to_owned())
        });
        values.next()
    };
    Source { url: line("HostUrl"), referrer: line("ReferrerUrl") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, rule};

    #[test]
    fn hosts_are_taken_from_urls() {
        for (url, expected) in [
            ("https://Example.com/a", Some("example.com")),
            ("https://user:pw@example.com:8080?x", Some("example.com")),
            ("http://[2001:db8::1]:80/", Some("2001:db8::1")),
            ("https://example.com.", Some("example.com")),
            ("https://evil.net/@example.com", Some("evil.net")),
            ("about:blank", None),
            ("://x", None),
            ("https:///", None),
            ("", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_host_fits_itself_and_what_is_below_it() {
        let fits = |wanted: &str, url: &str| Wanted::Host(wanted.to_owned()).fits(url);
        assert!(
            fits("github.com", "https://github.com/x") && fits("github.com", "https://codeload.github.com/x")
        );
        assert!(
            !fits("github.com", "https://notgithub.com/x")
                && !fits("github.com", "https://github.com.evil.net/")
        );
    }

    #[test]
    fn windows_keeps_lines_in_a_stream() {
        let text =
            b"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://a.org/\r\nHostUrl=https://b.org/f?x=1\r\n";
        let expected =
            Source { url: Some("https://b.org/f?x=1".into()), referrer: Some("https://a.org/".into()) };
        assert_eq!(zone(text), expected);
        assert_eq!(zone(b"\xff\xfe\0"), Source::default());
        assert_eq!(zone_path(Path::new("/in/a.zip")), Path::new("/in/a.zip:Zone.Identifier"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_url_or_the_page_before_it_fits() {
        let world = Fake::new()
            .file("/in/a", "")
            .with_attribute("/in/a", XDG_URL, b"https://objects.githubusercontent.com/f.zip")
            .with_attribute("/in/a", XDG_REFERRER, b"https://github.com/o/r/releases")
            .file("/in/b", "");
        let said = |filter: &str, path: &str| {
            let echo = "{origin.host} {origin.referrer}";
            let rule =
                rule(&format!("rules: [{{locations: /in, filters: [{filter}], actions: [echo: '{echo}']}}]"));
            world.apply_rule(&rule, path)
        };
        let both = "echo objects.githubusercontent.com https://github.com/o/r/releases\n";
        assert_eq!(said("origin: GitHub.com", "/in/a"), both);
        assert_eq!(said("origin: '*.githubusercontent.com'", "/in/a"), both);
        assert_eq!(said("origin: [x.org, 'https://github.com/o/*']", "/in/a"), both);
        assert_eq!(said("origin", "/in/a"), both);
        assert_eq!(said("origin: hub.com", "/in/a"), "no match\n");
        assert_eq!(said("origin", "/in/b"), "no match\n");
    }
}
