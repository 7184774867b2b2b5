//! A policy told in another vocabulary: an older version in that of the newer one, or both of two in a common one.
//!
//! In: a policy and the vocabulary it is told in. Out: the policy over those inputs, and what cannot be compared.
//! Refuses to know: diagrams. Requests the policy did not know in its own vocabulary are assumed away, so they cannot
//! have changed.

use crate::schema::{AnswerKind, Input, InputId, Label, Schema, Type, Value};
use crate::typed::{All, AssertKind, Assume, Clause, InputPredicate, InputTest, One, Policy};

/// An older version in the newer vocabulary: its inputs are the newer ones, its decisions its own.
#[derive(Clone, Debug)]
pub(super) struct Older {
    /// The older policy.
    pub(super) policy: Policy,
    /// What cannot be compared, in words.
    pub(super) apart: Vec<String>,
}

/// The older versions, by assert; nothing for asserts of other forms.
pub(super) fn rebase_all(policy: &Policy) -> Vec<Option<Older>> {
    let asserts = policy.asserts.iter();
    asserts
        .map(|assert| match &assert.kind {
            AssertKind::Unchanged { since, .. } => Some(rebase(since, &policy.schema)),
            _ => None,
        })
        .collect()
}

fn rebase(old: &Policy, schema: &Schema) -> Older {
    let place = |was: &Input| schema.input(&was.name).filter(|&found| same_kind(&was.ty, &schema.inputs[found].ty));
    let places: Vec<Option<InputId>> = old.schema.inputs.iter().map(place).collect();
    rebase_onto(old, schema, &places)
}

/// Tells a policy over other inputs; `places` says which of them each of its own is. Tests and asserts stay behind.
pub(super) fn rebase_onto(old: &Policy, schema: &Schema, places: &[Option<InputId>]) -> Older {
    let mut rebase = Rebase { old: &old.schema, new: schema, places, apart: Vec::new() };
    let mut policy = old.clone();
    policy.tests.clear();
    policy.asserts.clear();
    for condition in policy.terms.iter_mut().map(|t| &mut t.condition) {
        rebase.all(condition);
    }
    for condition in policy.rules.iter_mut().map(|r| &mut r.condition) {
        rebase.all(condition);
    }
    for assume in &mut policy.assumes {
        rebase.all(&mut assume.condition);
        if let Some(then) = &mut assume.then {
            rebase.all(then);
        }
    }
    policy.assumes.extend(rebase.known_requests(old));
    rebase.answers();
    policy.schema.inputs = rebase.inputs();
    policy.schema.identifiers.clone_from(&schema.identifiers);
    Older { policy, apart: rebase.apart }
}

struct Rebase<'a> {
    old: &'a Schema,
    new: &'a Schema,
    places: &'a [Option<InputId>],
    apart: Vec<String>,
}

impl<'a> Rebase<'a> {
    fn all(&mut self, all: &mut All) {
        for clause in &mut all.clauses {
            let ones: Vec<&mut One> = match clause {
                Clause::One(one) => vec![one],
                Clause::AtLeast(_, bullets, _) => bullets.iter_mut().flatten().collect(),
            };
            for one in ones {
                if let One::Input(test) = one {
                    self.test(test);
                }
            }
        }
    }

    fn test(&mut self, test: &mut InputTest) {
        let Some((was, input)) = self.matching(test.input) else {
            test.predicate = InputPredicate::IncludesOneOf(0);
            test.input = 0;
            return;
        };
        let new = self.new;
        match &mut test.predicate {
            InputPredicate::OneOf(values) => match (&was.ty, &new.inputs[input].ty) {
                (Type::OneOf(before), Type::OneOf(after)) => {
                    *values = values.iter().filter_map(|&v| by_name(before, after, v)).collect();
                }
                (Type::Identifier(before), Type::Identifier(after)) => {
                    let names = &self.old.identifiers[*before].names;
                    let known = values.iter().filter_map(|&v| names.get(v as usize));
                    let found: Vec<Option<u32>> =
                        known.map(|name| Some(new.identifier(*after, name)? as u32)).collect();
                    if found.contains(&None) {
                        self.apart.push(format!("the newer version does not mention some names of `{}`", was.name));
                    }
                    *values = found.into_iter().flatten().collect();
                }
                _ => {}
            },
            InputPredicate::IncludesOneOf(mask) => *mask = remask(was, &new.inputs[input], *mask).0,
            InputPredicate::IncludesAllOf(mask) => {
                let (members, all_known) = remask(was, &new.inputs[input], *mask);
                test.predicate = match all_known {
                    true => InputPredicate::IncludesAllOf(members),
                    false => InputPredicate::IncludesOneOf(0),
                };
            }
            InputPredicate::Same(other) => match self.matching(*other) {
                Some((_, found)) => test.predicate = InputPredicate::Same(found),
                None => test.predicate = InputPredicate::IncludesOneOf(0),
            },
            _ => {}
        }
        test.input = input;
    }

