//! Fuzzing without a nightly compiler: targets as plain functions, a mutator of our own, corpora in `tests/corpus`.
//! In: a target, bytes. Out: how many inputs were tried, or the one that made a target panic or take too long.
//! Refuses to know what a target does with its bytes.

mod hosts;
mod mutate;
mod targets;

pub use mutate::mutate;
pub use targets::TARGETS;

use crate::generate::Random;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name; its corpus stands in the folder of this name.
    pub name: &'static str,
    /// What it does with the bytes. It may only return.
    pub run: fn(&[u8]),
}

/// A single input may take so long; inputs are small, so more is a hang in the making.
const PATIENCE: Duration = Duration::from_secs(20);

/// The inputs every run of a target starts from: its corpus, the shipped policies where it reads policies, and random ones.
pub fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = entries(&here.join("corpus").join(target.name));
    if matches!(target.name, "parse" | "format" | "check" | "build") {
        files.extend(entries(&here.join("../policies")).iter().flat_map(|folder| entries(folder)));
    }
    let mut seeds: Vec<Vec<u8>> = files.iter().filter_map(|file| std::fs::read(file).ok()).collect();
    seeds.extend(targets::made(target.name));
    seeds
}

/// What a folder holds, in order.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(folder).into_iter().flatten();
    let mut entries: Vec<PathBuf> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    entries
}

/// Replays the corpus of a target and so many mutated inputs; the finding in words if there is one.
pub fn replay(target: &Target, cases: usize) -> Result<usize, String> {
    let seeds = seeds(target);
    for seed in &seeds {
        attempt(target, seed)?;
    }
    let mut random = Random::new(cases as u64);
    for _ in 0..cases {
        attempt(target, &mutate(&mut random, &seeds))?;
    }
    Ok(seeds.len() + cases)
}

/// Runs one input.
fn attempt(target: &Target, data: &[u8]) -> Result<(), String> {
    let start = Instant::now();
    let run = target.run;
    let outcome = std::panic::catch_unwind(move || run(data));
    let took = start.elapsed();
    let shown = || format!("input of {} bytes:\n{}", data.len(), data.escape_ascii());
    if outcome.is_err() {
        return Err(format!("{} panicked; {}", target.name, shown()));
    }
    if took > PATIENCE {
        return Err(format!("{} took {} ms; {}", target.name, took.as_millis(), shown()));
    }
    Ok(())
}

/// The program of a target: `--seconds N` (60), `--seed N` (from the clock).
pub fn main(name: &str) -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let number = |flag: &str| {
        let at = words.iter().position(|word| word == flag)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        eprintln!("there is no target {name}");
        return ExitCode::from(2);
    };
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seed = number("--seed").unwrap_or_else(|| clock.map_or(1, |now| now.as_secs()));
    let end = Instant::now() + Duration::from_secs(number("--seconds").unwrap_or(60));
    let (seeds, mut random, mut count) = (seeds(target), Random::new(seed), 0u64);
    while Instant::now() < end {
        let data = mutate(&mut random, &seeds);
        keep(target, &data);
        if let Err(finding) = attempt(target, &data) {
            eprintln!("{finding}\nseed {seed}, input {count}; keep it in tests/corpus/{name}");
            return ExitCode::FAILURE;
        }
        count += 1;
    }
    println!("{name}: {count} inputs from {} seeds, seed {seed}: no finding", seeds.len());
    ExitCode::SUCCESS
}

/// Leaves the input where it can be found if the process dies of it (release builds abort).
fn keep(target: &Target, data: &[u8]) {
    let file = std::env::temp_dir().join(format!("keyward-fuzz-{}", target.name));
    let _unwritable = std::fs::write(file, data);
}
