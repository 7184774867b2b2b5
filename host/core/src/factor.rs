//! The second factor (F13): codes that are sent, PINs, authenticators, badges, fingerprints, the number on the screen. In: what was
//! typed or shown. Out: whether it holds, and what comes next. Every wrong try is counted before it is answered. Refuses to say whose
//! a code was, and to send codes to anybody who is not on file.

use crate::code::{self, Purpose};
use crate::event::{Event, Who};
use crate::facts::{credential_state, pin_locked};
use crate::fault::{Done, Fault};
use crate::id::{ChallengeId, KeyId, PersonId, VisitId};
use crate::kinds::{Channel, Method, Proof};
use crate::org::Visit;
use crate::shelf::Kind;
use crate::turn::Turn;
use crate::vault::{Owner, Record, Stretched};
use crate::visit::{IDLE, Next, Sent, actor, person_of};
use jiff::{SignedDuration, Timestamp};

/// Tries of a code (C2).
pub const TRIES: u8 = 5;
/// Minutes a code holds (C1).
const HOLDS: i64 = 5;
/// Challenges that failed or were not answered, in ten minutes and in a day (C2).
const SOON: usize = 3;
const DAY: usize = 10;

/// What was shown.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Digits that were typed, and the same stretched like the PIN of the person.
    Digits(String, Option<Stretched>),
    /// A badge that was held to the box.
    Badge(String),
    /// A fingerprint the box has matched.
    Fingerprint(PersonId),
}

