//! The first look at a text: one pass that finds words, numbers, strings, signs and comments.
//! In: the text. Out: tokens, comments, and a copy of the text in which misspelt words are mended byte for byte, so that
//! reading can go on after a message. Refuses to know the grammar.

use super::report::Report;
use super::{characters, words};
use crate::ast::Comment;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};

/// How deep brackets may nest. The language has none, so this only bounds what foreign text can do.
const DEPTH: usize = 64;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word or dotted name.
    Word,
    /// Anything that starts with a digit.
    Number,
    /// A string with its quotes.
    Text,
    /// An operator such as `=`.
    Operator,
    /// Any other sign.
    Sign,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Whether it is the first token of its line.
    pub first_on_line: bool,
}

/// What the first look found.
#[derive(Debug)]
pub struct Scan {
    /// The text with misspelt words mended; every byte offset is as in the original.
    pub text: String,
    /// The tokens in order.
    pub tokens: Vec<Token>,
    /// The comments in order.
    pub comments: Vec<Comment>,
    /// Offsets of mistakes that nothing can be made of, in order: a paragraph that holds one is left out.
    pub broken: Vec<usize>,
}

impl Scan {
    /// The (mended) text of a token.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|token| self.text.get(token.start..token.end)).unwrap_or("")
    }
}

/// Looks through a text.
pub fn scan(file: FileId, text: &str, report: &mut Report) -> Scan {
    let mut scanner = Scanner {
        file,
        text,
        at: 0,
        mended: Vec::new(),
        scan: Scan { text: String::new(), tokens: Vec::new(), comments: Vec::new(), broken: Vec::new() },
        report,
        line_empty: true,
        blank_lines: 0,
        depth: 0,
    };
    scanner.run();
    scanner.finish()
}

struct Scanner<'a, 'r> {
    file: FileId,
    text: &'a str,
    at: usize,
    mended: Vec<(usize, String)>,
    scan: Scan,
    report: &'r mut Report,
    line_empty: bool,
    blank_lines: usize,
    depth: usize,
}

