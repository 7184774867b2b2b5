//! Signed bundles: policies on their way to those who obey them. In: bytes, keys that are trusted, the time, what is obeyed
//! now. Out: files that may be obeyed, or the first reason why not. No `std`: a box verifies exactly what a server does.
//!
//! Nothing of a bundle is believed before its signatures are verified, and no file of it before its length and hash are.
//! Refuses to fetch, to store and to decide.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod error;
mod manifest;
mod sign;
mod verify;
pub mod zone;

pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use error::BundleError;
pub use manifest::{File, LARGEST, MAX_FILES, Manifest};
pub use sign::{Contents, add_signature, sign};
pub use verify::{Current, Role, Trust, Verified, key_id, verify, verify_stored};

/// SHA-256.
pub type Hash = [u8; 32];

/// SHA-256 of some bytes.
#[must_use]
pub fn hash(bytes: &[u8]) -> Hash {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
