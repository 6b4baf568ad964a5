//! The `usher` command as people meet it: real processes in a home of their own.

#![expect(clippy::unwrap_used, reason = "what the tests' helpers cannot do is a failed test")]

#[cfg(target_os = "linux")]
mod bind;
#[cfg(unix)]
mod breeding;
mod confirm;
mod crash;
#[cfg(target_os = "linux")]
mod drive;
mod full_disk;
mod help;
mod home;
#[cfg(unix)]
mod hostile_names;
#[cfg(target_os = "linux")]
mod install;
mod journal;
mod looking;
mod machine;
#[cfg(target_os = "linux")]
mod night;
#[cfg(target_os = "linux")]
mod notify;
#[cfg(target_os = "linux")]
mod opening;
mod owner;
#[cfg(target_os = "linux")]
mod progress;
mod rights;
mod rule_files;
mod sweep;
#[cfg(target_os = "linux")]
mod unplugged;
mod watch;
#[cfg(target_os = "linux")]
mod watch_limit;
mod why;
