//! Text that knows where it may break.
//! In: pieces with the places they had in the source. Out: lines of at most `WIDTH` characters, with the comments of the
//! source put back at the next place where a line may break. Refuses to know what the pieces say.

use crate::ast::Comment;

/// The width of a line in characters. A string that is longer stays whole.
pub const WIDTH: usize = 100;

/// A piece of text.
#[derive(Clone, Debug)]
pub enum Doc {
    /// Words that stay together.
    Text(String),
    /// A blank, or a line break where the group around it breaks. The number is the place of what follows in the source.
    Line(usize),
    /// Pieces of which either all lines break or none. The number says how much further its lines are indented.
    Group(usize, Vec<Doc>),
    /// A group that always breaks.
    Broken(usize, Vec<Doc>),
    /// Words that fill the lines, each with its place.
    Fill(Vec<(usize, String)>),
    /// Pieces each on its own line behind `- `.
    Bullets(Vec<(usize, Doc)>),
}

impl Doc {
    /// Words that stay together.
    pub fn text(text: impl Into<String>) -> Doc {
        Doc::Text(text.into())
    }
}

/// Writes documents and comments one after the other.
#[derive(Debug)]
pub struct Printer<'a> {
    out: String,
    column: usize,
    line_indent: usize,
    line_has_comment: bool,
    comments: &'a [Comment],
}

impl<'a> Printer<'a> {
    /// A printer for the comments of a file, in order.
    pub fn new(comments: &'a [Comment]) -> Self {
        Printer { out: String::new(), column: 0, line_indent: 0, line_has_comment: false, comments }
    }

    /// Everything written so far; the printer starts again with an empty text and the comments that are left.
    pub fn take(&mut self) -> String {
        self.column = 0;
        self.line_indent = 0;
        self.line_has_comment = false;
        std::mem::take(&mut self.out)
    }

    /// The next comment if it starts before this place.
    pub fn comment_before(&self, place: usize) -> Option<&'a Comment> {
        self.comments.first().filter(|comment| (comment.span.start as usize) < place)
    }

    /// Takes the next comment if it starts before this place.
    pub fn take_comment(&mut self, place: usize) -> Option<&'a Comment> {
        let comment = self.comment_before(place)?;
        self.comments = self.comments.get(1..).unwrap_or(&[]);
        Some(comment)
    }

    /// Puts a comment that stands behind the last piece there.
    pub fn trailing_comment(&mut self, place: usize) {
        let free = !self.line_has_comment;
        if let Some(comment) = self.comment_before(place).filter(|comment| free && !comment.own_line) {
            self.comments = self.comments.get(1..).unwrap_or(&[]);
            self.behind(comment);
        }
    }

    /// Writes a document at an indentation.
    pub fn print(&mut self, doc: &Doc, indent: usize) {
        self.write(doc, indent, true);
    }

    fn write(&mut self, doc: &Doc, indent: usize, broken: bool) {
        match doc {
            Doc::Text(text) => self.text(text),
            Doc::Line(place) => self.line(*place, indent, broken),
            Doc::Group(nest, docs) => {
                let comment = last_break(docs).and_then(|place| self.comment_before(place));
                let broken = comment.is_some() || !fits(docs, WIDTH.saturating_sub(self.column));
                docs.iter().for_each(|doc| self.write(doc, indent + nest, broken));
            }
            Doc::Broken(nest, docs) => docs.iter().for_each(|doc| self.write(doc, indent + nest, true)),
            Doc::Fill(words) => self.fill(words),
            Doc::Bullets(bullets) => {
                let indent = self.line_indent + 2;
                for (place, doc) in bullets {
                    self.line(*place, indent, true);
                    self.text("- ");
                    self.write(doc, indent, false);
                }
            }
        }
    }

    fn fill(&mut self, words: &[(usize, String)]) {
        let indent = self.line_indent + 4;
        for (at, (place, word)) in words.iter().enumerate() {
            let full = at > 0 && self.column + 1 + width(word) > WIDTH;
            self.line(*place, indent, full);
            self.text(word);
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += width(text);
    }

    fn line(&mut self, place: usize, indent: usize, broken: bool) {
        let mut broken = broken;
        while let Some(comment) = self.comment_before(place) {
            self.comments = self.comments.get(1..).unwrap_or(&[]);
            if comment.own_line || self.line_has_comment {
                self.new_line(indent);
                self.comment(comment);
            } else {
                self.behind(comment);
            }
            broken = true;
        }
        if broken {
            self.new_line(indent);
        } else {
            self.text(" ");
        }
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
        self.line_indent = indent;
        self.line_has_comment = false;
    }

    fn behind(&mut self, comment: &Comment) {
        self.text(" ");
        self.comment(comment);
    }

    fn comment(&mut self, comment: &Comment) {
        self.text(&comment_text(comment));
        self.line_has_comment = true;
    }
}

/// A comment with one blank after `#`, as far as its author wrote none.
pub fn comment_text(comment: &Comment) -> String {
    if comment.text.is_empty() || comment.text.starts_with([' ', '\t', '#', '!', '\u{A0}', '\u{2009}', '\u{202F}']) {
        format!("#{}", comment.text)
    } else {
        format!("# {}", comment.text)
    }
}

/// How many characters a text has.
pub fn width(text: &str) -> usize {
    text.chars().count()
}

/// The place of the last line break that the pieces allow: comments before it are put back among them. Bullets have
/// lines of their own in any case.
fn last_break(docs: &[Doc]) -> Option<usize> {
    docs.iter().rev().find_map(|doc| match doc {
        Doc::Text(_) | Doc::Bullets(_) => None,
        Doc::Line(place) => Some(*place),
        Doc::Group(_, docs) | Doc::Broken(_, docs) => last_break(docs),
        Doc::Fill(words) => words.last().map(|(place, _)| *place),
    })
}

/// Whether the pieces fit on the rest of the line. Bullets start lines of their own, so they end the line that counts.
fn fits(docs: &[Doc], room: usize) -> bool {
    let mut left = Some(room);
    docs.iter().all(|doc| measure(doc, &mut left)) || left.is_some()
}

/// Takes the width of a piece off the room. Returns whether the line goes on; `left` is `None` where the room is used up.
fn measure(doc: &Doc, left: &mut Option<usize>) -> bool {
    let mut take = |columns: usize| {
        *left = left.and_then(|left| left.checked_sub(columns));
        left.is_some()
    };
    match doc {
        Doc::Text(text) => take(width(text)),
        Doc::Line(_) => take(1),
        Doc::Group(_, docs) => docs.iter().all(|doc| measure(doc, left)),
        Doc::Broken(..) => {
            *left = None;
            false
        }
        Doc::Fill(words) => words.iter().all(|(_, word)| take(1 + width(word))),
        Doc::Bullets(_) => false,
    }
}
