//! Going through the pages and drawing nothing but text.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object};

use usher_event::{Sentence, sentence};

use super::super::TEXT_LIMIT;
use super::font::Font;
use super::layout::{Piece, lines};

/// What the pages may unpack to together.
const CONTENT_LIMIT: usize = 128 * 1024 * 1024;

/// What one page, or one drawing in it, may unpack to.
const PAGE_LIMIT: usize = 32 * 1024 * 1024;

const OPERATION_LIMIT: usize = 10_000_000;

/// How many pieces the text of one page may be cut into.
const PIECE_LIMIT: usize = 500_000;

/// How deep drawings may stand in each other, and states be kept.
const DEPTH_LIMIT: usize = 16;
const STATE_LIMIT: usize = 64;

/// The text of all pages, a form feed between two of them.
pub(super) fn text(document: &Document, stop: &Arc<AtomicBool>) -> Result<String, Sentence> {
    let mut walk =
        Walk { document, stop, content: CONTENT_LIMIT, operations: OPERATION_LIMIT, fonts: HashMap::new() };
    let mut text = String::new();
    for page in document.page_iter() {
        let Ok(dictionary) = document.get_dictionary(page) else { continue };
        let content = document.get_page_content_with_limit(page, PAGE_LIMIT.min(walk.content));
        let content = content.map_err(|_| too_much())?;
        let resources = resources(document, dictionary);
        let mut pieces = Vec::new();
        walk.content(&content, resources, State::default(), 0, &mut pieces)?;
        if !text.is_empty() {
            text.push('\u{c}');
        }
        text.push_str(&lines(pieces));
        if text.len() > TEXT_LIMIT {
            return Err(too_much());
        }
    }
    Ok(text)
}

fn too_much() -> Sentence {
    sentence!("pdf-too-much", "it unpacks to more than is looked at")
}

/// The resources of a page, or those it inherits.
fn resources<'d>(document: &'d Document, page: &'d Dictionary) -> Option<&'d Dictionary> {
    let mut node = page;
    for _ in 0..STATE_LIMIT {
        if let Ok(resources) = node.get_deref(b"Resources", document) {
            return resources.as_dict().ok();
        }
        node = node.get_deref(b"Parent", document).and_then(Object::as_dict).ok()?;
    }
    None
}

struct Walk<'d> {
    document: &'d Document,
    stop: &'d AtomicBool,
    /// What may still be unpacked.
    content: usize,
    /// What may still be done.
    operations: usize,
    /// Fonts that were read, by where their dictionary is.
    fonts: HashMap<*const Dictionary, Arc<Font>>,
}

/// A change of coordinates: `[a b c d e f]` as PDF has it.
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

