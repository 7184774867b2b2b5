//! `omit`s that remove nothing (KW302).
//!
//! In: exceptions with `omit`. Out: a finding where every valid request has the same members with and without it.
//! Refuses to know: exceptions that never apply, which `never` reports.

use super::report::Report;
use crate::codes::KW302;
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::model::EffectModel;
use crate::space::answers::Answers;
use crate::space::look::Look;
use crate::typed::EffectKind;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for rule in 0..look.policy.rules.len() {
        let written = &look.policy.rules[rule];
        for effect in &written.effects {
            let EffectKind::Omit(mask) = effect.kind else { continue };
            let active = look.active(rule)?;
            if look.valid_and(active)? == Ref::FALSE {
                continue;
            }
            let labels = look.policy.schema.decisions[written.decision].answers[effect.answer].kind.labels();
            for (member, label) in (0u8..).zip(labels).filter(|(member, _)| mask >> member & 1 == 1) {
                if !removes(look, rule, effect.answer, member)? {
                    let message = format!("`omit {}` in `{}` removes nothing", label.name, written.name);
                    let hint = "Another rule still includes it, or no parent did: leave this `omit` out, or make the exception one to that rule too.";
                    look.found.push(Diagnostic::new(KW302, effect.span, message).hint(hint));
                }
            }
        }
    }
    Ok(())
}

fn removes(look: &mut Look<'_>, rule: usize, answer: usize, member: u8) -> Result<bool, Exploded> {
    let decision = look.policy.rules[rule].decision;
    let mut rules = look.model.rules.clone();
    for effect in &mut rules[rule].effects {
        if let EffectModel::Omit(a, mask) = effect
            && *a == answer
        {
            *mask &= !(1 << member);
        }
    }
    let forest = &mut look.model.forest;
    let with = Answers { rules: &look.model.rules, guards: &look.guards, without: None };
    let with = with.member(forest, decision, answer, member)?;
    let without = Answers { rules: &rules, guards: &look.guards, without: None };
    let without = without.member(forest, decision, answer, member)?;
    let more = forest.and_not(without, with)?;
    Ok(look.valid_and(more)? != Ref::FALSE)
}
