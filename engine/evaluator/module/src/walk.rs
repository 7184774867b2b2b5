//! Walking the diagrams. In: classes. Out: the words of an outcome. Refuses to know requests.

use crate::memory::{at, byte, fill, half, or, put, signed_half, word};
use crate::table::{
    CLASSES, NO_GATE, NONE, OK, SET, SHORTEST, TABLE, UNSURE_INVALID, WORDS, WORK, answer, answers, duration,
    each_field, each_group, follow, is_wide, level_of, words, words_of,
};

/// Walks to a terminal; gives its number.
#[inline(never)]
pub(crate) fn walk(root: u32) -> u32 {
    let mut node = root as i32;
    while node >= 0 {
        let level = level_of(node);
        node = follow(node, level, half(at(CLASSES, level << 1)));
    }
    node as u32 & 0x7FFF_FFFF
}

/// Walks what is valid and every group; the words of the outcome stand in working memory. All walks go forward together,
/// a step each, so that none waits for the memory another one reads.
#[inline(never)]
pub(crate) fn look_up(decision: usize) -> u32 {
    put(WORK, word(TABLE + 32));
    let mut end = WORK + 4;
    each_group(decision, |group| {
        put(end, word(group));
        end = at(end, 4);
        true
    });
    let (wide, row) = if is_wide() { (true, 0x7FFF_FFFF) } else { (false, 0x7FFF) };
    loop {
        let mut all = -1;
        let mut place = WORK;
        while place != end {
            let node = word(place) as i32;
            if node >= 0 {
                let head = half(at(TABLE, (node as usize) << 1));
                let class = half(at(CLASSES, (head as usize & 0xFF) << 1));
                // Nearly every node has a narrow child for each class.
                let next = if head < 0x100 && !wide {
                    signed_half(at(TABLE + 2, (node as usize + class as usize) << 1))
                } else {
                    follow(node, head as usize & 0xFF, class)
                };
                all &= next;
                put(place, next as u32);
            }
            place = at(place, 4);
        }
        if all < 0 {
            break;
        }
    }
    if word(WORK) & row != 1 {
        return UNSURE_INVALID;
    }
    fill(WORDS, at(WORDS, words(decision) << 2), 0);
    let mut place = WORK + 4;
    each_group(decision, |group| {
        each_field(group, word(place) & row, |field, value| {
            or(at(WORDS, (byte(at(field, 1)) as usize) << 2), value << byte(at(field, 2)));
        });
        place = at(place, 4);
        true
    });
    let mut index = 0;
    while index < answers(decision) {
        let it = answer(decision, index);
        let (gate, first) = (byte(at(it, 1)), words_of(it));
        if gate != NO_GATE && word(words_of(answer(decision, gate as usize))) != byte(at(it, 2)) {
            put(first, 0);
            put(if byte(it) == SET { at(first, 4) } else { first }, NONE);
        } else if byte(it) == SHORTEST {
            put(first, duration(it, word(first)));
        }
        index = at(index, 1);
    }
    OK
}
