//! Words for explanations: values of answers, facts, changes, requests as JSON.
//!
//! In: values, classes, requests. Out: text. Refuses to know: why something is said.

use super::ground::{Ground, INVALID, same_as};
use crate::model::{BLANK, CONFLICT, Classifier, CoordinateId, GAP, Model, NO_LIMIT, Part, YES};
use crate::schema::{AnswerId, AnswerKind, InputId, Type, Value};
use crate::space::words::quoted;
use crate::space::{civil, sets};
use crate::typed::AnswerValue;
use crate::value::Request;

/// The name of an answer, without the decision's.
pub(super) fn answer_name(ground: &Ground<'_>, answer: AnswerId) -> String {
    let decision = &ground.policy.schema.decisions[ground.decision];
    decision.answers.get(answer).map_or(String::new(), |answer| answer.name.clone())
}

/// A value of an answer from the values of its roots: `pin`, `otp, badge`, `nothing`, `blank`.
pub(super) fn value(ground: &Ground<'_>, answer: AnswerId, values: &[u32]) -> String {
    let Some(declared) = ground.policy.schema.decisions[ground.decision].answers.get(answer) else {
        return String::new();
    };
    let AnswerKind::SetOf(labels) = &declared.kind else {
        return one_value(ground, answer, values.first().copied().unwrap_or(BLANK));
    };
    if values.contains(&BLANK) {
        return "blank".to_string();
    }
    let within = labels.iter().zip(values).filter(|(_, value)| **value == YES);
    let names: Vec<&str> = within.map(|(label, _)| label.name.as_str()).collect();
    if names.is_empty() { "nothing".to_string() } else { names.join(", ") }
}

/// One value of a root of an answer.
pub(super) fn one_value(ground: &Ground<'_>, answer: AnswerId, value: u32) -> String {
    let declared = &ground.policy.schema.decisions[ground.decision].answers[answer];
    match value {
        BLANK => "blank".to_string(),
        GAP => "not answered".to_string(),
        CONFLICT => "answered in two ways".to_string(),
        NO_LIMIT => "no limit".to_string(),
        INVALID => "not valid".to_string(),
        _ => match &declared.kind {
            AnswerKind::Shortest(_) => {
                let durations = &ground.model.decisions[ground.decision].answers[answer].durations;
                durations.get(value as usize).map_or(String::new(), |&minutes| civil::duration_text(minutes))
            }
            kind => kind.labels().get(value as usize).map_or(String::new(), |label| label.name.clone()),
        },
    }
}

/// `access is refused`, `proofs are pin, badge`, `no refusals`.
pub(super) fn says(ground: &Ground<'_>, answer: AnswerId, values: &[u32]) -> String {
    let name = answer_name(ground, answer);
    let set = matches!(
        ground.policy.schema.decisions[ground.decision].answers.get(answer).map(|a| &a.kind),
        Some(AnswerKind::SetOf(_))
    );
    match value(ground, answer, values).as_str() {
        "nothing" if set => format!("no {name}"),
        "blank" if set => format!("{name} do not apply"),
        "blank" => format!("{name} does not apply"),
        "no limit" => format!("{name} has no limit"),
        text if set => format!("{name} are {text}"),
        text => format!("{name} is {text}"),
    }
}

/// A value of the `if unsure` record.
pub(super) fn unsure_value(ground: &Ground<'_>, answer: AnswerId, value: AnswerValue) -> String {
    let kind = &ground.policy.schema.decisions[ground.decision].answers[answer].kind;
    match value {
        AnswerValue::Blank => "blank".to_string(),
        AnswerValue::NoLimit => "no limit".to_string(),
        AnswerValue::Duration(minutes) => civil::duration_text(minutes),
        AnswerValue::Choice(choice) => {
            kind.labels().get(usize::from(choice)).map_or(String::new(), |label| label.name.clone())
        }
        AnswerValue::Set(members) => {
            let within = kind.labels().iter().enumerate().filter(|(at, _)| members >> at & 1 == 1);
            let names: Vec<&str> = within.map(|(_, label)| label.name.as_str()).collect();
            if names.is_empty() { "nothing".to_string() } else { names.join(", ") }
        }
    }
}

/// A fact of a reason.
pub(super) fn fact(
    ground: &Ground<'_>,
    classes: &[(CoordinateId, Vec<bool>)],
    input: InputId,
    stays: &[InputId],
) -> String {
    if let [(coordinate, _)] = classes
        && ground.compared[usize::from(*coordinate)]
    {
        return identifier(ground, *coordinate, input, stays);
    }
    among(ground.model, input, classes)
}

