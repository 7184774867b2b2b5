//! Oracle, diagram, table and module say the same of every request (P2); partly known requests; planted bugs are found.
//! `KEYWARD_CASES` sets the number of policies and `KEYWARD_SEED` the first of them, for longer runs.

use keyward::emit::{Options, emit};
use keyward_tests::differential::partial::{self, Compared};
use keyward_tests::differential::planted::BUGS;
use keyward_tests::differential::{
    Built, Tally, agrees, build, build_policy, compare_many, diagram, miscounted, module, oracle, read, run, setting,
};
use keyward_tests::generate::{self, Random, Requests, to_json};

/// P2: 2,000 policies with 50 requests each are at least 100,000 decisions.
#[test]
fn p2_differential() {
    let policies = setting("KEYWARD_CASES", 2_000) as u64;
    let first = setting("KEYWARD_SEED", 0) as u64;
    // Compiling a module to machine code takes longer than thousands of decisions: every 20th policy runs under wasmtime too.
    let share = setting("KEYWARD_MODULE_SHARE", 20) as u64;
    let further = |seed: u64, built: &Built| {
        if seed.is_multiple_of(share) { module::compare(seed, built, 50) } else { Ok(0) }
    };
    let tally = run(first..first + policies, 50, &further);
    println!("seeds {first} to {}: {tally}", first + policies - 1);
    assert!(tally.differences.is_empty(), "{}", tally.differences[0]);
    assert!(tally.wrong.is_empty(), "refused, and not for a gap or conflict: {:?}", tally.wrong);
    assert!(tally.decisions >= 50 * policies as usize * 9 / 10, "too few decisions: {tally}");
    assert!(tally.ok * 2 > tally.decisions, "too few requests are valid: {tally}");
    assert!(tally.further as u64 >= 40 * policies / share / 2, "too few decisions in modules: {tally}");
    assert!(tally.refuted > 0 || policies < 200, "no policy was refused, so no refusal was confirmed");
}

/// Partly known requests: what the table finds possible is what trying every completion finds.
#[test]
fn p2_partial_is_every_completion() {
    let (mut same, mut several, mut skipped) = (0, 0, 0);
    for seed in 0..setting("KEYWARD_CASES", 250) as u64 {
        let Ok(built) = build(&[generate::policy(seed).text()]) else { continue };
        let maker = Requests::new(&built.policy);
        let mut random = Random::new(seed);
        for _ in 0..4 {
            let complete = maker.complete(&mut random);
            let request = maker.forget(&mut random, &complete, 3);
            for decision in 0..built.policy.schema.decisions.len() {
                match partial::compare(&built, &maker, decision, &request) {
                    Compared::Same(valid) => {
                        same += 1;
                        several += usize::from(valid > 1);
                    }
                    Compared::Skipped => skipped += 1,
                    Compared::Different(how) => {
                        let json = to_json(&built.policy.schema, &request);
                        panic!("seed {seed}, decision {decision}: {how}\n{json}\n{}", generate::policy(seed).text());
                    }
                }
            }
        }
    }
    println!("{same} the same, {several} of them with several completions, {skipped} skipped");
    assert!(several > skipped / 4, "too few: {several} of {same}, {skipped} skipped");
}

/// A checker that cannot fail proves nothing (Q1): each planted bug is found by comparing a few thousand decisions.
#[test]
fn q1_planted_bugs_are_found() {
    let mut missed = Vec::new();
    for (name, plant) in BUGS {
        let found = (0..1_500u64).find(|seed| {
            let texts = vec![generate::policy(*seed).text()];
            let Ok(truth) = read(&texts) else { return false };
            let mut wrong = truth.clone();
            plant(&mut wrong);
            if wrong == truth {
                return false;
            }
            // A policy that a wrong compiler refuses tells nothing here.
            let Ok(built) = build_policy(wrong) else { return false };
            let mut tally = Tally::default();
            compare_many(*seed, &texts, &truth, &built, 30, &mut tally);
            !tally.differences.is_empty()
        });
        match found {
            Some(seed) => println!("{name}: found with seed {seed}"),
            None => missed.push(*name),
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}

/// Q1 for the algebra of the diagrams: mistakes in the diagrams themselves are seen by asking the oracle; where the
/// straight-line form is made, making the module notices too, for that form comes from the rules and not from the diagrams.
#[test]
fn q1_planted_bugs_in_diagrams_are_found() {
    let mut missed = Vec::new();
    for (name, plant) in miscounted::BUGS {
        let (mut planted, mut noticed, mut first) = (0, 0, None);
        for seed in 0..400u64 {
            let Ok(mut built) = build(&[generate::policy(seed).text()]) else { continue };
            let mut random = Random::new(seed);
            if !plant(&mut built.model, &mut random) {
                continue;
            }
            planted += 1;
            let refused = emit(&built.model, Options { strip: true }).is_err();
            noticed += usize::from(refused);
            let maker = Requests::new(&built.policy);
            let differs = (0..60).any(|_| {
                let request = maker.complete(&mut random);
                (0..built.policy.schema.decisions.len()).any(|decision| {
                    let expected = oracle(&built.policy, decision, &request);
                    let found = diagram::decide(&built.model, decision, &request);
                    expected.is_ok_and(|expected| !agrees(&expected, &found))
                })
            });
            if differs && first.is_none() {
                first = Some(seed);
            }
            if first.is_some() && planted >= 20 {
                break;
            }
        }
        match first {
            Some(seed) => println!("{name}: found with seed {seed}; making the module noticed {noticed} of {planted}"),
            None => missed.push(*name),
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}
