//! P1: the shares that rules and terms speak for, against the oracle on every request of small policies. The oracle counts the
//! requests that stand for others, so policies are taken whose every request stands for itself.

use keyward::analyze::analyze;
use keyward::diagnostic::Diagnostic;
use keyward::eval;
use keyward::lower::lower;
use keyward::schema::Type;
use keyward::survey::survey;
use keyward::typed::Policy;
use keyward::value::{Part, Source};
use keyward_tests::{differential, generate, tables};

/// Whether the requests that are tried are all there are.
fn is_finite(policy: &Policy) -> bool {
    policy.schema.inputs.iter().all(|input| matches!(input.ty, Type::YesNo | Type::OneOf(_) | Type::SetOf(_)))
}

#[test]
fn p1_a_survey_counts_what_the_oracle_counts() {
    let (mut policies, mut rules, mut terms) = (0, 0, 0);
    for seed in 0..20_000 {
        let text = generate::policy(seed).text();
        let Ok(policy) = differential::read(std::slice::from_ref(&text)) else { continue };
        if !is_finite(&policy) {
            continue;
        }
        let Ok(mut model) = lower(&policy) else { continue };
        if analyze(&policy, &mut model).diagnostics.iter().any(Diagnostic::is_error) {
            continue;
        }
        let Some(requests) = tables::requests(&policy, 2_000) else { continue };
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
