//! Which requests are valid: values of the right type and range, left over by `fix`, no assumption broken.
//! In: a policy and a request. Out: yes or no. Refuses to know decisions.

use super::answer::Case;
use super::calendar::civil;
use crate::schema::{Input, Type, Value};
use crate::typed::Policy;
use crate::value::Request;

/// Whether every input has a fitting value and every assumption holds.
pub fn is_valid(policy: &Policy, request: &Request) -> bool {
    let inputs = policy.schema.inputs.iter().enumerate();
    let fitting = inputs.clone().all(|(id, input)| request.get(id).is_some_and(|value| fits(input, value)));
    fitting && {
        let mut case = Case::new(policy, request);
        policy.assumes.iter().all(|assume| {
            let condition = case.holds(&assume.condition).unwrap_or(true);
            let then = assume.then.as_ref().is_some_and(|then| case.holds(then).unwrap_or(false));
            !condition || then
        })
    }
}

/// Whether a value is one the input may have.
pub fn fits(input: &Input, value: &Value) -> bool {
    let typed = if *value == Value::NotSet { input.optional } else { is_of(&input.ty, value) };
    typed && input.pinned.as_ref().is_none_or(|left| left.contains(value))
}

fn is_of(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::YesNo, Value::YesNo(_)) | (Type::Identifier(_), Value::Identifier(_)) => true,
        (Type::OneOf(labels), Value::Choice(choice)) => usize::from(*choice) < labels.len(),
        (Type::SetOf(labels), Value::Set(members)) => {
            (0..32).all(|member| members >> member & 1 == 0 || member < labels.len())
        }
        (Type::Number(least, most), Value::Number(number)) => least <= number && number <= most,
        (Type::Duration(least, most), Value::Duration(minutes)) => least <= minutes && minutes <= most,
        (Type::Moment(_), Value::Moment(day, minute)) => is_known_date(*day) && *minute < 1440,
        (Type::Date(first, last), Value::Date(day)) => is_known_date(*day) && first <= day && day <= last,
        (Type::Time, Value::Time(minute)) => *minute < 1440,
        _ => false,
    }
}

/// Dates from 1900 to 2199 are accepted, whatever the years a policy is analysed for.
fn is_known_date(day: i32) -> bool {
    let near = (-40_000..=100_000).contains(&day);
    near && (1900..=2199).contains(&civil(day).0)
}
