//! What may be written at the end of a text: how editors complete.
//! In: the text before the place, without the word that is being written. Out: words of the language, and whether a name or a
//! value fits. Refuses to know which names there are.

use super::grammar::{Grammar, Rule};
use super::report::Report;
use super::{paragraphs, reader, scan};
use crate::keywords;
use crate::span::FileId;
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use std::collections::BTreeSet;

/// A sign that no paragraph has: the grammar stops there at the latest.
const END: &str = " \u{a7}";

/// What fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitting {
    /// Words of the language, in alphabetical order.
    pub words: Vec<&'static str>,
    /// Whether something that has a name fits: an input, a term, an answer.
    pub name: bool,
    /// Whether a value fits.
    pub value: bool,
}

/// What may follow a text. Where the text is wrong before its end, nothing is known.
#[must_use]
pub fn fitting(before: &str) -> Fitting {
    let scan = scan::scan(FileId(0), before, &mut Report::default());
    let all = paragraphs(&scan);
    let header = all.len() <= 1;
    let mut found = Fitting::default();
    if let Some(last) = all.last().filter(|last| !last.is_empty()) {
        let start = scan.tokens.get(last.start).map_or(0, |token| token.start);
        let paragraph = scan.text.get(start..).unwrap_or("").trim_end();
        let only =
            if header && !keywords::starts_item(scan.word(last.start)) { Rule::header_only } else { Rule::item_only };
        found = after(only, paragraph);
    } else {
        found.words.push("edition");
    }
    if found.words.contains(&"") {
        found.words.retain(|word| !word.is_empty());
        found.words.extend(keywords::ALL.iter().filter(|one| one.starts_item).map(|one| one.word));
    }
    found.words.sort_unstable();
    found.words.dedup();
    found
}

/// What may follow the beginning of a paragraph; an empty word where the paragraph may end.
fn after(only: Rule, paragraph: &str) -> Fitting {
    let mut found = Fitting::default();
    let Err(error) = Grammar::parse(only, &format!("{paragraph}{END}")) else { return found };
    let stopped = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let ErrorVariant::ParsingError { positives, .. } = error.variant else { return found };
    if stopped < paragraph.len() {
        return found;
    }
    let mut words = BTreeSet::new();
    for rule in positives {
        match rule {
            Rule::name | Rule::import | Rule::one | Rule::all | Rule::effect | Rule::bullet => found.name = true,
            Rule::literal | Rule::member | Rule::label => found.value = true,
            Rule::EOI => {
                words.insert("");
            }
            rule => words.extend(beginning(rule)),
        }
    }
    found.words = words.into_iter().collect();
    found
}

/// The words that a part of the grammar begins with.
fn beginning(rule: Rule) -> Vec<&'static str> {
    match rule {
        Rule::because => vec!["because"],
        Rule::cite => vec!["cite"],
        Rule::answer => vec!["answer"],
        Rule::only_when => vec!["only"],
        Rule::at_least => vec!["any", "at"],
        Rule::is_test => vec!["is"],
        Rule::include_test => vec!["include", "do"],
        Rule::comparison => vec!["after", "at", "before", "less", "more"],
        Rule::kept_outside => vec!["kept"],
        Rule::hours | Rule::range => vec!["from"],
        Rule::span | Rule::every => vec!["every"],
        Rule::yes_or_no => vec!["yes"],
        Rule::one_of => vec!["one"],
        Rule::set_of | Rule::number | Rule::duration_type | Rule::moment | Rule::date_type | Rule::time_type => {
            vec!["a"]
        }
        Rule::strictest | Rule::shortest => vec!["the"],
        Rule::never => vec!["never"],
        Rule::always_if => vec!["always"],
        Rule::possible => vec!["possible"],
        Rule::unchanged => vec!["unchanged"],
        Rule::changes => vec!["if"],
        Rule::weekday | Rule::weekdays => {
            vec!["friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday"]
        }
        Rule::unit => vec!["days", "hours", "minutes"],
        rule => reader::word(rule).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::fitting;

    const HEAD: &str = "edition 2026\npolicy a.b version 1\n";

    fn words(end: &str) -> Vec<&'static str> {
        fitting(&format!("{HEAD}{end}")).words
    }

    #[test]
    fn words_that_continue_a_paragraph() {
        assert_eq!(words("rule x"), ["always", "when"]);
        assert!(words("rule x when a is b then c is d").contains(&"because"));
        assert!(words("input x is").contains(&"yes"));
        assert!(words("rule x when a is").contains(&"at"));
        assert!(fitting(&format!("{HEAD}rule x when a is")).value);
        assert!(fitting(&format!("{HEAD}rule x when ")).name);
    }

    #[test]
    fn a_whole_paragraph_may_end() {
        let after = words("input x is yes or no");
        assert!(after.contains(&"fixed") && after.contains(&"rule") && after.contains(&"normally"));
        assert_eq!(fitting("").words, ["edition"]);
        assert_eq!(fitting("edition 2026 ").words, ["policy"]);
    }

    #[test]
    fn nothing_is_known_behind_a_mistake() {
        assert_eq!(words("rule x wen a is b then"), Vec::<&str>::new());
    }
}
