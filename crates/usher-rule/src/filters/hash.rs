//! `hash`: the checksum of a file's content, as people know it from `md5sum` and Python's `hashlib`.

use std::io::{self, Read};

use blake2::{Blake2b512, Blake2s256};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use usher_event::sentence;

use super::{Filter, FilterError, Tried, Verdict};
use crate::load::{Kind, Param, Reader, Spec, list};
use crate::template::Template;
use crate::{Context, Diagnostic, Rule, Stat};

pub(super) const SPEC: Spec = Spec {
    positional: Some("algorithm"),
    params: &[Param::new(
        "algorithm",
        Kind::Template,
        "md5",
        "how: `md5`, `sha1`, `sha224` to `sha512`, `sha3_224` to `sha3_512`, `blake2b`, `blake2s`, `blake3` or `crc32`",
    )],
    variables: &["hash"],
    dirs: false,
    ..Spec::new("hash", "lets every file through and offers the checksum of its content")
};

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// The size from which on reading all of a file takes longer than a blink: some 50 ms from a quick disk.
const LONG: u64 = 16 * 1024 * 1024;

#[derive(Debug)]
struct Hash {
    algorithm: Template,
}

/// A checksum in the making.
enum Sum {
    Digest(Box<dyn DynDigest>),
    Blake3(Box<blake3::Hasher>),
    Crc32(crc32fast::Hasher),
}

/// Begins a checksum.
type New = fn() -> Sum;

/// Every algorithm; underscores and dashes in its name do not count.
const ALGORITHMS: &[(&str, New)] = &[
    ("md5", || Sum::Digest(Box::<Md5>::default())),
    ("sha1", || Sum::Digest(Box::<Sha1>::default())),
    ("sha224", || Sum::Digest(Box::<Sha224>::default())),
    ("sha256", || Sum::Digest(Box::<Sha256>::default())),
    ("sha384", || Sum::Digest(Box::<Sha384>::default())),
    ("sha512", || Sum::Digest(Box::<Sha512>::default())),
    ("sha512_224", || Sum::Digest(Box::<Sha512_224>::default())),
    ("sha512_256", || Sum::Digest(Box::<Sha512_256>::default())),
    ("sha3_224", || Sum::Digest(Box::<Sha3_224>::default())),
    ("sha3_256", || Sum::Digest(Box::<Sha3_256>::default())),
    ("sha3_384", || Sum::Digest(Box::<Sha3_384>::default())),
    ("sha3_512", || Sum::Digest(Box::<Sha3_512>::default())),
    ("blake2b", || Sum::Digest(Box::<Blake2b512>::default())),
    ("blake2s", || Sum::Digest(Box::<Blake2s256>::default())),
    ("blake3", || Sum::Blake3(Box::default())),
    ("crc32", || Sum::Crc32(crc32fast::Hasher::new())),
];

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let algorithm = reader.template("algorithm");
    if let Some(node) = reader.node("algorithm").filter(|_| algorithm.is_literal())
        && let Err(error) = Sum::named(algorithm.source())
    {
        let problem = Diagnostic::warning("hash_unknown", node.head(), error.message);
        reader.problems().push(
            problem.help(sentence!(
                "lint-hash-unknown-help",
                "every file fails here until another one is named"
            )),
        );
    }
    Some(Box::new(Hash { algorithm }))
}

