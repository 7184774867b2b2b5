//! What was measured with: the machine, the compiler, the versions.
//! In: this machine and the lock file of the workspace. Out: pairs of a name and a value. Refuses to guess what is not said.

use std::process::Command;

const LOCK: &str = include_str!("../../../Cargo.lock");

/// Everything a reader needs to weigh the figures.
pub fn describe(quick: bool) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_string();
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    let mut facts = vec![
        ("compiler", said_by(&rustc, &["--version"]).unwrap_or_else(unknown)),
        ("processor", processor().unwrap_or_else(unknown)),
        ("cores", std::thread::available_parallelism().map_or_else(|_| unknown(), |cores| cores.to_string())),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("load before", load().unwrap_or_else(unknown)),
        ("commit", said_by("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_else(unknown)),
    ];
    for name in ["wasmtime", "cranelift-codegen", "cedar-policy", "serde_json"] {
        if let Some(version) = locked(name) {
            facts.push((name, version));
        }
    }
    let build = if cfg!(debug_assertions) { "debug: the times mean nothing" } else { "release, thin LTO" };
    facts.push(("build", build.to_string()));
    facts.push(("run", if quick { "quick: fewer requests and rounds" } else { "full" }.to_string()));
    facts.push(("clock", "processor time of the measuring thread; middle of rounds taken in turn".to_string()));
    facts
}

fn said_by(program: &str, words: &[&str]) -> Option<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let said = Command::new(program).args(words).current_dir(folder).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    said.status.success().then(|| text.trim().to_string())
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

fn load() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    Some(text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}

/// The version of a package in the lock file.
fn locked(name: &str) -> Option<String> {
    let head = format!("name = \"{name}\"\nversion = \"");
    let rest = &LOCK[LOCK.find(&head)? + head.len()..];
    rest.split('"').next().map(str::to_string)
}
