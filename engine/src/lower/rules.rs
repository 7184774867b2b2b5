//! Rules and decisions as the model keeps them.
//!
//! In: typed rules and a builder of conditions. Out: rule and decision models whose diagrams are still to be built.
//! Refuses to know: diagrams.

use super::conditions::Builder;
use crate::diagram::Ref;
use crate::model::{AnswerModel, DecisionModel, EffectModel, RuleModel, Words};
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::typed::{Effect, EffectKind};

/// The rules, with their conditions translated.
pub(super) fn rules(builder: &mut Builder<'_>) -> Vec<RuleModel> {
    let policy = builder.policy;
    let mut kids: Vec<Vec<usize>> = vec![Vec::new(); policy.rules.len()];
    for (number, rule) in policy.rules.iter().enumerate() {
        for &parent in &rule.parents {
            if let Some(kids) = kids.get_mut(parent).filter(|kids| kids.last() != Some(&number)) {
                kids.push(number);
            }
        }
    }
    let mut rules = Vec::with_capacity(policy.rules.len());
    for (rule, kids) in policy.rules.iter().zip(kids) {
        rules.push(RuleModel {
            decision: rule.decision,
            condition: builder.all(&rule.condition),
            clauses: rule.condition.clauses.iter().map(|clause| builder.clause(clause)).collect(),
            guard: Ref::FALSE,
            parents: rule.parents.clone(),
            kids,
            effects: effects(builder, rule.decision, &rule.effects),
            words: Words {
                name: rule.name.clone(),
                because: rule.because.clone(),
                cite: rule.cite.clone(),
                span: rule.span,
            },
        });
    }
    rules
}

/// The decisions, with roots still empty.
pub(super) fn decisions(builder: &Builder<'_>) -> Vec<DecisionModel> {
    let declared = builder.policy.schema.decisions.iter().zip(&builder.policy.decisions).enumerate();
    declared
        .map(|(number, (decision, parts))| DecisionModel {
            answers: answers(builder, number, &decision.answers),
            order: Vec::new(),
            normally: parts.normally.as_ref().map_or(Vec::new(), |n| effects(builder, number, &n.effects)),
            normally_words: parts.normally.as_ref().map_or(Words::default(), |n| Words {
                name: "normally".to_string(),
                because: n.because.clone(),
                cite: n.cite.clone(),
                span: n.span,
            }),
            unsure: parts.unsure.clone(),
        })
        .collect()
}

fn answers(builder: &Builder<'_>, decision: DecisionId, declared: &[crate::schema::Answer]) -> Vec<AnswerModel> {
    let models = declared.iter().enumerate().map(|(number, answer)| AnswerModel {
        roots: Vec::new(),
        bare: Vec::new(),
        durations: match answer.kind {
            AnswerKind::Shortest(_) => durations(builder, decision, number).to_vec(),
            _ => Vec::new(),
        },
        only_when: answer.only_when.map(|(earlier, value)| (earlier, vec![u32::from(value)])),
    });
    models.collect()
}

fn effects(builder: &Builder<'_>, decision: DecisionId, effects: &[Effect]) -> Vec<EffectModel> {
    let translated = effects.iter().map(|effect| match effect.kind {
        EffectKind::Choice(value) => EffectModel::Is(effect.answer, u32::from(value)),
        EffectKind::Duration(minutes) => {
            let at = durations(builder, decision, effect.answer).partition_point(|&known| known < minutes);
            EffectModel::Is(effect.answer, at as u32)
        }
        EffectKind::Include(mask) => EffectModel::Include(effect.answer, mask),
        EffectKind::Omit(mask) => EffectModel::Omit(effect.answer, mask),
    });
    translated.collect()
}

fn durations<'b>(builder: &'b Builder<'_>, decision: DecisionId, answer: AnswerId) -> &'b [u32] {
    builder.durations.get(decision).and_then(|d| d.get(answer)).map_or(&[], Vec::as_slice)
}
