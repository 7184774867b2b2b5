//! The aims of tests: rules that decide, exceptions that override, outcomes, bounds, conditions.
//!
//! In: a policy and its model. Out: for each aim the requests that reach it and the answers that show it.
//! Refuses to know which tests there are.

use super::{Kind, Tests};
use crate::diagram::{Exploded, Ref};
use crate::model::{BLANK, Classifier, EffectModel, NO, Part, YES};
use crate::schema::{AnswerId, AnswerKind, DecisionId, Type};
use crate::space::civil;
use crate::space::look::Look;
use crate::span::Span;
use crate::typed::Clause;

/// An answer, or one member of it.
pub(super) type Said = (DecisionId, AnswerId, usize);

/// What a test can try.
pub(super) struct Aim {
    pub(super) kind: Kind,
    pub(super) what: String,
    pub(super) clause: Option<Span>,
    /// The requests that reach it.
    pub(super) set: Ref,
    /// The answers that show it.
    pub(super) shown_by: Vec<Said>,
    /// For a bound: the coordinate, the class and value on this side, the class on the other.
    pub(super) bound: Option<(u16, u32, i64, u32)>,
}

impl Aim {
    /// Whether a test tries it: all requests like the test reach it and it expects something of an answer that shows it. A
    /// bound is tried by a test that fails on the other side of it.
    pub(super) fn is_reached(&self, look: &mut Look<'_>, test: &Tests) -> Result<bool, Exploded> {
        let forest = &mut look.model.forest;
        if let Some((coordinate, here, raw, there)) = self.bound {
            if test.names.get(usize::from(coordinate)).copied().flatten().is_some_and(|named| named != raw) {
                return Ok(false);
            }
            let own = forest.cofactor(test.like_it, coordinate, here)?;
            let valid = forest.cofactor(look.model.valid, coordinate, there)?;
            let kept = forest.cofactor(test.expected, coordinate, there)?;
            let moved = forest.and(own, valid)?;
            return Ok(forest.and_not(moved, kept)? != Ref::FALSE);
        }
        let speaks = self.shown_by.iter().any(|said| test.speaks.contains(&(said.0, said.1)));
        Ok(speaks && test.like_it != Ref::FALSE && forest.and_not(test.like_it, self.set)? == Ref::FALSE)
    }
}

/// All aims that some valid request reaches.
pub(super) fn collect(look: &mut Look<'_>) -> Result<Vec<Aim>, Exploded> {
    let mut aims = Vec::new();
    rules(look, &mut aims)?;
    outcomes(look, &mut aims)?;
    bounds(look, &mut aims)?;
    conditions(look, &mut aims)?;
    aims.retain(|aim| !look.count(aim.set).is_zero());
    Ok(aims)
}

/// What the effects of a rule are about.
fn effects(look: &Look<'_>, rule: usize) -> Vec<Said> {
    let decision = look.model.rules[rule].decision;
    let mut found = Vec::new();
    for effect in &look.model.rules[rule].effects {
        match *effect {
            EffectModel::Is(answer, _) => found.push((decision, answer, 0)),
            EffectModel::Include(answer, members) | EffectModel::Omit(answer, members) => {
                found.extend(
                    (0..32).filter(|member| members >> member & 1 == 1).map(|member| (decision, answer, member)),
                );
            }
        }
    }
    found
}

fn rules(look: &mut Look<'_>, aims: &mut Vec<Aim>) -> Result<(), Exploded> {
    let mut overriding = Vec::new();
    for rule in 0..look.model.rules.len() {
        let active = look.active(rule)?;
        let applies = look.valid_and(active)?;
        let set = look.decides(rule, applies)?;
        let name = look.policy.rules[rule].name.clone();
        let shown_by = effects(look, rule);
        for parent in look.model.rules[rule].parents.clone() {
            let above = look.active(parent)?;
            let both = look.model.forest.and(set, above)?;
            let what = format!("{name} takes the place of {}", look.policy.rules[parent].name);
            overriding.push(Aim {
                kind: Kind::Overrides,
                what,
                clause: None,
                set: both,
                shown_by: shown_by.clone(),
                bound: None,
            });
        }
        let what = format!("{name} decides");
        aims.push(Aim { kind: Kind::Decides, what, clause: None, set, shown_by, bound: None });
    }
    aims.extend(overriding);
    Ok(())
}

