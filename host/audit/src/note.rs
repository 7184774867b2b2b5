//! Signed notes (C2SP `signed-note`, Ed25519). In: a text and a key, or a note from somebody who is not believed. Out: a note, or
//! its text once the signature of a trusted key is verified. Refuses to know: what the text means.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Ed25519, in key identifiers.
const ED25519: u8 = 1;
/// What every line of a signature begins with.
const DASH: &str = "\u{2014} ";
/// A note is small: a checkpoint and a handful of witnesses.
pub(crate) const LARGEST: usize = 16 * 1024;

/// Why a note is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// It is longer than a note can be.
    TooLong,
    /// It does not have the form of a note.
    Malformed,
    /// The trusted key did not sign it.
    NotSigned,
    /// A signature in the name of the trusted key is not its own.
    WrongSignature,
    /// The text is not a checkpoint.
    NotACheckpoint,
    /// It is a checkpoint of another log.
    OtherLog,
}

impl fmt::Display for NoteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            NoteError::TooLong => "the note is longer than 16 KiB",
            NoteError::Malformed => "this is not a signed note: text, an empty line, and signatures",
            NoteError::NotSigned => "the trusted key did not sign this note",
            NoteError::WrongSignature => "the signature does not fit the text: one of the two was changed",
            NoteError::NotACheckpoint => "the text is not a checkpoint: name of the log, size, and hash in base64",
            NoteError::OtherLog => "this is a checkpoint of another log",
        })
    }
}

impl std::error::Error for NoteError {}

/// A name and a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

/// A name and a secret key.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl PublicKey {
    /// A key by its name; none if the name is empty or has spaces or a plus sign.
    #[must_use]
    pub fn new(name: &str, key: VerifyingKey) -> Option<PublicKey> {
        fine(name).then(|| PublicKey { name: name.to_string(), key })
    }

    /// Reads `NAME+HASH+BASE64`, as others write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<PublicKey> {
        let (name, rest) = text.split_once('+')?;
        let (hash, key) = rest.split_once('+')?;
        let bytes = STANDARD.decode(key).ok()?;
        let (&kind, key) = bytes.split_first()?;
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        let found = (kind == ED25519).then(|| PublicKey::new(name, key))??;
        (found.to_string() == text && hash.len() == 8).then_some(found)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that tell keys of one name apart.
    fn id(&self) -> [u8; 4] {
        let hash =
            Sha256::new().chain_update(&self.name).chain_update([b'\n', ED25519]).chain_update(self.key.as_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The text of a note that this key signed. Signatures of others are not looked at.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        if note.len() > LARGEST {
            return Err(NoteError::TooLong);
        }
        // The last empty line parts text and signatures; a text may have empty lines of its own.
        let at = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, signatures) = (&note[..=at], &note[at + 2..]);
        if !signatures.ends_with('\n') || !printable(note) {
            return Err(NoteError::Malformed);
        }
        let mut signed = false;
        for line in signatures.lines() {
            let (name, bytes) = signature(line).ok_or(NoteError::Malformed)?;
            let (id, signature) = bytes.split_at_checked(4).ok_or(NoteError::Malformed)?;
            if name != self.name || id != self.id() {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::WrongSignature)?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::WrongSignature)?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(NoteError::NotSigned) }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519][..], self.key.as_bytes()].concat();
        write!(out, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), STANDARD.encode(key))
    }
}

impl Signer {
    /// A key by its name; none if the name is empty or has spaces or a plus sign.
    #[must_use]
    pub fn new(name: &str, key: SigningKey) -> Option<Signer> {
        fine(name).then(|| Signer { name: name.to_string(), key })
    }

    /// What others verify with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// A note with this text, which ends with a line break and has no control letters beside it; none otherwise.
    #[must_use]
    pub fn sign(&self, text: &str) -> Option<String> {
        (text.ends_with('\n') && printable(text)).then_some(())?;
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let bytes = [&self.public_key().id()[..], &signature].concat();
        let note = format!("{text}\n{DASH}{} {}\n", self.name, STANDARD.encode(bytes));
        (note.len() <= LARGEST).then_some(note)
    }
}

fn fine(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+')
}

/// Whether a text has no control letters but line breaks.
fn printable(text: &str) -> bool {
    !text.contains(|letter: char| letter < ' ' && letter != '\n')
}

/// Name and bytes of a line.
fn signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, text) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = STANDARD.decode(text).ok()?;
    (fine(name) && bytes.len() > 4).then_some((name, bytes))
}
