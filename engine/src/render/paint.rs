//! Colour, switched on or off in one place.
//! In: a flag. Out: text with or without ANSI codes. Refuses to decide whether the reader can see colour.

use crate::codes::Severity;

/// How text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether ANSI colour codes are written.
    pub color: bool,
    /// How many characters a line may have.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Look { color: false, width: 100 }
    }
}

/// The few styles there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// An error, or something that failed.
    Error,
    /// A warning.
    Warning,
    /// A note.
    Note,
    /// Something that holds, or text that is added.
    Good,
    /// Line numbers and other things to look past.
    Faint,
    /// A heading.
    Strong,
}

impl Paint {
    /// The style of a severity.
    pub fn of(severity: Severity) -> Paint {
        match severity {
            Severity::Error => Paint::Error,
            Severity::Warning => Paint::Warning,
            Severity::Note => Paint::Note,
        }
    }

    fn codes(self) -> &'static str {
        match self {
            Paint::Error => "1;31",
            Paint::Warning => "1;33",
            Paint::Note => "1;36",
            Paint::Good => "32",
            Paint::Faint => "2",
            Paint::Strong => "1",
        }
    }
}

impl Look {
    /// The text in a style, if colour is on.
    pub fn paint(self, paint: Paint, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", paint.codes()) } else { text.to_string() }
    }
}
