//! The agent from outside: real sockets, real folders, a home of its own for each test.

#![allow(missing_docs)]
// The exemption for tests does not reach what tests share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod editing;
mod journey;
mod live;
mod places;
mod requests;
mod room;
mod runs;
mod search;
mod sentences;
mod sharing;
#[cfg(unix)]
mod socket;
mod space;
mod typescript;
