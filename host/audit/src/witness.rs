//! A witness: somebody apart from the log who remembers its last checkpoint and sees that the next one only adds to it. In:
//! checkpoints and proofs. Out: whether the log still tells one story. Refuses to store: whoever keeps a witness writes down what
//! it remembers before anybody hears that it agreed.

use std::fmt;

use crate::checkpoint::Checkpoint;
use crate::note::{NoteError, PublicKey};
use crate::proof::verify_consistency;
use crate::{Hash, empty};

/// What a witness knows of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    key: PublicKey,
    origin: String,
    last: (u64, Hash),
}

/// Why a checkpoint is not agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WitnessError {
    /// The checkpoint itself.
    Checkpoint(NoteError),
    /// It is shorter than the log has been: entries were cut off, or an old copy was put back. The sizes.
    Shorter(u64, u64),
    /// It does not go on from what was seen: entries were changed, or there are two logs.
    Inconsistent,
}

impl fmt::Display for WitnessError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WitnessError::Checkpoint(error) => error.fmt(out),
            WitnessError::Shorter(seen, now) => {
                write!(
                    out,
                    "the log had {seen} entries and now has {now}: some were cut off, or an old copy was put back"
                )
            }
            WitnessError::Inconsistent => {
                write!(out, "the log does not go on from the checkpoint seen last: earlier entries were changed")
            }
        }
    }
}

impl std::error::Error for WitnessError {}

impl Witness {
    /// Somebody who has seen nothing of a log yet.
    #[must_use]
    pub fn new(key: PublicKey, origin: &str) -> Witness {
        Witness { key, origin: origin.to_string(), last: (0, empty()) }
    }

    /// Somebody who remembers.
    #[must_use]
    pub fn resumed(key: PublicKey, seen: &Checkpoint) -> Witness {
        Witness { key, origin: seen.origin.clone(), last: (seen.size, seen.root) }
    }

    /// How many entries the log had, and their hash.
    #[must_use]
    pub fn last(&self) -> (u64, Hash) {
        self.last
    }

    /// Agrees to a checkpoint that goes on from the last one, and remembers it; any other changes nothing.
    pub fn see(&mut self, note: &str, proof: &[Hash]) -> Result<Checkpoint, WitnessError> {
        let found = Checkpoint::open(note, &self.key, &self.origin).map_err(WitnessError::Checkpoint)?;
        let (size, root) = self.last;
        if found.size < size {
            return Err(WitnessError::Shorter(size, found.size));
        }
        if !verify_consistency(size, found.size, &root, proof, &found.root) {
            return Err(WitnessError::Inconsistent);
        }
        self.last = (found.size, found.root);
        Ok(found)
    }
}
