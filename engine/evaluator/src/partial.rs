//! Deciding with unknown inputs: takes a request with known bits, gives every value each answer can
//! still have over the valid requests that agree with what is known. Exact: the validity diagram
//! and an answer's diagram are walked together, pair by pair. When a walk meets more pairs than the
//! working memory holds, or identifiers can be equal in too many ways, it says so and never guesses.

use crate::bytes::{Bytes, Room, bit, fill, or_word, set_bit, word_at};
use crate::classify::{Reading, classify};
use crate::identifiers::{classify_identifiers, first_world, next_world, too_many};
use crate::layout::{
    ANSWER_SET, ANSWER_SHORTEST, BLANK, OUTCOME_STATUS, OUTCOME_WORDS, PART_BLANK, PART_MEMBERS, POSSIBLE_BLANK,
    POSSIBLE_WORDS, Status, TERMINAL,
};
use crate::scratch::{Scratch, VISITED};
use crate::table::{Answer, Decision, Group, Table};
use crate::walk::fits;

/// The terminal that says: valid.
const VALID: u32 = TERMINAL | 1;

/// Writes the status and eight words for each answer: which values are possible. A value answer
/// has a bit for each value and bit 255 for blank; a set has the members that may be in, the
/// members that may be out, and a word with bit 0 (may be blank) and bit 1 (may be answered).
pub fn partial<T: Bytes, R: Bytes, O: Room + ?Sized>(
    table: &Table<T>,
    number: u32,
    request: R,
    out: &mut O,
    scratch: &mut Scratch,
) -> Status {
    let Some(decision) = table.decision(number) else {
        return Status::SchemaMismatch;
    };
    let words = decision.answers().wrapping_mul(POSSIBLE_WORDS);
    if out.room() < OUTCOME_WORDS.wrapping_add(words << 2) {
        return Status::SchemaMismatch;
    }
    let status = if !fits(table, request) {
        Status::SchemaMismatch
    } else if classify(table, request, scratch) == Reading::Invalid {
        Status::UnsureInvalid
    } else {
        explore(table, &decision, scratch)
    };
    out.put(OUTCOME_STATUS, status.code());
    for index in 0..words {
        let value = match status {
            Status::Ok => word_at(&scratch.possible, index),
            Status::UnsureMissing => u32::MAX,
            _ => 0,
        };
        out.put(OUTCOME_WORDS.wrapping_add(index << 2), value);
    }
    status
}

/// Decides when every answer has one value left; leaves it in `scratch.words`.
#[inline(never)]
pub(crate) fn decide_unknown<T: Bytes>(table: &Table<T>, decision: &Decision<T>, scratch: &mut Scratch) -> Status {
    let status = explore(table, decision, scratch);
    if status != Status::Ok {
        return status;
    }
    fill(&mut scratch.words, 0);
    for index in 0..decision.answers() {
        let answer = decision.answer(index);
        let first = index.wrapping_mul(POSSIBLE_WORDS);
        let word = |at: usize| word_at(&scratch.possible, first.wrapping_add(at));
        let value = if answer.kind() == ANSWER_SET {
            let (mask, kind) = (word(0), word(2));
            let decided = kind == 1 || (kind == 2 && mask & word(1) == 0);
            if kind == 1 {
                or_word(&mut scratch.words, answer.word().wrapping_add(1), BLANK);
            }
            if decided { Some(mask) } else { None }
        } else {
            single(&answer, first, scratch)
        };
        match value {
            Some(value) => or_word(&mut scratch.words, answer.word(), value),
            None => return Status::UnsureMissing,
        };
    }
    Status::Ok
}

/// The only value a value answer can have.
fn single<T: Bytes>(answer: &Answer<T>, first: usize, scratch: &Scratch) -> Option<u32> {
    let mut found = None;
    for value in 0..=POSSIBLE_BLANK {
        let word = word_at(&scratch.possible, first.wrapping_add((value >> 5) as usize));
        if (word >> (value & 31)) & 1 != 0 {
            if found.is_some() {
                return None;
            }
            found = Some(value);
        }
    }
    match found {
        Some(POSSIBLE_BLANK) => Some(BLANK),
        Some(value) if answer.kind() == ANSWER_SHORTEST => Some(answer.duration(value)),
        found => found,
    }
}