impl Sum {
    fn named(name: &str) -> Result<Self, FilterError> {
        let plain = |name: &str| name.trim().to_ascii_lowercase().replace(['_', '-'], "");
        let wanted = plain(name);
        if matches!(wanted.as_str(), "shake128" | "shake256") {
            return Err(FilterError::new(sentence!(
                "hash-any-length",
                "`{name}` makes checksums of any length, and no length can be given here",
                name = name
            )));
        }
        let found = ALGORITHMS.iter().find(|(known, _)| plain(known) == wanted);
        found.map(|(_, new)| new()).ok_or_else(|| {
            let known = list(ALGORITHMS.iter().map(|(known, _)| *known));
            FilterError::new(sentence!(
                "hash-unknown",
                "there is no hash algorithm `{name}`; there are {known}",
                name = name,
                known = known
            ))
        })
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Digest(digest) => digest.update(bytes),
            Self::Blake3(hasher) => drop(hasher.update(bytes)),
            Self::Crc32(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> String {
        match self {
            Self::Digest(digest) => digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            Self::Blake3(hasher) => hasher.finalize().to_hex().to_string(),
            Self::Crc32(hasher) => format!("{:08x}", hasher.finalize()),
        }
    }

    /// The checksum of everything that can be read.
    fn of(mut self, mut content: impl Read) -> io::Result<String> {
        let mut buffer = vec![0; CHUNK];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => return Ok(self.finish()),
                Ok(length) => self.update(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Filter for Hash {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.algorithm.source().to_owned()
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.algorithm]
    }

    fn takes_long(&self, subject: &Stat, rule: &Rule) -> bool {
        subject.size >= LONG && rule.uses(SPEC.name)
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let name = self.algorithm.fill(cx).map_err(|error| FilterError::new(error.message))?.text;
        let sum = Sum::named(&name)?;
        // Reading a whole file is worth it only where somebody asks for the result.
        if !cx.rule.uses(SPEC.name) && !cx.explaining {
            return Ok(Verdict { pass: true, seen: String::new() });
        }
        let path = cx.looked_at()?;
        let hash = cx
            .world
            .open(path)
            .and_then(|content| sum.of(content))
            .map_err(|error| FilterError::io(Tried::Read, path, error))?;
        let seen = cx.seen(|| hash.clone());
        cx.publish(SPEC.name, |_| hash.into());
        Ok(Verdict { pass: true, seen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, rule};

    fn sum(name: &str, content: &str) -> String {
        Sum::named(name).expect(name).of(content.as_bytes()).expect("a sum")
    }

    #[test]
    fn checksums_are_those_of_pythons_hashlib() {
        for (name, of_abc) in [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("SHA3-224", "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
            ("sha3_256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
            ("blake2s", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"),
            ("blake3", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"),
            ("crc32", "352441c2"),
        ] {
            assert_eq!(sum(name, "abc"), of_abc, "{name}");
        }
        for (name, length, start) in [
            ("sha384", 96, "cb00753f"),
            ("sha512", 128, "ddaf35a1"),
            ("sha512_256", 64, "53048e26"),
            ("sha3_384", 96, "ec01498288"),
            ("sha3_512", 128, "b751850b1a"),
            ("blake2b", 128, "ba80a53f"),
        ] {
            let sum = sum(name, "abc");
            assert!(sum.len() == length && sum.starts_with(start), "{name} {sum}");
        }
    }

    #[test]
    fn the_algorithm_may_be_a_template() {
        let world = Fake::new().file("/in/sha256.txt", "abc");
        let said =
            world.run_with("filters: [name, hash: '{name}']", "- echo: '{hash[:8]}'", "/in/sha256.txt");
        assert_eq!(said, "echo ba7816bf\n");
        let said = world.run_with("filters: [hash]", "- echo: '{hash}'", "/in/sha256.txt");
        assert_eq!(said, "echo 900150983cd24fb0d6963f7d28e17f72\n");
    }

    #[test]
    fn an_unknown_algorithm_is_an_error_for_each_file() {
        let world = Fake::new().file("/in/a", "");
        for name in ["md6", "shake_128", ""] {
            let rule =
                rule(&format!("rules: [{{locations: /in, filters: [hash: '{name}'], actions: [trash]}}]"));
            world.looking(&rule, "/in/a", |cx| {
                assert!(!rule.matches(cx));
                let said = cx.filter_errors[0].to_string();
                assert_ne!(said.contains("md5"), name.starts_with("shake"), "{said}");
            });
        }
    }

    #[test]
    fn a_file_is_read_only_where_the_sum_is_used() {
        let world = Fake::new().file("/in/a", "");
        world.run_with("filters: [hash]", "- echo: hello", "/in/a");
        assert_eq!(world.reads(), 0);
    }
}
