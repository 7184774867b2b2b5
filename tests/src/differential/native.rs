//! The native table walk as a decider: what a lock box runs.
//! In: a table, packed requests. Out: what the table says. Refuses to know the diagrams it came from.

use super::Answered;
use keyward::schema::{AnswerKind, DecisionId, Schema};
use keyward::typed::AnswerValue;
use keyward::value::{Part, Source, Status};
use keyward_evaluator::layout::{BLANK, NO_GATE, NO_LIMIT, NORMALLY};
use keyward_evaluator::{Scratch, Table};
use std::collections::BTreeSet;

/// A table with its working memory.
pub struct Native<'a> {
    table: Table<&'a [u8]>,
    schema: &'a Schema,
    scratch: Scratch,
    room: Vec<u8>,
}

impl<'a> Native<'a> {
    /// A view of a table.
    pub fn new(table: &'a [u8], schema: &'a Schema) -> Self {
        Native { table: Table::new(table), schema, scratch: Scratch::new(), room: vec![0; 16 * 1024] }
    }

    /// Decides a packed request; with the reasons if everything is known.
    pub fn decide(&mut self, decision: DecisionId, request: &[u8], complete: bool) -> Answered {
        let number = decision as u32;
        keyward_evaluator::decide(&self.table, number, request, self.room.as_mut_slice(), &mut self.scratch);
        let status = status(word(&self.room, 0));
        let answers = self.answers(decision);
        let why = complete.then(|| {
            let count =
                keyward_evaluator::why(&self.table, number, request, self.room.as_mut_slice(), &mut self.scratch);
            reasons(&self.room, count as usize)
        });
        Answered { status, answers, why }
    }

    /// The values each answer can still have; for a set, each member by itself.
    pub fn possible(&mut self, decision: DecisionId, request: &[u8]) -> (Status, Vec<Left>) {
        let number = decision as u32;
        keyward_evaluator::partial(&self.table, number, request, self.room.as_mut_slice(), &mut self.scratch);
        let status = status(word(&self.room, 0));
        let found = self.table.decision(number);
        let answers = self.schema.decisions[decision].answers.iter().enumerate();
        let left = answers.map(|(number, declared)| {
            let words: Vec<u32> = (0..8).map(|at| word(&self.room, 1 + number * 8 + at)).collect();
            if let AnswerKind::SetOf(_) = declared.kind {
                return Left::Members { may_be_in: words[0], may_be_out: words[1], blank: words[2] & 1 != 0 };
            }
            let value = |place: u32| match (&declared.kind, found) {
                (_, _) if place == 255 => AnswerValue::Blank,
                (AnswerKind::Shortest(_), Some(found)) => duration(found.answer(number).duration(place)),
                _ => AnswerValue::Choice(place as u8),
            };
            let bits = (0..256u32).filter(|place| words[(place / 32) as usize] >> (place % 32) & 1 == 1);
            Left::Values(bits.map(value).collect())
        });
        (status, left.collect())
    }

    fn answers(&self, decision: DecisionId) -> Vec<AnswerValue> {
        answers(&self.table, self.schema, decision, |number| word(&self.room, 1 + number))
    }
}

/// The answers in the words of an outcome.
pub fn answers(
    table: &Table<&[u8]>,
    schema: &Schema,
    decision: DecisionId,
    word: impl Fn(usize) -> u32,
) -> Vec<AnswerValue> {
    let Some(found) = table.decision(decision as u32) else { return Vec::new() };
    let declared = schema.decisions[decision].answers.iter().enumerate();
    let read = declared.map(|(number, declared)| {
        let answer = found.answer(number);
        let first = word(answer.word());
        match declared.kind {
            AnswerKind::SetOf(_) if answer.gate() != NO_GATE && word(answer.word() + 1) == BLANK => AnswerValue::Blank,
            AnswerKind::SetOf(_) => AnswerValue::Set(first),
            _ if first == BLANK => AnswerValue::Blank,
            AnswerKind::Shortest(_) => duration(first),
            _ => AnswerValue::Choice(first as u8),
        }
    });
    read.collect()
}

/// What is left of an answer of a partly known request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// These values.
    Values(BTreeSet<AnswerValue>),
    /// Of a set: its members one by one.
    Members {
        /// Members that some completion has.
        may_be_in: u32,
        /// Members that some completion does not have.
        may_be_out: u32,
        /// Whether some completion blanks the answer.
        blank: bool,
    },
}

fn duration(minutes: u32) -> AnswerValue {
    if minutes == NO_LIMIT { AnswerValue::NoLimit } else { AnswerValue::Duration(minutes) }
}

/// The word of a number in a result.
pub fn word(bytes: &[u8], number: usize) -> u32 {
    bytes.get(number * 4..number * 4 + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// The status of a code.
pub fn status(code: u32) -> Status {
    match code {
        0 => Status::Ok,
        1 => Status::UnsureMissing,
        2 => Status::UnsureInvalid,
        4 => Status::DutyUnsupported,
        _ => Status::SchemaMismatch,
    }
}

/// The rules a trace lists.
pub fn reasons(bytes: &[u8], count: usize) -> Vec<(Part, Source)> {
    let read = |place: usize| {
        let entry = word(bytes, 2 + place);
        let part = match entry >> 16 {
            0 => Part::Deciding,
            1 => Part::Overridden,
            _ => Part::Milder,
        };
        let number = entry & 0xFFFF;
        (part, if number == NORMALLY { Source::Normally } else { Source::Rule(number as usize) })
    };
    let mut all: Vec<(Part, Source)> = (0..count).map(read).collect();
    all.sort_unstable();
    all
}
