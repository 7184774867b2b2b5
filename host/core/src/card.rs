//! What administrators say about things: keys, places, profiles, permissions, reasons. In: JSON. Out: the same, in the log. Refuses fields nobody
//! knows.

use crate::hours::Window;
use crate::id::{BoxId, GroupId, KeyId, PersonId, ProfileId};
use crate::kinds::{Action, ReturnRule, Sensitivity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whom a permission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// Everybody with a job profile.
    Profile(ProfileId),
}

/// What a permission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// One key.
    Key(KeyId),
    /// A group of keys.
    Group(GroupId),
    /// Every key.
    All,
}

/// A permission (R52-R55).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// For whom.
    pub subject: Subject,
    /// For what.
    pub object: Object,
    /// For doing what.
    pub actions: BTreeSet<Action>,
    /// Whether it denies instead of allowing.
    #[serde(default)]
    pub denies: bool,
    /// When; empty: at any hour.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// Whether a reservation is needed.
    #[serde(default)]
    pub reservation_only: bool,
    /// Only at this box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<BoxId>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A job profile (R53, R54).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Whether it works while the place is closed.
    #[serde(default)]
    pub after_hours_eligible: bool,
    /// How many kinds of proof it asks for, 1 to 3.
    #[serde(default = "one")]
    pub factor_kinds: u8,
    /// Whether it asks for a reason.
    #[serde(default)]
    pub reason_required: bool,
    /// When it brings keys back.
    #[serde(default = "no_rule")]
    pub return_rule: ReturnRule,
    /// Most keys out at a time; none: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_keys: Option<u32>,
}

fn one() -> u8 {
    1
}

fn no_rule() -> ReturnRule {
    ReturnRule::NoRule
}

/// What is said about a key, apart from what is private.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyCard {
    /// A neutral name.
    pub name: String,
    /// How much harm it does when lost.
    #[serde(default = "normal")]
    pub sensitivity: Sensitivity,
    /// Its groups.
    #[serde(default)]
    pub groups: BTreeSet<GroupId>,
    /// How many other people must agree after hours, 0 to 2.
    #[serde(default)]
    pub approvers: u8,
    /// How long it may be out, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_out_minutes: Option<u32>,
    /// The serial of its fob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fob: Option<String>,
}

fn normal() -> Sensitivity {
    Sensitivity::Normal
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its time zone, a name of the IANA database.
    pub tz: String,
    /// Who is told when a key leaves after hours (R70).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designated: Option<PersonId>,
    /// What protects it: any of `indoor`, `locked_room`, `camera`, `alarm` (R16).
    #[serde(default)]
    pub placement: BTreeSet<String>,
}

/// What somebody says they need a key for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// A reason code.
    pub code: String,
    /// More, in their words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A reason that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonCode {
    /// What it says.
    pub label: String,
    /// Whether the written procedure lists it (R60).
    #[serde(default)]
    pub in_procedure: bool,
    /// Whether it means danger to life or property (R73).
    #[serde(default)]
    pub emergency: bool,
}
