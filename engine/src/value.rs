//! One request and one outcome, as plain values.
//! In: nothing. Out: what hosts ask and get. Refuses to know bytes, JSON or rules.

use crate::schema::{InputId, Schema, Value};
use crate::typed::{AnswerValue, RuleId};

/// A request: a value for each input of the schema, `None` where it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// By input.
    pub values: Vec<Option<Value>>,
}

impl Request {
    /// A request in which settings have their defaults and everything else is unknown.
    pub fn unknown(schema: &Schema) -> Self {
        Request { values: schema.inputs.iter().map(|input| input.default.clone()).collect() }
    }

    /// The value of an input, if it is known.
    pub fn get(&self, input: InputId) -> Option<&Value> {
        self.values.get(input).and_then(Option::as_ref)
    }

    /// Sets the value of an input.
    pub fn set(&mut self, input: InputId, value: Value) {
        if self.values.len() <= input {
            self.values.resize(input + 1, None);
        }
        self.values[input] = Some(value);
    }

    /// Whether every input is known.
    pub fn is_complete(&self) -> bool {
        self.values.iter().all(Option::is_some)
    }
}

/// How a decision came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The rules decided.
    Ok,
    /// A fact that matters is unknown: the `if unsure` record.
    UnsureMissing,
    /// A value is out of range or the request breaks an assumption: the `if unsure` record.
    UnsureInvalid,
    /// The request was packed for another schema: the `if unsure` record.
    SchemaMismatch,
    /// The outcome asks for a duty the host cannot perform: the `if unsure` record.
    DutyUnsupported,
}

impl Status {
    /// The word in JSON answers.
    pub fn word(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::UnsureMissing => "unsure-missing",
            Status::UnsureInvalid => "unsure-invalid",
            Status::SchemaMismatch => "schema-mismatch",
            Status::DutyUnsupported => "duty-unsupported",
        }
    }
}

/// The part a rule played in one decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Something it says is in the outcome.
    Deciding,
    /// It applied, and an exception took its place.
    Overridden,
    /// It applied, and something stricter or shorter won.
    Milder,
}

/// A rule that applied, or `normally`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A rule or exception.
    Rule(RuleId),
    /// The decision's `normally`.
    Normally,
}

/// The outcome of one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it came about.
    pub status: Status,
    /// A value for each answer of the decision.
    pub answers: Vec<AnswerValue>,
    /// The rules that applied: deciding, then overridden, then milder, each in source order, `normally` last of its part.
    pub why: Vec<(Part, Source)>,
}
