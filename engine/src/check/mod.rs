//! From what the author wrote to a policy in which every name is resolved and every test fits its type.
//! In: parsed files and the main one. Out: a typed policy, unless there are errors, and everything found. Refuses to know classes,
//! diagrams and texts of files.
//!
//! Each step reports what it finds and goes on with what it understood, so that one run shows all mistakes.

mod link;

mod files;
mod imports;
mod lock;
mod names;
mod refs;

mod decisions;
mod fixes;
mod groups;
mod identifiers;
mod inputs;
mod labels;
mod vocabulary;

mod calendars;
mod dates;

mod answer_tests;
mod conditions;
mod input_tests;
mod literals;
mod members;
mod optional;
mod ranges;
mod terms;

mod circles;
mod effects;
mod rules;
mod unsure;

mod promises;
mod unused;

mod bits;
mod hints;
mod order;
mod report;

pub use files::Files;
pub use lock::Lock;

use crate::ast::{ItemKind, Number};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::span::FileId;
use crate::typed::{All, AssertKind, Policy};
use link::Linked;
use names::Declarations;
use report::Report;
use vocabulary::Vocabulary;

/// Checks the policy of a file together with the files it refers to.
pub fn check(files: &Files, main: FileId) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut report = Report::new();
    let policy = files.index(main).and_then(|main| check_file(files, main, Scope::Everything, &mut report));
    let complete = !report.has_errors() && !report.is_incomplete();
    (policy.filter(|_| complete), report.finish())
}

/// What a policy without a decision is missing before it can be built: it is vocabulary for others.
pub fn needs_decision(policy: &Policy) -> Option<Diagnostic> {
    let message = format!("`{}` has no decision, so it decides nothing", policy.name);
    let diagnostic = Diagnostic::new(codes::KW144, policy.span, message)
        .note("a file without a decision is vocabulary, for other files to use");
    policy.schema.decisions.is_empty().then_some(diagnostic)
}

/// How much of a file is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// All of it.
    Everything,
    /// What it decides, without its tests and asserts: an older version that another is compared with.
    Decisions,
}

fn check_file(files: &Files, main: usize, scope: Scope, report: &mut Report) -> Option<Policy> {
    let linked = link::link(files, main, report)?;
    report_versions(&linked, report);
    let declared = names::gather(&linked, report);
    let mut vocabulary = words(&linked, &declared, report);
    let calendars = calendars::calendars(&declared.calendars, &mut vocabulary, report);
    let terms = terms::terms(&declared.terms, &mut vocabulary, report);
    let assumes = promises::assumes(&linked, &vocabulary, report);
    let mut policy = Policy { calendars, terms, assumes, ..empty(&linked)? };
    if vocabulary.schema.decisions.is_empty() {
        report_without_decision(&linked, report);
    } else {
        let items = linked.items.iter().filter(|placed| !placed.used && placed.level == 0).map(|placed| placed.item);
        policy.decisions = unsure::decisions(items, &vocabulary, report);
        let checked = rules::rules(&declared.rules, &vocabulary, report);
        circles::report_circles(&checked, &vocabulary, report);
        policy.rules = checked.rules;
        if scope == Scope::Everything {
            let older = |at| older(files, at);
            policy.tests = promises::tests(&linked, &vocabulary, report);
            policy.asserts = promises::asserts(&declared.asserts, &linked, files, &older, &vocabulary, report);
            if !report.has_errors() && !report.is_incomplete() {
                unused::report_unused(&linked, &vocabulary, report);
            }
        }
    }
    policy.schema = vocabulary.schema;
    policy.files = linked.identities;
    identifiers::report_compared(conditions_of(&policy), &policy.schema, report);
    Some(policy)
}

