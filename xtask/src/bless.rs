//! `cargo xtask bless`: rewrites what the text cases expect; the diff is then read by a person.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};

/// What `--help` prints.
pub const HELP: &str = "\
Runs the cases in tests/suite and writes what the stages print into their expected blocks. Read the diff before you
commit it: a blessed mistake is a mistake.

  cargo xtask bless [PART]   only cases whose file or heading holds PART
";

/// Rewrites.
pub fn run(words: &[String]) -> Outcome {
    if words.len() > 1 {
        return usage("`cargo xtask bless` takes at most one part of a name");
    }
    let mut steps = Steps::new(1);
    let mut command =
        steps::cargo(&["test", "--quiet", "--package", "keyward-tests", "--test", "suite", "--", "suite_cases"]);
    command.env("KEYWARD_BLESS", "1");
    if let Some(part) = words.first() {
        command.env("KEYWARD_CASE", part);
    }
    let fine = steps.run("rewrite tests/suite", &mut command);
    if fine {
        println!("Read the result with `git diff tests/suite`.");
    }
    Outcome::of(fine)
}
