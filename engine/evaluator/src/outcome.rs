//! Writing outcomes: takes answer words, checks them against the duties the host can perform, and
//! writes either them or the `if unsure` record. Knows nothing of how the words came about.

use crate::bytes::{put_u32, u32_at};
use crate::layout::{
    ANSWER_SET, BLANK, FLAG_DUTIES, OUTCOME_STATUS, OUTCOME_WORDS, REQUEST_DUTIES, REQUEST_FLAGS,
    Status,
};
use crate::scratch::Scratch;
use crate::table::{Answer, Decision, Table};

/// Writes the `if unsure` record under a status.
pub(crate) fn write_unsure(
    table: &Table,
    decision: &Decision,
    status: Status,
    out: &mut [u8],
) -> Status {
    put_u32(out, OUTCOME_STATUS, status.code());
    for index in 0..decision.words {
        let offset = index << 2;
        let word = u32_at(table.bytes, decision.unsure_at.wrapping_add(offset));
        put_u32(out, OUTCOME_WORDS.wrapping_add(offset), word);
    }
    status
}

/// Writes the words in `scratch`, unless they hold a duty the host cannot perform.
#[inline(always)]
pub(crate) fn write_words(
    table: &Table,
    decision: &Decision,
    request: &[u8],
    scratch: &Scratch,
    out: &mut [u8],
) -> Status {
    let limited = u32_at(request, REQUEST_FLAGS) & FLAG_DUTIES != 0;
    if limited && !duties_supported(table, decision, request, scratch) {
        return write_unsure(table, decision, Status::DutyUnsupported, out);
    }
    put_u32(out, OUTCOME_STATUS, Status::Ok.code());
    for (index, word) in scratch.words.iter().enumerate().take(decision.words) {
        put_u32(out, OUTCOME_WORDS.wrapping_add(index << 2), *word);
    }
    Status::Ok
}

/// Whether every duty of the outcome is one the host can perform.
pub(crate) fn duties_supported(
    table: &Table,
    decision: &Decision,
    request: &[u8],
    scratch: &Scratch,
) -> bool {
    for index in 0..decision.answers {
        let answer = table.answer(decision, index);
        if answer.kind != ANSWER_SET || is_blank_set(scratch, &answer) {
            continue;
        }
        let able = u32_at(request, REQUEST_DUTIES.wrapping_add(answer.duty << 2));
        if word(scratch, answer.word) & !able != 0 {
            return false;
        }
    }
    true
}

/// Whether a set answer is blanked.
pub(crate) fn is_blank_set(scratch: &Scratch, answer: &Answer) -> bool {
    answer.blankable && word(scratch, answer.word.wrapping_add(1)) == BLANK
}

/// Answer word `index`.
pub(crate) fn word(scratch: &Scratch, index: usize) -> u32 {
    scratch.words.get(index).copied().unwrap_or(0)
}

/// Whether `out` has room for an outcome of this decision.
#[inline(always)]
pub(crate) fn has_room(decision: &Decision, out: &[u8]) -> bool {
    out.len() >= OUTCOME_WORDS.wrapping_add(decision.words << 2)
}
