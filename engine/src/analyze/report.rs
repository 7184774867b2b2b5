//! The result of all analyses.
//!
//! In: what each analysis found. Out: plain data for the command line and other hosts. Refuses to know diagrams.

use crate::diagnostic::{Count, Diagnostic, Example};
use crate::model::Form;
use crate::schema::{AnswerId, DecisionId};
use crate::space::look::Look;
use crate::span::Span;

/// Everything the analyses say about a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// All findings, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// By test.
    pub tests: Vec<TestResult>,
    /// By assert.
    pub asserts: Vec<AssertResult>,
    /// How often each answer has each value, among valid requests.
    pub shares: Vec<Share>,
    /// How many rules and exceptions there are.
    pub rules: usize,
    /// How many requests are valid, in decimal.
    pub valid_requests: String,
    /// Nodes of all answers and of what is valid.
    pub nodes: usize,
    /// Runs of those nodes.
    pub edges: usize,
}

/// What became of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// Its sentence.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it holds for every request like it.
    pub holds: bool,
    /// How many valid requests are like it.
    pub like_it: Count,
    /// How many of those do not turn out as expected.
    pub failing: Count,
    /// One of those, if there are any.
    pub evidence: Option<Evidence>,
}

/// What became of an assert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertResult {
    /// Its name.
    pub name: String,
    /// Its sentence; empty if none.
    pub text: String,
    /// What kind of promise it is.
    pub form: Form,
    /// The policy that promises it.
    pub policy: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it is proved.
    pub holds: bool,
    /// How many requests break it; for `possible`, how many fulfil it.
    pub requests: Count,
    /// One of those, if there are any.
    pub evidence: Option<Evidence>,
}

/// A request that breaks a promise, fails a test, or shows that something is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The request.
    pub example: Example,
    /// The decision to ask: that of the first answer the promise speaks of, else the first.
    pub decision: String,
    /// How the answers that the promise speaks of turn out: "`pickup.factor` is pin".
    pub outcome: Vec<String>,
    /// The rules that say so, by name, in source order.
    pub deciders: Vec<String>,
    /// For a promise about two versions or two values: the other side.
    pub other: Option<Other>,
}

/// The other side of a promise that compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The request after the change; nothing where it is the same request, asked of the older version.
    pub example: Option<Example>,
    /// How the answers turn out there.
    pub outcome: Vec<String>,
}

/// How often an answer has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The decision.
    pub decision: DecisionId,
    /// The answer.
    pub answer: AnswerId,
    /// The value as people read it: a label, a member, a duration, `no limit`, `blank`.
    pub value: String,
    /// How many valid requests.
    pub count: Count,
}

impl Report {
    /// A report without findings.
    pub(super) fn new(look: &Look<'_>) -> Report {
        let size = look.model.forest.size(&look.roots());
        Report {
            rules: look.policy.rules.len(),
            valid_requests: look.total.digits(),
            nodes: size.nodes,
            edges: size.edges,
            ..Report::default()
        }
    }

    /// Where no request is valid nothing is proved, although everything would hold.
    pub(super) fn nothing_proved(&mut self, look: &Look<'_>) {
        let none = || look.counted(&crate::diagram::Count::ZERO);
        self.tests = look
            .policy
            .tests
            .iter()
            .map(|test| TestResult {
                name: test.name.clone(),
                span: test.span,
                holds: false,
                like_it: none(),
                failing: none(),
                evidence: None,
            })
            .collect();
        self.asserts = look
            .policy
            .asserts
            .iter()
            .zip(&look.model.proofs.promises)
            .map(|(assert, promise)| AssertResult {
                name: assert.name.clone(),
                text: assert.text.clone(),
                form: promise.form,
                policy: assert.policy.clone(),
                span: assert.span,
                holds: false,
                requests: none(),
                evidence: None,
            })
            .collect();
    }
}
