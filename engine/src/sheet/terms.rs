//! Terms that ask nothing but one moment, as minutes of a day.
//!
//! In: a policy, a term, a day. Out: the minutes at which the term holds. Refuses terms that ask anything else.

use super::minutes::{Minutes, all_day, both, either, outside};
use crate::schema::{InputId, Type};
use crate::space::{civil, hours};
use crate::typed::{All, Clause, InputPredicate, InputTest, One, Policy, TermId};

/// Whether a term asks one moment that is always set, and nothing else.
pub(super) fn asks_only_one_moment(policy: &Policy, term: TermId) -> bool {
    let mut asked = Vec::new();
    let only = policy.terms.get(term).is_some_and(|term| collect(policy, &term.condition, &mut asked));
    asked.dedup();
    only && asked.len() == 1
}

/// The inputs a condition asks; false if one of them is no moment, or an answer is asked.
fn collect(policy: &Policy, all: &All, asked: &mut Vec<InputId>) -> bool {
    ones(all).into_iter().all(|one| match one {
        One::Term { term, .. } => policy.terms.get(*term).is_some_and(|term| collect(policy, &term.condition, asked)),
        One::Answer(_) => false,
        One::Input(test) => {
            if !asked.contains(&test.input) {
                asked.push(test.input);
            }
            let input = policy.schema.inputs.get(test.input);
            input.is_some_and(|input| matches!(input.ty, Type::Moment(_)) && !input.optional)
        }
    })
}

fn ones(all: &All) -> Vec<&One> {
    let ones = all.clauses.iter().flat_map(|clause| match clause {
        Clause::One(one) => vec![one],
        Clause::AtLeast(_, bullets, _) => bullets.iter().flatten().collect(),
    });
    ones.collect()
}

/// The minutes of a day at which a term holds.
pub(super) fn minutes(policy: &Policy, term: TermId, day: i64) -> Minutes {
    policy.terms.get(term).map_or(Minutes::new(), |term| of_all(policy, &term.condition, day))
}

fn of_all(policy: &Policy, all: &All, day: i64) -> Minutes {
    all.clauses.iter().fold(all_day(), |so_far, clause| both(&so_far, &of_clause(policy, clause, day)))
}

fn of_clause(policy: &Policy, clause: &Clause, day: i64) -> Minutes {
    match clause {
        Clause::One(one) => of_one(policy, one, day),
        Clause::AtLeast(count, bullets, _) => {
            // After each bullet, `reached[n]`: at least n of the bullets so far hold.
            let mut reached = vec![Minutes::new(); *count as usize + 1];
            reached[0] = all_day();
            for bullet in bullets {
                let holds = bullet.iter().fold(all_day(), |so_far, one| both(&so_far, &of_one(policy, one, day)));
                for n in (1..reached.len()).rev() {
                    reached[n] = either(&reached[n], &both(&reached[n - 1], &holds));
                }
            }
            reached.pop().unwrap_or_default()
        }
    }
}

fn of_one(policy: &Policy, one: &One, day: i64) -> Minutes {
    let (holds, negated) = match one {
        One::Term { term, negated, .. } => (minutes(policy, *term, day), *negated),
        One::Input(test) => (of_test(policy, test, day), test.negated),
        One::Answer(_) => (Minutes::new(), false),
    };
    if negated { outside(&holds) } else { holds }
}

fn of_test(policy: &Policy, test: &InputTest, day: i64) -> Minutes {
    let when = |holds: bool| if holds { all_day() } else { Minutes::new() };
    match &test.predicate {
        InputPredicate::Set => all_day(),
        InputPredicate::DateBetween(first, last) => when((i64::from(*first)..=i64::from(*last)).contains(&day)),
        InputPredicate::Weekdays(days) => when(days >> civil::weekday(day) & 1 == 1),
        InputPredicate::TimeBetween(first, last) => {
            let until = last.saturating_add(1).min(1440);
            if *first < until { vec![(*first, until)] } else { Minutes::new() }
        }
        InputPredicate::During(calendar) => hours::minutes(policy, *calendar, day),
        // What only other types can be asked.
        InputPredicate::OneOf(_)
        | InputPredicate::Between(..)
        | InputPredicate::IncludesOneOf(_)
        | InputPredicate::IncludesAllOf(_)
        | InputPredicate::Same(_) => Minutes::new(),
    }
}
