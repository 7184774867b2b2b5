//! `cargo xtask bless`: rewrites what the text cases, the corpus and the walk in README.md expect; a person then reads the diff.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};
use std::process::Command;

/// What `--help` prints.
pub const HELP: &str = "\
Runs the cases in tests/suite and the walk in README.md, and writes what is printed into their expected blocks; counts the
nodes of the corpus anew. Read the diff before you commit it: a blessed mistake is a mistake.

  cargo xtask bless [PART]   only cases whose file or heading holds PART
";

/// Rewrites.
pub fn run(words: &[String]) -> Outcome {
    if words.len() > 1 {
        return usage("`cargo xtask bless` takes at most one part of a name");
    }
    let mut steps = Steps::new(if words.is_empty() { 5 } else { 1 });
    let mut cases = test("suite", "suite_cases");
    if let Some(part) = words.first() {
        cases.env("KEYWARD_CASE", part);
    }
    steps.run("rewrite tests/suite", &mut cases);
    if words.is_empty() {
        steps.run("rewrite tests/corpus/counts.txt", &mut test("corpus", "corpus_counts"));
        steps.run("rewrite tests/conformance", &mut test("conformance", "p3_"));
        steps.run("rewrite tests/bench/src/typed", &mut test("types", "the_struct"));
        steps.run("rewrite the walk in README.md", &mut test("readme", "the_walk_in_the_readme_is_true"));
    }
    println!("Read the result with `git diff tests README.md`.");
    Outcome::of(steps.failed.is_empty())
}

fn test(file: &str, name: &str) -> Command {
    let mut command = steps::cargo(&["test", "--quiet", "--package", "keyward-tests", "--test", file, "--", name]);
    command.env("KEYWARD_BLESS", "1");
    command
}
