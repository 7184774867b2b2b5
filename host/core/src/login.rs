//! Signing in and the account (F26, R20-R23, R32-R40). In: an address and a stretched password, codes, new secrets. Out: sessions. What
//! is asked and what a password must be is the policy's business. A stranger learns nothing but that it did not work (C7). Refuses to
//! see a password or a PIN longer than it takes to judge it.

use crate::code::{self, Purpose, weak_pin};
use crate::desk::{Answer, Fact, Facts};
use crate::event::{Actor, Event, To, Who};
use crate::fault::{Done, Fault, invalid};
use crate::id::{ChallengeId, PersonId, SessionId};
use crate::kinds::{AccountState, Channel, Due, Preset};
use crate::org::Person;
use crate::shelf::{Kind, Which};
use crate::turn::Turn;
use crate::vault::{Owner, Private, Record, Stretched};
use jiff::SignedDuration;

/// Tries of a code.
const TRIES: u8 = 5;
/// A session ends after so long (C12).
pub const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// What came of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedIn {
    /// A session, with its token. It is shown once.
    Session(SessionId, String),
    /// A code is asked for: by text, or from an authenticator app.
    Code(ChallengeId, Option<Channel>),
    /// A recovery code is asked for: there is no other way.
    Recovery(ChallengeId),
    /// No. Words for the person; the same for a wrong password and an unknown address.
    Refused(Vec<String>),
}

/// A password somebody wants, judged where it was typed.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// Stretched, with a fresh salt.
    pub stretched: Stretched,
    /// Its characters.
    pub length: u32,
    /// Whether it has a letter.
    pub has_letter: bool,
    /// Whether it has a digit.
    pub has_digit: bool,
    /// Whether everybody tries it first.
    pub block_listed: bool,
    /// Whether it is the present one.
    pub same_as_before: bool,
}

