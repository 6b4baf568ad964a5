//! A disk without room for what a rule wants to put there.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::{Home, names};

/// A tiny file system, gone when this is dropped.
struct TinyDisk(PathBuf);

impl TinyDisk {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(at.to_path_buf()))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_named_and_the_source_stays() {
    let home = Home::with_rules("rules: [{locations: ~/in, actions: [{move: ~/tiny/}]}]");
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else {
        eprintln!("skipped: only root may mount a file system");
        return;
    };
    let big = vec![b'x'; 1 << 20];
    home.write("in/big", &big);
    home.write("in/small", "small");
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.err.contains("in/big") && said.err.contains("the disk is full"), "{}", said.err);
    assert_eq!(fs::read(home.path("in/big")).unwrap(), big);
    assert_eq!(
        names(&home.path("tiny")),
        ["small"],
        "nothing unfinished is left, and the next file is filed"
    );
}
