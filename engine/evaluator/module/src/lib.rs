//! The fixed loop behind the exports of ABI 1, compiled once to WebAssembly and put unchanged into every policy module.
//! In: numbers and places in its own memory. Out: a status or a count. It is written a second time, beside the evaluator
//! of this workspace and from the same page (`engine/ABI.md`), for two reasons: it is smaller and quicker, and two that must
//! agree find each other's mistakes. What the host passes is checked to lie in the window behind the table; what the table
//! says was checked when it was built and again when the module was loaded.
//!
//! Memory: working memory below 64 KiB, the table at 64 KiB, then the window: request, outcome, rows, results.
#![no_std]

mod classify;
mod memory;
mod partial;
mod table;
mod walk;
mod why;

use classify::classify;
use memory::{at, byte, copy, fill, half, put, word};
use partial::{decide_unknown, explore};
use table::{
    DUTY_UNSUPPORTED, NONE, OK, POSSIBLE, SCHEMA_MISMATCH, SET, TABLE, UNKNOWN, UNSURE_INVALID, UNSURE_MISSING, WORDS,
    answer, answers, pointer, request_len, words, words_of,
};
use walk::look_up;
use why::{activate, part_of, rule, rules};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
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
            let able = word(at(request, half(at(it, 6)) as usize));
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
