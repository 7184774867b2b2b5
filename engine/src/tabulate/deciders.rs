//! Which rules stand behind a row.
//!
//! In: where what each rule says stands, and the requests of a row, perhaps in diagrams of another order. Out: rules.
//! Refuses to know: words.

use std::collections::BTreeMap;

use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{EffectModel, Model};
use crate::schema::{AnswerId, DecisionId};
use crate::space::look::Look;
use crate::typed::{Policy, RuleId};

/// Where one thing that a rule says stands in the outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stands {
    rule: RuleId,
    effect: EffectModel,
    requests: Ref,
}

/// What the rules say of one answer, and diagrams that hold all of it.
pub(super) fn all(
    policy: &Policy,
    model: &Model,
    (decision, answer): (DecisionId, AnswerId),
) -> Result<(Vec<Stands>, Forest), Exploded> {
    let mut model = model.clone();
    let mut found = Vec::new();
    let mut look = Look::new(policy, &mut model);
    for rule in 0..policy.rules.len() {
        if look.model.rules[rule].decision != decision {
            continue;
        }
        for effect in look.model.rules[rule].effects.clone() {
            let (EffectModel::Is(about, _) | EffectModel::Include(about, _) | EffectModel::Omit(about, _)) = effect;
            if about == answer {
                let active = look.active(rule)?;
                let applies = look.valid_and(active)?;
                found.push(Stands { rule, effect, requests: look.stands(rule, effect, applies)? });
            }
        }
    }
    Ok((found, model.forest))
}

/// Those that stand behind some of these requests, whose diagram is in another forest; of a set perhaps for one member.
pub(super) fn behind(
    all: &[Stands],
    own: &mut Forest,
    (other, requests): (&Forest, Ref),
    member: Option<u8>,
) -> Result<Vec<RuleId>, Exploded> {
    let requests = carried(other, own, requests, &mut BTreeMap::new())?;
    let mut found = Vec::new();
    for stands in all {
        let about = match (stands.effect, member) {
            (EffectModel::Include(_, members) | EffectModel::Omit(_, members), Some(member)) => {
                members >> member & 1 == 1
            }
            _ => true,
        };
        if about && !found.contains(&stands.rule) && own.and(requests, stands.requests)? != Ref::FALSE {
            found.push(stands.rule);
        }
    }
    Ok(found)
}

/// The same requests in another forest, whose coordinates may stand in another order.
fn carried(from: &Forest, to: &mut Forest, f: Ref, known: &mut BTreeMap<Ref, Ref>) -> Result<Ref, Exploded> {
    if let Some(&found) = known.get(&f) {
        return Ok(found);
    }
    let Some(coordinate) = from.coordinate(f) else { return Ok(f) };
    let mut arms = Vec::new();
    let mut first = 0;
    for run in from.runs(f) {
        let below = carried(from, to, run.to, known)?;
        let here = to.test(coordinate, |class| (first..=run.last).contains(&class))?;
        arms.push(to.and(here, below)?);
        first = run.last + 1;
    }
    let found = to.or_all(&arms)?;
    known.insert(f, found);
    Ok(found)
}
