//! Rules and exceptions: conditions, effects, and who stands below whom.
//! In: rules as written. Out: rules of the policy, and the answers each one's condition mentions. Refuses to know requests.

use super::bits::Bits;
use super::conditions::{Condition, Place, condition};
use super::effects::{Speaker, effects};
use super::hints::listed;
use super::labels::text;
use super::link::Placed;
use super::names::AnyRule;
use super::order::order;
use super::report::Report;
use super::vocabulary::Vocabulary;
use crate::ast::{self, Name};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::typed::{EffectKind, Rule, RuleId};
use std::collections::BTreeMap;

/// The most rules and exceptions.
const RULES: usize = 16_384;
/// The most parents of an exception.
const PARENTS: usize = 8;
/// How deep exceptions stand below a rule.
const DEPTH: usize = 6;

/// The rules of a policy, and what their conditions mention.
pub(super) struct Rules {
    /// The rules, in order.
    pub(super) rules: Vec<Rule>,
    /// For each rule the answers its own condition mentions.
    pub(super) answers: Vec<Bits>,
    /// The rules in an order in which parents come first.
    pub(super) sorted: Vec<RuleId>,
}

/// Checks the rules.
pub(super) fn rules(written: &[(Placed<'_>, AnyRule<'_>)], vocabulary: &Vocabulary, report: &mut Report) -> Rules {
    if let Some((_, extra)) = written.get(RULES) {
        let message = format!("a policy has at most {RULES} rules and exceptions, and this one has {}", written.len());
        report.push(Diagnostic::new(codes::KW130, extra.name().span, message).at("the first too many"));
    }
    let names: BTreeMap<&str, RuleId> =
        written.iter().take(RULES).enumerate().map(|(id, (_, rule))| (rule.name().text.as_str(), id)).collect();
    let mut rules = Rules { rules: Vec::new(), answers: Vec::new(), sorted: Vec::new() };
    for (placed, any) in written.iter().take(RULES) {
        let (mut rule, answers) = rule(any, &names, vocabulary, report);
        rule.span = placed.item.span;
        rules.rules.push(rule);
        rules.answers.push(answers);
    }
    let parents: Vec<Vec<RuleId>> = rules.rules.iter().map(|rule| rule.parents.clone()).collect();
    let order = order(&parents);
    report_circle(&order.circle, &rules.rules, report);
    rules.sorted = order.sorted;
    report_depth(&rules, report);
    for ((_, any), rule) in written.iter().zip(&rules.rules) {
        if let AnyRule::Exception(exception) = any {
            report_below(exception, rule, &rules.rules, vocabulary, report);
        }
    }
    rules
}

impl<'a> AnyRule<'a> {
    /// Its name.
    pub(super) fn name(&self) -> &'a Name {
        match self {
            AnyRule::Rule(rule) => &rule.name,
            AnyRule::Exception(exception) => &exception.name,
        }
    }
}

