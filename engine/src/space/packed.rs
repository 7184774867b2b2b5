//! Packed requests as plain values.
//!
//! In: the bytes of a request (`engine/ABI.md`) and the schema they were packed for. Out: a [`Request`], or what is wrong
//! with the bytes. Refuses to know: classes and rules. Identifiers that the schema does not name come out as made-up names,
//! the same for the same number, since only their equality counts.

use keyward_evaluator::layout::{
    FLAG_DUTIES, FLAG_KNOWN, NOT_SET_DATE, REQUEST_FLAGS, REQUEST_HASH, RESERVED_IDENTIFIERS,
};

use super::slots::{Slots, width};
use crate::model::Model;
use crate::schema::{Input, Type, Value};
use crate::value::Request;

/// Why bytes are no request of this policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpack {
    /// There are fewer or more bytes than a request has: found, wanted.
    Length(usize, usize),
    /// It was packed for another schema: found, wanted.
    Schema(u32, u32),
    /// Flags that ABI 1 does not have.
    Flags(u32),
    /// The value of an input is out of range.
    Value(String),
}

impl std::fmt::Display for Unpack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unpack::Length(found, wanted) => write!(f, "a request has {wanted} bytes here, not {found}"),
            Unpack::Schema(found, wanted) => {
                write!(f, "packed for the schema {found:08x}, this policy has {wanted:08x}")
            }
            Unpack::Flags(flags) => write!(f, "the flags {flags:#x} are not those of ABI 1"),
            Unpack::Value(input) => write!(f, "the value of `{input}` is out of range"),
        }
    }
}

/// Takes a packed request apart.
pub fn unpack(model: &Model, slots: &Slots, schema_hash: u32, bytes: &[u8]) -> Result<Request, Unpack> {
    let wanted = if word(bytes, REQUEST_FLAGS) == 0 { slots.short } else { slots.len };
    if bytes.len() != slots.len && bytes.len() != wanted {
        return Err(Unpack::Length(bytes.len(), wanted));
    }
    let hash = word(bytes, REQUEST_HASH);
    if hash != schema_hash {
        return Err(Unpack::Schema(hash, schema_hash));
    }
    let flags = word(bytes, REQUEST_FLAGS);
    if flags & !(FLAG_KNOWN | FLAG_DUTIES) != 0 {
        return Err(Unpack::Flags(flags));
    }
    let mut request = Request { values: vec![None; model.schema.inputs.len()] };
    for (input, declared) in model.schema.inputs.iter().enumerate() {
        let mut own = model.coordinates.iter().enumerate().filter(|(_, coordinate)| coordinate.input == input);
        let known = |place: usize| bytes[slots.known + place / 8] >> (place % 8) & 1 == 1;
        if flags & FLAG_KNOWN != 0 && !own.any(|(place, _)| known(place)) {
            continue;
        }
        let value = value(model, declared, bytes, slots.inputs[input], slots.minutes[input]);
        request.values[input] = Some(value.ok_or_else(|| Unpack::Value(declared.name.clone()))?);
    }
    Ok(request)
}

