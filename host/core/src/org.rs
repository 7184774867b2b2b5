//! An organization as it stands: the fold of its log, and what is private beside it. In: entries, in order (`apply`). Out: people,
//! keys, boxes, custody, by name. Refuses to decide anything, to read the clock and to look into the vault while it folds.

use crate::alert::{AlertRule, Planned};
use crate::event::{KeyCard, Permission, Place, Profile, Reason, ReasonCode, To, Who};
use crate::hours::Hours;
use crate::id::{
    ApprovalId, BinId, BookingId, BoxId, ChallengeId, CredentialId, DraftId, GroupId, HookId, KeyId, LocationId,
    NoticeId, OperationId, PermissionId, PersonId, ProcedureId, ProfileId, ReviewId, RuleId, SessionId, SwapId,
    VisitId,
};
use crate::kinds::{
    AccountState, BinState, BookingKind, BookingState, Channel, DraftState, Due, FactorKind, KeyStatus, Method,
    OperationKind, OperationState, Preset, Proof, Role, SwapState,
};
use crate::procedure::{Violation, Written};
use crate::recovery::Recovery;
use crate::review::Review;
use crate::vault::Vault;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The version of the fold: what entries make of an organization. A change of `apply` that makes something else of the same entries is
/// a new one, so that nothing that an older host wrote down is taken for what this one would have made.
pub const FOLD: u32 = 1;