impl<'a> Scanner<'a, '_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.mended.push((0, "   ".to_owned()));
            self.at = 3;
        }
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => self.line_break(),
                '\r' if self.rest().starts_with("\r\n") => self.at += 1,
                '#' => self.comment(),
                '"' | '“' | '”' => self.string(c),
                c if characters::is_blank(c) => self.at += c.len_utf8(),
                c if characters::refused(c).is_some() => self.refuse(c),
                c if words::starts_word(c) => self.word(),
                c if c.is_ascii_digit() => self.number(),
                c => self.sign(c),
            }
        }
    }

    fn finish(mut self) -> Scan {
        self.scan.text = if self.mended.is_empty() {
            self.text.to_owned()
        } else {
            let mut out = String::with_capacity(self.text.len());
            let mut done = 0;
            for (at, new) in &self.mended {
                out.push_str(self.text.get(done..*at).unwrap_or(""));
                out.push_str(new);
                done = at + new.len();
            }
            out.push_str(self.text.get(done..).unwrap_or(""));
            out
        };
        self.scan
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn line_break(&mut self) {
        self.blank_lines = if self.line_empty { self.blank_lines + 1 } else { 0 };
        self.line_empty = true;
        self.at += 1;
    }

    fn token(&mut self, kind: Kind, start: usize) {
        self.scan.tokens.push(Token { kind, start, end: self.at, first_on_line: self.line_empty });
        self.line_empty = false;
        self.blank_lines = 0;
    }

    fn comment(&mut self) {
        let start = self.at;
        let len = self.rest().find('\n').unwrap_or(self.rest().len());
        let line = self.text.get(start..start + len).unwrap_or("");
        let written = line.trim_end_matches(|c: char| c == '\r' || characters::is_blank(c));
        self.refuse_within(start, written, "a comment");
        self.scan.comments.push(Comment {
            text: written.get(1..).unwrap_or("").to_owned(),
            span: self.span(start, start + written.len()),
            own_line: self.line_empty,
            after_blank: self.line_empty && self.blank_lines > 0,
        });
        self.at = start + len;
        self.line_empty = false;
        self.blank_lines = 0;
    }

    fn string(&mut self, open: char) {
        let start = self.at;
        let body_start = start + open.len_utf8();
        let body = self.text.get(body_start..).unwrap_or("");
        let ends = |c: char| c == '\n' || c == '"' || (open != '"' && matches!(c, '“' | '”'));
        let (len, end) = body.char_indices().find(|(_, c)| ends(*c)).unwrap_or((body.len(), '\n'));
        let inside = body.get(..len).unwrap_or("").trim_end_matches('\r');
        if end == '\n' {
            self.at = body_start + inside.trim_end().len();
            self.scan.broken.push(start);
            let span = self.span(start, self.at);
            self.report.push(
                Diagnostic::new(codes::KW105, span, "this string is not closed on its line")
                    .hint("write the closing quote; a string stays on one line and holds no quotes itself"),
            );
        } else {
            self.at = body_start + len + end.len_utf8();
            self.refuse_within(body_start, body.get(..len).unwrap_or(""), "a string");
        }
        self.token(Kind::Text, start);
    }

    /// Refused characters inside a comment or a string, where blanks other than the usual one are refused too.
    fn refuse_within(&mut self, start: usize, text: &str, place: &str) {
        if text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
            return;
        }
        for (at, c) in text.char_indices() {
            if let Some(what) = characters::refused(c) {
                self.refuse_at(start + at, c, what, place);
            } else if c == '\t' && place == "a string" {
                self.scan.broken.push(start + at);
                let span = self.span(start + at, start + at + 1);
                self.report.push(Diagnostic::new(codes::KW105, span, "this string holds a tab").mend(
                    "write a blank instead",
                    span,
                    " ",
                ));
            }
        }
    }

    fn refuse(&mut self, c: char) {
        let what = characters::refused(c).unwrap_or("a control character");
        self.refuse_at(self.at, c, what, "the text");
        self.at += c.len_utf8();
    }

    fn refuse_at(&mut self, at: usize, c: char, what: &str, place: &str) {
        self.scan.broken.push(at);
        let span = self.span(at, at + c.len_utf8());
        self.report.push_made(span, || {
            let message = format!("the invisible character U+{:04X} ({what}) is refused in {place}", u32::from(c));
            Diagnostic::new(codes::KW106, span, message)
                .note("it can make a text read differently from what it says")
                .hint_edit("remove it", span, "")
        });
    }

    fn word(&mut self) {
        let start = self.at;
        self.at += words::word_len(self.rest());
        let word = self.text.get(start..self.at).unwrap_or("");
        let span = self.span(start, self.at);
        if let Some((diagnostic, mended)) = words::check(word, span, self.line_empty) {
            self.report.push(diagnostic);
            if mended.len() == word.len() {
                self.mended.push((start, mended));
            }
        }
        self.token(Kind::Word, start);
    }

    fn number(&mut self) {
        let start = self.at;
        self.at += words::number_len(self.rest());
        let number = self.text.get(start..self.at).unwrap_or("");
        let span = self.span(start, self.at);
        if let Some((diagnostic, readable)) = words::check_number(number, span) {
            self.report.push(diagnostic);
            if !readable {
                self.scan.broken.push(start);
            }
        }
        self.token(Kind::Number, start);
    }

    fn sign(&mut self, c: char) {
        const OPERATORS: [&str; 13] = ["==", "=>", "=", "!=", "<>", "≠", "<=", "≤", "<", ">=", "≥", ">", "!"];
        const PAIRS: [&str; 2] = ["&&", "||"];
        let start = self.at;
        let operator = OPERATORS.iter().find(|sign| self.rest().starts_with(**sign)).copied();
        let pair = PAIRS.iter().find(|sign| self.rest().starts_with(**sign)).copied();
        self.at += operator.or(pair).map_or(c.len_utf8(), str::len);
        match c {
            '(' | '[' | '{' => self.deeper(start),
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.token(if operator.is_some() { Kind::Operator } else { Kind::Sign }, start);
    }

    fn deeper(&mut self, start: usize) {
        self.depth += 1;
        if self.depth == DEPTH + 1 {
            self.scan.broken.push(start);
            let span = self.span(start, self.at);
            self.report.push(
                Diagnostic::new(codes::KW108, span, format!("the brackets nest deeper than {DEPTH} levels"))
                    .note("the language has no brackets: a condition inside a condition gets a name with `term`"),
            );
        }
    }
}
