//! A tamper-evident log. In: entries, which are bytes. Out: the hash that stands for all of them, proofs that an entry is among
//! them and that nothing was changed since an older hash, signed checkpoints, and the verifier of all these.
//!
//! The tree is that of RFC 6962 and RFC 9162, checkpoints are signed notes as C2SP describes them (`signed-note`,
//! `tlog-checkpoint`), receipts are its `tlog-proof`: other programs can read them, and will when this one is gone. The verifier
//! (`proof`, `note`, `checkpoint`, `receipt`, `witness`) uses nothing of the log (`tree`); they share only the three hashes below. Refuses
//! to know: what entries say, where they are stored, what time it is.
#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod checkpoint;
mod note;
mod proof;
mod receipt;
mod tree;
mod witness;

pub use checkpoint::Checkpoint;
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use note::{NoteError, PublicKey, Signer};
pub use proof::{verify_consistency, verify_inclusion};
pub use receipt::{Receipt, ReceiptError};
pub use tree::{Frontier, Nodes, Tree, consistency, inclusion, root};
pub use witness::{Witness, WitnessError};

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of an entry.
#[must_use]
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash above two hashes.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The hash of a log without entries.
#[must_use]
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}
