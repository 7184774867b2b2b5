//! One change: the request it leads to, decided again, and the words for it.
//!
//! In: a request, the inputs that change and the value wanted. Out: a [`Change`], or the fault that it does not hold.
//! Refuses to know: whether there is a nearer one.

use super::ground::{Allowed, Ground, INVALID, Region, same_as};
use super::nearest::Inputs;
use super::types::{Change, Trouble};
use super::words;
use crate::diagram::Ref;
use crate::model::{Classifier, CoordinateId, Part};
use crate::schema::{InputId, Value};
use crate::space::{classes, words as example};
use crate::value::Request;

/// A value that is wanted.
#[derive(Clone, Copy)]
pub(super) struct Goal {
    /// The root of the answer.
    pub(super) root: Ref,
    /// Its value.
    pub(super) wanted: u32,
}

/// A change of exactly these inputs, with the widest words for it and the request it leads to.
pub(super) fn change(
    ground: &mut Ground<'_>,
    point: &[u32],
    outcome: &[Vec<u32>],
    goal: Goal,
    set: Inputs,
) -> Result<Change, Trouble> {
    let inputs: Vec<InputId> = (0..ground.model.schema.inputs.len()).filter(|input| set >> input & 1 == 1).collect();
    let identifiers = ground.model.coordinates.iter().zip(&ground.compared).filter(|(_, own)| **own);
    let changed_identifiers =
        identifiers.filter(|(c, _)| set >> c.input & 1 == 1).fold(0, |all, (c, _)| all | 1 << c.input);
    let root = around(ground, goal.root, changed_identifiers)?;
    let free: Vec<bool> = ground
        .model
        .coordinates
        .iter()
        .zip(&ground.compared)
        .map(|(c, &own)| set >> c.input & 1 == 1 || (own && changed_identifiers != 0))
        .collect();
    let unverified = || Trouble::Unverified(format!("{inputs:?} to {}", goal.wanted));
    let chosen = choose(ground, root, goal.wanted, point, &free).ok_or_else(unverified)?;
    let request = changed(ground, &chosen, &inputs);
    let again = classes::of_request(ground.model, &request).map_err(|_| unverified())?;
    let after: Vec<u32> = again.iter().map(|class| class.unwrap_or(0)).collect();
    let then = ground.outcome(&after);
    if ground.value(goal.root, &after) != goal.wanted || then.iter().flatten().any(|&value| value == INVALID) {
        return Err(unverified());
    }
    let mut said = Vec::new();
    for &input in &inputs {
        said.push(change_words(ground, root, goal.wanted, &chosen, &request, input)?);
    }
    let differs = (0..outcome.len()).filter(|&answer| then[answer] != outcome[answer]);
    let then = differs.map(|answer| words::says(ground, answer, &then[answer])).collect();
    let names = inputs.iter().map(|&input| ground.model.schema.inputs[input].name.clone()).collect();
    Ok(Change { words: said, inputs: names, request: words::request(ground.model, &request), then })
}

/// Classes that lead to the value: those there are where nothing may change, else familiar ones.
fn choose(ground: &Ground<'_>, root: Ref, wanted: u32, point: &[u32], free: &[bool]) -> Option<Vec<u32>> {
    let mut chosen = point.to_vec();
    let mut dead = std::collections::BTreeSet::new();
    leads(ground, root, wanted, point, free, &mut chosen, &mut dead).then_some(chosen)
}

fn leads(
    ground: &Ground<'_>,
    f: Ref,
    wanted: u32,
    point: &[u32],
    free: &[bool],
    chosen: &mut [u32],
    dead: &mut std::collections::BTreeSet<Ref>,
) -> bool {
    let Some(coordinate) = ground.model.forest.coordinate(f) else { return f.value() == Some(wanted) };
    if dead.contains(&f) {
        return false;
    }
    let at = usize::from(coordinate);
    let mut order: Vec<u32> = vec![point[at]];
    if free[at] {
        order = (0..ground.model.coordinates[at].classes).collect();
        order.sort_by_key(|&class| (class != point[at], example::cost(ground.model, coordinate, class), class));
    }
    let mut tried: Vec<Ref> = Vec::new();
    for class in order {
        let to = ground.model.forest.child(f, class);
        if tried.contains(&to) {
            continue;
        }
        tried.push(to);
        if leads(ground, to, wanted, point, free, chosen, dead) {
            chosen[at] = class;
            return true;
        }
    }
    dead.insert(f);
    false
}

/// The request with the chosen classes of some inputs; every other value stays.
fn changed(ground: &Ground<'_>, chosen: &[u32], inputs: &[InputId]) -> Request {
    let mut request = ground.request.clone();
    for &input in inputs {
        let value = value_of(ground, &request, chosen, inputs, input);
        request.set(input, value);
    }
    request
}

fn value_of(ground: &Ground<'_>, request: &Request, chosen: &[u32], inputs: &[InputId], input: InputId) -> Value {
    let ty = &ground.model.schema.inputs[input].ty;
    let (mut members, mut day, mut minute) = (0u32, None, 0u16);
    if let Some(Value::Moment(_, now)) = ground.request.get(input) {
        minute = *now;
    }
    for coordinate in ground.coordinates(input) {
        let at = usize::from(coordinate);
        let own = &ground.model.coordinates[at];
        let class = chosen[at];
        if own.classifier.not_set() == Some(class as u16) {
            return Value::NotSet;
        }
        // A part that keeps its class keeps its value.
        let kept = ground.point[at] == Some(class);
        let raw = own.samples.get(class as usize).copied().unwrap_or(0);
        match (own.part, ground.request.get(input)) {
            (Part::Presence, _) if class == 0 => return Value::NotSet,
            (Part::Presence, _) => {}
            (Part::Member(member), _) => members |= class << member,
            (Part::Date, Some(Value::Moment(today, _))) if kept => day = Some(*today),
            (Part::Date, _) => day = Some(i32::try_from(raw).unwrap_or(0)),
            (Part::Time, Some(Value::Moment(..))) if kept => {}
            (Part::Time, _) => minute = u16::try_from(raw).unwrap_or(0),
            (Part::Whole, _) => return whole(ground, request, chosen, inputs, coordinate, ty),
        }
    }
    day.map_or(Value::Set(members), |day| Value::Moment(day, minute))
}

