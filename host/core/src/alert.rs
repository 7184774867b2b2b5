//! Who is told what (F20, R71). In: entries as they are made, rules of the organization. Out: messages by text, e-mail or a signed request to
//! another system, at once or later, once or until it is over. Refuses to be set off by messages, and to flood anybody: what is held
//! back stands in the log.

use crate::event::{Actor, Entry, Event, To, Who};
use crate::fault::{Done, Fault, invalid};
use crate::hours::Window;
use crate::id::{BoxId, GroupId, HookId, KeyId, LocationId, NoticeId, PersonId, ProfileId, RuleId};
use crate::kinds::{Channel, Sensitivity};
use crate::org::{Org, Where};
use crate::setup::named;
use crate::turn::{Message, Turn, plain};
use crate::vault::{Owner, Record};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What can set a rule off, and how it is said.
pub const TRIGGERS: [(&str, &str); 25] = [
    ("custody.taken", "A key was taken"),
    ("custody.returned", "A key came back"),
    ("custody.returned_by_other", "A key was brought back by somebody else"),
    ("custody.unknown_returner", "A key was brought back by somebody unknown"),
    ("custody.corrected", "The place of a key was put right"),
    ("key.overdue", "A key is overdue"),
    ("key.overdue_cleared", "An overdue key came back"),
    ("key.status_changed", "A key changed its state"),
    ("pickup.denied", "A pickup was refused"),
    ("pickup.timeout", "A box did not say whether a key left"),
    ("approval.timeout", "Nobody agreed in time"),
    ("swap.completed", "A key was handed on"),
    ("swap.denied", "Handing a key on was refused"),
    ("swap.forced_by_admin", "An administrator handed on a key"),
    ("inventory.discrepancy", "A key is not where the record says"),
    ("fob.unknown", "An unknown fob was shown"),
    ("fob.wrong", "Another key than expected was found"),
    ("bin.state_changed", "A bin changed its state"),
    ("box.offline", "A box is not heard of"),
    ("box.online", "A box is heard of again"),
    ("lockout.started", "There were too many wrong tries"),
    ("user.suspended", "An account was suspended"),
    ("policy.published", "A policy was published"),
    ("policy.rolled_back", "A policy was taken back"),
    ("security_setting.changed", "A security setting was changed"),
];
/// Times a rule fires within ten minutes before it is held back.
pub const MOST: usize = 20;
/// Repetitions at most.
const REPEATS: u8 = 10;

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A person.
    Person(PersonId),
    /// Whoever it is about.
    Themselves,
    /// The manager of whoever it is about.
    Manager,
    /// The designated person of the place.
    Designated,
    /// Owner and organization admins.
    Admins,
    /// Another system.
    Hook(HookId),
}

/// A rule about who is told what. Empty sets mean any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRule {
    /// Its name.
    pub name: String,
    /// What sets it off, out of [`TRIGGERS`].
    pub on: BTreeSet<String>,
    /// Only while the place is closed, or only while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_hours: Option<bool>,
    /// Keys.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub keys: BTreeSet<KeyId>,
    /// Groups of keys.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupId>,
    /// How much harm the key does when lost.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sensitivity: BTreeSet<Sensitivity>,
    /// People.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub people: BTreeSet<PersonId>,
    /// People with one of these job profiles.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub profiles: BTreeSet<ProfileId>,
    /// Places.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub locations: BTreeSet<LocationId>,
    /// Hours of the week, at the place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// Minutes to wait, and then to tell only if it is still so.
    #[serde(default)]
    pub delay_minutes: u32,
    /// Minutes after which it is told again while it is still so; 0: once.
    #[serde(default)]
    pub repeat_minutes: u32,
    /// Who is told, 1 to 10.
    pub to: Vec<Recipient>,
    /// By text or e-mail: the first that reaches a person.
    #[serde(default = "text_first")]
    pub channels: Vec<Channel>,
    /// What is said, with `{what}`, `{who}`, `{key}`, `{place}`, `{at}`, `{reason}`; none: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether it is in use.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn text_first() -> Vec<Channel> {
    vec![Channel::Sms, Channel::Email]
}

fn yes() -> bool {
    true
}

