//! Incomplete requests: every completion is tried.
//! In: a policy, a request with unknown inputs, candidate values for each of them. Out: the values each answer can still have.
//! Refuses to know which values stand for which others; the caller names the candidates.

use super::answer::Case;
use super::{Undecided, is_valid};
use crate::schema::{DecisionId, Value};
use crate::typed::{AnswerValue, Policy};
use crate::value::Request;
use std::collections::BTreeSet;

/// What is still possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    /// How many of the completions are valid.
    pub valid: usize,
    /// The values of each answer over the valid completions.
    pub answers: Vec<BTreeSet<AnswerValue>>,
}

/// Tries every way to give each unknown input one of its candidates (by input), at most `limit` of them.
pub fn possible(
    policy: &Policy,
    decision: DecisionId,
    request: &Request,
    candidates: &[Vec<Value>],
    limit: usize,
) -> Result<Possible, Undecided> {
    let declared = policy.schema.decisions.get(decision).ok_or(Undecided::Unknown)?;
    let mut completions = vec![Request::default()];
    for input in 0..policy.schema.inputs.len() {
        let choices = match request.get(input) {
            Some(value) => std::slice::from_ref(value),
            None => candidates.get(input).map_or(&[][..], Vec::as_slice),
        };
        if completions.len().saturating_mul(choices.len()) > limit {
            return Err(Undecided::TooMany);
        }
        completions = extend(&completions, choices);
    }
    let mut found = Possible { valid: 0, answers: vec![BTreeSet::new(); declared.answers.len()] };
    for completion in completions.iter().filter(|completion| is_valid(policy, completion)) {
        found.valid += 1;
        let answers = Case::new(policy, completion).answers(decision)?;
        for (values, value) in found.answers.iter_mut().zip(answers) {
            values.insert(value);
        }
    }
    Ok(found)
}

/// Each completion with each choice for the next input.
fn extend(completions: &[Request], choices: &[Value]) -> Vec<Request> {
    let mut longer = Vec::new();
    for completion in completions {
        for choice in choices {
            let mut next = completion.clone();
            next.values.push(Some(choice.clone()));
            longer.push(next);
        }
    }
    longer
}
