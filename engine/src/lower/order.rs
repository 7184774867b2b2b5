//! The order of answers in which each needs only those before it.
//!
//! In: rules, conditions and `only when`. Out: answers in that order, or one that needs itself.
//! Refuses to know: diagrams.

use std::collections::BTreeSet;

use crate::diagram::Ref;
use crate::model::{Condition, DecisionModel, RuleModel};
use crate::schema::{AnswerId, DecisionId};
use crate::space::answers::Answers;

/// An answer with its decision.
pub(super) type Place = (DecisionId, AnswerId);

/// All answers, each after those its rules test and the one it is blanked by; else the answer that needs itself.
pub(super) fn answers(
    conditions: &[Condition],
    rules: &[RuleModel],
    decisions: &[DecisionModel],
) -> Result<Vec<Place>, Place> {
    let tested = tested(conditions);
    let guards = vec![Ref::FALSE; rules.len()];
    let look = Answers { rules, guards: &guards, without: None };
    let mut needs: Vec<(Place, BTreeSet<Place>)> = Vec::new();
    for (decision, model) in decisions.iter().enumerate() {
        for (answer, own) in model.answers.iter().enumerate() {
            let relevant = look.relevant(decision, answer);
            let conditions =
                rules.iter().zip(relevant).filter(|(_, relevant)| *relevant).map(|(rule, _)| rule.condition);
            let mut wanted: BTreeSet<Place> = conditions.flat_map(|c| tested[c as usize].iter().copied()).collect();
            wanted.extend(own.only_when.as_ref().map(|(earlier, _)| (decision, *earlier)));
            needs.push(((decision, answer), wanted));
        }
    }
    let mut done: Vec<Place> = Vec::new();
    let mut ready = BTreeSet::new();
    while !needs.is_empty() {
        let Some(next) = needs.iter().position(|(_, wanted)| wanted.is_subset(&ready)) else {
            return Err(needs[0].0);
        };
        let (place, _) = needs.remove(next);
        ready.insert(place);
        done.push(place);
    }
    Ok(done)
}

/// The answers each condition tests, directly or below.
fn tested(conditions: &[Condition]) -> Vec<BTreeSet<Place>> {
    let mut all: Vec<BTreeSet<Place>> = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let found = match condition {
            Condition::Answer(decision, answer, _) | Condition::Member(decision, answer, _) => {
                BTreeSet::from([(*decision, *answer)])
            }
            Condition::And(parts) | Condition::Or(parts) | Condition::AtLeast(_, parts) => {
                parts.iter().flat_map(|&part| all[part as usize].iter().copied()).collect()
            }
            Condition::Not(inner) => all[*inner as usize].clone(),
            Condition::Constant(_) | Condition::In(..) | Condition::Same(..) => BTreeSet::new(),
        };
        all.push(found);
    }
    all
}
