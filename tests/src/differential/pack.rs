//! Requests as bytes, written from the layout in `engine/ABI.md` and from nothing else.
//! In: a schema and a request. Out: the bytes of a packed request. Refuses to know how modules read them.

use keyward::model::Model;
use keyward::schema::{AnswerKind, Schema, Type, Value};
use keyward::value::Request;
use keyward_evaluator::layout::{FLAG_KNOWN, REQUEST_FLAGS, REQUEST_HASH};
use std::collections::BTreeMap;

/// Packs a request; unknown inputs have their known bits clear. `None` if a value has no bytes at all, such as a time of
/// another type: a host could not even write it down.
pub fn pack(model: &Model, hash: u32, request: &Request) -> Option<Vec<u8>> {
    let schema = &model.schema;
    let slots = slots(schema, model.coordinates.len());
    let mut bytes = vec![0; slots.len];
    bytes[REQUEST_HASH..REQUEST_HASH + 4].copy_from_slice(&hash.to_le_bytes());
    let complete = (0..schema.inputs.len()).all(|input| request.get(input).is_some());
    if !complete {
        bytes[REQUEST_FLAGS..REQUEST_FLAGS + 4].copy_from_slice(&FLAG_KNOWN.to_le_bytes());
        for (place, coordinate) in model.coordinates.iter().enumerate() {
            if request.get(coordinate.input).is_some() {
                bytes[slots.known + place / 8] |= 1 << (place % 8);
            }
        }
    }
    let mut strangers = BTreeMap::new();
    for (input, declared) in schema.inputs.iter().enumerate() {
        let Some(value) = request.get(input) else { continue };
        if declared.optional && looks_not_set(&declared.ty, value) {
            return None;
        }
        let at = slots.first[input];
        match (&declared.ty, value) {
            (Type::YesNo | Type::OneOf(_), Value::NotSet) => bytes[at] = 0xFF,
            (Type::YesNo, Value::YesNo(yes)) => bytes[at] = u8::from(*yes),
            (Type::OneOf(_), Value::Choice(choice)) => bytes[at] = *choice,
            (Type::Time, Value::NotSet) => put_16(&mut bytes, at, 0xFFFF),
            (Type::Time, Value::Time(minute)) => put_16(&mut bytes, at, *minute),
            (Type::Moment(_), Value::NotSet) => {
                put_32(&mut bytes, at, 0x8000_0000);
                put_16(&mut bytes, slots.minute[input], 0xFFFF);
            }
            (Type::Moment(_), Value::Moment(day, minute)) => {
                put_32(&mut bytes, at, day.cast_unsigned());
                put_16(&mut bytes, slots.minute[input], *minute);
            }
            (Type::Date(..), Value::NotSet) => put_32(&mut bytes, at, 0x8000_0000),
            (Type::Date(..), Value::Date(day)) => put_32(&mut bytes, at, day.cast_unsigned()),
            (Type::SetOf(_) | Type::Identifier(_), Value::NotSet) => put_32(&mut bytes, at, u32::MAX),
            (Type::Number(..) | Type::Duration(..), Value::NotSet) => {
                put(&mut bytes, at, width(&declared.ty), u32::MAX)
            }
            (Type::SetOf(_), Value::Set(n)) => put_32(&mut bytes, at, *n),
            (Type::Number(..), Value::Number(n)) | (Type::Duration(..), Value::Duration(n)) => {
                let width = width(&declared.ty);
                // What does not even fit into the slot cannot be written down.
                if width < 4 && n >> (8 * width) != 0 {
                    return None;
                }
                put(&mut bytes, at, width, *n);
            }
            (Type::Identifier(kind), Value::Identifier(name)) => {
                let known = schema.identifiers.get(*kind).map_or(0, |kind| kind.names.len());
                let number = schema.identifier(*kind, name).unwrap_or_else(|| {
                    let next = strangers.len();
                    known + *strangers.entry((*kind, name.clone())).or_insert(next)
                });
                put_32(&mut bytes, at, u32::try_from(number).ok()?);
            }
            _ => return None,
        }
    }
    Some(bytes)
}

/// Whether a value, itself out of range, has the bytes of "not set".
fn looks_not_set(ty: &Type, value: &Value) -> bool {
    match value {
        Value::Choice(choice) => *choice == u8::MAX,
        Value::Set(n) => *n == u32::MAX,
        Value::Number(n) | Value::Duration(n) => *n == u32::MAX >> (32 - 8 * width(ty)),
        Value::Time(minute) => *minute == u16::MAX,
        Value::Date(day) | Value::Moment(day, _) => *day == i32::MIN,
        _ => false,
    }
}

/// Where each input stands.
struct Slots {
    first: Vec<usize>,
    minute: Vec<usize>,
    known: usize,
    len: usize,
}

/// Four-byte slots first, then two-byte ones, then single bytes, each in schema order.
fn slots(schema: &Schema, coordinates: usize) -> Slots {
    let answers = schema.decisions.iter().flat_map(|decision| &decision.answers);
    let masks = answers.filter(|answer| matches!(answer.kind, AnswerKind::SetOf(_))).count();
    let mut at = 8;
    let count = schema.inputs.len();
    let mut slots = Slots { first: vec![0; count], minute: vec![0; count], known: 0, len: 0 };
    for (input, declared) in schema.inputs.iter().enumerate() {
        if width(&declared.ty) == 4 {
            slots.first[input] = at;
            at += 4;
        }
    }
    for (input, declared) in schema.inputs.iter().enumerate() {
        match declared.ty {
            Type::Moment(_) => slots.minute[input] = at,
            _ if width(&declared.ty) == 2 => slots.first[input] = at,
            _ => continue,
        }
        at += 2;
    }
    for (input, declared) in schema.inputs.iter().enumerate() {
        if width(&declared.ty) == 1 {
            slots.first[input] = at;
            at += 1;
        }
    }
    slots.known = at.next_multiple_of(4) + 4 * masks;
    slots.len = slots.known + 4 * coordinates.div_ceil(32);
    slots
}

/// Bytes of an input's slot.
fn width(ty: &Type) -> usize {
    match ty {
        Type::YesNo | Type::OneOf(_) => 1,
        Type::Time => 2,
        Type::Number(_, greatest) | Type::Duration(_, greatest) => match greatest {
            0..=254 => 1,
            255..=65_534 => 2,
            _ => 4,
        },
        _ => 4,
    }
}

fn put(bytes: &mut [u8], at: usize, width: usize, value: u32) {
    bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
}

fn put_16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put_32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}
