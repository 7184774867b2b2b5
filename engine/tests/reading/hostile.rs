//! B1, B2: any text is read or refused, in time that grows with its length, and nothing invisible gets through.

use crate::generate::{self, Random};
use keyward::codes;
use keyward::diagnostic::Diagnostic;
use keyward::format::format;
use keyward::parse::{LARGEST, parse};
use keyward::span::FileId;
use std::time::Duration;

fn messages(text: &str) -> Vec<Diagnostic> {
    parse(FileId(0), text).1
}

/// Thirty shapes that have made readers slow or deep: each repeated up to a number of bytes.
const SHAPES: [(&str, &str); 30] = [
    ("", "("),
    ("", "[{("),
    ("", "\""),
    ("", "\"\n"),
    ("", "a"),
    ("", "a."),
    ("", "A-"),
    ("", "1"),
    ("", "1:"),
    ("", "#"),
    ("", "# x\n"),
    ("", "\n"),
    ("", "\r"),
    ("", "\u{202E}"),
    ("", "rule "),
    ("", "rule x when "),
    ("", "if unsure "),
    ("", "- "),
    ("", "= "),
    ("", "=>"),
    ("", "ä"),
    ("", "rul x\n"),
    ("input x is one of a", ", b"),
    ("rule r when a", " and b"),
    ("rule r when a", " or b"),
    ("rule r when any of", " - a and b"),
    ("rule r when any of - a and ", "any of - a and "),
    ("rule r when x is one of a", ", \"b\""),
    ("decision d answer a is yes or no", " answer a is yes or no"),
    ("calendar c is monday", " # comment\n, 2026-01-01 from 08:00 until 09:00"),
];

fn shape(index: usize, bytes: usize) -> String {
    let (start, part) = SHAPES[index];
    let mut text = format!("edition 2026 policy a.b version 1\n{start}");
    text.push_str(&part.repeat(bytes / part.len()));
    text
}

#[test]
fn b1_thirty_hostile_shapes_come_to_an_end() {
    for (index, hostile) in SHAPES.iter().enumerate() {
        let text = shape(index, 200_000);
        let (tree, found) = parse(FileId(0), &text);
        assert!(found.len() <= 201, "{hostile:?}: {} messages", found.len());
        assert!(tree.header.is_some() || !found.is_empty(), "{hostile:?}");
        let _ = format(&tree, &text);
    }
}

/// Timing, so not part of the ordinary run: `cargo test -p keyward --test reading -- --ignored --nocapture b1`.
#[test]
#[ignore = "measures time"]
fn b1_time_grows_with_length() {
    // Processor time of this thread, so that other programs do not count.
    let time = |text: &str| {
        let start = cpu_time::ThreadTime::now();
        let _ = parse(FileId(0), text);
        start.elapsed()
    };
    let mut slow = Vec::new();
    for (index, (_, part)) in SHAPES.iter().enumerate() {
        let (half, whole) = (shape(index, 500_000), shape(index, 1_000_000));
        let (mut best, mut ratio) = ((Duration::MAX, Duration::MAX), f64::MAX);
        for round in 0..20 {
            best = (best.0.min(time(&half)), best.1.min(time(&whole)));
            ratio = best.1.as_secs_f64() / best.0.as_secs_f64();
            if round > 2 && ratio <= 2.2 {
                break;
            }
        }
        let whole = best.1;
        println!("{:>8.1} ms at 1 MB, {ratio:.2} times the half: {part:?}", whole.as_secs_f64() * 1000.0);
        let limit = if cfg!(debug_assertions) { 5 } else { 1 };
        if ratio > 2.2 || whole > Duration::from_secs(limit) {
            slow.push(part);
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

#[test]
fn b1_a_file_that_is_too_large_is_refused_unread() {
    let text = "x".repeat(LARGEST + 1);
    let (tree, found) = parse(FileId(0), &text);
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [codes::KW107]);
    assert!(tree.items.is_empty() && tree.header.is_none());
}

#[test]
fn b1_cut_off_anywhere_a_text_is_still_answered() {
    let whole = generate::file(&mut Random::new(7), true)
        + "\nrule r when x is y and any of - p - q then z is yes because \"w\"\n";
    for (at, _) in whole.char_indices() {
        let (tree, found) = parse(FileId(0), &whole[..at]);
        assert!(tree.header.is_some() || !found.is_empty(), "{}", &whole[..at]);
    }
}

#[test]
fn b1_changed_anywhere_a_text_is_still_answered() {
    let signs: Vec<char> = "\"#(){}[],-–=<>!&|.:;\n\t\0\u{202E}\u{FEFF}ÄéA9_ xis".chars().collect();
    for seed in 0..1500 {
        let mut random = Random::new(seed);
        let mut text: Vec<char> = generate::file(&mut random, true).chars().collect();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len() as u64) as usize;
            match random.below(3) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, signs[random.below(signs.len() as u64) as usize]),
                _ => text[at] = signs[random.below(signs.len() as u64) as usize],
            }
            if text.is_empty() {
                break;
            }
        }
        let text: String = text.into_iter().collect();
        let (tree, found) = parse(FileId(0), &text);
        for one in &found {
            let places = one.hints.iter().flat_map(|hint| hint.edits.iter().map(|edit| edit.span));
            for span in places.chain([one.primary.span]).chain(one.labels.iter().map(|label| label.span)) {
                assert!(text.get(span.range()).is_some(), "{one:?} points into nothing of {text:?}");
            }
            assert!(!one.message.contains("k_") && !one.message.contains("w_"), "{}", one.message);
        }
        if let Some(formatted) = format(&tree, &text) {
            let errors = found.iter().any(Diagnostic::is_error);
            assert!(errors || !messages(&formatted).iter().any(Diagnostic::is_error), "{text}\n-----\n{formatted}");
        }
    }
}

