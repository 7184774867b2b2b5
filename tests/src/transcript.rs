//! A walk through the command line, written in Markdown: edits of files and commands with their output, replayed in order.
//!
//! ```` ```console ```` blocks hold `$ cargo kw …` and `$ cp -r …` lines and what they print; ```` ```diff PATH ```` blocks change a file. A line `...` in an
//! output stands for any number of lines. Nothing here knows what the commands mean.

use crate::case::difference;
use std::path::Path;
use std::process::{Command, Stdio};

/// One step of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Changes a file: `old` (found once) becomes `new`; an empty `old` adds to the end.
    Edit {
        /// Path from the folder of the walk.
        path: String,
        /// The text that is there.
        old: String,
        /// The text that takes its place.
        new: String,
    },
    /// Runs a command and compares what it prints.
    Run {
        /// The words behind `$`.
        line: String,
        /// Its output, standard output first.
        output: String,
        /// The lines of the output in the Markdown: first, and one past the last, from 0.
        lines: (usize, usize),
    },
}

/// The steps of a text.
pub fn parse(text: &str) -> Vec<Step> {
    let lines: Vec<&str> = text.lines().collect();
    let mut steps = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(info) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let start = at + 1;
        let end = (start..lines.len()).find(|end| lines[*end] == "```").unwrap_or(lines.len());
        if info == "console" {
            console(&lines, start, end, &mut steps);
        } else if let Some(path) = info.strip_prefix("diff ") {
            steps.push(edit(path, &lines[start..end]));
        }
        at = end + 1;
    }
    steps
}

/// Carries out one step in `folder`, with `keyward` for `cargo kw`: for a command, its real output.
pub fn replay(step: &Step, folder: &Path, keyward: &Path) -> Result<String, String> {
    match step {
        Step::Edit { path, old, new } => {
            let file = folder.join(path);
            let text = std::fs::read_to_string(&file).map_err(|error| format!("{path}: {error}"))?;
            let changed = if old.is_empty() {
                format!("{}\n\n{new}", text.trim_end())
            } else if text.matches(old.as_str()).count() == 1 {
                text.replacen(old, new, 1)
            } else {
                return Err(format!("{path} does not hold this text exactly once:\n{old}"));
            };
            std::fs::write(&file, changed).map_err(|error| format!("{path}: {error}"))?;
            Ok(String::new())
        }
        Step::Run { line, .. } => {
            if let Some((from, to)) = line.strip_prefix("cp -r ").and_then(|rest| rest.split_once(' ')) {
                copy(&folder.join(from), &folder.join(to)).map_err(|error| format!("`{line}`: {error}"))?;
                return Ok(String::new());
            }
            let Some(words) = line.strip_prefix("cargo kw ") else {
                return Err(format!("`{line}` starts neither with `cargo kw` nor with `cp -r`"));
            };
            let output = Command::new(keyward)
                .args(words_of(words))
                .current_dir(folder)
                .env("NO_COLOR", "1")
                .env_remove("CLICOLOR_FORCE")
                .stdin(Stdio::null())
                .output()
                .map_err(|error| format!("{}: {error}", keyward.display()))?;
            let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            if output.status.code().is_none_or(|code| code > 1) {
                return Err(format!("`{line}` ended with {}:\n{text}", output.status));
            }
            Ok(text.lines().map(|line| format!("{}\n", line.trim_end())).collect())
        }
    }
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Whether an output fits what is written, where `...` stands for any lines and the digits of `12 ms` for any; else both side by side.
pub fn compare(written: &str, real: &str) -> Result<(), String> {
    let (written, real) = (timeless(written), timeless(real));
    let (written, real) = (written.as_str(), real.as_str());
    if !written.lines().any(|line| line == "...") {
        let difference = difference(written.trim_end(), real.trim_end());
        return if difference.is_empty() { Ok(()) } else { Err(difference) };
    }
    let mut rest: Vec<&str> = real.trim_end().lines().collect();
    let parts: Vec<Vec<&str>> =
        written.trim_end().lines().collect::<Vec<_>>().split(|line| *line == "...").map(<[_]>::to_vec).collect();
    for (number, part) in parts.iter().enumerate() {
        let (first, last) = (number == 0, number + 1 == parts.len());
        let found = (0..=rest.len().saturating_sub(part.len())).find(|at| rest[*at..].starts_with(part));
        match found {
            Some(at) if !(first && at > 0) => {
                let at = if last { rest.len().saturating_sub(part.len()).max(at) } else { at };
                if !rest[at..].starts_with(part) {
                    return Err(format!("the end differs:\n{real}"));
                }
                rest.drain(..at + part.len());
            }
            _ => return Err(format!("these lines do not follow:\n{}\nin:\n{real}", part.join("\n"))),
        }
    }
    Ok(())
}

fn console(lines: &[&str], start: usize, end: usize, steps: &mut Vec<Step>) {
    let mut at = start;
    while at < end {
        let Some(line) = lines[at].strip_prefix("$ ") else {
            at += 1;
            continue;
        };
        let first = at + 1;
        let last = (first..end).find(|next| lines[*next].starts_with("$ ")).unwrap_or(end);
        let output = lines[first..last].iter().map(|line| format!("{line}\n")).collect();
        steps.push(Step::Run { line: line.to_owned(), output, lines: (first, last) });
        at = last;
    }
}

fn edit(path: &str, lines: &[&str]) -> Step {
    let pick = |mark: char| -> String {
        lines
            .iter()
            .filter(|line| line.starts_with(mark) || line.starts_with(' ') || line.is_empty())
            .map(|line| format!("{}\n", line.get(1..).unwrap_or("")))
            .collect()
    };
    let only_new = lines.iter().all(|line| line.starts_with('+'));
    Step::Edit { path: path.to_owned(), old: if only_new { String::new() } else { pick('-') }, new: pick('+') }
}

/// The text with the digits before ` ms` made equal.
fn timeless(text: &str) -> String {
    let mut result = String::new();
    for part in text.split_inclusive(" ms") {
        match part.strip_suffix(" ms") {
            Some(before) => {
                result.push_str(before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'));
                result.push_str("N ms");
            }
            None => result.push_str(part),
        }
    }
    result
}

/// Words between blanks; single quotes keep blanks together.
fn words_of(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
