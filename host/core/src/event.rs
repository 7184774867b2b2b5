//! What happened, in the words of the log. In: facts of one moment. Out: one line of JSON for each, which is the leaf of the tree.
//! Refuses to hold what is private: no name, no number, no code, no token; see `vault`.

use crate::alert::{About, AlertRule};
pub use crate::card::{KeyCard, Object, Permission, Place, Profile, Reason, ReasonCode, Subject};
use crate::hours::{Holiday, Window};
use crate::id::{
    ApprovalId, BinId, BookingId, BoxId, ChallengeId, CredentialId, DraftId, GroupId, HookId, KeyId, LocationId,
    NoticeId, OperationId, PermissionId, PersonId, ProcedureId, ProfileId, ReviewId, RuleId, SessionId, SwapId,
    VisitId,
};
use crate::kinds::{
    BinState, BookingKind, Channel, Due, FactorKind, KeyStatus, Method, OperationKind, Preset, Proof, Role,
};
use crate::procedure::{Consequence, Procedure, Violation};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ulid::Ulid;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the log of the organization, from 0, without a gap.
    pub seq: u64,
    /// Its name.
    pub id: Ulid,
    /// When it happened and was recorded, by the clock of the host.
    pub at: Timestamp,
    /// When it happened by the clock of the box, where one reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub box_time: Option<Timestamp>,
    /// Who did it.
    pub actor: Actor,
    /// The request it was part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Ulid>,
    /// What the policies were asked and said, where they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Asked>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The host itself, by the clock.
    System,
    /// Whoever set the host up.
    Installer,
    /// Somebody signed in.
    Person(PersonId),
    /// The guest of a booking.
    Guest(BookingId),
    /// A box.
    Box(BoxId),
    /// Nobody known.
    Unknown,
}

/// One question to a policy and its answer: enough to ask it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The policy.
    pub policy: String,
    /// The decision.
    pub decision: String,
    /// The digest of the module that decided.
    pub digest: String,
    /// How it came about; anything but `ok` is the answer for doubt.
    pub status: String,
    /// What it said, blank answers left out.
    pub answers: BTreeMap<String, serde_json::Value>,
    /// The rules that decided.
    pub rules: Vec<String>,
    /// The packed request, in hexadecimal.
    pub facts: String,
    /// Who and what was meant where the packed request has a number only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ids: BTreeMap<String, String>,
    /// The place whose hours counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
}

/// Who stands in front of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A person.
    Person(PersonId),
    /// The guest of a booking.
    Guest(BookingId),
}

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// A person.
    Person(PersonId),
    /// The guest of a booking.
    Guest(BookingId),
    /// Another system.
    Hook(HookId),
}

