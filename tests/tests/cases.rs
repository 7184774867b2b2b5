//! `keyward cases` against the plain evaluator, and against itself: the tests it proposes are proved, try everything there is
//! to try, and need every given. `KEYWARD_CASES` sets the number of policies, for longer runs.

use keyward::cases::mutants::{Fate, mutants};
use keyward::cases::{Cases, Kind, Proposed};
use keyward::eval;
use keyward::pipeline::Project;
use keyward::report::cases::written;
use keyward::schema::Type;
use keyward::source::Sources;
use keyward::typed::Policy;
use keyward::value::{Part, Request, Source};
use keyward_tests::differential::setting;
use keyward_tests::generate::{self, Random, Requests, from_json};
use std::collections::BTreeMap;

/// What is found for a text, with its policy.
fn found(text: &str) -> Option<(Cases, Policy)> {
    let mut sources = Sources::new();
    let main = sources.add("policy.ward", text);
    let project = Project::read(sources, None);
    let cases = project.cases(main)?;
    Some((cases, project.compile(main).policy?))
}

/// Every proposed test holds, and together with those there were they try everything.
#[test]
fn proposed_tests_try_everything() {
    let wanted = setting("KEYWARD_CASES", 150);
    let (mut seed, mut policies, mut proposed, mut without_words) = (0, 0, 0, 0);
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    while policies < wanted {
        seed += 1;
        let text = generate::policy(seed).text();
        let Some((cases, policy)) = found(&text) else { continue };
        policies += 1;
        proposed += cases.proposed.len();
        for it in &cases.tried {
            *kinds.entry(it.kind).or_default() += 1;
            check(&policy, it.kind, &it.what, &it.example.request)
                .unwrap_or_else(|why| panic!("seed {seed}: {}: {why}\n{text}", it.what));
        }
        let more = format!("{text}\n{}", written(&cases.proposed));
        let (after, _) = found(&more).unwrap_or_else(|| panic!("seed {seed}: errors in\n{more}"));
        let open: Vec<&str> = after.tried.iter().filter(|it| it.by.is_none()).map(|it| it.what.as_str()).collect();
        // The language cannot say everything of optional identifiers and moments in one breath.
        let wordless =
            policy.schema.inputs.iter().any(|it| it.optional && matches!(it.ty, Type::Identifier(_) | Type::Moment(_)));
        assert!(open.is_empty() || wordless, "seed {seed}: {open:?} still open in\n{more}");
        without_words += open.len();
    }
    println!(
        "{policies} policies up to seed {seed}: {kinds:?}, {proposed} tests proposed, {without_words} without words"
    );
    assert!(without_words * 100 < proposed, "{without_words} of {proposed}");
    for kind in [Kind::Decides, Kind::Overrides, Kind::Outcome, Kind::Boundary, Kind::Condition] {
        assert!(kinds.get(&kind).is_some_and(|count| *count > policies / 2), "{kinds:?}");
    }
}

/// Whether the example of an aim reaches it, as the plain evaluator sees it.
fn check(policy: &Policy, kind: Kind, what: &str, example: &[(String, String)]) -> Result<(), String> {
    let request = from_json(&policy.schema, example).ok_or("the example is no request")?;
    if !eval::is_valid(policy, &request) {
        return Err("the example is not valid".to_string());
    }
    let Some(name) = what.strip_suffix(" decides").filter(|_| kind == Kind::Decides) else { return Ok(()) };
    let rule = policy.rules.iter().position(|rule| rule.name == name).ok_or("no such rule")?;
    let decision = policy.rules[rule].decision;
    let outcome = eval::decide(policy, decision, &request).map_err(|error| format!("{error:?}"))?;
    match outcome.why.contains(&(Part::Deciding, Source::Rule(rule))) {
        true => Ok(()),
        false => Err(format!("it does not decide: {:?}", outcome.why)),
    }
}

/// Without any one of its givens a proposed test fails, or tries something else.
#[test]
fn every_given_is_needed() {
    let (mut seed, mut tried) = (0, 0);
    while tried < 120 {
        seed += 1;
        let text = generate::policy(seed).text();
        let Some((cases, policy)) = found(&text) else { continue };
        // With the tests of the author out of the way, what a test tries is its own merit.
        if !policy.tests.is_empty() {
            continue;
        }
        for test in cases.proposed.iter().take(4) {
            let aim = cases.tried.iter().find(|it| test.name.starts_with(&it.what)).expect("its aim");
            for place in 0..test.given.len() {
                let mut less = Proposed { given: test.given.clone(), ..test.clone() };
                let gone = less.given.remove(place);
                // A stranger is told by several conditions together.
                if gone.contains(" is not ") || gone.contains(" is set") {
                    continue;
                }
                let after = found(&format!("{text}\n{}", written(&[less])));
                let by = after.and_then(|(after, _)| after.tried.into_iter().find(|it| it.what == aim.what)?.by);
                assert_eq!(by, None, "seed {seed}: `{}` does without `{gone}` in\n{text}", test.name);
                tried += 1;
            }
        }
    }
}

/// What is said of planted mistakes is true: a request that is said to differ does, and where nothing is said to differ no
/// request that is tried does.
#[test]
fn what_becomes_of_mistakes_is_true() {
    let wanted = setting("KEYWARD_CASES", 25).min(400);
    let (mut seed, mut policies) = (0, 0);
    let mut fates: BTreeMap<&str, usize> = BTreeMap::new();
    while policies < wanted {
        seed += 1;
        let text = generate::policy(seed).text();
        let mut sources = Sources::new();
        let main = sources.add("policy.ward", text.as_str());
        let project = Project::read(sources, None);
        let Some(judged) = project.mutants(main, |_, _| {}) else { continue };
        let Some(policy) = project.compile(main).policy else { continue };
        policies += 1;
        let planted = mutants(&policy);
        assert_eq!(planted.len(), judged.len());
        let maker = Requests::new(&policy);
        let mut random = Random::new(seed);
        let requests: Vec<Request> = (0..25).map(|_| maker.complete(&mut random)).collect();
        for (mutant, judged) in planted.iter().zip(&judged) {
            let differs = |request: &Request| {
                let valid = [&policy, &mutant.policy].map(|policy| eval::is_valid(policy, request));
                valid[0] != valid[1]
                    || valid[0]
                        && (0..policy.schema.decisions.len()).any(|decision| {
                            let answers =
                                |policy: &Policy| eval::decide(policy, decision, request).map(|it| it.answers);
                            answers(&policy) != answers(&mutant.policy)
                        })
            };
            let fate = match &judged.fate {
                Fate::Equivalent | Fate::Reasons => {
                    let other = requests.iter().find(|request| differs(request));
                    assert_eq!(other, None, "seed {seed}: {} in\n{text}", mutant.what);
                    "nothing changes"
                }
                Fate::Survives(found) => {
                    let request = from_json(&policy.schema, &found.1.request).expect("a request");
                    assert!(
                        differs(&request),
                        "seed {seed}: {}: {request:?} is answered alike in\n{text}",
                        mutant.what
                    );
                    "survives"
                }
                Fate::Refused(_) => "refused",
                Fate::Noticed(_) => "noticed",
                Fate::Undecided => "undecided",
            };
            *fates.entry(fate).or_default() += 1;
        }
    }
    println!("{policies} policies up to seed {seed}: {fates:?}");
    for fate in ["nothing changes", "survives", "refused"] {
        assert!(fates.get(fate).is_some_and(|count| *count > 20), "{fates:?}");
    }
    assert_eq!(fates.get("undecided"), None);
}
