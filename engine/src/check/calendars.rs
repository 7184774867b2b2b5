//! Calendars: days, hours, and the dates taken out.
//! In: calendars as written. Out: calendars of the policy. Refuses to know which moments are compared with them.

use super::dates::{one_off, year_day};
use super::hints::listed;
use super::order::order;
use super::report::Report;
use super::vocabulary::{Calendar, Vocabulary};
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::typed::{self, CalendarId, Days};

/// Enters the calendars that are written down; those kept outside are entered with the inputs.
pub(super) fn calendars(
    written: &[&ast::Calendar],
    vocabulary: &mut Vocabulary,
    report: &mut Report,
) -> Vec<typed::Calendar> {
    let defined: Vec<&ast::Calendar> = written.iter().copied().filter(|calendar| calendar.spans.is_some()).collect();
    for calendar in written.iter().filter(|calendar| calendar.spans.is_none()) {
        vocabulary.calendars.entry(calendar.name.text.clone()).or_insert(Calendar::Unknown);
    }
    for (id, calendar) in defined.iter().enumerate() {
        vocabulary.calendars.insert(calendar.name.text.clone(), Calendar::Defined(id));
    }
    let calendars: Vec<typed::Calendar> = defined
        .iter()
        .map(|calendar| typed::Calendar {
            name: calendar.name.text.clone(),
            spans: calendar.spans.iter().flatten().filter_map(|span| self::span(span, report)).collect(),
            except: calendar.except.iter().filter_map(|name| except(name, vocabulary, report)).collect(),
            span: calendar.name.span,
        })
        .collect();
    report_cycles(&defined, &calendars, report);
    calendars
}

fn except(name: &ast::Name, vocabulary: &Vocabulary, report: &mut Report) -> Option<CalendarId> {
    match vocabulary.calendars.get(&name.text) {
        Some(Calendar::Defined(id)) => Some(*id),
        Some(Calendar::Outside(..) | Calendar::Unknown) => {
            let message = format!("the days of `{}` are kept outside, so they cannot be taken out here", name.text);
            report.push(
                Diagnostic::new(codes::KW137, name.span, message)
                    .hint("keep the whole calendar outside, or write the days down"),
            );
            None
        }
        None => {
            report.unknown("calendar", &name.text, name.span, vocabulary.calendars.keys().map(String::as_str));
            None
        }
    }
}

fn span(written: &ast::CalendarSpan, report: &mut Report) -> Option<typed::CalendarSpan> {
    let days = days(written.days, written.span, report);
    let hours = match written.hours {
        None => Some((0, 1440, false)),
        Some(hours) => self::hours(hours, written.span, report),
    };
    let (from, until, next_day) = hours?;
    Some(typed::CalendarSpan { days: days?, from, until, next_day })
}

fn days(days: ast::Days, span: Span, report: &mut Report) -> Option<Days> {
    Some(match days {
        ast::Days::Every => Days::Every,
        ast::Days::Yearly(day) => Days::Yearly(year_day(day), year_day(day)),
        ast::Days::YearlyRange(first, last) => Days::Yearly(year_day(first), year_day(last)),
        ast::Days::Weekdays(first, last) => Days::Weekdays(weekdays(first, last)),
        ast::Days::On(date) => {
            let day = one_off(date, span, report)?;
            Days::Range(day, day)
        }
        ast::Days::Range(first, last) => {
            let (first, last) = (one_off(first, span, report)?, one_off(last, span, report)?);
            if first > last {
                report.push(
                    Diagnostic::new(codes::KW127, span, "the days run backwards").hint("write the earlier date first"),
                );
                return None;
            }
            Days::Range(first, last)
        }
    })
}

/// The weekdays from one to another, over the end of the week if need be.
pub(super) fn weekdays(first: u8, last: u8) -> u8 {
    let mut mask = 0;
    for step in 0..7 {
        let day = (first + step) % 7;
        mask |= 1 << day;
        if day == last {
            break;
        }
    }
    mask
}

fn hours(hours: ast::Hours, span: Span, report: &mut Report) -> Option<(u16, u16, bool)> {
    let ast::Hours { from, until, next_day } = hours;
    let end = Span { start: span.end, ..span };
    let fault = if from >= 1440 {
        Diagnostic::new(codes::KW137, span, "no day starts at 24:00").hint("write 00:00, and the next day")
    } else if next_day && until > from {
        Diagnostic::new(codes::KW137, span, "these hours would last longer than 24 hours")
            .note("with `next day` the end is not later in the day than the beginning")
            .hint("leave `next day` out")
    } else if !next_day && until == from {
        Diagnostic::new(codes::KW137, span, "these hours end when they begin")
            .hint_edit("for 24 hours add `next day`", end, " next day")
            .hint("for the whole day leave the hours out")
    } else if !next_day && until < from {
        Diagnostic::new(codes::KW137, span, "these hours end before they begin").mend(
            "if they run past midnight add `next day`",
            end,
            " next day",
        )
    } else {
        return Some((from, until, next_day));
    };
    report.push(fault);
    None
}

/// Reports calendars that take each other out.
fn report_cycles(written: &[&ast::Calendar], calendars: &[typed::Calendar], report: &mut Report) {
    let except: Vec<Vec<CalendarId>> = calendars.iter().map(|calendar| calendar.except.clone()).collect();
    let circle = order(&except).circle;
    let Some((first, others)) = circle.split_first() else { return };
    let names: Vec<&str> = circle.iter().map(|id| calendars[*id].name.as_str()).collect();
    let message = format!("these calendars take each other out: {}", listed(names));
    let mut diagnostic = Diagnostic::new(codes::KW129, written[*first].name.span, message);
    for id in others {
        diagnostic = diagnostic.label(written[*id].name.span, "one of them");
    }
    report.push(diagnostic.hint("name the shared days in a calendar of their own"));
}
