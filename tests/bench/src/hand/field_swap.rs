//! `keyward.field_swap` by hand. In: a struct of facts. Out: a struct of answers. Refuses to be clever: ifs, as people write them.

use super::{ByHand, Said, members, names, value};
use crate::Failure;
use crate::requests::Facts;

names!(Role {
    Owner = "owner",
    OrgAdmin = "org_admin",
    CoAdmin = "co_admin",
    LocationManager = "location_manager",
    Manager = "manager",
    Auditor = "auditor",
    User = "user",
});
names!(Custody { Held = "held", InBox = "in_box", Lost = "lost", Unknown = "unknown" });
names!(Gateway { Working = "working", Failed = "failed" });

const SAME_PERSON: u32 = 1;
const NOT_HOLDER: u32 = 1 << 1;
const NOT_HELD: u32 = 1 << 2;
const ACTOR_SUSPENDED: u32 = 1 << 3;
const RECEIVER_SUSPENDED: u32 = 1 << 4;
const RECEIVER_UNREACHABLE: u32 = 1 << 5;
const NO_STANDING_RIGHT: u32 = 1 << 6;

const EXEMPT_ROLE: u32 = 1;
const FORCED_BY_ADMIN: u32 = 1 << 1;
const NO_HANDSHAKE: u32 = 1 << 2;

const BOTH: u32 = 3;

/// What is asked.
pub(super) struct Request {
    actor: u32,
    holder: u32,
    receiver: u32,
    role: Role,
    actor_suspended: bool,
    standing_right: bool,
    receiver_suspended: bool,
    receiver_mobile: bool,
    receiver_email: bool,
    custody: Custody,
    gateway: Gateway,
    swap_handshake: bool,
    admins_skip_handshake: bool,
    needs_standing_right: bool,
    allows_email_codes: bool,
}

/// How the code goes: its place in the policy.
#[derive(Clone, Copy)]
enum Channel {
    None,
    Sms,
    Email,
}

/// What is answered: the channel and the record, or why not.
pub(super) struct Answers {
    allowed: Option<(Channel, u32)>,
    refusals: u32,
}

impl ByHand for Request {
    type Answers = Answers;

    fn decide(&self) -> Answers {
        let admin = matches!(self.role, Role::Owner | Role::OrgAdmin);
        let holds = self.actor == self.holder;
        let exempt = admin && self.admins_skip_handshake;
        let code_wanted = self.swap_handshake && !exempt;
        let can_text = self.receiver_mobile && self.gateway == Gateway::Working;
        let can_mail = self.receiver_email && self.allows_email_codes;
        let mut refusals = 0;
        if self.receiver == self.holder {
            refusals |= SAME_PERSON;
        }
        if !holds && !admin {
            refusals |= NOT_HOLDER;
        }
        if self.custody != Custody::Held {
            refusals |= NOT_HELD;
        }
        if self.actor_suspended {
            refusals |= ACTOR_SUSPENDED;
        }
        if self.receiver_suspended {
            refusals |= RECEIVER_SUSPENDED;
        }
        if code_wanted && !can_text && !can_mail {
            refusals |= RECEIVER_UNREACHABLE;
        }
        if self.needs_standing_right && !self.standing_right {
            refusals |= NO_STANDING_RIGHT;
        }
        if refusals != 0 {
            return Answers { allowed: None, refusals };
        }
        let channel = match (code_wanted, can_text) {
            (false, _) => Channel::None,
            (true, true) => Channel::Sms,
            (true, false) => Channel::Email,
        };
        let mut record = 0;
        if self.swap_handshake && exempt {
            record |= EXEMPT_ROLE;
        }
        if !holds {
            record |= FORCED_BY_ADMIN;
        }
        if !self.swap_handshake {
            record |= NO_HANDSHAKE;
        }
        Answers { allowed: Some((channel, record)), refusals: 0 }
    }

    fn said(answers: &Answers) -> Vec<Said> {
        let channel = answers.allowed.map(|(channel, _)| channel as u32);
        let coded = channel.map(|channel| u32::from(channel != 0));
        vec![
            Said::Value(u32::from(answers.allowed.is_none())),
            value(coded),
            value(coded),
            value(channel),
            value(coded),
            members(answers.allowed.map(|_| BOTH)),
            members(answers.allowed.map(|(_, record)| record)),
            Said::Members(answers.refusals),
        ]
    }

    fn read(facts: &Facts<'_>) -> Result<Self, Failure> {
        Ok(Self {
            actor: facts.person("actor.id")?,
            holder: facts.person("holder.id")?,
            receiver: facts.person("receiver.id")?,
            role: facts.named("actor.role")?,
            actor_suspended: facts.yes("actor.suspended")?,
            standing_right: facts.yes("holder.standing_right")?,
            receiver_suspended: facts.yes("receiver.suspended")?,
            receiver_mobile: facts.yes("receiver.mobile")?,
            receiver_email: facts.yes("receiver.email")?,
            custody: facts.named("key.custody")?,
            gateway: facts.named("sms.gateway")?,
            swap_handshake: facts.yes("org.swap_handshake")?,
            admins_skip_handshake: facts.yes("org.admins_skip_handshake")?,
            needs_standing_right: facts.yes("org.swap_needs_standing_right")?,
            allows_email_codes: facts.yes("org.allows_email_codes")?,
        })
    }
}
