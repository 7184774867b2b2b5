//! Every block of `engine/REFERENCE.md` runs: a block that starts with `edition` is a whole policy, another block is added to the
//! last whole policy above it, and a block marked `keyward-fail` must raise its code. The list of reserved words is the table's.

use keyward::diagnostic::Diagnostic;
use keyward::pipeline::Project;
use keyward::source::Sources;
use std::path::Path;

struct Block {
    line: usize,
    info: String,
    text: String,
}

fn reference() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/REFERENCE.md");
    std::fs::read_to_string(path).expect("engine/REFERENCE.md can be read")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { line: number + 1, info: info.trim().to_string(), text: String::new() })
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

fn findings(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    let main = sources.add("reference.ward", text);
    Project::read(sources, None).compile(main).diagnostics
}

#[test]
fn every_block_of_the_reference_runs() {
    let mut whole = String::new();
    let mut ran = 0;
    for block in blocks(&reference()) {
        let at = block.line;
        if block.info == "keyward" {
            if block.text.starts_with("edition") {
                whole = block.text;
            } else {
                whole.push_str(&block.text);
            }
            let errors: Vec<String> = findings(&whole)
                .iter()
                .filter(|finding| finding.is_error())
                .map(|finding| format!("{} {}", finding.code, finding.message))
                .collect();
            assert!(errors.is_empty(), "engine/REFERENCE.md:{at}: {errors:#?}");
            ran += 1;
        } else if let Some(code) = block.info.strip_prefix("keyward-fail ") {
            let raised: Vec<String> = findings(&block.text).iter().map(|finding| finding.code.to_string()).collect();
            assert!(raised.iter().any(|one| one == code), "engine/REFERENCE.md:{at}: wants {code}, raised {raised:?}");
            ran += 1;
        }
    }
    assert!(ran >= 5, "only {ran} blocks ran: were the fences renamed?");
}

#[test]
fn the_reserved_words_are_those_of_the_table() {
    let text = reference();
    let chapter = text.split("## 15. Reserved words").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or("");
    let mut listed: Vec<&str> = chapter.split('`').skip(1).step_by(2).collect();
    let mut words: Vec<&str> =
        keyward::keywords::ALL.iter().filter(|word| word.reserved).map(|word| word.word).collect();
    listed.sort_unstable();
    words.sort_unstable();
    assert_eq!(listed, words, "chapter 15 of engine/REFERENCE.md lists the words of engine/src/keywords.rs");
}
