//! Writing outcomes: takes answer words, checks them against the duties the host can perform, and
//! writes either them or the `if unsure` record. Knows nothing of how the words came about.

use crate::bytes::{Bytes, Room, word_at};
use crate::layout::{ANSWER_SET, BLANK, FLAG_DUTIES, NO_GATE, OUTCOME_STATUS, OUTCOME_WORDS, REQUEST_FLAGS, Status};
use crate::scratch::SmallScratch;
use crate::table::{Answer, Decision, Table};

/// Writes the `if unsure` record under a status.
#[inline(never)]
pub(crate) fn write_unsure<T: Bytes, O: Room + ?Sized>(
    table: &Table<T>,
    decision: &Decision<T>,
    status: Status,
    out: &mut O,
) -> Status {
    out.put(OUTCOME_STATUS, status.code());
    for index in 0..decision.words() {
        let offset = index << 2;
        let word = table.bytes.u32_at(decision.unsure_at().wrapping_add(offset));
        out.put(OUTCOME_WORDS.wrapping_add(offset), word);
    }
    status
}

/// Writes the words in `scratch`, unless they hold a duty the host cannot perform.
#[inline(never)]
pub(crate) fn write_words<T: Bytes, R: Bytes, O: Room + ?Sized>(
    table: &Table<T>,
    decision: &Decision<T>,
    request: R,
    scratch: &SmallScratch,
    out: &mut O,
) -> Status {
    let limited = request.u32_at(REQUEST_FLAGS) & FLAG_DUTIES != 0;
    if limited && !duties_supported(decision, request, scratch) {
        return write_unsure(table, decision, Status::DutyUnsupported, out);
    }
    out.put(OUTCOME_STATUS, Status::Ok.code());
    for (index, word) in scratch.words.iter().enumerate().take(decision.words()) {
        out.put(OUTCOME_WORDS.wrapping_add(index << 2), *word);
    }
    Status::Ok
}

/// Whether every duty of the outcome is one the host can perform.
pub(crate) fn duties_supported<T: Bytes, R: Bytes>(decision: &Decision<T>, request: R, scratch: &SmallScratch) -> bool {
    for index in 0..decision.answers() {
        let answer = decision.answer(index);
        if answer.kind() != ANSWER_SET || is_blank(scratch, &answer) {
            continue;
        }
        let able = request.u32_at(answer.duty());
        if word_at(&scratch.words, answer.word()) & !able != 0 {
            return false;
        }
    }
    true
}

/// Whether an answer is blanked.
pub(crate) fn is_blank<T: Bytes>(scratch: &SmallScratch, answer: &Answer<T>) -> bool {
    let set = answer.kind() == ANSWER_SET;
    answer.gate() != NO_GATE && word_at(&scratch.words, answer.word().wrapping_add(set as usize)) == BLANK
}

/// Whether `out` has room for an outcome of this decision.
pub(crate) fn has_room<T: Bytes, O: Room + ?Sized>(decision: &Decision<T>, out: &O) -> bool {
    out.room() >= OUTCOME_WORDS.wrapping_add(decision.words() << 2)
}
