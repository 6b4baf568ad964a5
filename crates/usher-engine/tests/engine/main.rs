//! The engine in a hermetic home: real files, a fake clock, scripted events.

mod circles;
mod filing;
mod kills;
mod sim_equals_run;
mod spread;
mod undoing;
mod unfinished;
