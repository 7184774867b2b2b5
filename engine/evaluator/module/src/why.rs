//! Why an outcome is as it is. In: classes and the words of an outcome. Out: the part each rule plays. Refuses to know texts.

use crate::memory::{at, byte, fill, half, put, word};
use crate::table::{HOLDS, NO_GATE, NONE, NORMALLY, REACHED, SET, VISITED, WORK, answer, pointer, words_of};
use crate::walk::walk;

pub(crate) fn rules(decision: usize) -> usize {
    half(at(decision, 14)) as usize
}

#[inline(never)]
pub(crate) fn rule(decision: usize, index: usize) -> usize {
    at(pointer(at(decision, 20)), index * 12)
}

#[inline(always)]
pub(crate) fn each_kid(rule: usize, mut each: impl FnMut(usize)) {
    let mut place = pointer(rule);
    let end = at(place, (byte(at(rule, 10)) as usize) << 1);
    while place != end {
        each((half(place) as usize) << 2);
        place = at(place, 2);
    }
}

#[inline(always)]
pub(crate) fn each_effect(rule: usize, mut each: impl FnMut(usize)) {
    let mut place = at(pointer(rule), (byte(at(rule, 10)) as usize) << 1);
    let end = at(place, byte(at(rule, 11)) as usize * 6);
    while place != end {
        each(place);
        place = at(place, 6);
    }
}

/// What the exceptions of a rule say: a bit for each answer.
#[inline(never)]
pub(crate) fn kids_say(rule: usize) -> u32 {
    let mut says = 0;
    each_kid(rule, |kid| says |= word(at(WORK, kid)));
    says
}

/// Finds which rules hold and are active, parents first, then what each says, from the last to the first. Gives what
/// rules say at all.
#[inline(never)]
pub(crate) fn activate(decision: usize) -> u32 {
    fill(WORK, WORK + VISITED * 8, 0);
    let mut index = 0;
    while index < rules(decision) {
        let it = rule(decision, index);
        put(at(HOLDS, index << 2), walk(word(at(it, 4))));
        if half(at(it, 8)) & 0x8000 != 0 {
            put(at(REACHED, index << 2), 1);
        }
        if word(at(HOLDS, index << 2)) & word(at(REACHED, index << 2)) != 0 {
            each_kid(it, |kid| put(at(REACHED, kid), 1));
        }
        index = at(index, 1);
    }
    let mut taken = 0;
    while index != 0 {
        index -= 1;
        if word(at(HOLDS, index << 2)) != 0 {
            let it = rule(decision, index);
            let mut says = kids_say(it);
            each_effect(it, |effect| says |= (byte(at(effect, 1)) == 0) as u32 * (1 << byte(effect)));
            put(at(WORK, index << 2), says);
            let number = half(at(it, 8));
            if number & 0x8000 != 0 && number & 0x7FFF != NORMALLY {
                taken |= says;
            }
        }
    }
    taken
}

/// The part of a rule: 0 deciding, 1 overridden, 2 milder, more if none.
#[inline(never)]
pub(crate) fn part_of(decision: usize, index: usize, taken: u32) -> u32 {
    if word(at(HOLDS, index << 2)) & word(at(REACHED, index << 2)) == 0 {
        return 3;
    }
    let it = rule(decision, index);
    let normally = half(at(it, 8)) & 0x7FFF == NORMALLY;
    let below = if normally { taken } else { kids_say(it) };
    let mut best = 3;
    each_effect(it, |effect| {
        let answer = answer(decision, byte(effect) as usize);
        let first = words_of(answer);
        let is_set = byte(answer) == SET;
        if byte(at(answer, 1)) != NO_GATE && word(if is_set { at(first, 4) } else { first }) == NONE {
            return;
        }
        let value = word(at(effect, 2));
        let part = match byte(at(effect, 1)) {
            0 if below >> byte(effect) & 1 != 0 => {
                if normally {
                    3
                } else {
                    1
                }
            }
            0 if word(first) != value => 2,
            1 if value & !omitted(decision, it, byte(effect)) == 0 => 1,
            _ => 0,
        };
        best = best.min(part);
    });
    best
}

/// The members of an answer that a rule's own exceptions, where they hold, take away.
#[inline(never)]
pub(crate) fn omitted(decision: usize, it: usize, answer: u32) -> u32 {
    let mut omitted = 0;
    each_kid(it, |kid| {
        if word(at(HOLDS, kid)) != 0 {
            each_effect(rule(decision, kid >> 2), |effect| {
                if byte(effect) == answer && byte(at(effect, 1)) == 2 {
                    omitted |= word(at(effect, 2));
                }
            });
        }
    });
    omitted
}
