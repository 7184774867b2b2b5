//! Dates, times and durations as text, without any zone.
//! In: text or numbers. Out: numbers or text. Refuses dates that do not exist and years outside 1900 to 2199.

use jiff::SignedDuration;
use jiff::civil::Date;

/// The day with number 0.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// The first and the last day a module accepts: 1900-01-01 and 2199-12-31.
const DAYS: std::ops::RangeInclusive<i32> = -25_567..=84_005;

/// The day number of `2026-12-25`.
pub fn date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let (year, month, day) = (digits(text.get(0..4)?)?, digits(text.get(5..7)?)?, digits(text.get(8..10)?)?);
    day_number(year, month, day)
}

/// The minute of the day of `23:30`.
pub fn time(text: &str) -> Option<u16> {
    if text.len() != 5 || text.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (digits(text.get(0..2)?)?, digits(text.get(3..5)?)?);
    if hour > 23 || minute > 59 {
        return None;
    }
    u16::try_from(hour * 60 + minute).ok()
}

/// The day number of a date that exists.
pub fn day_number(year: i32, month: i32, day: i32) -> Option<i32> {
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let hours = Date::new(year, month, day).ok()?.duration_since(EPOCH).as_hours();
    i32::try_from(hours / 24).ok().filter(|number| DAYS.contains(number))
}

/// A day number as `2026-12-25`; a number beyond the days a module accepts is that of the nearest of them.
pub fn date_text(number: i32) -> String {
    let number = i64::from(number.clamp(*DAYS.start(), *DAYS.end()));
    EPOCH.checked_add(SignedDuration::from_hours(24 * number)).unwrap_or(EPOCH).to_string()
}

/// The minutes of `12 hours`, `1 day`, `90 minutes`.
pub fn duration(text: &str) -> Option<u64> {
    let (count, unit) = text.split_once(' ')?;
    if count.is_empty() || count.len() > 9 || !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: u64 = count.parse().ok()?;
    match unit {
        "minute" | "minutes" => Some(count),
        "hour" | "hours" => Some(count * 60),
        "day" | "days" => Some(count * 1440),
        _ => None,
    }
}

/// Minutes in the largest unit that fits: `12 hours`.
pub fn duration_text(minutes: u32) -> String {
    let (count, unit) = match minutes {
        m if m > 0 && m % 1440 == 0 => (m / 1440, "day"),
        m if m > 0 && m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn digits(text: &str) -> Option<i32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_there_and_back() {
        for day in DAYS {
            assert_eq!(date(&date_text(day)), Some(day));
        }
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("2026-01-01"), Some(20_454));
        for none in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "1899-12-31",
            "2200-01-01",
            "2026-1-01",
            "+026-01-01",
            "２026-01-0",
        ] {
            assert_eq!(date(none), None, "{none}");
        }
    }

    #[test]
    fn times_and_durations() {
        assert_eq!((time("00:00"), time("23:59"), time("24:00"), time("9:00")), (Some(0), Some(1439), None, None));
        assert_eq!((duration("12 hours"), duration("1 day"), duration("1.5 hours")), (Some(720), Some(1440), None));
        assert_eq!(
            (duration_text(720), duration_text(1440), duration_text(90)),
            ("12 hours".into(), "1 day".into(), "90 minutes".into())
        );
    }
}
