//! Usher beside organize: the same trees, the same rule files, and the same trees at the end.
//!
//! organize itself answers what is right. `scripts/oracle` installs it; `driver.py` runs many cases in one process. The
//! tables are ordered by what they are about; a case is a tree in a line and a rule file in a few. Where Usher differs on
//! purpose, the case names which of the reasons in [`deliberate`] it is, and the guide gives it at length.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what the tests' helpers cannot do is a failed test")]

mod actions;
mod case;
mod cli;
mod conflicts;
mod contents;
mod deliberate;
mod filters;
mod later;
mod loading;
mod locations;
mod made;
mod oracle;
mod random;
mod resident;
mod rules;
mod schema;
mod templates;
mod tree;
