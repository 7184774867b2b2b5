//! Deciding with unknown inputs: takes a request with known bits, gives every value each answer can
//! still have over the valid requests that agree with what is known. Exact: the validity diagram
//! and an answer's diagram are walked together, pair by pair. When a walk meets more pairs than the
//! working memory holds, or too many free identifiers, it says so and never guesses.

use crate::bytes::put_u32;
use crate::classify::{Reading, bit, classify, set_bit};
use crate::identifiers::Worlds;
use crate::layout::{
    ANSWER_SET, ANSWER_SHORTEST, BLANK, OUTCOME_STATUS, OUTCOME_WORDS, PART_BLANK, PART_MEMBERS,
    POSSIBLE_BLANK, POSSIBLE_WORDS, Status, TERMINAL,
};
use crate::scratch::{Frame, Scratch, VISITED};
use crate::table::{Answer, Decision, Group, Table};
use crate::walk::fits;

/// Writes the status and eight words for each answer: which values are possible. A value answer
/// has a bit for each value and bit 255 for blank; a set has the members that may be in, the
/// members that may be out, and a word with bit 0 (may be blank) and bit 1 (may be answered).
pub fn partial(
    table: &Table,
    number: u32,
    request: &[u8],
    out: &mut [u8],
    scratch: &mut Scratch,
) -> Status {
    let Some(decision) = table.decision(number) else {
        return Status::SchemaMismatch;
    };
    let words = decision.answers.wrapping_mul(POSSIBLE_WORDS);
    if out.len() < OUTCOME_WORDS.wrapping_add(words << 2) {
        return Status::SchemaMismatch;
    }
    let status = if fits(table, request) {
        match classify(table, request, scratch) {
            Reading::Invalid => Status::UnsureInvalid,
            Reading::Complete => {
                scratch.unknown = [0; 8];
                explore(table, &decision, request, scratch)
            }
            Reading::Unknowns => explore(table, &decision, request, scratch),
        }
    } else {
        Status::SchemaMismatch
    };
    put_u32(out, OUTCOME_STATUS, status.code());
    for (index, word) in scratch.possible.iter().enumerate().take(words) {
        let value = match status {
            Status::Ok => *word,
            Status::UnsureMissing => u32::MAX,
            _ => 0,
        };
        put_u32(out, OUTCOME_WORDS.wrapping_add(index << 2), value);
    }
    status
}

/// Decides when every answer has one value left; leaves it in `scratch.words`.
pub(crate) fn decide_unknown(
    table: &Table,
    decision: &Decision,
    request: &[u8],
    scratch: &mut Scratch,
) -> Status {
    let status = explore(table, decision, request, scratch);
    if status != Status::Ok {
        return status;
    }
    for index in 0..decision.answers {
        let answer = table.answer(decision, index);
        let Some((value, second)) = single(table, &answer, index, scratch) else {
            return Status::UnsureMissing;
        };
        put_word(scratch, answer.word, value);
        if answer.kind == ANSWER_SET {
            put_word(scratch, answer.word.wrapping_add(1), second);
        }
    }
    Status::Ok
}

/// Fills `scratch.possible`.
fn explore(
    table: &Table,
    decision: &Decision,
    request: &[u8],
    scratch: &mut Scratch,
) -> Status {
    for word in scratch.possible.iter_mut() {
        *word = 0;
    }
    let Some(mut worlds) = Worlds::new(table, request, scratch) else {
        return Status::UnsureMissing;
    };
    let mut any = false;
    while worlds.settle(table, request, scratch) {
        for index in 0..decision.groups {
            let group = table.group(decision, index);
            match explore_group(table, decision, &group, scratch) {
                Some(found) => any |= found,
                None => return Status::UnsureMissing,
            }
        }
    }
    if any { Status::Ok } else { Status::UnsureInvalid }
}

