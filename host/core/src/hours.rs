//! When a place is open. In: weekly hours and holidays as an administrator saves them. Out: the site file that refines the
//! after-hours policy (the same kind of file an author would write), and whether a window covers a moment. Refuses to compile.

use serde::{Deserialize, Serialize};
use std::fmt::Write;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A minute that is over.
const LONG_AGO: &str = "2026-01-01 from 00:00 until 00:01";

/// A stretch of some days of the week, in minutes of the day. One that ends before it begins runs into the next day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Days, Monday is 0.
    pub days: Vec<u8>,
    /// The first minute, 0 to 1439.
    pub from: u16,
    /// The minute it ends, 1 to 1440.
    pub until: u16,
}

/// A holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The year; none: every year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// The opening hours of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// When it is open in an ordinary week.
    pub weekly: Vec<Window>,
    /// Days on which it is closed all the same.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

impl Window {
    /// Whether it is what a week can hold; otherwise what is wrong.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.days.is_empty() || self.days.iter().any(|day| *day > 6) {
            return Err("days are numbers from 0 (Monday) to 6 (Sunday), at least one");
        }
        if self.from >= 1440 || self.until == 0 || self.until > 1440 || self.from == self.until {
            return Err("a window runs from minute 0-1439 until minute 1-1440 of the day, and is not empty");
        }
        Ok(())
    }

    /// Whether it covers a minute of a day of the week (Monday is 0).
    #[must_use]
    pub fn covers(&self, day: u8, minute: u16) -> bool {
        let before = (day + 6) % 7;
        match self.from < self.until {
            true => self.days.contains(&day) && (self.from..self.until).contains(&minute),
            false => {
                self.days.contains(&day) && minute >= self.from || self.days.contains(&before) && minute < self.until
            }
        }
    }
}

impl Hours {
    /// Whether these can be hours; otherwise what is wrong.
    pub fn check(&self) -> Result<(), &'static str> {
        self.weekly.iter().try_for_each(Window::check)?;
        if self.weekly.len() > 50 || self.holidays.len() > 500 {
            return Err("a location has at most 50 windows and 500 holidays");
        }
        let exists = |holiday: &Holiday| holiday.date(holiday.year.unwrap_or(2028)).is_some();
        match self.holidays.iter().all(exists) {
            true => Ok(()),
            false => Err("a holiday is a day of the calendar"),
        }
    }

    fn never_closes(&self) -> bool {
        let open = |day: u8, minute: u16| self.weekly.iter().any(|window| window.covers(day, minute));
        (0..7).all(|day| (0..1440).all(|minute| open(day, minute)))
    }

    /// The file that refines the after-hours policy for a place. `name` is a word of the language; `title` may be anything.
    #[must_use]
    pub fn ward(&self, name: &str, title: &str, refines: &str, version: u64) -> String {
        let title: String = title.chars().filter(|one| !one.is_control() && !matches!(one, '"' | '\\')).collect();
        let mut text = format!(
            "edition 2026\npolicy keyward.after_hours_{name} version 1 \"{title}: opening hours and holidays\"\n  \
             refines {refines} version {version}\n\n"
        );
        let late = self.weekly.iter().filter(|window| window.from > window.until).map(|window| window.until).max();
        let mut holidays: Vec<String> = self.holidays.iter().map(Holiday::ward).collect();
        let mut endings: Vec<String> = late.map_or_else(Vec::new, |until| {
            let after = self.holidays.iter().filter_map(Holiday::day_after);
            after.map(|day| format!("{} from 00:00 until {}", day.ward(), time(until))).collect()
        });
        let mut exceptions = Vec::new();
        for (name, days) in [("holidays", &mut holidays), ("late_endings", &mut endings)] {
            days.sort_unstable();
            days.dedup();
            if !days.is_empty() && !self.weekly.is_empty() {
                let _ = write!(text, "calendar {name} is\n    {}\n\n", days.join(",\n    "));
                exceptions.push(name);
            }
        }
        // The policy promises that there is a way while a place is closed, so every place has a minute in which it is.
        if exceptions.is_empty() && self.never_closes() {
            let _ = write!(text, "calendar long_ago is\n    {LONG_AGO}\n\n");
            exceptions.push("long_ago");
        }
        let windows: Vec<String> = self.weekly.iter().flat_map(Window::ward).collect();
        // A calendar holds at least one stretch. This one is long over.
        let open = if windows.is_empty() { LONG_AGO.to_string() } else { windows.join(",\n    ") };
        let _ = writeln!(text, "calendar opening_hours is\n    {open}");
        if !exceptions.is_empty() {
            let _ = writeln!(text, "  except {}", exceptions.join(", "));
        }
        text
    }
}

