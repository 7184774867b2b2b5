//! `keyward check`: everything wrong with policies, what is proved of them, one line for each.
//! In: files. Out: findings in one of four formats. Refuses to change anything.

use crate::args::{Check, Format};
use crate::exit::{Exit, Failure};
use crate::files::{self, Place};
use crate::module::{compiled, findings};
use crate::report::{self, counted, github, sarif};
use crate::terminal::Terminal;
use keyward::codes::Severity;
use keyward::diagnostic::Diagnostic;
use keyward::pipeline::Compiled;
use keyward::render::json::{array, object};
use keyward::render::{Paint, grouped, json, text, visible};
use keyward::report::check as written;
use keyward::span::FileId;
use std::time::Instant;

/// One file that was checked.
struct Checked {
    name: String,
    compiled: Compiled,
    findings: Vec<Diagnostic>,
    milliseconds: u128,
}

/// Checks all files.
pub fn run(args: &Check, format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
    let places = files::load(&args.files)?;
    let all: Vec<(&Place, Vec<Checked>)> = places.iter().map(|place| (place, check_place(place, terminal))).collect();
    match format {
        Format::Human => all.iter().for_each(|(place, checked)| print(place, checked, terminal)),
        Format::Json => terminal.result(&document(&all)),
        Format::Github => {
            for (place, checked) in &all {
                terminal.raw_result(&github::annotations(&place.project.sources, &findings_of(checked)));
            }
        }
        Format::Sarif => {
            let found: Vec<_> =
                all.iter().map(|(place, checked)| (&place.project.sources, findings_of(checked))).collect();
            let parts: Vec<_> = found.iter().map(|(sources, found)| (*sources, found.as_slice())).collect();
            terminal.result(&sarif::document(&parts));
        }
    }
    let fails =
        |severity: Severity| severity == Severity::Error || (args.deny_warnings && severity == Severity::Warning);
    let mut found = all.iter().flat_map(|(_, checked)| checked).flat_map(|checked| &checked.findings);
    Ok(if found.any(|one| fails(one.severity)) { Exit::Findings } else { Exit::Fine })
}

fn check_place(place: &Place, terminal: &Terminal) -> Vec<Checked> {
    let mut seen: Vec<Diagnostic> = Vec::new();
    place.mains.iter().map(|main| check_file(place, *main, &mut seen, terminal)).collect()
}

/// Checks one file; what was already said of a file that several refer to is not said again.
fn check_file(place: &Place, main: FileId, seen: &mut Vec<Diagnostic>, terminal: &Terminal) -> Checked {
    let start = Instant::now();
    let compiled = compiled(place, main, terminal);
    let milliseconds = start.elapsed().as_millis();
    let mut findings = findings(place, main, &compiled);
    findings.retain(|one| !seen.contains(one));
    seen.extend(findings.iter().cloned());
    let name = place.project.sources.get(main).map_or("", |source| source.name()).to_string();
    Checked { name, compiled, findings, milliseconds }
}

fn findings_of(checked: &[Checked]) -> Vec<Diagnostic> {
    checked.iter().flat_map(|checked| checked.findings.iter().cloned()).collect()
}

fn print(place: &Place, checked: &[Checked], terminal: &Terminal) {
    for checked in checked {
        let shown = text::diagnostics(&place.project.sources, &checked.findings, terminal.look());
        if !shown.is_empty() {
            terminal.result(&shown);
        }
        terminal.result(&summary(checked, terminal));
    }
}

/// `after_hours.ward: keyward.after_hours 1, 27 rules, … valid requests, 72 nodes, 21 promises hold, 31 ms`.
fn summary(checked: &Checked, terminal: &Terminal) -> String {
    let look = terminal.look();
    let count = |severity: Severity| checked.findings.iter().filter(|one| one.severity == severity).count();
    let mut parts = Vec::new();
    if let Some(policy) = &checked.compiled.policy {
        parts.push(format!("{} {}", visible(&policy.name), policy.version));
        if policy.schema.decisions.is_empty() {
            parts.push("words for other policies".to_string());
        }
    }
    if let Some(report) = &checked.compiled.report {
        parts.push(counted(report.rules, "rule"));
        parts.push(format!("{} valid requests", grouped(&report.valid_requests)));
        parts.push(counted(report.nodes, "node"));
        let total = report.tests.len() + report.asserts.len();
        let held = report.tests.iter().filter(|test| test.holds).count()
            + report.asserts.iter().filter(|assert| assert.holds).count();
        if held == total {
            parts.push(format!(
                "{} and {} proved",
                counted(report.tests.len(), "test"),
                counted(report.asserts.len(), "assert")
            ));
        } else {
            parts.push(format!("{held} of {total} tests and asserts proved"));
        }
    }
    for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")] {
        if count(severity) > 0 {
            parts.push(look.paint(Paint::of(severity), &counted(count(severity), word)));
        }
    }
    if checked.findings.is_empty() {
        parts.push(look.paint(Paint::Good, "nothing to complain about"));
    }
    parts.push(look.paint(Paint::Faint, &format!("{} ms", checked.milliseconds)));
    format!("{}: {}", look.paint(Paint::Strong, &visible(&checked.name)), parts.join(", "))
}

fn document(all: &[(&Place, Vec<Checked>)]) -> String {
    let files = array(all.iter().flat_map(|(_, checked)| checked).map(file));
    let diagnostics = array(all.iter().flat_map(|(place, checked)| {
        let sources = &place.project.sources;
        checked.iter().flat_map(|checked| &checked.findings).map(move |one| json::diagnostic(sources, one))
    }));
    report::document("check", vec![("files", files), ("diagnostics", diagnostics)])
}

fn file(checked: &Checked) -> String {
    let compiled = &checked.compiled;
    let (policy, report) = (compiled.policy.as_ref(), compiled.report.as_ref());
    let mut fields = written::json(&checked.name, policy, report, &checked.findings);
    fields.push(("milliseconds", checked.milliseconds.to_string()));
    object(&fields)
}
