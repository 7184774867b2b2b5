//! `keyward.pickup` by hand. In: a struct of facts. Out: a struct of answers. Refuses to be clever: ifs, as people write them.

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
names!(Number { Verified = "verified", ChangedLately = "changed_lately", Missing = "missing" });
names!(Account { Organization = "organization", Personal = "personal" });
names!(Kind { AccountLevel = "account_level", Issued = "issued" });
names!(State { Valid = "valid", TooEarly = "too_early", Expired = "expired", Revoked = "revoked", UsedUp = "used_up" });
names!(Locked { Nobody = "nobody", Person = "person", Box = "box" });
names!(Link { Online = "online", Offline = "offline" });
names!(Gateway { Working = "working", Failed = "failed" });
names!(Factor { Off = "off", Otp = "otp", Pin = "pin" });

const TOO_EARLY: u32 = 1;
const EXPIRED: u32 = 1 << 1;
const REVOKED: u32 = 1 << 2;
const USED_UP: u32 = 1 << 3;
const LOCKED: u32 = 1 << 4;
const OFFLINE: u32 = 1 << 5;
const PIN_NOT_SET: u32 = 1 << 6;
const UNREACHABLE: u32 = 1 << 7;

const EXEMPT_METHOD: u32 = 1;
const SINGLE_FACTOR: u32 = 1 << 1;
const PUBLIC_IDENTIFIER: u32 = 1 << 2;
const EMAIL_CODE: u32 = 1 << 3;

/// What is asked.
pub(super) struct Request {
    method: Method,
    kind: Kind,
    state: State,
    locked: Locked,
    account: Account,
    owns_key: bool,
    has_pin: bool,
    mobile: Number,
    email: bool,
    authenticator: bool,
    passed_login_2fa: bool,
    session_age: Option<u32>,
    link: Link,
    gateway: Gateway,
    user_pickup_2fa: Factor,
    my_pickup_2fa: bool,
    my_covers_qr: bool,
    exempt_badge: bool,
    exempt_booking_code: bool,
    exempt_url_link: bool,
    exempt_app: bool,
    allows_email_codes: bool,
    accepts_new_numbers: bool,
    uses_authenticators: bool,
}

/// What is asked of the person; later is stricter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Nothing,
    Pin,
    Otp,
}

/// How a second factor is shown: its place in the policy, the channel and whether somebody gets a code.
type Way = (u32, u32, bool);

const NO_FACTOR: Way = (0, 0, false);
const BY_PIN: Way = (1, 0, false);
const BY_TEXT: Way = (2, 1, true);
const BY_MAIL: Way = (2, 2, true);
const BY_AUTHENTICATOR: Way = (3, 0, false);

/// What is answered; `None` is blank.
pub(super) struct Answers {
    asked: Asked,
    way: Option<Way>,
    proofs: Option<u32>,
    refusals: u32,
    flags: u32,
}

impl Request {
    fn exempt(&self) -> bool {
        match self.method {
            Method::Badge => self.exempt_badge,
            Method::BookingCode => self.exempt_booking_code,
            Method::UrlLink => self.exempt_url_link,
            Method::App => self.exempt_app,
            _ => false,
        }
    }

    fn can_text(&self) -> bool {
        let usable = match self.mobile {
            Number::Verified => true,
            Number::ChangedLately => self.accepts_new_numbers,
            Number::Missing => false,
        };
        usable && self.gateway == Gateway::Working && self.link == Link::Online
    }

    fn mine(&self) -> bool {
        self.kind == Kind::AccountLevel
            && match self.method {
                Method::AccessCode | Method::PhoneNumber => true,
                Method::QrCode => self.my_covers_qr,
                _ => false,
            }
    }
}

impl ByHand for Request {
    type Answers = Answers;

