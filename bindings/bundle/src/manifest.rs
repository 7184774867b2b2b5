//! The manifest: what a bundle holds and for whom. In: bytes. Out: its parts, in the one way they can be written. Refuses
//! anything a signer would not have written: there is one manifest for each content.

use crate::error::BundleError;
use crate::{Hash, VerifyingKey};
use alloc::string::String;
use alloc::vec::Vec;

/// Most bytes of a bundle.
pub const LARGEST: usize = 16 << 20;
/// Most files in a bundle.
pub const MAX_FILES: usize = 64;
/// Most bytes of a name or a path.
const LONGEST: usize = 100;

/// The first bytes of a bundle.
pub(crate) const MAGIC: &[u8; 4] = b"KWB1";
/// What is signed starts like this, so that no signature for anything else is one for a bundle.
pub(crate) const DOMAIN: &[u8] = b"keyward bundle 1\0";

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Whose policies these are.
    pub organization: String,
    /// Grows with every bundle.
    pub version: u32,
    /// The ABI a host must know.
    pub abi: u16,
    /// From when on it may be obeyed, in seconds since 1970.
    pub not_before: i64,
    /// From when on it may not be obeyed any more.
    pub expires: i64,
    /// The hash of the manifest before, or zeros for the first.
    pub previous: Hash,
    /// Its files, sorted by path.
    pub files: Vec<File>,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it belongs: relative, with `/`.
    pub path: String,
    /// Bytes.
    pub length: u32,
    /// SHA-256.
    pub hash: Hash,
}

impl Manifest {
    /// As bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let text = |out: &mut Vec<u8>, text: &str| {
            out.push(text.len() as u8);
            out.extend(text.as_bytes());
        };
        text(&mut out, &self.organization);
        out.extend(self.version.to_le_bytes());
        out.extend(self.abi.to_le_bytes());
        out.extend(self.not_before.to_le_bytes());
        out.extend(self.expires.to_le_bytes());
        out.extend(self.previous);
        out.push(self.files.len() as u8);
        for file in &self.files {
            text(&mut out, &file.path);
            out.extend(file.length.to_le_bytes());
            out.extend(file.hash);
        }
        out
    }

    /// From bytes.
    pub fn read(bytes: &[u8]) -> Result<Manifest, BundleError> {
        let mut it = Reader { bytes };
        let malformed = BundleError::Manifest;
        let organization = it.text().filter(|name| !name.is_empty()).ok_or(malformed)?;
        let version = u32::from_le_bytes(it.array().ok_or(malformed)?);
        let abi = u16::from_le_bytes(it.array().ok_or(malformed)?);
        let not_before = i64::from_le_bytes(it.array().ok_or(malformed)?);
        let expires = i64::from_le_bytes(it.array().ok_or(malformed)?);
        let previous = it.array().ok_or(malformed)?;
        let [count] = it.array().ok_or(malformed)?;
        if usize::from(count) > MAX_FILES {
            return Err(malformed);
        }
        let mut files: Vec<File> = Vec::new();
        for _ in 0..count {
            let path = it.text().ok_or(malformed)?;
            let length = u32::from_le_bytes(it.array().ok_or(malformed)?);
            let hash = it.array().ok_or(malformed)?;
            let sorted = files.last().is_none_or(|before| before.path < path);
            if !sorted || !is_path(&path) {
                return Err(BundleError::Path);
            }
            files.push(File { path, length, hash });
        }
        let it = if it.bytes.is_empty() { Ok(()) } else { Err(malformed) };
        it.map(|()| Manifest { organization, version, abi, not_before, expires, previous, files })
    }

    /// Whether it may be obeyed at a time, in seconds since 1970.
    pub fn at(&self, now: i64) -> Result<(), BundleError> {
        if now < self.not_before {
            return Err(BundleError::NotYet);
        }
        if now < self.expires { Ok(()) } else { Err(BundleError::Expired) }
    }

    /// Whether everything in it can be written and read again.
    #[must_use]
    pub(crate) fn is_sound(&self) -> bool {
        let short = self.organization.len() <= LONGEST && self.files.iter().all(|file| file.path.len() <= LONGEST);
        short && self.not_before < self.expires && Manifest::read(&self.bytes()).as_ref() == Ok(self)
    }
}

/// Whether a path stays inside, and is spelled in one way: small letters, digits, `_`, `-`, `.` in parts with `/` between.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte))
    };
    path.len() <= LONGEST && path.split('/').all(part)
}

/// A signature of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) key: [u8; 8],
    pub(crate) bytes: [u8; 64],
}

/// The parts of a bundle, none of them believed yet.
pub(crate) struct Parts<'a> {
    pub(crate) manifest: &'a [u8],
    pub(crate) signatures: Vec<Signature>,
    pub(crate) contents: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Takes a bundle apart.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Parts<'a>, BundleError> {
        if bytes.len() > LARGEST {
            return Err(BundleError::TooLarge);
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(BundleError::NotABundle)?;
        let mut it = Reader { bytes: rest };
        let length = u32::from_le_bytes(it.array().ok_or(BundleError::Length)?);
        let manifest = it.take(length as usize).ok_or(BundleError::Length)?;
        let [count] = it.array().ok_or(BundleError::Length)?;
        let mut signatures = Vec::new();
        for _ in 0..count {
            let key = it.array().ok_or(BundleError::Length)?;
            signatures.push(Signature { key, bytes: it.array().ok_or(BundleError::Length)? });
        }
        Ok(Parts { manifest, signatures, contents: it.bytes })
    }

    /// Puts it together again.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.manifest.len() as u32).to_le_bytes());
        out.extend(self.manifest);
        out.push(self.signatures.len() as u8);
        for signature in &self.signatures {
            out.extend(signature.key);
            out.extend(signature.bytes);
        }
        out.extend(self.contents);
        out
    }
}

/// What is signed.
pub(crate) fn signed(manifest: &[u8]) -> Vec<u8> {
    [DOMAIN, manifest].concat()
}

/// How a key is named in a bundle.
pub(crate) fn id(key: &VerifyingKey) -> [u8; 8] {
    let hash = crate::hash(key.as_bytes());
    core::array::from_fn(|at| hash[at])
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn array<const COUNT: usize>(&mut self) -> Option<[u8; COUNT]> {
        self.take(COUNT)?.try_into().ok()
    }

    fn text(&mut self) -> Option<String> {
        let [length] = self.array()?;
        let bytes = self.take(usize::from(length)).filter(|bytes| bytes.len() <= LONGEST)?;
        core::str::from_utf8(bytes).ok().map(String::from)
    }
}
