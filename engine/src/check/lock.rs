//! The lock: which text a policy's name and version stand for.
//! In: the text of `keyward.lock`. Out: digests to compare with. Refuses to know where the files are.
//!
//! One line a file, `NAME VERSION SHA256`, the digest in hexadecimal. Empty lines and lines that start with `#` are skipped.

use super::report::Report;
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use std::collections::BTreeMap;

/// The entries of a lock, by name and version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    entries: BTreeMap<(String, u64), ([u8; 32], Span)>,
}

impl Lock {
    /// Reads a lock; lines that cannot be read are reported and left out.
    pub fn parse(file: FileId, text: &str) -> (Lock, Vec<Diagnostic>) {
        let mut lock = Lock::default();
        let mut diagnostics = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim();
            let span = Span::new(file, start, start + line.trim_end().len());
            start += line.len();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let Some((name, version, digest)) = entry(content) else {
                let message = "a line of the lock is a name, a version and a digest of 64 hexadecimal digits";
                diagnostics.push(Diagnostic::new(codes::KW143, span, message));
                continue;
            };
            if let Some((_, first)) = lock.entries.get(&(name.clone(), version)) {
                let message = format!("the lock names `{name}` version {version} twice");
                diagnostics.push(Diagnostic::new(codes::KW143, span, message).label(*first, "first here"));
                continue;
            }
            lock.entries.insert((name, version), (digest, span));
        }
        (lock, diagnostics)
    }

    /// Writes a lock with these files, sorted.
    pub fn write(files: impl IntoIterator<Item = (String, u64, [u8; 32])>) -> String {
        let mut lines: Vec<(String, u64, [u8; 32])> = files.into_iter().collect();
        lines.sort();
        lines.dedup();
        lines.iter().map(|(name, version, digest)| format!("{name} {version} {}\n", hexadecimal(digest))).collect()
    }

    /// Reports a file that is not in the lock, or has another text than the lock says.
    pub(super) fn compare(&self, import: &ast::Import, place: Span, sha256: &[u8; 32], report: &mut Report) {
        let (name, version) = (&import.name.text, import.version.value);
        match self.entries.get(&(name.clone(), version)) {
            None => report.push(
                Diagnostic::new(codes::KW143, place, format!("the lock does not name `{name}` version {version}"))
                    .hint("look at the file, then run `keyward lock`"),
            ),
            Some((locked, span)) if locked != sha256 => report.push(
                Diagnostic::new(
                    codes::KW143,
                    place,
                    format!("`{name}` version {version} is not the file that was locked"),
                )
                .label(*span, "locked here")
                .note(format!("its SHA-256 is {}", hexadecimal(sha256)))
                .hint("bring back the locked file, or look at the change and run `keyward lock`"),
            ),
            Some(_) => {}
        }
    }
}

fn entry(line: &str) -> Option<(String, u64, [u8; 32])> {
    let mut parts = line.split_whitespace();
    let (name, version, digest) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digest.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some((name.to_owned(), version.parse().ok()?, bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Lock;
    use crate::span::FileId;

    #[test]
    fn what_is_written_can_be_read() {
        let text = Lock::write([("b.b".to_owned(), 2, [7; 32]), ("a.a".to_owned(), 1, [255; 32])]);
        assert!(text.starts_with("a.a 1 ffff"));
        let (lock, diagnostics) = Lock::parse(FileId(3), &text);
        assert!(diagnostics.is_empty());
        assert_eq!(lock.entries.len(), 2);
    }

    #[test]
    fn bad_lines_are_reported_one_by_one() {
        let digest = "0".repeat(64);
        let text = format!(
            "# made by hand\n\na 1 {digest}\na 1 {digest}\nb one {digest}\nc 1 +1{}\nd 1 {digest} e\n",
            &digest[2..]
        );
        let (lock, diagnostics) = Lock::parse(FileId(0), &text);
        assert_eq!((lock.entries.len(), diagnostics.len()), (1, 4));
    }
}
