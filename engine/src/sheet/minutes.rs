//! Minutes of a day: sets of half-open intervals, what holds both, either or none, and how they read.
//!
//! In and out: sorted intervals that do not touch. Refuses to know: which day it is.

use crate::space::civil;
use crate::space::hours::merged;

/// Half-open intervals of minutes, sorted and apart.
pub type Minutes = crate::space::hours::Minutes;

/// The whole day.
pub(super) fn all_day() -> Minutes {
    vec![(0, 1440)]
}

/// In one of them.
pub(super) fn either(a: &Minutes, b: &Minutes) -> Minutes {
    merged(a.iter().chain(b).copied().collect())
}

/// In both of them.
pub(super) fn both(a: &Minutes, b: &Minutes) -> Minutes {
    let mut found = Minutes::new();
    for &(from, until) in a {
        found.extend(b.iter().map(|&(other, end)| (from.max(other), until.min(end))));
    }
    merged(found)
}

/// Not in it.
pub(super) fn outside(a: &Minutes) -> Minutes {
    let mut found = Minutes::new();
    let mut at = 0;
    for &(from, until) in a {
        found.push((at, from));
        at = until;
    }
    found.push((at, 1440));
    merged(found)
}

/// How many minutes there are.
pub(super) fn whole_days(a: &Minutes) -> u32 {
    a.iter().map(|&(from, until)| u32::from(until - from)).sum()
}

/// `06:30 to 17:00 and 20:00 to 24:00`, `all day`, `no time of day`.
pub(super) fn words(a: &Minutes) -> String {
    match a.as_slice() {
        [] => "no time of day".to_string(),
        [(0, 1440)] => "all day".to_string(),
        _ => {
            let span = |&(from, until): &(u16, u16)| {
                format!("{} to {}", civil::time_text(i64::from(from)), civil::time_text(i64::from(until)))
            };
            a.iter().map(span).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// What differs from ordinary days, in words.
pub(super) fn differing(now: &Minutes, usual: &[&Minutes]) -> String {
    let first = usual.first().copied().cloned().unwrap_or_default();
    if usual.iter().any(|other| **other != first) {
        return format!("{} on each of these days", words(now));
    }
    let (added, gone) = (both(now, &outside(&first)), both(&first, &outside(now)));
    match (added.is_empty(), gone.is_empty()) {
        (true, false) if now.is_empty() => format!("no time of day in place of {}", words(&first)),
        (false, true) if first.is_empty() => format!("{} in place of no time of day", words(now)),
        (false, true) => format!("also {}", words(&added)),
        (true, false) => format!("not {}", words(&gone)),
        _ => format!("{} in place of {}", words(now), words(&first)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_minutes_agree_with_minute_by_minute() {
        let samples: Vec<Minutes> = vec![
            vec![],
            all_day(),
            vec![(0, 1)],
            vec![(1439, 1440)],
            vec![(390, 1020), (1200, 1440)],
            vec![(0, 120), (480, 481), (600, 1080)],
        ];
        let holds = |set: &Minutes, minute: u16| set.iter().any(|&(from, until)| (from..until).contains(&minute));
        for a in &samples {
            for b in &samples {
                let (and, or, not) = (both(a, b), either(a, b), outside(a));
                for minute in 0..1440 {
                    assert_eq!(holds(&and, minute), holds(a, minute) && holds(b, minute));
                    assert_eq!(holds(&or, minute), holds(a, minute) || holds(b, minute));
                    assert_eq!(holds(&not, minute), !holds(a, minute));
                }
            }
        }
    }

    #[test]
    fn what_differs_is_said_shortly() {
        let usual = vec![(390, 1020)];
        assert_eq!(differing(&vec![], &[&usual]), "no time of day in place of 06:30 to 17:00");
        assert_eq!(differing(&vec![(390, 900)], &[&usual]), "not 15:00 to 17:00");
        assert_eq!(differing(&vec![(390, 1080)], &[&usual]), "also 17:00 to 18:00");
        assert_eq!(differing(&all_day(), &[&vec![]]), "all day in place of no time of day");
    }
}
