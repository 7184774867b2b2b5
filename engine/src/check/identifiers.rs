//! The identifiers a policy names: their numbers, in order of first mention, and how many are compared with each other.
//! In: the linked items and the inputs. Out: the names of each kind. Refuses to know who they are.

use super::link::Linked;
use super::refs::{lists, ones, operands};
use super::report::Report;
use super::vocabulary::{Part, Subject, Vocabulary};
use crate::ast::{self, ItemKind, LiteralKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{Schema, Type};
use crate::span::Span;
use crate::typed::{All, Clause, InputPredicate, InputTest, One};
use std::collections::{BTreeMap, BTreeSet};

/// The most identifiers of one kind a policy names.
const NAMES: usize = 240;
/// The most inputs of one kind that are compared with each other.
const COMPARED: usize = 4;

/// Numbers the identifiers named in groups, conditions and asserts.
pub(super) fn identifiers(linked: &Linked<'_>, vocabulary: &mut Vocabulary, report: &mut Report) {
    vocabulary.known = vec![BTreeMap::new(); vocabulary.schema.identifiers.len()];
    let mut too_many: Vec<(usize, Span)> = Vec::new();
    let mut found: Vec<(usize, String, Span)> = Vec::new();
    for placed in &linked.items {
        mentioned(placed.item, vocabulary, &mut found);
        for (kind, name, span) in found.drain(..) {
            let (known, entry) = (&mut vocabulary.known[kind], &mut vocabulary.schema.identifiers[kind]);
            if known.contains_key(&name) {
                continue;
            }
            if known.len() == NAMES {
                too_many.push((kind, span));
            }
            known.insert(name.clone(), known.len());
            entry.names.push(name);
        }
    }
    for (kind, span) in too_many {
        let name = vocabulary.schema.identifiers.get(kind).map_or("", |kind| kind.name.as_str());
        report.push(
            Diagnostic::new(
                codes::KW145,
                span,
                format!("a policy names at most {NAMES} identifiers of the kind `{name}`"),
            )
            .at("the first too many")
            .hint("keep the group outside, so that its members change without a new policy"),
        );
    }
}

fn mentioned(item: &ast::Item, vocabulary: &Vocabulary, found: &mut Vec<(usize, String, Span)>) {
    let kind = |name: &str| match vocabulary.subject(name) {
        Some(Subject::Input(input, Part::Whole)) => match vocabulary.input(input).ty {
            Type::Identifier(kind) => Some(kind),
            _ => None,
        },
        _ => None,
    };
    let mut note = |kind: usize, literal: &ast::Literal| {
        let value = match &literal.kind {
            LiteralKind::Name(name) => vocabulary.constants.get(name).map(|constant| &constant.value),
            other => Some(other),
        };
        if let Some(LiteralKind::Text(name)) = value {
            found.push((kind, name.clone(), literal.span));
        }
    };
    match &item.kind {
        ItemKind::Group(group) => {
            if let Some(kind) = kind(&group.of.text) {
                group.members.iter().flatten().for_each(|member| note(kind, member));
            }
        }
        ItemKind::Assert(ast::Assert { kind: ast::AssertKind::Changes { input, from, to, .. }, .. }) => {
            if let Some(kind) = kind(&input.text) {
                note(kind, from);
                note(kind, to);
            }
        }
        _ => {}
    }
    for one in lists(item).into_iter().flat_map(ones) {
        if let ast::One::Test(test) = one
            && let Some(kind) = kind(&test.subject.text)
        {
            operands(test).into_iter().for_each(|value| note(kind, value));
        }
    }
}

/// Reports the first test that compares too many inputs of a kind with each other.
pub(super) fn report_compared<'p>(conditions: impl IntoIterator<Item = &'p All>, schema: &Schema, report: &mut Report) {
    let mut compared: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for test in conditions.into_iter().flat_map(|all| &all.clauses).flat_map(input_tests) {
        let InputPredicate::Same(other) = test.predicate else { continue };
        let Some(Type::Identifier(kind)) = schema.inputs.get(test.input).map(|input| &input.ty) else { continue };
        let inputs = compared.entry(*kind).or_default();
        let before = inputs.len();
        inputs.extend([test.input, other]);
        if before > COMPARED || inputs.len() <= COMPARED {
            continue;
        }
        let message = format!("at most {COMPARED} identifiers of one kind are compared with each other");
        let mut diagnostic = Diagnostic::new(codes::KW145, test.span, message);
        for input in inputs.iter().filter_map(|input| schema.inputs.get(*input)) {
            diagnostic = diagnostic.label(input.span, "one of them");
        }
        report.push(diagnostic.hint("let the host say one of the comparisons, with an input that is `yes or no`"));
    }
}

fn input_tests(clause: &Clause) -> Vec<&InputTest> {
    let ones: Vec<&One> = match clause {
        Clause::One(one) => vec![one],
        Clause::AtLeast(_, bullets, _) => bullets.iter().flatten().collect(),
    };
    ones.into_iter().filter_map(|one| if let One::Input(test) = one { Some(test) } else { None }).collect()
}
