//! The `keyward` command: a thin door to the compiler and to the server's evaluator.
//! In: arguments, files, standard input. Out: results on standard output, talk on standard error, an exit code.
//! Refuses to know what a policy means.

mod args;
mod commands;
mod exit;
mod files;
mod git;
mod lines;
mod module;
mod narrowed;
mod report;
mod search;
mod terminal;
mod write;

use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    exit::catch_panics();
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are results; everything else is a mistake in the arguments.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Fine };
            let _ = error.print();
            return exit.into();
        }
    };
    let terminal = terminal::Terminal::new(args.color);
    match commands::run(args, &terminal) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal.talk(&format!("keyward: {}", failure.message()));
            failure.exit().into()
        }
    }
}
