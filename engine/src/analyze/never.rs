//! Rules that can never apply (KW311), and `only when` that never blanks (KW306).
//!
//! In: where each rule is active. Out: a finding for each rule that is active for no valid request.
//! Refuses to know: whether it was meant so.

use super::report::Report;
use crate::codes::{KW306, KW311};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::model::BLANK;
use crate::space::look::Look;

/// Finds both.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for rule in 0..look.policy.rules.len() {
        let active = look.active(rule)?;
        if look.valid_and(active)? == Ref::FALSE {
            let found = explain(look, rule)?;
            look.found.push(found);
        }
    }
    for (decision, model) in look.policy.schema.decisions.iter().enumerate() {
        for (answer, declared) in model.answers.iter().enumerate().filter(|(_, a)| a.only_when.is_some()) {
            let Some(&root) = look.answer(decision, answer).first() else { continue };
            let blank = look.model.forest.values_where(root, |value| value == BLANK)?;
            if look.valid_and(blank)? == Ref::FALSE {
                let message = format!("`{}` is never blank", look.answer_name(decision, answer));
                look.found.push(Diagnostic::new(KW306, declared.span, message).hint("Leave its `only when` out."));
            }
        }
    }
    Ok(())
}

fn explain(look: &mut Look<'_>, rule: usize) -> Result<Diagnostic, Exploded> {
    let written = &look.policy.rules[rule];
    let own = look.guards[rule];
    let message = format!("`{}` can never apply", written.name);
    let found = Diagnostic::new(KW311, written.name_span, message);
    if own == Ref::FALSE {
        return Ok(found.note("Its conditions cannot all be true at once."));
    }
    if look.valid_and(own)? == Ref::FALSE {
        return Ok(found.note("The assumptions rule out every request for which its conditions hold."));
    }
    let mut found = found.note("Where its conditions hold, none of the rules it is an exception to applies.");
    for &parent in &written.parents {
        found = found.label(look.policy.rules[parent].name_span, "an exception narrows this");
    }
    Ok(found)
}
