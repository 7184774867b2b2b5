//! The bytes of a request.
//! In: values by input. Out: the layout of ABI 1. Refuses to check ranges: the module does.

use super::request::Request;
use super::vocabulary::{Packed, Type, Vocabulary};
use keyward_evaluator::layout;
use std::collections::BTreeMap;

impl Request {
    /// Packs the request. Names the policy does not mention are numbered in the order of the inputs.
    pub fn pack(&self, vocabulary: &Vocabulary) -> Vec<u8> {
        let mut bytes = vec![0; vocabulary.request_bytes.clamp(layout::REQUEST_DUTIES, 1 << 16)];
        put(&mut bytes, layout::REQUEST_HASH, 4, vocabulary.identity.schema_hash);
        let mut names: Vec<BTreeMap<&str, u32>> = vec![BTreeMap::new(); vocabulary.identifiers.len()];
        let mut complete = true;
        for (input, value) in vocabulary.inputs.iter().zip(&self.values) {
            let Some(value) = value else {
                complete = false;
                continue;
            };
            for coordinate in input.coordinates.clone() {
                if let Some(byte) = bytes.get_mut(layout::REQUEST_KNOWN + coordinate / 8) {
                    *byte |= 1 << (coordinate % 8);
                }
            }
            let (slot, width) = (input.slot, width(&input.ty));
            match value {
                Packed::NotSet => put_not_set(&mut bytes, slot, &input.ty),
                Packed::Word(word) => put(&mut bytes, slot, width, *word),
                Packed::Moment(day, minute) => {
                    put(&mut bytes, slot, 4, day.cast_unsigned());
                    if let Type::Moment { minute_slot, .. } = &input.ty {
                        put(&mut bytes, *minute_slot, 2, u32::from(*minute));
                    }
                }
                Packed::Name(name) => {
                    let Type::Identifier(kind) = input.ty else { continue };
                    put(&mut bytes, slot, 4, number(vocabulary, &mut names, kind, name));
                }
            }
        }
        if complete {
            bytes[layout::REQUEST_KNOWN..layout::REQUEST_DUTIES].fill(0);
        } else {
            put(&mut bytes, layout::REQUEST_FLAGS, 4, layout::FLAG_KNOWN);
        }
        bytes
    }
}

/// A request that every module of this vocabulary answers with its `if unsure` record: for requests that cannot be read,
/// where the host has to enforce an answer all the same.
pub fn refused(vocabulary: &Vocabulary) -> Vec<u8> {
    let mut bytes = vec![0; vocabulary.request_bytes.clamp(layout::REQUEST_DUTIES, 1 << 16)];
    put(&mut bytes, layout::REQUEST_HASH, 4, !vocabulary.identity.schema_hash);
    bytes
}

/// The number of an identifier: names of the policy first, then others as they come.
fn number<'a>(vocabulary: &Vocabulary, names: &mut [BTreeMap<&'a str, u32>], kind: usize, name: &'a str) -> u32 {
    let Some((_, known)) = vocabulary.identifiers.get(kind) else { return 0 };
    if let Some(found) = known.iter().position(|other| other == name) {
        return u32::try_from(found).unwrap_or(u32::MAX);
    }
    let Some(names) = names.get_mut(kind) else { return 0 };
    let next = u32::try_from(known.len() + names.len()).unwrap_or(u32::MAX);
    *names.entry(name).or_insert(next)
}

fn width(ty: &Type) -> usize {
    match ty {
        Type::YesNo | Type::OneOf(_) => 1,
        Type::Time => 2,
        _ => 4,
    }
}

fn put_not_set(bytes: &mut [u8], slot: usize, ty: &Type) {
    match ty {
        Type::YesNo | Type::OneOf(_) => put(bytes, slot, 1, layout::NOT_SET_8),
        Type::Time => put(bytes, slot, 2, layout::NOT_SET_16),
        Type::Date(..) => put(bytes, slot, 4, layout::NOT_SET_DATE),
        Type::Moment { minute_slot, .. } => {
            put(bytes, slot, 4, layout::NOT_SET_DATE);
            put(bytes, *minute_slot, 2, layout::NOT_SET_16);
        }
        _ => put(bytes, slot, 4, layout::NOT_SET_32),
    }
}

fn put(bytes: &mut [u8], at: usize, width: usize, value: u32) {
    if let (Some(room), Some(value)) = (bytes.get_mut(at..at + width), value.to_le_bytes().get(..width)) {
        room.copy_from_slice(value);
    }
}
