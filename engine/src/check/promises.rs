//! Assumptions, tests and asserts.
//! In: all three as written. Out: the same, typed. Refuses to prove anything.

use super::bits::Bits;
use super::conditions::{Condition, Place, condition};
use super::files::Files;
use super::input_tests::distinct;
use super::labels::text;
use super::link::{Linked, Placed};
use super::literals::{Domain, literal};
use super::members::members;
use super::report::{Report, twice};
use super::vocabulary::{Part, Subject, Vocabulary};
use crate::ast::{self, Import, ItemKind, Literal, Name};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{AnswerKind, Value};
use crate::span::Span;
use crate::typed::{AnswerValue, Assert, AssertKind, Assume, Policy, Test};
use std::collections::BTreeMap;

/// The most asserts that compare with an older version.
const COMPARISONS: usize = 8;

/// Checks the assumptions.
pub(super) fn assumes(linked: &Linked<'_>, vocabulary: &Vocabulary, report: &mut Report) -> Vec<Assume> {
    let mut assumes = Vec::new();
    for placed in &linked.items {
        let ItemKind::Assume(assume) = &placed.item.kind else { continue };
        if placed.level > 0 && !placed.used {
            continue;
        }
        let check =
            |list, settled, report: &mut Report| condition(list, Place::Assumption, settled, vocabulary, report);
        let (given, then) = match &assume.kind {
            ast::AssumeKind::Never(never) => (check(never, Bits::default(), report), None),
            ast::AssumeKind::IfThen(given, then) => {
                let given = check(given, Bits::default(), report);
                let then = check(then, given.settled, report);
                (given, Some(then.all))
            }
        };
        assumes.push(Assume { text: assume.text.text.clone(), condition: given.all, then, span: placed.item.span });
    }
    assumes
}

/// Checks the tests of the main file.
pub(super) fn tests(linked: &Linked<'_>, vocabulary: &Vocabulary, report: &mut Report) -> Vec<Test> {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut tests = Vec::new();
    for placed in linked.items.iter().filter(|placed| linked.is_main(placed)) {
        let ItemKind::Test(test) = &placed.item.kind else { continue };
        let first = *names.entry(&test.name.text).or_insert(test.name.span);
        if first != test.name.span {
            report.push(twice(codes::KW122, "test", &test.name.text, first, test.name.span));
        }
        for (list, what) in [(&test.given, "given"), (&test.expect, "expect")] {
            if list.clauses.is_empty() {
                let message = format!("`{what}` of this test says nothing");
                report.push_if_complete(Diagnostic::new(codes::KW147, test.name.span, message));
            }
        }
        let Condition { all: given, settled, .. } =
            condition(&test.given, Place::Anywhere, Bits::default(), vocabulary, report);
        let expect = condition(&test.expect, Place::Anywhere, settled, vocabulary, report);
        if expect.mentions.answers.is_empty() && !test.expect.clauses.is_empty() {
            report.push_if_complete(
                Diagnostic::new(codes::KW149, test.expect.span, "this expects nothing of an answer")
                    .note("what is given may be about inputs and answers; what is expected is about an answer")
                    .hint("move it to `given`, and expect an answer"),
            );
        }
        tests.push(Test { name: test.name.text.clone(), given, expect: expect.all, span: placed.item.span });
    }
    tests
}

