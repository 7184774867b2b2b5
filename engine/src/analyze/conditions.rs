//! Single conditions that test nothing: those that hold wherever the rest of their rule does (KW314), and those whose
//! removal changes neither a request's answer nor the reasons it is given (KW310).
//!
//! In: the conditions of each rule, one by one. Out: a finding for each such condition, with an edit that deletes it.
//! Refuses to know: bullets, which stand for each other, rules that never apply, which `never` reports,
//! and rules without which nothing changes, which `differences` reports.

use super::deciding::deciding;
use super::differences::{MOST_RULES, build, places, touches};
use super::report::Report;
use crate::codes::{KW310, KW313, KW314};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::schema::{AnswerId, DecisionId};
use crate::space::look::Look;
use crate::span::Span;
use crate::typed::{Clause, One, RuleId};

/// The valid roots of every answer.
type Whole = Vec<((DecisionId, AnswerId), Vec<Ref>)>;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    if look.policy.rules.len() > MOST_RULES {
        return Ok(());
    }
    let guards = look.guards.clone();
    let mut whole: Whole = Vec::new();
    for place in places(look) {
        whole.push((place, build(look, place, &guards, None)?));
    }
    for rule in 0..look.policy.rules.len() {
        let active = look.active(rule)?;
        if look.valid_and(active)? != Ref::FALSE {
            conditions_of(look, rule, &whole)?;
        }
    }
    Ok(())
}

fn conditions_of(look: &mut Look<'_>, rule: usize, whole: &Whole) -> Result<(), Exploded> {
    let written = &look.policy.rules[rule];
    let mut clauses = Vec::new();
    for clause in look.model.rules[rule].clauses.clone() {
        clauses.push(look.condition(clause)?);
    }
    let mut above = Vec::new();
    for &parent in &written.parents {
        above.push(look.active(parent)?);
    }
    // Of a rule that makes no difference no condition does.
    let told = |found: &Diagnostic| [KW310, KW313].contains(&found.code) && found.primary.span == written.name_span;
    let idle = look.found.iter().any(told);
    let above = if above.is_empty() { Ref::TRUE } else { look.model.forest.or_all(&above)? };
    for (place, &clause) in clauses.iter().enumerate() {
        let mut others = clauses.clone();
        others.remove(place);
        let others = look.model.forest.and_all(&others)?;
        let reached = look.model.forest.and(others, above)?;
        let more = look.model.forest.and_not(reached, clause)?;
        let more = look.valid_and(more)?;
        let found = if more == Ref::FALSE {
            always_holds(look, rule, place)
        } else if !idle && changes_nothing(look, rule, others, whole)? && is_silent(look, rule, others, more)? {
            makes_no_difference(look, rule, place, more)
        } else {
            continue;
        };
        let found = match written.condition.clauses.len() {
            1 => found,
            _ => found.hint_edit("Delete it.", with_joint(&written.condition.clauses, place), ""),
        };
        look.found.push(found);
    }
    Ok(())
}

fn always_holds(look: &Look<'_>, rule: usize, place: usize) -> Diagnostic {
    let written = &look.policy.rules[rule];
    let message = format!("this condition of `{}` always holds", written.name);
    let because = match (written.condition.clauses.len(), written.parents.is_empty()) {
        (1, true) => "Every valid request fulfils it: write `always` in place of `when`, or let it say what was meant.",
        (1, false) => "The rules it is an exception to apply to no other requests.",
        (_, true) => "The other conditions of the rule, and what is assumed, leave no other requests.",
        (_, false) => {
            "The other conditions, those of the rules it is an exception to, and what is assumed leave no other requests."
        }
    };
    Diagnostic::new(KW314, span_of(&written.condition.clauses[place]), message).note(because)
}

fn makes_no_difference(look: &Look<'_>, rule: usize, place: usize, more: Ref) -> Diagnostic {
    let written = &look.policy.rules[rule];
    let message = format!("deleting this condition of `{}` changes no request's answer or reason", written.name);
    let span = span_of(&written.condition.clauses[place]);
    let others =
        "The rule would apply to more requests, and there other rules already say the same, or something stricter.";
    look.about(KW310, span, message, more).note(others)
}

/// Whether every answer stays as it is when the rule's own condition becomes `guard`.
fn changes_nothing(look: &mut Look<'_>, rule: usize, guard: Ref, whole: &Whole) -> Result<bool, Exploded> {
    let decision = look.policy.rules[rule].decision;
    let mut guards = look.guards.clone();
    guards[rule] = guard;
    for (place, roots) in whole {
        if place.0 == decision && touches(look.model, rule, place.1) && build(look, *place, &guards, None)? != *roots {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether people are given the same reasons when the rule's own condition becomes `guard`, so that it also reaches the
/// requests in `more`: neither it nor an exception below it decides there, and it takes the place of nothing that does.
fn is_silent(look: &mut Look<'_>, rule: RuleId, guard: Ref, more: Ref) -> Result<bool, Exploded> {
    let above = family(look, rule, |look, rule| look.model.rules[rule].parents.clone());
    let below = family(look, rule, |look, rule| look.model.rules[rule].kids.clone());
    let mut before = Vec::new();
    for &ancestor in &above {
        before.push(deciding(look, ancestor, more)?);
    }
    let mut fresh = Vec::new();
    for &exception in &below {
        let active = look.active(exception)?;
        let reached = look.model.forest.and(more, look.guards[exception])?;
        fresh.push((exception, look.model.forest.and_not(reached, active)?));
    }
    let own = std::mem::replace(&mut look.guards[rule], guard);
    let found = silent_below(look, rule, &fresh, more).and_then(|silent| {
        for (&ancestor, &before) in above.iter().zip(&before) {
            if deciding(look, ancestor, more)? != before {
                return Ok(false);
            }
        }
        Ok(silent)
    });
    look.guards[rule] = own;
    found
}

fn silent_below(look: &mut Look<'_>, rule: RuleId, below: &[(RuleId, Ref)], more: Ref) -> Result<bool, Exploded> {
    if deciding(look, rule, more)? != Ref::FALSE {
        return Ok(false);
    }
    for &(exception, reached) in below {
        if deciding(look, exception, reached)? != Ref::FALSE {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All rules that are reached from a rule, itself apart.
fn family(look: &Look<'_>, rule: RuleId, next: impl Fn(&Look<'_>, RuleId) -> Vec<RuleId>) -> Vec<RuleId> {
    let mut found: Vec<RuleId> = Vec::new();
    let mut todo = next(look, rule);
    while let Some(one) = todo.pop() {
        if !found.contains(&one) {
            found.push(one);
            todo.extend(next(look, one));
        }
    }
    found
}

/// A clause with the `and` that joins it to its neighbour.
fn with_joint(clauses: &[Clause], place: usize) -> Span {
    let own = span_of(&clauses[place]);
    match (place.checked_sub(1).and_then(|before| clauses.get(before)), clauses.get(place + 1)) {
        (Some(before), _) => Span { start: span_of(before).end, ..own },
        (None, Some(after)) => Span { end: span_of(after).start, ..own },
        (None, None) => own,
    }
}

fn span_of(clause: &Clause) -> Span {
    match clause {
        Clause::One(One::Term { span, .. }) | Clause::AtLeast(_, _, span) => *span,
        Clause::One(One::Input(test)) => test.span,
        Clause::One(One::Answer(test)) => test.span,
    }
}
