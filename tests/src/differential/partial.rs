//! Partly known requests: the table's walk over what is unknown against trying every completion.
//! In: a built policy and an incomplete request. Out: a difference, if there is one. Refuses to try too many completions.

use super::native::{Left, Native};
use super::{Built, pack};
use crate::generate::Requests;
use keyward::eval::{self, Possible};
use keyward::schema::{AnswerKind, DecisionId, Value};
use keyward::typed::AnswerValue;
use keyward::value::{Request, Status};

/// How many completions are tried at most.
pub const LIMIT: usize = 1_500;

/// What comparing an incomplete request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Both say the same; so many completions are valid.
    Same(usize),
    /// Too many completions, or a value that cannot be packed.
    Skipped,
    /// They differ.
    Different(String),
}

/// Compares what is still possible, and what is decided, for an incomplete request.
pub fn compare(built: &Built, maker: &Requests<'_>, decision: DecisionId, request: &Request) -> Compared {
    let policy = &built.policy;
    let unknown = |input: usize| request.get(input).is_none();
    let inputs = 0..policy.schema.inputs.len();
    let candidates: Vec<Vec<Value>> =
        inputs.map(|input| if unknown(input) { maker.candidates(input, request) } else { Vec::new() }).collect();
    let Some(packed) = pack::pack(&built.model, built.emitted.schema_hash, request) else {
        return Compared::Skipped;
    };
    let Ok(expected) = eval::possible(policy, decision, request, &candidates, LIMIT) else {
        return Compared::Skipped;
    };
    let mut native = Native::new(&built.emitted.table, &built.model.schema);
    let (status, left) = native.possible(decision, &packed);
    let (wanted_status, wanted) = whole(built, decision, &expected);
    if (status, &left) != (wanted_status, &wanted) {
        return Compared::Different(format!(
            "possible: oracle {wanted_status:?} {wanted:?}, table {status:?} {left:?}"
        ));
    }
    let decided = native.decide(decision, &packed, false);
    let unsure = &policy.decisions[decision].unsure;
    let single: Option<Vec<AnswerValue>> =
        expected.answers.iter().map(|values| if values.len() == 1 { values.first().copied() } else { None }).collect();
    let (status, answers) = match (expected.valid, single) {
        (0, _) => (Status::UnsureInvalid, unsure.clone()),
        (_, Some(answers)) => (Status::Ok, answers),
        (_, None) => (Status::UnsureMissing, unsure.clone()),
    };
    if (decided.status, &decided.answers) != (status, &answers) {
        return Compared::Different(format!("decided: oracle {status:?} {answers:?}, table {decided:?}"));
    }
    Compared::Same(expected.valid)
}

/// What a table should report of what the oracle found. It speaks of a set's members one by one.
fn whole(built: &Built, decision: DecisionId, expected: &Possible) -> (Status, Vec<Left>) {
    let status = if expected.valid == 0 { Status::UnsureInvalid } else { Status::Ok };
    let answers = built.policy.schema.decisions[decision].answers.iter();
    let left = expected.answers.iter().zip(answers).map(|(values, declared)| {
        let AnswerKind::SetOf(labels) = &declared.kind else {
            return Left::Values(values.clone());
        };
        let all = u32::MAX >> (32 - labels.len());
        let (mut may_be_in, mut may_be_out, mut blank) = (0, 0, false);
        for value in values {
            match value {
                AnswerValue::Set(members) => {
                    may_be_in |= members;
                    may_be_out |= !members & all;
                }
                // A blank answer has no members.
                _ => (may_be_out, blank) = (all, true),
            }
        }
        Left::Members { may_be_in, may_be_out, blank }
    });
    (status, left.collect())
}
