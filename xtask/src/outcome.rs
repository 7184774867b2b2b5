//! How a chore ends.

use std::process::ExitCode;

/// The end of a chore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything went well.
    Fine,
    /// A step failed and said why.
    Failed,
    /// The words on the command line make no sense.
    Usage,
    /// A program is missing and could not be installed; a line said how to get it.
    Missing,
}

impl Outcome {
    /// The exit code.
    pub fn exit(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Missing => 3,
        })
    }

    /// `Fine` for a step that went well.
    pub fn of(went_well: bool) -> Self {
        if went_well { Self::Fine } else { Self::Failed }
    }
}

/// Says what is wrong with the command line.
pub fn usage(message: &str) -> Outcome {
    eprintln!("{message}; see `--help`");
    Outcome::Usage
}
