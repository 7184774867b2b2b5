//! Why a command was not carried out. In: nothing. Out: one reason with the way out. A refusal of a policy is no fault: it is an
//! answer, and stands in the log.

use jiff::Timestamp;
use std::fmt;

/// Why a command was not carried out. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such thing; or it belongs to another organization, which is the same.
    NotFound(&'static str),
    /// The caller may not.
    Forbidden(&'static str),
    /// A value does not fit: field, what is needed.
    Invalid(&'static str, String),
    /// It does not fit the state of things: what stands in the way.
    Conflict(String),
    /// Too many wrong tries: not before.
    Locked(Timestamp),
    /// What was shown is not accepted. Says no more on purpose.
    NotAccepted,
    /// The visit, the challenge or the session is over.
    Over(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotFound(what) => write!(out, "there is no such {what}"),
            Fault::Forbidden(why) => out.write_str(why),
            Fault::Invalid(field, why) => write!(out, "{field}: {why}"),
            Fault::Conflict(why) => out.write_str(why),
            Fault::Locked(until) => write!(out, "too many wrong tries; try again after {until}"),
            Fault::NotAccepted => out.write_str("this is not accepted"),
            Fault::Over(what) => write!(out, "this {what} is over; please begin again"),
        }
    }
}

impl std::error::Error for Fault {}

/// What a command gives.
pub type Done<T> = Result<T, Fault>;

/// A fault about a field.
pub fn invalid<T>(field: &'static str, why: impl Into<String>) -> Done<T> {
    Err(Fault::Invalid(field, why.into()))
}