/// Checks asserts, of the main file and of all it refines. `older` checks an older version by its place among the files.
pub(super) fn asserts(
    asserts: &[(Placed<'_>, &ast::Assert)],
    linked: &Linked<'_>,
    files: &Files,
    older: &dyn Fn(usize) -> Option<Policy>,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Vec<Assert> {
    let mut typed = Vec::new();
    let mut comparisons = 0;
    for (placed, assert) in asserts.iter().filter(|(placed, _)| !placed.used) {
        let kind = match &assert.kind {
            ast::AssertKind::Unchanged(import, except) => {
                comparisons += 1;
                if comparisons > COMPARISONS {
                    let message = format!("at most {COMPARISONS} asserts compare with older versions");
                    report.push(Diagnostic::new(codes::KW130, assert.name.span, message));
                    continue;
                }
                let except = except
                    .as_ref()
                    .map(|except| condition(except, Place::Anywhere, Bits::default(), vocabulary, report).all);
                let since = since(import, linked, files, older, report);
                since.map(|since| AssertKind::Unchanged { since: Box::new(since), except })
            }
            other => assert_kind(other, assert.name.span, vocabulary, report),
        };
        let policy = linked.headers.get(placed.level).map(|header| header.name.text.clone()).unwrap_or_default();
        if let Some(kind) = kind {
            let (name, text) = (assert.name.text.clone(), text(assert.text.as_ref()));
            typed.push(Assert { name, text, kind, policy, span: placed.item.span });
        }
    }
    typed
}

fn assert_kind(
    kind: &ast::AssertKind,
    place: Span,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<AssertKind> {
    let check = |list, settled, report: &mut Report| condition(list, Place::Anywhere, settled, vocabulary, report);
    match kind {
        ast::AssertKind::Never(never) => Some(AssertKind::Never(check(never, Bits::default(), report).all)),
        ast::AssertKind::Possible(list) => Some(AssertKind::Possible(check(list, Bits::default(), report).all)),
        ast::AssertKind::AlwaysIf(given, then) => {
            let given = check(given, Bits::default(), report);
            let then = check(then, given.settled, report);
            Some(AssertKind::AlwaysIf(given.all, then.all))
        }
        ast::AssertKind::Changes { input, from, to, answer, becomes } => {
            let changed = changed(input, from, to, place, vocabulary, report);
            let becomes = self::becomes(answer, becomes, vocabulary, report);
            let ((input, from, to), (decision, answer, becomes)) = (changed?, becomes?);
            Some(AssertKind::Changes { input, from, to, decision, answer, becomes })
        }
        ast::AssertKind::Unchanged(..) => None,
    }
}

/// The older version an assert compares with.
fn since(
    import: &Import,
    linked: &Linked<'_>,
    files: &Files,
    older: &dyn Fn(usize) -> Option<Policy>,
    report: &mut Report,
) -> Option<Policy> {
    let place = import.name.span.to(import.version.span);
    let own = linked.headers.last()?;
    if own.name.text == import.name.text && own.version.value == import.version.value {
        let message = format!("`{}` version {} is this very policy", import.name.text, import.version.value);
        report.push(Diagnostic::new(codes::KW140, place, message).hint("compare with an older version"));
        return None;
    }
    let found = files.find(import, report)?;
    let policy = older(found);
    if policy.is_none() {
        let message = format!("`{}` version {} has mistakes of its own", import.name.text, import.version.value);
        report.push(Diagnostic::new(codes::KW140, place, message).hint("check that file first"));
    }
    policy
}

fn changed(
    name: &Name,
    from: &Literal,
    to: &Literal,
    place: Span,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<(usize, Value, Value)> {
    let Some(Subject::Input(id, part)) = vocabulary.subject(&name.text) else {
        let names: Vec<&str> = vocabulary.inputs.keys().map(String::as_str).collect();
        report.unknown("input or setting", &name.text, name.span, names);
        return None;
    };
    let input = vocabulary.input(id);
    let domain = Domain::of(&input.ty).filter(|_| part == Part::Whole);
    let Some(domain) = domain else {
        let message = format!("`{}` does not change from one value to another", name.text);
        report.push(
            Diagnostic::new(codes::KW124, name.span, message)
                .label(input.span, "declared here")
                .hint("name an input or setting with single values; not a set, and no part of a moment"),
        );
        return None;
    };
    let mut value = |written: &Literal| {
        let number = literal(written, &domain, &name.text, vocabulary, report)?;
        domain.value(number, vocabulary)
    };
    let (from, to) = (value(from), value(to));
    let (from, to) = (from?, to?);
    if from == to {
        report.push(Diagnostic::new(codes::KW127, place, format!("`{}` changes to the value it had", name.text)));
        return None;
    }
    Some((id, from, to))
}

fn becomes(
    name: &Name,
    value: &Literal,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<(usize, usize, AnswerValue)> {
    let Some((decision, id)) = vocabulary.effect_answer(name) else {
        let names = vocabulary.answer_names();
        report.unknown("answer", &name.text, name.span, names.iter().map(String::as_str));
        return None;
    };
    let answer = &vocabulary.schema.decisions[decision].answers[id];
    let value = match &answer.kind {
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => {
            let domain = Domain::Values(values);
            let value = distinct(std::slice::from_ref(value), &domain, &name.text, vocabulary, report)?;
            AnswerValue::Choice(u8::try_from(*value.first()?).ok()?)
        }
        AnswerKind::Shortest(bound) => {
            let value = literal(value, &Domain::Duration(0, *bound), &name.text, vocabulary, report)?;
            AnswerValue::Duration(u32::try_from(value).ok()?)
        }
        AnswerKind::SetOf(labels) => match &value.kind {
            ast::LiteralKind::Name(member) => {
                let member = Name { text: member.clone(), span: value.span };
                AnswerValue::Set(members(&[member], labels, &name.text, answer.span, report)?)
            }
            _ => {
                let message = format!("`{}` is a set: name a member", name.text);
                report.push(Diagnostic::new(codes::KW148, value.span, message).label(answer.span, "declared here"));
                return None;
            }
        },
    };
    Some((decision, id, value))
}
