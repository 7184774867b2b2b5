//! Answers: rules, exceptions and joins, as the language reference defines them.
//! In: a policy and one complete, valid request. Out: the value of each answer, or why there is none.
//! Refuses to know how a value is explained.

use super::Undecided;
use crate::schema::{Answer, AnswerId, AnswerKind, DecisionId};
use crate::typed::{AnswerValue, EffectKind, Policy, Rule, RuleId};
use crate::value::Request;
use std::collections::BTreeMap;

/// One request being decided; answers are found when first asked for and kept.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) request: &'a Request,
    /// The exceptions of each rule.
    kids: Vec<Vec<RuleId>>,
    /// What is known of each answer; `None` while it is being found.
    found: BTreeMap<(DecisionId, AnswerId), Option<AnswerValue>>,
}

impl<'a> Case<'a> {
    pub(super) fn new(policy: &'a Policy, request: &'a Request) -> Self {
        let mut kids = vec![Vec::new(); policy.rules.len()];
        for (exception, rule) in policy.rules.iter().enumerate() {
            for parent in &rule.parents {
                if let Some(list) = kids.get_mut(*parent) {
                    list.push(exception);
                }
            }
        }
        Case { policy, request, kids, found: BTreeMap::new() }
    }

    /// Every answer of a decision.
    pub(super) fn answers(&mut self, decision: DecisionId) -> Result<Vec<AnswerValue>, Undecided> {
        let declared = self.policy.schema.decisions.get(decision).ok_or(Undecided::Unknown)?;
        (0..declared.answers.len()).map(|answer| self.answer(decision, answer)).collect()
    }

    /// One answer, its `only when` applied.
    pub(super) fn answer(&mut self, decision: DecisionId, answer: AnswerId) -> Result<AnswerValue, Undecided> {
        match self.found.get(&(decision, answer)) {
            Some(Some(value)) => return Ok(*value),
            Some(None) => return Err(Undecided::Circular { decision, answer }),
            None => {}
        }
        self.found.insert((decision, answer), None);
        let value = self.find(decision, answer)?;
        self.found.insert((decision, answer), Some(value));
        Ok(value)
    }

    fn find(&mut self, decision: DecisionId, answer: AnswerId) -> Result<AnswerValue, Undecided> {
        let policy = self.policy;
        let declared = policy.schema.decisions.get(decision).and_then(|found| found.answers.get(answer));
        let Answer { kind, only_when, .. } = declared.ok_or(Undecided::Unknown)?;
        if let Some((gate, wanted)) = only_when
            && self.answer(decision, *gate)? != AnswerValue::Choice(*wanted)
        {
            return Ok(AnswerValue::Blank);
        }
        if let AnswerKind::SetOf(_) = kind {
            let mut members = 0;
            for rule in self.roots(decision) {
                members |= self.members(rule, answer)?;
            }
            return Ok(AnswerValue::Set(members));
        }
        let mut said = self.said_by_rules(decision, answer)?;
        if said.is_empty() {
            said.extend(self.normally(decision, answer).map(|value| (RuleId::MAX, value)));
        }
        join(kind, &said).map_err(|trouble| match trouble {
            Trouble::Gap => Undecided::Gap { decision, answer },
            Trouble::Conflict => {
                let mut rules: Vec<RuleId> = said.iter().map(|(rule, _)| *rule).collect();
                rules.sort_unstable();
                rules.dedup();
                Undecided::Conflict { decision, answer, rules }
            }
        })
    }

    /// The rules of a decision that are not exceptions.
    fn roots(&self, decision: DecisionId) -> Vec<RuleId> {
        let rules = self.policy.rules.iter().enumerate();
        rules.filter(|(_, rule)| rule.decision == decision && rule.parents.is_empty()).map(|(id, _)| id).collect()
    }

    /// What the rules of a decision say of an answer, `normally` left aside.
    pub(super) fn said_by_rules(
        &mut self,
        decision: DecisionId,
        answer: AnswerId,
    ) -> Result<Vec<(RuleId, AnswerValue)>, Undecided> {
        let mut said = Vec::new();
        for rule in self.roots(decision) {
            said.extend(self.said(rule, answer)?);
        }
        Ok(said)
    }

    /// `F`: what is said of an answer at a rule and below: nothing if the rule's condition does not hold;
    /// what its exceptions say, if any of them says something; otherwise what the rule itself says.
    fn said(&mut self, rule: RuleId, answer: AnswerId) -> Result<Vec<(RuleId, AnswerValue)>, Undecided> {
        if !self.mentions(rule, answer) || !self.applies(rule)? {
            return Ok(Vec::new());
        }
        let by_exceptions = self.said_below(rule, answer)?;
        if !by_exceptions.is_empty() {
            return Ok(by_exceptions);
        }
        Ok(own_value(&self.policy.rules[rule], answer).map(|value| (rule, value)).into_iter().collect())
    }

