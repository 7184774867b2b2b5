//! `keyward completions`: what shells need to complete the command.
//! In: a shell. Out: its script. Refuses to install it.

use crate::args::{Args, Completions};
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use clap::CommandFactory;

/// Prints the script.
pub fn run(args: &Completions, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "keyward", &mut script);
    terminal.raw_result(&String::from_utf8_lossy(&script));
    Ok(Exit::Fine)
}
