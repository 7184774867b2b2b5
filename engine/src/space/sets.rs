//! A set of classes of one coordinate as a sentence: "key.risk is at least 4", "method is one of badge, access_code".
//!
//! In: a model, a coordinate and the classes it may have. Out: words in the language's own spelling where it has one.
//! Refuses to know: why somebody asks. Dates without a short spelling are counted and shown by a first day.

use super::civil;
use crate::model::{Classifier, Coordinate, CoordinateId, Model, Part};
use crate::schema::{FIRST_DAY, LAST_DAY, Origin, Type};

/// What the coordinate is when its class is one of these; nothing when that is no restriction. `allowed` has an entry for
/// each class.
#[must_use]
pub fn words(model: &Model, coordinate: CoordinateId, allowed: &[bool]) -> Option<String> {
    let it = model.coordinates.get(usize::from(coordinate))?;
    if allowed.iter().all(|&yes| yes) {
        return None;
    }
    let name = &model.schema.inputs[it.input].name;
    if allowed.iter().all(|&yes| !yes) {
        return Some(format!("{name} is impossible"));
    }
    let none = it.classifier.not_set().map(usize::from);
    let absent = none.is_some_and(|none| allowed.get(none).copied().unwrap_or(false));
    let set_classes = || allowed.iter().enumerate().filter(|(class, _)| Some(*class) != none).map(|(_, yes)| *yes);
    let name = match it.part {
        Part::Date => format!("{name}.date"),
        Part::Time => format!("{name}.time"),
        _ => name.clone(),
    };
    match (none, absent) {
        (Some(_), true) if set_classes().all(|yes| !yes) => return Some(format!("{name} is not set")),
        (Some(_), false) if set_classes().all(|yes| yes) => return Some(format!("{name} is set")),
        _ => {}
    }
    let is = value_words(model, it, &name, allowed);
    Some(if absent { format!("{name} is not set or {is}") } else { is })
}

/// What is said of the set values.
fn value_words(model: &Model, it: &Coordinate, name: &str, allowed: &[bool]) -> String {
    let input = &model.schema.inputs[it.input];
    if let Classifier::Identifier { .. } = it.classifier {
        return identifier_words(model, it, name, allowed);
    }
    let ranges = merged(it, allowed);
    match (&input.ty, it.part) {
        (_, Part::Presence) => format!("{name} {}", if holds(&ranges, 1) { "is set" } else { "is not set" }),
        (ty, Part::Member(member)) => {
            let member = ty.labels().get(usize::from(member)).map_or("", |label| label.name.as_str());
            format!("{name} {} {member}", if holds(&ranges, 1) { "include" } else { "do not include" })
        }
        (Type::YesNo, _) => yes_no(model, input.origin, name, holds(&ranges, 1)),
        (Type::OneOf(labels), _) => {
            let (mut within, mut outside) = (Vec::new(), Vec::new());
            for (value, label) in labels.iter().enumerate() {
                let side = if holds(&ranges, value as i64) { &mut within } else { &mut outside };
                side.push(label.name.as_str());
            }
            match (within.as_slice(), outside.as_slice()) {
                ([one], _) => format!("{name} is {one}"),
                (_, [one]) => format!("{name} is not {one}"),
                (within, outside) if within.len() <= outside.len() => format!("{name} is one of {}", within.join(", ")),
                (_, outside) => format!("{name} is not one of {}", outside.join(", ")),
            }
        }
        (Type::Moment(_), Part::Date) | (Type::Date(..), _) => date_words(name, it, &ranges),
        (Type::Time, _) | (Type::Moment(_), _) => spans(name, &ranges, (0, 1439), true, civil::time_text),
        (Type::Duration(low, high), _) => spans(name, &ranges, (i64::from(*low), i64::from(*high)), false, |minutes| {
            civil::duration_text(u32::try_from(minutes).unwrap_or(0))
        }),
        (Type::Number(low, high), _) => {
            spans(name, &ranges, (i64::from(*low), i64::from(*high)), false, |n| n.to_string())
        }
        (Type::SetOf(_) | Type::Identifier(_), _) => name.to_string(),
    }
}

fn yes_no(model: &Model, origin: Origin, name: &str, yes: bool) -> String {
    let of = |input: usize| model.schema.inputs.get(input).map_or("", |input| input.name.as_str());
    match (origin, yes) {
        (Origin::OutsideGroup(input), true) => format!("{} is in {name}", of(input)),
        (Origin::OutsideGroup(input), false) => format!("{} is not in {name}", of(input)),
        (Origin::OutsideCalendar(input), true) => format!("{} is during {name}", of(input)),
        (Origin::OutsideCalendar(input), false) => format!("{} is outside {name}", of(input)),
        (_, yes) => format!("{name} is {}", if yes { "yes" } else { "no" }),
    }
}

fn identifier_words(model: &Model, it: &Coordinate, name: &str, allowed: &[bool]) -> String {
    let Classifier::Identifier { known, same_as, .. } = &it.classifier else { return name.to_string() };
    let Type::Identifier(kind) = model.schema.inputs[it.input].ty else { return name.to_string() };
    let names = model.schema.identifiers.get(kind).map_or(&[][..], |kind| &kind.names);
    let fresh = *known as usize + same_as.len();
    let says = |class: usize, is: &str| match class {
        class if class < *known as usize => format!("{is} \"{}\"", names.get(class).map_or("", String::as_str)),
        class if class < fresh => {
            let other = same_as.get(class - *known as usize).and_then(|&other| model.schema.inputs.get(other));
            format!("{is} {}", other.map_or("", |input| input.name.as_str()))
        }
        _ => format!("{is} somebody no rule names"),
    };
    let classes = 0..=fresh.min(allowed.len().saturating_sub(1));
    let within: Vec<usize> = classes.clone().filter(|&class| allowed[class]).collect();
    let outside: Vec<usize> = classes.filter(|&class| !allowed[class]).collect();
    // Whoever is not named is told by whom they are not.
    if !within.contains(&fresh) {
        let list: Vec<String> = within.iter().map(|&class| says(class, "is")).collect();
        format!("{name} {}", list.join(" or "))
    } else {
        let list: Vec<String> = outside.iter().map(|&class| says(class, "is not")).collect();
        format!("{name} {}", list.join(" and "))
    }
}

