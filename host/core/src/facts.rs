//! From an organization to the facts the policies ask for. In: who, which key, which box, when. Out: facts by name. Refuses to judge:
//! what follows from a fact is the policy's business.

use crate::desk::{Fact, Facts};
use crate::event::{Object, Permission, Subject, Who};
use crate::hours::Hours;
use crate::id::{BoxId, KeyId, LocationId, PersonId};
use crate::kinds::{AccountState, Action, BookingState, KeyStatus, Method, Preset, ReturnRule, Sensitivity};
use crate::org::{Credential, Key, Lock, Org, Person, Visit, Where};
use crate::shelf::{Kind, Own, PRESET_DEFAULTS, Setting, Which, settings};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How old a number must be to count as verified for long (C9).
const FRESH: SignedDuration = SignedDuration::from_hours(72);
/// The clock of a box may be wrong by so much before it is doubtful (W8).
const DOUBTFUL: i64 = 300;

/// Somebody who wants something with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// Who.
    pub who: Who,
    /// How they said so.
    pub method: Method,
    /// The key.
    pub key: KeyId,
    /// The box; none in the field.
    pub r#box: Option<BoxId>,
    /// What they want.
    pub action: Action,
}

fn yes(facts: &mut Facts, name: &'static str, is: bool) {
    facts.insert(name, Fact::Is(is));
}

fn name(facts: &mut Facts, name: &'static str, word: &'static str) {
    facts.insert(name, Fact::Name(word));
}

