//! How values are written in a policy.
//! In: raw values. Out: literals of the language. Refuses to know inputs.

use super::Random;
use keyward::eval::civil;

/// A date.
pub fn date(day: i32) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A minute of the day, up to 24:00.
pub fn time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A duration, in any unit that fits.
pub fn duration(random: &mut Random, minutes: u32) -> String {
    let counted = |count: u32, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    if minutes > 0 && minutes.is_multiple_of(1440) && random.chance(70) {
        counted(minutes / 1440, "day")
    } else if minutes > 0 && minutes.is_multiple_of(60) && random.chance(70) {
        counted(minutes / 60, "hour")
    } else {
        counted(minutes, "minute")
    }
}

/// A day of every year, with a taste for leap days and the turn of the year.
pub fn year_day(random: &mut Random) -> String {
    let edge = ["02-29", "02-29", "02-28", "03-01", "12-31", "01-01", "12-25"];
    if random.chance(40) {
        return (*random.pick(&edge).unwrap_or(&"02-29")).to_owned();
    }
    format!("{:02}-{:02}", random.between(1, 12), random.between(1, 28))
}
