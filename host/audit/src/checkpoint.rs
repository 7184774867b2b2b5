//! Checkpoints (C2SP `tlog-checkpoint`): how long a log is and what its hash is, signed. In: these, or a note. Out: a note, or
//! these. One checkpoint has one spelling: a size with zeros in front, or base64 with bits to spare, is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::{NoteError, PublicKey, Signer};
use crate::{Hash, empty};

/// How long a log is, and what its hash is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The hash of all of them.
    pub root: Hash,
}

impl Checkpoint {
    /// A signed note; none if the name of the log is not one line.
    #[must_use]
    pub fn sign(&self, signer: &Signer) -> Option<String> {
        let text = self.text();
        (Checkpoint::parse(&text).as_ref() == Some(self)).then(|| signer.sign(&text))?
    }

    /// What a note says, if this key signed it and it is about the log of this name.
    pub fn open(note: &str, key: &PublicKey, origin: &str) -> Result<Checkpoint, NoteError> {
        let found = Checkpoint::parse(key.open(note)?).ok_or(NoteError::NotACheckpoint)?;
        if found.origin == origin { Ok(found) } else { Err(NoteError::OtherLog) }
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Lines that follow the hash are refused: nothing here writes any, and nobody would look at them.
    fn parse(text: &str) -> Option<Checkpoint> {
        let [origin, size, root] = <[&str; 3]>::try_from(text.lines().collect::<Vec<_>>()).ok()?;
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        let found = Checkpoint { origin: origin.to_string(), size: size.parse().ok()?, root };
        let sound = !origin.is_empty() && (found.size > 0 || found.root == empty());
        (sound && found.text() == text).then_some(found)
    }
}
