//! keyward.after_hours version 1: made by `keyward types --as rust`, not to be edited.

/// What requests start with.
pub const SCHEMA: u32 = 0x90f238c8;
/// Bytes of a request in which everything is known.
pub const LENGTH: usize = 56;

/// mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum PersonMobile {
    /// verified.
    Verified = 0,
    /// verified less than 72 hours ago.
    ChangedLately = 1,
    /// missing.
    Missing = 2,
}

impl PersonMobile {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<PersonMobile> {
        match number {
            0 => Some(PersonMobile::Verified),
            1 => Some(PersonMobile::ChangedLately),
            2 => Some(PersonMobile::Missing),
            _ => None,
        }
    }
}

/// how the person identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Method {
    /// access code.
    AccessCode = 0,
    /// phone number.
    PhoneNumber = 1,
    /// QR code.
    QrCode = 2,
    /// badge.
    Badge = 3,
    /// booking code.
    BookingCode = 4,
    /// link.
    UrlLink = 5,
    /// app.
    App = 6,
}

impl Method {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Method> {
        match number {
            0 => Some(Method::AccessCode),
            1 => Some(Method::PhoneNumber),
            2 => Some(Method::QrCode),
            3 => Some(Method::Badge),
            4 => Some(Method::BookingCode),
            5 => Some(Method::UrlLink),
            6 => Some(Method::App),
            _ => None,
        }
    }
}

/// One of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum KeySensitivity {
    /// normal.
    Normal = 0,
    /// sensitive.
    Sensitive = 1,
    /// critical.
    Critical = 2,
}

impl KeySensitivity {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<KeySensitivity> {
        match number {
            0 => Some(KeySensitivity::Normal),
            1 => Some(KeySensitivity::Sensitive),
            2 => Some(KeySensitivity::Critical),
            _ => None,
        }
    }
}

/// the network at the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BoxLink {
    /// online.
    Online = 0,
    /// offline.
    Offline = 1,
}

impl BoxLink {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<BoxLink> {
        match number {
            0 => Some(BoxLink::Online),
            1 => Some(BoxLink::Offline),
            _ => None,
        }
    }
}

/// One of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SmsGateway {
    /// working.
    Working = 0,
    /// failed.
    Failed = 1,
}

impl SmsGateway {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<SmsGateway> {
        match number {
            0 => Some(SmsGateway::Working),
            1 => Some(SmsGateway::Failed),
            _ => None,
        }
    }
}

/// the second factor when a user takes a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrgUserPickup2fa {
    /// off.
    Off = 0,
    /// one-time code.
    Otp = 1,
    /// 4-digit PIN.
    Pin = 2,
}

impl OrgUserPickup2fa {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<OrgUserPickup2fa> {
        match number {
            0 => Some(OrgUserPickup2fa::Off),
            1 => Some(OrgUserPickup2fa::Otp),
            2 => Some(OrgUserPickup2fa::Pin),
            _ => None,
        }
    }
}

/// when that profile brings keys back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ProfileReturnRule {
    /// no_rule.
    NoRule = 0,
    /// within_an_hour.
    WithinAnHour = 1,
    /// within_half_a_day.
    WithinHalfADay = 2,
    /// within_a_day.
    WithinADay = 3,
}

impl ProfileReturnRule {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<ProfileReturnRule> {
        match number {
            0 => Some(ProfileReturnRule::NoRule),
            1 => Some(ProfileReturnRule::WithinAnHour),
            2 => Some(ProfileReturnRule::WithinHalfADay),
            3 => Some(ProfileReturnRule::WithinADay),
            _ => None,
        }
    }
}

/// how the supervisor can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SupervisorContact {
    /// mobile.
    Mobile = 0,
    /// email_only.
    EmailOnly = 1,
    /// missing.
    Missing = 2,
}

impl SupervisorContact {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<SupervisorContact> {
        match number {
            0 => Some(SupervisorContact::Mobile),
            1 => Some(SupervisorContact::EmailOnly),
            2 => Some(SupervisorContact::Missing),
            _ => None,
        }
    }
}

/// how the designated person can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DesignatedContact {
    /// mobile.
    Mobile = 0,
    /// email_only.
    EmailOnly = 1,
    /// missing.
    Missing = 2,
}

impl DesignatedContact {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<DesignatedContact> {
        match number {
            0 => Some(DesignatedContact::Mobile),
            1 => Some(DesignatedContact::EmailOnly),
            2 => Some(DesignatedContact::Missing),
            _ => None,
        }
    }
}