fn outcomes(look: &mut Look<'_>, aims: &mut Vec<Aim>) -> Result<(), Exploded> {
    for decision in 0..look.policy.schema.decisions.len() {
        for answer in 0..look.policy.schema.decisions[decision].answers.len() {
            let roots = look.answer(decision, answer).to_vec();
            for (member, &root) in roots.iter().enumerate() {
                for value in look.model.forest.values(&[root]) {
                    // Blank is told once, not for every member.
                    if value == BLANK && member > 0 {
                        continue;
                    }
                    let has = look.model.forest.values_where(root, |found| found == value)?;
                    let set = look.valid_and(has)?;
                    let said = (decision, answer, member);
                    let what = value_text(look, said, value).unwrap_or_default();
                    aims.push(Aim { kind: Kind::Outcome, what, clause: None, set, shown_by: vec![said], bound: None });
                }
            }
        }
    }
    Ok(())
}

/// Bounds of numbers, durations and times, where some answer differs between the values on both sides.
fn bounds(look: &mut Look<'_>, aims: &mut Vec<Aim>) -> Result<(), Exploded> {
    for number in 0..look.model.coordinates.len() {
        let it = &look.model.coordinates[number];
        let Classifier::Bounds { starts, classes, .. } = &it.classifier else { continue };
        let sides: Vec<(i64, u32, u32)> = (1..starts.len())
            .map(|place| (starts[place], u32::from(classes[place - 1]), u32::from(classes[place])))
            .collect();
        let coordinate = number as u16;
        for (start, below, above) in sides {
            let mut differing = Ref::FALSE;
            let mut shown_by = Vec::new();
            let valid = look.model.valid;
            let mut both = look.model.forest.cofactor(valid, coordinate, below)?;
            let other = look.model.forest.cofactor(valid, coordinate, above)?;
            both = look.model.forest.and(both, other)?;
            for said in every(look) {
                let Some(&root) = look.answer(said.0, said.1).get(said.2) else { continue };
                let forest = &mut look.model.forest;
                let (one, two) = (forest.cofactor(root, coordinate, below)?, forest.cofactor(root, coordinate, above)?);
                let differs = forest.differ(one, two)?;
                let differs = forest.and(differs, both)?;
                if differs != Ref::FALSE {
                    differing = forest.or(differing, differs)?;
                    shown_by.push(said);
                }
            }
            for (here, raw, there) in [(below, start - 1, above), (above, start, below)] {
                let side = look.model.forest.test(coordinate, |class| class == here)?;
                let set = look.model.forest.and(differing, side)?;
                let what =
                    format!("{} at the bound {}", place_words(look, number, raw), place_words(look, number, start));
                let bound = Some((coordinate, here, raw, there));
                aims.push(Aim { kind: Kind::Boundary, what, clause: None, set, shown_by: shown_by.clone(), bound });
            }
        }
    }
    Ok(())
}

/// `app.session_age 12 hours`.
fn place_words(look: &Look<'_>, coordinate: usize, raw: i64) -> String {
    let it = &look.model.coordinates[coordinate];
    let input = &look.policy.schema.inputs[it.input];
    let name = if it.part == Part::Time { format!("{}.time", input.name) } else { input.name.clone() };
    format!("{name} {}", raw_text(&input.ty, it.part, raw))
}

/// A value as the language writes it.
pub(super) fn raw_text(ty: &Type, part: Part, raw: i64) -> String {
    match (ty, part) {
        (Type::Duration(..), _) => civil::duration_text(u32::try_from(raw).unwrap_or(0)),
        (Type::Time, _) | (_, Part::Time) => civil::time_text(raw),
        (Type::Date(..), _) | (_, Part::Date) => civil::date_text(raw),
        _ => raw.to_string(),
    }
}

