//! Numbers, dates, times, durations, strings and literals.
//! In: their text or pairs. Out: values. Impossible ones are reported by `shape` and read as the nearest possible one.
//! Refuses to know which type is wanted.

use super::Rule;
use super::reader::{Pair, Parts, Reader};
use crate::ast::{Date, Duration, Literal, LiteralKind, Name, Number, Text, Unit, YearDay};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// How well a number, date or time is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It exists.
    Fine,
    /// Its form is right, but there is no such number, date or time.
    Impossible(String),
    /// Its form is wrong; the second part is the right spelling where that is certain.
    Misspelt(String, Option<String>),
}

/// Looks at a token that starts with a digit.
pub fn shape(token: &str) -> Shape {
    let bytes = token.as_bytes();
    let form: Vec<usize> = token.split(['-', ':']).map(str::len).collect();
    let plain = bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':'));
    match (plain, form.as_slice(), bytes.contains(&b'-'), bytes.contains(&b':')) {
        (true, [_], ..) => number_shape(token),
        (true, [4, 2, 2], true, false) => date_shape(token),
        (true, [2, 2], true, false) => year_day_shape(token),
        (true, [2, 2], false, true) => time_shape(token),
        (true, [4, 1..=2, 1..=2], true, false) => {
            misspelt(format!("a date has two digits for month and day, not `{token}`"), padded(token, '-'))
        }
        (true, [1..=2, 1..=2], true, false) => {
            misspelt(format!("a day of the year has two digits for month and day, not `{token}`"), padded(token, '-'))
        }
        (true, [1..=2, 1..=2], false, true) => {
            misspelt(format!("a time has two digits for hours and minutes, not `{token}`"), padded(token, ':'))
        }
        _ => odd_shape(token),
    }
}

fn misspelt(message: String, better: String) -> Shape {
    if shape(&better) == Shape::Fine { Shape::Misspelt(message, Some(better)) } else { Shape::Misspelt(message, None) }
}

fn padded(token: &str, sign: char) -> String {
    token.split(sign).map(|part| format!("{part:0>2}")).collect::<Vec<_>>().join(&sign.to_string())
}

fn number_shape(token: &str) -> Shape {
    if token.len() > 1 && token.starts_with('0') {
        let digits = token.trim_start_matches('0');
        let better = if digits.is_empty() { "0" } else { digits };
        return misspelt(format!("`{}` starts with a zero", clipped(token)), better.to_owned());
    }
    match token.parse::<u32>() {
        Ok(_) => Shape::Fine,
        Err(_) => Shape::Impossible(format!("the number {} is too large; the largest is {}", clipped(token), u32::MAX)),
    }
}

fn date_shape(token: &str) -> Shape {
    let (year, month, day) = date_parts(token);
    if month == 0 || month > 12 {
        Shape::Impossible(format!("there is no month {month:02}"))
    } else if year == 0 {
        Shape::Impossible("there is no year 0000".to_owned())
    } else if day == 0 || day > month_days(year, month) {
        Shape::Impossible(format!("the date {token} does not exist"))
    } else {
        Shape::Fine
    }
}

fn year_day_shape(token: &str) -> Shape {
    let (month, day) = year_day_parts(token);
    if month == 0 || month > 12 {
        Shape::Impossible(format!("there is no month {month:02}"))
    } else if day == 0 || day > month_days(LEAP_YEAR, month) {
        Shape::Impossible(format!("no year has the day {token}"))
    } else {
        Shape::Fine
    }
}

fn time_shape(token: &str) -> Shape {
    let (hours, minutes) = time_parts(token);
    if minutes < 60 && hours * 60 + minutes <= 24 * 60 {
        Shape::Fine
    } else {
        Shape::Impossible(format!("the time {token} does not exist; times run from 00:00 to 24:00"))
    }
}

fn odd_shape(token: &str) -> Shape {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    let (count, rest) = token.split_at(digits);
    let tail = rest.trim_start_matches(['-', '_', '.']);
    if let Some(unit) = unit_meant(tail) {
        let unit = if count == "1" { unit.trim_end_matches('s') } else { unit };
        return Shape::Misspelt(
            format!("a duration is written with a blank: `{count} {unit}`"),
            Some(format!("{count} {unit}")),
        );
    }
    if rest.starts_with('.') && tail.bytes().all(|byte| byte.is_ascii_digit()) {
        return Shape::Misspelt(format!("there are whole numbers only, not `{}`", clipped(token)), None);
    }
    if token.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
        return Shape::Misspelt(format!("`{}` is not a name: a name starts with a letter", clipped(token)), None);
    }
    Shape::Misspelt(format!("`{}` is neither a number nor a date nor a time", clipped(token)), None)
}

