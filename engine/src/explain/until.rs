//! Until when an outcome holds: the next minute at which a moving clock may change it.
//!
//! In: a request whose outcome is certain. Out: for each known moment the next date and minute, or never.
//! Refuses to know: zones; moments are civil at the site.
//!
//! Only the moment moves. An input of type duration is not moved, although the age of a session grows with the clock, and
//! neither is a calendar kept outside: which of those matter is listed, so that nobody takes the answer for more than it is.

use std::collections::BTreeMap;

use super::ground::{Allowed, Ground, INVALID, Region};
use super::types::{Next, Until};
use super::words;
use crate::diagram::{Exploded, Ref};
use crate::model::{Classifier, Coordinate, CoordinateId, Part};
use crate::schema::{FIRST_DAY, InputId, LAST_DAY, Origin, Type, Value};
use crate::space::classes::of_raw;

/// For each known moment, when the outcome may change next.
pub(super) fn all(ground: &mut Ground<'_>, region: &Region, outcome: &[Vec<u32>]) -> Result<Vec<Until>, Exploded> {
    let mut found = Vec::new();
    for input in 0..ground.model.schema.inputs.len() {
        let Some(Value::Moment(day, minute)) = ground.request.get(input).cloned() else { continue };
        let part = |part: Part| {
            let own = ground.coordinates(input).into_iter();
            own.into_iter().find(|&c| ground.model.coordinates[usize::from(c)].part == part)
        };
        let (Some(date), Some(time)) = (part(Part::Date), part(Part::Time)) else { continue };
        let mut clock =
            Clock { region: region.clone(), date, time, groups: ground.groups(outcome, None), known: BTreeMap::new() };
        let next = clock.next(ground, i64::from(day), i64::from(minute), outcome)?;
        let unmoved = unmoved(ground, region, outcome, input)?;
        let input = ground.model.schema.inputs[input].name.clone();
        found.push(Until { input, next, unmoved });
    }
    Ok(found)
}

/// Durations and calendars kept outside about this moment that matter to the outcome, as the rest of the request is.
fn unmoved(
    ground: &mut Ground<'_>,
    region: &Region,
    outcome: &[Vec<u32>],
    moment: InputId,
) -> Result<Vec<String>, Exploded> {
    let groups = ground.groups(outcome, None);
    let mut found = Vec::new();
    for input in 0..ground.model.schema.inputs.len() {
        let declared = &ground.model.schema.inputs[input];
        let ages = matches!(declared.ty, Type::Duration(..)) || declared.origin == Origin::OutsideCalendar(moment);
        if !ages || ground.request.get(input).is_none() {
            continue;
        }
        let mut wider = region.clone();
        for coordinate in ground.coordinates(input) {
            wider.allowed[usize::from(coordinate)] = Allowed::Any;
        }
        if ground.differs(&groups, &wider)? {
            found.push(ground.model.schema.inputs[input].name.clone());
        }
    }
    Ok(found)
}

/// A moment that moves on.
struct Clock {
    region: Region,
    date: CoordinateId,
    time: CoordinateId,
    groups: Vec<(u32, Vec<Ref>)>,
    /// Whether the outcome is another one, by classes of date and time.
    known: BTreeMap<(u32, u32), bool>,
}

impl Clock {
    fn next(&mut self, ground: &mut Ground<'_>, day: i64, minute: i64, outcome: &[Vec<u32>]) -> Result<Next, Exploded> {
        if day > i64::from(LAST_DAY) {
            return Ok(Next::Beyond);
        }
        let date = ground.model.coordinates[usize::from(self.date)].clone();
        let time = ground.model.coordinates[usize::from(self.time)].clone();
        let steps = steps(&time);
        if let Some(class) = of_raw(&date.classifier, day)
            && let Some((at, found)) = self.first(ground, class, &steps, minute)?
        {
            return self.at(ground, day, at, (class, found), outcome);
        }
        let mut changes: Vec<Option<(i64, u32)>> = Vec::with_capacity(date.classes as usize);
        for class in 0..date.classes {
            changes.push(self.first(ground, class, &steps, -1)?);
        }
        let wanted: Vec<bool> = changes.iter().map(Option::is_some).collect();
        let Some((day, class)) = next_day(&date, day, &wanted) else { return Ok(Next::Never) };
        match changes.get(class as usize).copied().flatten() {
            Some((at, found)) => self.at(ground, day, at, (class, found), outcome),
            None => Ok(Next::Never),
        }
    }

