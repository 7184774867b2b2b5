//! Deciding: takes a table, a decision's number and a request, writes the outcome. One request or
//! a batch. Knows nothing of names and reasons. Anything odd ends in the `if unsure` record.

use crate::bytes::u32_at;
use crate::classify::{Reading, classify};
use crate::layout::{
    BATCH_ROWS, FLAG_DUTIES, FLAG_KNOWN, OUTCOME_WORDS, REQUEST_FLAGS, REQUEST_HASH, Status,
};
use crate::outcome::{has_room, write_unsure, write_words};
use crate::partial::decide_unknown;
use crate::scratch::Scratch;
use crate::table::{Decision, Table};

/// Decides one request. `out` must have room for the status and the answer words; when it has
/// not, or when the decision does not exist, nothing is written.
pub fn decide(
    table: &Table,
    number: u32,
    request: &[u8],
    out: &mut [u8],
    scratch: &mut Scratch,
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
    let status = match classify(table, request, scratch) {
        Reading::Complete => look_up(table, &decision, scratch),
        Reading::Unknowns => decide_unknown(table, &decision, request, scratch),
        Reading::Invalid => Status::UnsureInvalid,
    };
    match status {
        Status::Ok => write_words(table, &decision, request, scratch, out),
        _ => write_unsure(table, &decision, status, out),
    }
}

/// Decides up to 1,024 requests that stand one after the other. Gives how many were decided: rows
/// beyond the room in `rows` or `out` are left alone.
pub fn batch(
    table: &Table,
    number: u32,
    rows: &[u8],
    count: u32,
    out: &mut [u8],
    scratch: &mut Scratch,
) -> u32 {
    let Some(decision) = table.decision(number) else {
        return 0;
    };
    let result = OUTCOME_WORDS.wrapping_add(decision.words << 2);
    let requests = rows.chunks_exact(table.request_len().max(1));
    let outcomes = out.chunks_exact_mut(result);
    let mut done = 0u32;
    let limit = count.min(BATCH_ROWS) as usize;
    for (request, outcome) in requests.zip(outcomes).take(limit) {
        decide(table, number, request, outcome, scratch);
        done = done.wrapping_add(1);
    }
    done
}

/// Whether the request was packed for this table.
#[inline(always)]
pub(crate) fn fits(table: &Table, request: &[u8]) -> bool {
    request.len() >= table.request_len()
        && u32_at(request, REQUEST_HASH) == table.schema_hash()
        && u32_at(request, REQUEST_FLAGS) & !(FLAG_KNOWN | FLAG_DUTIES) == 0
}

/// Walks the validity diagram and every group; leaves the answer words in `scratch`.
#[inline(always)]
pub(crate) fn look_up(table: &Table, decision: &Decision, scratch: &mut Scratch) -> Status {
    match table.walk(table.validity(), &scratch.classes) {
        Some(1) => {}
        Some(_) => return Status::UnsureInvalid,
        None => return Status::SchemaMismatch,
    }
    for word in scratch.words.iter_mut().take(decision.words) {
        *word = 0;
    }
    for index in 0..decision.groups {
        let group = table.group(decision, index);
        let Some(row) = table.walk(group.root, &scratch.classes) else {
            return Status::SchemaMismatch;
        };
        for place in 0..group.fields {
            let value = table.row_word(&group, row, place);
            let field = table.field(&group, place);
            if let Some(word) = scratch.words.get_mut(field.word) {
                *word |= value;
            }
        }
    }
    Status::Ok
}
