//! Day numbers and the civil calendar (proleptic Gregorian), by arithmetic only.
//!
//! In and out: day numbers (days since 1970-01-01) and year, month, day. Refuses to know time zones.

/// Year, month and day of a day number.
#[must_use]
pub fn date(day: i64) -> (i64, u16, u16) {
    // Count from 0000-03-01, so that a leap day ends its year.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u16, day as u16)
}

/// The day number of a date.
#[must_use]
pub fn day(year: i64, month: u16, day: u16) -> i64 {
    let (month, dom) = (i64::from(month), i64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + dom - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Month and day as `month * 32 + day`.
#[must_use]
pub fn year_day(day: i64) -> u16 {
    let (_, month, dom) = date(day);
    month * 32 + dom
}

/// The weekday, Monday 0.
#[must_use]
pub fn weekday(day: i64) -> u8 {
    (day + 3).rem_euclid(7) as u8
}

/// The name of a weekday, Monday 0.
#[must_use]
pub fn weekday_name(weekday: u8) -> &'static str {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][usize::from(weekday % 7)]
}

/// `2026-04-03`.
#[must_use]
pub fn date_text(day: i64) -> String {
    let (year, month, dom) = date(day);
    format!("{year:04}-{month:02}-{dom:02}")
}

/// `08:00`.
#[must_use]
pub fn time_text(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `12 hours`, `1 day`, `90 minutes`.
#[must_use]
pub fn duration_text(minutes: u32) -> String {
    let (count, unit) = match minutes {
        0 => (0, "minute"),
        m if m % 1440 == 0 => (m / 1440, "day"),
        m if m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p1_days_and_dates_are_inverse_over_three_centuries() {
        let (mut year, mut month, mut dom) = (1900, 1, 1);
        for number in day(1900, 1, 1)..=day(2199, 12, 31) {
            assert_eq!(date(number), (year, month, dom));
            assert_eq!(day(year, month, dom), number);
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            dom += 1;
            if dom > length[usize::from(month - 1)] {
                (month, dom) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!(day(2026, 1, 1), 20_454);
        assert_eq!(day(2053, 12, 31), 30_680);
        assert_eq!(weekday(day(2026, 12, 25)), 4);
    }
}