/// What an input is when its coordinates have classes among these.
pub(super) fn among(model: &Model, input: InputId, classes: &[(CoordinateId, Vec<bool>)]) -> String {
    let name = &model.schema.inputs[input].name;
    let presence = classes.iter().find(|(c, _)| model.coordinates[usize::from(*c)].part == Part::Presence);
    let parts: Vec<String> = classes
        .iter()
        .filter(|(c, _)| model.coordinates[usize::from(*c)].part != Part::Presence)
        .filter_map(|(c, allowed)| sets::words(model, *c, allowed))
        .collect();
    let parts = parts.join(" and ");
    match presence.map(|(_, allowed)| (allowed.first() == Some(&true), allowed.get(1) == Some(&true))) {
        Some((true, false)) => format!("{name} is not set"),
        Some((true, true)) if !parts.is_empty() => format!("{name} is not set, or {parts}"),
        Some((false, true)) if parts.is_empty() => format!("{name} is set"),
        Some((false, true)) if !parts.contains(" include ") || parts.contains(" do not include ") => {
            format!("{name} is set and {parts}")
        }
        _ if parts.is_empty() => format!("{name} is known"),
        _ => parts,
    }
}

/// What stays of a compared identifier: its name, or which of the others that stay it equals.
fn identifier(ground: &Ground<'_>, coordinate: CoordinateId, input: InputId, stays: &[InputId]) -> String {
    let model = &ground.model;
    let own = &model.coordinates[usize::from(coordinate)];
    let name = &model.schema.inputs[input].name;
    let (Some(Value::Identifier(value)), Classifier::Identifier { known, .. }) =
        (ground.request.get(input), &own.classifier)
    else {
        return format!("{name} is not set");
    };
    if super::ground::known_name(model, input, value, *known).is_some() {
        return format!("{name} is \"{value}\"");
    }
    let mut words = match known {
        0 => format!("{name} is who it is"),
        _ => format!("{name} is somebody no rule names"),
    };
    for &other in same_as(own).iter().filter(|other| stays.contains(other)) {
        let other_name = &model.schema.inputs[other].name;
        if ground.request.get(other) == ground.request.get(input) {
            return format!("{name} is {other_name}");
        }
        words.push_str(&format!(" and is not {other_name}"));
    }
    words
}

/// Who a compared identifier would be in a changed request.
pub(super) fn person(ground: &Ground<'_>, request: &Request, input: InputId) -> String {
    let model = &ground.model;
    let name = &model.schema.inputs[input].name;
    let Some(Value::Identifier(value)) = request.get(input) else { return format!("{name} were not set") };
    let Type::Identifier(kind) = model.schema.inputs[input].ty else { return format!("{name} were somebody else") };
    if model.schema.identifier(kind, value).is_some() {
        return format!("{name} were \"{value}\"");
    }
    let same = |other: &InputId| *other != input && request.get(*other) == request.get(input);
    match (0..model.schema.inputs.len()).find(same) {
        Some(other) => format!("{name} were {}", model.schema.inputs[other].name),
        None => format!("{name} were somebody else"),
    }
}

/// A sentence about what is, as one about what might be: `method is badge` to `method were badge`. Quoted names stay.
pub(super) fn were(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for (number, part) in words.split('"').enumerate() {
        if number > 0 {
            out.push('"');
        }
        if number % 2 == 1 {
            out.push_str(part);
        } else {
            let part = part.replace(" do not include ", " did not include ").replace(" include ", " included ");
            let part = part.replace(" did not included ", " did not include ").replace(" is ", " were ");
            out.push_str(&part);
        }
    }
    out
}

/// The request as `keyward decide --request` takes it; what is unknown is left out.
pub(super) fn request(model: &Model, request: &Request) -> Vec<(String, String)> {
    let inputs = model.schema.inputs.iter().enumerate();
    inputs
        .filter_map(|(input, declared)| Some((declared.name.clone(), json(model, input, request.get(input)?))))
        .collect()
}

fn json(model: &Model, input: InputId, value: &Value) -> String {
    let ty: &Type = &model.schema.inputs[input].ty;
    let label = |at: usize| quoted(ty.labels().get(at).map_or("", |label| label.name.as_str()));
    match value {
        Value::NotSet => "null".to_string(),
        Value::YesNo(yes) => yes.to_string(),
        Value::Choice(choice) => label(usize::from(*choice)),
        Value::Set(members) => {
            let names: Vec<String> = (0..32).filter(|member| members >> member & 1 == 1).map(label).collect();
            format!("[{}]", names.join(", "))
        }
        Value::Number(number) | Value::Duration(number) => number.to_string(),
        Value::Moment(day, minute) => {
            quoted(&format!("{}T{}", civil::date_text(i64::from(*day)), civil::time_text(i64::from(*minute))))
        }
        Value::Date(day) => quoted(&civil::date_text(i64::from(*day))),
        Value::Time(minute) => quoted(&civil::time_text(i64::from(*minute))),
        Value::Identifier(name) => quoted(name),
    }
}
