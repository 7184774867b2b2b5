//! The diagram as a decider: raw values to classes, classes to terminals.
//! In: a model and a request. Out: what the diagrams say. Refuses to know tables and modules.

use super::Answered;
use keyward::model::{BLANK, CONFLICT, Classifier, Coordinate, GAP, Model, NO_LIMIT, Part, YES};
use keyward::schema::{AnswerId, AnswerKind, DecisionId, Value};
use keyward::typed::AnswerValue;
use keyward::value::{Request, Status};

/// What the diagrams say of a complete request. Why rules applied is not theirs to say.
pub fn decide(model: &Model, decision: DecisionId, request: &Request) -> Answered {
    let unsure = |status| Answered { status, answers: model.decisions[decision].unsure.clone(), why: None };
    let Some(classes) = classes(model, request) else {
        return unsure(Status::UnsureInvalid);
    };
    if model.forest.value(model.valid, |coordinate| classes[usize::from(coordinate)]) != YES {
        return unsure(Status::UnsureInvalid);
    }
    let count = model.decisions[decision].answers.len();
    let answers = (0..count).map(|answer| value(model, decision, answer, &classes)).collect::<Result<Vec<_>, _>>();
    match answers {
        Ok(answers) => Answered { status: Status::Ok, answers, why: None },
        Err(_) => Answered { status: Status::SchemaMismatch, answers: Vec::new(), why: None },
    }
}

/// An answer that the diagrams leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// No rule answers.
    Gap,
    /// Rules answer differently.
    Conflict,
    /// A terminal that means nothing for this answer.
    Nonsense,
}

/// The value of one answer.
pub fn value(model: &Model, decision: DecisionId, answer: AnswerId, classes: &[u32]) -> Result<AnswerValue, Open> {
    let roots = &model.decisions[decision].answers[answer].roots;
    let terminal = |root: usize| model.forest.value(roots[root], |coordinate| classes[usize::from(coordinate)]);
    if let AnswerKind::SetOf(labels) = &model.schema.decisions[decision].answers[answer].kind {
        let terminals: Vec<u32> = (0..labels.len()).map(terminal).collect();
        if terminals.iter().all(|terminal| *terminal == BLANK) {
            return Ok(AnswerValue::Blank);
        }
        if terminals.contains(&BLANK) {
            return Err(Open::Nonsense);
        }
        return Ok(AnswerValue::Set(
            terminals.iter().enumerate().fold(0, |set, (member, terminal)| set | (terminal & 1) << member),
        ));
    }
    let durations = &model.decisions[decision].answers[answer].durations;
    let shortest = matches!(model.schema.decisions[decision].answers[answer].kind, AnswerKind::Shortest(_));
    match terminal(0) {
        BLANK => Ok(AnswerValue::Blank),
        NO_LIMIT => Ok(AnswerValue::NoLimit),
        GAP => Err(Open::Gap),
        CONFLICT => Err(Open::Conflict),
        index if shortest => durations.get(index as usize).map(|d| AnswerValue::Duration(*d)).ok_or(Open::Nonsense),
        index => u8::try_from(index).map(AnswerValue::Choice).map_err(|_| Open::Nonsense),
    }
}

/// The class of each coordinate; `None` if a value is not one of its type.
pub fn classes(model: &Model, request: &Request) -> Option<Vec<u32>> {
    let mut classes = Vec::new();
    for coordinate in &model.coordinates {
        let input = &model.schema.inputs[coordinate.input];
        let value = request.get(coordinate.input)?;
        if !is_typed(&input.ty, input.optional, value) {
            return None;
        }
        classes.push(class(model, coordinate, value, request, &classes)?);
    }
    Some(classes)
}

