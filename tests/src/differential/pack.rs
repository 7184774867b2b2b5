//! Requests as bytes, written from the layout in `engine/ABI.md` and from nothing else.
//! In: a schema and a request. Out: the bytes of a packed request. Refuses to know how modules read them.

use keyward::model::Model;
use keyward::schema::{AnswerKind, Schema, Type, Value};
use keyward::value::Request;
use keyward_evaluator::layout::{FLAG_KNOWN, REQUEST_DUTIES, REQUEST_FLAGS, REQUEST_HASH, REQUEST_KNOWN};
use std::collections::BTreeMap;

/// Packs a request; unknown inputs have their known bits clear. `None` if a value has no bytes at all, such as a time of
/// another type: a host could not even write it down.
pub fn pack(model: &Model, hash: u32, request: &Request) -> Option<Vec<u8>> {
    let schema = &model.schema;
    let slots = slots(schema);
    let mut bytes = vec![0; slots.len];
    bytes[REQUEST_HASH..REQUEST_HASH + 4].copy_from_slice(&hash.to_le_bytes());
    let complete = (0..schema.inputs.len()).all(|input| request.get(input).is_some());
    if !complete {
        bytes[REQUEST_FLAGS..REQUEST_FLAGS + 4].copy_from_slice(&FLAG_KNOWN.to_le_bytes());
        for (place, coordinate) in model.coordinates.iter().enumerate() {
            if request.get(coordinate.input).is_some() {
                bytes[REQUEST_KNOWN + place / 8] |= 1 << (place % 8);
            }
        }
    }
    let mut strangers = BTreeMap::new();
    for (input, declared) in schema.inputs.iter().enumerate() {
        let Some(value) = request.get(input) else { continue };
        if declared.optional && looks_not_set(value) {
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
            (Type::SetOf(_) | Type::Number(..) | Type::Duration(..) | Type::Identifier(_), Value::NotSet) => {
                put_32(&mut bytes, at, u32::MAX);
            }
            (Type::SetOf(_), Value::Set(n)) | (Type::Number(..), Value::Number(n)) => put_32(&mut bytes, at, *n),
            (Type::Duration(..), Value::Duration(n)) => put_32(&mut bytes, at, *n),
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
fn looks_not_set(value: &Value) -> bool {
    match value {
        Value::Choice(choice) => *choice == u8::MAX,
        Value::Set(n) | Value::Number(n) | Value::Duration(n) => *n == u32::MAX,
        Value::Time(minute) => *minute == u16::MAX,
        Value::Date(day) | Value::Moment(day, _) => *day == i32::MIN,
        _ => false,
    }
}

/// Where each input stands.
struct Slots {
    first: Vec<usize>,
    minute: Vec<usize>,
    len: usize,
}

/// Four-byte slots first, then two-byte ones, then single bytes, each in schema order.
fn slots(schema: &Schema) -> Slots {
    let answers = schema.decisions.iter().flat_map(|decision| &decision.answers);
    let masks = answers.filter(|answer| matches!(answer.kind, AnswerKind::SetOf(_))).count();
    let mut at = REQUEST_DUTIES + 4 * masks;
    let count = schema.inputs.len();
    let mut slots = Slots { first: vec![0; count], minute: vec![0; count], len: 0 };
    for (input, declared) in schema.inputs.iter().enumerate() {
        if !matches!(declared.ty, Type::YesNo | Type::OneOf(_) | Type::Time) {
            slots.first[input] = at;
            at += 4;
        }
    }
    for (input, declared) in schema.inputs.iter().enumerate() {
        match declared.ty {
            Type::Time => slots.first[input] = at,
            Type::Moment(_) => slots.minute[input] = at,
            _ => continue,
        }
        at += 2;
    }
    for (input, declared) in schema.inputs.iter().enumerate() {
        if matches!(declared.ty, Type::YesNo | Type::OneOf(_)) {
            slots.first[input] = at;
            at += 1;
        }
    }
    slots.len = at.next_multiple_of(8);
    slots
}

fn put_16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put_32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}
