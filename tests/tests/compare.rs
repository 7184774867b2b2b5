//! `keyward diff` against brute force: every distinguishable request of both versions, decided by the plain evaluator.
//! `KEYWARD_CASES` sets the number of pairs and `KEYWARD_SEED` the first seed, for longer runs.

use keyward_tests::comparison::edit::EDITS;
use keyward_tests::comparison::{Compared, Tally, compared};
use keyward_tests::differential::{read, setting};
use keyward_tests::generate::{self, Random, Requests};
use std::collections::BTreeMap;

/// Pairs with more distinguishable requests are not enumerated.
const MOST_POINTS: u64 = 3_000;

/// A pair: a random policy, and the same after one or two edits.
fn pair(seed: u64) -> Option<(Compared, &'static str)> {
    let old = read(&[generate::policy(seed % 4_000).text()]).ok()?;
    let mut random = Random::new(seed);
    let mut new = old.clone();
    let (name, edit) = random.pick(EDITS)?;
    edit(&mut new, &mut random);
    if random.chance(25) {
        random.pick(EDITS)?.1(&mut new, &mut random);
    }
    let (old, new) = if random.chance(50) { (old, new) } else { (new, old) };
    let small = |compared: &Compared| compared.points().is_some_and(|points| points <= MOST_POINTS);
    compared(&old, &new).filter(small).map(|compared| (compared, *name))
}

/// Changed requests, matrices, regions, reasons and examples are what trying every request finds.
#[test]
fn comparison_is_every_request() {
    let wanted = setting("KEYWARD_CASES", 500);
    let mut seed = setting("KEYWARD_SEED", 0) as u64;
    let (mut pairs, mut changing, mut random_requests, mut total) = (0, 0, 0, Tally::default());
    let mut edits: BTreeMap<&str, usize> = BTreeMap::new();
    while pairs < wanted {
        seed += 1;
        let Some((compared, edit)) = pair(seed) else { continue };
        let tally = compared.check().unwrap_or_else(|why| panic!("seed {seed}, {edit}: {why}\n{:?}\n{:?}", compared.comparison.vocabulary, compared.comparison.rules));
        let maker = Requests::new(&compared.new);
        let mut random = Random::new(seed);
        for _ in 0..30 {
            let request = maker.complete(&mut random);
            let tried = compared.check_request(&request);
            random_requests += usize::from(tried.unwrap_or_else(|why| panic!("seed {seed}, {edit}: {why}")));
        }
        pairs += 1;
        changing += usize::from(tally.changed > 0);
        *edits.entry(edit).or_default() += usize::from(tally.changed + tally.reasons > 0);
        total.requests += tally.requests;
        total.changed += tally.changed;
        total.reasons += tally.reasons;
    }
    println!("{pairs} pairs up to seed {seed}, {changing} of them change; {total:?}; {random_requests} random requests");
    println!("{edits:?}");
    assert!(changing * 3 > pairs, "too few pairs change: {changing} of {pairs}");
    assert!(total.reasons > 0 && random_requests > pairs, "{total:?}, {random_requests}");
}
