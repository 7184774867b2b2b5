//! What is wrong with a request: values out of range, values a refinement took away, assumptions it breaks.
//!
//! In: a request, complete or not. Out: faults in words. Refuses to know: decisions.

use super::ground::{Ground, Region};
use super::types::Fault;
use crate::diagram::{Exploded, Ref};
use crate::model::Model;
use crate::schema::{InputId, Type, Value};
use crate::space::civil;
use crate::space::conditions::{Conditions, Roots, Space};
use crate::typed::Policy;
use crate::value::Request;

/// Values that no input or no refinement allows; the classes of such requests mean nothing.
pub(super) fn values(model: &Model, request: &Request, misfit: Option<InputId>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (input, declared) in model.schema.inputs.iter().enumerate() {
        let Some(value) = request.get(input) else { continue };
        if misfit == Some(input) || is_far(value) || !is_of(&declared.ty, declared.optional, value) {
            faults.push(Fault::Range(declared.name.clone(), accepted(&declared.ty, declared.optional)));
            continue;
        }
        if let Some(left) = declared.pinned.as_ref().filter(|left| !left.contains(value)) {
            let left: Vec<String> = left.iter().map(|value| words(&declared.ty, value)).collect();
            faults.push(Fault::Fixed(declared.name.clone(), left.join(" or ")));
        }
    }
    faults
}

/// The assumptions that a region of requests breaks. Nothing in it is valid.
pub(super) fn assumptions(ground: &mut Ground<'_>, region: &Region) -> Result<Vec<Fault>, Exploded> {
    let mut all: Vec<(Ref, String)> = Vec::new();
    let mut conditions = Conditions::new();
    for place in 0..ground.model.assumptions.len() {
        let condition = ground.model.assumptions[place];
        let Model { forest, coordinates, conditions: known, .. } = &mut *ground.model;
        let space = Space { coordinates, conditions: known };
        let holds = conditions.diagram(forest, space, &Roots::new(), condition)?;
        all.push((holds, sentence(ground.policy, place)));
    }
    let mut faults = Vec::new();
    for (holds, sentence) in &all {
        if !ground.holds_somewhere(*holds, region)? {
            faults.push(Fault::Assumption(sentence.clone()));
        }
    }
    if !faults.is_empty() {
        return Ok(faults);
    }
    // Each could hold alone: the fewest that cannot hold together, leaving out one at a time.
    let mut kept: Vec<usize> = (0..all.len()).collect();
    for place in 0..all.len() {
        let fewer: Vec<usize> = kept.iter().copied().filter(|&other| other != place).collect();
        let together: Vec<Ref> = fewer.iter().map(|&at| all[at].0).collect();
        let together = ground.model.forest.and_all(&together)?;
        if !ground.holds_somewhere(together, region)? {
            kept = fewer;
        }
    }
    Ok(vec![Fault::Assumptions(kept.into_iter().map(|at| all[at].1.clone()).collect())])
}

fn sentence(policy: &Policy, place: usize) -> String {
    match policy.assumes.get(place) {
        Some(assume) if !assume.text.is_empty() => assume.text.clone(),
        _ => format!("assumption {} of the policy", place + 1),
    }
}

/// Dates that no machine form accepts.
fn is_far(value: &Value) -> bool {
    let (first, last) = (civil::day(1900, 1, 1), civil::day(2199, 12, 31));
    matches!(value, Value::Moment(day, _) | Value::Date(day) if !(first..=last).contains(&i64::from(*day)))
}

/// Whether a value is of the kind its input has.
fn is_of(ty: &Type, optional: bool, value: &Value) -> bool {
    match (ty, value) {
        (_, Value::NotSet) => optional,
        (Type::YesNo, Value::YesNo(_))
        | (Type::OneOf(_), Value::Choice(_))
        | (Type::SetOf(_), Value::Set(_))
        | (Type::Number(..), Value::Number(_))
        | (Type::Duration(..), Value::Duration(_))
        | (Type::Moment(_), Value::Moment(..))
        | (Type::Date(..), Value::Date(_))
        | (Type::Time, Value::Time(_))
        | (Type::Identifier(_), Value::Identifier(_)) => true,
        _ => false,
    }
}

fn accepted(ty: &Type, optional: bool) -> String {
    let names =
        |labels: &[crate::schema::Label]| labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>().join(", ");
    let what = match ty {
        Type::YesNo => "yes or no".to_string(),
        Type::OneOf(labels) => format!("one of {}", names(labels)),
        Type::SetOf(labels) => format!("members of {}", names(labels)),
        Type::Number(low, high) => format!("a number from {low} to {high}"),
        Type::Duration(low, high) => {
            format!("a duration from {} to {}", civil::duration_text(*low), civil::duration_text(*high))
        }
        Type::Moment(_) => "a date and minute from 1900 to 2199".to_string(),
        Type::Date(low, high) => {
            format!("a date from {} to {}", civil::date_text(i64::from(*low)), civil::date_text(i64::from(*high)))
        }
        Type::Time => "a time from 00:00 to 23:59".to_string(),
        Type::Identifier(_) => "a name".to_string(),
    };
    if optional { format!("{what}, or not set") } else { what }
}

fn words(ty: &Type, value: &Value) -> String {
    match value {
        Value::NotSet => "not set".to_string(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_string(),
        Value::Choice(choice) => {
            ty.labels().get(usize::from(*choice)).map_or(String::new(), |label| label.name.clone())
        }
        Value::Set(members) => {
            let within = ty.labels().iter().enumerate().filter(|(at, _)| members >> at & 1 == 1);
            within.map(|(_, label)| label.name.as_str()).collect::<Vec<_>>().join(", ")
        }
        Value::Number(number) => number.to_string(),
        Value::Duration(minutes) => civil::duration_text(*minutes),
        Value::Moment(day, minute) => {
            format!("{} {}", civil::date_text(i64::from(*day)), civil::time_text(i64::from(*minute)))
        }
        Value::Date(day) => civil::date_text(i64::from(*day)),
        Value::Time(minute) => civil::time_text(i64::from(*minute)),
        Value::Identifier(name) => name.clone(),
    }
}
