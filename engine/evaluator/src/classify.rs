//! From slots to classes: takes a request, fills the class of every level, and notes which levels
//! are not known. A slot out of range makes the whole request invalid. Knows nothing of answers.

use crate::bytes::{u8_at, u16_at, u32_at};
use crate::layout::{
    FIRST_DAY, FLAG_KNOWN, INVALID_CLASS, KIND_BIT, KIND_BOUNDS, KIND_BOUNDS_16, KIND_DATE,
    KIND_FLAG, KIND_IDENTIFIER, KIND_MAP, LAST_DAY, LEVEL_BYTES, NOT_SET_8, NOT_SET_32,
    NOT_SET_DATE, REQUEST_FLAGS, REQUEST_KNOWN,
};
use crate::scratch::Scratch;
use crate::search::bounds_at_most;
use crate::table::{Level, Table};

/// What classifying found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Every class is known.
    Complete,
    /// Some levels are unknown.
    Unknowns,
    /// Some slot is out of range.
    Invalid,
}

/// Fills `scratch.classes` (and `scratch.unknown` when the request has known bits).
#[inline(always)]
pub(crate) fn classify(table: &Table, request: &[u8], scratch: &mut Scratch) -> Reading {
    let partial = u32_at(request, REQUEST_FLAGS) & FLAG_KNOWN != 0;
    let mut at = table.levels_at();
    let mut worst = 0;
    let mut unknowns = false;
    if partial {
        scratch.unknown = [0; 8];
    }
    let count = table.levels();
    for (index, class) in scratch.classes.iter_mut().enumerate().take(count) {
        let level = table.level_at(at);
        at = at.wrapping_add(LEVEL_BYTES);
        if partial && !is_known(request, &level) {
            set_bit(&mut scratch.unknown, index);
            *class = 0;
            unknowns = true;
            continue;
        }
        let found = class_of(table, request, &level);
        worst |= (found == INVALID_CLASS) as u32;
        *class = found as u16;
    }
    if worst != 0 {
        Reading::Invalid
    } else if unknowns {
        Reading::Unknowns
    } else {
        Reading::Complete
    }
}

/// The class of one level.
#[inline(always)]
fn class_of(table: &Table, request: &[u8], level: &Level) -> u32 {
    match level.kind {
        KIND_FLAG => {
            let value = u8_at(request, level.slot);
            if value < 2 { value } else { INVALID_CLASS }
        }
        KIND_MAP => {
            let value = u8_at(request, level.slot);
            if value < level.count {
                u8_at(table.bytes, level.data.wrapping_add(value as usize))
            } else if value == NOT_SET_8 {
                level.extra
            } else {
                INVALID_CLASS
            }
        }
        KIND_BIT => {
            let mask = u32_at(request, level.slot);
            let absent = level.data != 0 && mask == NOT_SET_32;
            if absent {
                0
            } else if mask & !level.extra != 0 {
                INVALID_CLASS
            } else {
                (mask >> (level.count & 31)) & level.classes.wrapping_sub(1)
            }
        }
        KIND_BOUNDS => interval(table, level, u32_at(request, level.slot) ^ level.extra),
        KIND_BOUNDS_16 => interval(table, level, u16_at(request, level.slot)),
        KIND_DATE => date(table, level, u32_at(request, level.slot)),
        KIND_IDENTIFIER => identifier(table, request, level),
        _ => INVALID_CLASS,
    }
}

/// The class of a number among sorted bounds.
#[inline(always)]
fn interval(table: &Table, level: &Level, value: u32) -> u32 {
    let bounds = (level.count as usize).wrapping_sub(1);
    let place = bounds_at_most(table.bytes, level.data, bounds, value);
    let classes = level.data.wrapping_add(bounds << 2);
    u16_at(table.bytes, classes.wrapping_add(place << 1))
}

/// A day number as the two things yearly calendars ask for: the day of a year that starts on
/// 1 March (0 to 365, 365 being 29 February) and the weekday (Monday is 0).
#[must_use]
#[inline(always)]
pub fn date_parts(day: u32) -> (u32, u32) {
    // Days since 0000-03-01; the caller has checked the range, so nothing wraps.
    let days = day.wrapping_add(719_468);
    let century = (days.wrapping_mul(4).wrapping_add(3)) % 146_097 >> 2;
    let of_year = (century.wrapping_mul(4).wrapping_add(3)) % 1_461 >> 2;
    (of_year, days.wrapping_add(2) % 7)
}

