//! `cargo xtask up`: from a fresh clone to a first decision.

use crate::modules::{self, FOLDER};
use crate::outcome::{Outcome, usage};
use crate::steps::{self, POLICIES, Steps, policy_file};

/// What `--help` prints.
pub const HELP: &str = "\
Builds the `keyward` command, checks the five policies, compiles each into target/keyward/NAME.wasm, decides one
example request, and says what to try next. Needs Rust and nothing else. Takes no options.
";

/// The request that is decided, from the root.
const EXAMPLE: &str = "policies/after_hours/request.json";

/// Builds and decides.
pub fn run(words: &[String]) -> Outcome {
    if !words.is_empty() {
        return usage("`cargo xtask up` takes no options");
    }
    let mut steps = Steps::new(4);
    if !steps.run("build the `keyward` command", &mut steps::cargo(&["build", "--package", "keyward-cli", "--quiet"])) {
        return Outcome::Failed;
    }
    let files: Vec<String> = POLICIES.iter().map(|name| policy_file(name)).collect();
    let mut check = steps::keyward(&["check"]);
    check.args(&files);
    if !steps.run("check the five policies", &mut check) {
        return Outcome::Failed;
    }
    steps.announce("compile each into a module");
    if !modules::build(&mut steps, true) {
        return Outcome::Failed;
    }
    let module = format!("{FOLDER}/after_hours.wasm");
    let request = format!("@{EXAMPLE}");
    let decided = steps.run(
        "decide the request in policies/after_hours/request.json",
        &mut steps::keyward(&["decide", &module, "--request", &request]),
    );
    if decided {
        next();
    }
    Outcome::of(decided)
}

fn next() {
    println!();
    println!("The modules are in {FOLDER}/. To go on:");
    println!("  edit   policies/after_hours/after_hours.ward");
    println!("  then   cargo kw check policies/after_hours/after_hours.ward");
    println!("  and    cargo kw decide policies/after_hours/after_hours.ward --request @{EXAMPLE}");
    println!("README.md walks through a change with a conflict in it. `cargo xtask test` runs every check.");
}
