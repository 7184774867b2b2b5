//! The calendar sheet of a policy: which hours of which days are in each calendar and each term about a moment.
//!
//! In: a policy and the first of twelve months. Out: for each, the ordinary week and the days that differ from it.
//! Refuses to know: rules and requests, and what day it is: the caller says. Every minute is exact.

mod minutes;
mod terms;
mod words;

pub use minutes::Minutes;

use crate::schema::{LAST_DAY, Schema};
use crate::source::Sources;
use crate::space::{civil, hours};
use crate::typed::Policy;
use minutes::{differing, whole_days};

/// The sheet of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The first day, as a day number.
    pub from: i64,
    /// The last day.
    pub to: i64,
    /// A week for each calendar, then for each term that only asks a moment.
    pub weeks: Vec<Week>,
    /// Calendars that are kept outside: what they hold is not in the policy.
    pub outside: Vec<String>,
}

/// What kind of name a week belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A calendar.
    Calendar,
    /// A term.
    Term,
}

/// One calendar or term through the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its words in the policy.
    pub text: String,
    /// The minutes of an ordinary Monday, Tuesday, … Sunday.
    pub days: [Minutes; 7],
    /// The days that differ, in order; days in a row that are alike stand together.
    pub exceptions: Vec<Exception>,
    /// How many minutes of the twelve months are in it.
    pub minutes: u64,
}

/// Days that differ from an ordinary week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The first day, as a day number.
    pub first: i64,
    /// The last day.
    pub last: i64,
    /// The minutes in it on each of these days.
    pub minutes: Minutes,
    /// What differs from the ordinary day of the same name, in words; for several days, from their ordinary days.
    pub words: String,
}

/// Makes the sheet. `from` is moved so that twelve months fit between 1970 and the end of the horizon.
#[must_use]
pub fn sheet(policy: &Policy, sources: &Sources, from: i64) -> Sheet {
    let from = from.clamp(0, i64::from(LAST_DAY) - 365);
    let to = year_later(from) - 1;
    let mut weeks = Vec::new();
    for (number, calendar) in policy.calendars.iter().enumerate() {
        let text = words::calendar(policy, calendar);
        weeks.push(week((calendar.name.clone(), Kind::Calendar, text), from, to, |day| {
            hours::minutes(policy, number, day)
        }));
    }
    for (number, term) in policy.terms.iter().enumerate() {
        if terms::asks_only_one_moment(policy, number) {
            let text = one_line(sources.text(term.condition.span));
            weeks
                .push(week((term.name.clone(), Kind::Term, text), from, to, |day| terms::minutes(policy, number, day)));
        }
    }
    Sheet { from, to, weeks, outside: outside(&policy.schema) }
}

fn outside(schema: &Schema) -> Vec<String> {
    let kept = schema.inputs.iter().filter(|input| matches!(input.origin, crate::schema::Origin::OutsideCalendar(_)));
    kept.map(|input| input.name.clone()).collect()
}

/// The same day a year later; the first of March for a leap day.
fn year_later(day: i64) -> i64 {
    let (year, month, dom) = civil::date(day);
    if (month, dom) == (2, 29) { civil::day(year + 1, 3, 1) } else { civil::day(year + 1, month, dom) }
}

fn week((name, kind, text): (String, Kind, String), from: i64, to: i64, on: impl Fn(i64) -> Minutes) -> Week {
    let all: Vec<Minutes> = (from..=to).map(on).collect();
    let mut days: [Minutes; 7] = Default::default();
    for (weekday, ordinary) in days.iter_mut().enumerate() {
        *ordinary = most_frequent(
            all.iter()
                .zip(from..)
                .filter(|(_, day)| usize::from(civil::weekday(*day)) == weekday)
                .map(|(minutes, _)| minutes),
        );
    }
    let ordinary = |day: i64| &days[usize::from(civil::weekday(day))];
    let mut exceptions: Vec<Exception> = Vec::new();
    for (minutes, day) in all.iter().zip(from..).filter(|(minutes, day)| *minutes != ordinary(*day)) {
        match exceptions.last_mut() {
            Some(last) if last.last + 1 == day && last.minutes == *minutes => last.last = day,
            _ => exceptions.push(Exception { first: day, last: day, minutes: minutes.clone(), words: String::new() }),
        }
    }
    for exception in &mut exceptions {
        let usual: Vec<&Minutes> = (exception.first..=exception.last).map(ordinary).collect();
        // Where no week is ordinary, single days are all there is to tell.
        exception.words = match days.iter().all(Minutes::is_empty) {
            true => minutes::words(&exception.minutes),
            false => differing(&exception.minutes, &usual),
        };
    }
    let minutes = all.iter().flatten().map(|&(from, until)| u64::from(until - from)).sum();
    Week { name, kind, text, days, exceptions, minutes }
}

/// What most of these days have; of equally frequent ones the fullest, so that closing days are the exception.
fn most_frequent<'m>(days: impl Iterator<Item = &'m Minutes>) -> Minutes {
    let mut counts: Vec<(usize, &Minutes)> = Vec::new();
    for minutes in days {
        match counts.iter_mut().find(|(_, known)| *known == minutes) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, minutes)),
        }
    }
    let most = counts.into_iter().max_by_key(|(count, minutes)| (*count, whole_days(minutes)));
    most.map_or(Minutes::new(), |(_, minutes)| minutes.clone())
}

/// The text without breaks and comments.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or(""));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}
