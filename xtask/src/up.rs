//! `cargo xtask up`: from a fresh clone to a first decision, and to the host and the playground on localhost.

use crate::host;
use crate::modules::{self, FOLDER};
use crate::outcome::{Outcome, usage};
use crate::playground;
use crate::steps::{self, POLICIES, Steps, policy_file};

/// What `--help` prints.
pub const HELP: &str = "\
Builds the `keyward` command, checks the five policies, compiles each into target/keyward/NAME.wasm, decides one
example request; then builds the host, makes a demo organization with two weeks behind it, builds the playground, and
serves both until it is stopped: the host on http://127.0.0.1:8420/, the playground on http://localhost:8700/. Needs Rust;
the playground needs Node 20.19 or later, too, and is left out without it.

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
    let mut steps = Steps::new(if once { 7 } else { 8 });
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
    if !host::prepare(&mut steps) {
        return Outcome::Failed;
    }
    steps.announce("build the playground");
    let page = playground::tools();
    if !page {
        println!("      left out: everything else works without it");
    }
    if page && !playground::build(&mut steps) {
        return Outcome::Failed;
    }
    if once { Outcome::Fine } else { serve(&mut steps, page) }
}

/// Serves until it is stopped.
fn serve(steps: &mut Steps, page: bool) -> Outcome {
    steps.announce("serve the host and the playground");
    let Some(mut host) = host::start() else { return Outcome::Failed };
    let served = if page { playground::serve(steps) } else { host.wait().is_ok_and(|status| status.success()) };
    // It may have stopped by itself, by the same Ctrl-C.
    let _ = host.kill();
    let _ = host.wait();
    Outcome::of(served)
}

fn next() {
    println!("The modules are in {FOLDER}/. To go on:");
    println!("  edit   policies/after_hours/after_hours.ward");
    println!("  then   cargo kw check policies/after_hours/after_hours.ward");
    println!("  and    cargo kw decide policies/after_hours/after_hours.ward --request @{EXAMPLE}");
    println!("README.md walks through a change with a conflict in it. `cargo xtask test` runs every check.");
}
