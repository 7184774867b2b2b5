//! Tests and asserts, translated like rules; older versions become diagrams over the same coordinates.
//!
//! In: typed tests and asserts. Out: conditions and diagrams for `analyze` to judge.
//! Refuses to know: whether they hold.

use super::conditions::{Builder, class_of};
use super::coordinates::find;
use super::older::{Older, by_name};
use super::roots::{FIRST_SIFT, Failure, Parts, exploded, kept};
use super::rules;
use crate::diagram::{Forest, Ref};
use crate::model::{
    AssertModel, BLANK, ConditionId, DecisionModel, FOREIGN, Model, NO, NO_LIMIT, OldAnswer, Part, YES,
};
use crate::schema::{AnswerKind, Schema, Value};
use crate::space::conditions::Space;
use crate::typed::{AnswerValue, AssertKind, Policy};

/// Translated tests and asserts; what an assert says of older versions is still missing.
#[derive(Clone, Debug)]
pub(super) struct Translated {
    /// By test: given and expected.
    pub(super) tests: Vec<(ConditionId, ConditionId)>,
    /// By assert: its conditions, in the order they are written.
    pub(super) asserts: Vec<Vec<ConditionId>>,
}

/// Translates the conditions of tests and asserts.
pub(super) fn translate(builder: &mut Builder<'_>) -> Translated {
    let policy = builder.policy;
    let tests = policy.tests.iter().map(|test| (builder.all(&test.given), builder.all(&test.expect))).collect();
    let mut asserts = Vec::with_capacity(policy.asserts.len());
    for assert in &policy.asserts {
        asserts.push(match &assert.kind {
            AssertKind::Never(a) | AssertKind::Possible(a) => vec![builder.all(a)],
            AssertKind::AlwaysIf(a, b) => vec![builder.all(a), builder.all(b)],
            AssertKind::Unchanged { except: Some(except), .. } => vec![builder.all(except)],
            AssertKind::Unchanged { except: None, .. } => vec![builder.constant(false)],
            AssertKind::Changes { .. } => Vec::new(),
        });
    }
    Translated { tests, asserts }
}

/// Completes the asserts of the model.
pub(super) fn asserts(
    policy: &Policy,
    model: &mut Model,
    conditions: Vec<Vec<ConditionId>>,
    older: &[Option<Older>],
) -> Result<(), Failure> {
    for ((assert, conditions), older) in policy.asserts.iter().zip(conditions).zip(older) {
        let first = conditions.first().copied().unwrap_or_default();
        let second = conditions.get(1).copied().unwrap_or_default();
        let built = match (&assert.kind, older) {
            (AssertKind::Never(_), _) => AssertModel::Never(first),
            (AssertKind::Possible(_), _) => AssertModel::Possible(first),
            (AssertKind::AlwaysIf(..), _) => AssertModel::AlwaysIf(first, second),
            (AssertKind::Unchanged { .. }, Some(older)) => unchanged(model, older, first)?,
            (AssertKind::Unchanged { .. }, None) => AssertModel::Possible(first),
            (AssertKind::Changes { .. }, _) => changes(model, &assert.kind),
        };
        model.promises.asserts.push(built);
    }
    Ok(())
}

fn changes(model: &Model, kind: &AssertKind) -> AssertModel {
    let AssertKind::Changes { input, from, to, decision, answer, becomes } = kind else {
        return AssertModel::Never(0);
    };
    let coordinate = match from {
        Value::Set(_) => None,
        _ => find(&model.coordinates, *input, Part::Whole),
    };
    let class = |value: &Value| {
        let found = model.coordinates.get(usize::from(coordinate?))?;
        let raw = match value {
            Value::NotSet => return found.classifier.not_set(),
            Value::YesNo(yes) => i64::from(*yes),
            Value::Choice(choice) => i64::from(*choice),
            Value::Number(n) | Value::Duration(n) => i64::from(*n),
            Value::Time(minute) => i64::from(*minute),
            Value::Date(day) => i64::from(*day),
            Value::Set(_) | Value::Moment(..) | Value::Identifier(_) => return None,
        };
        class_of(found, raw)
    };
    let durations = &model.decisions[*decision].answers[*answer].durations;
    let (root, terminal) = match becomes {
        AnswerValue::Blank => (0, BLANK),
        AnswerValue::NoLimit => (0, NO_LIMIT),
        AnswerValue::Choice(choice) => (0, u32::from(*choice)),
        AnswerValue::Set(mask) => (mask.trailing_zeros() as usize, YES),
        AnswerValue::Duration(minutes) => match durations.binary_search(minutes) {
            Ok(at) => (0, at as u32),
            Err(_) => (0, FOREIGN),
        },
    };
    match (coordinate, class(from), class(to)) {
        (Some(coordinate), Some(from), Some(to)) => {
            AssertModel::Changes { coordinate, from, to, decision: *decision, answer: *answer, root, becomes: terminal }
        }
        // A value that no request can have changes nothing.
        _ => AssertModel::Changes {
            coordinate: 0,
            from: 0,
            to: 0,
            decision: *decision,
            answer: *answer,
            root,
            becomes: terminal,
        },
    }
}

