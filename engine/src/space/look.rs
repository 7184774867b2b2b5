//! What every analysis needs: the policy, its model, and questions about sets of requests.
//!
//! In: a policy and its model. Out: diagrams, counts, examples, answers at a point.
//! Refuses to know: what is worth reporting.

use super::answers::Answers;
use super::civil;
use super::conditions::{Conditions, Roots, Space};
use super::words::{self, Point};
use std::collections::BTreeMap;

use crate::codes::Code;
use crate::diagnostic::{Count as CountWords, Diagnostic};
use crate::diagram::{Count, Exploded, Ref};
use crate::model::{AssertModel, BLANK, CONFLICT, ConditionId, EffectModel, GAP, Model, NO_LIMIT, YES};
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::span::Span;
use crate::typed::{Policy, RuleId};

/// A policy under analysis.
#[derive(Debug)]
pub struct Look<'a> {
    /// The policy, for words and places.
    pub policy: &'a Policy,
    /// Its model.
    pub model: &'a mut Model,
    /// All valid requests.
    pub total: Count,
    /// The findings so far.
    pub found: Vec<Diagnostic>,
    /// The diagram of every rule's own condition.
    pub guards: Vec<Ref>,
    answers: Roots,
    conditions: Conditions,
    weights: Vec<Vec<u64>>,
    active: Vec<Option<Ref>>,
    /// Where a root has a value, for those that were asked about: thousands of rules ask for the same few.
    having: BTreeMap<(Ref, u32), Ref>,
}

