//! All files a policy may refer to, found by the name and version in their headers.
//! In: parsed files with their texts, perhaps a lock. Out: look-ups. Refuses to know folders and to read anything.

use super::lock::Lock;
use super::report::Report;
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use sha2::{Digest, Sha256};

/// The parsed files of one compilation, and its lock.
#[derive(Clone, Debug, Default)]
pub struct Files {
    entries: Vec<Entry>,
    lock: Option<Lock>,
}

/// One parsed file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The tree.
    pub(super) tree: ast::File,
    /// SHA-256 of the text.
    pub(super) sha256: [u8; 32],
    /// Whether parts of it could not be read.
    pub(super) incomplete: bool,
}

impl Files {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file that was read whole.
    pub fn add(&mut self, tree: ast::File, text: &str) {
        self.push(tree, text, false);
    }

    /// Adds a file of which parts could not be read: what it may have declared is not called unknown.
    pub fn add_incomplete(&mut self, tree: ast::File, text: &str) {
        self.push(tree, text, true);
    }

    /// Gives the lock; from then on a file that is used, refined or compared with must be in it, with the same digest.
    pub fn set_lock(&mut self, lock: Lock) {
        self.lock = Some(lock);
    }

    /// The SHA-256 of a file that was added.
    pub fn sha256(&self, file: FileId) -> Option<[u8; 32]> {
        self.index(file).map(|at| self.entries[at].sha256)
    }

    fn push(&mut self, tree: ast::File, text: &str, incomplete: bool) {
        let sha256 = Sha256::digest(text.as_bytes()).into();
        self.entries.push(Entry { tree, sha256, incomplete });
    }

    /// The place of a file in this list.
    pub(super) fn index(&self, file: FileId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.tree.file == file)
    }

    /// The file at a place.
    pub(super) fn get(&self, at: usize) -> &Entry {
        &self.entries[at]
    }

    /// The file a `use`, `refines` or `unchanged since` means; what is wrong with it is reported.
    pub(super) fn find(&self, import: &ast::Import, report: &mut Report) -> Option<usize> {
        let place = import.name.span.to(import.version.span);
        let wanted = (import.name.text.as_str(), import.version.value);
        let mut found =
            self.headers().filter(|(_, header)| (header.name.text.as_str(), header.version.value) == wanted);
        let Some((at, first)) = found.next() else {
            self.report_missing(import, place, report);
            return None;
        };
        if let Some((_, second)) = found.next() {
            report.push(alike(first, second, place));
        }
        if let Some(lock) = &self.lock {
            lock.compare(import, place, &self.entries[at].sha256, report);
        }
        Some(at)
    }

    /// Reports another file with the same name and version as the given one.
    pub(super) fn report_alike(&self, at: usize, report: &mut Report) {
        let Some(own) = &self.entries[at].tree.header else { return };
        let other = self.headers().find(|(other, header)| {
            *other != at && header.name.text == own.name.text && header.version.value == own.version.value
        });
        if let Some((_, other)) = other {
            report.push(alike(other, own, own.name.span));
        }
    }

    fn headers(&self) -> impl Iterator<Item = (usize, &ast::Header)> {
        self.entries.iter().enumerate().filter_map(|(at, entry)| entry.tree.header.as_ref().map(|header| (at, header)))
    }

    fn report_missing(&self, import: &ast::Import, place: Span, report: &mut Report) {
        let name = &import.name.text;
        let mut versions: Vec<u64> =
            self.headers().filter(|(_, header)| header.name.text == *name).map(|(_, h)| h.version.value).collect();
        versions.sort_unstable();
        let message = format!("no file holds policy `{name}` version {}", import.version.value);
        let mut diagnostic = Diagnostic::new(codes::KW140, place, message);
        if versions.is_empty() {
            let names: Vec<&str> = self.headers().map(|(_, header)| header.name.text.as_str()).collect();
            diagnostic = report.with_suggestion(diagnostic, name, import.name.span, names);
        }
        for version in versions.iter().rev().take(2) {
            let (text, span) = (version.to_string(), import.version.span);
            diagnostic = diagnostic.hint_edit(format!("version {version} is there"), span, text);
        }
        report.push(diagnostic);
        report.mark_incomplete();
    }
}

fn alike(first: &ast::Header, second: &ast::Header, place: Span) -> Diagnostic {
    let message = format!("two files are called `{}` version {}", first.name.text, first.version.value);
    Diagnostic::new(codes::KW122, place, message)
        .label(first.name.span, "one of them")
        .label(second.name.span, "the other")
        .hint("give the newer one a higher version")
}
