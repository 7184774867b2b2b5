//! `keyward diff` against brute force: every distinguishable request of both versions, decided by the plain evaluator.
//! `KEYWARD_CASES` sets the number of pairs and `KEYWARD_SEED` the first seed, for longer runs.

use keyward::compare::{Direction, Part};
use keyward::schema::Value;
use keyward_tests::comparison::edit::EDITS;
use keyward_tests::comparison::{Compared, Tally, compared};
use keyward_tests::differential::{read, setting};
use keyward_tests::generate::{self, Random, Requests};
use std::collections::BTreeMap;

/// Pairs with more distinguishable requests are not enumerated.
const MOST_POINTS: u64 = 1_500;

/// A pair: a random policy, and the same after one or two edits.
fn pair(seed: u64) -> Option<(Compared, &'static str)> {
    let old = read(&[generate::policy(seed % 4_000).text()]).ok()?;
    let mut random = Random::new(seed);
    let mut new = old.clone();
    let (name, edit) = random.pick(EDITS)?;
    edit(&mut new, &mut random);
    for _ in 0..random.below(3) {
        random.pick(EDITS)?.1(&mut new, &mut random);
    }
    let (old, new) = if random.chance(50) { (old, new) } else { (new, old) };
    compared(&old, &new, MOST_POINTS).map(|compared| (compared, *name))
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
        let tally = compared.check().unwrap_or_else(|why| {
            panic!("seed {seed}, {edit}: {why}\n{:?}\n{:?}", compared.comparison.vocabulary, compared.comparison.rules)
        });
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
    println!(
        "{pairs} pairs up to seed {seed}, {changing} of them change; {total:?}; {random_requests} random requests"
    );
    println!("{edits:?}");
    assert!(changing * 4 > pairs, "too few pairs change: {changing} of {pairs}");
    assert!(total.reasons > 0 && random_requests > pairs, "{total:?}, {random_requests}");
}

/// A value that only a pin of one version tells apart has a class of its own.
#[test]
fn a_pin_of_one_version_counts() {
    let text = "edition 2026\npolicy a.b version 1\n\nsetting level is a number from 1 to 9 default 2\n\ndecision d\n  \
        answer a is the strictest of x, y\n\nif unsure a is y\n\nnormally a is x\n  because \"So.\"\n\nrule r\n  \
        when level is at least 8\n  then a is y\n  because \"High.\"\n";
    let free = read(&[text.to_owned()]).expect("a policy");
    let mut pinned = free.clone();
    pinned.schema.inputs[0].pinned = Some(vec![Value::Number(2)]);
    for (old, new, only) in [(&pinned, &free, "after"), (&free, &pinned, "before")] {
        let compared = compared(old, new, MOST_POINTS).expect("a comparison");
        compared.check().expect("true");
        let said = &compared.comparison;
        let shift = if only == "after" { &said.newly_accepted } else { &said.no_longer_accepted };
        assert_eq!(
            (said.accepted.as_str(), shift.as_ref().map(|shift| shift.count.requests.as_str())),
            ("1", Some("8"))
        );
    }
}

/// A lie told of a comparison; false if there is nothing to lie about.
type Lie = fn(&mut Compared) -> bool;

/// Lies the check must see through (Q1).
const LIES: &[(&str, Lie)] = &[
    ("a region is merged with what is beside it", |compared| {
        let parts = compared.comparison.regions.iter_mut().flat_map(|region| &mut region.parts);
        let mut classes =
            parts.filter_map(|part| if let Part::Classes(_, allowed) = part { Some(allowed) } else { None });
        classes.next().and_then(|allowed| allowed.iter_mut().find(|allowed| !**allowed)).is_some_and(|one| {
            *one = true;
            true
        })
    }),
    ("a class of a region is lost", |compared| {
        let parts = compared.comparison.regions.iter_mut().flat_map(|region| &mut region.parts);
        let mut classes =
            parts.filter_map(|part| if let Part::Classes(_, allowed) = part { Some(allowed) } else { None });
        classes.next().and_then(|allowed| allowed.iter_mut().find(|allowed| **allowed)).is_some_and(|one| {
            *one = false;
            true
        })
    }),
    ("a name of a region is turned round", |compared| {
        let mut parts = compared.comparison.regions.iter_mut().flat_map(|region| &mut region.parts);
        parts.any(|part| match part {
            Part::Named(_, holds) => {
                *holds = !*holds;
                true
            }
            Part::Classes(..) => false,
        })
    }),
    ("a region is left out", |compared| compared.comparison.regions.pop().is_some()),
    ("blank is ignored", |compared| {
        let mut found = false;
        for answer in &mut compared.comparison.answers {
            let before = answer.rows.len();
            answer.rows.retain(|row| row.from != "blank" && row.to != "blank");
            found |= answer.rows.len() < before;
        }
        found
    }),
    ("a direction is turned round", |compared| {
        let directions = compared.comparison.regions.iter_mut().flat_map(|region| &mut region.directions);
        let mut ordered = directions.filter(|one| matches!(one, Direction::Stricter | Direction::Looser));
        ordered.next().is_some_and(|one| {
            *one = if *one == Direction::Stricter { Direction::Looser } else { Direction::Stricter };
            true
        })
    }),
    ("what changes is told the wrong way round", |compared| {
        let mut changes = compared.comparison.regions.iter_mut().flat_map(|region| &mut region.changes);
        changes.next().is_some_and(|change| {
            std::mem::swap(&mut change.from, &mut change.to);
            std::mem::swap(&mut change.added, &mut change.lost);
            true
        })
    }),
    ("other reasons are ignored", |compared| {
        let before = compared.comparison.regions.len();
        compared.comparison.regions.retain(|region| region.directions != [Direction::ReasonOnly]);
        compared.comparison.regions.len() < before
    }),
];

#[test]
fn q1_lies_about_a_comparison_are_found() {
    for (name, lie) in LIES {
        let mut tried = 0;
        for seed in 0..400 {
            let Some((mut compared, _)) = pair(seed) else { continue };
            if compared.comparison.more.is_some() || !lie(&mut compared) {
                continue;
            }
            tried += 1;
            assert!(compared.check().is_err(), "{name}: believed with seed {seed}");
            if tried == 3 {
                break;
            }
        }
        println!("{name}: found {tried} times");
        assert!(tried > 0, "{name}: never tried");
    }
}
