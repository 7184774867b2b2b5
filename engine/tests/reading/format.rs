//! Formatting changes no meaning, loses no comment, and does nothing the second time.

use crate::generate::{self, Random};
use keyward::ast::File;
use keyward::format::format;
use keyward::parse::parse;
use keyward::span::FileId;

fn read(text: &str) -> File {
    let (tree, diagnostics) = parse(FileId(0), text);
    let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{text}\n{errors:#?}");
    tree
}

fn formatted(text: &str) -> String {
    format(&read(text), text).expect("a text without errors is formatted")
}

/// The tree without its places, and the comments without the blanks around them.
fn bare(file: &File) -> (String, Vec<String>) {
    let comments = file.comments.iter().map(|comment| comment.text.trim().to_owned()).collect();
    let debug = format!("{:?} {:?}", file.header, file.items);
    let mut out = String::new();
    let mut rest = debug.as_str();
    while let Some((before, behind)) = rest.split_once("Span { file") {
        out.push_str(before);
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    (out + rest, comments)
}

fn holds_for(text: &str) {
    let before = read(text);
    let once = formatted(text);
    let after = read(&once);
    assert_eq!(bare(&before), bare(&after), "the tree changed:\n{text}\n-----\n{once}");
    let twice = formatted(&once);
    assert!(once == twice, "formatting twice differs:\n{text}\n-----\n{once}\n-----\n{twice}");
    let long = once.lines().find(|line| line.chars().count() > 100 && !line.contains(['"', '#']) && line.len() < 200);
    assert_eq!(long.filter(|line| line.contains(" and ")), None, "a line is too long:\n{once}");
}

#[test]
fn random_files_with_comments_at_any_place() {
    for seed in 0..300 {
        holds_for(&generate::file(&mut Random::new(seed), true));
    }
}

#[test]
fn random_files_without_comments() {
    for seed in 0..300 {
        holds_for(&generate::file(&mut Random::new(1_000_000 + seed), false));
    }
}

#[test]
fn a_text_that_would_be_lost_is_not_formatted() {
    let text = "edition 2026 policy a.b version 1\nrule broken when then\ninput x is yes or no\n";
    let (tree, _) = parse(FileId(0), text);
    assert_eq!(tree.items.len(), 1);
    assert_eq!(format(&tree, text), None);
    let nameless = "input x is yes or no\n";
    assert_eq!(format(&parse(FileId(0), nameless).0, nameless), None);
}

#[test]
fn one_spelling() {
    let text = "edition 2026 policy a.b version 1 “Title”\r\nrule r \"what it is\" when x=y and n>=4 and any of –p • q and z != w \
                then s is 1 hours because “Why” cite \"R1\"";
    let expected = "edition 2026\npolicy a.b version 1 \"Title\"\n\nrule r \"what it is\"\n  when x is y and n is at least 4 and any of\n    \
                    - p\n    - q and z is not w\n  then s is 1 hour\n  because \"Why\"\n  cite \"R1\"\n";
    assert_eq!(formatted(text), expected);
}

#[test]
fn comments_stay_where_they_belong() {
    let text = "# the file\n\n# the header\nedition 2026\npolicy a.b version 1 # the name\n\n# inputs\ninput x is yes or no # x\n\
                input y is yes or no\n# about z\ninput z is yes or no\n\n# alone\n\nrule r\n  # the case\n  when x is yes # first\n    \
                and y is yes\n  then z is yes\n  # why\n  because \"so\"\n# the end\n";
    assert_eq!(formatted(text), text);
}

#[test]
fn declarations_stay_together_as_their_author_grouped_them() {
    let text = "edition 2026\npolicy a.b version 1\n\ninput x is yes or no\ninput y is yes or no\n\nsetting s is yes or no default no\n\
                fix t at 4\n";
    assert_eq!(formatted(text), text);
}

#[test]
fn what_does_not_fit_stands_below_each_other() {
    let text = "edition 2026 policy a.b version 1 input method \"how\" is one of access_code \"access code\", phone_number \"phone number\", \
                qr_code \"QR code\", badge \"badge\" fixed \
                decision d \"What?\" answer first is a set of member_number_one, member_number_two, member_number_three, \
                member_number_four, five only when other is allowed";
    let expected = "edition 2026\npolicy a.b version 1\n\ninput method \"how\" is one of\n    access_code \"access code\",\n    \
                    phone_number \"phone number\",\n    qr_code \"QR code\",\n    badge \"badge\"\n  fixed\n\n\
                    decision d \"What?\"\n  answer first is a set of member_number_one, member_number_two, member_number_three,\n      \
                    member_number_four, five\n    only when other is allowed\n";
    assert_eq!(formatted(text), expected);
}
