//! `keyward.after_hours` by hand. In: a struct of facts. Out: a struct of answers. Refuses to be clever: ifs, as people write them.

use super::{ByHand, Said, members, names, value};
use crate::Failure;
use crate::requests::Facts;

names!(Method {
    AccessCode = "access_code",
    PhoneNumber = "phone_number",
    QrCode = "qr_code",
    Badge = "badge",
    BookingCode = "booking_code",
    UrlLink = "url_link",
    App = "app",
});
names!(ReturnRule {
    NoRule = "no_rule",
    Hour = "within_an_hour",
    HalfDay = "within_half_a_day",
    Day = "within_a_day"
});
names!(Contact { Mobile = "mobile", EmailOnly = "email_only", Missing = "missing" });
names!(Number { Verified = "verified", ChangedLately = "changed_lately", Missing = "missing" });
names!(Step { Notify = "notify", Acknowledge = "acknowledge" });
names!(Without { GoOn = "go_on", Stop = "stop" });
names!(ApproverFor { NoKeys = "no_keys", Critical = "critical_keys", Sensitive = "sensitive_keys" });
names!(Sensitivity { Normal = "normal", Sensitive = "sensitive", Critical = "critical" });
names!(Link { Online = "online", Offline = "offline" });
names!(Gateway { Working = "working", Failed = "failed" });
names!(Factor { Off = "off", Otp = "otp", Pin = "pin" });

const PIN: u32 = 1;
const OTP: u32 = 1 << 1;
const FINGERPRINT: u32 = 1 << 2;
const PIN_OR_FINGERPRINT: u32 = 1 << 3;
const BADGE_OR_OTP: u32 = 1 << 4;
const BADGE_OTP_OR_FINGERPRINT: u32 = 1 << 5;
const PRESENCE_CODE: u32 = 1 << 6;
const NEW_SIGN_IN: u32 = 1 << 7;

const NOTIFY_SUPERVISOR: u32 = 1;
const ACKNOWLEDGE_SUPERVISOR: u32 = 1 << 1;
const REVIEW_ITEM: u32 = 1 << 2;

const DESIGNATED_SMS: u32 = 1;
const DESIGNATED_EMAIL: u32 = 1 << 1;
const MANAGER: u32 = 1 << 2;
const ALL_ADMINS: u32 = 1 << 3;

const UNAUTHORISED: u32 = 1;
const BARRED: u32 = 1 << 1;
const SUSPENDED: u32 = 1 << 2;
const PUBLIC_IDENTIFIER: u32 = 1 << 3;
const NO_SECOND_KIND: u32 = 1 << 4;
const UNREACHABLE: u32 = 1 << 5;
const NO_SUPERVISOR: u32 = 1 << 6;

/// What is asked.
pub(super) struct Request {
    open: bool,
    named: bool,
    barred: bool,
    break_glass_holder: bool,
    suspended: bool,
    has_pin: bool,
    fingerprint: bool,
    badge: bool,
    mobile: Number,
    email: bool,
    authenticator: bool,
    eligible: bool,
    factor_kinds: u32,
    return_rule: ReturnRule,
    in_window: bool,
    sensitivity: Sensitivity,
    key_approvers: u32,
    reason_given: bool,
    in_procedure: bool,
    emergency: bool,
    supervisor: Contact,
    designated: Contact,
    method: Method,
    passed_login_2fa: bool,
    session_age: Option<u32>,
    link: Link,
    gateway: Gateway,
    supervisor_step: Step,
    without_supervisor: Without,
    approver_for: ApproverFor,
    user_pickup_2fa: Factor,
    allows_email_codes: bool,
    accepts_new_numbers: bool,
    uses_authenticators: bool,
}

/// What is answered; `None` is blank.
pub(super) struct Answers {
    refused: bool,
    kinds: Option<u32>,
    proofs: Option<u32>,
    approvers: Option<u32>,
    after_reason: Option<bool>,
    return_within: Option<Option<u32>>,
    steps: Option<u32>,
    alerts: u32,
    refusals: u32,
}

impl Request {
    fn reachable(&self) -> bool {
        let usable = match self.mobile {
            Number::Verified => true,
            Number::ChangedLately => self.accepts_new_numbers,
            Number::Missing => false,
        };
        let online = self.link == Link::Online;
        usable && self.gateway == Gateway::Working && online
            || self.authenticator && self.uses_authenticators
            || self.email && self.allows_email_codes && online
    }

