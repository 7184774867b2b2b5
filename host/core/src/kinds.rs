//! The closed lists of the key system: methods, proofs, roles, states. In: nothing. Out: names that stand in events and policies
//! alike. Refuses to know what follows from them.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! names {
    ($($(#[$what:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$what])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$of])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// The one of a word.
            #[must_use]
            pub fn of(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.word() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.word())
            }
        }
    )*};
}

names! {
    /// How somebody says who they are at a pickup.
    Method {
        /// An eight-digit code of a person.
        AccessCode = "access_code",
        /// A mobile number: public, it proves nothing.
        PhoneNumber = "phone_number",
        /// A QR code.
        QrCode = "qr_code",
        /// A badge.
        Badge = "badge",
        /// The code of a booking.
        BookingCode = "booking_code",
        /// The link of a booking.
        UrlLink = "url_link",
        /// A signed-in session.
        App = "app",
    }
    /// Something that was shown beside the method.
    Proof {
        /// The PIN.
        Pin = "pin",
        /// A one-time code by text or e-mail.
        Code = "code",
        /// The six digits of an authenticator app.
        Authenticator = "authenticator",
        /// A fingerprint, matched and signed by the box.
        Fingerprint = "fingerprint",
        /// A badge.
        Badge = "badge",
        /// The number on the screen of the box.
        PresenceCode = "presence_code",
        /// A new sign-in in the app.
        NewSignIn = "new_sign_in",
    }
    /// Kinds of proof; two of a kind count once (X13).
    FactorKind {
        /// Something one knows.
        Knowledge = "knowledge",
        /// Something one has.
        Possession = "possession",
        /// Something one is.
        Inherence = "inherence",
    }
    /// What somebody may do in the organization.
    Role {
        /// Owner: exactly one.
        Owner = "owner",
        /// Organization admin.
        OrgAdmin = "org_admin",
        /// Admin of one key or group.
        CoAdmin = "co_admin",
        /// Admin of one location.
        LocationManager = "location_manager",
        /// Sees and approves.
        Manager = "manager",
        /// Reads the log.
        Auditor = "auditor",
        /// Takes keys.
        User = "user",
    }
    /// How far an account is.
    AccountState {
        /// Made, and not used yet.
        Invited = "invited",
        /// In use.
        Active = "active",
        /// Shut for now.
        Suspended = "suspended",
        /// Shut for good.
        Deactivated = "deactivated",
    }
    /// Why the next sign-in asks for a code in any case (R40).
    Due {
        /// No reason.
        Nothing = "nothing_due",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// The password was reset by a link.
        PasswordReset = "password_reset",
        /// Two administrators recovered the account.
        Recovered = "recovered",
    }
    /// How a message goes out.
    Channel {
        /// A text.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// A signed request to another system.
        Webhook = "webhook",
    }
    /// What somebody wants to do with a key.
    Action {
        /// Take it from a box.
        Pickup = "pickup",
        /// Bring it back.
        DropOff = "drop_off",
        /// Take it over from a colleague.
        Swap = "swap",
        /// Open its bin from afar.
        RemoteRelease = "remote_release",
        /// Reserve it.
        Reserve = "reserve",
        /// See it.
        View = "view",
    }
    /// How much harm a lost key does.
    Sensitivity {
        /// Little.
        Normal = "normal",
        /// Some.
        Sensitive = "sensitive",
        /// Much.
        Critical = "critical",
    }
    /// Whether a key is in use.
    KeyStatus {
        /// It is.
        Active = "active",
        /// Not now.
        Maintenance = "maintenance",
        /// No more.
        Retired = "retired",
        /// Nobody knows where it is.
        Lost = "lost",
    }
    /// What a bin is for.
    BinState {
        /// Gives keys out and takes them back.
        Enabled = "enabled",
        /// Kept shut by an administrator.
        Disabled = "disabled",
        /// What is in it is not what the record says.
        Check = "check",
    }
    /// How far a policy of one's own is.
    DraftState {
        /// Written.
        Open = "open",
        /// In force.
        Live = "live",
        /// Was in force.
        Retired = "retired",
        /// Given up.
        Withdrawn = "withdrawn",
    }
    /// How a booking stands.
    BookingState {
        /// Waits for an approval.
        Pending = "pending",
        /// May be used in its time.
        Approved = "approved",
        /// Turned down.
        Rejected = "rejected",
        /// Taken back.
        Cancelled = "cancelled",
        /// The key is out by it.
        Active = "active",
        /// The key is back.
        Closed = "closed",
        /// Its time went by unused.
        Expired = "expired",
    }
    /// What a booking is good for.
    BookingKind {
        /// One pickup.
        OneTime = "one_time",
        /// Any number of pickups in its time.
        Ongoing = "ongoing",
    }
    /// When a profile brings keys back that it took after hours.
    ReturnRule {
        /// No rule.
        NoRule = "no_rule",
        /// An hour.
        WithinAnHour = "within_an_hour",
        /// Twelve hours.
        WithinHalfADay = "within_half_a_day",
        /// A day.
        WithinADay = "within_a_day",
    }
    /// The defaults an organization starts with.
    Preset {
        /// As the documents say.
        Seed = "seed",
        /// Today's standards.
        Strict = "strict",
    }
    /// How far an opening of a bin is.
    OperationState {
        /// Ordered; the box has not begun.
        Ordered = "ordered",
        /// The box has begun.
        Begun = "begun",
        /// Done.
        Done = "done",
        /// Nothing happened.
        Aborted = "aborted",
        /// Begun, and not heard of in time.
        Unheard = "unheard",
    }
    /// What an opening of a bin is for.
    OperationKind {
        /// Taking a key.
        Pickup = "pickup",
        /// Bringing one back.
        DropOff = "drop_off",
    }
    /// Where a swap stands.
    SwapState {
        /// Waits for the code.
        CodeSent = "code_sent",
        /// The key has a new keyholder.
        Completed = "completed",
        /// Ended without.
        Cancelled = "cancelled",
    }
}

impl Method {
    /// The kind of proof it is by itself; a phone number is none (X10).
    #[must_use]
    pub fn kind(self) -> Option<FactorKind> {
        match self {
            Method::AccessCode | Method::BookingCode => Some(FactorKind::Knowledge),
            Method::PhoneNumber => None,
            Method::QrCode | Method::Badge | Method::UrlLink | Method::App => Some(FactorKind::Possession),
        }
    }
}

impl Proof {
    /// Its kind; the number on a screen and a new sign-in are none of their own.
    #[must_use]
    pub fn kind(self) -> Option<FactorKind> {
        match self {
            Proof::Pin => Some(FactorKind::Knowledge),
            Proof::Code | Proof::Authenticator | Proof::Badge => Some(FactorKind::Possession),
            Proof::Fingerprint => Some(FactorKind::Inherence),
            Proof::PresenceCode | Proof::NewSignIn => None,
        }
    }
}
