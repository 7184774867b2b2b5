//! Decision tables against the oracle: every valid request of a small policy, row by row.
//! In: a policy, its model, tables. Out: the first request for which a table is wrong. Refuses to know how tables are made.

use crate::differential::diagram;
use crate::generate::{Requests, to_json};
use keyward::eval;
use keyward::model::Model;
use keyward::schema::{DecisionId, Type};
use keyward::tabulate::{Asks, Cell, Outcome, Reading, Role, Table};
use keyward::typed::{AnswerValue, Policy};
use keyward::value::Request;

/// Every request that stands for others, if there are at most so many.
pub fn requests(policy: &Policy, most: usize) -> Option<Vec<Request>> {
    let made = Requests::new(policy);
    let mut all = vec![Request::default()];
    for input in 0..policy.schema.inputs.len() {
        let mut next = Vec::new();
        // Only identifiers depend on what the request names already.
        let same = match policy.schema.inputs[input].ty {
            Type::Identifier(_) => None,
            _ => Some(made.candidates(input, &Request::default())),
        };
        for request in &all {
            let values = same.clone().unwrap_or_else(|| made.candidates(input, request));
            for value in values {
                let mut longer = request.clone();
                longer.set(input, value);
                next.push(longer);
            }
            if next.len() > most {
                return None;
            }
        }
        all = next;
    }
    Some(all)
}

/// Checks the tables of one answer on all these requests.
pub fn check(
    policy: &Policy,
    model: &Model,
    (decision, answer): (DecisionId, usize),
    tables: &[Table],
    requests: &[Request],
) -> Result<usize, String> {
    words(model, tables)?;
    let mut checked = 0;
    for request in requests.iter().filter(|request| eval::is_valid(policy, request)) {
        let outcome = eval::decide(policy, decision, request).map_err(|undecided| format!("{undecided:?}"))?;
        let classes = diagram::classes(model, request).ok_or("a valid request has no classes")?;
        let case = Case { policy, request, classes: &classes, answers: &outcome.answers, decision, answer, tables };
        let wrong = |what: String| format!("{what}\n  for {}", to_json(&policy.schema, request));
        for table in tables.iter().filter(|table| table.role == Role::Answer) {
            let said = case.outcome(table).map_err(wrong)?;
            let expected = outcome.answers[answer];
            let right = match (said, expected) {
                (Outcome::Value(said), expected) => said == expected,
                (Outcome::Member(member, is_in), AnswerValue::Set(set)) => (set >> member & 1 == 1) == is_in,
                _ => false,
            };
            if !right {
                return Err(wrong(format!("{} says {said:?}, the oracle {expected:?}", table.subject)));
            }
        }
        checked += 1;
    }
    Ok(checked)
}

/// Cells that differ must read differently, and only a cell that asks nothing is empty.
fn words(model: &Model, tables: &[Table]) -> Result<(), String> {
    for table in tables {
        for at in 0..table.columns.len() {
            let cells: Vec<_> = table.rows.iter().map(|row| &row.cells[at]).collect();
            for (number, cell) in cells.iter().enumerate() {
                if cell.words.is_empty() != cell.choices.is_empty() {
                    return Err(format!("a cell of {} reads {:?}", table.columns[at].name, cell.words));
                }
                let seen = |choices: &[bool]| seen(model, table.columns[at].asks, choices);
                let alike = |other: &&&Cell| other.words == cell.words && seen(&other.choices) != seen(&cell.choices);
                if let Some(other) = cells[..number].iter().find(alike) {
                    return Err(format!("two cells of {} read {:?}", table.columns[at].name, other.words));
                }
            }
        }
    }
    Ok(())
}

/// The choices that words can speak of: classes that hold a day of the horizon.
fn seen(model: &Model, asks: Asks, choices: &[bool]) -> Vec<bool> {
    match asks {
        Asks::Class(coordinate) => {
            let weights = &model.coordinates[usize::from(coordinate)].weights;
            choices.iter().zip(weights).filter(|(_, weight)| **weight > 0).map(|(choice, _)| *choice).collect()
        }
        _ => choices.to_vec(),
    }
}

/// One request among the tables of one answer.
struct Case<'a> {
    policy: &'a Policy,
    request: &'a Request,
    classes: &'a [u32],
    answers: &'a [AnswerValue],
    decision: DecisionId,
    answer: usize,
    tables: &'a [Table],
}

impl Case<'_> {
    /// What a table says; an error where no row fits, or more than one of a table that allows only one.
    fn outcome(&self, table: &Table) -> Result<Outcome, String> {
        let mut fitting = Vec::new();
        for row in &table.rows {
            let mut fits = true;
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                fits = fits && (cell.choices.is_empty() || cell.choices[self.choice(column.asks)?]);
            }
            if fits {
                fitting.push(row.outcome);
            }
        }
        match (fitting.as_slice(), table.reading) {
            ([], _) => Err(format!("no row of {} fits", table.subject)),
            ([only], _) => Ok(*only),
            ([first, ..], Reading::TopDown) => Ok(*first),
            (many, Reading::OneRow) => Err(format!("{} rows of {} fit", many.len(), table.subject)),
        }
        .and_then(|outcome| match outcome {
            Outcome::Continued(place) => self.outcome(&self.tables[place]),
            outcome => Ok(outcome),
        })
    }

    /// Which choice of a column the request has.
    fn choice(&self, asks: Asks) -> Result<usize, String> {
        match asks {
            Asks::Class(coordinate) => Ok(self.classes[usize::from(coordinate)] as usize),
            Asks::Term(term) => {
                let holds = eval::holds(self.policy, &self.policy.terms[term].condition, self.request);
                holds.map(|holds| usize::from(!holds)).map_err(|undecided| format!("{undecided:?}"))
            }
            Asks::Gate(gate) => {
                let wanted = self.policy.schema.decisions[self.decision].answers[self.answer].only_when;
                let open =
                    wanted.is_some_and(|(of, value)| of == gate && self.answers[gate] == AnswerValue::Choice(value));
                Ok(usize::from(!open))
            }
            Asks::Block(number) => {
                let found = self.tables.iter().find(|table| table.role == Role::Block(number));
                let table = found.ok_or(format!("block {number} is not explained"))?;
                match self.outcome(table)? {
                    Outcome::Part(part) => Ok(part),
                    other => Err(format!("block {number} says {other:?}")),
                }
            }
        }
    }
}
