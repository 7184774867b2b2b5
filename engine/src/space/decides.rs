//! Where what a rule says stands in the outcome.
//!
//! In: where a rule is active, and the answers. Out: requests. Refuses to know what follows from it.

use super::look::Look;
use crate::diagram::{Exploded, Ref};
use crate::model::EffectModel;
use crate::schema::AnswerId;
use crate::typed::RuleId;

impl Look<'_> {
    /// Those of these requests, in which the rule applies, for which something it says stands in the outcome.
    pub fn decides(&mut self, rule: RuleId, applies: Ref) -> Result<Ref, Exploded> {
        let mut all = Vec::new();
        for effect in self.model.rules[rule].effects.clone() {
            all.push(self.stands(rule, effect, applies)?);
        }
        self.model.forest.or_all(&all)
    }

    /// Those of them for which one thing it says stands.
    pub fn stands(&mut self, rule: RuleId, effect: EffectModel, applies: Ref) -> Result<Ref, Exploded> {
        let look = self;
        let decision = look.model.rules[rule].decision;
        let (EffectModel::Is(answer, _) | EffectModel::Include(answer, _) | EffectModel::Omit(answer, _)) = effect;
        let Some(&root) = look.answer(decision, answer).first() else { return Ok(Ref::FALSE) };
        let stands = match effect {
            EffectModel::Is(_, value) => {
                let taken = kids_say(look, rule, answer)?;
                let stands = look.having(root, value)?;
                look.model.forest.and_not(stands, taken)?
            }
            EffectModel::Include(_, members) => {
                let mut kept = Vec::new();
                for member in (0..32u8).filter(|member| members >> member & 1 == 1) {
                    let omitted = omitted(look, rule, answer, member)?;
                    kept.push(look.model.forest.not(omitted)?);
                }
                let kept = look.model.forest.or_all(&kept)?;
                let shown = look.shown(root)?;
                look.model.forest.and(kept, shown)?
            }
            EffectModel::Omit(..) => look.shown(root)?,
        };
        look.model.forest.and(stands, applies)
    }
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
