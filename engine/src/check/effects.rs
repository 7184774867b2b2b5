//! Effects: which answer, and does what is said fit its kind?
//! In: effects as written, and who says them. Out: effects of one decision. Refuses to know conditions.

use super::literals::{Domain, literal};
use super::members::members;
use super::report::Report;
use super::vocabulary::Vocabulary;
use crate::ast::{self, Name};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{Answer, AnswerId, AnswerKind, DecisionId};
use crate::span::Span;
use crate::typed::{Effect, EffectKind};
use std::collections::BTreeMap;

/// Who says an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    Rule,
    Exception,
    Normally,
    Unsure,
}

/// Checks effects and finds the decision they belong to. `None` if none of them can be placed.
pub(super) fn effects(
    written: &[ast::Effect],
    speaker: Speaker,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<(DecisionId, Vec<Effect>)> {
    let mut decision: Option<(DecisionId, Span)> = None;
    let mut typed: Vec<Effect> = Vec::new();
    for effect in written {
        let Some((of, answer)) = vocabulary.effect_answer(&effect.answer) else {
            report_answer(&effect.answer, vocabulary, report);
            continue;
        };
        let (first, place) = *decision.get_or_insert((of, effect.answer.span));
        if first != of {
            report.push(two_decisions(first, place, of, effect.answer.span, vocabulary));
            continue;
        }
        if let Some(kind) = kind(effect, speaker, &vocabulary.schema.decisions[of].answers[answer], vocabulary, report)
        {
            typed.push(Effect { answer, kind, span: effect.span });
        }
    }
    decision.map(|(decision, _)| (decision, together(typed, &vocabulary.schema.decisions[decision].answers, report)))
}

fn two_decisions(
    first: DecisionId,
    place: Span,
    second: DecisionId,
    span: Span,
    vocabulary: &Vocabulary,
) -> Diagnostic {
    let name = |decision: DecisionId| &vocabulary.schema.decisions[decision].name;
    let message = format!("one paragraph says something about two decisions, `{}` and `{}`", name(first), name(second));
    Diagnostic::new(codes::KW132, span, message)
        .label(place, format!("an answer of `{}`", name(first)))
        .at(format!("an answer of `{}`", name(second)))
        .hint("write one rule for each decision")
}

fn report_answer(name: &Name, vocabulary: &Vocabulary, report: &mut Report) {
    if let Some(answers) = vocabulary.answers.get(&name.text) {
        let mut diagnostic =
            Diagnostic::new(codes::KW132, name.span, format!("`{}` is an answer of several decisions", name.text));
        for (decision, _) in answers.iter().take(2) {
            let full = format!("{}.{}", vocabulary.schema.decisions[*decision].name, name.text);
            diagnostic = diagnostic.hint_edit(format!("write `{full}`"), name.span, full);
        }
        report.push(diagnostic);
    } else if vocabulary.inputs.contains_key(&name.text) {
        let message = format!("`{}` is an input, and rules say only what the answers are", name.text);
        report.push(Diagnostic::new(codes::KW131, name.span, message).hint("move it to the condition"));
    } else {
        let full = if report.may_suggest() { vocabulary.answer_names() } else { Vec::new() };
        let names = vocabulary.answers.keys().chain(&full);
        report.unknown("answer", &name.text, name.span, names.map(String::as_str));
    }
}

fn kind(
    effect: &ast::Effect,
    speaker: Speaker,
    answer: &Answer,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<EffectKind> {
    let misfit =
        |message: String| Diagnostic::new(codes::KW131, effect.span, message).label(answer.span, "declared here");
    match (&effect.kind, &answer.kind) {
        (ast::EffectKind::Is(value), AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values)) => {
            let number = literal(value, &Domain::Values(values), &answer.name, vocabulary, report)?;
            u8::try_from(number).ok().map(EffectKind::Choice)
        }
        (ast::EffectKind::Is(value), AnswerKind::Shortest(bound)) => {
            let number = literal(value, &Domain::Duration(0, *bound), &answer.name, vocabulary, report)?;
            u32::try_from(number).ok().map(EffectKind::Duration)
        }
        (ast::EffectKind::Is(value), AnswerKind::SetOf(_)) => {
            let hint = match &value.kind {
                ast::LiteralKind::Name(name) => format!("write `{} include {name}`", effect.answer.text),
                _ => "write `include`".to_owned(),
            };
            report.push(misfit(format!("`{}` is a set, so it includes members", answer.name)).hint(hint));
            None
        }
        (ast::EffectKind::Include(names), AnswerKind::SetOf(labels)) => {
            if speaker == Speaker::Normally {
                let diagnostic = misfit(format!("`normally` cannot put members into `{}`", answer.name))
                    .note("a set holds all that is included, so this would hold for every request")
                    .hint("if it should hold for every request, write a rule with `always`");
                report.push(diagnostic);
                return None;
            }
            members(names, labels, &answer.name, answer.span, report).map(EffectKind::Include)
        }
        (ast::EffectKind::Omit(names), AnswerKind::SetOf(labels)) => {
            if speaker != Speaker::Exception {
                let message = "only an exception omits something".to_owned();
                let diagnostic = Diagnostic::new(codes::KW136, effect.span, message)
                    .note("`omit` takes out what the rule above the exception includes")
                    .hint("write an exception to the rule that includes it");
                report.push(diagnostic);
                return None;
            }
            members(names, labels, &answer.name, answer.span, report).map(EffectKind::Omit)
        }
        (ast::EffectKind::Include(_) | ast::EffectKind::Omit(_), _) => {
            report.push(misfit(format!("`{}` is not a set, so it has no members", answer.name)).hint("write `is`"));
            None
        }
    }
}

/// At most one effect of each kind an answer: several `include`s become one, contradictions are reported.
fn together(effects: Vec<Effect>, answers: &[Answer], report: &mut Report) -> Vec<Effect> {
    let mut first: BTreeMap<(AnswerId, u8), usize> = BTreeMap::new();
    let mut kept: Vec<Effect> = Vec::new();
    for effect in effects {
        let form = match effect.kind {
            EffectKind::Choice(_) | EffectKind::Duration(_) => 0,
            EffectKind::Include(_) => 1,
            EffectKind::Omit(_) => 2,
        };
        let Some(&at) = first.get(&(effect.answer, form)) else {
            first.insert((effect.answer, form), kept.len());
            kept.push(effect);
            continue;
        };
        let (earlier, name) = (&mut kept[at], &answers[effect.answer].name);
        match (&mut earlier.kind, effect.kind) {
            (EffectKind::Include(mask), EffectKind::Include(more))
            | (EffectKind::Omit(mask), EffectKind::Omit(more))
                if *mask & more == 0 =>
            {
                *mask |= more;
            }
            _ => report.push(
                Diagnostic::new(codes::KW131, effect.span, format!("this says something about `{name}` twice"))
                    .label(earlier.span, "said here already"),
            ),
        }
    }
    report_put_and_taken(&kept, answers, report);
    kept
}

fn report_put_and_taken(effects: &[Effect], answers: &[Answer], report: &mut Report) {
    for omit in effects {
        let EffectKind::Omit(taken) = omit.kind else { continue };
        let put = effects.iter().find(|effect| {
            effect.answer == omit.answer && matches!(effect.kind, EffectKind::Include(mask) if mask & taken != 0)
        });
        if let Some(put) = put {
            let message = format!("this puts a member into `{}` and takes it out", answers[omit.answer].name);
            report.push(Diagnostic::new(codes::KW131, omit.span, message).label(put.span, "put in here"));
        }
    }
}
