//! Partly known requests: what is still possible, what is worth asking, what to ask next, by trying every completion.
//! In: every valid request that can be told apart. Out: the first claim that is not so.
//! Refuses to know how completions are told apart, but for the weights of classes, which say what a share is.

use super::{World, is_asked, is_compared};
use keyward::explain::Explanation;
use keyward::schema::{AnswerId, AnswerKind, InputId, Value};
use keyward::typed::AnswerValue;
use keyward::value::{Request, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Compares everything said of a partly known request. `world` was made from it.
/// With an answer, the questions are about that one alone.
pub fn check(world: &World<'_>, said: &Explanation, answer: Option<AnswerId>) -> Result<(), String> {
    let left: Vec<&(Request, Vec<AnswerValue>)> = world.all.iter().filter(|(other, _)| agrees(world, other)).collect();
    let outcomes: BTreeSet<&Vec<AnswerValue>> = left.iter().map(|(_, answers)| answers).collect();
    let expected = match outcomes.len() {
        0 => Status::UnsureInvalid,
        1 => Status::Ok,
        _ => Status::UnsureMissing,
    };
    let possible = possible(world, &outcomes);
    if said.status != expected {
        return Err(format!("{:?}, not {expected:?}", said.status));
    }
    if outcomes.is_empty() {
        return Ok(());
    }
    let told: Vec<BTreeSet<String>> = said.answers.iter().map(|a| a.possible.iter().cloned().collect()).collect();
    if told != possible {
        return Err(format!("possible: {possible:?}, not {told:?}"));
    }
    if expected == Status::UnsureMissing { next(world, said, &left, answer) } else { Ok(()) }
}

fn agrees(world: &World<'_>, other: &Request) -> bool {
    let inputs = 0..world.policy.schema.inputs.len();
    inputs.into_iter().all(|input| world.request.get(input).is_none_or(|value| other.get(input) == Some(value)))
}

fn possible(world: &World<'_>, outcomes: &BTreeSet<&Vec<AnswerValue>>) -> Vec<BTreeSet<String>> {
    let declared = &world.policy.schema.decisions[world.decision].answers;
    let each = declared.iter().enumerate();
    each.map(|(at, answer)| {
        let mut found = BTreeSet::new();
        for outcome in outcomes {
            let label = |value: usize| answer.kind.labels()[value].name.clone();
            match outcome[at] {
                AnswerValue::Blank => drop(found.insert("blank".to_owned())),
                AnswerValue::NoLimit => drop(found.insert("no limit".to_owned())),
                AnswerValue::Duration(minutes) => {
                    found.insert(keyward::space::civil::duration_text(minutes));
                }
                AnswerValue::Choice(choice) => drop(found.insert(label(usize::from(choice)))),
                AnswerValue::Set(members) => {
                    let AnswerKind::SetOf(labels) = &answer.kind else { continue };
                    for (member, label) in labels.iter().enumerate() {
                        let with = if members >> member & 1 == 1 { "with" } else { "without" };
                        found.insert(format!("{with} {}", label.name));
                    }
                }
            }
        }
        found
    })
    .collect()
}

/// A completion with what is asked about of its outcome.
type Completion<'a> = (&'a Request, Vec<AnswerValue>);

/// Knowing what is worth asking settles everything, no question settles more than the next one, and its rows are so.
fn next(
    world: &World<'_>,
    said: &Explanation,
    left: &[&(Request, Vec<AnswerValue>)],
    answer: Option<AnswerId>,
) -> Result<(), String> {
    let asked = |answers: &Vec<AnswerValue>| answer.map_or(answers.clone(), |answer| vec![answers[answer]]);
    let left: Vec<Completion<'_>> = left.iter().map(|(other, answers)| (other, asked(answers))).collect();
    let open = said.open.as_ref().ok_or("nothing is open")?;
    let worth: Vec<InputId> = open.worth.iter().filter_map(|name| world.policy.schema.input(name)).collect();
    let mut settled: BTreeMap<Vec<Option<&Value>>, &Vec<AnswerValue>> = BTreeMap::new();
    for (other, answers) in &left {
        let key = worth.iter().map(|&input| other.get(input)).collect();
        if *settled.entry(key).or_insert(answers) != answers {
            return Err(format!("knowing {:?} does not settle it", open.worth));
        }
    }
    if left.iter().all(|(_, answers)| *answers == left[0].1) {
        return if worth.is_empty() { Ok(()) } else { Err("nothing is open, and yet worth asking".to_owned()) };
    }
    let mut best: Option<(u128, InputId)> = None;
    let mut all = 0;
    for &input in &worth {
        if world.request.get(input).is_some() {
            return Err(format!("{} is known already", world.policy.schema.inputs[input].name));
        }
        let groups = groups(world, &left, input);
        let certain = groups.values().filter(|(_, outcomes)| outcomes.len() == 1).map(|(weight, _)| weight).sum();
        all = groups.values().map(|(weight, _)| weight).sum();
        if best.is_none_or(|(most, _)| certain > most) {
            best = Some((certain, input));
        }
    }
    let (most, first) = best.ok_or("nothing is worth asking")?;
    let next = open.next.as_ref().ok_or("no next question")?;
    let name = &world.policy.schema.inputs[first].name;
    let expected = (name.as_str(), most.to_string(), all.to_string());
    if (next.input.as_str(), next.settled.clone(), next.of.clone()) != expected {
        return Err(format!("ask {expected:?}, not {next:?}"));
    }
    if next.more == 0 {
        let groups = groups(world, &left, first);
        let outcomes = groups.values().map(|(_, outcomes)| match outcomes.len() {
            1 => outcomes.first().map_or(Vec::new(), |outcome| says(world, outcome, answer)),
            _ => Vec::new(),
        });
        let (expected, told): (BTreeSet<Vec<String>>, BTreeSet<Vec<String>>) =
            (outcomes.collect(), next.rows.iter().map(|row| row.outcome.clone()).collect());
        if expected != told {
            return Err(format!("answers lead to {expected:?}, not {told:?}"));
        }
    }
    Ok(())
}

