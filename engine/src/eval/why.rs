//! Why an outcome is what it is: the part each rule played.
//! In: a case and its answers. Out: the rules that applied, deciding before overridden before milder, each in source order.
//! Refuses to know texts.

use super::Undecided;
use super::answer::{Case, included, own_value};
use crate::schema::{AnswerId, DecisionId};
use crate::typed::{AnswerValue, EffectKind, RuleId};
use crate::value::{Part, Source};

impl Case<'_> {
    /// The rules that applied, with their parts; `normally` comes last of the deciding ones where it supplies an answer.
    pub(super) fn why(
        &mut self,
        decision: DecisionId,
        answers: &[AnswerValue],
    ) -> Result<Vec<(Part, Source)>, Undecided> {
        let mut parts = Vec::new();
        for rule in 0..self.policy.rules.len() {
            if self.policy.rules[rule].decision == decision
                && self.is_active(rule)?
                && let Some(part) = self.part(rule, answers)?
            {
                parts.push((part, Source::Rule(rule)));
            }
        }
        if self.normally_decides(decision, answers)? {
            parts.push((Part::Deciding, Source::Normally));
        }
        parts.sort_by_key(|(part, _)| *part);
        Ok(parts)
    }

    /// Whether the condition of a rule holds, and that of some chain of parents above it.
    fn is_active(&mut self, rule: RuleId) -> Result<bool, Undecided> {
        if !self.applies(rule)? {
            return Ok(false);
        }
        let policy = self.policy;
        let parents = &policy.rules[rule].parents;
        for parent in parents {
            if self.is_active(*parent)? {
                return Ok(true);
            }
        }
        Ok(parents.is_empty())
    }

    /// The greatest part an active rule plays in any answer that is not blank; none if all it speaks of is blank.
    fn part(&mut self, rule: RuleId, answers: &[AnswerValue]) -> Result<Option<Part>, Undecided> {
        let policy = self.policy;
        let mut greatest = None;
        for effect in &policy.rules[rule].effects {
            let value = answers.get(effect.answer).copied().unwrap_or(AnswerValue::Blank);
            if value == AnswerValue::Blank {
                continue;
            }
            let part = match effect.kind {
                EffectKind::Omit(_) => Part::Deciding,
                EffectKind::Include(_) => self.part_in_set(rule, effect.answer)?,
                EffectKind::Choice(_) | EffectKind::Duration(_) => self.part_in_value(rule, effect.answer, value)?,
            };
            greatest = Some(greatest.map_or(part, |found: Part| found.min(part)));
        }
        Ok(greatest)
    }

    /// Deciding if at least one member stays, overridden if exceptions omit them all.
    fn part_in_set(&mut self, rule: RuleId, answer: AnswerId) -> Result<Part, Undecided> {
        let left = included(&self.policy.rules[rule], answer) & !self.omitted_below(rule, answer)?;
        Ok(if left == 0 { Part::Overridden } else { Part::Deciding })
    }

    fn part_in_value(&mut self, rule: RuleId, answer: AnswerId, value: AnswerValue) -> Result<Part, Undecided> {
        if !self.said_below(rule, answer)?.is_empty() {
            return Ok(Part::Overridden);
        }
        let same = own_value(&self.policy.rules[rule], answer) == Some(value);
        Ok(if same { Part::Deciding } else { Part::Milder })
    }

    /// Whether `normally` supplies an answer that is not blank.
    fn normally_decides(&mut self, decision: DecisionId, answers: &[AnswerValue]) -> Result<bool, Undecided> {
        for (answer, value) in answers.iter().enumerate() {
            if *value != AnswerValue::Blank
                && self.normally(decision, answer).is_some()
                && self.said_by_rules(decision, answer)?.is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
