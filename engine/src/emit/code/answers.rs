//! Answers as numbers, from the rules' conditions. In: the model's rules. Out: the words of an outcome. A value answer
//! collects a bit for each value some rule says, and takes the highest (strictest) or lowest (shortest); a set answer
//! masks members with truths. Refuses to know the diagrams, so that comparing with them proves something.

use keyward_evaluator::layout::NO_LIMIT;
use keyward_evaluator::{Bytes, Table};

use super::Build;
use super::graph::{Node, Number, Op};
use crate::model::EffectModel;
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::typed::RuleId;

impl Build<'_> {
    /// The (first) word of an answer.
    pub(super) fn answer_word(&mut self, decision: DecisionId, answer: AnswerId) -> Option<Number> {
        if let Some(&known) = self.words.get(&(decision, answer)) {
            return Some(known);
        }
        let is_set = matches!(self.model.schema.decisions[decision].answers[answer].kind, AnswerKind::SetOf(_));
        let raw = if is_set { self.members(decision, answer)? } else { self.value(decision, answer)? };
        let found = match self.allowed(decision, answer)? {
            None => raw,
            Some(allowed) if is_set => {
                let mask = self.graph.spread(allowed);
                self.graph.two(Op::And, raw, mask)
            }
            // Blank is all bits.
            Some(allowed) => {
                let blank = self.graph.with(Op::Sub, allowed, 1);
                self.graph.two(Op::Or, raw, blank)
            }
        };
        self.words.insert((decision, answer), found);
        Some(found)
    }

    /// The word that says whether a set is blank.
    pub(super) fn blank_word(&mut self, decision: DecisionId, answer: AnswerId) -> Option<Number> {
        Some(match self.allowed(decision, answer)? {
            None => self.graph.constant(0),
            Some(allowed) => self.graph.with(Op::Sub, allowed, 1),
        })
    }

    /// Whether the `only when` of an answer holds; nothing inside if it has none.
    fn allowed(&mut self, decision: DecisionId, answer: AnswerId) -> Option<Option<Number>> {
        let Some((earlier, terminals)) = self.model.decisions[decision].answers[answer].only_when.clone() else {
            return Some(None);
        };
        Some(Some(self.answer_is(decision, earlier, &terminals)?))
    }

    /// The rules of a decision that are no exceptions.
    fn roots(&self, decision: DecisionId) -> Vec<RuleId> {
        let rules = self.model.rules.iter().enumerate();
        rules.filter(|(_, rule)| rule.decision == decision && rule.parents.is_empty()).map(|(id, _)| id).collect()
    }

    /// Whether a rule's own condition holds and that of some chain of parents.
    fn active(&mut self, rule: RuleId) -> Option<Number> {
        if let Some(&known) = self.active.get(&rule) {
            return Some(known);
        }
        let model = self.model;
        let it = &model.rules[rule];
        let own = self.condition(it.condition)?;
        let mut found = own;
        if !it.parents.is_empty() {
            let parents: Option<Vec<Number>> = it.parents.iter().map(|&parent| self.active(parent)).collect();
            let above = self.graph.any(&parents?);
            found = self.graph.all(&[own, above]);
        }
        self.active.insert(rule, found);
        Some(found)
    }

    /// Whether a rule or an exception below it speaks of an answer at all.
    fn mentions(&self, rule: RuleId, answer: AnswerId) -> bool {
        let it = &self.model.rules[rule];
        it.effects.iter().any(|effect| about(effect) == answer) || it.kids.iter().any(|&kid| self.mentions(kid, answer))
    }

    /// Whether a rule, where its condition holds, or an exception below it says a value of an answer.
    fn says(&mut self, rule: RuleId, answer: AnswerId) -> Option<Number> {
        if !self.mentions(rule, answer) {
            return Some(self.graph.constant(0));
        }
        let own = self.condition(self.model.rules[rule].condition)?;
        if own_value(&self.model.rules[rule].effects, answer).is_some() {
            return Some(own);
        }
        let below = self.kids_say(rule, answer)?;
        Some(self.graph.all(&[own, below]))
    }

    fn kids_say(&mut self, rule: RuleId, answer: AnswerId) -> Option<Number> {
        let kids = self.model.rules[rule].kids.clone();
        let said: Option<Vec<Number>> = kids.into_iter().map(|kid| self.says(kid, answer)).collect();
        Some(self.graph.any(&said?))
    }

    /// All rules below these (themselves included) that speak of an answer, each once.
    fn speakers(&self, decision: DecisionId, answer: AnswerId) -> Vec<RuleId> {
        let mut todo = self.roots(decision);
        let mut found = Vec::new();
        while let Some(rule) = todo.pop() {
            if self.mentions(rule, answer) && !found.contains(&rule) {
                found.push(rule);
                todo.extend(&self.model.rules[rule].kids);
            }
        }
        found.sort_unstable();
        found
    }

    /// The word of a value answer before `only when`.
    fn value(&mut self, decision: DecisionId, answer: AnswerId) -> Option<Number> {
        let model = self.model;
        let kind = &model.schema.decisions[decision].answers[answer].kind;
        let durations = &model.decisions[decision].answers[answer].durations;
        let shortest = matches!(kind, AnswerKind::Shortest(_));
        let count = if shortest { durations.len() } else { kind.labels().len() };
        if count > 31 {
            return None;
        }
        let mut said = Vec::new();
        for rule in self.speakers(decision, answer) {
            let Some(value) = own_value(&model.rules[rule].effects, answer) else { continue };
            let active = self.active(rule)?;
            let taken = self.kids_say(rule, answer)?;
            let free = self.graph.not(taken);
            let speaks = self.graph.all(&[active, free]);
            said.push((speaks, 1u32.checked_shl(value)?));
        }
        let mut mask = self.graph.bits(&said);
        match own_value(&model.decisions[decision].normally, answer) {
            // The mildest value gives way to whatever is said.
            Some(0) if !shortest => mask = self.graph.with(Op::Or, mask, 1),
            // Of two values the stricter, unless only the milder is said.
            Some(1) if !shortest && count == 2 => return Some(self.graph.with(Op::Ne, mask, 1)),
            Some(value) => {
                let normally = self.graph.constant(1 << value);
                mask = self.graph.select(mask, normally, mask);
            }
            None => {}
        }
        if !shortest && count == 2 {
            return Some(self.graph.with(Op::Shr, mask, 1));
        }
        if !shortest {
            return Some(self.graph.add(Node::Highest(mask)));
        }
        // Beyond the last duration: no limit. The table lists both.
        let limited = self.graph.with(Op::Or, mask, 1 << count);
        let place = self.graph.add(Node::Lowest(limited));
        let offset = self.graph.with(Op::Shl, place, 2);
        let at = self.durations(decision, answer)?;
        Some(self.graph.add(Node::Table(4, at, offset)))
    }

    /// Where the table lists the durations of an answer, no limit last.
    fn durations(&self, decision: DecisionId, answer: AnswerId) -> Option<u32> {
        let it = Table::new(self.table).decision(decision as u32)?.answer(answer);
        let last = it.durations_at() + 4 * it.count() as usize - 4;
        (self.table.u32_at(last) == NO_LIMIT).then_some(it.durations_at() as u32)
    }

    /// The mask of a set answer before `only when`.
    fn members(&mut self, decision: DecisionId, answer: AnswerId) -> Option<Number> {
        let model = self.model;
        let mut said = Vec::new();
        for rule in self.speakers(decision, answer) {
            let included = members_of(&model.rules[rule].effects, answer, true);
            if included == 0 {
                continue;
            }
            let active = self.active(rule)?;
            // Members by the exceptions that take them out.
            let mut left: std::collections::BTreeMap<Vec<RuleId>, u32> = Default::default();
            for member in (0..32).map(|member| 1u32 << member).filter(|member| included & member != 0) {
                let kids = model.rules[rule].kids.iter().copied();
                let omits = |kid: &RuleId| members_of(&model.rules[*kid].effects, answer, false) & member != 0;
                *left.entry(kids.filter(omits).collect()).or_default() |= member;
            }
            for (kids, members) in left {
                let mut holds = vec![active];
                for kid in kids {
                    let omits = self.condition(model.rules[kid].condition)?;
                    holds.push(self.graph.not(omits));
                }
                said.push((self.graph.all(&holds), members));
            }
        }
        Some(self.graph.bits(&said))
    }
}

fn about(effect: &EffectModel) -> AnswerId {
    match *effect {
        EffectModel::Is(answer, _) | EffectModel::Include(answer, _) | EffectModel::Omit(answer, _) => answer,
    }
}

fn own_value(effects: &[EffectModel], answer: AnswerId) -> Option<u32> {
    effects.iter().find_map(|effect| match *effect {
        EffectModel::Is(of, value) if of == answer => Some(value),
        _ => None,
    })
}

/// The members a rule puts in, or takes out.
fn members_of(effects: &[EffectModel], answer: AnswerId, put_in: bool) -> u32 {
    effects.iter().fold(0, |mask, effect| match *effect {
        EffectModel::Include(of, members) if of == answer && put_in => mask | members,
        EffectModel::Omit(of, members) if of == answer && !put_in => mask | members,
        _ => mask,
    })
}
