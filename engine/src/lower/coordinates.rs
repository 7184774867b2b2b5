//! The coordinates of a policy: one for a plain input, one a member for sets, date and time for moments.
//!
//! In: the schema and what is asked. Out: coordinates with classifiers, weights and samples.
//! Refuses to know: rules. Values of `one of` and members keep a class each; ordered values share one when nothing tells
//! them apart. `not set` weighs as much as all set values together.

use super::asked::Asked;
use super::classes::cut;
use super::dates::{DateQuestions, classes};
use crate::codes::KW200;
use crate::diagnostic::Diagnostic;
use crate::model::{Classifier, Coordinate, CoordinateId, Part};
use crate::schema::{FIRST_DAY, Input, InputId, LAST_DAY, Schema, Type, Value};
use crate::space::civil;
use crate::typed::Policy;

/// Builds all coordinates, in schema order.
pub(super) fn build(
    schema: &Schema,
    asked: &[Asked],
    policies: &[&Policy],
) -> Result<Vec<Coordinate>, Vec<Diagnostic>> {
    let mut all = Vec::new();
    for (number, input) in schema.inputs.iter().enumerate() {
        let own = Build { schema, input, number, asked: &asked[number], policies };
        own.push(&mut all).ok_or_else(|| vec![too_many(input)])?;
    }
    Ok(all)
}

fn too_many(input: &Input) -> Diagnostic {
    Diagnostic::new(KW200, input.span, format!("the conditions tell too many values of `{}` apart", input.name))
        .note("Values that no condition tells apart are treated as one; here more than 65,000 are left.")
        .hint("Use fewer different bounds or dates, or let the host say which kind of value it is.")
}

/// The coordinate of a part of an input.
pub(super) fn find(coordinates: &[Coordinate], input: InputId, part: Part) -> Option<CoordinateId> {
    let at = coordinates.iter().position(|c| c.input == input && c.part == part)?;
    CoordinateId::try_from(at).ok()
}

struct Build<'a> {
    schema: &'a Schema,
    input: &'a Input,
    number: InputId,
    asked: &'a Asked,
    policies: &'a [&'a Policy],
}

