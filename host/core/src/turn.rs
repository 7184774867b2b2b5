//! One command at work. In: an organization, the time, chance, who is asking. Out: entries that were applied as they were made, records
//! for the vault, messages to send. A command fails before its first entry or not at all. Refuses to do anything by itself: no
//! clock, no network, no store.

use crate::code::{Pepper, token};
use crate::desk::{Answer, Desk, Facts};
use crate::event::{Actor, Asked, Entry, Event, Who};
use crate::fault::Fault;
use crate::id::{LocationId, NoticeId, PersonId};
use crate::kinds::{AccountState, Channel, Preset, Role};
use crate::org::{Org, Person};
use crate::shelf::Kind;
use crate::vault::{Contact, Owner, Record};
use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use ulid::Ulid;

/// A message to send. It holds what must not be in the log: the address, and perhaps a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The notice in the log.
    pub notice: NoticeId,
    /// How.
    pub channel: Channel,
    /// The number or address.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Not worth sending after.
    pub until: Option<Timestamp>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Message({} by {})", self.notice, self.channel)
    }
}

/// What a command made.
#[derive(Debug, Default)]
pub struct Made {
    /// Entries, in order.
    pub entries: Vec<Entry>,
    /// Records put or erased, in order.
    pub records: Vec<(Owner, Option<Record>)>,
    /// Messages to send.
    pub messages: Vec<Message>,
}

/// One command at work.
#[derive(Debug)]
pub struct Turn<'t> {
    /// The organization.
    pub org: &'t mut Org,
    /// The time.
    pub now: Timestamp,
    /// Who is asking.
    pub actor: Actor,
    /// The request.
    pub request: Option<Ulid>,
    /// The time of the box, where it reports something that happened earlier.
    pub box_time: Option<Timestamp>,
    /// Where policies are asked.
    pub desk: &'t mut Desk,
    /// The secret key of the host.
    pub pepper: &'t Pepper,
    /// Chance.
    pub rng: ChaCha20Rng,
    /// What was made so far.
    pub made: Made,
}