impl Turn<'_> {
    /// Whether somebody may be sent another code (C2, C8).
    pub(crate) fn may_send(&self, person: Option<PersonId>, visit: Option<&Visit>) -> bool {
        let open =
            self.org.challenges.values().filter(|challenge| person.is_some() && challenge.person == person).count();
        let failed =
            person.and_then(|id| self.org.people.get(&id)).map(|person| person.failed.as_slice()).unwrap_or_default();
        let within = |minutes: i64| {
            failed.iter().filter(|then| self.now.duration_since(**then) < SignedDuration::from_mins(minutes)).count()
        };
        let there = |visit: &Visit| {
            let unanswered = self.org.challenges.values().filter(|challenge| {
                let other = challenge.visit.and_then(|id| self.org.visits.get(&id));
                other.is_some_and(|other| other.r#box == visit.r#box && other.method == Method::PhoneNumber)
            });
            unanswered.count() < 10
        };
        within(10) + open < SOON && within(24 * 60) + open < DAY && visit.is_none_or(there)
    }

    /// The way a one-time code goes to somebody now (X02). The policy knows: it is asked as if they had typed a number.
    pub(crate) fn way(&mut self, visit: &Visit) -> Option<Channel> {
        let key = visit.key.unwrap_or(KeyId(ulid::Ulid::nil()));
        let typed = Visit { method: Method::PhoneNumber, credential: None, session: None, ..visit.clone() };
        let facts = self.org.visit_facts(&typed, key, self.now, self.sms_works());
        let mut settings = self.org.settings_for(person_of(visit.who));
        settings.insert("org.user_pickup_2fa".to_string(), "otp".to_string());
        let answer = self.ask(Kind::Pickup, "pickup", &facts, &settings);
        if answer.allows() { Channel::of(answer.name("channel")) } else { None }
    }

    /// Makes a code, remembers what it is checked against, and gives it to be sent (C6).
    pub(crate) fn new_code(&mut self, challenge: ChallengeId, purpose: Purpose, bound: &[&[u8]]) -> String {
        let code = code::digits(&mut self.rng, 6);
        let id = challenge.0.to_bytes();
        let mut all: Vec<&[u8]> = vec![&id];
        all.extend(bound);
        let mac = self.pepper.mac(purpose, &all, &code);
        self.record(Owner::Challenge(challenge), Some(Record::Mac(mac)));
        code
    }

    /// Sends a code for a pickup to the person whose identifier was used (R27-R30), unless one is on its way.
    pub(crate) fn send_code(&mut self, id: VisitId) -> Done<Option<Sent>> {
        let visit = self.visit(id)?;
        let person = person_of(visit.who);
        if let Some(open) = visit.challenge.and_then(|open| self.org.challenges.get(&open))
            && self.now < open.until
        {
            return Ok(open.channel.map(|channel| self.sent(visit.who, channel, open.until)));
        }
        if !self.may_send(person, Some(&visit)) {
            return Ok(None);
        }
        let Some(channel) = self.way(&visit) else { return Ok(None) };
        let challenge: ChallengeId = self.id();
        let until = self.after(HOLDS);
        let purpose = "pickup".to_string();
        self.emit(Event::ChallengeCreated {
            challenge,
            purpose,
            person,
            visit: Some(id),
            channel: Some(channel),
            until,
        });
        self.deliver(challenge, &visit, id, channel, until);
        Ok(Some(self.sent(visit.who, channel, until)))
    }

    fn deliver(&mut self, challenge: ChallengeId, visit: &Visit, id: VisitId, channel: Channel, until: Timestamp) {
        let code = self.new_code(challenge, Purpose::Pickup, &[&id.0.to_bytes(), &visit.r#box.0.to_bytes()]);
        let text = format!(
            "{code} is your code for the key box {}. Type it at the box. Nobody will ask you for it.",
            self.box_name(visit.r#box)
        );
        self.send(visit.who, channel, "pickup_code", &text, Some(until));
    }

    fn sent(&self, who: Who, channel: Channel, until: Timestamp) -> Sent {
        let contact = self.contact(who);
        let address = match channel {
            Channel::Sms => contact.mobile.unwrap_or_default(),
            Channel::Email => contact.email.unwrap_or_default(),
            Channel::Webhook => String::new(),
        };
        Sent { channel, to: masked(&address), until }
    }

    /// Sends the code again, another one; the older is dead, wrong tries stay counted (C1).
    pub fn resend(&mut self, id: VisitId) -> Done<Next> {
        if let Some(decoy) = self.org.decoys.get(&id) {
            self.box_open(decoy.r#box)?;
            let soon = self.now.duration_since(decoy.touched) < SignedDuration::from_secs(30);
            return if soon { Err(too_soon()) } else { self.screen_of_decoy(id).unwrap_or(Err(Fault::Over("visit"))) };
        }
        let visit = self.visit(id)?;
        self.box_open(visit.r#box)?;
        let quiet = visit.method == Method::PhoneNumber && visit.shown.is_empty();
        let open = visit.challenge.and_then(|open| Some((open, self.org.challenges.get(&open)?.clone())));
        let Some((challenge, known)) = open else { return if quiet { Ok(Next::Secret) } else { self.proceed(id) } };
        if self.now.duration_since(known.sent) < SignedDuration::from_secs(30) || known.resent >= 3 {
            return Err(too_soon());
        }
        let Some(channel) = self.way(&visit) else { return Ok(Next::Secret) };
        let until = self.after(HOLDS);
        self.actor = actor(visit.who);
        self.emit(Event::ChallengeResent { challenge, channel, until });
        self.deliver(challenge, &visit, id, channel, until);
        if quiet { Ok(Next::Secret) } else { self.proceed(id) }
    }

    /// Sends another code by e-mail, where the policy allows that and the text did not go out.
    pub(crate) fn send_by_mail(&mut self, id: VisitId) {
        let Some(visit) = self.org.visits.get(&id).cloned() else { return };
        let Some(challenge) = visit.challenge.filter(|_| self.way(&visit) == Some(Channel::Email)) else { return };
        let until = self.after(HOLDS);
        self.emit(Event::ChallengeResent { challenge, channel: Channel::Email, until });
        self.deliver(challenge, &visit, id, Channel::Email, until);
    }

    /// Somebody shows a proof. Without `proof`, digits are the code that was sent, or else the PIN.
    pub fn show(&mut self, id: VisitId, proof: Option<Proof>, shown: Shown) -> Done<Next> {
        if self.org.decoys.contains_key(&id) {
            return self.decoy(id);
        }
        let visit = self.visit(id)?;
        self.box_open(visit.r#box)?;
        self.actor = actor(visit.who);
        let quiet = visit.method == Method::PhoneNumber && visit.shown.is_empty();
        // The same code once more, because the answer was lost: nothing is tried, nothing is gained.
        if proof.is_none()
            && visit.challenge.is_none()
            && visit.shown.contains(&Proof::Code)
            && matches!(&shown, Shown::Digits(digits, _) if digits.len() == 6)
        {
            return self.go_on(id);
        }
        let proof = match (proof, &shown) {
            (Some(proof), _) if !quiet => proof,
            (_, Shown::Digits(..)) if visit.challenge.is_some() => Proof::Code,
            (_, Shown::Digits(digits, _)) if digits.len() == 4 => Proof::Pin,
            (_, Shown::Digits(..)) => Proof::Authenticator,
            (_, Shown::Badge(_)) => Proof::Badge,
            (_, Shown::Fingerprint(_)) => Proof::Fingerprint,
        };
        let right = match (proof, &shown) {
            (Proof::Code, Shown::Digits(digits, _)) => return self.show_code(id, &visit, digits, quiet),
            (Proof::Pin, Shown::Digits(_, stretched)) => return self.show_pin(id, &visit, stretched.as_ref(), quiet),
            (Proof::Authenticator, Shown::Digits(digits, _)) => self.authenticator(person_of(visit.who), digits),
            (Proof::PresenceCode, Shown::Digits(digits, _)) => self.presence(&visit, digits),
            (Proof::Badge, Shown::Badge(serial)) => self.own_badge(&visit, serial),
            (Proof::Fingerprint, Shown::Fingerprint(person)) => {
                person_of(visit.who) == Some(*person) && self.org.people.get(person).is_some_and(|one| one.fingerprint)
            }
            _ => return Err(Fault::Invalid("proof", "what was shown is not what this proof is made of".to_string())),
        };
        if right {
            self.emit(Event::FactorShown { visit: id, proof });
            return self.go_on(id);
        }
        self.emit(Event::FactorRefused { visit: id, proof });
        self.cool_down(visit.r#box);
        if quiet {
            Ok(Next::not_accepted())
        } else {
            Ok(Next::refused("factor.wrong", "This is not accepted. Please try again."))
        }
    }

    /// Something typed after an unknown number: wrong, and counted like any other.
    fn decoy(&mut self, id: VisitId) -> Done<Next> {
        let Some(decoy) = self.org.decoys.get(&id).cloned() else { return Err(Fault::Over("visit")) };
        self.box_open(decoy.r#box)?;
        if self.now.duration_since(decoy.touched) > IDLE {
            return Err(Fault::Over("visit"));
        }
        self.emit(Event::DecoyTried { visit: id });
        self.cool_down(decoy.r#box);
        Ok(Next::not_accepted())
    }

    fn go_on(&mut self, id: VisitId) -> Done<Next> {
        match self.visit(id)?.key {
            Some(_) => self.proceed(id),
            None => self.offers(id),
        }
    }

    fn show_code(&mut self, id: VisitId, visit: &Visit, digits: &str, quiet: bool) -> Done<Next> {
        let open = visit.challenge.and_then(|open| Some((open, self.org.challenges.get(&open)?.clone())));
        let Some((challenge, known)) = open else {
            return if quiet { Ok(Next::not_accepted()) } else { self.proceed(id) };
        };
        let bound: [&[u8]; 3] = [&challenge.0.to_bytes(), &id.0.to_bytes(), &visit.r#box.0.to_bytes()];
        let mac = self.pepper.mac(Purpose::Pickup, &bound, digits);
        let right = self.org.vault.mac(Owner::Challenge(challenge)).is_some_and(|own| code::same(own, &mac));
        if right && self.now < known.until {
            self.emit(Event::ChallengePassed { challenge });
            self.record(Owner::Challenge(challenge), None);
            self.emit(Event::FactorShown { visit: id, proof: Proof::Code });
            return self.go_on(id);
        }
        let left = TRIES.saturating_sub(known.misses + 1);
        self.emit(Event::ChallengeFailed { challenge, left });
        self.cool_down(visit.r#box);
        if left == 0 {
            self.record(Owner::Challenge(challenge), None);
        }
        if quiet {
            return Ok(Next::not_accepted());
        }
        Ok(match left {
            0 => Next::refused("factor.dead", "There were too many wrong tries. Please begin again."),
            _ => Next::refused("factor.wrong", "This code is not right. Please try again."),
        })
    }

    fn show_pin(&mut self, id: VisitId, visit: &Visit, typed: Option<&Stretched>, quiet: bool) -> Done<Next> {
        let Some(person) = person_of(visit.who) else { return Ok(Next::not_accepted()) };
        if self.pin_right(person, typed) {
            self.emit(Event::FactorShown { visit: id, proof: Proof::Pin });
            return self.go_on(id);
        }
        self.emit(Event::FactorRefused { visit: id, proof: Proof::Pin });
        self.cool_down(visit.r#box);
        let locked = self.org.people.get(&person).is_some_and(|one| pin_locked(one, self.now));
        Ok(match (quiet, locked) {
            (true, _) => Next::not_accepted(),
            (false, true) => {
                Next::refused("factor.locked", "There were too many wrong tries. Your PIN is locked for a while.")
            }
            (false, false) => Next::refused("factor.wrong", "This PIN is not right. Please try again."),
        })
    }

    /// Checks a PIN and counts a wrong one; five in a row lock it for a quarter of an hour, ten for good (C3).
    fn pin_right(&mut self, id: PersonId, typed: Option<&Stretched>) -> bool {
        let Some(person) = self.org.people.get(&id) else { return false };
        if pin_locked(person, self.now) {
            return false;
        }
        let misses = person.pin_misses + 1;
        let own = self.org.vault.person(id).and_then(|private| private.pin);
        let right = match (own, typed) {
            (Some(own), Some(typed)) => code::same(&own.salt, &typed.salt) && code::same(&own.key, &typed.key),
            _ => false,
        };
        if right || own.is_none() {
            return right;
        }
        self.emit(Event::PinFailed { person: id });
        if misses >= 10 {
            self.emit(Event::PinLocked { person: id, until: None });
        } else if misses == 5 {
            let until = Some(self.after(15));
            self.emit(Event::PinLocked { person: id, until });
        }
        false
    }

    /// Checks the digits of an authenticator app. None are good twice.
    pub(crate) fn authenticator(&mut self, person: Option<PersonId>, digits: &str) -> bool {
        let Some(id) = person else { return false };
        let (Some(person), Some(private)) = (self.org.people.get(&id), self.org.vault.person(id)) else { return false };
        let (Some(seed), true) = (private.totp, person.authenticator) else { return false };
        let now = u64::try_from(self.now.as_second() / 30).unwrap_or(0);
        let fits = |period: &u64| code::same(code::totp(&seed, *period).as_bytes(), digits.as_bytes());
        let used = person.authenticator_used;
        let found = [now.saturating_sub(1), now, now + 1].into_iter().filter(fits).find(|period| *period > used);
        if let Some(period) = found {
            self.emit(Event::AuthenticatorUsed { person: id, period });
        }
        found.is_some()
    }

    fn presence(&self, visit: &Visit, digits: &str) -> bool {
        let period = self.now.as_second() / 30;
        let fits = |period: i64| code::same(self.pepper.presence(visit.r#box.0, period).as_bytes(), digits.as_bytes());
        fits(period) | fits(period - 1)
    }

    fn own_badge(&self, visit: &Visit, serial: &str) -> bool {
        let known = self.shown(Method::Badge, serial).and_then(|id| self.org.credentials.get(&id));
        known.is_some_and(|badge| badge.who == visit.who && credential_state(badge, self.now) == "valid")
    }
}

fn too_soon() -> Fault {
    Fault::Conflict("A code can be sent again after 30 seconds, three times at most.".to_string())
}

/// An address of which little is shown.
#[must_use]
pub fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, domain)) => format!("{}…@{domain}", name.chars().next().unwrap_or('…')),
        None => format!("…{}", address.chars().skip(address.chars().count().saturating_sub(2)).collect::<String>()),
    }
}
