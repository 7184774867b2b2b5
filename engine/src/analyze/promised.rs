//! How a counter-example was answered, and by whom.
//!
//! In: the answers a promise speaks of, a request. Out: evidence, and notes for a finding. Refuses to know diagrams.

use super::report::Evidence;
use crate::diagnostic::Diagnostic;
use crate::model::YES;
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::space::look::Look;
use crate::space::words::{self, Point};
use crate::typed::RuleId;

/// How these answers turn out at a point, and the rules that say so.
pub(super) fn evidence(look: &Look<'_>, answers: &[(DecisionId, AnswerId)], point: &Point) -> Evidence {
    let mut deciders: Vec<RuleId> = deciding(look, answers, point).into_iter().map(|(rule, ..)| rule).collect();
    deciders.sort_unstable();
    deciders.dedup();
    let decision = answers.first().map_or(0, |answer| answer.0);
    Evidence {
        decision: look.policy.schema.decisions.get(decision).map_or(String::new(), |it| it.name.clone()),
        example: words::example(look.model, point),
        outcome: answers.iter().map(|&(d, a)| look.outcome_words(d, a, point)).collect(),
        deciders: deciders.into_iter().map(|rule| look.policy.rules[rule].name.clone()).collect(),
        other: None,
    }
}

/// Adds how these answers turned out at a point, and the rules that say so.
pub(super) fn show(
    look: &Look<'_>,
    mut found: Diagnostic,
    answers: &[(DecisionId, AnswerId)],
    point: &Point,
) -> Diagnostic {
    let outcomes: Vec<String> = answers.iter().map(|&(d, a)| look.outcome_words(d, a, point)).collect();
    if !outcomes.is_empty() {
        found = found.note(format!("There {}.", outcomes.join(", ")));
    }
    for (rule, (decision, answer), says) in deciding(look, answers, point) {
        let span = look.policy.rules[rule].name_span;
        if !found.labels.iter().any(|label| label.span == span) {
            let name = look.answer_name(decision, answer);
            found = found.label(span, format!("says `{name}` is {}", look.value_words(decision, answer, says)));
        }
    }
    found
}

/// The rules that decide answers with a single value, which, and what they say.
fn deciding(
    look: &Look<'_>,
    answers: &[(DecisionId, AnswerId)],
    point: &Point,
) -> Vec<(RuleId, (DecisionId, AnswerId), u32)> {
    let mut found = Vec::new();
    for &(decision, answer) in answers {
        if matches!(look.policy.schema.decisions[decision].answers[answer].kind, AnswerKind::SetOf(_)) {
            continue;
        }
        let decided = look.answer(decision, answer).first().map(|&root| look.value(root, point));
        let speakers = look.speakers(decision, answer, point).into_iter().filter(|(_, says)| Some(*says) == decided);
        found.extend(speakers.map(|(rule, says)| (rule, (decision, answer), says)));
    }
    found
}

const _: () = assert!(YES == 1, "conditions are true where their diagram is 1");
