//! The author's own lines with their numbers, and marks below every place that has a part.
//! In: sources and labelled spans. Out: text. Refuses to know what the labels say.

use super::paint::{Look, Paint};
use super::visible::{push_visible, visible};
use crate::source::{Source, Sources};
use crate::span::{FileId, Span};

/// One place to show.
pub(super) struct Mark<'a> {
    /// Where.
    pub span: Span,
    /// What it has to do with the matter; may be empty.
    pub text: &'a str,
    /// The character below it.
    pub sign: char,
    /// The style of the sign and the words.
    pub paint: Paint,
}

/// The part of a line that is shown when the line is long: so many characters before the mark, and in all.
const BEFORE: usize = 40;
const SHOWN: usize = 160;

/// Writes all lines the marks stand on: the first mark's file first, then by file and line.
pub(super) fn push_lines(out: &mut String, sources: &Sources, marks: &[Mark<'_>], look: Look) {
    let Some(first) = marks.first() else { return };
    let width = gutter_width(sources, marks);
    let mut order: Vec<&Mark<'_>> = marks.iter().collect();
    order.sort_by_key(|mark| (mark.span.file != first.span.file, mark.span));
    let mut shown: Option<(FileId, usize)> = None;
    for mark in order {
        let Some(source) = sources.get(mark.span.file) else { continue };
        let place = source.place(mark.span.start);
        if shown.is_none_or(|(file, _)| file != mark.span.file) {
            // The primary place names its file; in another file the first place does.
            let at = if mark.span.file == first.span.file { source.place(first.span.start) } else { place };
            let title = format!("  {}:{}:{}", visible(source.name()), at.line, at.column);
            out.push_str(&look.paint(Paint::Faint, &title));
            out.push('\n');
        }
        let row = row(source, mark, place.line);
        if shown != Some((mark.span.file, place.line)) {
            push_row(out, &place.line.to_string(), width, &row.text, look);
        }
        shown = Some((mark.span.file, place.line));
        let signs: String = std::iter::repeat_n(mark.sign, row.signs).collect();
        let words = if mark.text.is_empty() { signs } else { format!("{signs} {}", visible(mark.text)) };
        let pad = " ".repeat(row.pad);
        push_row(out, "", width, &format!("{pad}{}", look.paint(mark.paint, &words)), look);
    }
}

/// Writes one line with its number and the bar.
pub(super) fn push_row(out: &mut String, number: &str, width: usize, text: &str, look: Look) {
    let gutter = format!("  {number:>width$} |");
    out.push_str(&look.paint(Paint::Faint, &gutter));
    if !text.is_empty() {
        out.push(' ');
        out.push_str(text);
    }
    out.push('\n');
}

/// How many characters the line numbers of these marks need.
fn gutter_width(sources: &Sources, marks: &[Mark<'_>]) -> usize {
    marks.iter().map(|mark| sources.place(mark.span).line.to_string().len()).max().unwrap_or(1)
}

struct Row {
    text: String,
    pad: usize,
    signs: usize,
}

/// One line cut to a readable length around its mark, and where the signs go below it.
fn row(source: &Source, mark: &Mark<'_>, line: usize) -> Row {
    let text = source.line(line);
    let column = source.place(mark.span.start).column - 1;
    let end = source.place(mark.span.end.max(mark.span.start));
    let length = text.chars().count();
    let end_column = if end.line > line { length } else { (end.column - 1).min(length) };
    let cut = if length > SHOWN { column.saturating_sub(BEFORE) } else { 0 };
    let mut row = Row { text: String::new(), pad: 0, signs: 0 };
    if cut > 0 {
        row.text.push('…');
    }
    let mut pad = row.text.chars().count();
    let mut signs = 0;
    for (at, c) in text.chars().enumerate().skip(cut).take(SHOWN) {
        let before = row.text.chars().count();
        push_visible(&mut row.text, c);
        let wide = row.text.chars().count() - before;
        if at < column {
            pad += wide;
        } else if at < end_column {
            signs += wide;
        }
    }
    if length > cut + SHOWN {
        row.text.push('…');
    }
    row.pad = pad;
    row.signs = signs.max(1);
    row
}
