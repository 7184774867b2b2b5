//! Comparisons of ordered values as inclusive ranges.
//! In: a test, what its literals have to be, and the ends of the scale. Out: the lowest and highest value that fit.
//! Refuses to know whether an input or an answer is tested.

use super::literals::{Domain, literal};
use super::report::Report;
use super::vocabulary::Vocabulary;
use crate::ast::{self, Comparison, Literal, TestKind};
use crate::codes::{self, Code};
use crate::diagnostic::Diagnostic;

/// A range, and whether the test is its complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) negated: bool,
}

/// What is compared.
#[derive(Clone, Copy)]
pub(super) struct Scale<'s> {
    /// What the literals have to be.
    pub(super) domain: Domain<'s>,
    /// The lowest and the highest value there can be.
    pub(super) ends: (i64, i64),
    /// The code of a test that does not fit the left side.
    pub(super) misfit: Code,
}

/// Reads an equality or a comparison; reports what is wrong. Other forms of test are the caller's.
pub(super) fn range(test: &ast::Test, scale: Scale<'_>, vocabulary: &Vocabulary, report: &mut Report) -> Option<Range> {
    let subject = &test.subject.text;
    let mut value = |written: &Literal| literal(written, &scale.domain, subject, vocabulary, report);
    let (lowest, highest) = scale.ends;
    let mut negated = false;
    let (low, high) = match &test.kind {
        TestKind::Is(written) => value(written).map(|value| (value, value))?,
        TestKind::IsNot(written) => {
            negated = true;
            value(written).map(|value| (value, value))?
        }
        TestKind::IsOneOf(list) | TestKind::IsNotOneOf(list) => {
            negated = matches!(test.kind, TestKind::IsNotOneOf(_));
            let values: Option<Vec<i64>> = list.iter().map(value).collect();
            neighbours(values?, test, &scale, report)?
        }
        TestKind::FromTo(from, to) => {
            let (from, to) = (value(from), value(to));
            (from?, to?.min(highest))
        }
        TestKind::FromUntil(from, until) => {
            let (from, until) = (value(from), value(until));
            (from?, until? - 1)
        }
        TestKind::Compare(comparison, written) => {
            let bound = value(written)?;
            if matches!(comparison, Comparison::Before | Comparison::After)
                && matches!(scale.domain, Domain::Number(..) | Domain::Duration(..) | Domain::Values(_))
            {
                let word = if *comparison == Comparison::Before { "less than" } else { "more than" };
                report.push(
                    Diagnostic::new(
                        scale.misfit,
                        test.span,
                        format!("`{subject}` is {}, not a date or time", scale.domain.words()),
                    )
                    .hint(format!("write `{word}`")),
                );
                return None;
            }
            match comparison {
                Comparison::AtLeast => (bound, highest),
                Comparison::AtMost => (lowest, bound.min(highest)),
                Comparison::MoreThan | Comparison::After => (bound + 1, highest),
                Comparison::LessThan | Comparison::Before => (lowest, bound - 1),
            }
        }
        _ => return None,
    };
    if low > high {
        report.push(empty(test, &scale));
        return None;
    }
    Some(Range { low, high, negated })
}

/// Several values of an ordered type are one range only if nothing lies between them.
fn neighbours(mut values: Vec<i64>, test: &ast::Test, scale: &Scale<'_>, report: &mut Report) -> Option<(i64, i64)> {
    values.sort_unstable();
    let (low, high) = (*values.first()?, *values.last()?);
    if values.windows(2).all(|pair| pair[1] == pair[0] + 1) {
        return Some((low, high));
    }
    let message = format!("these values of `{}` leave gaps between them, or stand twice", test.subject.text);
    let hint = match scale.domain {
        Domain::Date(..) => "list the days in a calendar, or each in a bullet of `any of`",
        _ => "write each value in a bullet of `any of`, with a `term` if need be",
    };
    report.push(Diagnostic::new(scale.misfit, test.span, message).hint(hint));
    None
}

fn empty(test: &ast::Test, scale: &Scale<'_>) -> Diagnostic {
    let backwards = matches!(test.kind, TestKind::FromTo(..) | TestKind::FromUntil(..));
    let diagnostic = if backwards {
        Diagnostic::new(codes::KW127, test.span, "the range is empty or runs backwards")
    } else {
        Diagnostic::new(codes::KW127, test.span, format!("no value of `{}` is like this", test.subject.text))
    };
    match (scale.domain, backwards) {
        (Domain::Time, true) => diagnostic.hint("for hours over midnight use a calendar with `next day`"),
        (_, true) => diagnostic.hint("write the smaller end first"),
        _ => diagnostic,
    }
}
