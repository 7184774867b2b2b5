//! Calendar sheets written down.
//!
//! In: a sheet. Out: text for a terminal, an SVG picture, or JSON. Refuses to know: how minutes were found.
//! Every format says in words what it shows in blocks or colours.

mod json;
mod svg;
mod text;

pub use json::json;
pub use svg::svg;
pub use text::text;

use crate::sheet::{Exception, Kind, Minutes, Week};
use crate::space::civil;

/// `06:30 to 17:00, 20:00 to 24:00`, `all day`, `–`.
fn hours(minutes: &Minutes) -> String {
    match minutes.as_slice() {
        [] => "–".to_string(),
        [(0, 1440)] => "all day".to_string(),
        _ => {
            let span = |&(from, until): &(u16, u16)| format!("{} to {}", clock(from), clock(until));
            minutes.iter().map(span).collect::<Vec<_>>().join(", ")
        }
    }
}

fn clock(minute: u16) -> String {
    civil::time_text(i64::from(minute))
}

/// `Monday`.
fn weekday(number: u8) -> String {
    let name = civil::weekday_name(number);
    let mut letters = name.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `Fri 2026-12-25`, `Mon 2026-08-03 to Fri 2026-08-07`.
fn days(exception: &Exception) -> String {
    let day = |day: i64| format!("{} {}", &weekday(civil::weekday(day))[..3], civil::date_text(day));
    match exception.first == exception.last {
        true => day(exception.first),
        false => format!("{} to {}", day(exception.first), day(exception.last)),
    }
}

/// Whether an ordinary week has any time at all.
fn has_week(week: &Week) -> bool {
    week.days.iter().any(|minutes| !minutes.is_empty())
}

fn kind(week: &Week) -> &'static str {
    match week.kind {
        Kind::Calendar => "calendar",
        Kind::Term => "term",
    }
}

/// `52 hours 30 minutes`.
fn length(minutes: u64) -> String {
    let plural = |count: u64, word: &str| {
        let shown = crate::render::grouped(&count.to_string());
        format!("{shown} {word}{}", if count == 1 { "" } else { "s" })
    };
    match (minutes / 60, minutes % 60) {
        (0, rest) => plural(rest, "minute"),
        (hours, 0) => plural(hours, "hour"),
        (hours, rest) => format!("{} {}", plural(hours, "hour"), plural(rest, "minute")),
    }
}

/// The minutes of an ordinary week.
fn weekly(week: &Week) -> u64 {
    week.days.iter().flatten().map(|&(from, until)| u64::from(until - from)).sum()
}