    /// The first step after a minute of a day at which the outcome is another one, with its class.
    fn first(
        &mut self,
        ground: &mut Ground<'_>,
        date: u32,
        steps: &[(i64, u32)],
        after: i64,
    ) -> Result<Option<(i64, u32)>, Exploded> {
        for &(start, class) in steps.iter().filter(|(start, _)| *start > after) {
            if self.is_other(ground, date, class)? {
                return Ok(Some((start, class)));
            }
        }
        Ok(None)
    }

    fn is_other(&mut self, ground: &mut Ground<'_>, date: u32, time: u32) -> Result<bool, Exploded> {
        if let Some(&known) = self.known.get(&(date, time)) {
            return Ok(known);
        }
        self.set(date, time);
        let root = self.groups.iter().flat_map(|(_, roots)| roots).next().copied();
        let region = self.region.clone();
        let gone = match root {
            Some(root) => ground.values(root, &region)?.is_empty(),
            None => false,
        };
        let other = gone || ground.differs(&self.groups, &region)?;
        self.known.insert((date, time), other);
        Ok(other)
    }

    fn set(&mut self, date: u32, time: u32) {
        self.region.allowed[usize::from(self.date)] = Allowed::One(date);
        self.region.allowed[usize::from(self.time)] = Allowed::One(time);
    }

    /// The change at a moment, in words.
    fn at(
        &mut self,
        ground: &mut Ground<'_>,
        day: i64,
        minute: i64,
        (date, time): (u32, u32),
        outcome: &[Vec<u32>],
    ) -> Result<Next, Exploded> {
        self.set(date, time);
        let mut then = Vec::new();
        let mut unknown = Vec::new();
        for (answer, now) in outcome.iter().enumerate() {
            let mut values = Vec::with_capacity(now.len());
            let mut open = false;
            for root in ground.roots[answer].clone() {
                let found = ground.values(root, &self.region)?;
                open |= found.len() > 1;
                values.push(found.first().copied().unwrap_or(INVALID));
            }
            if values.contains(&INVALID) {
                then = vec!["the request is no longer valid".to_string()];
                unknown.clear();
                break;
            }
            if open {
                unknown.push(words::answer_name(ground, answer));
            } else if values != *now {
                then.push(words::says(ground, answer, &values));
            }
        }
        if !unknown.is_empty() {
            then.push(format!("what is not known matters for {}", unknown.join(", ")));
        }
        Ok(Next::At(i32::try_from(day).unwrap_or(LAST_DAY), u16::try_from(minute).unwrap_or(0), then))
    }
}

/// Where a minute of the day may get another class, with that class.
fn steps(time: &Coordinate) -> Vec<(i64, u32)> {
    match &time.classifier {
        Classifier::Bounds { starts, classes, .. } => {
            starts.iter().zip(classes).map(|(&start, &class)| (start.max(0), u32::from(class))).collect()
        }
        _ => Vec::new(),
    }
}

/// The first day after `today`, up to the horizon, whose class is wanted; with the class.
fn next_day(date: &Coordinate, today: i64, wanted: &[bool]) -> Option<(i64, u32)> {
    let is_wanted = |class: u32| wanted.get(class as usize).copied().unwrap_or(false);
    if !wanted.contains(&true) {
        return None;
    }
    for day in today + 1..i64::from(FIRST_DAY) {
        if let Some(class) = of_raw(&date.classifier, day).filter(|&class| is_wanted(class)) {
            return Some((day, class));
        }
    }
    let from = (today + 1).max(i64::from(FIRST_DAY));
    let classes = date.ranges.iter().zip(0u32..).filter(|(_, class)| is_wanted(*class));
    let first = classes.filter_map(|(ranges, class)| {
        let range = ranges.get(ranges.partition_point(|range| range.1 < from))?;
        Some((range.0.max(from), class))
    });
    first.min()
}
