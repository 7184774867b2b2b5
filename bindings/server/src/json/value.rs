//! One JSON value by its type.
//! In: a value and a type. Out: the plain value, or what would be accepted. Refuses fractions, exponents and rounding.

use super::civil;
use super::mistake::{Fault, Mistake};
use super::read::{Json, Kind};
use super::suggest::nearest;
use crate::schema::InputType;

/// What a type accepts, in a few words.
#[must_use]
pub fn accepted(ty: &InputType) -> String {
    match ty {
        InputType::YesNo => "true, false".to_string(),
        InputType::OneOf(names) => list(names),
        InputType::SetOf(names) => format!("an array of {}", list(names)),
        InputType::Number(least, most) => format!("a whole number from {least} to {most}"),
        InputType::Duration(least, most) => {
            format!("whole minutes from {least} to {most}, or text such as \"{}\"", civil::duration_text(*most))
        }
        InputType::Moment(..) => "local time such as \"2026-12-25T23:30\"".to_string(),
        InputType::Date(least, most) => format!("\"{}\" to \"{}\"", civil::date_text(*least), civil::date_text(*most)),
        InputType::Time => "\"00:00\" to \"23:59\"".to_string(),
        InputType::Identifier(_) => "a string".to_string(),
    }
}

/// Yes or no.
pub(super) fn yes_no(json: &Json) -> Result<bool, Mistake> {
    match &json.kind {
        Kind::Bool(yes) => Ok(*yes),
        _ => Err(wrong(json, "true or false", accepted(&InputType::YesNo))),
    }
}

/// One of some values.
pub(super) fn one_of<'n>(json: &Json, names: &'n [String]) -> Result<&'n str, Mistake> {
    let Kind::String(name) = &json.kind else { return Err(wrong(json, "one of its values, a string", list(names))) };
    names.iter().find(|known| *known == name).map(String::as_str).ok_or_else(|| {
        let meant = nearest(name, names.iter().map(String::as_str));
        let mistake = Mistake::new(Fault::Range, json.at, format!("there is no value \"{name}\""));
        mistake.meant(meant).accepts(list(names))
    })
}

/// The members of a set.
pub(super) fn set_of<'n>(json: &Json, names: &'n [String]) -> Result<Vec<&'n str>, Mistake> {
    let Kind::Array(items) = &json.kind else { return Err(wrong(json, "an array of its members", list(names))) };
    let mut members = Vec::new();
    for item in items {
        let member = one_of(item, names)?;
        if members.contains(&member) {
            return Err(Mistake::new(Fault::Range, item.at, format!("\"{member}\" stands in the array twice")));
        }
        members.push(member);
    }
    Ok(members)
}

/// A whole number in a range.
pub(super) fn number(json: &Json, least: u32, most: u32) -> Result<u32, Mistake> {
    let ty = InputType::Number(least, most);
    let Kind::Number(text) = &json.kind else { return Err(wrong(json, "a whole number", accepted(&ty))) };
    whole(json, text, &ty).and_then(|value| within(json, value, least, most, &ty))
}

/// A duration in minutes: whole minutes, or text such as `12 hours`.
pub(super) fn duration(json: &Json, least: u32, most: u32) -> Result<u32, Mistake> {
    let ty = InputType::Duration(least, most);
    let minutes = match &json.kind {
        Kind::Number(text) => whole(json, text, &ty)?,
        Kind::String(text) => civil::duration(text).ok_or_else(|| not_a(json, text, "a duration", &ty))?,
        _ => return Err(wrong(json, "a duration", accepted(&ty))),
    };
    within(json, minutes, least, most, &ty)
}

/// A date as a day number.
pub(super) fn date(json: &Json, least: i32, most: i32) -> Result<i32, Mistake> {
    let ty = InputType::Date(least, most);
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a date", accepted(&ty))) };
    let day = civil::date(text).ok_or_else(|| not_a(json, text, "a date", &ty))?;
    if (least..=most).contains(&day) {
        Ok(day)
    } else {
        Err(Mistake::new(Fault::Range, json.at, format!("{text} is out of range")).accepts(accepted(&ty)))
    }
}

/// A minute of the day.
pub(super) fn time(json: &Json) -> Result<u16, Mistake> {
    let ty = InputType::Time;
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a time", accepted(&ty))) };
    civil::time(text).ok_or_else(|| not_a(json, text, "a time of day", &ty))
}

/// The name of an identifier.
pub(super) fn identifier(json: &Json) -> Result<&str, Mistake> {
    match &json.kind {
        Kind::String(name) if name.is_empty() => {
            Err(Mistake::new(Fault::Range, json.at, "an identifier is not empty").accepts("a string"))
        }
        Kind::String(name) => Ok(name),
        _ => Err(wrong(json, "an identifier, a string", "a string".to_string())),
    }
}

/// The mistake of a value of another type.
pub(super) fn wrong(json: &Json, wanted: &str, accepted: String) -> Mistake {
    Mistake::new(Fault::Type, json.at, format!("this should be {wanted}, not {}", json.word())).accepts(accepted)
}

fn not_a(json: &Json, text: &str, wanted: &str, ty: &InputType) -> Mistake {
    Mistake::new(Fault::Type, json.at, format!("\"{text}\" is not {wanted}")).accepts(accepted(ty))
}

fn whole(json: &Json, text: &str, ty: &InputType) -> Result<u64, Mistake> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.parse().unwrap_or(u64::MAX));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Mistake::new(Fault::Range, json.at, format!("{text} is out of range")).accepts(accepted(ty)));
    }
    let message = format!("{text} is written with a fraction or an exponent; write a whole number");
    Err(Mistake::new(Fault::Type, json.at, message).accepts(accepted(ty)))
}

fn within(json: &Json, value: u64, least: u32, most: u32, ty: &InputType) -> Result<u32, Mistake> {
    u32::try_from(value)
        .ok()
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| Mistake::new(Fault::Range, json.at, format!("{value} is out of range")).accepts(accepted(ty)))
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("\"{name}\"")).collect();
    format!("{}{}", shown.join(", "), if names.len() > 12 { ", …" } else { "" })
}
