//! Every name of some files: where it is declared, what it is, where it is used.
//!
//! In: trees, their texts, and which trees each of them sees. Out: symbols, each with its place and its uses.
//! Refuses to know: whether a policy is right. A name that nothing declares is left out, so half a file has half an index.

mod declare;
mod uses;

use crate::ast;
use crate::span::{FileId, Span};
use std::collections::BTreeMap;

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A policy, by its header.
    Policy,
    /// A fact that a request brings.
    Input,
    /// A choice of the organization.
    Setting,
    /// A named value.
    Constant,
    /// A list of values.
    Group,
    /// Days and hours.
    Calendar,
    /// A named condition.
    Term,
    /// A question.
    Decision,
    /// One thing a decision says.
    Answer,
    /// A value of an input, a setting or an answer.
    Value,
    /// A rule.
    Rule,
    /// An exception.
    Exception,
    /// A test.
    Test,
    /// A promise.
    Assert,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Policy => "policy",
            Kind::Input => "input",
            Kind::Setting => "setting",
            Kind::Constant => "constant",
            Kind::Group => "group",
            Kind::Calendar => "calendar",
            Kind::Term => "term",
            Kind::Decision => "decision",
            Kind::Answer => "answer",
            Kind::Value => "value",
            Kind::Rule => "rule",
            Kind::Exception => "exception",
            Kind::Test => "test",
            Kind::Assert => "assert",
        }
    }
}

/// The place of a symbol in the list.
pub type SymbolId = usize;

/// A name with a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What it is.
    pub kind: Kind,
    /// The name; the sentence of a test.
    pub name: String,
    /// What it means to people; empty if that is not written.
    pub text: String,
    /// Its type or condition as written, on one line; empty if it has none.
    pub detail: String,
    /// What it belongs to: the input of a value, the decision of an answer.
    pub owner: Option<SymbolId>,
    /// The name where it is declared.
    pub at: Span,
    /// The whole paragraph that declares it.
    pub paragraph: Span,
    /// The name where it is used, in the order of the files.
    pub uses: Vec<Span>,
}

/// One file to index.
#[derive(Clone, Copy, Debug)]
pub struct Indexed<'a> {
    /// Its tree.
    pub tree: &'a ast::File,
    /// Its text.
    pub text: &'a str,
    /// The files whose names it sees, itself first.
    pub sees: &'a [FileId],
}

/// The tables in which names are unique, as in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    Policy,
    Fact,
    Group,
    Calendar,
    Term,
    Decision,
    Rule,
}

/// An index under construction.
#[derive(Default)]
struct Index {
    symbols: Vec<Symbol>,
    named: BTreeMap<(FileId, Space, String), SymbolId>,
    values: BTreeMap<(SymbolId, String), SymbolId>,
    answers: BTreeMap<(FileId, String), Vec<SymbolId>>,
}

/// The symbols of all files, in their order.
#[must_use]
pub fn index(files: &[Indexed<'_>]) -> Vec<Symbol> {
    let mut index = Index::default();
    for file in files {
        declare::file(&mut index, file);
    }
    for file in files {
        uses::file(&mut index, file);
    }
    for symbol in &mut index.symbols {
        symbol.uses.sort_unstable();
        symbol.uses.dedup();
    }
    index.symbols
}

impl Index {
    /// The symbol of a name, in the first file that declares it.
    fn find(&self, sees: &[FileId], space: Space, name: &str) -> Option<SymbolId> {
        sees.iter().find_map(|&file| self.named.get(&(file, space, name.to_owned())).copied())
    }

    /// An answer by its own name; nothing if several decisions have one of this name.
    fn answer(&self, sees: &[FileId], name: &str) -> Option<SymbolId> {
        let found = sees.iter().find_map(|&file| self.answers.get(&(file, name.to_owned())))?;
        match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    fn used(&mut self, symbol: Option<SymbolId>, at: Span) {
        if let Some(found) = symbol.and_then(|symbol| self.symbols.get_mut(symbol)) {
            found.uses.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    const WORDS: &str = "edition 2026\npolicy a.words version 1\ninput key.kind \"the key\" is one of car, door\n";
    const MAIN: &str = "edition 2026\npolicy a.main version 1\nuse a.words version 1\ninput now is a moment\n\
        term cars means key.kind is car\ndecision d \"?\"\n  answer access is the strictest of allowed, refused\n\
        normally access is refused\n  because \"No.\"\nrule go\n  when cars and now.time is before 12:00\n  then access is allowed\n  \
        because \"Go.\"\nassert never_all \"x\"\n  never d.access is allowed and key.kind is door\n";

    fn found() -> Vec<Symbol> {
        let (words, main) = (parse(FileId(0), WORDS).0, parse(FileId(1), MAIN).0);
        index(&[
            Indexed { tree: &words, text: WORDS, sees: &[FileId(0)] },
            Indexed { tree: &main, text: MAIN, sees: &[FileId(1), FileId(0)] },
        ])
    }

    fn texts(name: &str, kind: Kind) -> Vec<String> {
        let all = found();
        let symbol = all.iter().find(|one| one.name == name && one.kind == kind).expect("the symbol");
        let slice = |span: &Span| [WORDS, MAIN][usize::from(span.file.0)][span.range()].to_owned();
        std::iter::once(slice(&symbol.at)).chain(symbol.uses.iter().map(slice)).collect()
    }

    #[test]
    fn names_are_found_across_files_and_values_belong_to_their_input() {
        assert_eq!(texts("key.kind", Kind::Input), ["key.kind"; 3]);
        assert_eq!(texts("car", Kind::Value), ["car", "car"]);
        assert_eq!(texts("a.words", Kind::Policy), ["a.words", "a.words"]);
    }

    #[test]
    fn parts_of_moments_and_answers_with_their_decision_are_cut_to_the_name() {
        assert_eq!(texts("now", Kind::Input), ["now", "now"]);
        assert_eq!(texts("access", Kind::Answer), ["access", "access", "access", "access"]);
        assert_eq!(texts("allowed", Kind::Value).len(), 3);
        assert_eq!(texts("cars", Kind::Term), ["cars", "cars"]);
    }

    #[test]
    fn half_a_file_has_half_an_index() {
        let text = "edition 2026\npolicy a.b version 1\ninput x is yes or no\nrule broken when\ninput y is yes or\n";
        let tree = parse(FileId(0), text).0;
        let all = index(&[Indexed { tree: &tree, text, sees: &[FileId(0)] }]);
        assert!(all.iter().any(|one| one.name == "x" && one.detail == "yes or no"));
    }
}