impl Build<'_> {
    fn push(&self, all: &mut Vec<Coordinate>) -> Option<()> {
        let optional = self.input.optional;
        match &self.input.ty {
            Type::YesNo => all.push(self.direct(Part::Whole, 2, optional)),
            Type::OneOf(labels) => all.push(self.direct(Part::Whole, labels.len(), optional)),
            Type::SetOf(labels) => {
                if optional {
                    all.push(self.direct(Part::Presence, 2, false));
                }
                for member in 0..labels.len() {
                    all.push(self.direct(Part::Member(u8::try_from(member).ok()?), 2, false));
                }
            }
            Type::Number(low, high) | Type::Duration(low, high) => {
                all.push(self.bounds(Part::Whole, i64::from(*low), i64::from(*high), optional)?);
            }
            Type::Time => all.push(self.bounds(Part::Whole, 0, 1439, optional)?),
            Type::Date(low, high) => {
                all.push(self.date(Part::Whole, i64::from(*low), i64::from(*high), true)?);
            }
            Type::Moment(_) => {
                if optional {
                    all.push(self.direct(Part::Presence, 2, false));
                }
                let date = self.date(Part::Date, i64::from(FIRST_DAY), i64::from(LAST_DAY), false)?;
                let time = self.minutes(&date)?;
                all.extend([date, time]);
            }
            Type::Identifier(_) => all.push(self.identifier()?),
        }
        Some(())
    }

    fn direct(&self, part: Part, count: usize, optional: bool) -> Coordinate {
        let raw = 0..count as i64;
        let classes: Vec<u16> = (0..count as u16).collect();
        let not_set = optional.then_some(count as u16);
        let coordinate = Coordinate {
            input: self.number,
            part,
            classifier: Classifier::Direct { classes, not_set },
            classes: count as u32,
            weights: vec![1; count],
            samples: raw.clone().collect(),
            ranges: raw.map(|value| vec![(value, value)]).collect(),
        };
        with_not_set(coordinate, optional)
    }

    fn bounds(&self, part: Part, low: i64, high: i64, optional: bool) -> Option<Coordinate> {
        let sets: Vec<Vec<(i64, i64)>> = self.asked.ranges.iter().map(|&range| vec![range]).collect();
        self.intervals(part, (low, high), &sets, optional)
    }

    /// Minutes of the day: also cut by the hours that calendars have on some day.
    fn minutes(&self, date: &Coordinate) -> Option<Coordinate> {
        let mut sets: Vec<Vec<(i64, i64)>> = self.asked.ranges.iter().map(|&range| vec![range]).collect();
        for &(policy, calendar) in &self.asked.calendars {
            for &day in &date.samples {
                let minutes = crate::space::hours::minutes(self.policies.get(policy)?, calendar, day);
                sets.push(minutes.iter().map(|&(from, until)| (i64::from(from), i64::from(until) - 1)).collect());
            }
        }
        sets.sort_unstable();
        sets.dedup();
        self.intervals(Part::Time, (0, 1439), &sets, false)
    }

    fn intervals(
        &self,
        part: Part,
        (low, high): (i64, i64),
        sets: &[Vec<(i64, i64)>],
        optional: bool,
    ) -> Option<Coordinate> {
        let cut = cut(low, high, sets);
        let count = u16::try_from(cut.count).ok().filter(|&count| count < u16::MAX)?;
        let mut weights = vec![0; usize::from(count)];
        let mut ranges = vec![Vec::new(); usize::from(count)];
        for (at, &class) in cut.classes.iter().enumerate() {
            let end = cut.starts.get(at + 1).map_or(high.max(low), |next| next - 1);
            weights[class as usize] += (end - cut.starts[at] + 1) as u64;
            ranges[class as usize].push((cut.starts[at], end));
        }
        let familiar = self.familiar(&cut.starts, &cut.classes);
        let samples = (0..u32::from(count)).zip(&ranges).map(|(class, ranges)| match familiar {
            Some((value, of)) if of == class => value,
            _ => sample(part == Part::Time || self.input.ty == Type::Time, ranges),
        });
        let samples = samples.collect();
        let classes = cut.classes.iter().map(|&class| class as u16).collect();
        let coordinate = Coordinate {
            input: self.number,
            part,
            classifier: Classifier::Bounds { starts: cut.starts, classes, not_set: optional.then_some(count) },
            classes: u32::from(count),
            weights,
            samples,
            ranges,
        };
        Some(with_not_set(coordinate, optional))
    }

    /// The default of a setting, with its class.
    fn familiar(&self, starts: &[i64], classes: &[u32]) -> Option<(i64, u32)> {
        let value = match self.input.default.as_ref()? {
            Value::Number(n) | Value::Duration(n) => i64::from(*n),
            Value::Time(minute) => i64::from(*minute),
            _ => return None,
        };
        let at = starts.partition_point(|&start| start <= value).checked_sub(1)?;
        Some((value, *classes.get(at)?))
    }

    fn date(&self, part: Part, first: i64, last: i64, only_horizon: bool) -> Option<Coordinate> {
        let questions = DateQuestions {
            ranges: self.asked.days.iter().copied().collect(),
            weekdays: self.asked.weekdays.iter().copied().collect(),
            calendars: self.asked.calendars.iter().filter_map(|&(p, c)| Some((*self.policies.get(p)?, c))).collect(),
        };
        let optional = part == Part::Whole && self.input.optional;
        let (earliest, latest) = (civil::day(1900, 1, 1), civil::day(2199, 12, 31));
        let found = classes(&questions, first.clamp(earliest, latest), last.clamp(earliest, latest), only_horizon)?;
        let count = u16::try_from(found.weights.len()).ok().filter(|&count| count < u16::MAX)?;
        let mut classifier = found.classifier;
        if let Classifier::Date { not_set, .. } = &mut classifier {
            *not_set = optional.then_some(count);
        }
        let coordinate = Coordinate {
            input: self.number,
            part,
            classifier,
            classes: u32::from(count),
            weights: found.weights,
            samples: found.samples,
            ranges: found.ranges,
        };
        Some(with_not_set(coordinate, optional))
    }

    /// Known names that can be told apart, `same as` earlier compared inputs, and everybody else.
    fn identifier(&self) -> Option<Coordinate> {
        let same_as: Vec<InputId> = self.asked.same.iter().copied().filter(|&other| other < self.number).collect();
        let known = if let Type::Identifier(kind) = self.input.ty {
            let names = self.schema.identifiers.get(kind).map_or(0, |kind| kind.names.len());
            self.asked.names.min(u32::try_from(names).ok()?)
        } else {
            0
        };
        let count = known as usize + same_as.len() + 1;
        let not_set = u16::try_from(count).ok().filter(|&count| count < u16::MAX)?;
        let optional = self.input.optional;
        let coordinate = Coordinate {
            input: self.number,
            part: Part::Whole,
            classifier: Classifier::Identifier { known, same_as, not_set: optional.then_some(not_set) },
            classes: count as u32,
            weights: vec![1; count],
            samples: (0..count as i64).collect(),
            ranges: (0..count as i64).map(|value| vec![(value, value)]).collect(),
        };
        Some(with_not_set(coordinate, optional))
    }
}

fn with_not_set(mut coordinate: Coordinate, optional: bool) -> Coordinate {
    if optional {
        let all = coordinate.weights.iter().sum();
        coordinate.weights.push(all);
        coordinate.samples.push(0);
        coordinate.ranges.push(Vec::new());
        coordinate.classes += 1;
    }
    coordinate
}

/// A familiar value: the first one; for times of day a full hour inside the longest interval.
fn sample(time: bool, ranges: &[(i64, i64)]) -> i64 {
    let first = ranges.first().map_or(0, |range| range.0);
    if !time {
        return first;
    }
    let longest = ranges.iter().max_by_key(|(from, to)| (to - from, -from)).copied().unwrap_or((first, first));
    let middle = (longest.0 + longest.1 + 1) / 2 / 60 * 60;
    if middle >= longest.0 { middle } else { longest.0 }
}
