//! Reading a text: from bytes to the syntax tree.
//! In: the text of one file. Out: its tree and messages; paragraphs that cannot be read are left out, so several mistakes
//! are found in one run. Refuses to know what names mean.
//!
//! Steps: `scan` (one pass: tokens, comments, refused characters), cutting the tokens into paragraphs, the grammar for each
//! paragraph, then `items` and `conditions` turn pairs into nodes. `expected` says in our own words where the grammar stopped.

pub mod scan;

mod characters;
mod conditions;
mod declared;
mod expected;
mod fitting;
mod items;
mod literals;
mod lookalikes;
mod operators;
mod reader;
mod report;
mod rules;
mod words;

use crate::ast::{File, Header, Item};
use crate::codes;
use crate::diagnostic::{self, Diagnostic};
use crate::keywords;
use crate::span::{FileId, Span};
pub use fitting::fitting;
use pest::Parser;
use reader::{Pair, Reader};
use report::Report;
use scan::{Kind, Scan};
use std::ops::Range;

#[allow(missing_docs, reason = "the derived grammar rules have the names of the grammar, which explains them")]
mod grammar {
    /// The grammar of edition 2026.
    #[derive(pest_derive::Parser)]
    #[grammar = "parse/grammar.pest"]
    pub struct Grammar;
}
use grammar::{Grammar, Rule};

/// The largest file in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// The edition this compiler reads.
pub const EDITION: u64 = 2026;

/// Reads one file. Never fails: what cannot be read is left out of the tree and told in a message.
pub fn parse(file: FileId, text: &str) -> (File, Vec<Diagnostic>) {
    let mut report = Report::default();
    let mut tree = File { file, header: None, items: Vec::new(), comments: Vec::new() };
    if text.len() > LARGEST {
        let message = format!("the file has {} bytes; a policy file may have {LARGEST}", text.len());
        report.push(Diagnostic::new(codes::KW107, Span::new(file, 0, 0), message));
        return (tree, report.finish());
    }
    let mut scan = scan::scan(file, text, &mut report);
    scan.broken.sort_unstable();
    operators::warn(file, &scan, &mut report);
    tree.comments = std::mem::take(&mut scan.comments);
    let paragraphs = paragraphs(&scan);
    let mut rest = paragraphs.as_slice();
    if rest.first().is_none_or(|first| keywords::starts_item(scan.word(first.start)) || first.is_empty()) {
        report.push(expected::no_header(file, &scan));
    } else if let Some((first, others)) = rest.split_first() {
        tree.header = header(file, &scan, first.clone(), &mut report);
        rest = others;
    }
    for paragraph in rest {
        tree.items.extend(item(file, &scan, paragraph.clone(), &mut report));
    }
    lookalikes::warn(&tree, &mut report);
    let mut diagnostics = report.finish();
    diagnostic::tidy(&mut diagnostics);
    (tree, diagnostics)
}

/// Cuts the tokens at the words that start a paragraph. The first piece is the header, if it does not start with such a word.
fn paragraphs(scan: &Scan) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    starts.extend((1..scan.tokens.len()).filter(|at| starts_paragraph(scan, *at)));
    let ends = starts.iter().skip(1).copied().chain([scan.tokens.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Reserved words cannot be names, so a word that starts a paragraph does so wherever it stands. Only where the word before
/// cannot end a paragraph and stands on the same line was it meant as a name, which is then reported as such.
fn starts_paragraph(scan: &Scan, at: usize) -> bool {
    let Some(token) = scan.tokens.get(at) else { return false };
    let word = scan.word(at);
    if token.kind != Kind::Word {
        return false;
    }
    if !keywords::starts_item(word) {
        return is_misspelt_start(scan, at, token.first_on_line);
    }
    let before = scan.word(at.wrapping_sub(1));
    match word {
        "if" if scan.word(at + 1) != "unsure" => false,
        "input" if before == "optional" => false,
        _ => token.first_on_line || can_end_paragraph(before),
    }
}

/// A misspelt start such as `rul`: two names never stand side by side, so nothing else can be meant.
fn is_misspelt_start(scan: &Scan, at: usize, first_on_line: bool) -> bool {
    let is_name = |at: usize| {
        scan.tokens.get(at).is_some_and(|token| token.kind == Kind::Word) && !keywords::is_reserved(scan.word(at))
    };
    first_on_line && is_name(at) && is_name(at + 1) && expected::starter_meant(scan.word(at)).is_some()
}

fn can_end_paragraph(word: &str) -> bool {
    let ends_so = matches!(word, "yes" | "no" | "set" | "fixed" | "outside" | "time" | "moment");
    ends_so || keywords::weekday(word).is_some() || !(keywords::is_reserved(word) || matches!(word, "," | "-"))
}

fn header(file: FileId, scan: &Scan, tokens: Range<usize>, report: &mut Report) -> Option<Header> {
    let header = read(file, scan, Rule::header_only, tokens, report, |reader, pair| reader.header(pair))?.0;
    if header.edition.value != EDITION {
        report.push(expected::unknown_edition(&header, EDITION));
    }
    Some(header)
}

fn item(file: FileId, scan: &Scan, tokens: Range<usize>, report: &mut Report) -> Option<Item> {
    let (kind, span) = read(file, scan, Rule::item_only, tokens, report, |reader, pair| reader.item(pair))?;
    let item = Item { kind, span };
    declared::check_item(&item, report);
    Some(item)
}

/// Reads one paragraph with the grammar. Text behind a whole paragraph is reported and left out; the paragraph stays.
fn read<T>(
    file: FileId,
    scan: &Scan,
    rule: Rule,
    tokens: Range<usize>,
    report: &mut Report,
    turn: impl Fn(&Reader<'_>, Pair<'_>) -> Option<T>,
) -> Option<(T, Span)> {
    let (first, last) = (scan.tokens.get(tokens.start)?, scan.tokens.get(tokens.end.checked_sub(1)?)?);
    let within = scan.broken.partition_point(|at| *at < first.start);
    if scan.broken.get(within).is_some_and(|at| *at < last.end) {
        return None;
    }
    let mut end = last.end;
    let reader = Reader { file, base: first.start, tokens: scan.tokens.get(tokens.clone()).unwrap_or_default() };
    for attempt in 0..2 {
        match Grammar::parse(rule, scan.text.get(first.start..end).unwrap_or("")) {
            Ok(pairs) => {
                let pair = pairs.into_iter().next()?;
                let span = reader.span(&pair);
                let read = turn(&reader, pair);
                if read.is_none() {
                    let message = "this paragraph follows the grammar, but its parts do not fit together";
                    report.push(Diagnostic::new(codes::KW100, span, message));
                }
                return read.map(|read| (read, span));
            }
            Err(_) if attempt > 0 => return None,
            Err(error) => {
                let stop =
                    expected::Stop::new(file, scan, tokens.clone(), first.start, rule == Rule::header_only, &error);
                report.push_made(Span::new(file, first.start, last.end), || stop.explain());
                end = stop.whole_until()?;
            }
        }
    }
    None
}
