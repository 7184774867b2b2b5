//! Decision tables written down.
//!
//! In: the tables of some answers. Out: text for a terminal, Markdown, CSV, HTML or JSON.
//! Refuses to know: how rows were found. Every format holds every row, and says what an empty cell means.

mod csv;
mod html;
mod json;
mod markdown;
mod text;

pub use csv::{csv, csv_line};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use text::text;

use crate::render::{grouped, visible};
use crate::tabulate::{MOST_ROWS, Reading, Role, Table, Tables, TooLong};

/// How to read a table, in one sentence.
fn how_to_read(table: &Table) -> String {
    let anything = "an empty cell means anything";
    match (table.role, table.reading) {
        (Role::Block(_), _) => format!("Which part a request is in; {anything}."),
        (Role::Continued, _) => format!("Goes on where a row sends here; {anything}."),
        (Role::Answer, Reading::OneRow) => format!("Each request is in exactly one row; {anything}."),
        (Role::Answer, Reading::TopDown) => {
            format!("Read from the top: the first row that fits answers; {anything}.")
        }
    }
}

/// The heading of a table.
fn title(table: &Table) -> String {
    let subject = visible(&table.subject);
    match table.role {
        Role::Answer => subject,
        Role::Continued => format!("Table {}: {subject}, continued", table.name),
        Role::Block(_) => format!("Block {}", table.name),
    }
}

/// Of which requests the tables speak.
fn scope(tables: &Tables) -> String {
    let count = grouped(&tables.requests.requests);
    if tables.requests.requests == tables.requests.of {
        return format!("{count} valid requests.");
    }
    format!("{count} of {} valid requests ({}).", grouped(&tables.requests.of), tables.requests.share)
}

/// Why there is no table, and what to do, as sentences.
fn too_long(tables: &Tables, long: &TooLong) -> Vec<String> {
    let name = visible(&tables.name);
    let rows = match long.rows {
        Some(rows) => format!(
            "The table of {name} would have {} rows; {MOST_ROWS} is the most that anybody reads.",
            grouped(&rows.to_string())
        ),
        None => format!("The table of {name} would be far too long to read."),
    };
    let mut said = vec![rows];
    if !long.because.is_empty() {
        said.push(format!("It is long because of {}.", visible(&long.because.join(", "))));
    }
    for (condition, rows) in &long.ways_out {
        let rows = if *rows == 1 { "1 row".to_string() } else { format!("{rows} rows") };
        said.push(format!("With --where '{}' it has {rows}.", visible(condition)));
    }
    if long.ways_out.is_empty() {
        said.push("Narrow it with --where CONDITION, several times if need be, or name another --answer.".to_string());
    }
    said
}

/// The columns whose names need explaining, each once: name and meaning.
fn meanings(tables: &[Table]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.columns) {
        let entry = (visible(&column.name), visible(&column.text));
        if !entry.1.is_empty() && !found.contains(&entry) {
            found.push(entry);
        }
    }
    found
}

/// The heading of the last column.
fn outcome_heading(table: &Table) -> String {
    match table.role {
        Role::Block(_) => "part".to_string(),
        Role::Answer | Role::Continued => visible(&table.subject),
    }
}