/// Numbers, durations and times as spans. `until` spells an upper end by the value after it, as times are read.
fn spans(
    name: &str,
    ranges: &[(i64, i64)],
    (low, high): (i64, i64),
    until: bool,
    text: impl Fn(i64) -> String,
) -> String {
    let one = |&(from, to): &(i64, i64)| match (from <= low, to >= high) {
        _ if from == to => format!("is {}", text(from)),
        (true, _) if until => format!("is before {}", text(to + 1)),
        (true, _) => format!("is at most {}", text(to)),
        (_, true) => format!("is at least {}", text(from)),
        _ if until => format!("is from {} until {}", text(from), text(to + 1)),
        _ => format!("is from {} to {}", text(from), text(to)),
    };
    // "Everything but one value" reads better as what it is not.
    if let [(_, before), (after, _)] = ranges
        && ranges[0].0 <= low
        && ranges[1].1 >= high
        && after - before == 2
    {
        return format!("{name} is not {}", text(before + 1));
    }
    let list: Vec<String> = ranges.iter().map(one).collect();
    format!("{name} {}", list.join(" or "))
}

/// Days as weekdays, as days of every year, as spans, or counted.
fn date_words(name: &str, it: &Coordinate, ranges: &[(i64, i64)]) -> String {
    let (low, high) =
        it.ranges.iter().flatten().fold((i64::MAX, i64::MIN), |(low, high), &(from, to)| (low.min(from), high.max(to)));
    let (low, high) = if low > high { (i64::from(FIRST_DAY), i64::from(LAST_DAY)) } else { (low, high) };
    if ranges.is_empty() {
        return format!("{name} is before {} or after {}", civil::date_text(low), civil::date_text(high));
    }
    if ranges.len() <= 2 {
        return spans(name, ranges, (low, high), false, civil::date_text);
    }
    let mut inside = [0usize; 7];
    let mut all = [0usize; 7];
    for day in low..=high {
        let weekday = usize::from(civil::weekday(day));
        all[weekday] += 1;
        inside[weekday] += usize::from(holds(ranges, day));
    }
    let mostly: Vec<bool> = inside.iter().zip(all).map(|(inside, all)| 2 * inside > all).collect();
    let odd = |day: i64| holds(ranges, day) != mostly[usize::from(civil::weekday(day))];
    let odd_days: Vec<i64> = (low..=high).filter(|&day| odd(day)).collect();
    let week = weekday_words(&mostly);
    if odd_days.is_empty() {
        return format!("{} is {week}", name.replace(".date", ".weekday"));
    }
    let total: usize = inside.iter().sum();
    let first = ranges.first().map_or(low, |range| range.0);
    if mostly.iter().all(|yes| !yes) {
        return match yearly(&odd_days, low, high) {
            Some(days) => format!("{name} is {days} of any year"),
            None => format!("{name} is one of {total} days, the first {}", civil::date_text(first)),
        };
    }
    let but = match yearly(&odd_days, low, high) {
        Some(days) => format!("{days} of any year"),
        None => format!(
            "{} days, the first {}",
            odd_days.len(),
            odd_days.first().map_or(String::new(), |&d| civil::date_text(d))
        ),
    };
    let most = if mostly.iter().all(|yes| *yes) { "any day".to_string() } else { week };
    format!("{name} is {most} except on {but}")
}

/// The days of every year these days are, if they are the same every year and few.
fn yearly(days: &[i64], low: i64, high: i64) -> Option<String> {
    let mut found: Vec<u16> = days.iter().map(|&day| civil::year_day(day)).collect();
    found.sort_unstable();
    found.dedup();
    if found.len() > 8 {
        return None;
    }
    let expected = (low..=high).filter(|&day| found.binary_search(&civil::year_day(day)).is_ok()).count();
    let list: Vec<String> = found.iter().map(|day| format!("{:02}-{:02}", day / 32, day % 32)).collect();
    (expected == days.len()).then(|| list.join(", "))
}

fn weekday_words(days: &[bool]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut day = 0;
    while day < days.len() {
        if days[day] {
            let end = (day..days.len()).take_while(|&at| days[at]).last().unwrap_or(day);
            let (from, to) = (civil::weekday_name(day as u8), civil::weekday_name(end as u8));
            parts.push(match end - day {
                0 => from.to_string(),
                1 => format!("{from}, {to}"),
                _ => format!("{from} to {to}"),
            });
            day = end;
        }
        day += 1;
    }
    parts.join(", ")
}

fn holds(ranges: &[(i64, i64)], raw: i64) -> bool {
    let at = ranges.partition_point(|range| range.1 < raw);
    ranges.get(at).is_some_and(|range| range.0 <= raw)
}

/// The raw values of the allowed classes as ascending intervals that do not touch.
fn merged(it: &Coordinate, allowed: &[bool]) -> Vec<(i64, i64)> {
    let own = it.ranges.iter().zip(allowed).filter(|(_, yes)| **yes);
    let mut all: Vec<(i64, i64)> = own.flat_map(|(ranges, _)| ranges.iter().copied()).collect();
    all.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(all.len());
    for (from, to) in all {
        match merged.last_mut() {
            Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}
