//! Why an outcome is as it is: takes a complete request, lists the rules that decide, then those an
//! exception took over, then those that hold but are milder, each in source order. It evaluates
//! the rules' own conditions, so it also says which rules hold without showing. Knows no texts.

use crate::bytes::{put_u32, u8_at, u16_at, u32_at};
use crate::classify::{Reading, bit, classify, set_bit};
use crate::layout::{
    ANSWER_SET, BLANK, COND_AND, COND_ANSWER, COND_AT_LEAST, COND_CONST, COND_DIAGRAM, COND_IN,
    COND_MEMBER, COND_NOT, COND_OR, EFFECT_IS, EFFECT_OMIT, FLAG_DUTIES, MAX_CONDITIONS,
    MAX_TRACED_RULES, OUTCOME_STATUS, REQUEST_FLAGS, Status, WHY_DECIDING, WHY_MILDER,
    WHY_OVERRIDDEN,
};
use crate::outcome::{duties_supported, word};
use crate::partial::value_index;
use crate::scratch::Scratch;
use crate::table::{Decision, Rule, Table};
use crate::walk::{fits, look_up};

/// In the working memory of a rule: its condition holds along some chain of parents.
const ACTIVE: usize = MAX_TRACED_RULES * 2;

/// Writes the status, the count, then a word for each rule: its number, and its part in the upper
/// half. Gives the count. Nothing is listed unless the status is ok and everything is known.
pub fn why(
    table: &Table,
    number: u32,
    request: &[u8],
    out: &mut [u8],
    scratch: &mut Scratch,
) -> u32 {
    let (status, decision) = match table.decision(number) {
        Some(decision) if fits(table, request) => {
            (settle(table, &decision, request, scratch), decision)
        }
        _ => {
            put_u32(out, OUTCOME_STATUS, Status::SchemaMismatch.code());
            put_u32(out, 4, 0);
            return 0;
        }
    };
    let mut count = 0u32;
    if status == Status::Ok && decision.rules <= MAX_TRACED_RULES {
        evaluate(table, &decision, scratch);
        activate(table, &decision, scratch);
        for part in [WHY_DECIDING, WHY_OVERRIDDEN, WHY_MILDER] {
            for index in 0..decision.rules {
                let rule = table.rule(&decision, index);
                let at = 8usize.wrapping_add((count as usize) << 2);
                if out.len() >= at.wrapping_add(4)
                    && part_of(table, &decision, &rule, index, scratch) == Some(part)
                {
                    put_u32(out, at, rule.name | (part << 16));
                    count = count.wrapping_add(1);
                }
            }
        }
    }
    put_u32(out, OUTCOME_STATUS, status.code());
    put_u32(out, 4, count);
    count
}

/// Classes and answer words of the request.
fn settle(
    table: &Table,
    decision: &Decision,
    request: &[u8],
    scratch: &mut Scratch,
) -> Status {
    match classify(table, request, scratch) {
        Reading::Complete => {}
        Reading::Unknowns => return Status::UnsureMissing,
        Reading::Invalid => return Status::UnsureInvalid,
    }
    let status = look_up(table, decision, scratch);
    let limited = u32_at(request, REQUEST_FLAGS) & FLAG_DUTIES != 0;
    if status == Status::Ok && limited && !duties_supported(table, decision, request, scratch) {
        return Status::DutyUnsupported;
    }
    status
}

/// Evaluates every condition once, in order: each reads only earlier ones.
fn evaluate(table: &Table, decision: &Decision, scratch: &mut Scratch) {
    scratch.truths = [0; MAX_CONDITIONS / 32];
    let mut at = decision.conditions_at;
    for index in 0..decision.conditions {
        let (holds, size) = condition(table, decision, at, scratch);
        if holds {
            set_bit(&mut scratch.truths, index);
        }
        at = at.wrapping_add(size);
    }
}

/// Bytes of the condition record at `at`.
pub(crate) fn condition_size(bytes: &[u8], at: usize) -> usize {
    let count = u16_at(bytes, at.wrapping_add(2)) as usize;
    match u8_at(bytes, at) {
        COND_DIAGRAM => 8,
        COND_MEMBER | COND_NOT | COND_CONST => 4,
        COND_AT_LEAST => count.wrapping_mul(2).wrapping_add(6),
        _ => count.wrapping_mul(2).wrapping_add(4),
    }
}

/// Whether the condition at `at` holds, and its size.
fn condition(
    table: &Table,
    decision: &Decision,
    at: usize,
    scratch: &Scratch,
) -> (bool, usize) {
    let bytes = table.bytes;
    let subject = u8_at(bytes, at.wrapping_add(1)) as usize;
    let count = u16_at(bytes, at.wrapping_add(2));
    let list = at.wrapping_add(4);
    let held = |list: usize| {
        (0..count)
            .filter(|place| {
                let other = u16_at(bytes, list.wrapping_add((*place as usize) << 1));
                bit(&scratch.truths, other as usize)
            })
            .count() as u32
    };
    let in_map = |value: u32| {
        let word = u16_at(bytes, list.wrapping_add(((value >> 4) as usize) << 1));
        (value >> 4) < count && (word >> (value & 15)) & 1 != 0
    };
    let holds = match u8_at(bytes, at) {
        COND_IN => in_map(scratch.classes.get(subject).copied().unwrap_or(0) as u32),
        COND_ANSWER => {
            let answer = table.answer(decision, subject);
            let value = word(scratch, answer.word);
            value != BLANK && in_map(value_index(table, &answer, value))
        }
        COND_MEMBER => {
            let answer = table.answer(decision, subject);
            (word(scratch, answer.word) >> (count & 31)) & 1 != 0
        }
        COND_AND => held(list) == count,
        COND_OR => held(list) != 0,
        COND_AT_LEAST => held(list.wrapping_add(2)) >= u16_at(bytes, list),
        COND_NOT => !bit(&scratch.truths, count as usize),
        COND_CONST => count != 0,
        _ => table.walk(u32_at(bytes, list), &scratch.classes) == Some(1),
    };
    (holds, condition_size(bytes, at))
}

