//! Texts that drives, devices and networks are known by, with `*` and `?`.

use std::ffi::OsStr;

use crate::load::{Kind, Param, Reader, Signs};
use crate::location::Patterns;

/// A parameter that takes such texts.
pub(super) const fn patterns(name: &'static str, doc: &'static str) -> Param {
    Param::new(name, Kind::Texts, "", doc).with(Signs::Wildcards)
}

/// One or several patterns, in any case; everything fits where none is given.
#[derive(Debug)]
pub(super) struct Texts(Option<Patterns>);

impl Texts {
    /// Reads a parameter.
    pub(super) fn read(reader: &mut Reader<'_, '_>, name: &'static str) -> Self {
        let texts = reader.texts(name);
        let given = !texts.is_empty();
        Self(given.then(|| Patterns::new(texts.iter().map(|(text, _)| text.as_str()), true)))
    }

    /// Whether a text fits. One that is not known fits only where anything does.
    pub(super) fn fit(&self, text: Option<&str>) -> bool {
        match &self.0 {
            None => true,
            Some(patterns) => text.is_some_and(|text| patterns.match_any(OsStr::new(text))),
        }
    }
}
