//! Text cases: Markdown in, cases with sources and expected blocks out, and the same Markdown with other expectations back.
//!
//! The format is described in `tests/README.md`. Knows nothing about what a stage does.

use std::fmt::Write as _;

/// The blocks that hold sources; every other block is an expectation, or `text`, which is left alone.
const SOURCE: &str = "keyward";

/// One case: a heading and the blocks below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The heading.
    pub name: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// Files: name and text. The first is the one that is compiled.
    pub sources: Vec<(String, String)>,
    /// What the stages should print.
    pub expected: Vec<Expected>,
}

/// One expected block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The stage that prints it: the first word after the fence.
    pub stage: String,
    /// The rest of that line.
    pub words: String,
    /// What stands in the block.
    pub text: String,
    /// The lines of the block in the file, fences left out: first, and one past the last, from 0.
    pub lines: (usize, usize),
}

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFile {
    /// The cases in order.
    pub cases: Vec<Case>,
    /// What is wrong with the file itself, one sentence each.
    pub mistakes: Vec<String>,
}

/// Reads a file of cases.
pub fn parse(text: &str) -> CaseFile {
    let lines: Vec<&str> = text.lines().collect();
    let mut file = CaseFile::default();
    let mut case: Option<Case> = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if let Some(name) = line.strip_prefix("## ") {
            close(&mut file, case.take());
            case = Some(Case { name: name.trim().to_owned(), line: at + 1, sources: Vec::new(), expected: Vec::new() });
        }
        let marks = line.bytes().take_while(|byte| *byte == b'`').count();
        if marks < 3 {
            at += 1;
            continue;
        }
        let start = at + 1;
        let fence = "`".repeat(marks);
        let Some(end) = (start..lines.len()).find(|end| lines[*end].trim_end() == fence) else {
            file.mistakes.push(format!("line {start}: the block is never closed"));
            break;
        };
        block(&mut file, case.as_mut(), line[marks..].trim(), &lines[start..end], (start, end));
        at = end + 1;
    }
    close(&mut file, case);
    file
}

/// The same text with other expectations: `outputs` holds one text for each expected block, in order.
pub fn rewrite(text: &str, file: &CaseFile, outputs: &[String]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = file.cases.iter().flat_map(|case| &case.expected);
    let mut result = String::new();
    let mut at = 0;
    for (expected, output) in blocks.zip(outputs) {
        lines[at..expected.lines.0].iter().for_each(|line| line_into(&mut result, line));
        output.lines().for_each(|line| line_into(&mut result, line));
        at = expected.lines.1;
    }
    lines[at..].iter().for_each(|line| line_into(&mut result, line));
    result
}

/// Both texts side by side, line by line: `-` was expected, `+` came out. Empty if they agree.
pub fn difference(expected: &str, actual: &str) -> String {
    let (left, right): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    if left == right {
        return String::new();
    }
    let same_start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let rest = left.len().min(right.len()) - same_start;
    let same_end = left.iter().rev().zip(right.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let mut text = String::new();
    left[..same_start].iter().rev().take(2).rev().for_each(|line| mark(&mut text, ' ', line));
    left[same_start..left.len() - same_end].iter().for_each(|line| mark(&mut text, '-', line));
    right[same_start..right.len() - same_end].iter().for_each(|line| mark(&mut text, '+', line));
    left[left.len() - same_end..].iter().take(2).for_each(|line| mark(&mut text, ' ', line));
    text
}

fn block(file: &mut CaseFile, case: Option<&mut Case>, info: &str, body: &[&str], lines: (usize, usize)) {
    let (word, rest) = info.split_once(' ').map_or((info, ""), |(word, rest)| (word, rest.trim()));
    if word == "text" {
        return;
    }
    let Some(case) = case else {
        file.mistakes
            .push(format!("line {}: a block stands above the first case; mark it `text` if it is not one", lines.0));
        return;
    };
    let mut text = body.join("\n");
    text.push('\n');
    if word == SOURCE {
        let name = if rest.is_empty() { "case.ward" } else { rest };
        if case.sources.iter().any(|(other, _)| other == name) {
            file.mistakes.push(format!("line {}: the case has two files `{name}`", lines.0));
        }
        case.sources.push((name.to_owned(), text));
    } else if word.is_empty() {
        file.mistakes.push(format!("line {}: the block names no stage", lines.0));
    } else {
        let text = if body.is_empty() { String::new() } else { text };
        case.expected.push(Expected { stage: word.to_owned(), words: rest.to_owned(), text, lines });
    }
}

fn close(file: &mut CaseFile, case: Option<Case>) {
    let Some(case) = case else { return };
    let Case { line, name, sources, expected } = &case;
    if sources.is_empty() && expected.is_empty() {
        return;
    }
    if sources.is_empty() {
        file.mistakes.push(format!("line {line}: the case `{name}` has no source"));
    }
    if expected.is_empty() {
        file.mistakes.push(format!("line {line}: the case `{name}` expects nothing"));
    }
    if file.cases.iter().any(|other| other.name == *name) {
        file.mistakes.push(format!("line {line}: two cases are called `{name}`"));
    }
    file.cases.push(case);
}

fn line_into(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn mark(text: &mut String, mark: char, line: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{mark} {line}");
}
