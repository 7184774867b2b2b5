//! The words of an outcome: where each answer stands and what its values are as numbers. In: the model. Out: places and
//! words. Refuses to know how a value is found.

use keyward_evaluator::layout::{BLANK, NO_LIMIT};

use crate::model::{self, Model};
use crate::schema::AnswerKind;
use crate::typed::AnswerValue;

/// How many words an outcome of a decision has.
pub(super) fn count(model: &Model, decision: usize) -> usize {
    first(model, decision, model.schema.decisions[decision].answers.len())
}

/// The first word of an answer: one for a value, two for a set (members, blank).
pub(super) fn first(model: &Model, decision: usize, answer: usize) -> usize {
    let before = model.schema.decisions[decision].answers.iter().take(answer);
    before.map(|answer| if matches!(answer.kind, AnswerKind::SetOf(_)) { 2 } else { 1 }).sum()
}

/// The word of a terminal of a value answer.
pub(super) fn value(model: &Model, decision: usize, answer: usize, terminal: u32) -> u32 {
    match terminal {
        model::BLANK => BLANK,
        model::NO_LIMIT => NO_LIMIT,
        value if matches!(model.schema.decisions[decision].answers[answer].kind, AnswerKind::Shortest(_)) => {
            model.decisions[decision].answers[answer].durations.get(value as usize).copied().unwrap_or(NO_LIMIT)
        }
        value => value,
    }
}

/// Puts a value into the words of an outcome.
pub(super) fn put(model: &Model, decision: usize, answer: usize, value: AnswerValue, words: &mut [u32]) {
    let at = first(model, decision, answer);
    let is_set = matches!(model.schema.decisions[decision].answers[answer].kind, AnswerKind::SetOf(_));
    match value {
        AnswerValue::Blank if is_set => words[at + 1] = BLANK,
        AnswerValue::Blank => words[at] = BLANK,
        AnswerValue::Choice(value) => words[at] = u32::from(value),
        AnswerValue::Set(mask) => words[at] = mask,
        AnswerValue::Duration(minutes) => words[at] = minutes,
        AnswerValue::NoLimit => words[at] = NO_LIMIT,
    }
}