/// The class of a date: one-off interval, yearly interval and weekday through a table.
fn date(table: &Table, level: &Level, raw: u32) -> u32 {
    if raw == NOT_SET_DATE {
        return level.extra;
    }
    let signed = raw as i32;
    if !(FIRST_DAY..=LAST_DAY).contains(&signed) {
        return INVALID_CLASS;
    }
    let bytes = table.bytes;
    let at = level.data;
    let days = u16_at(bytes, at) as usize;
    let yearly = u16_at(bytes, at.wrapping_add(2)) as usize;
    let spread = u16_at(bytes, at.wrapping_add(4)) as usize;
    let day_bounds = at.wrapping_add(8);
    let year_bounds = day_bounds.wrapping_add(days.wrapping_sub(1) << 2);
    let day_map = year_bounds.wrapping_add(yearly.wrapping_sub(1) << 2);
    let year_map = day_map.wrapping_add(days << 1);
    let classes = year_map.wrapping_add(yearly << 1);
    let (of_year, weekday) = date_parts(raw);
    let a = bounds_at_most(bytes, day_bounds, days.wrapping_sub(1), raw ^ NOT_SET_DATE);
    let b = bounds_at_most(bytes, year_bounds, yearly.wrapping_sub(1), of_year);
    let a = u16_at(bytes, day_map.wrapping_add(a << 1)) as usize;
    let b = u16_at(bytes, year_map.wrapping_add(b << 1)) as usize;
    let cell = a.wrapping_mul(spread).wrapping_add(b).wrapping_mul(7);
    let cell = cell.wrapping_add(weekday as usize);
    u16_at(bytes, classes.wrapping_add(cell << 1))
}

/// The class of an identifier: a name of the schema, the same as an earlier one, or fresh.
pub(crate) fn identifier(table: &Table, request: &[u8], level: &Level) -> u32 {
    let raw = u32_at(request, level.slot);
    if raw == NOT_SET_32 {
        return level.extra;
    }
    let known = known_name(table, level, raw);
    if known != crate::layout::NO_CLASS {
        return known;
    }
    let at = level.data;
    let earlier = u16_at(table.bytes, at.wrapping_add(4));
    for index in 0..earlier {
        let (other, class) = earlier_at(table, level, index);
        if u32_at(request, table.level(other).slot) == raw {
            return class;
        }
    }
    u16_at(table.bytes, at.wrapping_add(2))
}

/// The class of a name of the schema, or `NO_CLASS`.
pub(crate) fn known_name(table: &Table, level: &Level, raw: u32) -> u32 {
    let count = u16_at(table.bytes, level.data);
    if raw < count {
        let names = level.data.wrapping_add(8).wrapping_add((raw as usize) << 1);
        u16_at(table.bytes, names)
    } else {
        crate::layout::NO_CLASS
    }
}

/// The earlier identifier `index` of a level: its level and the class of being the same.
pub(crate) fn earlier_at(table: &Table, level: &Level, index: u32) -> (usize, u32) {
    let names = u16_at(table.bytes, level.data) as usize;
    let at = level.data.wrapping_add(8).wrapping_add(names << 1);
    let at = at.wrapping_add((index as usize) << 2);
    (
        u16_at(table.bytes, at) as usize,
        u16_at(table.bytes, at.wrapping_add(2)),
    )
}

/// Whether the request says that it knows the level.
#[inline(always)]
pub(crate) fn is_known(request: &[u8], level: &Level) -> bool {
    let byte = u8_at(request, REQUEST_KNOWN.wrapping_add((level.known >> 3) as usize));
    (byte >> (level.known & 7)) & 1 != 0
}

/// Sets bit `index`.
#[inline(always)]
pub(crate) fn set_bit(words: &mut [u32], index: usize) {
    if let Some(word) = words.get_mut(index >> 5) {
        *word |= 1u32 << (index & 31);
    }
}

/// Bit `index`.
#[inline(always)]
pub(crate) fn bit(words: &[u32], index: usize) -> bool {
    words.get(index >> 5).is_some_and(|word| (word >> (index & 31)) & 1 != 0)
}
