//! Puts the memory map where the linker looks for it, and passes on where the cases are. In: files. Out: settings.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("memory.x"), include_bytes!("memory.x")).expect("it can be written");
    println!("cargo:rustc-link-search={}", out.display());
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let cases = here.join("../../../target/conformance/cases.bin");
    println!("cargo:rustc-env=KEYWARD_CASES={}", cases.display());
    println!("cargo:rerun-if-changed={}", cases.display());
    println!("cargo:rerun-if-changed=memory.x");
}