/// Characters that reorder, hide or join text, and some that only look like a blank.
const REFUSED: [char; 34] = [
    '\0',
    '\u{1}',
    '\u{7}',
    '\u{8}',
    '\u{B}',
    '\u{C}',
    '\u{1B}',
    '\u{7F}',
    '\u{85}',
    '\u{9F}',
    '\u{AD}',
    '\u{61C}',
    '\u{180E}',
    '\u{200B}',
    '\u{200C}',
    '\u{200D}',
    '\u{200E}',
    '\u{200F}',
    '\u{202A}',
    '\u{202B}',
    '\u{202C}',
    '\u{202D}',
    '\u{202E}',
    '\u{2028}',
    '\u{2029}',
    '\u{2060}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{FEFF}',
    '\u{3164}',
    '\u{E0041}',
    '\u{115F}',
];

#[test]
fn b2_invisible_characters_are_refused_wherever_they_stand() {
    for c in REFUSED {
        for (before, after) in [
            ("edition 2026 policy a.b version 1 input x", "y is yes or no"),
            ("edition 2026 policy a.b version 1 \"Title", "\" input x is yes or no"),
            ("edition 2026 policy a.b version 1 # comment", " /* */\ninput x is yes or no"),
            ("edition 2026 policy a.b version 1 ", " input x is yes or no"),
        ] {
            let text = format!("{before}{c}{after}");
            let found = messages(&text);
            let named = format!("U+{:04X}", u32::from(c));
            let here = |one: &&Diagnostic| one.primary.span.range() == (before.len()..before.len() + c.len_utf8());
            let one = found.iter().filter(|one| one.code == codes::KW106).find(here);
            assert!(one.is_some_and(|one| one.message.contains(&named) && one.is_error()), "{text:?}: {found:#?}");
        }
    }
}

#[test]
fn b2_a_carriage_return_alone_cannot_end_a_comment() {
    let found = messages("edition 2026 policy a.b version 1 # hidden\rinput x is yes or no\n");
    assert_eq!(found.first().map(|one| one.code), Some(codes::KW106));
}

#[test]
fn b2_a_byte_order_mark_at_the_start_is_accepted() {
    let (tree, found) = parse(FileId(0), "\u{FEFF}edition 2026 policy a.b version 1\r\ninput x is yes or no\r\n");
    assert_eq!((tree.items.len(), found), (1, Vec::new()));
}

#[test]
fn b2_strings_are_compared_after_normalisation() {
    let (tree, found) = parse(FileId(0), "edition 2026 policy a.b version 1 \"Cafe\u{301}\"");
    assert_eq!(found, Vec::new());
    let title = tree.header.and_then(|header| header.title).map(|title| title.text);
    assert_eq!(title.as_deref(), Some("Caf\u{e9}"));
}
