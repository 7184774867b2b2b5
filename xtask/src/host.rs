//! The host with its demo organization. In: nothing. Out: a folder that is filled once, a server on localhost.

use crate::steps::{self, Steps};
use std::process::{Child, Command};

/// Where the demo lives.
const FOLDER: &str = "target/keyward/demo";
/// Where the host listens.
pub const LISTEN: &str = "127.0.0.1:8420";

/// Builds the host and fills the folder, if it is not there.
pub fn prepare(steps: &mut Steps) -> bool {
    if !steps.run("build the host", &mut steps::cargo(&["build", "--package", "keyward-host", "--quiet"])) {
        return false;
    }
    let folder = steps::root().join(FOLDER);
    if folder.join("demo.txt").exists() {
        steps.announce("the demo organization is there");
        println!("      {FOLDER}/demo.txt says how to sign in; remove the folder to begin again");
        return true;
    }
    // What an earlier run left half-done is no organization.
    if let Err(error) = std::fs::remove_dir_all(&folder)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        println!("      {FOLDER}: {error}");
        return false;
    }
    steps.run("make the demo organization, with two weeks behind it", program().args(["demo", "--data", FOLDER]))
}

/// Starts it. It stops with the program that started it.
pub fn start() -> Option<Child> {
    let outbox = format!("{FOLDER}/outbox.jsonl");
    println!("      http://{LISTEN}/  the host; its messages go to {outbox}");
    let mut command = program();
    command.args(["serve", "--data", FOLDER, "--listen", LISTEN, "--outbox-file", &outbox]);
    command.spawn().map_err(|error| println!("      the host did not start: {error}")).ok()
}

fn program() -> Command {
    let name = format!("keyward-host{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(steps::target().join("debug").join(name));
    command.current_dir(steps::root());
    command
}
