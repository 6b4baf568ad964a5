//! Templates: organize's single-brace Jinja, compiled when a rule is loaded and filled when it looks at a subject.
//!
//! Text without a brace never reaches the template engine. Only the variables a template names are computed. What a
//! placeholder puts in is remembered by its place in the result, because the places matter: `~` and `$VAR` are expanded
//! in the text the user wrote and never in a file name, and a shell must not read a file name as a command.
//!
//! Filling is bounded: a template that loops or grows without end fails with an error.

mod asked;
mod delta;
mod depth;
mod expand;
mod field;
mod markup;
mod moment;
mod named;
mod path;
mod percent;
mod python_text;
mod scope;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Rest;
use minijinja::{AutoEscape, Environment, ErrorKind, OutputSpanKind, UndefinedBehavior, Value};
use usher_event::{Sentence, sentence};

pub use delta::Delta;
pub use moment::Moment;
pub use path::PathValue;
pub(crate) use path::inexact;
pub use python_text::{Opaque, SetValue};
pub use scope::{BASICS, Basics, Scope, Vars};

/// What one filling may cost: about this many instructions, or 64 bytes of text for each.
const FUEL: u64 = 100_000;

/// The longest text with placeholders, in bytes. The template engine counts columns in 16 bits.
const LONGEST: usize = 60_000;

/// The most items of a list that is written out.
const MOST_ITEMS: u32 = 100_000;

/// How deep such a list may nest.
const MOST_NESTED: usize = 100;

/// The name every template has in its own environment.
const NAME: &str = "template";

/// How often a template is filled again because it asked for another environment variable, or file.
const ROUNDS: usize = 16;

/// A text with placeholders.
#[derive(Clone, Default)]
pub struct Template {
    source: Box<str>,
    code: Option<Arc<Code>>,
    dollar_brace: Option<Range<usize>>,
}

struct Code {
    environment: Environment<'static>,
    names: Arc<[String]>,
}

/// A filled template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// The stretches that placeholders put there, in order.
    pub dynamic: Vec<Range<usize>>,
}

impl Filled {
    /// Whether a placeholder put in something that may stand for bytes that are not text.
    pub(crate) fn has_replacements(&self) -> bool {
        self.dynamic.iter().any(|range| self.text[range.clone()].contains(char::REPLACEMENT_CHARACTER))
    }
}

/// Why a text is no template.
#[derive(Debug)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: Sentence,
    /// Where in the text, in bytes.
    pub part: Option<Range<usize>>,
}

/// Why a template cannot be filled.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct FillError {
    /// What is in the way.
    pub message: Sentence,
    /// What the user can do.
    pub hint: Option<Sentence>,
}

impl Template {
    /// Compiles a text.
    ///
    /// # Errors
    /// When its placeholders cannot be read.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        // Jinja leaves out one line break at the end, which block scalars in YAML bring along.
        let source = line_feeds(text.strip_suffix('\n').unwrap_or(text));
        let source = &*source;
        if !source.contains('{') {
            return Ok(Self { source: source.into(), ..Self::default() });
        }
        if source.len() > LONGEST {
            let message = sentence!("template-too-long", "it is longer than {most} bytes", most = LONGEST);
            return Err(SyntaxError { message, part: None });
        }
        if depth::is_too_deep(source) {
            let message = sentence!("template-too-deep", "it is nested too deeply");
            return Err(SyntaxError { message, part: None });
        }
        let rewritten = percent::rewrite(source);
        let moved = rewritten.len() != source.len();
        let mut environment = environment()?;
        environment.add_template_owned(NAME, rewritten.into_owned()).map_err(|error| SyntaxError {
            message: describe(&error),
            // Where the source was rewritten, places in it mean nothing to the user.
            part: error.range().filter(|_| !moved),
        })?;
        if let Some(part) = named::unknown(source, &environment) {
            let message = sentence!(
                "template-unknown-filter",
                "there is no filter or test `{name}`",
                name = &source[part.clone()],
            );
            return Err(SyntaxError { message, part: Some(part) });
        }
        let template = environment
            .get_template(NAME)
            .map_err(|error| SyntaxError { message: describe(&error), part: None })?;
        let mut names: Vec<String> =
            template.undeclared_variables(false).into_iter().chain(words(source)).collect();
        names.sort_unstable();
        names.dedup();
        let code = Code { environment, names: names.into() };
        Ok(Self {
            source: source.into(),
            code: Some(Arc::new(code)),
            dollar_brace: find_dollar_brace(source),
        })
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The variables it may refer to, sorted; functions like `now` among them, and words that are no variables at all.
    pub fn variables(&self) -> &[String] {
        self.code.as_ref().map_or(&[], |code| &code.names)
    }

