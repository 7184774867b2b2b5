//! Requests for comparing two forms of a policy. In: the model. Out: packed requests, drawn from both ends of every
//! range of every class, now and then out of range. The same sequence on every machine. Refuses to know rules.

use keyward_evaluator::layout::{FIRST_DAY, LAST_DAY, NOT_SET_DATE};

use crate::model::{Model, Part};
use crate::schema::Type;
use crate::space::slots::{Slots, width};

/// A source of requests.
pub(super) struct Draw<'a> {
    model: &'a Model,
    slots: &'a Slots,
    hash: u32,
    seed: u64,
    /// By coordinate: raw values worth asking about.
    values: Vec<Vec<i64>>,
}

impl<'a> Draw<'a> {
    pub(super) fn new(model: &'a Model, slots: &'a Slots, hash: u32) -> Draw<'a> {
        let values = model.coordinates.iter().map(|coordinate| {
            let ends = coordinate.ranges.iter().flatten().flat_map(|&(least, greatest)| [least, greatest]);
            let mut ends: Vec<i64> = ends.collect();
            if matches!(model.schema.inputs[coordinate.input].ty, Type::Identifier(_)) {
                ends = (0..coordinate.classes as i64 + 3).collect();
            }
            ends.sort_unstable();
            ends.dedup();
            ends
        });
        Draw { model, slots, hash, seed: 1, values: values.collect() }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) as usize % limit.max(1)
    }

    /// The next request.
    pub(super) fn request(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; self.slots.len];
        put(&mut bytes, 0, 4, self.hash);
        // One request in sixteen has a slot out of range.
        let inputs = self.model.schema.inputs.len();
        let odd = if self.below(16) == 0 { Some(self.below(inputs)) } else { None };
        for coordinate in 0..self.model.coordinates.len() {
            let pick = self.below(self.values[coordinate].len());
            let raw = self.values[coordinate].get(pick).copied().unwrap_or(0);
            self.place(&mut bytes, coordinate, raw);
        }
        for (number, input) in self.model.schema.inputs.iter().enumerate() {
            let at = self.slots.inputs[number];
            if input.optional && self.below(3) == 0 {
                let days = matches!(input.ty, Type::Date(..) | Type::Moment(_));
                put(&mut bytes, at, width(&input.ty), if days { NOT_SET_DATE } else { u32::MAX });
                if self.slots.minutes[number] != 0 {
                    put(&mut bytes, self.slots.minutes[number], 2, u32::MAX);
                }
            }
            if odd == Some(number) {
                let odd = [0x7F, 0x80, 0xFE, u32::MAX, 0xFFFF_FF80, FIRST_DAY as u32 - 1, LAST_DAY as u32 + 1];
                let pick = self.below(odd.len());
                put(&mut bytes, at, width(&input.ty), odd[pick]);
            }
        }
        bytes
    }

    /// Puts a raw value into the slot of a coordinate.
    fn place(&self, bytes: &mut [u8], coordinate: usize, raw: i64) {
        let it = &self.model.coordinates[coordinate];
        let ty = &self.model.schema.inputs[it.input].ty;
        let at = self.slots.of(self.model, coordinate);
        match (ty, it.part) {
            (_, Part::Presence) => {}
            (_, Part::Member(member)) => {
                let byte = &mut bytes[at + usize::from(member) / 8];
                *byte |= (raw as u8 & 1) << (member % 8);
            }
            (_, Part::Time) => put(bytes, at, 2, raw as u32),
            _ => put(bytes, at, width(ty), raw as u32),
        }
    }
}

fn put(bytes: &mut [u8], at: usize, width: usize, value: u32) {
    bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
}
