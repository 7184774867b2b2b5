//! What is out of the ordinary, each with its reason (R72, F21). In: entries of a stretch of time and of eight weeks before. Out: a row for
//! each that stands out. Refuses to score: a rule says what it saw and against what, and stays silent where there is too little history.

use super::{History, Made, listed};
use crate::event::{Actor, Entry, Event, Who};
use crate::id::{BoxId, KeyId, PersonId};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Periods a key must have been out before its habits are known.
const PERIODS: usize = 20;
/// Weeks that must lie before.
const WEEKS: usize = 8;
/// Keys in a row that are many.
const MANY: usize = 4;
/// Refusals before a pickup that stand out.
const REFUSALS: usize = 3;
/// Minutes that belong together.
const CLOSE: SignedDuration = SignedDuration::from_mins(10);
/// Minutes in which refusals and a pickup belong together.
const TRYING: SignedDuration = SignedDuration::from_mins(30);

struct Rows<'h> {
    history: &'h History<'h>,
    rows: Vec<(Timestamp, Vec<String>)>,
}

impl Rows<'_> {
    fn add(
        &mut self,
        rule: &str,
        entry: &Entry,
        person: Option<PersonId>,
        key: Option<KeyId>,
        why: String,
        also: &[u64],
    ) {
        if !(self.history.from..self.history.until).contains(&entry.at) {
            return;
        }
        let person = person.map_or_else(String::new, |id| self.history.person(id));
        let key = key.map_or_else(String::new, |id| self.history.key(id));
        let entries = listed(also.iter().chain([&entry.seq]));
        self.rows.push((entry.at, vec![self.history.time(entry.at), rule.to_string(), person, key, why, entries]));
    }
}

pub(super) fn unusual(history: &History<'_>) -> Made {
    let mut rows = Rows { history, rows: Vec::new() };
    let mut missing = Vec::new();
    let begun = history.entries.first().map(|entry| entry.at);
    nights(history, &mut rows);
    if !long(history, &mut rows) {
        missing.push(format!(
            "no key has been out {PERIODS} times before, so nothing is said about how long keys are out"
        ));
    }
    let weeks = SignedDuration::from_hours(24 * 7 * WEEKS as i64);
    match begun {
        Some(begun) if history.from.duration_since(begun) >= weeks => often(history, &mut rows),
        _ => missing.push(format!(
            "there are fewer than {WEEKS} weeks before, so nothing is said about how often people take keys"
        )),
    }
    refused_first(history, &mut rows);
    many(history, &mut rows);
    two_places(history, &mut rows);
    rows.rows.sort_by_key(|(at, _)| *at);
    let note = if missing.is_empty() { String::new() } else { format!("Too little history: {}.", missing.join("; ")) };
    (rows.rows.into_iter().map(|(_, row)| row).collect(), note)
}

/// The first time somebody takes a key while the place is closed.
fn nights(history: &History<'_>, rows: &mut Rows<'_>) {
    let mut seen = std::collections::BTreeSet::new();
    for entry in history.entries {
        if let Event::Taken { key, who: Who::Person(id), after_hours: true, .. } = &entry.event
            && seen.insert((*id, *key))
        {
            let why = "the first time this person takes this key while the place is closed, in eight weeks".to_string();
            rows.add("first_after_hours", entry, Some(*id), Some(*key), why, &[]);
        }
    }
}

/// Out longer than nineteen of twenty times before. Gives whether any key has a habit.
fn long(history: &History<'_>, rows: &mut Rows<'_>) -> bool {
    let mut out: BTreeMap<KeyId, (&Entry, PersonId)> = BTreeMap::new();
    let mut before: BTreeMap<KeyId, Vec<i64>> = BTreeMap::new();
    for entry in history.entries {
        match &entry.event {
            Event::Taken { key, who: Who::Person(id), .. } => drop(out.insert(*key, (entry, *id))),
            Event::Returned { key, .. } => {
                let Some((taken, id)) = out.remove(key) else { continue };
                let minutes = entry.at.duration_since(taken.at).as_mins();
                let periods = before.entry(*key).or_default();
                if periods.len() >= PERIODS {
                    let mut sorted = periods.clone();
                    sorted.sort_unstable();
                    let usual = sorted.get(sorted.len() * 95 / 100).copied().unwrap_or(i64::MAX);
                    if minutes > usual {
                        let why = format!("out for {minutes} minutes; 95 of 100 times it is back within {usual}");
                        rows.add("out_long", entry, Some(id), Some(*key), why, &[taken.seq]);
                    }
                }
                periods.push(minutes);
            }
            _ => {}
        }
    }
    before.values().any(|periods| periods.len() >= PERIODS)
}

