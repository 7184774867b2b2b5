//! What became of the words of a policy: inputs, values, decisions, answers, defaults, pins, assumptions, `if unsure`.
//!
//! In: two typed policies. Out: sentences. Refuses to know: requests and their counts.

use super::answers::same_kind;
use crate::schema::{Answer, AnswerKind, Input, Label, Origin, Schema, Type, Value};
use crate::space::civil;
use crate::typed::{AnswerValue, Policy};

/// Everything that changed in what can be asked and answered.
pub(super) fn changes(old: &Policy, new: &Policy) -> Vec<String> {
    let mut said = Vec::new();
    for was in &old.schema.inputs {
        match new.schema.input(&was.name).and_then(|at| new.schema.inputs.get(at)) {
            None => said.push(format!("{} `{}` is gone", what(was), was.name)),
            Some(is) => input(&mut said, (was, &old.schema), (is, &new.schema)),
        }
    }
    for is in &new.schema.inputs {
        if old.schema.input(&is.name).is_none() {
            said.push(format!("{} `{}` is new", what(is), is.name));
        }
    }
    for was in &old.schema.decisions {
        let Some(is) = new.schema.decision(&was.name).and_then(|at| new.schema.decisions.get(at)) else {
            said.push(format!("the decision `{}` is gone", was.name));
            continue;
        };
        for before in &was.answers {
            let name = format!("{}.{}", was.name, before.name);
            match is.answers.iter().find(|after| after.name == before.name) {
                None => said.push(format!("the answer `{name}` is gone")),
                Some(after) => answer(&mut said, &name, before, after),
            }
        }
        for after in &is.answers {
            if !was.answers.iter().any(|before| before.name == after.name) {
                said.push(format!("the answer `{}.{}` is new", is.name, after.name));
            }
        }
    }
    for is in &new.schema.decisions {
        if old.schema.decision(&is.name).is_none() {
            said.push(format!("the decision `{}` is new", is.name));
        }
    }
    for was in &old.assumes {
        if !new.assumes.iter().any(|is| is.text == was.text) {
            said.push(format!("it is no longer assumed: {}", was.text));
        }
    }
    for is in &new.assumes {
        if !old.assumes.iter().any(|was| was.text == is.text) {
            said.push(format!("it is newly assumed: {}", is.text));
        }
    }
    said
}

/// What became of the record that holds when facts are missing.
pub(super) fn unsure(old: &Policy, new: &Policy) -> Vec<String> {
    let mut said = Vec::new();
    for (was, before) in old.schema.decisions.iter().zip(&old.decisions) {
        let Some(at) = new.schema.decision(&was.name) else { continue };
        let (Some(is), Some(after)) = (new.schema.decisions.get(at), new.decisions.get(at)) else { continue };
        for (answer, value) in was.answers.iter().zip(&before.unsure) {
            let now = is.answers.iter().zip(&after.unsure).find(|(other, _)| other.name == answer.name);
            let Some((other, now)) = now else { continue };
            let (from, to) = (value_words(&answer.kind, value), value_words(&other.kind, now));
            if from != to {
                said.push(format!("if unsure, `{}.{}` was {from} and is {to}", was.name, answer.name));
            }
        }
    }
    said
}

fn what(input: &Input) -> &'static str {
    match input.origin {
        Origin::Input => "the input",
        Origin::Setting => "the setting",
        Origin::OutsideGroup(_) => "the group kept outside",
        Origin::OutsideCalendar(_) => "the calendar kept outside",
    }
}

fn input(said: &mut Vec<String>, (was, old): (&Input, &Schema), (is, new): (&Input, &Schema)) {
    let name = format!("{} `{}`", what(is), is.name);
    if what(was) != what(is) {
        said.push(format!("`{}` was {} and is {}", is.name, what(was), what(is)));
    }
    match (&was.ty, &is.ty) {
        (Type::OneOf(before), Type::OneOf(after)) | (Type::SetOf(before), Type::SetOf(after)) => {
            labels(said, &name, "value", before, after);
        }
        (Type::Moment(before), Type::Moment(after)) if before != after => {
            let zone = |zone: &Option<String>| zone.clone().unwrap_or_else(|| "the zone of the site".to_string());
            said.push(format!("{name} was read in {} and is read in {}", zone(before), zone(after)));
        }
        (before, after) => {
            let (from, to) = (type_words(before, old), type_words(after, new));
            if from != to {
                said.push(format!("{name} was {from} and is {to}"));
            }
        }
    }
    match (was.optional, is.optional) {
        (false, true) => said.push(format!("{name} may now be not set")),
        (true, false) => said.push(format!("{name} must now be set")),
        _ => {}
    }
    let default = |input: &Input| input.default.as_ref().map(|value| input_value(&input.ty, value));
    match (default(was), default(is)) {
        (Some(from), Some(to)) if from != to => {
            said.push(format!("where nothing is said, {name} was {from} and is {to}"));
        }
        _ => {}
    }
    let pinned = |input: &Input| {
        let values = input.pinned.as_ref()?.iter().map(|value| input_value(&input.ty, value));
        Some(values.collect::<Vec<_>>().join(" or "))
    };
    match (pinned(was), pinned(is)) {
        (None, Some(to)) => said.push(format!("{name} is now fixed at {to}")),
        (Some(from), None) => said.push(format!("{name} is no longer fixed at {from}")),
        (Some(from), Some(to)) if from != to => said.push(format!("{name} was fixed at {from} and is fixed at {to}")),
        _ => {}
    }
}

