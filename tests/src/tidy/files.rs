//! What every file must carry and must not carry: a header, a bounded size, no debris, no paths of a machine, closed code blocks.

use crate::repository::TextFile;
use crate::rust_text;
use std::collections::BTreeMap;

/// The longest a Rust file may be without its tests.
pub const LONGEST: usize = 600;

/// Words that mark unfinished work. Written in halves so that this file does not trip over itself.
const DEBRIS: [&str; 7] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("db", "g!"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
];

/// Beginnings of paths that exist on one machine only.
const MACHINE: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];

/// What a merge writes where two sides differ.
const CONFLICT: [&str; 2] = [concat!("<<<<", "<<< "), concat!(">>>>", ">>> ")];

/// The sizes of the Rust files, without tests.
#[derive(Debug)]
pub struct Sizes {
    /// Lines per file, sorted by size.
    pub lines: Vec<(usize, String)>,
}

impl Sizes {
    /// Measures.
    pub fn of(files: &[TextFile]) -> Self {
        let mut lines: Vec<_> = files
            .iter()
            .filter(|file| is_code(file))
            .map(|file| (rust_text::without_tests(&file.text).lines().count(), file.path.clone()))
            .collect();
        lines.sort();
        Self { lines }
    }

    /// The size below which `percent` of the files lie.
    pub fn percentile(&self, percent: usize) -> usize {
        let last = self.lines.len().saturating_sub(1);
        self.lines.get(last * percent / 100).map_or(0, |(lines, _)| *lines)
    }

    /// Files above the limit that have no reason, and reasons without such a file.
    pub fn findings(&self, exceptions: &BTreeMap<String, String>) -> Vec<String> {
        let mut findings = Vec::new();
        for (lines, path) in self.lines.iter().filter(|(lines, _)| *lines > LONGEST) {
            if exceptions.get(path).is_none_or(String::is_empty) {
                findings.push(format!(
                    "{path} has {lines} lines without tests, the limit is {LONGEST}: split it, or list it with a reason"
                ));
            }
        }
        for path in exceptions.keys() {
            if !self.lines.iter().any(|(lines, long)| long == path && *lines > LONGEST) {
                findings.push(format!("{path} is listed as a long file and is not one any more"));
            }
        }
        findings
    }
}

/// Rust files that do not open with a `//!` header.
pub fn headers(files: &[TextFile]) -> Vec<String> {
    let bare = |file: &&TextFile| {
        let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        file.path.ends_with(".rs") && !(first.starts_with("//! ") && first.len() > 12)
    };
    files.iter().filter(bare).map(|file| format!("{} does not open with a `//!` header", file.path)).collect()
}

/// Marks of unfinished work and paths of one machine.
pub fn debris(files: &[TextFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            let at = number + 1;
            for word in DEBRIS.iter().filter(|word| has_word(line, word)) {
                findings.push(format!("{}:{at} holds `{word}`", file.path));
            }
            if CONFLICT.iter().any(|mark| line.starts_with(mark)) {
                findings.push(format!("{}:{at} holds a mark of a merge that was not finished", file.path));
            }
            for start in MACHINE.iter().filter(|start| has_path(line, start)) {
                findings.push(format!("{}:{at} holds a path that starts with `{start}`", file.path));
            }
        }
    }
    findings
}

/// Code blocks of Markdown files that are not closed or do not say what they hold.
pub fn blocks(files: &[TextFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut open: Option<(usize, usize)> = None;
        for (number, line) in file.text.lines().enumerate() {
            let marks = line.trim_start().bytes().take_while(|byte| *byte == b'`').count();
            if marks < 3 {
                continue;
            }
            let info = line.trim_start()[marks..].trim();
            match open {
                Some((fence, _)) if marks >= fence && info.is_empty() => open = None,
                Some(_) => {}
                None => {
                    open = Some((marks, number + 1));
                    if info.is_empty() {
                        findings.push(format!(
                            "{}:{} opens a code block without saying what it holds",
                            file.path,
                            number + 1
                        ));
                    }
                }
            }
        }
        if let Some((_, line)) = open {
            findings.push(format!("{}:{line} opens a code block that is never closed", file.path));
        }
    }
    findings
}

/// Whether a file holds code that is measured: a Rust file that is not itself a test.
fn is_code(file: &TextFile) -> bool {
    let is_test = file.path.contains("/tests/") || file.name() == "tests.rs";
    file.path.ends_with(".rs") && !is_test
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        let before = line[..at].chars().next_back().is_some_and(joins);
        let after = line[at + word.len()..].chars().next().is_some_and(joins);
        !before && (!after || word.ends_with('!'))
    })
}

fn has_path(line: &str, start: &str) -> bool {
    line.match_indices(start)
        .any(|(at, _)| !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || ".-_}".contains(c)))
}
