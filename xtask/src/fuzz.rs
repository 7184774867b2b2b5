//! `cargo xtask fuzz`: runs the fuzz targets, each an example `fuzz_NAME` of the tests crate, built for release.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};

/// What `--help` prints.
pub const HELP: &str = "\
Runs the targets tests/examples/fuzz_NAME.rs, built for release, one after another; a finding fails the run. Without
names it runs all. Words after `--` go to the target.

  cargo xtask fuzz [NAME...] [--seconds N] [-- WORDS...]
  --seconds N   for each target, 60 unless told
  --list        only name them
";

/// Runs the targets that were asked for.
pub fn run(words: &[String]) -> Outcome {
    let (mut names, rest) = split(words);
    let all = examples("fuzz_");
    if names.iter().any(|name| name == "--list") {
        all.iter().for_each(|name| println!("{name}"));
        return Outcome::Fine;
    }
    let mut seconds = "60".to_owned();
    if let Some(at) = names.iter().position(|name| name == "--seconds") {
        let Some(given) = names.get(at + 1).filter(|word| word.parse::<u64>().is_ok()) else {
            return usage("`--seconds` needs a whole number");
        };
        seconds.clone_from(given);
        names.drain(at..=at + 1);
    }
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        return usage(&format!("there is no target `{unknown}`, only {all:?}"));
    }
    let chosen = if names.is_empty() { all } else { names };
    let mut steps = Steps::new(chosen.len());
    for name in &chosen {
        let example = format!("fuzz_{name}");
        let mut command =
            steps::cargo(&["run", "--release", "--quiet", "--package", "keyward-tests", "--example", &example, "--"]);
        command.args(["--seconds", &seconds]).args(rest);
        steps.run(name, &mut command);
    }
    Outcome::of(steps.failed.is_empty())
}

/// The names behind `prefix` in tests/examples, sorted.
fn examples(prefix: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(steps::root().join("tests/examples")) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|file| Some(file.strip_suffix(".rs")?.strip_prefix(prefix)?.to_owned()))
        .collect();
    names.sort();
    names
}

/// The words before and after `--`.
fn split(words: &[String]) -> (Vec<String>, &[String]) {
    let at = words.iter().position(|word| word == "--").unwrap_or(words.len());
    (words[..at].to_vec(), words.get(at + 1..).unwrap_or_default())
}