fn labels(said: &mut Vec<String>, name: &str, one: &str, before: &[Label], after: &[Label]) {
    let only = |these: &[Label], others: &[Label]| {
        let missing = these.iter().filter(|label| !others.iter().any(|other| other.name == label.name));
        missing.map(|label| label.name.clone()).collect::<Vec<_>>()
    };
    for (names, verb) in [(only(before, after), "no longer has"), (only(after, before), "newly has")] {
        if !names.is_empty() {
            let ending = if names.len() == 1 { "" } else { "s" };
            said.push(format!("{name} {verb} the {one}{ending} {}", names.join(", ")));
        }
    }
}

fn answer(said: &mut Vec<String>, name: &str, was: &Answer, is: &Answer) {
    let full = format!("the answer `{name}`");
    if !same_kind(&was.kind, &is.kind) {
        let sentence = format!("{full} was {} and is {}, so it is not compared", kind(&was.kind), kind(&is.kind));
        return said.push(sentence);
    }
    let one = if matches!(is.kind, AnswerKind::SetOf(_)) { "member" } else { "value" };
    labels(said, &full, one, was.kind.labels(), is.kind.labels());
    if let (AnswerKind::Strictest(before), AnswerKind::Strictest(after)) = (&was.kind, &is.kind) {
        let common = |these: &[Label], others: &[Label]| {
            let shared = these.iter().filter(|label| others.iter().any(|other| other.name == label.name));
            shared.map(|label| label.name.clone()).collect::<Vec<_>>()
        };
        if common(before, after) != common(after, before) {
            said.push(format!("{full} orders its values differently, so stricter and looser are not said of them"));
        }
    }
    if let (AnswerKind::Shortest(before), AnswerKind::Shortest(after)) = (&was.kind, &is.kind)
        && before != after
    {
        let (from, to) = (civil::duration_text(*before), civil::duration_text(*after));
        said.push(format!("{full} could be up to {from} and can be up to {to}"));
    }
}

fn kind(kind: &AnswerKind) -> &'static str {
    match kind {
        AnswerKind::OneOf { .. } => "one of several values",
        AnswerKind::Strictest(_) => "the strictest of several values",
        AnswerKind::SetOf(_) => "a set",
        AnswerKind::Shortest(_) => "the shortest duration",
    }
}

fn type_words(ty: &Type, schema: &Schema) -> String {
    match ty {
        Type::YesNo => "yes or no".to_string(),
        Type::OneOf(_) => "one of several values".to_string(),
        Type::SetOf(_) => "a set".to_string(),
        Type::Number(low, high) => format!("a number from {low} to {high}"),
        Type::Duration(low, high) => {
            format!("a duration from {} to {}", civil::duration_text(*low), civil::duration_text(*high))
        }
        Type::Moment(_) => "a moment".to_string(),
        Type::Date(from, to) => {
            format!("a date from {} to {}", civil::date_text(i64::from(*from)), civil::date_text(i64::from(*to)))
        }
        Type::Time => "a time".to_string(),
        Type::Identifier(kind) => {
            format!("a {}", schema.identifiers.get(*kind).map_or("name", |kind| kind.name.as_str()))
        }
    }
}

fn input_value(ty: &Type, value: &Value) -> String {
    let label = |at: usize| ty.labels().get(at).map_or(String::new(), |label| label.name.clone());
    match value {
        Value::NotSet => "not set".to_string(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_string(),
        Value::Choice(choice) => label(usize::from(*choice)),
        Value::Set(0) => "nothing".to_string(),
        Value::Set(mask) => (0..32).filter(|at| mask >> at & 1 == 1).map(label).collect::<Vec<_>>().join(", "),
        Value::Number(n) => n.to_string(),
        Value::Duration(minutes) => civil::duration_text(*minutes),
        Value::Moment(day, minute) => {
            format!("{}, {}", civil::date_text(i64::from(*day)), civil::time_text(i64::from(*minute)))
        }
        Value::Date(day) => civil::date_text(i64::from(*day)),
        Value::Time(minute) => civil::time_text(i64::from(*minute)),
        Value::Identifier(name) => format!("\"{name}\""),
    }
}

fn value_words(kind: &AnswerKind, value: &AnswerValue) -> String {
    let label = |at: usize| kind.labels().get(at).map_or(String::new(), |label| label.name.clone());
    match value {
        AnswerValue::Blank => "blank".to_string(),
        AnswerValue::Choice(choice) => label(usize::from(*choice)),
        AnswerValue::Set(0) => "empty".to_string(),
        AnswerValue::Set(mask) => {
            let mut names: Vec<String> = (0..32).filter(|at| mask >> at & 1 == 1).map(label).collect();
            names.sort_unstable();
            names.join(", ")
        }
        AnswerValue::Duration(minutes) => civil::duration_text(*minutes),
        AnswerValue::NoLimit => "no limit".to_string(),
    }
}