/// More keys in a week than the mean of the eight weeks before and three standard deviations.
fn often(history: &History<'_>, rows: &mut Rows<'_>) {
    let week = |at: Timestamp| history.until.duration_since(at).as_secs() / (7 * 24 * 3600);
    let mut counts: BTreeMap<PersonId, BTreeMap<i64, (usize, &Entry)>> = BTreeMap::new();
    for entry in history.entries {
        if let Event::Taken { who: Who::Person(id), .. } = &entry.event {
            let slot = counts.entry(*id).or_default().entry(week(entry.at)).or_insert((0, entry));
            *slot = (slot.0 + 1, entry);
        }
    }
    for (id, weeks) in counts {
        for (number, (count, entry)) in &weeks {
            let earlier: Vec<f64> = (1..=WEEKS as i64)
                .map(|back| weeks.get(&(number + back)).map_or(0.0, |(count, _)| *count as f64))
                .collect();
            let mean = earlier.iter().sum::<f64>() / WEEKS as f64;
            let spread = (earlier.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / WEEKS as f64).sqrt();
            let most = mean + 3.0 * spread.max(1.0);
            if *count as f64 > most {
                let why = format!(
                    "{count} keys in a week; the eight weeks before had {mean:.1} on average, up to {most:.1} would be usual"
                );
                rows.add("often", entry, Some(id), None, why, &[]);
            }
        }
    }
}

/// Three refusals, and then a key.
fn refused_first(history: &History<'_>, rows: &mut Rows<'_>) {
    let mut refused: BTreeMap<PersonId, Vec<(Timestamp, u64)>> = BTreeMap::new();
    for entry in history.entries {
        match (&entry.event, entry.actor) {
            (Event::PickupDenied { .. } | Event::FactorRefused { .. }, Actor::Person(id)) => {
                refused.entry(id).or_default().push((entry.at, entry.seq));
            }
            (Event::Taken { key, who: Who::Person(id), .. }, _) => {
                let all = refused.remove(id).unwrap_or_default();
                let lately: Vec<u64> =
                    all.iter().filter(|(at, _)| entry.at.duration_since(*at) <= TRYING).map(|(_, seq)| *seq).collect();
                if lately.len() >= REFUSALS {
                    let why = format!("{} refusals within half an hour, and then a key", lately.len());
                    rows.add("refused_first", entry, Some(*id), Some(*key), why, &lately);
                }
            }
            _ => {}
        }
    }
}

/// Many keys one after the other.
fn many(history: &History<'_>, rows: &mut Rows<'_>) {
    let mut taken: BTreeMap<PersonId, Vec<(Timestamp, u64)>> = BTreeMap::new();
    for entry in history.entries {
        let Event::Taken { who: Who::Person(id), .. } = &entry.event else { continue };
        let row = taken.entry(*id).or_default();
        row.retain(|(at, _)| entry.at.duration_since(*at) <= CLOSE);
        row.push((entry.at, entry.seq));
        if row.len() == MANY {
            let earlier: Vec<u64> = row.iter().map(|(_, seq)| *seq).filter(|seq| *seq != entry.seq).collect();
            let why = format!("{MANY} keys within ten minutes");
            rows.add("many_keys", entry, Some(*id), None, why, &earlier);
        }
    }
}

/// At two places in less time than it takes to get there.
fn two_places(history: &History<'_>, rows: &mut Rows<'_>) {
    let mut last: BTreeMap<PersonId, (Timestamp, BoxId, u64)> = BTreeMap::new();
    for entry in history.entries {
        let Event::Identified { r#box, who: Who::Person(id), .. } = &entry.event else { continue };
        let place = |id: &BoxId| history.org.boxes.get(id).map(|it| it.location);
        if let Some((at, before, seq)) = last.insert(*id, (entry.at, *r#box, entry.seq))
            && place(&before) != place(r#box)
            && entry.at.duration_since(at) <= CLOSE
        {
            let minutes = entry.at.duration_since(at).as_mins();
            let why = format!("at {} {minutes} minutes after {}", history.r#box(*r#box), history.r#box(before));
            rows.add("two_places", entry, Some(*id), None, why, &[seq]);
        }
    }
}
