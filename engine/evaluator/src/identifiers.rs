//! Identifiers: "the same as" ties coordinates together. Takes the numbers in a request, gives classes; and
//! for unknown identifiers goes through every way they can equal names, each other, or nothing
//! known, so that what remains is exact. Knows no names, only numbers.

use crate::bytes::{Bytes, bit, put_word, set_bit, word_at};
use crate::layout::{INVALID_CLASS, KIND_IDENTIFIER, NO_CLASS, NOT_SET_32, RESERVED_IDENTIFIERS};
use crate::scratch::Scratch;
use crate::table::{Level, Table};

/// Most ways to go through before giving up.
const MAX_WORLDS: u32 = 65_536;

/// The class of one identifier: not set, a name, the same as an earlier one, or fresh.
pub(crate) fn identifier<T: Bytes, R: Bytes>(table: &Table<T>, level: &Level<T>, request: R) -> u32 {
    let raw = request.u32_at(level.slot());
    if raw == NOT_SET_32 {
        return not_set(table, level);
    }
    let bytes = table.bytes;
    let names = bytes.u16_at(level.data());
    let list = level.data().wrapping_add(8);
    if raw < names {
        let class = bytes.u16_at(list.wrapping_add((raw as usize) << 1));
        if class != NO_CLASS {
            return class;
        }
    }
    let others = list.wrapping_add((names as usize) << 1);
    for place in 0..bytes.u16_at(level.data().wrapping_add(4)) as usize {
        let at = others.wrapping_add(place << 2);
        if request.u32_at(bytes.u16_at(at) as usize) == raw {
            return bytes.u16_at(at.wrapping_add(2));
        }
    }
    bytes.u16_at(level.data().wrapping_add(2))
}

/// The class of not set, or out of range.
fn not_set<T: Bytes>(table: &Table<T>, level: &Level<T>) -> u32 {
    table.bytes.u16_at(level.data().wrapping_add(6))
}

/// The classes of all identifiers, from the copy of the request.
pub(crate) fn classify_identifiers<T: Bytes>(table: &Table<T>, scratch: &mut Scratch) {
    for index in 0..table.levels() {
        let level = table.level(index);
        if level.kind() == KIND_IDENTIFIER
            && let Some(class) = scratch.small.classes.get_mut(index)
        {
            *class = identifier(table, &level, &scratch.copy[..]) as u16;
        }
    }
}

/// Copies the request and gives every unknown identifier that is compared with another its first number.
pub(crate) fn first_world<T: Bytes, R: Bytes>(table: &Table<T>, request: R, scratch: &mut Scratch) {
    for (at, byte) in scratch.copy.iter_mut().enumerate().take(table.request_len()) {
        *byte = request.u8_at(at) as u8;
    }
    for index in 0..table.levels() {
        let level = table.level(index);
        let tied = level.kind() == KIND_IDENTIFIER && level.count() != 0;
        if tied && bit(&scratch.small.unknown, index) {
            set_bit(&mut scratch.free, index);
            put_word(&mut scratch.choices, index, u32::MAX);
        }
    }
    for index in 0..table.levels() {
        if bit(&scratch.free, index) {
            advance(table, scratch, index);
        }
    }
}

/// Goes on to the next way, like the wheels of a mileage counter; false after the last one.
pub(crate) fn next_world<T: Bytes>(table: &Table<T>, scratch: &mut Scratch) -> bool {
    (0..table.levels()).any(|index| bit(&scratch.free, index) && advance(table, scratch, index))
}

/// Whether so many ways are too many.
pub(crate) fn too_many(worlds: u32) -> bool {
    worlds > MAX_WORLDS
}

/// Gives an unknown identifier its next number: a name, that of an identifier (unknown ones have a number of their own,
/// kept for their level), not set. False when it starts again.
fn advance<T: Bytes>(table: &Table<T>, scratch: &mut Scratch, index: usize) -> bool {
    let level = table.level(index);
    let names = table.bytes.u16_at(level.data());
    let start = word_at(&scratch.choices, index);
    let mut choice = start;
    let mut fresh = true;
    let raw = loop {
        choice = choice.wrapping_add(1);
        if choice < names {
            break choice;
        }
        let other = choice.wrapping_sub(names) as usize;
        if other > table.levels() {
            choice = u32::MAX;
            fresh = false;
        } else if other == table.levels() {
            if not_set(table, &level) != INVALID_CLASS {
                break NOT_SET_32;
            }
        } else if table.level(other).kind() == KIND_IDENTIFIER {
            let lent = (&scratch.copy[..]).u32_at(table.level(other).slot());
            let own = bit(&scratch.small.unknown, other) || lent == NOT_SET_32;
            break if own { RESERVED_IDENTIFIERS | other as u32 } else { lent };
        }
    };
    put_word(&mut scratch.choices, index, choice);
    if let Some(place) = scratch.copy.get_mut(level.slot()..).and_then(|rest| rest.first_chunk_mut()) {
        *place = raw.to_le_bytes();
    }
    fresh
}