impl Holiday {
    fn date(&self, year: u16) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?)
            .ok()
    }

    /// The day after, on which nothing runs on that would have begun on the holiday.
    fn day_after(&self) -> Option<Holiday> {
        // In a year that is no leap year: what begins on a February 28 that is a holiday every year ends on March 1.
        let next = self.date(self.year.unwrap_or(2027))?.tomorrow().ok()?;
        let (month, day) = (u8::try_from(next.month()).ok()?, u8::try_from(next.day()).ok()?);
        let year = match self.year {
            Some(_) => Some(u16::try_from(next.year()).ok()?),
            None => None,
        };
        Some(Holiday { year, month, day })
    }

    fn ward(&self) -> String {
        match self.year {
            Some(year) => format!("{year:04}-{:02}-{:02}", self.month, self.day),
            None => format!("every year on {:02}-{:02}", self.month, self.day),
        }
    }
}

fn time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl Window {
    fn ward(&self) -> Vec<String> {
        let tail = if self.from < self.until { "" } else { " next day" };
        let days = (0..7u8).filter(|day| self.days.contains(day));
        days.map(|day| format!("{} from {} until {}{tail}", DAYS[usize::from(day)], time(self.from), time(self.until)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Holiday, Hours, Window};
    use crate::kinds::Preset;
    use crate::shelf::{Kind, Which, compiled};

    #[test]
    fn every_kind_of_hours_becomes_a_policy_that_is_proved() {
        let days = |days: &[u8], from, until| Window { days: days.to_vec(), from, until };
        let day = |year, month, day| Holiday { year, month, day };
        let all = [
            Hours::default(),
            Hours { weekly: vec![days(&[0, 1, 2, 3, 4, 5, 6], 0, 1440)], holidays: vec![] },
            Hours {
                weekly: vec![days(&[0, 1, 2, 3, 4, 5, 6], 720, 720 - 1), days(&[0, 1, 2, 3, 4, 5, 6], 700, 730)],
                holidays: vec![],
            },
            Hours { weekly: vec![days(&[0, 1, 2, 3, 4], 390, 1020), days(&[4], 1200, 120)], holidays: vec![] },
            Hours {
                weekly: vec![days(&[4], 1200, 120), days(&[5], 540, 750)],
                holidays: vec![day(None, 12, 25), day(None, 2, 29), day(Some(2027), 2, 28), day(Some(2026), 12, 31)],
            },
            Hours { weekly: vec![], holidays: vec![day(None, 1, 1)] },
        ];
        for preset in [Preset::Seed, Preset::Strict] {
            for hours in &all {
                assert_eq!(hours.check(), Ok(()));
                let shipped = Which::shipped(Kind::AfterHours, preset);
                let (name, version) = shipped.top();
                let text = hours.ward("site", "A \"quoted\" \\ place", &name, version);
                let made = compiled(&Which { site: Some(text.as_str().into()), ..shipped });
                assert!(made.is_ok(), "{text}\n{made:?}");
            }
        }
        assert!(Hours { weekly: vec![], holidays: vec![day(Some(2027), 2, 29)] }.check().is_err());
    }

    #[test]
    fn a_window_past_midnight_covers_the_morning_after() {
        let window = Window { days: vec![4], from: 1200, until: 120 };
        assert!(window.covers(4, 1200) && window.covers(4, 1439) && window.covers(5, 0) && window.covers(5, 119));
        assert!(!window.covers(4, 0) && !window.covers(5, 120) && !window.covers(5, 1300));
    }
}
