//! Why an outcome is as it is: takes a complete request, lists the rules that apply, each with its part:
//! it decides, an exception took over, or it is milder. It walks the
//! rules' own conditions, so it also says which rules hold without showing. Knows no texts.

use crate::bytes::{Bytes, Room, fill, put_word, word_at};
use crate::classify::{Reading, classify};
use crate::layout::{
    EFFECT_INCLUDE, EFFECT_IS, EFFECT_OMIT, FLAG_DUTIES, NORMALLY, OUTCOME_STATUS, REQUEST_FLAGS, Status, WHY_DECIDING,
    WHY_MILDER, WHY_OVERRIDDEN,
};
use crate::outcome::{duties_supported, is_blank};
use crate::scratch::Scratch;
use crate::table::{Decision, Rule, Table};
use crate::walk::{fits, look_up};

/// In a rule's word of working memory above the answers it says: its own condition holds.
const HOLDS: usize = 2048;
/// And: some parent of it is active.
const REACHED: usize = 4096;

/// Writes the status, the count, then a word for each rule that applies: its number, and its part in
/// the upper half, in the table's order. Gives the count. Nothing is listed unless the status is ok and
/// everything is known.
pub fn why<T: Bytes, R: Bytes, O: Room + ?Sized>(
    table: &Table<T>,
    number: u32,
    request: R,
    out: &mut O,
    scratch: &mut Scratch,
) -> u32 {
    let mut count = 0u32;
    let mut status = Status::SchemaMismatch;
    if let Some(decision) = table.decision(number)
        && fits(table, request)
    {
        status = settle(table, &decision, request, scratch);
        if status == Status::Ok {
            let taken = activate(table, &decision, scratch);
            for index in 0..decision.rules() {
                let rule = decision.rule(index);
                let at = 8usize.wrapping_add((count as usize) << 2);
                if !is_active(&rule, index, scratch) || out.room() < at.wrapping_add(4) {
                    continue;
                }
                let part = part_of(&decision, &rule, taken, scratch);
                if part <= WHY_MILDER {
                    out.put(at, rule.name() | (part << 16));
                    count = count.wrapping_add(1);
                }
            }
        }
    }
    out.put(OUTCOME_STATUS, status.code());
    out.put(4, count);
    count
}

/// Classes and answer words of the request.
fn settle<T: Bytes, R: Bytes>(table: &Table<T>, decision: &Decision<T>, request: R, scratch: &mut Scratch) -> Status {
    match classify(table, request, &mut scratch.small) {
        Reading::Complete => {}
        Reading::Unknowns => return Status::UnsureMissing,
        Reading::Invalid => return Status::UnsureInvalid,
    }
    let status = look_up(table, decision, &mut scratch.small);
    let limited = request.u32_at(REQUEST_FLAGS) & FLAG_DUTIES != 0;
    if status == Status::Ok && limited && !duties_supported(decision, request, &scratch.small) {
        return Status::DutyUnsupported;
    }
    status
}

/// Finds the rules whose condition holds and the active ones (parents stand before their exceptions), then, from the
/// last to the first, the value answers each rule or its exceptions say. Gives the answers that rules say.
fn activate<T: Bytes>(table: &Table<T>, decision: &Decision<T>, scratch: &mut Scratch) -> u32 {
    fill(&mut scratch.work, 0);
    for index in 0..decision.rules() {
        let rule = decision.rule(index);
        let holds = table.walk(rule.guard(), &scratch.small.classes) == Some(1);
        put_word(&mut scratch.work, HOLDS.wrapping_add(index), holds as u32);
        if is_active(&rule, index, scratch) {
            for place in 0..rule.kids() {
                put_word(&mut scratch.work, REACHED.wrapping_add(rule.kid(place)), 1);
            }
        }
    }
    let mut taken = 0;
    for index in (0..decision.rules()).rev() {
        if word_at(&scratch.work, HOLDS.wrapping_add(index)) == 0 {
            continue;
        }
        let rule = decision.rule(index);
        let mut says = kids_say(&rule, scratch);
        for place in 0..rule.effects() {
            let said = rule.effect(place);
            says |= ((said.kind() == EFFECT_IS) as u32) << (said.answer() & 31);
        }
        put_word(&mut scratch.work, index, says);
        if rule.is_root() && rule.name() != NORMALLY {
            taken |= says;
        }
    }
    taken
}

/// Whether a rule's own condition holds and that of some chain of parents.
fn is_active<T: Bytes>(rule: &Rule<T>, index: usize, scratch: &Scratch) -> bool {
    let reached = rule.is_root() || word_at(&scratch.work, REACHED.wrapping_add(index)) != 0;
    reached && word_at(&scratch.work, HOLDS.wrapping_add(index)) != 0
}

/// The value answers that the exceptions of a rule say.
fn kids_say<T: Bytes>(rule: &Rule<T>, scratch: &Scratch) -> u32 {
    let mut says = 0;
    for place in 0..rule.kids() {
        says |= word_at(&scratch.work, rule.kid(place));
    }
    says
}

/// The part an active rule plays; a number above all parts if none.
fn part_of<T: Bytes>(decision: &Decision<T>, rule: &Rule<T>, taken: u32, scratch: &Scratch) -> u32 {
    let below = if rule.name() == NORMALLY { taken } else { kids_say(rule, scratch) };
    let mut best = u32::MAX;
    for place in 0..rule.effects() {
        let said = rule.effect(place);
        let (number, effect, value) = (said.answer(), said.kind(), said.value());
        let answer = decision.answer(number);
        if is_blank(&scratch.small, &answer) {
            continue;
        }
        let part = match effect {
            EFFECT_IS if (below >> (number & 31)) & 1 != 0 => {
                if rule.name() == NORMALLY {
                    u32::MAX
                } else {
                    WHY_OVERRIDDEN
                }
            }
            EFFECT_IS if word_at(&scratch.small.words, answer.word()) != value => WHY_MILDER,
            EFFECT_INCLUDE if value & !omitted(decision, rule, number, scratch) == 0 => WHY_OVERRIDDEN,
            _ => WHY_DECIDING,
        };
        best = best.min(part);
    }
    best
}

/// The members of an answer that a rule's own exceptions, where they hold, take away.
fn omitted<T: Bytes>(decision: &Decision<T>, rule: &Rule<T>, number: usize, scratch: &Scratch) -> u32 {
    let mut omitted = 0;
    for place in 0..rule.kids() {
        let index = rule.kid(place);
        let kid = decision.rule(index);
        for effect in 0..kid.effects() {
            let said = kid.effect(effect);
            let (answer, what, members) = (said.answer(), said.kind(), said.value());
            let holds = word_at(&scratch.work, HOLDS.wrapping_add(index)) != 0;
            if holds && answer == number && what == EFFECT_OMIT {
                omitted |= members;
            }
        }
    }
    omitted
}
