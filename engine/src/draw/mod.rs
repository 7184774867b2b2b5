//! The diagram of an answer, as a picture is made from it: questions, ways out of them, outcomes.
//!
//! In: a policy that was accepted, its model, an answer, the requests that are meant. Out: a [`Diagram`] in words.
//! Refuses to know: where things stand on a page. Parts that several ways lead to are there once; more questions than
//! anybody follows are refused.

use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{BLANK, CoordinateId, Model, NO_LIMIT, Part, YES};
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::space::{civil, sets};
use crate::typed::Policy;

/// Most questions of a diagram that is drawn.
pub const MOST_QUESTIONS: usize = 150;
/// How much work an order with fewer questions may cost to find.
const SIFTING: u64 = 100_000;

/// A diagram in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// `swap.access`.
    pub name: String,
    /// Where one starts: what is asked (the answer, or a member of it), and the place it leads to.
    pub starts: Vec<(String, Place)>,
    /// The questions, those nearer to the start first.
    pub questions: Vec<Question>,
    /// How many rows of questions there are.
    pub rows: usize,
    /// The outcomes that occur.
    pub outcomes: Vec<Outcome>,
}

/// Where a way leads: a question or an outcome, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A question.
    Question(usize),
    /// An outcome.
    Outcome(usize),
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked: `key.custody`.
    pub name: String,
    /// The row it stands in: all questions about one thing share a row.
    pub row: usize,
    /// The coordinate it asks.
    pub asks: CoordinateId,
    /// The ways out.
    pub ways: Vec<Way>,
}

/// One way out of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// When it is taken, in words.
    pub words: String,
    /// The classes of the coordinate for which it is taken.
    pub classes: Vec<bool>,
    /// Where it leads.
    pub to: Place,
}

/// One outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// In words.
    pub words: String,
    /// The number of the value in the answer: the same value has the same number in every diagram of the answer.
    pub number: usize,
}

/// Why nothing is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undrawn {
    /// So many questions.
    TooMany(usize),
    /// The node budget was used up.
    Exploded,
}

impl From<Exploded> for Undrawn {
    fn from(_: Exploded) -> Undrawn {
        Undrawn::Exploded
    }
}

/// Draws an answer among the requests that are meant; sets have a start for each member. The model is left as it was.
pub fn draw(
    policy: &Policy,
    model: &Model,
    (decision, answer): (DecisionId, AnswerId),
    requests: Ref,
) -> Result<Diagram, Undrawn> {
    let declared = &policy.schema.decisions[decision];
    let name = format!("{}.{}", declared.name, declared.answers[answer].name);
    let kind = &declared.answers[answer].kind;
    let mut forest = model.forest.clone();
    let care = forest.and(model.valid, requests)?;
    let mut roots = Vec::new();
    for &root in &model.decisions[decision].answers[answer].roots {
        roots.push(forest.simplify(root, care)?);
    }
    forest.sift(&roots, SIFTING);
    let reached = forest.reached(&roots);
    if reached.len() > MOST_QUESTIONS {
        return Err(Undrawn::TooMany(reached.len()));
    }
    let values = forest.values(&roots);
    let words = |value: u32| value_words(model, kind, (decision, answer), value);
    let outcomes = values.iter().map(|&value| Outcome { words: words(value), number: number(value) }).collect();
    let mut levels: Vec<u16> = reached.iter().map(|&f| forest.level(f)).collect();
    levels.dedup();
    let place = |f: Ref| match f.value() {
        Some(value) => Place::Outcome(values.binary_search(&value).unwrap_or(0)),
        None => Place::Question(reached.iter().position(|&known| known == f).unwrap_or(0)),
    };
    let question = |&f: &Ref| {
        let coordinate = forest.coordinate(f).unwrap_or_default();
        let name = heading(model, coordinate);
        let row = levels.binary_search(&forest.level(f)).unwrap_or(0);
        let ways = ways(&forest, f).into_iter().map(|(to, classes)| Way {
            words: way(model, coordinate, &name, &classes),
            classes,
            to: place(to),
        });
        Question { ways: ways.collect(), asks: coordinate, name, row }
    };
    let questions = reached.iter().map(question).collect();
    let starts = match kind {
        AnswerKind::SetOf(labels) => {
            let each = labels.iter().zip(&roots);
            each.map(|(label, &root)| (format!("includes {}", label.name), place(root))).collect()
        }
        _ => roots.iter().map(|&root| (name.clone(), place(root))).collect(),
    };
    Ok(Diagram { name, starts, questions, rows: levels.len(), outcomes })
}

/// Where a node leads, each place once, with the classes that lead there.
fn ways(forest: &Forest, f: Ref) -> Vec<(Ref, Vec<bool>)> {
    let width = forest.coordinate(f).and_then(|c| forest.widths().get(usize::from(c))).copied().unwrap_or(0);
    let mut found: Vec<(Ref, Vec<bool>)> = Vec::new();
    let mut first = 0;
    for run in forest.runs(f) {
        let at = found.iter().position(|(to, _)| *to == run.to).unwrap_or_else(|| {
            found.push((run.to, vec![false; width as usize]));
            found.len() - 1
        });
        for class in first..=run.last {
            if let Some(allowed) = found[at].1.get_mut(class as usize) {
                *allowed = true;
            }
        }
        first = run.last + 1;
    }
    found
}

fn heading(model: &Model, coordinate: u16) -> String {
    let it = &model.coordinates[usize::from(coordinate)];
    let input = &model.schema.inputs[it.input];
    match it.part {
        Part::Date => format!("{}.date", input.name),
        Part::Time => format!("{}.time", input.name),
        _ => input.name.clone(),
    }
}

/// `is held`, `include guard`: the sentence without the name that stands in the question.
fn way(model: &Model, coordinate: u16, name: &str, allowed: &[bool]) -> String {
    let sentence = sets::words(model, coordinate, allowed).unwrap_or_else(|| "anything".to_string());
    match sentence.strip_prefix(name) {
        Some(rest) if rest.starts_with(' ') => rest.trim_start().to_string(),
        _ => sentence,
    }
}

fn value_words(model: &Model, kind: &AnswerKind, (decision, answer): (DecisionId, AnswerId), value: u32) -> String {
    match (value, kind) {
        (BLANK, _) => "blank".to_string(),
        (NO_LIMIT, _) => "no limit".to_string(),
        (value, AnswerKind::SetOf(_)) => if value == YES { "yes" } else { "no" }.to_string(),
        (value, AnswerKind::Shortest(_)) => {
            let durations = &model.decisions[decision].answers[answer].durations;
            durations.get(value as usize).map_or(String::new(), |&minutes| civil::duration_text(minutes))
        }
        (value, kind) => kind.labels().get(value as usize).map_or(String::new(), |label| label.name.clone()),
    }
}

/// Values count from 0; blank and no limit come behind all others.
fn number(value: u32) -> usize {
    match value {
        BLANK => 6,
        NO_LIMIT => 5,
        value => value as usize % 5,
    }
}
