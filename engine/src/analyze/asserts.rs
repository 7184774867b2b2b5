//! Asserts as proofs, in all five forms (KW401, KW403, KW404).
//!
//! In: asserts over conditions, older answers, changed inputs. Out: a result an assert; a request that breaks it where
//! there is one. Refuses to know: how to mend it.

use super::promised;
use super::report::{AssertResult, Evidence, Other, Report};
use crate::codes::{KW401, KW403, KW404};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::model::{AssertModel, FOREIGN, OldAnswer};
use crate::schema::AnswerKind;
use crate::space::look::Look;
use crate::typed::{All, Assert, AssertKind};

/// Proves every assert.
pub(super) fn prove(look: &mut Look<'_>, report: &mut Report) -> Result<(), Exploded> {
    for number in 0..look.model.promises.asserts.len() {
        if let Some(result) = one(look, number)? {
            report.asserts.push(result);
        }
    }
    Ok(())
}

/// Proves one assert.
pub(super) fn one(look: &mut Look<'_>, number: usize) -> Result<Option<AssertResult>, Exploded> {
    let (Some(model), Some(assert)) =
        (look.model.promises.asserts.get(number).cloned(), look.policy.asserts.get(number))
    else {
        return Ok(None);
    };
    let proof = match model {
        AssertModel::Never(a) => {
            let requests = look.condition(a)?;
            never(look, assert, requests)?
        }
        AssertModel::AlwaysIf(a, b) => {
            let (when, then) = (look.condition(a)?, look.condition(b)?);
            let requests = look.model.forest.and_not(when, then)?;
            never(look, assert, requests)?
        }
        AssertModel::Possible(a) => possible(look, assert, a)?,
        AssertModel::Unchanged { old, valid, except, apart } => unchanged(look, assert, &old, (valid, except), &apart)?,
        AssertModel::Changes { .. } => changes(look, assert, &model)?,
    };
    let Some(form) = look.model.proofs.promises.get(number).map(|promise| promise.form) else { return Ok(None) };
    Ok(Some(AssertResult {
        name: assert.name.clone(),
        text: assert.text.clone(),
        form,
        policy: assert.policy.clone(),
        span: assert.span,
        holds: proof.holds,
        requests: look.counted(&look.count(proof.requests)),
        evidence: proof.evidence,
    }))
}

/// What became of an assert: whether it holds, the requests concerned, and one of them.
struct Proof {
    holds: bool,
    requests: Ref,
    evidence: Option<Evidence>,
}

fn never(look: &mut Look<'_>, assert: &Assert, requests: Ref) -> Result<Proof, Exploded> {
    let broken = look.valid_and(requests)?;
    let mut evidence = None;
    if broken != Ref::FALSE {
        let mut found = look.about(KW401, assert.span, format!("{} does not hold", title(assert)), broken);
        if let Some(point) = look.point(broken) {
            let answers = look.policy.answers_tested(&conditions(assert));
            found = promised::show(look, found, &answers, &point);
            evidence = Some(promised::evidence(look, &answers, &point));
        }
        look.found.push(promised_by(look, assert, found));
    }
    Ok(Proof { holds: broken == Ref::FALSE, requests: broken, evidence })
}

fn possible(look: &mut Look<'_>, assert: &Assert, condition: u32) -> Result<Proof, Exploded> {
    let requests = look.condition(condition)?;
    let requests = look.valid_and(requests)?;
    let evidence = look.point(requests).map(|point| {
        let answers = look.policy.answers_tested(&conditions(assert));
        promised::evidence(look, &answers, &point)
    });
    if requests == Ref::FALSE {
        let message = format!("{} never happens", title(assert));
        let found = Diagnostic::new(KW403, assert.span, message).note("It should be possible for some valid request.");
        look.found.push(promised_by(look, assert, found));
    }
    Ok(Proof { holds: requests != Ref::FALSE, requests, evidence })
}

fn unchanged(
    look: &mut Look<'_>,
    assert: &Assert,
    old: &[OldAnswer],
    (old_valid, except): (Ref, u32),
    apart: &[String],
) -> Result<Proof, Exploded> {
    for sentence in apart {
        let message = format!("{} cannot be proved: {sentence}", title(assert));
        look.found.push(Diagnostic::new(KW404, assert.span, message));
    }
    let except = look.condition(except)?;
    let compared = look.valid_and(old_valid)?;
    let compared = look.model.forest.and_not(compared, except)?;
    let mut all = Ref::FALSE;
    let mut parts: Vec<((usize, usize), Ref)> = Vec::new();
    for was in old {
        let Some(&now) = look.answer(was.decision, was.answer).get(was.root) else { continue };
        let differs = look.model.forest.differ(now, was.diagram)?;
        let differs = look.model.forest.and(compared, differs)?;
        all = look.model.forest.or(all, differs)?;
        if differs != Ref::FALSE && !parts.iter().any(|(place, _)| *place == (was.decision, was.answer)) {
            parts.push(((was.decision, was.answer), differs));
        }
    }
    let mut evidence = None;
    if all != Ref::FALSE {
        let message = format!("{}: answers differ from the older version", title(assert));
        let mut found = look.about(KW404, assert.span, message, all);
        if let Some(point) = look.point(all) {
            let (mut differing, mut befores) = (Vec::new(), Vec::new());
            for &((decision, answer), _) in &parts {
                let before = old_words(look, old, (decision, answer), &point);
                let now = look.outcome_words(decision, answer, &point);
                if before != now {
                    found = found.note(format!("There {now}; before, {before}."));
                    differing.push((decision, answer));
                    befores.push(before);
                }
            }
            let mut shown = promised::evidence(look, &differing, &point);
            shown.other = Some(Other { example: None, outcome: befores });
            evidence = Some(shown);
        }
        look.found.push(promised_by(look, assert, found));
    }
    Ok(Proof { holds: all == Ref::FALSE && apart.is_empty(), requests: all, evidence })
}

