//! Reports about what happened. In: entries of a stretch of time. Out: a row for each that counts.

use super::{History, Made, listed, yes};
use crate::event::{Entry, Event, Reason};

/// What people read of a reason.
fn reason(history: &History<'_>, reason: Option<&Reason>) -> String {
    let Some(reason) = reason else { return String::new() };
    let label = history.org.reasons.get(&reason.code).map_or(reason.code.as_str(), |code| code.label.as_str());
    if reason.text.is_empty() { label.to_string() } else { format!("{label}: {}", reason.text) }
}

fn rows(history: &History<'_>, row: impl Fn(&Entry) -> Option<Vec<String>>, none: &str) -> Made {
    let rows: Vec<_> = history.within().filter_map(row).collect();
    let note = if rows.is_empty() { none.to_string() } else { String::new() };
    (rows, note)
}

pub(super) fn transactions(history: &History<'_>) -> Made {
    let row = |entry: &Entry| {
        let (at, seq) = (history.time(entry.at), entry.seq.to_string());
        let plain = |what: &str, key, from: String, to: String| {
            let none = String::new;
            vec![
                at.clone(),
                what.to_string(),
                history.key(key),
                from,
                to,
                none(),
                none(),
                none(),
                none(),
                none(),
                seq.clone(),
            ]
        };
        match &entry.event {
            Event::Taken { key, who, bin, method, factors, reason: why, authorised_by, after_hours, .. } => Some(vec![
                at.clone(),
                "taken".to_string(),
                history.key(*key),
                history.bin(*bin),
                history.who(*who),
                method.to_string(),
                listed(factors),
                reason(history, why.as_ref()),
                listed(authorised_by.iter().map(|id| history.person(*id))),
                yes(*after_hours),
                seq,
            ]),
            Event::Returned { key, bin, by, holder, .. } => {
                let from = by.or(*holder).map_or_else(|| "somebody".to_string(), |who| history.who(who));
                Some(plain("brought back", *key, from, history.bin(*bin)))
            }
            Event::SwapCompleted { key, from, to, handshake, .. } => {
                let what = if *handshake { "handed on, confirmed by code" } else { "handed on" };
                Some(plain(what, *key, history.person(*from), history.person(*to)))
            }
            Event::Corrected { key, why, .. } => {
                Some(plain("corrected", *key, history.actor(entry.actor), why.clone()))
            }
            _ => None,
        }
    };
    rows(history, row, "No key moved in this time.")
}

pub(super) fn after_hours(history: &History<'_>) -> Made {
    let row = |entry: &Entry| match &entry.event {
        Event::Taken { key, who, method, factors, reason: why, authorised_by, due, after_hours: true, .. } => {
            Some(vec![
                history.time(entry.at),
                history.key(*key),
                history.who(*who),
                method.to_string(),
                listed(factors),
                reason(history, why.as_ref()),
                listed(authorised_by.iter().map(|id| history.person(*id))),
                history.maybe_time(*due),
                entry.seq.to_string(),
            ])
        }
        _ => None,
    };
    rows(history, row, "No key was taken while its place was closed.")
}

pub(super) fn denied(history: &History<'_>) -> Made {
    let row = |entry: &Entry| {
        let (person, key, refusals) = match &entry.event {
            Event::PickupDenied { key, refusals, .. } => (history.actor(entry.actor), history.key(*key), refusals),
            Event::SwapDenied { key, to, refusals } => {
                (format!("{}, for {}", history.actor(entry.actor), history.person(*to)), history.key(*key), refusals)
            }
            _ => return None,
        };
        Some(vec![history.time(entry.at), person, key, listed(refusals), entry.seq.to_string()])
    };
    rows(history, row, "Nothing was refused in this time.")
}

/// Pickups that were exempt, or that a single proof or a public number was enough for (R34).
pub(super) fn weak(history: &History<'_>) -> Made {
    let row = |entry: &Entry| {
        let Event::PickupAllowed { key, exempt, flags, .. } = &entry.event else { return None };
        let told = |flag: &str| match flag {
            "exempt_method" => Some("the method is exempt"),
            "single_factor" => Some("one factor was enough"),
            "public_identifier" => Some("a public number was enough"),
            "email_code" => Some("the code went by e-mail"),
            _ => None,
        };
        let mut why: Vec<&str> = flags.iter().filter_map(|flag| told(flag)).collect();
        if *exempt && why.is_empty() {
            why.push("the method is exempt");
        }
        if why.is_empty() {
            return None;
        }
        Some(vec![
            history.time(entry.at),
            history.actor(entry.actor),
            history.key(*key),
            listed(why),
            entry.seq.to_string(),
        ])
    };
    rows(history, row, "Every pickup of this time had a second factor.")
}

pub(super) fn undelivered(history: &History<'_>) -> Made {
    let row = |entry: &Entry| match &entry.event {
        Event::NoticeFailed { why, last: true, .. } => {
            Some(vec![history.time(entry.at), why.clone(), entry.seq.to_string()])
        }
        _ => None,
    };
    rows(history, row, "Every message of this time went out.")
}

pub(super) fn differences(history: &History<'_>) -> Made {
    let row = |entry: &Entry| {
        let (what, key, detail) = match &entry.event {
            Event::Discrepancy { key, bin } => ("not where the record says", Some(*key), history.bin(*bin)),
            Event::FobUnknown { r#box } => ("an unknown fob", None, history.r#box(*r#box)),
            Event::FobWrong { found, .. } => ("another key than expected", *found, String::new()),
            Event::UnknownReturner { key, .. } => ("brought back by somebody unknown", Some(*key), String::new()),
            Event::ReturnedByOther { key, by, holder } => {
                let holder = holder.map_or_else(|| "nobody".to_string(), |who| history.who(who));
                ("brought back by somebody else", Some(*key), format!("{} for {holder}", history.who(*by)))
            }
            Event::Corrected { key, why, .. } => ("put right", Some(*key), why.clone()),
            _ => return None,
        };
        let key = key.map_or_else(String::new, |key| history.key(key));
        Some(vec![history.time(entry.at), what.to_string(), key, detail, entry.seq.to_string()])
    };
    rows(history, row, "Record and reality did not differ in this time.")
}
