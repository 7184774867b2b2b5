//! Terms: each after those it refers to, without circles, and not too deep.
//! In: terms as written. Out: terms of the policy, and what each mentions. Refuses to know where they are used.

use super::bits::Bits;
use super::conditions::{Place, condition};
use super::hints::listed;
use super::order::order;
use super::refs::ones;
use super::report::Report;
use super::vocabulary::Vocabulary;
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::typed::Term;
use std::collections::BTreeMap;

/// How deep terms nest.
const DEPTH: usize = 16;

/// Enters the terms.
pub(super) fn terms(written: &[&ast::Term], vocabulary: &mut Vocabulary, report: &mut Report) -> Vec<Term> {
    let names: BTreeMap<&str, usize> =
        written.iter().enumerate().map(|(at, term)| (term.name.text.as_str(), at)).collect();
    let refers: Vec<Vec<usize>> = written.iter().map(|term| references(term, &names)).collect();
    let order = order(&refers);
    report_circle(written, &order.circle, report);
    for (id, at) in order.sorted.iter().enumerate() {
        vocabulary.terms.insert(written[*at].name.text.clone(), id);
    }
    let mut terms = Vec::with_capacity(order.sorted.len());
    for term in order.sorted.iter().map(|at| written[*at]) {
        let checked = condition(&term.condition, Place::Anywhere, Bits::default(), vocabulary, report);
        let mut mentions = checked.mentions;
        mentions.depth += 1;
        if mentions.depth == DEPTH + 1 {
            let message = format!("terms nest at most {DEPTH} deep, and `{}` is one deeper", term.name.text);
            report.push(Diagnostic::new(codes::KW130, term.name.span, message));
        }
        vocabulary.mentions.push(mentions);
        terms.push(Term { name: term.name.text.clone(), condition: checked.all, span: term.name.span });
    }
    // What stands in a circle or behind one still has a name, so that it is not called unknown as well.
    for term in written {
        vocabulary.terms.entry(term.name.text.clone()).or_insert(usize::MAX);
    }
    terms
}

fn references(term: &ast::Term, names: &BTreeMap<&str, usize>) -> Vec<usize> {
    let name = |one: &ast::One| match one {
        ast::One::Term(name) | ast::One::NotTerm(name, _) => names.get(name.text.as_str()).copied(),
        ast::One::Test(_) => None,
    };
    ones(&term.condition).filter_map(name).collect()
}

fn report_circle(written: &[&ast::Term], circle: &[usize], report: &mut Report) {
    let Some((first, others)) = circle.split_first() else { return };
    let names: Vec<&str> = circle.iter().map(|at| written[*at].name.text.as_str()).collect();
    let message = match others {
        [] => format!("the term `{}` refers to itself", listed(names)),
        _ => format!("these terms refer to each other: {}", listed(names)),
    };
    let mut diagnostic = Diagnostic::new(codes::KW129, written[*first].name.span, message);
    for at in others {
        diagnostic = diagnostic.label(written[*at].name.span, "one of them");
    }
    report.push(diagnostic);
}
