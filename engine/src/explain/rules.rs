//! Which rules applied and what part each played, at one complete request.
//!
//! In: the diagrams of the rules' conditions, at a point. Out: rules with their parts, what they override and by what.
//! Refuses to know: how conditions were written. The parts are those of the reference, chapter "meaning", "why".

use super::ground::Ground;
use super::types::Applied;
use super::words;
use crate::model::{BLANK, EffectModel, RuleModel, YES};
use crate::schema::AnswerId;
use crate::space::answers::Answers;
use crate::typed::RuleId;
use crate::value::Part;

/// The rules that applied: deciding, then overridden, then milder, each in source order, `normally` last of the deciding.
pub(super) fn applied(ground: &Ground<'_>, point: &[u32], outcome: &[Vec<u32>]) -> Vec<Applied> {
    let case = Case::new(ground, point, outcome);
    let mut found: Vec<Applied> = Vec::new();
    for rule in 0..ground.model.rules.len() {
        found.extend(case.applied(rule));
    }
    found.extend(case.normally());
    found.sort_by_key(|applied| applied.part);
    found
}

/// One request being explained.
struct Case<'a, 'g> {
    ground: &'a Ground<'g>,
    outcome: &'a [Vec<u32>],
    /// Whether each rule's own condition holds.
    holds: Vec<bool>,
    /// By answer, for each rule whether it or an exception below it says anything of the answer.
    relevant: Vec<Vec<bool>>,
}

impl<'a, 'g> Case<'a, 'g> {
    fn new(ground: &'a Ground<'g>, point: &[u32], outcome: &'a [Vec<u32>]) -> Self {
        let rules = &ground.model.rules;
        let own = |rule: &RuleModel| rule.decision == ground.decision && ground.value(rule.guard, point) == YES;
        let holds = rules.iter().map(own).collect();
        let look = Answers { rules, guards: &[], without: None };
        let relevant = (0..outcome.len()).map(|answer| look.relevant(ground.decision, answer)).collect();
        Case { ground, outcome, holds, relevant }
    }

    fn applied(&self, rule: RuleId) -> Option<Applied> {
        if !self.is_active(rule) {
            return None;
        }
        let model = &self.ground.model.rules[rule];
        let mut greatest: Option<Part> = None;
        let mut overridden_by = Vec::new();
        let mut says = Vec::new();
        for effect in &model.effects {
            let (EffectModel::Is(answer, _) | EffectModel::Include(answer, _) | EffectModel::Omit(answer, _)) = *effect;
            if self.is_blank(answer) {
                continue;
            }
            let part = match *effect {
                EffectModel::Omit(..) => Part::Deciding,
                EffectModel::Include(_, members) => {
                    let (gone, by) = self.omitted_below(rule, answer);
                    overridden_by.extend(by.into_iter().filter(|&kid| self.omits(kid, answer) & members != 0));
                    if members & !gone == 0 { Part::Overridden } else { Part::Deciding }
                }
                EffectModel::Is(_, own) => {
                    let below = self.said_below(rule, answer);
                    if !below.is_empty() {
                        overridden_by.extend(below);
                        Part::Overridden
                    } else if self.outcome[answer].first() == Some(&own) {
                        Part::Deciding
                    } else {
                        Part::Milder
                    }
                }
            };
            says.push(self.effect(effect));
            greatest = Some(greatest.map_or(part, |found| found.min(part)));
        }
        overridden_by.sort_unstable();
        overridden_by.dedup();
        let words = &model.words;
        Some(Applied {
            name: words.name.clone(),
            because: words.because.clone(),
            cite: words.cite.clone(),
            part: greatest?,
            says,
            overrides: self.names(&self.overrides(rule)),
            overridden_by: self.names(&overridden_by),
        })
    }