/// The answers that are not blank, as an explanation says them.
fn says(world: &World<'_>, outcome: &[AnswerValue], asked: Option<AnswerId>) -> Vec<String> {
    let all = world.policy.schema.decisions[world.decision].answers.iter().enumerate();
    let declared = all.filter(|(answer, _)| asked.is_none_or(|asked| asked == *answer)).map(|(_, declared)| declared);
    let each = declared.zip(outcome).filter(|(_, value)| asked.is_some() || **value != AnswerValue::Blank);
    each.map(|(declared, value)| {
        let (name, labels) = (&declared.name, declared.kind.labels());
        match value {
            AnswerValue::Blank if matches!(declared.kind, AnswerKind::SetOf(_)) => format!("{name} do not apply"),
            AnswerValue::Blank => format!("{name} does not apply"),
            AnswerValue::NoLimit => format!("{name} has no limit"),
            AnswerValue::Duration(minutes) => format!("{name} is {}", keyward::space::civil::duration_text(*minutes)),
            AnswerValue::Choice(choice) => format!("{name} is {}", labels[usize::from(*choice)].name),
            AnswerValue::Set(0) => format!("no {name}"),
            AnswerValue::Set(members) => {
                let within = labels.iter().enumerate().filter(|(at, _)| members >> at & 1 == 1);
                let names: Vec<&str> = within.map(|(_, label)| label.name.as_str()).collect();
                format!("{name} are {}", names.join(", "))
            }
        }
    })
    .collect()
}

/// By what the answer to a question tells: how many completions there are, each class once by its weight, and their outcomes.
fn groups<'l>(
    world: &World<'_>,
    left: &'l [Completion<'_>],
    input: InputId,
) -> BTreeMap<String, (u128, BTreeSet<&'l Vec<AnswerValue>>)> {
    let mut seen = BTreeSet::new();
    let mut groups: BTreeMap<String, (u128, BTreeSet<&Vec<AnswerValue>>)> = BTreeMap::new();
    for (other, answers) in left {
        let (weight, outcomes) = groups.entry(told(world, other, input)).or_default();
        outcomes.insert(answers);
        let mut classes = world.classes(other);
        let mut own = 1u128;
        for (at, coordinate) in world.model.coordinates.iter().enumerate() {
            if !is_asked(world, at as u16, other) {
                classes[at] = 0;
                if world.request.get(coordinate.input).is_none() {
                    own *= u128::from(coordinate.weights.iter().sum::<u64>());
                }
            } else if world.request.get(coordinate.input).is_none() {
                own *= u128::from(coordinate.weights[classes[at] as usize]);
            }
        }
        if seen.insert(classes) {
            *weight += own;
        }
    }
    groups
}

/// What the answer to a question tells: the classes of the input; of a compared identifier the name, strangers alike.
fn told(world: &World<'_>, other: &Request, input: InputId) -> String {
    if is_compared(world.model, input) {
        let value = other.get(input);
        let named = (0..world.policy.schema.inputs.len())
            .any(|known| is_compared(world.model, known) && world.request.get(known) == value);
        let policy = world.policy.schema.identifiers.iter().flat_map(|kind| &kind.names);
        let known = policy.into_iter().any(|name| value == Some(&Value::Identifier(name.clone())));
        return if named || known || value == Some(&Value::NotSet) { format!("{value:?}") } else { "else".to_owned() };
    }
    let classes = world.classes(other);
    let own = world.model.coordinates.iter().enumerate().filter(|(_, c)| c.input == input);
    let asked = own.map(|(at, _)| is_asked(world, at as u16, other).then_some(classes[at]));
    format!("{:?}", asked.collect::<Vec<_>>())
}
