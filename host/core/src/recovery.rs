//! When the usual way in is gone: recovery codes, recovery by two administrators (R36), new numbers and addresses (C9), fingerprints. In: who asks,
//! what they show. Out: entries; secrets are shown once. Refuses that one administrator alone gets into somebody's account.

use crate::code::{self, Purpose};
use crate::event::{Actor, Event, To, Who};
use crate::fault::{Done, Fault, invalid};
use crate::id::{BoxId, ChallengeId, CredentialId, NoticeId, PersonId, VisitId};
use crate::kinds::{AccountState, Channel, Due, Method, Proof, Role};
use crate::login::NewPassword;
use crate::setup::{email, mobile, named};
use crate::turn::{Message, Turn};
use crate::vault::{Contact, Owner, Record};
use jiff::{SignedDuration, Timestamp};

/// Recovery codes that are made at a time.
const CODES: u8 = 10;
/// Minutes in which a second administrator has to agree.
const AGREE: SignedDuration = SignedDuration::from_hours(24);
/// Letters and digits of recovery codes; none is taken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A recovery that another administrator has to agree to.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Recovery {
    /// Who began it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl Turn<'_> {
    /// Makes ten fresh recovery codes of fifty bits; older ones are no good any more. They are shown once.
    pub fn new_recovery_codes(&mut self) -> Done<Vec<String>> {
        use rand_chacha::rand_core::Rng;
        let Actor::Person(id) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        let mut codes = Vec::new();
        for _ in 0..CODES {
            let mut bits = self.rng.next_u64();
            let mut code = String::new();
            for at in 0..10 {
                if at == 5 {
                    code.push('-');
                }
                code.push(char::from(LETTERS[(bits & 31) as usize]));
                bits >>= 5;
            }
            codes.push(code);
        }
        let macs = codes.iter().map(|code| self.pepper.mac(Purpose::Recovery, &[&id.0.to_bytes()], code)).collect();
        self.put_private(id, |private| private.recovery = macs);
        self.emit(Event::RecoveryCodesMade { person: id, count: CODES });
        self.tell(
            id,
            "recovery_codes",
            "New recovery codes were made for your account. If that was not you, tell an administrator at once.",
        );
        Ok(codes)
    }

    /// Whether a text is an unused recovery code of somebody; it is used up by that.
    pub(crate) fn recovery_code(&mut self, id: PersonId, text: &str) -> bool {
        let text = text.trim().to_ascii_uppercase();
        let mac = self.pepper.mac(Purpose::Recovery, &[&id.0.to_bytes()], &text);
        let Some(private) = self.org.vault.person(id) else { return false };
        let mut found = false;
        for own in &private.recovery {
            found |= code::same(own, &mac);
        }
        if found {
            self.put_private(id, |private| private.recovery.retain(|own| !code::same(own, &mac)));
            self.emit(Event::RecoveryCodeUsed { person: id });
        }
        found
    }

    /// An administrator begins to recover an account (R36). Another one has to agree within a day.
    pub fn start_recovery(&mut self, id: PersonId, why: &str) -> Done<()> {
        let by = self.must_administrate()?;
        let person = self.person(id)?;
        if by == id {
            return Err(Fault::Forbidden("Other administrators have to recover your account."));
        }
        if person.state == AccountState::Deactivated {
            return Err(Fault::Conflict("This account is shut for good.".to_string()));
        }
        named("why", why)?;
        if self.admins().iter().filter(|admin| **admin != id).count() < 2 {
            return Err(Fault::Conflict(
                "Two administrators are needed to recover an account; please appoint another one.".to_string(),
            ));
        }
        self.emit(Event::RecoveryStarted { person: id, by, why: why.to_string() });
        self.tell(
            id,
            "recovery",
            "Administrators are about to recover your account. If you did not ask for it, tell one of them at once.",
        );
        self.tell_admins(
            "recovery",
            &format!(
                "The account of {} is to be recovered. A second administrator has to agree.",
                self.name(Who::Person(id))
            ),
        );
        Ok(())
    }

    /// Another administrator agrees: sessions end, and a token comes back, shown once, to hand over in person. It sets a new password
    /// within half an hour; signing in then asks for a code.
    pub fn agree_to_recovery(&mut self, id: PersonId) -> Done<(ChallengeId, String)> {
        let by = self.must_administrate()?;
        let open = self.org.recoveries.get(&id).ok_or(Fault::NotFound("recovery"))?;
        if self.now.duration_since(open.at) > AGREE {
            return Err(Fault::Over("recovery"));
        }
        if open.by == by || by == id {
            return Err(Fault::Forbidden("A second administrator has to agree, who is not the person themselves."));
        }
        self.emit(Event::RecoveryAgreed { person: id, by });
        self.put_private(id, |private| private.password = None);
        let challenge: ChallengeId = self.id();
        let until = self.after(30);
        let purpose = "recovery".to_string();
        self.emit(Event::ChallengeCreated { challenge, purpose, person: Some(id), visit: None, channel: None, until });
        let token = self.token();
        let mac = self.pepper.mac(Purpose::Reset, &[&challenge.0.to_bytes()], &token);
        self.record(Owner::Challenge(challenge), Some(Record::Mac(mac)));
        Ok((challenge, token))
    }

    /// Sets the new password of a recovered account.
    pub fn complete_recovery(&mut self, challenge: ChallengeId, token: &str, new: &NewPassword) -> Done<()> {
        let id = self.link_right(challenge, "recovery", token)?;
        self.judge_password(self.preset(), new)?;
        self.emit(Event::ChallengePassed { challenge });
        self.record(Owner::Challenge(challenge), None);
        self.put_private(id, |private| private.password = Some(new.stretched));
        self.emit(Event::RecoveryCompleted { person: id });
        self.emit(Event::StepUpForced { person: id, due: Due::Recovered });
        Ok(())
    }

    /// Takes the authenticator app and the recovery codes of somebody who has lost them away, in the same way by two administrators: only
    /// while a recovery is agreed to and its token not used.
    pub fn forget_authenticator(&mut self, id: PersonId) -> Done<()> {
        self.must_administrate()?;
        let recovering = self.org.challenges.values().any(|open| open.purpose == "recovery" && open.person == Some(id));
        if !recovering {
            return Err(Fault::Conflict("The account has to be recovered by two administrators first.".to_string()));
        }
        self.put_private(id, |private| {
            private.totp = None;
            private.recovery = Vec::new();
        });
        self.emit(Event::AuthenticatorForgotten { person: id });
        Ok(())
    }

    /// An administrator says what somebody is called and how they are reached. A new number releases no keys for three days (C9).
    pub fn change_contact(&mut self, id: PersonId, new: Contact) -> Done<()> {
        let me = self.must_administrate()?;
        let person = self.person(id)?;
        if person.role == Role::Owner && me != id {
            return Err(Fault::Forbidden("Only the owner changes the owner's numbers."));
        }
        named("name", &new.name)?;
        let old = self.contact(Who::Person(id));
        self.new_address(id, Channel::Sms, new.mobile.as_deref())?;
        self.new_address(id, Channel::Email, new.email.as_deref())?;
        let sms = old.mobile != new.mobile;
        let mail = old.email != new.email;
        self.replace(id, (sms, new.mobile.clone()), (mail, new.email.clone()));
        self.put_private(id, |private| private.contact.name = new.name);
        Ok(())
    }

    /// Whether somebody may have a number or an address.
    fn new_address(&self, id: PersonId, channel: Channel, value: Option<&str>) -> Done<()> {
        let Some(value) = value else { return Ok(()) };
        let taken = match channel {
            Channel::Sms => {
                mobile(value)?;
                let known = self.shown(Method::PhoneNumber, value);
                let own = known.and_then(|known| self.org.credentials.get(&known));
                own.is_some_and(|own| own.who != Who::Person(id) && !own.revoked)
            }
            Channel::Email => {
                email(value)?;
                self.org.by_email(value).is_some_and(|other| other != id)
            }
            Channel::Webhook => return invalid("channel", "`sms` or `email`"),
        };
        if taken { Err(Fault::Conflict("Somebody else has this.".to_string())) } else { Ok(()) }
    }

    fn replace(
        &mut self,
        id: PersonId,
        (sms, number): (bool, Option<String>),
        (mail, address): (bool, Option<String>),
    ) {
        if sms || mail {
            // To where it was: whoever reads that may be the only one who is surprised.
            self.tell(
                id,
                "contact_changed",
                "Your number or address was changed. If that was not you, tell an administrator at once.",
            );
        }
        if sms {
            let own = |(_, one): &(&CredentialId, &crate::org::Credential)| {
                one.who == Who::Person(id) && one.method == Method::PhoneNumber && !one.revoked
            };
            let old: Vec<CredentialId> = self.org.credentials.iter().filter(own).map(|(id, _)| *id).collect();
            for credential in old {
                self.emit(Event::CredentialRevoked { credential, lost: false });
                self.record(Owner::Credential(credential), None);
            }
            self.emit(Event::ContactChanged { person: id, channel: Channel::Sms });
            self.put_private(id, |private| private.contact.mobile.clone_from(&number));
            if let Some(number) = &number {
                self.emit(Event::ContactVerified { person: id, channel: Channel::Sms });
                self.put_credential(Who::Person(id), Method::PhoneNumber, number, None, None, false);
            }
        }
        if mail {
            self.emit(Event::ContactChanged { person: id, channel: Channel::Email });
            let known = address.is_some();
            self.put_private(id, |private| private.contact.email = address);
            if known {
                self.emit(Event::ContactVerified { person: id, channel: Channel::Email });
            }
        }
    }

    /// Sends a code to a number or address that somebody wants to have; with it they show that it is theirs.
    pub fn prove_contact(&mut self, channel: Channel, value: &str) -> Done<ChallengeId> {
        let Actor::Person(id) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        self.new_address(id, channel, Some(value))?;
        if !self.may_send(Some(id), None) {
            return Err(Fault::Locked(self.after(10)));
        }
        let challenge: ChallengeId = self.id();
        let until = self.after(5);
        let purpose = "contact".to_string();
        self.emit(Event::ChallengeCreated {
            challenge,
            purpose,
            person: Some(id),
            visit: None,
            channel: Some(channel),
            until,
        });
        let code = self.new_code(challenge, Purpose::Contact, &[&id.0.to_bytes(), value.as_bytes()]);
        let notice: NoticeId = self.id();
        self.emit(Event::NoticeQueued { notice, to: To::Person(id), channel, about: "contact_code".to_string() });
        let text = format!("{code} shows that this is yours. Type it on your security page, and nowhere else.");
        self.made.messages.push(Message { notice, channel, to: value.to_string(), text, until: Some(until) });
        Ok(challenge)
    }

    /// The code that came there. The caller has checked the password. Gives whether it is right.
    pub fn contact_proved(
        &mut self,
        challenge: ChallengeId,
        channel: Channel,
        value: &str,
        digits: &str,
    ) -> Done<bool> {
        let Actor::Person(id) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        let open = self.org.challenges.get(&challenge).filter(|open| {
            open.purpose == "contact"
                && open.person == Some(id)
                && open.channel == Some(channel)
                && self.now < open.until
        });
        let misses = open.ok_or(Fault::Over("code"))?.misses;
        self.new_address(id, channel, Some(value))?;
        if !self.code_right(challenge, Purpose::Contact, &[&id.0.to_bytes(), value.as_bytes()], digits) {
            let left = crate::factor::TRIES.saturating_sub(misses + 1);
            self.emit(Event::ChallengeFailed { challenge, left });
            if left == 0 {
                self.record(Owner::Challenge(challenge), None);
            }
            return Ok(false);
        }
        self.emit(Event::ChallengePassed { challenge });
        self.record(Owner::Challenge(challenge), None);
        let new = Some(value.to_string());
        match channel {
            Channel::Sms => self.replace(id, (true, new), (false, None)),
            _ => self.replace(id, (false, None), (true, new)),
        }
        Ok(true)
    }

    /// A box has taken the fingerprint of whoever stands at it, who has shown another kind of proof in this visit. The print stays in the box.
    pub fn enrol_fingerprint(&mut self, r#box: BoxId, visit: VisitId) -> Done<PersonId> {
        let open = self.visit(visit)?;
        let Who::Person(person) = open.who else {
            return Err(Fault::Forbidden("A guest leaves no fingerprint."));
        };
        let proved = open.shown.iter().any(|proof| matches!(proof, Proof::Pin | Proof::Code | Proof::Authenticator));
        if open.r#box != r#box || !proved {
            return Err(Fault::Forbidden("Please show a PIN or a code first."));
        }
        self.actor = Actor::Box(r#box);
        self.emit(Event::FingerprintEnrolled { person, at: r#box });
        self.tell(
            person,
            "fingerprint",
            "Your fingerprint was stored in a key box. If that was not you, tell an administrator at once.",
        );
        Ok(person)
    }

    /// Fingerprints of somebody count no more.
    pub fn forget_fingerprint(&mut self, id: PersonId) -> Done<()> {
        if self.actor != Actor::Person(id) {
            self.must_administrate()?;
        }
        if !self.person(id)?.fingerprint {
            return Err(Fault::Conflict("There is no fingerprint.".to_string()));
        }
        self.emit(Event::FingerprintForgotten { person: id });
        Ok(())
    }
}
