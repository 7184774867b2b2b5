//! Reads the right side of a test, an effect or a default as a value of the left side's type.
//! In: a literal and what it has to be. Out: a number: an index, minutes, a day. Refuses to know what is done with it.
//!
//! A bare name takes the left side's type. It may also be a constant; if a value and a constant both fit, it is an error.

use super::dates::{WEEKDAYS, day_number, written};
use super::hints::listed;
use super::report::Report;
use super::vocabulary::{Vocabulary, label};
use crate::ast::{Literal, LiteralKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{FIRST_DAY, LAST_DAY, Label, Type, Value};

/// What a literal has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Domain<'s> {
    /// `no` is 0, `yes` is 1.
    YesNo,
    /// The index of a label.
    Values(&'s [Label]),
    /// A whole number in an inclusive range.
    Number(u32, u32),
    /// Minutes in an inclusive range.
    Duration(u32, u32),
    /// A day number in an inclusive range.
    Date(i32, i32),
    /// Minutes after midnight, 0 to 1440; where 24:00 makes no sense, the caller says so.
    Time,
    /// Monday is 0.
    Weekday,
    /// The index of a known identifier of this kind.
    Identifier(usize),
}

/// Why a literal is not a value.
enum Misfit {
    Kind,
    Range(String),
}

impl<'s> Domain<'s> {
    /// The values of a type; `None` for sets and moments, which have parts instead.
    pub(super) fn of(ty: &'s Type) -> Option<Domain<'s>> {
        Some(match ty {
            Type::YesNo => Domain::YesNo,
            Type::OneOf(labels) => Domain::Values(labels),
            Type::Number(low, high) => Domain::Number(*low, *high),
            Type::Duration(low, high) => Domain::Duration(*low, *high),
            Type::Date(low, high) => Domain::Date(*low, *high),
            Type::Time => Domain::Time,
            Type::Identifier(kind) => Domain::Identifier(*kind),
            Type::SetOf(_) | Type::Moment(_) => return None,
        })
    }

    /// The days of a moment that can be named.
    pub(super) const DAYS: Domain<'static> = Domain::Date(FIRST_DAY, LAST_DAY);

    /// A number that `literal` gave, as a value of an input.
    pub(super) fn value(&self, number: i64, vocabulary: &Vocabulary) -> Option<Value> {
        Some(match self {
            Domain::YesNo => Value::YesNo(number == 1),
            Domain::Values(_) => Value::Choice(u8::try_from(number).ok()?),
            Domain::Number(..) => Value::Number(u32::try_from(number).ok()?),
            Domain::Duration(..) => Value::Duration(u32::try_from(number).ok()?),
            Domain::Date(..) => Value::Date(i32::try_from(number).ok()?),
            Domain::Time => Value::Time(u16::try_from(number).ok().filter(|minute| *minute < 1440)?),
            Domain::Identifier(kind) => {
                let names = &vocabulary.schema.identifiers.get(*kind)?.names;
                Value::Identifier(names.get(usize::try_from(number).ok()?)?.clone())
            }
            Domain::Weekday => return None,
        })
    }

    /// What the values are called.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Domain::YesNo => "yes or no",
            Domain::Values(_) => "one of a list of values",
            Domain::Number(..) => "a number",
            Domain::Duration(..) => "a duration",
            Domain::Date(..) => "a date",
            Domain::Time => "a time",
            Domain::Weekday => "a weekday",
            Domain::Identifier(_) => "an identifier",
        }
    }

    /// The names of the values, where they have names.
    fn names(&self) -> Vec<&'s str> {
        match self {
            Domain::YesNo => vec!["yes", "no"],
            Domain::Values(labels) => labels.iter().map(|label| label.name.as_str()).collect(),
            Domain::Weekday => WEEKDAYS.to_vec(),
            _ => Vec::new(),
        }
    }

    fn named(&self, name: &str) -> Option<i64> {
        match self {
            Domain::YesNo => ["no", "yes"].iter().position(|word| *word == name).map(|at| at as i64),
            Domain::Values(labels) => label(labels, name).map(i64::from),
            Domain::Weekday => WEEKDAYS.iter().position(|day| *day == name).map(|at| at as i64),
            _ => None,
        }
    }

    fn read(&self, literal: &LiteralKind, vocabulary: &Vocabulary) -> Result<i64, Misfit> {
        let within = |value: i64, low: i64, high: i64, show: &dyn Fn(i64) -> String| {
            if (low..=high).contains(&value) {
                Ok(value)
            } else {
                Err(Misfit::Range(format!("from {} to {}", show(low), show(high))))
            }
        };
        match (self, literal) {
            (_, LiteralKind::Name(name)) => self.named(name).ok_or(Misfit::Kind),
            (Domain::Values(labels), LiteralKind::Int(number)) => {
                label(labels, &number.to_string()).map(i64::from).ok_or(Misfit::Kind)
            }
            (Domain::Number(low, high), LiteralKind::Int(number)) => {
                let number = i64::try_from(*number).unwrap_or(i64::MAX);
                within(number, i64::from(*low), i64::from(*high), &|n| n.to_string())
            }
            (Domain::Duration(low, high), LiteralKind::Duration(duration)) => {
                let minutes = duration.minutes().map_or(i64::MAX, i64::from);
                within(minutes, i64::from(*low), i64::from(*high), &duration_words)
            }
            (Domain::Date(low, high), LiteralKind::Date(date)) => {
                let show = |day: i64| written(i32::try_from(day).unwrap_or_default());
                within(i64::from(day_number(*date)), i64::from(*low), i64::from(*high), &show)
            }
            (Domain::Time, LiteralKind::Time(minute)) => Ok(i64::from(*minute)),
            (Domain::Identifier(kind), LiteralKind::Text(name)) => {
                let number = vocabulary.known.get(*kind).and_then(|known| known.get(name));
                number.and_then(|at| i64::try_from(*at).ok()).ok_or(Misfit::Kind)
            }
            _ => Err(Misfit::Kind),
        }
    }
}

