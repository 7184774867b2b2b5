//! Where everything stands in a request. In: the schema and the coordinates. Out: slots, known bits, duty masks.
//! Refuses to know rules and diagrams. Wide slots come first, so that all are aligned and the bytes stand together.

use keyward_evaluator::layout::REQUEST_DUTIES;

use crate::model::{Model, Part};
use crate::schema::{AnswerKind, Schema, Type};

/// The places of a request.
pub struct Slots {
    /// By input: its slot; for a moment that of the day.
    pub inputs: Vec<usize>,
    /// By input: the slot of a moment's minute, else 0.
    pub minutes: Vec<usize>,
    /// By decision and answer: the number of a set's duty mask.
    pub duties: Vec<Vec<usize>>,
    /// Where the one-byte slots start.
    pub bytes_at: usize,
    /// Bytes of a request.
    pub len: usize,
}

impl Slots {
    /// Lays out a request.
    pub fn new(schema: &Schema) -> Slots {
        let mut duties = Vec::new();
        let mut masks = 0;
        for decision in &schema.decisions {
            let numbers = decision.answers.iter().map(|answer| {
                let number = masks;
                masks += usize::from(matches!(answer.kind, AnswerKind::SetOf(_)));
                number
            });
            duties.push(numbers.collect());
        }
        let mut at = REQUEST_DUTIES + 4 * masks;
        let mut inputs = vec![0; schema.inputs.len()];
        let mut minutes = vec![0; schema.inputs.len()];
        for (slot, input) in inputs.iter_mut().zip(&schema.inputs) {
            if width(&input.ty) == 4 {
                *slot = at;
                at += 4;
            }
        }
        for (input, slot) in inputs.iter_mut().enumerate() {
            match schema.inputs[input].ty {
                Type::Moment(_) => minutes[input] = at,
                Type::Time => *slot = at,
                _ => continue,
            }
            at += 2;
        }
        let bytes_at = at;
        for (slot, input) in inputs.iter_mut().zip(&schema.inputs) {
            if width(&input.ty) == 1 {
                *slot = at;
                at += 1;
            }
        }
        Slots { inputs, minutes, duties, bytes_at, len: at.next_multiple_of(8) }
    }

    /// The slot a coordinate reads.
    pub fn of(&self, model: &Model, coordinate: usize) -> usize {
        let coordinate = &model.coordinates[coordinate];
        match coordinate.part {
            Part::Time => self.minutes[coordinate.input],
            _ => self.inputs[coordinate.input],
        }
    }
}

/// Bytes of an input's slot; a moment's minute aside.
pub fn width(ty: &Type) -> usize {
    match ty {
        Type::YesNo | Type::OneOf(_) => 1,
        Type::Time => 2,
        Type::SetOf(_)
        | Type::Number(..)
        | Type::Duration(..)
        | Type::Moment(_)
        | Type::Date(..)
        | Type::Identifier(_) => 4,
    }
}
