//! Receipts (C2SP `tlog-proof`): that an entry is in a log, for somebody who has neither the log nor a network. In: a proof and a
//! checkpoint, or the text of a receipt. Out: its text, or whether it holds.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::Checkpoint;
use crate::note::{self, NoteError, PublicKey};
use crate::proof::verify_inclusion;
use crate::{Hash, leaf};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// A tree has no more levels.
const MOST_HASHES: usize = 64;

/// That an entry is in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number, from 0.
    pub index: u64,
    /// The hashes beside its way up.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// Why a receipt is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// It does not have the form of a receipt.
    Malformed,
    /// Its checkpoint.
    Checkpoint(NoteError),
    /// The entry is not in the log where the receipt says.
    NotIncluded,
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReceiptError::Malformed => write!(out, "this is not a receipt: it begins with `{FIRST_LINE}`"),
            ReceiptError::Checkpoint(error) => write!(out, "the checkpoint of the receipt: {error}"),
            ReceiptError::NotIncluded => {
                write!(out, "the receipt is not about this entry: it was changed, or belongs to another one")
            }
        }
    }
}

impl std::error::Error for ReceiptError {}

impl Receipt {
    /// Reads a receipt; it is not believed yet.
    pub fn parse(text: &str) -> Result<Receipt, ReceiptError> {
        let found = || {
            let (head, checkpoint) = text.split_once("\n\n")?;
            let mut lines = head.lines();
            (text.len() <= 2 * note::LARGEST && lines.next() == Some(FIRST_LINE)).then_some(())?;
            let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
            let hash = |line| STANDARD.decode(line).ok()?.try_into().ok();
            let proof: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
            let receipt = Receipt { index, proof, checkpoint: checkpoint.to_string() };
            (receipt.proof.len() <= MOST_HASHES && receipt.to_string() == text).then_some(receipt)
        };
        found().ok_or(ReceiptError::Malformed)
    }

    /// The checkpoint, if it is signed by this key, is about the log of this name, and has this entry where the receipt says.
    pub fn verify(&self, entry: &[u8], key: &PublicKey, origin: &str) -> Result<Checkpoint, ReceiptError> {
        let found = Checkpoint::open(&self.checkpoint, key, origin).map_err(ReceiptError::Checkpoint)?;
        let included = verify_inclusion(self.index, found.size, &leaf(entry), &self.proof, &found.root);
        if included { Ok(found) } else { Err(ReceiptError::NotIncluded) }
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{FIRST_LINE}\nindex {}", self.index)?;
        for hash in &self.proof {
            writeln!(out, "{}", STANDARD.encode(hash))?;
        }
        write!(out, "\n{}", self.checkpoint)
    }
}
