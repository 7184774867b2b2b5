//! Promises and what became of them, for programs.
//! In: results of asserts and tests. Out: members of JSON objects; requests as `keyward decide` takes them. Refuses to judge.

use crate::analyze::{AssertResult, Evidence, TestResult};
use crate::diagnostic::Example;
use crate::render::json::{array, object, string};
use crate::source::Sources;

/// A request as `keyward decide` takes it.
#[must_use]
pub fn request(example: &Example) -> String {
    let fields: Vec<(&str, String)> =
        example.request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    object(&fields)
}

/// An assert.
#[must_use]
pub fn assert(sources: &Sources, assert: &AssertResult) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("name", string(&assert.name)),
        ("text", string(&assert.text)),
        ("form", string(assert.form.word())),
        ("policy", string(&assert.policy)),
        ("line", sources.place(assert.span).line.to_string()),
        ("holds", assert.holds.to_string()),
        ("requests", string(&assert.requests.requests)),
        ("share", string(&assert.requests.share)),
    ];
    fields.extend(assert.evidence.iter().map(|found| ("evidence", evidence(found))));
    fields
}

/// A test.
#[must_use]
pub fn test(sources: &Sources, test: &TestResult) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("name", string(&test.name)),
        ("line", sources.place(test.span).line.to_string()),
        ("holds", test.holds.to_string()),
        ("requests", string(&test.like_it.requests)),
        ("failing", string(&test.failing.requests)),
    ];
    fields.extend(test.evidence.iter().map(|found| ("evidence", evidence(found))));
    fields
}

fn evidence(evidence: &Evidence) -> String {
    let mut fields = vec![
        ("words", string(&evidence.example.words)),
        ("decision", string(&evidence.decision)),
        ("request", request(&evidence.example)),
        ("outcome", array(evidence.outcome.iter().map(|one| string(one)))),
        ("deciders", array(evidence.deciders.iter().map(|one| string(one)))),
    ];
    if let Some(other) = &evidence.other {
        let mut side = vec![("outcome", array(other.outcome.iter().map(|one| string(one))))];
        if let Some(example) = &other.example {
            side.extend([("words", string(&example.words)), ("request", request(example))]);
        }
        fields.push(("other", object(&side)));
    }
    object(&fields)
}
