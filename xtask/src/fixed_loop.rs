//! `cargo xtask loop`: compiles the fixed loop of every module from its source, and writes or compares the committed bytes.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};
use crate::tools;
use std::path::Path;

/// What `--help` prints.
pub const HELP: &str = "\
Compiles engine/evaluator/module to WebAssembly and writes engine/evaluator/loop.wasm, which the compiler puts into every
module and the server demands byte for byte. Another version of rustc may give other bytes; modules made before are then
refused by servers built after, so a change of the loop is a change of the ABI once there is a release.

  --check   change nothing; fail if the committed bytes are not those of the source (with the rustc they were made with)
";

/// The rustc whose bytes are committed.
const MADE_WITH: &str = "rustc 1.95.0";

/// Writes or compares.
pub fn run(words: &[String]) -> Outcome {
    let check = match words {
        [] => false,
        [word] if word == "--check" => true,
        _ => return usage("`cargo xtask loop` takes nothing or `--check`"),
    };
    let mut steps = Steps::new(1);
    steps.announce("loop: the fixed loop of every module");
    match make(&mut steps, check) {
        true => Outcome::Fine,
        false => Outcome::Failed,
    }
}

/// Compiles the loop; true if the committed bytes are written or the same.
pub fn make(steps: &mut Steps, check: bool) -> bool {
    if !tools::wasm_target() {
        println!("      left out: the target {} is missing", tools::WASM);
        return check;
    }
    if check && !version().starts_with(MADE_WITH) {
        println!("      left out: the bytes were made with {MADE_WITH}");
        return true;
    }
    let folder = steps::root().join("engine/evaluator/module");
    let target = steps::target().join("loop");
    let mut command = steps::cargo(&["build", "--release", "--quiet", "--target", tools::WASM]);
    command.current_dir(&folder).env("CARGO_TARGET_DIR", &target);
    if !steps.also("loop", &mut command) {
        return false;
    }
    let made = target.join(tools::WASM).join("release/keyward_loop.wasm");
    let committed = steps::root().join("engine/evaluator/loop.wasm");
    match (std::fs::read(&made), std::fs::read(&committed)) {
        (Ok(new), Ok(old)) if new == old => true,
        (Ok(_), _) if check => {
            println!("      engine/evaluator/loop.wasm is not what its source gives: run `cargo xtask loop`");
            steps.failed.push("loop".to_owned());
            false
        }
        (Ok(new), _) => write(&committed, &new),
        (Err(error), _) => {
            println!("      {} cannot be read: {error}", made.display());
            false
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> bool {
    match std::fs::write(path, bytes) {
        Ok(()) => true,
        Err(error) => {
            println!("      {} cannot be written: {error}", path.display());
            false
        }
    }
}

fn version() -> String {
    let found = std::process::Command::new("rustc").arg("--version").output();
    found.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}
