//! Rules that apply but never decide: each time an exception takes the place of all they say, or something stricter wins
//! (KW312).
//!
//! In: where each rule is active, and the answers. Out: a finding for each such rule. Refuses to know: rules that never
//! apply, which `never` reports, and rules without which nothing changes, which `differences` reports.

use super::report::Report;
use crate::codes::{KW310, KW312, KW313};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::model::{BLANK, EffectModel};
use crate::schema::AnswerId;
use crate::space::look::Look;
use crate::typed::RuleId;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for rule in 0..look.policy.rules.len() {
        let active = look.active(rule)?;
        let applies = look.valid_and(active)?;
        let written = &look.policy.rules[rule];
        let told = |found: &Diagnostic| {
            (found.code == KW310 || found.code == KW313) && found.primary.span == written.name_span
        };
        if applies == Ref::FALSE || look.found.iter().any(told) || deciding(look, rule, applies)? != Ref::FALSE {
            continue;
        }
        let message = format!("`{}` applies, but never decides", written.name);
        let mut found = look.about(KW312, written.name_span, message, applies);
        let kids = look.model.rules[rule].kids.clone();
        for kid in kids {
            found = found.label(look.policy.rules[kid].name_span, "takes its place");
        }
        look.found.push(
            found.note(
                "Each time an exception takes its place, or something stricter wins, so its reason is never shown.",
            ),
        );
    }
    Ok(())
}

/// Those of these requests, in which the rule applies, for which something it says stands in the outcome.
fn deciding(look: &mut Look<'_>, rule: RuleId, applies: Ref) -> Result<Ref, Exploded> {
    let decision = look.model.rules[rule].decision;
    let mut all = Vec::new();
    for effect in look.model.rules[rule].effects.clone() {
        let (EffectModel::Is(answer, _) | EffectModel::Include(answer, _) | EffectModel::Omit(answer, _)) = effect;
        let Some(&root) = look.answer(decision, answer).first() else { continue };
        let stands = match effect {
            EffectModel::Is(_, value) => {
                let taken = kids_say(look, rule, answer)?;
                let stands = look.model.forest.values_where(root, |found| found == value)?;
                look.model.forest.and_not(stands, taken)?
            }
            EffectModel::Include(_, members) => {
                let mut kept = Vec::new();
                for member in (0..32u8).filter(|member| members >> member & 1 == 1) {
                    let omitted = omitted(look, rule, answer, member)?;
                    kept.push(look.model.forest.not(omitted)?);
                }
                let kept = look.model.forest.or_all(&kept)?;
                let shown = look.model.forest.values_where(root, |found| found != BLANK)?;
                look.model.forest.and(kept, shown)?
            }
            EffectModel::Omit(..) => look.model.forest.values_where(root, |found| found != BLANK)?,
        };
        all.push(look.model.forest.and(stands, applies)?);
    }
    look.model.forest.or_all(&all)
}

/// Where some exception to the rule, or one below it, says the answer.
fn kids_say(look: &mut Look<'_>, rule: RuleId, answer: AnswerId) -> Result<Ref, Exploded> {
    let mut said = Vec::new();
    for kid in look.model.rules[rule].kids.clone() {
        let below = if look.says(kid, answer).is_some() { Ref::TRUE } else { kids_say(look, kid, answer)? };
        said.push(look.model.forest.and(look.guards[kid], below)?);
    }
    look.model.forest.or_all(&said)
}

/// Where an exception takes the member away.
fn omitted(look: &mut Look<'_>, rule: RuleId, answer: AnswerId, member: u8) -> Result<Ref, Exploded> {
    let omits =
        |effect: &EffectModel| matches!(*effect, EffectModel::Omit(a, mask) if a == answer && mask >> member & 1 == 1);
    let kids = look.model.rules[rule].kids.iter();
    let guards: Vec<Ref> =
        kids.filter(|&&kid| look.model.rules[kid].effects.iter().any(omits)).map(|&kid| look.guards[kid]).collect();
    look.model.forest.or_all(&guards)
}
