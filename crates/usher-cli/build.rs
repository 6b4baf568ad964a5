//! See `scripts/relocations.rs`.

#[path = "../../scripts/relocations.rs"]
mod relocations;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    relocations::pack();
}
