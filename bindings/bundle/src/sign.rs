//! Making bundles. In: files, what is to be said of them, a secret key. Out: a bundle, or one more signature on it. Refuses to
//! sign what nobody could verify.

use crate::error::BundleError;
use crate::manifest::{self, File, LARGEST, MAX_FILES, Manifest, Parts, Signature, signed};
use crate::{Hash, SigningKey, hash};
use alloc::string::String;
use alloc::vec::Vec;
use ed25519_dalek::Signer;

/// What a bundle is made of.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Whose policies these are.
    pub organization: String,
    /// Greater than that of the bundle before.
    pub version: u32,
    /// The ABI a host must know.
    pub abi: u16,
    /// From when on it may be obeyed, in seconds since 1970.
    pub not_before: i64,
    /// From when on it may not be obeyed any more.
    pub expires: i64,
    /// The hash of the bundle before; zeros for the first.
    pub previous: Hash,
    /// Paths and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Makes a bundle with one signature.
pub fn sign(contents: &Contents, key: &SigningKey) -> Result<Vec<u8>, BundleError> {
    let mut files: Vec<&(String, Vec<u8>)> = contents.files.iter().collect();
    files.sort();
    if files.len() > MAX_FILES || files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > LARGEST {
        return Err(BundleError::TooLarge);
    }
    let listed =
        files.iter().map(|(path, bytes)| File { path: path.clone(), length: bytes.len() as u32, hash: hash(bytes) });
    let manifest = Manifest {
        organization: contents.organization.clone(),
        version: contents.version,
        abi: contents.abi,
        not_before: contents.not_before,
        expires: contents.expires,
        previous: contents.previous,
        files: listed.collect(),
    };
    if !manifest.is_sound() {
        return Err(Manifest::read(&manifest.bytes()).err().unwrap_or(BundleError::Dates));
    }
    let bytes = manifest.bytes();
    let all: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
    let unsigned = Parts { manifest: &bytes, signatures: Vec::new(), contents: &all }.bytes();
    add_signature(&unsigned, key)
}

/// Signs a bundle as well.
pub fn add_signature(bundle: &[u8], key: &SigningKey) -> Result<Vec<u8>, BundleError> {
    let mut parts = Parts::read(bundle)?;
    Manifest::read(parts.manifest)?;
    let id = manifest::id(&key.verifying_key());
    if parts.signatures.iter().any(|signature| signature.key == id) {
        return Err(BundleError::SignedTwice);
    }
    let bytes = key.sign(&signed(parts.manifest)).to_bytes();
    parts.signatures.push(Signature { key: id, bytes });
    Ok(parts.bytes())
}
