//! What to do: rule documents become typed rules, and typed rules say what they would do.
//!
//! Nothing in here touches the disk, reads a clock or starts a process. A rule sees the world through the [`World`]
//! trait and answers with data: a verdict, an account of that verdict, or a [`Step`] made of [`Op`]s. The engine owns
//! doing; that is what makes a preview cost nothing and a plan mean what it says.
//!
//! | room | its job |
//! |---|---|
//! | [`document`] | text to a tree of nodes with spans, bounded against hostile input |
//! | [`diagnostic`] | what is wrong with a rule file, where, and how to mend it |
//! | [`lints`] | what a rule file may say and probably does not mean |
//! | [`mod@load`] | nodes to typed rules, collecting every problem |
//! | [`rule`], [`group`], [`location`] | the typed rule, its filters together, and the places it covers |
//! | [`example`] | the tests that stand in a rule |
//! | [`filters`] | one file a filter |
//! | [`occasions`] | what a rule waits for and wants to be so, one file a noun |
//! | [`actions`] | one file an action |
//! | [`template`] | organize's single-brace templates |
//! | `brought` | what an event brings, put into the texts of filters and guards |
//! | [`mod@schema`], [`reference`] | the language for editors and for readers |
//! | [`python`] | the user's Python: what it is given and what it answers |
//! | [`step`] | what an action answers with |
//! | [`account`] | why a rule did or did not match |
//! | [`archive`] | what is in an archive, read without trust |
//! | [`name`] | file names taken apart |
//! | [`tags`] | tags as platforms keep them |

pub mod account;
pub mod actions;
pub mod archive;
mod brought;
pub mod context;
pub mod diagnostic;
pub mod document;
pub mod example;
pub mod filters;
pub mod group;
pub mod lints;
pub mod load;
pub mod location;
pub mod name;
pub mod occasions;
pub mod python;
pub mod reference;
pub mod rule;
pub mod schema;
pub mod step;
pub mod tags;
pub mod template;
pub mod world;

#[cfg(test)]
mod fake;

pub use account::{FilterAccount, Outcome, RuleAccount};
pub use context::Context;
pub use diagnostic::{Diagnostic, Severity, Span};
pub use example::{Example, ExampleContent, Expected};
pub use load::{Loaded, load};
pub use location::{Root, Walk};
pub use python::{PythonAnswer, PythonCall};
pub use rule::{Repeat, Rule, Targets};
pub use step::{Command, Inquiry, LinkKind, Op, PythonStep, Resolution, Spawn, Step, WriteMode};
pub use world::{Content, Entry, Stat, World};
