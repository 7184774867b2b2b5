//! The conformance cases by a program in Python on the wasmtime package of PyPI (P3). In: the cases and modules that the tests
//! left. Out: whether all agree. One step of `cargo xtask test`.

use crate::steps::{self, Steps};
use std::process::Command;

/// The version of the package, of the line that the server uses.
const PACKAGE: &str = "wasmtime==48.0.0";

/// Makes an environment in the target folder, and runs the program.
pub fn run(steps: &mut Steps) {
    let folder = steps::target().join("python");
    let python = folder.join("bin/python");
    if !python.exists() {
        let mut make = Command::new("python3");
        if !steps.also("environment for Python", make.args(["-m", "venv"]).arg(&folder)) {
            return;
        }
    }
    let installed =
        Command::new(&python).args(["-c", "import wasmtime"]).output().is_ok_and(|ran| ran.status.success());
    if !installed {
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
        if !steps.also(PACKAGE, &mut install) {
            return;
        }
    }
    let mut program = Command::new(&python);
    program.arg("bindings/python/conformance.py").current_dir(steps::root());
    steps.also("conformance in Python (P3)", &mut program);
}