/// What the older version answered at a point.
fn old_words(
    look: &Look<'_>,
    old: &[OldAnswer],
    (decision, answer): (usize, usize),
    point: &crate::space::words::Point,
) -> String {
    let name = look.answer_name(decision, answer);
    let kind = &look.policy.schema.decisions[decision].answers[answer].kind;
    let own = old.iter().filter(|was| (was.decision, was.answer) == (decision, answer));
    if !matches!(kind, AnswerKind::SetOf(_)) {
        let value = own.map(|was| look.value(was.diagram, point)).next().unwrap_or(crate::model::BLANK);
        return match value >= FOREIGN {
            true => format!("`{name}` had a value it no longer has"),
            false => format!("`{name}` was {}", look.value_words(decision, answer, value)),
        };
    }
    let mut members = Vec::new();
    for was in own {
        match look.value(was.diagram, point) {
            crate::model::BLANK => return format!("`{name}` was blank"),
            crate::model::YES => members.extend(kind.labels().get(was.root).map(|label| label.name.as_str())),
            _ => {}
        }
    }
    match members.is_empty() {
        true => format!("`{name}` was empty"),
        false => format!("`{name}` included only {}", members.join(", ")),
    }
}

/// Compares the answers on both sides of the change.
fn changes(look: &mut Look<'_>, assert: &Assert, model: &AssertModel) -> Result<Proof, Exploded> {
    let AssertModel::Changes { coordinate, from, to, decision, answer, root, becomes } = *model else {
        return Ok(Proof { holds: false, requests: Ref::FALSE, evidence: None });
    };
    let root = look.answer(decision, answer).get(root).copied().unwrap_or(Ref::FALSE);
    let has = look.model.forest.values_where(root, |value| value == becomes)?;
    let has = look.valid_and(has)?;
    let lacks = look.model.forest.values_where(root, |value| value != becomes)?;
    let lacks = look.valid_and(lacks)?;
    let before = look.model.forest.cofactor(lacks, coordinate, u32::from(from))?;
    let after = look.model.forest.cofactor(has, coordinate, u32::from(to))?;
    let both = look.model.forest.and(before, after)?;
    // Counted as requests with the value before.
    let at_from = look.model.forest.test(coordinate, |class| class == u32::from(from))?;
    let broken = look.model.forest.and(both, at_from)?;
    let mut evidence = None;
    if broken != Ref::FALSE {
        let mut found = look.about(KW401, assert.span, format!("{} does not hold", title(assert)), broken);
        if let Some(mut point) = look.point(broken) {
            let was = look.outcome_words(decision, answer, &point);
            let mut shown = promised::evidence(look, &[(decision, answer)], &point);
            if let Some(class) = point.get_mut(usize::from(coordinate)) {
                *class = Some(u32::from(to));
            }
            let now = look.outcome_words(decision, answer, &point);
            found = found.note(format!("There {was}; after the change {now}."));
            let moved = crate::space::words::example(look.model, &point);
            shown.other = Some(Other { example: Some(moved), outcome: vec![now] });
            evidence = Some(shown);
        }
        look.found.push(promised_by(look, assert, found));
    }
    Ok(Proof { holds: broken == Ref::FALSE, requests: broken, evidence })
}

fn title(assert: &Assert) -> String {
    match assert.text.is_empty() {
        true => format!("`{}`", assert.name),
        false => format!("`{}` ({})", assert.name, assert.text.trim_end_matches('.')),
    }
}

/// Says so when the promise is a parent's.
fn promised_by(look: &Look<'_>, assert: &Assert, found: Diagnostic) -> Diagnostic {
    if assert.policy == look.policy.name {
        return found;
    }
    found.note(format!("`{}` promises it, and a refinement must keep what its parent promises.", assert.policy))
}

fn conditions(assert: &Assert) -> Vec<&All> {
    match &assert.kind {
        AssertKind::Never(a) | AssertKind::Possible(a) => vec![a],
        AssertKind::AlwaysIf(a, b) => vec![a, b],
        AssertKind::Unchanged { except, .. } => except.iter().collect(),
        AssertKind::Changes { .. } => Vec::new(),
    }
}
