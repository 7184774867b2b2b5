//! Decision tables against the oracle: every valid request of a small policy, row by row.
//! In: a policy, its model, tables. Out: the first request for which a table is wrong. Refuses to know how tables are made.

use crate::differential::diagram;
use crate::generate::{Requests, to_json};
use keyward::eval;
use keyward::model::Model;
use keyward::schema::{DecisionId, Type};
use keyward::tabulate::{Asks, Cell, Outcome, Reading, Role, Table};
use keyward::typed::{AnswerValue, Policy, RuleId};
use keyward::value::{Part, Request, Source};
use std::collections::{BTreeMap, BTreeSet};

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
    let mut decided: BTreeMap<(usize, usize), BTreeSet<RuleId>> = BTreeMap::new();
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
        let deciding = outcome.why.iter().filter_map(|&(part, source)| match (part, source) {
            (Part::Deciding, Source::Rule(rule)) => Some(rule),
            _ => None,
        });
        let deciding: BTreeSet<RuleId> = deciding.collect();
        for table in (0..tables.len()).filter(|&table| tables[table].role == Role::Answer) {
            for row in case.path(table).map_err(wrong)? {
                decided.entry(row).or_default().extend(&deciding);
            }
        }
        checked += 1;
    }
    behind(policy, (decision, answer), tables, &decided)?;
    Ok(checked)
}

/// The rules named beside a row decide some of its requests; and those that speak of this answer alone are all named.
fn behind(
    policy: &Policy,
    (decision, answer): (DecisionId, usize),
    tables: &[Table],
    decided: &BTreeMap<(usize, usize), BTreeSet<RuleId>>,
) -> Result<(), String> {
    for (&(table, row), rules) in decided {
        let found = &tables[table].rows[row];
        if matches!(tables[table].role, Role::Block(_)) {
            continue;
        }
        let Some(named) = &found.rules else {
            return Err(format!("nobody knows the rules beside row {row} of {}", tables[table].subject));
        };
        let wrong = |what: &str, rule: RuleId| {
            Err(format!("{} {what} beside row {row} of {}", policy.rules[rule].name, tables[table].subject))
        };
        if let Some(&rule) = named.iter().find(|rule| !rules.contains(rule)) {
            return wrong("stands without need", rule);
        }
        // A table of one member names the rules about that member.
        let whole = is_whole(found.outcome, tables);
        let alone = |rule: &RuleId| policy.rules[*rule].effects.iter().all(|effect| effect.answer == answer);
        let mut own = rules.iter().filter(|rule| policy.rules[**rule].decision == decision && alone(rule));
        if let Some(&rule) = own.find(|rule| whole && !named.contains(rule)) {
            return wrong("is missing", rule);
        }
    }
    Ok(())
}

/// Whether an outcome is about an answer as a whole.
fn is_whole(outcome: Outcome, tables: &[Table]) -> bool {
    match outcome {
        Outcome::Value(_) => true,
        Outcome::Member(..) | Outcome::Part(_) => false,
        Outcome::Continued(place) => tables[place].rows.iter().all(|row| is_whole(row.outcome, tables)),
    }
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
    /// The rows a request goes through: a table's, and those of the tables it goes on to.
    fn path(&self, table: usize) -> Result<Vec<(usize, usize)>, String> {
        let mut path = Vec::new();
        let mut next = Some(table);
        while let Some(table) = next {
            let (row, outcome) = self.row(&self.tables[table])?;
            path.push((table, row));
            next = match outcome {
                Outcome::Continued(place) => Some(place),
                _ => None,
            };
        }
        Ok(path)
    }

    /// What a table says; an error where no row fits, or more than one of a table that allows only one.
    fn outcome(&self, table: &Table) -> Result<Outcome, String> {
        match self.row(table)?.1 {
            Outcome::Continued(place) => self.outcome(&self.tables[place]),
            outcome => Ok(outcome),
        }
    }

    /// The row of a table that fits.
    fn row(&self, table: &Table) -> Result<(usize, Outcome), String> {
        let mut fitting = Vec::new();
        for (number, row) in table.rows.iter().enumerate() {
            let mut fits = true;
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                fits = fits && (cell.choices.is_empty() || cell.choices[self.choice(column.asks)?]);
            }
            if fits {
                fitting.push((number, row.outcome));
            }
        }
        match (fitting.as_slice(), table.reading) {
            ([], _) => Err(format!("no row of {} fits", table.subject)),
            ([only], _) => Ok(*only),
            ([first, ..], Reading::TopDown) => Ok(*first),
            (many, Reading::OneRow) => Err(format!("{} rows of {} fit", many.len(), table.subject)),
        }
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
