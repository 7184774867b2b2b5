//! How pairs of the grammar turn into tree nodes: places, and taking parts one after another.
//! In: pairs. Out: spans and parts. Refuses to know any single grammar rule.

use super::Rule;
use super::scan::Token;
use crate::keywords;
use crate::span::{FileId, Span};
use std::collections::VecDeque;

/// A pair of our grammar.
pub type Pair<'i> = pest::iterators::Pair<'i, Rule>;

/// What stays the same while a file is read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The file.
    pub file: FileId,
    /// Where the paragraph starts in the file.
    pub base: usize,
    /// The tokens of the paragraph.
    pub tokens: &'a [Token],
}

impl Reader<'_> {
    /// The place of a pair, without the blanks and comments that may follow its last word.
    pub fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        let within = self.tokens.partition_point(|token| token.end <= end);
        let last = within.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(end, |token| token.end);
        Span::new(self.file, start, last.max(start))
    }
}

/// The parts of a pair: words and signs that only join are kept aside, everything else stands in order.
#[derive(Debug)]
pub struct Parts<'i> {
    words: Vec<Rule>,
    parts: VecDeque<Pair<'i>>,
}

impl<'i> Parts<'i> {
    /// The parts of a pair.
    pub fn of(pair: Pair<'i>) -> Self {
        let mut words = Vec::new();
        let mut parts = VecDeque::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::comma | Rule::dash | Rule::equals => {}
                rule if is_word(rule) => words.push(rule),
                _ => parts.push_back(inner),
            }
        }
        Parts { words, parts }
    }

    /// Whether the word stands among the parts.
    pub fn has(&self, word: Rule) -> bool {
        self.words.contains(&word)
    }

    /// The next part if it is of this rule.
    pub fn take(&mut self, rule: Rule) -> Option<Pair<'i>> {
        if self.parts.front()?.as_rule() == rule { self.parts.pop_front() } else { None }
    }

    /// The next part, whatever it is.
    pub fn next(&mut self) -> Option<Pair<'i>> {
        self.parts.pop_front()
    }

    /// All next parts of this rule.
    pub fn all(&mut self, rule: Rule) -> Vec<Pair<'i>> {
        std::iter::from_fn(|| self.take(rule)).collect()
    }
}

/// Whether a grammar rule is a word of the language. The grammar lists its words last, which a test proves.
pub fn is_word(rule: Rule) -> bool {
    (Rule::k_after..=Rule::w_zone).contains(&rule)
}

/// The word that a keyword rule stands for.
pub fn word(rule: Rule) -> Option<&'static str> {
    let name = format!("{rule:?}");
    let word = name.strip_prefix("k_").or_else(|| name.strip_prefix("w_"))?;
    keywords::find(word).map(|keyword| keyword.word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_lists_its_words_last() {
        for keyword in keywords::ALL {
            let known = |rule: &&Rule| word(**rule) == Some(keyword.word);
            let rule = Rule::all_rules().iter().find(known);
            assert!(rule.is_some_and(|rule| is_word(*rule)), "{}", keyword.word);
        }
        let others = Rule::all_rules().iter().filter(|rule| is_word(**rule)).count();
        assert_eq!(others, keywords::ALL.len());
    }
}
