//! What must never stand in the log: names, numbers, addresses, and what codes and secrets are checked against.
//! In: records. Out: the same, by the thing they belong to. The fold of the log never reads it, so a record can be erased and the
//! log still holds. Refuses to keep a code, a password or a PIN: only what is derived from them with a key the store does not have.

use crate::id::{BookingId, ChallengeId, CredentialId, HookId, KeyId, PersonId, SessionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whose record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Of a person.
    Person(PersonId),
    /// Of a guest's booking.
    Booking(BookingId),
    /// Of a key.
    Key(KeyId),
    /// Of a credential.
    Credential(CredentialId),
    /// Of a challenge.
    Challenge(ChallengeId),
    /// Of a session.
    Session(SessionId),
    /// Of an address of another system.
    Hook(HookId),
}

/// A salted, stretched secret: what a password or a PIN is checked against.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretched {
    /// The salt it was stretched with.
    pub salt: [u8; 16],
    /// What came out.
    pub key: [u8; 32],
}

impl std::fmt::Debug for Stretched {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Stretched")
    }
}

/// How somebody can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name people know.
    pub name: String,
    /// A mobile number, `+` and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// An e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// Of a person.
    Person(Private),
    /// Of a guest.
    Guest(Contact),
    /// Of a key: where it belongs, and notes. Never shown on a box.
    Key {
        /// Where the lock is.
        address: String,
        /// For administrators.
        notes: String,
    },
    /// The keyed hash of what a credential or a challenge is answered with.
    Mac([u8; 32]),
    /// Where another system is reached, and the secret that requests to it are signed with.
    Hook {
        /// Its address.
        url: String,
        /// The secret.
        secret: String,
    },
}

/// What is private about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// Name, number, address.
    pub contact: Contact,
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Stretched>,
    /// The PIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Stretched>,
    /// The seed of an authenticator app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<[u8; 20]>,
    /// Keyed hashes of recovery codes that were not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<[u8; 32]>,
}

/// All records of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vault {
    records: BTreeMap<Owner, Record>,
    shown: BTreeMap<[u8; 32], CredentialId>,
}

impl Vault {
    /// Puts, replaces or erases a record.
    pub fn put(&mut self, owner: Owner, record: Option<Record>) {
        if let (Owner::Credential(_), Some(Record::Mac(mac))) = (owner, self.records.get(&owner)) {
            self.shown.remove(mac);
        }
        if let (Owner::Credential(id), Some(Record::Mac(mac))) = (owner, &record) {
            self.shown.insert(*mac, id);
        }
        match record {
            Some(record) => self.records.insert(owner, record),
            None => self.records.remove(&owner),
        };
    }

    /// What is private about a person.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Private> {
        match self.records.get(&Owner::Person(id)) {
            Some(Record::Person(private)) => Some(private),
            _ => None,
        }
    }

    /// How a guest can be reached.
    #[must_use]
    pub fn guest(&self, id: BookingId) -> Option<&Contact> {
        match self.records.get(&Owner::Booking(id)) {
            Some(Record::Guest(contact)) => Some(contact),
            _ => None,
        }
    }

    /// Where another system is reached, and the secret for it.
    #[must_use]
    pub fn hook(&self, id: HookId) -> Option<(&str, &str)> {
        match self.records.get(&Owner::Hook(id)) {
            Some(Record::Hook { url, secret }) => Some((url, secret)),
            _ => None,
        }
    }

    /// The keyed hash of a credential, a challenge or a session.
    #[must_use]
    pub fn mac(&self, owner: Owner) -> Option<&[u8; 32]> {
        match self.records.get(&owner) {
            Some(Record::Mac(mac)) => Some(mac),
            _ => None,
        }
    }

    /// The credential of a keyed hash.
    #[must_use]
    pub fn credential(&self, mac: &[u8; 32]) -> Option<CredentialId> {
        self.shown.get(mac).copied()
    }
}
