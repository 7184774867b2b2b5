//! At the box: who is it, and which key (F08-F12). In: a method and what was shown. Out: what the screen shows next. An unknown number
//! looks like a known one until the code is typed. Refuses to say why something is not accepted.

use crate::event::{Actor, Event, Who};
use crate::facts::credential_state;
use crate::fault::{Done, Fault};
use crate::id::{BoxId, CredentialId, KeyId, OperationId, SessionId, VisitId};
use crate::kinds::{AccountState, BookingState, Channel, Method, Proof};
use crate::org::{Visit, Where};
use crate::shelf::Kind;
use crate::turn::Turn;
use jiff::{SignedDuration, Timestamp};

/// How long somebody may stand at a box without doing anything.
pub(crate) const IDLE: SignedDuration = SignedDuration::from_secs(120);
/// Somebody who waits for another person, or comes through the app, may be slower.
const PATIENT: SignedDuration = SignedDuration::from_mins(6);

/// What the screen shows next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Type the code or the PIN. Nothing is said of whose.
    Secret,
    /// Choose a key.
    Keys(Vec<Offer>),
    /// Say why: reasons by code.
    Reason(Vec<(String, String)>),
    /// Show one of these proofs; where a code went.
    Prove(Vec<Proof>, Option<Sent>),
    /// Others have to agree.
    Wait {
        /// How many people.
        people: u8,
        /// Of these, how many have.
        given: u8,
        /// Whether the supervisor has to answer, and has not.
        supervisor: bool,
        /// Not after.
        until: Timestamp,
    },
    /// A bin opens.
    Open {
        /// The opening.
        operation: OperationId,
        /// What stands on the door.
        bin: String,
        /// It must begin before.
        until: Timestamp,
    },
    /// No: reasons, and what to say.
    Refused(Vec<String>, Vec<String>),
}

/// A key that can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The key.
    pub key: KeyId,
    /// Its neutral name.
    pub name: String,
}

/// A code on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// How.
    pub channel: Channel,
    /// Where to, most of it hidden.
    pub to: String,
    /// Good until.
    pub until: Timestamp,
}

impl Next {
    /// A refusal with one reason.
    #[must_use]
    pub fn refused(refusal: &str, words: &str) -> Next {
        Next::Refused(vec![refusal.to_string()], vec![words.to_string()])
    }

    /// What a stranger hears (W1).
    #[must_use]
    pub fn not_accepted() -> Next {
        Next::refused("identify.not_accepted", "This is not accepted.")
    }
}