/// Walks the pairs of one group; gives whether anything valid was found, or nothing when the
/// memory is full.
fn explore_group(
    table: &Table,
    decision: &Decision,
    group: &Group,
    scratch: &mut Scratch,
) -> Option<bool> {
    for word in scratch.work.iter_mut() {
        *word = u32::MAX;
    }
    let mut any = false;
    let mut room = VISITED / 4 * 3;
    let mut depth = 0usize;
    let mut pair = (table.validity(), group.root);
    loop {
        // Down through what is known, to an unknown level or an end.
        let level = descend(table, scratch, &mut pair)?;
        match level {
            Some(level) if remember(scratch, pair, &mut room)? => {
                let frame = scratch.frames.get_mut(depth)?;
                *frame = Frame { valid: pair.0, answer: pair.1, level: level as u16, next: 0 };
                depth = depth.wrapping_add(1);
            }
            Some(_) => {}
            None if pair.0 == TERMINAL | 1 => {
                any = true;
                collect(table, decision, group, pair.1 & !TERMINAL, scratch);
            }
            None => {}
        }
        // The next untried child of the innermost open branching.
        loop {
            if depth == 0 {
                return Some(any);
            }
            let top = depth.wrapping_sub(1);
            if let Some(next) = next_child(table, scratch, top) {
                pair = next;
                break;
            }
            depth = top;
        }
    }
}

/// Follows known levels; stops at a pair whose next level is unknown, at two terminals, or at an
/// invalid request. Gives nothing for a table that does not end.
fn descend(
    table: &Table,
    scratch: &Scratch,
    pair: &mut (u32, u32),
) -> Option<Option<usize>> {
    for _ in 0..=512 {
        let ended = pair.0 & TERMINAL != 0;
        if ended && (pair.1 & TERMINAL != 0 || pair.0 != TERMINAL | 1) {
            return Some(None);
        }
        let level = front(table, *pair);
        if bit(&scratch.unknown, level) {
            return Some(Some(level));
        }
        let class = scratch.classes.get(level).copied().unwrap_or(0);
        *pair = follow(table, *pair, level, class as u32);
    }
    None
}

/// The first level a pair asks for.
fn front(table: &Table, pair: (u32, u32)) -> usize {
    let level = |at: u32| {
        if at & TERMINAL == 0 { table.node_level(at) } else { usize::MAX }
    };
    level(pair.0).min(level(pair.1))
}

/// Both children for a class of `level`; a side that does not ask for the level stays.
fn follow(table: &Table, pair: (u32, u32), level: usize, class: u32) -> (u32, u32) {
    let side = |at: u32| {
        if at & TERMINAL == 0 && table.node_level(at) == level { table.step(at, class) } else { at }
    };
    (side(pair.0), side(pair.1))
}

/// The next child of the branching at `depth` that differs from the one before.
fn next_child(table: &Table, scratch: &mut Scratch, depth: usize) -> Option<(u32, u32)> {
    let frame = scratch.frames.get_mut(depth)?;
    let level = frame.level as usize;
    let pair = (frame.valid, frame.answer);
    let classes = table.level(level).classes;
    let narrowed = scratch.narrowed.get(level).copied().unwrap_or(0) as usize;
    let allowed = scratch.allowed.get(narrowed.wrapping_sub(1));
    while (frame.next as u32) < classes {
        let class = frame.next as u32;
        frame.next = frame.next.wrapping_add(1);
        if allowed.is_some_and(|bits| !bit(bits, class as usize)) {
            continue;
        }
        let child = follow(table, pair, level, class);
        let repeated = class > 0
            && allowed.is_none()
            && follow(table, pair, level, class.wrapping_sub(1)) == child;
        if !repeated {
            return Some(child);
        }
    }
    None
}

