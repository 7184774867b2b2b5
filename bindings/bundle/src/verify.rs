//! Verifying bundles. In: bytes, keys by role, the time, what is obeyed now. Out: the files, or the first reason against
//! them. Signatures first, then what they vouch for, then each file. Refuses to leave anything open: doubt means no.

use crate::error::BundleError;
use crate::manifest::{self, Manifest, Parts, signed};
use crate::{Hash, VerifyingKey, hash};
use alloc::string::String;
use alloc::vec::Vec;
use ed25519_dalek::Signature;

/// A role, such as author or activator.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its keys.
    pub keys: Vec<VerifyingKey>,
    /// How many of them have to sign.
    pub threshold: usize,
}

/// Who is trusted for what.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The organization.
    pub organization: String,
    /// Every one of them has to be fulfilled.
    pub roles: Vec<Role>,
    /// The greatest ABI that is known here.
    pub abi: u16,
}

/// What is obeyed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    /// The version of its bundle.
    pub version: u32,
    /// The hash of its manifest.
    pub hash: Hash,
}

/// A bundle that may be obeyed.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The hash of its manifest, which goes into every decision log.
    pub hash: Hash,
    contents: &'a [u8],
}

impl<'a> Verified<'a> {
    /// Paths and bytes.
    pub fn files(&self) -> impl Iterator<Item = (&str, &'a [u8])> {
        let mut rest = self.contents;
        self.manifest.files.iter().map(move |file| {
            let (bytes, after) = rest.split_at(file.length as usize);
            rest = after;
            (file.path.as_str(), bytes)
        })
    }

    /// One file.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&'a [u8]> {
        self.files().find(|(other, _)| *other == path).map(|(_, bytes)| bytes)
    }

    /// What is obeyed from now on.
    #[must_use]
    pub fn current(&self) -> Current {
        Current { version: self.manifest.version, hash: self.hash }
    }
}

/// How a key is named in a bundle.
#[must_use]
pub fn key_id(key: &VerifyingKey) -> [u8; 8] {
    manifest::id(key)
}

/// Verifies a bundle. `now` is in seconds since 1970; `current` is what is obeyed, none where nothing is.
pub fn verify<'a>(
    bundle: &'a [u8],
    trust: &Trust,
    now: i64,
    current: Option<&Current>,
) -> Result<Verified<'a>, BundleError> {
    let parts = Parts::read(bundle)?;
    let (manifest, hash) = said(&parts, trust)?;
    manifest.at(now)?;
    match current {
        Some(current) if manifest.version <= current.version => return Err(BundleError::Rollback),
        Some(current) if manifest.previous != current.hash => return Err(BundleError::Previous),
        _ => {}
    }
    files(&manifest, parts.contents)?;
    Ok(Verified { manifest, hash, contents: parts.contents })
}

/// Verifies a bundle that was verified before and stored: everything but its time and what it follows.
pub fn verify_stored<'a>(bundle: &'a [u8], trust: &Trust) -> Result<Verified<'a>, BundleError> {
    let parts = Parts::read(bundle)?;
    let (manifest, hash) = said(&parts, trust)?;
    files(&manifest, parts.contents)?;
    Ok(Verified { manifest, hash, contents: parts.contents })
}

/// The manifest, once its signatures are verified, if it is meant for here.
fn said(parts: &Parts<'_>, trust: &Trust) -> Result<(Manifest, Hash), BundleError> {
    signatures(parts, trust)?;
    let manifest = Manifest::read(parts.manifest)?;
    if manifest.organization != trust.organization {
        return Err(BundleError::Organization);
    }
    if manifest.abi > trust.abi {
        return Err(BundleError::Engine);
    }
    if manifest.expires <= manifest.not_before {
        return Err(BundleError::Dates);
    }
    Ok((manifest, hash(parts.manifest)))
}

/// Every signature is right, no key signed twice, and every role has enough of them.
fn signatures(parts: &Parts<'_>, trust: &Trust) -> Result<(), BundleError> {
    if trust.roles.is_empty() || trust.roles.iter().any(|role| role.threshold == 0) {
        return Err(BundleError::NoTrust);
    }
    let message = signed(parts.manifest);
    let mut signers: Vec<&VerifyingKey> = Vec::new();
    for (number, signature) in parts.signatures.iter().enumerate() {
        if parts.signatures.iter().take(number).any(|earlier| earlier.key == signature.key) {
            return Err(BundleError::SignedTwice);
        }
        // Signatures by keys that are not trusted here count for nothing; others may trust them.
        let mut keys = trust.roles.iter().flat_map(|role| &role.keys);
        let Some(key) = keys.find(|key| manifest::id(key) == signature.key) else { continue };
        let bytes = Signature::from_bytes(&signature.bytes);
        key.verify_strict(&message, &bytes).map_err(|_| BundleError::Signature)?;
        signers.push(key);
    }
    for (number, role) in trust.roles.iter().enumerate() {
        if signers.iter().filter(|signer| role.keys.contains(signer)).count() < role.threshold {
            return Err(BundleError::Threshold(number));
        }
    }
    Ok(())
}

/// The contents are the files of the manifest, one after the other, and nothing else.
fn files(manifest: &Manifest, contents: &[u8]) -> Result<(), BundleError> {
    let mut rest = contents;
    for (number, file) in manifest.files.iter().enumerate() {
        let (bytes, after) = rest.split_at_checked(file.length as usize).ok_or(BundleError::Length)?;
        if hash(bytes) != file.hash {
            return Err(BundleError::Hash(number));
        }
        rest = after;
    }
    if rest.is_empty() { Ok(()) } else { Err(BundleError::Length) }
}
