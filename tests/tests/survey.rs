//! P1: the shares that rules and terms speak for, against the oracle on every single request of policies small enough for it.

use keyward::analyze::analyze;
use keyward::diagnostic::Diagnostic;
use keyward::eval;
use keyward::lower::lower;
use keyward::schema::{Type, Value};
use keyward::survey::survey;
use keyward::typed::Policy;
use keyward::value::{Part, Request, Source};
use keyward_tests::{differential, generate};

/// Every request there is, if all inputs have few values and there are at most so many.
fn requests(policy: &Policy, most: usize) -> Option<Vec<Request>> {
    let mut all = vec![Request::default()];
    for (number, input) in policy.schema.inputs.iter().enumerate() {
        let mut values: Vec<Value> = match &input.ty {
            Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
            Type::OneOf(labels) => (0..labels.len()).map(|label| Value::Choice(label as u8)).collect(),
            Type::SetOf(labels) => (0..1u32 << labels.len()).map(Value::Set).collect(),
            _ => return None,
        };
        // `not set` weighs as much as all set values together.
        if input.optional {
            values.extend(vec![Value::NotSet; values.len()]);
        }
        if all.len() * values.len() > most {
            return None;
        }
        let longer = all.iter().flat_map(|request| {
            values.iter().map(move |value| {
                let mut request = request.clone();
                request.set(number, value.clone());
                request
            })
        });
        all = longer.collect();
    }
    Some(all)
}

#[test]
fn p1_a_survey_counts_what_the_oracle_counts() {
    let (mut policies, mut rules, mut terms) = (0, 0, 0);
    for seed in 0..20_000 {
        let text = generate::policy(seed).text();
        let Ok(policy) = differential::read(std::slice::from_ref(&text)) else { continue };
        let Some(requests) = requests(&policy, 2_000) else { continue };
        let Ok(mut model) = lower(&policy) else { continue };
        if analyze(&policy, &mut model).diagnostics.iter().any(Diagnostic::is_error) {
            continue;
        }
        let found = survey(&policy, &mut model).expect("it is small");
        let mut decides = vec![0u64; policy.rules.len()];
        let mut holds = vec![0u64; policy.terms.len()];
        for request in requests.iter().filter(|request| eval::is_valid(&policy, request)) {
            for decision in 0..policy.schema.decisions.len() {
                let outcome = eval::decide(&policy, decision, request).expect("it is decided");
                for (part, source) in &outcome.why {
                    if let (Part::Deciding, Source::Rule(rule)) = (part, source) {
                        decides[*rule] += 1;
                    }
                }
            }
            for (term, own) in policy.terms.iter().enumerate() {
                holds[term] += u64::from(eval::holds(&policy, &own.condition, request).expect("it is decided"));
            }
        }
        for (rule, expected) in found.rules.iter().zip(&decides) {
            assert_eq!(rule.decides.requests, expected.to_string(), "seed {seed}, rule {}\n{text}", rule.name);
            let applies: u64 = rule.applies.requests.parse().expect("digits");
            assert!(applies >= *expected, "seed {seed}, rule {}", rule.name);
        }
        for (term, expected) in found.terms.iter().zip(&holds) {
            if let Some(count) = &term.holds {
                assert_eq!(count.requests, expected.to_string(), "seed {seed}, term {}\n{text}", term.name);
                terms += 1;
            }
        }
        policies += 1;
        rules += decides.len();
        if policies == 200 {
            break;
        }
    }
    println!("{policies} policies, {rules} rules, {terms} terms");
    assert!(policies >= 50 && rules > 100, "{policies} policies, {rules} rules, {terms} terms");
}
