//! The oracle: a plain, slow, obvious evaluator of a policy on raw values. It says what a policy means.
//! In: a typed policy and a request. Out: the outcome, with the rules that led to it.
//! Refuses to know classes, diagrams, bytes and modules: it shares no code with the compiler it is compared with.

mod answer;
mod calendar;
mod condition;
mod possible;
mod valid;
mod why;

pub use calendar::{civil, during, weekday};
pub use possible::{Possible, possible};
pub use valid::{fits, is_valid};

use crate::schema::{AnswerId, DecisionId};
use crate::typed::{All, AnswerValue, Policy, RuleId};
use crate::value::{Outcome, Request, Status};
use answer::Case;

/// Why a decision has no outcome. A checked policy never gets here for a valid request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// No rule says what the answer is.
    Gap {
        /// The decision.
        decision: DecisionId,
        /// The answer.
        answer: AnswerId,
    },
    /// Rules say different things.
    Conflict {
        /// The decision.
        decision: DecisionId,
        /// The answer.
        answer: AnswerId,
        /// Every rule that speaks, in source order.
        rules: Vec<RuleId>,
    },
    /// The answer depends on itself.
    Circular {
        /// The decision.
        decision: DecisionId,
        /// The answer.
        answer: AnswerId,
    },
    /// The policy has no such decision or answer.
    Unknown,
    /// More completions than the caller allowed.
    TooMany,
}

/// Decides one request. If something is unknown the outcome is `UnsureMissing`, whether it matters or not; `possible` tells.
pub fn decide(policy: &Policy, decision: DecisionId, request: &Request) -> Result<Outcome, Undecided> {
    let record = unsure(policy, decision).ok_or(Undecided::Unknown)?;
    let unsure = |status| Ok(Outcome { status, answers: record.clone(), why: Vec::new() });
    let inputs = policy.schema.inputs.iter().enumerate();
    if inputs.clone().any(|(input, declared)| request.get(input).is_some_and(|value| !fits(declared, value))) {
        return unsure(Status::UnsureInvalid);
    }
    if inputs.clone().any(|(input, _)| request.get(input).is_none()) {
        return unsure(Status::UnsureMissing);
    }
    if !is_valid(policy, request) {
        return unsure(Status::UnsureInvalid);
    }
    let mut case = Case::new(policy, request);
    let answers = case.answers(decision)?;
    let why = case.why(decision, &answers)?;
    Ok(Outcome { status: Status::Ok, answers, why })
}

/// The value of one answer of a complete and valid request, other answers left alone unless it depends on them.
pub fn answer(
    policy: &Policy,
    decision: DecisionId,
    answer: AnswerId,
    request: &Request,
) -> Result<AnswerValue, Undecided> {
    Case::new(policy, request).answer(decision, answer)
}

/// Whether a condition holds for a complete request; it may ask answers.
pub fn holds(policy: &Policy, condition: &All, request: &Request) -> Result<bool, Undecided> {
    Case::new(policy, request).holds(condition)
}

/// The `if unsure` record of a decision.
fn unsure(policy: &Policy, decision: DecisionId) -> Option<Vec<AnswerValue>> {
    policy.decisions.get(decision).map(|parts| parts.unsure.clone())
}

#[cfg(test)]
mod tests;