    /// The older input and the newer one of the same name and kind.
    fn matching(&mut self, input: usize) -> Option<(&'a Input, usize)> {
        let was = self.old.inputs.get(input)?;
        let found = self.place(input);
        if found.is_none() {
            let what = if self.new.input(&was.name).is_some() { "has another type now" } else { "is gone" };
            let sentence = format!("the input `{}` {what}", was.name);
            if !self.apart.contains(&sentence) {
                self.apart.push(sentence);
            }
        }
        Some((was, found?))
    }

    fn place(&self, input: InputId) -> Option<InputId> {
        self.places.get(input).copied().flatten()
    }

    /// Requests the older version did not know: values added since, inputs that may be not set since.
    fn known_requests(&mut self, old: &Policy) -> Vec<Assume> {
        let mut assumes = Vec::new();
        for (number, was) in self.old.inputs.iter().enumerate() {
            let Some(input) = self.place(number) else { continue };
            let now = &self.new.inputs[input];
            let mut never = |predicate: InputPredicate, negated: bool| {
                let test = InputTest { input, predicate, negated, span: old.span };
                let condition = All { clauses: vec![Clause::One(One::Input(test))], span: old.span };
                assumes.push(Assume { text: String::new(), condition, then: None, span: old.span });
            };
            if now.optional && !was.optional {
                never(InputPredicate::Set, true);
            }
            match (&was.ty, &now.ty) {
                (Type::OneOf(before), Type::OneOf(after)) => {
                    let added = (0..after.len() as u32).filter(|&v| by_name(after, before, v).is_none());
                    never(InputPredicate::OneOf(added.collect()), false);
                }
                (Type::SetOf(before), Type::SetOf(after)) => {
                    let added = (0..after.len() as u32).filter(|&v| by_name(after, before, v).is_none());
                    never(InputPredicate::IncludesOneOf(added.fold(0, |mask, v| mask | 1 << v)), false);
                }
                (Type::Number(low, high), Type::Number(..)) | (Type::Duration(low, high), Type::Duration(..)) => {
                    outside(&mut never, i64::from(*low), i64::from(*high));
                }
                (Type::Date(low, high), Type::Date(..)) => {
                    outside(&mut never, i64::from(*low), i64::from(*high));
                }
                _ => {}
            }
        }
        assumes
    }

    /// Notes answers that exist in the older version only, or have another kind.
    fn answers(&mut self) {
        for decision in &self.old.decisions {
            let now = self.new.decision(&decision.name).map(|found| &self.new.decisions[found]);
            for answer in &decision.answers {
                let found = now.and_then(|now| now.answers.iter().find(|other| other.name == answer.name));
                let what = match found {
                    None => "is gone",
                    Some(found) if !same_answer_kind(&answer.kind, &found.kind) => "has another kind now",
                    Some(_) => continue,
                };
                self.apart.push(format!("the answer `{}.{}` {what}", decision.name, answer.name));
            }
        }
    }

    /// The newer inputs with the pins of the older version.
    fn inputs(&self) -> Vec<Input> {
        let pinned = |number: InputId, input: &Input| {
            let was = self.old.inputs.get(self.places.iter().position(|&place| place == Some(number))?)?;
            let values = was.pinned.as_ref()?.iter();
            let translated = values.filter_map(|value| match (value, &was.ty, &input.ty) {
                (Value::Choice(choice), Type::OneOf(before), Type::OneOf(after)) => {
                    Some(Value::Choice(u8::try_from(by_name(before, after, u32::from(*choice))?).ok()?))
                }
                (Value::Set(mask), ..) => match remask(was, input, *mask) {
                    (mask, true) => Some(Value::Set(mask)),
                    _ => None,
                },
                _ => Some(value.clone()),
            });
            Some(translated.collect())
        };
        let all = self.new.inputs.iter().enumerate();
        all.map(|(number, input)| Input { pinned: pinned(number, input), ..input.clone() }).collect()
    }
}

/// The newer index of an older value.
pub(super) fn by_name(before: &[Label], after: &[Label], value: u32) -> Option<u32> {
    let name = &before.get(value as usize)?.name;
    after.iter().position(|label| label.name == *name).map(|at| at as u32)
}

fn remask(was: &Input, now: &Input, mask: u32) -> (u32, bool) {
    let members = (0..32u32).filter(|member| mask >> member & 1 == 1);
    let found: Vec<Option<u32>> = members.map(|m| by_name(was.ty.labels(), now.ty.labels(), m)).collect();
    let mask = found.iter().flatten().fold(0, |mask, member| mask | 1 << member);
    (mask, !found.contains(&None))
}

/// Numbers outside the older range were not known.
fn outside(never: &mut impl FnMut(InputPredicate, bool), low: i64, high: i64) {
    never(InputPredicate::Between(i64::MIN, low - 1), false);
    never(InputPredicate::Between(high + 1, i64::MAX - 1), false);
}

fn same_kind(a: &Type, b: &Type) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn same_answer_kind(a: &AnswerKind, b: &AnswerKind) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}