/// An organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Org {
    /// How many entries it is the fold of.
    pub seq: u64,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its time zone.
    pub tz: String,
    /// What it started with; none before it was created.
    pub preset: Option<Preset>,
    /// Settings of the organization that were changed.
    pub settings: BTreeMap<String, String>,
    /// Policies that were written here.
    pub drafts: BTreeMap<DraftId, Draft>,
    /// Those of them that are in force, by the word of the policy they refine.
    pub own: BTreeMap<String, DraftId>,
    /// Reasons to choose from.
    pub reasons: BTreeMap<String, ReasonCode>,
    /// People.
    pub people: BTreeMap<PersonId, Person>,
    /// Job profiles.
    pub profiles: BTreeMap<ProfileId, Profile>,
    /// Credentials.
    pub credentials: BTreeMap<CredentialId, Credential>,
    /// Permissions.
    pub permissions: BTreeMap<PermissionId, Permission>,
    /// Groups of keys, by name.
    pub groups: BTreeMap<GroupId, String>,
    /// Keys.
    pub keys: BTreeMap<KeyId, Key>,
    /// The key of a fob.
    pub fobs: BTreeMap<String, KeyId>,
    /// Places.
    pub locations: BTreeMap<LocationId, Location>,
    /// Boxes.
    pub boxes: BTreeMap<BoxId, LockBox>,
    /// Bins.
    pub bins: BTreeMap<BinId, Bin>,
    /// Bookings.
    pub bookings: BTreeMap<BookingId, Booking>,
    /// Sessions that have not ended.
    pub sessions: BTreeMap<SessionId, Session>,
    /// Visits to boxes that have not ended.
    pub visits: BTreeMap<VisitId, Visit>,
    /// Unknown numbers that were typed, which get the screens of known ones.
    pub decoys: BTreeMap<VisitId, Decoy>,
    /// Challenges that are open.
    pub challenges: BTreeMap<ChallengeId, Challenge>,
    /// Openings of bins, also those that ended within a week.
    pub operations: BTreeMap<OperationId, Operation>,
    /// Those of them that have not ended.
    pub open: BTreeSet<OperationId>,
    /// Approvals that are waited for.
    pub approvals: BTreeMap<ApprovalId, Approval>,
    /// Swaps, also those that ended within a week.
    pub swaps: BTreeMap<SwapId, Swap>,
    /// Messages that have not gone out.
    pub notices: BTreeMap<NoticeId, Notice>,
    /// Which notices were acknowledged, by whom and when: by version.
    pub notices_read: BTreeMap<u32, (PersonId, Timestamp)>,
    /// Written procedures.
    pub procedures: BTreeMap<ProcedureId, Written>,
    /// Reasons that were given for keys that left, with the last time.
    pub reasons_used: BTreeMap<String, Timestamp>,
    /// Reviews of rights.
    pub reviews: BTreeMap<ReviewId, Review>,
    /// Recoveries that a second administrator has to agree to.
    pub recoveries: BTreeMap<PersonId, Recovery>,
    /// Violations of people: what, when.
    pub violations: BTreeMap<PersonId, Vec<(Violation, Timestamp)>>,
    /// Rules about who is told what.
    pub rules: BTreeMap<RuleId, AlertRule>,
    /// Alerts that wait for their time: by rule and by the entry they are about.
    pub planned: BTreeMap<RuleId, BTreeMap<u64, Planned>>,
    /// When rules have fired, in the last ten minutes.
    pub fired: BTreeMap<RuleId, Vec<Timestamp>>,
    /// Addresses of other systems: name and host. The rest is private.
    pub hooks: BTreeMap<HookId, (String, String)>,
    /// Whether texts went out lately: the last failure of the gateway, if nothing went out since.
    pub sms_failed: Option<Timestamp>,
    /// What is private. It stands beside what is written down of the rest.
    #[serde(skip)]
    pub vault: Vault,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The account.
    pub state: AccountState,
    /// The highest role.
    pub role: Role,
    /// The manager.
    pub manager: Option<PersonId>,
    /// Job profiles.
    pub profiles: BTreeSet<ProfileId>,
    /// On the after-hours list.
    pub after_hours: bool,
    /// Barred after hours.
    pub barred: bool,
    /// May break the glass.
    pub break_glass: bool,
    /// When the mobile number was verified.
    pub mobile: Option<Timestamp>,
    /// When the e-mail address was verified.
    pub email: Option<Timestamp>,
    /// Has a PIN.
    pub pin: bool,
    /// Wrong PINs in a row.
    pub pin_misses: u8,
    /// The PIN is locked until then; for good, if it says so.
    pub pin_locked: Option<Lock>,
    /// Has an authenticator app.
    pub authenticator: bool,
    /// The last period of it that was used; none is used twice.
    pub authenticator_used: u64,
    /// Has a fingerprint on a box.
    pub fingerprint: bool,
    /// Own settings that were changed.
    pub settings: BTreeMap<String, String>,
    /// Why the next sign-in asks for a code.
    pub due: Due,
    /// Wrong passwords in a row.
    pub login_misses: u8,
    /// Signing in is locked until then.
    pub login_locked: Option<Timestamp>,
    /// When challenges failed or were not answered, those of the last day (C2).
    pub failed: Vec<Timestamp>,
    /// Unused recovery codes.
    pub recovery_codes: u8,
    /// Takes no keys until then, as a consequence of what happened (R62).
    pub paused: Option<Timestamp>,
    /// Wrong codes in a row, over all challenges (C2).
    pub misses_in_a_row: u8,
}

/// A policy that somebody wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The word of the policy it refines.
    pub policy: String,
    /// The name in it.
    pub name: String,
    /// The version in it.
    pub version: u64,
    /// Its text.
    pub text: Arc<str>,
    /// What it is for.
    pub why: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Who agreed.
    pub approved: Option<PersonId>,
    /// How far it is.
    pub state: DraftState,
}

/// How long something is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// Until then.
    Until(Timestamp),
    /// Until it is set anew.
    ForGood,
}

/// A credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Credential {
    /// Whose.
    pub who: Who,
    /// How it is shown.
    pub method: Method,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
    /// Good for one pickup.
    pub once: bool,
    /// It was used for one.
    pub used: bool,
    /// It was taken back or lost.
    pub revoked: bool,
}

