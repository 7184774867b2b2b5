//! `cargo xtask js`: the npm packages. In: the sources, and modules built on the way. Out: `bindings/js/*/dist`. Its tests are
//! a step of `cargo xtask test`.

use crate::outcome::{Outcome, usage};
use crate::steps::{self, Steps};
use crate::{modules, tools};
use std::process::Command;

/// What `--help` prints.
pub const HELP: &str = "\
Installs what the lock file of bindings/js names, compiles the five policies, and builds the npm packages into
bindings/js/*/dist; says what each file weighs. Needs Node 20.19 or later with npm. Takes no options.
";

/// Where the packages are.
const FOLDER: &str = "bindings/js";

/// Builds.
pub fn run(words: &[String]) -> Outcome {
    if !words.is_empty() {
        return usage("`cargo xtask js` takes no options");
    }
    if !(tools::node() & tools::wasm_target()) {
        return Outcome::Missing;
    }
    let mut steps = Steps::new(2);
    steps.announce("modules: the five policies");
    let built = modules::build(&mut steps, false);
    steps.announce("packages: bindings/js");
    Outcome::of(built && packages(&mut steps))
}

/// Builds the packages; the modules are there.
pub fn packages(steps: &mut Steps) -> bool {
    install(steps, FOLDER) && compiler(steps) && steps.also("build of the packages", &mut node(FOLDER, &["build.mjs"]))
}

/// The compiler as WebAssembly, and the code around it.
fn compiler(steps: &mut Steps) -> bool {
    let words = ["build", "--quiet", "--profile", "web", "--target", tools::WASM, "--package", "keyward-compiler"];
    let module = steps::target().join(tools::WASM).join("web/keyward_compiler.wasm");
    let glue = steps::root().join("bindings/js/compiler/js/glue");
    let mut bindgen = steps::cargo(&["run", "--quiet", "--package", "keyward-bindgen", "--"]);
    bindgen.arg(module).arg(glue);
    steps.also("compiler for browsers", &mut steps::cargo(&words)) && steps.also("code around it", &mut bindgen)
}

/// Runs their tests, in Node and in Chromium; the modules of the conformance cases are there.
pub fn tests(steps: &mut Steps) -> bool {
    let words = [
        "--test",
        "--test-reporter=tap",
        "test/runtime.test.mjs",
        "test/types.test.mjs",
        "test/compiler.test.mjs",
        "test/browser.test.mjs",
        "test/readme.test.mjs",
    ];
    let mut command = node(FOLDER, &words);
    command.env("KEYWARD_COMMAND", steps::keyward_path());
    steps.also("tests of the packages", &mut command)
}

/// Installs what the lock of a folder names, unless it is there.
pub fn install(steps: &mut Steps, folder: &str) -> bool {
    let folder = steps::root().join(folder);
    let changed = |path: &str| folder.join(path).metadata().and_then(|data| data.modified()).ok();
    let there = changed("node_modules/.package-lock.json");
    if there.is_some() && there >= changed("package-lock.json") {
        return true;
    }
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    steps.also("npm ci", &mut command)
}

/// Node in a folder.
pub fn node(folder: &str, words: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.args(words).current_dir(steps::root().join(folder));
    command
}
