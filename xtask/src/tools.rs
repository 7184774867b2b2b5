//! What must be on this machine: looks, installs what it may, and says in one line what is missing and how to get it.

use crate::steps;
use std::process::{Command, Stdio};

/// The target that the evaluator is also built for.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The target of boxes.
pub const BOX: &str = "thumbv7em-none-eabihf";

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
    target(WASM)
}

/// Makes sure of a target of the toolchain; false and one line if that is not possible.
pub fn target(name: &str) -> bool {
    if has_target(name) {
        return true;
    }
    println!("      installing {name}: rustup target add {name}");
    if quiet(Command::new("rustup").args(["target", "add", name])) && has_target(name) {
        return true;
    }
    println!("      missing: {name}. Get it with `rustup target add {name}` (rustup: https://rustup.rs).");
    false
}

/// Makes sure of the emulator of boxes; one line if that is not possible.
pub fn emulator() -> bool {
    package("qemu-system-arm", || quiet(Command::new("qemu-system-arm").arg("--version")))
}

/// Whether Node is here, new enough, with npm; one line if not.
pub fn node() -> bool {
    let output = Command::new("node").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0u32));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version >= (20, 19) && quiet(Command::new("npm").arg("--version")) {
        return true;
    }
    println!("      missing: Node 20.19 or later with npm. Get it from https://nodejs.org.");
    false
}

/// Makes sure of Chromium, which the tests of web pages run in; one line if that is not possible.
pub fn chromium() -> bool {
    package("chromium", || {
        std::env::var_os("KEYWARD_CHROMIUM").is_some() || quiet(Command::new("chromium").arg("--version"))
    })
}

/// Makes sure of the database and the client that the tests of the host use; one line if that is not possible.
pub fn for_the_host() -> bool {
    let curl = package("curl", || quiet(Command::new("curl").arg("--version")));
    // Debian's programs are in no path.
    let debian = || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|versions| versions.count() > 0);
    let strace = package("strace", || quiet(Command::new("strace").arg("-V")));
    let pkill = package("procps", || quiet(Command::new("pkill").arg("-V")));
    curl & strace & pkill & package("postgresql", || debian() || quiet(Command::new("initdb").arg("--version")))
}

/// Whether Python is here with what makes environments; one line if not.
pub fn python() -> bool {
    if quiet(Command::new("python3").args(["-c", "import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 9))"])) {
        return true;
    }
    println!(
        "      missing: Python 3.9 or later with venv. Get it from https://python.org, or as the package python3-venv."
    );
    false
}

/// Makes sure of a package of Debian's; `there` tells whether it is.
fn package(name: &str, there: impl Fn() -> bool) -> bool {
    if there() {
        return true;
    }
    println!("      installing {name}: apt-get install {name}");
    let apt = |words: &[&str]| quiet(Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"));
    let words = ["install", "--yes", "--no-install-recommends", name];
    if (apt(&words) || apt(&["update"]) && apt(&words)) && there() {
        return true;
    }
    println!("      missing: {name}. Get it with `apt-get install {name}`.");
    false
}

fn has_target(name: &str) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output =
        Command::new(rustc).args(["--print", "target-libdir", "--target", name]).stderr(Stdio::null()).output();
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
