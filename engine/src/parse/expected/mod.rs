//! Where the grammar stopped, said in the author's words.
//! In: the place, and the grammar rules that would have fitted. Out: one message. Refuses to show any name of the grammar.
//!
//! The cases are tried from the most special to the most general one.

mod connectives;
mod fitting;
mod names;
mod spelling;

pub use names::starter_meant;

use super::Rule;
use super::scan::{Kind, Scan, Token};
use crate::ast::Header;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::keywords;
use crate::span::{FileId, Span};
use pest::error::{Error, ErrorVariant, InputLocation};
use std::ops::Range;

/// A place at which a paragraph could not be read on.
#[derive(Debug)]
pub struct Stop<'a> {
    file: FileId,
    scan: &'a Scan,
    /// The tokens of the paragraph.
    tokens: Range<usize>,
    /// The token that does not fit; the end of `tokens` if the paragraph ends too early.
    at: usize,
    /// What would have fitted.
    fits: Vec<Rule>,
    /// Whether the paragraph is the header.
    header: bool,
}

impl<'a> Stop<'a> {
    /// The place that a failure of the grammar names.
    pub fn new(
        file: FileId,
        scan: &'a Scan,
        tokens: Range<usize>,
        base: usize,
        header: bool,
        error: &Error<Rule>,
    ) -> Self {
        let offset = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => base + at,
        };
        let at = scan.tokens.partition_point(|token| token.end <= offset).clamp(tokens.start, tokens.end);
        let fits = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.clone(),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Stop { file, scan, tokens, at, fits, header }
    }

    /// Where the paragraph is whole, if everything before the place is a paragraph of its own.
    pub fn whole_until(&self) -> Option<usize> {
        if !self.fits(Rule::EOI) || self.at <= self.tokens.start {
            return None;
        }
        self.scan.tokens.get(self.at - 1).map(|token| token.end)
    }

    /// The message.
    pub fn explain(&self) -> Diagnostic {
        if self.header {
            return self.header();
        }
        self.unknown_paragraph()
            .or_else(|| self.signed_number())
            .or_else(|| self.misplaced_text())
            .or_else(|| self.empty_list())
            .or_else(|| self.missing_reason())
            .or_else(|| self.connective())
            .or_else(|| self.reserved_name())
            .or_else(|| self.misspelt_word())
            .or_else(|| self.stray())
            .unwrap_or_else(|| self.does_not_fit())
    }

    fn fits(&self, rule: Rule) -> bool {
        self.fits.contains(&rule)
    }

    fn found(&self) -> &'a str {
        if self.at < self.tokens.end { self.scan.word(self.at) } else { "" }
    }

    fn token(&self, at: usize) -> Option<&'a Token> {
        if self.tokens.contains(&at) { self.scan.tokens.get(at) } else { None }
    }

    /// The word a few tokens before the place.
    fn before(&self, steps: usize) -> &'a str {
        self.at.checked_sub(steps).filter(|at| *at >= self.tokens.start).map_or("", |at| self.scan.word(at))
    }

    fn span_of(&self, at: usize) -> Span {
        self.token(at).map_or(Span::new(self.file, 0, 0), |token| Span::new(self.file, token.start, token.end))
    }

    /// The place to show: the token that does not fit, or the last one of a paragraph that ends too early.
    fn span(&self) -> Span {
        if self.at < self.tokens.end { self.span_of(self.at) } else { self.span_of(self.tokens.end.saturating_sub(1)) }
    }

    /// The empty place right behind the token before the one that does not fit.
    fn gap(&self) -> Span {
        let end = self.span_of(self.at.saturating_sub(1)).end as usize;
        Span::new(self.file, end, end)
    }

    /// Where the name of the paragraph stands, if it has one.
    fn name_at(&self) -> Option<usize> {
        let at = self.tokens.start + if self.scan.word(self.tokens.start) == "optional" { 2 } else { 1 };
        let named = self.token(at)?.kind == Kind::Word && !keywords::is_reserved(self.scan.word(at));
        named.then_some(at)
    }

    /// What the paragraph is called in a sentence.
    fn subject(&self) -> String {
        let head = match self.scan.word(self.tokens.start) {
            "optional" => "input",
            "if" => return "`if unsure`".to_owned(),
            "normally" => return "`normally`".to_owned(),
            word => word,
        };
        let name = self.tokens.start + 1;
        match self.name_at() {
            Some(at) => format!("{head} `{}`", self.scan.word(at)),
            None if self.token(name).is_some_and(|token| token.kind == Kind::Text) => {
                format!("{head} {}", self.scan.word(name))
            }
            None => format!("this `{head}`"),
        }
    }

    fn header(&self) -> Diagnostic {
        if let Some(diagnostic) = self.stray() {
            return diagnostic;
        }
        let message = if self.at == self.tokens.start {
            "the file starts with its edition and its name".to_owned()
        } else if self.at < self.tokens.end {
            format!("I cannot read the first lines of the file from `{}` on", self.found())
        } else {
            "the first lines of the file stop too early".to_owned()
        };
        Diagnostic::new(codes::KW102, self.span(), message)
            .note(format!("this place takes {}", fitting::list(&self.fits)))
            .note("a file starts like this: edition 2026 policy my_company.pickup version 1 \"What it decides\"")
    }

    /// `-5`.
    fn signed_number(&self) -> Option<Diagnostic> {
        let next = self.token(self.at + 1)?;
        let wanted = self.fits(Rule::int) || self.fits(Rule::literal) || self.fits(Rule::duration);
        if self.found() != "-" || next.kind != Kind::Number || !wanted {
            return None;
        }
        Some(Diagnostic::new(codes::KW109, self.span(), "numbers have no sign: there is nothing below zero"))
    }

    /// A test that gives or expects nothing.
    fn empty_list(&self) -> Option<Diagnostic> {
        let list = self.before(1);
        let ends = self.found() == "expect" || self.at >= self.tokens.end;
        if self.scan.word(self.tokens.start) != "test" || !matches!(list, "given" | "expect") || !ends {
            return None;
        }
        let message = format!("`{list}` of {} says nothing", self.subject());
        Some(Diagnostic::new(codes::KW147, self.span_of(self.at - 1), message))
    }

    /// A description behind the type instead of behind the name.
    fn misplaced_text(&self) -> Option<Diagnostic> {
        let text = self.token(self.at).filter(|token| token.kind == Kind::Text)?;
        let name = self.described_name()?;
        if self.token(name + 1)?.kind == Kind::Text || name + 1 >= self.at {
            return None;
        }
        let description = self.scan.text.get(text.start..text.end)?;
        let after_name = self.span_of(name).end as usize;
        let mut diagnostic = Diagnostic::new(codes::KW100, self.span(), "a description stands right after the name")
            .label(self.span_of(name), "the name it describes")
            .mend("move it there", Span::new(self.file, after_name, after_name), format!(" {description}"));
        let removed = Span::new(self.file, self.gap().start as usize, text.end);
        if let Some(hint) = diagnostic.hints.last_mut() {
            hint.edits.push(crate::diagnostic::Edit { span: removed, text: String::new() });
        }
        Some(diagnostic)
    }

    /// The name that a description at the place would describe.
    fn described_name(&self) -> Option<usize> {
        match self.scan.word(self.tokens.start) {
            "input" | "optional" | "setting" | "group" | "calendar" | "constant" | "term" => self.name_at(),
            "exception" if self.fits(Rule::k_when) => self.name_at(),
            "decision" => {
                (self.tokens.start..self.at).rev().find(|at| self.scan.word(*at) == "answer").map(|at| at + 1)
            }
            _ => None,
        }
    }

    fn missing_reason(&self) -> Option<Diagnostic> {
        if !(self.fits(Rule::k_because) || self.fits(Rule::because)) || self.fits(Rule::EOI) {
            return None;
        }
        let subject = self.subject();
        let next = self.token(self.at);
        if next.is_some_and(|token| token.kind == Kind::Text) {
            let message = format!("the reason of {subject} starts with `because`");
            let place = Span::new(self.file, self.span().start as usize, self.span().start as usize);
            return Some(Diagnostic::new(codes::KW104, self.span(), message).mend(
                "write `because`",
                place,
                "because ",
            ));
        }
        let looks_like_the_end = next.is_none_or(|token| token.first_on_line) || self.found() == "cite";
        if !looks_like_the_end || matches!(self.found(), "and" | "but" | "," | ";") || self.near_expected().is_some() {
            return None;
        }
        let message = format!("{subject} does not say why");
        Some(
            Diagnostic::new(codes::KW104, self.span_of(self.at.saturating_sub(1)), message)
                .note("the reason is shown to the person whom the answer concerns")
                .hint_edit("add the reason", self.gap(), "\n  because \"Say here why.\""),
        )
    }
}

/// The message for a file without the lines that name it.
pub fn no_header(file: FileId, scan: &Scan) -> Diagnostic {
    let end = scan.tokens.first().map_or(0, |token| token.end);
    let start = scan.tokens.first().map_or(0, |token| token.start);
    let diagnostic = Diagnostic::new(
        codes::KW102,
        Span::new(file, start, end),
        "the file starts with its edition and its name, and these are missing",
    );
    diagnostic.hint_edit(
        "write them first",
        Span::new(file, start, start),
        "edition 2026\npolicy my_company.my_policy version 1 \"What it decides\"\n\n",
    )
}

/// The message for an edition that is not known.
pub fn unknown_edition(header: &Header, known: u64) -> Diagnostic {
    let message = format!("edition {} is not known; this compiler knows edition {known}", header.edition.value);
    Diagnostic::new(codes::KW112, header.edition.span, message).hint_edit(
        format!("write {known}"),
        header.edition.span,
        known.to_string(),
    )
}