    /// `normally`, where it supplies an answer that is not blank.
    fn normally(&self) -> Option<Applied> {
        let decision = &self.ground.model.decisions[self.ground.decision];
        let mut says = Vec::new();
        for effect in &decision.normally {
            let EffectModel::Is(answer, _) = *effect else { continue };
            let tops = self.ground.model.rules.iter().enumerate().filter(|(_, rule)| rule.parents.is_empty());
            if !self.is_blank(answer) && tops.into_iter().all(|(rule, _)| self.said(rule, answer).is_empty()) {
                says.push(self.effect(effect));
            }
        }
        let words = &decision.normally_words;
        (!says.is_empty()).then(|| Applied {
            name: "normally".to_string(),
            because: words.because.clone(),
            cite: words.cite.clone(),
            part: Part::Deciding,
            says,
            overrides: Vec::new(),
            overridden_by: Vec::new(),
        })
    }

    /// Whether the rule's condition holds, and that of some chain of parents above it.
    fn is_active(&self, rule: RuleId) -> bool {
        let parents = &self.ground.model.rules[rule].parents;
        self.holds[rule] && (parents.is_empty() || parents.iter().any(|&parent| self.is_active(parent)))
    }

    /// The active rules above an exception whose place it takes in some answer, nearest first.
    fn overrides(&self, rule: RuleId) -> Vec<RuleId> {
        let rules = &self.ground.model.rules;
        let mut found = Vec::new();
        let mut todo: Vec<RuleId> = rules[rule].parents.clone();
        while !todo.is_empty() {
            let mut above = Vec::new();
            for parent in todo {
                if self.is_active(parent) && !found.contains(&parent) {
                    above.extend(rules[parent].parents.iter().copied());
                    found.push(parent);
                }
            }
            todo = above;
        }
        found
    }

    /// The rules that speak for an answer at a rule and below it: its exceptions where one does, else itself.
    fn said(&self, rule: RuleId, answer: AnswerId) -> Vec<RuleId> {
        if !self.relevant[answer][rule] || !self.holds[rule] {
            return Vec::new();
        }
        let below = self.said_below(rule, answer);
        let effects = &self.ground.model.rules[rule].effects;
        let own = effects.iter().any(|effect| matches!(*effect, EffectModel::Is(a, _) if a == answer));
        if below.is_empty() && own { vec![rule] } else { below }
    }

    fn said_below(&self, rule: RuleId, answer: AnswerId) -> Vec<RuleId> {
        self.ground.model.rules[rule].kids.iter().flat_map(|&kid| self.said(kid, answer)).collect()
    }

    /// The members of a set that the direct exceptions of a rule take out of it, and those exceptions.
    fn omitted_below(&self, rule: RuleId, answer: AnswerId) -> (u32, Vec<RuleId>) {
        let kids = self.ground.model.rules[rule].kids.iter().copied();
        let by: Vec<RuleId> = kids.filter(|&kid| self.holds[kid] && self.omits(kid, answer) != 0).collect();
        (by.iter().fold(0, |gone, &kid| gone | self.omits(kid, answer)), by)
    }

    fn omits(&self, rule: RuleId, answer: AnswerId) -> u32 {
        let effects = self.ground.model.rules[rule].effects.iter();
        effects.fold(0, |all, effect| match *effect {
            EffectModel::Omit(a, members) if a == answer => all | members,
            _ => all,
        })
    }

    fn is_blank(&self, answer: AnswerId) -> bool {
        self.outcome.get(answer).is_none_or(|values| values.first().is_none_or(|&value| value == BLANK))
    }

    fn effect(&self, effect: &EffectModel) -> String {
        let kind = |answer: AnswerId| &self.ground.policy.schema.decisions[self.ground.decision].answers[answer].kind;
        let members = |answer: AnswerId, mask: u32| {
            let labels = kind(answer).labels().iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
            labels.map(|(_, label)| label.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        match *effect {
            EffectModel::Is(answer, value) => words::says(self.ground, answer, &[value]),
            EffectModel::Include(answer, mask) => {
                format!("{} include {}", words::answer_name(self.ground, answer), members(answer, mask))
            }
            EffectModel::Omit(answer, mask) => {
                format!("{} omit {}", words::answer_name(self.ground, answer), members(answer, mask))
            }
        }
    }

    fn names(&self, rules: &[RuleId]) -> Vec<String> {
        rules.iter().map(|&rule| self.ground.model.rules[rule].words.name.clone()).collect()
    }
}
