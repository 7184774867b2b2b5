//! Conditions that hold wherever the rest of their rule does (KW314): deleting one changes neither answers nor reasons.
//!
//! In: the conditions of each rule, one by one. Out: a finding for each such condition, with an edit that deletes it.
//! Refuses to know: bullets, which stand for each other; rules that never apply, which `never` reports; lists of all
//! values, which make the compiler ask when one is added; and conditions whose removal would widen a rule, even where something stricter wins today: they keep new values out of it.

use super::report::Report;
use crate::codes::KW314;
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::space::look::Look;
use crate::span::Span;
use crate::typed::{Clause, InputPredicate, InputTest, One};

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for rule in 0..look.policy.rules.len() {
        let active = look.active(rule)?;
        if look.valid_and(active)? != Ref::FALSE {
            conditions_of(look, rule)?;
        }
    }
    Ok(())
}

fn conditions_of(look: &mut Look<'_>, rule: usize) -> Result<(), Exploded> {
    let written = &look.policy.rules[rule];
    let mut clauses = Vec::new();
    for clause in look.model.rules[rule].clauses.clone() {
        clauses.push(look.condition(clause)?);
    }
    if written.parents.is_empty() && apart(look, &clauses) {
        return Ok(());
    }
    let mut above = Vec::new();
    for &parent in &written.parents {
        above.push(look.active(parent)?);
    }
    let above = if above.is_empty() { Ref::TRUE } else { look.model.forest.or_all(&above)? };
    let active = look.active(rule)?;
    let applies = look.valid_and(active)?;
    for (place, &clause) in clauses.iter().enumerate() {
        let mut others = clauses.clone();
        others.remove(place);
        others.push(above);
        let reached = look.model.forest.and_all(&others)?;
        let more = look.model.forest.and_not(reached, clause)?;
        if look.valid_and(more)? != Ref::FALSE || lists_all(look, &written.condition.clauses[place]) {
            continue;
        }
        let found = always_holds(look, rule, place, applies);
        look.found.push(match written.condition.clauses.len() {
            1 => found,
            _ => found.hint_edit("Delete it.", with_joint(&written.condition.clauses, place), ""),
        });
    }
    Ok(())
}

/// Whether each condition can fail and holds by itself, whatever the others say: then none of them holds anyway. Most rules of
/// a large policy are like that.
fn apart(look: &Look<'_>, clauses: &[Ref]) -> bool {
    if look.model.valid != Ref::TRUE || clauses.iter().any(|clause| clause.is_terminal()) {
        return false;
    }
    let mut asked: Vec<u16> = Vec::new();
    for &clause in clauses {
        let own: Vec<u16> = look.model.forest.looks_at(clause);
        if own.iter().any(|coordinate| asked.contains(coordinate)) {
            return false;
        }
        asked.extend(own);
    }
    true
}

/// Whether a condition lists every value there is: then it is there for the values that are added later.
fn lists_all(look: &Look<'_>, clause: &Clause) -> bool {
    let Clause::One(One::Input(InputTest { input, predicate: InputPredicate::OneOf(values), negated: false, .. })) =
        clause
    else {
        return false;
    };
    let labels = look.policy.schema.inputs[*input].ty.labels();
    labels.len() > 1 && (0..labels.len() as u32).all(|value| values.contains(&value))
}

fn always_holds(look: &Look<'_>, rule: usize, place: usize, applies: Ref) -> Diagnostic {
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
    look.about(KW314, written.condition.clauses[place].span(), message, applies).note(because)
}

/// A clause with the `and` that joins it to its neighbour.
fn with_joint(clauses: &[Clause], place: usize) -> Span {
    let own = clauses[place].span();
    match (place.checked_sub(1).and_then(|before| clauses.get(before)), clauses.get(place + 1)) {
        (Some(before), _) => Span { start: before.span().end, ..own },
        (None, Some(after)) => Span { end: after.span().start, ..own },
        (None, None) => own,
    }
}