impl<'a> Look<'a> {
    /// Starts looking.
    pub fn new(policy: &'a Policy, model: &'a mut Model) -> Look<'a> {
        let weights: Vec<Vec<u64>> = model.coordinates.iter().map(|c| c.weights.clone()).collect();
        let total = model.forest.count_true(model.valid, &weights);
        let answers = model.decisions.iter().map(|d| d.answers.iter().map(|a| a.roots.clone()).collect()).collect();
        let guards = model.rules.iter().map(|rule| rule.guard).collect();
        let active = vec![None; model.rules.len()];
        Look {
            policy,
            model,
            total,
            found: Vec::new(),
            guards,
            answers,
            conditions: Conditions::new(),
            weights,
            active,
            having: BTreeMap::new(),
        }
    }

    /// The findings; the model's diagrams are as before.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let keep = self.kept();
        self.model.forest.collect(&keep);
        std::mem::take(&mut self.found)
    }

    /// Frees what earlier analyses left behind, when there is much of it.
    pub fn tidy_up(&mut self) {
        if self.model.forest.len() > self.model.forest.budget() / 4 {
            let keep = self.kept();
            self.model.forest.collect(&keep);
            self.conditions = Conditions::new();
            self.active = vec![None; self.model.rules.len()];
            self.having = BTreeMap::new();
        }
    }

    /// The requests for which a root has a value.
    pub fn having(&mut self, root: Ref, value: u32) -> Result<Ref, Exploded> {
        if let Some(&known) = self.having.get(&(root, value)) {
            return Ok(known);
        }
        let found = self.model.forest.values_where(root, |found| found == value)?;
        self.having.insert((root, value), found);
        Ok(found)
    }

    /// The requests for which a root is not blank.
    pub fn shown(&mut self, root: Ref) -> Result<Ref, Exploded> {
        let blank = self.having(root, BLANK)?;
        self.model.forest.not(blank)
    }

    /// The roots a module is made of: what is valid, and every answer before it is blanked.
    pub fn roots(&self) -> Vec<Ref> {
        let answers = self.model.decisions.iter().flat_map(|d| &d.answers).flat_map(|a| a.bare.iter().copied());
        std::iter::once(self.model.valid).chain(answers).collect()
    }

    /// The roots of one answer.
    pub fn answer(&self, decision: DecisionId, answer: AnswerId) -> &[Ref] {
        &self.answers[decision][answer]
    }

    /// The requests for which a condition of [`crate::model::Promises`] holds.
    pub fn condition(&mut self, condition: ConditionId) -> Result<Ref, Exploded> {
        let Model { forest, coordinates, promises, .. } = &mut *self.model;
        let space = Space { coordinates, conditions: &promises.conditions };
        self.conditions.diagram(forest, space, &self.answers, condition)
    }

    /// The valid ones among these requests.
    pub fn valid_and(&mut self, f: Ref) -> Result<Ref, Exploded> {
        let valid = self.model.valid;
        self.model.forest.and(valid, f)
    }

    /// Where a rule and some chain of its parents apply.
    pub fn active(&mut self, rule: RuleId) -> Result<Ref, Exploded> {
        if let Some(known) = self.active[rule] {
            return Ok(known);
        }
        let parents = self.model.rules[rule].parents.clone();
        let mut built = self.guards[rule];
        if !parents.is_empty() {
            let mut above = Vec::with_capacity(parents.len());
            for parent in parents {
                above.push(self.active(parent)?);
            }
            let above = self.model.forest.or_all(&above)?;
            built = self.model.forest.and(built, above)?;
        }
        self.active[rule] = Some(built);
        Ok(built)
    }

    /// How many of these requests there are.
    pub fn count(&self, f: Ref) -> Count {
        self.model.forest.count_true(f, &self.weights)
    }

    /// How many valid requests lead to each value.
    pub fn counts(&self, f: Ref) -> BTreeMap<u32, Count> {
        self.model.forest.counts(f, &self.weights)
    }

    /// A count in words, against all valid requests.
    pub fn counted(&self, count: &Count) -> CountWords {
        CountWords { requests: count.digits(), of: self.total.digits(), share: count.percent_of(&self.total) }
    }

    /// A familiar request among these.
    pub fn point(&self, f: Ref) -> Option<Point> {
        self.model.forest.witness(f, |value| value == YES, |c, class| words::cost(self.model, c, class))
    }

    /// A finding about these requests, with an example and their count.
    pub fn about(&self, code: Code, span: Span, message: String, requests: Ref) -> Diagnostic {
        let mut found = Diagnostic::new(code, span, message).count(self.counted(&self.count(requests)));
        if let Some(point) = self.point(requests) {
            found = found.example(words::example(self.model, &point));
        }
        found
    }

    /// The value of a root at a point.
    pub fn value(&self, root: Ref, point: &Point) -> u32 {
        self.model.forest.value(root, |c| match point.get(usize::from(c)) {
            Some(Some(class)) => *class,
            _ => self.model.coordinates.get(usize::from(c)).map_or(0, |own| words::usual(self.model, own)),
        })
    }

    /// `pickup.factor`.
    pub fn answer_name(&self, decision: DecisionId, answer: AnswerId) -> String {
        let decision = &self.policy.schema.decisions[decision];
        format!("{}.{}", decision.name, decision.answers[answer].name)
    }

    /// A value of an answer as people read it.
    pub fn value_words(&self, decision: DecisionId, answer: AnswerId, value: u32) -> String {
        let declared = &self.policy.schema.decisions[decision].answers[answer];
        match value {
            BLANK => "blank".to_string(),
            GAP => "not answered".to_string(),
            CONFLICT => "answered in two ways".to_string(),
            NO_LIMIT => "no limit".to_string(),
            _ => match &declared.kind {
                AnswerKind::Shortest(_) => {
                    let durations = &self.model.decisions[decision].answers[answer].durations;
                    durations.get(value as usize).map_or(String::new(), |&minutes| civil::duration_text(minutes))
                }
                kind => kind.labels().get(value as usize).map_or(String::new(), |label| label.name.clone()),
            },
        }
    }

    /// What an answer is at a point: `factor is pin`, `checks are pin, badge`.
    pub fn outcome_words(&self, decision: DecisionId, answer: AnswerId, point: &Point) -> String {
        let name = self.answer_name(decision, answer);
        let roots = self.answer(decision, answer);
        let kind = &self.policy.schema.decisions[decision].answers[answer].kind;
        if !matches!(kind, AnswerKind::SetOf(_)) {
            let value = roots.first().map_or(BLANK, |&root| self.value(root, point));
            return format!("`{name}` is {}", self.value_words(decision, answer, value));
        }
        let mut members = Vec::new();
        for (&root, label) in roots.iter().zip(kind.labels()) {
            match self.value(root, point) {
                BLANK => return format!("`{name}` is blank"),
                YES => members.push(label.name.as_str()),
                _ => {}
            }
        }
        match members.is_empty() {
            true => format!("`{name}` is empty"),
            false => format!("`{name}` includes only {}", members.join(", ")),
        }
    }

    /// The rules that speak for a single-valued answer at a point, with what they say, in source order.
    pub fn speakers(&self, decision: DecisionId, answer: AnswerId, point: &Point) -> Vec<(RuleId, u32)> {
        let look = Answers { rules: &self.model.rules, guards: &self.guards, without: None };
        let relevant = look.relevant(decision, answer);
        let mut found = Vec::new();
        for (rule, model) in self.model.rules.iter().enumerate() {
            if relevant[rule] && model.parents.is_empty() && model.decision == decision {
                self.speak(rule, answer, &relevant, point, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn speak(
        &self,
        rule: RuleId,
        answer: AnswerId,
        relevant: &[bool],
        point: &Point,
        found: &mut Vec<(RuleId, u32)>,
    ) -> bool {
        if self.value(self.guards[rule], point) != YES {
            return false;
        }
        let mut spoken = false;
        for &kid in self.model.rules[rule].kids.iter().filter(|&&kid| relevant[kid]) {
            spoken |= self.speak(kid, answer, relevant, point, found);
        }
        if let Some(own) = self.says(rule, answer).filter(|_| !spoken) {
            found.push((rule, own));
            return true;
        }
        spoken
    }

    /// What a rule itself says of a single-valued answer.
    pub fn says(&self, rule: RuleId, answer: AnswerId) -> Option<u32> {
        self.model.rules[rule].effects.iter().find_map(|effect| match *effect {
            EffectModel::Is(a, value) if a == answer => Some(value),
            _ => None,
        })
    }

    fn kept(&self) -> Vec<Ref> {
        let mut keep = self.roots();
        keep.extend(self.answers.iter().flatten().flatten());
        keep.extend(&self.guards);
        for assert in &self.model.promises.asserts {
            if let AssertModel::Unchanged { old, valid, .. } = assert {
                keep.push(*valid);
                keep.extend(old.iter().map(|old| old.diagram));
            }
        }
        keep
    }
}
