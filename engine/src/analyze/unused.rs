//! Inputs, terms and calendars that nothing uses (KW301).
//!
//! In: the policy as written. Out: a warning for each. Refuses to know diagrams: what is mentioned counts as used.

use super::look::Look;
use super::report::Report;
use crate::codes::KW301;
use crate::diagnostic::Diagnostic;
use crate::diagram::Exploded;
use crate::schema::Origin;
use crate::typed::{All, AssertKind, Clause, InputPredicate, One, Policy};

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    let used = used(look.policy);
    let schema = &look.policy.schema;
    for (input, declared) in schema.inputs.iter().enumerate().filter(|(input, _)| !used.inputs[*input]) {
        let facts = schema.inputs.iter().enumerate();
        let through_fact = facts.into_iter().any(|(fact, other)| match other.origin {
            Origin::OutsideGroup(of) | Origin::OutsideCalendar(of) => of == input && used.inputs[fact],
            Origin::Input | Origin::Setting => false,
        });
        if !through_fact {
            look.found.push(unused(declared.span, &declared.name, "no rule, assumption, test or assert asks for"));
        }
    }
    for (term, _) in look.policy.terms.iter().zip(&used.terms).filter(|(_, used)| !**used) {
        look.found.push(unused(term.span, &term.name, "nothing uses the term"));
    }
    for (calendar, _) in look.policy.calendars.iter().zip(&used.calendars).filter(|(_, used)| !**used) {
        look.found.push(unused(calendar.span, &calendar.name, "nothing uses the calendar"));
    }
    Ok(())
}

fn unused(span: crate::span::Span, name: &str, what: &str) -> Diagnostic {
    Diagnostic::new(KW301, span, format!("{what} `{name}`")).hint("Leave it out, or use it.")
}

struct Used {
    inputs: Vec<bool>,
    terms: Vec<bool>,
    calendars: Vec<bool>,
}

fn used(policy: &Policy) -> Used {
    let mut used = Used {
        inputs: vec![false; policy.schema.inputs.len()],
        terms: vec![false; policy.terms.len()],
        calendars: vec![false; policy.calendars.len()],
    };
    let mut todo: Vec<&All> = policy.rules.iter().map(|rule| &rule.condition).collect();
    todo.extend(policy.assumes.iter().flat_map(|assume| std::iter::once(&assume.condition).chain(&assume.then)));
    todo.extend(policy.tests.iter().flat_map(|test| [&test.given, &test.expect]));
    for assert in &policy.asserts {
        match &assert.kind {
            AssertKind::Never(a) | AssertKind::Possible(a) => todo.push(a),
            AssertKind::AlwaysIf(a, b) => todo.extend([a, b]),
            AssertKind::Unchanged { except, .. } => todo.extend(except),
            AssertKind::Changes { input, .. } => used.inputs[*input] = true,
        }
    }
    while let Some(all) = todo.pop() {
        for clause in &all.clauses {
            let ones: Vec<&One> = match clause {
                Clause::One(one) => vec![one],
                Clause::AtLeast(_, bullets, _) => bullets.iter().flatten().collect(),
            };
            for one in ones {
                if let One::Term { term, .. } = one
                    && !std::mem::replace(&mut used.terms[*term], true)
                {
                    todo.push(&policy.terms[*term].condition);
                }
                note(policy, one, &mut used);
            }
        }
    }
    used
}

fn note(policy: &Policy, one: &One, used: &mut Used) {
    let One::Input(test) = one else { return };
    used.inputs[test.input] = true;
    match &test.predicate {
        InputPredicate::Same(other) => used.inputs[*other] = true,
        InputPredicate::During(calendar) => {
            let mut todo = vec![*calendar];
            while let Some(calendar) = todo.pop() {
                if !std::mem::replace(&mut used.calendars[calendar], true) {
                    todo.extend(&policy.calendars[calendar].except);
                }
            }
        }
        _ => {}
    }
}
