//! Rules that make no difference: without them every valid request is answered the same (KW310; KW313 where one other
//! rule always says the same).
//!
//! In: rules and answer roots. Out: a finding for each such rule. Refuses to know: rules that never apply, which
//! `never` reports. A rule that says what `normally` would say still gives its reason, so it does make a difference.

use super::report::Report;
use crate::codes::{KW310, KW313};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::model::{EffectModel, Model};
use crate::schema::{AnswerId, DecisionId};
use crate::space::answers::{Answers, Join, blank_unless};
use crate::space::look::Look;

/// Each rule rebuilds its answers without it, so very many rules are left alone.
const MOST_RULES: usize = 400;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    if look.policy.rules.len() > MOST_RULES {
        return Ok(());
    }
    let mut whole: Vec<Vec<Ref>> = Vec::new();
    let places = places(look);
    let guards = look.guards.clone();
    for &place in &places {
        whole.push(build(look, place, &guards, None)?);
    }
    for rule in 0..look.policy.rules.len() {
        let active = look.active(rule)?;
        if look.valid_and(active)? == Ref::FALSE {
            continue;
        }
        let decision = look.policy.rules[rule].decision;
        let mut matters = false;
        for (place, whole) in places.iter().zip(&whole) {
            if place.0 != decision || !touches(look.model, rule, place.1) {
                continue;
            }
            let without = build(look, *place, &guards, Some(rule))?;
            matters |= *whole != without;
            if matters {
                break;
            }
        }
        if !matters {
            let found = superfluous(look, rule)?;
            look.found.push(found);
        }
    }
    Ok(())
}

/// The finding about a rule without which nothing changes: by one other rule that always says the same, or by several.
fn superfluous(look: &mut Look<'_>, rule: usize) -> Result<Diagnostic, Exploded> {
    let written = &look.policy.rules[rule];
    let active = look.active(rule)?;
    let requests = look.valid_and(active)?;
    for other in 0..look.policy.rules.len() {
        let wider = &look.model.rules[other];
        let alone = wider.parents.is_empty() && look.model.rules[rule].parents.is_empty();
        let says = |effect: &EffectModel| wider.effects.iter().any(|wider| covers(wider, effect));
        if other == rule || !alone || !look.model.rules[rule].effects.iter().all(says) {
            continue;
        }
        let outside = look.model.forest.and_not(requests, look.guards[other])?;
        if outside == Ref::FALSE {
            let name = &look.policy.rules[other].name;
            let message = format!("`{}` says nothing that `{name}` does not say for more requests", written.name);
            return Ok(look
                .about(KW313, written.name_span, message, requests)
                .label(look.policy.rules[other].name_span, "says the same, more often")
                .hint("Delete one of the two, unless their reasons differ on purpose."));
        }
    }
    let message = format!("deleting `{}` changes no request's answer", written.name);
    let others = "Other rules already say the same, or something stricter, wherever it applies.";
    Ok(look.about(KW310, written.name_span, message, requests).note(others))
}

/// Whether one effect says at least what the other does.
fn covers(wider: &EffectModel, effect: &EffectModel) -> bool {
    match (*wider, *effect) {
        (EffectModel::Include(a, all), EffectModel::Include(b, some)) => a == b && some & !all == 0,
        (wider, effect) => wider == effect,
    }
}

/// The single-valued and set answers of all decisions.
fn places(look: &Look<'_>) -> Vec<(DecisionId, AnswerId)> {
    let decisions = look.policy.schema.decisions.iter().enumerate();
    decisions.flat_map(|(d, decision)| (0..decision.answers.len()).map(move |a| (d, a))).collect()
}

/// Whether the rule or an exception below it says this answer.
fn touches(model: &Model, rule: usize, answer: AnswerId) -> bool {
    let mut todo = vec![rule];
    while let Some(rule) = todo.pop() {
        let says = model.rules[rule].effects.iter().any(|effect| match *effect {
            EffectModel::Is(a, _) | EffectModel::Include(a, _) | EffectModel::Omit(a, _) => a == answer,
        });
        if says {
            return true;
        }
        todo.extend(&model.rules[rule].kids);
    }
    false
}

/// The valid roots of an answer, before `normally`, for these conditions of the rules, with or without one of them; equal
/// roots answer equally.
fn build(
    look: &mut Look<'_>,
    (decision, answer): (DecisionId, AnswerId),
    guards: &[Ref],
    without: Option<usize>,
) -> Result<Vec<Ref>, Exploded> {
    let kind = &look.policy.schema.decisions[decision].answers[answer].kind;
    let earlier = look.model.decisions[decision].answers[answer].only_when.clone();
    let earlier = earlier.and_then(|(a, terminals)| Some((*look.answer(decision, a).first()?, terminals)));
    let Model { forest, rules, valid, .. } = &mut *look.model;
    let answers = Answers { rules, guards, without };
    let mut roots = Vec::new();
    match Join::of(kind) {
        Some(join) => roots.push(answers.value(forest, decision, answer, join, &[])?),
        None => {
            for member in 0..kind.labels().len() as u8 {
                roots.push(answers.member(forest, decision, answer, member)?);
            }
        }
    }
    for root in &mut roots {
        if let Some((earlier, terminals)) = &earlier {
            *root = blank_unless(forest, *root, *earlier, terminals)?;
        }
        *root = forest.if_then_else(*valid, *root, Ref::terminal(crate::model::BLANK))?;
    }
    Ok(roots)
}
