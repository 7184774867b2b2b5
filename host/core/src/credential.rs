//! What people are recognized by: codes, QR codes, badges (F02, R09). In: who, what was shown. Out: credentials, found by a keyed hash and
//! by nothing else. A fresh code is shown once. Refuses more codes than can be guessed among (C10).

use crate::code::{self, Purpose};
use crate::event::{Actor, Event, Who};
use crate::fault::{Done, Fault};
use crate::id::{CredentialId, PersonId};
use crate::kinds::Method;
use crate::setup::named;
use crate::turn::Turn;
use crate::vault::{Owner, Record};
use jiff::Timestamp;

impl Turn<'_> {
    /// The credential that was shown, if it is one.
    #[must_use]
    pub fn shown(&self, method: Method, value: &str) -> Option<CredentialId> {
        let mac = self.pepper.mac(Purpose::Lookup, &[method.word().as_bytes()], value);
        self.org
            .vault
            .credential(&mac)
            .filter(|id| self.org.credentials.get(id).is_some_and(|one| one.method == method))
    }

    pub(crate) fn put_credential(
        &mut self,
        who: Who,
        method: Method,
        value: &str,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
        once: bool,
    ) -> CredentialId {
        let credential: CredentialId = self.id();
        let mac = self.pepper.mac(Purpose::Lookup, &[method.word().as_bytes()], value);
        self.record(Owner::Credential(credential), Some(Record::Mac(mac)));
        self.emit(Event::CredentialIssued { credential, who, method, from, until, once });
        credential
    }

    /// A fresh code of eight digits that nobody has (C1, C10).
    pub(crate) fn fresh_code(&mut self, method: Method) -> Done<String> {
        let live = self.org.credentials.values().filter(|one| one.method == method && !one.revoked).count();
        let second = self.org.setting("org.user_pickup_2fa") != Some("off");
        let room = if second { 1_000 } else { 100_000 };
        if live * room > 100_000_000 {
            let why = format!("There are {live} codes already: more would be too easy to guess. Revoke some first.");
            return Err(Fault::Conflict(why));
        }
        loop {
            let code = code::digits(&mut self.rng, 8);
            if self.shown(method, &code).is_none() {
                return Ok(code);
            }
        }
    }

    /// Gives somebody a fresh access code. It is shown once.
    pub fn issue_code(&mut self, id: PersonId) -> Done<(CredentialId, String)> {
        self.must_administrate()?;
        self.person(id)?;
        let code = self.fresh_code(Method::AccessCode)?;
        Ok((self.put_credential(Who::Person(id), Method::AccessCode, &code, None, None, false), code))
    }

    /// Gives somebody a QR code: a token, shown once; for a minute and one use if it is for now.
    pub fn issue_qr(&mut self, id: PersonId, for_now: bool) -> Done<(CredentialId, String)> {
        if self.actor != Actor::Person(id) {
            self.must_administrate()?;
        }
        self.person(id)?;
        let token = self.token();
        let until = for_now.then(|| self.after(1));
        Ok((self.put_credential(Who::Person(id), Method::QrCode, &token, None, until, for_now), token))
    }

    /// Links a badge by its serial.
    pub fn link_badge(&mut self, id: PersonId, serial: &str) -> Done<CredentialId> {
        self.must_administrate()?;
        self.person(id)?;
        named("serial", serial)?;
        if let Some(known) = self.shown(Method::Badge, serial) {
            if self.org.credentials.get(&known).is_some_and(|one| !one.revoked) {
                return Err(Fault::Conflict("This badge is linked already.".to_string()));
            }
            self.record(Owner::Credential(known), None);
        }
        Ok(self.put_credential(Who::Person(id), Method::Badge, serial, None, None, false))
    }

    /// Takes a credential back, or reports it lost.
    pub fn revoke_credential(&mut self, credential: CredentialId, lost: bool) -> Done<()> {
        let known = self.org.credentials.get(&credential).ok_or(Fault::NotFound("credential"))?;
        if known.who != self.own() {
            self.must_administrate()?;
        }
        self.emit(Event::CredentialRevoked { credential, lost });
        Ok(())
    }

    fn own(&self) -> Who {
        match self.actor {
            Actor::Person(id) => Who::Person(id),
            Actor::Guest(id) => Who::Guest(id),
            _ => Who::Person(PersonId(ulid::Ulid::nil())),
        }
    }
}
