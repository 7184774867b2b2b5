//! Dates, times and durations as text, without any zone.
//! In: text or numbers. Out: numbers or text. Refuses dates that do not exist and years outside 1900 to 2199.

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
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i32::from(leap),
        _ => return None,
    };
    if !(1..=longest).contains(&day) || !(1900..=2199).contains(&year) {
        return None;
    }
    let (shifted_year, shifted_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let number = shifted_year * 365 + shifted_year / 4 - shifted_year / 100 + shifted_year / 400 + of_year - 719_468;
    Some(number).filter(|number| DAYS.contains(number))
}

/// A day number as `2026-12-25`.
pub fn date_text(number: i32) -> String {
    let days = i64::from(number) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
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
