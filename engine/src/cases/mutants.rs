//! Small mistakes planted in a policy: a rule left out, a condition dropped or turned round, a bound moved by one, another
//! value, an exception that loses a parent.
//!
//! In: a policy. Out: policies that differ from it in one place, and where; what can become of them. Refuses to judge them.

use crate::diagnostic::{Count, Example};
use crate::schema::{AnswerKind, Type};
use crate::span::Span;
use crate::typed::{All, AnswerPredicate, Clause, EffectKind, InputPredicate, One, Policy};

/// One planted mistake.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was done, in words.
    pub what: String,
    /// Where.
    pub span: Span,
    /// The policy with the mistake in it.
    pub policy: Policy,
}

/// A planted mistake and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What was done.
    pub what: String,
    /// Where.
    pub span: Span,
    /// What became of it.
    pub fate: Fate,
}

/// What becomes of a planted mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The compiler refuses it: a conflict, a gap.
    Refused(String),
    /// A test or assert fails.
    Noticed(String),
    /// Proved: every request is answered as before, by the same rules and with the same words.
    Equivalent,
    /// Every request is answered as before, but other reasons are given.
    Reasons,
    /// Nothing notices, and this many requests are answered otherwise: one of them.
    Survives(Box<(Count, Example)>),
    /// Too entangled to tell.
    Undecided,
}

/// All of them, in source order.
#[must_use]
pub fn mutants(policy: &Policy) -> Vec<Mutant> {
    let mut all = Planter { policy, found: Vec::new() };
    for rule in 0..policy.rules.len() {
        all.rule(rule);
    }
    for term in 0..policy.terms.len() {
        let name = policy.terms[term].name.clone();
        all.condition(&policy.terms[term].condition, &format!("term {name}"), move |policy| {
            &mut policy.terms[term].condition
        });
    }
    for decision in 0..policy.decisions.len() {
        all.normally(decision);
    }
    all.found.sort_by_key(|mutant| (mutant.span.file.0, mutant.span.start));
    all.found
}

struct Planter<'a> {
    policy: &'a Policy,
    found: Vec<Mutant>,
}

impl Planter<'_> {
    fn plant(&mut self, span: Span, what: String, change: impl FnOnce(&mut Policy)) {
        let mut policy = self.policy.clone();
        change(&mut policy);
        self.found.push(Mutant { what, span, policy });
    }

    fn rule(&mut self, rule: usize) {
        let it = &self.policy.rules[rule];
        let name = it.name.clone();
        self.plant(it.name_span, format!("{name} left out"), |policy| {
            policy.rules[rule].condition.clauses.push(Clause::AtLeast(1, Vec::new(), Span::default()));
        });
        for (place, &parent) in it.parents.iter().enumerate().filter(|_| it.parents.len() > 1) {
            let what = format!("{name} is no exception to {} any more", self.policy.rules[parent].name);
            self.plant(it.parents_span, what, |policy| {
                policy.rules[rule].parents.remove(place);
            });
        }
        self.condition(&it.condition, &name, move |policy| &mut policy.rules[rule].condition);
        for (place, effect) in it.effects.iter().enumerate() {
            let kinds = &self.policy.schema.decisions[it.decision].answers;
            for kind in other_effects(&kinds[effect.answer].kind, effect.kind) {
                let what = format!("{name} says something else of {}", kinds[effect.answer].name);
                self.plant(effect.span, what, |policy| policy.rules[rule].effects[place].kind = kind);
            }
        }
    }

    fn normally(&mut self, decision: usize) {
        let Some(normally) = &self.policy.decisions[decision].normally else { return };
        for (place, effect) in normally.effects.iter().enumerate() {
            let kinds = &self.policy.schema.decisions[decision].answers;
            for kind in other_effects(&kinds[effect.answer].kind, effect.kind) {
                let what = format!("normally {} is something else", kinds[effect.answer].name);
                self.plant(effect.span, what, |policy| {
                    if let Some(normally) = &mut policy.decisions[decision].normally {
                        normally.effects[place].kind = kind;
                    }
                });
            }
        }
    }

    /// Plants in a condition; `at` finds it in a policy.
    fn condition(&mut self, all: &All, name: &str, at: impl Fn(&mut Policy) -> &mut All + Copy) {
        for (place, clause) in all.clauses.iter().enumerate() {
            let span = clause.span();
            self.plant(span, format!("{name} without this condition"), |policy| {
                at(policy).clauses.remove(place);
            });
            match clause {
                Clause::One(one) => {
                    for (what, changed) in other_tests(self.policy, one) {
                        self.plant(span, format!("{name} with {what}"), |policy| {
                            at(policy).clauses[place] = Clause::One(changed);
                        });
                    }
                }
                Clause::AtLeast(count, bullets, _) => {
                    let all = bullets.len() as u32;
                    for other in [count.checked_sub(1), Some(count + 1)]
                        .into_iter()
                        .flatten()
                        .filter(|it| (1..=all).contains(it))
                    {
                        self.plant(span, format!("{name} where {other} of these are enough"), |policy| {
                            if let Clause::AtLeast(count, ..) = &mut at(policy).clauses[place] {
                                *count = other;
                            }
                        });
                    }
                    for (bullet, ones) in bullets.iter().enumerate() {
                        self.plant(one_span(ones).unwrap_or(span), format!("{name} without this bullet"), |policy| {
                            if let Clause::AtLeast(_, bullets, _) = &mut at(policy).clauses[place] {
                                bullets.remove(bullet);
                            }
                        });
                        for (number, one) in ones.iter().enumerate() {
                            for (what, changed) in other_tests(self.policy, one) {
                                self.plant(one.span(), format!("{name} with {what}"), |policy| {
                                    if let Clause::AtLeast(_, bullets, _) = &mut at(policy).clauses[place] {
                                        bullets[bullet][number] = changed;
                                    }
                                });
                            }
                        }
                    }
                }
            }
        }
    }
}

