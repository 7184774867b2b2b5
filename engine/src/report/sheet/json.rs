//! A sheet as JSON.
//!
//! In: a sheet. Out: an object. Refuses to know: which command asked.

use super::{hours, kind};
use crate::render::json::{array, object, string};
use crate::sheet::{Minutes, Sheet, Week};
use crate::space::civil;

/// The whole sheet.
#[must_use]
pub fn json(sheet: &Sheet) -> String {
    object(&[
        ("from", string(&civil::date_text(sheet.from))),
        ("to", string(&civil::date_text(sheet.to))),
        ("weeks", array(sheet.weeks.iter().map(week))),
        ("kept_outside", array(sheet.outside.iter().map(|name| string(name)))),
    ])
}

fn week(week: &Week) -> String {
    let day = |(number, minutes): (u8, &Minutes)| {
        object(&[
            ("weekday", string(civil::weekday_name(number))),
            ("minutes", spans(minutes)),
            ("words", string(&hours(minutes))),
        ])
    };
    let exceptions = week.exceptions.iter().map(|exception| {
        object(&[
            ("first", string(&civil::date_text(exception.first))),
            ("last", string(&civil::date_text(exception.last))),
            ("weekday", string(civil::weekday_name(civil::weekday(exception.first)))),
            ("minutes", spans(&exception.minutes)),
            ("words", string(&exception.words)),
        ])
    });
    object(&[
        ("name", string(&week.name)),
        ("kind", string(kind(week))),
        ("text", string(&week.text)),
        ("days", array((0u8..).zip(&week.days).map(day))),
        ("exceptions", array(exceptions)),
        ("minutes", week.minutes.to_string()),
    ])
}

/// Half-open intervals of minutes of the day.
fn spans(minutes: &Minutes) -> String {
    array(minutes.iter().map(|(from, until)| format!("[{from},{until}]")))
}
