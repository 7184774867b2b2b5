//! Tests of inputs: does the form of the test fit the type, and what does it ask?
//! In: a test and the input it is about. Out: a typed test. Refuses to know what stands beside it.

use super::calendars::weekdays;
use super::dates::MACHINE_DAYS;
use super::literals::{Domain, literal};
use super::members::members;
use super::ranges::{Range, Scale, range};
use super::report::Report;
use super::vocabulary::{Calendar, Members, Part, Vocabulary};
use crate::ast::{self, LiteralKind, Name, TestKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{InputId, Type};
use crate::typed::{InputPredicate, InputTest};

/// A test of an input, while it is checked.
struct Testing<'t> {
    test: &'t ast::Test,
    input: InputId,
    part: Part,
    vocabulary: &'t Vocabulary,
}

/// Checks a test of an input or of a part of it.
pub(super) fn input_test(
    test: &ast::Test,
    input: InputId,
    part: Part,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<InputTest> {
    let testing = Testing { test, input, part, vocabulary };
    let (about, predicate, negated) = match &test.kind {
        TestKind::IsSet => (input, testing.set(report)?, false),
        TestKind::IsNotSet => (input, testing.set(report)?, true),
        TestKind::During(name) => with(testing.calendar(name, report)?, false),
        TestKind::Outside(name) => with(testing.calendar(name, report)?, true),
        TestKind::IsIn(name) => with(testing.group(name, report)?, false),
        TestKind::IsNotIn(name) => with(testing.group(name, report)?, true),
        TestKind::Include(name) => (input, testing.includes(std::slice::from_ref(name), false, report)?, false),
        TestKind::DoNotInclude(name) => (input, testing.includes(std::slice::from_ref(name), false, report)?, true),
        TestKind::IncludeOneOf(names) => (input, testing.includes(names, false, report)?, false),
        TestKind::IncludeAllOf(names) => (input, testing.includes(names, true, report)?, false),
        _ => {
            let (predicate, negated) = testing.compared(report)?;
            (input, predicate, negated)
        }
    };
    Some(InputTest { input: about, predicate, negated, span: test.span })
}

fn with((input, predicate): (InputId, InputPredicate), negated: bool) -> (InputId, InputPredicate, bool) {
    (input, predicate, negated)
}

impl Testing<'_> {
    fn name(&self) -> &str {
        &self.test.subject.text
    }

    /// The test does not fit the type.
    fn misfit(&self, message: impl Into<String>) -> Diagnostic {
        let input = self.vocabulary.input(self.input);
        Diagnostic::new(codes::KW124, self.test.span, message).label(input.span, "declared here")
    }

    fn set(&self, report: &mut Report) -> Option<InputPredicate> {
        let input = self.vocabulary.input(self.input);
        if input.optional && self.part == Part::Whole {
            return Some(InputPredicate::Set);
        }
        report.push(if input.optional {
            let hint = format!("ask `{}` itself", input.name);
            self.misfit(format!("`{}` is set when `{}` is", self.name(), input.name)).hint(hint)
        } else {
            let hint = "leave the test out, or declare it with `optional input`";
            self.misfit(format!("`{}` is not optional, so it is always set", self.name())).hint(hint)
        });
        None
    }

    fn calendar(&self, name: &Name, report: &mut Report) -> Option<(InputId, InputPredicate)> {
        let Some(calendar) = self.vocabulary.calendars.get(&name.text) else {
            if self.vocabulary.groups.contains_key(&name.text) {
                let message = format!("`{}` is a group, not a calendar", name.text);
                report.push(Diagnostic::new(codes::KW138, name.span, message).hint("groups are asked with `is in`"));
            } else {
                let names = self.vocabulary.calendars.keys().map(String::as_str);
                report.unknown("calendar", &name.text, name.span, names);
            }
            return None;
        };
        let input = self.vocabulary.input(self.input);
        if !matches!(input.ty, Type::Moment(_)) || self.part != Part::Whole {
            let diagnostic =
                self.misfit(format!("only a moment is during or outside a calendar, and `{}` is none", self.name()));
            report.push(match self.part {
                Part::Whole => diagnostic,
                _ => {
                    diagnostic.hint_edit(format!("write `{}`", input.name), self.test.subject.span, input.name.clone())
                }
            });
            return None;
        }
        match calendar {
            Calendar::Defined(id) => Some((self.input, InputPredicate::During(*id))),
            Calendar::Outside(fact, moment) if *moment == self.input => Some((*fact, InputPredicate::OneOf(vec![1]))),
            Calendar::Outside(fact, moment) => {
                let about = self.vocabulary.input(*moment);
                let message = format!(
                    "`{}` is kept outside, and says only of `{}` whether it is during it",
                    name.text, about.name
                );
                report.push(
                    Diagnostic::new(codes::KW137, self.test.span, message)
                        .label(self.vocabulary.input(*fact).span, "kept outside here")
                        .hint("keep a second calendar outside for the second moment"),
                );
                None
            }
            Calendar::Unknown => None,
        }
    }

    fn group(&self, name: &Name, report: &mut Report) -> Option<(InputId, InputPredicate)> {
        let Some(group) = self.vocabulary.groups.get(&name.text) else {
            if self.vocabulary.calendars.contains_key(&name.text) {
                let message = format!("`{}` is a calendar, not a group", name.text);
                report.push(
                    Diagnostic::new(codes::KW138, name.span, message).hint("calendars are asked with `is during`"),
                );
            } else {
                let names = self.vocabulary.groups.keys().map(String::as_str);
                report.unknown("group", &name.text, name.span, names);
            }
            return None;
        };
        if group.of != self.input || self.part != Part::Whole {
            let of = &self.vocabulary.input(group.of).name;
            report.push(
                Diagnostic::new(
                    codes::KW138,
                    self.test.span,
                    format!("`{}` is a group of `{of}`, not of `{}`", name.text, self.name()),
                )
                .label(group.span, "declared here")
                .hint_edit(format!("write `{of}`"), self.test.subject.span, of.clone()),
            );
            return None;
        }
        Some(match &group.members {
            Members::Listed(members) => (self.input, InputPredicate::OneOf(members.clone())),
            Members::Outside(fact) => (*fact, InputPredicate::OneOf(vec![1])),
        })
    }

    fn includes(&self, names: &[Name], all: bool, report: &mut Report) -> Option<InputPredicate> {
        let input = self.vocabulary.input(self.input);
        let Type::SetOf(labels) = &input.ty else {
            let diagnostic = self.misfit(format!("`{}` is not a set, so it includes nothing", self.name()));
            report.push(diagnostic.hint("write `is` or `is one of`"));
            return None;
        };
        let mask = members(names, labels, &input.name, input.span, report)?;
        Some(if all { InputPredicate::IncludesAllOf(mask) } else { InputPredicate::IncludesOneOf(mask) })
    }

    /// Equality, lists and comparisons.
    fn compared(&self, report: &mut Report) -> Option<(InputPredicate, bool)> {
        let input = self.vocabulary.input(self.input);
        let domain = match self.part {
            Part::Whole => Domain::of(&input.ty),
            Part::Date => Some(Domain::DAYS),
            Part::Time => Some(Domain::Time),
            Part::Weekday => Some(Domain::Weekday),
        };
        let Some(domain) = domain else {
            report.push(match &input.ty {
                Type::SetOf(_) => self
                    .misfit(format!("`{}` is a set", self.name()))
                    .hint("write `include`, `include one of` or `include all of`"),
                _ => self
                    .misfit(format!("`{}` is a moment, which has a date, a time and a weekday", self.name()))
                    .hint(format!("ask `{0}.date`, `{0}.time` or `{0}.weekday`, or a calendar", self.name())),
            });
            return None;
        };
        match domain {
            Domain::Weekday => self.weekday(report),
            Domain::YesNo | Domain::Values(_) => self.listed(&domain, report),
            Domain::Identifier(kind) => self.identifier(kind, &domain, report),
            Domain::Number(..) | Domain::Duration(..) | Domain::Date(..) | Domain::Time => self.ordered(domain, report),
        }
    }

    fn ordered(&self, domain: Domain<'_>, report: &mut Report) -> Option<(InputPredicate, bool)> {
        let ends = match domain {
            Domain::Number(low, high) | Domain::Duration(low, high) => (i64::from(low), i64::from(high)),
            Domain::Time => (0, 1439),
            Domain::Date(low, high) if self.part == Part::Whole => (i64::from(low), i64::from(high)),
            _ => (i64::from(MACHINE_DAYS.0), i64::from(MACHINE_DAYS.1)),
        };
        let range = range(self.test, Scale { domain, ends, misfit: codes::KW124 }, self.vocabulary, report)?;
        if range.low > ends.1 {
            report.push(
                Diagnostic::new(codes::KW126, self.test.span, "no minute of the day is 24:00").hint("write 00:00"),
            );
            return None;
        }
        let range = Range { high: range.high.min(ends.1), ..range };
        let predicate = match self.part {
            Part::Date => InputPredicate::DateBetween(i32::try_from(range.low).ok()?, i32::try_from(range.high).ok()?),
            Part::Time => InputPredicate::TimeBetween(u16::try_from(range.low).ok()?, u16::try_from(range.high).ok()?),
            _ => InputPredicate::Between(range.low, range.high),
        };
        Some((predicate, range.negated))
    }

    /// A value or a list of values without an order.
    fn listed(&self, domain: &Domain<'_>, report: &mut Report) -> Option<(InputPredicate, bool)> {
        let (values, negated) = self.values(domain, report)?;
        Some((InputPredicate::OneOf(values), negated))
    }

    fn values(&self, domain: &Domain<'_>, report: &mut Report) -> Option<(Vec<u32>, bool)> {
        let (written, negated) = match &self.test.kind {
            TestKind::Is(value) => (std::slice::from_ref(value), false),
            TestKind::IsNot(value) => (std::slice::from_ref(value), true),
            TestKind::IsOneOf(values) => (values.as_slice(), false),
            TestKind::IsNotOneOf(values) => (values.as_slice(), true),
            _ => {
                let message = format!("the values of `{}` have no order", self.name());
                report.push(self.misfit(message).hint("write `is one of` with the values"));
                return None;
            }
        };
        let values = distinct(written, domain, self.name(), self.vocabulary, report)?;
        Some((values, negated))
    }

    fn identifier(&self, kind: usize, domain: &Domain<'_>, report: &mut Report) -> Option<(InputPredicate, bool)> {
        if let TestKind::Is(value) | TestKind::IsNot(value) = &self.test.kind
            && let LiteralKind::Name(name) = &value.kind
            && let Some(&other) = self.vocabulary.inputs.get(name)
        {
            let same_kind = matches!(self.vocabulary.input(other).ty, Type::Identifier(of) if of == kind);
            if other == self.input || !same_kind {
                let message = match other == self.input {
                    true => format!("`{name}` is always itself"),
                    false => format!("`{}` and `{name}` are not identifiers of one kind", self.name()),
                };
                let mut diagnostic = self.misfit(message);
                if other != self.input {
                    diagnostic =
                        diagnostic.label(self.vocabulary.input(other).span, format!("`{name}` is declared here"));
                }
                report.push(diagnostic);
                return None;
            }
            return Some((InputPredicate::Same(other), matches!(self.test.kind, TestKind::IsNot(_))));
        }
        self.listed(domain, report)
    }

    fn weekday(&self, report: &mut Report) -> Option<(InputPredicate, bool)> {
        let domain = Domain::Weekday;
        let day = |written, report: &mut Report| {
            literal(written, &domain, self.name(), self.vocabulary, report).and_then(|day| u8::try_from(day).ok())
        };
        match &self.test.kind {
            TestKind::FromTo(from, to) => {
                let (from, to) = (day(from, report), day(to, report));
                Some((InputPredicate::Weekdays(weekdays(from?, to?)), false))
            }
            TestKind::FromUntil(from, until) => {
                let (from, until) = (day(from, report)?, day(until, report)?);
                if from == until {
                    report.push(Diagnostic::new(codes::KW127, self.test.span, "the range of weekdays is empty"));
                    return None;
                }
                Some((InputPredicate::Weekdays(weekdays(from, (until + 6) % 7)), false))
            }
            TestKind::Compare(..) => {
                let diagnostic = self.misfit("weekdays come round, so none is before or after another");
                report.push(diagnostic.hint("write `is from monday to friday` or `is one of`"));
                None
            }
            _ => {
                let (days, negated) = self.values(&domain, report)?;
                Some((InputPredicate::Weekdays(days.iter().fold(0, |mask, day| mask | 1 << day)), negated))
            }
        }
    }
}

/// Different values of a list, ascending; repeats are reported.
pub(super) fn distinct(
    written: &[ast::Literal],
    domain: &Domain<'_>,
    subject: &str,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<Vec<u32>> {
    let mut values = std::collections::BTreeSet::new();
    let mut complete = true;
    for value in written {
        let number = literal(value, domain, subject, vocabulary, report).and_then(|number| u32::try_from(number).ok());
        match number {
            Some(number) if !values.insert(number) => {
                report.push(Diagnostic::new(
                    codes::KW122,
                    value.span,
                    format!("this value of `{subject}` stands here twice"),
                ));
            }
            Some(_) => {}
            None => complete = false,
        }
    }
    complete.then(|| values.into_iter().collect())
}
