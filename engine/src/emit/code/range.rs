//! Whether every slot of a request is in range, as one number that is 0 if so. In: the schema. Out: a number. One-byte
//! slots are judged four at a time. Refuses to know what the values mean.

use keyward_evaluator::layout::{
    FIRST_DAY, LAST_DAY, NOT_SET_8, NOT_SET_16, NOT_SET_32, NOT_SET_DATE, RESERVED_IDENTIFIERS,
};

use super::Build;
use super::graph::{Node, Number, Op};
use crate::schema::{Input, Type};
use crate::space::slots::width;

impl Build<'_> {
    /// Not 0 if some slot is out of range.
    pub(super) fn out_of_range(&mut self) -> Number {
        let mut bad = vec![self.byte_slots()];
        let model = self.model;
        for (number, input) in model.schema.inputs.iter().enumerate() {
            let at = self.slots.inputs[number] as u32;
            let minute = self.slots.minutes[number] as u32;
            bad.extend(self.input(input, at, minute));
        }
        self.graph.join(Op::Or, &bad, 0)
    }

    /// One-byte slots: four to a word, each below 128, its top bit showing that it is too large. Where a sum carries into the
    /// next byte, its own byte has shown its top bit already.
    fn byte_slots(&mut self) -> Number {
        let mut words: std::collections::BTreeMap<usize, (u32, u32)> = Default::default();
        for (number, input) in self.model.schema.inputs.iter().enumerate() {
            let Some(greatest) = small(input) else { continue };
            let place = self.slots.inputs[number] - self.slots.bytes_at;
            let word = words.entry(self.slots.bytes_at + place / 4 * 4).or_default();
            word.0 |= 0xFF << (place % 4 * 8);
            word.1 |= (0x7F - greatest) << (place % 4 * 8);
        }
        let mut bad = Vec::new();
        for (at, (mask, add)) in words {
            let all = self.graph.add(Node::Slot(4, at as u32));
            let here = self.graph.with(Op::And, all, mask);
            let sum = self.graph.with(Op::Add, here, add);
            bad.push(self.graph.two(Op::Or, sum, here));
        }
        let all = self.graph.join(Op::Or, &bad, 0);
        self.graph.with(Op::And, all, 0x8080_8080)
    }

    /// The other slots, one by one.
    fn input(&mut self, input: &Input, at: u32, minute: u32) -> Option<Number> {
        if small(input).is_some() {
            return None;
        }
        let none = input.optional;
        Some(match &input.ty {
            Type::YesNo => self.above(Node::Slot(1, at), 0, 1, none.then_some(NOT_SET_8)),
            Type::OneOf(values) => self.above(Node::Slot(1, at), 0, values.len() as u32 - 1, none.then_some(NOT_SET_8)),
            Type::SetOf(members) => {
                let all = 1u64.checked_shl(members.len() as u32).map_or(u32::MAX, |bit| (bit - 1) as u32);
                let mask = self.graph.add(Node::Slot(4, at));
                let outside = self.graph.with(Op::And, mask, !all);
                if !none {
                    return Some(outside);
                }
                let set = self.graph.with(Op::Ne, mask, NOT_SET_32);
                let set = self.graph.spread(set);
                self.graph.two(Op::And, outside, set)
            }
            Type::Number(least, greatest) | Type::Duration(least, greatest) => {
                let (width, not_set) = match width(&input.ty) {
                    1 => (1, NOT_SET_8),
                    2 => (2, NOT_SET_16),
                    _ => (4, NOT_SET_32),
                };
                self.above(Node::Slot(width, at), *least, greatest - least, none.then_some(not_set))
            }
            Type::Date(least, greatest) => {
                let (least, greatest) = ((*least).max(FIRST_DAY), (*greatest).min(LAST_DAY));
                self.above(
                    Node::Slot(4, at),
                    least as u32,
                    greatest.wrapping_sub(least) as u32,
                    none.then_some(NOT_SET_DATE),
                )
            }
            Type::Time => self.above(Node::Slot(2, at), 0, 1439, none.then_some(NOT_SET_16)),
            Type::Moment(_) => {
                let day = self.above(Node::Slot(4, at), FIRST_DAY as u32, (LAST_DAY - FIRST_DAY) as u32, None);
                let time = self.above(Node::Slot(2, minute), 0, 1439, None);
                let both = self.graph.two(Op::Or, day, time);
                if !none {
                    return Some(both);
                }
                let slot = self.graph.add(Node::Slot(4, at));
                let set = self.graph.with(Op::Ne, slot, NOT_SET_DATE);
                self.graph.two(Op::And, both, set)
            }
            Type::Identifier(_) => {
                self.above(Node::Slot(4, at), 0, RESERVED_IDENTIFIERS - 1, none.then_some(NOT_SET_32))
            }
        })
    }

    /// Whether a slot lies outside `least..=least + width` and is not `none`.
    fn above(&mut self, slot: Node, least: u32, width: u32, none: Option<u32>) -> Number {
        let raw = self.graph.add(slot);
        let moved = self.graph.with(Op::Sub, raw, least);
        let width = self.graph.constant(width);
        let above = self.graph.two(Op::Less, width, moved);
        let Some(none) = none else { return above };
        let set = self.graph.with(Op::Ne, raw, none);
        self.graph.two(Op::And, above, set)
    }
}

/// The greatest value of a one-byte slot that is never not set and always below 128.
fn small(input: &Input) -> Option<u32> {
    match &input.ty {
        _ if input.optional => None,
        Type::YesNo => Some(1),
        Type::Number(0, greatest) | Type::Duration(0, greatest) if *greatest < 128 => Some(*greatest),
        Type::OneOf(values) if values.len() <= 128 => Some(values.len() as u32 - 1),
        _ => None,
    }
}
