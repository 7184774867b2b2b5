//! `cargo xtask bench`: builds the measurements of `tests/bench` for release and runs them.

use crate::outcome::Outcome;
use crate::steps::{self, Steps};

/// What `--help` prints.
pub const HELP: &str = "\
Builds tests/bench for release and runs it: decision times, growth, sizes, compile times, with Cedar as the peer for
compile times. All words go to it; without any it measures everything.

  cargo xtask bench [NAME...]
";

/// Measures.
pub fn run(words: &[String]) -> Outcome {
    let mut steps = Steps::new(1);
    let mut command =
        steps::cargo(&["run", "--release", "--quiet", "--package", "keyward-bench", "--features", "cedar", "--"]);
    command.args(words);
    Outcome::of(steps.run("measure", &mut command))
}
