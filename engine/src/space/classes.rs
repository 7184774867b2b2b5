//! From a request to the classes of its coordinates.
//!
//! In: a model and a request. Out: a class for each known coordinate, or the input whose value does not fit.
//! Refuses to know: bytes and JSON. Assumptions are a diagram (`Model::valid`) and not asked here.

use super::civil;
use super::words::Point;
use crate::model::{Classifier, Coordinate, Model, Part};
use crate::schema::{InputId, Value};
use crate::value::Request;

/// The class of every coordinate the request knows; of the others nothing. Else the first input whose value is out of range.
pub fn of_request(model: &Model, request: &Request) -> Result<Point, InputId> {
    let mut point = Point::with_capacity(model.coordinates.len());
    for coordinate in &model.coordinates {
        let class = match request.get(coordinate.input) {
            None => None,
            Some(value) => Some(of_value(model, request, coordinate, value).ok_or(coordinate.input)?),
        };
        point.push(class);
    }
    Ok(point)
}

/// The class of one coordinate for a value of its input; nothing if the value is out of range.
#[must_use]
pub fn of_value(model: &Model, request: &Request, coordinate: &Coordinate, value: &Value) -> Option<u32> {
    if let (Value::Identifier(name), Classifier::Identifier { known, same_as, .. }) = (value, &coordinate.classifier) {
        let crate::schema::Type::Identifier(kind) = model.schema.inputs.get(coordinate.input)?.ty else { return None };
        if let Some(found) = model.schema.identifier(kind, name).filter(|&found| (found as u32) < *known) {
            return Some(found as u32);
        }
        let same = same_as.iter().position(|&other| request.get(other) == Some(value));
        return Some(known + same.unwrap_or(same_as.len()) as u32);
    }
    let raw = match (value, coordinate.part) {
        (Value::NotSet, Part::Presence) => 0,
        // The parts of what is not set are free: any class will do.
        (Value::NotSet, Part::Member(_) | Part::Date | Part::Time) if coordinate.classifier.not_set().is_none() => {
            return Some(super::words::usual(model, coordinate));
        }
        (Value::NotSet, _) => return coordinate.classifier.not_set().map(u32::from),
        (Value::Set(_) | Value::Moment(..), Part::Presence) => 1,
        (Value::Set(mask), Part::Member(member)) => i64::from(mask >> member & 1),
        (Value::Moment(day, _), Part::Date) => i64::from(*day),
        (Value::Moment(_, minute), Part::Time) => i64::from(*minute),
        (Value::YesNo(yes), Part::Whole) => i64::from(*yes),
        (Value::Choice(choice), Part::Whole) => i64::from(*choice),
        (Value::Number(n) | Value::Duration(n), Part::Whole) => i64::from(*n),
        (Value::Date(day), Part::Whole) => i64::from(*day),
        (Value::Time(minute), Part::Whole) => i64::from(*minute),
        _ => return None,
    };
    in_bounds(model, coordinate.input, value).then(|| of_raw(&coordinate.classifier, raw)).flatten()
}

/// The class of a raw value; nothing for identifiers and for what the classifier does not know.
#[must_use]
pub fn of_raw(classifier: &Classifier, raw: i64) -> Option<u32> {
    let class = match classifier {
        Classifier::Direct { classes, .. } => *classes.get(usize::try_from(raw).ok()?)?,
        Classifier::Bounds { starts, classes, .. } => {
            *classes.get(starts.partition_point(|&start| start <= raw).checked_sub(1)?)?
        }
        Classifier::Date { day_starts, year_starts, table, .. } => {
            let one_off = day_starts.partition_point(|&start| start <= raw).checked_sub(1)?;
            let yearly = year_starts.partition_point(|&start| start <= civil::year_day(raw)).checked_sub(1)?;
            *table.get((one_off * year_starts.len() + yearly) * 7 + usize::from(civil::weekday(raw)))?
        }
        Classifier::Identifier { .. } => return None,
    };
    Some(u32::from(class))
}

fn in_bounds(model: &Model, input: InputId, value: &Value) -> bool {
    use crate::schema::Type;
    let Some(input) = model.schema.inputs.get(input) else { return false };
    match (&input.ty, value) {
        (Type::Number(low, high), Value::Number(n)) | (Type::Duration(low, high), Value::Duration(n)) => {
            (low..=high).contains(&n)
        }
        (Type::Date(low, high), Value::Date(day)) => (low..=high).contains(&day),
        (Type::SetOf(members), Value::Set(mask)) => u64::from(*mask) >> members.len() == 0,
        (Type::Time, Value::Time(minute)) | (Type::Moment(_), Value::Moment(_, minute)) => *minute < 1440,
        _ => true,
    }
}
