//! The pages of the codes about reading: their examples say what the pages claim, and are spelt as the formatter spells.

use keyward::codes;
use keyward::format::format;
use keyward::parse::parse;
use keyward::span::FileId;

#[test]
fn the_examples_of_the_pages_do_what_the_pages_say() {
    for entry in codes::ALL.iter().filter(|entry| entry.code < codes::KW120) {
        let mut blocks = 0;
        for piece in entry.page.split("```keyward").skip(1) {
            let (mark, rest) = piece.split_once('\n').unwrap_or_default();
            let text = rest.split("\n```").next().map(|text| format!("{text}\n")).unwrap_or_default();
            let (tree, found) = parse(FileId(0), &text);
            if mark.starts_with("-fail") {
                assert!(found.iter().any(|one| one.code == entry.code), "{}: {found:#?}", entry.code);
            } else {
                assert!(found.is_empty(), "{}: {found:#?}", entry.code);
                assert_eq!(format(&tree, &text).as_deref(), Some(text.as_str()), "{}", entry.code);
                blocks += 1;
            }
        }
        assert_eq!(blocks, 1, "{} has one mended example", entry.code);
    }
}