/// the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrgSupervisorStep {
    /// is told.
    Notify = 0,
    /// answers first.
    Acknowledge = 1,
}

impl OrgSupervisorStep {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<OrgSupervisorStep> {
        match number {
            0 => Some(OrgSupervisorStep::Notify),
            1 => Some(OrgSupervisorStep::Acknowledge),
            _ => None,
        }
    }
}

/// when the supervisor must answer and cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrgWithoutSupervisor {
    /// go on and review it.
    GoOn = 0,
    /// give nothing out.
    Stop = 1,
}

impl OrgWithoutSupervisor {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<OrgWithoutSupervisor> {
        match number {
            0 => Some(OrgWithoutSupervisor::GoOn),
            1 => Some(OrgWithoutSupervisor::Stop),
            _ => None,
        }
    }
}

/// a second person has to agree for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrgApproverFor {
    /// no_keys.
    NoKeys = 0,
    /// critical_keys.
    CriticalKeys = 1,
    /// sensitive and critical keys.
    SensitiveKeys = 2,
}

impl OrgApproverFor {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<OrgApproverFor> {
        match number {
            0 => Some(OrgApproverFor::NoKeys),
            1 => Some(OrgApproverFor::CriticalKeys),
            2 => Some(OrgApproverFor::SensitiveKeys),
            _ => None,
        }
    }
}

/// What is asked. Everything is known; `None` is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// person.id; numbers below 0 are names the policy knows; the same means the same.
    pub person_id: u32,
    /// the account is suspended.
    pub person_suspended: bool,
    /// has set a 4-digit PIN.
    pub person_has_pin: bool,
    /// mobile number.
    pub person_mobile: PersonMobile,
    /// has a verified e-mail address.
    pub person_email: bool,
    /// has an authenticator app.
    pub person_authenticator: bool,
    /// may break the glass in an emergency.
    pub break_glass_holders: bool,
    /// how the person identifies.
    pub method: Method,
    /// this app session passed the login code.
    pub app_passed_login_2fa: bool,
    /// how old the app session is; 0 to 43200 minutes.
    pub app_session_age: Option<u16>,
    /// key.sensitivity.
    pub key_sensitivity: KeySensitivity,
    /// the network at the box.
    pub box_link: BoxLink,
    /// sms.gateway.
    pub sms_gateway: SmsGateway,
    /// the second factor when a user takes a key.
    pub org_user_pickup_2fa: OrgUserPickup2fa,
    /// codes may go by e-mail when a text is impossible.
    pub org_allows_email_codes: bool,
    /// codes may go to a number verified less than 72 hours ago.
    pub org_accepts_new_numbers: bool,
    /// codes from authenticator apps are accepted.
    pub org_uses_authenticators: bool,
    /// a reason was given.
    pub reason_given: bool,
    /// the reason is danger to life or property.
    pub reason_emergency: bool,
    /// now; days since 1970-01-01, minute of the day.
    pub now: (i32, u16),
    /// opening_hours.
    pub opening_hours: bool,
    /// has a fingerprint on file.
    pub person_fingerprint: bool,
    /// has a working badge.
    pub person_badge: bool,
    /// a job profile of this person works while the place is closed.
    pub profile_after_hours_eligible: bool,
    /// how many kinds of proof that profile asks for; 1 to 3.
    pub profile_factor_kinds: u8,
    /// when that profile brings keys back.
    pub profile_return_rule: ProfileReturnRule,
    /// an approved booking covers this moment.
    pub booking_in_window: bool,
    /// how many other people must agree, by the key's own rule; 0 to 2.
    pub key_approvers: u8,
    /// the reason is a situation of the written procedure.
    pub reason_in_procedure: bool,
    /// how the supervisor can be reached.
    pub supervisor_contact: SupervisorContact,
    /// how the designated person can be reached.
    pub designated_contact: DesignatedContact,
    /// the supervisor.
    pub org_supervisor_step: OrgSupervisorStep,
    /// when the supervisor must answer and cannot be reached.
    pub org_without_supervisor: OrgWithoutSupervisor,
    /// a second person has to agree for.
    pub org_approver_for: OrgApproverFor,
    /// named on the after-hours list.
    pub after_hours_people: bool,
    /// barred by name.
    pub barred_people: bool,
}

