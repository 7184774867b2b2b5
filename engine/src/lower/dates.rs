//! Classes of dates: a function of a one-off interval, the day of the year and the weekday.
//!
//! In: ranges of days, sets of weekdays and calendars that are asked about. Out: a date classifier with weights and
//! samples. Refuses to know: times, except that days with other hours in a calendar are other days.

use std::collections::BTreeMap;

use super::classes::cut;
use crate::model::Classifier;
use crate::space::civil;
use crate::space::hours::{Minutes, minutes, needed};
use crate::typed::{CalendarId, Days, Policy};

/// The days machines accept.
const FIRST: (i64, u16, u16) = (1900, 1, 1);
const LAST: (i64, u16, u16) = (2199, 12, 31);

/// A table larger than this is refused.
const LARGEST_TABLE: usize = 1 << 22;

/// What is asked about a date.
#[derive(Clone, Debug)]
pub(super) struct DateQuestions<'a> {
    /// Inclusive ranges of day numbers.
    pub(super) ranges: Vec<(i64, i64)>,
    /// Sets of weekdays.
    pub(super) weekdays: Vec<u8>,
    /// Calendars with the policies they belong to.
    pub(super) calendars: Vec<(&'a Policy, CalendarId)>,
}

/// Date classes before they become a coordinate.
#[derive(Clone, Debug)]
pub(super) struct DateClasses {
    /// The classifier, without `not set`.
    pub(super) classifier: Classifier,
    /// Days of each class within the horizon.
    pub(super) weights: Vec<u64>,
    /// A day of each class.
    pub(super) samples: Vec<i64>,
    /// The days of each class within the horizon, as ranges.
    pub(super) ranges: Vec<Vec<(i64, i64)>>,
}

/// Classes of the days `first..=last` (the horizon) and of every other day machines accept; nothing when there are too many.
pub(super) fn classes(questions: &DateQuestions<'_>, first: i64, last: i64, only_horizon: bool) -> Option<DateClasses> {
    let (day_starts, year_starts) = boundaries(questions);
    let (a_count, b_count) = (day_starts.len(), year_starts.len());
    if a_count.saturating_mul(b_count * 7) > LARGEST_TABLE {
        return None;
    }
    let day = |(year, month, dom)| civil::day(year, month, dom);
    let sets: Vec<Vec<(i64, i64)>> = questions.ranges.iter().map(|&range| vec![range]).collect();
    let ranged = cut(day(FIRST), day(LAST), &sets);
    let mut profiles: Vec<BTreeMap<Minutes, u32>> = vec![BTreeMap::new(); questions.calendars.len()];
    let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let mut table: Vec<Option<u16>> = vec![None; a_count * b_count * 7];
    let mut found = DateClasses {
        classifier: Classifier::Date { day_starts: vec![], year_starts: vec![], table: vec![], not_set: None },
        weights: Vec::new(),
        samples: Vec::new(),
        ranges: Vec::new(),
    };
    let outside = (day(FIRST)..first).chain(last + 1..=day(LAST));
    for number in (first..=last).chain(outside.take_while(|_| !only_horizon)) {
        let a = day_starts.partition_point(|&start| start <= number) - 1;
        let b = year_starts.partition_point(|&start| start <= civil::year_day(number)) - 1;
        let slot = (a * b_count + b) * 7 + usize::from(civil::weekday(number));
        let class = match table[slot] {
            Some(class) => class,
            None => {
                let range = ranged.classes[ranged.starts.partition_point(|&start| start <= number).max(1) - 1];
                let signature = signature(questions, &mut profiles, number, range);
                let next = known.len() as u32;
                let class = u16::try_from(*known.entry(signature).or_insert(next)).ok()?;
                table[slot] = Some(class);
                class
            }
        };
        note(&mut found, usize::from(class), number, (first..=last).contains(&number));
    }
    let table = table.into_iter().map(Option::unwrap_or_default).collect();
    found.classifier = merged(day_starts, year_starts, table);
    Some(found)
}

