//! Reports and decisions in the words of text cases. Knows nothing about how they came about.

use crate::differential::{self, Built};
use keyward::analyze::Report;
use keyward::diagnostic::Count;
use keyward::schema::{AnswerKind, DecisionId, Label};
use keyward::typed::{AnswerValue, Policy};
use keyward::value::{Part, Request, Source};
use std::fmt::Write as _;

/// A report in lines.
pub fn print(policy: &Policy, report: &Report, shares: bool) -> String {
    let mut text = format!("{} rules, {} valid requests\n", report.rules, report.valid_requests);
    for test in &report.tests {
        line(&mut text, test.holds, "test", &test.name, &format!("{} requests", test.like_it.requests));
    }
    for assert in &report.asserts {
        line(
            &mut text,
            assert.holds,
            "assert",
            &assert.name,
            &format!("{} of {}", assert.requests.requests, assert.requests.of),
        );
    }
    for share in report.shares.iter().filter(|_| shares) {
        let decision = &policy.schema.decisions[share.decision];
        let Count { requests, share: part, .. } = &share.count;
        let answer = &decision.answers[share.answer].name;
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}.{answer} {}: {requests} ({part})", decision.name, share.value);
    }
    text
}

/// The keys and values of a JSON object, nested objects with dots between their keys.
pub fn fields(question: &str) -> Result<Vec<(String, String)>, String> {
    match serde_json::from_str::<serde_json::Value>(question) {
        Ok(serde_json::Value::Object(object)) => {
            let mut fields = Vec::new();
            flatten("", &object, &mut fields);
            Ok(fields)
        }
        Ok(_) => Err("not an object".to_owned()),
        Err(error) => Err(format!("not JSON: {error}")),
    }
}

/// One decision in one line: by the oracle, or by everybody if they differ.
pub fn decided(built: &Built, decision: DecisionId, request: &Request) -> String {
    let policy = &built.policy;
    let name = &policy.schema.decisions[decision].name;
    let differences = differential::compare(policy, built, decision, request);
    if request.is_complete() && !differences.is_empty() {
        return differences.iter().map(|(who, what)| format!("DIFFERENT {name} {who}: {what}\n")).collect();
    }
    let outcome = match differential::oracle(policy, decision, request) {
        Ok(outcome) => outcome,
        Err(undecided) => return format!("{name} undecided: {undecided:?}\n"),
    };
    let answers: Vec<String> = policy.schema.decisions[decision]
        .answers
        .iter()
        .zip(&outcome.answers)
        .map(|(answer, value)| format!("{} {}", answer.name, words(&answer.kind, value)))
        .collect();
    let mut text = format!("{name} {}: {}\n", outcome.status.word(), answers.join("; "));
    for (part, source) in outcome.why.iter().flatten() {
        let part = match part {
            Part::Deciding => "deciding",
            Part::Overridden => "overridden",
            Part::Milder => "milder",
        };
        let rule = match source {
            Source::Rule(rule) => policy.rules.get(*rule).map_or("?", |rule| rule.name.as_str()),
            Source::Normally => "normally",
        };
        let _ = writeln!(text, "  {part} {rule}");
    }
    text
}

fn words(kind: &AnswerKind, value: &AnswerValue) -> String {
    let label =
        |labels: &[Label], at: u8| labels.get(usize::from(at)).map_or("?", |label| label.name.as_str()).to_owned();
    match (kind, value) {
        (_, AnswerValue::Blank) => "blank".to_owned(),
        (_, AnswerValue::NoLimit) => "no limit".to_owned(),
        (_, AnswerValue::Duration(minutes)) => format!("{minutes} minutes"),
        (AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values), AnswerValue::Choice(at)) => {
            label(values, *at)
        }
        (AnswerKind::SetOf(members), AnswerValue::Set(mask)) => {
            let named = (0..32u8).filter(|at| mask >> at & 1 == 1).map(|at| label(members, at)).collect::<Vec<_>>();
            if named.is_empty() { "none".to_owned() } else { named.join(" + ") }
        }
        _ => format!("{value:?}"),
    }
}

fn flatten(prefix: &str, object: &serde_json::Map<String, serde_json::Value>, fields: &mut Vec<(String, String)>) {
    for (key, value) in object {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            serde_json::Value::Object(inner) => flatten(&name, inner, fields),
            other => fields.push((name, other.to_string())),
        }
    }
}

fn line(text: &mut String, holds: bool, kind: &str, name: &str, figures: &str) {
    let verdict = if holds { "holds" } else { "FAILS" };
    let _ = writeln!(text, "{verdict} {kind} {name}: {figures}");
}