impl Request {
    /// The packed request.
    #[must_use]
    pub fn pack(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..4].copy_from_slice(&SCHEMA.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.person_id.to_le_bytes());
        bytes[20] = u8::from(self.person_suspended);
        bytes[21] = u8::from(self.person_has_pin);
        bytes[22] = self.person_mobile as u8;
        bytes[23] = u8::from(self.person_email);
        bytes[24] = u8::from(self.person_authenticator);
        bytes[25] = u8::from(self.break_glass_holders);
        bytes[26] = self.method as u8;
        bytes[27] = u8::from(self.app_passed_login_2fa);
        bytes[16..18].copy_from_slice(&self.app_session_age.map_or(u16::MAX, |value| value).to_le_bytes());
        bytes[28] = self.key_sensitivity as u8;
        bytes[29] = self.box_link as u8;
        bytes[30] = self.sms_gateway as u8;
        bytes[31] = self.org_user_pickup_2fa as u8;
        bytes[32] = u8::from(self.org_allows_email_codes);
        bytes[33] = u8::from(self.org_accepts_new_numbers);
        bytes[34] = u8::from(self.org_uses_authenticators);
        bytes[35] = u8::from(self.reason_given);
        bytes[36] = u8::from(self.reason_emergency);
        let (day, minute) = self.now;
        bytes[12..16].copy_from_slice(&day.to_le_bytes());
        bytes[18..20].copy_from_slice(&minute.to_le_bytes());
        bytes[37] = u8::from(self.opening_hours);
        bytes[38] = u8::from(self.person_fingerprint);
        bytes[39] = u8::from(self.person_badge);
        bytes[40] = u8::from(self.profile_after_hours_eligible);
        bytes[41] = self.profile_factor_kinds;
        bytes[42] = self.profile_return_rule as u8;
        bytes[43] = u8::from(self.booking_in_window);
        bytes[44] = self.key_approvers;
        bytes[45] = u8::from(self.reason_in_procedure);
        bytes[46] = self.supervisor_contact as u8;
        bytes[47] = self.designated_contact as u8;
        bytes[48] = self.org_supervisor_step as u8;
        bytes[49] = self.org_without_supervisor as u8;
        bytes[50] = self.org_approver_for as u8;
        bytes[51] = u8::from(self.after_hours_people);
        bytes[52] = u8::from(self.barred_people);
        bytes
    }
}

/// One of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AfterHoursAccess {
    /// allowed.
    Allowed = 0,
    /// refused.
    Refused = 1,
}

impl AfterHoursAccess {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<AfterHoursAccess> {
        match number {
            0 => Some(AfterHoursAccess::Allowed),
            1 => Some(AfterHoursAccess::Refused),
            _ => None,
        }
    }
}

/// different kinds of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AfterHoursKinds {
    /// 1.
    N1 = 0,
    /// 2.
    N2 = 1,
    /// 3.
    N3 = 2,
}

impl AfterHoursKinds {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<AfterHoursKinds> {
        match number {
            0 => Some(AfterHoursKinds::N1),
            1 => Some(AfterHoursKinds::N2),
            2 => Some(AfterHoursKinds::N3),
            _ => None,
        }
    }
}

/// pin.
pub const AFTER_HOURS_PROOFS_PIN: u32 = 1 << 0;
/// one-time code.
pub const AFTER_HOURS_PROOFS_OTP: u32 = 1 << 1;
/// fingerprint.
pub const AFTER_HOURS_PROOFS_FINGERPRINT: u32 = 1 << 2;
/// pin_or_fingerprint.
pub const AFTER_HOURS_PROOFS_PIN_OR_FINGERPRINT: u32 = 1 << 3;
/// badge_or_otp.
pub const AFTER_HOURS_PROOFS_BADGE_OR_OTP: u32 = 1 << 4;
/// badge_otp_or_fingerprint.
pub const AFTER_HOURS_PROOFS_BADGE_OTP_OR_FINGERPRINT: u32 = 1 << 5;
/// the number on the screen of the box.
pub const AFTER_HOURS_PROOFS_PRESENCE_CODE: u32 = 1 << 6;
/// new_sign_in.
pub const AFTER_HOURS_PROOFS_NEW_SIGN_IN: u32 = 1 << 7;

/// other people who must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AfterHoursApprovers {
    /// 0.
    N0 = 0,
    /// 1.
    N1 = 1,
    /// 2.
    N2 = 2,
}

impl AfterHoursApprovers {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<AfterHoursApprovers> {
        match number {
            0 => Some(AfterHoursApprovers::N0),
            1 => Some(AfterHoursApprovers::N1),
            2 => Some(AfterHoursApprovers::N2),
            _ => None,
        }
    }
}

