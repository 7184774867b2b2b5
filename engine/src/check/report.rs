//! Where the checks of one policy put what they find.
//! In: diagnostics. Out: the same, sorted, without repeats. Refuses to know what they mean.

use super::hints;
use crate::codes::{self, Code};
use crate::diagnostic::{Diagnostic, tidy};
use crate::span::Span;
use std::collections::BTreeSet;

/// How many candidate names all suggestions of one run may look at, so that many mistakes in a large file stay cheap.
const CANDIDATES: usize = 100_000;

/// The findings so far.
pub(super) struct Report {
    diagnostics: Vec<Diagnostic>,
    candidates_left: usize,
    /// Whether a part of the text is missing: then an unknown name says nothing, and is not reported.
    incomplete: bool,
    /// Names that are declared, with a mistake reported there: what refers to them is not reported again.
    broken: BTreeSet<String>,
}

impl Report {
    /// No findings yet.
    pub(super) fn new() -> Self {
        Report { diagnostics: Vec::new(), candidates_left: CANDIDATES, incomplete: false, broken: BTreeSet::new() }
    }

    /// Adds a finding.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Notes that a file or a paragraph could not be read, so that names it declares are not called unknown.
    pub(super) fn mark_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Notes a name whose declaration has a mistake, reported there.
    pub(super) fn mark_broken(&mut self, name: &str) {
        self.broken.insert(name.to_owned());
    }

    /// Whether looking for a near name still makes sense.
    pub(super) fn may_suggest(&self) -> bool {
        self.candidates_left > 0 && !self.incomplete
    }

    /// Whether a part of the text is missing.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Adds a finding that only makes sense when the whole text was read.
    pub(super) fn push_if_complete(&mut self, diagnostic: Diagnostic) {
        if !self.incomplete {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports a name that nothing has, with the nearest name of the same kind.
    pub(super) fn unknown<'n>(&mut self, what: &str, word: &str, span: Span, names: impl IntoIterator<Item = &'n str>) {
        if self.incomplete || self.broken.contains(word) {
            return;
        }
        let base = Diagnostic::new(codes::KW121, span, format!("there is no {what} `{word}`"));
        let diagnostic = self.with_suggestion(base, word, span, names);
        self.push(diagnostic);
    }

    /// Adds "Did you mean …?" with its edit, if a name is near.
    pub(super) fn with_suggestion<'n>(
        &mut self,
        mut diagnostic: Diagnostic,
        word: &str,
        span: Span,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Diagnostic {
        if let Some(near) = self.near(word, names) {
            diagnostic.message.push_str(&format!(". Did you mean `{near}`?"));
            return diagnostic.hint_edit(format!("write `{near}`"), span, near);
        }
        diagnostic
    }

    /// The nearest of some names, if one is near and the budget for looking is not used up.
    fn near<'n>(&mut self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        let left = self.candidates_left;
        let mut seen = 0;
        let near = hints::nearest(word, names.into_iter().take(left).inspect(|_| seen += 1));
        self.candidates_left -= seen.min(left);
        near
    }

    /// Whether an error was found.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The findings in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        tidy(&mut self.diagnostics);
        self.diagnostics
    }
}

/// Two things with one name: the later one is reported, the first one labelled.
pub(super) fn twice(code: Code, what: &str, name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(code, second, format!("the {what} `{name}` is declared twice"))
        .at("declared again here")
        .label(first, "first declared here")
}