    fn session_old(&self) -> bool {
        self.method == Method::App && (!self.passed_login_2fa || self.session_age.is_some_and(|age| age > 12 * 60))
    }

    /// What stands in the way, apart from permission.
    fn refusals(&self, breaking_glass: bool, needs_three: bool) -> u32 {
        let mut refusals = 0;
        let pin_or_fingerprint = self.has_pin || self.fingerprint;
        if self.barred {
            refusals |= BARRED;
        }
        match self.method {
            Method::Badge | Method::App | Method::UrlLink if !pin_or_fingerprint => refusals |= NO_SECOND_KIND,
            Method::QrCode if !self.has_pin => refusals |= NO_SECOND_KIND,
            Method::PhoneNumber | Method::AccessCode => {
                if self.method == Method::PhoneNumber {
                    if self.user_pickup_2fa == Factor::Off {
                        refusals |= PUBLIC_IDENTIFIER;
                    }
                    if !self.has_pin {
                        refusals |= NO_SECOND_KIND;
                    }
                }
                if !self.badge && !self.fingerprint && !self.reachable() {
                    refusals |= NO_SECOND_KIND | UNREACHABLE;
                }
            }
            Method::BookingCode if !self.reachable() => refusals |= UNREACHABLE,
            _ => {}
        }
        let held = matches!(self.method, Method::Badge | Method::QrCode | Method::UrlLink | Method::App);
        if needs_three && (!pin_or_fingerprint || !self.has_pin || !self.fingerprint || !held && !self.holds()) {
            refusals |= NO_SECOND_KIND;
        }
        if self.supervisor_step == Step::Acknowledge
            && self.without_supervisor == Without::Stop
            && self.supervisor == Contact::Missing
            && !breaking_glass
        {
            refusals |= NO_SUPERVISOR;
        }
        refusals
    }

    fn holds(&self) -> bool {
        self.badge || self.reachable()
    }

    fn proofs(&self, needs_three: bool) -> u32 {
        let mut proofs = match self.method {
            Method::Badge | Method::App => PIN_OR_FINGERPRINT,
            Method::QrCode => PIN,
            Method::AccessCode => BADGE_OTP_OR_FINGERPRINT,
            Method::PhoneNumber => PIN | BADGE_OTP_OR_FINGERPRINT,
            Method::BookingCode => OTP,
            Method::UrlLink => PRESENCE_CODE | PIN_OR_FINGERPRINT,
        };
        if self.session_old() {
            proofs |= NEW_SIGN_IN;
        }
        if needs_three {
            proofs |= PIN | FINGERPRINT;
            if !matches!(self.method, Method::Badge | Method::QrCode | Method::UrlLink | Method::App) {
                proofs |= BADGE_OR_OTP;
            }
        }
        proofs
    }

    fn approvers(&self, breaking_glass: bool) -> u32 {
        if breaking_glass {
            return 0;
        }
        let by_setting = match self.sensitivity {
            Sensitivity::Critical => self.approver_for != ApproverFor::NoKeys,
            Sensitivity::Sensitive => self.approver_for == ApproverFor::Sensitive,
            Sensitivity::Normal => false,
        };
        self.key_approvers.max(u32::from(by_setting))
    }

    fn return_within(&self) -> Option<u32> {
        let by_profile = match self.return_rule {
            ReturnRule::NoRule => None,
            ReturnRule::Hour => Some(60),
            ReturnRule::HalfDay => Some(12 * 60),
            ReturnRule::Day => Some(24 * 60),
        };
        if self.sensitivity == Sensitivity::Normal {
            by_profile
        } else {
            Some(by_profile.map_or(4 * 60, |minutes| minutes.min(4 * 60)))
        }
    }
}

impl ByHand for Request {
    type Answers = Answers;

