//! `cargo xtask bench`: builds the measurements of `tests/bench` (and those of the host and the page) for release and runs them.

use crate::outcome::Outcome;
use crate::playground;
use crate::steps::{self, Steps};

/// What `--help` prints.
pub const HELP: &str = "\
Builds tests/bench for release and runs it. It prints every figure as a ratio to something that ran beside it, exact
sizes, what was measured with, and which goal each figure belongs to. Without a name it measures everything.

  cargo xtask bench [NAME...] [--quick] [--format human|json]

  check    from text to proofs and to a module, stage by stage
  decide   modules, instantiating, one decision in each form and written by hand in Rust
  doors    decisions from values by name and from JSON, with where the time goes
  hosts    a batch, two threads, a struct of the policy's own types
  ask      a difference and an explanation
  replay   a decision log decided again
  growth   10 to 10,000 generated rules, with Cedar's parser and validator beside them
  corpus   the generated policies whose nodes tests/corpus/counts.txt counts
  host     durable pickups a second on SQLite and PostgreSQL, beside bare commits on the same disk; alone, and not part
           of everything
  playground [MINUTES]
           the page in Chromium: what it loads, how long after a keystroke what is known, and what so many minutes of
           editing do to memory; alone, and not part of everything

--quick takes fewer requests and rounds. A missed goal is printed, not an error; a wrong answer is an error.
";

/// Measures.
pub fn run(words: &[String]) -> Outcome {
    let mut steps = Steps::new(1);
    if words.first().is_some_and(|word| word == "playground") {
        return Outcome::of(playground::measure(&mut steps, &words[1..]));
    }
    if words.first().is_some_and(|word| word == "host") {
        let mut command = steps::cargo(&["bench", "--quiet", "--package", "keyward-host"]);
        return Outcome::of(steps.run("measure the host", &mut command));
    }
    let mut command =
        steps::cargo(&["run", "--release", "--quiet", "--package", "keyward-bench", "--features", "cedar", "--"]);
    command.args(words);
    Outcome::of(steps.run("measure", &mut command))
}
