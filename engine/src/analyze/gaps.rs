//! Gaps: valid requests for which no rule answers (KW202).
//!
//! In: answer roots. Out: one finding an answer, with what the requests have in common. Refuses to know why no rule answers.

use super::report::Report;
use crate::codes::KW202;
use crate::diagram::{Exploded, Ref};
use crate::model::{GAP, Part};
use crate::schema::{AnswerKind, Label, Type};
use crate::space::look::Look;

/// Finds gaps.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for decision in 0..look.policy.schema.decisions.len() {
        for answer in 0..look.policy.schema.decisions[decision].answers.len() {
            let declared = &look.policy.schema.decisions[decision].answers[answer];
            if matches!(declared.kind, AnswerKind::SetOf(_) | AnswerKind::Shortest(_)) {
                continue;
            }
            let root = look.answer(decision, answer).first().copied().unwrap_or(Ref::TRUE);
            let silent = look.model.forest.values_where(root, |value| value == GAP)?;
            let silent = look.valid_and(silent)?;
            if silent == Ref::FALSE {
                continue;
            }
            let name = look.answer_name(decision, answer);
            let message = format!("no rule says what `{name}` is for some requests");
            let mut found = look.about(KW202, declared.span, message, silent);
            for (input, label) in shared_values(look, silent)? {
                let input = &look.policy.schema.inputs[input];
                found = found
                    .note(format!("In all of them {} is {}.", input.name, label.name))
                    .label(label.span, "the value all these requests have");
            }
            let whole = look.count(silent) == look.total;
            look.found.push(found.hint(match whole {
                true => format!("Write rules that say what `{name}` is."),
                false => format!("Write a rule for these requests, or say with `normally` what `{name}` is otherwise."),
            }));
        }
    }
    Ok(())
}

/// The `one of` inputs that have the same value in all these requests, where the assumptions alone do not force it.
fn shared_values(look: &mut Look<'_>, requests: Ref) -> Result<Vec<(usize, Label)>, Exploded> {
    let mut found = Vec::new();
    let used = look.model.forest.support(&[requests]);
    for (coordinate, used) in used.into_iter().enumerate() {
        let own = &look.model.coordinates[coordinate];
        let input = own.input;
        let Type::OneOf(labels) = &look.policy.schema.inputs[input].ty else { continue };
        if own.part != Part::Whole || !used {
            continue;
        }
        let mut values = Vec::new();
        for class in 0..own.classes {
            let left = look.model.forest.cofactor(requests, coordinate as u16, class)?;
            if left != Ref::FALSE {
                values.push(class);
            }
        }
        if let [only] = values.as_slice()
            && let Some(label) = labels.get(*only as usize)
        {
            found.push((input, label.clone()));
        }
    }
    Ok(found)
}
