//! Deciding with unknown inputs: takes a request with known bits, gives every value each answer can
//! still have over the valid requests that agree with what is known. Exact: the validity diagram,
//! that of the gate and an answer's diagram are walked together. When a walk meets more triples than the
//! working memory holds, or identifiers can be equal in too many ways, it says so and never guesses.

use crate::bytes::{Bytes, Room, bit, fill, or_word, put_word, set_bit, word_at};
use crate::classify::{Reading, classify};
use crate::identifiers::{classify_identifiers, first_world, next_world, too_many};
use crate::layout::{
    ANSWER_SET, ANSWER_SHORTEST, BLANK, NO_GATE, OUTCOME_STATUS, OUTCOME_WORDS, POSSIBLE_BLANK, POSSIBLE_WORDS, Status,
    TERMINAL,
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
    } else if classify(table, request, &mut scratch.small) == Reading::Invalid {
        Status::UnsureInvalid
    } else {
        explore(table, &decision, request, scratch)
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

/// Decides when every answer has one value left; leaves it in `scratch.small.words`.
#[inline(never)]
pub(crate) fn decide_unknown<T: Bytes, R: Bytes>(
    table: &Table<T>,
    decision: &Decision<T>,
    request: R,
    scratch: &mut Scratch,
) -> Status {
    let status = explore(table, decision, request, scratch);
    if status != Status::Ok {
        return status;
    }
    fill(&mut scratch.small.words, 0);
    for index in 0..decision.answers() {
        let answer = decision.answer(index);
        let first = index.wrapping_mul(POSSIBLE_WORDS);
        let word = |at: usize| word_at(&scratch.possible, first.wrapping_add(at));
        let value = if answer.kind() == ANSWER_SET {
            let (mask, kind) = (word(0), word(2));
            let decided = kind == 1 || (kind == 2 && mask & word(1) == 0);
            if kind == 1 {
                or_word(&mut scratch.small.words, answer.word().wrapping_add(1), BLANK);
            }
            if decided { Some(mask) } else { None }
        } else {
            single(&answer, first, scratch)
        };
        match value {
            Some(value) => or_word(&mut scratch.small.words, answer.word(), value),
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
fn explore<T: Bytes, R: Bytes>(table: &Table<T>, decision: &Decision<T>, request: R, scratch: &mut Scratch) -> Status {
    fill(&mut scratch.possible, 0);
    fill(&mut scratch.free, 0);
    first_world(table, request, scratch);
    let mut status = Status::UnsureInvalid;
    let mut worlds = 0u32;
    loop {
        classify_identifiers(table, scratch);
        for index in 0..decision.groups() {
            let group = decision.group(index);
            fill(&mut scratch.work, u32::MAX);
            let mut walk = Walk { table, decision, group, scratch, room: VISITED / 4 * 3, any: false };
            if walk.visit([table.validity(), group.shown(), group.root()]).is_none() {
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

/// One walk over triples of nodes: of what is valid, of whether gated answers are shown, and of the answers.
struct Walk<'a, T> {
    table: &'a Table<T>,
    decision: &'a Decision<T>,
    group: Group<T>,
    scratch: &'a mut Scratch,
    room: usize,
    any: bool,
}

impl<T: Bytes> Walk<'_, T> {
    /// Visits a triple and all below it; gives nothing when the memory is full. Every call goes to a
    /// deeper level, so calls nest at most as deep as there are levels.
    fn visit(&mut self, sides: [u32; 3]) -> Option<()> {
        let [valid, shown, answer] = sides;
        if valid & TERMINAL != 0 && valid != VALID {
            return Some(());
        }
        let level = self.level_of(valid).min(self.level_of(shown)).min(self.level_of(answer));
        if level == usize::MAX {
            self.any = true;
            self.collect(answer & !TERMINAL, shown & !TERMINAL != 0);
            return Some(());
        }
        let known = self.scratch.small.classes.get(level).copied().unwrap_or(0) as u32;
        let (mut class, mut last) = (known, known);
        if bit(&self.scratch.small.unknown, level) && !bit(&self.scratch.free, level) {
            if !self.remember(key(sides))? {
                return Some(());
            }
            class = 0;
            last = self.table.level(level).classes().wrapping_sub(1);
        }
        while class <= last {
            let below = sides.map(|side| self.follow(side, level, class));
            if below.iter().all(|side| self.level_of(*side) > level) {
                self.visit(below)?;
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

    /// Notes a triple: true when it is new, nothing when the memory is full.
    fn remember(&mut self, key: u64) -> Option<bool> {
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let mut place = mixed as usize % VISITED;
        loop {
            let at = place << 1;
            let found = u64::from(word_at(&self.scratch.work, at))
                | u64::from(word_at(&self.scratch.work, at.wrapping_add(1))) << 32;
            if found == key {
                return Some(false);
            }
            if found == u64::MAX {
                self.room = self.room.checked_sub(1)?;
                put_word(&mut self.scratch.work, at, key as u32);
                put_word(&mut self.scratch.work, at.wrapping_add(1), (key >> 32) as u32);
                return Some(true);
            }
            place = place.wrapping_add(1) % VISITED;
        }
    }

    /// Adds a reached row to what is possible.
    fn collect(&mut self, row: u32, shown: bool) {
        for index in 0..self.group.fields() {
            let field = self.group.field(index);
            let value = self.group.row_byte(row, index);
            let answer = self.decision.answer(field.answer());
            let first = field.answer().wrapping_mul(POSSIBLE_WORDS);
            let blank = !shown && answer.gate() != NO_GATE;
            let possible = &mut self.scratch.possible;
            if answer.kind() == ANSWER_SET {
                // A blank set has no members.
                let held = if blank { 0 } else { value };
                let shift = field.shift() & 31;
                or_word(possible, first, held << shift);
                or_word(possible, first.wrapping_add(1), (!held & field.members()) << shift);
                or_word(possible, first.wrapping_add(2), if blank { 1 } else { 2 });
            } else {
                let value = if blank { POSSIBLE_BLANK } else { value };
                set_bit(possible, (first << 5).wrapping_add(value as usize));
            }
        }
    }
}

/// Three nodes or terminals in one number: of each, the terminal bit and twenty others.
fn key(sides: [u32; 3]) -> u64 {
    sides.iter().fold(0, |key, side| key << 21 | u64::from(side & 0xF_FFFF) | u64::from(side >> 31) << 20)
}
