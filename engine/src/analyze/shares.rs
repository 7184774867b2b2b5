//! How often each answer has each value, exactly, among valid requests.
//!
//! In: answer roots. Out: shares. Refuses to know traffic: these are possible requests.

use super::report::{Report, Share};
use crate::diagram::{Exploded, Ref};
use crate::model::{BLANK, YES};
use crate::schema::AnswerKind;
use crate::space::look::Look;

/// No value of any answer: requests that are not valid.
const ELSEWHERE: u32 = 0x7FFF_FFFF;

/// Counts every value of every answer.
pub(super) fn count(look: &mut Look<'_>, report: &mut Report) -> Result<(), Exploded> {
    for decision in 0..look.policy.schema.decisions.len() {
        for answer in 0..look.policy.schema.decisions[decision].answers.len() {
            let kind = &look.policy.schema.decisions[decision].answers[answer].kind;
            let members = matches!(kind, AnswerKind::SetOf(_));
            for (number, root) in look.answer(decision, answer).to_vec().into_iter().enumerate() {
                let valid = look.model.valid;
                let seen = look.model.forest.if_then_else(valid, root, Ref::terminal(ELSEWHERE))?;
                for (value, count) in look.counts(seen) {
                    let blank_once = value == BLANK && number > 0;
                    if value == ELSEWHERE || blank_once || members && value != YES && value != BLANK {
                        continue;
                    }
                    let value = match members && value == YES {
                        true => kind.labels().get(number).map_or(String::new(), |label| label.name.clone()),
                        false => look.value_words(decision, answer, value),
                    };
                    report.shares.push(Share { decision, answer, value, count: look.counted(&count) });
                }
            }
        }
    }
    Ok(())
}
