//! Deciding with unknown inputs. In: a request with known bits. Out: every value each answer can still have, exactly, and
//! the outcome if each has one left. Refuses to guess: when its memory is full it says so.

use crate::classify::identifier;
use crate::memory::{at, byte, copy, fill, half, or, put, put_byte, put_half, word};
use crate::table::{
    CHOICES, CLASSES, COPY, IDENTIFIER, INVALID, NO_GATE, NONE, OK, POSSIBLE, REACHED_VALID, RESERVED, ROOM, SET,
    SHORTEST, TABLE, UNKNOWN, UNSURE_INVALID, UNSURE_MISSING, VALID, VISITED, WORK, answer, answers, duration,
    each_field, each_group, follow, level, level_of, levels, pointer, request_len, words_of,
};

/// Gives an unknown identifier its next number: a name, that of an identifier (unknown ones have one of their own), not
/// set. False when it starts again.
#[inline(never)]
pub(crate) fn advance(index: usize) -> bool {
    let it = level(index);
    let names = half(pointer(at(it, 8)));
    let choice_at = at(CHOICES, index << 2);
    let mut choice = word(choice_at);
    let mut fresh = true;
    let raw = loop {
        choice = choice.wrapping_add(1);
        if choice < names {
            break choice;
        }
        let other = (choice - names) as usize;
        if other < levels() {
            let level = level(other);
            if byte(level) == IDENTIFIER {
                let lent = word(at(COPY, half(at(level, 2)) as usize));
                break if byte(at(UNKNOWN, other)) != 0 || lent == NONE { RESERVED | other as u32 } else { lent };
            }
        } else if other == levels() {
            if half(at(pointer(at(it, 8)), 6)) != INVALID {
                break NONE;
            }
        } else {
            choice = NONE;
            fresh = false;
        }
    };
    put(choice_at, choice);
    put(at(COPY, half(at(it, 2)) as usize), raw);
    fresh
}

/// Visits a triple of nodes and all below it, and notes what is possible; false when the memory is full.
pub(crate) fn visit(decision: usize, group: usize, valid: i32, shown: i32, node: i32) -> bool {
    if valid < 0 && valid != VALID {
        return true;
    }
    let index = level_of(valid).min(level_of(shown)).min(level_of(node));
    if index == 256 {
        put(REACHED_VALID, 1);
        collect(decision, group, node as u32 & 0x7FFF_FFFF, shown == VALID);
        return true;
    }
    let mut class = half(at(CLASSES, index << 1));
    let mut last = class;
    if byte(at(UNKNOWN, index)) == 1 {
        class = 0;
        last = half(at(level(index), 4)) - 1;
        let part = |node: i32| ((node as u32 & 0xF_FFFF) | node as u32 >> 31 << 20) as u64;
        let key = part(valid) | part(shown) << 21 | part(node) << 42;
        let mut place = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize;
        loop {
            let slot = at(WORK, place << 3);
            let found = word(slot) as u64 | (word(at(slot, 4)) as u64) << 32;
            if found == key {
                return true;
            }
            if found == u64::MAX {
                let room = word(ROOM);
                if room == 0 {
                    return false;
                }
                put(ROOM, room - 1);
                put(slot, key as u32);
                put(at(slot, 4), (key >> 32) as u32);
                break;
            }
            place = at(place, 1) & (VISITED - 1);
        }
    }
    loop {
        let below = |node| follow(node, index, class);
        if !visit(decision, group, below(valid), below(shown), below(node)) {
            return false;
        }
        if class == last {
            return true;
        }
        class += 1;
    }
}

/// Adds a reached row to what is possible.
#[inline(never)]
pub(crate) fn collect(decision: usize, group: usize, row: u32, shown: bool) {
    each_field(group, row, |field, value| {
        let number = byte(field) as usize;
        let it = answer(decision, number);
        let possible = at(POSSIBLE, number << 5);
        let blank = !shown && byte(at(it, 1)) != NO_GATE;
        if byte(it) == SET {
            let held = if blank { 0 } else { value };
            let shift = byte(at(field, 2));
            or(possible, held << shift);
            or(at(possible, 4), (!held & byte(at(field, 3))) << shift);
            or(at(possible, 8), if blank { 1 } else { 2 });
        } else {
            let value = if blank { 255 } else { value };
            or(at(possible, (value as usize >> 5) << 2), 1 << (value & 31));
        }
    });
}

/// Works out what is possible.
#[inline(never)]
pub(crate) fn explore(decision: usize, request: usize) -> u32 {
    fill(POSSIBLE, POSSIBLE + 1024, 0);
    fill(CHOICES, CHOICES + 1024, NONE);
    put(REACHED_VALID, 0);
    copy(request, COPY, request_len() >> 2);
    // Identifiers that are compared with others take every number that matters.
    let mut index = 0;
    while index < levels() {
        let it = level(index);
        let free = byte(it) == IDENTIFIER && half(at(it, 6)) != 0 && byte(at(UNKNOWN, index)) != 0;
        if free {
            put_byte(at(UNKNOWN, index), 2);
        }
        index = at(index, 1);
    }
    let mut left = levels();
    while left != 0 {
        left -= 1;
        if byte(at(UNKNOWN, left)) == 2 {
            advance(left);
        }
    }
    let mut worlds = 65_536u32;
    loop {
        index = 0;
        while index < levels() {
            let it = level(index);
            if byte(it) == IDENTIFIER {
                put_half(at(CLASSES, index << 1), identifier(it, COPY));
            }
            index = at(index, 1);
        }
        let all = each_group(decision, |group| {
            fill(WORK, WORK + VISITED * 8, NONE);
            put(ROOM, (VISITED / 4 * 3) as u32);
            visit(decision, group, word(TABLE + 32) as i32, word(at(group, 16)) as i32, word(group) as i32)
        });
        if !all || worlds == 0 {
            return UNSURE_MISSING;
        }
        worlds -= 1;
        // On to the next numbers, like the wheels of a mileage counter.
        index = 0;
        loop {
            if index == levels() {
                return if word(REACHED_VALID) != 0 { OK } else { UNSURE_INVALID };
            }
            if byte(at(UNKNOWN, index)) == 2 && advance(index) {
                break;
            }
            index = at(index, 1);
        }
    }
}

/// Decides when every answer has one value left.
#[inline(never)]
pub(crate) fn decide_unknown(decision: usize, request: usize) -> u32 {
    let status = explore(decision, request);
    if status != OK {
        return status;
    }
    let mut index = 0;
    while index < answers(decision) {
        let it = answer(decision, index);
        let (possible, first) = (at(POSSIBLE, index << 5), words_of(it));
        let mut value = word(possible);
        if byte(it) == SET {
            let kind = word(at(possible, 8));
            put(at(first, 4), if kind == 1 { NONE } else { 0 });
            if kind == 3 || kind == 2 && value & word(at(possible, 4)) != 0 {
                return UNSURE_MISSING;
            }
        } else {
            let (mut count, mut place) = (0, 0);
            while place != 32 {
                let bits = word(at(possible, place));
                count += bits.count_ones();
                if bits != 0 {
                    value = ((place as u32) << 3) + bits.trailing_zeros();
                }
                place = at(place, 4);
            }
            if count != 1 {
                return UNSURE_MISSING;
            }
            if value == 255 {
                value = NONE;
            } else if byte(it) == SHORTEST {
                value = duration(it, value);
            }
        }
        put(first, value);
        index = at(index, 1);
    }
    OK
}
