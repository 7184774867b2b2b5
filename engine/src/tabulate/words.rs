//! The words of columns, cells, rows and outcomes.
//!
//! In: a policy, its model and its texts. Out: words in the language's own spelling, short enough for a cell.
//! Refuses to know: how tables are laid out.

use super::data::{Asks, Cell, Column, Outcome};
use crate::model::{Classifier, Coordinate, Model, Part};
use crate::schema::{AnswerId, AnswerKind, DecisionId, Origin, Type};
use crate::source::Sources;
use crate::space::{civil, sets};
use crate::typed::{AnswerValue, Policy};

/// What words are made from.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// The policy.
    pub(super) policy: &'a Policy,
    /// Its model.
    pub(super) model: &'a Model,
    /// The texts, for what a term means.
    pub(super) sources: &'a Sources,
    /// The decision and the answer the table is about.
    pub(super) about: (DecisionId, AnswerId),
}

impl Words<'_> {
    /// `swap.access`.
    pub(super) fn answer_name(&self, answer: AnswerId) -> String {
        let decision = &self.policy.schema.decisions[self.about.0];
        format!("{}.{}", decision.name, decision.answers[answer].name)
    }

    /// The heading of a column.
    pub(super) fn column(&self, asks: Asks) -> Column {
        let (name, text) = match asks {
            Asks::Class(coordinate) => self.coordinate(&self.model.coordinates[usize::from(coordinate)]),
            Asks::Term(term) => {
                let term = &self.policy.terms[term];
                (term.name.clone(), one_line(self.sources.text(term.condition.span)))
            }
            Asks::Gate(answer) => (self.gate(answer), String::new()),
            Asks::Block(number) => (format!("block {}", letter(number)), "explained below".to_string()),
        };
        Column { asks, name, text }
    }

    fn coordinate(&self, coordinate: &Coordinate) -> (String, String) {
        let input = &self.model.schema.inputs[coordinate.input];
        let of = |input: usize| self.model.schema.inputs.get(input).map_or("", |input| input.name.as_str());
        let name = match (coordinate.part, input.origin) {
            (Part::Date, _) => format!("{}.date", input.name),
            (Part::Time, _) => format!("{}.time", input.name),
            (Part::Presence, _) => format!("{} is set", input.name),
            (Part::Member(member), _) => {
                let member = input.ty.labels().get(usize::from(member)).map_or("", |label| label.name.as_str());
                format!("{} include {member}", input.name)
            }
            (Part::Whole, Origin::OutsideGroup(other)) => format!("{} in {}", of(other), input.name),
            (Part::Whole, Origin::OutsideCalendar(other)) => format!("{} during {}", of(other), input.name),
            (Part::Whole, _) => input.name.clone(),
        };
        (name, input.text.clone())
    }

    fn gate(&self, answer: AnswerId) -> String {
        let value = self.gate_value(answer);
        format!("{} is {value}", self.answer_name(answer))
    }

    fn gate_value(&self, answer: AnswerId) -> String {
        let decision = &self.policy.schema.decisions[self.about.0];
        let wanted = decision.answers[self.about.1].only_when.map(|(_, value)| value);
        let labels = decision.answers[answer].kind.labels();
        let label = wanted.and_then(|value| labels.get(usize::from(value)));
        label.map_or(String::new(), |label| label.name.clone())
    }

    /// A cell: which choices fit, and that in words.
    pub(super) fn cell(&self, asks: Asks, choices: Option<&Vec<bool>>) -> Cell {
        let Some(choices) = choices else { return Cell { choices: Vec::new(), words: String::new() } };
        let words = match asks {
            Asks::Class(coordinate) => self.class_cell(coordinate, choices),
            Asks::Term(_) | Asks::Gate(_) => yes_no(choices.first() == Some(&true)),
            Asks::Block(_) => numbers(choices).join(", "),
        };
        Cell { choices: choices.clone(), words }
    }

    fn class_cell(&self, coordinate: u16, choices: &[bool]) -> String {
        let it = &self.model.coordinates[usize::from(coordinate)];
        let input = &self.model.schema.inputs[it.input];
        let holds = |class: usize| choices.get(class) == Some(&true);
        let absent = it.classifier.not_set().is_some_and(|none| holds(usize::from(none)));
        match (it.part, &input.ty) {
            (Part::Presence | Part::Member(_), _) => return yes_no(holds(1)),
            (Part::Whole, Type::YesNo) => {
                let mut values: Vec<&str> =
                    [(0, "no"), (1, "yes")].iter().filter(|(c, _)| holds(*c)).map(|(_, w)| *w).collect();
                values.extend(absent.then_some("not set"));
                return values.join(" or ");
            }
            _ => {}
        }
        if let Some(words) = self.others(it, choices) {
            return words;
        }
        let (name, _) = self.coordinate(it);
        let sentence = sets::words(self.model, coordinate, choices).unwrap_or_default();
        let hours = it.part == Part::Time || input.ty == Type::Time;
        let dates = it.part == Part::Date || matches!(input.ty, Type::Date(..));
        short(&sentence, &name, hours || dates)
    }

    /// Everybody but a few: `not giver.id and not "u-17"`, where that includes people whom no rule names.
    fn others(&self, it: &Coordinate, choices: &[bool]) -> Option<String> {
        let Classifier::Identifier { known, same_as, not_set } = &it.classifier else { return None };
        let holds = |class: usize| choices.get(class) == Some(&true);
        let (known, fresh) = (*known as usize, *known as usize + same_as.len());
        if !holds(fresh) || fresh == 0 {
            return None;
        }
        let kind = match self.model.schema.inputs[it.input].ty {
            Type::Identifier(kind) => self.model.schema.identifiers.get(kind)?,
            _ => return None,
        };
        let name = |class: usize| match class.checked_sub(known) {
            None => kind.names.get(class).map(|name| format!("\"{name}\"")),
            Some(at) => same_as.get(at).and_then(|&other| Some(self.model.schema.inputs.get(other)?.name.clone())),
        };
        let out: Vec<String> = (0..fresh).filter(|&class| !holds(class)).filter_map(name).collect();
        let none = not_set.map(|none| holds(usize::from(none)));
        let who = match (out.is_empty(), none) {
            (true, Some(false)) => "set".to_string(),
            (true, _) => return None,
            (false, Some(false)) => format!("set and not {}", out.join(" and not ")),
            (false, _) => format!("not {}", out.join(" and not ")),
        };
        Some(who)
    }

    /// The condition of a row as a sentence.
    pub(super) fn sentence(&self, asks: &[Asks], cells: &[Cell]) -> String {
        let parts = asks.iter().zip(cells).filter(|(_, cell)| !cell.choices.is_empty());
        let parts: Vec<String> = parts.map(|(asks, cell)| self.clause(*asks, cell)).collect();
        parts.join(" and ")
    }

    fn clause(&self, asks: Asks, cell: &Cell) -> String {
        let yes = cell.choices.first() == Some(&true);
        match asks {
            Asks::Class(coordinate) => {
                let it = &self.model.coordinates[usize::from(coordinate)];
                match self.others(it, &cell.choices) {
                    Some(words) => format!("{} is {words}", self.model.schema.inputs[it.input].name),
                    None => sets::words(self.model, coordinate, &cell.choices).unwrap_or_default(),
                }
            }
            Asks::Term(term) => {
                let name = &self.policy.terms[term].name;
                if yes { name.clone() } else { format!("not {name}") }
            }
            Asks::Gate(answer) if yes => self.gate(answer),
            Asks::Gate(answer) => format!("{} is not {}", self.answer_name(answer), self.gate_value(answer)),
            Asks::Block(number) => format!("block {} is {}", letter(number), numbers(&cell.choices).join(" or ")),
        }
    }

    /// An outcome in words.
    pub(super) fn outcome(&self, outcome: Outcome) -> String {
        let kind = &self.policy.schema.decisions[self.about.0].answers[self.about.1].kind;
        let label = |at: usize| kind.labels().get(at).map_or("", |label| label.name.as_str()).to_string();
        match outcome {
            Outcome::Value(AnswerValue::Blank) => "blank".to_string(),
            Outcome::Value(AnswerValue::NoLimit) => "no limit".to_string(),
            Outcome::Value(AnswerValue::Duration(minutes)) => civil::duration_text(minutes),
            Outcome::Value(AnswerValue::Choice(value)) => label(usize::from(value)),
            Outcome::Value(AnswerValue::Set(0)) => "nothing".to_string(),
            Outcome::Value(AnswerValue::Set(set)) => {
                let members = (0..32).filter(|member| set >> member & 1 == 1);
                members.map(label).collect::<Vec<_>>().join(", ")
            }
            Outcome::Member(_, is_in) => yes_no(is_in),
            Outcome::Part(part) => (part + 1).to_string(),
            Outcome::Continued(_) => String::new(),
        }
    }

    /// `swap.record includes exempt_role`, or the name of the answer.
    pub(super) fn subject(&self, member: Option<u8>) -> String {
        let name = self.answer_name(self.about.1);
        let kind = &self.policy.schema.decisions[self.about.0].answers[self.about.1].kind;
        match (member, kind) {
            (Some(member), AnswerKind::SetOf(labels)) => {
                let label = labels.get(usize::from(member)).map_or("", |label| label.name.as_str());
                format!("{name} includes {label}")
            }
            _ => name,
        }
    }
}