/// Fills `scratch.possible`.
#[inline(never)]
fn explore<T: Bytes>(table: &Table<T>, decision: &Decision<T>, scratch: &mut Scratch) -> Status {
    fill(&mut scratch.possible, 0);
    fill(&mut scratch.free, 0);
    first_world(table, scratch);
    let mut status = Status::UnsureInvalid;
    let mut worlds = 0u32;
    loop {
        classify_identifiers(table, scratch);
        for index in 0..decision.groups() {
            let group = decision.group(index);
            fill(&mut scratch.work, u32::MAX);
            let mut walk = Walk { table, decision, group, scratch, room: VISITED / 4 * 3, any: false };
            if walk.visit(table.validity(), group.root()).is_none() {
                return Status::UnsureMissing;
            }
            if walk.any {
                status = Status::Ok;
            }
        }
        worlds = worlds.wrapping_add(1);
        if !next_world(table, scratch) {
            return status;
        }
        if too_many(worlds) {
            return Status::UnsureMissing;
        }
    }
}

/// One walk over pairs of nodes.
struct Walk<'a, T> {
    table: &'a Table<T>,
    decision: &'a Decision<T>,
    group: Group<T>,
    scratch: &'a mut Scratch,
    room: usize,
    any: bool,
}

impl<T: Bytes> Walk<'_, T> {
    /// Visits a pair and all below it; gives nothing when the memory is full. Every call goes to a
    /// deeper level, so calls nest at most as deep as there are levels.
    fn visit(&mut self, valid: u32, answer: u32) -> Option<()> {
        let ended = valid & TERMINAL != 0;
        if ended && valid != VALID {
            return Some(());
        }
        if ended && answer & TERMINAL != 0 {
            self.any = true;
            self.collect(answer & !TERMINAL);
            return Some(());
        }
        let level = self.level_of(valid).min(self.level_of(answer));
        let known = self.scratch.classes.get(level).copied().unwrap_or(0) as u32;
        let (mut class, mut last) = (known, known);
        if bit(&self.scratch.unknown, level) && !bit(&self.scratch.free, level) {
            if !self.remember(valid, answer)? {
                return Some(());
            }
            class = 0;
            last = self.table.level(level).classes().wrapping_sub(1);
        }
        while class <= last {
            let valid = self.follow(valid, level, class);
            let answer = self.follow(answer, level, class);
            if self.level_of(valid) > level && self.level_of(answer) > level {
                self.visit(valid, answer)?;
            }
            class = class.wrapping_add(1);
        }
        Some(())
    }

    /// The level a side asks for; terminals are below every level.
    fn level_of(&self, side: u32) -> usize {
        if side & TERMINAL == 0 { self.table.level_of(side) } else { usize::MAX }
    }

    /// The child for a class of `level`; a side that does not ask for the level stays.
    fn follow(&self, side: u32, level: usize, class: u32) -> u32 {
        if self.level_of(side) == level { self.table.child(side, class) } else { side }
    }

    /// Notes a pair: true when it is new, nothing when the memory is full.
    fn remember(&mut self, valid: u32, answer: u32) -> Option<bool> {
        let mixed = valid.wrapping_mul(0x9E37_79B1) ^ answer.wrapping_mul(0x85EB_CA77);
        let mut place = (mixed >> 13) as usize;
        loop {
            let at = (place % VISITED) << 1;
            let (first, second) = (word_at(&self.scratch.work, at), word_at(&self.scratch.work, at.wrapping_add(1)));
            if first == valid && second == answer {
                return Some(false);
            }
            if first & second == u32::MAX {
                self.room = self.room.checked_sub(1)?;
                if let Some(pair) = self.scratch.work.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
                    *pair = [valid, answer];
                }
                return Some(true);
            }
            place = place.wrapping_add(1);
        }
    }

    /// Adds the words of a reached row to what is possible.
    fn collect(&mut self, row: u32) {
        for index in 0..self.group.fields() {
            let field = self.group.field(index);
            let value = self.group.row_word(row, index);
            let answer = self.decision.answer(field.answer());
            let first = field.answer().wrapping_mul(POSSIBLE_WORDS);
            let possible = &mut self.scratch.possible;
            let blank_word = first.wrapping_add(2);
            if field.part() == PART_MEMBERS {
                or_word(possible, first, value & field.members());
                or_word(possible, first.wrapping_add(1), !value & field.members());
                or_word(possible, blank_word, if answer.blankable() != 0 { 0 } else { 2 });
            } else if field.part() == PART_BLANK {
                or_word(possible, blank_word, if value == BLANK { 1 } else { 2 });
            } else {
                let value = match value {
                    BLANK => POSSIBLE_BLANK,
                    _ => value_index(&answer, value),
                };
                set_bit(possible, (first << 5).wrapping_add(value as usize));
            }
        }
    }
}

/// The number of a value among an answer's values: durations are listed, the rest count themselves.
fn value_index<T: Bytes>(answer: &Answer<T>, value: u32) -> u32 {
    if answer.kind() != ANSWER_SHORTEST {
        return value & 0xFF;
    }
    let mut index = 0u32;
    while index < answer.count() && answer.duration(index) != value {
        index = index.wrapping_add(1);
    }
    index
}
