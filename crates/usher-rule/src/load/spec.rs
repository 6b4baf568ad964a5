//! What can be written: every filter, action and mapping declares its parameters here once.
//!
//! The loader checks files against these declarations, and the reference table and the JSON schema are made from them,
//! so that no parameter can exist without its documentation.

/// Something with parameters: a filter, an action, a location or a rule.
#[derive(Debug)]
pub struct Spec {
    /// The name rules use.
    pub name: &'static str,
    /// One line on what it does.
    pub doc: &'static str,
    /// The parameter a bare value is taken for (`move: ~/Documents` is `dest`).
    pub positional: Option<&'static str>,
    /// All parameters.
    pub params: &'static [Param],
    /// What it publishes for templates, such as `extension`.
    pub variables: &'static [&'static str],
    /// Whether it works on directories.
    pub dirs: bool,
    /// Whether it works without a subject (actions only).
    pub standalone: bool,
    /// What keys beside the parameters mean, where it takes any.
    pub others: Option<&'static str>,
    /// The systems it works on; on others it loads with a warning, and never matches or is skipped. Everywhere, where empty.
    pub systems: &'static [&'static str],
}

impl Spec {
    /// A declaration without parameters.
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            doc,
            positional: None,
            params: &[],
            variables: &[],
            dirs: true,
            standalone: false,
            others: None,
            systems: &[],
        }
    }

    /// Whether it works on this system.
    pub fn is_here(&self) -> bool {
        self.systems.is_empty() || self.systems.contains(&std::env::consts::OS)
    }

    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// One parameter.
#[derive(Debug)]
pub struct Param {
    /// Its key.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is where it is not given, as one would write it; `None` where it must be given.
    pub default: Option<&'static str>,
    /// Whether it may be there without a value, which is as good as not being there.
    pub nothing: bool,
    /// Whether an empty text is a mistake: it names a file, a command or a name, and nothing comes of none.
    pub filled: bool,
    /// One line on what it means.
    pub doc: &'static str,
    /// What in its texts stands for more than itself.
    pub signs: Signs,
}

impl Param {
    /// A parameter with a default.
    pub const fn new(name: &'static str, kind: Kind, default: &'static str, doc: &'static str) -> Self {
        let nothing = match kind {
            Kind::Duration => true,
            Kind::Text | Kind::Int | Kind::Count(_) | Kind::Choices(_) => default.is_empty(),
            _ => false,
        };
        Self { name, kind, default: Some(default), nothing, filled: false, doc, signs: Signs::None }
    }

    /// A parameter that must be given.
    pub const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, default: None, nothing: false, filled: false, doc, signs: Signs::None }
    }

    /// The same, and nothing may stand behind it.
    pub const fn or_nothing(mut self) -> Self {
        self.nothing = true;
        self
    }

    /// The same, and what stands behind it is not empty.
    pub const fn filled(mut self) -> Self {
        self.filled = true;
        self
    }

    /// The same, with texts in which this stands for more than itself.
    pub const fn with(self, signs: Signs) -> Self {
        Self { signs, ..self }
    }

    /// What stands for more than itself in the texts that what an event brings may be put in; `None` where nothing may.
    pub(crate) fn text_signs(&self) -> Option<Signs> {
        match (self.kind, self.signs) {
            (_, Signs::Code) => None,
            (Kind::Text | Kind::Texts, signs) => Some(signs),
            (Kind::Other, Signs::Wildcards) => Some(Signs::Wildcards),
            _ => None,
        }
    }
}

/// What in a text stands for more than itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// Nothing.
    None,
    /// What does in a regular expression.
    Expression,
    /// `*` and `{field}`.
    Fields,
    /// `*`, `?` and `[a-z]`.
    Wildcards,
    /// All of it, which is a program.
    Code,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Text with placeholders.
    Template,
    /// Yes or no.
    Flag,
    /// A whole number. organize counts yes as one.
    Int,
    /// A whole number of things, so many or more; for a key that organize does not have, where yes is no number.
    Count(u32),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or several of them; lists in lists are flattened.
    Choices(&'static [&'static str]),
    /// One text or several; lists in lists are flattened.
    Texts,
    /// `500ms`, `2s`, `1m`, or a number of seconds.
    Duration,
    /// Its own shape, read by its own code: rules' filters, actions and locations, for example.
    Other,
}
