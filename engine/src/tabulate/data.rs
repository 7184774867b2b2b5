//! Decision tables as plain data, for writers and for hosts.
//!
//! In: nothing (built by the other files here). Out: tables that say everything in words and, beside that, which classes a
//! cell stands for. Refuses to know: how wide a page is.

use crate::diagnostic::Count;
use crate::model::CoordinateId;
use crate::schema::{AnswerId, DecisionId};
use crate::typed::{AnswerValue, RuleId, TermId};

/// Most rows of a table that is shown.
pub const MOST_ROWS: usize = 200;

/// The tables of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// The decision.
    pub decision: DecisionId,
    /// The answer.
    pub answer: AnswerId,
    /// `swap.access`.
    pub name: String,
    /// The question of the decision, or what the answer means; empty if neither is written.
    pub text: String,
    /// How many requests the tables speak of, and of how many valid ones.
    pub requests: Count,
    /// What the reader should know about the form: why members stand apart, and the like.
    pub notes: Vec<String>,
    /// The tables, or why there are none. Those that others go on to, and the meaning of blocks, stand last.
    pub tables: Result<Vec<Table>, TooLong>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is called where others refer to it: `A`, `B`; empty for the first.
    pub name: String,
    /// What the outcome is: `swap.access`, `swap.record includes exempt_role`, `block A`.
    pub subject: String,
    /// What the table is for.
    pub role: Role,
    /// How rows are read.
    pub reading: Reading,
    /// The columns, those that decide most first.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// What a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It answers for every request.
    Answer,
    /// It answers for the requests that a row of another table sends to it.
    Continued,
    /// It says which part of a block a request is in; the number is that of the block.
    Block(usize),
}

/// How the rows of a table are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Each request is in exactly one row.
    OneRow,
    /// From the top: the first row a request fits answers.
    TopDown,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What is asked.
    pub asks: Asks,
    /// The heading: `key.custody`, `closed`, `person.roles include guard`.
    pub name: String,
    /// What the name means to people; empty if that is not written.
    pub text: String,
}

/// What a column asks of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The class of a coordinate.
    Class(CoordinateId),
    /// Whether a term holds: choice 0 yes, 1 no.
    Term(TermId),
    /// Whether an earlier answer has the value without which this one is blank: choice 0 yes, 1 no.
    Gate(AnswerId),
    /// Which part of a block the request is in: the number of the block.
    Block(usize),
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// What follows.
    pub outcome: Outcome,
    /// The outcome in words.
    pub words: String,
    /// The condition as one sentence: `key.custody is held and closed`; empty where nothing is asked.
    pub sentence: String,
    /// How many requests are in it; read top down, how many it decides.
    pub count: Count,
    /// The rules whose words stand in it for some of its requests; no rule where only `normally` speaks. Unknown in blocks,
    /// where nobody wished for them, and where finding them would have taken too many diagram nodes.
    pub rules: Option<Vec<RuleId>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which choices of the column fit; empty when the column does not matter here.
    pub choices: Vec<bool>,
    /// In words; empty when the column does not matter here.
    pub words: String,
}

/// What follows from a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The answer has this value.
    Value(AnswerValue),
    /// The member of the set answer is in it or not: its number, and which.
    Member(u8, bool),
    /// The request is in this part of the block.
    Part(usize),
    /// Another table goes on: its place in the list.
    Continued(usize),
}

/// Why there is no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// How many rows it would have; nothing where even counting them was given up.
    pub rows: Option<usize>,
    /// The inputs that make it long, most first.
    pub because: Vec<String>,
    /// What makes it short enough to read: a `--where` and the rows that are left.
    pub ways_out: Vec<(String, usize)>,
}
