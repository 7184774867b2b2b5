//! Answers that look at answers: never at themselves.
//! In: rules, and the answers their conditions mention. Out: a report of a circle with its parties. Refuses to know values.
//!
//! An answer looks at what the conditions mention of each rule that says something about it, and of the rules above that
//! one, and at the answer its `only when` names.

use super::bits::Bits;
use super::hints::listed;
use super::order::order;
use super::report::Report;
use super::rules::Rules;
use super::vocabulary::Vocabulary;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::typed::RuleId;
use std::collections::BTreeMap;

/// Who makes an answer look at another.
#[derive(Clone, Copy)]
enum Party {
    Rule(RuleId),
    OnlyWhen(Span),
}

/// Reports answers that look at themselves.
pub(super) fn report_circles(rules: &Rules, vocabulary: &Vocabulary, report: &mut Report) {
    let mut parties: BTreeMap<(usize, usize), Party> = BTreeMap::new();
    for (decision, declared) in vocabulary.schema.decisions.iter().enumerate() {
        for (answer, facts) in declared.answers.iter().enumerate() {
            if let Some((other, _)) = facts.only_when {
                let from = vocabulary.answer_number(decision, answer);
                parties.insert((from, vocabulary.answer_number(decision, other)), Party::OnlyWhen(facts.span));
            }
        }
    }
    let mut above = vec![Bits::default(); rules.rules.len()];
    for &id in &rules.sorted {
        let rule = &rules.rules[id];
        let mut mentioned = rules.answers[id];
        rule.parents.iter().for_each(|parent| mentioned.add(above[*parent]));
        above[id] = mentioned;
        if mentioned.is_empty() {
            continue;
        }
        for effect in &rule.effects {
            let from = vocabulary.answer_number(rule.decision, effect.answer);
            for to in mentioned.iter() {
                parties.entry((from, to)).or_insert(Party::Rule(id));
            }
        }
    }
    let count = vocabulary.schema.decisions.iter().map(|decision| decision.answers.len()).sum();
    let mut looks: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in parties.keys() {
        if *from < count && *to < count {
            looks[*from].push(*to);
        }
    }
    let circle = order(&looks).circle;
    if !circle.is_empty() {
        report.push(describe(&circle, &parties, rules, vocabulary));
    }
}

fn describe(
    circle: &[usize],
    parties: &BTreeMap<(usize, usize), Party>,
    rules: &Rules,
    vocabulary: &Vocabulary,
) -> Diagnostic {
    let names = vocabulary.answer_names();
    let name = |at: usize| names.get(at).map_or("", String::as_str);
    let mut places: Vec<(Span, String)> = Vec::new();
    for (at, from) in circle.iter().enumerate() {
        let to = circle[(at + 1) % circle.len()];
        match parties.get(&(*from, to)) {
            Some(Party::Rule(id)) => {
                let rule = &rules.rules[*id];
                places.push((
                    rule.name_span,
                    format!("`{}` sets `{}` by looking at `{}`", rule.name, name(*from), name(to)),
                ));
            }
            Some(Party::OnlyWhen(span)) => {
                places.push((*span, format!("`{}` is blank or not by looking at `{}`", name(*from), name(to))));
            }
            None => {}
        }
    }
    let message = match circle {
        [one] => format!("the answer `{}` depends on itself", name(*one)),
        _ => format!("these answers depend on each other: {}", listed(circle.iter().map(|at| name(*at)))),
    };
    let mut places = places.into_iter();
    let (first, text) = places.next().unwrap_or_default();
    let mut diagnostic = Diagnostic::new(codes::KW129, first, message).at(text);
    for (span, text) in places {
        diagnostic = diagnostic.label(span, text);
    }
    diagnostic.hint("test the facts that lead to the answer, instead of the answer")
}
