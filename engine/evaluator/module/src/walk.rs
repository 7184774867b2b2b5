//! Walking the diagrams. In: classes. Out: the words of an outcome. Refuses to know requests.

use crate::memory::{at, fill, half, or, put, signed_half, word};
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
            let field = word(field);
            // The second byte is the word, the third the shift.
            or(at(WORDS, (field >> 6 & 0x3FC) as usize), value << (field >> 16 & 31));
        });
        place = at(place, 4);
        true
    });
    let first = answer(decision, 0);
    let (mut it, end) = (first, at(first, answers(decision) * 12));
    while it != end {
        let head = word(it);
        let words = at(WORDS, (head >> 22 & 0x3FC) as usize);
        let gate = head >> 8 & 0xFF;
        if gate != NO_GATE && word(words_of(at(first, gate as usize * 12))) != head >> 16 & 0xFF {
            put(words, 0);
            put(if head & 0xFF == SET { at(words, 4) } else { words }, NONE);
        } else if head & 0xFF == SHORTEST {
            put(words, duration(it, word(words)));
        }
        it = at(it, 12);
    }
    OK
}
