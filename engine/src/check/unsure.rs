//! `normally` and `if unsure`: what a decision says without rules, and when facts are missing.
//! In: both as written. Out: the parts of each decision that are not rules. Refuses to know rules.

use super::effects::{Speaker, effects};
use super::labels::text;
use super::report::{Report, twice};
use super::vocabulary::Vocabulary;
use crate::ast::{self, ItemKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{self, Answer, AnswerKind};
use crate::span::Span;
use crate::typed::{AnswerValue, Decision, Effect, EffectKind, Normally};
use std::collections::BTreeSet;

/// Checks `normally` and `if unsure` of every decision.
pub(super) fn decisions<'a>(
    items: impl IntoIterator<Item = &'a ast::Item>,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Vec<Decision> {
    let declared = &vocabulary.schema.decisions;
    let mut normally: Vec<Option<Normally>> = vec![None; declared.len()];
    let mut unsure: Vec<Option<(Vec<Effect>, String, Span)>> = vec![None; declared.len()];
    for item in items {
        match &item.kind {
            ItemKind::Normally(written) => {
                let Some((decision, effects)) = effects(&written.effects, Speaker::Normally, vocabulary, report) else {
                    continue;
                };
                if let Some(first) = &normally[decision] {
                    let name = &declared[decision].name;
                    report.push(twice(codes::KW122, "`normally` of", name, first.span, item.span));
                    continue;
                }
                let (because, cite) = (written.because.text.clone(), text(written.cite.as_ref()));
                normally[decision] = Some(Normally { effects, because, cite, span: item.span });
            }
            ItemKind::Unsure(written) => {
                let Some((decision, effects)) = effects(&written.effects, Speaker::Unsure, vocabulary, report) else {
                    continue;
                };
                if let Some((_, _, first)) = &unsure[decision] {
                    report.push(twice(codes::KW122, "`if unsure` of", &declared[decision].name, *first, item.span));
                    continue;
                }
                unsure[decision] = Some((effects, text(written.because.as_ref()), item.span));
            }
            _ => {}
        }
    }
    let both = normally.into_iter().zip(unsure).zip(declared);
    both.map(|((normally, unsure), declared)| decision(normally, unsure, declared, &vocabulary.unclear, report))
        .collect()
}

fn decision(
    normally: Option<Normally>,
    unsure: Option<(Vec<Effect>, String, Span)>,
    declared: &schema::Decision,
    unclear: &BTreeSet<Span>,
    report: &mut Report,
) -> Decision {
    let Some((effects, because, span)) = unsure else {
        let message = format!("the decision `{}` does not say what holds when it is unsure", declared.name);
        report.push_if_complete(
            Diagnostic::new(codes::KW133, declared.span, message)
                .note("this is the answer when a fact is missing or a request is invalid")
                .hint(format!("write `if unsure {} …`, with the strictest values", wanted(&declared.answers))),
        );
        let unsure = declared.answers.iter().map(|_| AnswerValue::Blank).collect();
        return Decision { normally, unsure, unsure_because: String::new(), unsure_span: declared.span };
    };
    let unsure = record(&effects, span, declared, unclear, report);
    Decision { normally, unsure, unsure_because: because, unsure_span: span }
}

/// What `if unsure` has to set, as far as one line shows it.
fn wanted(answers: &[Answer]) -> String {
    let strictest = |answer: &Answer| match &answer.kind {
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => {
            values.last().map(|value| format!("{} is {}", answer.name, value.name))
        }
        AnswerKind::SetOf(_) | AnswerKind::Shortest(_) => None,
    };
    answers.iter().filter_map(strictest).next().unwrap_or_default()
}

/// The record in full: what is said, sets empty and durations without limit where nothing is said, `only when` applied.
fn record(
    effects: &[Effect],
    span: Span,
    declared: &schema::Decision,
    unclear: &BTreeSet<Span>,
    report: &mut Report,
) -> Vec<AnswerValue> {
    let mut values: Vec<AnswerValue> = Vec::new();
    for (id, answer) in declared.answers.iter().enumerate() {
        let said = effects.iter().find(|effect| effect.answer == id);
        let blank = answer.only_when.filter(|(other, value)| values.get(*other) != Some(&AnswerValue::Choice(*value)));
        if let Some((other, value)) = blank {
            let other = &declared.answers[other];
            let needed = other.kind.labels().get(usize::from(value)).map_or("", |label| label.name.as_str());
            if let Some(effect) = said {
                let message =
                    format!("`{}` is blank when unsure, because `{}` is not {needed} then", answer.name, other.name);
                report.push(Diagnostic::new(codes::KW133, effect.span, message).hint("leave it out here"));
            }
            values.push(AnswerValue::Blank);
            continue;
        }
        values.push(match (said.map(|effect| effect.kind), &answer.kind) {
            (Some(EffectKind::Choice(value)), _) => AnswerValue::Choice(value),
            (Some(EffectKind::Duration(minutes)), _) => AnswerValue::Duration(minutes),
            (Some(EffectKind::Include(mask)), _) => AnswerValue::Set(mask),
            (_, AnswerKind::SetOf(_)) => AnswerValue::Set(0),
            (_, AnswerKind::Shortest(_)) => AnswerValue::NoLimit,
            (_, AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values)) => {
                if !unclear.contains(&answer.span) {
                    report.push(missing(answer, values, span, &declared.name));
                }
                AnswerValue::Blank
            }
        });
    }
    values
}

fn missing(answer: &Answer, values: &[schema::Label], span: Span, decision: &str) -> Diagnostic {
    let message = format!("`if unsure` does not say what `{}` of `{decision}` is", answer.name);
    let diagnostic = Diagnostic::new(codes::KW133, span, message).label(answer.span, "declared here");
    match values.last() {
        Some(value) => diagnostic.hint(format!("add `and {} is {}`, or a stricter value", answer.name, value.name)),
        None => diagnostic,
    }
}
