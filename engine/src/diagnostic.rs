//! What Keyward tells an author: one diagnostic, its places, its example and its edits.
//! In: codes and spans. Out: plain data that `render` turns into text or JSON. Refuses to know any tree type.

use crate::codes::{Code, Severity};
use crate::span::Span;

/// A place that has a part in the diagnostic, with a few words on its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What it has to do with the matter; may be empty for the primary place.
    pub text: String,
}

/// One replacement of text, so that a machine can apply a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; an empty span inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A way out: a sentence and, where it can be done by machine, its edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The sentence.
    pub text: String,
    /// The edits that carry it out; empty if a person has to decide.
    pub edits: Vec<Edit>,
    /// Whether applying the edits is safe without asking (`keyward fix`); false where it is one choice of several.
    pub safe: bool,
}

/// A concrete request that shows the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The request in words: "method is qr_code, person.has_pin is no".
    pub words: String,
    /// The request as `keyward decide --request` takes it: dotted input names with JSON values already written out.
    pub request: Vec<(String, String)>,
}

/// How many possible requests are concerned, exactly. Written in decimal, because the numbers outgrow machine words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The requests concerned.
    pub requests: String,
    /// All valid requests.
    pub of: String,
    /// The share as people read it: "1.25%".
    pub share: String,
}

/// One message to the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence: lowercase start, names in backticks, no compiler words.
    pub message: String,
    /// The place to look at first.
    pub primary: Label,
    /// Every other party.
    pub labels: Vec<Label>,
    /// A request that shows it.
    pub example: Option<Example>,
    /// How many requests it concerns.
    pub count: Option<Count>,
    /// Further sentences.
    pub notes: Vec<String>,
    /// Ways out, best first.
    pub hints: Vec<Hint>,
}

impl Diagnostic {
    /// A diagnostic at a place, with the severity its code has in the table.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label { span, text: String::new() },
            labels: Vec::new(),
            example: None,
            count: None,
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Says what the primary place has to do with it.
    pub fn at(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another party.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a sentence.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a way out that a person has to write.
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(Hint { text: text.into(), edits: Vec::new(), safe: false });
        self
    }

    /// Adds a way out with one edit; one choice of several, so it is never applied unasked.
    pub fn hint_edit(mut self, text: impl Into<String>, span: Span, new_text: impl Into<String>) -> Self {
        let edits = vec![Edit { span, text: new_text.into() }];
        self.hints.push(Hint { text: text.into(), edits, safe: false });
        self
    }

    /// Adds the obvious mend with one edit, which `keyward fix` applies.
    pub fn mend(mut self, text: impl Into<String>, span: Span, new_text: impl Into<String>) -> Self {
        let edits = vec![Edit { span, text: new_text.into() }];
        self.hints.push(Hint { text: text.into(), edits, safe: true });
        self
    }

    /// Adds the example request.
    pub fn example(mut self, example: Example) -> Self {
        self.example = Some(example);
        self
    }

    /// Adds the count of requests concerned.
    pub fn count(mut self, count: Count) -> Self {
        self.count = Some(count);
        self
    }

    /// Whether the policy cannot be built because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by place and removes exact repeats, so that the same text always gives the same list.
pub fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (a.primary.span, a.code, &a.message).cmp(&(b.primary.span, b.code, &b.message)));
    diagnostics.dedup();
}
