//! A point of the request space as a request: in words for people, in JSON values for machines.
//!
//! In: a model and a class for each coordinate that matters. Out: an example whose words name only what matters, and
//! whose request is complete. Refuses to know: why somebody wants the example.

use super::civil;
use crate::diagnostic::Example;
use crate::model::{Classifier, Coordinate, Model, Part};
use crate::schema::{InputId, Origin, Type, Value};

/// A class for each coordinate that matters.
pub type Point = Vec<Option<u32>>;

/// The example at a point: every input that matters in words; as a request, every input.
#[must_use]
pub fn example(model: &Model, point: &[Option<u32>]) -> Example {
    let mut words = Vec::new();
    let mut request = Vec::new();
    for input in 0..model.schema.inputs.len() {
        let parts = parts(model, point, input);
        words.extend(input_words(model, input, &parts));
        request.push((model.schema.inputs[input].name.clone(), json(model, point, input)));
    }
    let words = if words.is_empty() { "any request".to_string() } else { words.join(", ") };
    Example { words, request }
}

/// How unusual a class is: 0 for the default of a setting, little for values most requests have.
#[must_use]
pub fn cost(model: &Model, coordinate: u16, class: u32) -> u32 {
    let Some(found) = model.coordinates.get(usize::from(coordinate)) else { return 0 };
    let input = &model.schema.inputs[found.input];
    if let Some(default) = &input.default {
        return if usual(model, found) == class && found.part == Part::Whole || member_default(found, default, class) {
            0
        } else {
            4
        };
    }
    let own = found.weights.get(class as usize).copied().unwrap_or(0);
    let heavier = found.weights.iter().filter(|&&weight| weight > own).count() as u32;
    let odd = Some(class as u16) == found.classifier.not_set() || own == 0;
    1 + heavier.min(3) + if odd { 3 } else { 0 }
}

/// The class of a coordinate when nothing else is said: the default of a setting, else the heaviest set class.
#[must_use]
pub fn usual(model: &Model, coordinate: &Coordinate) -> u32 {
    let input = &model.schema.inputs[coordinate.input];
    let default = input.default.as_ref().and_then(|default| class_of_value(coordinate, default));
    let pinned = input.pinned.as_ref().and_then(|pinned| match &input.default {
        Some(default) if pinned.contains(default) => None,
        _ => pinned.first().and_then(|value| class_of_value(coordinate, value)),
    });
    if let Some(class) = pinned.or(default) {
        return class;
    }
    match &coordinate.classifier {
        // Somebody no rule names.
        Classifier::Identifier { known, same_as, .. } => known + same_as.len() as u32,
        _ if coordinate.part == Part::Presence => 1,
        classifier => {
            let none = classifier.not_set();
            let set = coordinate.weights.iter().zip(0u32..).filter(|(_, class)| Some(*class as u16) != none);
            set.max_by_key(|(weight, class)| (**weight, std::cmp::Reverse(*class))).map_or(0, |(_, class)| class)
        }
    }
}

fn member_default(coordinate: &Coordinate, default: &Value, class: u32) -> bool {
    matches!((coordinate.part, default), (Part::Member(m), Value::Set(mask)) if mask >> m & 1 == class)
}

/// The class of a plain value, for coordinates that stand for a whole input or a member.
fn class_of_value(coordinate: &Coordinate, value: &Value) -> Option<u32> {
    let raw = match (coordinate.part, value) {
        (Part::Member(member), Value::Set(mask)) => i64::from(mask >> member & 1),
        (_, Value::NotSet) => return coordinate.classifier.not_set().map(u32::from),
        (Part::Whole, Value::YesNo(yes)) => i64::from(*yes),
        (Part::Whole, Value::Choice(choice)) => i64::from(*choice),
        (Part::Whole, Value::Number(n) | Value::Duration(n)) => i64::from(*n),
        (Part::Whole, Value::Time(minute)) => i64::from(*minute),
        (Part::Whole, Value::Date(day)) => i64::from(*day),
        _ => return None,
    };
    let holds = |ranges: &Vec<(i64, i64)>| ranges.iter().any(|&(from, to)| (from..=to).contains(&raw));
    coordinate.ranges.iter().position(holds).map(|class| class as u32)
}

/// The coordinates of an input that matter, with their classes.
fn parts<'m>(model: &'m Model, point: &[Option<u32>], input: InputId) -> Vec<(&'m Coordinate, u32)> {
    let all = model.coordinates.iter().zip(point);
    all.filter(|(c, _)| c.input == input).filter_map(|(c, class)| Some((c, (*class)?))).collect()
}

fn input_words(model: &Model, input: InputId, parts: &[(&Coordinate, u32)]) -> Vec<String> {
    let declared = &model.schema.inputs[input];
    let name = &declared.name;
    let absent = parts.iter().any(|&(c, class)| match c.part {
        Part::Presence => class == 0,
        _ => Some(class as u16) == c.classifier.not_set(),
    });
    if absent {
        return vec![format!("{name} is not set")];
    }
    let (mut date, mut time, mut words) = (None, None, Vec::new());
    for &(coordinate, class) in parts {
        let raw = coordinate.samples.get(class as usize).copied().unwrap_or(0);
        match coordinate.part {
            Part::Presence if parts.len() == 1 => words.push(format!("{name} is set")),
            Part::Presence => {}
            Part::Date => date = Some(raw),
            Part::Time => time = Some(raw),
            Part::Member(member) => {
                let member = declared.ty.labels().get(usize::from(member)).map_or("", |label| label.name.as_str());
                let verb = if class == 1 { "include" } else { "do not include" };
                words.push(format!("{name} {verb} {member}"));
            }
            Part::Whole => words.push(whole_words(model, input, coordinate, class)),
        }
    }
    match (date, time) {
        (Some(day), Some(minute)) => {
            words.push(format!("{name} is {}, {}", day_words(day), civil::time_text(minute)));
        }
        (Some(day), None) => words.push(format!("{name}.date is {}", day_words(day))),
        (None, Some(minute)) => words.push(format!("{name}.time is {}", civil::time_text(minute))),
        (None, None) => {}
    }
    words
}

