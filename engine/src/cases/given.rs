//! Classes as conditions of the language.
//!
//! In: the class of some coordinates. Out: conditions that hold for a part of them at most. Refuses values the language has
//! no words for.

use super::aims::raw_text;
use crate::model::{Classifier, Coordinate, Part};
use crate::schema::{Origin, Type};
use crate::space::look::Look;

/// The conditions, in the order of the inputs; `pinned` names the value of one coordinate.
pub(super) fn words(look: &Look<'_>, fixed: &[Option<u32>], pinned: Option<(u16, i64)>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for (place, coordinate) in look.model.coordinates.iter().enumerate() {
        let Some(class) = fixed.get(place).copied().flatten() else { continue };
        let raw = match pinned {
            Some((number, raw)) if usize::from(number) == place => raw,
            _ => value(coordinate, class),
        };
        for text in one(look, coordinate, class, raw)? {
            if !found.contains(&text) {
                found.push(text);
            }
        }
        // A negative test of an optional input says which side not set is on.
        let of = match (&look.policy.schema.inputs[coordinate.input].origin, coordinate.part) {
            (Origin::OutsideGroup(of), _) if raw == 0 => *of,
            (_, Part::Member(_)) if class == 0 => coordinate.input,
            _ => continue,
        };
        let absent = |(place, other): (usize, &Coordinate)| {
            let class = fixed.get(place).copied().flatten();
            let not_set =
                if other.part == Part::Presence { Some(0) } else { other.classifier.not_set().map(u32::from) };
            other.input == of && class.is_some() && class == not_set
        };
        let set = format!("{} is set", look.policy.schema.inputs[of].name);
        if look.policy.schema.inputs[of].optional
            && !look.model.coordinates.iter().enumerate().any(absent)
            && !found.contains(&set)
        {
            found.push(set);
        }
    }
    Some(found)
}

/// A value of a class that can be written: a familiar one, if that is in range.
pub(super) fn value(coordinate: &Coordinate, class: u32) -> i64 {
    let sample = coordinate.samples.get(class as usize).copied().unwrap_or(0);
    let ranges = coordinate.ranges.get(class as usize).map_or(&[][..], Vec::as_slice);
    match ranges.first() {
        Some(&(first, _)) if !ranges.iter().any(|&(from, to)| (from..=to).contains(&sample)) => first,
        _ => sample,
    }
}

fn one(look: &Look<'_>, coordinate: &Coordinate, class: u32, raw: i64) -> Option<Vec<String>> {
    let input = &look.policy.schema.inputs[coordinate.input];
    let name = &input.name;
    let is = |value: &str| Some(vec![format!("{name} is {value}")]);
    if coordinate.classifier.not_set().map(u32::from) == Some(class) {
        return is("not set");
    }
    match coordinate.part {
        Part::Presence => return is(if class == 1 { "set" } else { "not set" }),
        Part::Member(member) => {
            let label = input.ty.labels().get(usize::from(member))?;
            let verb = if class == 1 { "include" } else { "do not include" };
            return Some(vec![format!("{name} {verb} {}", label.name)]);
        }
        Part::Date => return Some(vec![format!("{name}.date is {}", raw_text(&input.ty, Part::Date, raw))]),
        Part::Time => return Some(vec![format!("{name}.time is {}", raw_text(&input.ty, Part::Time, raw))]),
        Part::Whole => {}
    }
    match &input.ty {
        Type::YesNo => match input.origin {
            Origin::OutsideGroup(of) | Origin::OutsideCalendar(of) => {
                let of = &look.policy.schema.inputs.get(of)?.name;
                let verb = match (&input.origin, raw == 1) {
                    (Origin::OutsideGroup(_), true) => "is in",
                    (Origin::OutsideGroup(_), false) => "is not in",
                    (_, true) => "is during",
                    (_, false) => "is outside",
                };
                Some(vec![format!("{of} {verb} {name}")])
            }
            _ => is(if raw == 1 { "yes" } else { "no" }),
        },
        Type::OneOf(labels) => is(&labels.get(usize::try_from(raw).ok()?)?.name),
        Type::Identifier(kind) => {
            let Classifier::Identifier { known, same_as, .. } = &coordinate.classifier else { return None };
            let names = look.policy.schema.identifiers.get(*kind).map_or(&[][..], |kind| &kind.names[..]);
            let others: Option<Vec<&str>> =
                same_as.iter().map(|&other| Some(look.policy.schema.inputs.get(other)?.name.as_str())).collect();
            let others = others?;
            if class < *known {
                return is(&format!("\"{}\"", names.get(class as usize)?));
            }
            let mut none: Vec<String> =
                names.iter().take(*known as usize).map(|other| format!("{name} is not \"{other}\"")).collect();
            // The same as another one, and both somebody no rule names.
            if let Some(other) = others.get((class - known) as usize) {
                none.insert(0, format!("{name} is {other}"));
                if input.optional && none.len() > 1 {
                    none.push(format!("{name} is set"));
                }
                return Some(none);
            }
            none.extend(others.iter().map(|other| format!("{name} is not {other}")));
            if input.optional {
                none.push(format!("{name} is set"));
            }
            Some(none)
        }
        ty => is(&raw_text(ty, Part::Whole, raw)),
    }
}
