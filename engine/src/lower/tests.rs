//! Lowering of small policies written as typed trees, and of very many rules on few inputs.

use super::{lower, lower_within};
use crate::diagram::Ref;
use crate::model::{BLANK, CONFLICT, GAP, Model};
use crate::schema::{Answer, AnswerKind, Decision, Input, Label, Origin, Schema, Type};
use crate::span::Span;
use crate::typed::{self, All, AnswerValue, Clause, Effect, EffectKind, InputPredicate, InputTest, One, Policy, Rule};

fn labels(prefix: &str, count: u32) -> Vec<Label> {
    let label = |n| Label { name: format!("{prefix}{n}"), text: String::new(), span: Span::default() };
    (0..count).map(label).collect()
}

fn input(name: &str, ty: Type) -> Input {
    Input {
        name: name.to_string(),
        text: String::new(),
        origin: Origin::Input,
        ty,
        optional: false,
        fixed: false,
        default: None,
        pinned: None,
        span: Span::default(),
    }
}

fn answer(name: &str, kind: AnswerKind, only_when: Option<(usize, u8)>) -> Answer {
    Answer { name: name.to_string(), text: String::new(), kind, only_when, span: Span::default() }
}

fn policy(inputs: Vec<Input>, answers: Vec<Answer>, rules: Vec<Rule>) -> Policy {
    let unsure = answers.iter().map(|_| AnswerValue::Choice(0)).collect();
    Policy {
        edition: 2026,
        name: "test.policy".to_string(),
        version: 1,
        title: String::new(),
        refines: None,
        files: Vec::new(),
        schema: Schema {
            inputs,
            decisions: vec![Decision {
                name: "decide".to_string(),
                text: String::new(),
                answers,
                span: Span::default(),
            }],
            identifiers: Vec::new(),
        },
        calendars: Vec::new(),
        terms: Vec::new(),
        assumes: Vec::new(),
        decisions: vec![typed::Decision {
            normally: None,
            unsure,
            unsure_because: String::new(),
            unsure_span: Span::default(),
        }],
        rules,
        tests: Vec::new(),
        asserts: Vec::new(),
        span: Span::default(),
    }
}

fn test(input: usize, predicate: InputPredicate) -> Clause {
    Clause::One(One::Input(InputTest { input, predicate, negated: false, span: Span::default() }))
}

fn rule(name: &str, parents: &[usize], clauses: Vec<Clause>, effects: &[(usize, EffectKind)]) -> Rule {
    Rule {
        name: name.to_string(),
        text: String::new(),
        decision: 0,
        parents: parents.to_vec(),
        parents_span: Span::default(),
        condition: All { clauses, span: Span::default() },
        effects: effects.iter().map(|&(answer, kind)| Effect { answer, kind, span: Span::default() }).collect(),
        because: "Because.".to_string(),
        cite: String::new(),
        span: Span::default(),
        name_span: Span::default(),
    }
}

fn strictest(count: u32) -> AnswerKind {
    AnswerKind::Strictest(labels("level", count))
}

fn root(model: &Model, answer: usize) -> Ref {
    model.decisions[0].answers[answer].roots[0]
}

#[test]
fn p1_exceptions_speak_before_their_rule_and_silence_is_a_gap() {
    let one_of = AnswerKind::OneOf { values: labels("v", 3), yes_no: false };
    let rules = vec![
        rule("base", &[], vec![test(0, InputPredicate::OneOf(vec![0, 1, 2]))], &[(0, EffectKind::Choice(0))]),
        rule("except", &[0], vec![test(1, InputPredicate::OneOf(vec![1]))], &[(0, EffectKind::Choice(1))]),
        rule("sibling", &[0], vec![test(0, InputPredicate::OneOf(vec![2]))], &[(0, EffectKind::Choice(2))]),
    ];
    let inputs = vec![input("kind", Type::OneOf(labels("k", 4))), input("flag", Type::YesNo)];
    let model = lower(&policy(inputs, vec![answer("a", one_of, None)], rules)).expect("small enough");
    let at = |kind: u32, flag: u32| model.forest.value(root(&model, 0), |c| [kind, flag][usize::from(c)]);
    assert_eq!([at(0, 0), at(1, 0), at(2, 0), at(3, 0)], [0, 0, 2, GAP]);
    assert_eq!([at(0, 1), at(1, 1), at(2, 1), at(3, 1)], [1, 1, CONFLICT, GAP]);
}

#[test]
fn p1_an_answer_is_blank_unless_the_earlier_one_allows_it() {
    let duration = AnswerKind::Shortest(10_080);
    let rules = vec![
        rule("low", &[], vec![], &[(0, EffectKind::Choice(0)), (1, EffectKind::Duration(240))]),
        rule("high", &[], vec![test(0, InputPredicate::Between(7, 9))], &[(0, EffectKind::Choice(1))]),
        rule("short", &[], vec![test(0, InputPredicate::Between(3, 9))], &[(1, EffectKind::Duration(60))]),
    ];
    let answers = vec![answer("a", strictest(2), None), answer("back", duration, Some((0, 0)))];
    let model = lower(&policy(vec![input("n", Type::Number(0, 9))], answers, rules)).expect("small enough");
    assert_eq!(model.coordinates[0].classes, 3);
    assert_eq!(model.coordinates[0].weights, [3, 4, 3]);
    assert_eq!(model.decisions[0].answers[1].durations, [60, 240]);
    let at = |class: u32| model.forest.value(root(&model, 1), |_| class);
    assert_eq!([at(0), at(1), at(2)], [1, 0, BLANK]);
}

#[test]
fn w_ten_thousand_rules_on_three_inputs_lower_fast() {
    let mut seed = 7u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut rules = Vec::new();
    for n in 0..10_000 {
        let clauses = vec![
            test(0, InputPredicate::OneOf(vec![next(12) as u32])),
            test(1, InputPredicate::OneOf(vec![next(20) as u32])),
            test(2, InputPredicate::Between(next(168) as i64, 167)),
        ];
        rules.push(rule(&format!("r{n}"), &[], clauses, &[(0, EffectKind::Choice(next(4) as u8))]));
    }
    let inputs = vec![
        input("role", Type::OneOf(labels("r", 12))),
        input("door", Type::OneOf(labels("d", 20))),
        input("hour", Type::Number(0, 167)),
    ];
    let policy = policy(inputs, vec![answer("a", strictest(4), None)], rules);
    let model = lower(&policy).expect("few inputs stay small");
    assert!(model.forest.size(&[root(&model, 0)]).nodes <= 12 * 20 + 12 + 1);
}

/// Rules that test two to four of 24 inputs drawn at random: the shape that entangles everything.
fn soup() -> Policy {
    let mut seed = 7u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut rules = Vec::new();
    for n in 0..30 {
        let tests = 2 + next(3);
        let clauses = (0..tests).map(|_| test(next(24) as usize, InputPredicate::OneOf(vec![next(4) as u32])));
        rules.push(rule(&format!("r{n}"), &[], clauses.collect(), &[(0, EffectKind::Choice(next(4) as u8))]));
    }
    let inputs = (0..24).map(|n| input(&format!("i{n}"), Type::OneOf(labels("v", 4)))).collect();
    policy(inputs, vec![answer("a", strictest(4), None)], rules)
}

#[test]
fn b1_a_policy_that_does_not_fit_is_refused_by_the_names_of_its_inputs() {
    let found = lower_within(&soup(), 300).expect_err("300 nodes are too few");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.to_string(), "KW200");
    assert!(found[0].message.contains("`i"), "{}", found[0].message);
    assert!(!found[0].labels.is_empty());
}
