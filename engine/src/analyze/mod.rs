//! What a model proves and what it lacks: gaps, conflicts, tests, asserts and hygiene, each with an example and exact counts.
//!
//! In: a policy (for its words and places) and its model. Out: a [`Report`].
//! Refuses to know: source text and machine forms. Nothing is guessed: what does not fit the node budget is said to be
//! undecided, as an error.

mod asserts;
mod calendars;
mod conditions;
mod conflicts;
mod deciding;
mod differences;
mod exceptions;
mod gaps;
mod never;
mod omits;
mod promised;
mod report;
mod shares;
mod testcases;
mod unsure;

pub use report::{AssertResult, Evidence, Other, Report, Share, TestResult};

use crate::codes::{KW200, KW203, Severity};
use crate::diagnostic::{Diagnostic, tidy};
use crate::diagram::{Exploded, Ref};
use crate::model::Model;
use crate::space::look::Look;
use crate::typed::Policy;

/// One analysis.
type Analysis = fn(&mut Look<'_>, &mut Report) -> Result<(), Exploded>;

/// Every analysis, with what is undecided when it does not fit its budget.
const ANALYSES: &[(&str, Analysis)] = &[
    ("whether rules conflict", conflicts::find),
    ("whether every request is answered", gaps::find),
    ("whether the tests hold", testcases::prove),
    ("whether the asserts hold", asserts::prove),
    ("how often each answer is given", shares::count),
    ("whether every rule can apply", never::find),
    ("whether every rule makes a difference", differences::find),
    ("whether every condition makes a difference", conditions::find),
    ("whether every rule decides", deciding::find),
    ("whether every `omit` removes something", omits::find),
    ("how strict the answers when unsure are", unsure::find),
    ("how deep exceptions stand", exceptions::find),
    ("which years calendars list", calendars::find),
];

/// Analyses a policy. The model keeps its roots; diagrams made on the way are given back.
pub fn analyze(policy: &Policy, model: &mut Model) -> Report {
    let mut look = Look::new(policy, model);
    let mut report = Report::new(&look);
    if look.model.valid == Ref::FALSE {
        look.found.push(nothing_valid(policy));
        report.nothing_proved(&look);
        report.diagnostics = look.finish();
        return report;
    }
    for (what, analysis) in ANALYSES {
        if analysis(&mut look, &mut report).is_err() {
            look.found.push(undecided(&look, what));
        }
        look.tidy_up();
    }
    let mut found = look.finish();
    // Hygiene of a parent is its own author's business.
    found.retain(|d| d.severity == Severity::Error || d.primary.span.file == policy.span.file);
    tidy(&mut found);
    report.diagnostics = found;
    report
}

/// What speaks against a policy: a conflict or a gap, by its code, or the first test or assert that fails, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// It would not be compiled.
    Refused(String),
    /// A promise is broken.
    Broken(String),
}

/// Looks for what speaks against a policy, and for nothing else; an error if that does not fit the budget.
pub fn against(policy: &Policy, model: &mut Model) -> Result<Option<Against>, Exploded> {
    let mut look = Look::new(policy, model);
    let mut report = Report::new(&look);
    if look.model.valid == Ref::FALSE {
        return Ok(Some(Against::Refused(KW203.to_string())));
    }
    conflicts::find(&mut look, &mut report)?;
    gaps::find(&mut look, &mut report)?;
    if let Some(found) = look.found.iter().find(|found| found.severity == Severity::Error) {
        return Ok(Some(Against::Refused(found.code.to_string())));
    }
    testcases::prove(&mut look, &mut report)?;
    if let Some(test) = report.tests.iter().find(|test| !test.holds) {
        return Ok(Some(Against::Broken(test.name.clone())));
    }
    asserts::prove(&mut look, &mut report)?;
    Ok(report.asserts.iter().find(|assert| !assert.holds).map(|assert| Against::Broken(assert.name.clone())))
}

/// Proves the tests and nothing else; none of them if that does not fit the budget.
pub fn prove_tests(policy: &Policy, model: &mut Model) -> Vec<TestResult> {
    let mut look = Look::new(policy, model);
    let mut report = Report::new(&look);
    let done = testcases::prove(&mut look, &mut report);
    look.finish();
    if done.is_ok() { report.tests } else { Vec::new() }
}

/// Proves one assert by itself, from the conditions on: what a proof of it takes. Nothing if it does not fit the budget.
pub fn prove_alone(policy: &Policy, model: &mut Model, assert: usize) -> Option<AssertResult> {
    let mut look = Look::new(policy, model);
    let result = asserts::one(&mut look, assert);
    look.finish();
    result.ok().flatten()
}

fn nothing_valid(policy: &Policy) -> Diagnostic {
    let mut found = Diagnostic::new(KW203, policy.span, "no request satisfies all assumptions");
    for assume in policy.assumes.iter().take(8) {
        found = found.label(assume.span, "assumes this");
    }
    found.hint("Take back the assumption that goes too far.")
}

fn undecided(look: &Look<'_>, what: &str) -> Diagnostic {
    let mut inputs: Vec<usize> = Vec::new();
    for coordinate in look.model.forest.widest(4) {
        let input = look.model.coordinates[usize::from(coordinate)].input;
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    let names: Vec<String> = inputs.iter().map(|&i| format!("`{}`", look.policy.schema.inputs[i].name)).collect();
    let message = format!("{what} could not be decided: the rules entangle {} too much", names.join(", "));
    Diagnostic::new(KW200, look.policy.span, message)
        .hint("Split the decision, or let the host work out one fact from several of these inputs.")
}