    fn decide(&self) -> Answers {
        let offline = self.link == Link::Offline;
        let networked = matches!(self.method, Method::UrlLink | Method::App);
        let typed = matches!(self.method, Method::AccessCode | Method::PhoneNumber | Method::QrCode);
        let pin_offline = offline && (typed || self.method == Method::Badge);
        let exempt = self.exempt();
        let user_rule = (self.account == Account::Organization || !self.owns_key) && !exempt;
        let can_text = self.can_text();
        let can_totp = self.authenticator && self.uses_authenticators;
        let reachable = can_text || can_totp || self.email && self.allows_email_codes && !offline;

        let pin = if self.has_pin { Asked::Pin } else { Asked::Otp };
        let mut asked = Asked::Nothing;
        if user_rule {
            asked = match self.user_pickup_2fa {
                Factor::Off => Asked::Nothing,
                Factor::Otp if offline && self.has_pin && !can_totp => Asked::Pin,
                Factor::Otp => Asked::Otp,
                Factor::Pin => pin,
            };
        }
        if pin_offline {
            asked = asked.max(pin);
        }
        if self.my_pickup_2fa && self.mine() {
            asked = Asked::Otp;
        }

        let mut refused = false;
        let mut refusals = match self.state {
            State::Valid => 0,
            State::TooEarly => TOO_EARLY,
            State::Expired => EXPIRED,
            State::Revoked => REVOKED,
            State::UsedUp => USED_UP,
        };
        if self.locked != Locked::Nobody {
            refused = true;
            refusals |= LOCKED;
        }
        if offline && networked {
            refused = true;
            refusals |= OFFLINE;
        }
        if asked == Asked::Otp && !reachable {
            refused = true;
            refusals |= if offline { OFFLINE } else { UNREACHABLE };
        }
        let pin_wanted = user_rule && self.user_pickup_2fa == Factor::Pin || pin_offline;
        if pin_wanted && !reachable && !self.has_pin {
            refusals |= PIN_NOT_SET;
        }
        let mut flags = if exempt { EXEMPT_METHOD } else { 0 };
        if refused || self.state != State::Valid {
            return Answers { asked, way: None, proofs: None, refusals, flags };
        }
        let way = match asked {
            Asked::Nothing => NO_FACTOR,
            Asked::Pin => BY_PIN,
            Asked::Otp if can_text => BY_TEXT,
            Asked::Otp if can_totp => BY_AUTHENTICATOR,
            Asked::Otp => BY_MAIL,
        };
        if asked == Asked::Nothing && typed {
            flags |= SINGLE_FACTOR;
            if self.method == Method::PhoneNumber {
                flags |= PUBLIC_IDENTIFIER;
            }
        }
        if way == BY_MAIL {
            flags |= EMAIL_CODE;
        }
        let old = !self.passed_login_2fa || self.session_age.is_some_and(|age| age > 12 * 60);
        let new_sign_in = self.method == Method::App && old;
        let proofs = u32::from(networked) | u32::from(new_sign_in) << 1;
        Answers { asked, way: Some(way), proofs: Some(proofs), refusals, flags }
    }

    fn said(answers: &Answers) -> Vec<Said> {
        let way = answers.way;
        vec![
            Said::Value(answers.asked as u32),
            Said::Value(u32::from(way.is_none())),
            value(way.map(|(factor, ..)| factor)),
            value(way.map(|(_, channel, _)| channel)),
            value(way.map(|(.., sent)| u32::from(sent))),
            members(answers.proofs),
            Said::Members(answers.refusals),
            Said::Members(answers.flags),
        ]
    }

    fn read(facts: &Facts<'_>) -> Result<Self, Failure> {
        Ok(Self {
            method: facts.named("method")?,
            kind: facts.named("credential.kind")?,
            state: facts.named("credential.state")?,
            locked: facts.named("tries.locked")?,
            account: facts.named("key.account")?,
            owns_key: facts.yes("person.owns_key")?,
            has_pin: facts.yes("person.has_pin")?,
            mobile: facts.named("person.mobile")?,
            email: facts.yes("person.email")?,
            authenticator: facts.yes("person.authenticator")?,
            passed_login_2fa: facts.yes("app.passed_login_2fa")?,
            session_age: facts.minutes("app.session_age")?,
            link: facts.named("box.link")?,
            gateway: facts.named("sms.gateway")?,
            user_pickup_2fa: facts.named("org.user_pickup_2fa")?,
            my_pickup_2fa: facts.yes("person.my_pickup_2fa")?,
            my_covers_qr: facts.yes("person.my_covers_qr")?,
            exempt_badge: facts.yes("org.exempt_badge")?,
            exempt_booking_code: facts.yes("org.exempt_booking_code")?,
            exempt_url_link: facts.yes("org.exempt_url_link")?,
            exempt_app: facts.yes("org.exempt_app")?,
            allows_email_codes: facts.yes("org.allows_email_codes")?,
            accepts_new_numbers: facts.yes("org.accepts_new_numbers")?,
            uses_authenticators: facts.yes("org.uses_authenticators")?,
        })
    }
}
