//! The fold: what each entry makes of an organization. In: one entry. Out: the organization after it. It is total: an entry that does
//! not fit changes nothing. Refuses to look at the vault, the clock or a policy.

use crate::event::{Entry, Event, Subject, Who};
use crate::hours::Hours;
use crate::id::{KeyId, PersonId, VisitId};
use crate::kinds::{AccountState, Channel, Due, Method, Proof, Role};
use crate::org::{Approval, Challenge, Credential, Decoy, Location, Lock, Org, Person, Session, Visit, Where};
use crate::recovery::Recovery;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

impl Org {
    /// Applies an entry.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq = entry.seq + 1;
        let at = entry.at;
        match &entry.event {
            Event::OrgCreated { .. }
            | Event::SettingChanged { .. }
            | Event::ReasonCodeChanged { .. }
            | Event::ProfileChanged { .. }
            | Event::PermissionGranted { .. }
            | Event::PermissionRevoked { .. }
            | Event::LocationChanged { .. }
            | Event::CalendarChanged { .. } => self.apply_rules(&entry.event),
            Event::UserCreated { .. }
            | Event::UserChanged { .. }
            | Event::UserSuspended { .. }
            | Event::UserReactivated { .. }
            | Event::UserDeactivated { .. }
            | Event::ContactChanged { .. }
            | Event::ContactVerified { .. }
            | Event::RoleGranted { .. }
            | Event::PinSet { .. }
            | Event::PinCleared { .. }
            | Event::PinFailed { .. }
            | Event::PinLocked { .. }
            | Event::AuthenticatorEnrolled { .. }
            | Event::AuthenticatorUsed { .. }
            | Event::FingerprintEnrolled { .. }
            | Event::FingerprintForgotten { .. }
            | Event::AuthenticatorForgotten { .. }
            | Event::RecoveryCodesMade { .. }
            | Event::RecoveryCodeUsed { .. }
            | Event::RecoveryStarted { .. }
            | Event::RecoveryAgreed { .. }
            | Event::RecoveryCompleted { .. }
            | Event::CredentialIssued { .. }
            | Event::CredentialRevoked { .. } => self.apply_people(&entry.event, at),
            Event::LoginChallenged { .. }
            | Event::LoginSucceeded { .. }
            | Event::LoginFailed { .. }
            | Event::SessionRevoked { .. }
            | Event::StepUpForced { .. }
            | Event::PasswordChanged { .. }
            | Event::ResetCompleted { .. }
            | Event::LockoutStarted { .. } => self.apply_login(&entry.event, at),
            Event::Identified { .. }
            | Event::IdentifyFailed { .. }
            | Event::DecoyTried { .. }
            | Event::FactorRefused { .. }
            | Event::ChallengeCreated { .. }
            | Event::ChallengeResent { .. }
            | Event::ChallengePassed { .. }
            | Event::ChallengeFailed { .. }
            | Event::ChallengeExpired { .. }
            | Event::FactorShown { .. }
            | Event::PickupRequested { .. }
            | Event::ReasonGiven { .. }
            | Event::PickupDenied { .. }
            | Event::PickupConflict { .. }
            | Event::ApprovalRequested { .. }
            | Event::ApprovalGiven { .. }
            | Event::ApprovalDenied { .. }
            | Event::ApprovalTimeout { .. } => self.apply_visit(&entry.event, at),
            Event::NoticeAcknowledged { .. }
            | Event::ProcedurePublished { .. }
            | Event::ProcedureRetired { .. }
            | Event::ProcedureReviewed { .. }
            | Event::ProcedureReviewDue { .. }
            | Event::ViolationRecorded { .. }
            | Event::ConsequenceApplied { .. }
            | Event::ConsequenceLifted { .. }
            | Event::ReviewStarted { .. }
            | Event::ReviewDecided { .. }
            | Event::ReviewClosed { .. }
            | Event::ReviewOverdue { .. } => self.apply_reviews(&entry.event, at),
            Event::AlertRuleChanged { .. }
            | Event::AlertRuleRemoved { .. }
            | Event::AlertPlanned { .. }
            | Event::AlertFired { .. }
            | Event::AlertDropped { .. }
            | Event::HookChanged { .. }
            | Event::HookRemoved { .. } => self.apply_alerts(&entry.event, at),
            Event::PolicyDrafted { .. }
            | Event::PolicyWithdrawn { .. }
            | Event::PolicyApproved { .. }
            | Event::PolicyPublished { .. }
            | Event::PolicyRolledBack { .. } => self.apply_policies(&entry.event, at),
            _ => self.apply_custody(&entry.event, at),
        }
    }

    fn apply_rules(&mut self, event: &Event) {
        match event.clone() {
            Event::OrgCreated { name, slug, tz, preset } => {
                (self.name, self.slug, self.tz, self.preset) = (name, slug, tz, Some(preset));
            }
            Event::SettingChanged { name, after, person, .. } => {
                let settings = match person {
                    Some(person) => self.people.get_mut(&person).map(|person| &mut person.settings),
                    None => Some(&mut self.settings),
                };
                if let Some(settings) = settings {
                    settings.insert(name, after);
                }
            }
            Event::ReasonCodeChanged { code, reason } => {
                self.reasons.insert(code, reason);
            }
            Event::ProfileChanged { profile, card } => {
                self.profiles.insert(profile, card);
            }
            Event::PermissionGranted { permission, card } => {
                self.permissions.insert(permission, card);
            }
            Event::PermissionRevoked { permission } => {
                self.permissions.remove(&permission);
            }
            Event::LocationChanged { location, place } => {
                let hours = self.locations.remove(&location).map_or_else(Hours::default, |old| old.hours);
                self.locations.insert(location, Location { card: place, hours });
            }
            Event::CalendarChanged { location, weekly, holidays } => {
                if let Some(place) = self.locations.get_mut(&location) {
                    place.hours = Hours { weekly, holidays };
                }
            }
            _ => {}
        }
    }

    fn apply_people(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::UserCreated { person, manager } => {
                self.people.insert(*person, Person { manager: *manager, ..Person::default() });
                return;
            }
            Event::CredentialIssued { credential, who, method, from, until, once } => {
                let made = Credential {
                    who: *who,
                    method: *method,
                    from: *from,
                    until: *until,
                    once: *once,
                    used: false,
                    revoked: false,
                };
                self.credentials.insert(*credential, made);
                return;
            }
            Event::CredentialRevoked { credential, .. } => {
                if let Some(credential) = self.credentials.get_mut(credential) {
                    credential.revoked = true;
                }
                return;
            }
            _ => {}
        }
        let Some(id) = person_of(event) else { return };
        let Some(person) = self.people.get_mut(&id) else { return };
        match event {
            Event::UserChanged { profiles, manager, after_hours, barred, break_glass, .. } => {
                person.profiles.clone_from(profiles);
                person.manager = *manager;
                (person.after_hours, person.barred, person.break_glass) = (*after_hours, *barred, *break_glass);
            }
            Event::UserSuspended { .. } => person.state = AccountState::Suspended,
            Event::UserReactivated { .. } => person.state = AccountState::Active,
            Event::UserDeactivated { .. } => person.state = AccountState::Deactivated,
            Event::ContactChanged { channel: Channel::Sms, .. } => person.mobile = None,
            Event::ContactChanged { channel: Channel::Email, .. } => person.email = None,
            Event::ContactVerified { channel: Channel::Sms, .. } => person.mobile = Some(at),
            Event::ContactVerified { channel: Channel::Email, .. } => person.email = Some(at),
            Event::RoleGranted { role, .. } => person.role = *role,
            Event::PinSet { .. } => (person.pin, person.pin_misses, person.pin_locked) = (true, 0, None),
            Event::PinCleared { .. } => (person.pin, person.pin_misses, person.pin_locked) = (false, 0, None),
            Event::PinFailed { .. } => person.pin_misses = person.pin_misses.saturating_add(1),
            Event::PinLocked { until, .. } => person.pin_locked = Some(until.map_or(Lock::ForGood, Lock::Until)),
            Event::AuthenticatorEnrolled { .. } => person.authenticator = true,
            Event::AuthenticatorUsed { period, .. } => person.authenticator_used = *period,
            Event::FingerprintEnrolled { .. } => person.fingerprint = true,
            Event::FingerprintForgotten { .. } => person.fingerprint = false,
            Event::AuthenticatorForgotten { .. } => (person.authenticator, person.recovery_codes) = (false, 0),
            Event::RecoveryCodesMade { count, .. } => person.recovery_codes = *count,
            Event::RecoveryCodeUsed { .. } => person.recovery_codes = person.recovery_codes.saturating_sub(1),
            Event::RecoveryCompleted { .. } if person.state == AccountState::Invited => {
                person.state = AccountState::Active;
            }
            _ => {}
        }
        match event {
            Event::RecoveryStarted { by, .. } => drop(self.recoveries.insert(id, Recovery { by: *by, at })),
            Event::RecoveryAgreed { .. } => drop(self.recoveries.remove(&id)),
            _ => {}
        }
        if matches!(
            event,
            Event::RecoveryAgreed { .. }
                | Event::RecoveryCompleted { .. }
                | Event::UserSuspended { .. }
                | Event::UserDeactivated { .. }
                | Event::PinSet { .. }
                | Event::ContactChanged { .. }
        ) {
            self.sessions.retain(|_, session| session.person != id);
        }
        if matches!(event, Event::UserSuspended { .. } | Event::UserDeactivated { .. }) {
            self.challenges.retain(|_, challenge| challenge.person != Some(id));
            self.visits.retain(|_, visit| visit.who != Who::Person(id));
            self.approvals.retain(|_, approval| self.visits.contains_key(&approval.visit));
        }
        if matches!(event, Event::UserDeactivated { .. }) {
            self.permissions.retain(|_, permission| permission.subject != Subject::Person(id));
        }
    }

    fn apply_login(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::LoginSucceeded { person, session, with_code, .. } => {
                self.sessions.insert(*session, Session { person: *person, started: at, with_code: *with_code });
                if let Some(person) = self.people.get_mut(person) {
                    (person.due, person.login_misses, person.login_locked) = (Due::Nothing, 0, None);
                    if person.state == AccountState::Invited {
                        person.state = AccountState::Active;
                    }
                }
            }
            Event::LoginFailed { person: Some(person), .. } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.login_misses = person.login_misses.saturating_add(1);
                }
            }
            Event::LockoutStarted { person: Some(person), until, .. } => {
                if let Some(person) = self.people.get_mut(person) {
                    (person.login_locked, person.login_misses) = (Some(*until), 0);
                }
            }
            Event::LockoutStarted { r#box: Some(id), until, .. } => {
                if let Some(it) = self.boxes.get_mut(id) {
                    it.locked = Some(*until);
                }
            }
            Event::SessionRevoked { session } => {
                self.sessions.remove(session);
            }
            Event::StepUpForced { person, due } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.due = *due;
                }
            }
            Event::PasswordChanged { person } | Event::ResetCompleted { person } => {
                if let Some(person) = self.people.get_mut(person)
                    && person.state == AccountState::Invited
                {
                    person.state = AccountState::Active;
                }
                self.sessions.retain(|_, session| session.person != *person);
                self.challenges
                    .retain(|_, challenge| challenge.person != Some(*person) || challenge.purpose == "pickup");
            }
            _ => {}
        }
    }

    fn visit(&mut self, id: VisitId, at: Timestamp) -> Option<&mut Visit> {
        let visit = self.visits.get_mut(&id)?;
        visit.touched = at;
        Some(visit)
    }

    fn missed(&mut self, person: Option<PersonId>, at: Timestamp) {
        if let Some(person) = person.and_then(|person| self.people.get_mut(&person)) {
            person.failed.retain(|then| at.duration_since(*then) < SignedDuration::from_hours(24));
            person.failed.push(at);
        }
    }

    fn apply_visit(&mut self, event: &Event, at: Timestamp) {
        match event.clone() {
            Event::Identified { visit, r#box, method, who, credential, session } => {
                let made = Visit {
                    r#box,
                    method,
                    who,
                    credential,
                    session,
                    touched: at,
                    shown: BTreeSet::new(),
                    key: None,
                    reason: None,
                    challenge: None,
                    approval: None,
                    operation: None,
                };
                let day = SignedDuration::from_hours(24);
                self.visits.retain(|_, old| at.duration_since(old.touched) < day);
                self.decoys.retain(|_, old| at.duration_since(old.touched) < day);
                self.approvals.retain(|_, old| at.duration_since(old.until) < day);
                self.sessions.retain(|_, old| at.duration_since(old.started) < day);
                self.visits.insert(visit, made);
                // A public number says nothing about whoever typed it: it does not wipe out wrong tries.
                if let Some(it) = self.boxes.get_mut(&r#box).filter(|_| method != Method::PhoneNumber) {
                    it.misses = 0;
                }
            }
            // An unknown number counts when something is typed after it, as a known one does.
            Event::IdentifyFailed { r#box, visit: Some(visit), .. } => {
                self.decoys.insert(visit, Decoy { r#box, touched: at, misses: 0 });
            }
            Event::IdentifyFailed { r#box, why, .. } if why == "unknown" || why == "revoked" || why == "suspended" => {
                self.wrong_at(r#box, at);
            }
            Event::DecoyTried { visit } => {
                let Some(decoy) = self.decoys.get_mut(&visit) else { return };
                (decoy.misses, decoy.touched) = (decoy.misses.saturating_add(1), at);
                let r#box = decoy.r#box;
                self.wrong_at(r#box, at);
            }
            Event::FactorRefused { visit, .. } => {
                let Some(visit) = self.visit(visit, at) else { return };
                let (r#box, who) = (visit.r#box, visit.who);
                if let Who::Person(person) = who
                    && let Some(person) = self.people.get_mut(&person)
                {
                    person.misses_in_a_row = person.misses_in_a_row.saturating_add(1);
                }
                self.wrong_at(r#box, at);
            }
            Event::ChallengeCreated { challenge, purpose, person, visit, channel, until } => {
                if let Some(visit) = visit.and_then(|visit| self.visit(visit, at)) {
                    visit.challenge = Some(challenge);
                }
                let made = Challenge { purpose, person, visit, channel, until, sent: at, resent: 0, misses: 0 };
                self.challenges.insert(challenge, made);
            }
            Event::ChallengeResent { challenge, channel, until } => {
                if let Some(challenge) = self.challenges.get_mut(&challenge) {
                    (challenge.channel, challenge.until, challenge.sent) = (Some(channel), until, at);
                    challenge.resent = challenge.resent.saturating_add(1);
                }
            }
            Event::ChallengePassed { challenge } => {
                if let Some(challenge) = self.challenges.remove(&challenge) {
                    if let Some(visit) = challenge.visit.and_then(|visit| self.visit(visit, at)) {
                        visit.challenge = None;
                        let r#box = visit.r#box;
                        if let Some(it) = self.boxes.get_mut(&r#box) {
                            it.misses = 0;
                        }
                    }
                    if let Some(person) = challenge.person.and_then(|person| self.people.get_mut(&person)) {
                        person.misses_in_a_row = 0;
                    }
                }
            }
            Event::ChallengeFailed { challenge: id, left } => {
                let Some(challenge) = self.challenges.get_mut(&id) else { return };
                challenge.misses = challenge.misses.saturating_add(1);
                let (person, visit) = (challenge.person, challenge.visit);
                if let Some(person) = person.and_then(|person| self.people.get_mut(&person)) {
                    person.misses_in_a_row = person.misses_in_a_row.saturating_add(1);
                }
                let r#box = visit.and_then(|visit| self.visit(visit, at)).map(|visit| visit.r#box);
                if let Some(r#box) = r#box {
                    self.wrong_at(r#box, at);
                }
                if left == 0 {
                    self.missed(person, at);
                    self.close_challenge(id);
                }
            }
            Event::ChallengeExpired { challenge: id } => {
                let person = self.challenges.get(&id).and_then(|challenge| challenge.person);
                self.missed(person, at);
                self.close_challenge(id);
            }
            Event::FactorShown { visit, proof } => {
                let Some(visit) = self.visit(visit, at) else { return };
                visit.shown.insert(proof);
                let (who, r#box) = (visit.who, visit.r#box);
                if let Some(it) = self.boxes.get_mut(&r#box) {
                    it.misses = 0;
                }
                if let Who::Person(person) = who
                    && let Some(person) = self.people.get_mut(&person)
                {
                    person.misses_in_a_row = 0;
                    if proof == Proof::Pin {
                        person.pin_misses = 0;
                    }
                }
            }
            Event::PickupRequested { visit, key } => {
                if let Some(visit) = self.visit(visit, at) {
                    (visit.key, visit.operation, visit.approval) = (Some(key), None, None);
                }
            }
            Event::ReasonGiven { visit, reason } => {
                if let Some(visit) = self.visit(visit, at) {
                    visit.reason = Some(reason);
                }
            }
            Event::PickupDenied { visit, .. } | Event::PickupConflict { visit, .. } => {
                if let Some(visit) = self.visit(visit, at) {
                    visit.key = None;
                }
            }
            Event::ApprovalRequested { approval, visit, key, people, supervisor, until } => {
                if let Some(visit) = self.visit(visit, at) {
                    visit.approval = Some(approval);
                }
                let made = Approval {
                    visit,
                    key,
                    people,
                    supervisor,
                    until,
                    given: BTreeSet::new(),
                    acknowledged: false,
                    refused: false,
                };
                self.approvals.insert(approval, made);
            }
            Event::ApprovalGiven { approval, by, supervisor } => {
                if let Some(approval) = self.approvals.get_mut(&approval) {
                    if supervisor {
                        approval.acknowledged = true;
                    } else {
                        approval.given.insert(by);
                    }
                }
            }
            Event::ApprovalDenied { approval, why, .. } if why == "rejected" => self.refuse_approval(approval),
            Event::ApprovalTimeout { approval } => self.refuse_approval(approval),
            _ => {}
        }
    }

    fn refuse_approval(&mut self, id: crate::id::ApprovalId) {
        if let Some(approval) = self.approvals.get_mut(&id) {
            approval.refused = true;
        }
    }

    fn wrong_at(&mut self, id: crate::id::BoxId, at: Timestamp) {
        if let Some(it) = self.boxes.get_mut(&id) {
            it.misses = it.misses.saturating_add(1);
            it.wrong.retain(|then| at.duration_since(*then) < SignedDuration::from_mins(10));
            it.wrong.push(at);
        }
    }

    fn close_challenge(&mut self, id: crate::id::ChallengeId) {
        let Some(challenge) = self.challenges.remove(&id) else { return };
        if let Some(visit) = challenge.visit.and_then(|visit| self.visits.get_mut(&visit)) {
            visit.challenge = None;
        }
    }

    /// Moves a key; the bins follow.
    pub(crate) fn put(&mut self, id: KeyId, place: Where, version: u64, at: Timestamp) {
        let Some(key) = self.keys.get_mut(&id) else { return };
        if let Where::Bin(bin) = key.place
            && let Some(bin) = self.bins.get_mut(&bin)
        {
            bin.key = None;
        }
        (key.place, key.version, key.since) = (place, version, Some(at));
        if let Where::Bin(bin) = place {
            key.last_bin = Some(bin);
            (key.due, key.overdue_told) = (None, false);
            if let Some(bin) = self.bins.get_mut(&bin) {
                bin.key = Some(id);
            }
        }
    }
}

impl Default for Person {
    /// Somebody of whom nothing is known yet.
    fn default() -> Person {
        Person {
            state: AccountState::Active,
            role: Role::User,
            manager: None,
            profiles: BTreeSet::new(),
            after_hours: false,
            barred: false,
            break_glass: false,
            mobile: None,
            email: None,
            pin: false,
            pin_misses: 0,
            pin_locked: None,
            authenticator: false,
            authenticator_used: 0,
            fingerprint: false,
            settings: BTreeMap::new(),
            due: Due::Nothing,
            login_misses: 0,
            login_locked: None,
            failed: Vec::new(),
            paused: None,
            recovery_codes: 0,
            misses_in_a_row: 0,
        }
    }
}

/// The person an event of `apply_people` is about.
fn person_of(event: &Event) -> Option<PersonId> {
    match event {
        Event::UserChanged { person, .. }
        | Event::UserSuspended { person }
        | Event::UserReactivated { person }
        | Event::UserDeactivated { person }
        | Event::ContactChanged { person, .. }
        | Event::ContactVerified { person, .. }
        | Event::RoleGranted { person, .. }
        | Event::PinSet { person }
        | Event::PinCleared { person }
        | Event::PinFailed { person }
        | Event::PinLocked { person, .. }
        | Event::AuthenticatorEnrolled { person }
        | Event::AuthenticatorUsed { person, .. }
        | Event::FingerprintEnrolled { person, .. }
        | Event::FingerprintForgotten { person }
        | Event::AuthenticatorForgotten { person }
        | Event::RecoveryCodesMade { person, .. }
        | Event::RecoveryCodeUsed { person }
        | Event::RecoveryStarted { person, .. }
        | Event::RecoveryAgreed { person, .. }
        | Event::RecoveryCompleted { person } => Some(*person),
        _ => None,
    }
}
