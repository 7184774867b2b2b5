//! The mutator: bytes, words and lines of known inputs, changed a little or mixed.
//! In: a stream of choices, inputs to start from. Out: a new input. Refuses to know the target.

use crate::generate::Random;

/// Words that matter to the language, to JSON or to numbers.
const WORDS: &[&str] = &[
    "edition 2026", "policy", "version", "refines", "use", "input", "optional", "setting", "constant", "group", "calendar",
    "term", "assume", "decision", "answer", "normally", "if unsure", "rule", "exception", "when", "then", "always", "any of",
    "at least 2 of", "- ", "and", "not", "is", "is not", "is set", "is in", "is during", "is outside", "include", "omit",
    "because \"x\"", "cite \"x\"", "test \"x\" given", "expect", "assert", "never", "possible", "unchanged since", "changes from",
    "kept outside", "every year on 02-29", "2026-02-30", "24:00", "00:00", "next day", "except", "from", "to", "until",
    "one of", "a set of", "a number from 0 to 4294967295", "the strictest of", "the shortest duration up to", "only when",
    "99999999999999999999", "-1", "0", "\"", "“", "”", "\u{202E}", "\u{200B}", "\u{FEFF}", "\0", "\r\n", "#", "{", "}", "[", "]",
    "null", "true", ":", ",", "1e309", "\\u0000", "\\ud800", "KW201", "a.b.c.d", "(((((((((((((((((",
];

/// Makes a new input.
pub fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut data = random.pick(seeds).cloned().unwrap_or_default();
    for _ in 0..1 + random.below(6) {
        change(random, &mut data, seeds);
    }
    data.truncate(16 * 1024);
    data
}

fn change(random: &mut Random, data: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = random.below(data.len() + 1);
    let end = (at + random.below(40)).min(data.len());
    match random.below(11) {
        0 if at < data.len() => data[at] ^= 1 << random.below(8),
        1 if at < data.len() => data[at] = random.next_u64() as u8,
        2 => drop(data.drain(at..end)),
        3 => insert(data, at, WORDS[random.below(WORDS.len())].as_bytes()),
        4 => {
            let piece = data[at..end].to_vec();
            insert(data, at, &piece.repeat(1 + random.below(20)));
        }
        5 => line(random, data),
        6 => {
            let other = random.pick(seeds).cloned().unwrap_or_default();
            let from = random.below(other.len() + 1);
            let to = (from + random.below(300)).min(other.len());
            insert(data, at, &other[from..to]);
        }
        7 => replace_word(random, data),
        8 if at + 4 <= data.len() => {
            let number: u32 = *random.pick(&[0, 1, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, u32::MAX]).unwrap_or(&0);
            data[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        9 => data.truncate(at),
        _ => insert(data, at, &[random.next_u64() as u8]),
    }
}

fn insert(data: &mut Vec<u8>, at: usize, piece: &[u8]) {
    data.splice(at..at, piece.iter().copied());
}

/// Takes a line out, or puts it somewhere else as well.
fn line(random: &mut Random, data: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = data.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let from = random.below(lines.len());
    let taken = if random.chance(50) { lines.remove(from) } else { lines[from].clone() };
    if random.chance(70) {
        let to = random.below(lines.len() + 1);
        lines.insert(to, taken);
    }
    *data = lines.join(&b'\n');
}

/// Puts another word of the input, or of the language, in the place of one.
fn replace_word(random: &mut Random, data: &mut Vec<u8>) {
    let mut words: Vec<Vec<u8>> = data.split(|byte| *byte == b' ').map(<[u8]>::to_vec).collect();
    let (from, to) = (random.below(words.len()), random.below(words.len()));
    words[to] = if random.chance(60) { words[from].clone() } else { WORDS[random.below(WORDS.len())].as_bytes().to_vec() };
    *data = words.join(&b' ');
}
