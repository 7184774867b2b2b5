//! Civil dates as day numbers.
//! In: dates as written. Out: days since 1970-01-01. Refuses to know zones and clocks.

use super::report::Report;
use crate::ast::{Date, YearDay};
use crate::civil;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{FIRST_DAY, LAST_DAY};
use crate::span::Span;

/// The first and last day any machine accepts: 1900-01-01 and 2199-12-31.
pub(super) const MACHINE_DAYS: (i32, i32) = (-25_567, 84_005);

/// The weekdays, Monday first.
pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The day number of a date in the Gregorian calendar.
pub(super) fn day_number(date: Date) -> i32 {
    // Years have four digits, so their days fit.
    i32::try_from(civil::day(i64::from(date.year), u16::from(date.month), u16::from(date.day))).unwrap_or(i32::MAX)
}

/// The date of a day number, as it is written.
pub(super) fn written(day: i32) -> String {
    civil::date_text(i64::from(day))
}

/// The day number of a one-off date, which lies in the years that are analysed.
pub(super) fn one_off(date: Date, span: Span, report: &mut Report) -> Option<i32> {
    let day = day_number(date);
    if (FIRST_DAY..=LAST_DAY).contains(&day) {
        return Some(day);
    }
    report.push(
        Diagnostic::new(codes::KW126, span, "one-off dates lie in the years 2026 to 2053")
            .note("these are the 28 years after which weekdays and leap years repeat")
            .hint("a day that comes back is written `every year on 12-25`"),
    );
    None
}

/// A day of every year as `month * 32 + day`.
pub(super) fn year_day(day: YearDay) -> u16 {
    u16::from(day.month) * 32 + u16::from(day.day)
}

#[cfg(test)]
mod tests {
    use super::{MACHINE_DAYS, day_number, written};
    use crate::ast::Date;
    use crate::schema::{FIRST_DAY, LAST_DAY};

    #[test]
    fn day_numbers_and_dates_agree() {
        let day = |year, month, day| day_number(Date { year, month, day });
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!((day(2026, 1, 1), day(2053, 12, 31)), (FIRST_DAY, LAST_DAY));
        assert_eq!((day(1900, 1, 1), day(2199, 12, 31)), MACHINE_DAYS);
        assert_eq!(day(2028, 3, 1) - day(2028, 2, 28), 2);
        assert_eq!(written(day(2028, 2, 29)), "2028-02-29");
        let (first, last) = MACHINE_DAYS;
        let mut before = String::new();
        for number in first..=last {
            let text = written(number);
            assert!(text > before);
            before = text;
        }
    }
}