/// The unit that an abbreviation means.
fn unit_meant(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().as_str() {
        "m" | "min" | "mins" | "minute" | "minutes" => "minutes",
        "h" | "hr" | "hrs" | "hour" | "hours" => "hours",
        "d" | "day" | "days" => "days",
        _ => return None,
    })
}

fn clipped(token: &str) -> String {
    if token.chars().count() <= 24 { token.to_owned() } else { token.chars().take(20).chain("…".chars()).collect() }
}

const LEAP_YEAR: u16 = 2024;

fn month_days(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(text: &str, from: usize, to: usize) -> u16 {
    text.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0)
}

fn small(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn date_parts(text: &str) -> (u16, u8, u8) {
    (digits(text, 0, 4), small(digits(text, 5, 7)), small(digits(text, 8, 10)))
}

fn year_day_parts(text: &str) -> (u8, u8) {
    (small(digits(text, 0, 2)), small(digits(text, 3, 5)))
}

fn time_parts(text: &str) -> (u16, u16) {
    (digits(text, 0, 2), digits(text, 3, 5))
}

impl Reader<'_> {
    pub(super) fn name(&self, pair: &Pair<'_>) -> Name {
        Name { text: pair.as_str().to_owned(), span: self.span(pair) }
    }

    pub(super) fn int(&self, pair: &Pair<'_>) -> Number {
        Number { value: pair.as_str().parse::<u32>().unwrap_or(u32::MAX).into(), span: self.span(pair) }
    }

    pub(super) fn text(&self, pair: &Pair<'_>) -> Text {
        let mut chars = pair.as_str().chars();
        chars.next();
        chars.next_back();
        let inside = chars.as_str();
        let text = if is_nfc(inside) { inside.to_owned() } else { inside.nfc().collect() };
        Text { text, span: self.span(pair) }
    }

    pub(super) fn date(&self, pair: &Pair<'_>) -> Date {
        let (year, month, day) = date_parts(pair.as_str());
        let month = month.clamp(1, 12);
        Date { year, month, day: day.clamp(1, month_days(year, month)) }
    }

    pub(super) fn year_day(&self, pair: &Pair<'_>) -> YearDay {
        let (month, day) = year_day_parts(pair.as_str());
        let month = month.clamp(1, 12);
        YearDay { month, day: day.clamp(1, month_days(LEAP_YEAR, month)) }
    }

    pub(super) fn time(&self, pair: &Pair<'_>) -> u16 {
        let (hours, minutes) = time_parts(pair.as_str());
        (hours * 60 + minutes.min(59)).min(24 * 60)
    }

    pub(super) fn duration(&self, pair: Pair<'_>) -> Option<Duration> {
        let mut parts = Parts::of(pair);
        let count = self.int(&parts.take(Rule::int)?).value;
        let unit = Parts::of(parts.take(Rule::unit)?);
        let unit = if unit.has(Rule::w_minute) || unit.has(Rule::w_minutes) {
            Unit::Minutes
        } else if unit.has(Rule::w_hour) || unit.has(Rule::w_hours) {
            Unit::Hours
        } else {
            Unit::Days
        };
        Some(Duration { count, unit })
    }

    pub(super) fn literal(&self, pair: Pair<'_>) -> Option<Literal> {
        let span = self.span(&pair);
        let inner = pair.into_inner().next()?;
        let kind = match inner.as_rule() {
            Rule::duration => LiteralKind::Duration(self.duration(inner)?),
            Rule::date => LiteralKind::Date(self.date(&inner)),
            Rule::time => LiteralKind::Time(self.time(&inner)),
            Rule::int => LiteralKind::Int(self.int(&inner).value),
            Rule::text => LiteralKind::Text(self.text(&inner).text),
            _ => LiteralKind::Name(inner.as_str().trim_end().to_owned()),
        };
        Some(Literal { kind, span })
    }
}
