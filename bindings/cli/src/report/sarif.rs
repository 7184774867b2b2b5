//! SARIF 2.1.0, the smallest document code scanning accepts.
//! In: sources and diagnostics. Out: one JSON document. Refuses to repeat pages: a rule has its title and its code.

use keyward::codes::{Code, Severity};
use keyward::diagnostic::{Diagnostic, Hint};
use keyward::render::json::{array, object, string};
use keyward::source::Sources;
use keyward::span::Span;
use std::collections::BTreeSet;

/// The document of one run.
pub fn document(sources_and_findings: &[(&Sources, &[Diagnostic])]) -> String {
    let all = || sources_and_findings.iter().flat_map(|(sources, found)| found.iter().map(move |one| (*sources, one)));
    let codes: BTreeSet<Code> = all().map(|(_, one)| one.code).collect();
    let driver = object(&[
        ("name", string("keyward")),
        ("version", string(env!("CARGO_PKG_VERSION"))),
        ("informationUri", string("https://github.com/keyward/keyward")),
        ("rules", array(codes.iter().map(|code| rule(*code)))),
    ]);
    let run = object(&[
        ("tool", object(&[("driver", driver)])),
        ("columnKind", string("unicodeCodePoints")),
        ("results", array(all().map(|(sources, one)| result(sources, one)))),
    ]);
    object(&[
        ("$schema", string("https://json.schemastore.org/sarif-2.1.0.json")),
        ("version", string("2.1.0")),
        ("runs", array(std::iter::once(run))),
    ])
}

fn rule(code: Code) -> String {
    let (name, title) = code.entry().map_or(("", ""), |entry| (entry.name, entry.title));
    let level = object(&[("level", string(level(code.severity())))]);
    object(&[
        ("id", string(&code.to_string())),
        ("name", string(name)),
        ("shortDescription", text(title)),
        ("defaultConfiguration", level),
    ])
}

fn result(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    if let Some(example) = &diagnostic.example {
        message.push_str(&format!(". For example: {}", example.words));
    }
    let mut fields = vec![
        ("ruleId", string(&diagnostic.code.to_string())),
        ("level", string(level(diagnostic.severity))),
        ("message", text(&message)),
        ("locations", array(location(sources, diagnostic.primary.span, "").into_iter())),
    ];
    let related: Vec<String> =
        diagnostic.labels.iter().filter_map(|label| location(sources, label.span, &label.text)).collect();
    if !related.is_empty() {
        fields.push(("relatedLocations", array(related.into_iter())));
    }
    let fixes: Vec<String> = diagnostic.hints.iter().filter_map(|hint| fix(sources, hint)).collect();
    if !fixes.is_empty() {
        fields.push(("fixes", array(fixes.into_iter())));
    }
    object(&fields)
}

fn fix(sources: &Sources, hint: &Hint) -> Option<String> {
    let first = hint.edits.first()?;
    let file = sources.get(first.span.file)?;
    let replacements = hint.edits.iter().filter(|edit| edit.span.file == first.span.file).map(|edit| {
        let inserted = object(&[("text", string(&edit.text))]);
        object(&[("deletedRegion", region(sources, edit.span)), ("insertedContent", inserted)])
    });
    let change = object(&[("artifactLocation", artifact(file.name())), ("replacements", array(replacements))]);
    Some(object(&[("description", text(&hint.text)), ("artifactChanges", array(std::iter::once(change)))]))
}

fn location(sources: &Sources, span: Span, words: &str) -> Option<String> {
    let file = sources.get(span.file)?;
    let place = object(&[("artifactLocation", artifact(file.name())), ("region", region(sources, span))]);
    let mut fields = vec![("physicalLocation", place)];
    if !words.is_empty() {
        fields.push(("message", text(words)));
    }
    Some(object(&fields))
}

fn region(sources: &Sources, span: Span) -> String {
    let Some(source) = sources.get(span.file) else { return "{}".to_string() };
    let (start, end) = (source.place(span.start), source.place(span.end.max(span.start)));
    object(&[
        ("startLine", start.line.to_string()),
        ("startColumn", start.column.to_string()),
        ("endLine", end.line.to_string()),
        ("endColumn", end.column.to_string()),
    ])
}

/// A path as a relative reference: bytes that have a meaning in one are escaped.
fn artifact(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    object(&[("uri", string(&uri))])
}

fn text(text: &str) -> String {
    object(&[("text", string(text))])
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
