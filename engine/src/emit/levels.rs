//! Classifiers as bytes: how the loop turns the slots of a request into classes. In: coordinates, slots, merged classes.
//! Out: twelve bytes for each level, and the data they point to. Refuses to know diagrams.

use keyward_evaluator::layout::{
    INVALID_CLASS, KIND_BIT, KIND_BIT_OPTIONAL, KIND_BOUNDS_8, KIND_BOUNDS_16, KIND_BOUNDS_32, KIND_DATE,
    KIND_IDENTIFIER, KIND_MAP, KIND_MAP_OPTIONAL, KIND_MINUTE, NO_CLASS, NOT_SET_8, NOT_SET_16, NOT_SET_32,
    NOT_SET_DATE,
};

use super::classes::Merged;
use super::writer::Writer;
use crate::model::{Classifier, Coordinate, Model, Part};
use crate::schema::{Input, Type};
use crate::space::slots::{Slots, width};

const INVALID: u16 = INVALID_CLASS as u16;

/// One level, before it is written.
struct Level {
    kind: u32,
    count: usize,
    data: usize,
}

/// A number from 0 to at most this has a map, others have bounds.
const LARGEST_MAP: u32 = 32;

/// Writes the descriptor of a coordinate at `at`, and its data at the end.
pub(super) fn write(out: &mut Writer, at: usize, model: &Model, slots: &Slots, coordinate: usize, merged: &Merged) {
    let it = &model.coordinates[coordinate];
    let input = &model.schema.inputs[it.input];
    let not_set = |class: &Option<u16>| class.map_or(INVALID, |class| merged.map[usize::from(class)]);
    let level = match (&it.classifier, it.part) {
        (_, Part::Member(member)) => member_bit(input, member),
        (Classifier::Direct { classes, .. }, Part::Presence) => presence(out, input, classes, merged),
        (Classifier::Direct { classes, not_set: none }, _) => direct(out, classes, not_set(none), merged),
        (Classifier::Bounds { starts, classes, not_set: none }, _) => {
            let day = (input.optional && it.part == Part::Time).then(|| slots.inputs[it.input]);
            bounds(out, input, it, (starts, classes), not_set(none), day, merged)
        }
        (Classifier::Date { not_set: none, .. }, part) => {
            let free = input.optional && part == Part::Date;
            date(out, input, &it.classifier, if free { 0 } else { not_set(none) }, merged)
        }
        (Classifier::Identifier { known, same_as, not_set: none }, _) => {
            identifier(out, model, slots, it.input, (*known as usize, same_as), not_set(none), merged)
        }
    };
    let slot = slots.of(model, coordinate);
    out.bytes[at] = level.kind as u8;
    out.bytes[at + 1] = coordinate as u8;
    out.set_u16(at + 2, slot);
    out.set_u16(at + 4, merged.first.len());
    out.set_u16(at + 6, level.count);
    out.set_u32(at + 8, level.data);
}

fn member_bit(input: &Input, member: u8) -> Level {
    let members = match &input.ty {
        Type::SetOf(labels) => labels.len() as u32,
        _ => 0,
    };
    let all = 1u64.checked_shl(members).map_or(u32::MAX, |bit| (bit - 1) as u32);
    let kind = if input.optional { KIND_BIT_OPTIONAL } else { KIND_BIT };
    Level { kind, count: usize::from(member), data: all as usize }
}

/// Whether an optional set or moment is set, by its mask or its day.
fn presence(out: &mut Writer, input: &Input, classes: &[u16], merged: &Merged) -> Level {
    let class = |raw: usize| merged.map[usize::from(classes[raw])];
    let starts: &[(u32, u16)] = match input.ty {
        Type::Moment(_) => &[(0, class(1)), (NOT_SET_DATE, class(0)), (NOT_SET_DATE + 1, class(1))],
        _ => &[(0, class(1)), (NOT_SET_32, class(0))],
    };
    let (count, data) = intervals(out, None, starts);
    Level { kind: KIND_BOUNDS_32, count, data }
}

fn direct(out: &mut Writer, classes: &[u16], not_set: u16, merged: &Merged) -> Level {
    let map = classes.iter().map(|&class| merged.map[usize::from(class)]);
    map_of(out, map.collect(), not_set)
}

/// A map of one-byte slots, and for optional inputs the class of not set.
fn map_of(out: &mut Writer, mut map: Vec<u16>, not_set: u16) -> Level {
    let count = map.len();
    let kind = if not_set == INVALID { KIND_MAP } else { KIND_MAP_OPTIONAL };
    if kind == KIND_MAP_OPTIONAL {
        map.push(not_set);
    }
    let data = out.blob(map.iter().map(|&class| class as u8).collect());
    Level { kind, count, data }
}

