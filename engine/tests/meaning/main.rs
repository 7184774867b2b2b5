//! P1: diagrams say what the plain evaluator says, on random policies and random requests; and the analyses judge like it.
//!
//! In: seeds. Out: a failure names the seed. The classifiers of a model are followed here on raw values, as a host would.

mod generate;

use generate::{DAYS, Dice, before_a_new_value, policy};
use keyward::analyze::analyze;
use keyward::eval::{self, Undecided};
use keyward::lower::lower;
use keyward::model::{BLANK, CONFLICT, Classifier, Coordinate, GAP, Model, NO_LIMIT, Part, YES};
use keyward::schema::{AnswerKind, Type, Value};
use keyward::typed::{All, AnswerValue, Assert, AssertKind, Policy};
use keyward::value::Request;

const POLICIES: u64 = 400;
const REQUESTS: usize = 60;

fn raw_value(dice: &mut Dice, policy: &Policy, input: usize) -> Value {
    let declared = &policy.schema.inputs[input];
    if declared.optional && dice.one_in(4) {
        return Value::NotSet;
    }
    let mut day = || match dice.below(3) {
        0 => DAYS[dice.below(DAYS.len())].max(-25_567) + dice.below(3) as i32 - 1,
        1 => 20_454 + dice.below(10_227) as i32,
        _ => dice.below(80_000) as i32,
    };
    let day = day();
    let minute = match dice.below(2) {
        0 => [0, 1, 60, 61, 62, 479, 480, 599, 600, 1000, 1001, 1079, 1080, 1320, 1439][dice.below(15)],
        _ => dice.below(1440) as u16,
    };
    match &declared.ty {
        Type::YesNo => Value::YesNo(dice.one_in(2)),
        Type::OneOf(labels) => Value::Choice(dice.below(labels.len()) as u8),
        Type::SetOf(labels) => Value::Set(dice.below(1 << labels.len()) as u32),
        Type::Number(low, high) => Value::Number(low + dice.below((high - low) as usize + 1) as u32),
        Type::Duration(low, high) => match dice.below(2) {
            0 => Value::Duration([0, 1, 59, 60, 61, 90, 91, 600][dice.below(8)]),
            _ => Value::Duration(low + dice.below((high - low) as usize + 1) as u32),
        },
        Type::Moment(_) => Value::Moment(day, minute),
        Type::Date(low, high) => Value::Date(day.clamp(*low, *high)),
        Type::Time => Value::Time(minute),
        Type::Identifier(_) => Value::Identifier(["anna", "ben", "cleo", "dora", "emil"][dice.below(5)].to_string()),
    }
}

/// The class of every coordinate, following the classifiers.
fn classes(policy: &Policy, model: &Model, request: &Request) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for coordinate in &model.coordinates {
        let value = request.get(coordinate.input).expect("complete");
        let class = class(policy, model, request, coordinate, value, &found);
        assert!(class < coordinate.classes);
        found.push(class);
    }
    found
}