fn whole(
    ground: &Ground<'_>,
    request: &Request,
    chosen: &[u32],
    inputs: &[InputId],
    coordinate: CoordinateId,
    ty: &crate::schema::Type,
) -> Value {
    use crate::schema::Type;
    let own = &ground.model.coordinates[usize::from(coordinate)];
    let class = chosen[usize::from(coordinate)];
    let raw = own.samples.get(class as usize).copied().unwrap_or(0);
    match ty {
        Type::YesNo => Value::YesNo(raw == 1),
        Type::OneOf(_) => Value::Choice(u8::try_from(raw).unwrap_or(0)),
        Type::Number(..) => Value::Number(u32::try_from(raw).unwrap_or(0)),
        Type::Duration(..) => Value::Duration(u32::try_from(raw).unwrap_or(0)),
        Type::Time => Value::Time(u16::try_from(raw).unwrap_or(0)),
        Type::Date(..) => Value::Date(i32::try_from(raw).unwrap_or(0)),
        Type::Identifier(kind) => Value::Identifier(name(ground, request, chosen, inputs, (coordinate, *kind))),
        Type::SetOf(_) | Type::Moment(_) => Value::NotSet,
    }
}

/// A name with the chosen class: one the policy knows, that of the input it is the same as, or a stranger's.
fn name(
    ground: &Ground<'_>,
    request: &Request,
    chosen: &[u32],
    inputs: &[InputId],
    (coordinate, kind): (CoordinateId, usize),
) -> String {
    let model = &ground.model;
    let own = &model.coordinates[usize::from(coordinate)];
    let class = chosen[usize::from(coordinate)];
    let Classifier::Identifier { known, same_as: earlier, .. } = &own.classifier else { return String::new() };
    let names = model.schema.identifiers.get(kind).map_or(&[][..], |kind| &kind.names);
    if class < *known {
        return names.get(class as usize).cloned().unwrap_or_default();
    }
    let value = |input: InputId| match request.get(input) {
        Some(Value::Identifier(name)) => Some(name.clone()),
        _ => None,
    };
    if let Some(found) = earlier.get((class - known) as usize).and_then(|&other| value(other)) {
        return found;
    }
    // A later one that does not change and is the same as this one has the name already.
    for (at, later) in model.coordinates.iter().enumerate().filter(|(_, later)| !inputs.contains(&later.input)) {
        let Classifier::Identifier { known: later_known, .. } = &later.classifier else { continue };
        let place = same_as(later).iter().position(|&other| other == own.input);
        if place.is_some_and(|place| chosen[at] == later_known + place as u32)
            && let Some(found) = value(later.input)
        {
            return found;
        }
    }
    let mut made = format!("somebody-else-{}", own.input + 1);
    let taken = |made: &str| {
        names.iter().any(|name| name == made)
            || request.values.iter().any(|value| matches!(value, Some(Value::Identifier(name)) if name == made))
    };
    while taken(&made) {
        made.push('x');
    }
    made
}

/// What must be true of one changed input, as widely as the goal allows with the other changes as they are.
fn change_words(
    ground: &mut Ground<'_>,
    root: Ref,
    wanted: u32,
    chosen: &[u32],
    request: &Request,
    input: InputId,
) -> Result<String, Trouble> {
    let own = ground.coordinates(input);
    if own.iter().any(|&c| ground.compared[usize::from(c)]) {
        return Ok(words::person(ground, request, input));
    }
    let was_set = ground.request.get(input) != Some(&Value::NotSet);
    let absent = own.iter().any(|&c| {
        let coordinate = &ground.model.coordinates[usize::from(c)];
        coordinate.part == Part::Presence && chosen[usize::from(c)] == 0
    });
    let mut region = Region { allowed: chosen.iter().map(|&class| Allowed::One(class)).collect(), tie: Ref::TRUE };
    let mut said = Vec::new();
    for &coordinate in &own {
        let at = usize::from(coordinate);
        let part = ground.model.coordinates[at].part;
        let count = ground.model.coordinates[at].classes;
        let mut classes: Vec<bool> = (0..count).map(|class| class == chosen[at]).collect();
        // Only what changes is said: the other parts of the input stay as they are.
        let stays = was_set && own.len() > 1 && ground.point[at] == Some(chosen[at]);
        if stays || (absent && part != Part::Presence) {
            classes = vec![true; count as usize];
        } else if part != Part::Presence {
            for class in 0..count {
                region.allowed[at] = Allowed::One(class);
                classes[class as usize] = ground.values(root, &region)? == [wanted];
            }
            region.allowed[at] = Allowed::Some(classes.clone());
        }
        said.push((coordinate, classes));
    }
    Ok(words::were(&words::among(ground.model, input, &said)))
}

/// A root where the compared identifiers that do not change keep their values.
pub(super) fn around(ground: &mut Ground<'_>, root: Ref, changed: Inputs) -> Result<Ref, Trouble> {
    if changed == 0 {
        return Ok(root);
    }
    let count = ground.model.schema.inputs.len();
    let kept: Vec<bool> = (0..count).map(|input| changed >> input & 1 == 0).collect();
    let tie = ground.tie(&kept)?;
    Ok(ground.tied(root, tie)?)
}