/// `A`, `B`, … `Z`, then `A26` and on.
pub(super) fn letter(number: usize) -> String {
    let letter = char::from(b'A' + (number % 26) as u8);
    if number < 26 { letter.to_string() } else { format!("{letter}{number}") }
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_string()
}

fn numbers(choices: &[bool]) -> Vec<String> {
    choices.iter().enumerate().filter(|(_, yes)| **yes).map(|(at, _)| (at + 1).to_string()).collect()
}

/// A sentence about one name without that name and the verb. What stands in quotes is left alone.
fn short(sentence: &str, name: &str, ordered: bool) -> String {
    let mut out = String::new();
    for (at, piece) in sentence.split('"').enumerate() {
        if at % 2 == 1 {
            out.push_str(&format!("\"{piece}\""));
            continue;
        }
        let mut piece = piece.replace(&format!("{name} is one of "), "").replace(&format!("{name} is "), "");
        piece = piece.replace(&format!("{} is ", name.replace(".date", ".weekday")), "");
        piece = piece.replace(" or is ", " or ").replace(" and is not ", " and not ");
        if ordered {
            piece = piece.replace("at least ", "from ").replace("at most ", "until the end of ");
        }
        out.push_str(&piece);
    }
    out.trim().to_string()
}

/// The text without breaks, bullets kept.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or(""));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ").replace(" - ", "; ").replace("of; ", "of: ")
}
