//! The messages of one parse, bounded in number.
//! In: diagnostics. Out: at most `LIMIT` of them and a last one that counts the rest. Refuses to know what they say.

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// More messages help nobody, and a hostile text must not turn into a thousand times as much text.
const LIMIT: usize = 200;

/// Collects the messages of one parse.
#[derive(Debug, Default)]
pub struct Report {
    kept: Vec<Diagnostic>,
    dropped: usize,
    last: Span,
}

impl Report {
    /// Adds a message, or counts it if there are too many already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.kept.len() < LIMIT {
            self.kept.push(diagnostic);
        } else {
            self.last = diagnostic.primary.span;
            self.dropped += 1;
        }
    }

    /// Adds a message that is only made if it is kept.
    pub fn push_made(&mut self, span: Span, make: impl FnOnce() -> Diagnostic) {
        if self.kept.len() < LIMIT {
            self.kept.push(make());
        } else {
            self.last = span;
            self.dropped += 1;
        }
    }

    /// All messages.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        if self.dropped > 0 {
            let message = format!("{} more mistakes are not shown", self.dropped);
            self.kept.push(Diagnostic::new(codes::KW100, self.last, message));
        }
        self.kept
    }
}