    /// What the exceptions of a rule say of an answer.
    pub(super) fn said_below(
        &mut self,
        rule: RuleId,
        answer: AnswerId,
    ) -> Result<Vec<(RuleId, AnswerValue)>, Undecided> {
        let mut said = Vec::new();
        for exception in self.kids[rule].clone() {
            said.extend(self.said(exception, answer)?);
        }
        Ok(said)
    }

    /// `F` of a set: what the rule includes, less what its exceptions omit, with what they put in.
    fn members(&mut self, rule: RuleId, answer: AnswerId) -> Result<u32, Undecided> {
        if !self.mentions(rule, answer) || !self.applies(rule)? {
            return Ok(0);
        }
        let mut members = included(&self.policy.rules[rule], answer) & !self.omitted_below(rule, answer)?;
        for exception in self.kids[rule].clone() {
            members |= self.members(exception, answer)?;
        }
        Ok(members)
    }

    /// The members that the direct exceptions of a rule take out of it.
    pub(super) fn omitted_below(&mut self, rule: RuleId, answer: AnswerId) -> Result<u32, Undecided> {
        let mut gone = 0;
        for exception in self.kids[rule].clone() {
            let omits = omitted(&self.policy.rules[exception], answer);
            if omits != 0 && self.applies(exception)? {
                gone |= omits;
            }
        }
        Ok(gone)
    }

    /// Whether the rule's own condition holds.
    pub(super) fn applies(&mut self, rule: RuleId) -> Result<bool, Undecided> {
        let policy = self.policy;
        self.holds(&policy.rules[rule].condition)
    }

    /// Whether the rule or an exception below it says anything of the answer. Only then does its condition matter to it,
    /// so a rule may read answers it has no part in.
    fn mentions(&self, rule: RuleId, answer: AnswerId) -> bool {
        self.policy.rules[rule].effects.iter().any(|effect| effect.answer == answer)
            || self.kids[rule].iter().any(|exception| self.mentions(*exception, answer))
    }

    /// What `normally` says of an answer.
    pub(super) fn normally(&self, decision: DecisionId, answer: AnswerId) -> Option<AnswerValue> {
        let normally = self.policy.decisions.get(decision)?.normally.as_ref()?;
        let effect = normally.effects.iter().find(|effect| effect.answer == answer)?;
        value_of(effect.kind)
    }
}

/// The value a rule itself gives a `one of`, `strictest` or `shortest` answer.
pub(super) fn own_value(rule: &Rule, answer: AnswerId) -> Option<AnswerValue> {
    rule.effects.iter().filter(|effect| effect.answer == answer).find_map(|effect| value_of(effect.kind))
}

/// The members a rule itself puts into a set answer.
pub(super) fn included(rule: &Rule, answer: AnswerId) -> u32 {
    let effects = rule.effects.iter().filter(|effect| effect.answer == answer);
    effects.fold(0, |all, effect| if let EffectKind::Include(members) = effect.kind { all | members } else { all })
}

/// The members an exception takes out of its parents' part of a set answer.
pub(super) fn omitted(rule: &Rule, answer: AnswerId) -> u32 {
    let effects = rule.effects.iter().filter(|effect| effect.answer == answer);
    effects.fold(0, |all, effect| if let EffectKind::Omit(members) = effect.kind { all | members } else { all })
}

fn value_of(effect: EffectKind) -> Option<AnswerValue> {
    match effect {
        EffectKind::Choice(choice) => Some(AnswerValue::Choice(choice)),
        EffectKind::Duration(minutes) => Some(AnswerValue::Duration(minutes)),
        EffectKind::Include(_) | EffectKind::Omit(_) => None,
    }
}

enum Trouble {
    Gap,
    Conflict,
}

/// Joins what is said. `one of`: all the same. `strictest`: the last in the list. `shortest`: the least, or no limit.
fn join(kind: &AnswerKind, said: &[(RuleId, AnswerValue)]) -> Result<AnswerValue, Trouble> {
    let values = said.iter().map(|(_, value)| *value);
    match kind {
        AnswerKind::OneOf { .. } => {
            let first = values.clone().next().ok_or(Trouble::Gap)?;
            if values.clone().all(|value| value == first) { Ok(first) } else { Err(Trouble::Conflict) }
        }
        AnswerKind::Strictest(_) => values.max().ok_or(Trouble::Gap),
        AnswerKind::Shortest(_) => Ok(values.min().unwrap_or(AnswerValue::NoLimit)),
        AnswerKind::SetOf(_) => Err(Trouble::Gap),
    }
}
