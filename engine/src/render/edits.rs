//! A way out, with the lines as they would read after it.
//! In: sources and a hint. Out: text. Refuses to apply anything.

use super::lines::push_row;
use super::paint::{Look, Paint};
use super::text::{capital, ended};
use super::visible::{visible, wrap};
use crate::diagnostic::{Edit, Hint};
use crate::source::Sources;
use crate::span::FileId;

/// The most lines of an edit that are shown.
const SHOWN: usize = 8;

/// Writes the sentence of a hint and the lines its edits lead to.
pub(super) fn push_hint(out: &mut String, sources: &Sources, hint: &Hint, look: Look) {
    for line in wrap(&visible(&sentence(hint)), look.width.saturating_sub(2), look.width.saturating_sub(4)) {
        out.push_str("  ");
        out.push_str(&line);
        out.push('\n');
    }
    let mut edits: Vec<&Edit> = hint.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut rest = edits.as_slice();
    while let Some(first) = rest.first() {
        let region = region(sources, rest);
        push_region(out, sources, first.span.file, &region, look);
        rest = rest.get(region.edits..).unwrap_or(&[]);
    }
}

/// The sentence of a hint: with a colon where lines follow, else with a full stop.
fn sentence(hint: &Hint) -> String {
    let text = ended(&capital(&hint.text));
    match text.strip_suffix('.') {
        Some(open) if !hint.edits.is_empty() => format!("{open}:"),
        _ => text,
    }
}

/// Edits that touch the same lines, and those lines after them.
struct Region {
    edits: usize,
    line: usize,
    text: String,
}

fn region(sources: &Sources, edits: &[&Edit]) -> Region {
    let mut region = Region { edits: 0, line: 1, text: String::new() };
    let Some(first) = edits.first() else { return region };
    let Some(source) = sources.get(first.span.file) else {
        region.edits = edits.len();
        return region;
    };
    let text = source.text();
    region.line = source.place(first.span.start).line;
    let mut at = line_start(text, first.span.start as usize);
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let same = edit.span.file == first.span.file && (region.edits == 0 || !has_break(text, at, start));
        if !same {
            break;
        }
        region.text.push_str(text.get(at..start).unwrap_or(""));
        region.text.push_str(&edit.text);
        at = end.max(at);
        region.edits += 1;
    }
    let rest = text.get(at..).unwrap_or("");
    region.text.push_str(rest.split('\n').next().unwrap_or("").trim_end_matches('\r'));
    region
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1)
}

fn has_break(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_none_or(|between| between.contains('\n'))
}

fn push_region(out: &mut String, sources: &Sources, file: FileId, region: &Region, look: Look) {
    if sources.get(file).is_none() {
        return;
    }
    let lines: Vec<&str> = region.text.split('\n').collect();
    let last = region.line + lines.len();
    let width = last.to_string().len();
    for (at, line) in lines.iter().enumerate().take(SHOWN) {
        if line.trim().is_empty() && lines.len() > 1 {
            continue;
        }
        let number = (region.line + at).to_string();
        push_row(out, &number, width, &look.paint(Paint::Good, &visible(line)), look);
    }
    if lines.len() > SHOWN {
        push_row(out, "", width, &format!("… and {} lines more", lines.len() - SHOWN), look);
    }
}
