//! Answers when unsure that are milder than they could be (KW204).
//!
//! In: the `if unsure` of each decision. Out: a warning for each `strictest` answer that is not the strictest there.
//! Refuses to know: which `one of` value is the safe one; only its author does.

use super::report::Report;
use crate::codes::KW204;
use crate::diagnostic::Diagnostic;
use crate::diagram::Exploded;
use crate::schema::AnswerKind;
use crate::space::look::Look;
use crate::typed::AnswerValue;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for (decision, parts) in look.policy.decisions.iter().enumerate() {
        for (answer, value) in parts.unsure.iter().enumerate() {
            let declared = &look.policy.schema.decisions[decision].answers[answer];
            let (AnswerKind::Strictest(labels), AnswerValue::Choice(value)) = (&declared.kind, value) else { continue };
            let (Some(own), Some(strictest)) = (labels.get(usize::from(*value)), labels.last()) else { continue };
            if own.name != strictest.name {
                let name = look.answer_name(decision, answer);
                let message = format!("when unsure `{name}` is {}, which is milder than {}", own.name, strictest.name);
                look.found.push(
                    Diagnostic::new(KW204, parts.unsure_span, message)
                        .label(strictest.span, "the strictest value")
                        .note("A missing fact must not open what a known one would keep shut."),
                );
            }
        }
    }
    Ok(())
}
