//! The table in memory: its parts by place. In: places. Out: places and numbers. Refuses to know what they are for; the
//! layout is that of `engine/ABI.md`.

use crate::memory::{at, byte, half, signed_half, word};

/// Where the table stands; parts of it are named by their places in memory.
pub(crate) const TABLE: usize = 0x1_0000;

/// Working memory: the class of each level, two bytes.
pub(crate) const CLASSES: usize = 0x1000;
/// Whether a level is known (0), unknown (1), or an unknown identifier that has been given a number (2); a byte.
pub(crate) const UNKNOWN: usize = 0x1200;
/// The number of the value an unknown identifier has, four bytes.
pub(crate) const CHOICES: usize = 0x1400;
/// What each answer can still be, eight words.
pub(crate) const POSSIBLE: usize = 0x1800;
/// The words of an outcome.
pub(crate) const WORDS: usize = 0x1C00;
/// A copy of the request, to give numbers to unknown identifiers.
pub(crate) const COPY: usize = 0x2000;
/// How many more triples a walk may remember; whether it reached a valid request.
pub(crate) const ROOM: usize = 0x2800;
pub(crate) const REACHED_VALID: usize = 0x2804;
/// Triples of nodes already visited; or, by rule, what it says, whether its condition holds, whether a parent is active.
pub(crate) const WORK: usize = 0x4000;
pub(crate) const HOLDS: usize = WORK + 0x2000;
pub(crate) const REACHED: usize = WORK + 0x4000;
pub(crate) const VISITED: usize = 4096;

pub(crate) const OK: u32 = 0;
pub(crate) const UNSURE_MISSING: u32 = 1;
pub(crate) const UNSURE_INVALID: u32 = 2;
pub(crate) const SCHEMA_MISMATCH: u32 = 3;
pub(crate) const DUTY_UNSUPPORTED: u32 = 4;

pub(crate) const NONE: u32 = u32::MAX;
pub(crate) const NOT_SET_DATE: u32 = 0x8000_0000;
pub(crate) const RESERVED: u32 = 0xFFFF_FF00;
pub(crate) const INVALID: u32 = 0xFFFF;
pub(crate) const NO_CLASS: u32 = 0xFFFE;
pub(crate) const NO_GATE: u32 = 0xFF;
pub(crate) const VALID: i32 = -0x7FFF_FFFF;
pub(crate) const MAP: u32 = 0;
pub(crate) const BIT: u32 = 2;
pub(crate) const BOUNDS_8: u32 = 4;
pub(crate) const BOUNDS_16: u32 = 5;
pub(crate) const MINUTE: u32 = 7;
pub(crate) const DATE: u32 = 8;
pub(crate) const IDENTIFIER: u32 = 9;
pub(crate) const SET: u32 = 2;
pub(crate) const SHORTEST: u32 = 3;
pub(crate) const NORMALLY: u32 = 0x7FFF;

/// A place the table names.
#[inline(always)]
pub(crate) fn pointer(place: usize) -> usize {
    at(TABLE, word(place) as usize)
}

pub(crate) fn levels() -> usize {
    half(TABLE + 16) as usize
}

#[inline(never)]
pub(crate) fn level(index: usize) -> usize {
    at(pointer(TABLE + 24), index * 12)
}

pub(crate) fn request_len() -> usize {
    half(TABLE + 20) as usize
}

/// The child of a node for a class; terminals are below zero.
#[inline(always)]
pub(crate) fn step(node: i32, class: u32, wide: bool) -> i32 {
    let place = at(TABLE, (node as usize) << 1);
    let runs = byte(at(place, 1)) as usize;
    let (children, index) = if runs == 0 {
        (at(place, 2), class as usize)
    } else {
        let (mut low, mut left) = (0, runs - 1);
        while left != 0 {
            let middle = left >> 1;
            let past = half(at(at(place, 2), at(low, middle) << 1)) <= class;
            low = if past { at(low, at(middle, 1)) } else { low };
            left = if past { left - middle - 1 } else { middle };
        }
        (at(place, runs << 1), low)
    };
    if wide { word(at(children, index << 2)) as i32 } else { signed_half(at(children, index << 1)) & -0x7FFF_8001 }
}

pub(crate) fn is_wide() -> bool {
    byte(TABLE + 6) != 0
}

/// The level a node asks for; terminals are below every level.
#[inline(never)]
pub(crate) fn level_of(node: i32) -> usize {
    if node < 0 { 256 } else { byte(at(TABLE, (node as usize) << 1)) as usize }
}

#[inline(never)]
pub(crate) fn follow(node: i32, level: usize, class: u32) -> i32 {
    if level_of(node) == level { step(node, class, is_wide()) } else { node }
}

#[inline(never)]
pub(crate) fn answer(decision: usize, index: usize) -> usize {
    at(pointer(decision), index * 12)
}

pub(crate) fn answers(decision: usize) -> usize {
    half(at(decision, 4)) as usize
}

pub(crate) fn words(decision: usize) -> usize {
    half(at(decision, 6)) as usize
}

pub(crate) fn words_of(answer: usize) -> usize {
    at(WORDS, (byte(at(answer, 3)) as usize) << 2)
}

#[inline(never)]
pub(crate) fn duration(answer: usize, number: u32) -> u32 {
    word(at(pointer(at(answer, 8)), (number as usize) << 2))
}

#[inline(always)]
pub(crate) fn each_group(decision: usize, mut visit: impl FnMut(usize) -> bool) -> bool {
    let mut group = pointer(at(decision, 8));
    let end = at(group, half(at(decision, 12)) as usize * 20);
    while group != end {
        if !visit(group) {
            return false;
        }
        group = at(group, 20);
    }
    true
}

/// Calls `each` with the fields of a group and the bytes of a row.
#[inline(always)]
pub(crate) fn each_field(group: usize, row: u32, mut each: impl FnMut(usize, u32)) {
    let count = half(at(group, 14)) as usize;
    let bytes = at(pointer(at(group, 4)), row as usize * count);
    let fields = pointer(at(group, 8));
    let mut index = 0;
    while index < count {
        each(at(fields, index << 2), byte(at(bytes, index)));
        index = at(index, 1);
    }
}
