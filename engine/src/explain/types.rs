//! What an explanation is: plain data for the command line, the browser and other hosts.
//!
//! In: nothing. Out: types. Refuses to know diagrams and how anything was found.

use crate::schema::{AnswerId, DecisionId};
use crate::value::{Part, Status};

/// Who reads the explanation. It holds only what its reader is meant to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// The person concerned: the reasons of the deciding rules, and until when.
    Person,
    /// Who runs the place: also the facts that decided, and what would change the outcome.
    Operator,
    /// Who writes the policy: everything.
    Author,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The decision.
    pub decision: DecisionId,
    /// One answer that is meant; then its own values, members and durations included, are looked for.
    pub answer: Option<AnswerId>,
    /// Who reads it.
    pub audience: Audience,
    /// How many equally near changes are listed for one value.
    pub ties: usize,
}

/// Why nothing can be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The policy has no such decision or answer.
    Unknown,
    /// The node budget is used up: not decided, rather than guessed.
    Undecided,
    /// A change that was found does not do what it should: a fault of the compiler.
    Unverified(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Unknown => write!(f, "the policy has no such decision or answer"),
            Trouble::Undecided => write!(f, "not decided within the budget: the rules entangle too much"),
            Trouble::Unverified(what) => write!(f, "a change was found that does not hold: {what}"),
        }
    }
}

/// Why a request is answered as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The decision's name.
    pub decision: String,
    /// The question it answers; empty if none.
    pub question: String,
    /// How the outcome came about.
    pub status: Status,
    /// The outcome, answer by answer; with a status other than ok the `if unsure` record. Empty for the person.
    pub answers: Vec<Said>,
    /// The reason written with `if unsure`, where that is the outcome; empty if none.
    pub unsure_because: String,
    /// What is wrong with the request, one sentence each.
    pub faults: Vec<Fault>,
    /// The rules that applied: deciding, then overridden, then milder.
    pub rules: Vec<Applied>,
    /// Where facts are unknown and yet the outcome is certain: the completion the rules were read off, in words.
    pub completed: Option<String>,
    /// A sufficient reason for the whole outcome.
    pub reason: Option<Reason>,
    /// A sufficient reason for each answer alone.
    pub reasons: Vec<Reason>,
    /// What would change each answer.
    pub flips: Vec<Flip>,
    /// Until when the outcome stays as it is, for each known moment.
    pub until: Vec<Until>,
    /// What is still open, where facts are unknown.
    pub open: Option<Open>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its name.
    pub answer: String,
    /// Its value as people read it: `pin`, `otp, badge`, `nothing`, `no limit`, `blank`.
    pub value: String,
    /// Every value that is still possible; for sets every member that may still be in or out, in words.
    pub possible: Vec<String>,
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The value of an input is not one it can have: the input, and what it accepts.
    Range(String, String),
    /// A refinement fixed the input at other values: the input, and those.
    Fixed(String, String),
    /// An assumption does not hold: its sentence, or words in place of one.
    Assumption(String),
    /// These assumptions cannot hold together here: their sentences.
    Assumptions(Vec<String>),
}

/// A rule that applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name; `normally` for that.
    pub name: String,
    /// Why, in its words.
    pub because: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
    /// Its part.
    pub part: Part,
    /// What it says of the answers that are not blank: `access is refused`.
    pub says: Vec<String>,
    /// The rules it takes the place of as an exception, nearest first.
    pub overrides: Vec<String>,
    /// The exceptions that take its place.
    pub overridden_by: Vec<String>,
}

/// A sufficient reason: whatever the rest of the request says, as long as it is valid, the outcome is the same; and no
/// fact of it can be left out, nor any of its sets be made larger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The answer; empty for the whole outcome.
    pub answer: String,
    /// What it is about: `access is refused`; empty for the whole outcome.
    pub says: String,
    /// The facts, in schema order.
    pub facts: Vec<Fact>,
}

/// One fact of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The input.
    pub input: String,
    /// What of it matters: `key.risk is at least 4`.
    pub words: String,
    /// By coordinate of the input: the classes that suffice, by class.
    pub classes: Vec<(u16, Vec<bool>)>,
}

/// Who can change an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The person: inputs that are not fixed.
    Person,
    /// The organization: settings, and the groups it keeps.
    Organization,
    /// Nobody: inputs marked `fixed`.
    Nobody,
}

/// What would give an answer another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The answer.
    pub answer: String,
    /// The value wanted: `allowed`; for members of a set `with pin` or `without pin`.
    pub value: String,
    /// Nearest first by who is asked: the person alone, then with the organization where that takes fewer changes, then
    /// anything where that is the only way. Empty where no valid request has the value.
    pub ways: Vec<Ways>,
}

/// The nearest changes that those can make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// The furthest one who has to be asked.
    pub who: Who,
    /// How many inputs change.
    pub inputs: usize,
    /// The first of the equally near changes, in schema order of their inputs.
    pub changes: Vec<Change>,
    /// How many more sets of so many inputs lead there.
    pub more: usize,
    /// Whether there may be even more than that.
    pub at_least: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In words, all of them true together: `method were badge`.
    pub words: Vec<String>,
    /// The inputs that change.
    pub inputs: Vec<String>,
    /// The resulting request, as `keyward decide --request` takes it.
    pub request: Vec<(String, String)>,
    /// The answers that are then different, in words.
    pub then: Vec<String>,
}

/// Until when an outcome stays as it is, while one moment moves on and everything else stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// The moment.
    pub input: String,
    /// What happens next.
    pub next: Next,
    /// Facts that matter here, change with time and are not moved: durations, and calendars kept outside.
    pub unmoved: Vec<String>,
}

/// The next change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// At this day number and minute, civil at the site, these answers change, in words.
    At(i32, u16, Vec<String>),
    /// Not before the end of 2053-12-31, the horizon of all calendars.
    Never,
    /// The moment lies behind that horizon, where nothing is known of single days.
    Beyond,
}

/// What unknown facts leave open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The unknown inputs that can still matter: once these are known the outcome is certain.
    pub worth: Vec<String>,
    /// The one to ask first.
    pub next: Option<Ask>,
}

/// The next question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The input.
    pub input: String,
    /// The share of the remaining valid requests for which the outcome is certain once it is known.
    pub share: String,
    /// How many those are, in decimal.
    pub settled: String,
    /// Of how many.
    pub of: String,
    /// What each answer leads to.
    pub rows: Vec<Row>,
    /// How many rows are left out.
    pub more: usize,
}

/// What an answer to the next question leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The answer in words.
    pub when: String,
    /// The outcome if it is then certain; empty if not.
    pub outcome: Vec<String>,
}
