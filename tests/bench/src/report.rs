//! What was measured, written down: tables and goals, for people and for machines.
//! In: cells and goals. Out: text or JSON. Refuses to measure.

use serde_json::{Value, json};
use std::fmt::Write;

/// One field of a table.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A word.
    Word(String),
    /// An exact number.
    Count(u64),
    /// A measured number and how many decimals are shown.
    Measured(f64, usize),
    /// Nothing to say here.
    Nothing,
}

impl Cell {
    /// A word.
    pub fn word(text: impl Into<String>) -> Self {
        Self::Word(text.into())
    }

    /// An exact number.
    pub fn count(number: usize) -> Self {
        Self::Count(number as u64)
    }

    fn text(&self) -> String {
        match self {
            Self::Word(text) => text.clone(),
            Self::Count(number) => thousands(&number.to_string()),
            Self::Measured(number, decimals) => {
                let text = format!("{number:.decimals$}");
                let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
                let whole = thousands(whole);
                rest.map_or(whole.clone(), |rest| format!("{whole}.{rest}"))
            }
            Self::Nothing => "-".to_string(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Word(text) => json!(text),
            Self::Count(number) => json!(number),
            Self::Measured(number, _) => json!(number),
            Self::Nothing => Value::Null,
        }
    }
}

/// One table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What stands above it.
    pub title: String,
    /// What the reader must know to read it.
    pub note: String,
    /// The heads of its columns.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A figure that has to stay at or below a limit.
#[derive(Clone, Debug)]
pub struct Goal {
    /// What is limited.
    pub what: String,
    /// What was measured.
    pub measured: f64,
    /// The floor: what has to be reached.
    pub limit: f64,
    /// What is aimed at, if that is more.
    pub aim: Option<f64>,
    /// The unit.
    pub unit: &'static str,
}

impl Goal {
    /// A goal without an aim beyond it.
    pub fn new(what: impl Into<String>, measured: f64, limit: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, limit, aim: None, unit }
    }

    /// The same, with an aim.
    pub fn aiming(self, aim: f64) -> Self {
        Self { aim: Some(aim), ..self }
    }

    fn verdict(&self) -> &'static str {
        match self.aim {
            _ if self.measured > self.limit => "MISSED",
            Some(aim) if self.measured <= aim => "met, aim met",
            _ => "met",
        }
    }
}

/// Everything that was measured.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// With what, as pairs of a name and a value.
    pub measured_with: Vec<(&'static str, String)>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The goals.
    pub goals: Vec<Goal>,
}

impl Report {
    /// The report for people: Markdown, in columns that line up in a terminal.
    pub fn text(&self) -> String {
        let mut out = String::from("Measured with\n\n");
        for (name, value) in &self.measured_with {
            let _ = writeln!(out, "- {name}: {value}");
        }
        for table in &self.tables {
            let _ = write!(out, "\n## {}\n\n", table.title);
            if !table.note.is_empty() {
                let _ = write!(out, "{}\n\n", table.note);
            }
            let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(Cell::text).collect()).collect();
            grid(&mut out, &table.columns, &rows);
        }
        if !self.goals.is_empty() {
            let missed = self.goals.iter().filter(|goal| goal.measured > goal.limit).count();
            let _ = write!(out, "\n## Goals: {} met, {missed} missed\n\n", self.goals.len() - missed);
            let rows: Vec<Vec<String>> = self.goals.iter().map(row_of).collect();
            grid(&mut out, &["figure", "measured", "at most", "aim", "unit", "verdict"], &rows);
        }
        out
    }

    /// The report for machines.
    pub fn json(&self) -> String {
        let with: serde_json::Map<String, Value> =
            self.measured_with.iter().map(|(name, value)| ((*name).to_string(), json!(value))).collect();
        let tables: Vec<Value> = self
            .tables
            .iter()
            .map(|table| {
                let rows: Vec<Vec<Value>> = table.rows.iter().map(|row| row.iter().map(Cell::json).collect()).collect();
                json!({"title": table.title, "note": table.note, "columns": table.columns, "rows": rows})
            })
            .collect();
        let goals: Vec<Value> = self
            .goals
            .iter()
            .map(|goal| {
                json!({
                    "figure": goal.what, "measured": goal.measured, "at_most": goal.limit, "aim": goal.aim,
                    "unit": goal.unit, "met": goal.measured <= goal.limit,
                })
            })
            .collect();
        json!({"measured_with": with, "tables": tables, "goals": goals}).to_string()
    }
}

fn row_of(goal: &Goal) -> Vec<String> {
    let exact = goal.measured.fract() == 0.0 && goal.limit.fract() == 0.0;
    let number = |number: f64| Cell::Measured(number, if exact { 0 } else { 2 }).text();
    let aim = goal.aim.map_or("-".to_string(), number);
    let verdict = goal.verdict().to_string();
    vec![goal.what.clone(), number(goal.measured), number(goal.limit), aim, goal.unit.to_string(), verdict]
}

fn grid(out: &mut String, columns: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let fields = rows.iter().filter_map(|row| row.get(column)).map(|field| field.chars().count());
        fields.chain(columns.get(column).map(|head| head.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut line = |fields: &[String]| {
        for (field, width) in fields.iter().zip(&widths) {
            let _ = write!(out, "| {field:>width$} ");
        }
        out.push_str("|\n");
    };
    line(&columns.iter().map(|head| (*head).to_string()).collect::<Vec<_>>());
    line(&widths.iter().map(|width| format!("{}:", "-".repeat(width.saturating_sub(1)))).collect::<Vec<_>>());
    for row in rows {
        line(row);
    }
}

/// Digits in groups of three.
fn thousands(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