fn one_span(ones: &[One]) -> Option<Span> {
    let (first, last) = (ones.first()?, ones.last()?);
    let (first, last) = (first.span(), last.span());
    Some(Span { end: last.end, ..first })
}

/// A test turned round, and its bounds moved by one.
fn other_tests(policy: &Policy, one: &One) -> Vec<(&'static str, One)> {
    let mut found = Vec::new();
    let mut turned = one.clone();
    match &mut turned {
        One::Term { negated, .. } => *negated = !*negated,
        One::Input(test) => test.negated = !test.negated,
        One::Answer(test) => match test.predicate {
            AnswerPredicate::Set => test.predicate = AnswerPredicate::NotSet,
            AnswerPredicate::NotSet => test.predicate = AnswerPredicate::Set,
            _ => test.negated = !test.negated,
        },
    }
    found.push(("this condition turned round", turned));
    match one {
        One::Input(test) => {
            let (least, greatest) = match policy.schema.inputs[test.input].ty {
                Type::Number(least, greatest) | Type::Duration(least, greatest) => {
                    (i64::from(least), i64::from(greatest))
                }
                Type::Date(least, greatest) => (i64::from(least), i64::from(greatest)),
                _ => (0, 1439),
            };
            let mut moved = |predicate: InputPredicate| {
                let mut other = test.clone();
                other.predicate = predicate;
                found.push(("a bound moved by one", One::Input(other)));
            };
            match test.predicate {
                InputPredicate::Between(from, to) => {
                    for (from, to) in around((from, to), (least, greatest)) {
                        moved(InputPredicate::Between(from, to));
                    }
                }
                InputPredicate::TimeBetween(from, to) => {
                    for (from, to) in around((i64::from(from), i64::from(to)), (0, 1439)) {
                        moved(InputPredicate::TimeBetween(from as u16, to as u16));
                    }
                }
                _ => {}
            }
        }
        One::Answer(test) => {
            if let AnswerPredicate::Between(from, to) = test.predicate {
                for (from, to) in around((i64::from(from), i64::from(to)), (0, i64::from(u32::MAX))) {
                    let mut other = test.clone();
                    other.predicate = AnswerPredicate::Between(from as u32, to as u32);
                    found.push(("a bound moved by one", One::Answer(other)));
                }
            }
        }
        One::Term { .. } => {}
    }
    found
}

/// A range with one end moved by one, as far as there are values.
fn around((from, to): (i64, i64), (least, greatest): (i64, i64)) -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    if from > least {
        all.extend([(from - 1, to), (from + 1, to)]);
    }
    if to < greatest {
        all.extend([(from, to - 1), (from, to + 1)]);
    }
    all.retain(|(from, to)| from <= to);
    all
}

/// What an effect could say instead.
fn other_effects(kind: &AnswerKind, effect: EffectKind) -> Vec<EffectKind> {
    match effect {
        EffectKind::Choice(value) => {
            let count = match kind {
                AnswerKind::OneOf { yes_no: true, .. } => 2,
                kind => kind.labels().len(),
            };
            let next = (usize::from(value) + 1) % count.max(1);
            if next == usize::from(value) { Vec::new() } else { vec![EffectKind::Choice(next as u8)] }
        }
        EffectKind::Duration(minutes) => {
            let mut others = vec![EffectKind::Duration(minutes.saturating_add(1))];
            if minutes > 1 {
                others.push(EffectKind::Duration(minutes - 1));
            }
            others
        }
        EffectKind::Include(members) | EffectKind::Omit(members) => {
            let without = (0..32).map(|member| members & !(1u32 << member)).filter(|left| *left != members);
            without
                .map(|left| {
                    if matches!(effect, EffectKind::Include(_)) {
                        EffectKind::Include(left)
                    } else {
                        EffectKind::Omit(left)
                    }
                })
                .collect()
        }
    }
}
