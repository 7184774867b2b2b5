//! Which minutes of a day a calendar covers.
//!
//! In: calendars and a day number. Out: half-open intervals of minutes. Refuses to know classes.

use super::civil;
use crate::typed::{CalendarId, Days, Policy};

/// The minutes of one day during a calendar: sorted, apart, half open.
pub type Minutes = Vec<(u16, u16)>;

/// How deep `except` may refer; deeper ones were refused before.
const DEEPEST: u32 = 64;

/// The minutes of `day` during the calendar.
#[must_use]
pub fn minutes(policy: &Policy, calendar: CalendarId, day: i64) -> Minutes {
    minutes_below(policy, calendar, day, DEEPEST)
}

fn minutes_below(policy: &Policy, calendar: CalendarId, day: i64, depth: u32) -> Minutes {
    let Some(calendar) = policy.calendars.get(calendar).filter(|_| depth > 0) else { return Minutes::new() };
    let out = |&except: &CalendarId| !minutes_below(policy, except, day, depth - 1).is_empty();
    if calendar.except.iter().any(out) {
        return Minutes::new();
    }
    let mut found = Minutes::new();
    for span in &calendar.spans {
        if contains(span.days, day) {
            found.push((span.from, if span.next_day { 1440 } else { span.until }));
        }
        if span.next_day && contains(span.days, day - 1) {
            found.push((0, span.until));
        }
    }
    merged(found)
}

/// Whether a day is one of the days of a span.
#[must_use]
pub fn contains(days: Days, day: i64) -> bool {
    match days {
        Days::Every => true,
        Days::Yearly(first, last) => {
            let at = civil::year_day(day);
            if first <= last { (first..=last).contains(&at) } else { at >= first || at <= last }
        }
        Days::Weekdays(mask) => mask >> civil::weekday(day) & 1 == 1,
        Days::Range(first, last) => (i64::from(first)..=i64::from(last)).contains(&day),
    }
}

/// All calendars a calendar needs, itself first.
#[must_use]
pub fn needed(policy: &Policy, calendar: CalendarId) -> Vec<CalendarId> {
    let mut found = vec![calendar];
    let mut at = 0;
    while let Some(&next) = found.get(at) {
        for &except in policy.calendars.get(next).map_or(&[][..], |c| &c.except) {
            if !found.contains(&except) {
                found.push(except);
            }
        }
        at += 1;
    }
    found
}

/// Intervals sorted and joined where they touch.
#[must_use]
pub fn merged(mut parts: Minutes) -> Minutes {
    parts.retain(|(from, until)| from < until);
    parts.sort_unstable();
    let mut result = Minutes::new();
    for (from, until) in parts {
        match result.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => result.push((from, until)),
        }
    }
    result
}
