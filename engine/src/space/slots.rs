//! Where everything stands in a request. In: the schema and the coordinates. Out: slots, duty masks, known bits.
//! Refuses to know rules and diagrams. Wide slots come first, so that all are aligned and the bytes stand together; what
//! only a request with flags needs comes last.

use keyward_evaluator::layout::{REQUEST_SLOTS, known_bytes, number_width};

use crate::model::{Model, Part};
use crate::schema::{AnswerKind, Schema, Type};

/// The places of a request.
pub struct Slots {
    /// By input: its slot; for a moment that of the day.
    pub inputs: Vec<usize>,
    /// By input: the slot of a moment's minute, else 0.
    pub minutes: Vec<usize>,
    /// By decision and answer: the place of a set's duty mask.
    pub duties: Vec<Vec<usize>>,
    /// Where the one-byte slots start.
    pub bytes_at: usize,
    /// Where the known bits start.
    pub known: usize,
    /// Bytes of a request without flags: up to the duty masks.
    pub short: usize,
    /// Bytes of a request.
    pub len: usize,
}

impl Slots {
    /// Lays out a request.
    pub fn new(schema: &Schema, coordinates: usize) -> Slots {
        let mut at = REQUEST_SLOTS;
        let mut inputs = vec![0; schema.inputs.len()];
        let mut minutes = vec![0; schema.inputs.len()];
        for (slot, input) in inputs.iter_mut().zip(&schema.inputs) {
            if width(&input.ty) == 4 {
                *slot = at;
                at += 4;
            }
        }
        for (input, slot) in inputs.iter_mut().enumerate() {
            match &schema.inputs[input].ty {
                Type::Moment(_) => minutes[input] = at,
                ty if width(ty) == 2 => *slot = at,
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
        let short = at.next_multiple_of(4);
        let mut known = short;
        let mut duties = Vec::new();
        for decision in &schema.decisions {
            let places = decision.answers.iter().map(|answer| {
                let place = known;
                known += if matches!(answer.kind, AnswerKind::SetOf(_)) { 4 } else { 0 };
                place
            });
            duties.push(places.collect());
        }
        Slots { inputs, minutes, duties, bytes_at, known, short, len: known + known_bytes(coordinates) }
    }

    /// Those of a model.
    pub fn of_model(model: &Model) -> Slots {
        Slots::new(&model.schema, model.coordinates.len())
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
        Type::Number(_, greatest) | Type::Duration(_, greatest) => number_width(*greatest),
        Type::SetOf(_) | Type::Moment(_) | Type::Date(..) | Type::Identifier(_) => 4,
    }
}
