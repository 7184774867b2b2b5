//! Reserved words used as names, misspelt words, and text that belongs to no paragraph.
//! In: the place. Out: a message with the word that was probably meant. Refuses to know conditions.

use super::super::Rule;
use super::super::reader;
use super::super::scan::Kind;
use super::{Stop, fitting, spelling};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::keywords;

/// Words that follow a name.
const JOINS: [&str; 16] = [
    "is", "include", "omit", "do", "and", "then", "to", "means", "of", ",", "when", "always", "version", "at",
    "because", "only",
];

/// Words that give a paragraph its shape: where one of them stands too early, something before it is missing.
const STRUCTURE: [&str; 12] =
    ["then", "and", "because", "expect", "when", "is", "cite", "given", "or", "not", "any", "include"];

impl Stop<'_> {
    /// A reserved word where only a name fits, or where it is plainly used as one.
    pub(super) fn reserved_name(&self) -> Option<Diagnostic> {
        let word = self.found();
        let named = [Rule::name, Rule::label, Rule::member, Rule::literal, Rule::one, Rule::all, Rule::effect];
        if !keywords::is_reserved(word) || !named.iter().any(|rule| self.fits(*rule)) {
            return None;
        }
        let next = self.token(self.at + 1);
        let next_word = next.map_or("", |_| self.scan.word(self.at + 1));
        let declares = self.fits == [Rule::name]
            && (next.is_none_or(|token| token.kind == Kind::Text) || JOINS.contains(&next_word));
        let lists = next_word == "," && [Rule::label, Rule::member, Rule::literal].iter().any(|rule| self.fits(*rule));
        let tested = matches!(next_word, "is" | "include" | "do");
        let stands_alone = !STRUCTURE.contains(&word) && (next.is_none() || JOINS.contains(&next_word));
        if !(declares || lists || tested || stands_alone) {
            return None;
        }
        let keyword = keywords::find(word)?;
        let message = format!("`{word}` is a word of the language and cannot be a name");
        let better = format!("{word}_1");
        Some(
            Diagnostic::new(codes::KW110, self.span(), message)
                .note(format!("`{word}` stands in {}: {}", keyword.place, keyword.doc))
                .hint_edit(format!("choose another name, such as `{better}`"), self.span(), better),
        )
    }

    /// The word that would fit and is nearly what was written.
    pub(super) fn near_expected(&self) -> Option<&'static str> {
        let word = self.found();
        if self.token(self.at)?.kind != Kind::Word {
            return None;
        }
        let fitting: Vec<&'static str> = self.fits.iter().filter_map(|rule| starting_word(*rule)).collect();
        let synonym = spelling::synonym(word).filter(|synonym| fitting.contains(synonym));
        synonym.or_else(|| spelling::closest(word, fitting.iter().copied()))
    }

    /// A misspelt word of the language.
    pub(super) fn misspelt_word(&self) -> Option<Diagnostic> {
        let meant = self.near_expected()?;
        let message = format!("I cannot read `{}` here; did you mean `{meant}`?", self.found());
        Some(Diagnostic::new(codes::KW100, self.span(), message).hint_edit(
            format!("write `{meant}`"),
            self.span(),
            meant,
        ))
    }

    /// A paragraph that starts with a misspelt word.
    pub(super) fn unknown_paragraph(&self) -> Option<Diagnostic> {
        let word = self.found();
        if self.at != self.tokens.start || keywords::is_reserved(word) {
            return None;
        }
        Some(self.no_such_paragraph(word, starter_meant(word)))
    }

    fn no_such_paragraph(&self, word: &str, meant: Option<&'static str>) -> Diagnostic {
        let diagnostic = |message: String| Diagnostic::new(codes::KW103, self.span(), message);
        match meant {
            Some(meant) => diagnostic(format!("no paragraph starts with `{word}`; did you mean `{meant}`?")).hint_edit(
                format!("write `{meant}`"),
                self.span(),
                meant,
            ),
            None => diagnostic(format!("no paragraph starts with `{word}`")).note(
                "paragraphs start with `input`, `setting`, `group`, `calendar`, `term`, `assume`, `decision`, `rule`, \
                 `exception`, `normally`, `if unsure`, `test`, `assert`, `constant`, `use` or `fix`",
            ),
        }
    }

    /// Text behind a whole paragraph.
    pub(super) fn stray(&self) -> Option<Diagnostic> {
        let token = self.token(self.at)?;
        if !self.fits(Rule::EOI) || (token.kind == Kind::Word && self.near_expected().is_some()) {
            return None;
        }
        let word = self.found();
        if word == "answer" {
            let message = "an `answer` stands right below the `decision` it belongs to";
            return Some(Diagnostic::new(codes::KW103, self.span(), message));
        }
        let meant = starter_meant(word);
        let stray = token.kind == Kind::Word && (meant.is_some() || token.first_on_line);
        stray.then(|| self.no_such_paragraph(word, meant))
    }

    /// The general message: what was found and what would fit.
    pub(super) fn does_not_fit(&self) -> Diagnostic {
        let fitting = fitting::list(&self.fits);
        let message = match self.token(self.at) {
            None => format!("{} stops too early; next would come {fitting}", self.subject()),
            Some(token) if token.kind == Kind::Text => {
                format!("a text does not fit here; this place takes {fitting}")
            }
            Some(_) => format!("I cannot read `{}` here; this place takes {fitting}", self.found()),
        };
        Diagnostic::new(codes::KW100, self.span(), message)
    }
}

/// The word that starts a paragraph and was probably meant.
pub fn starter_meant(word: &str) -> Option<&'static str> {
    let starters = keywords::ALL.iter().filter(|keyword| keyword.starts_item && keyword.word != "if");
    spelling::synonym(word)
        .filter(|meant| keywords::starts_item(meant))
        .or_else(|| spelling::closest(word, starters.map(|keyword| keyword.word)))
}

/// The word that a grammar rule starts with, for those that start with one word only.
fn starting_word(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::because => Some("because"),
        Rule::cite => Some("cite"),
        Rule::answer => Some("answer"),
        Rule::only_when => Some("only"),
        Rule::include_test => Some("include"),
        Rule::is_test => Some("is"),
        Rule::never => Some("never"),
        Rule::always_if => Some("always"),
        Rule::possible => Some("possible"),
        Rule::unchanged => Some("unchanged"),
        Rule::at_least => Some("any"),
        rule => reader::word(rule),
    }
}
