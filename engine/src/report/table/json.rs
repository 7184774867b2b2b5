//! Tables as JSON.
//!
//! In: tables. Out: an array with an object for each answer. Refuses to know: which command asked.

use crate::render::json::{array, object, string};
use crate::tabulate::{Asks, Outcome, Reading, Role, Row, Table, Tables};
use crate::typed::{Policy, RuleId};

/// The tables of some answers.
#[must_use]
pub fn json(all: &[Tables], policy: &Policy) -> String {
    array(all.iter().map(|one| answer(one, policy)))
}

fn answer(tables: &Tables, policy: &Policy) -> String {
    let mut fields = vec![
        ("answer", string(&tables.name)),
        ("text", string(&tables.text)),
        ("requests", string(&tables.requests.requests)),
        ("valid_requests", string(&tables.requests.of)),
        ("notes", array(tables.notes.iter().map(|note| string(note)))),
    ];
    match &tables.tables {
        Ok(found) => fields.push(("tables", array(found.iter().map(|one| table(one, policy))))),
        Err(long) => {
            let out = |(condition, rows): &(String, usize)| {
                object(&[("where", string(condition)), ("rows", rows.to_string())])
            };
            let rows = long.rows.map_or("null".to_string(), |rows| rows.to_string());
            fields.push((
                "too_long",
                object(&[
                    ("rows", rows),
                    ("because", array(long.because.iter().map(|name| string(name)))),
                    ("ways_out", array(long.ways_out.iter().map(out))),
                ]),
            ));
        }
    }
    object(&fields)
}

fn table(table: &Table, policy: &Policy) -> String {
    let role = match table.role {
        Role::Answer => "answer",
        Role::Continued => "continued",
        Role::Block(_) => "block",
    };
    let reading = match table.reading {
        Reading::OneRow => "one row",
        Reading::TopDown => "top down",
    };
    let columns = table.columns.iter().map(|column| {
        let kind = match column.asks {
            Asks::Class(_) => "input",
            Asks::Term(_) => "term",
            Asks::Gate(_) => "answer",
            Asks::Block(_) => "block",
        };
        object(&[("name", string(&column.name)), ("kind", string(kind)), ("text", string(&column.text))])
    });
    object(&[
        ("name", string(&table.name)),
        ("subject", string(&table.subject)),
        ("role", string(role)),
        ("reading", string(reading)),
        ("columns", array(columns)),
        ("rows", array(table.rows.iter().map(|one| row(one, policy)))),
    ])
}

fn row(row: &Row, policy: &Policy) -> String {
    let cell = |words: &String| if words.is_empty() { "null".to_string() } else { string(words) };
    let goes_on = match row.outcome {
        Outcome::Continued(place) => place.to_string(),
        _ => "null".to_string(),
    };
    object(&[
        ("cells", array(row.cells.iter().map(|one| cell(&one.words)))),
        ("outcome", string(&row.words)),
        ("goes_on", goes_on),
        ("when", string(&row.sentence)),
        ("requests", string(&row.count.requests)),
        ("share", string(&row.count.share)),
        ("rules", rules(row.rules.as_deref(), policy)),
    ])
}

/// Names, or null where nobody knows them.
fn rules(found: Option<&[RuleId]>, policy: &Policy) -> String {
    let names = |rules: &[RuleId]| {
        array(rules.iter().filter_map(|&rule| policy.rules.get(rule)).map(|rule| string(&rule.name)))
    };
    found.map_or_else(|| "null".to_string(), names)
}
