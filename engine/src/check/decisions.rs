//! Decisions and their answers: kinds, values, bounds, and what `only when` names.
//! In: decisions as written. Out: decisions of the schema. Refuses to know rules.

use super::hints::listed;
use super::labels::{MEMBERS, VALUES, labels, text};
use super::report::Report;
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{Answer, AnswerId, AnswerKind, Decision, Label};
use crate::span::Span;
use std::collections::BTreeSet;

/// The most answers all decisions of a policy have together.
pub(super) const ANSWERS: usize = 255;
/// The longest duration, in minutes; one more means no limit.
pub(super) const LONGEST: u32 = u32::MAX - 1;

/// Checks the decisions of a policy.
pub(super) fn decisions(
    written: &[&ast::Decision],
    unclear: &mut BTreeSet<Span>,
    report: &mut Report,
) -> Vec<Decision> {
    let mut left = ANSWERS;
    let mut decisions = Vec::new();
    for decision in written {
        if left == 0 {
            let message = format!("the decisions of a policy have at most {ANSWERS} answers together");
            report.push(Diagnostic::new(codes::KW130, decision.name.span, message));
            break;
        }
        left -= 1;
        let mut names = BTreeSet::new();
        let mut answers: Vec<Answer> = Vec::new();
        for answer in &decision.answers {
            if !names.insert(&answer.name.text) {
                continue;
            }
            if !answers.is_empty() {
                if left == 0 {
                    let message = format!("the decisions of a policy have at most {ANSWERS} answers together");
                    report.push(Diagnostic::new(codes::KW130, answer.name.span, message));
                    break;
                }
                left -= 1;
            }
            let typed = self::answer(answer, &answers, &decision.name.text, report);
            if typed.only_when.is_none() && answer.only_when.is_some() {
                unclear.insert(typed.span);
            }
            answers.push(typed);
        }
        if answers.is_empty() {
            let message = format!("the decision `{}` has no answer", decision.name.text);
            report.push_if_complete(Diagnostic::new(codes::KW144, decision.name.span, message));
        }
        decisions.push(Decision {
            name: decision.name.text.clone(),
            text: text(decision.text.as_ref()),
            answers,
            span: decision.name.span,
        });
    }
    decisions
}

fn answer(answer: &ast::Answer, earlier: &[Answer], decision: &str, report: &mut Report) -> Answer {
    let only_when =
        answer.only_when.as_ref().and_then(|(name, value)| only_when(name, value, earlier, decision, report));
    Answer {
        name: answer.name.text.clone(),
        text: text(answer.text.as_ref()),
        kind: kind(answer, report),
        only_when,
        span: answer.name.span,
    }
}

fn kind(answer: &ast::Answer, report: &mut Report) -> AnswerKind {
    match &answer.kind {
        ast::AnswerKind::OneOf(values) => {
            AnswerKind::OneOf { values: labels(values, "value", VALUES, report), yes_no: false }
        }
        ast::AnswerKind::YesNo => {
            let value = |name: &str| Label { name: name.to_owned(), text: String::new(), span: answer.span };
            AnswerKind::OneOf { values: vec![value("no"), value("yes")], yes_no: true }
        }
        ast::AnswerKind::SetOf(members) => AnswerKind::SetOf(labels(members, "member", MEMBERS, report)),
        ast::AnswerKind::Strictest(values) => AnswerKind::Strictest(labels(values, "value", VALUES, report)),
        ast::AnswerKind::Shortest(bound) => match bound.minutes().filter(|minutes| *minutes <= LONGEST) {
            Some(minutes) => AnswerKind::Shortest(minutes),
            None => {
                report.push(Diagnostic::new(
                    codes::KW126,
                    answer.span,
                    "this duration is longer than any machine accepts",
                ));
                AnswerKind::Shortest(LONGEST)
            }
        },
    }
}

fn only_when(
    name: &ast::Name,
    value: &ast::Name,
    earlier: &[Answer],
    decision: &str,
    report: &mut Report,
) -> Option<(AnswerId, u8)> {
    let bare = name.text.strip_prefix(decision).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&name.text);
    let Some(id) = earlier.iter().position(|answer| answer.name == bare) else {
        let message = format!("`{}` is not an earlier answer of `{decision}`", name.text);
        let diagnostic = Diagnostic::new(codes::KW135, name.span, message)
            .note("`only when` names an answer that stands above it in the same decision");
        let names: Vec<&str> = earlier.iter().map(|answer| answer.name.as_str()).collect();
        let diagnostic = report.with_suggestion(diagnostic, bare, name.span, names);
        report.push(diagnostic);
        return None;
    };
    let target = earlier.get(id)?;
    let labels = match &target.kind {
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => values,
        AnswerKind::SetOf(_) | AnswerKind::Shortest(_) => {
            let message = format!("`only when` cannot look at `{bare}`, which has not one value of a list");
            report.push(
                Diagnostic::new(codes::KW135, name.span, message)
                    .label(target.span, "declared here")
                    .hint("name an answer that is `one of`, `the strictest of` or `yes or no`"),
            );
            return None;
        }
    };
    let at = labels.iter().position(|label| label.name == value.text);
    if at.is_none() {
        let message = format!("`{bare}` has no value `{}`", value.text);
        let diagnostic = Diagnostic::new(codes::KW120, value.span, message)
            .label(target.span, "declared here")
            .note(format!("its values are {}", listed(labels.iter().map(|label| label.name.as_str()))));
        let names: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
        let diagnostic = report.with_suggestion(diagnostic, &value.text, value.span, names);
        report.push(diagnostic);
    }
    at.and_then(|at| u8::try_from(at).ok()).map(|at| (id, at))
}
