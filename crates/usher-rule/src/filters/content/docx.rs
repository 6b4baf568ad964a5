//! The text of Word documents: headers, body, footers.

use std::io::{BufReader, Cursor, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use zip::ZipArchive;

use usher_event::{Sentence, sentence};

use super::{TEXT_LIMIT, tidied};

const BODY: &str = "word/document.xml";

/// How much XML all parts together may unpack to.
const XML_LIMIT: u64 = 128 * 1024 * 1024;

/// How deep elements may stand in each other.
const DEPTH_LIMIT: usize = 1000;

/// No XML markup is longer than this; a tag without an end would otherwise be collected whole.
const EVENT_LIMIT: u64 = 16 * 1024 * 1024;

pub(super) fn text(bytes: Vec<u8>) -> Result<String, Sentence> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    if !names.iter().any(|name| name == BODY) {
        return Err(sentence!("content-no-word", "it is no Word document"));
    }
    let parts = |kind: &str| {
        let names = names.iter().filter(|name| is_part(name, kind)).cloned();
        names.collect::<Vec<String>>()
    };
    let mut text = String::new();
    let mut left = XML_LIMIT;
    for name in [parts("header"), vec![BODY.to_owned()], parts("footer")].concat() {
        let part = archive.by_name(&name).map_err(damaged)?;
        part_text(part, &mut left, &mut text)?;
    }
    Ok(tidied(text.trim()))
}

fn damaged(error: impl std::fmt::Display) -> Sentence {
    sentence!("content-damaged", "it is damaged: {why}", why = error.to_string())
}

/// `word/header1.xml` and its like.
fn is_part(name: &str, kind: &str) -> bool {
    let number = name.strip_prefix("word/").and_then(|name| name.strip_prefix(kind));
    let number = number.and_then(|rest| rest.strip_suffix(".xml"));
    number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// Adds the text of one XML part.
fn part_text(part: impl Read, left: &mut u64, text: &mut String) -> Result<(), Sentence> {
    let mut counted = part.take(*left + 1);
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(Bounded { inner: &mut counted, run: 0 }));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut within = false;
    let mut depth = 0usize;
    loop {
        buffer.clear();
        reader.get_mut().get_mut().run = 0;
        let event = reader.read_event_into(&mut buffer).map_err(damaged)?;
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_LIMIT {
            return Err(sentence!("content-too-deep", "it is nested too deep"));
        }
        match event {
            Event::Start(tag) => match tag.local_name().into_inner() {
                "t" => within = true,
                name => text.push_str(stands_for(name)),
            },
            Event::Empty(tag) => text.push_str(stands_for(tag.local_name().into_inner())),
            Event::End(tag) if tag.local_name().into_inner() == "t" => within = false,
            Event::Text(part) if within => text.push_str(&part.xml10_content()),
            Event::CData(part) if within => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if within => {
                if let Ok(Some(c)) = reference.resolve_char_ref() {
                    text.push(c);
                } else if let Some(known) = resolve_predefined_entity(&reference) {
                    text.push_str(known);
                }
            }
            Event::Eof => break,
            _ => {}
        }
        if text.len() > TEXT_LIMIT {
            return Err(sentence!("content-too-much-text", "it holds more than 32 MiB of text"));
        }
    }
    drop(reader);
    *left = counted.limit().saturating_sub(1);
    if counted.limit() == 0 {
        return Err(sentence!("content-unpacks-too-large", "it unpacks to more than 128 MiB"));
    }
    Ok(())
}

/// What an element other than text puts into the text.
fn stands_for(element: &str) -> &'static str {
    match element {
        "tab" => "\t",
        "br" | "cr" => "\n",
        "p" => "\n\n",
        _ => "",
    }
}

/// A reader that fails when too much is read before somebody sets it back.
struct Bounded<R> {
    inner: R,
    run: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.run > EVENT_LIMIT {
            return Err(std::io::Error::other("a tag without an end"));
        }
        let length = self.inner.read(buffer)?;
        self.run += length as u64;
        Ok(length)
    }
}
