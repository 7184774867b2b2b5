//! A test for an aim: a familiar request that reaches it, less every given that does not matter.
//!
//! In: an aim. Out: a test in the words of the language. Refuses to drop a given without which some request would miss the
//! aim or be answered otherwise.

use std::collections::BTreeSet;

use super::aims::{Aim, value_text};
use super::{Proposed, Tests, given};
use crate::diagram::{Exploded, Forest, Ref};
use crate::model::NO;
use crate::space::look::Look;
use crate::space::words::usual;

/// A new test, and the requests like it; nothing if it has no words.
pub(super) fn test_for(look: &mut Look<'_>, aim: &Aim) -> Result<Option<(Proposed, Tests)>, Exploded> {
    // Dates outside 2026 to 2053 cannot be written.
    let mut near = aim.set;
    for number in 0..look.model.coordinates.len() {
        let weights = look.model.coordinates[number].weights.clone();
        if weights.contains(&0) {
            let own =
                look.model.forest.test(number as u16, |class| weights.get(class as usize).is_some_and(|w| *w > 0))?;
            near = look.model.forest.and(near, own)?;
        }
    }
    let Some(point) = look.point(near) else { return Ok(None) };
    let mut said_so: Vec<(String, (usize, usize), Ref)> = Vec::new();
    let mut expected = Ref::TRUE;
    for &said in &aim.shown_by {
        let Some(&root) = look.answer(said.0, said.1).get(said.2) else { continue };
        let value = look.value(root, &point);
        let Some(text) = value_text(look, said, value) else { return Ok(None) };
        let same = look.model.forest.values_where(root, |found| found == value)?;
        expected = look.model.forest.and(expected, same)?;
        if !said_so.iter().any(|other| other.0 == text) {
            said_so.push((text, (said.0, said.1), same));
        }
    }
    // A member that is not there says little beside one that is.
    let telling = |said: &(String, (usize, usize), Ref)| !said.0.contains(" do not include ");
    if aim.bound.is_none() && said_so.iter().any(telling) {
        said_so.retain(telling);
    }
    let reached = look.model.forest.and(aim.set, expected)?;
    let valid = look.model.valid;
    let missed = look.model.forest.and_not(valid, reached)?;

    let mut fixed: Vec<Option<u32>> = point.clone();
    for (place, class) in fixed.iter_mut().enumerate() {
        // What the example leaves open is as usual, and goes first.
        *class = Some(class.unwrap_or_else(|| usual(look.model, &look.model.coordinates[place])));
    }
    let whole = fixed.clone();
    let order = |usual_ones: bool| {
        let is_usual = |place: &usize| {
            let class = usual(look.model, &look.model.coordinates[*place]);
            (point.get(*place).copied().flatten().is_none_or(|own| own == class)) == usual_ones
        };
        (0..fixed.len()).rev().filter(is_usual).collect::<Vec<usize>>()
    };
    let places: Vec<usize> = order(true).into_iter().chain(order(false)).collect();
    for place in places {
        if aim.bound.is_some_and(|bound| usize::from(bound.0) == place) {
            continue;
        }
        let own = fixed[place].take();
        if reaches(&look.model.forest, missed, &fixed) {
            fixed[place] = own;
        }
    }
    // A test gives something, also where nothing matters.
    if fixed.iter().all(Option::is_none)
        && let (Some(first), Some(class)) = (fixed.first_mut(), whole.first())
    {
        *first = *class;
    }
    let mut like_it = valid;
    for (place, class) in fixed.iter().enumerate() {
        if let Some(class) = *class {
            let own = look.model.forest.test(place as u16, |other| other == class)?;
            like_it = look.model.forest.and(like_it, own)?;
        }
    }
    let Some(given) = given::words(look, &fixed, aim.bound.map(|bound| (bound.0, bound.2))) else { return Ok(None) };
    let name = aim.what.clone();
    let sample = |(place, class): (usize, &Option<u32>)| match aim.bound {
        Some((number, _, raw, _)) if usize::from(number) == place => Some(raw),
        _ => Some(given::value(&look.model.coordinates[place], (*class)?)),
    };
    let names = fixed.iter().enumerate().map(sample).collect();
    let mut told = Ref::TRUE;
    for said in &said_so {
        told = look.model.forest.and(told, said.2)?;
    }
    let speaks = said_so.iter().map(|said| said.1).collect();
    let test = Tests { name: name.clone(), like_it, expected: told, speaks, names };
    let expect = said_so.into_iter().map(|said| said.0).collect();
    Ok(Some((Proposed { name, given, expect, tries: Vec::new() }, test)))
}

/// Whether a function is true for some request with these classes.
fn reaches(forest: &Forest, f: Ref, fixed: &[Option<u32>]) -> bool {
    let mut seen = BTreeSet::new();
    let mut todo = vec![f];
    while let Some(node) = todo.pop() {
        match node.value() {
            Some(NO) => {}
            Some(_) => return true,
            None if !seen.insert(node) => {}
            None => {
                let coordinate = forest.coordinate(node).map_or(0, usize::from);
                match fixed.get(coordinate).copied().flatten() {
                    Some(class) => todo.push(forest.child(node, class)),
                    None => todo.extend(forest.runs(node).iter().map(|run| run.to)),
                }
            }
        }
    }
    false
}
