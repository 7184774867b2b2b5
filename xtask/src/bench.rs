//! `cargo xtask bench`: runs the measurements, each an example `bench_NAME` of the tests crate, built for release.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};

/// What `--help` prints.
pub const HELP: &str = "\
Runs the measurements tests/examples/bench_NAME.rs, built for release, and prints what they print. Without names it
runs all. Words after `--` go to the measurement.

  cargo xtask bench [NAME...] [-- WORDS...]
  --list      only name them
";

/// Runs the measurements that were asked for.
pub fn run(words: &[String]) -> Outcome {
    let (names, rest) = split(words);
    let all = examples("bench_");
    if names.iter().any(|name| *name == "--list") {
        all.iter().for_each(|name| println!("{name}"));
        return Outcome::Fine;
    }
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        return usage(&format!("there is no measurement `{unknown}`, only {all:?}"));
    }
    let chosen = if names.is_empty() { all } else { names };
    let mut steps = Steps::new(chosen.len());
    for name in &chosen {
        let example = format!("bench_{name}");
        let mut command =
            steps::cargo(&["run", "--release", "--quiet", "--package", "keyward-tests", "--example", &example, "--"]);
        command.args(rest);
        steps.run(name, &mut command);
    }
    Outcome::of(steps.failed.is_empty())
}

/// The names behind `prefix` in tests/examples, sorted.
pub fn examples(prefix: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(steps::root().join("tests/examples")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|file| Some(file.trim_end_matches(".rs").strip_prefix(prefix)?.to_owned()))
        .collect();
    names.sort();
    names
}

/// The words before and after `--`.
pub fn split(words: &[String]) -> (Vec<String>, &[String]) {
    let at = words.iter().position(|word| word == "--").unwrap_or(words.len());
    (words[..at].to_vec(), words.get(at + 1..).unwrap_or_default())
}
