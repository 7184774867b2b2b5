//! Dates and calendars, minute by minute, with arithmetic of its own.
//! In: day numbers, minutes, calendars as written. Out: civil dates, weekdays, whether a minute is during a calendar.
//! Refuses to know requests, rules and zones.

use crate::typed::{Calendar, CalendarId, CalendarSpan, Days};

/// Minutes of a day.
const DAY: u16 = 1440;

/// The year, month (1 to 12) and day (1 to 31) of a day number, by counting years and months off.
pub fn civil(day: i32) -> (i32, u16, u16) {
    let mut year = 1970;
    let mut left = i64::from(day);
    while left < 0 {
        year -= 1;
        left += year_length(year);
    }
    while left >= year_length(year) {
        left -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    while left >= month_length(year, month) {
        left -= month_length(year, month);
        month += 1;
    }
    (year, month, u16::try_from(left).unwrap_or(0) + 1)
}

/// The weekday of a day number, Monday 0. Day 0 was a Thursday.
pub fn weekday(day: i32) -> u8 {
    u8::try_from((i64::from(day) + 3).rem_euclid(7)).unwrap_or(0)
}

/// Whether a minute of a date is during a calendar: in one of its spans, its date in no excepted calendar.
pub fn during(calendars: &[Calendar], calendar: CalendarId, date: i32, minute: u16) -> bool {
    calendars.get(calendar).is_some_and(|found| {
        let day = Day::new(date);
        in_a_span(found, &day, minute) && !taken_out(calendars, found, &day, calendars.len())
    })
}

/// Whether an excepted calendar takes the date out: any minute of the date is during it.
/// `depth` bounds the chain of exceptions, so that even a circular one ends.
fn taken_out(calendars: &[Calendar], calendar: &Calendar, day: &Day, depth: usize) -> bool {
    depth > 0
        && calendar.except.iter().filter_map(|except| calendars.get(*except)).any(|except| {
            (0..DAY).any(|minute| in_a_span(except, day, minute)) && !taken_out(calendars, except, day, depth - 1)
        })
}

/// Whether a minute of a date is in one of the calendar's own spans.
fn in_a_span(calendar: &Calendar, day: &Day, minute: u16) -> bool {
    calendar.spans.iter().any(|span| in_span(span, day, minute))
}

fn in_span(span: &CalendarSpan, day: &Day, minute: u16) -> bool {
    let today = day.today.is_in(span.days);
    let yesterday = day.yesterday.is_in(span.days);
    if span.next_day {
        today && minute >= span.from || yesterday && minute < span.until
    } else {
        today && minute >= span.from && minute < span.until
    }
}

/// A date and the one before it, which an overnight span may begin on.
struct Day {
    today: Date,
    yesterday: Date,
}

impl Day {
    fn new(date: i32) -> Self {
        Day { today: Date::new(date), yesterday: Date::new(date.saturating_sub(1)) }
    }
}

/// What a span may ask of a date.
struct Date {
    number: i32,
    month: u16,
    day: u16,
    weekday: u8,
}

impl Date {
    fn new(number: i32) -> Self {
        let (_, month, day) = civil(number);
        Date { number, month, day, weekday: weekday(number) }
    }

    fn is_in(&self, days: Days) -> bool {
        match days {
            Days::Every => true,
            Days::Weekdays(mask) => mask >> self.weekday & 1 == 1,
            Days::Range(first, last) => first <= self.number && self.number <= last,
            Days::Yearly(first, last) => {
                let here = (self.month, self.day);
                let first = (first / 32, first % 32);
                let last = (last / 32, last % 32);
                if first <= last { first <= here && here <= last } else { first <= here || here <= last }
            }
        }
    }
}

fn year_length(year: i32) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: i32, month: u16) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
