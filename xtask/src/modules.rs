//! The modules of the five policies. In: the policies. Out: `target/keyward/NAME.wasm`.

use crate::steps::{self, POLICIES, Steps, policy_file};

/// Where the modules go, from the root.
pub const FOLDER: &str = "target/keyward";

/// Compiles each policy; builds the command first, unless it was built just now with the whole workspace.
pub fn build(steps: &mut Steps, built: bool) -> bool {
    let there = built && steps::keyward_path().is_file();
    if !there
        && !steps.also("build of the command", &mut steps::cargo(&["build", "--package", "keyward-cli", "--quiet"]))
    {
        return false;
    }
    if let Err(error) = std::fs::create_dir_all(steps::root().join(FOLDER)) {
        eprintln!("{FOLDER} cannot be made: {error}");
        return false;
    }
    POLICIES.iter().all(|name| {
        let module = format!("{FOLDER}/{name}.wasm");
        steps.also(name, &mut steps::keyward(&["build", &policy_file(name), "-o", &module]))
    })
}
