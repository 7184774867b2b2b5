//! The one spelling of a policy file.
//! In: the tree and the text it was read from. Out: the text as it should be written; comments stay, the meaning stays.
//! Refuses a tree that does not cover its text, because formatting it would lose what could not be read.
//!
//! The rules: words instead of operators, straight quotes, descriptions right after names, one blank line between paragraphs
//! (one-line declarations stay together as their author grouped them), every part of a rule on its own line, conditions and
//! effects each on their own line where they do not fit, bullets always.

mod doc;
mod print;
mod words;

use crate::ast::{Comment, File, Item, ItemKind};
use doc::{Doc, Printer};

/// The text in its one spelling; `None` if a part of the text is in no item, so that it would be lost.
/// Whoever calls this has made sure that the file was read without errors.
pub fn format(file: &File, text: &str) -> Option<String> {
    let header = file.header.as_ref()?;
    if !covers(file, text) {
        return None;
    }
    let mut out = Output { printer: Printer::new(&file.comments), text, out: String::new(), end: 0, together: false };
    let next = |at: usize| file.items.get(at).map_or(text.len(), |item| item.span.start as usize);
    out.paragraph(&print::header(header), header.span.start as usize, header.span.end as usize, next(0), false);
    out.together = false;
    for (at, item) in file.items.iter().enumerate() {
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        out.paragraph(&print::item(item), start, end, next(at + 1), may_stand_together(item));
    }
    out.last_comments();
    Some(out.out)
}

/// Whether everything but blanks and comments belongs to the header or an item.
fn covers(file: &File, text: &str) -> bool {
    let mut spans: Vec<(usize, usize)> = file
        .comments
        .iter()
        .map(|comment| comment.span)
        .chain(file.header.iter().map(|header| header.span))
        .chain(file.items.iter().map(|item| item.span))
        .map(|span| (span.start as usize, span.end as usize))
        .collect();
    spans.sort_unstable();
    let mut done = 0;
    for (start, end) in spans.into_iter().chain([(text.len(), text.len())]) {
        let between = text.get(done..start.max(done)).unwrap_or("");
        if !between.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}') {
            return false;
        }
        done = done.max(end);
    }
    true
}

/// Whether the paragraph may stand below another one without a blank line, if both have one line only.
fn may_stand_together(item: &Item) -> bool {
    matches!(
        item.kind,
        ItemKind::Use(_)
            | ItemKind::Constant(_)
            | ItemKind::Fix(_)
            | ItemKind::Input(_)
            | ItemKind::Setting(_)
            | ItemKind::Group(_)
            | ItemKind::Calendar(_)
            | ItemKind::Term(_)
            | ItemKind::Assert(_)
    )
}

/// What was written so far, and where its last piece ends in the source.
struct Output<'a> {
    printer: Printer<'a>,
    text: &'a str,
    out: String,
    end: usize,
    together: bool,
}

impl Output<'_> {
    /// Writes the comments above a paragraph, the paragraph, and the comment behind it.
    fn paragraph(&mut self, doc: &Doc, start: usize, end: usize, next: usize, may_stand_together: bool) {
        let comments: Vec<&Comment> = std::iter::from_fn(|| self.printer.take_comment(start)).collect();
        self.printer.print(doc, 0);
        self.printer.trailing_comment(next);
        let written = self.printer.take();
        let one_line = !written.contains('\n');
        let together = self.together && may_stand_together && one_line;
        self.comments(&comments, start, !together);
        self.separate(start, comments.is_empty() && !together);
        self.out.push_str(&written);
        self.out.push('\n');
        self.end = end;
        self.together = may_stand_together && one_line;
    }

    fn last_comments(&mut self) {
        let comments: Vec<&Comment> = std::iter::from_fn(|| self.printer.take_comment(usize::MAX)).collect();
        self.comments(&comments, self.text.len(), true);
    }

    /// Comments between two paragraphs. They stay right below the paragraph before if a blank line follows them.
    fn comments(&mut self, comments: &[&Comment], next: usize, must: bool) {
        let last = comments.last().map_or(self.end, |comment| comment.span.end as usize);
        let at_the_end = next == self.text.len();
        let below =
            at_the_end || self.blank_line(last, next) || comments.iter().skip(1).any(|comment| comment.after_blank);
        for (at, comment) in comments.iter().enumerate() {
            self.separate(comment.span.start as usize, at == 0 && must && !below);
            self.out.push_str(&doc::comment_text(comment));
            self.out.push('\n');
            self.end = comment.span.end as usize;
        }
    }

    /// A blank line before what starts at this place, if there must be one or its author wrote one.
    fn separate(&mut self, start: usize, must: bool) {
        if !self.out.is_empty() && (must || self.blank_line(self.end, start)) {
            self.out.push('\n');
        }
    }

    /// Whether the author left a blank line between two places with nothing but a comment behind the first one.
    fn blank_line(&self, end: usize, start: usize) -> bool {
        let between = self.text.get(end..start).unwrap_or("");
        let blanks = between.rsplit_once('#').map_or(between, |(_, behind)| behind);
        blanks.bytes().filter(|byte| *byte == b'\n').count() > 1
    }
}