/// A key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// What is said about it.
    pub card: KeyCard,
    /// Whether it is in use.
    pub status: KeyStatus,
    /// Where it is.
    pub place: Where,
    /// How often it has changed its place.
    pub version: u64,
    /// Since when it is there.
    pub since: Option<Timestamp>,
    /// When it is due back.
    pub due: Option<Timestamp>,
    /// Whether it was told that it is due soon.
    pub due_told: bool,
    /// Whether it was told that it is overdue.
    pub overdue_told: bool,
    /// The opening that is under way for it.
    pub operation: Option<OperationId>,
    /// The bin it was in last.
    pub last_bin: Option<BinId>,
}

/// Where a key is: in exactly one place (D4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// In a bin.
    Bin(BinId),
    /// With somebody.
    Held(Who),
    /// Nobody knows.
    Unknown,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// What is said about it.
    pub card: Place,
    /// Its opening hours.
    pub hours: Hours,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LockBox {
    /// Where it hangs.
    pub location: LocationId,
    /// Its name.
    pub name: String,
    /// The key it signs with, in hexadecimal; none before it is enrolled.
    pub public_key: Option<String>,
    /// Its bins.
    pub bins: Vec<BinId>,
    /// Whether it was heard of lately.
    pub online: bool,
    /// Seconds its clock is wrong by, when that was last told.
    pub skew: i64,
    /// Wrong codes in a row.
    pub misses: u8,
    /// When codes were wrong, those of the last ten minutes (C10).
    pub wrong: Vec<Timestamp>,
    /// It takes no codes until then.
    pub locked: Option<Timestamp>,
}

/// A bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Its box.
    pub r#box: BoxId,
    /// What stands on its door.
    pub label: String,
    /// What it is for now.
    pub state: BinState,
    /// The key in it.
    pub key: Option<KeyId>,
}

/// A booking or reservation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    /// The key.
    pub key: KeyId,
    /// Who; none: a guest.
    pub person: Option<PersonId>,
    /// What it is good for.
    pub kind: BookingKind,
    /// From then.
    pub from: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// Who made it.
    pub by: PersonId,
    /// How it stands.
    pub state: BookingState,
}

/// Somebody signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub started: Timestamp,
    /// Whether a code was given.
    pub with_code: bool,
}

/// Somebody in front of a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// The box.
    pub r#box: BoxId,
    /// How they said who they are.
    pub method: Method,
    /// Who.
    pub who: Who,
    /// By which credential.
    pub credential: Option<CredentialId>,
    /// By which session.
    pub session: Option<SessionId>,
    /// When something last happened.
    pub touched: Timestamp,
    /// What was shown beside the method.
    pub shown: BTreeSet<Proof>,
    /// The key that was asked for.
    pub key: Option<KeyId>,
    /// Why.
    pub reason: Option<Reason>,
    /// The challenge that is open.
    pub challenge: Option<ChallengeId>,
    /// The approval that was asked for.
    pub approval: Option<ApprovalId>,
    /// The opening of a bin.
    pub operation: Option<OperationId>,
}

/// An unknown number that was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoy {
    /// The box.
    pub r#box: BoxId,
    /// When.
    pub touched: Timestamp,
    /// What was typed after it.
    pub misses: u8,
}

/// Something that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// What for: `pickup`, `swap`, `login`, `reset`, `contact`.
    pub purpose: String,
    /// Whose it is.
    pub person: Option<PersonId>,
    /// Of which visit.
    pub visit: Option<VisitId>,
    /// How the code went.
    pub channel: Option<Channel>,
    /// Not after.
    pub until: Timestamp,
    /// When the code last went.
    pub sent: Timestamp,
    /// How often it went again.
    pub resent: u8,
    /// Wrong tries.
    pub misses: u8,
}

