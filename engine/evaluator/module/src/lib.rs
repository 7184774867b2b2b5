//! The fixed loop behind the exports of ABI 1, compiled once to WebAssembly and put unchanged into every policy module.
//! In: numbers and places in its own memory. Out: a status or a count. It is written a second time, beside the evaluator
//! of this workspace and from the same page (`engine/ABI.md`), for two reasons: it is a third of the size, and two that
//! must agree find each other's mistakes. The one file of the project with `unsafe`: it reads and writes memory by place.
//! The WebAssembly engine keeps that inside the module; what the host passes is checked to lie in the window behind the
//! table, and what the table says was checked when it was built and again when the module was loaded.
//!
//! Memory: working memory below 64 KiB, the table at 64 KiB, then the window: request, outcome, rows, results.
#![no_std]

/// Where the table stands; parts of it are named by their places in memory.
const TABLE: usize = 0x1_0000;

/// Working memory: the class of each level, two bytes.
const CLASSES: usize = 0x1000;
/// Whether a level is known (0), unknown (1), or an unknown identifier that has been given a number (2); a byte.
const UNKNOWN: usize = 0x1200;
/// The number of the value an unknown identifier has, four bytes.
const CHOICES: usize = 0x1400;
/// What each answer can still be, eight words.
const POSSIBLE: usize = 0x1800;
/// The words of an outcome.
const WORDS: usize = 0x1C00;
/// A copy of the request, to give numbers to unknown identifiers.
const COPY: usize = 0x2000;
/// How many more triples a walk may remember; whether it reached a valid request.
const ROOM: usize = 0x2800;
const REACHED_VALID: usize = 0x2804;
/// Triples of nodes already visited; or, by rule, what it says, whether its condition holds, whether a parent is active.
const WORK: usize = 0x4000;
const HOLDS: usize = WORK + 0x2000;
const REACHED: usize = WORK + 0x4000;
const VISITED: usize = 4096;

const OK: u32 = 0;
const UNSURE_MISSING: u32 = 1;
const UNSURE_INVALID: u32 = 2;
const SCHEMA_MISMATCH: u32 = 3;
const DUTY_UNSUPPORTED: u32 = 4;

const NONE: u32 = u32::MAX;
const NOT_SET_DATE: u32 = 0x8000_0000;
const RESERVED: u32 = 0xFFFF_FF00;
const INVALID: u32 = 0xFFFF;
const NO_CLASS: u32 = 0xFFFE;
const NO_GATE: u32 = 0xFF;
const VALID: i32 = -0x7FFF_FFFF;
const IDENTIFIER: u32 = 5;
const SET: u32 = 2;
const SHORTEST: u32 = 3;
const NORMALLY: u32 = 0x7FFF;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

/// A place further on.
#[inline(always)]
fn at(place: usize, by: usize) -> usize {
    // SAFETY: places are below 2 MiB, so no sum of two wraps.
    unsafe { place.unchecked_add(by) }
}

#[inline(always)]
fn byte(place: usize) -> u32 {
    // SAFETY: a read by place; the engine confines it to this module's memory. The same holds below.
    unsafe { *(place as *const u8) as u32 }
}

#[inline(always)]
fn half(place: usize) -> u32 {
    // SAFETY: as for `byte`.
    unsafe { (place as *const u16).read_unaligned() as u32 }
}

#[inline(always)]
fn signed_half(place: usize) -> i32 {
    // SAFETY: as for `byte`.
    unsafe { (place as *const i16).read_unaligned() as i32 }
}

#[inline(always)]
fn word(place: usize) -> u32 {
    // SAFETY: as for `byte`.
    unsafe { (place as *const u32).read_unaligned() }
}

#[inline(always)]
fn put_byte(place: usize, value: u32) {
    // SAFETY: a write by place: working memory, or a place in the window that the caller of the export has checked.
    unsafe { *(place as *mut u8) = value as u8 }
}

#[inline(always)]
fn put_half(place: usize, value: u32) {
    // SAFETY: as for `put_byte`.
    unsafe { (place as *mut u16).write_unaligned(value as u16) }
}

