//! Everything the conditions of a policy ask about each input, so that values nobody tells apart share a class.
//!
//! In: all conditions of the policy, its tests, its asserts and the older versions it is compared with.
//! Out: for each input, the distinct questions. Refuses to know classes.

use std::collections::BTreeSet;

use crate::schema::{InputId, Schema, Value};
use crate::typed::{All, AssertKind, CalendarId, Clause, InputPredicate, InputTest, One, Policy};

/// What is asked about one input.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Inclusive ranges of numbers, durations, times, or of the minute of a moment.
    pub(super) ranges: BTreeSet<(i64, i64)>,
    /// Inclusive ranges of day numbers.
    pub(super) days: BTreeSet<(i64, i64)>,
    /// Sets of weekdays.
    pub(super) weekdays: BTreeSet<u8>,
    /// Calendars, each with the number of the policy it belongs to.
    pub(super) calendars: BTreeSet<(usize, CalendarId)>,
    /// How many known names can be told apart.
    pub(super) names: u32,
    /// Other identifier inputs it is compared with.
    pub(super) same: BTreeSet<InputId>,
}

/// Collects the questions of all policies about the inputs of one schema.
pub(super) fn collect(schema: &Schema, policies: &[&Policy]) -> Vec<Asked> {
    let mut asked = vec![Asked::default(); schema.inputs.len()];
    for (number, policy) in policies.iter().enumerate() {
        for condition in conditions(policy) {
            for one in condition.clauses.iter().flat_map(ones) {
                if let One::Input(test) = one {
                    note(&mut asked, number, test);
                }
            }
        }
    }
    for policy in policies {
        for (input, asked) in policy.schema.inputs.iter().zip(&mut asked) {
            for value in input.pinned.iter().flatten() {
                pin(asked, value);
            }
        }
    }
    share_names(&mut asked);
    asked
}

/// Every condition of a policy.
pub(super) fn conditions(policy: &Policy) -> Vec<&All> {
    let mut all: Vec<&All> = Vec::new();
    all.extend(policy.terms.iter().map(|term| &term.condition));
    all.extend(policy.rules.iter().map(|rule| &rule.condition));
    all.extend(policy.assumes.iter().flat_map(|assume| std::iter::once(&assume.condition).chain(&assume.then)));
    all.extend(policy.tests.iter().flat_map(|test| [&test.given, &test.expect]));
    for assert in &policy.asserts {
        match &assert.kind {
            AssertKind::Never(a) | AssertKind::Possible(a) => all.push(a),
            AssertKind::AlwaysIf(a, b) => all.extend([a, b]),
            AssertKind::Unchanged { except, .. } => all.extend(except),
            AssertKind::Changes { .. } => {}
        }
    }
    all
}

/// The tests and terms of a clause.
pub(super) fn ones(clause: &Clause) -> Vec<&One> {
    match clause {
        Clause::One(one) => vec![one],
        Clause::AtLeast(_, bullets, _) => bullets.iter().flatten().collect(),
    }
}

fn note(asked: &mut [Asked], policy: usize, test: &InputTest) {
    let Some(about) = asked.get_mut(test.input) else { return };
    match &test.predicate {
        InputPredicate::Set | InputPredicate::IncludesOneOf(_) | InputPredicate::IncludesAllOf(_) => {}
        InputPredicate::OneOf(values) => {
            about.names = about.names.max(values.iter().max().map_or(0, |highest| highest + 1));
        }
        InputPredicate::Between(low, high) => {
            about.ranges.insert((*low, *high));
            about.days.insert((*low, *high));
        }
        InputPredicate::DateBetween(low, high) => {
            about.days.insert((i64::from(*low), i64::from(*high)));
        }
        InputPredicate::TimeBetween(low, high) => {
            about.ranges.insert((i64::from(*low), i64::from(*high)));
        }
        InputPredicate::Weekdays(days) => {
            about.weekdays.insert(*days);
        }
        InputPredicate::During(calendar) => {
            about.calendars.insert((policy, *calendar));
        }
        InputPredicate::Same(other) => {
            about.same.insert(*other);
            if let Some(other) = asked.get_mut(*other) {
                other.same.insert(test.input);
            }
        }
    }
}

fn pin(asked: &mut Asked, value: &Value) {
    match *value {
        Value::Number(n) | Value::Duration(n) => {
            asked.ranges.insert((i64::from(n), i64::from(n)));
        }
        Value::Time(minute) => {
            asked.ranges.insert((i64::from(minute), i64::from(minute)));
        }
        Value::Date(day) => {
            asked.days.insert((i64::from(day), i64::from(day)));
        }
        _ => {}
    }
}

/// Identifiers that are compared with each other, directly or through others, know the same names and all of each other.
fn share_names(asked: &mut [Asked]) {
    for start in 0..asked.len() {
        let mut together = BTreeSet::from([start]);
        let mut todo = vec![start];
        while let Some(input) = todo.pop() {
            todo.extend(asked[input].same.iter().copied().filter(|&other| together.insert(other)));
        }
        let names = together.iter().map(|&input| asked[input].names).max().unwrap_or(0);
        asked[start].names = names;
        together.remove(&start);
        asked[start].same = together;
    }
}
