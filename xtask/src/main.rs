//! The chores of the Keyward workspace: `cargo xtask up`, `test`, `bench`, `bless`, `loop`, `js`, `fuzz`.
//!
//! Words from the command line in, an exit code out. It only starts other programs and knows nothing about policies.

mod bench;
mod bless;
mod device;
mod fixed_loop;
mod fuzz;
mod host;
mod js;
mod modules;
mod outcome;
mod playground;
mod python;
mod steps;
mod test;
mod tools;
mod up;

use outcome::Outcome;
use std::process::ExitCode;

/// One chore: its name, one line about it, and what does it.
struct Chore {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Outcome,
    help: &'static str,
}

const CHORES: [Chore; 7] = [
    Chore {
        name: "up",
        about: "build everything, decide an example, and serve the playground",
        run: up::run,
        help: up::HELP,
    },
    Chore { name: "test", about: "run every check there is", run: test::run, help: test::HELP },
    Chore { name: "bench", about: "measure and print the figures", run: bench::run, help: bench::HELP },
    Chore { name: "bless", about: "rewrite the expectations of the text cases", run: bless::run, help: bless::HELP },
    Chore {
        name: "loop",
        about: "compile the fixed loop of every module",
        run: fixed_loop::run,
        help: fixed_loop::HELP,
    },
    Chore { name: "js", about: "build the npm packages", run: js::run, help: js::HELP },
    Chore { name: "fuzz", about: "throw random bytes at the compiler", run: fuzz::run, help: fuzz::HELP },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wants_help = words.iter().any(|word| word == "--help" || word == "-h");
    let Some(name) = words.first().filter(|word| !word.starts_with('-') && *word != "help") else {
        print_help();
        return if wants_help || words.first().is_some_and(|word| word == "help") {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        };
    };
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        eprintln!("there is no chore `{name}`\n");
        print_help();
        return ExitCode::from(2);
    };
    if wants_help {
        println!("cargo xtask {}: {}\n\n{}", chore.name, chore.about, chore.help);
        return ExitCode::SUCCESS;
    }
    (chore.run)(&words[1..]).exit()
}

fn print_help() {
    println!("cargo xtask CHORE [OPTIONS]\n");
    for chore in &CHORES {
        println!("  {:<7}{}", chore.name, chore.about);
    }
    println!("\ncargo xtask CHORE --help tells more.");
    println!(
        "Exit codes: 0 fine, 1 something failed, 2 wrong words on the command line, 3 something is missing on this machine."
    );
}