#[inline(always)]
fn put(place: usize, value: u32) {
    // SAFETY: as for `put_byte`.
    unsafe { (place as *mut u32).write_unaligned(value) }
}

/// Sets words to a value.
#[inline(never)]
fn fill(from: usize, to: usize, value: u32) {
    let mut place = from;
    while place != to {
        put(place, value);
        place = at(place, 4);
    }
}

#[inline(never)]
fn copy(from: usize, to: usize, words: usize) {
    let mut offset = 0;
    while offset < words << 2 {
        put(at(to, offset), word(at(from, offset)));
        offset = at(offset, 4);
    }
}

#[inline(always)]
fn or(place: usize, bits: u32) {
    put(place, word(place) | bits);
}

/// A place the table names.
#[inline(always)]
fn pointer(place: usize) -> usize {
    at(TABLE, word(place) as usize)
}

fn levels() -> usize {
    half(TABLE + 16) as usize
}

#[inline(never)]
fn level(index: usize) -> usize {
    at(pointer(TABLE + 24), index << 4)
}

fn request_len() -> usize {
    word(TABLE + 20) as usize
}

/// How many of the sorted four-byte bounds are at most `value`.
#[inline(never)]
fn bounds_at_most(bounds: usize, count: usize, value: u32) -> usize {
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
fn interval(data: usize, count: usize, value: u32) -> u32 {
    let place = bounds_at_most(data, count - 1, value);
    half(at(data, ((count - 1) << 2) + (place << 1)))
}

fn date(data: usize, extra: u32, raw: u32) -> u32 {
    if raw == NOT_SET_DATE {
        return extra;
    }
    // 1900-01-01 to 2199-12-31.
    if raw.wrapping_add(25_567) > 109_572 {
        return INVALID;
    }
    // Days since 0000-03-01.
    let days = raw.wrapping_add(719_468);
    let century = (days * 4 + 3) % 146_097 >> 2;
    let of_year = (century * 4 + 3) % 1_461 >> 2;
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
fn identifier(level: usize, request: usize) -> u32 {
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
fn class_of(level: usize, request: usize) -> u32 {
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
fn classify(request: usize) -> u32 {
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

/// The child of a node for a class; terminals are below zero.
#[inline(always)]
fn step(node: i32, class: u32, wide: bool) -> i32 {
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
    if wide {
        word(at(children, index << 2)) as i32
    } else {
        signed_half(at(children, index << 1)) & -0x7FFF_8001
    }
}

fn is_wide() -> bool {
    byte(TABLE + 6) != 0
}

/// Walks to a terminal; gives its number.
#[inline(never)]
fn walk(root: u32) -> u32 {
    let mut node = root as i32;
    while node >= 0 {
        let level = level_of(node);
        node = follow(node, level, half(at(CLASSES, level << 1)));
    }
    node as u32 & 0x7FFF_FFFF
}

#[inline(never)]
fn answer(decision: usize, index: usize) -> usize {
    at(pointer(decision), index * 12)
}

fn answers(decision: usize) -> usize {
    half(at(decision, 4)) as usize
}

fn words(decision: usize) -> usize {
    half(at(decision, 6)) as usize
}

fn words_of(answer: usize) -> usize {
    at(WORDS, (byte(at(answer, 3)) as usize) << 2)
}

#[inline(never)]
fn duration(answer: usize, number: u32) -> u32 {
    word(at(pointer(at(answer, 8)), (number as usize) << 2))
}

#[inline(always)]
fn each_group(decision: usize, mut visit: impl FnMut(usize) -> bool) -> bool {
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
fn each_field(group: usize, row: u32, mut each: impl FnMut(usize, u32)) {
    let count = half(at(group, 14)) as usize;
    let bytes = at(pointer(at(group, 4)), row as usize * count);
    let fields = pointer(at(group, 8));
    let mut index = 0;
    while index < count {
        each(at(fields, index << 2), byte(at(bytes, index)));
        index = at(index, 1);
    }
}

/// Walks what is valid and every group; the words of the outcome stand in working memory. All walks go forward together,
/// a step each, so that none waits for the memory another one reads.
#[inline(never)]
fn look_up(decision: usize) -> u32 {
    put(WORK, word(TABLE + 32));
    let mut end = WORK + 4;
    each_group(decision, |group| {
        put(end, word(group));
        end = at(end, 4);
        true
    });
    let wide = is_wide();
    loop {
        let mut all = -1;
        let mut place = WORK;
        while place != end {
            let node = word(place) as i32;
            if node >= 0 {
                let level = byte(at(TABLE, (node as usize) << 1)) as usize;
                let next = step(node, half(at(CLASSES, level << 1)), wide);
                all &= next;
                put(place, next as u32);
            }
            place = at(place, 4);
        }
        if all < 0 {
            break;
        }
    }
    if word(WORK) as i32 != VALID {
        return UNSURE_INVALID;
    }
    fill(WORDS, at(WORDS, words(decision) << 2), 0);
    let mut place = WORK + 4;
    each_group(decision, |group| {
        each_field(group, word(place) & 0x7FFF_FFFF, |field, value| {
            or(at(WORDS, (byte(at(field, 1)) as usize) << 2), value << byte(at(field, 2)));
        });
        place = at(place, 4);
        true
    });
    let mut index = 0;
    while index < answers(decision) {
        let it = answer(decision, index);
        let (gate, first) = (byte(at(it, 1)), words_of(it));
        if gate != NO_GATE && word(words_of(answer(decision, gate as usize))) != byte(at(it, 2)) {
            put(first, 0);
            put(if byte(it) == SET { at(first, 4) } else { first }, NONE);
        } else if byte(it) == SHORTEST {
            put(first, duration(it, word(first)));
        }
        index = at(index, 1);
    }
    OK
}

/// Gives an unknown identifier its next number: a name, that of an identifier (unknown ones have one of their own), not
/// set. False when it starts again.
#[inline(never)]
fn advance(index: usize) -> bool {
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
            if word(at(it, 12)) != INVALID {
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

/// The level a node asks for; terminals are below every level.
#[inline(never)]
fn level_of(node: i32) -> usize {
    if node < 0 { 256 } else { byte(at(TABLE, (node as usize) << 1)) as usize }
}

#[inline(never)]
fn follow(node: i32, level: usize, class: u32) -> i32 {
    if level_of(node) == level { step(node, class, is_wide()) } else { node }
}

/// Visits a triple of nodes and all below it, and notes what is possible; false when the memory is full.
fn visit(decision: usize, group: usize, valid: i32, shown: i32, node: i32) -> bool {
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
fn collect(decision: usize, group: usize, row: u32, shown: bool) {
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
fn explore(decision: usize, request: usize) -> u32 {
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
fn decide_unknown(decision: usize, request: usize) -> u32 {
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

/// A decision of this number, or nothing.
#[inline(never)]
fn decision(number: u32) -> usize {
    if number < half(TABLE + 18) { at(pointer(TABLE + 28), number as usize * 24) } else { 0 }
}

/// Whether the request was packed for this table.
#[inline(never)]
fn fits(request: usize) -> bool {
    word(request) == word(TABLE + 12) && word(at(request, 4)) < 4
}

/// The status of a request; the words stand in working memory.
#[inline(never)]
fn settle(decision: usize, request: usize, partly: bool) -> u32 {
    if !fits(request) {
        return SCHEMA_MISMATCH;
    }
    let mut status = classify(request);
    if status == OK {
        status = look_up(decision);
    } else if status == UNSURE_MISSING && partly {
        status = decide_unknown(decision, request);
    }
    if status == OK && word(at(request, 4)) & 2 != 0 {
        let mut index = 0;
        while index < answers(decision) {
            let it = answer(decision, index);
            let able = word(at(request, 40 + ((half(at(it, 6)) as usize) << 2)));
            // The words of a blank set hold no member.
            if byte(it) == SET && word(words_of(it)) & !able != 0 {
                return DUTY_UNSUPPORTED;
            }
            index = at(index, 1);
        }
    }
    status
}

/// Decides and writes the outcome.
#[inline(never)]
fn decide(decision: usize, request: usize, out: usize) -> u32 {
    let status = settle(decision, request, true);
    copy(if status == OK { WORDS } else { pointer(at(decision, 16)) }, at(out, 4), words(decision));
    put(out, status);
    status
}

fn aligned(place: usize) -> usize {
    at(place, 15) & !15
}

/// Whether a stretch lies in the window.
#[inline(never)]
fn inside(from: usize, len: usize) -> bool {
    let start = kw_request();
    let size = (core::arch::wasm32::memory_size(0) << 16) - start;
    let offset = from.wrapping_sub(start);
    offset <= size && len <= size - offset
}

/// The decision of this number if both places lie in the window.
#[inline(never)]
fn placed(number: u32, request: usize, out: usize, len: u32) -> usize {
    if inside(request, request_len()) && inside(out, len as usize) { decision(number) } else { 0 }
}

/// The version of the ABI.
#[unsafe(no_mangle)]
pub extern "C" fn kw_abi() -> u32 {
    1
}

/// Where the host may put a request.
#[unsafe(no_mangle)]
pub extern "C" fn kw_request() -> usize {
    aligned(pointer(TABLE + 8))
}

/// Where the host may let an outcome be put.
#[unsafe(no_mangle)]
pub extern "C" fn kw_outcome() -> usize {
    aligned(at(kw_request(), request_len()))
}

/// Where the host may put the rows of a batch.
#[unsafe(no_mangle)]
pub extern "C" fn kw_rows() -> usize {
    aligned(at(kw_outcome(), half(TABLE + 44) as usize))
}

/// Where the host may let the results of a batch be put.
#[unsafe(no_mangle)]
pub extern "C" fn kw_results() -> usize {
    at(kw_rows(), request_len() << 10)
}

/// Decides one request by walking the table.
#[unsafe(no_mangle)]
pub extern "C" fn kw_decide_table(number: u32, request: usize, out: usize) -> u32 {
    let decision = placed(number, request, out, half(TABLE + 46));
    if decision == 0 { SCHEMA_MISMATCH } else { decide(decision, request, out) }
}

/// What is still possible when some inputs are unknown.
#[unsafe(no_mangle)]
pub extern "C" fn kw_partial(number: u32, request: usize, out: usize) -> u32 {
    let decision = placed(number, request, out, half(TABLE + 44));
    if decision == 0 {
        return SCHEMA_MISMATCH;
    }
    let mut status = SCHEMA_MISMATCH;
    if fits(request) {
        fill(UNKNOWN, UNKNOWN + 256, 0);
        status = classify(request);
        if status != UNSURE_INVALID {
            status = explore(decision, request);
        }
    }
    if status != OK {
        fill(POSSIBLE, POSSIBLE + 1024, if status == UNSURE_MISSING { NONE } else { 0 });
    }
    copy(POSSIBLE, at(out, 4), answers(decision) << 3);
    put(out, status);
    status
}

/// Which rules apply, and their part.
#[unsafe(no_mangle)]
pub extern "C" fn kw_why(number: u32, request: usize, out: usize) -> u32 {
    let decision = placed(number, request, out, half(TABLE + 44));
    if decision == 0 {
        return 0;
    }
    let status = settle(decision, request, false);
    let mut count = 0;
    if status == OK {
        let taken = activate(decision);
        let mut index = 0;
        while index < rules(decision) {
            let part = part_of(decision, index, taken);
            if part < 3 {
                put(at(out, 8 + (count << 2)), (half(at(rule(decision, index), 8)) & 0x7FFF) | part << 16);
                count = at(count, 1);
            }
            index = at(index, 1);
        }
    }
    put(out, status);
    put(at(out, 4), count as u32);
    count as u32
}

fn rules(decision: usize) -> usize {
    half(at(decision, 14)) as usize
}

#[inline(never)]
fn rule(decision: usize, index: usize) -> usize {
    at(pointer(at(decision, 20)), index * 12)
}

#[inline(always)]
fn each_kid(rule: usize, mut each: impl FnMut(usize)) {
    let mut place = pointer(rule);
    let end = at(place, (byte(at(rule, 10)) as usize) << 1);
    while place != end {
        each((half(place) as usize) << 2);
        place = at(place, 2);
    }
}

#[inline(always)]
fn each_effect(rule: usize, mut each: impl FnMut(usize)) {
    let mut place = at(pointer(rule), (byte(at(rule, 10)) as usize) << 1);
    let end = at(place, byte(at(rule, 11)) as usize * 6);
    while place != end {
        each(place);
        place = at(place, 6);
    }
}

/// What the exceptions of a rule say: a bit for each answer.
#[inline(never)]
fn kids_say(rule: usize) -> u32 {
    let mut says = 0;
    each_kid(rule, |kid| says |= word(at(WORK, kid)));
    says
}

/// Finds which rules hold and are active, parents first, then what each says, from the last to the first. Gives what
/// rules say at all.
#[inline(never)]
fn activate(decision: usize) -> u32 {
    fill(WORK, WORK + VISITED * 8, 0);
    let mut index = 0;
    while index < rules(decision) {
        let it = rule(decision, index);
        put(at(HOLDS, index << 2), walk(word(at(it, 4))));
        if half(at(it, 8)) & 0x8000 != 0 {
            put(at(REACHED, index << 2), 1);
        }
        if word(at(HOLDS, index << 2)) & word(at(REACHED, index << 2)) != 0 {
            each_kid(it, |kid| put(at(REACHED, kid), 1));
        }
        index = at(index, 1);
    }
    let mut taken = 0;
    while index != 0 {
        index -= 1;
        if word(at(HOLDS, index << 2)) != 0 {
            let it = rule(decision, index);
            let mut says = kids_say(it);
            each_effect(it, |effect| says |= (byte(at(effect, 1)) == 0) as u32 * (1 << byte(effect)));
            put(at(WORK, index << 2), says);
            let number = half(at(it, 8));
            if number & 0x8000 != 0 && number & 0x7FFF != NORMALLY {
                taken |= says;
            }
        }
    }
    taken
}

/// The part of a rule: 0 deciding, 1 overridden, 2 milder, more if none.
#[inline(never)]
fn part_of(decision: usize, index: usize, taken: u32) -> u32 {
    if word(at(HOLDS, index << 2)) & word(at(REACHED, index << 2)) == 0 {
        return 3;
    }
    let it = rule(decision, index);
    let normally = half(at(it, 8)) & 0x7FFF == NORMALLY;
    let below = if normally { taken } else { kids_say(it) };
    let mut best = 3;
    each_effect(it, |effect| {
        let answer = answer(decision, byte(effect) as usize);
        let first = words_of(answer);
        let is_set = byte(answer) == SET;
        if byte(at(answer, 1)) != NO_GATE && word(if is_set { at(first, 4) } else { first }) == NONE {
            return;
        }
        let value = word(at(effect, 2));
        let part = match byte(at(effect, 1)) {
            0 if below >> byte(effect) & 1 != 0 => if normally { 3 } else { 1 },
            0 if word(first) != value => 2,
            1 if value & !omitted(decision, it, byte(effect)) == 0 => 1,
            _ => 0,
        };
        best = best.min(part);
    });
    best
}

/// The members of an answer that a rule's own exceptions, where they hold, take away.
#[inline(never)]
fn omitted(decision: usize, it: usize, answer: u32) -> u32 {
    let mut omitted = 0;
    each_kid(it, |kid| {
        if word(at(HOLDS, kid)) != 0 {
            each_effect(rule(decision, kid >> 2), |effect| {
                if byte(effect) == answer && byte(at(effect, 1)) == 2 {
                    omitted |= word(at(effect, 2));
                }
            });
        }
    });
    omitted
}

/// Decides up to 1,024 requests in a row; gives how many.
#[unsafe(no_mangle)]
pub extern "C" fn kw_batch(number: u32, rows: usize, count: u32, out: usize) -> u32 {
    let decision = decision(number);
    let count = count.min(1024);
    let (len, outcome) = (request_len(), 4 + (words(decision) << 2));
    if decision == 0 || !inside(rows, len * count as usize) || !inside(out, outcome * count as usize) {
        return 0;
    }
    let mut row = 0;
    while row < count as usize {
        decide(decision, at(rows, row * len), at(out, row * outcome));
        row = at(row, 1);
    }
    count
}