/// Whether the rule's own condition holds.
fn holds(scratch: &Scratch, rule: &Rule) -> bool {
    bit(&scratch.truths, rule.condition)
}

/// Finds the active rules (downwards) and the answers each rule or its exceptions say (upwards).
/// Both only grow, so the passes end; chains are short, so they end soon.
fn activate(table: &Table, decision: &Decision, scratch: &mut Scratch) {
    for word in scratch.work.iter_mut() {
        *word = 0;
    }
    for _ in 0..=decision.rules {
        let mut changed = false;
        for index in 0..decision.rules {
            let rule = table.rule(decision, index);
            if !holds(scratch, &rule) {
                continue;
            }
            let place = ACTIVE.wrapping_add(index >> 5);
            if !is_active(scratch, index) && reached(table, &rule, scratch) {
                changed |= or_work(scratch, place, 1u32 << (index & 31));
            }
            let said = said(table, &rule, scratch);
            let first = index.wrapping_mul(2);
            changed |= or_work(scratch, first, said as u32);
            changed |= or_work(scratch, first.wrapping_add(1), (said >> 32) as u32);
        }
        if !changed {
            return;
        }
    }
}

fn is_active(scratch: &Scratch, index: usize) -> bool {
    let word = scratch.work.get(ACTIVE.wrapping_add(index >> 5));
    word.is_some_and(|word| (word >> (index & 31)) & 1 != 0)
}

fn reached(table: &Table, rule: &Rule, scratch: &Scratch) -> bool {
    rule.parents == 0
        || (0..rule.parents).any(|place| is_active(scratch, table.parent(rule, place)))
}

/// The value answers that a rule or, where they hold, its exceptions say.
fn said(table: &Table, rule: &Rule, scratch: &Scratch) -> u64 {
    let mut said = 0u64;
    for place in 0..rule.effects {
        let (answer, effect, _) = table.effect(rule, place);
        if effect == EFFECT_IS {
            said |= 1u64 << (answer & 63);
        }
    }
    said | kids_said(table, rule, scratch)
}

fn kids_said(table: &Table, rule: &Rule, scratch: &Scratch) -> u64 {
    let mut said = 0u64;
    for place in 0..rule.kids {
        let first = table.kid(rule, place).wrapping_mul(2);
        let low = scratch.work.get(first).copied().unwrap_or(0);
        let high = scratch.work.get(first.wrapping_add(1)).copied().unwrap_or(0);
        said |= ((high as u64) << 32) | low as u64;
    }
    said
}

/// Adds bits to a word of the working memory; gives whether that changed it.
fn or_work(scratch: &mut Scratch, at: usize, bits: u32) -> bool {
    match scratch.work.get_mut(at) {
        Some(word) if *word | bits != *word => {
            *word |= bits;
            true
        }
        _ => false,
    }
}

/// The part a rule plays, if any.
fn part_of(
    table: &Table,
    decision: &Decision,
    rule: &Rule,
    index: usize,
    scratch: &Scratch,
) -> Option<u32> {
    if !is_active(scratch, index) {
        return None;
    }
    let taken = kids_said(table, rule, scratch);
    let mut best = None;
    for place in 0..rule.effects {
        let (number, effect, value) = table.effect(rule, place);
        let answer = table.answer(decision, number);
        let first = word(scratch, answer.word);
        let blank = if answer.kind == ANSWER_SET {
            answer.blankable && word(scratch, answer.word.wrapping_add(1)) == BLANK
        } else {
            first == BLANK
        };
        if blank {
            continue;
        }
        let part = if effect == EFFECT_IS {
            if (taken >> (number & 63)) & 1 != 0 {
                WHY_OVERRIDDEN
            } else if first == value {
                WHY_DECIDING
            } else {
                WHY_MILDER
            }
        } else if effect == EFFECT_OMIT || value & !omitted(table, decision, rule, number, scratch) != 0 {
            WHY_DECIDING
        } else {
            WHY_OVERRIDDEN
        };
        best = Some(best.map_or(part, |found: u32| found.min(part)));
    }
    best
}

/// The members of an answer that a rule's own exceptions, where they hold, take away.
fn omitted(
    table: &Table,
    decision: &Decision,
    rule: &Rule,
    number: usize,
    scratch: &Scratch,
) -> u32 {
    let mut omitted = 0;
    for place in 0..rule.kids {
        let index = table.kid(rule, place);
        if !is_active(scratch, index) {
            continue;
        }
        let kid = table.rule(decision, index);
        for effect in 0..kid.effects {
            let (answer, what, members) = table.effect(&kid, effect);
            if answer == number && what == EFFECT_OMIT {
                omitted |= members;
            }
        }
    }
    omitted
}
