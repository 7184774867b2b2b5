//! Conflicts: valid requests for which two rules answer differently (KW201).
//!
//! In: answer roots and rules. Out: one finding a pair of rules, with both places, an example, the exact count and both
//! ways out. Refuses to know which of the two is right.

use super::report::Report;
use crate::codes::KW201;
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::model::CONFLICT;
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::space::answers::Answers;
use crate::space::look::Look;
use crate::typed::{Rule, RuleId};

/// Pairs reported for one answer; the rest is summed up in a note.
const MOST: usize = 20;

/// Finds conflicts.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for decision in 0..look.policy.schema.decisions.len() {
        for answer in 0..look.policy.schema.decisions[decision].answers.len() {
            if matches!(look.policy.schema.decisions[decision].answers[answer].kind, AnswerKind::OneOf { .. }) {
                of_answer(look, decision, answer)?;
            }
        }
    }
    Ok(())
}

fn of_answer(look: &mut Look<'_>, decision: DecisionId, answer: AnswerId) -> Result<(), Exploded> {
    let root = look.answer(decision, answer).first().copied().unwrap_or(Ref::TRUE);
    let torn = look.model.forest.values_where(root, |value| value == CONFLICT)?;
    let mut torn = look.valid_and(torn)?;
    let mut reported = 0;
    while let Some(point) = look.point(torn) {
        let speakers = look.speakers(decision, answer, &point);
        let other = speakers.iter().position(|(_, value)| Some(*value) != speakers.first().map(|s| s.1));
        let (Some(&first), Some(&second)) = (speakers.first(), other.and_then(|at| speakers.get(at))) else { break };
        let speaks = (speaks(look, decision, answer, first.0)?, speaks(look, decision, answer, second.0)?);
        let both = look.model.forest.and(speaks.0, speaks.1)?;
        let both = look.model.forest.and(torn, both)?;
        if both == Ref::FALSE {
            break;
        }
        let found = pair(look, (decision, answer), first, second, both);
        torn = look.model.forest.and_not(torn, both)?;
        reported += 1;
        if reported == MOST && torn != Ref::FALSE {
            let left = look.count(torn);
            look.found.push(found.note(format!("Other pairs of rules conflict for {left} further requests.")));
            break;
        }
        look.found.push(found);
    }
    Ok(())
}

/// Where a rule itself speaks for the answer: it is active and no exception below it speaks.
fn speaks(look: &mut Look<'_>, decision: DecisionId, answer: AnswerId, rule: RuleId) -> Result<Ref, Exploded> {
    let active = look.active(rule)?;
    let relevant = Answers { rules: &look.model.rules, guards: &look.guards, without: None }.relevant(decision, answer);
    let mut known = vec![None; look.model.rules.len()];
    let mut below = Vec::new();
    for kid in look.model.rules[rule].kids.clone() {
        if relevant[kid] {
            below.push(spoken(look, answer, kid, &relevant, &mut known)?);
        }
    }
    let below = look.model.forest.or_all(&below)?;
    look.model.forest.and_not(active, below)
}

/// Where a rule or an exception below it speaks, its parents apart.
fn spoken(
    look: &mut Look<'_>,
    answer: AnswerId,
    rule: RuleId,
    relevant: &[bool],
    known: &mut Vec<Option<Ref>>,
) -> Result<Ref, Exploded> {
    if let Some(found) = known[rule] {
        return Ok(found);
    }
    let mut built = look.guards[rule];
    if look.says(rule, answer).is_none() {
        let mut parts = Vec::new();
        for kid in look.model.rules[rule].kids.clone() {
            if relevant[kid] {
                parts.push(spoken(look, answer, kid, relevant, known)?);
            }
        }
        let below = look.model.forest.or_all(&parts)?;
        built = look.model.forest.and(built, below)?;
    }
    known[rule] = Some(built);
    Ok(built)
}

fn pair(
    look: &Look<'_>,
    (decision, answer): (DecisionId, AnswerId),
    (first, says_first): (RuleId, u32),
    (second, says_second): (RuleId, u32),
    requests: Ref,
) -> Diagnostic {
    let (a, b) = (&look.policy.rules[first], &look.policy.rules[second]);
    let name = look.answer_name(decision, answer);
    let message = format!("`{}` and `{}` both answer `{name}`, differently", a.name, b.name);
    let says = |value| format!("says {}", look.value_words(decision, answer, value));
    let found = look.about(KW201, a.name_span, message, requests);
    let found = found.at(says(says_first)).label(b.name_span, says(says_second));
    let found = should_win(found, b, a);
    should_win(found, a, b)
}

/// The way out that lets `winner` speak where both apply.
fn should_win(found: Diagnostic, winner: &Rule, loser: &Rule) -> Diagnostic {
    let start = format!("If `{}` should win", winner.name);
    if winner.parents.is_empty() {
        let text = format!("{start}: write an exception to `{}` that says the same where both apply.", loser.name);
        return found.hint(text);
    }
    let text = format!("{start}: make it an exception to `{}` as well.", loser.name);
    let mut end = winner.parents_span;
    end.start = end.end;
    found.hint_edit(text, end, format!(", {}", loser.name))
}