impl Turn<'_> {
    fn login_facts(&self, id: PersonId, right: bool, device_known: bool) -> Facts {
        let nobody = Person::default();
        let person = self.org.people.get(&id).unwrap_or(&nobody);
        // Reasons are told only where everything is known, so the facts of the other decisions of the policy stand here as well.
        let mut facts = Facts::from([
            ("password.length", Fact::Number(0)),
            ("password.has_letter", Fact::Is(false)),
            ("password.has_digit", Fact::Is(false)),
            ("password.block_listed", Fact::Is(false)),
            ("password.same_as_before", Fact::Is(false)),
        ]);
        self.org.person_facts(&mut facts, Who::Person(id), self.now);
        let state = if person.state == AccountState::Invited && right { AccountState::Active } else { person.state };
        facts.insert("account.state", Fact::Name(state.word()));
        facts.insert("account.due", Fact::Name(person.due.word()));
        let locked = person.login_locked.is_some_and(|until| self.now < until);
        facts.insert("account.locked", Fact::Is(locked));
        facts.insert("account.recovery_codes", Fact::Is(person.recovery_codes > 0));
        facts.insert("account.role", Fact::Name(person.role.word()));
        facts.insert("device.known", Fact::Is(device_known));
        facts.insert("typed.password", Fact::Name(if right { "right" } else { "wrong" }));
        facts.insert("sms.gateway", Fact::Name(if self.sms_works() { "working" } else { "failed" }));
        facts
    }

    fn ask_login(&mut self, id: PersonId, decision: &str, facts: &Facts) -> Answer {
        let settings = self.org.settings_for(Some(id));
        self.ask(Kind::Login, decision, facts, &settings)
    }

    fn password_right(&self, id: PersonId, typed: &Stretched) -> bool {
        let own = self.org.vault.person(id).and_then(|private| private.password);
        own.is_some_and(|own| code::same(&own.salt, &typed.salt) && code::same(&own.key, &typed.key))
    }

    /// Somebody signs in with an address and a password.
    pub fn sign_in(&mut self, address: &str, typed: &Stretched, device_known: bool) -> Done<SignedIn> {
        let wrong = || SignedIn::Refused(vec!["This address and this password do not belong together.".to_string()]);
        let Some(id) = self.org.by_email(address) else {
            self.emit(Event::LoginFailed { person: None, why: "unknown".to_string() });
            return Ok(wrong());
        };
        let right = self.password_right(id, typed);
        let facts = self.login_facts(id, right, device_known);
        let answer = self.ask_login(id, "login", &facts);
        let asked = Turn::asked(&[&answer]);
        if !answer.allows() {
            let locked = answer.has("refusals", "locked");
            let why = answer.members("refusals").first().cloned().unwrap_or_else(|| "refused".to_string());
            self.emit_decided(Event::LoginFailed { person: (!locked).then_some(id), why }, asked);
            if !locked && self.org.people.get(&id).is_some_and(|person| person.login_misses >= 5) {
                let until = self.after(15);
                self.emit(Event::LockoutStarted { person: Some(id), r#box: None, until });
            }
            let words: Vec<String> = answer.because.iter().map(|(_, text)| text.clone()).collect();
            return Ok(if right && !words.is_empty() { SignedIn::Refused(words) } else { wrong() });
        }
        let channel = match answer.name("code") {
            "none" => return Ok(self.session(id, false, &answer)),
            "sms" => Some(Channel::Sms),
            "authenticator" | "recovery_code" => None,
            _ => {
                return Ok(SignedIn::Refused(vec![
                    "No code can be asked for. Please turn to an administrator.".to_string(),
                ]));
            }
        };
        // Somebody who has other ways in is not kept out by whoever asks for codes in their name (T4).
        let other_ways =
            self.org.people.get(&id).is_some_and(|person| person.authenticator || person.recovery_codes > 0);
        let sends = channel.is_some() && self.may_send(Some(id), None);
        if channel.is_some() && !sends && !other_ways {
            return Ok(SignedIn::Refused(vec!["Too many codes were sent. Please wait ten minutes.".to_string()]));
        }
        let challenge: ChallengeId = self.id();
        let until = self.after(5);
        let purpose = "login".to_string();
        self.emit_decided(
            Event::ChallengeCreated { challenge, purpose, person: Some(id), visit: None, channel, until },
            asked,
        );
        self.emit(Event::LoginChallenged { person: id, challenge });
        if sends {
            let code = self.new_code(challenge, Purpose::Login, &[&id.0.to_bytes()]);
            let text = format!("{code} is your sign-in code. Nobody will ask you for it.");
            self.send(Who::Person(id), Channel::Sms, "login_code", &text, Some(until));
        }
        match answer.name("code") {
            "recovery_code" => Ok(SignedIn::Recovery(challenge)),
            _ => Ok(SignedIn::Code(challenge, channel.filter(|_| sends))),
        }
    }

    /// The code of a sign-in.
    pub fn sign_in_code(&mut self, challenge: ChallengeId, digits: &str) -> Done<SignedIn> {
        let open = self
            .org
            .challenges
            .get(&challenge)
            .filter(|open| open.purpose == "login" && self.now < open.until)
            .cloned();
        let open = open.ok_or(Fault::Over("sign-in"))?;
        let id = open.person.ok_or(Fault::Over("sign-in"))?;
        // Whoever has an authenticator app or a recovery code need not wait for a text (F26).
        let by_text = open.channel.is_some() && self.code_right(challenge, Purpose::Login, &[&id.0.to_bytes()], digits);
        let right = by_text || self.authenticator(Some(id), digits) || self.recovery_code(id, digits);
        if !right {
            let left = TRIES.saturating_sub(open.misses + 1);
            self.emit(Event::ChallengeFailed { challenge, left });
            if left == 0 {
                self.record(Owner::Challenge(challenge), None);
                let until = self.after(15);
                self.emit(Event::LockoutStarted { person: Some(id), r#box: None, until });
            }
            return Ok(SignedIn::Refused(vec!["This code is not right.".to_string()]));
        }
        self.emit(Event::ChallengePassed { challenge });
        self.record(Owner::Challenge(challenge), None);
        // The account may have been shut since the password was typed.
        let facts = self.login_facts(id, true, false);
        let answer = self.ask_login(id, "login", &facts);
        Ok(if answer.allows() { self.session(id, true, &answer) } else { SignedIn::Refused(Vec::new()) })
    }

    pub(crate) fn code_right(&self, challenge: ChallengeId, purpose: Purpose, bound: &[&[u8]], digits: &str) -> bool {
        let id = challenge.0.to_bytes();
        let parts: Vec<&[u8]> = [id.as_slice()].into_iter().chain(bound.iter().copied()).collect();
        let mac = self.pepper.mac(purpose, &parts, digits);
        self.org.vault.mac(Owner::Challenge(challenge)).is_some_and(|own| code::same(own, &mac))
    }

    fn session(&mut self, person: PersonId, with_code: bool, answer: &Answer) -> SignedIn {
        let session: SessionId = self.id();
        let token = self.token();
        let mac = self.pepper.mac(Purpose::Session, &[&session.0.to_bytes()], &token);
        self.record(Owner::Session(session), Some(Record::Mac(mac)));
        let notes = answer.members("notes").to_vec();
        self.actor = Actor::Person(person);
        self.emit_decided(Event::LoginSucceeded { person, session, with_code, notes }, Turn::asked(&[answer]));
        SignedIn::Session(session, token)
    }

    /// Ends a session.
    pub fn sign_out(&mut self, session: SessionId) {
        if self.org.sessions.contains_key(&session) {
            self.emit(Event::SessionRevoked { session });
            self.record(Owner::Session(session), None);
        }
    }

    fn me(&self) -> Done<PersonId> {
        match self.actor {
            Actor::Person(id) => Ok(id),
            _ => Err(Fault::Forbidden("Please sign in.")),
        }
    }

    /// Whether a password may be used, by the policy of a preset and the settings of the organization (R37, X11).
    pub fn judge_password(&mut self, preset: Preset, new: &NewPassword) -> Done<()> {
        let mut facts = self.login_facts(PersonId(ulid::Ulid::nil()), true, false);
        facts.insert("password.length", Fact::Number(new.length.min(1000)));
        facts.insert("password.has_letter", Fact::Is(new.has_letter));
        facts.insert("password.has_digit", Fact::Is(new.has_digit));
        facts.insert("password.block_listed", Fact::Is(new.block_listed));
        facts.insert("password.same_as_before", Fact::Is(new.same_as_before));
        let settings = self.org.settings.clone();
        let which = Which { preset, ..self.org.which(Kind::Login) };
        let answer = self.desk.ask(&which, "new_password", &facts, &settings);
        if answer.sure && answer.name("verdict") == "accepted" {
            return Ok(());
        }
        let words: Vec<&str> = answer.because.iter().map(|(_, text)| text.as_str()).collect();
        invalid(
            "password",
            if words.is_empty() { "this password may not be used".to_string() } else { words.join(" ") },
        )
    }

    pub(crate) fn put_private(&mut self, id: PersonId, change: impl FnOnce(&mut Private)) {
        let mut private = self.org.vault.person(id).cloned().unwrap_or_default();
        change(&mut private);
        self.record(Owner::Person(id), Some(Record::Person(private)));
    }

    /// Changes one's password (R39): sessions end, the next sign-in asks for a code (R40). False if the current one is wrong, which
    /// is counted.
    pub fn change_password(&mut self, current: &Stretched, new: &NewPassword) -> Done<bool> {
        let id = self.me()?;
        if !self.password_is(current)? {
            return Ok(false);
        }
        self.judge_password(self.preset(), new)?;
        self.put_private(id, |private| private.password = Some(new.stretched));
        self.emit(Event::PasswordChanged { person: id });
        self.emit(Event::StepUpForced { person: id, due: Due::PasswordChanged });
        self.tell(
            id,
            "password_changed",
            "Your password was changed. If that was not you, tell an administrator at once.",
        );
        Ok(true)
    }

    /// Asks for a link to set a new password (R35). Nothing tells whether the address is known.
    pub fn request_reset(&mut self, address: &str, link: &str) {
        let known = self.org.by_email(address).filter(|id| {
            self.org
                .people
                .get(id)
                .is_some_and(|person| matches!(person.state, AccountState::Active | AccountState::Invited))
        });
        let Some(id) = known.filter(|id| self.may_send(Some(*id), None)) else {
            self.emit(Event::LoginFailed { person: None, why: "reset_unknown".to_string() });
            return;
        };
        let older: Vec<ChallengeId> = self
            .org
            .challenges
            .iter()
            .filter(|(_, open)| open.purpose == "reset" && open.person == Some(id))
            .map(|(id, _)| *id)
            .collect();
        for challenge in older {
            self.emit(Event::ChallengeExpired { challenge });
            self.record(Owner::Challenge(challenge), None);
        }
        let challenge: ChallengeId = self.id();
        let until = self.after(30);
        let purpose = "reset".to_string();
        let channel = Some(Channel::Email);
        self.emit(Event::ChallengeCreated { challenge, purpose, person: Some(id), visit: None, channel, until });
        self.emit(Event::ResetRequested { challenge, person: id });
        let token = self.token();
        let mac = self.pepper.mac(Purpose::Reset, &[&challenge.0.to_bytes()], &token);
        self.record(Owner::Challenge(challenge), Some(Record::Mac(mac)));
        let contact = self.contact(Who::Person(id));
        if let Some(to) = contact.email {
            let notice = self.id();
            self.emit(Event::NoticeQueued {
                notice,
                to: To::Person(id),
                channel: Channel::Email,
                about: "reset".to_string(),
            });
            let text = format!("Set a new password here, within 30 minutes: {link}{challenge}.{token}");
            let message = crate::turn::Message { notice, channel: Channel::Email, to, text, until: Some(until) };
            self.made.messages.push(message);
        }
    }

    /// Whose link it is, if it is good.
    pub(crate) fn link_right(&self, challenge: ChallengeId, purpose: &str, token: &str) -> Done<PersonId> {
        let open = self.org.challenges.get(&challenge).filter(|open| open.purpose == purpose && self.now < open.until);
        let id = open.and_then(|open| open.person).ok_or(Fault::NotAccepted)?;
        let mac = self.pepper.mac(Purpose::Reset, &[&challenge.0.to_bytes()], token);
        let right = self.org.vault.mac(Owner::Challenge(challenge)).is_some_and(|own| code::same(own, &mac));
        if right { Ok(id) } else { Err(Fault::NotAccepted) }
    }

    /// Sets a new password with the token of a link (C11). Signing in still asks for a code.
    pub fn complete_reset(&mut self, challenge: ChallengeId, token: &str, new: &NewPassword) -> Done<()> {
        let id = self.link_right(challenge, "reset", token)?;
        self.judge_password(self.preset(), new)?;
        self.emit(Event::ChallengePassed { challenge });
        self.record(Owner::Challenge(challenge), None);
        self.put_private(id, |private| private.password = Some(new.stretched));
        self.emit(Event::ResetCompleted { person: id });
        self.emit(Event::StepUpForced { person: id, due: Due::PasswordReset });
        self.tell(id, "password_reset", "Your password was reset. If that was not you, tell an administrator at once.");
        Ok(())
    }

    /// Switches the sign-in code on, or off with the password and, where one can be had, a current code (R22).
    pub fn switch_login_code(&mut self, on: bool, password: Option<&Stretched>, fresh: bool) -> Done<()> {
        let id = self.me()?;
        let facts = self.login_facts(id, true, false);
        let answer = self.ask_login(id, "two_factor_switch", &facts);
        let answer_name = if on { "turn_on" } else { "turn_off" };
        if !answer.sure || answer.name(answer_name) != "permitted" {
            let words: Vec<&str> = answer.because.iter().map(|(_, text)| text.as_str()).collect();
            return Err(Fault::Conflict(words.join(" ")));
        }
        if !on && (!password.is_some_and(|typed| self.password_right(id, typed)) || !fresh) {
            return Err(Fault::NotAccepted);
        }
        let name = "person.login_2fa".to_string();
        let before = if self.org.people.get(&id).and_then(|one| one.settings.get(&name)).is_some_and(|now| now == "no")
        {
            "no"
        } else {
            "yes"
        };
        let after = if on { "yes" } else { "no" }.to_string();
        self.emit(Event::SettingChanged { name, before: before.to_string(), after, person: Some(id) });
        Ok(())
    }

    /// Whether a password is one's own. A wrong one is counted.
    pub fn password_is(&mut self, typed: &Stretched) -> Done<bool> {
        let id = self.me()?;
        if let Some(until) = self.person(id)?.login_locked.filter(|until| self.now < *until) {
            return Err(Fault::Locked(until));
        }
        if self.password_right(id, typed) {
            return Ok(true);
        }
        self.emit(Event::LoginFailed { person: Some(id), why: "wrong_password".to_string() });
        if self.org.people.get(&id).is_some_and(|person| person.login_misses >= 5) {
            let until = self.after(15);
            self.emit(Event::LockoutStarted { person: Some(id), r#box: None, until });
        }
        Ok(false)
    }

    /// Sets one's PIN (R32). It must be wanted by somebody: the organization asks for PINs, or the person takes keys after hours.
    pub fn set_pin(&mut self, digits: &str, stretched: Stretched) -> Done<()> {
        let id = self.me()?;
        let person = self.person(id)?;
        let later = person.after_hours
            || person.break_glass
            || person
                .profiles
                .iter()
                .filter_map(|id| self.org.profiles.get(id))
                .any(|profile| profile.after_hours_eligible);
        if self.org.setting("org.user_pickup_2fa") != Some("pin") && !later {
            return Err(Fault::Conflict("This organization does not use PINs.".to_string()));
        }
        let number = self.contact(Who::Person(id)).mobile.unwrap_or_default();
        if let Some(why) = weak_pin(digits, &[&number]) {
            return invalid("pin", why);
        }
        self.put_private(id, |private| private.pin = Some(stretched));
        self.emit(Event::PinSet { person: id });
        Ok(())
    }

    /// Clears somebody's PIN. Nobody can read or set one for another person (R33).
    pub fn clear_pin(&mut self, id: PersonId) -> Done<()> {
        if self.actor != Actor::Person(id) {
            self.must_administrate()?;
        }
        self.person(id)?;
        self.put_private(id, |private| private.pin = None);
        self.emit(Event::PinCleared { person: id });
        Ok(())
    }

    /// Gives a fresh seed for an authenticator app; it counts once its digits were shown.
    pub fn begin_authenticator(&mut self) -> Done<[u8; 20]> {
        use rand_chacha::rand_core::Rng;
        let id = self.me()?;
        if self.person(id)?.authenticator {
            return Err(Fault::Conflict("There is an authenticator app already.".to_string()));
        }
        let mut seed = [0; 20];
        self.rng.fill_bytes(&mut seed);
        self.put_private(id, |private| private.totp = Some(seed));
        Ok(seed)
    }

    /// Shows that the app has the seed.
    pub fn confirm_authenticator(&mut self, digits: &str) -> Done<()> {
        let id = self.me()?;
        let seed =
            self.org.vault.person(id).and_then(|private| private.totp).ok_or(Fault::NotFound("authenticator"))?;
        let now = u64::try_from(self.now.as_second() / 30).unwrap_or(0);
        let fits = [now.saturating_sub(1), now, now + 1]
            .into_iter()
            .find(|period| code::same(code::totp(&seed, *period).as_bytes(), digits.as_bytes()));
        let period = fits.ok_or(Fault::NotAccepted)?;
        self.emit(Event::AuthenticatorEnrolled { person: id });
        self.emit(Event::AuthenticatorUsed { person: id, period });
        Ok(())
    }
}

/// Whether a session is in force, and whose.
#[must_use]
pub fn session_of(
    org: &crate::org::Org,
    pepper: &code::Pepper,
    now: jiff::Timestamp,
    id: SessionId,
    token: &str,
) -> Option<PersonId> {
    let session = org.sessions.get(&id)?;
    let mac = pepper.mac(Purpose::Session, &[&id.0.to_bytes()], token);
    let right = org.vault.mac(Owner::Session(id)).is_some_and(|own| code::same(own, &mac));
    let alive = now.duration_since(session.started) < SESSION;
    let active = org.people.get(&session.person).is_some_and(|person| person.state == AccountState::Active);
    (right && alive && active).then_some(session.person)
}