impl Org {
    /// The place of a box.
    #[must_use]
    pub fn location_of(&self, r#box: BoxId) -> Option<LocationId> {
        self.boxes.get(&r#box).map(|it| it.location)
    }

    /// A policy, with what the organization has published of its own; for [`Kind::AfterHours`] without the hours of a place.
    #[must_use]
    pub fn which(&self, kind: Kind) -> Which {
        let own = self.own.get(kind.word()).and_then(|id| self.drafts.get(id));
        let own = own.map(|draft| Own { text: draft.text.clone(), name: draft.name.clone(), version: draft.version });
        Which { own, ..Which::shipped(kind, self.preset.unwrap_or(Preset::Strict)) }
    }

    /// The after-hours policy of a place; a place nobody knows is never open.
    #[must_use]
    pub fn after_hours_of(&self, location: Option<LocationId>) -> Which {
        let known = location.and_then(|id| self.locations.get(&id));
        match known {
            Some(place) => self.after_hours_with(&place.card.name, &place.hours),
            None => self.after_hours_with("Nowhere", &Hours::default()),
        }
    }

    /// The after-hours policy with these hours.
    #[must_use]
    pub fn after_hours_with(&self, title: &str, hours: &Hours) -> Which {
        let which = self.which(Kind::AfterHours);
        let (name, version) = which.top();
        Which { site: Some(hours.ward("site", title, &name, version).into()), ..which }
    }

    /// Every setting that the policies of this organization leave open.
    pub fn declared_settings(&self) -> Result<Vec<Setting>, Vec<String>> {
        settings(&Kind::ALL.map(|kind| self.which(kind)))
    }

    /// Settings of the organization, with those of a person.
    #[must_use]
    pub fn settings_for(&self, who: Option<PersonId>) -> BTreeMap<String, String> {
        let defaults = PRESET_DEFAULTS.iter().filter(|(preset, ..)| self.preset == Some(*preset));
        let mut settings: BTreeMap<String, String> =
            defaults.map(|(_, name, value)| ((*name).to_string(), (*value).to_string())).collect();
        settings.extend(self.settings.clone());
        if let Some(person) = who.and_then(|id| self.people.get(&id)) {
            settings.extend(person.settings.clone());
        }
        settings
    }

    /// The date, the minute and the day of the week (Monday is 0) at a place.
    #[must_use]
    pub fn civil(&self, location: Option<LocationId>, at: Timestamp) -> (i32, u16, u8) {
        let zone =
            location.and_then(|id| self.locations.get(&id)).map_or(self.tz.as_str(), |place| place.card.tz.as_str());
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let civil = zone.to_datetime(at);
        let days = civil.date().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
        let minute = u16::try_from(i32::from(civil.hour()) * 60 + i32::from(civil.minute())).unwrap_or(0);
        let day = u8::try_from(civil.date().weekday().to_monday_zero_offset()).unwrap_or(0);
        (i32::try_from(days).unwrap_or(0), minute, day)
    }

    /// Whether a permission is one of this person for this key, wherever.
    pub(crate) fn concerns(&self, permission: &Permission, id: PersonId, person: &Person, key: KeyId) -> bool {
        let subject = match permission.subject {
            Subject::Person(subject) => subject == id,
            Subject::Profile(profile) => person.profiles.contains(&profile),
        };
        let object = match permission.object {
            Object::Key(object) => object == key,
            Object::Group(group) => self.keys.get(&key).is_some_and(|key| key.card.groups.contains(&group)),
            Object::All => true,
        };
        subject && object
    }

    fn grant_facts(
        &self,
        facts: &mut Facts,
        who: Who,
        key: KeyId,
        r#box: Option<BoxId>,
        action: Action,
        at: Timestamp,
    ) {
        let names = ["grant.by_person", "grant.by_profile", "grant.person_denied", "grant.in_window", "grant.any_hour"];
        for name in names {
            yes(facts, name, false);
        }
        yes(facts, "grant.reservation_only", false);
        let Who::Person(id) = who else { return };
        let Some(person) = self.people.get(&id) else { return };
        let (_, minute, day) = self.civil(r#box.and_then(|id| self.location_of(id)), at);
        let alive = |permission: &&Permission| {
            permission.until.is_none_or(|until| at < until) && permission.actions.contains(&action)
        };
        let here = |permission: &&Permission| permission.at.is_none() || permission.at == r#box;
        let own = self.permissions.values().filter(|permission| self.concerns(permission, id, person, key));
        let all: Vec<&Permission> = own.filter(here).filter(alive).collect();
        let named = |permission: &&&Permission| matches!(permission.subject, Subject::Person(_));
        let covers = |permission: &&&Permission| {
            permission.windows.is_empty() || permission.windows.iter().any(|window| window.covers(day, minute))
        };
        // A denial counts in its hours only; a person's beats whatever a profile allows, a profile's takes that profile's grants away.
        let denied = all.iter().filter(|permission| permission.denies).filter(covers);
        let (by_name, by_profile): (Vec<&&Permission>, Vec<&&Permission>) = denied.partition(named_ref);
        yes(facts, "grant.person_denied", !by_name.is_empty());
        let grants: Vec<&Permission> = all.iter().filter(|permission| !permission.denies).copied().collect();
        let grants: Vec<&Permission> = grants
            .into_iter()
            .filter(|grant| named(&grant) || !by_profile.iter().any(|denial| denial.subject == grant.subject))
            .collect();
        yes(facts, "grant.by_person", grants.iter().any(|grant| named(&grant)));
        yes(facts, "grant.by_profile", grants.iter().any(|grant| !named(&grant)));
        let now: Vec<&&Permission> = grants.iter().filter(covers).collect();
        yes(facts, "grant.in_window", !now.is_empty());
        yes(facts, "grant.any_hour", grants.iter().any(|grant| grant.windows.is_empty()));
        let free = now.iter().any(|grant| !grant.reservation_only);
        yes(
            facts,
            "grant.reservation_only",
            !grants.is_empty() && !free && grants.iter().any(|grant| grant.reservation_only),
        );
    }

    fn booking_facts(&self, facts: &mut Facts, who: Who, key: KeyId, at: Timestamp) {
        let own = self.bookings.iter().filter(|(id, booking)| {
            let whose = match who {
                Who::Guest(guest) => guest == **id,
                Who::Person(person) => booking.person == Some(person),
            };
            whose && booking.key == key && matches!(booking.state, BookingState::Approved | BookingState::Active)
        });
        let own: Vec<_> = own.map(|(_, booking)| booking).collect();
        yes(facts, "booking.approved", !own.is_empty());
        yes(facts, "booking.in_window", own.iter().any(|booking| (booking.from..booking.until).contains(&at)));
    }

    /// What is known of somebody.
    pub(crate) fn person_facts(&self, facts: &mut Facts, who: Who, at: Timestamp) {
        let nobody = Person::default();
        let (id, person) = match who {
            Who::Person(id) => (id.to_string(), self.people.get(&id)),
            Who::Guest(id) => (id.to_string(), None),
        };
        let guest = match who {
            Who::Guest(id) => self.vault.guest(id),
            Who::Person(_) => None,
        };
        let known = person.is_some() || guest.is_some() || matches!(who, Who::Guest(_));
        let person = person.unwrap_or(&nobody);
        facts.insert("person.id", Fact::Id(id));
        yes(facts, "person.known", known);
        let paused = person.paused.is_some_and(|until| at < until);
        let in_use = matches!(person.state, AccountState::Active | AccountState::Invited);
        yes(facts, "person.suspended", paused || !in_use);
        yes(facts, "person.has_pin", person.pin);
        let mobile = match person.mobile {
            _ if guest.is_some_and(|guest| guest.mobile.is_some()) => "verified",
            None => "missing",
            Some(since) if at.duration_since(since) < FRESH => "changed_lately",
            Some(_) => "verified",
        };
        name(facts, "person.mobile", mobile);
        yes(facts, "person.email", person.email.is_some() || guest.is_some_and(|guest| guest.email.is_some()));
        yes(facts, "person.authenticator", person.authenticator);
        yes(facts, "person.fingerprint", person.fingerprint);
        let badge = |credential: &Credential| {
            credential.who == who && credential.method == Method::Badge && credential_state(credential, at) == "valid"
        };
        yes(facts, "person.badge", self.credentials.values().any(badge));
        yes(facts, "person.owns_key", false);
        yes(facts, "break_glass_holders", person.break_glass);
        yes(facts, "after_hours_people", person.after_hours);
        yes(facts, "barred_people", person.barred);
        let profiles: Vec<_> = person.profiles.iter().filter_map(|id| self.profiles.get(id)).collect();
        yes(facts, "profile.after_hours_eligible", profiles.iter().any(|profile| profile.after_hours_eligible));
        yes(facts, "profile.reason_required", profiles.iter().any(|profile| profile.reason_required));
        let eligible = profiles.iter().filter(|profile| profile.after_hours_eligible);
        let kinds = eligible.map(|profile| profile.factor_kinds).max().unwrap_or(1).clamp(1, 3);
        facts.insert("profile.factor_kinds", Fact::Number(u32::from(kinds)));
        let strictest = profiles.iter().map(|profile| profile.return_rule).max_by_key(|rule| match rule {
            ReturnRule::NoRule => 0,
            ReturnRule::WithinADay => 1,
            ReturnRule::WithinHalfADay => 2,
            ReturnRule::WithinAnHour => 3,
        });
        name(facts, "profile.return_rule", strictest.unwrap_or(ReturnRule::NoRule).word());
        let limit = profiles.iter().filter_map(|profile| profile.max_keys).min();
        yes(facts, "person.limit_reached", limit.is_some_and(|limit| self.held_by(who) >= limit as usize));
        let late = |key: &Key| key.place == Where::Held(who) && key.due.is_some_and(|due| due < at);
        yes(facts, "person.overdue", self.keys.values().any(late));
        let supervisor = person
            .manager
            .filter(|manager| self.people.get(manager).is_some_and(|one| one.state == AccountState::Active));
        name(facts, "supervisor.contact", self.reached(supervisor));
    }

    /// How somebody can be reached, in the words of the policies.
    fn reached(&self, id: Option<PersonId>) -> &'static str {
        match id.and_then(|id| self.people.get(&id)) {
            Some(person) if person.mobile.is_some() => "mobile",
            Some(person) if person.email.is_some() => "email_only",
            _ => "missing",
        }
    }

    fn key_facts(&self, facts: &mut Facts, key: &Key, who: Who, r#box: Option<BoxId>) {
        yes(facts, "person.holds_key", key.place == Where::Held(who));
        name(
            facts,
            "key.sensitivity",
            match key.card.sensitivity {
                Sensitivity::Normal => "normal",
                Sensitivity::Sensitive => "sensitive",
                Sensitivity::Critical => "critical",
            },
        );
        facts.insert("key.approvers", Fact::Number(u32::from(key.card.approvers.min(2))));
        let here = match key.place {
            Where::Bin(bin) => r#box.is_none() || self.bin_box(bin) == r#box,
            _ => false,
        };
        let state = match (key.status, key.place) {
            (KeyStatus::Maintenance, _) => "maintenance",
            (KeyStatus::Retired, _) => "retired",
            (KeyStatus::Lost, _) => "lost",
            (_, Where::Bin(_)) if here => "in_box",
            (_, Where::Unknown) => "missing",
            _ => "out",
        };
        name(facts, "key.state", state);
        name(
            facts,
            "key.custody",
            match (key.status, key.place) {
                (KeyStatus::Lost, _) => "lost",
                (_, Where::Bin(_)) => "in_box",
                (_, Where::Held(_)) => "held",
                (_, Where::Unknown) => "unknown",
            },
        );
    }

    /// Everything the policies ask of somebody who wants something with a key, at a box (or with none, in the field).
    #[must_use]
    pub fn facts(&self, want: &Want, at: Timestamp, sms: bool) -> Facts {
        let Want { who, method, key: id, r#box, action } = *want;
        let mut facts = Facts::new();
        self.person_facts(&mut facts, who, at);
        name(&mut facts, "action", action.word());
        name(&mut facts, "method", method.word());
        let location = r#box.and_then(|id| self.location_of(id));
        let (date, minute, _) = self.civil(location, at);
        facts.insert("now", Fact::Moment(date, minute));
        // Before a key is chosen, what every key of an organization has in common.
        name(&mut facts, "key.account", "organization");
        name(&mut facts, "key.sensitivity", "normal");
        if let Some(key) = self.keys.get(&id) {
            self.key_facts(&mut facts, key, who, r#box);
        }
        self.grant_facts(&mut facts, who, id, r#box, action, at);
        self.booking_facts(&mut facts, who, id, at);
        let designated = location.and_then(|id| self.locations.get(&id)).and_then(|place| place.card.designated);
        name(&mut facts, "designated.contact", self.reached(designated));
        let at_box = r#box.and_then(|id| self.boxes.get(&id));
        // The host is asked through the network, so it stands. A box without it decides by itself.
        name(&mut facts, "box.link", "online");
        facts.insert("box.bundle_age", Fact::Number(0));
        let doubtful = at_box.is_some_and(|it| it.skew.abs() > DOUBTFUL);
        name(&mut facts, "box.clock", if doubtful { "doubtful" } else { "good" });
        name(&mut facts, "sms.gateway", if sms { "working" } else { "failed" });
        yes(&mut facts, "app.passed_login_2fa", false);
        if method == Method::App {
            facts.insert("app.session_age", Fact::Number(0));
        } else {
            facts.insert("app.session_age", Fact::NotSet);
        }
        yes(&mut facts, "reason.given", false);
        yes(&mut facts, "reason.in_procedure", false);
        yes(&mut facts, "reason.emergency", false);
        name(
            &mut facts,
            "credential.kind",
            match method {
                Method::Badge | Method::BookingCode | Method::UrlLink => "issued",
                _ => "account_level",
            },
        );
        name(&mut facts, "credential.state", "valid");
        name(&mut facts, "tries.locked", "nobody");
        facts
    }

    /// The same, for a visit to a box.
    #[must_use]
    pub fn visit_facts(&self, visit: &Visit, key: KeyId, at: Timestamp, sms: bool) -> Facts {
        let Visit { who, method, r#box, .. } = *visit;
        let want = Want { who, method, key, r#box: Some(r#box), action: Action::Pickup };
        let mut facts = self.facts(&want, at, sms);
        let session = visit.session.and_then(|id| self.sessions.get(&id));
        if visit.method == Method::App {
            yes(&mut facts, "app.passed_login_2fa", session.is_some_and(|session| session.with_code));
            // A session that has ended is as old as can be.
            let age = session.map_or(i64::MAX, |session| at.duration_since(session.started).as_mins());
            facts.insert("app.session_age", Fact::Number(u32::try_from(age).unwrap_or(u32::MAX).min(30 * 24 * 60)));
        }
        if let Some(reason) = &visit.reason {
            let code = self.reasons.get(&reason.code);
            yes(&mut facts, "reason.given", true);
            yes(&mut facts, "reason.in_procedure", code.is_some_and(|code| code.in_procedure));
            yes(&mut facts, "reason.emergency", code.is_some_and(|code| code.emergency));
        }
        if let Some(credential) = visit.credential.and_then(|id| self.credentials.get(&id)) {
            name(&mut facts, "credential.state", credential_state(credential, at));
        }
        let person = match visit.who {
            Who::Person(id) => self.people.get(&id),
            Who::Guest(_) => None,
        };
        // A locked PIN is no PIN: something else has to be shown.
        if person.is_some_and(|person| pin_locked(person, at)) {
            yes(&mut facts, "person.has_pin", false);
        }
        if self.boxes.get(&visit.r#box).and_then(|it| it.locked).is_some_and(|until| at < until) {
            name(&mut facts, "tries.locked", "box");
        }
        if person.is_some_and(|person| person.misses_in_a_row >= 20) {
            name(&mut facts, "tries.locked", "person");
        }
        facts
    }
}

fn named_ref(permission: &&&Permission) -> bool {
    matches!(permission.subject, Subject::Person(_))
}

/// How a credential stands, in the words of the policies.
#[must_use]
pub fn credential_state(credential: &Credential, at: Timestamp) -> &'static str {
    if credential.revoked {
        "revoked"
    } else if credential.once && credential.used {
        "used_up"
    } else if credential.from.is_some_and(|from| at < from) {
        "too_early"
    } else if credential.until.is_some_and(|until| at >= until) {
        "expired"
    } else {
        "valid"
    }
}

/// Whether the PIN of somebody is locked.
#[must_use]
pub fn pin_locked(person: &Person, at: Timestamp) -> bool {
    match person.pin_locked {
        None => false,
        Some(Lock::ForGood) => true,
        Some(Lock::Until(until)) => at < until,
    }
}