fn note(found: &mut DateClasses, class: usize, day: i64, in_horizon: bool) {
    if found.weights.len() <= class {
        found.weights.push(0);
        found.samples.push(day);
        found.ranges.push(Vec::new());
    }
    if in_horizon {
        found.weights[class] += 1;
        match found.ranges[class].last_mut() {
            Some(range) if range.1 + 1 == day => range.1 = day,
            _ => found.ranges[class].push((day, day)),
        }
    }
}

/// What the questions make of a day: equal signatures, equal answers.
fn signature(questions: &DateQuestions<'_>, profiles: &mut [BTreeMap<Minutes, u32>], day: i64, range: u32) -> Vec<u32> {
    let mut signature = vec![range];
    let weekday = civil::weekday(day);
    signature.extend(questions.weekdays.iter().map(|days| u32::from(days >> weekday & 1)));
    for ((policy, calendar), profiles) in questions.calendars.iter().zip(profiles) {
        let next = profiles.len() as u32;
        signature.push(*profiles.entry(minutes(policy, *calendar, day)).or_insert(next));
    }
    signature
}

/// Where one-off intervals and intervals of the year start.
fn boundaries(questions: &DateQuestions<'_>) -> (Vec<i64>, Vec<u16>) {
    let mut days = vec![i64::MIN];
    let mut years = vec![0];
    for &(from, to) in &questions.ranges {
        days.extend([from, to + 1]);
    }
    for &(policy, calendar) in &questions.calendars {
        for calendar in needed(policy, calendar) {
            for span in policy.calendars.get(calendar).map_or(&[][..], |c| &c.spans) {
                match span.days {
                    Days::Range(from, to) => {
                        let (from, to) = (i64::from(from), i64::from(to));
                        days.extend([from, from + 1, to + 1, to + 2]);
                    }
                    Days::Yearly(from, to) => {
                        years.extend([from, to + 1]);
                        if span.next_day {
                            for at in [from, to] {
                                next_days(at, &mut days, &mut years);
                            }
                        }
                    }
                    Days::Every | Days::Weekdays(_) => {}
                }
            }
        }
    }
    days.sort_unstable();
    days.dedup();
    years.sort_unstable();
    years.dedup();
    (days, years)
}

/// The days after a day of the year. After 28 and 29 February it depends on the year, so those days are listed one by one.
fn next_days(at: u16, days: &mut Vec<i64>, years: &mut Vec<u16>) {
    let next = civil::year_day(civil::day(2028, at / 32, at % 32) + 1);
    years.extend([at + 1, next, next + 1]);
    if at == 2 * 32 + 28 || at == 2 * 32 + 29 {
        years.extend([2 * 32 + 29, 3 * 32 + 1, 3 * 32 + 2]);
        for year in FIRST.0..=LAST.0 {
            let march = civil::day(year, 3, 1);
            days.extend([march, march + 1]);
        }
    }
}

/// The classifier without boundaries that nothing needs.
fn merged(day_starts: Vec<i64>, year_starts: Vec<u16>, table: Vec<u16>) -> Classifier {
    let (rows, columns) = (day_starts.len(), year_starts.len());
    let row = |a: usize| &table[a * columns * 7..(a + 1) * columns * 7];
    let keep_rows: Vec<usize> = (0..rows).filter(|&a| a == 0 || row(a) != row(a - 1)).collect();
    let column = |b: usize| keep_rows.iter().map(move |&a| (a * columns + b) * 7);
    let same = |b: usize| column(b).zip(column(b - 1)).all(|(x, y)| table[x..x + 7] == table[y..y + 7]);
    let keep_columns: Vec<usize> = (0..columns).filter(|&b| b == 0 || !same(b)).collect();
    let mut small = Vec::with_capacity(keep_rows.len() * keep_columns.len() * 7);
    for &a in &keep_rows {
        for &b in &keep_columns {
            small.extend_from_slice(&table[(a * columns + b) * 7..][..7]);
        }
    }
    Classifier::Date {
        day_starts: keep_rows.iter().map(|&a| day_starts[a]).collect(),
        year_starts: keep_columns.iter().map(|&b| year_starts[b]).collect(),
        table: small,
        not_set: None,
    }
}