/// Reads a literal; what is wrong with it is reported. `subject` is the name on the left side.
pub(super) fn literal(
    literal: &Literal,
    domain: &Domain<'_>,
    subject: &str,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<i64> {
    let own = domain.read(&literal.kind, vocabulary);
    let constant = match &literal.kind {
        LiteralKind::Name(name) => vocabulary.constants.get(name).map(|constant| (name, constant)),
        _ => None,
    };
    let Some((name, constant)) = constant else {
        return own.map_err(|misfit| report_misfit(literal, &misfit, domain, subject, vocabulary, report)).ok();
    };
    match (own, domain.read(&constant.value, vocabulary)) {
        (Ok(_), Ok(_) | Err(Misfit::Range(_))) => {
            report.push(
                Diagnostic::new(
                    codes::KW125,
                    literal.span,
                    format!("`{name}` is a value of `{subject}` and a constant"),
                )
                .label(constant.span, "the constant")
                .hint("give the constant another name"),
            );
            None
        }
        (Ok(value), Err(Misfit::Kind)) | (Err(_), Ok(value)) => Some(value),
        (Err(_), Err(Misfit::Range(range))) => {
            let message = format!("the constant `{name}` lies outside `{subject}`, which goes {range}");
            report.push(Diagnostic::new(codes::KW126, literal.span, message).label(constant.span, "the constant"));
            None
        }
        (Err(_), Err(Misfit::Kind)) => {
            let message =
                format!("the constant `{name}` is {}, and `{subject}` is {}", words(&constant.value), domain.words());
            report.push(Diagnostic::new(codes::KW124, literal.span, message).label(constant.span, "the constant"));
            None
        }
    }
}

fn report_misfit(
    literal: &Literal,
    misfit: &Misfit,
    domain: &Domain<'_>,
    subject: &str,
    vocabulary: &Vocabulary,
    report: &mut Report,
) {
    let span = literal.span;
    if let Misfit::Range(range) = misfit {
        report.push(Diagnostic::new(codes::KW126, span, format!("`{subject}` goes {range}")));
        return;
    }
    let names = domain.names();
    let diagnostic = match &literal.kind {
        LiteralKind::Name(name) if !names.is_empty() => {
            let diagnostic = Diagnostic::new(codes::KW120, span, format!("`{subject}` has no value `{name}`"))
                .note(format!("its values are {}", listed(names.iter().copied())));
            report.with_suggestion(diagnostic, name, span, names.iter().copied())
        }
        LiteralKind::Int(number) if matches!(domain, Domain::Values(_)) => {
            Diagnostic::new(codes::KW120, span, format!("`{subject}` has no value `{number}`"))
                .note(format!("its values are {}", listed(names.iter().copied())))
        }
        LiteralKind::Name(name) if vocabulary.inputs.contains_key(name) => {
            Diagnostic::new(codes::KW124, span, format!("`{subject}` cannot be compared with another input"))
                .note("only identifiers of one kind are compared with each other")
                .hint(format!("let the host say it: an input of its own for how `{subject}` and `{name}` compare"))
        }
        LiteralKind::Name(name) => {
            let names: Vec<&str> = vocabulary.constants.keys().map(String::as_str).collect();
            let message = format!("`{subject}` is {}, and there is no constant `{name}`", domain.words());
            let diagnostic = Diagnostic::new(codes::KW124, span, message);
            let diagnostic = report.with_suggestion(diagnostic, name, span, names);
            report.push_if_complete(diagnostic);
            return;
        }
        other => {
            let message = format!("`{subject}` is {}, and this is {}", domain.words(), words(other));
            let mut diagnostic = Diagnostic::new(codes::KW124, span, message);
            if !names.is_empty() {
                diagnostic = diagnostic.note(format!("its values are {}", listed(names.iter().copied())));
            }
            diagnostic
        }
    };
    report.push(diagnostic);
}

/// What a literal is.
pub(super) fn words(literal: &LiteralKind) -> &'static str {
    match literal {
        LiteralKind::Name(_) => "a name",
        LiteralKind::Int(_) => "a number",
        LiteralKind::Text(_) => "a string",
        LiteralKind::Date(_) => "a date",
        LiteralKind::Time(_) => "a time",
        LiteralKind::Duration(_) => "a duration",
    }
}

/// Minutes as a duration is written.
fn duration_words(minutes: i64) -> String {
    let (count, unit) = match minutes {
        m if m != 0 && m % 1440 == 0 => (m / 1440, "day"),
        m if m != 0 && m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
