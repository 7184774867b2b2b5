//! Proofs of asserts against the plain evaluator: what is proved holds for every request that is tried, and every
//! counter-example and witness is one. `KEYWARD_CASES` sets the number of policies, for longer runs.

use keyward::analyze::{AssertResult, analyze};
use keyward::eval;
use keyward::lower::lower;
use keyward::model::Form;
use keyward::schema::{AnswerKind, Schema, Type};
use keyward::typed::{AnswerValue, AssertKind, Policy};
use keyward::value::{Request, Status};
use keyward_tests::differential::{read, setting};
use keyward_tests::generate::{self, Random, Requests, from_json};
use std::collections::BTreeMap;

/// Requests tried for each policy.
const REQUESTS: usize = 60;

/// A random policy with asserts about its own rules' conditions, answers and inputs, in four forms.
fn promising(seed: u64) -> Option<(Policy, Policy)> {
    let source = generate::policy(seed);
    let plain = read(&[source.text()]).ok()?;
    let mut random = Random::new(seed ^ 0x9E1);
    let rules = source.paragraphs.iter().filter(|it| it.kind == "rule");
    let conditions: Vec<String> = rules
        .filter_map(|it| it.text.split_once(" when ")?.1.split_once("\n  then").map(|it| it.0.to_string()))
        .filter(|condition| !condition.contains('\n'))
        .collect();
    let mut text = source.text();
    for number in 0..6 {
        let condition = random.pick(&conditions).cloned().unwrap_or_else(|| "any of\n    - x".to_string());
        let Some(answer) = answer(&plain.schema, &mut random) else { continue };
        let Some(other) = answer_of_value(&plain.schema, &mut random) else { continue };
        text += &match random.below(4) {
            0 => format!("assert p{number} never {condition} and {answer}\n"),
            1 => format!("assert p{number} always if {condition} then {answer}\n"),
            2 => format!("assert p{number} possible {condition} and {answer}\n"),
            _ => match change(&plain.schema, &mut random) {
                Some(change) => format!("assert p{number} if {change} then {other}\n"),
                None => format!("assert p{number} possible {answer}\n"),
            },
        };
    }
    Some((read(&[text]).ok()?, plain))
}

/// `d.a is v`, or `d.a include v`.
fn answer(schema: &Schema, random: &mut Random) -> Option<String> {
    let (name, kind) = any_answer(schema, random)?;
    let label = random.pick(kind.labels()).map(|label| label.name.clone());
    Some(match (kind, label) {
        (AnswerKind::SetOf(_), Some(label)) => format!("{name} include {label}"),
        (_, Some(label)) => format!("{name} is {label}"),
        (AnswerKind::OneOf { .. }, None) => format!("{name} is yes"),
        _ => format!("{name} is at most 1 hour"),
    })
}

/// `d.a never becomes v`.
fn answer_of_value(schema: &Schema, random: &mut Random) -> Option<String> {
    let (name, kind) = any_answer(schema, random)?;
    let label = random.pick(kind.labels())?;
    Some(match kind {
        AnswerKind::SetOf(_) => format!("{name} never include {}", label.name),
        _ => format!("{name} never becomes {}", label.name),
    })
}

fn any_answer<'s>(schema: &'s Schema, random: &mut Random) -> Option<(String, &'s AnswerKind)> {
    let all = schema.decisions.iter().flat_map(|decision| {
        decision.answers.iter().map(|answer| (format!("{}.{}", decision.name, answer.name), &answer.kind))
    });
    random.pick(&all.collect::<Vec<_>>()).cloned()
}

/// `input changes from v to w`.
fn change(schema: &Schema, random: &mut Random) -> Option<String> {
    let lists: Vec<_> = schema
        .inputs
        .iter()
        .filter_map(|input| match &input.ty {
            Type::OneOf(labels) if labels.len() > 1 => Some((input.name.clone(), labels)),
            _ => None,
        })
        .collect();
    let (name, labels) = random.pick(&lists)?;
    let from = random.pick(labels)?.name.clone();
    let others: Vec<&str> = labels.iter().map(|label| label.name.as_str()).filter(|other| *other != from).collect();
    Some(format!("{name} changes from {from} to {}", random.pick(&others)?))
}

