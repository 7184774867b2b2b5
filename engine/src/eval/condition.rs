//! Conditions on raw values.
//! In: a condition as typed, the values of a request, the answers it asks for. Out: whether it holds.
//! Refuses to know rules, exceptions and joins.

use super::Undecided;
use super::answer::Case;
use super::calendar::{during, weekday};
use crate::schema::{DecisionId, InputId, Type, Value};
use crate::typed::{All, AnswerPredicate, AnswerTest, AnswerValue, Clause, InputPredicate, InputTest, One};

impl Case<'_> {
    /// Whether every clause holds; an empty list holds.
    pub(super) fn holds(&mut self, all: &All) -> Result<bool, Undecided> {
        for clause in &all.clauses {
            let holds = match clause {
                Clause::One(one) => self.one(one)?,
                Clause::AtLeast(enough, bullets, _) => {
                    let mut held = 0;
                    for bullet in bullets {
                        held += u32::from(self.bullet(bullet)?);
                    }
                    held >= *enough
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn bullet(&mut self, bullet: &[One]) -> Result<bool, Undecided> {
        for one in bullet {
            if !self.one(one)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn one(&mut self, one: &One) -> Result<bool, Undecided> {
        match one {
            One::Term { term, negated, .. } => {
                let policy = self.policy;
                let found = policy.terms.get(*term).ok_or(Undecided::Unknown)?;
                Ok(self.holds(&found.condition)? != *negated)
            }
            One::Input(test) => Ok(self.input_holds(test.input, test)),
            One::Answer(test) => self.answer_holds(test.decision, test),
        }
    }

    /// A negated test is the plain complement, also on not set.
    fn input_holds(&self, input: InputId, test: &InputTest) -> bool {
        self.says(input, &test.predicate) != test.negated
    }

    fn says(&self, input: InputId, predicate: &InputPredicate) -> bool {
        let value = match self.request.get(input) {
            None | Some(Value::NotSet) => return false,
            Some(value) => value,
        };
        match predicate {
            InputPredicate::Set => true,
            InputPredicate::OneOf(list) => self.is_one_of(input, value, list),
            InputPredicate::Between(least, most) => {
                scalar(value).is_some_and(|number| *least <= number && number <= *most)
            }
            InputPredicate::DateBetween(first, last) => date(value).is_some_and(|date| *first <= date && date <= *last),
            InputPredicate::TimeBetween(first, last) => {
                minute(value).is_some_and(|minute| *first <= minute && minute <= *last)
            }
            InputPredicate::Weekdays(mask) => date(value).is_some_and(|date| mask >> weekday(date) & 1 == 1),
            InputPredicate::During(calendar) => match value {
                Value::Moment(date, minute) => during(&self.policy.calendars, *calendar, *date, *minute),
                _ => false,
            },
            InputPredicate::IncludesOneOf(members) => {
                matches!(value, Value::Set(present) if present & members != 0)
            }
            InputPredicate::IncludesAllOf(members) => {
                matches!(value, Value::Set(present) if present & members == *members)
            }
            InputPredicate::Same(other) => match (value, self.request.get(*other)) {
                (Value::Identifier(name), Some(Value::Identifier(other))) => name == other,
                _ => false,
            },
        }
    }

    fn is_one_of(&self, input: InputId, value: &Value, list: &[u32]) -> bool {
        let schema = &self.policy.schema;
        list.iter().any(|listed| match value {
            Value::YesNo(yes) => u32::from(*yes) == *listed,
            Value::Choice(choice) => u32::from(*choice) == *listed,
            Value::Identifier(name) => match schema.inputs.get(input).map(|declared| &declared.ty) {
                Some(Type::Identifier(kind)) => schema
                    .identifiers
                    .get(*kind)
                    .and_then(|kind| kind.names.get(*listed as usize))
                    .is_some_and(|known| known == name),
                _ => false,
            },
            _ => false,
        })
    }

    /// On a blank answer every test is false, negated or not, except `is not set`.
    fn answer_holds(&mut self, decision: DecisionId, test: &AnswerTest) -> Result<bool, Undecided> {
        let value = self.answer(decision, test.answer)?;
        if value == AnswerValue::Blank {
            return Ok(test.predicate == AnswerPredicate::NotSet);
        }
        let holds = match (&test.predicate, value) {
            (AnswerPredicate::Set, _) => true,
            (AnswerPredicate::OneOf(list), AnswerValue::Choice(choice)) => list.contains(&u32::from(choice)),
            (AnswerPredicate::IncludesOneOf(members), AnswerValue::Set(present)) => present & members != 0,
            (AnswerPredicate::IncludesAllOf(members), AnswerValue::Set(present)) => present & members == *members,
            (AnswerPredicate::Between(least, most), AnswerValue::Duration(minutes)) => {
                *least <= minutes && minutes <= *most
            }
            (AnswerPredicate::Between(_, most), AnswerValue::NoLimit) => *most == u32::MAX,
            _ => false,
        };
        Ok(holds != test.negated)
    }
}

/// The number `Between` compares: of a number, a duration, a date or a time.
fn scalar(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) | Value::Duration(number) => Some(i64::from(*number)),
        Value::Date(day) => Some(i64::from(*day)),
        Value::Time(minute) => Some(i64::from(*minute)),
        _ => None,
    }
}

fn date(value: &Value) -> Option<i32> {
    match value {
        Value::Moment(day, _) | Value::Date(day) => Some(*day),
        _ => None,
    }
}

fn minute(value: &Value) -> Option<u16> {
    match value {
        Value::Moment(_, minute) | Value::Time(minute) => Some(*minute),
        _ => None,
    }
}
