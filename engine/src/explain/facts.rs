//! Sufficient reasons: the facts that force an outcome, whatever else a request says.
//!
//! In: a request. Out: the inputs that cannot be left out, each with the largest set of classes that still suffices.
//! Refuses to know: rules.
//!
//! Inputs are left out one at a time, those furthest from the root of the diagrams first, then in schema order: what the
//! answers ask first tends to stay. A compared identifier that stays keeps its value; other inputs are widened class by
//! class. A class is in the set when all valid requests with it, and with the other facts, have the outcome.

use super::ground::{Allowed, Ground, Region};
use super::types::{Fact, Reason};
use crate::diagram::{Exploded, Ref};
use crate::model::{CoordinateId, Part};
use crate::schema::{AnswerId, InputId, Value};

/// A subset-minimal reason for the outcome, or for one answer of it.
pub(super) fn reason(
    ground: &mut Ground<'_>,
    outcome: &[Vec<u32>],
    answer: Option<AnswerId>,
) -> Result<Reason, Exploded> {
    let groups = ground.groups(outcome, answer);
    let mut kept: Vec<bool> = ground.request.values.iter().map(Option::is_some).collect();
    let mut region = ground.region(&kept)?;
    for input in order(ground) {
        if !kept.get(input).copied().unwrap_or(false) {
            continue;
        }
        kept[input] = false;
        let wider = without(ground, &region, &kept, input)?;
        if ground.differs(&groups, &wider)? {
            kept[input] = true;
        } else {
            region = wider;
        }
    }
    let mut facts = Vec::new();
    let stays: Vec<InputId> = (0..kept.len()).filter(|&input| kept[input]).collect();
    for &input in &stays {
        widen(ground, &groups, &mut region, input)?;
    }
    for &input in &stays {
        let classes = classes(ground, &region, input);
        let words = super::words::fact(ground, &classes, input, &stays);
        facts.push(Fact { input: ground.model.schema.inputs[input].name.clone(), words, classes });
    }
    let says = answer.map_or(String::new(), |a| super::words::says(ground, a, &outcome[a]));
    let answer = answer.map_or(String::new(), |a| super::words::answer_name(ground, a));
    Ok(Reason { answer, says, facts })
}

/// The inputs, those furthest from the root of the diagrams first.
fn order(ground: &Ground<'_>) -> Vec<InputId> {
    let mut place = vec![usize::MAX; ground.model.schema.inputs.len()];
    for (level, &coordinate) in ground.model.forest.order().iter().enumerate() {
        if let Some(own) = ground.model.coordinates.get(usize::from(coordinate)) {
            place[own.input] = place[own.input].min(level);
        }
    }
    let mut inputs: Vec<InputId> = (0..place.len()).collect();
    inputs.sort_by_key(|&input| (std::cmp::Reverse(place[input]), input));
    inputs
}

/// The region without what is known of an input.
fn without(ground: &mut Ground<'_>, region: &Region, kept: &[bool], input: InputId) -> Result<Region, Exploded> {
    let own = ground.coordinates(input);
    if own.iter().any(|&c| ground.compared[usize::from(c)]) {
        return ground.region(kept);
    }
    let mut wider = region.clone();
    for coordinate in own {
        wider.allowed[usize::from(coordinate)] = Allowed::Any;
    }
    Ok(wider)
}

/// Widens the classes of one input as far as the outcome allows.
fn widen(
    ground: &mut Ground<'_>,
    groups: &[(u32, Vec<Ref>)],
    region: &mut Region,
    input: InputId,
) -> Result<(), Exploded> {
    if ground.request.get(input) == Some(&Value::NotSet)
        && ground.coordinates(input).iter().any(|&c| ground.model.coordinates[usize::from(c)].part == Part::Presence)
    {
        return Ok(());
    }
    let mut own = ground.coordinates(input);
    // Parts first: whether they are there at all is asked when it is clear which of them matter.
    own.sort_by_key(|&c| ground.model.coordinates[usize::from(c)].part == Part::Presence);
    for coordinate in own {
        let at = usize::from(coordinate);
        if ground.compared[at] {
            continue;
        }
        let Allowed::One(actual) = region.allowed[at] else { continue };
        region.allowed[at] = Allowed::Any;
        if !ground.differs(groups, region)? {
            continue;
        }
        let count = ground.model.coordinates[at].classes;
        let mut suffice = vec![false; count as usize];
        for class in 0..count {
            region.allowed[at] = Allowed::One(class);
            suffice[class as usize] = class == actual || !ground.differs(groups, region)?;
        }
        region.allowed[at] = Allowed::Some(suffice);
    }
    Ok(())
}

/// The classes each coordinate of an input may have.
fn classes(ground: &Ground<'_>, region: &Region, input: InputId) -> Vec<(CoordinateId, Vec<bool>)> {
    let own = ground.coordinates(input).into_iter();
    own.map(|coordinate| {
        let at = usize::from(coordinate);
        let count = ground.model.coordinates[at].classes;
        let actual = ground.point.get(at).copied().flatten();
        let allowed = match &region.allowed[at] {
            _ if ground.compared[at] => (0..count).map(|class| Some(class) == actual).collect(),
            Allowed::Any => vec![true; count as usize],
            Allowed::One(only) => (0..count).map(|class| class == *only).collect(),
            Allowed::Some(classes) => classes.clone(),
        };
        (coordinate, allowed)
    })
    .collect()
}