fn bounds(
    out: &mut Writer,
    input: &Input,
    it: &Coordinate,
    (starts, classes): (&[i64], &[u16]),
    not_set: u16,
    day: Option<usize>,
    merged: &Merged,
) -> Level {
    let (least, greatest, width) = match input.ty {
        Type::Number(least, greatest) | Type::Duration(least, greatest) => (least, greatest, width(&input.ty)),
        _ => (0, 1439, 2),
    };
    if least == 0 && greatest < LARGEST_MAP {
        let place = |raw: u32| starts.iter().skip(1).take_while(|&&start| start <= i64::from(raw)).count();
        return map_of(out, (0..=greatest).map(|raw| merged.map[usize::from(classes[place(raw)])]).collect(), not_set);
    }
    let mut list = vec![(0, INVALID)];
    for (place, (&start, &class)) in starts.iter().zip(classes).enumerate() {
        let start = if place == 0 { least } else { start as u32 };
        list.push((start, merged.map[usize::from(class)]));
    }
    if greatest < u32::MAX {
        list.push((greatest + 1, INVALID));
    }
    let (kind, none) = match width {
        1 => (KIND_BOUNDS_8, NOT_SET_8),
        2 if it.part == Part::Time && day.is_some() => (KIND_MINUTE, NOT_SET_16),
        2 => (KIND_BOUNDS_16, NOT_SET_16),
        _ => (KIND_BOUNDS_32, NOT_SET_32),
    };
    if not_set != INVALID {
        list.push((none, not_set));
    }
    let (count, data) = intervals(out, day, &list);
    Level { kind, count, data }
}

/// Writes intervals by their starts, the first of which is taken as zero, behind the slot of a moment's day if there is
/// one; gives how many and where.
fn intervals(out: &mut Writer, day: Option<usize>, starts: &[(u32, u16)]) -> (usize, usize) {
    let mut list: Vec<(u32, u16)> = Vec::new();
    for &(start, class) in starts {
        match list.last_mut() {
            Some(last) if last.0 == start => last.1 = class,
            Some(last) if last.1 == class => {}
            _ => list.push((start, class)),
        }
    }
    list.dedup_by_key(|interval| interval.1);
    let mut blob: Vec<u8> = day.iter().flat_map(|&slot| (slot as u32).to_le_bytes()).collect();
    blob.extend(list.iter().skip(1).flat_map(|interval| interval.0.to_le_bytes()));
    blob.extend(list.iter().flat_map(|interval| interval.1.to_le_bytes()));
    (list.len(), out.blob(blob))
}

/// `month * 32 + day` of each day of a year that starts on 1 March, 29 February last.
pub(super) fn days_of_year() -> Vec<u16> {
    let lengths = [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29];
    let months = (3..=12).chain(1..=2);
    months.zip(lengths).flat_map(|(month, days)| (1..=days).map(move |day| month * 32 + day)).collect()
}

/// A date's classifier, as small as its classes allow.
pub(super) struct Dates {
    /// First day of each one-off interval after the first, and the row of every interval.
    pub(super) days: (Vec<i32>, Vec<u16>),
    /// First day of the year (from 1 March) of each yearly interval after the first, and the column of each.
    pub(super) years: (Vec<u16>, Vec<u16>),
    /// How many columns.
    pub(super) columns: usize,
    /// Class by row, column and weekday.
    pub(super) table: Vec<u16>,
}

impl Dates {
    /// Makes the days before `least` and after `greatest` out of range.
    fn confine(&mut self, least: i32, greatest: i32) {
        let outside = (self.table.len() / 7 / self.columns) as u16;
        self.table.extend(std::iter::repeat_n(INVALID, 7 * self.columns));
        let (starts, rows) = &self.days;
        let first = starts.partition_point(|&start| start <= least);
        let mut inside = vec![(least, rows[first])];
        inside.extend(
            starts.iter().copied().zip(rows.iter().skip(1).copied()).filter(|it| it.0 > least && it.0 <= greatest),
        );
        if let Some(after) = greatest.checked_add(1) {
            inside.push((after, outside));
        }
        self.days = (
            inside.iter().map(|it| it.0).collect(),
            [outside].into_iter().chain(inside.iter().map(|it| it.1)).collect(),
        );
    }
}