fn value(model: &Model, input: &Input, bytes: &[u8], at: usize, minute_at: usize) -> Option<Value> {
    let byte = bytes[at];
    let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let number = match width(&input.ty) {
        1 if byte == 0xFF => u32::MAX,
        1 => u32::from(byte),
        2 if half(at) == 0xFFFF => u32::MAX,
        2 => u32::from(half(at)),
        _ => word(bytes, at),
    };
    let absent = input.optional
        && match input.ty {
            Type::Date(..) | Type::Moment(_) => word(bytes, at) == NOT_SET_DATE,
            _ => number == u32::MAX,
        };
    if absent {
        return Some(Value::NotSet);
    }
    Some(match &input.ty {
        Type::YesNo if byte > 1 => return None,
        Type::YesNo => Value::YesNo(byte == 1),
        Type::OneOf(labels) if usize::from(byte) >= labels.len() => return None,
        Type::OneOf(_) => Value::Choice(byte),
        Type::SetOf(_) => Value::Set(word(bytes, at)),
        Type::Number(..) => Value::Number(number),
        Type::Duration(..) => Value::Duration(number),
        Type::Time => Value::Time(half(at)),
        Type::Date(..) => Value::Date(word(bytes, at).cast_signed()),
        Type::Moment(_) => Value::Moment(word(bytes, at).cast_signed(), half(minute_at)),
        Type::Identifier(kind) => {
            let raw = word(bytes, at);
            if raw >= RESERVED_IDENTIFIERS {
                return None;
            }
            let kind = model.schema.identifiers.get(*kind)?;
            Value::Identifier(match kind.names.get(raw as usize) {
                Some(name) => name.clone(),
                None => made_up(kind, raw),
            })
        }
    })
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |chunk| u32::from_le_bytes(*chunk))
}

/// A name for a number that no name has.
fn made_up(kind: &crate::schema::IdentifierKind, raw: u32) -> String {
    let mut name = format!("some-{}-number-{raw}", kind.name);
    while kind.names.contains(&name) {
        name.push('x');
    }
    name
}

/// A request as bytes; what is unknown has its known bits off. Identifiers that the schema does not name get numbers in the
/// order in which they are met. A request in which everything is known ends before masks and known bits.
#[must_use]
pub fn pack(model: &Model, slots: &Slots, schema_hash: u32, request: &Request) -> Vec<u8> {
    let mut bytes = vec![0; slots.len];
    put(&mut bytes, REQUEST_HASH, 4, schema_hash);
    let mut strangers: Vec<(usize, &str)> = Vec::new();
    for (number, input) in model.schema.inputs.iter().enumerate() {
        let Some(value) = request.get(number) else { continue };
        let (at, width) = (slots.inputs[number], width(&input.ty));
        let raw = match value {
            Value::NotSet if matches!(input.ty, Type::Date(..) | Type::Moment(_)) => NOT_SET_DATE,
            Value::NotSet => u32::MAX,
            Value::YesNo(yes) => u32::from(*yes),
            Value::Choice(choice) => u32::from(*choice),
            Value::Set(value) | Value::Number(value) | Value::Duration(value) => *value,
            Value::Time(minute) => u32::from(*minute),
            Value::Date(day) | Value::Moment(day, _) => day.cast_unsigned(),
            Value::Identifier(name) => {
                let Type::Identifier(kind) = input.ty else { continue };
                let names = model.schema.identifiers.get(kind).map_or(&[][..], |kind| &kind.names[..]);
                let known = names.iter().position(|own| own == name);
                let place = known.unwrap_or_else(|| {
                    let key = (kind, name.as_str());
                    let met = strangers.iter().position(|other| *other == key).unwrap_or_else(|| {
                        strangers.push(key);
                        strangers.len() - 1
                    });
                    names.len() + met
                });
                place as u32
            }
        };
        put(&mut bytes, at, width, raw);
        if let Type::Moment(_) = input.ty {
            let minute = if let Value::Moment(_, minute) = value { u32::from(*minute) } else { 0xFFFF };
            put(&mut bytes, slots.minutes[number], 2, minute);
        }
    }
    if model.schema.inputs.iter().enumerate().all(|(number, _)| request.get(number).is_some()) {
        bytes.truncate(slots.short);
        return bytes;
    }
    put(&mut bytes, REQUEST_FLAGS, 4, FLAG_KNOWN);
    for (place, coordinate) in model.coordinates.iter().enumerate() {
        if request.get(coordinate.input).is_some() {
            bytes[slots.known + place / 8] |= 1 << (place % 8);
        }
    }
    bytes
}

fn put(bytes: &mut [u8], at: usize, width: usize, value: u32) {
    if let Some(place) = bytes.get_mut(at..at + width) {
        place.copy_from_slice(&value.to_le_bytes()[..width]);
    }
}