impl From<Who> for To {
    fn from(who: Who) -> To {
        match who {
            Who::Person(id) => To::Person(id),
            Who::Guest(id) => To::Guest(id),
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
#[expect(missing_docs, reason = "an event is its name and its fields")]
pub enum Event {
    #[serde(rename = "org.created")]
    OrgCreated { name: String, slug: String, tz: String, preset: Preset },
    #[serde(rename = "notice.acknowledged")]
    NoticeAcknowledged { person: PersonId, version: u32 },
    #[serde(rename = "security_setting.changed")]
    SettingChanged {
        name: String,
        before: String,
        after: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    #[serde(rename = "policy.published")]
    PolicyPublished {
        policy: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<LocationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<DraftId>,
        digest: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        accepts: String,
    },
    #[serde(rename = "policy.drafted")]
    PolicyDrafted {
        draft: DraftId,
        policy: String,
        name: String,
        version: u64,
        text: String,
        why: String,
        by: PersonId,
    },
    #[serde(rename = "policy.withdrawn")]
    PolicyWithdrawn { draft: DraftId },
    #[serde(rename = "policy.approved")]
    PolicyApproved { draft: DraftId, by: PersonId },
    #[serde(rename = "policy.rolled_back")]
    PolicyRolledBack { policy: String, digest: String, why: String },
    #[serde(rename = "reason_code.changed")]
    ReasonCodeChanged { code: String, reason: ReasonCode },

    #[serde(rename = "user.created")]
    UserCreated {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manager: Option<PersonId>,
    },
    #[serde(rename = "user.changed")]
    UserChanged {
        person: PersonId,
        profiles: BTreeSet<ProfileId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manager: Option<PersonId>,
        after_hours: bool,
        barred: bool,
        break_glass: bool,
    },
    #[serde(rename = "user.suspended")]
    UserSuspended { person: PersonId },
    #[serde(rename = "user.reactivated")]
    UserReactivated { person: PersonId },
    #[serde(rename = "user.deactivated")]
    UserDeactivated { person: PersonId },
    #[serde(rename = "contact.changed")]
    ContactChanged { person: PersonId, channel: Channel },
    #[serde(rename = "contact.verified")]
    ContactVerified { person: PersonId, channel: Channel },
    #[serde(rename = "role.granted")]
    RoleGranted { person: PersonId, role: Role },
    #[serde(rename = "profile.changed")]
    ProfileChanged { profile: ProfileId, card: Profile },
    #[serde(rename = "pin.set")]
    PinSet { person: PersonId },
    #[serde(rename = "pin.cleared")]
    PinCleared { person: PersonId },
    #[serde(rename = "pin.failed")]
    PinFailed { person: PersonId },
    #[serde(rename = "pin.locked")]
    PinLocked {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    #[serde(rename = "authenticator.enrolled")]
    AuthenticatorEnrolled { person: PersonId },
    #[serde(rename = "authenticator.used")]
    AuthenticatorUsed { person: PersonId, period: u64 },
    #[serde(rename = "fingerprint.enrolled")]
    FingerprintEnrolled { person: PersonId, at: BoxId },

    #[serde(rename = "fingerprint.forgotten")]
    FingerprintForgotten { person: PersonId },
    #[serde(rename = "authenticator.forgotten")]
    AuthenticatorForgotten { person: PersonId },
    #[serde(rename = "recovery_codes.made")]
    RecoveryCodesMade { person: PersonId, count: u8 },
    #[serde(rename = "recovery_code.used")]
    RecoveryCodeUsed { person: PersonId },
    #[serde(rename = "recovery.started")]
    RecoveryStarted { person: PersonId, by: PersonId, why: String },
    #[serde(rename = "recovery.agreed")]
    RecoveryAgreed { person: PersonId, by: PersonId },
    #[serde(rename = "recovery.completed")]
    RecoveryCompleted { person: PersonId },

    #[serde(rename = "credential.issued")]
    CredentialIssued {
        credential: CredentialId,
        who: Who,
        method: Method,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        once: bool,
    },
    #[serde(rename = "credential.revoked")]
    CredentialRevoked { credential: CredentialId, lost: bool },
    #[serde(rename = "permission.granted")]
    PermissionGranted { permission: PermissionId, card: Permission },
    #[serde(rename = "permission.revoked")]
    PermissionRevoked { permission: PermissionId },

    #[serde(rename = "key_group.created")]
    GroupCreated { group: GroupId, name: String },
    #[serde(rename = "key.created")]
    KeyCreated { key: KeyId, card: KeyCard },
    #[serde(rename = "key.changed")]
    KeyChanged { key: KeyId, card: KeyCard },
    #[serde(rename = "key.status_changed")]
    KeyStatusChanged { key: KeyId, status: KeyStatus },
    #[serde(rename = "label.warning")]
    LabelWarning { key: KeyId, why: String },
    #[serde(rename = "location.changed")]
    LocationChanged { location: LocationId, place: Place },
    #[serde(rename = "calendar.changed")]
    CalendarChanged { location: LocationId, weekly: Vec<Window>, holidays: Vec<Holiday> },
    #[serde(rename = "box.added")]
    BoxAdded { r#box: BoxId, location: LocationId, name: String, bins: Vec<(BinId, String)> },
    #[serde(rename = "box.enrolled")]
    BoxEnrolled { r#box: BoxId, public_key: String },
    #[serde(rename = "box.online")]
    BoxOnline { r#box: BoxId },
    #[serde(rename = "box.offline")]
    BoxOffline { r#box: BoxId },
    #[serde(rename = "box.clock.skew")]
    BoxClockSkew { r#box: BoxId, seconds: i64 },
    #[serde(rename = "bin.state_changed")]
    BinStateChanged { bin: BinId, state: BinState },

    #[serde(rename = "booking.created")]
    BookingCreated {
        booking: BookingId,
        key: KeyId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        kind: BookingKind,
        from: Timestamp,
        until: Timestamp,
        by: PersonId,
        approved: bool,
    },
    #[serde(rename = "booking.approved")]
    BookingApproved { booking: BookingId, by: PersonId },
    #[serde(rename = "booking.rejected")]
    BookingRejected { booking: BookingId, by: PersonId },
    #[serde(rename = "booking.cancelled")]
    BookingCancelled { booking: BookingId },
    #[serde(rename = "booking.expired")]
    BookingExpired { booking: BookingId },

    #[serde(rename = "login.challenged")]
    LoginChallenged { person: PersonId, challenge: ChallengeId },
    #[serde(rename = "login.succeeded")]
    LoginSucceeded {
        person: PersonId,
        session: SessionId,
        with_code: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    #[serde(rename = "login.failed")]
    LoginFailed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        why: String,
    },
    #[serde(rename = "session.revoked")]
    SessionRevoked { session: SessionId },
    #[serde(rename = "step_up.forced")]
    StepUpForced { person: PersonId, due: Due },
    #[serde(rename = "password.changed")]
    PasswordChanged { person: PersonId },
    #[serde(rename = "password.reset_requested")]
    ResetRequested { challenge: ChallengeId, person: PersonId },
    #[serde(rename = "password.reset_completed")]
    ResetCompleted { person: PersonId },
    #[serde(rename = "lockout.started")]
    LockoutStarted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        r#box: Option<BoxId>,
        until: Timestamp,
    },

    #[serde(rename = "identify.succeeded")]
    Identified {
        visit: VisitId,
        r#box: BoxId,
        method: Method,
        who: Who,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<CredentialId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
    },
    #[serde(rename = "identify.failed")]
    IdentifyFailed {
        r#box: BoxId,
        method: Method,
        why: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
    },
    #[serde(rename = "identify.retried")]
    DecoyTried { visit: VisitId },
    #[serde(rename = "challenge.created")]
    ChallengeCreated {
        challenge: ChallengeId,
        purpose: String,
        person: Option<PersonId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
        channel: Option<Channel>,
        until: Timestamp,
    },
    #[serde(rename = "challenge.resent")]
    ChallengeResent { challenge: ChallengeId, channel: Channel, until: Timestamp },
    #[serde(rename = "challenge.passed")]
    ChallengePassed { challenge: ChallengeId },
    #[serde(rename = "challenge.failed")]
    ChallengeFailed { challenge: ChallengeId, left: u8 },
    #[serde(rename = "challenge.expired")]
    ChallengeExpired { challenge: ChallengeId },
    #[serde(rename = "factor.shown")]
    FactorShown { visit: VisitId, proof: Proof },
    #[serde(rename = "factor.refused")]
    FactorRefused { visit: VisitId, proof: Proof },

    #[serde(rename = "pickup.requested")]
    PickupRequested { visit: VisitId, key: KeyId },
    #[serde(rename = "pickup.reason_given")]
    ReasonGiven { visit: VisitId, reason: Reason },
    #[serde(rename = "pickup.allowed")]
    PickupAllowed {
        visit: VisitId,
        key: KeyId,
        operation: OperationId,
        after_hours: bool,
        exempt: bool,
        flags: Vec<String>,
        factors: BTreeSet<FactorKind>,
        shown: BTreeSet<Proof>,
    },
    #[serde(rename = "pickup.denied")]
    PickupDenied { visit: VisitId, key: KeyId, refusals: Vec<String> },
    #[serde(rename = "pickup.conflict")]
    PickupConflict { visit: VisitId, key: KeyId },
    #[serde(rename = "operation.ordered")]
    OperationOrdered {
        operation: OperationId,
        kind: OperationKind,
        key: KeyId,
        bin: BinId,
        r#box: BoxId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
        version: u64,
        until: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
        alerts: BTreeSet<String>,
    },
    #[serde(rename = "bin.released")]
    BinReleased { operation: OperationId },
    #[serde(rename = "pickup.aborted")]
    OperationAborted { operation: OperationId, why: String },
    #[serde(rename = "pickup.timeout")]
    OperationUnheard { operation: OperationId },
    #[serde(rename = "operation.recovered")]
    OperationRecovered { operation: OperationId },
    #[serde(rename = "decision.revalidated")]
    Revalidated { operation: OperationId, differs: bool },
    #[serde(rename = "approval.requested")]
    ApprovalRequested {
        approval: ApprovalId,
        visit: VisitId,
        key: KeyId,
        people: u8,
        supervisor: bool,
        until: Timestamp,
    },
    #[serde(rename = "approval.given")]
    ApprovalGiven { approval: ApprovalId, by: PersonId, supervisor: bool },
    #[serde(rename = "approval.denied")]
    ApprovalDenied { approval: ApprovalId, by: PersonId, why: String },
    #[serde(rename = "approval.timeout")]
    ApprovalTimeout { approval: ApprovalId },

    #[serde(rename = "custody.placed")]
    Placed { key: KeyId, bin: BinId, version: u64 },
    #[serde(rename = "custody.taken")]
    Taken {
        key: KeyId,
        who: Who,
        bin: BinId,
        operation: OperationId,
        version: u64,
        verified: bool,
        after_hours: bool,
        method: Method,
        factors: BTreeSet<FactorKind>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
        authorised_by: Vec<PersonId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    #[serde(rename = "custody.returned")]
    Returned { key: KeyId, bin: BinId, version: u64, by: Option<Who>, holder: Option<Who> },
    #[serde(rename = "custody.returned_by_other")]
    ReturnedByOther { key: KeyId, by: Who, holder: Option<Who> },
    #[serde(rename = "custody.unknown_returner")]
    UnknownReturner { key: KeyId, holder: Option<Who> },
    #[serde(rename = "custody.corrected")]
    Corrected { key: KeyId, version: u64, place: crate::org::Where, why: String },
    #[serde(rename = "inventory.discrepancy")]
    Discrepancy { key: KeyId, bin: BinId },
    #[serde(rename = "fob.unknown")]
    FobUnknown { r#box: BoxId },
    #[serde(rename = "fob.wrong")]
    FobWrong { operation: OperationId, found: Option<KeyId> },
    #[serde(rename = "key.due")]
    Due { key: KeyId, who: Who, due: Timestamp },
    #[serde(rename = "key.overdue")]
    Overdue { key: KeyId, who: Who, due: Timestamp },
    #[serde(rename = "key.overdue_cleared")]
    OverdueCleared { key: KeyId },

    #[serde(rename = "swap.requested")]
    SwapRequested { swap: SwapId, key: KeyId, from: PersonId, to: PersonId, actor: PersonId, version: u64 },
    #[serde(rename = "swap.code_sent")]
    SwapCodeSent { swap: SwapId, challenge: ChallengeId, channel: Channel },
    #[serde(rename = "swap.code_failed")]
    SwapCodeFailed { swap: SwapId },
    #[serde(rename = "swap.exempted")]
    SwapExempted { swap: SwapId, role: Role },
    #[serde(rename = "swap.forced_by_admin")]
    SwapForced { swap: SwapId },
    #[serde(rename = "swap.completed")]
    SwapCompleted { swap: SwapId, key: KeyId, from: PersonId, to: PersonId, version: u64, handshake: bool },
    #[serde(rename = "swap.cancelled")]
    SwapCancelled { swap: SwapId, why: String },
    #[serde(rename = "swap.denied")]
    SwapDenied { key: KeyId, to: PersonId, refusals: Vec<String> },

    #[serde(rename = "procedure.published")]
    ProcedurePublished { procedure: ProcedureId, version: u32, card: Procedure, by: PersonId },
    #[serde(rename = "procedure.retired")]
    ProcedureRetired { procedure: ProcedureId, by: PersonId },
    #[serde(rename = "procedure.reviewed")]
    ProcedureReviewed { procedure: ProcedureId, by: PersonId, note: String, review_due: Timestamp },
    #[serde(rename = "procedure.review_due")]
    ProcedureReviewDue { procedure: ProcedureId },
    #[serde(rename = "violation.recorded")]
    ViolationRecorded { person: PersonId, violation: Violation, entry: u64 },
    #[serde(rename = "consequence.applied")]
    ConsequenceApplied {
        person: PersonId,
        violation: Violation,
        times: u32,
        action: Consequence,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    #[serde(rename = "consequence.lifted")]
    ConsequenceLifted { person: PersonId, by: PersonId },
    #[serde(rename = "review.started")]
    ReviewStarted { review: ReviewId, reviewer: PersonId, due: Timestamp, lines: BTreeSet<PermissionId> },
    #[serde(rename = "review.decided")]
    ReviewDecided { review: ReviewId, permission: PermissionId, keeps: bool, note: String, by: PersonId },
    #[serde(rename = "review.closed")]
    ReviewClosed { review: ReviewId, kept: u32, revoked: u32 },
    #[serde(rename = "review.overdue")]
    ReviewOverdue { review: ReviewId },
    #[serde(rename = "inventory.counted")]
    InventoryCounted { r#box: BoxId, by: PersonId, right: u32, differences: u32 },
    #[serde(rename = "export.made")]
    ExportMade { what: String, by: PersonId },
    #[serde(rename = "supervisor.notified")]
    SupervisorNotified { person: PersonId, key: KeyId },
    #[serde(rename = "review.opened")]
    ReviewOpened { key: KeyId, why: String },
    #[serde(rename = "notify.queued")]
    NoticeQueued { notice: NoticeId, to: To, channel: Channel, about: String },
    #[serde(rename = "alert_rule.changed")]
    AlertRuleChanged { rule: RuleId, card: AlertRule },
    #[serde(rename = "alert_rule.removed")]
    AlertRuleRemoved { rule: RuleId },
    #[serde(rename = "alert.planned")]
    AlertPlanned { rule: RuleId, about: About, at: Timestamp, repeats: u8 },
    #[serde(rename = "alert.fired")]
    AlertFired { rule: RuleId, about: About, told: u8 },
    #[serde(rename = "alert.dropped")]
    AlertDropped { rule: RuleId, about: About, why: String },
    #[serde(rename = "webhook.changed")]
    HookChanged { hook: HookId, name: String, host: String },
    #[serde(rename = "webhook.removed")]
    HookRemoved { hook: HookId },
    #[serde(rename = "notify.sent")]
    NoticeSent { notice: NoticeId },
    #[serde(rename = "notify.failed")]
    NoticeFailed { notice: NoticeId, why: String, last: bool },
}