/// Whether an assert speaks against a request; for `possible`, for it.
fn shows(policy: &Policy, kind: &AssertKind, request: &Request) -> Option<bool> {
    let holds = |all| eval::holds(policy, all, request).ok();
    if !eval::is_valid(policy, request) {
        return Some(false);
    }
    Some(match kind {
        AssertKind::Never(a) | AssertKind::Possible(a) => holds(a)?,
        AssertKind::AlwaysIf(a, b) => holds(a)? && !holds(b)?,
        AssertKind::Changes { input, from, to, decision, answer, becomes } => {
            let mut moved = request.clone();
            moved.values[*input] = Some(to.clone());
            if request.get(*input) != Some(from) || !eval::is_valid(policy, &moved) {
                return Some(false);
            }
            let has = |request: &Request| {
                let outcome = eval::decide(policy, *decision, request).ok()?;
                let own = outcome.answers.get(*answer)?;
                Some(outcome.status == Status::Ok && is(own, becomes))
            };
            !has(request)? && has(&moved)?
        }
        AssertKind::Unchanged { .. } => return None,
    })
}

/// Whether an answer is a value, or has a member.
fn is(own: &AnswerValue, wanted: &AnswerValue) -> bool {
    match (own, wanted) {
        (AnswerValue::Set(own), AnswerValue::Set(member)) => own & member == *member,
        _ => own == wanted,
    }
}

#[test]
fn proofs_and_their_evidence_are_true() {
    let wanted = setting("KEYWARD_CASES", 200);
    let (mut seed, mut policies) = (0, 0);
    let mut seen: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    while policies < wanted {
        seed += 1;
        let Some((policy, plain)) = promising(seed) else { continue };
        let Ok(mut model) = lower(&policy) else { continue };
        // The policy itself must be sound: the oracle has no word for a gap.
        let Ok(mut own) = lower(&plain) else { continue };
        if analyze(&plain, &mut own).diagnostics.iter().any(keyward::diagnostic::Diagnostic::is_error) {
            continue;
        }
        policies += 1;
        let report = analyze(&policy, &mut model);
        let maker = Requests::new(&policy);
        let mut random = Random::new(seed);
        let requests: Vec<Request> = (0..REQUESTS).map(|_| maker.complete(&mut random)).collect();
        for result in &report.asserts {
            let assert = policy.asserts.iter().find(|assert| assert.span == result.span).expect("of this policy");
            check(&policy, &assert.kind, result, &requests)
                .unwrap_or_else(|why| panic!("seed {seed}, {}: {why}\n{result:?}\n{:?}", result.name, assert.kind));
            *seen.entry((result.form.word(), result.holds)).or_default() += 1;
        }
    }
    println!("{policies} policies up to seed {seed}: {seen:?}");
    for form in ["never", "always", "possible", "changes"] {
        for holds in [true, false] {
            assert!(seen.get(&(form, holds)).is_some_and(|count| *count > 3), "{form} {holds}: {seen:?}");
        }
    }
}

fn check(policy: &Policy, kind: &AssertKind, result: &AssertResult, requests: &[Request]) -> Result<(), String> {
    let possible = result.form == Form::Possible;
    let concerned = result.requests.requests != "0";
    if concerned != (result.holds == possible) {
        return Err("the count and the verdict disagree".to_string());
    }
    for request in requests {
        if shows(policy, kind, request) == Some(true) && !concerned {
            return Err(format!("{request:?} speaks against it"));
        }
    }
    let Some(evidence) = &result.evidence else {
        return if concerned { Err("there is no evidence".to_string()) } else { Ok(()) };
    };
    let request = from_json(&policy.schema, &evidence.example.request).ok_or("the evidence is no request")?;
    if shows(policy, kind, &request) != Some(true) {
        return Err("the evidence shows nothing".to_string());
    }
    if let (AssertKind::Changes { input, to, .. }, Some(other)) = (kind, &evidence.other) {
        let moved = other.example.as_ref().and_then(|example| from_json(&policy.schema, &example.request));
        let mut wanted = request.clone();
        wanted.values[*input] = Some(to.clone());
        if moved != Some(wanted) {
            return Err("the other side is another request".to_string());
        }
    }
    Ok(())
}
