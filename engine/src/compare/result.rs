//! The result of a comparison.
//!
//! In: what was found. Out: plain data for writers, hosts and tests. Refuses to know how it is shown.

use crate::diagnostic::{Count, Example};
use crate::diagram::Ref;
use crate::model::CoordinateId;

/// Everything that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The older version.
    pub old: Version,
    /// The newer version.
    pub new: Version,
    /// How many requests both versions accept, in decimal: what shares are measured by.
    pub accepted: String,
    /// Requests that only the older version accepts.
    pub no_longer_accepted: Option<Shift>,
    /// Requests that only the newer version accepts.
    pub newly_accepted: Option<Shift>,
    /// How many requests are answered differently.
    pub changed: Count,
    /// How many requests get the same answers from other rules or with other words.
    pub reason_only: Count,
    /// The changed requests by their directions, most first; the counts add up to `changed`.
    pub directions: Vec<(Vec<Direction>, Count)>,
    /// The answers that change, in the order of the newer version.
    pub answers: Vec<AnswerChanges>,
    /// The changed requests, grouped; no request is in two of them. Answers come before mere reasons, then most first.
    pub regions: Vec<Region>,
    /// What is not listed in `regions`.
    pub more: Option<More>,
    /// What became of inputs, values, decisions, answers, defaults, pins and assumptions, in words.
    pub vocabulary: Vec<String>,
    /// What became of `if unsure`, in words.
    pub unsure: Vec<String>,
    /// What became of rules.
    pub rules: Vec<RuleNews>,
    /// Tests and asserts that are gone or do not hold any more, in words; filled in by whoever has proved them.
    pub promises: Vec<String>,
}

impl Comparison {
    /// Whether some request is answered or accepted differently, or what can be asked and answered has changed.
    /// Other reasons for the same answers do not count.
    #[must_use]
    pub fn decides_differently(&self) -> bool {
        !self.directions.is_empty()
            || self.no_longer_accepted.is_some()
            || self.newly_accepted.is_some()
            || !self.vocabulary.is_empty()
            || !self.unsure.is_empty()
    }
}

/// Which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The policy's name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title; empty if none.
    pub title: String,
}

/// Requests that only one version accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// How many, of those that version accepts.
    pub count: Count,
    /// One of them.
    pub example: Example,
}

/// Where a change leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A stricter value, or a shorter time.
    Stricter,
    /// A milder value, or a longer time.
    Looser,
    /// A member more.
    DutyAdded,
    /// A member less.
    DutyLost,
    /// Another value, without an order.
    Different,
    /// The same answers for another reason.
    ReasonOnly,
}

impl Direction {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Direction::Stricter => "stricter",
            Direction::Looser => "looser",
            Direction::DutyAdded => "duty added",
            Direction::DutyLost => "duty lost",
            Direction::Different => "different",
            Direction::ReasonOnly => "reason only",
        }
    }
}

/// The changes of one answer, by what it was and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChanges {
    /// `pickup.factor`.
    pub name: String,
    /// How many requests change it.
    pub changed: Count,
    /// From and to, most first. Of a set: from and to of each member.
    pub rows: Vec<Row>,
}

/// One line of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The member, for a set; `from` and `to` are then `in`, `out` or `blank`.
    pub member: Option<String>,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
    /// Where that leads; nothing if one of them is blank.
    pub direction: Option<Direction>,
    /// How many requests.
    pub count: Count,
}

/// Requests that change alike and can be described in one breath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// What all of them have in common, to be joined by `and`; empty for every request.
    pub words: Vec<String>,
    /// The same for machines. Among the requests both versions accept, exactly these are the region.
    pub parts: Vec<Part>,
    /// The same as a diagram in the forest of the pair, only requests both versions accept.
    pub requests: Ref,
    /// How many.
    pub count: Count,
    /// Where the changes lead.
    pub directions: Vec<Direction>,
    /// What changes; empty where only reasons do.
    pub changes: Vec<Change>,
    /// One of them, as the newer version takes it.
    pub example: Example,
    /// The same request for the older version, where that has other inputs.
    pub older_request: Option<Vec<(String, String)>>,
    /// What decides the example in the older version.
    pub before: Vec<Deciding>,
    /// What decides it in the newer version.
    pub after: Vec<Deciding>,
}

/// One condition of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The name with this number holds, or does not.
    Named(usize, bool),
    /// The coordinate has one of the classes; an entry for each.
    Classes(CoordinateId, Vec<bool>),
}

/// What becomes of one answer in a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `pickup.factor`.
    pub answer: String,
    /// What it was: one value; several only where it is blank in the other version; of a set nothing unless blank.
    pub from: Vec<String>,
    /// What it is.
    pub to: Vec<String>,
    /// Members that come, of a set.
    pub added: Vec<String>,
    /// Members that go.
    pub lost: Vec<String>,
    /// Where that leads; nothing where it is blank in one version, which follows from another answer.
    pub directions: Vec<Direction>,
}

/// A rule that decides, or `normally`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deciding {
    /// Its name.
    pub rule: String,
    /// Why.
    pub because: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
}

/// Regions that are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct More {
    /// How many; nothing if they were not all worked out.
    pub regions: Option<usize>,
    /// How many requests are in them.
    pub count: Count,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleNews {
    /// Its name; the newer one if it was renamed.
    pub name: String,
    /// What happened.
    pub change: RuleChange,
}

/// What may happen to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It had this name.
    Renamed(String),
    /// It applies to other requests or says something else.
    Changed,
    /// Only its `because` or `cite` changed.
    Reworded,
}