fn day_words(day: i64) -> String {
    format!("{} (a {})", civil::date_text(day), civil::weekday_name(civil::weekday(day)))
}

fn whole_words(model: &Model, input: InputId, coordinate: &Coordinate, class: u32) -> String {
    let declared = &model.schema.inputs[input];
    let name = &declared.name;
    let raw = coordinate.samples.get(class as usize).copied().unwrap_or(0);
    match &declared.ty {
        Type::YesNo => match declared.origin {
            Origin::OutsideGroup(of) | Origin::OutsideCalendar(of) => {
                let of = model.schema.inputs.get(of).map_or("", |input| input.name.as_str());
                let group = matches!(declared.origin, Origin::OutsideGroup(_));
                let verb = match (group, raw == 1) {
                    (true, true) => "is in",
                    (true, false) => "is not in",
                    (false, true) => "is during",
                    (false, false) => "is outside",
                };
                format!("{of} {verb} {name}")
            }
            _ => format!("{name} is {}", if raw == 1 { "yes" } else { "no" }),
        },
        Type::OneOf(labels) => {
            let value = usize::try_from(raw).ok().and_then(|at| labels.get(at));
            format!("{name} is {}", value.map_or("", |label| label.name.as_str()))
        }
        Type::Duration(..) => format!("{name} is {}", civil::duration_text(u32::try_from(raw).unwrap_or(0))),
        Type::Date(..) => format!("{name} is {}", day_words(raw)),
        Type::Time => format!("{name} is {}", civil::time_text(raw)),
        Type::Identifier(kind) => {
            let Classifier::Identifier { known, same_as, .. } = &coordinate.classifier else { return name.clone() };
            let names = model.schema.identifiers.get(*kind).map_or(&[][..], |kind| &kind.names);
            if class < *known {
                return format!("{name} is \"{}\"", names.get(class as usize).map_or("", String::as_str));
            }
            match same_as.get((class - known) as usize).and_then(|&other| model.schema.inputs.get(other)) {
                Some(other) => format!("{name} is {}", other.name),
                None => format!("{name} is somebody no rule names"),
            }
        }
        Type::Number(..) | Type::SetOf(_) | Type::Moment(_) => format!("{name} is {raw}"),
    }
}

/// The JSON value of an input at a point; what does not matter has its usual value.
fn json(model: &Model, point: &[Option<u32>], input: InputId) -> String {
    let declared = &model.schema.inputs[input];
    let own = model.coordinates.iter().zip(point).filter(|(c, _)| c.input == input);
    let parts: Vec<(&Coordinate, u32)> = own.map(|(c, class)| (c, class.unwrap_or_else(|| usual(model, c)))).collect();
    let (mut members, mut date, mut time) = (Vec::new(), None, 0);
    for &(coordinate, class) in &parts {
        let raw = coordinate.samples.get(class as usize).copied().unwrap_or(0);
        if Some(class as u16) == coordinate.classifier.not_set() {
            return "null".to_string();
        }
        match coordinate.part {
            Part::Presence if class == 0 => return "null".to_string(),
            Part::Presence => {}
            Part::Member(member) if class == 1 => {
                members.extend(declared.ty.labels().get(usize::from(member)).map(|label| quoted(&label.name)));
            }
            Part::Member(_) => {}
            Part::Date => date = Some(raw),
            Part::Time => time = raw,
            Part::Whole => return whole_json(model, point, coordinate, class, raw),
        }
    }
    match date {
        Some(day) => quoted(&format!("{}T{}", civil::date_text(day), civil::time_text(time))),
        None => format!("[{}]", members.join(", ")),
    }
}

fn whole_json(model: &Model, point: &[Option<u32>], coordinate: &Coordinate, class: u32, raw: i64) -> String {
    let declared = &model.schema.inputs[coordinate.input];
    match &declared.ty {
        Type::YesNo => (raw == 1).to_string(),
        Type::OneOf(labels) => {
            quoted(usize::try_from(raw).ok().and_then(|at| labels.get(at)).map_or("", |label| label.name.as_str()))
        }
        Type::Date(..) => quoted(&civil::date_text(raw)),
        Type::Time => quoted(&civil::time_text(raw)),
        Type::Identifier(kind) => {
            let Classifier::Identifier { known, same_as, .. } = &coordinate.classifier else { return quoted("") };
            let kind = model.schema.identifiers.get(*kind);
            if class < *known {
                return quoted(kind.and_then(|kind| kind.names.get(class as usize)).map_or("", String::as_str));
            }
            match same_as.get((class - known) as usize) {
                Some(&other) => json(model, point, other),
                None => {
                    let taken = kind.map_or(&[][..], |kind| &kind.names);
                    let mut name =
                        format!("some-{}-{}", kind.map_or("", |kind| kind.name.as_str()), coordinate.input + 1);
                    while taken.contains(&name) {
                        name.push('x');
                    }
                    quoted(&name)
                }
            }
        }
        Type::Number(..) | Type::Duration(..) | Type::SetOf(_) | Type::Moment(_) => raw.to_string(),
    }
}

/// A JSON string.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
