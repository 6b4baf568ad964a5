//! Checks that the window's assets are built, and tells Tauri which commands exist and where the capabilities lie.

use std::path::Path;

#[path = "../scripts/relocations.rs"]
mod relocations;

/// Every command the window may call. A command that is not here cannot be called, whatever the handler knows.
const COMMANDS: &[&str] = &[
    "call",
    "follow_events",
    "hide",
    "hotkey_problem",
    "launch_at_login",
    "owner_words",
    "painted",
    "pick_folder",
    "set_launch_at_login",
];

fn main() {
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rerun-if-changed=../capabilities");
    if !Path::new("../ui/dist/index.html").exists() {
        fail(
            "ui/dist/index.html is missing. Build the window first: npm --prefix ui ci && npm --prefix ui run build",
        );
    }
    relocations::pack();
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("../capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        fail(&format!("{error:#}"));
    }
}

/// Ends the build with a sentence in place of a backtrace.
fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    std::process::exit(1);
}