/// Notes a pair: true when it is new, nothing when the memory is full.
fn remember(scratch: &mut Scratch, pair: (u32, u32), room: &mut usize) -> Option<bool> {
    let mixed = pair.0.wrapping_mul(0x9E37_79B1) ^ pair.1.wrapping_mul(0x85EB_CA77);
    let mut place = (mixed >> 13) as usize;
    for _ in 0..VISITED {
        let at = (place % VISITED) << 1;
        let [valid, answer] = scratch.work.get_mut(at..at.wrapping_add(2))? else {
            return None;
        };
        if *valid == u32::MAX && *answer == u32::MAX {
            *room = room.checked_sub(1)?;
            *valid = pair.0;
            *answer = pair.1;
            return Some(true);
        }
        if (*valid, *answer) == pair {
            return Some(false);
        }
        place = place.wrapping_add(1);
    }
    None
}

/// Adds the words of a reached row to what is possible.
fn collect(table: &Table, decision: &Decision, group: &Group, row: u32, scratch: &mut Scratch) {
    for index in 0..group.fields {
        let field = table.field(group, index);
        let value = table.row_word(group, row, index);
        let answer = table.answer(decision, field.answer);
        let first = field.answer.wrapping_mul(POSSIBLE_WORDS);
        let Some(possible) = scratch.possible.get_mut(first..first.wrapping_add(POSSIBLE_WORDS))
        else {
            return;
        };
        match field.part {
            PART_MEMBERS => {
                or_word(possible, 0, value & field.members);
                or_word(possible, 1, !value & field.members);
            }
            PART_BLANK => or_word(possible, 2, if value == BLANK { 1 } else { 2 }),
            _ if value == BLANK => set_bit(possible, POSSIBLE_BLANK as usize),
            _ => set_bit(possible, value_index(table, &answer, value) as usize),
        }
        if answer.kind == ANSWER_SET && !answer.blankable {
            or_word(possible, 2, 2);
        }
    }
}

/// The number of a value among an answer's values: durations are listed, the rest count themselves.
pub(crate) fn value_index(table: &Table, answer: &Answer, value: u32) -> u32 {
    if answer.kind != ANSWER_SHORTEST {
        return value & 0xFF;
    }
    (0..answer.count)
        .find(|index| duration(table, answer, *index) == value)
        .unwrap_or(0)
}

/// Duration `index` of a shortest answer, in minutes.
fn duration(table: &Table, answer: &Answer, index: u32) -> u32 {
    let at = answer.durations_at.wrapping_add((index as usize) << 2);
    crate::bytes::u32_at(table.bytes, at)
}

/// The only value an answer can have: its word, and for a set its blank word.
fn single(table: &Table, answer: &Answer, index: usize, scratch: &Scratch) -> Option<(u32, u32)> {
    let first = index.wrapping_mul(POSSIBLE_WORDS);
    let possible = scratch.possible.get(first..first.wrapping_add(POSSIBLE_WORDS))?;
    let word = |at: usize| possible.get(at).copied().unwrap_or(0);
    if answer.kind == ANSWER_SET {
        return match word(2) {
            1 => Some((0, BLANK)),
            2 if word(0) & word(1) == 0 => Some((word(0), 0)),
            _ => None,
        };
    }
    let count: u32 = possible.iter().map(|word| word.count_ones()).sum();
    if count != 1 {
        return None;
    }
    let place = possible.iter().position(|word| *word != 0)?;
    let value = ((place as u32) << 5) | word(place).trailing_zeros();
    if value == POSSIBLE_BLANK {
        Some((BLANK, 0))
    } else if answer.kind == ANSWER_SHORTEST {
        Some((duration(table, answer, value), 0))
    } else {
        Some((value, 0))
    }
}

fn put_word(scratch: &mut Scratch, index: usize, value: u32) {
    if let Some(word) = scratch.words.get_mut(index) {
        *word = value;
    }
}

fn or_word(words: &mut [u32], index: usize, value: u32) {
    if let Some(word) = words.get_mut(index) {
        *word |= value;
    }
}
