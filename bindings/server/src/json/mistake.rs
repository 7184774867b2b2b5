//! What is wrong with a request, where, and what would be accepted.
//! In: nothing. Out: data and one sentence. Refuses to know types.

use super::read::Broken;

/// The kinds of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// KW501: the request names an unknown input, or one input twice.
    Key,
    /// KW502: the value has the wrong type.
    Type,
    /// KW503: the value lies outside its range.
    Range,
    /// KW504: the request is not JSON, or not an object.
    Json,
}

impl Fault {
    /// Its diagnostic code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Fault::Key => "KW501",
            Fault::Type => "KW502",
            Fault::Range => "KW503",
            Fault::Json => "KW504",
        }
    }
}

/// A mistake in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What kind of mistake.
    pub fault: Fault,
    /// The input, or the key as it was written; empty if the text is not JSON.
    pub key: String,
    /// Where in the text, in bytes.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What would be accepted; empty if that is no help.
    pub accepted: String,
    /// The name that was probably meant.
    pub meant: Option<String>,
}

impl Mistake {
    pub(crate) fn new(fault: Fault, at: usize, message: impl Into<String>) -> Mistake {
        let message = message.into();
        Mistake { fault, key: String::new(), at, message, accepted: String::new(), meant: None }
    }

    pub(super) fn broken(broken: Broken) -> Mistake {
        Mistake::new(Fault::Json, broken.at, broken.what)
    }

    pub(crate) fn accepts(mut self, accepted: impl Into<String>) -> Mistake {
        self.accepted = accepted.into();
        self
    }

    pub(super) fn meant(mut self, meant: Option<&str>) -> Mistake {
        self.meant = meant.map(str::to_string);
        self
    }

    pub(super) fn of(mut self, key: &str) -> Mistake {
        self.key = key.to_string();
        self
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)?;
        if let Some(meant) = &self.meant {
            write!(f, ". Did you mean {meant}?")?;
        }
        if !self.accepted.is_empty() {
            write!(f, " (accepted: {})", self.accepted)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistake {}