/// Whether a value is of a type, pins and assumptions aside.
fn is_typed(ty: &keyward::schema::Type, optional: bool, value: &Value) -> bool {
    use keyward::schema::Type;
    match (ty, value) {
        (_, Value::NotSet) => optional,
        (Type::YesNo, Value::YesNo(_)) | (Type::Identifier(_), Value::Identifier(_)) => true,
        (Type::OneOf(labels), Value::Choice(choice)) => usize::from(*choice) < labels.len(),
        (Type::SetOf(labels), Value::Set(set)) => labels.len() == 32 || set >> labels.len() == 0,
        (Type::Number(a, b), Value::Number(n)) | (Type::Duration(a, b), Value::Duration(n)) => (a..=b).contains(&n),
        (Type::Moment(_), Value::Moment(day, minute)) => (-25_567..=84_005).contains(day) && *minute < 1440,
        (Type::Date(a, b), Value::Date(day)) => (-25_567..=84_005).contains(day) && (a..=b).contains(&day),
        (Type::Time, Value::Time(minute)) => *minute < 1440,
        _ => false,
    }
}

fn class(model: &Model, coordinate: &Coordinate, value: &Value, request: &Request, before: &[u32]) -> Option<u32> {
    let raw = raw(coordinate.part, value);
    match &coordinate.classifier {
        Classifier::Direct { classes, not_set } => match raw {
            Some(raw) => classes.get(usize::try_from(raw).ok()?).copied().map(u32::from),
            None => not_set.map(u32::from).or(Some(0)),
        },
        Classifier::Bounds { starts, classes, not_set } => match raw {
            Some(raw) => {
                let place = starts.iter().rposition(|start| *start <= raw)?;
                classes.get(place).copied().map(u32::from)
            }
            None => not_set.map(u32::from).or(Some(0)),
        },
        Classifier::Date { day_starts, year_starts, table, not_set } => match raw {
            Some(raw) => {
                let day = i32::try_from(raw).ok()?;
                let (_, month, date) = keyward::eval::civil(day);
                let of_year = month * 32 + date;
                let a = day_starts.iter().rposition(|start| *start <= raw)?;
                let b = year_starts.iter().rposition(|start| *start <= of_year)?;
                let weekday = usize::from(keyward::eval::weekday(day));
                table.get((a * year_starts.len() + b) * 7 + weekday).copied().map(u32::from)
            }
            None => not_set.map(u32::from).or(Some(0)),
        },
        Classifier::Identifier { known, same_as, not_set } => {
            let Value::Identifier(name) = value else { return not_set.map(u32::from) };
            let kind = match model.schema.inputs[coordinate.input].ty {
                keyward::schema::Type::Identifier(kind) => kind,
                _ => return None,
            };
            if let Some(place) = model.schema.identifier(kind, name).filter(|place| *place < *known as usize) {
                return u32::try_from(place).ok();
            }
            let fresh = known + u32::try_from(same_as.len()).ok()?;
            let same = same_as.iter().position(|other| {
                let place = model.coordinates.iter().position(|coordinate| coordinate.input == *other);
                let is_fresh = place.and_then(|place| before.get(place)).is_some_and(|class| {
                    matches!(
                        &model.coordinates[place.unwrap_or(0)].classifier,
                        Classifier::Identifier { known, same_as, .. } if *class == known + same_as.len() as u32
                    )
                });
                is_fresh && request.get(*other) == Some(value)
            });
            Some(same.map_or(fresh, |place| known + place as u32))
        }
    }
}

/// The raw value a classifier takes; `None` for not set. A part of a moment or set that is not set is anything.
fn raw(part: Part, value: &Value) -> Option<i64> {
    match (part, value) {
        (Part::Presence, value) => Some(i64::from(*value != Value::NotSet)),
        (Part::Member(member), Value::Set(set)) => Some(i64::from(set >> member & 1)),
        (Part::Date, Value::Moment(day, _)) => Some(i64::from(*day)),
        (Part::Time, Value::Moment(_, minute)) => Some(i64::from(*minute)),
        (Part::Whole, Value::YesNo(yes)) => Some(i64::from(*yes)),
        (Part::Whole, Value::Choice(choice)) => Some(i64::from(*choice)),
        (Part::Whole, Value::Number(n) | Value::Duration(n)) => Some(i64::from(*n)),
        (Part::Whole, Value::Date(day)) => Some(i64::from(*day)),
        (Part::Whole, Value::Time(minute)) => Some(i64::from(*minute)),
        _ => None,
    }
}
