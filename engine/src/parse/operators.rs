//! Operators are read, but they are written as words.
//! In: tokens. Out: the words an operator stands for, and the warnings that say so. Refuses to know the grammar.

use super::report::Report;
use super::scan::{Kind, Scan};
use crate::ast::{Comparison, Literal, LiteralKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};

/// The words for an operator and its comparison; dates and times are `before` and `after` each other.
pub fn meaning(sign: &str, point_in_time: bool) -> Option<(&'static str, Option<Comparison>)> {
    Some(match (sign, point_in_time) {
        ("=" | "==", _) => ("is", None),
        ("!=" | "<>" | "≠", _) => ("is not", None),
        ("<", true) => ("is before", Some(Comparison::Before)),
        (">", true) => ("is after", Some(Comparison::After)),
        ("<", false) => ("is less than", Some(Comparison::LessThan)),
        (">", false) => ("is more than", Some(Comparison::MoreThan)),
        ("<=" | "≤", _) => ("is at most", Some(Comparison::AtMost)),
        (">=" | "≥", _) => ("is at least", Some(Comparison::AtLeast)),
        _ => return None,
    })
}

/// Whether the operator says `is not`.
pub fn negates(sign: &str) -> bool {
    matches!(sign, "!=" | "<>" | "≠")
}

/// Whether a literal is a date or a time.
pub fn is_point_in_time(value: &Literal) -> bool {
    matches!(value.kind, LiteralKind::Date(_) | LiteralKind::Time(_))
}

/// Warns of every operator and of every bullet that is not `-`, with the word or sign to write.
pub fn warn(file: FileId, scan: &Scan, report: &mut Report) {
    for (at, token) in scan.tokens.iter().enumerate() {
        let sign = scan.word(at);
        let span = Span::new(file, token.start, token.end);
        if token.kind == Kind::Operator {
            let next = scan.word(at + 1);
            let point = next.starts_with(|c: char| c.is_ascii_digit()) && next.contains(['-', ':']);
            let Some((words, _)) = meaning(sign, point) else { continue };
            let new = spaced(scan, at, words);
            let message = format!("`{sign}` is written `{words}`");
            report.push(Diagnostic::new(codes::KW114, span, message).mend(format!("write `{words}`"), span, new));
        } else if matches!(sign, "–" | "—" | "•" | "*") {
            let new = spaced(scan, at, "-");
            let message = format!("the bullet `{sign}` is written `-`");
            report.push(Diagnostic::new(codes::KW114, span, message).mend("write `-`", span, new));
        }
    }
}

/// The words with the blanks they need beside their neighbours.
fn spaced(scan: &Scan, at: usize, words: &str) -> String {
    let Some(token) = scan.tokens.get(at) else { return words.to_owned() };
    let before = at.checked_sub(1).and_then(|at| scan.tokens.get(at)).is_some_and(|other| other.end == token.start);
    let after = scan.tokens.get(at + 1).is_some_and(|other| other.start == token.end);
    format!("{}{words}{}", if before { " " } else { "" }, if after { " " } else { "" })
}