fn rule(
    any: &AnyRule<'_>,
    names: &BTreeMap<&str, RuleId>,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> (Rule, Bits) {
    let (name, description, (parents, parents_span), when, said, because, cite, speaker) = match any {
        AnyRule::Rule(rule) => {
            let ast::Rule { name, text, condition, effects, because, cite } = rule;
            (name, text, (Vec::new(), name.span), condition, effects, because, cite, Speaker::Rule)
        }
        AnyRule::Exception(exception) => {
            let ast::Exception { name, text, condition, effects, because, cite, .. } = exception;
            let place = exception.parents.first().zip(exception.parents.last());
            let place = place.map_or(name.span, |(first, last)| first.span.to(last.span));
            let parents = (parents(exception, names, report), place);
            (name, text, parents, condition, effects, because, cite, Speaker::Exception)
        }
    };
    let when = when.as_ref().map(|when| condition(when, Place::Anywhere, Bits::default(), vocabulary, report));
    let Condition { all, mentions, .. } = when.unwrap_or_default();
    let (decision, effects) = effects(said, speaker, vocabulary, report).unwrap_or_default();
    let rule = Rule {
        name: name.text.clone(),
        text: text(description.as_ref()),
        decision,
        parents,
        parents_span,
        condition: all,
        effects,
        because: because.text.clone(),
        cite: text(cite.as_ref()),
        span: name.span,
        name_span: name.span,
    };
    (rule, mentions.answers)
}

fn parents(exception: &ast::Exception, names: &BTreeMap<&str, RuleId>, report: &mut Report) -> Vec<RuleId> {
    let mut found: Vec<RuleId> = Vec::new();
    for (at, parent) in exception.parents.iter().enumerate() {
        if at == PARENTS {
            let message = format!("an exception has at most {PARENTS} parents");
            report.push(Diagnostic::new(codes::KW130, parent.span, message).at("the first too many"));
            break;
        }
        let Some(&id) = names.get(parent.text.as_str()) else {
            report.unknown("rule or exception", &parent.text, parent.span, names.keys().copied());
            continue;
        };
        if found.contains(&id) {
            report.push(Diagnostic::new(codes::KW122, parent.span, format!("`{}` stands here twice", parent.text)));
            continue;
        }
        found.push(id);
    }
    found
}

fn report_circle(circle: &[RuleId], rules: &[Rule], report: &mut Report) {
    let Some((first, others)) = circle.split_first() else { return };
    let names = listed(circle.iter().map(|id| rules[*id].name.as_str()));
    let message = match others {
        [] => format!("`{names}` cannot be an exception to itself"),
        _ => format!("these exceptions stand below each other: {names}"),
    };
    let mut diagnostic = Diagnostic::new(codes::KW134, rules[*first].name_span, message);
    for id in others {
        diagnostic = diagnostic.label(rules[*id].name_span, "one of them");
    }
    report.push(diagnostic.hint("an exception is to a rule, or to an exception that does not depend on it"));
}

fn report_depth(rules: &Rules, report: &mut Report) {
    let mut depths = vec![0_usize; rules.rules.len()];
    for &id in &rules.sorted {
        let rule = &rules.rules[id];
        let depth = rule.parents.iter().map(|parent| depths[*parent] + 1).max().unwrap_or(0);
        depths[id] = depth;
        if depth == DEPTH + 1 {
            let message = format!("exceptions stand at most {DEPTH} deep below a rule, and `{}` one deeper", rule.name);
            report.push(
                Diagnostic::new(codes::KW130, rule.name_span, message).hint("write a rule with the whole condition"),
            );
        }
    }
}

/// An exception belongs to the decision of its parents, and omits only what one of them includes.
fn report_below(exception: &ast::Exception, rule: &Rule, rules: &[Rule], vocabulary: &Vocabulary, report: &mut Report) {
    let decision = |id: usize| vocabulary.schema.decisions.get(id).map_or("", |decision| decision.name.as_str());
    for parent in rule.parents.iter().map(|parent| &rules[*parent]) {
        if parent.decision != rule.decision && !rule.effects.is_empty() && !parent.effects.is_empty() {
            let message = format!(
                "`{}` says something about `{}`, and `{}` about `{}`",
                rule.name,
                decision(rule.decision),
                parent.name,
                decision(parent.decision)
            );
            let written = exception.parents.iter().find(|name| name.text == parent.name);
            report.push(
                Diagnostic::new(codes::KW134, written.map_or(rule.name_span, |name| name.span), message)
                    .label(parent.name_span, "declared here")
                    .note("an exception changes the decision of the rule it is an exception to"),
            );
        }
    }
    for effect in &rule.effects {
        let EffectKind::Omit(mask) = effect.kind else { continue };
        let included =
            rule.parents.iter().flat_map(|parent| &rules[*parent].effects).fold(0, |all, other| match other.kind {
                EffectKind::Include(mask) if other.answer == effect.answer => all | mask,
                _ => all,
            });
        if mask & !included != 0 {
            report_omit(rule, effect.answer, mask & !included, effect.span, rules, vocabulary, report);
        }
    }
}

fn report_omit(
    rule: &Rule,
    answer: usize,
    missing: u32,
    span: Span,
    rules: &[Rule],
    vocabulary: &Vocabulary,
    report: &mut Report,
) {
    let Some(answer) = vocabulary.schema.decisions.get(rule.decision).and_then(|decision| decision.answers.get(answer))
    else {
        return;
    };
    let labels = answer.kind.labels().iter().enumerate().filter(|(at, _)| missing & (1 << at) != 0);
    let names = listed(labels.map(|(_, label)| label.name.as_str()));
    let message = format!("no rule that `{}` is an exception to includes {names} in `{}`", rule.name, answer.name);
    let mut diagnostic = Diagnostic::new(codes::KW136, span, message);
    for parent in rule.parents.iter().take(4) {
        diagnostic = diagnostic.label(rules[*parent].name_span, "a parent");
    }
    report.push(
        diagnostic
            .note("`omit` takes out what a direct parent includes, and nothing another rule includes")
            .hint("name the rule that includes it as a parent, or leave the `omit` out"),
    );
}
