//! Explanations are so, on random policies small enough to try every request (P1); planted bugs are found (Q1).
//! `KEYWARD_CASES` sets how many policies are looked at, `KEYWARD_SEED` the first of them.

use keyward::explain::explain;
use keyward::schema::Type;
use keyward_tests::differential::{build, setting};
use keyward_tests::explained::{World, check, open, question, until};
use keyward_tests::generate::{self, Random, Requests, to_json};

/// Requests of a policy that are tried at most.
const LIMIT: usize = 1_500;

#[test]
fn p1_reasons_rules_and_flips_are_what_trying_every_request_finds() {
    let wanted = setting("KEYWARD_CASES", 500);
    let (mut policies, mut requests, mut seed) = (0, 0, setting("KEYWARD_SEED", 0) as u64);
    while policies < wanted {
        seed += 1;
        let Ok(mut built) = build(&[generate::policy(seed).text()]) else { continue };
        let truth = built.policy.clone();
        let maker = Requests::new(&truth);
        let mut random = Random::new(seed);
        let mut any = false;
        for _ in 0..2 {
            let request = maker.complete(&mut random);
            if !keyward::eval::is_valid(&truth, &request) {
                continue;
            }
            for decision in 0..truth.schema.decisions.len() {
                match check(&truth, &mut built, decision, &request, LIMIT) {
                    None => break,
                    Some(Ok(())) => (any, requests) = (true, requests + 1),
                    Some(Err(why)) => panic!(
                        "seed {seed}: {why}\n{}\n{}",
                        to_json(&truth.schema, &request),
                        generate::policy(seed).text()
                    ),
                }
            }
        }
        policies += usize::from(any);
    }
    println!("{policies} policies, {requests} requests, up to seed {seed}");
}

#[test]
fn p2_open_outcomes_and_the_next_question_are_what_every_completion_finds() {
    let wanted = setting("KEYWARD_CASES", 500);
    let (mut policies, mut asked, mut seed) = (0, 0, setting("KEYWARD_SEED", 0) as u64);
    while policies < wanted {
        seed += 1;
        let Ok(mut built) = build(&[generate::policy(seed).text()]) else { continue };
        let truth = built.policy.clone();
        let model = built.model.clone();
        let maker = Requests::new(&truth);
        let mut random = Random::new(seed);
        let mut any = false;
        for _ in 0..3 {
            let full = maker.complete(&mut random);
            let request = maker.forget(&mut random, &full, 4);
            if !keyward::eval::is_valid(&truth, &full) || request.is_complete() {
                continue;
            }
            for decision in 0..truth.schema.decisions.len() {
                let Some(world) = World::new(&truth, &model, decision, &request, 4 * LIMIT) else { break };
                let said = explain(&built.policy, &mut built.model, &request, &question(decision, None));
                let said = said.expect("small policies fit every budget");
                asked += usize::from(said.open.is_some());
                any = true;
                if let Err(why) = open::check(&world, &said) {
                    let json = to_json(&truth.schema, &request);
                    panic!("seed {seed}: {why}\n{json}\n{}", generate::policy(seed).text());
                }
            }
        }
        policies += usize::from(any);
    }
    println!("{policies} policies, {asked} with a next question, up to seed {seed}");
    assert!(asked * 4 > policies, "too few requests are open");
}

/// W15: what was allowed is not allowed longer than the rules allow it. Every minute of three weeks, and beyond.
#[test]
fn w15_the_next_change_is_exact_to_the_minute() {
    let wanted = setting("KEYWARD_CASES", 60);
    let (mut policies, mut changes, mut seed) = (0, 0, setting("KEYWARD_SEED", 0) as u64);
    while policies < wanted {
        seed += 1;
        let Ok(mut built) = build(&[generate::policy(seed).text()]) else { continue };
        let truth = built.policy.clone();
        if !truth.schema.inputs.iter().any(|input| matches!(input.ty, Type::Moment(_))) {
            continue;
        }
        let maker = Requests::new(&truth);
        let mut random = Random::new(seed);
        policies += 1;
        for _ in 0..4 {
            let request = maker.complete(&mut random);
            if !keyward::eval::is_valid(&truth, &request) {
                continue;
            }
            for decision in 0..truth.schema.decisions.len() {
                let said = explain(&built.policy, &mut built.model, &request, &question(decision, None));
                let said = said.expect("small policies fit every budget");
                match until::check(&truth, decision, &request, &said, 21 * 1440) {
                    Ok(known) => changes += known,
                    Err(why) => {
                        let json = to_json(&truth.schema, &request);
                        panic!("seed {seed}: {why}\n{json}\n{}", generate::policy(seed).text());
                    }
                }
            }
        }
    }
    println!("{policies} policies with a moment, {changes} next changes, up to seed {seed}");
    assert!(changes * 2 > policies, "too few changes: {changes}");
}