impl Turn<'_> {
    /// The box takes codes, or not before a time (W3, C10).
    pub(crate) fn box_open(&self, id: BoxId) -> Done<()> {
        let it = self.org.boxes.get(&id).ok_or(Fault::NotFound("box"))?;
        match it.locked {
            Some(until) if self.now < until => Err(Fault::Locked(until)),
            _ => Ok(()),
        }
    }

    /// After a wrong code: a box cools down after three, longer after six, and slows down after eight in ten minutes.
    pub(crate) fn cool_down(&mut self, id: BoxId) {
        let Some(it) = self.org.boxes.get(&id) else { return };
        let seconds = match (it.misses, it.wrong.len()) {
            (0, _) => 0,
            (misses, _) if misses % 6 == 0 => 300,
            (misses, _) if misses % 3 == 0 => 30,
            (_, wrong) if wrong >= 8 => 60,
            _ => 0,
        };
        if seconds > 0 {
            let until = self.now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
            self.emit(Event::LockoutStarted { person: None, r#box: Some(id), until });
        }
    }

    /// Somebody says who they are. `session` comes with the app only.
    pub fn identify(&mut self, r#box: BoxId, method: Method, value: &str) -> Done<(VisitId, Next)> {
        self.box_open(r#box)?;
        if method == Method::App {
            return Err(Fault::Invalid("method", "the app begins a visit from its own session".to_string()));
        }
        let visit: VisitId = self.id();
        let found = self.shown(method, value);
        let Some((credential, who)) = found.and_then(|id| Some((id, self.org.credentials.get(&id)?.who))) else {
            return Ok((visit, self.stranger(visit, r#box, method, "unknown")));
        };
        if let Some(why) = self.outsider(credential, who) {
            if method == Method::Badge {
                let text = format!("A badge that is not valid any more was shown at {}.", self.box_name(r#box));
                self.tell_admins("badge_refused", &text);
            }
            return Ok((visit, self.stranger(visit, r#box, method, why)));
        }
        let state = self.org.credentials.get(&credential).map_or("revoked", |one| credential_state(one, self.now));
        let words = match state {
            "too_early" => "You are a little early.",
            "expired" => "The time for this is over. Please ask for a new one.",
            "used_up" => "This was good for one pickup and has been used.",
            _ => "",
        };
        if !words.is_empty() {
            self.emit(Event::IdentifyFailed { r#box, method, why: state.to_string(), visit: None });
            return Ok((visit, Next::refused(&format!("pickup.{state}"), words)));
        }
        self.actor = actor(who);
        self.emit(Event::Identified { visit, r#box, method, who, credential: Some(credential), session: None });
        let next = if method == Method::PhoneNumber { self.number_typed(visit)? } else { self.offers(visit)? };
        Ok((visit, next))
    }

    /// Somebody signed in wants a key from a box they stand at.
    pub fn identify_app(&mut self, r#box: BoxId, session: SessionId) -> Done<(VisitId, Next)> {
        self.box_open(r#box)?;
        let person = self.org.sessions.get(&session).map(|session| session.person).ok_or(Fault::Over("session"))?;
        let visit = self.id();
        let who = Who::Person(person);
        self.emit(Event::Identified {
            visit,
            r#box,
            method: Method::App,
            who,
            credential: None,
            session: Some(session),
        });
        let next = self.offers(visit)?;
        Ok((visit, next))
    }

    /// Why a credential counts as unknown, if it does.
    fn outsider(&self, credential: CredentialId, who: Who) -> Option<&'static str> {
        let known = self.org.credentials.get(&credential)?;
        let whose = match who {
            Who::Person(id) => match self.org.people.get(&id).map(|person| person.state) {
                Some(AccountState::Active | AccountState::Invited) => None,
                Some(AccountState::Suspended) => Some("suspended"),
                _ => Some("unknown"),
            },
            Who::Guest(id) => match self.org.bookings.get(&id).map(|booking| booking.state) {
                Some(BookingState::Approved | BookingState::Active | BookingState::Closed | BookingState::Expired) => {
                    None
                }
                _ => Some("revoked"),
            },
        };
        if known.revoked { Some("revoked") } else { whose }
    }

    /// Nothing that is accepted. A number gets the same screen as a known one.
    fn stranger(&mut self, visit: VisitId, r#box: BoxId, method: Method, why: &str) -> Next {
        self.actor = Actor::Box(r#box);
        let decoy = method == Method::PhoneNumber && self.org.setting("org.user_pickup_2fa") != Some("off");
        let why = why.to_string();
        self.emit(Event::IdentifyFailed { r#box, method, why, visit: decoy.then_some(visit) });
        if decoy {
            return Next::Secret;
        }
        self.cool_down(r#box);
        Next::not_accepted()
    }

    /// A known number was typed: the code goes out at once, before anything is shown.
    fn number_typed(&mut self, id: VisitId) -> Done<Next> {
        let visit = self.visit(id)?;
        let nothing = KeyId(ulid::Ulid::nil());
        let facts = self.org.visit_facts(&visit, nothing, self.now, self.sms_works());
        let settings = self.org.settings_for(person_of(visit.who));
        let answer = self.ask(Kind::Pickup, "pickup", &facts, &settings);
        match answer.name("factor") {
            "none" if answer.allows() => self.offers(id),
            "code" if answer.allows() => {
                self.send_code(id)?;
                Ok(Next::Secret)
            }
            // A PIN and an authenticator need nothing sent. Where nothing can be asked for, whatever is typed will be wrong.
            _ => Ok(Next::Secret),
        }
    }

    /// A visit that is not over.
    pub fn visit(&self, id: VisitId) -> Done<Visit> {
        let visit = self.org.visits.get(&id).ok_or(Fault::Over("visit"))?;
        let patient = visit.method == Method::App || visit.approval.is_some() || visit.method == Method::UrlLink;
        let idle = if patient { PATIENT } else { IDLE };
        match self.now.duration_since(visit.touched) <= idle {
            true => Ok(visit.clone()),
            false => Err(Fault::Over("visit")),
        }
    }

    /// The keys somebody may take here and now.
    pub fn offers(&mut self, id: VisitId) -> Done<Next> {
        let visit = self.visit(id)?;
        if visit.method == Method::PhoneNumber && !self.number_proved(&visit) {
            return Ok(Next::Secret);
        }
        let bins = self.org.boxes.get(&visit.r#box).map(|it| it.bins.clone()).unwrap_or_default();
        let here: Vec<KeyId> = bins.iter().filter_map(|bin| self.org.bins.get(bin)?.key).collect();
        let settings = self.org.settings_for(person_of(visit.who));
        let sms = self.sms_works();
        let mut offers = Vec::new();
        for key in here {
            let facts = self.org.visit_facts(&visit, key, self.now, sms);
            let answer = self.ask(Kind::Access, "permission", &facts, &settings);
            if answer.allows()
                && let Some(known) = self.org.keys.get(&key)
            {
                offers.push(Offer { key, name: known.card.name.clone() });
            }
        }
        offers.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Next::Keys(offers))
    }

    /// Whether somebody who typed a number has shown more than that, where more is asked for.
    fn number_proved(&mut self, visit: &Visit) -> bool {
        if !visit.shown.is_empty() {
            return true;
        }
        let facts = self.org.visit_facts(visit, KeyId(ulid::Ulid::nil()), self.now, self.sms_works());
        let settings = self.org.settings_for(person_of(visit.who));
        let answer = self.ask(Kind::Pickup, "pickup", &facts, &settings);
        answer.allows() && answer.name("factor") == "none"
    }

    /// What the screen shows to whoever typed an unknown number: the same as to others who have not typed their code yet.
    pub(crate) fn screen_of_decoy(&self, id: VisitId) -> Option<Done<Next>> {
        let decoy = self.org.decoys.get(&id)?;
        let over = self.now.duration_since(decoy.touched) > IDLE;
        Some(if over { Err(Fault::Over("visit")) } else { Ok(Next::Secret) })
    }

    /// Somebody chooses a key.
    pub fn choose(&mut self, id: VisitId, key: KeyId) -> Done<Next> {
        if let Some(screen) = self.screen_of_decoy(id) {
            return screen;
        }
        let visit = self.visit(id)?;
        self.box_open(visit.r#box)?;
        if visit.method == Method::PhoneNumber && !self.number_proved(&visit) {
            return Ok(Next::Secret);
        }
        // A key that is not in this box does not exist for whoever stands before it.
        let known = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?;
        let here = match known.place {
            Where::Bin(bin) => self.org.bin_box(bin) == Some(visit.r#box),
            _ => false,
        };
        self.actor = actor(visit.who);
        if visit.key != Some(key) {
            self.emit(Event::PickupRequested { visit: id, key });
        }
        if !here {
            self.emit(Event::PickupConflict { visit: id, key });
            return Ok(Next::refused("pickup.conflict", "This key is not here any more."));
        }
        self.proceed(id)
    }

    /// Gives a reason (R67, V22).
    pub fn give_reason(&mut self, id: VisitId, code: &str, text: &str) -> Done<Next> {
        if !self.org.reasons.contains_key(code) {
            let known: Vec<&str> = self.org.reasons.keys().map(String::as_str).collect();
            return Err(Fault::Invalid("code", format!("one of {}", known.join(", "))));
        }
        if text.chars().count() > 300 {
            return Err(Fault::Invalid("text", "at most 300 characters".to_string()));
        }
        if let Some(screen) = self.screen_of_decoy(id) {
            return screen;
        }
        let visit = self.visit(id)?;
        self.actor = actor(visit.who);
        let reason = crate::event::Reason { code: code.to_string(), text: crate::turn::plain(text) };
        self.emit(Event::ReasonGiven { visit: id, reason });
        self.proceed(id)
    }

    pub(crate) fn box_name(&self, id: BoxId) -> String {
        self.org.boxes.get(&id).map_or_else(|| "a box".to_string(), |it| it.name.clone())
    }

    pub(crate) fn tell_admins(&mut self, about: &str, text: &str) {
        for admin in self.admins() {
            self.tell(admin, about, text);
        }
    }
}

/// Who acts in a visit.
#[must_use]
pub(crate) fn actor(who: Who) -> Actor {
    match who {
        Who::Person(id) => Actor::Person(id),
        Who::Guest(id) => Actor::Guest(id),
    }
}

/// The person, if it is one.
#[must_use]
pub(crate) fn person_of(who: Who) -> Option<crate::id::PersonId> {
    match who {
        Who::Person(id) => Some(id),
        Who::Guest(_) => None,
    }
}
