//! The firmware for an emulated Cortex-M. In: the conformance cases that the tests left in `target/conformance`. Out: whether all
//! of them agree there, and what a decision takes in flash. One step of `cargo xtask test`.

use crate::steps::{self, Steps};
use std::path::PathBuf;
use std::process::Command;

/// Most bytes of flash for walking and checking tables.
const FLASH: u64 = 16 << 10;

/// Builds the firmware and runs it.
pub fn run(steps: &mut Steps) {
    let folder = steps::root().join("bindings/device/cortex-m");
    let mut build = steps::cargo(&["build", "--release", "--quiet", "--locked"]);
    // Its own folder, its own settings: none of the workspace's.
    build.current_dir(&folder).env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    if !steps.also("firmware", &mut build) {
        return;
    }
    let program = |name: &str| folder.join("target/thumbv7em-none-eabihf/release").join(name);
    match (flash(&program("size")), flash(&program("empty"))) {
        (Some(size), Some(empty)) => {
            let taken = size.saturating_sub(empty);
            println!("      flash for walking and checking tables: {taken} bytes of at most {FLASH}");
            if taken > FLASH {
                steps.failed.push("flash".to_owned());
            }
        }
        _ => println!("      flash is not measured: `size` of binutils is missing"),
    }
    let mut emulated = Command::new("qemu-system-arm");
    emulated.args(["-M", "mps2-an386", "-cpu", "cortex-m4", "-nographic", "-monitor", "none", "-serial", "none"]);
    emulated.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(program("conformance"));
    steps.also("conformance on an emulated Cortex-M4 (P3)", &mut emulated);
}

/// Bytes of code and constants.
fn flash(program: &PathBuf) -> Option<u64> {
    let output = Command::new("size").arg("-A").arg(program).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let of = |line: &str| {
        let mut words = line.split_whitespace();
        let counts = [".text", ".rodata", ".data"].contains(&words.next()?);
        if counts { words.next()?.parse::<u64>().ok() } else { None }
    };
    let sizes: Vec<u64> = text.lines().filter_map(of).collect();
    if sizes.is_empty() { None } else { Some(sizes.iter().sum()) }
}
