//! Everything a condition or an effect can name, resolved.
//! In: filled by the checks of each kind, in turn. Out: look-ups. Refuses to report anything.

use super::bits::Bits;
use crate::ast::{LiteralKind, Name};
use crate::schema::{AnswerId, Decision, DecisionId, Input, InputId, Label, Schema, Type};
use crate::span::Span;
use crate::typed::{CalendarId, TermId};
use std::collections::{BTreeMap, BTreeSet};

/// The names of a policy.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// Inputs, settings, facts and decisions.
    pub(super) schema: Schema,
    /// Inputs and settings by name.
    pub(super) inputs: BTreeMap<String, InputId>,
    /// What is kept outside by name; it is not tested by its name.
    pub(super) outside: BTreeMap<String, InputId>,
    /// Constants by name.
    pub(super) constants: BTreeMap<String, Constant>,
    /// Groups by name.
    pub(super) groups: BTreeMap<String, Group>,
    /// Calendars by name.
    pub(super) calendars: BTreeMap<String, Calendar>,
    /// Terms by name.
    pub(super) terms: BTreeMap<String, TermId>,
    /// What each term mentions.
    pub(super) mentions: Vec<Mentions>,
    /// Answers by their bare name.
    pub(super) answers: BTreeMap<String, Vec<(DecisionId, AnswerId)>>,
    /// Answers whose `only when` is not understood, by the place of their name.
    pub(super) unclear: BTreeSet<Span>,
    /// For each kind of identifier the numbers of the names the policy mentions.
    pub(super) known: Vec<BTreeMap<String, usize>>,
    /// For each decision the number of answers before its own.
    pub(super) offsets: Vec<usize>,
}

/// A constant.
pub(super) struct Constant {
    /// What it stands for, after `fix`.
    pub(super) value: LiteralKind,
    /// Where it is declared.
    pub(super) span: Span,
}

/// A group.
pub(super) struct Group {
    /// The input it is of.
    pub(super) of: InputId,
    /// Its members.
    pub(super) members: Members,
    /// Where it is declared.
    pub(super) span: Span,
}

/// The members of a group.
pub(super) enum Members {
    /// Indexes of values, or of known identifiers.
    Listed(Vec<u32>),
    /// The fact that says whether the input is a member.
    Outside(InputId),
}

/// A calendar.
pub(super) enum Calendar {
    /// One that is written down.
    Defined(CalendarId),
    /// One kept outside: the fact, and the moment it is about.
    Outside(InputId, InputId),
    /// One that could not be understood, or is kept outside and about no moment.
    Unknown,
}

/// What a term or condition mentions, also through terms.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mentions {
    /// Optional inputs tested for a value.
    pub(super) optional: Bits,
    /// Optional inputs tested for being set.
    pub(super) set: Bits,
    /// Answers, numbered through all decisions.
    pub(super) answers: Bits,
    /// How deep its terms nest.
    pub(super) depth: usize,
}

impl Mentions {
    /// Takes over what a term mentions.
    pub(super) fn add(&mut self, other: Mentions) {
        self.optional.add(other.optional);
        self.set.add(other.set);
        self.answers.add(other.answers);
        self.depth = self.depth.max(other.depth);
    }
}

/// What stands on the left of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// An input, or a part of it.
    Input(InputId, Part),
    /// An answer.
    Answer(DecisionId, AnswerId),
}

/// Which part of an input is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// The date of a moment.
    Date,
    /// The minute of the day of a moment.
    Time,
    /// The weekday of a moment or a date.
    Weekday,
}

impl Vocabulary {
    /// Enters the decisions.
    pub(super) fn set_decisions(&mut self, decisions: Vec<Decision>) {
        let mut offset = 0;
        for (id, decision) in decisions.iter().enumerate() {
            self.offsets.push(offset);
            offset += decision.answers.len();
            for (answer, declared) in decision.answers.iter().enumerate() {
                self.answers.entry(declared.name.clone()).or_default().push((id, answer));
            }
        }
        self.schema.decisions = decisions;
    }

    /// An input by its number.
    pub(super) fn input(&self, id: InputId) -> &Input {
        &self.schema.inputs[id]
    }

    /// The number of an answer among those of all decisions.
    pub(super) fn answer_number(&self, decision: DecisionId, answer: AnswerId) -> usize {
        self.offsets[decision] + answer
    }

    /// The left side of a test: an input comes before a part of a moment, that before an answer.
    pub(super) fn subject(&self, name: &str) -> Option<Subject> {
        if let Some(&input) = self.inputs.get(name) {
            return Some(Subject::Input(input, Part::Whole));
        }
        if let Some((beginning, last)) = name.rsplit_once('.') {
            if let Some(&input) = self.inputs.get(beginning) {
                return self.part(input, last).map(|part| Subject::Input(input, part));
            }
            let decision = self.schema.decisions.iter().position(|decision| decision.name == beginning)?;
            let answer = self.schema.decisions[decision].answers.iter().position(|answer| answer.name == last)?;
            return Some(Subject::Answer(decision, answer));
        }
        match self.answers.get(name).map(Vec::as_slice) {
            Some(&[(decision, answer)]) => Some(Subject::Answer(decision, answer)),
            _ => None,
        }
    }

    fn part(&self, input: InputId, name: &str) -> Option<Part> {
        match (&self.input(input).ty, name) {
            (Type::Moment(_), "date") => Some(Part::Date),
            (Type::Moment(_), "time") => Some(Part::Time),
            (Type::Moment(_) | Type::Date(..), "weekday") => Some(Part::Weekday),
            _ => None,
        }
    }

    /// The answer an effect names, bare or with its decision.
    pub(super) fn effect_answer(&self, name: &Name) -> Option<(DecisionId, AnswerId)> {
        match self.answers.get(&name.text).map(Vec::as_slice) {
            Some(&[one]) => return Some(one),
            Some(_) => return None,
            None => {}
        }
        match self.subject(&name.text) {
            Some(Subject::Answer(decision, answer)) => Some((decision, answer)),
            _ => None,
        }
    }

    /// The full names of all answers.
    pub(super) fn answer_names(&self) -> Vec<String> {
        let of = |decision: &Decision| {
            decision.answers.iter().map(|answer| format!("{}.{}", decision.name, answer.name)).collect::<Vec<_>>()
        };
        self.schema.decisions.iter().flat_map(of).collect()
    }
}

/// The position of a label.
pub(super) fn label(labels: &[Label], name: &str) -> Option<u32> {
    labels.iter().position(|label| label.name == name).and_then(|at| u32::try_from(at).ok())
}
