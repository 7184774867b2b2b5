//! Reports about how things stand. In: an organization; entries only where something was or was not used. Out: a row for each thing.

use super::{History, Made, listed, yes};
use crate::event::{Event, Object, Subject, Who};
use crate::id::{KeyId, PersonId};
use crate::kinds::{AccountState, BinState, KeyStatus};
use crate::org::{Key, Where};
use std::collections::BTreeMap;

/// Rows of the access report at most.
const MOST: usize = 50_000;

fn held<'h>(history: &History<'h>) -> impl Iterator<Item = (KeyId, &'h Key, Who)> {
    history.org.keys.iter().filter_map(|(id, key)| match key.place {
        Where::Held(who) => Some((*id, key, who)),
        _ => None,
    })
}

pub(super) fn out(history: &History<'_>) -> Made {
    let late = |key: &Key| key.due.is_some_and(|due| due < history.now);
    let row = |(_, key, who): (KeyId, &Key, Who)| {
        vec![
            key.card.name.clone(),
            history.who(who),
            history.maybe_time(key.since),
            history.maybe_time(key.due),
            yes(late(key)),
        ]
    };
    (held(history).map(row).collect(), String::new())
}

pub(super) fn overdue(history: &History<'_>) -> Made {
    let late = held(history).filter_map(|(_, key, who)| {
        let due = key.due.filter(|due| *due < history.now)?;
        let hours = history.now.duration_since(due).as_hours();
        Some(vec![
            key.card.name.clone(),
            history.who(who),
            history.maybe_time(key.since),
            history.time(due),
            hours.to_string(),
        ])
    });
    (late.collect(), String::new())
}

/// One row for each person, key and permission that concerns both.
pub(super) fn access(history: &History<'_>) -> Made {
    let org = history.org;
    let mut rows = Vec::new();
    for (id, person) in org.people.iter().filter(|(_, person)| person.state != AccountState::Deactivated) {
        for (key, known) in org.keys.iter().filter(|(_, key)| key.status != KeyStatus::Retired) {
            for card in org.permissions.values().filter(|card| org.concerns(card, *id, person, *key)) {
                if card.until.is_some_and(|until| until <= history.now) {
                    continue;
                }
                let source = match card.subject {
                    Subject::Person(_) => "the person".to_string(),
                    Subject::Profile(id) => {
                        org.profiles.get(&id).map_or_else(|| id.to_string(), |card| format!("profile {}", card.name))
                    }
                };
                let source = match card.object {
                    Object::Key(_) => source,
                    Object::Group(id) => format!("{source}, group {}", org.groups.get(&id).map_or("?", String::as_str)),
                    Object::All => format!("{source}, every key"),
                };
                let hours =
                    if card.windows.is_empty() { "any".to_string() } else { format!("{} windows", card.windows.len()) };
                rows.push(vec![
                    history.person(*id),
                    known.card.name.clone(),
                    listed(&card.actions),
                    source,
                    hours,
                    card.at.map_or_else(String::new, |id| history.r#box(id)),
                    history.maybe_time(card.until),
                    yes(card.reservation_only),
                    yes(card.denies),
                ]);
                if rows.len() >= MOST {
                    return (rows, format!("Only the first {MOST} rows are shown."));
                }
            }
        }
    }
    (
        rows,
        "What a permission allows; whether a pickup is allowed also depends on the moment and the policies."
            .to_string(),
    )
}

pub(super) fn unused(history: &History<'_>) -> Made {
    let org = history.org;
    let mut last: BTreeMap<(PersonId, KeyId), jiff::Timestamp> = BTreeMap::new();
    for entry in history.within() {
        match &entry.event {
            Event::Taken { key, who: Who::Person(id), .. } => drop(last.insert((*id, *key), entry.at)),
            Event::SwapCompleted { key, to, .. } => drop(last.insert((*to, *key), entry.at)),
            _ => {}
        }
    }
    let mut rows = Vec::new();
    for (id, card) in org.permissions.iter().filter(|(_, card)| !card.denies) {
        let used = last.iter().any(|((person, key), _)| {
            org.people.get(person).is_some_and(|known| org.concerns(card, *person, known, *key))
        });
        if !used {
            let name = match card.subject {
                Subject::Person(id) => history.person(id),
                Subject::Profile(id) => org.profiles.get(&id).map_or_else(|| id.to_string(), |card| card.name.clone()),
            };
            let object = match card.object {
                Object::Key(key) => history.key(key),
                Object::Group(id) => format!("group {}", org.groups.get(&id).map_or("?", String::as_str)),
                Object::All => "every key".to_string(),
            };
            rows.push(vec!["permission".to_string(), name, format!("{object} ({id})"), String::new()]);
        }
    }
    for (id, person) in org.people.iter().filter(|(_, person)| person.state == AccountState::Active) {
        if !last.keys().any(|(one, _)| one == id) {
            rows.push(vec!["person".to_string(), history.person(*id), person.role.to_string(), String::new()]);
        }
    }
    (rows, "Not used between the two times; what happened before is not looked at.".to_string())
}

pub(super) fn unmoved(history: &History<'_>) -> Made {
    let still = history.org.keys.values().filter(|key| key.status == KeyStatus::Active);
    let still = still.filter(|key| key.since.is_none_or(|since| since < history.from));
    let row = |key: &Key| {
        let place = match key.place {
            Where::Bin(bin) => history.bin(bin),
            Where::Held(who) => history.who(who),
            Where::Unknown => "unknown".to_string(),
        };
        vec![key.card.name.clone(), place, history.maybe_time(key.since)]
    };
    (still.map(row).collect(), String::new())
}

pub(super) fn boxes(history: &History<'_>) -> Made {
    let org = history.org;
    let row = |it: &crate::org::LockBox| {
        let state = |state: BinState| {
            it.bins.iter().filter(|bin| org.bins.get(bin).is_some_and(|bin| bin.state == state)).count().to_string()
        };
        let place = org.locations.get(&it.location).map_or_else(String::new, |place| place.card.name.clone());
        vec![
            it.name.clone(),
            place,
            yes(it.public_key.is_some()),
            yes(it.online),
            it.skew.to_string(),
            it.bins.len().to_string(),
            state(BinState::Disabled),
            state(BinState::Check),
        ]
    };
    (org.boxes.values().map(row).collect(), String::new())
}