/// One of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AfterHoursRelease {
    /// at_once.
    AtOnce = 0,
    /// after_reason.
    AfterReason = 1,
}

impl AfterHoursRelease {
    /// The value of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<AfterHoursRelease> {
        match number {
            0 => Some(AfterHoursRelease::AtOnce),
            1 => Some(AfterHoursRelease::AfterReason),
            _ => None,
        }
    }
}

/// notify_supervisor.
pub const AFTER_HOURS_STEPS_NOTIFY_SUPERVISOR: u32 = 1 << 0;
/// acknowledge_supervisor.
pub const AFTER_HOURS_STEPS_ACKNOWLEDGE_SUPERVISOR: u32 = 1 << 1;
/// review_item.
pub const AFTER_HOURS_STEPS_REVIEW_ITEM: u32 = 1 << 2;

/// designated_sms.
pub const AFTER_HOURS_ALERTS_DESIGNATED_SMS: u32 = 1 << 0;
/// designated_email.
pub const AFTER_HOURS_ALERTS_DESIGNATED_EMAIL: u32 = 1 << 1;
/// manager.
pub const AFTER_HOURS_ALERTS_MANAGER: u32 = 1 << 2;
/// all_admins.
pub const AFTER_HOURS_ALERTS_ALL_ADMINS: u32 = 1 << 3;

/// unauthorised.
pub const AFTER_HOURS_REFUSALS_UNAUTHORISED: u32 = 1 << 0;
/// barred.
pub const AFTER_HOURS_REFUSALS_BARRED: u32 = 1 << 1;
/// suspended.
pub const AFTER_HOURS_REFUSALS_SUSPENDED: u32 = 1 << 2;
/// public_identifier.
pub const AFTER_HOURS_REFUSALS_PUBLIC_IDENTIFIER: u32 = 1 << 3;
/// no_second_kind.
pub const AFTER_HOURS_REFUSALS_NO_SECOND_KIND: u32 = 1 << 4;
/// unreachable.
pub const AFTER_HOURS_REFUSALS_UNREACHABLE: u32 = 1 << 5;
/// no_supervisor.
pub const AFTER_HOURS_REFUSALS_NO_SUPERVISOR: u32 = 1 << 6;

/// The number of `after_hours`.
pub const AFTER_HOURS: u32 = 0;

/// May this person take this key while the place is closed, and on what terms? `None` is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterHoursAnswers {
    /// access.
    pub access: AfterHoursAccess,
    /// different kinds of proof.
    pub kinds: Option<AfterHoursKinds>,
    /// proofs; members as bits.
    pub proofs: Option<u32>,
    /// other people who must agree.
    pub approvers: Option<AfterHoursApprovers>,
    /// release.
    pub release: Option<AfterHoursRelease>,
    /// return_within; minutes, `u32::MAX - 1` without a limit.
    pub return_within: Option<u32>,
    /// steps; members as bits.
    pub steps: Option<u32>,
    /// alerts; members as bits.
    pub alerts: u32,
    /// refusals; members as bits.
    pub refusals: u32,
}

impl AfterHoursAnswers {
    /// The words of an outcome, behind its status; nothing if they are not of this policy.
    #[must_use]
    pub fn read(words: &[u32]) -> Option<AfterHoursAnswers> {
        Some(AfterHoursAnswers {
            access: {
                let word = *words.first()?;
                AfterHoursAccess::from_number(word)?
            },
            kinds: {
                let word = *words.get(1)?;
                if word == u32::MAX { None } else { Some(AfterHoursKinds::from_number(word)?) }
            },
            proofs: {
                let word = *words.get(2)?;
                if *words.get(3)? == u32::MAX { None } else { Some(word) }
            },
            approvers: {
                let word = *words.get(4)?;
                if word == u32::MAX { None } else { Some(AfterHoursApprovers::from_number(word)?) }
            },
            release: {
                let word = *words.get(5)?;
                if word == u32::MAX { None } else { Some(AfterHoursRelease::from_number(word)?) }
            },
            return_within: {
                let word = *words.get(6)?;
                if word == u32::MAX { None } else { Some(word) }
            },
            steps: {
                let word = *words.get(7)?;
                if *words.get(8)? == u32::MAX { None } else { Some(word) }
            },
            alerts: *words.get(9)?,
            refusals: *words.get(11)?,
        })
    }
}