    /// Whether it has no placeholders.
    pub fn is_literal(&self) -> bool {
        self.code.is_none()
    }

    /// The first `${NAME}`, which looks like an environment variable and is a placeholder.
    pub fn dollar_brace(&self) -> Option<Range<usize>> {
        self.dollar_brace.clone()
    }

    /// Fills the placeholders and expands `~` and `$VAR` in the text between them.
    ///
    /// # Errors
    /// When a variable is missing, an expression fails, or the home directory is wanted and not known.
    pub fn fill(&self, scope: &dyn Scope) -> Result<Filled, FillError> {
        let (filled, own) = self.filled(scope)?;
        if expand::is_needed(&self.source) || own.contains(&true) {
            return expand::expand(&filled, &own, scope.world());
        }
        Ok(filled)
    }

    /// Fills the placeholders and leaves `~` and `$VAR` alone.
    ///
    /// # Errors
    /// When a variable is missing or an expression fails.
    pub fn render(&self, scope: &dyn Scope) -> Result<Filled, FillError> {
        Ok(self.filled(scope)?.0)
    }

    /// What is filled in, and which placeholders hold only the user's own.
    fn filled(&self, scope: &dyn Scope) -> Result<(Filled, Vec<bool>), FillError> {
        let Some(code) = &self.code else {
            return Ok((Filled { text: self.source.to_string(), dynamic: Vec::new() }, Vec::new()));
        };
        let mut environment = scope::Environ::default();
        let mut disk = asked::Disk::default();
        for _ in 0..ROUNDS {
            let frame = scope::Frame::new(&code.names, scope, &environment);
            let (outcome, unknown) = disk.lend(|| code.render(Value::from_object(frame)));
            // Neither can be listed, only asked: what was looked up and not known is fetched for another go.
            if !environment.fetch(scope.world()) & !disk.fetch(scope.world(), unknown) {
                return outcome.map_err(|error| fill_error(&error));
            }
        }
        Err(FillError {
            message: sentence!(
                "template-asks-too-much",
                "the template asks for too many things one after another"
            ),
            hint: None,
        })
    }
}

impl Code {
    fn render(&self, frame: Value) -> Result<(Filled, Vec<bool>), minijinja::Error> {
        let template = self.environment.get_template(NAME)?;
        let (text, spans) = template.render_with_spans(frame)?;
        // A statement may give any name another meaning.
        let source = Some(template.source()).filter(|source| !source.contains("{%"));
        let placeholders = || spans.iter().filter(|span| span.kind() != OutputSpanKind::Raw);
        let dynamic = placeholders().map(|span| span.output_range()).collect();
        let own = placeholders().map(|span| {
            let expression = source.and_then(|source| source.get(span.source_range()));
            expression.is_some_and(expand::is_own)
        });
        Ok((Filled { dynamic, text }, own.collect()))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.source).finish()
    }
}

impl From<FillError> for crate::actions::ActionError {
    fn from(error: FillError) -> Self {
        Self { message: error.message, hint: error.hint, source: None }
    }
}

/// The engine as organize sets it up, without templates.
static ENVIRONMENT: LazyLock<Result<Environment<'static>, String>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let syntax =
        SyntaxConfig::builder().variable_delimiters("{", "}").build().map_err(|error| error.to_string())?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_unknown_method_callback(text::method);
    environment.add_filter("truncate", text::truncate);
    environment.add_filter("center", text::center);
    environment.add_filter("int", text::int);
    environment.add_filter("float", text::float);
    environment.add_filter("format", text::format);
    environment.add_filter("wordcount", text::wordcount);
    environment.add_filter("string", text::string);
    environment.add_filter("escape", markup::escape);
    environment.add_filter("e", markup::escape);
    environment.add_filter("forceescape", markup::force_escape);
    environment.add_filter("striptags", markup::strip_tags);
    environment.add_filter("tojson", markup::to_json);
    environment.add_filter("xmlattr", markup::attributes);
    environment.add_filter("filesizeformat", minijinja_contrib::filters::filesizeformat);
    environment.add_function("cycler", |items: Rest<Value>| minijinja_contrib::globals::cycler(items.0));
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
    environment.set_formatter(python_formatter);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(100);
    environment.set_debug(true);
    Ok(environment)
});

