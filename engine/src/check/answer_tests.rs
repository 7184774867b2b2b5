//! Tests of answers: does the form of the test fit the kind of answer, and what does it ask?
//! In: a test and the answer it is about. Out: a typed test. Refuses to know whether an answer may be asked here.

use super::input_tests::distinct;
use super::literals::Domain;
use super::members::members;
use super::ranges::{Scale, range};
use super::report::Report;
use super::vocabulary::Vocabulary;
use crate::ast::{self, Name, TestKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{Answer, AnswerId, AnswerKind, DecisionId};
use crate::typed::{AnswerPredicate, AnswerTest};

/// Checks a test of an answer.
pub(super) fn answer_test(
    test: &ast::Test,
    decision: DecisionId,
    answer: AnswerId,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<AnswerTest> {
    let declared = &vocabulary.schema.decisions[decision].answers[answer];
    let (predicate, negated) = match &test.kind {
        TestKind::IsSet | TestKind::IsNotSet => (set(test, declared, report)?, false),
        TestKind::Include(name) => (includes(test, std::slice::from_ref(name), declared, false, report)?, false),
        TestKind::DoNotInclude(name) => (includes(test, std::slice::from_ref(name), declared, false, report)?, true),
        TestKind::IncludeOneOf(names) => (includes(test, names, declared, false, report)?, false),
        TestKind::IncludeAllOf(names) => (includes(test, names, declared, true, report)?, false),
        TestKind::During(_) | TestKind::Outside(_) | TestKind::IsIn(_) | TestKind::IsNotIn(_) => {
            let message = "groups and calendars are asked of inputs, not of answers";
            report.push(misfit(test, declared, message).hint("write `is one of` with the values"));
            return None;
        }
        _ => compared(test, declared, vocabulary, report)?,
    };
    Some(AnswerTest { decision, answer, predicate, negated, span: test.span })
}

fn misfit(test: &ast::Test, declared: &Answer, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(codes::KW148, test.span, message).label(declared.span, "declared here")
}

fn set(test: &ast::Test, declared: &Answer, report: &mut Report) -> Option<AnswerPredicate> {
    if declared.only_when.is_none() {
        let message = format!("`{}` is never blank, because it has no `only when`", test.subject.text);
        report.push(misfit(test, declared, message));
        return None;
    }
    Some(if matches!(test.kind, TestKind::IsSet) { AnswerPredicate::Set } else { AnswerPredicate::NotSet })
}

fn includes(
    test: &ast::Test,
    names: &[Name],
    declared: &Answer,
    all: bool,
    report: &mut Report,
) -> Option<AnswerPredicate> {
    let AnswerKind::SetOf(labels) = &declared.kind else {
        let message = format!("`{}` is not a set, so it includes nothing", test.subject.text);
        report.push(misfit(test, declared, message).hint("write `is` or `is one of`"));
        return None;
    };
    let mask = members(names, labels, &test.subject.text, declared.span, report)?;
    Some(if all { AnswerPredicate::IncludesAllOf(mask) } else { AnswerPredicate::IncludesOneOf(mask) })
}

fn compared(
    test: &ast::Test,
    declared: &Answer,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<(AnswerPredicate, bool)> {
    let subject = &test.subject.text;
    let labels = match &declared.kind {
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => values,
        AnswerKind::SetOf(_) => {
            let hint = "write `include`, `include one of` or `include all of`";
            report.push(misfit(test, declared, format!("`{subject}` is a set")).hint(hint));
            return None;
        }
        AnswerKind::Shortest(bound) => {
            let scale =
                Scale { domain: Domain::Duration(0, *bound), ends: (0, i64::from(u32::MAX)), misfit: codes::KW148 };
            let range = range(test, scale, vocabulary, report)?;
            let (low, high) = (u32::try_from(range.low).ok()?, u32::try_from(range.high).ok()?);
            return Some((AnswerPredicate::Between(low, high), range.negated));
        }
    };
    let domain = Domain::Values(labels);
    match &test.kind {
        TestKind::Is(value) | TestKind::IsNot(value) => {
            let values = distinct(std::slice::from_ref(value), &domain, subject, vocabulary, report)?;
            Some((AnswerPredicate::OneOf(values), matches!(test.kind, TestKind::IsNot(_))))
        }
        TestKind::IsOneOf(list) | TestKind::IsNotOneOf(list) => {
            let values = distinct(list, &domain, subject, vocabulary, report)?;
            Some((AnswerPredicate::OneOf(values), matches!(test.kind, TestKind::IsNotOneOf(_))))
        }
        _ if matches!(declared.kind, AnswerKind::Strictest(_)) => {
            let last = i64::try_from(labels.len()).unwrap_or(i64::MAX) - 1;
            let range = range(test, Scale { domain, ends: (0, last), misfit: codes::KW148 }, vocabulary, report)?;
            let values = (range.low..=range.high).filter_map(|value| u32::try_from(value).ok()).collect();
            Some((AnswerPredicate::OneOf(values), range.negated))
        }
        _ => {
            let message = format!("the values of `{subject}` have no order");
            report.push(misfit(test, declared, message).hint("write `is one of` with the values"));
            None
        }
    }
}
