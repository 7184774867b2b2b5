//! What is shown of things. In: things of the key system. Out: JSON. Refuses to show what is private to whom it does not concern: the
//! screen of a box gets neutral names only.

use keyward_host_core::event::Who;
use keyward_host_core::id::PersonId;
use keyward_host_core::org::{Key, Org, Where};
use keyward_host_core::vault::Contact;
use keyward_host_core::{Next, Swapped};
use serde_json::{Value, json};

/// What the screen of a box shows next.
#[must_use]
pub fn next(next: &Next) -> Value {
    match next {
        Next::Secret => json!({ "next": "secret", "words": ["Please type your code or your PIN."] }),
        Next::Keys(offers) => {
            let keys: Vec<Value> = offers.iter().map(|offer| json!({ "key": offer.key, "name": offer.name })).collect();
            json!({ "next": "keys", "keys": keys })
        }
        Next::Reason(reasons) => {
            let reasons: Vec<Value> =
                reasons.iter().map(|(code, label)| json!({ "code": code, "label": label })).collect();
            json!({ "next": "reason", "reasons": reasons })
        }
        Next::Prove(proofs, sent) => {
            let sent = sent
                .as_ref()
                .map(|sent| json!({ "channel": sent.channel, "to": sent.to, "until": sent.until.to_string() }));
            json!({ "next": "prove", "any_of": proofs, "sent": sent })
        }
        Next::Wait { people, given, supervisor, until } => {
            json!({ "next": "wait", "people": people, "given": given, "supervisor": supervisor, "until": until.to_string() })
        }
        Next::Open { operation, bin, until } => {
            json!({ "next": "open", "operation": operation, "bin": bin, "until": until.to_string() })
        }
        Next::Refused(refusals, words) => json!({ "next": "refused", "refusals": refusals, "words": words }),
    }
}

/// Where a swap stands.
#[must_use]
pub fn swapped(swapped: &Swapped) -> Value {
    match swapped {
        Swapped::CodeSent(swap, channel) => json!({ "swap": swap, "state": "code_sent", "channel": channel }),
        Swapped::Done(swap) => json!({ "swap": swap, "state": "completed" }),
        Swapped::Wrong(left) => json!({ "state": "wrong_code", "tries_left": left }),
        Swapped::Refused(refusals, words) => json!({ "state": "refused", "refusals": refusals, "words": words }),
    }
}

/// A key, for people who may see it.
#[must_use]
pub fn key(org: &Org, id: keyward_host_core::id::KeyId, key: &Key) -> Value {
    let mut shown = json!({
        "key": id, "name": key.card.name, "sensitivity": key.card.sensitivity, "groups": key.card.groups, "fob": key.card.fob,
        "approvers": key.card.approvers, "max_out_minutes": key.card.max_out_minutes, "status": key.status, "version": key.version,
        "since": key.since.map(|at| at.to_string()), "due": key.due.map(|at| at.to_string()),
    });
    shown["place"] = match key.place {
        Where::Unknown => json!({ "unknown": true }),
        Where::Held(who) => json!({ "with": person_or_guest(org, who) }),
        Where::Bin(bin) => {
            let known = org.bins.get(&bin);
            let r#box = known.and_then(|bin| org.boxes.get(&bin.r#box));
            json!({ "bin": bin, "label": known.map(|bin| bin.label.clone()), "box": known.map(|bin| bin.r#box), "box_name": r#box.map(|it| it.name.clone()) })
        }
    };
    shown
}

/// Who, with the name.
#[must_use]
pub fn person_or_guest(org: &Org, who: Who) -> Value {
    match who {
        Who::Person(id) => json!({ "person": id, "name": name(org, id) }),
        Who::Guest(id) => json!({ "booking": id, "name": org.vault.guest(id).map(|guest| guest.name.clone()) }),
    }
}

/// What something with an id is called.
#[must_use]
pub fn called(org: &Org, id: &str) -> Option<String> {
    let person = id.parse().ok().and_then(|id| name(org, id));
    let guest = || id.parse().ok().and_then(|id| org.vault.guest(id)).map(|guest| guest.name.clone());
    let key = || id.parse().ok().and_then(|id| org.keys.get(&id)).map(|key| key.card.name.clone());
    let r#box = || id.parse().ok().and_then(|id| org.boxes.get(&id)).map(|it| it.name.clone());
    let bin = || id.parse().ok().and_then(|id| org.bins.get(&id)).map(|bin| bin.label.clone());
    let place = || id.parse().ok().and_then(|id| org.locations.get(&id)).map(|place| place.card.name.clone());
    person.or_else(guest).or_else(key).or_else(r#box).or_else(bin).or_else(place)
}

/// The name of a person.
#[must_use]
pub fn name(org: &Org, id: PersonId) -> Option<String> {
    org.vault.person(id).map(|private| private.contact.name.clone())
}

/// A person, as administrators see them.
#[must_use]
pub fn person(org: &Org, id: PersonId) -> Value {
    let Some(person) = org.people.get(&id) else { return Value::Null };
    let contact = org.vault.person(id).map(|private| private.contact.clone()).unwrap_or_default();
    let Contact { name, mobile, email } = contact;
    json!({
        "person": id, "name": name, "mobile": mobile, "email": email, "state": person.state, "role": person.role,
        "manager": person.manager, "profiles": person.profiles, "after_hours": person.after_hours, "barred": person.barred,
        "break_glass": person.break_glass, "paused_until": person.paused.map(|until| until.to_string()), "pin": person.pin, "authenticator": person.authenticator,
        "keys": org.held_by(Who::Person(id)),
    })
}
