//! The stage `check`: what the checker says of some files.
//! In: names and texts, the first is checked. Out: one paragraph a finding. Knows nothing about what a finding means.
//!
//! A block called `keyward.lock` is the lock.

use keyward::check::{self, Files, Lock};
use keyward::diagnostic::Diagnostic;
use keyward::parse;
use keyward::source::Sources;
use keyward::span::Span;
use std::fmt::Write as _;

/// Parses and checks; prints the findings, or one line about the policy if there are none.
pub fn print(texts: &[(String, String)]) -> String {
    let mut sources = Sources::new();
    let mut files = Files::new();
    let mut findings = Vec::new();
    let mut main = None;
    for (name, text) in texts {
        let file = sources.add(name.clone(), text.clone());
        if name == "keyward.lock" {
            let (lock, found) = Lock::parse(file, text);
            findings.extend(found);
            files.set_lock(lock);
            continue;
        }
        let (tree, found) = parse::parse(file, text);
        match found.iter().any(Diagnostic::is_error) {
            true => files.add_incomplete(tree, text),
            false => files.add(tree, text),
        }
        findings.extend(found);
        main = main.or(Some(file));
    }
    let Some(main) = main else { return "no file\n".to_owned() };
    let (policy, found) = check::check(&files, main);
    findings.extend(found);
    let mut text: String = findings.iter().map(|finding| paragraph(finding, &sources)).collect();
    if let Some(policy) = policy {
        let (inputs, rules) = (policy.schema.inputs.len(), policy.rules.len());
        let _ = writeln!(text, "checked: {inputs} inputs, {} terms, {rules} rules", policy.terms.len());
    }
    text
}

fn paragraph(finding: &Diagnostic, sources: &Sources) -> String {
    let mut text = format!("{} {} {}", place(finding.primary.span, sources), finding.code, finding.message);
    if !finding.primary.text.is_empty() {
        let _ = write!(text, " ({})", finding.primary.text);
    }
    text.push('\n');
    for label in &finding.labels {
        let _ = writeln!(text, "  {} {}", place(label.span, sources), label.text);
    }
    for note in &finding.notes {
        let _ = writeln!(text, "  note: {note}");
    }
    for hint in &finding.hints {
        let _ = writeln!(text, "  hint: {}", hint.text);
        for edit in &hint.edits {
            let _ =
                writeln!(text, "    {} `{}` -> `{}`", place(edit.span, sources), sources.text(edit.span), edit.text);
        }
    }
    text
}

fn place(span: Span, sources: &Sources) -> String {
    let name = sources.get(span.file).map_or("", |source| source.name());
    let place = sources.place(span);
    format!("{name}:{}:{}", place.line, place.column)
}