/// What conditions and effects can name, terms and calendars apart.
fn words(linked: &Linked<'_>, declared: &Declarations<'_>, report: &mut Report) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    fixes::constants(linked, declared, &mut vocabulary, report);
    let decisions = decisions::decisions(&declared.decisions, &mut vocabulary.unclear, report);
    vocabulary.set_decisions(decisions);
    inputs::inputs(linked, declared, &mut vocabulary, report);
    fixes::settings(linked, &mut vocabulary, report);
    identifiers::identifiers(linked, &mut vocabulary, report);
    groups::groups(&declared.groups, &mut vocabulary, report);
    vocabulary
}

/// A policy with its header and nothing else.
fn empty(linked: &Linked<'_>) -> Option<Policy> {
    let header = *linked.headers.last()?;
    let version = |number: &Number| u32::try_from(number.value).unwrap_or(u32::MAX);
    Some(Policy {
        edition: u16::try_from(header.edition.value).unwrap_or(u16::MAX),
        name: header.name.text.clone(),
        version: version(&header.version),
        title: labels::text(header.title.as_ref()),
        refines: header.refines.as_ref().map(|import| (import.name.text.clone(), version(&import.version))),
        files: Vec::new(),
        schema: Schema::default(),
        calendars: Vec::new(),
        terms: Vec::new(),
        assumes: Vec::new(),
        decisions: Vec::new(),
        rules: Vec::new(),
        tests: Vec::new(),
        asserts: Vec::new(),
        span: header.span,
    })
}

/// An older version, by itself; `None` if it has errors.
fn older(files: &Files, at: usize) -> Option<Policy> {
    let mut report = Report::new();
    let policy = check_file(files, at, Scope::Decisions, &mut report);
    policy.filter(|_| !report.has_errors() && !report.is_incomplete())
}

fn report_versions(linked: &Linked<'_>, report: &mut Report) {
    for header in &linked.headers {
        if header.version.value == 0 || header.version.value > u64::from(u32::MAX) {
            let message = format!("versions are numbers from 1 to {}", u32::MAX);
            report.push(Diagnostic::new(codes::KW126, header.version.span, message));
        }
    }
}

/// Reports what makes no sense without a decision, and a file that says nothing at all.
fn report_without_decision(linked: &Linked<'_>, report: &mut Report) {
    let own = linked.items.iter().filter(|placed| !placed.used);
    for placed in own.clone() {
        let what = match &placed.item.kind {
            ItemKind::Normally(_) => "`normally`",
            ItemKind::Unsure(_) => "`if unsure`",
            ItemKind::Rule(_) => "a rule",
            ItemKind::Exception(_) => "an exception",
            ItemKind::Test(_) => "a test",
            ItemKind::Assert(_) => "an assert",
            _ => continue,
        };
        report.push_if_complete(
            Diagnostic::new(codes::KW146, placed.item.span, format!("{what} needs a decision, and there is none"))
                .hint("write `decision NAME` with its answers, or refine the policy that has one"),
        );
    }
    if let (None, Some(header)) = (own.clone().next(), linked.headers.last()) {
        let message = format!("`{}` decides nothing and declares nothing", header.name.text);
        report.push_if_complete(
            Diagnostic::new(codes::KW144, header.span, message)
                .hint("write a decision with its answers, or words for other files to use"),
        );
    }
}

fn conditions_of(policy: &Policy) -> Vec<&All> {
    let mut all: Vec<&All> = policy.terms.iter().map(|term| &term.condition).collect();
    for assume in &policy.assumes {
        all.push(&assume.condition);
        all.extend(&assume.then);
    }
    all.extend(policy.rules.iter().map(|rule| &rule.condition));
    for test in &policy.tests {
        all.extend([&test.given, &test.expect]);
    }
    for assert in &policy.asserts {
        match &assert.kind {
            AssertKind::Never(list) | AssertKind::Possible(list) => all.push(list),
            AssertKind::AlwaysIf(given, then) => all.extend([given, then]),
            AssertKind::Unchanged { except, .. } => all.extend(except),
            AssertKind::Changes { .. } => {}
        }
    }
    all
}
