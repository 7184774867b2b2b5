//! Diagnostics as JSON, the same for every host.
//! In: sources and diagnostics. Out: JSON text with byte offsets and line numbers. Refuses to pretty-print.

use crate::codes::Severity;
use crate::diagnostic::{Diagnostic, Hint, Label};
use crate::source::Sources;
use crate::span::Span;

/// All diagnostics as a JSON array.
pub fn diagnostics(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    array(diagnostics.iter().map(|one| diagnostic(sources, one)))
}

/// One diagnostic as a JSON object.
pub fn diagnostic(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut fields = vec![
        ("code", string(&diagnostic.code.to_string())),
        ("name", string(diagnostic.code.entry().map_or("", |entry| entry.name))),
        ("severity", string(severity(diagnostic.severity))),
        ("message", string(&diagnostic.message)),
        ("at", label(sources, &diagnostic.primary)),
        ("labels", array(diagnostic.labels.iter().map(|one| label(sources, one)))),
    ];
    if let Some(example) = &diagnostic.example {
        let request: Vec<(&str, String)> =
            example.request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        fields.push(("example", object(&[("words", string(&example.words)), ("request", object(&request))])));
    }
    if let Some(count) = &diagnostic.count {
        let parts = [("requests", string(&count.requests)), ("of", string(&count.of)), ("share", string(&count.share))];
        fields.push(("count", object(&parts)));
    }
    fields.push(("notes", array(diagnostic.notes.iter().map(|note| string(note)))));
    fields.push(("hints", array(diagnostic.hints.iter().map(|one| hint(sources, one)))));
    object(&fields)
}

/// The word for a severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A JSON string, control characters escaped.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A JSON array of values already written out.
pub fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// A JSON object of values already written out.
pub fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{value}", string(name))).collect();
    format!("{{{}}}", fields.join(","))
}

fn label(sources: &Sources, label: &Label) -> String {
    let mut fields = place(sources, label.span);
    fields.push(("text", string(&label.text)));
    object(&fields)
}

fn place(sources: &Sources, span: Span) -> Vec<(&'static str, String)> {
    let Some(source) = sources.get(span.file) else { return vec![("file", "null".to_string())] };
    let (start, end) = (source.place(span.start), source.place(span.end));
    vec![
        ("file", string(source.name())),
        ("line", start.line.to_string()),
        ("column", start.column.to_string()),
        ("end_line", end.line.to_string()),
        ("end_column", end.column.to_string()),
        ("start", span.start.to_string()),
        ("end", span.end.to_string()),
    ]
}

fn hint(sources: &Sources, hint: &Hint) -> String {
    let edits = array(hint.edits.iter().map(|edit| {
        let mut fields = place(sources, edit.span);
        fields.push(("text", string(&edit.text)));
        object(&fields)
    }));
    object(&[("text", string(&hint.text)), ("safe", hint.safe.to_string()), ("edits", edits)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::KW120;
    use crate::diagnostic::Example;
    use crate::span::FileId;

    #[test]
    fn a_diagnostic_with_everything() {
        let mut sources = Sources::new();
        let file = sources.add("a \"b\".ward", "one\ntwo\n");
        let message = Diagnostic::new(KW120, Span::new(file, 4, 7), "no `x`\n")
            .example(Example { words: "a is b".into(), request: vec![("a".into(), "\"b\"".into())] })
            .mend("write three", Span::new(file, 4, 7), "three");
        assert_eq!(
            diagnostic(&sources, &message),
            "{\"code\":\"KW120\",\"name\":\"not-a-value\",\"severity\":\"error\",\"message\":\"no `x`\\n\",\
             \"at\":{\"file\":\"a \\\"b\\\".ward\",\"line\":2,\"column\":1,\"end_line\":2,\"end_column\":4,\"start\":4,\"end\":7,\"text\":\"\"},\
             \"labels\":[],\"example\":{\"words\":\"a is b\",\"request\":{\"a\":\"b\"}},\"notes\":[],\
             \"hints\":[{\"text\":\"write three\",\"safe\":true,\"edits\":[{\"file\":\"a \\\"b\\\".ward\",\"line\":2,\"column\":1,\
             \"end_line\":2,\"end_column\":4,\"start\":4,\"end\":7,\"text\":\"three\"}]}]}"
        );
    }

    #[test]
    fn a_place_in_no_file_is_null() {
        let message = Diagnostic::new(KW120, Span::new(FileId(3), 0, 1), "x");
        assert!(diagnostic(&Sources::new(), &message).contains("\"at\":{\"file\":null,"));
    }
}