    fn decide(&self) -> Answers {
        let breaking_glass = self.break_glass_holder && self.emergency;
        let guarded = !self.open || breaking_glass;
        if !guarded {
            if self.suspended {
                return refused(SUSPENDED);
            }
            return Answers {
                refused: false,
                kinds: Some(1),
                proofs: Some(0),
                approvers: Some(0),
                after_reason: Some(false),
                return_within: Some(None),
                steps: Some(0),
                alerts: 0,
                refusals: 0,
            };
        }
        let by_stay = matches!(self.method, Method::BookingCode | Method::UrlLink) && self.in_window;
        let may_enter = self.named || self.eligible || by_stay || breaking_glass;
        let needs_three = self.eligible && self.factor_kinds == 3 && !breaking_glass;
        let mut refusals = self.refusals(breaking_glass, needs_three);
        if self.suspended {
            refusals |= SUSPENDED;
        }
        if !may_enter {
            refusals |= UNAUTHORISED;
        }
        if refusals != 0 {
            return refused(refusals);
        }
        let mut steps = 0;
        let mut alerts = match self.designated {
            Contact::Mobile => DESIGNATED_SMS,
            Contact::EmailOnly => DESIGNATED_EMAIL,
            Contact::Missing => ALL_ADMINS,
        };
        if self.reason_given && !self.in_procedure || self.sensitivity != Sensitivity::Normal {
            steps |= REVIEW_ITEM;
        }
        if self.supervisor == Contact::Missing {
            steps |= REVIEW_ITEM;
            alerts |= ALL_ADMINS;
        } else if self.supervisor_step == Step::Notify || breaking_glass {
            steps |= NOTIFY_SUPERVISOR;
        } else {
            steps |= ACKNOWLEDGE_SUPERVISOR;
        }
        if breaking_glass {
            steps |= REVIEW_ITEM;
            alerts |= ALL_ADMINS;
        }
        Answers {
            refused: false,
            kinds: Some(if needs_three { 3 } else { 2 }),
            proofs: Some(self.proofs(needs_three)),
            approvers: Some(self.approvers(breaking_glass)),
            after_reason: Some(!self.reason_given),
            return_within: Some(self.return_within()),
            steps: Some(steps),
            alerts,
            refusals: 0,
        }
    }

    fn said(answers: &Answers) -> Vec<Said> {
        vec![
            Said::Value(u32::from(answers.refused)),
            value(answers.kinds.map(|kinds| kinds - 1)),
            members(answers.proofs),
            value(answers.approvers),
            value(answers.after_reason.map(u32::from)),
            match answers.return_within {
                None => Said::Blank,
                Some(None) => Said::NoLimit,
                Some(Some(minutes)) => Said::Minutes(minutes),
            },
            members(answers.steps),
            Said::Members(answers.alerts),
            Said::Members(answers.refusals),
        ]
    }

    fn read(facts: &Facts<'_>) -> Result<Self, Failure> {
        Ok(Self {
            open: facts.yes("opening_hours")?,
            named: facts.yes("after_hours_people")?,
            barred: facts.yes("barred_people")?,
            break_glass_holder: facts.yes("break_glass_holders")?,
            suspended: facts.yes("person.suspended")?,
            has_pin: facts.yes("person.has_pin")?,
            fingerprint: facts.yes("person.fingerprint")?,
            badge: facts.yes("person.badge")?,
            mobile: facts.named("person.mobile")?,
            email: facts.yes("person.email")?,
            authenticator: facts.yes("person.authenticator")?,
            eligible: facts.yes("profile.after_hours_eligible")?,
            factor_kinds: facts.number("profile.factor_kinds")?,
            return_rule: facts.named("profile.return_rule")?,
            in_window: facts.yes("booking.in_window")?,
            sensitivity: facts.named("key.sensitivity")?,
            key_approvers: facts.number("key.approvers")?,
            reason_given: facts.yes("reason.given")?,
            in_procedure: facts.yes("reason.in_procedure")?,
            emergency: facts.yes("reason.emergency")?,
            supervisor: facts.named("supervisor.contact")?,
            designated: facts.named("designated.contact")?,
            method: facts.named("method")?,
            passed_login_2fa: facts.yes("app.passed_login_2fa")?,
            session_age: facts.minutes("app.session_age")?,
            link: facts.named("box.link")?,
            gateway: facts.named("sms.gateway")?,
            supervisor_step: facts.named("org.supervisor_step")?,
            without_supervisor: facts.named("org.without_supervisor")?,
            approver_for: facts.named("org.approver_for")?,
            user_pickup_2fa: facts.named("org.user_pickup_2fa")?,
            allows_email_codes: facts.yes("org.allows_email_codes")?,
            accepts_new_numbers: facts.yes("org.accepts_new_numbers")?,
            uses_authenticators: facts.yes("org.uses_authenticators")?,
        })
    }
}

/// A refusal: all but the alerts and the reasons is blank.
fn refused(refusals: u32) -> Answers {
    Answers {
        refused: true,
        kinds: None,
        proofs: None,
        approvers: None,
        after_reason: None,
        return_within: None,
        steps: None,
        alerts: MANAGER,
        refusals,
    }
}
