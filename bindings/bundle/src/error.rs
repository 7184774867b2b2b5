//! Why a bundle is refused. In: nothing. Out: a kind and a sentence. Refuses to hide one reason behind another.

use core::fmt;

/// Why a bundle is refused. What was obeyed before stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// It does not start like a bundle.
    NotABundle,
    /// It is larger than a bundle can be.
    TooLarge,
    /// It ends before it should, or goes on after it.
    Length,
    /// The manifest is not written as manifests are.
    Manifest,
    /// A path is absolute, leads outside, stands twice or out of order, or has characters paths do not have.
    Path,
    /// A signature is not one of the manifest by its key.
    Signature,
    /// Too few keys of a role signed: its place in the list of roles.
    Threshold(usize),
    /// A key signed twice.
    SignedTwice,
    /// It is for another organization.
    Organization,
    /// It needs a newer engine.
    Engine,
    /// It is not valid yet.
    NotYet,
    /// It is not valid any more.
    Expired,
    /// It would have to be not valid before it is valid.
    Dates,
    /// It is as old as what is obeyed, or older.
    Rollback,
    /// It does not follow what is obeyed.
    Previous,
    /// A file is not what the manifest says: its place in the list.
    Hash(usize),
    /// No role is asked for, or a role that any number of keys fulfils.
    NoTrust,
}

impl fmt::Display for BundleError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            BundleError::NotABundle => "this is not a bundle",
            BundleError::TooLarge => "this is larger than a bundle can be",
            BundleError::Length => "the bundle is cut off, or something follows it",
            BundleError::Manifest => "the manifest of the bundle is malformed",
            BundleError::Path => "the bundle holds a path that is not allowed",
            BundleError::Signature => "a signature of the bundle is wrong",
            BundleError::Threshold(role) => {
                return write!(out, "too few trusted keys signed the bundle for role {}", role + 1);
            }
            BundleError::SignedTwice => "a key signed the bundle twice",
            BundleError::Organization => "the bundle is for another organization",
            BundleError::Engine => "the bundle needs a newer engine",
            BundleError::NotYet => "the bundle is not valid yet",
            BundleError::Expired => "the bundle has expired",
            BundleError::Dates => "the bundle expires before it is valid",
            BundleError::Rollback => "the bundle is not newer than the one that is obeyed",
            BundleError::Previous => "the bundle does not follow the one that is obeyed",
            BundleError::Hash(file) => return write!(out, "file {} of the bundle was changed", file + 1),
            BundleError::NoTrust => "no keys are trusted, so no bundle is",
        };
        out.write_str(text)
    }
}

impl core::error::Error for BundleError {}