impl<'t> Turn<'t> {
    /// A command of somebody at a time; `seed` is fresh chance.
    pub fn new(
        org: &'t mut Org,
        desk: &'t mut Desk,
        pepper: &'t Pepper,
        now: Timestamp,
        actor: Actor,
        seed: [u8; 32],
    ) -> Turn<'t> {
        let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        let rng = ChaCha20Rng::from_seed(seed);
        Turn { org, now, actor, request: None, box_time: None, desk, pepper, rng, made: Made::default() }
    }

    /// A fresh name.
    pub fn id<I: From<Ulid>>(&mut self) -> I {
        let random = u128::from(self.rng.next_u64()) << 64 | u128::from(self.rng.next_u64());
        I::from(Ulid::from_parts(u64::try_from(self.now.as_millisecond()).unwrap_or(0), random))
    }

    /// A fresh token.
    pub fn token(&mut self) -> String {
        token(&mut self.rng)
    }

    /// Writes an entry and applies it.
    pub fn emit(&mut self, event: Event) {
        self.emit_decided(event, Vec::new());
    }

    /// Writes an entry with what the policies said, and applies it.
    pub fn emit_decided(&mut self, event: Event, decisions: Vec<Asked>) {
        let entry = Entry {
            seq: self.org.seq,
            id: self.id(),
            at: self.now,
            box_time: self.box_time,
            actor: self.actor,
            request: self.request,
            decisions,
            event,
        };
        self.org.apply(&entry);
        debug_assert_eq!(self.org.one_key_one_place(), Ok(()), "after {entry:?}");
        let about = if self.org.rules.is_empty() { None } else { crate::alert::about(self.org, &entry) };
        let laddered = (!self.org.procedures.is_empty()).then(|| entry.clone());
        self.made.entries.push(entry);
        if let Some(entry) = laddered {
            self.consequences(&entry);
        }
        if let Some((trigger, about)) = about {
            self.alert_rules(trigger, &about);
        }
    }

    /// Puts or erases a record.
    pub fn record(&mut self, owner: Owner, record: Option<Record>) {
        self.org.vault.put(owner, record.clone());
        self.made.records.push((owner, record));
    }

    /// So long from now.
    #[must_use]
    pub fn after(&self, minutes: i64) -> Timestamp {
        self.now.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX)
    }

    /// The defaults of the organization.
    #[must_use]
    pub fn preset(&self) -> Preset {
        self.org.preset.unwrap_or(Preset::Strict)
    }

    /// Asks a policy, as it is published in this organization.
    pub fn ask(&mut self, kind: Kind, decision: &str, facts: &Facts, settings: &BTreeMap<String, String>) -> Answer {
        self.desk.ask(&self.org.which(kind), decision, facts, settings)
    }

    /// Asks the after-hours policy of a place.
    pub fn ask_after_hours(
        &mut self,
        location: Option<LocationId>,
        facts: &Facts,
        settings: &BTreeMap<String, String>,
    ) -> Answer {
        let mut answer = self.desk.ask(&self.org.after_hours_of(location), "after_hours", facts, settings);
        answer.asked.location = location;
        answer
    }

    /// What the policies said, for an entry.
    #[must_use]
    pub fn asked(answers: &[&Answer]) -> Vec<Asked> {
        answers.iter().map(|answer| answer.asked.clone()).collect()
    }

    /// Somebody by name.
    pub fn person(&self, id: PersonId) -> Result<&Person, Fault> {
        self.org.people.get(&id).ok_or(Fault::NotFound("person"))
    }

    /// The one who is asking, if they have one of these roles and an account in use.
    pub fn must_be(&self, roles: &[Role]) -> Result<PersonId, Fault> {
        let Actor::Person(id) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        let person = self.person(id)?;
        match person.state == AccountState::Active && roles.contains(&person.role) {
            true => Ok(id),
            false => Err(Fault::Forbidden("Your role does not allow this.")),
        }
    }

    /// The one who is asking, if they administrate the organization.
    pub fn must_administrate(&self) -> Result<PersonId, Fault> {
        self.must_be(&[Role::Owner, Role::OrgAdmin])
    }

    /// The one who is asking, if they may see how things stand.
    pub fn must_read(&self) -> Result<PersonId, Fault> {
        self.must_be(&[Role::Owner, Role::OrgAdmin, Role::CoAdmin, Role::LocationManager, Role::Manager, Role::Auditor])
    }

    /// How somebody can be reached.
    #[must_use]
    pub fn contact(&self, who: Who) -> Contact {
        match who {
            Who::Person(id) => self.org.vault.person(id).map(|private| private.contact.clone()),
            Who::Guest(id) => self.org.vault.guest(id).cloned(),
        }
        .unwrap_or_default()
    }

    /// What to call somebody in a message.
    #[must_use]
    pub fn name(&self, who: Who) -> String {
        let name = self.contact(who).name;
        if name.is_empty() { "somebody".to_string() } else { name }
    }

    /// Sends a message to somebody, if they have an address of the kind. Gives whether they have.
    pub fn send(&mut self, who: Who, channel: Channel, about: &str, text: &str, until: Option<Timestamp>) -> bool {
        let contact = self.contact(who);
        let address = match channel {
            Channel::Sms => contact.mobile,
            Channel::Email => contact.email,
            Channel::Webhook => None,
        };
        let Some(to) = address else { return false };
        let notice: NoticeId = self.id();
        self.emit(Event::NoticeQueued { notice, to: who.into(), channel, about: about.to_string() });
        self.made.messages.push(Message { notice, channel, to, text: plain(text), until });
        true
    }

    /// Tells somebody in the way that reaches them: by text, else by e-mail. Gives whether there is one.
    pub fn tell(&mut self, id: PersonId, about: &str, text: &str) -> bool {
        let Some(person) = self.org.people.get(&id) else { return false };
        let channel = if person.mobile.is_some() && self.sms_works() { Channel::Sms } else { Channel::Email };
        self.send(Who::Person(id), channel, about, text, None)
            || self.send(Who::Person(id), Channel::Sms, about, text, None)
    }

    /// Whether texts go out, as far as is known: a failure counts for ten minutes.
    #[must_use]
    pub fn sms_works(&self) -> bool {
        self.org.sms_failed.is_none_or(|at| self.now.duration_since(at) > SignedDuration::from_mins(10))
    }

    /// Owners and organization admins with accounts in use.
    #[must_use]
    pub fn admins(&self) -> Vec<PersonId> {
        let in_use = self.org.people.iter().filter(|(_, person)| person.state == AccountState::Active);
        in_use.filter(|(_, person)| matches!(person.role, Role::Owner | Role::OrgAdmin)).map(|(id, _)| *id).collect()
    }
}

/// Text for messages: no control characters, no line of its own, no link that a name could bring along (B11), 400 characters.
#[must_use]
pub fn plain(text: &str) -> String {
    let one_line: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).take(400).collect();
    one_line.replace("://", ": //")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn b11_a_name_brings_no_line_no_link_and_no_novel_along() {
        assert_eq!(plain("Ada\r\nBcc: x\u{1b}[31m"), "Ada  Bcc: x [31m");
        assert_eq!(plain("take it at https://evil.example"), "take it at https: //evil.example");
        assert_eq!(plain(&"x".repeat(1_000)).len(), 400);
    }
}
