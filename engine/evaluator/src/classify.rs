//! From slots to classes: takes a request, fills the class of every level, and notes which levels
//! are not known. A slot out of range makes the whole request invalid. Knows nothing of answers.

use crate::bytes::{Bytes, fill, set_bit};
use crate::identifiers::identifier;
use crate::layout::{
    FIRST_DAY, FLAG_KNOWN, INVALID_CLASS, KIND_BIT, KIND_BIT_OPTIONAL, KIND_BOUNDS_8, KIND_BOUNDS_16, KIND_BOUNDS_32,
    KIND_DATE, KIND_IDENTIFIER, KIND_MAP, KIND_MAP_OPTIONAL, KIND_MINUTE, LAST_DAY, LEVEL_BYTES, NOT_SET_8, NOT_SET_32,
    NOT_SET_DATE, REQUEST_FLAGS, RESERVED_IDENTIFIERS,
};
use crate::scratch::SmallScratch;
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
#[inline(never)]
pub(crate) fn classify<T: Bytes, R: Bytes>(table: &Table<T>, request: R, scratch: &mut SmallScratch) -> Reading {
    let partial = request.u32_at(REQUEST_FLAGS) & FLAG_KNOWN != 0;
    let known_at = table.known_at();
    let mut at = table.levels_at();
    let mut worst = 0;
    let mut unknowns = false;
    fill(&mut scratch.unknown, 0);
    let count = table.levels();
    for (index, class) in scratch.classes.iter_mut().enumerate().take(count) {
        let level = Level { bytes: table.bytes, at };
        at = at.wrapping_add(LEVEL_BYTES);
        if partial && !is_known(request, known_at, &level) {
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

/// The class a request has at a level; nothing when the slot is out of range. For proofs.
#[must_use]
pub fn class_at<T: Bytes, R: Bytes>(table: &Table<T>, request: R, index: usize) -> Option<u32> {
    let level = table.level(index);
    let class = class_of(table, request, &level);
    (class != INVALID_CLASS).then_some(class)
}

/// The class of one level.
#[inline(always)]
fn class_of<T: Bytes, R: Bytes>(table: &Table<T>, request: R, level: &Level<T>) -> u32 {
    match level.kind() {
        KIND_MAP | KIND_MAP_OPTIONAL => {
            let value = request.u8_at(level.slot());
            let entry = if value < level.count() {
                value
            } else if value == NOT_SET_8 && level.kind() == KIND_MAP_OPTIONAL {
                level.count()
            } else {
                return INVALID_CLASS;
            };
            table.bytes.u8_at(level.data().wrapping_add(entry as usize))
        }
        KIND_BIT | KIND_BIT_OPTIONAL => {
            let mask = request.u32_at(level.slot());
            let absent = level.kind() == KIND_BIT_OPTIONAL && mask == NOT_SET_32;
            if absent {
                0
            } else if mask as usize & !level.data() != 0 {
                INVALID_CLASS
            } else {
                (mask >> (level.count() & 31)) & level.classes().wrapping_sub(1)
            }
        }
        KIND_BOUNDS_8 => interval(table, level, level.data(), request.u8_at(level.slot())),
        KIND_BOUNDS_16 => interval(table, level, level.data(), request.u16_at(level.slot())),
        KIND_BOUNDS_32 => interval(table, level, level.data(), request.u32_at(level.slot())),
        KIND_MINUTE => {
            if request.u32_at(table.bytes.u16_at(level.data()) as usize) == NOT_SET_DATE {
                0
            } else {
                interval(table, level, level.data().wrapping_add(4), request.u16_at(level.slot()))
            }
        }
        KIND_DATE => date(table, level, request.u32_at(level.slot())),
        KIND_IDENTIFIER => {
            let raw = request.u32_at(level.slot());
            let reserved = raw >= RESERVED_IDENTIFIERS && raw != NOT_SET_32;
            if reserved { INVALID_CLASS } else { identifier(table, level, request) }
        }
        _ => INVALID_CLASS,
    }
}

/// The class of a number among the sorted bounds at a place.
#[inline(always)]
fn interval<T: Bytes>(table: &Table<T>, level: &Level<T>, at: usize, value: u32) -> u32 {
    let bounds = (level.count() as usize).wrapping_sub(1);
    let place = bounds_at_most(table.bytes, at, bounds, value);
    let classes = at.wrapping_add(bounds << 2);
    table.bytes.u16_at(classes.wrapping_add(place << 1))
}

/// A day number as the two things yearly calendars ask for: the day of a year that starts on
/// 1 March (0 to 365, 365 being 29 February) and the weekday (Monday is 0).
#[must_use]
#[inline(always)]
pub fn date_parts(day: u32) -> (u32, u32) {
    // Days since 0000-03-01; the caller has checked the range, so nothing wraps.
    let days = day.wrapping_add(719_468);
    let century = (days.wrapping_mul(4).wrapping_add(3) % 146_097) >> 2;
    let of_year = (century.wrapping_mul(4).wrapping_add(3) % 1_461) >> 2;
    (of_year, days.wrapping_add(2) % 7)
}

/// The class of a date: one-off interval, yearly interval and weekday through a table.
#[inline(never)]
fn date<T: Bytes>(table: &Table<T>, level: &Level<T>, raw: u32) -> u32 {
    if raw == NOT_SET_DATE {
        return table.bytes.u16_at(level.data().wrapping_add(8));
    }
    let signed = raw as i32;
    if !(FIRST_DAY..=LAST_DAY).contains(&signed) {
        return INVALID_CLASS;
    }
    let bytes = table.bytes;
    let at = level.data();
    let days = bytes.u16_at(at) as usize;
    let yearly = bytes.u16_at(at.wrapping_add(2)) as usize;
    let spread = bytes.u16_at(at.wrapping_add(4)) as usize;
    let day_bounds = at.wrapping_add(12);
    let year_bounds = day_bounds.wrapping_add(days.wrapping_sub(1) << 2);
    let day_map = year_bounds.wrapping_add(yearly.wrapping_sub(1) << 2);
    let year_map = day_map.wrapping_add(days << 1);
    let classes = year_map.wrapping_add(yearly << 1);
    let (of_year, weekday) = date_parts(raw);
    let a = bounds_at_most(bytes, day_bounds, days.wrapping_sub(1), raw ^ NOT_SET_DATE);
    let b = bounds_at_most(bytes, year_bounds, yearly.wrapping_sub(1), of_year);
    let a = bytes.u16_at(day_map.wrapping_add(a << 1)) as usize;
    let b = bytes.u16_at(year_map.wrapping_add(b << 1)) as usize;
    let cell = a.wrapping_mul(spread).wrapping_add(b).wrapping_mul(7);
    let cell = cell.wrapping_add(weekday as usize);
    bytes.u16_at(classes.wrapping_add(cell << 1))
}

/// Whether the request says that it knows the level.
fn is_known<T: Bytes, R: Bytes>(request: R, known_at: usize, level: &Level<T>) -> bool {
    let byte = request.u8_at(known_at.wrapping_add((level.known() >> 3) as usize));
    (byte >> (level.known() & 7)) & 1 != 0
}
