//! Names of things. In: time and chance, or text. Out: a ULID that knows what it names, so that a key is never taken for a person.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use ulid::Ulid;

/// Text that is no ULID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an id is 26 characters of Crockford's base 32 (a ULID)")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$what:meta])* $name:ident;)*) => {$(
        $(#[$what])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Ulid);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Ulid::from_string(text).map($name).map_err(|_| NotAnId)
            }
        }

        impl From<Ulid> for $name {
            fn from(id: Ulid) -> Self {
                $name(id)
            }
        }
    )*};
}

ids! {
    /// An organization.
    OrgId;
    /// A person with an account.
    PersonId;
    /// A job profile.
    ProfileId;
    /// Something a person or a booking is recognized by.
    CredentialId;
    /// A key.
    KeyId;
    /// A group of keys.
    GroupId;
    /// A place with opening hours.
    LocationId;
    /// A box of keys.
    BoxId;
    /// A compartment of a box.
    BinId;
    /// A permission.
    PermissionId;
    /// A booking or reservation.
    BookingId;
    /// One person in front of one box, from identification until they leave.
    VisitId;
    /// One opening of one bin.
    OperationId;
    /// Something that was asked for and not answered yet.
    ChallengeId;
    /// A key on its way from one person to another.
    SwapId;
    /// Somebody signed in.
    SessionId;
    /// A written procedure.
    ProcedureId;
    /// A review of rights.
    ReviewId;
    /// A rule about who is told what.
    RuleId;
    /// An address of another system.
    HookId;
    /// A policy that somebody wrote.
    DraftId;
    /// A message to somebody.
    NoticeId;
    /// A request for the word of another person.
    ApprovalId;
}
