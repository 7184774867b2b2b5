//! The grammar and the table of words agree.

use keyward::keywords;
use std::collections::BTreeSet;

const GRAMMAR: &str = include_str!("../../src/parse/grammar.pest");

/// The words of the rules that start with a prefix: `k_rule = @{ "rule" ~ !more }`.
fn words(prefix: &str) -> BTreeSet<&'static str> {
    GRAMMAR
        .lines()
        .filter_map(|line| line.strip_prefix(prefix)?.split_once(" = @{ \""))
        .map(|(name, rest)| {
            let word = rest.split('"').next().unwrap_or("");
            assert_eq!(name, word, "the rule is called as its word");
            word
        })
        .collect()
}

fn table(reserved: bool) -> BTreeSet<&'static str> {
    keywords::ALL.iter().filter(|keyword| keyword.reserved == reserved).map(|keyword| keyword.word).collect()
}

#[test]
fn every_word_of_the_grammar_is_in_the_table_and_the_other_way_round() {
    assert_eq!(words("k_"), table(true));
    assert_eq!(words("w_"), table(false));
}

#[test]
fn the_grammar_reserves_exactly_the_reserved_words() {
    let list = GRAMMAR.split_once("reserved = _{").expect("the list of reserved words").1;
    let reserved: BTreeSet<&str> = list.split('"').skip(1).step_by(2).filter(|word| word.len() > 1).collect();
    assert_eq!(reserved, table(true));
}

#[test]
fn no_reserved_word_is_a_name_and_every_other_word_is() {
    use keyward::{codes, parse, span::FileId};
    for keyword in keywords::ALL {
        let text = format!(
            "edition 2026 policy a.b version 1\ninput x is one of {0}, other\ninput {0} is yes or no\n",
            keyword.word
        );
        let (tree, diagnostics) = parse::parse(FileId(0), &text);
        if keyword.reserved {
            assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == codes::KW110), "{text}{diagnostics:#?}");
        } else {
            assert_eq!((tree.items.len(), diagnostics), (2, Vec::new()), "{text}");
        }
    }
}
