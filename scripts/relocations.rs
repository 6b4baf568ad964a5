//! Part of the build scripts of the two programs: their relocations are packed where the system can read them so.
//!
//! A program that is loaded anywhere has some thirty thousand places to set right, at 24 bytes each in the usual form and
//! a few bits in the packed one. The GNU C library reads the packed form since 2.36 and refuses it before, so that it is
//! left out where the machine that builds, and will most likely run the program, has an older one or does not say.

use std::env;
use std::process::Command;

/// The first version of the GNU C library that knows packed relocations.
const SINCE: (u32, u32) = (2, 36);

/// Tells the linker of a release build.
pub(crate) fn pack() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    let here = env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    let linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if here && linux && is("PROFILE", "release") && library().is_some_and(|version| version >= SINCE) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's GNU C library: `glibc 2.36`.
fn library() -> Option<(u32, u32)> {
    let answer = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let (major, minor) =
        str::from_utf8(&answer.stdout).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}
