//! From slots to classes. In: a request. Out: the class of every level, and whether all are known and in range. Refuses
//! to know answers.

use crate::memory::{at, byte, half, put_byte, put_half, word};
use crate::table::{
    BIT, BOUNDS_8, BOUNDS_16, CLASSES, DATE, INVALID, MAP, MINUTE, NO_CLASS, NONE, NOT_SET_DATE, OK, RESERVED, TABLE,
    UNKNOWN, UNSURE_INVALID, UNSURE_MISSING, level, levels, pointer, request_len,
};

/// How many of the sorted four-byte bounds are at most `value`. The number of steps depends on `count` alone, and what is
/// compared decides over no branch: it could not be foreseen.
#[inline(never)]
fn bounds_at_most(bounds: usize, count: usize, value: u32) -> usize {
    let (mut place, mut left) = (bounds, count);
    while left > 1 {
        let middle = left >> 1;
        let next = at(place, middle << 2);
        place = if word(next - 4) <= value { next } else { place };
        left -= middle;
    }
    (place - bounds) / 4 + (left == 1 && word(place) <= value) as usize
}

/// The class of a day.
#[inline(never)]
fn date(data: usize, raw: u32) -> u32 {
    if raw == NOT_SET_DATE {
        return half(at(data, 8));
    }
    // 1900-01-01 to 2199-12-31.
    if raw.wrapping_add(25_567) > 109_572 {
        return INVALID;
    }
    // Days since 0000-03-01.
    let days = raw.wrapping_add(719_468);
    let century = ((days * 4 + 3) % 146_097) >> 2;
    let of_year = ((century * 4 + 3) % 1_461) >> 2;
    let (count, yearly, columns) = (half(data) as usize, half(at(data, 2)) as usize, half(at(data, 4)) as usize);
    let bounds = at(data, 12);
    let yearly_bounds = at(bounds, (count - 1) << 2);
    let rows = at(yearly_bounds, (yearly - 1) << 2);
    let row = half(at(rows, bounds_at_most(bounds, count - 1, raw ^ NOT_SET_DATE) << 1)) as usize;
    let after = at(rows, count << 1);
    let column = half(at(after, bounds_at_most(yearly_bounds, yearly - 1, of_year) << 1)) as usize;
    let cell = (row * columns + column) * 7 + ((days + 2) % 7) as usize;
    half(at(at(after, yearly << 1), cell << 1))
}

/// The class of an identifier: not set, a name, the same as an earlier one, or fresh.
#[inline(never)]
pub(crate) fn identifier(level: usize, request: usize) -> u32 {
    let raw = word(at(request, half(at(level, 2)) as usize));
    let data = pointer(at(level, 8));
    if raw == NONE {
        return half(at(data, 6));
    }
    let (names, mut earlier) = (half(data), half(at(data, 4)));
    let list = at(data, 8);
    if raw < names {
        let class = half(at(list, (raw as usize) << 1));
        if class != NO_CLASS {
            return class;
        }
    }
    let mut other = at(list, (names as usize) << 1);
    while earlier != 0 {
        if word(at(request, half(other) as usize)) == raw {
            return half(at(other, 2));
        }
        other = at(other, 4);
        earlier -= 1;
    }
    half(at(data, 2))
}

/// The class of a level.
#[inline(always)]
fn class_of(level: usize, request: usize) -> u32 {
    let slot = at(request, half(at(level, 2)) as usize);
    let count = half(at(level, 6));
    let kind = byte(level);
    if kind < BIT {
        let mut value = byte(slot);
        if value >= count {
            if kind == MAP || value != 0xFF {
                return INVALID;
            }
            value = count;
        }
        return byte(at(pointer(at(level, 8)), value as usize));
    }
    let data = word(at(level, 8));
    if kind < BOUNDS_8 {
        let mask = word(slot);
        return if kind != BIT && mask == NONE {
            0
        } else if mask & !data != 0 {
            INVALID
        } else {
            mask >> count & (half(at(level, 4)) - 1)
        };
    }
    let mut data = at(TABLE, data as usize);
    let raw = match kind {
        BOUNDS_8 => byte(slot),
        BOUNDS_16 => half(slot),
        MINUTE => {
            if word(at(request, half(data) as usize)) == NOT_SET_DATE {
                return 0;
            }
            data = at(data, 4);
            half(slot)
        }
        _ => word(slot),
    };
    if kind < DATE {
        let bounds = count as usize - 1;
        let place = bounds_at_most(data, bounds, raw);
        return half(at(at(data, bounds << 2), place << 1));
    }
    if kind == DATE {
        return date(data, raw);
    }
    if raw >= RESERVED && raw != NONE { INVALID } else { identifier(level, request) }
}

/// Fills the classes; gives ok, missing or invalid.
#[inline(never)]
pub(crate) fn classify(request: usize) -> u32 {
    let (mut level, mut place) = (level(0), CLASSES);
    let end = at(place, levels() << 1);
    let mut status = OK;
    while place != end {
        let class = class_of(level, request);
        if class == INVALID {
            status = UNSURE_INVALID;
        }
        put_half(place, class);
        place = at(place, 2);
        level = at(level, 12);
    }
    if word(at(request, 4)) & 1 != 0 { set_aside(request) } else { status }
}

/// Notes the levels that are unknown, whatever their slots hold.
#[inline(never)]
fn set_aside(request: usize) -> u32 {
    let known = at(request, request_len() - ((levels() + 31) >> 5 << 2));
    let mut status = OK;
    let mut index = 0;
    while index < levels() {
        let bit = byte(at(level(index), 1));
        let unknown = !(byte(at(known, (bit >> 3) as usize)) >> (bit & 7)) & 1;
        put_byte(at(UNKNOWN, index), unknown);
        let class = at(CLASSES, index << 1);
        if unknown != 0 {
            put_half(class, 0);
            status |= UNSURE_MISSING;
        } else if half(class) == INVALID {
            status |= UNSURE_INVALID;
        }
        index = at(index, 1);
    }
    if status > UNSURE_INVALID { UNSURE_INVALID } else { status }
}
