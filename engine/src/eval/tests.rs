//! Tests of the oracle's own arithmetic against dates everybody can look up.

use super::{civil, during, weekday};
use crate::schema::{FIRST_DAY, LAST_DAY};
use crate::span::Span;
use crate::typed::{Calendar, CalendarSpan, Days};

/// The day number of a civil date, by search: independent of `civil`'s own direction.
fn day(year: i32, month: u16, date: u16) -> i32 {
    (-30_000..90_000).find(|number| civil(*number) == (year, month, date)).expect("a date between 1887 and 2216")
}

#[test]
fn known_dates_have_known_weekdays() {
    assert_eq!(weekday(day(2026, 12, 25)), 4, "Christmas 2026 is a Friday");
    assert_eq!(weekday(day(2028, 2, 29)), 1, "the leap day of 2028 is a Tuesday");
    assert_eq!(weekday(day(1969, 7, 20)), 6, "the first moon landing was on a Sunday");
    assert_eq!(weekday(day(2000, 1, 1)), 5, "the year 2000 began on a Saturday");
    assert_eq!(weekday(day(1900, 1, 1)), 0, "the year 1900 began on a Monday");
}

#[test]
fn the_horizon_is_2026_to_2053() {
    assert_eq!(civil(FIRST_DAY), (2026, 1, 1));
    assert_eq!(civil(LAST_DAY), (2053, 12, 31));
    assert_eq!(civil(0), (1970, 1, 1));
    assert_eq!(civil(-1), (1969, 12, 31));
}

#[test]
fn centuries_are_leap_years_only_every_fourth_time() {
    assert_eq!(civil(day(1900, 2, 28) + 1), (1900, 3, 1));
    assert_eq!(civil(day(2000, 2, 28) + 1), (2000, 2, 29));
    assert_eq!(civil(day(2100, 2, 28) + 1), (2100, 3, 1));
}

fn calendar(spans: Vec<CalendarSpan>, except: Vec<usize>) -> Calendar {
    Calendar { name: "test".to_owned(), spans, except, span: Span::default() }
}

fn span(days: Days, from: u16, until: u16, next_day: bool) -> CalendarSpan {
    CalendarSpan { days, from, until, next_day }
}

fn whole(days: Days) -> CalendarSpan {
    span(days, 0, 1440, false)
}

#[test]
fn a_span_without_next_day_ends_before_until() {
    let office = [calendar(vec![span(Days::Weekdays(0b1_1111), 480, 1080, false)], vec![])];
    let friday = day(2026, 12, 25);
    assert!(!during(&office, 0, friday, 479));
    assert!(during(&office, 0, friday, 480));
    assert!(during(&office, 0, friday, 1079));
    assert!(!during(&office, 0, friday, 1080));
    assert!(!during(&office, 0, friday + 1, 600), "Saturday");
}

#[test]
fn an_overnight_span_belongs_to_the_day_it_begins_on() {
    let friday_night = [calendar(vec![span(Days::Weekdays(0b1_0000), 1320, 360, true)], vec![])];
    let friday = day(2026, 12, 25);
    assert!(!during(&friday_night, 0, friday, 0));
    assert!(!during(&friday_night, 0, friday, 1319));
    assert!(during(&friday_night, 0, friday, 1320));
    assert!(during(&friday_night, 0, friday, 1439));
    assert!(during(&friday_night, 0, friday + 1, 359));
    assert!(!during(&friday_night, 0, friday + 1, 360));
    assert!(!during(&friday_night, 0, friday + 1, 1320));
}

#[test]
fn next_day_at_the_same_minute_is_a_whole_day() {
    let one = [calendar(vec![span(Days::Weekdays(0b1_0000), 600, 600, true)], vec![])];
    let friday = day(2026, 12, 25);
    let minutes = (friday - 1..=friday + 2).flat_map(|date| (0..1440).map(move |minute| (date, minute)));
    assert_eq!(minutes.filter(|(date, minute)| during(&one, 0, *date, *minute)).count(), 1440);
}

#[test]
fn except_takes_out_the_date_the_minute_falls_on() {
    let saturday = day(2026, 12, 26);
    let calendars = [
        calendar(vec![span(Days::Every, 1320, 360, true)], vec![1]),
        calendar(vec![span(Days::Range(saturday, saturday), 720, 721, false)], vec![]),
    ];
    assert!(during(&calendars, 0, saturday - 1, 1439));
    assert!(!during(&calendars, 0, saturday, 0), "the night that began on Friday");
    assert!(!during(&calendars, 0, saturday, 1439));
    assert!(during(&calendars, 0, saturday + 1, 359), "the night that began on Saturday");
}

#[test]
fn an_overnight_exception_takes_out_both_its_dates() {
    let saturday = day(2026, 12, 26);
    let calendars = [
        calendar(vec![whole(Days::Every)], vec![1]),
        calendar(vec![span(Days::Range(saturday, saturday), 1320, 60, true)], vec![]),
        calendar(vec![whole(Days::Every)], vec![3]),
        calendar(vec![span(Days::Range(saturday, saturday), 1320, 0, true)], vec![]),
    ];
    assert!(during(&calendars, 0, saturday - 1, 600));
    assert!(!during(&calendars, 0, saturday, 600));
    assert!(!during(&calendars, 0, saturday + 1, 600));
    assert!(during(&calendars, 2, saturday + 1, 600), "until midnight touches no minute of the next date");
}

#[test]
fn exceptions_of_exceptions_put_dates_back() {
    let saturday = day(2026, 12, 26);
    let calendars = [
        calendar(vec![whole(Days::Every)], vec![1]),
        calendar(vec![whole(Days::Weekdays(0b110_0000))], vec![2]),
        calendar(vec![whole(Days::Range(saturday, saturday))], vec![]),
    ];
    assert!(during(&calendars, 0, saturday, 600));
    assert!(!during(&calendars, 0, saturday + 1, 600));
}

#[test]
fn circular_exceptions_end() {
    let calendars = [calendar(vec![whole(Days::Every)], vec![0])];
    let _ends = during(&calendars, 0, 0, 0);
}

#[test]
fn yearly_days_run_over_the_end_of_the_year_and_leap_days_are_rare() {
    let new_year = [calendar(vec![whole(Days::Yearly(12 * 32 + 24, 32 + 2))], vec![])];
    for year in [2026, 2029] {
        assert!(!during(&new_year, 0, day(year, 12, 23), 0));
        assert!(during(&new_year, 0, day(year, 12, 24), 0));
        assert!(during(&new_year, 0, day(year, 1, 2), 0));
        assert!(!during(&new_year, 0, day(year, 1, 3), 0));
    }
    let leap_day = [calendar(vec![whole(Days::Yearly(2 * 32 + 29, 2 * 32 + 29))], vec![])];
    let count = (FIRST_DAY..=LAST_DAY).filter(|date| during(&leap_day, 0, *date, 0)).count();
    assert_eq!(count, 7, "2028 to 2052");
}
