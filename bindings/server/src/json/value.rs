//! One JSON value as the word of a slot.
//! In: a value and its type. Out: a word, or what would be accepted. Refuses fractions, exponents and rounding.

use super::civil;
use super::read::{Json, Kind};
use super::request::{Fault, RequestError};
use super::suggest::nearest;
use super::vocabulary::{Label, Type};

/// What a type accepts, in a few words.
pub fn accepted(ty: &Type) -> String {
    match ty {
        Type::YesNo => "true, false".to_string(),
        Type::OneOf(labels) => names(labels),
        Type::SetOf(labels) => format!("an array of {}", names(labels)),
        Type::Number(least, most) => format!("a whole number from {least} to {most}"),
        Type::Duration(least, most) => {
            format!("whole minutes from {least} to {most}, or text such as \"{}\"", civil::duration_text(*most))
        }
        Type::Moment { .. } => "local time such as \"2026-12-25T23:30\"".to_string(),
        Type::Date(least, most) => format!("\"{}\" to \"{}\"", civil::date_text(*least), civil::date_text(*most)),
        Type::Time => "\"00:00\" to \"23:59\"".to_string(),
        Type::Identifier(_) => "a string".to_string(),
    }
}

/// Yes or no.
pub(super) fn yes_no(json: &Json) -> Result<u32, RequestError> {
    match &json.kind {
        Kind::Bool(yes) => Ok(u32::from(*yes)),
        _ => Err(wrong(json, "true or false", accepted(&Type::YesNo))),
    }
}

/// The index of one of some values.
pub(super) fn one_of(json: &Json, labels: &[Label]) -> Result<u32, RequestError> {
    let Kind::String(name) = &json.kind else { return Err(wrong(json, "one of its values, a string", names(labels))) };
    index(json, name, labels)
}

/// A mask of members.
pub(super) fn set_of(json: &Json, labels: &[Label]) -> Result<u32, RequestError> {
    let Kind::Array(items) = &json.kind else { return Err(wrong(json, "an array of its members", names(labels))) };
    let mut mask = 0_u32;
    for item in items {
        let bit = 1_u32.checked_shl(one_of(item, labels)?).unwrap_or(0);
        if mask & bit != 0 {
            return Err(RequestError::new(Fault::Range, item.at, "this member stands in the array twice"));
        }
        mask |= bit;
    }
    Ok(mask)
}

/// A whole number in a range.
pub(super) fn number(json: &Json, least: u32, most: u32) -> Result<u32, RequestError> {
    let ty = Type::Number(least, most);
    let Kind::Number(text) = &json.kind else { return Err(wrong(json, "a whole number", accepted(&ty))) };
    whole(json, text, &ty).and_then(|value| within(json, value, least, most, &ty))
}

/// A duration: whole minutes, or text such as `12 hours`.
pub(super) fn duration(json: &Json, least: u32, most: u32) -> Result<u32, RequestError> {
    let ty = Type::Duration(least, most);
    let minutes = match &json.kind {
        Kind::Number(text) => whole(json, text, &ty)?,
        Kind::String(text) => civil::duration(text).ok_or_else(|| {
            RequestError::new(Fault::Type, json.at, format!("\"{text}\" is not a duration")).accepts(accepted(&ty))
        })?,
        _ => return Err(wrong(json, "a duration", accepted(&ty))),
    };
    within(json, minutes, least, most, &ty)
}

/// A date as the bits of its day number.
pub(super) fn date(json: &Json, least: i32, most: i32) -> Result<u32, RequestError> {
    let ty = Type::Date(least, most);
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a date", accepted(&ty))) };
    let day = civil::date(text).ok_or_else(|| {
        RequestError::new(Fault::Type, json.at, format!("\"{text}\" is not a date")).accepts(accepted(&ty))
    })?;
    if (least..=most).contains(&day) {
        Ok(day.cast_unsigned())
    } else {
        Err(RequestError::new(Fault::Range, json.at, format!("{text} is out of range")).accepts(accepted(&ty)))
    }
}

/// A time of day in minutes.
pub(super) fn time(json: &Json) -> Result<u32, RequestError> {
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a time", accepted(&Type::Time))) };
    civil::time(text).map(u32::from).ok_or_else(|| {
        RequestError::new(Fault::Type, json.at, format!("\"{text}\" is not a time of day")).accepts(accepted(&Type::Time))
    })
}

/// The name of an identifier.
pub(super) fn identifier(json: &Json) -> Result<String, RequestError> {
    match &json.kind {
        Kind::String(name) if name.is_empty() => {
            Err(RequestError::new(Fault::Range, json.at, "an identifier is not empty").accepts("a string"))
        }
        Kind::String(name) => Ok(name.clone()),
        _ => Err(wrong(json, "an identifier, a string", "a string".to_string())),
    }
}

/// The error for a value of another type.
pub(super) fn wrong(json: &Json, wanted: &str, accepted: String) -> RequestError {
    RequestError::new(Fault::Type, json.at, format!("this should be {wanted}, not {}", json.word())).accepts(accepted)
}

fn whole(json: &Json, text: &str, ty: &Type) -> Result<u64, RequestError> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.parse().unwrap_or(u64::MAX));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RequestError::new(Fault::Range, json.at, format!("{text} is out of range")).accepts(accepted(ty)));
    }
    let message = format!("{text} is written with a fraction or an exponent; write a whole number");
    Err(RequestError::new(Fault::Type, json.at, message).accepts(accepted(ty)))
}

fn within(json: &Json, value: u64, least: u32, most: u32, ty: &Type) -> Result<u32, RequestError> {
    u32::try_from(value).ok().filter(|value| (least..=most).contains(value)).ok_or_else(|| {
        RequestError::new(Fault::Range, json.at, format!("{value} is out of range")).accepts(accepted(ty))
    })
}

fn index(json: &Json, name: &str, labels: &[Label]) -> Result<u32, RequestError> {
    let found = labels.iter().position(|label| label.name == name).and_then(|at| u32::try_from(at).ok());
    found.ok_or_else(|| {
        let meant = nearest(name, labels.iter().map(|label| label.name.as_str()));
        RequestError::new(Fault::Range, json.at, format!("there is no value \"{name}\"")).meant(meant).accepts(names(labels))
    })
}

fn names(labels: &[Label]) -> String {
    let shown: Vec<String> = labels.iter().take(12).map(|label| format!("\"{}\"", label.name)).collect();
    format!("{}{}", shown.join(", "), if labels.len() > 12 { ", …" } else { "" })
}