/// Where a rule would decide but for one of its conditions.
fn conditions(look: &mut Look<'_>, aims: &mut Vec<Aim>) -> Result<(), Exploded> {
    for rule in 0..look.model.rules.len() {
        let mut clauses = Vec::new();
        for clause in look.model.rules[rule].clauses.clone() {
            clauses.push(look.condition(clause)?);
        }
        let mut above = Vec::new();
        for parent in look.model.rules[rule].parents.clone() {
            above.push(look.active(parent)?);
        }
        let above = if above.is_empty() { Ref::TRUE } else { look.model.forest.or_all(&above)? };
        // Requests whose answers are not what the rule says.
        let mut otherwise = Ref::FALSE;
        for effect in look.model.rules[rule].effects.clone() {
            let differs = differs(look, rule, effect)?;
            otherwise = look.model.forest.or(otherwise, differs)?;
        }
        let shown_by = effects(look, rule);
        for (place, &clause) in clauses.iter().enumerate() {
            let mut parts: Vec<Ref> = clauses.clone();
            parts[place] = look.model.forest.not(clause)?;
            parts.extend([above, otherwise]);
            let near = look.model.forest.and_all(&parts)?;
            let set = look.valid_and(near)?;
            let name = &look.policy.rules[rule].name;
            let what = match clauses.len() {
                1 => format!("{name} but for its condition"),
                _ => format!("{name} but for its condition {}", place + 1),
            };
            let clause = look.policy.rules[rule].condition.clauses.get(place).map(Clause::span);
            aims.push(Aim { kind: Kind::Condition, what, clause, set, shown_by: shown_by.clone(), bound: None });
        }
    }
    Ok(())
}

/// Where an answer is not what an effect says.
fn differs(look: &mut Look<'_>, rule: usize, effect: EffectModel) -> Result<Ref, Exploded> {
    let decision = look.model.rules[rule].decision;
    let (answer, members, wanted) = match effect {
        EffectModel::Is(answer, value) => {
            let Some(&root) = look.answer(decision, answer).first() else { return Ok(Ref::FALSE) };
            return look.model.forest.values_where(root, |found| found != value && found != BLANK);
        }
        EffectModel::Include(answer, members) => (answer, members, NO),
        EffectModel::Omit(answer, members) => (answer, members, YES),
    };
    let roots = look.answer(decision, answer).to_vec();
    let mut found = Ref::FALSE;
    for (_, root) in roots.into_iter().enumerate().filter(|(member, _)| members >> member & 1 == 1) {
        let other = look.model.forest.values_where(root, |value| value == wanted)?;
        found = look.model.forest.or(found, other)?;
    }
    Ok(found)
}

/// Every answer and every member.
fn every(look: &Look<'_>) -> Vec<Said> {
    let mut all = Vec::new();
    for (decision, declared) in look.policy.schema.decisions.iter().enumerate() {
        for answer in 0..declared.answers.len() {
            all.extend((0..look.answer(decision, answer).len()).map(|member| (decision, answer, member)));
        }
    }
    all
}

/// What is said of an answer, as the language writes it; nothing where it has no words.
pub(super) fn value_text(look: &Look<'_>, (decision, answer, member): Said, value: u32) -> Option<String> {
    let name = look.answer_name(decision, answer);
    let kind = &look.policy.schema.decisions[decision].answers[answer].kind;
    Some(match (kind, value) {
        (_, BLANK) => format!("{name} is not set"),
        (AnswerKind::SetOf(members), _) => {
            let verb = if value == YES { "include" } else { "do not include" };
            format!("{name} {verb} {}", members.get(member)?.name)
        }
        (AnswerKind::Shortest(longest), crate::model::NO_LIMIT) => {
            format!("{name} is more than {}", civil::duration_text(*longest))
        }
        _ => format!("{name} is {}", look.value_words(decision, answer, value)),
    })
}
