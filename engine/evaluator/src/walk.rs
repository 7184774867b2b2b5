//! Deciding: takes a table, a decision's number and a request, writes the outcome. One request or
//! a batch. Knows nothing of names and reasons. Anything odd ends in the `if unsure` record.

use crate::bytes::{Bytes, Room, or_word, put_word, word_at};
use crate::classify::{Reading, classify};
use crate::layout::{
    ANSWER_SET, ANSWER_SHORTEST, BATCH_ROWS, BLANK, FLAG_DUTIES, FLAG_KNOWN, NO_GATE, OUTCOME_WORDS, REQUEST_FLAGS,
    REQUEST_HASH, Status,
};
use crate::outcome::{has_room, write_unsure, write_words};
use crate::scratch::{SmallScratch, Working};
use crate::table::{Answer, Decision, Table};

/// Decides one request. `out` must have room for the status and the answer words; when it has
/// not, or when the decision does not exist, nothing is written.
#[inline(never)]
pub fn decide<T: Bytes, R: Bytes, O: Room + ?Sized, S: Working>(
    table: &Table<T>,
    number: u32,
    request: R,
    out: &mut O,
    scratch: &mut S,
) -> Status {
    let Some(decision) = table.decision(number) else {
        return Status::SchemaMismatch;
    };
    if !has_room(&decision, out) {
        return Status::SchemaMismatch;
    }
    if !fits(table, request) {
        return write_unsure(table, &decision, Status::SchemaMismatch, out);
    }
    let status = match classify(table, request, scratch.small()) {
        Reading::Complete => look_up(table, &decision, scratch.small()),
        Reading::Unknowns => scratch.unknowns(table, &decision, request),
        Reading::Invalid => Status::UnsureInvalid,
    };
    match status {
        Status::Ok => write_words(table, &decision, request, scratch.small(), out),
        _ => write_unsure(table, &decision, status, out),
    }
}

/// Decides up to 1,024 requests that stand one after the other. Gives how many were decided: rows
/// beyond the room in `rows` or `out` are left alone.
pub fn batch<S: Working>(
    table: &Table<&[u8]>,
    number: u32,
    rows: &[u8],
    count: u32,
    out: &mut [u8],
    scratch: &mut S,
) -> u32 {
    let requests = rows.chunks_exact(table.request_len().max(1));
    let outcomes = out.chunks_exact_mut(result_len(table, number).max(4));
    let mut done = 0u32;
    let limit = count.min(BATCH_ROWS) as usize;
    for (request, outcome) in requests.zip(outcomes).take(limit) {
        decide(table, number, request, outcome, scratch);
        done = done.wrapping_add(1);
    }
    done
}

/// Bytes of an outcome of a decision; nothing when there is no such decision.
pub fn result_len<T: Bytes>(table: &Table<T>, number: u32) -> usize {
    table.decision(number).map_or(0, |decision| OUTCOME_WORDS.wrapping_add(decision.words() << 2))
}

/// Whether the request was packed for this table.
pub(crate) fn fits<T: Bytes, R: Bytes>(table: &Table<T>, request: R) -> bool {
    let flags = request.u32_at(REQUEST_FLAGS);
    let len = if flags == 0 { table.short_len() } else { table.request_len() };
    request.len() >= len
        && request.u32_at(REQUEST_HASH) == table.schema_hash()
        && flags & !(FLAG_KNOWN | FLAG_DUTIES) == 0
}

/// Walks the validity diagram and every group; leaves the answer words in `scratch`.
#[inline(never)]
pub(crate) fn look_up<T: Bytes>(table: &Table<T>, decision: &Decision<T>, scratch: &mut SmallScratch) -> Status {
    match table.walk(table.validity(), &scratch.classes) {
        Some(1) => {}
        Some(_) => return Status::UnsureInvalid,
        None => return Status::SchemaMismatch,
    }
    for word in scratch.words.iter_mut().take(decision.words()) {
        *word = 0;
    }
    for index in 0..decision.groups() {
        let group = decision.group(index);
        let Some(row) = table.walk(group.root(), &scratch.classes) else {
            return Status::SchemaMismatch;
        };
        for place in 0..group.fields() {
            let field = group.field(place);
            or_word(&mut scratch.words, field.word(), group.row_byte(row, place) << (field.shift() & 31));
        }
    }
    for index in 0..decision.answers() {
        finish(decision, &decision.answer(index), scratch);
    }
    Status::Ok
}

/// Blanks an answer whose gate is shut, and turns the number of a duration into minutes. Gates come before what they gate.
fn finish<T: Bytes>(decision: &Decision<T>, answer: &Answer<T>, scratch: &mut SmallScratch) {
    let set = answer.kind() == ANSWER_SET;
    let at = answer.word();
    let found = word_at(&scratch.words, at);
    let value = if answer.gate() != NO_GATE && !is_open(decision, answer, scratch) {
        put_word(&mut scratch.words, at, 0);
        put_word(&mut scratch.words, at.wrapping_add(set as usize), BLANK);
        return;
    } else if answer.kind() == ANSWER_SHORTEST {
        answer.duration(found)
    } else {
        found
    };
    put_word(&mut scratch.words, at, value);
}

/// Whether the answer that gates another has the value it takes.
fn is_open<T: Bytes>(decision: &Decision<T>, answer: &Answer<T>, scratch: &SmallScratch) -> bool {
    let gate = decision.answer(answer.gate() as usize);
    word_at(&scratch.words, gate.word()) == answer.gate_value()
}
