//! Conditions are joined by `and`: what to write instead of `or`, commas, brackets and `but`.
//! In: the place. Out: a message with the rewrite. Refuses to know what names mean.

use super::super::Rule;
use super::super::scan::Kind;
use super::Stop;
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Hint};
use crate::span::Span;

impl Stop<'_> {
    /// Another connective than `and`.
    pub(super) fn connective(&self) -> Option<Diagnostic> {
        let joins = self.fits(Rule::k_and);
        let starts = [Rule::k_not, Rule::one, Rule::all, Rule::at_least].iter().any(|rule| self.fits(*rule));
        match self.found() {
            "or" | "||" | "|" if joins => Some(self.alternatives()),
            "," | ";" if joins => Some(self.comma()),
            "but" | "&&" | "&" | "plus" | "while" if joins => Some(self.joined_by_and()),
            "is" | "include" | "do" if joins && self.before(2) == "not" => Some(self.not_before_a_test()),
            "unless" if joins => Some(self.report("conditions are joined by `and`, but here stands `unless`").hint(
                "write the case in which it does not hold as an `exception` to the rule, or use `not` with a term",
            )),
            "(" | "[" | "{" if joins || starts => Some(
                self.report("conditions have no brackets")
                    .hint("give what stands in the brackets a name: `term NAME means …`, and write the name here"),
            ),
            "any" | "at" if starts && self.inside_bullets() => Some(
                self.report("`any of` stands last in its list, and no list stands inside another")
                    .hint("give one of the two lists a name with `term`, and write the name as a bullet"),
            ),
            _ => None,
        }
    }

    fn report(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(codes::KW101, self.span(), message)
    }

    fn joined_by_and(&self) -> Diagnostic {
        self.report(format!("conditions are joined by `and`, but here stands `{}`", self.found())).mend(
            "write `and`",
            self.span(),
            "and",
        )
    }

    fn comma(&self) -> Diagnostic {
        let effects = self.fits(Rule::k_because) || self.fits(Rule::because);
        let what = if effects { "effects" } else { "conditions" };
        let diagnostic = self.report(format!("{what} are joined by `and`, but here stands `{}`", self.found()));
        if !effects && self.before(2) == "include" {
            let after = self.span_of(self.at - 2).end as usize;
            let place = Span::new(self.file, after, after);
            return diagnostic.hint_edit("if the set must hold all of them", place, " all of").hint_edit(
                "if one of them is enough",
                place,
                " one of",
            );
        }
        diagnostic.hint_edit("write `and`", self.span(), " and")
    }

    /// `not a is b` for `a is not b`.
    fn not_before_a_test(&self) -> Diagnostic {
        let subject = self.before(1);
        let words = match self.found() {
            "is" => "is not",
            _ => "do not include",
        };
        let message = format!("`not` stands before the name of a term; here write `{subject} {words} …`");
        let mut diagnostic = Diagnostic::new(codes::KW100, self.span_of(self.at - 2), message);
        let not_and_blank = Span { end: self.span_of(self.at - 1).start, ..self.span_of(self.at - 2) };
        let edits =
            vec![Edit { span: not_and_blank, text: String::new() }, Edit { span: self.span(), text: words.to_owned() }];
        if self.found() != "do" {
            diagnostic.hints.push(Hint { text: format!("write `{subject} {words}`"), edits, safe: false });
        }
        diagnostic
    }

    fn alternatives(&self) -> Diagnostic {
        let found = self.found();
        let diagnostic = self
            .report(format!("conditions are joined by `and`, but here stands `{found}`"))
            .note("`and` and `or` side by side are read differently by different people, so alternatives form a list");
        self.value_list(&diagnostic).or_else(|| self.bullets(&diagnostic)).unwrap_or_else(|| {
            diagnostic.hint("write the alternatives as bullets: `any of`, then each one on a line after `-`")
        })
    }

    /// `x is a or b` is written `x is one of a, b`.
    fn value_list(&self, diagnostic: &Diagnostic) -> Option<Diagnostic> {
        if self.fits(Rule::comma) && self.before(2) != "is" {
            let place = Span { end: self.span().end, ..self.gap() };
            return Some(diagnostic.clone().hint_edit("values in a list are separated by commas", place, ","));
        }
        if self.before(2) != "is" && self.before(2) != "not" {
            return None;
        }
        let mut values = vec![self.before(1)];
        let mut at = self.at;
        while matches!(self.scan.word(at), "or" | "||")
            && self.token(at + 1).is_some_and(|token| token.kind != Kind::Sign)
        {
            values.push(self.scan.word(at + 1));
            at += 2;
        }
        let end = self.token(at).map(|_| self.scan.word(at));
        if values.len() < 2 || matches!(end, Some("is" | "include" | "do" | "or")) || values.contains(&"not") {
            return None;
        }
        let place = self.span_of(self.at - 1).to(self.span_of(at - 1));
        let list = format!("one of {}", values.join(", "));
        Some(diagnostic.clone().hint_edit(format!("write `{list}`"), place, list))
    }

    /// `a or b` is written as bullets.
    fn bullets(&self, diagnostic: &Diagnostic) -> Option<Diagnostic> {
        const OPENS: [&str; 7] = ["when", "given", "expect", "if", "never", "means", "possible"];
        const CLOSES: [&str; 4] = ["then", "expect", "because", "cite"];
        let start = (self.tokens.start..self.at).rev().find(|at| OPENS.contains(&self.scan.word(*at)))? + 1;
        let end =
            (self.at..self.tokens.end).find(|at| CLOSES.contains(&self.scan.word(*at))).unwrap_or(self.tokens.end);
        let odd = |at: usize| matches!(self.scan.word(at), "(" | ")" | "-" | "[" | "]");
        if end - start > 200
            || (start..end).any(odd)
            || (start..end).any(|at| self.scan.word(at) == "of") && self.mixed(start, end)
        {
            return None;
        }
        let place = self.span_of(start).to(self.span_of(end - 1));
        let alternatives: Vec<(usize, usize)> = self.split(start, end, &["or", "||", "|"]);
        let list = |alternatives: &[(usize, usize)]| {
            alternatives.iter().map(|(from, to)| format!("\n    - {}", self.words(*from, *to))).collect::<String>()
        };
        let mut out = diagnostic.clone();
        let (first, others) = alternatives.split_first()?;
        let parts = self.split(first.0, first.1, &["and"]);
        if let ([required @ .., last], true) = (parts.as_slice(), parts.len() > 1) {
            let required: Vec<String> = required.iter().map(|(from, to)| self.words(*from, *to)).collect();
            let mut bullets = vec![*last];
            bullets.extend(others);
            let text = format!("{} and any of{}", required.join(" and "), list(&bullets));
            out = out.hint_edit("if the conditions before must hold in any case", place, text);
        }
        let sentence = if parts.len() > 1 {
            "if each list is an alternative of its own"
        } else {
            "write the alternatives as bullets"
        };
        Some(out.hint_edit(sentence, place, format!("any of{}", list(&alternatives))))
    }

    /// Whether commas stand in the range, so that a cut at `or` could cut a list.
    fn mixed(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| self.scan.word(at) == ",") && self.fits(Rule::comma)
    }

    /// The pieces of a range of tokens between some words.
    fn split(&self, start: usize, end: usize, at_words: &[&str]) -> Vec<(usize, usize)> {
        let mut pieces = Vec::new();
        let mut from = start;
        for at in start..end {
            if at_words.contains(&self.scan.word(at)) {
                pieces.push((from, at));
                from = at + 1;
            }
        }
        pieces.push((from, end));
        pieces
    }

    /// A range of tokens as text.
    fn words(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for at in from..to {
            let word = self.scan.word(at);
            if !out.is_empty() && word != "," {
                out.push(' ');
            }
            out.push_str(word);
        }
        out
    }

    fn inside_bullets(&self) -> bool {
        const OPENS: [&str; 8] = ["when", "given", "expect", "if", "never", "means", "possible", "then"];
        let before = (self.tokens.start..self.at).rev().take(400);
        before.map(|at| self.scan.word(at)).take_while(|word| !OPENS.contains(word)).any(|word| word == "-")
    }
}