fn environment() -> Result<Environment<'static>, SyntaxError> {
    let no_environment = |why| SyntaxError { message: Sentence::foreign(why), part: None };
    ENVIRONMENT.clone().map_err(no_environment)
}

/// A value that is a number with a fraction.
fn as_float(value: &Value) -> Option<f64> {
    let is_float = value.kind() == minijinja::value::ValueKind::Number && !value.is_integer();
    f64::try_from(value.clone()).ok().filter(|number| is_float && number.is_finite())
}

/// Writes values as Python does, since file names made by organize have them so.
fn python_formatter(
    out: &mut minijinja::Output<'_>,
    state: &mut minijinja::State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    check_short(value)?;
    match python_text::text(value)? {
        Some(text) => out.write_str(&text).map_err(Into::into),
        None => minijinja::escape_formatter(out, state, value),
    }
}

/// Refuses what cannot be written out in bounds.
fn check_short(value: &Value) -> Result<(), minijinja::Error> {
    if spend(value, &mut { MOST_ITEMS }, 0) {
        return Ok(());
    }
    Err(refused(sentence!("template-list-too-long", "the list is too long to be written out")))
}

/// Whether a value, unfolded, has no more items than `left`. Lists that share lists can be short and unfold without end.
fn spend(value: &Value, left: &mut u32, depth: usize) -> bool {
    use minijinja::value::ValueKind::{Iterable, Map, Seq};
    *left = left.saturating_sub(1);
    if depth > MOST_NESTED {
        return false;
    }
    if !matches!(value.kind(), Seq | Map | Iterable) {
        return *left > 0;
    }
    let Ok(items) = value.try_iter() else { return *left > 0 };
    for item in items {
        let inner = if value.kind() == Map { value.get_item(&item).unwrap_or_default() } else { item };
        if !spend(&inner, left, depth + 1) {
            return false;
        }
    }
    *left > 0
}

/// The text with every line break as Jinja writes it.
fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text.into() }
}

/// An error of the engine that says what we say.
fn refused(message: Sentence) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, message.to_string()).with_source(message)
}

/// What one of our own functions has refused, or the engine's words.
fn describe(error: &minijinja::Error) -> Sentence {
    let own = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Sentence>());
    own.cloned().unwrap_or_else(|| {
        Sentence::foreign(error.detail().map_or_else(|| error.kind().to_string(), str::to_owned))
    })
}

fn fill_error(error: &minijinja::Error) -> FillError {
    let part = error.template_source().zip(error.range()).and_then(|(source, range)| source.get(range));
    match (error.kind(), part) {
        (ErrorKind::UndefinedError, part) => FillError {
            message: sentence!(
                "template-no-value",
                "no value for the placeholder `{placeholder}`",
                placeholder = part.unwrap_or("?"),
            ),
            hint: Some(sentence!(
                "template-no-value-hint",
                "a filter that publishes it may be missing from the rule"
            )),
        },
        (ErrorKind::OutOfFuel, _) => FillError {
            message: sentence!("template-endless", "the template does not come to an end"),
            hint: None,
        },
        (_, Some(part)) => FillError {
            message: sentence!(
                "template-placeholder-failed",
                "the placeholder `{placeholder}` failed: {why}",
                placeholder = part,
                why = describe(error),
            ),
            hint: None,
        },
        (_, None) => FillError {
            message: sentence!("template-failed", "the template failed: {why}", why = describe(error)),
            hint: None,
        },
    }
}

/// The words of a template that are no attributes. The engine's own answer leaves out what is sliced (`path[:3]`).
fn words(source: &str) -> Vec<String> {
    let code = &source[source.find('{').unwrap_or(source.len())..];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(found) = code[at..].find(is_word) {
        let start = at + found;
        at = code[start..].find(|c| !is_word(c)).map_or(code.len(), |len| start + len);
        let attribute = code[..start].ends_with('.') || code[start..].starts_with(char::is_numeric);
        if !attribute {
            words.push(code[start..at].to_owned());
        }
    }
    words
}

/// Finds the first `${NAME}` whose name is written as environment variables are.
fn find_dollar_brace(source: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(found) = source[from..].find("${") {
        let start = from + found;
        let name = start + 2;
        let end = source[name..].find('}').map(|len| name + len)?;
        let text = &source[name..end];
        let upper = text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        if upper && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') {
            return Some(start..end + 1);
        }
        from = name;
    }
    None
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