/// What an entry is about, as far as a rule asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The entry.
    pub entry: u64,
    /// What set it off.
    pub trigger: String,
    /// Whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
    /// Which key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// The version of its custody.
    #[serde(default)]
    pub version: u64,
    /// Which box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#box: Option<BoxId>,
    /// Whether the place was closed, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_hours: Option<bool>,
    /// The reason code that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it was.
    pub at: Timestamp,
}

/// An alert that waits for its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// What it is about.
    pub about: About,
    /// When.
    pub at: Timestamp,
    /// How often it was told already.
    pub repeats: u8,
}

/// What an entry is about, if it can set a rule off.
pub(crate) fn about(org: &Org, entry: &Entry) -> Option<(&'static str, About)> {
    let actor = match entry.actor {
        Actor::Person(id) => Some(Who::Person(id)),
        Actor::Guest(id) => Some(Who::Guest(id)),
        _ => None,
    };
    let (mut who, mut key, mut r#box, mut after_hours, mut reason) = (actor, None, None, None, None);
    let trigger = match &entry.event {
        Event::Taken { key: of, who: by, bin, after_hours: closed, reason: why, .. } => {
            (who, key, r#box) = (Some(*by), Some(*of), org.bin_box(*bin));
            (after_hours, reason) = (Some(*closed), why.as_ref().map(|why| why.code.clone()));
            "custody.taken"
        }
        Event::Returned { key: of, bin, by, holder, .. } => {
            (who, key, r#box) = (by.or(*holder), Some(*of), org.bin_box(*bin));
            "custody.returned"
        }
        Event::ReturnedByOther { key: of, by, .. } => {
            (who, key) = (Some(*by), Some(*of));
            "custody.returned_by_other"
        }
        Event::UnknownReturner { key: of, holder } => {
            (who, key) = (*holder, Some(*of));
            "custody.unknown_returner"
        }
        Event::Corrected { key: of, .. } => {
            key = Some(*of);
            "custody.corrected"
        }
        Event::Overdue { key: of, who: by, .. } => {
            (who, key) = (Some(*by), Some(*of));
            "key.overdue"
        }
        Event::OverdueCleared { key: of } => {
            key = Some(*of);
            "key.overdue_cleared"
        }
        Event::KeyStatusChanged { key: of, .. } => {
            key = Some(*of);
            "key.status_changed"
        }
        Event::PickupDenied { key: of, visit, .. } => {
            let visit = org.visits.get(visit);
            (key, r#box) = (Some(*of), visit.map(|visit| visit.r#box));
            "pickup.denied"
        }
        Event::OperationUnheard { operation } => {
            let known = org.operations.get(operation)?;
            (key, r#box) = (Some(known.key), Some(known.r#box));
            "pickup.timeout"
        }
        Event::ApprovalTimeout { approval } => {
            let known = org.approvals.get(approval)?;
            (key, who) = (Some(known.key), org.visits.get(&known.visit).map(|visit| visit.who));
            "approval.timeout"
        }
        Event::SwapCompleted { key: of, to, .. } => {
            (key, who) = (Some(*of), Some(Who::Person(*to)));
            "swap.completed"
        }
        Event::SwapDenied { key: of, to, .. } => {
            (key, who) = (Some(*of), Some(Who::Person(*to)));
            "swap.denied"
        }
        Event::SwapForced { swap } => {
            key = org.swaps.get(swap).map(|swap| swap.key);
            "swap.forced_by_admin"
        }
        Event::Discrepancy { key: of, bin } => {
            (key, r#box) = (Some(*of), org.bin_box(*bin));
            "inventory.discrepancy"
        }
        Event::FobUnknown { r#box: at } => {
            r#box = Some(*at);
            "fob.unknown"
        }
        Event::FobWrong { operation, found } => {
            (key, r#box) = (*found, org.operations.get(operation).map(|known| known.r#box));
            "fob.wrong"
        }
        Event::BinStateChanged { bin, .. } => {
            r#box = org.bin_box(*bin);
            "bin.state_changed"
        }
        Event::BoxOffline { r#box: at } => {
            r#box = Some(*at);
            "box.offline"
        }
        Event::BoxOnline { r#box: at } => {
            r#box = Some(*at);
            "box.online"
        }
        Event::LockoutStarted { person, r#box: at, .. } => {
            (who, r#box) = (person.map(Who::Person), *at);
            "lockout.started"
        }
        Event::UserSuspended { person } => {
            who = Some(Who::Person(*person));
            "user.suspended"
        }
        Event::PolicyPublished { location: None, .. } => "policy.published",
        Event::PolicyRolledBack { .. } => "policy.rolled_back",
        Event::SettingChanged { .. } => "security_setting.changed",
        _ => return None,
    };
    let version = key.and_then(|key| org.keys.get(&key)).map_or(0, |key| key.version);
    let trigger_name = trigger.to_string();
    let at = entry.at;
    Some((
        trigger,
        About { entry: entry.seq, trigger: trigger_name, who, key, version, r#box, after_hours, reason, at },
    ))
}

impl AlertRule {
    fn check(&self, org: &Org) -> Done<()> {
        named("name", &self.name)?;
        if let Some(unknown) = self.on.iter().find(|on| !TRIGGERS.iter().any(|(name, _)| name == on)) {
            let all: Vec<&str> = TRIGGERS.iter().map(|(name, _)| *name).collect();
            return invalid("on", format!("`{unknown}` sets nothing off; there are {}", all.join(", ")));
        }
        if self.on.is_empty() {
            return invalid("on", "at least one thing that sets it off");
        }
        if self.to.is_empty() || self.to.len() > 10 {
            return invalid("to", "1 to 10 recipients");
        }
        for to in &self.to {
            match to {
                Recipient::Person(id) if !org.people.contains_key(id) => return Err(Fault::NotFound("person")),
                Recipient::Hook(id) if !org.hooks.contains_key(id) => return Err(Fault::NotFound("webhook")),
                _ => {}
            }
        }
        if self.channels.is_empty() || self.channels.contains(&Channel::Webhook) {
            return invalid("channels", "`sms`, `email`, or both in the order they are tried");
        }
        if self.delay_minutes > 10_080 || self.repeat_minutes > 10_080 {
            return invalid("delay_minutes", "at most a week, which is 10080 minutes; the same for `repeat_minutes`");
        }
        if let Err(why) = self.windows.iter().try_for_each(Window::check) {
            return invalid("windows", why);
        }
        match &self.text {
            Some(text) if text.chars().count() > 300 => invalid("text", "at most 300 characters"),
            Some(text) => match filled(text, |_| Some(String::new())) {
                Some(_) => Ok(()),
                None => invalid("text", "braces only around what, who, key, place, at, reason"),
            },
            None => Ok(()),
        }
    }

    /// Whether it concerns something.
    fn concerns(&self, org: &Org, about: &About) -> bool {
        fn any<T: Ord>(set: &BTreeSet<T>, one: Option<&T>) -> bool {
            set.is_empty() || one.is_some_and(|one| set.contains(one))
        }
        let key = about.key.and_then(|id| org.keys.get(&id));
        let groups = self.groups.is_empty() || key.is_some_and(|key| !key.card.groups.is_disjoint(&self.groups));
        let person = match about.who {
            Some(Who::Person(id)) => Some(id),
            _ => None,
        };
        let profiles = person.and_then(|id| org.people.get(&id)).map(|person| &person.profiles);
        let profiles = self.profiles.is_empty() || profiles.is_some_and(|own| !own.is_disjoint(&self.profiles));
        let location = about.r#box.and_then(|id| org.location_of(id));
        let (_, minute, day) = org.civil(location, about.at);
        let now = self.windows.is_empty() || self.windows.iter().any(|window| window.covers(day, minute));
        self.enabled
            && self.on.contains(&about.trigger)
            && self.after_hours.is_none_or(|only| about.after_hours == Some(only))
            && any(&self.keys, about.key.as_ref())
            && groups
            && any(&self.sensitivity, key.map(|key| &key.card.sensitivity))
            && any(&self.people, person.as_ref())
            && profiles
            && any(&self.locations, location.as_ref())
            && now
    }
}

/// A text with what stands in braces filled in; nothing if it names what there is none of.
fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if !["what", "who", "key", "place", "at", "reason"].contains(&name) || before.contains('}') {
            return None;
        }
        out.push_str(before);
        out.push_str(&value(name).unwrap_or_default());
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

impl Turn<'_> {
    /// Makes or changes a rule.
    pub fn set_rule(&mut self, id: Option<RuleId>, card: AlertRule) -> Done<RuleId> {
        self.must_administrate()?;
        card.check(self.org)?;
        let rule = match id {
            Some(id) if !self.org.rules.contains_key(&id) => return Err(Fault::NotFound("rule")),
            Some(id) => id,
            None if self.org.rules.len() >= 200 => return Err(Fault::Conflict("There are 200 rules already.".into())),
            None => self.id(),
        };
        self.emit(Event::AlertRuleChanged { rule, card });
        Ok(rule)
    }

    /// Takes a rule away.
    pub fn remove_rule(&mut self, rule: RuleId) -> Done<()> {
        self.must_administrate()?;
        self.org.rules.get(&rule).ok_or(Fault::NotFound("rule"))?;
        self.emit(Event::AlertRuleRemoved { rule });
        Ok(())
    }

    /// Adds another system. `host` is where `url` leads, which the caller has checked. Gives the secret that requests are signed with.
    pub fn add_hook(&mut self, name: &str, url: &str, host: &str) -> Done<(HookId, String)> {
        self.must_administrate()?;
        named("name", name)?;
        if self.org.hooks.len() >= 50 {
            return Err(Fault::Conflict("There are 50 webhooks already.".to_string()));
        }
        let hook: HookId = self.id();
        let secret = self.token();
        self.emit(Event::HookChanged { hook, name: name.to_string(), host: host.to_string() });
        self.record(Owner::Hook(hook), Some(Record::Hook { url: url.to_string(), secret: secret.clone() }));
        Ok((hook, secret))
    }

    /// Takes another system away.
    pub fn remove_hook(&mut self, hook: HookId) -> Done<()> {
        self.must_administrate()?;
        self.org.hooks.get(&hook).ok_or(Fault::NotFound("webhook"))?;
        let used = self.org.rules.values().find(|rule| rule.to.contains(&Recipient::Hook(hook)));
        if let Some(rule) = used {
            return Err(Fault::Conflict(format!("The rule {} tells it. Please change that first.", rule.name)));
        }
        self.emit(Event::HookRemoved { hook });
        self.record(Owner::Hook(hook), None);
        Ok(())
    }

    /// Lets the rules see what happened.
    pub(crate) fn alert_rules(&mut self, trigger: &str, about: &About) {
        debug_assert_eq!(trigger, about.trigger);
        let rules: Vec<(RuleId, u32)> = self
            .org
            .rules
            .iter()
            .filter(|(_, rule)| rule.concerns(self.org, about))
            .map(|(id, rule)| (*id, rule.delay_minutes))
            .collect();
        for (rule, delay) in rules {
            match delay {
                0 => self.fire(rule, about.clone(), 0),
                delay => {
                    let at = self.after(i64::from(delay));
                    self.emit(Event::AlertPlanned { rule, about: about.clone(), at, repeats: 0 });
                }
            }
        }
    }

    /// Lets planned alerts come whose time it is.
    pub(crate) fn planned_alerts(&mut self) {
        let all = self.org.planned.iter().flat_map(|(rule, own)| own.values().map(|planned| (*rule, planned)));
        let due = all.filter(|(_, planned)| planned.at <= self.now);
        let due: Vec<(RuleId, Planned)> = due.map(|(rule, planned)| (rule, planned.clone())).collect();
        for (rule, planned) in due {
            if self.still(&planned.about) {
                self.fire(rule, planned.about, planned.repeats);
            } else {
                let why = "over".to_string();
                self.emit(Event::AlertDropped { rule, about: planned.about, why });
            }
        }
    }

    /// Whether what an alert is about is still so.
    fn still(&self, about: &About) -> bool {
        let key = about.key.and_then(|id| self.org.keys.get(&id));
        match about.trigger.as_str() {
            "custody.taken" | "key.overdue" | "swap.completed" => {
                key.is_some_and(|key| key.version == about.version && matches!(key.place, Where::Held(_)))
            }
            "box.offline" => about.r#box.and_then(|id| self.org.boxes.get(&id)).is_some_and(|it| !it.online),
            "inventory.discrepancy" => key.is_some_and(|key| key.version == about.version),
            _ => true,
        }
    }

    fn fire(&mut self, id: RuleId, about: About, repeats: u8) {
        let Some(rule) = self.org.rules.get(&id).cloned() else { return };
        let lately = self.org.fired.get(&id).map_or(0, |fired| {
            fired.iter().filter(|then| self.now.duration_since(**then) < SignedDuration::from_mins(10)).count()
        });
        if lately > MOST {
            self.emit(Event::AlertDropped { rule: id, about, why: "held_back".to_string() });
            return;
        }
        let text = match lately {
            MOST => format!(
                "There are more alerts of the rule {}. They are held back for ten minutes; the log has them.",
                rule.name
            ),
            _ => self.words(&rule, &about),
        };
        let mut told = 0;
        for to in &rule.to {
            told += self.tell_recipient(*to, &rule, &about, &text);
        }
        self.emit(Event::AlertFired { rule: id, about: about.clone(), told });
        if rule.repeat_minutes > 0 && repeats < REPEATS && self.still(&about) {
            let at = self.after(i64::from(rule.repeat_minutes));
            self.emit(Event::AlertPlanned { rule: id, about, at, repeats: repeats + 1 });
        }
    }

    fn words(&self, rule: &AlertRule, about: &About) -> String {
        let value = |name: &str| self.word(name, about);
        if let Some(text) = rule.text.as_ref().and_then(|text| filled(text, value)) {
            return text;
        }
        let parts = ["what", "key", "who", "place", "at", "reason"].into_iter().filter_map(value);
        format!("{}.", parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
    }

    fn word(&self, name: &str, about: &About) -> Option<String> {
        match name {
            "what" => {
                TRIGGERS.iter().find(|(trigger, _)| *trigger == about.trigger).map(|(_, words)| (*words).to_string())
            }
            "who" => about.who.map(|who| self.name(who)),
            "key" => about.key.map(|key| self.key_name(key)),
            "place" => about.r#box.map(|id| self.box_name(id)),
            "at" => {
                let (_, minute, _) = self.org.civil(about.r#box.and_then(|id| self.org.location_of(id)), about.at);
                Some(format!("{:02}:{:02}", minute / 60, minute % 60))
            }
            "reason" => {
                about.reason.as_ref().and_then(|code| self.org.reasons.get(code)).map(|code| code.label.clone())
            }
            _ => None,
        }
    }

    fn tell_recipient(&mut self, to: Recipient, rule: &AlertRule, about: &About, text: &str) -> u8 {
        let place = about.r#box.and_then(|id| self.org.location_of(id));
        let place = place.or_else(|| self.org.locations.keys().next().copied());
        let people: Vec<Who> = match to {
            Recipient::Person(id) => vec![Who::Person(id)],
            Recipient::Themselves => about.who.into_iter().collect(),
            Recipient::Manager => about.who.and_then(|who| self.supervisor(who)).map(Who::Person).into_iter().collect(),
            Recipient::Designated => {
                let place = place.and_then(|id| self.org.locations.get(&id));
                place.and_then(|place| place.card.designated).map(Who::Person).into_iter().collect()
            }
            Recipient::Admins => self.admins().into_iter().map(Who::Person).collect(),
            Recipient::Hook(hook) => return u8::from(self.tell_hook(hook, rule, about, text)),
        };
        let mut told: u8 = 0;
        for who in people {
            let works = self.sms_works();
            let ways = rule.channels.iter().filter(|channel| **channel != Channel::Sms || works);
            let ways: Vec<Channel> = ways.chain(&rule.channels).copied().collect();
            if ways.into_iter().any(|channel| self.send(who, channel, "alert", text, None)) {
                told = told.saturating_add(1);
            }
        }
        told
    }

    /// A message to another system: what stands in the log, and the words. It is signed when it goes out.
    fn tell_hook(&mut self, hook: HookId, rule: &AlertRule, about: &About, text: &str) -> bool {
        if !self.org.hooks.contains_key(&hook) {
            return false;
        }
        let notice: NoticeId = self.id();
        let body = serde_json::json!({
            "id": notice, "org": self.org.slug, "rule": rule.name, "text": plain(text), "about": about,
        });
        let (to, channel) = (To::Hook(hook), Channel::Webhook);
        self.emit(Event::NoticeQueued { notice, to, channel, about: "alert".to_string() });
        self.made.messages.push(Message { notice, channel, to: hook.to_string(), text: body.to_string(), until: None });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn b11_a_text_is_filled_in_once_and_a_mistake_is_seen() {
        let value = |name: &str| Some(if name == "who" { "{key}".to_string() } else { name.to_uppercase() });
        assert_eq!(filled("{who} has {key}.", value).as_deref(), Some("{key} has KEY."));
        assert_eq!(filled("nothing", value).as_deref(), Some("nothing"));
        for wrong in ["{moon}", "{who", "who}", "}{who}", "{{who}}"] {
            assert_eq!(filled(wrong, value), None, "{wrong}");
        }
    }
}