/// Builds the answers of an older version beside those of the model.
fn unchanged(model: &mut Model, older: &Older, except: ConditionId) -> Result<AssertModel, Failure> {
    let mut builder = Builder::new(&older.policy, &model.coordinates);
    let rules = rules::rules(&mut builder);
    let mut decisions = rules::decisions(&builder);
    let valid = builder.valid().0;
    let space = Space { coordinates: &model.coordinates, conditions: &builder.conditions };
    let keep = kept(model);
    let parts = Parts { space, schema: &older.policy.schema, rules: &rules, valid, calm: FIRST_SIFT };
    let valid = parts.build(&mut model.forest, &mut decisions, &keep)?;
    let compare =
        Compare { old: &older.policy.schema, new: &model.schema, decisions: &decisions, now: &model.decisions };
    let old = compare.answers(&mut model.forest)?;
    Ok(AssertModel::Unchanged { old, valid, except, apart: older.apart.clone() })
}

struct Compare<'a> {
    old: &'a Schema,
    new: &'a Schema,
    decisions: &'a [DecisionModel],
    now: &'a [DecisionModel],
}

impl Compare<'_> {
    /// The older roots of every answer both versions have, in newer terminals.
    fn answers(&self, forest: &mut Forest) -> Result<Vec<OldAnswer>, Failure> {
        let mut found = Vec::new();
        for (decision, now) in self.new.decisions.iter().enumerate() {
            let Some(before) = self.old.decision(&now.name) else { continue };
            for (answer, kind) in now.answers.iter().map(|answer| &answer.kind).enumerate() {
                let name = &now.answers[answer].name;
                let Some(was) = self.old.decisions[before].answers.iter().position(|a| a.name == *name) else {
                    continue;
                };
                let roots = self.roots(forest, (decision, answer), (before, was), kind)?;
                let numbered = roots.into_iter().enumerate();
                found.extend(numbered.map(|(root, diagram)| OldAnswer { decision, answer, root, diagram }));
            }
        }
        Ok(found)
    }

    fn roots(
        &self,
        forest: &mut Forest,
        now: (usize, usize),
        was: (usize, usize),
        kind: &AnswerKind,
    ) -> Result<Vec<Ref>, Failure> {
        let before = &self.decisions[was.0].answers[was.1];
        let labels = self.old.decisions[was.0].answers[was.1].kind.labels();
        let change = |value: u32| match kind {
            AnswerKind::Shortest(_) => {
                let known = &self.now[now.0].answers[now.1].durations;
                let minutes = before.durations.get(value as usize);
                let place = minutes.and_then(|minutes| known.binary_search(minutes).ok());
                place.map_or(FOREIGN + value, |at| at as u32)
            }
            _ => by_name(labels, kind.labels(), value).unwrap_or(FOREIGN + value),
        };
        let number = forest.fresh_op();
        if !matches!(kind, AnswerKind::SetOf(_)) {
            let root = before.roots.first().copied().unwrap_or(Ref::terminal(BLANK));
            let is_value = crate::space::conditions::is_value;
            let mapped = forest.map(root, number, |v| if v == NO_LIMIT || !is_value(v) { v } else { change(v) });
            return Ok(vec![mapped.map_err(|_| exploded(forest))?]);
        }
        let mut roots = Vec::new();
        for label in kind.labels() {
            let member = labels.iter().position(|old| old.name == label.name);
            let root = match (member, before.roots.first()) {
                (Some(member), _) => before.roots.get(member).copied().unwrap_or(Ref::terminal(NO)),
                // A member added since was never there: blank where its set is, else out.
                (None, Some(&any)) => {
                    let mapped = forest.map(any, number, |value| if value == BLANK { BLANK } else { NO });
                    mapped.map_err(|_| exploded(forest))?
                }
                (None, None) => Ref::terminal(NO),
            };
            roots.push(root);
        }
        Ok(roots)
    }
}