/// One opening of a bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// What for.
    pub kind: OperationKind,
    /// The key.
    pub key: KeyId,
    /// The bin.
    pub bin: BinId,
    /// The box.
    pub r#box: BoxId,
    /// The visit it is part of.
    pub visit: Option<VisitId>,
    /// The version of the key it was ordered for.
    pub version: u64,
    /// It must begin before.
    pub until: Timestamp,
    /// When the key will be due.
    pub due: Option<Timestamp>,
    /// Who is told when the key has left.
    pub alerts: BTreeSet<String>,
    /// How far it is.
    pub state: OperationState,
    /// What the pickup was allowed with.
    pub allowed: Option<Allowed>,
}

/// With what a pickup was allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Allowed {
    /// Whether the place is closed.
    pub after_hours: bool,
    /// Kinds of proof.
    pub factors: BTreeSet<FactorKind>,
    /// How the person said who they are.
    pub method: Method,
    /// Who.
    pub who: Who,
    /// Why.
    pub reason: Option<Reason>,
    /// Who agreed.
    pub authorised_by: Vec<PersonId>,
}

/// The word of other people that is waited for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// For which visit.
    pub visit: VisitId,
    /// For which key.
    pub key: KeyId,
    /// How many other people.
    pub people: u8,
    /// Whether the supervisor must answer.
    pub supervisor: bool,
    /// Not after.
    pub until: Timestamp,
    /// Who agreed.
    pub given: BTreeSet<PersonId>,
    /// Whether the supervisor did.
    pub acknowledged: bool,
    /// Whether somebody said no, or nobody said anything in time.
    pub refused: bool,
}

/// A key on its way from one person to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swap {
    /// The key.
    pub key: KeyId,
    /// From whom.
    pub from: PersonId,
    /// To whom.
    pub to: PersonId,
    /// Who confirms it.
    pub actor: PersonId,
    /// The version of the key.
    pub version: u64,
    /// The code that was sent.
    pub challenge: Option<ChallengeId>,
    /// Where it stands.
    pub state: SwapState,
}

/// A message that has not gone out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// To whom.
    pub to: To,
    /// How.
    pub channel: Channel,
    /// What about.
    pub about: String,
    /// Failures so far.
    pub failures: u8,
}

impl Org {
    /// A setting of the organization that was changed.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }

    /// The box of a bin.
    #[must_use]
    pub fn bin_box(&self, bin: BinId) -> Option<BoxId> {
        self.bins.get(&bin).map(|bin| bin.r#box)
    }

    /// The person with an e-mail address. An account that is shut for good has none.
    #[must_use]
    pub fn by_email(&self, address: &str) -> Option<PersonId> {
        let own = |id: PersonId| {
            let private = self.vault.person(id);
            private
                .and_then(|private| private.contact.email.as_deref())
                .is_some_and(|own| own.eq_ignore_ascii_case(address))
        };
        let open = self.people.iter().filter(|(_, person)| person.state != AccountState::Deactivated);
        open.map(|(id, _)| *id).find(|id| own(*id))
    }

    /// Openings that have not ended.
    pub fn openings(&self) -> impl Iterator<Item = (OperationId, &Operation)> {
        self.open.iter().filter_map(|id| Some((*id, self.operations.get(id)?)))
    }

    /// How many keys somebody has.
    #[must_use]
    pub fn held_by(&self, who: Who) -> usize {
        self.keys.values().filter(|key| key.place == Where::Held(who)).count()
    }

    /// Whether a key is in one place and every bin says the same of it (D4); otherwise what is wrong.
    pub fn one_key_one_place(&self) -> Result<(), String> {
        let mut bins: BTreeMap<BinId, KeyId> = BTreeMap::new();
        for (id, key) in &self.keys {
            if let Where::Bin(bin) = key.place
                && let Some(other) = bins.insert(bin, *id)
            {
                return Err(format!("keys {other} and {id} are in one bin {bin}"));
            }
        }
        let says: BTreeMap<BinId, KeyId> = self.bins.iter().filter_map(|(id, bin)| Some((*id, bin.key?))).collect();
        match bins == says {
            true => Ok(()),
            false => Err(format!("bins hold {says:?}, keys are in {bins:?}")),
        }
    }
}
