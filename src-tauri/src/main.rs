//! `usher-desktop`: Usher in the tray, with a hotkey and a window.
//!
//! Two processes of the same binary. The tray process owns the agent, or is a guest of the owner that runs; it has no
//! webview and stays small. The window process is started when the window is wanted and is one more client of the
//! control API. Rules, files and the journal are not this crate's business.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod args;
mod autostart;
mod deeds;
mod desk;
mod hotkey;
#[cfg(target_os = "linux")]
mod instance;
mod link;
mod notice;
mod resident;
mod tray;
mod window;

use std::fmt::Arguments;
use std::io::Write;
use std::process::ExitCode;
use std::thread::JoinHandle;

use args::Wanted;
use link::Owner;
use usher_agent::Directories;

fn main() -> ExitCode {
    match args::parse(std::env::args().skip(1)) {
        Ok(Wanted::Help) => print(args::HELP),
        Ok(Wanted::Version) => print(concat!("usher-desktop ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Wanted::Tray(opening)) => face(|owner| resident::run(owner, opening)),
        Ok(Wanted::Window) => face(window::host::run),
        Err(problem) => {
            stderr(format_args!("{problem}"));
            ExitCode::from(2)
        }
    }
}

/// Runs one of the two processes.
fn face(run: impl FnOnce(Owner) -> tauri::Result<()>) -> ExitCode {
    if cfg!(target_os = "linux")
        && ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none())
    {
        stderr(format_args!("there is no desktop session here; run `usher watch` for Usher without a tray"));
        return ExitCode::FAILURE;
    }
    let directories = match Directories::from_env() {
        Ok(directories) => directories,
        Err(error) => {
            stderr(format_args!("{}", sentence(&error, Some(error.hint()))));
            return ExitCode::FAILURE;
        }
    };
    match run(Owner::new(directories)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            stderr(format_args!("the desktop did not start: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// The app as `tauri.conf.json` and `capabilities/` describe it, with the window's assets.
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// An error with its causes and what to do about it, on one line.
fn sentence(error: &dyn std::error::Error, hint: Option<String>) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    match hint {
        Some(hint) => format!("{text}; {hint}"),
        None => text,
    }
}

fn print(text: &str) -> ExitCode {
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

/// Tells whoever started Usher from a terminal, or reads the session's log.
fn stderr(problem: Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "usher-desktop: {problem}");
}

/// Starts a thread that somebody would miss by name. Where the system has none left, says so and goes on.
fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map_err(|error| stderr(format_args!("no thread for {name}: {error}"))).ok()
}
