//! What a calendar is made of, in the language's own words.
//!
//! In: a calendar as it was checked. Out: one line. Refuses to know: how the author broke the lines.

use crate::space::civil;
use crate::typed::{Calendar, CalendarSpan, Days, Policy};

/// `monday to friday from 06:30 until 17:00, 2026-04-03 except holidays`.
pub(super) fn calendar(policy: &Policy, calendar: &Calendar) -> String {
    let spans: Vec<String> = calendar.spans.iter().map(span).collect();
    let except: Vec<&str> =
        calendar.except.iter().filter_map(|&other| Some(policy.calendars.get(other)?.name.as_str())).collect();
    match except.is_empty() {
        true => spans.join(", "),
        false => format!("{} except {}", spans.join(", "), except.join(", ")),
    }
}

fn span(span: &CalendarSpan) -> String {
    let year_day = |day: u16| format!("{:02}-{:02}", day / 32, day % 32);
    let date = |day: i32| civil::date_text(i64::from(day));
    let days = match span.days {
        Days::Every => "every day".to_string(),
        Days::Yearly(first, last) if first == last => format!("every year on {}", year_day(first)),
        Days::Yearly(first, last) => format!("every year from {} to {}", year_day(first), year_day(last)),
        Days::Weekdays(mask) => weekdays(mask),
        Days::Range(first, last) if first == last => date(first),
        Days::Range(first, last) => format!("from {} to {}", date(first), date(last)),
    };
    if (span.from, span.until, span.next_day) == (0, 1440, false) {
        return days;
    }
    let time = |minute: u16| civil::time_text(i64::from(minute));
    let next = if span.next_day { " next day" } else { "" };
    format!("{days} from {} until {}{next}", time(span.from), time(span.until))
}

fn weekdays(mask: u8) -> String {
    let days: Vec<u8> = (0..7).filter(|day| mask >> day & 1 == 1).collect();
    match days.as_slice() {
        [first, .., last] if usize::from(last - first) + 1 == days.len() => {
            format!("{} to {}", civil::weekday_name(*first), civil::weekday_name(*last))
        }
        _ => days.iter().map(|&day| civil::weekday_name(day)).collect::<Vec<_>>().join(", "),
    }
}
