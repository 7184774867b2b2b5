//! Partly known requests: what is still possible, what is worth asking, what to ask next, by trying every completion.
//! In: every valid request that can be told apart. Out: the first claim that is not so.
//! Refuses to know how completions are told apart, but for the weights of classes, which say what a share is.

use super::{World, is_asked, is_compared};
use keyward::explain::Explanation;
use keyward::schema::{AnswerKind, InputId, Value};
use keyward::typed::AnswerValue;
use keyward::value::{Request, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Compares everything said of a partly known request. `world` was made from it.
pub fn check(world: &World<'_>, said: &Explanation) -> Result<(), String> {
    let left: Vec<&(Request, Vec<AnswerValue>)> =
        world.all.iter().filter(|(other, _)| agrees(world, other)).collect();
    let outcomes: BTreeSet<&Vec<AnswerValue>> = left.iter().map(|(_, answers)| answers).collect();
    let expected = match outcomes.len() {
        0 => Status::UnsureInvalid,
        1 => Status::Ok,
        _ => Status::UnsureMissing,
    };
    // Members of a set are told one by one: a set may be open although each answer alone is not.
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
    if expected == Status::UnsureMissing { next(world, said, &left) } else { Ok(()) }
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

/// Knowing what is worth asking settles everything, and no question settles more than the next one.
fn next(world: &World<'_>, said: &Explanation, left: &[&(Request, Vec<AnswerValue>)]) -> Result<(), String> {
    let open = said.open.as_ref().ok_or("nothing is open")?;
    let worth: Vec<InputId> = open.worth.iter().filter_map(|name| world.policy.schema.input(name)).collect();
    let mut settled: BTreeMap<Vec<Option<&Value>>, &Vec<AnswerValue>> = BTreeMap::new();
    for (other, answers) in left {
        let key = worth.iter().map(|&input| other.get(input)).collect();
        if *settled.entry(key).or_insert(answers) != answers {
            return Err(format!("knowing {:?} does not settle it", open.worth));
        }
    }
    let mut best: Option<(u128, InputId)> = None;
    let mut all = 0;
    for &input in &worth {
        if world.request.get(input).is_some() {
            return Err(format!("{} is known already", world.policy.schema.inputs[input].name));
        }
        let (certain, whole) = share(world, left, input);
        all = whole;
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
    let open_rows = next.rows.iter().filter(|row| row.outcome.is_empty()).count();
    if next.more == 0 && (open_rows == 0) != (most == all) && all > 0 && most == all {
        return Err(format!("everything is settled, and yet open: {next:?}"));
    }
    Ok(())
}

/// How many completions are certain once an input is known, and how many there are: each class once, by its weight.
fn share(world: &World<'_>, left: &[&(Request, Vec<AnswerValue>)], input: InputId) -> (u128, u128) {
    let mut seen = BTreeSet::new();
    let mut groups: BTreeMap<String, (u128, BTreeSet<&Vec<AnswerValue>>)> = BTreeMap::new();
    for (other, answers) in left {
        let key = told(world, other, input);
        let (weight, outcomes) = groups.entry(key).or_default();
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
    let certain = groups.values().filter(|(_, outcomes)| outcomes.len() == 1).map(|(weight, _)| weight).sum();
    (certain, groups.values().map(|(weight, _)| weight).sum())
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
