//! Runs the examples on the pages of the codes that `check` raises: what is refused there is refused with that code, the way out passes.
//!
//! A block may hold several files, each from its `edition` on; the last one is checked. A block marked `lock` before it is its lock.

use keyward::check::{self, Files, Lock};
use keyward::codes::{self, Code};
use keyward::diagnostic::Diagnostic;
use keyward::parse;
use keyward::source::Sources;

/// One fenced block of a page.
struct Block {
    mark: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), open) {
            (Some(mark), false) => {
                blocks.push(Block { mark: mark.to_owned(), text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let block = blocks.last_mut().expect("a block is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    blocks
}

/// The texts of a block: one file from each `edition` on.
fn texts(block: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for line in block.lines() {
        if line.starts_with("edition ") || texts.is_empty() {
            texts.push(String::new());
        }
        let text = texts.last_mut().expect("a file has begun");
        text.push_str(line);
        text.push('\n');
    }
    texts
}

fn findings(block: &str, lock: Option<&str>) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    let mut files = Files::new();
    let mut found = Vec::new();
    let mut last = None;
    for (number, text) in texts(block).into_iter().enumerate() {
        let file = sources.add(format!("file{number}.ward"), text.clone());
        let (tree, diagnostics) = parse::parse(file, &text);
        found.extend(diagnostics);
        files.add(tree, &text);
        last = Some(file);
    }
    if let Some(lock) = lock {
        let file = sources.add("keyward.lock", lock);
        let (lock, diagnostics) = Lock::parse(file, lock);
        found.extend(diagnostics);
        files.set_lock(lock);
    }
    let (policy, diagnostics) = check::check(&files, last.expect("a block holds a file"));
    assert_eq!(policy.is_none(), diagnostics.iter().any(Diagnostic::is_error), "{diagnostics:#?}");
    found.extend(diagnostics);
    found
}

fn codes_of(findings: &[Diagnostic]) -> Vec<Code> {
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

/// The codes that `check` raises.
fn own_codes() -> impl Iterator<Item = &'static codes::Entry> {
    codes::ALL.iter().filter(|entry| (codes::KW120..=codes::KW149).contains(&entry.code) || entry.code == codes::KW301)
}

#[test]
fn every_page_shows_its_mistake_and_the_way_out() {
    let mut wrong = Vec::new();
    for entry in own_codes() {
        let title = format!("# {}: {}", entry.code, entry.title);
        if entry.page.lines().next() != Some(title.as_str()) {
            wrong.push(format!("the page of {} does not start with its title", entry.code));
        }
        let mut lock = None;
        let (mut fails, mut passes) = (0, 0);
        for block in blocks(entry.page) {
            match block.mark.as_str() {
                "lock" => lock = Some(block.text),
                "keyward" => {
                    passes += 1;
                    let found = findings(&block.text, lock.as_deref());
                    if !found.is_empty() {
                        wrong.push(format!("the way out of {} has findings: {found:#?}", entry.code));
                    }
                }
                mark => {
                    assert_eq!(mark, format!("keyward-fail {}", entry.code));
                    fails += 1;
                    let found = codes_of(&findings(&block.text, lock.as_deref()));
                    if found != [entry.code] {
                        wrong.push(format!("the mistake of {} is called {found:?}", entry.code));
                    }
                }
            }
        }
        if fails == 0 || passes == 0 {
            wrong.push(format!("the page of {} shows {fails} mistakes and {passes} ways out", entry.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
