//! Names, values and tests in their one spelling.
//! In: small tree nodes. Out: text. Refuses to know about lines, except for lists that may fill several.

use super::doc::Doc;
use crate::ast::{Comparison, Date, Duration, Label, Literal, LiteralKind, Name, One, TestKind, Text, Unit, YearDay};
use crate::span::Span;

/// A string in straight quotes.
pub fn quoted(text: &Text) -> String {
    format!("\"{}\"", text.text)
}

/// A name with its description, if it has one.
pub fn described(name: &Name, text: Option<&Text>) -> String {
    text.map_or_else(|| name.text.clone(), |text| format!("{} {}", name.text, quoted(text)))
}

/// A literal.
pub fn literal(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Name(name) => name.clone(),
        LiteralKind::Int(value) => value.to_string(),
        LiteralKind::Text(text) => format!("\"{text}\""),
        LiteralKind::Date(value) => date(*value),
        LiteralKind::Time(minutes) => time(*minutes),
        LiteralKind::Duration(value) => duration(*value),
    }
}

/// A date.
pub fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// A day of every year.
pub fn year_day(day: YearDay) -> String {
    format!("{:02}-{:02}", day.month, day.day)
}

/// A time of day.
pub fn time(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A duration: `1 hour`, `2 hours`.
pub fn duration(duration: Duration) -> String {
    let unit = match duration.unit {
        Unit::Minutes => "minute",
        Unit::Hours => "hour",
        Unit::Days => "day",
    };
    format!("{} {unit}{}", duration.count, if duration.count == 1 { "" } else { "s" })
}

/// A list of names that may fill several lines.
pub fn names(names: &[Name]) -> Doc {
    fill(names.iter().map(|name| (name.span, name.text.clone())).collect())
}

/// A list of literals that may fill several lines.
pub fn literals(literals: &[Literal]) -> Doc {
    fill(literals.iter().map(|value| (value.span, literal(value))).collect())
}

/// A list of values with their descriptions.
pub fn labels(labels: &[Label]) -> Vec<(Span, String)> {
    labels.iter().map(|label| (label.name.span, described(&label.name, label.text.as_ref()))).collect()
}

/// Words with commas that fill the lines.
pub fn fill(words: Vec<(Span, String)>) -> Doc {
    Doc::Fill(with_commas(words))
}

/// Words with commas behind all but the last.
pub fn with_commas(words: Vec<(Span, String)>) -> Vec<(usize, String)> {
    let last = words.len().saturating_sub(1);
    let comma = |at: usize, word: String| if at < last { format!("{word},") } else { word };
    words.into_iter().enumerate().map(|(at, (span, word))| (span.start as usize, comma(at, word))).collect()
}

/// Where a test or term stands.
pub fn place(one: &One) -> Span {
    match one {
        One::Term(name) => name.span,
        One::NotTerm(_, span) => *span,
        One::Test(test) => test.span,
    }
}

/// A test or a term.
pub fn one(one: &One) -> Vec<Doc> {
    let test = match one {
        One::Term(name) => return vec![Doc::text(&name.text)],
        One::NotTerm(name, _) => return vec![Doc::text(format!("not {}", name.text))],
        One::Test(test) => test,
    };
    let (words, list) = match &test.kind {
        TestKind::IsSet => ("is set".to_owned(), None),
        TestKind::IsNotSet => ("is not set".to_owned(), None),
        TestKind::During(name) => (format!("is during {}", name.text), None),
        TestKind::Outside(name) => (format!("is outside {}", name.text), None),
        TestKind::FromTo(from, to) => (format!("is from {} to {}", literal(from), literal(to)), None),
        TestKind::FromUntil(from, until) => (format!("is from {} until {}", literal(from), literal(until)), None),
        TestKind::Compare(comparison, value) => (format!("is {} {}", compared(*comparison), literal(value)), None),
        TestKind::Include(name) => (format!("include {}", name.text), None),
        TestKind::DoNotInclude(name) => (format!("do not include {}", name.text), None),
        TestKind::IncludeOneOf(list) => ("include one of".to_owned(), Some(names(list))),
        TestKind::IncludeAllOf(list) => ("include all of".to_owned(), Some(names(list))),
        TestKind::IsOneOf(values) => ("is one of".to_owned(), Some(literals(values))),
        TestKind::IsNotOneOf(values) => ("is not one of".to_owned(), Some(literals(values))),
        TestKind::IsIn(name) => (format!("is in {}", name.text), None),
        TestKind::IsNotIn(name) => (format!("is not in {}", name.text), None),
        TestKind::Is(value) => (format!("is {}", literal(value)), None),
        TestKind::IsNot(value) => (format!("is not {}", literal(value)), None),
    };
    let mut docs = vec![Doc::text(format!("{} {words}", test.subject.text))];
    docs.extend(list);
    docs
}

fn compared(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
        Comparison::MoreThan => "more than",
        Comparison::LessThan => "less than",
        Comparison::Before => "before",
        Comparison::After => "after",
    }
}
