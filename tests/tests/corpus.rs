//! The corpus weighs what `tests/corpus/counts.txt` says: nodes are exact, so a change of any is a change somebody meant.
//! `cargo xtask bless` writes the file anew; the diff shows what a change of the compiler does to large policies.

#![allow(clippy::unwrap_used, reason = "a policy of the corpus that does not build is a failed test")]

use keyward::emit::{Options, emit};
use keyward_tests::corpus::{MEMBERS, Member};
use keyward_tests::differential::read;
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "\
# What the generated policies of tests/src/corpus weigh. Exact; rewritten by `cargo xtask bless`.
# Nodes and runs are those of the diagrams of validity and of all answers, table nodes those of the stripped module.
#
#        policy   rules   nodes    runs   table nodes
";

fn weigh(member: Member) -> String {
    let policy = read(&[member.text()]).unwrap_or_else(|found| panic!("{}: {found:#?}", member.name()));
    let model = keyward::lower::lower(&policy).unwrap_or_else(|found| panic!("{}: {found:#?}", member.name()));
    let mut roots = vec![model.valid];
    roots.extend(model.decisions.iter().flat_map(|decision| &decision.answers).flat_map(|answer| &answer.roots));
    let size = model.forest.size(&roots);
    let emitted = emit(&model, Options { strip: true }).unwrap();
    let (name, rules) = (member.name(), policy.rules.len());
    format!("{name:>15} {rules:>7} {:>7} {:>7} {:>13}", size.nodes, size.edges, emitted.nodes)
}

#[test]
fn corpus_counts() {
    let mut found = String::from(HEAD);
    for member in MEMBERS {
        writeln!(found, "{}", weigh(member)).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/counts.txt");
    if std::env::var_os("KEYWARD_BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, expected, "the corpus weighs something else; if that is meant, run `cargo xtask bless`");
}

/// The generator stands for the text, so its text may not drift: P9.
#[test]
fn p9_the_corpus_is_always_the_same_text() {
    for member in MEMBERS {
        assert_eq!(member.text(), member.text(), "{}", member.name());
    }
    let text = Member::Soup(12).text();
    assert!(text.starts_with("edition 2026\npolicy bench.soup version 1"), "{text}");
    assert_eq!(text.matches("\nrule ").count(), 12);
}
