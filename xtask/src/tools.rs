//! What must be on this machine: looks, installs what it may, and says in one line what is missing and how to get it.

use crate::steps;
use std::process::{Command, Stdio};

/// The target that the evaluator is also built for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Whether `cargo nextest` is installed.
pub fn has_nextest() -> bool {
    quiet(&mut steps::cargo(&["nextest", "--version"]))
}

/// Makes sure of a component of the toolchain (`rustfmt`, `clippy`); false and one line if that is not possible.
pub fn component(name: &str, probe: &[&str]) -> bool {
    if quiet(&mut steps::cargo(probe)) {
        return true;
    }
    println!("      installing {name}: rustup component add {name}");
    if quiet(Command::new("rustup").args(["component", "add", name])) && quiet(&mut steps::cargo(probe)) {
        return true;
    }
    println!("      missing: {name}. Get it with `rustup component add {name}` (rustup: https://rustup.rs).");
    false
}

/// Makes sure of the WebAssembly target; false and one line if that is not possible.
pub fn wasm_target() -> bool {
    if has_wasm_target() {
        return true;
    }
    println!("      installing {WASM}: rustup target add {WASM}");
    if quiet(Command::new("rustup").args(["target", "add", WASM])) && has_wasm_target() {
        return true;
    }
    println!("      missing: {WASM}. Get it with `rustup target add {WASM}` (rustup: https://rustup.rs).");
    false
}

fn has_wasm_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output =
        Command::new(rustc).args(["--print", "target-libdir", "--target", WASM]).stderr(Stdio::null()).output();
    output.is_ok_and(|output| {
        output.status.success() && std::path::Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
    })
}

fn quiet(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