impl Default for Matrix {
    fn default() -> Self {
        Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Matrix {
    fn moved(x: f32, y: f32) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then the other.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, other.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    /// How much longer a line to the right, or upwards, becomes.
    fn scale(self) -> (f32, f32) {
        let [a, b, c, d, ..] = self.0;
        (a.hypot(b), c.hypot(d))
    }
}

#[derive(Clone, Default)]
struct State {
    page: Matrix,
    text: Matrix,
    line: Matrix,
    font: Option<Arc<Font>>,
    size: f32,
    leading: f32,
    letter_gap: f32,
    word_gap: f32,
    /// How much wider than usual letters are, less one.
    stretch: f32,
}

impl<'d> Walk<'d> {
    /// Goes through a content stream.
    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&'d Dictionary>,
        mut state: State,
        depth: usize,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Sentence> {
        self.content = self.content.checked_sub(content.len()).ok_or_else(too_much)?;
        let mut kept = Vec::new();
        for operation in Content::decode_iter(content) {
            // What cannot be read ends this stream and not the others.
            let Ok(operation) = operation else { break };
            self.operations = self.operations.checked_sub(1).ok_or_else(too_much)?;
            if self.stop.load(Ordering::Relaxed) {
                return Err(Sentence::foreign(""));
            }
            match operation.operator.as_str() {
                "q" if kept.len() < STATE_LIMIT => kept.push(state.clone()),
                "Q" => state = kept.pop().unwrap_or(state),
                "Do" => self.draw(&operation, resources, &state, depth, pieces)?,
                "Tf" => {
                    state.font = self.font(&operation, resources);
                    state.size =
                        operation.operands.get(1).and_then(|size| size.as_float().ok()).unwrap_or(0.0);
                }
                _ => state.apply(&operation, pieces),
            }
            if pieces.len() > PIECE_LIMIT {
                return Err(too_much());
            }
        }
        Ok(())
    }

    fn font(&mut self, operation: &Operation, resources: Option<&'d Dictionary>) -> Option<Arc<Font>> {
        let name = operation.operands.first()?.as_name().ok()?;
        let document = self.document;
        let fonts = resources?.get_deref(b"Font", document).ok()?.as_dict().ok()?;
        let dictionary = fonts.get_deref(name, document).ok()?.as_dict().ok()?;
        let font = self
            .fonts
            .entry(std::ptr::from_ref(dictionary))
            .or_insert_with(|| Arc::new(Font::new(document, dictionary)));
        Some(Arc::clone(font))
    }

    /// Goes through a drawing that is kept as an object of its own.
    fn draw(
        &mut self,
        operation: &Operation,
        resources: Option<&'d Dictionary>,
        state: &State,
        depth: usize,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Sentence> {
        let document = self.document;
        let found = || {
            let name = operation.operands.first()?.as_name().ok()?;
            let drawings = resources?.get_deref(b"XObject", document).ok()?.as_dict().ok()?;
            drawings.get_deref(name, document).ok()?.as_stream().ok()
        };
        let Some(form) = found() else { return Ok(()) };
        if depth >= DEPTH_LIMIT
            || form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind != b"Form")
        {
            return Ok(());
        }
        let Ok(content) = form.get_plain_content_with_limit(PAGE_LIMIT.min(self.content)) else {
            return Ok(());
        };
        let own = form.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        let mut state = state.clone();
        if let Ok(Object::Array(numbers)) = form.dict.get_deref(b"Matrix", document)
            && let Some(matrix) = matrix(numbers)
        {
            state.page = matrix.then(state.page);
        }
        self.content(&content, own.or(resources), state, depth + 1, pieces)
    }
}

fn matrix(numbers: &[Object]) -> Option<Matrix> {
    let numbers: Vec<f32> = numbers.iter().filter_map(|number| number.as_float().ok()).collect();
    numbers.try_into().ok().map(Matrix)
}

impl State {
    fn apply(&mut self, operation: &Operation, pieces: &mut Vec<Piece>) {
        let operands = &operation.operands;
        let number =
            |place: usize| operands.get(place).and_then(|operand| operand.as_float().ok()).unwrap_or(0.0);
        match operation.operator.as_str() {
            "cm" => self.page = matrix(operands).map_or(self.page, |matrix| matrix.then(self.page)),
            "BT" => (self.text, self.line) = Default::default(),
            "Tm" => {
                self.line = matrix(operands).unwrap_or(self.line);
                self.text = self.line;
            }
            "Td" => self.next_line(number(0), number(1)),
            "TD" => {
                self.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            "TL" => self.leading = number(0),
            "T*" => self.next_line(0.0, -self.leading),
            "Tc" => self.letter_gap = number(0),
            "Tw" => self.word_gap = number(0),
            "Tz" => self.stretch = number(0) / 100.0 - 1.0,
            "Tj" | "TJ" => self.show_all(operands, pieces),
            "'" => {
                self.next_line(0.0, -self.leading);
                self.show_all(operands, pieces);
            }
            "\"" => {
                (self.word_gap, self.letter_gap) = (number(0), number(1));
                self.next_line(0.0, -self.leading);
                self.show_all(operands.get(2..).unwrap_or_default(), pieces);
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = Matrix::moved(x, y).then(self.line);
        self.text = self.line;
    }

    fn show_all(&mut self, operands: &[Object], pieces: &mut Vec<Piece>) {
        for operand in operands {
            match operand {
                Object::String(bytes, _) => self.show(bytes, pieces),
                Object::Array(items) => {
                    for item in items {
                        match item {
                            Object::String(bytes, _) => self.show(bytes, pieces),
                            item => {
                                let back = item.as_float().unwrap_or(0.0) / 1000.0 * self.size;
                                self.step(-back * (1.0 + self.stretch));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) {
        let Some(font) = self.font.clone() else { return };
        let width = |code: usize| {
            let blank = if code == 32 && !font.wide { self.word_gap } else { 0.0 };
            font.width(code) * self.size + self.letter_gap + blank
        };
        let width = font.codes(bytes).map(width).sum::<f32>() * (1.0 + self.stretch);
        let place = self.text.then(self.page);
        let (along, up) = place.scale();
        let piece = Piece {
            text: font.decode(bytes),
            x: place.0[4],
            y: place.0[5],
            width: width * along,
            size: (self.size * up).abs(),
        };
        pieces.push(piece);
        self.step(width);
    }

    fn step(&mut self, x: f32) {
        self.text = Matrix::moved(x, 0.0).then(self.text);
    }
}