fn class(
    policy: &Policy,
    model: &Model,
    request: &Request,
    coordinate: &Coordinate,
    value: &Value,
    found: &[u32],
) -> u32 {
    let raw = match (coordinate.part, value) {
        (Part::Presence, Value::NotSet) => return 0,
        (Part::Presence, _) => return 1,
        (Part::Whole, Value::NotSet) => {
            let (Classifier::Direct { not_set, .. }
            | Classifier::Bounds { not_set, .. }
            | Classifier::Date { not_set, .. }
            | Classifier::Identifier { not_set, .. }) = &coordinate.classifier;
            return u32::from(not_set.expect("optional"));
        }
        // Parts of an input that is not set are free.
        (_, Value::NotSet) => return 0,
        (Part::Member(member), Value::Set(mask)) => i64::from(mask >> member & 1),
        (Part::Date, Value::Moment(day, _)) | (_, Value::Date(day)) => i64::from(*day),
        (Part::Time, Value::Moment(_, minute)) | (_, Value::Time(minute)) => i64::from(*minute),
        (_, Value::YesNo(yes)) => i64::from(*yes),
        (_, Value::Choice(choice)) => i64::from(*choice),
        (_, Value::Number(n) | Value::Duration(n)) => i64::from(*n),
        (_, Value::Identifier(name)) => {
            let Classifier::Identifier { known, same_as, .. } = &coordinate.classifier else { panic!("identifier") };
            let Type::Identifier(kind) = policy.schema.inputs[coordinate.input].ty else { panic!("identifier") };
            let number = policy.schema.identifier(kind, name).map_or(u32::MAX, |n| n as u32);
            if number < *known {
                return number;
            }
            for (position, &other) in same_as.iter().enumerate() {
                let at = model.coordinates.iter().position(|c| c.input == other).expect("a coordinate");
                let Classifier::Identifier { known: k, same_as: s, .. } = &model.coordinates[at].classifier else {
                    panic!("identifier")
                };
                if request.get(other) == Some(value) && found[at] == k + s.len() as u32 {
                    return known + position as u32;
                }
            }
            return known + same_as.len() as u32;
        }
        other => panic!("no raw value: {other:?}"),
    };
    match &coordinate.classifier {
        Classifier::Direct { classes, .. } => u32::from(classes[raw as usize]),
        Classifier::Bounds { starts, classes, .. } => {
            u32::from(classes[starts.partition_point(|&start| start <= raw) - 1])
        }
        Classifier::Date { day_starts, year_starts, table, .. } => {
            let (_, month, day) = eval::civil(raw as i32);
            let a = day_starts.partition_point(|&start| start <= raw) - 1;
            let b = year_starts.partition_point(|&start| start <= month * 32 + day) - 1;
            u32::from(table[(a * year_starts.len() + b) * 7 + usize::from(eval::weekday(raw as i32))])
        }
        Classifier::Identifier { .. } => panic!("handled above"),
    }
}

/// What the diagrams say of one answer; nothing for a gap or a conflict.
fn answer(policy: &Policy, model: &Model, at: &[u32], decision: usize, answer: usize) -> Result<AnswerValue, u32> {
    let own = &model.decisions[decision].answers[answer];
    let value = |root| model.forest.value(root, |c| at[usize::from(c)]);
    match policy.schema.decisions[decision].answers[answer].kind {
        AnswerKind::SetOf(_) => {
            let mut mask = 0;
            for (member, &root) in own.roots.iter().enumerate() {
                match value(root) {
                    BLANK => return Ok(AnswerValue::Blank),
                    v => mask |= v << member,
                }
            }
            Ok(AnswerValue::Set(mask))
        }
        AnswerKind::Shortest(_) => Ok(match value(own.roots[0]) {
            BLANK => AnswerValue::Blank,
            NO_LIMIT => AnswerValue::NoLimit,
            v => AnswerValue::Duration(own.durations[v as usize]),
        }),
        _ => match value(own.roots[0]) {
            BLANK => Ok(AnswerValue::Blank),
            trouble @ (GAP | CONFLICT) => Err(trouble),
            v => Ok(AnswerValue::Choice(v as u8)),
        },
    }
}

/// Compares every answer; returns whether all of them have a value.
fn compare(seed: u64, policy: &Policy, model: &Model, request: &Request, at: &[u32]) -> bool {
    let mut whole = true;
    for decision in 0..policy.schema.decisions.len() {
        for number in 0..policy.schema.decisions[decision].answers.len() {
            let place = (decision, number);
            let expected = eval::answer(policy, decision, number, request);
            let found = answer(policy, model, at, decision, number);
            match expected {
                Ok(value) => assert_eq!(found, Ok(value), "seed {seed}, answer {place:?}, {request:?}"),
                Err(Undecided::Gap { decision, answer }) if (decision, answer) == place => {
                    assert_eq!(found, Err(GAP), "seed {seed}, answer {place:?}, {request:?}");
                }
                Err(Undecided::Conflict { decision, answer, .. }) if (decision, answer) == place => {
                    assert_eq!(found, Err(CONFLICT), "seed {seed}, answer {place:?}, {request:?}");
                }
                Err(Undecided::Gap { .. } | Undecided::Conflict { .. }) => {}
                Err(other) => panic!("seed {seed}: {other:?}"),
            }
            whole &= found.is_ok();
        }
    }
    whole
}

/// Whether the condition of an assert or test holds, asked through the oracle: a rule with it decides a fresh answer.
fn holds(policy: &Policy, condition: &All, request: &Request) -> Option<bool> {
    told(&asking(policy, condition), request)
}

