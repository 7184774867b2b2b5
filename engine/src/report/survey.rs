//! Shares of the request space, for programs. In: a survey and the shares of answers. Out: JSON. Refuses to round.

use crate::analyze::Share;
use crate::diagnostic::Count;
use crate::render::json::{array, object, string};
use crate::schema::Schema;
use crate::source::Sources;
use crate::survey::Survey;

/// Rules, terms and answers.
#[must_use]
pub fn json(sources: &Sources, schema: &Schema, survey: &Survey, shares: &[Share]) -> String {
    let name = |decision: usize| schema.decisions.get(decision).map_or("", |one| one.name.as_str());
    let rules = survey.rules.iter().map(|rule| {
        let place = sources.place(rule.at);
        object(&[
            ("name", string(&rule.name)),
            ("file", string(sources.get(rule.at.file).map_or("", |source| source.name()))),
            ("line", place.line.to_string()),
            ("decision", string(name(rule.decision))),
            ("applies", count(&rule.applies)),
            ("decides", count(&rule.decides)),
        ])
    });
    let terms = survey.terms.iter().map(|term| {
        let holds = term.holds.as_ref().map_or("null".to_string(), count);
        object(&[("name", string(&term.name)), ("holds", holds)])
    });
    let answers = shares.iter().map(|share| {
        let answers = schema.decisions.get(share.decision).map_or(&[][..], |one| &one.answers);
        object(&[
            ("decision", string(name(share.decision))),
            ("answer", string(answers.get(share.answer).map_or("", |one| one.name.as_str()))),
            ("value", string(&share.value)),
            ("count", count(&share.count)),
        ])
    });
    object(&[("rules", array(rules)), ("terms", array(terms)), ("answers", array(answers))])
}

fn count(count: &Count) -> String {
    object(&[("requests", string(&count.requests)), ("share", string(&count.share))])
}
