//! Exit codes, and what happens when the command itself fails.
//! In: outcomes. Out: 0 fine, 1 findings, 2 usage, 70 internal. Refuses to show a backtrace.

use keyward::render::visible;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to complain about.
    Fine,
    /// Something was found: errors, failed tests, files that are not formatted, requests that were refused.
    Findings,
    /// The command was called wrongly, or a file is not there.
    Usage,
    /// The command itself is at fault.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Internal => 70,
        })
    }
}

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The user called it wrongly.
    Usage(String),
    /// What the user gave is not in order.
    Findings(String),
    /// The command itself is at fault.
    Internal(String),
}

impl Failure {
    /// What to say.
    pub fn message(&self) -> String {
        match self {
            Failure::Usage(message) | Failure::Findings(message) => visible(message),
            Failure::Internal(message) => format!("{}\n{REPORT}", visible(message)),
        }
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Findings(_) => Exit::Findings,
            Failure::Internal(_) => Exit::Internal,
        }
    }
}

const REPORT: &str = "This is a fault in keyward, not in your policy. Please report it with the command and the files: \
                      https://github.com/keyward/keyward/issues";

/// Turns a panic into one sentence and exit code 70.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
        let payload = panic.payload();
        let what = payload.downcast_ref::<&str>().copied();
        let what = what.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given");
        let what = what.lines().next().unwrap_or("");
        eprintln!("keyward: internal error: {}{place}\n{REPORT}", visible(what));
        std::process::exit(70);
    }));
}