/// Shrinks a date classifier: equal rows and columns are one, neighbours too.
pub(super) fn dates(classifier: &Classifier, class: impl Fn(u16) -> u16) -> Dates {
    let Classifier::Date { day_starts, year_starts, table, .. } = classifier else {
        return Dates { days: (vec![], vec![0]), years: (vec![], vec![0]), columns: 1, table: vec![0; 7] };
    };
    let width = year_starts.len();
    let cell = |row: usize, column: usize, weekday: usize| class(table[(row * width + column) * 7 + weekday]);
    let rows: Vec<Vec<u16>> = (0..day_starts.len())
        .map(|row| {
            (0..width)
                .flat_map(|column| (0..7).map(move |weekday| (column, weekday)))
                .map(|(column, weekday)| cell(row, column, weekday))
                .collect()
        })
        .collect();
    let columns: Vec<Vec<u16>> = (0..width)
        .map(|column| {
            (0..day_starts.len())
                .flat_map(|row| (0..7).map(move |weekday| (row, weekday)))
                .map(|(row, weekday)| cell(row, column, weekday))
                .collect()
        })
        .collect();
    let (row_numbers, row_firsts) = unique(&rows);
    let (column_numbers, column_firsts) = unique(&columns);
    let starts: Vec<i32> =
        day_starts.iter().map(|&start| start.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32).collect();
    let days = squeeze(&starts, &row_numbers);
    let by_day: Vec<u16> = days_of_year()
        .iter()
        .map(|&day| column_numbers[year_starts.partition_point(|&start| start <= day).saturating_sub(1)])
        .collect();
    let all: Vec<u16> = (0..by_day.len() as u16).collect();
    let years = squeeze(&all, &by_day);
    let mut cells = Vec::new();
    for &row in &row_firsts {
        for &column in &column_firsts {
            cells.extend((0..7).map(|weekday| cell(row, column, weekday)));
        }
    }
    Dates { days, years, columns: column_firsts.len(), table: cells }
}

/// Numbers equal things alike, by first occurrence; gives the numbers and where each first occurred.
fn unique(things: &[Vec<u16>]) -> (Vec<u16>, Vec<usize>) {
    let mut firsts: Vec<usize> = Vec::new();
    let numbers = things.iter().enumerate().map(|(place, thing)| {
        let found = firsts.iter().position(|&first| things[first] == *thing);
        found.unwrap_or_else(|| {
            firsts.push(place);
            firsts.len() - 1
        }) as u16
    });
    (numbers.collect(), firsts)
}

/// Joins neighbouring intervals with the same number; leaves out the first start.
fn squeeze<S: Copy>(starts: &[S], numbers: &[u16]) -> (Vec<S>, Vec<u16>) {
    let mut kept = (Vec::new(), Vec::new());
    for (&start, &number) in starts.iter().zip(numbers) {
        match kept.1.last() {
            Some(&last) if last == number => {}
            None => kept.1.push(number),
            Some(_) => {
                kept.0.push(start);
                kept.1.push(number);
            }
        }
    }
    kept
}

fn date(out: &mut Writer, input: &Input, classifier: &Classifier, not_set: u16, merged: &Merged) -> Level {
    let mut dates = dates(classifier, |class| merged.map[usize::from(class)]);
    if let Type::Date(least, greatest) = input.ty {
        dates.confine(least, greatest);
    }
    let mut blob = Writer::default();
    blob.u16(dates.days.1.len());
    blob.u16(dates.years.1.len());
    blob.u16(dates.columns);
    blob.u16(dates.table.len() / 7 / dates.columns);
    blob.u16(usize::from(not_set));
    blob.u16(0);
    dates.days.0.iter().for_each(|&start| blob.u32((start as u32 ^ NOT_SET_DATE) as usize));
    dates.years.0.iter().for_each(|&start| blob.u32(usize::from(start)));
    let rest = dates.days.1.iter().chain(&dates.years.1).chain(&dates.table);
    rest.for_each(|&number| blob.u16(usize::from(number)));
    let data = out.blob(blob.bytes);
    Level { kind: KIND_DATE, count: 0, data }
}

#[allow(clippy::too_many_arguments, reason = "one classifier needs all of it")]
fn identifier(
    out: &mut Writer,
    model: &Model,
    slots: &Slots,
    input: usize,
    (known, same_as): (usize, &[usize]),
    not_set: u16,
    merged: &Merged,
) -> Level {
    let mut blob = Writer::default();
    blob.u16(known);
    blob.u16(usize::from(merged.map[known + same_as.len()]));
    blob.u16(same_as.len());
    blob.u16(usize::from(not_set));
    for name in 0..known {
        blob.u16(usize::from(merged.map.get(name).copied().unwrap_or(NO_CLASS as u16)));
    }
    for (place, &other) in same_as.iter().enumerate() {
        blob.u16(slots.inputs[other]);
        blob.u16(usize::from(merged.map[known + place]));
    }
    let data = out.blob(blob.bytes);
    let compares = |it: &Coordinate| match &it.classifier {
        Classifier::Identifier { same_as, .. } => same_as.contains(&input),
        _ => false,
    };
    let tied = !same_as.is_empty() || model.coordinates.iter().any(compares);
    Level { kind: KIND_IDENTIFIER, count: usize::from(tied), data }
}
