//! Why a module could not be made. Refuses to guess: a wrong module is never handed out.

use std::fmt;

use crate::diagram::Exploded;

/// Why a policy did not become a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// The diagrams need more nodes than the budget.
    Exploded,
    /// The policy needs more of something than the form has room for: what, how many, how many there may be.
    TooLarge(&'static str, usize, usize),
    /// The bytes decode to something else than the diagrams they were made from. A fault of the compiler.
    Different(String),
    /// The module does not validate. A fault of the compiler.
    Malformed(String),
}

impl From<Exploded> for EmitError {
    fn from(_: Exploded) -> EmitError {
        EmitError::Exploded
    }
}

impl fmt::Display for EmitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::Exploded => write!(out, "the policy needs more diagram nodes than the budget allows"),
            EmitError::TooLarge(what, count, limit) => {
                write!(out, "the policy has {count} {what}, and a module has room for {limit}")
            }
            EmitError::Different(what) => {
                write!(out, "the module does not decide as the policy says ({what}); this is a fault of the compiler")
            }
            EmitError::Malformed(what) => {
                write!(out, "the module is not valid ({what}); this is a fault of the compiler")
            }
        }
    }
}

impl std::error::Error for EmitError {}
