//! The engine in a hermetic home: real files, a fake clock, scripted events.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod again;
mod aliases;
mod apart;
mod archives;
mod beside;
#[cfg(unix)]
mod breeding;
mod bursts;
mod circles;
mod comings;
mod confirms;
mod damage;
mod deletes;
mod drives;
mod duplicates;
mod examples;
mod faults;
mod filing;
mod forgetting;
mod kills;
mod letters;
mod limits;
mod looking;
mod meanwhile;
mod outside;
mod sim_equals_run;
mod slowly;
mod spread;
mod twins;
mod undoing;
mod unfinished;
mod waking;
mod writing;
