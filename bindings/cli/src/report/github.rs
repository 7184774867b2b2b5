//! Annotations of GitHub Actions.
//! In: sources and diagnostics. Out: one `::error …::` line for each. Refuses line breaks inside a line.

use keyward::codes::Severity;
use keyward::diagnostic::Diagnostic;
use keyward::render::visible;
use keyward::source::Sources;

/// One line for each diagnostic.
pub fn annotations(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|one| annotation(sources, one)).collect()
}

fn annotation(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let span = diagnostic.primary.span;
    let mut place = String::new();
    if let Some(source) = sources.get(span.file) {
        let (start, end) = (source.place(span.start), source.place(span.end.max(span.start)));
        let file = property(source.name());
        place = format!("file={file},line={},endLine={},col={},", start.line, end.line, start.column);
        if start.line == end.line {
            place.push_str(&format!("endColumn={},", end.column));
        }
    }
    let name = diagnostic.code.entry().map_or("", |entry| entry.name);
    let mut message = diagnostic.message.clone();
    if let Some(example) = &diagnostic.example {
        message.push_str(&format!(". For example: {}", example.words));
    }
    format!("::{level} {place}title={} {name}::{}\n", diagnostic.code, data(&message))
}

fn data(text: &str) -> String {
    visible(&text.replace('\n', " ")).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
