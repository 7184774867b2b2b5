//! From slots to classes. In: a request. Out: the class of every level, and whether all are known and in range. Refuses
//! to know answers.

use crate::memory::{at, byte, half, put_byte, put_half, word};
use crate::table::{
    CLASSES, INVALID, NO_CLASS, NONE, NOT_SET_DATE, OK, RESERVED, TABLE, UNKNOWN, UNSURE_INVALID, level, levels,
    pointer,
};

/// How many of the sorted four-byte bounds are at most `value`.
#[inline(never)]
pub(crate) fn bounds_at_most(bounds: usize, count: usize, value: u32) -> usize {
    let (mut low, mut left) = (0, count);
    while left != 0 {
        let half = left >> 1;
        let middle = at(low, half);
        if word(at(bounds, middle << 2)) <= value {
            low = at(middle, 1);
            left = left - half - 1;
        } else {
            left = half;
        }
    }
    low
}

/// The class of a number among `count` intervals.
#[inline(never)]
pub(crate) fn interval(data: usize, count: usize, value: u32) -> u32 {
    let place = bounds_at_most(data, count - 1, value);
    half(at(data, ((count - 1) << 2) + (place << 1)))
}

pub(crate) fn date(data: usize, extra: u32, raw: u32) -> u32 {
    if raw == NOT_SET_DATE {
        return extra;
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
    let bounds = at(data, 8);
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
    if raw == NONE {
        return word(at(level, 12));
    }
    let data = pointer(at(level, 8));
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

#[inline(always)]
pub(crate) fn class_of(level: usize, request: usize) -> u32 {
    let slot = at(request, half(at(level, 2)) as usize);
    let (count, data, extra) = (half(at(level, 6)), pointer(at(level, 8)), word(at(level, 12)));
    match byte(level) {
        0 => {
            let value = byte(slot);
            if value < count {
                byte(at(data, value as usize))
            } else if value == 0xFF {
                extra
            } else {
                INVALID
            }
        }
        1 => {
            let mask = word(slot);
            if data != TABLE && mask == NONE {
                0
            } else if mask & !extra != 0 {
                INVALID
            } else {
                mask >> count & (half(at(level, 4)) - 1)
            }
        }
        2 => interval(data, count as usize, word(slot) ^ extra),
        3 => {
            if extra != 0 && word(at(request, extra as usize)) == NOT_SET_DATE {
                0
            } else {
                interval(data, count as usize, half(slot))
            }
        }
        4 => date(data, extra, word(slot)),
        _ => {
            let raw = word(slot);
            if raw >= RESERVED && raw != NONE { INVALID } else { identifier(level, request) }
        }
    }
}

/// Fills the classes; gives ok, missing or invalid.
#[inline(never)]
pub(crate) fn classify(request: usize) -> u32 {
    let partial = word(at(request, 4)) & 1;
    let mut status = OK;
    let mut index = 0;
    let mut level = level(0);
    while index < levels() {
        let mut class = 0;
        let mut unknown = 0;
        if partial != 0 {
            let known = byte(at(level, 1));
            unknown = !(byte(at(request, 8 + (known >> 3) as usize)) >> (known & 7)) & 1;
            status |= unknown;
            put_byte(at(UNKNOWN, index), unknown);
        }
        if unknown == 0 {
            class = class_of(level, request);
            if class == INVALID {
                status |= UNSURE_INVALID;
            }
        }
        put_half(at(CLASSES, index << 1), class);
        index = at(index, 1);
        level = at(level, 16);
    }
    if status > UNSURE_INVALID { UNSURE_INVALID } else { status }
}
