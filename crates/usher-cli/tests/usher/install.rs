//! Installing what was built, and taking it away again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::home::Home;

fn script(home: &Home, arguments: &[&str]) -> Output {
    let plain = home.command([""; 0]);
    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/install"));
    script.args(arguments).env_clear();
    script.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.env("CARGO_TARGET_DIR", home.base().join("built")).output().unwrap()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(files_below(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files
}

#[test]
fn what_was_built_is_installed_for_desktop_and_shell_and_taken_away_to_the_last_file() {
    let home = Home::new();
    let release = home.base().join("built/release");
    fs::create_dir_all(&release).unwrap();
    let early = script(&home, &[]);
    assert!(!early.status.success());
    let said = home.said(early).err;
    assert!(said.contains("BASE/built/release/usher yet: run 'make build' first"), "{said}");

    for program in ["usher", "usher-desktop"] {
        std::os::unix::fs::symlink(assert_cmd::cargo::cargo_bin!("usher"), release.join(program)).unwrap();
    }
    let said = home.said(script(&home, &[]));
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("export PATH=\"BASE/home/.local/bin:$PATH\""), "{}", said.out);
    let local = home.path(".local");
    let version = Command::new(local.join("bin/usher")).arg("--version").output().unwrap();
    assert!(version.status.success());
    let entry = fs::read_to_string(local.join("share/applications/org.usher.Usher.desktop")).unwrap();
    let exec = format!("Exec=\"{}\" --show\n", local.join("bin/usher-desktop").display());
    assert!(entry.contains(&exec) && entry.contains("Icon=org.usher.Usher\n"), "{entry}");
    for file in [
        "share/icons/hicolor/48x48/apps/org.usher.Usher.png",
        "share/icons/hicolor/scalable/apps/org.usher.Usher.svg",
        "share/man/man1/usher.1",
        "share/bash-completion/completions/usher",
    ] {
        assert!(fs::metadata(local.join(file)).unwrap().len() > 100, "{file}");
    }

    let mine = home.write(".local/bin/mine", "mine");
    assert!(script(&home, &["--uninstall"]).status.success());
    assert_eq!(files_below(&local), [mine]);
}
