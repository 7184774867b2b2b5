//! Identifiers: "the same as" ties coordinates together. Takes the raw numbers, gives classes; and
//! for unknown identifiers goes through every way they can equal names, each other, or nothing
//! known, so that what remains is exact. Knows no names, only numbers.

use crate::bytes::{Bytes, bit, set_bit, word_at};
use crate::layout::{KIND_IDENTIFIER, NO_CLASS, NOT_SET_32, RESERVED_IDENTIFIERS};
use crate::scratch::Scratch;
use crate::table::{Level, Table};

/// Most ways to go through before giving up.
const MAX_WORLDS: u32 = 65_536;

/// The class of every known identifier, from the raw numbers in `scratch`.
#[inline(never)]
pub(crate) fn classify_identifiers<T: Bytes>(table: &Table<T>, scratch: &mut Scratch) {
    for index in 0..table.levels() {
        let level = table.level(index);
        if level.kind() == KIND_IDENTIFIER {
            let class = class_of(table, &level, word_at(&scratch.raws, index), &scratch.raws);
            if let Some(found) = scratch.classes.get_mut(index) {
                *found = class as u16;
            }
        }
    }
}

/// The class of one identifier: not set, a name, the same as an earlier one, or fresh.
fn class_of<T: Bytes>(table: &Table<T>, level: &Level<T>, raw: u32, raws: &[u32]) -> u32 {
    if raw == NOT_SET_32 {
        return level.extra();
    }
    let bytes = table.bytes;
    if raw < bytes.u16_at(level.data()) {
        let class = bytes.u16_at(level.data().wrapping_add(8).wrapping_add((raw as usize) << 1));
        if class != NO_CLASS {
            return class;
        }
    }
    for place in 0..earlier_count(table, level) {
        let at = earlier_at(table, level, place);
        if word_at(raws, bytes.u16_at(at) as usize) == raw {
            return bytes.u16_at(at.wrapping_add(2));
        }
    }
    bytes.u16_at(level.data().wrapping_add(2))
}

/// How many earlier identifiers a level is compared with.
fn earlier_count<T: Bytes>(table: &Table<T>, level: &Level<T>) -> usize {
    table.bytes.u16_at(level.data().wrapping_add(4)) as usize
}

/// Place of the earlier identifier: its level, then the class of being the same.
fn earlier_at<T: Bytes>(table: &Table<T>, level: &Level<T>, place: usize) -> usize {
    let names = table.bytes.u16_at(level.data()) as usize;
    let list = level.data().wrapping_add(8).wrapping_add(names << 1);
    list.wrapping_add(place << 2)
}

/// Gives every unknown identifier that is compared with another its first value.
pub(crate) fn first_world<T: Bytes>(table: &Table<T>, scratch: &mut Scratch) {
    for index in 0..table.levels() {
        if bit(&scratch.unknown, index) && is_tied(table, index) {
            set_bit(&mut scratch.free, index);
            choose(table, scratch, index, 0);
        }
    }
}

/// Goes on to the next way, like the wheels of a mileage counter; false after the last one.
pub(crate) fn next_world<T: Bytes>(table: &Table<T>, scratch: &mut Scratch) -> bool {
    for index in 0..table.levels() {
        if bit(&scratch.free, index) {
            let next = word_at(&scratch.choices, index).wrapping_add(1);
            if choose(table, scratch, index, next) {
                return true;
            }
            choose(table, scratch, index, 0);
        }
    }
    false
}

/// Whether so many ways are too many.
pub(crate) fn too_many(worlds: u32) -> bool {
    worlds > MAX_WORLDS
}

/// Gives an unknown identifier its value number `choice`: a name, then the number of each
/// identifier (unknown ones have a number of their own), then not set. False when there is none.
fn choose<T: Bytes>(table: &Table<T>, scratch: &mut Scratch, index: usize, choice: u32) -> bool {
    let level = table.level(index);
    let names = table.bytes.u16_at(level.data());
    let mut left = choice;
    let mut raw = None;
    if left < names {
        raw = Some(left);
    } else {
        left = left.wrapping_sub(names);
        for other in 0..table.levels() {
            if table.level(other).kind() == KIND_IDENTIFIER {
                if left == 0 {
                    // What is not set or unknown lends the number kept for its level.
                    let own = RESERVED_IDENTIFIERS.wrapping_add(other as u32);
                    let lent = word_at(&scratch.raws, other);
                    let unknown = bit(&scratch.free, other) || bit(&scratch.unknown, other);
                    raw = Some(if unknown || lent == NOT_SET_32 { own } else { lent });
                }
                left = left.wrapping_sub(1);
            }
        }
        if left == 0 && level.extra() < level.classes() {
            raw = Some(NOT_SET_32);
        }
    }
    let (Some(raw), Some(place), Some(choices)) = (raw, scratch.raws.get_mut(index), scratch.choices.get_mut(index))
    else {
        return false;
    };
    *place = raw;
    *choices = choice;
    true
}

/// Whether a level is an identifier compared with another, either way round.
fn is_tied<T: Bytes>(table: &Table<T>, index: usize) -> bool {
    (0..table.levels()).any(|other| {
        let level = table.level(other);
        level.kind() == KIND_IDENTIFIER
            && (0..earlier_count(table, &level)).any(|place| {
                let at = earlier_at(table, &level, place);
                other == index || table.bytes.u16_at(at) as usize == index
            })
    })
}
