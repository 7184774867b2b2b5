//! Explanations are so, on random policies small enough to try every request (P1); planted bugs are found (Q1).
//! `KEYWARD_CASES` sets how many policies are looked at, `KEYWARD_SEED` the first of them.

use keyward::eval::fits;
use keyward::explain::{Fault, Question, explain};
use keyward::model::{Classifier, Model};
use keyward::schema::{Type, Value};
use keyward::typed::Policy;
use keyward::value::{Request, Status};
use keyward_tests::differential::{build, setting};
use keyward_tests::explained::{World, check, open, question, until};
use keyward_tests::generate::{self, Random, Requests, from_json, to_json};
use keyward_tests::repository;

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
                let Some(world) = World::new(&truth, &model, decision, &request, LIMIT) else { break };
                let answers = truth.schema.decisions[decision].answers.len();
                for answer in std::iter::once(None).chain((0..answers).map(Some)) {
                    let said = explain(&built.policy, &mut built.model, &request, &question(decision, answer));
                    let said = said.expect("small policies fit every budget");
                    asked += usize::from(answer.is_none() && said.open.is_some());
                    any = true;
                    if let Err(why) = open::check(&world, &said, answer) {
                        let json = to_json(&truth.schema, &request);
                        panic!("seed {seed}: {why}\n{json}\n{}", generate::policy(seed).text());
                    }
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

/// Sets, moments and what may be not set: what is changed twice is changed once, and its parts go together.
const PARTS: &str = "edition 2026
policy generated.base version 1
input roles is a set of a, b, c
optional input duties is a set of k, l
input now is a moment
input y is yes or no
input z is yes or no
setting house is yes or no default no
calendar office is monday to friday from 08:00 until 18:00
decision d
  answer x is one of p, q, r
if unsure d.x is q
normally x is q
  because \"No.\"
rule first_rule when roles include a and house is no and any of
    - roles include b and y is yes
    - z is yes
    - now is during office and y is yes
  then x is p
  because \"First.\"
rule second_rule when roles do not include a and roles include c and now is during office and duties is set
    and duties include k
  then x is r
  because \"Second.\"
";

/// People who are compared with each other.
const PEOPLE: &str = "edition 2026
policy generated.base version 1
input giver is a user
input taker is a user
input helper is a user
input y is yes or no
decision d
  answer x is one of p, q
  answer w is a set of k, l
if unsure d.x is q
normally x is q
  because \"No.\"
rule first_rule when giver is taker and y is no
  then x is p
  because \"First.\"
rule second_rule when helper is taker and helper is not \"u-1\"
  then w include k
  because \"Second.\"
rule third_rule when giver is \"u-1\" and helper is giver
  then w include l
  because \"Third.\"
";

/// Changes are counted by input: members of one set, and date and time of one moment, change together for the price of one;
/// people keep their names, also those who are the same as somebody whose name changes.
#[test]
fn p1_changes_are_counted_by_input() {
    for (text, limit) in [(PARTS, 60_000), (PEOPLE, 6_000)] {
        let mut built = build(&[text.to_owned()]).unwrap_or_else(|_| panic!("the policy builds"));
        let truth = built.policy.clone();
        for request in directed(&truth, text == PARTS) {
            let checked = check(&truth, &mut built, 0, &request, limit);
            assert_eq!(checked, Some(Ok(())), "{}", to_json(&truth.schema, &request));
        }
    }
}

/// People who are known stay apart, or the same, whoever the unknown ones are.
#[test]
fn p2_known_people_stay_who_they_are() {
    let mut built = build(&[PEOPLE.to_owned()]).unwrap_or_else(|_| panic!("the policy builds"));
    let (truth, model) = (built.policy.clone(), built.model.clone());
    for request in directed(&truth, false) {
        for unknown in 1..16u32 {
            let mut partly = request.clone();
            (0..4).filter(|input| unknown >> input & 1 == 1).for_each(|input| partly.values[input] = None);
            let world = World::new(&truth, &model, 0, &partly, 6_000).expect("few completions");
            for answer in [None, Some(0), Some(1)] {
                let said = explain(&built.policy, &mut built.model, &partly, &question(0, answer));
                let checked = open::check(&world, &said.expect("small policies fit every budget"), answer);
                assert_eq!(checked, Ok(()), "{}", to_json(&truth.schema, &partly));
            }
        }
    }
}

/// Requests that the directed policies were written for, and some at random.
fn directed(policy: &Policy, parts: bool) -> Vec<Request> {
    let person = |name: &str| Value::Identifier(name.to_owned());
    let no = Value::YesNo(false);
    let mut all = Vec::new();
    if parts {
        let now = Value::Moment(20_786, 1_200);
        for (roles, duties) in [(0, Value::NotSet), (4, Value::NotSet), (1, Value::Set(2))] {
            let values = [Value::Set(roles), duties, now.clone(), no.clone(), no.clone(), no.clone()];
            all.push(Request { values: values.into_iter().map(Some).collect() });
        }
    } else {
        for names in [["ann", "ann", "bob"], ["ann", "bob", "bob"], ["ann", "bob", "cid"], ["u-1", "ann", "ann"]] {
            let people = names.map(|name| Some(person(name)));
            all.push(Request { values: people.into_iter().chain([Some(no.clone())]).collect() });
        }
    }
    let maker = Requests::new(policy);
    let mut random = Random::new(1);
    let more = (0..8).map(|_| maker.complete(&mut random));
    all.extend(more.filter(|request| keyward::eval::is_valid(policy, request)));
    all
}

/// Faults of requests: the assumptions the oracle finds broken are named, and nothing else is.
#[test]
fn p1_a_request_that_breaks_an_assumption_is_told_which() {
    let (mut broken, mut seed) = (0, 0);
    while broken < setting("KEYWARD_CASES", 150) {
        seed += 1;
        let Ok(mut built) = build(&[generate::policy(seed).text()]) else { continue };
        let truth = built.policy.clone();
        if truth.assumes.is_empty() {
            continue;
        }
        let maker = Requests::new(&truth);
        let mut random = Random::new(seed);
        for _ in 0..20 {
            let request = maker.complete(&mut random);
            let fits = |(input, value): (usize, &Option<Value>)| {
                value.as_ref().is_some_and(|value| fits(&truth.schema.inputs[input], value))
            };
            let said = explain(&built.policy, &mut built.model, &request, &question(0, None));
            let said = said.expect("small policies fit every budget");
            if !request.values.iter().enumerate().all(fits) {
                assert!(matches!(said.faults.first(), Some(Fault::Range(..) | Fault::Fixed(..))), "{:?}", said.faults);
                continue;
            }
            let holds = |condition| keyward::eval::holds(&truth, condition, &request) == Ok(true);
            let violated = truth.assumes.iter().filter(|a| holds(&a.condition) && !a.then.as_ref().is_some_and(holds));
            let expected: Vec<Fault> = violated.map(|assume| Fault::Assumption(assume.text.clone())).collect();
            assert_eq!(said.faults, expected, "seed {seed}");
            assert_eq!(said.status == Status::UnsureInvalid, !expected.is_empty(), "seed {seed}");
            broken += usize::from(!expected.is_empty());
        }
    }
}

/// What a planted mistake does to a model.
type Plant = fn(&mut Model);

/// Planted bugs are found (Q1): each spoils the model that the explanation is read off, and the oracle stays as it is.
#[test]
fn q1_planted_bugs_in_classes_and_rules_are_found() {
    let bugs: [(&str, Plant); 3] = [
        ("a boundary one too late", |model| {
            for coordinate in &mut model.coordinates {
                if let Classifier::Bounds { starts, .. } = &mut coordinate.classifier {
                    starts.iter_mut().skip(1).for_each(|start| *start += 1);
                }
            }
        }),
        ("a lost class", |model| {
            for coordinate in &mut model.coordinates {
                if let Classifier::Direct { classes, .. } = &mut coordinate.classifier
                    && let [first, .., last] = classes.as_mut_slice()
                {
                    *last = *first;
                }
            }
        }),
        ("exceptions that stand below nothing", |model| model.rules.iter_mut().for_each(|rule| rule.kids.clear())),
    ];
    for (name, plant) in bugs {
        let found = (1..400u64).find(|&seed| {
            let Ok(mut built) = build(&[generate::policy(seed).text()]) else { return false };
            let truth = built.policy.clone();
            plant(&mut built.model);
            let request = Requests::new(&truth).complete(&mut Random::new(seed));
            keyward::eval::is_valid(&truth, &request)
                && check(&truth, &mut built, 0, &request, LIMIT).is_some_and(|checked| checked.is_err())
        });
        println!("{name}: found with seed {found:?}");
        assert!(found.is_some(), "{name} is not found");
    }
}

/// B2: an explanation of the largest shipped policy, the policy compiled before. Printed, since machines differ.
#[test]
fn b2_an_explanation_takes_little_time() {
    let texts = ["words/words", "after_hours/after_hours"]
        .map(|name| repository::read(&format!("policies/{name}.ward")).expect("the policies are there"));
    let mut built = build(&texts).unwrap_or_else(|_| panic!("the policy builds"));
    let request = repository::read("policies/after_hours/request.json").expect("the request is there");
    let fields = flat(&request);
    let mut request = from_json(&built.policy.schema, &fields).expect("a request");
    for (input, declared) in built.policy.schema.inputs.iter().enumerate() {
        if let (None, Some(default)) = (request.get(input), &declared.default) {
            request.set(input, default.clone());
        }
    }
    let mut times: Vec<u128> = Vec::new();
    for _ in 0..50 {
        let start = std::time::Instant::now();
        let question = Question { ties: 8, ..question(0, None) };
        let said = explain(&built.policy, &mut built.model, &request, &question).expect("fits every budget");
        times.push(start.elapsed().as_micros());
        assert_eq!(said.status, Status::Ok);
    }
    times.sort_unstable();
    println!("an explanation of after_hours: {} microseconds (median of {})", times[times.len() / 2], times.len());
    for input in ["method", "key.sensitivity", "person.has_pin"] {
        request.values[built.policy.schema.input(input).expect("an input")] = None;
    }
    let start = std::time::Instant::now();
    let said = explain(&built.policy, &mut built.model, &request, &question(0, None)).expect("fits every budget");
    println!("with three facts unknown: {} microseconds, once", start.elapsed().as_micros());
    assert!(said.open.is_some_and(|open| open.next.is_some()));
    assert!(times[times.len() / 2] < 100_000, "far too slow: {times:?}");
}

/// The fields of nested JSON by their dotted names.
fn flat(text: &str) -> Vec<(String, String)> {
    fn fill(prefix: &str, value: &serde_json::Value, fields: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    fill(&if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") }, value, fields);
                }
            }
            value => fields.push((prefix.to_owned(), value.to_string())),
        }
    }
    let mut fields = Vec::new();
    fill("", &serde_json::from_str(text).expect("JSON"), &mut fields);
    fields
}
