//! `cargo xtask up`: from a fresh clone to a first decision, and to the playground on localhost.

use crate::modules::{self, FOLDER};
use crate::outcome::{Outcome, usage};
use crate::playground;
use crate::steps::{self, POLICIES, Steps, policy_file};

/// What `--help` prints.
pub const HELP: &str = "\
Builds the `keyward` command, checks the five policies, compiles each into target/keyward/NAME.wasm, decides one
example request; then builds the playground and serves it on http://localhost:8700/ until it is stopped. Needs Rust; the
playground needs Node 20.19 or later, too, and is left out without it.

  --once   everything but serving
";

/// The request that is decided, from the root.
const EXAMPLE: &str = "policies/after_hours/request.json";

/// Builds and decides.
pub fn run(words: &[String]) -> Outcome {
    let once = match words {
        [] => false,
        [flag] if flag == "--once" => true,
        _ => return usage("`cargo xtask up` takes nothing or `--once`"),
    };
    let mut steps = Steps::new(if once { 5 } else { 6 });
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
    if !decided {
        return Outcome::Failed;
    }
    next();
    steps.announce("build the playground");
    if !playground::tools() {
        println!("      left out: everything else works without it");
        return Outcome::Fine;
    }
    if !playground::build(&mut steps) {
        return Outcome::Failed;
    }
    if !once {
        steps.announce("serve the playground");
        return Outcome::of(playground::serve(&mut steps));
    }
    Outcome::Fine
}

fn next() {
    println!("The modules are in {FOLDER}/. To go on:");
    println!("  edit   policies/after_hours/after_hours.ward");
    println!("  then   cargo kw check policies/after_hours/after_hours.ward");
    println!("  and    cargo kw decide policies/after_hours/after_hours.ward --request @{EXAMPLE}");
    println!("README.md walks through a change with a conflict in it. `cargo xtask test` runs every check.");
}
