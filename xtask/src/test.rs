//! `cargo xtask test`: every check there is, one after another; the closing line counts the tests.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};
use crate::{device, fixed_loop, js, modules, playground, python, tools};

/// What `--help` prints.
pub const HELP: &str = "\
Runs, in this order: the tools (installs what it can), the format, clippy with warnings denied, all tests (with
cargo-nextest if it is there), the examples in the documentation, the evaluator and the compiler for WebAssembly, whether the
committed loop is what its source gives, the tests and asserts of the policies, the firmware on an emulated Cortex-M4, a program in Python, and the npm packages, in Node and in
Chromium, on the modules that the tests left in target/conformance, and the playground in Chromium. The transcript of README.md is one of the tests. A failed step does not stop the rest.

  --only STEP   just one of: format, clippy, tests, docs, wasm, policies, device, python,
                js, playground
";

const STEPS: [&str; 10] =
    ["format", "clippy", "tests", "docs", "wasm", "policies", "device", "python", "js", "playground"];

/// Runs the checks.
pub fn run(words: &[String]) -> Outcome {
    let wanted: Vec<&str> = match words {
        [] => STEPS.to_vec(),
        [flag, step] if flag == "--only" && STEPS.contains(&step.as_str()) => vec![step],
        _ => return usage("`cargo xtask test` takes nothing or `--only STEP`"),
    };
    let mut steps = Steps::new(wanted.len());
    let mut missing = false;
    for step in wanted {
        match step {
            "format" => missing |= !format(&mut steps),
            "clippy" => missing |= !clippy(&mut steps),
            "tests" => missing |= !tests(&mut steps),
            "docs" => {
                steps.run(
                    "docs: the examples in the documentation",
                    &mut steps::cargo(&["test", "--doc", "--workspace", "--quiet"]),
                );
            }
            "wasm" => wasm(&mut steps),
            "policies" => policies(&mut steps),
            "device" => missing |= !device(&mut steps),
            "python" => missing |= !python(&mut steps),
            "js" => missing |= !js(&mut steps),
            _ => missing |= !playground(&mut steps, words.is_empty()),
        }
    }
    close(&steps, missing)
}

fn format(steps: &mut Steps) -> bool {
    steps.announce("format: cargo fmt --check");
    let there = tools::component("rustfmt", &["fmt", "--version"]);
    if there {
        steps.also("format", &mut steps::cargo(&["fmt", "--all", "--check"]));
    }
    there
}

fn clippy(steps: &mut Steps) -> bool {
    steps.announce("clippy: warnings are errors");
    let there = tools::component("clippy", &["clippy", "--version"]);
    if there {
        let words = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        steps.also("clippy", &mut steps::cargo(&words));
    }
    there
}

fn tests(steps: &mut Steps) -> bool {
    steps.announce("tests: everything that cargo finds, and the transcript of README.md");
    let there = tools::for_the_host();
    // The tests of the command make cargo build it; the transcript is replayed with that one. Examples are left out.
    let targets = ["--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"];
    let mut command = if tools::has_nextest() {
        let mut command =
            steps::cargo(&["nextest", "run", "--no-tests=pass", "--status-level=fail", "--final-status-level=fail"]);
        command.args(targets);
        command
    } else {
        println!(
            "      cargo-nextest is missing, plain `cargo test` does. Get it with `cargo install cargo-nextest --locked`."
        );
        let mut command = steps::cargo(&["test", "--quiet"]);
        command.args(targets);
        command
    };
    command.env("KEYWARD_COMMAND", steps::keyward_path());
    steps.also("tests", &mut command);
    there
}

fn wasm(steps: &mut Steps) {
    steps.announce("wasm: the evaluator without a standard library");
    if tools::wasm_target() {
        let words = ["build", "--package", "keyward-evaluator", "--target", tools::WASM, "--quiet"];
        steps.also("wasm", &mut steps::cargo(&words));
        // The compiler and its analyses run in a browser tab, too.
        let words = ["check", "--package", "keyward", "--target", tools::WASM, "--quiet"];
        steps.also("wasm of the compiler", &mut steps::cargo(&words));
        fixed_loop::make(steps, true);
    } else {
        println!("      left out: no other step needs it");
    }
}

fn policies(steps: &mut Steps) {
    steps.announce("policies: their own tests and asserts");
    let there = steps::keyward_path().is_file();
    if there || steps.also("build of the command", &mut steps::cargo(&["build", "--package", "keyward-cli", "--quiet"]))
    {
        steps.also("policies", &mut steps::keyward(&["test", "policies"]));
    }
}

fn device(steps: &mut Steps) -> bool {
    steps.announce("device: the conformance cases on an emulated Cortex-M4");
    let there = tools::target(tools::BOX) & tools::emulator();
    if there {
        device::run(steps);
    }
    there
}

fn python(steps: &mut Steps) -> bool {
    steps.announce("python: the conformance cases by a program that needs nothing of ours");
    let there = tools::python();
    if there {
        python::run(steps);
    }
    there
}

fn js(steps: &mut Steps) -> bool {
    steps.announce("js: the npm packages in Node and in Chromium");
    let there = tools::node() & tools::chromium() & tools::wasm_target();
    if there && modules::build(steps, true) && js::packages(steps) {
        js::tests(steps);
    }
    there
}

/// The step before built what the page stands on; alone, this one does.
fn playground(steps: &mut Steps, after_js: bool) -> bool {
    steps.announce("playground: the page in Chromium, as people use it");
    let there = playground::tools() & tools::chromium();
    let built = there && if after_js { playground::page(steps) } else { playground::build(steps) };
    if built {
        playground::tests(steps);
    }
    there
}

fn close(steps: &Steps, missing: bool) -> Outcome {
    if !steps.failed.is_empty() {
        println!("failed: {}", steps.failed.join(", "));
    }
    // A step that failed without a failed test (format, clippy) counts as one failure.
    let failed = steps.count.failed.max(steps.failed.len() as u64);
    println!("{} passed, {failed} failed", steps.count.passed);
    match (steps.failed.is_empty(), missing) {
        (false, _) => Outcome::Failed,
        (true, true) => Outcome::Missing,
        (true, false) => Outcome::Fine,
    }
}