/// The policy with one more decision, whose only rule has this condition.
fn asking(policy: &Policy, condition: &All) -> Policy {
    let mut asking = policy.clone();
    let mut probe = policy.schema.decisions[0].clone();
    probe.name = "probe".into();
    probe.answers.truncate(1);
    probe.answers[0].kind = AnswerKind::SetOf(vec![keyward::schema::Label {
        name: "yes".into(),
        text: String::new(),
        span: Default::default(),
    }]);
    probe.answers[0].only_when = None;
    asking.schema.decisions.push(probe);
    asking.decisions.push(asking.decisions[0].clone());
    let decision = asking.schema.decisions.len() - 1;
    let mut rule = asking.rules[0].clone();
    (rule.decision, rule.parents, rule.condition) = (decision, vec![], condition.clone());
    rule.effects = vec![keyward::typed::Effect {
        answer: 0,
        kind: keyward::typed::EffectKind::Include(1),
        span: Default::default(),
    }];
    asking.rules.push(rule);
    asking
}

fn told(asking: &Policy, request: &Request) -> Option<bool> {
    let decision = asking.schema.decisions.len() - 1;
    eval::answer(asking, decision, 0, request).ok().map(|value| value == AnswerValue::Set(1))
}

#[test]
fn p1_diagrams_say_what_the_evaluator_says() {
    let mut compared = 0;
    for seed in 1..=POLICIES {
        let policy = policy(seed);
        let model = lower(&policy).expect("small policies fit");
        let mut dice = Dice::new(seed ^ 0xABCD);
        for _ in 0..REQUESTS {
            let values = (0..policy.schema.inputs.len()).map(|input| Some(raw_value(&mut dice, &policy, input)));
            let request = Request { values: values.collect() };
            let fits = policy.schema.inputs.iter().zip(&request.values);
            let in_range = fits.clone().all(|(input, value)| {
                let free = keyward::schema::Input { pinned: None, ..input.clone() };
                value.as_ref().is_some_and(|value| eval::fits(&free, value))
            });
            if !in_range {
                continue;
            }
            let at = classes(&policy, &model, &request);
            let valid = model.forest.value(model.valid, |c| at[usize::from(c)]) == YES;
            assert_eq!(valid, eval::is_valid(&policy, &request), "seed {seed}, {request:?}");
            if valid {
                compare(seed, &policy, &model, &request, &at);
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000, "only {compared} valid requests");
}

#[test]
fn p1_analyses_agree_with_the_evaluator_on_requests() {
    for seed in 1..=POLICIES / 2 {
        let policy = policy(seed);
        let mut model = lower(&policy).expect("small policies fit");
        let report = analyze(&policy, &mut model);
        let code = |number: &str| report.diagnostics.iter().any(|d| d.code.to_string() == number);
        let mut dice = Dice::new(seed ^ 0x1234);
        for _ in 0..REQUESTS / 2 {
            let values = (0..policy.schema.inputs.len()).map(|input| Some(raw_value(&mut dice, &policy, input)));
            let request = Request { values: values.collect() };
            if !eval::is_valid(&policy, &request) {
                continue;
            }
            assert!(!code("KW203"), "seed {seed}: {request:?} is valid");
            let at = classes(&policy, &model, &request);
            if !compare(seed, &policy, &model, &request, &at) {
                assert!(code("KW201") || code("KW202"), "seed {seed}: {request:?} has no answer");
                continue;
            }
            for (test, result) in policy.tests.iter().zip(&report.tests) {
                if result.holds && holds(&policy, &test.given, &request) == Some(true) {
                    assert_eq!(holds(&policy, &test.expect, &request), Some(true), "seed {seed}: {}", test.name);
                }
            }
            for (assert, result) in policy.asserts.iter().zip(&report.asserts) {
                let told = |condition: &All| holds(&policy, condition, &request) == Some(true);
                let broken = match &assert.kind {
                    AssertKind::Never(a) => told(a),
                    AssertKind::AlwaysIf(a, b) => told(a) && !told(b),
                    AssertKind::Possible(a) => {
                        assert!(result.holds || !told(a), "seed {seed}: {} is possible: {request:?}", assert.name);
                        continue;
                    }
                    AssertKind::Unchanged { since, except } => {
                        let same = eval::is_valid(since, &request) && !except.as_ref().is_some_and(told);
                        same && differs(&policy, since, &request)
                    }
                    AssertKind::Changes { input, from, to, decision, answer, becomes } => {
                        changed(&policy, &request, (*input, from, to), (*decision, *answer, *becomes))
                    }
                };
                assert!(!(result.holds && broken), "seed {seed}: {} is broken by {request:?}", assert.name);
            }
        }
        assert_eq!(report.tests.len(), policy.tests.len());
        assert_eq!(report.asserts.len(), policy.asserts.len());
    }
}

/// All raw requests of a policy whose inputs are few and small, each with its weight: `not set` weighs as much as all set
/// values together.
fn every_request(policy: &Policy) -> Option<Vec<(Request, u64)>> {
    let mut all = vec![(Request::default(), 1)];
    for (number, input) in policy.schema.inputs.iter().enumerate() {
        let mut values: Vec<Value> = match &input.ty {
            Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
            Type::OneOf(labels) => (0..labels.len() as u8).map(Value::Choice).collect(),
            Type::SetOf(labels) => (0..1 << labels.len()).map(Value::Set).collect(),
            Type::Number(low, high) => (*low..=*high).map(Value::Number).collect(),
            Type::Time => (0..1440).map(Value::Time).collect(),
            Type::Date(low, high) => (*low..=*high).map(Value::Date).collect(),
            Type::Duration(low, high) => (*low..=*high).map(Value::Duration).collect(),
            Type::Moment(_) | Type::Identifier(_) => return None,
        };
        let heavy = values.len() as u64;
        values.extend(input.optional.then_some(Value::NotSet));
        if all.len() * values.len() > 8_000 {
            return None;
        }
        let grown = all.iter().flat_map(|(request, weight)| {
            values.iter().map(move |value| {
                let mut request = request.clone();
                request.set(number, value.clone());
                (request, if *value == Value::NotSet { weight * heavy } else { *weight })
            })
        });
        all = grown.collect();
    }
    Some(all)
}

#[test]
fn p1_counts_are_those_of_all_requests() {
    let mut counted = 0;
    for seed in 1..=POLICIES {
        let policy = policy(seed);
        let Some(all) = every_request(&policy) else { continue };
        let mut model = lower(&policy).expect("small policies fit");
        let report = analyze(&policy, &mut model);
        let valid: Vec<&(Request, u64)> = all.iter().filter(|(request, _)| eval::is_valid(&policy, request)).collect();
        let sum = |holds: &dyn Fn(&Request) -> bool| {
            let matching = valid.iter().filter(|(request, _)| holds(request));
            matching.map(|(_, weight)| weight).sum::<u64>().to_string()
        };
        let plain = |count: &str| count.replace(',', "");
        assert_eq!(plain(&report.valid_requests), sum(&|_| true), "seed {seed}");
        counted += 1;
        if valid.is_empty() || report.diagnostics.iter().any(|d| ["KW201", "KW202"].contains(&&*d.code.to_string())) {
            continue;
        }
        for (test, result) in policy.tests.iter().zip(&report.tests) {
            let (when, then) = (asking(&policy, &test.given), asking(&policy, &test.expect));
            let given = |request: &Request| told(&when, request) == Some(true);
            let fails = |request: &Request| given(request) && told(&then, request) == Some(false);
            assert_eq!(plain(&result.like_it.requests), sum(&given), "seed {seed}, {}", test.name);
            assert_eq!(plain(&result.failing.requests), sum(&fails), "seed {seed}, {}", test.name);
        }
        for (assert, result) in policy.asserts.iter().zip(&report.asserts) {
            let expected = match &assert.kind {
                AssertKind::Never(a) | AssertKind::Possible(a) => {
                    let a = asking(&policy, a);
                    sum(&|request| told(&a, request) == Some(true))
                }
                AssertKind::AlwaysIf(a, b) => {
                    let (a, b) = (asking(&policy, a), asking(&policy, b));
                    sum(&|request| told(&a, request) == Some(true) && told(&b, request) == Some(false))
                }
                AssertKind::Changes { input, from, to, decision, answer, becomes } => {
                    sum(&|request| changed(&policy, request, (*input, from, to), (*decision, *answer, *becomes)))
                }
                // The older version of a random policy may have gaps, which differ in ways the evaluator does not tell.
                AssertKind::Unchanged { .. } => continue,
            };
            assert_eq!(plain(&result.requests.requests), expected, "seed {seed}, {}", assert.name);
        }
    }
    assert!(counted > 40, "only {counted} policies are small enough");
}

#[test]
fn p1_older_versions_are_compared_over_what_they_knew() {
    let (mut same, mut broken) = (0, 0);
    for seed in 1..=2 * POLICIES {
        let mut policy = policy(seed);
        let less = seed % 2 == 0;
        let Some((input, old)) = before_a_new_value(&policy, less) else { continue };
        let kind = AssertKind::Unchanged { since: Box::new(old.clone()), except: None };
        let name = "as_before".to_string();
        policy.asserts =
            vec![Assert { name, text: String::new(), kind, policy: policy.name.clone(), span: policy.span }];
        let mut model = lower(&policy).expect("small policies fit");
        let report = analyze(&policy, &mut model);
        let Some(result) =
            report.asserts.first().filter(|_| report.diagnostics.iter().all(|d| d.code.to_string() != "KW203"))
        else {
            continue;
        };
        if !less {
            assert!(result.holds, "seed {seed}: the rules are the same");
            same += 1;
            continue;
        }
        let mut dice = Dice::new(seed ^ 0x77);
        for _ in 0..REQUESTS {
            let values = (0..policy.schema.inputs.len()).map(|input| Some(raw_value(&mut dice, &policy, input)));
            let request = Request { values: values.collect() };
            let mut before = request.clone();
            match request.get(input) {
                Some(Value::Choice(0)) => continue,
                Some(Value::Choice(value)) => before.set(input, Value::Choice(value - 1)),
                _ => {}
            }
            if !eval::is_valid(&policy, &request) || !eval::is_valid(&old, &before) {
                continue;
            }
            let differs = (0..policy.schema.decisions.len()).any(|d| {
                (0..policy.schema.decisions[d].answers.len()).any(|a| {
                    match (eval::answer(&policy, d, a, &request), eval::answer(&old, d, a, &before)) {
                        (Ok(now), Ok(before)) => now != before,
                        _ => false,
                    }
                })
            });
            assert!(!(differs && result.holds), "seed {seed}: {request:?}");
            broken += usize::from(differs);
        }
    }
    assert!(same > 20 && broken > 20, "only {same} unchanged policies, {broken} changed answers");
}

/// Reads back the request of an example.
fn read_back(policy: &Policy, request: &[(String, String)]) -> Request {
    let mut values = Vec::new();
    for (input, (name, json)) in policy.schema.inputs.iter().zip(request) {
        assert_eq!(&input.name, name);
        let text = json.trim_matches('"');
        let label = |name: &str| input.ty.labels().iter().position(|label| label.name == name).expect("a label");
        let date = |text: &str| {
            let (mut low, mut high) = (-30_000, 90_000);
            while low < high {
                let middle = (low + high) / 2;
                let (year, month, dom) = eval::civil(middle);
                if *format!("{year:04}-{month:02}-{dom:02}") < *text { low = middle + 1 } else { high = middle }
            }
            low
        };
        let minute =
            |text: &str| text[..2].parse::<u16>().expect("hours") * 60 + text[3..].parse::<u16>().expect("minutes");
        values.push(Some(match &input.ty {
            _ if json == "null" => Value::NotSet,
            Type::YesNo => Value::YesNo(json == "true"),
            Type::OneOf(_) => Value::Choice(label(text) as u8),
            Type::SetOf(_) => {
                let members = json.trim_matches(['[', ']']).split(", ").filter(|member| !member.is_empty());
                Value::Set(members.fold(0, |mask, member| mask | 1 << label(member.trim_matches('"'))))
            }
            Type::Number(..) => Value::Number(json.parse().expect("a number")),
            Type::Duration(..) => Value::Duration(json.parse().expect("minutes")),
            Type::Moment(_) => Value::Moment(date(&text[..10]), minute(&text[11..])),
            Type::Date(..) => Value::Date(date(text)),
            Type::Time => Value::Time(minute(text)),
            Type::Identifier(_) => Value::Identifier(text.to_string()),
        }));
    }
    Request { values }
}

#[test]
fn p1_examples_are_valid_requests_that_show_the_matter() {
    let mut shown = [0; 5];
    for seed in 1..=POLICIES {
        let policy = policy(seed);
        let mut model = lower(&policy).expect("small policies fit");
        let report = analyze(&policy, &mut model);
        for found in &report.diagnostics {
            let Some(example) = &found.example else { continue };
            let request = read_back(&policy, &example.request);
            assert!(eval::is_valid(&policy, &request), "seed {seed}: {found:?}");
            let whole = (0..policy.schema.decisions.len()).all(|d| {
                (0..policy.schema.decisions[d].answers.len()).all(|a| eval::answer(&policy, d, a, &request).is_ok())
            });
            let named = |name: &str| {
                found.message.contains(&format!("`{name}`")) || found.message.contains(&format!("\"{name}\""))
            };
            match found.code.to_string().as_str() {
                "KW201" | "KW202" => {
                    assert!(!whole, "seed {seed}: {found:?}");
                    shown[0] += 1;
                }
                "KW402" if whole => {
                    let test = policy.tests.iter().find(|test| named(&test.name)).expect("the test");
                    assert_eq!(holds(&policy, &test.given, &request), Some(true), "seed {seed}: {found:?}");
                    assert_eq!(holds(&policy, &test.expect, &request), Some(false), "seed {seed}: {found:?}");
                    shown[1] += 1;
                }
                "KW401" if whole => {
                    let assert = policy.asserts.iter().find(|assert| named(&assert.name)).expect("the assert");
                    let broken = match &assert.kind {
                        AssertKind::Never(a) => holds(&policy, a, &request) == Some(true),
                        AssertKind::AlwaysIf(a, b) => {
                            holds(&policy, a, &request) == Some(true) && holds(&policy, b, &request) == Some(false)
                        }
                        AssertKind::Changes { input, from, to, decision, answer, becomes } => {
                            shown[4] += 1;
                            changed(&policy, &request, (*input, from, to), (*decision, *answer, *becomes))
                        }
                        _ => false,
                    };
                    assert!(broken, "seed {seed}: {found:?}");
                    shown[2] += 1;
                }
                "KW404" if whole => {
                    let assert = policy.asserts.iter().find(|assert| named(&assert.name)).expect("the assert");
                    let AssertKind::Unchanged { since, .. } = &assert.kind else { panic!("{found:?}") };
                    let since_whole = (0..since.schema.decisions.len()).all(|d| {
                        (0..since.schema.decisions[d].answers.len())
                            .all(|a| eval::answer(since, d, a, &request).is_ok())
                    });
                    assert!(!since_whole || differs(&policy, since, &request), "seed {seed}: {found:?}");
                    shown[3] += 1;
                }
                _ => {}
            }
        }
    }
    assert!(shown.iter().all(|&times| times > 1), "too few examples: {shown:?}");
}

fn differs(policy: &Policy, since: &Policy, request: &Request) -> bool {
    (0..policy.schema.decisions.len()).any(|d| {
        (0..policy.schema.decisions[d].answers.len()).any(|a| {
            match (eval::answer(policy, d, a, request), eval::answer(since, d, a, request)) {
                (Ok(now), Ok(before)) => now != before,
                _ => false,
            }
        })
    })
}

fn changed(
    policy: &Policy,
    request: &Request,
    (input, from, to): (usize, &Value, &Value),
    (decision, answer, becomes): (usize, usize, AnswerValue),
) -> bool {
    if request.get(input) != Some(from) {
        return false;
    }
    let mut after = request.clone();
    after.set(input, to.clone());
    if !eval::is_valid(policy, &after) {
        return false;
    }
    let has = |value: AnswerValue| match (value, becomes) {
        (AnswerValue::Set(mask), AnswerValue::Set(member)) => mask & member != 0,
        (value, becomes) => value == becomes,
    };
    match (eval::answer(policy, decision, answer, request), eval::answer(policy, decision, answer, &after)) {
        (Ok(before), Ok(now)) => !has(before) && has(now),
        _ => false,
    }
}
