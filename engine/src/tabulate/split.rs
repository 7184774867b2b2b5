//! The ways to divide requests: by a coordinate, by a term, by an earlier answer, by a block.
//!
//! In: a function, the requests that count, one way to divide. Out: arms, each with the choices that lead to it.
//! Refuses to know: which division is worth it.

use std::collections::BTreeMap;

use super::data::Asks;
use crate::diagram::{Exploded, Forest, Ref};

/// One way to divide requests.
#[derive(Clone, Debug)]
pub(super) struct Split {
    /// What is asked.
    pub(super) asks: Asks,
    /// The requests behind each choice; nothing for a coordinate, whose choices are its classes.
    pub(super) parts: Option<Vec<Ref>>,
}

/// Requests that one division treats alike.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    /// The choices that lead here.
    pub(super) choices: Vec<bool>,
    /// The function among these requests.
    pub(super) f: Ref,
    /// The requests that count.
    pub(super) care: Ref,
}

impl Split {
    /// A division by a coordinate.
    pub(super) fn by_class(coordinate: u16) -> Split {
        Split { asks: Asks::Class(coordinate), parts: None }
    }

    /// The requests behind some choices.
    pub(super) fn requests(&self, forest: &mut Forest, choices: &[bool]) -> Result<Ref, Exploded> {
        let holds = |choice: usize| choices.get(choice).copied().unwrap_or(false);
        match (&self.parts, self.asks) {
            (Some(parts), _) => {
                let fits: Vec<Ref> =
                    parts.iter().enumerate().filter(|(at, _)| holds(*at)).map(|(_, part)| *part).collect();
                forest.or_all(&fits)
            }
            (None, Asks::Class(coordinate)) => forest.test(coordinate, |class| holds(class as usize)),
            (None, _) => Ok(Ref::FALSE),
        }
    }

    /// Divides the requests that count; choices that nothing tells apart share an arm, and so do choices that cannot occur.
    /// Arms are in the order of their first choice; one arm means that the division says nothing here.
    pub(super) fn arms(&self, forest: &mut Forest, f: Ref, care: Ref) -> Result<Vec<Arm>, Exploded> {
        match (&self.parts, self.asks) {
            (Some(parts), _) => by_parts(forest, parts, f, care),
            (None, Asks::Class(coordinate)) => by_class(forest, coordinate, f, care),
            (None, _) => Ok(Vec::new()),
        }
    }
}

fn by_class(forest: &mut Forest, coordinate: u16, f: Ref, care: Ref) -> Result<Vec<Arm>, Exploded> {
    let width = forest.widths().get(usize::from(coordinate)).copied().unwrap_or(0);
    let mut alike: BTreeMap<(Ref, Ref), Vec<u32>> = BTreeMap::new();
    for class in 0..width {
        let key = (forest.cofactor(f, coordinate, class)?, forest.cofactor(care, coordinate, class)?);
        alike.entry(key).or_default().push(class);
    }
    let mut found: Vec<(Ref, Vec<u32>)> = Vec::new();
    let mut idle = Vec::new();
    for ((f, care), classes) in alike {
        if care == Ref::FALSE {
            idle.extend(classes);
            continue;
        }
        let f = forest.simplify(f, care)?;
        match found.iter_mut().find(|(known, _)| *known == f) {
            Some((_, known)) => known.extend(classes),
            None => found.push((f, classes)),
        }
    }
    let mut arms = Vec::with_capacity(found.len());
    for (f, classes) in found {
        let mut choices = vec![false; width as usize];
        classes.iter().for_each(|&class| choices[class as usize] = true);
        let here = forest.test(coordinate, |class| choices[class as usize])?;
        arms.push(Arm { choices, f, care: forest.and(care, here)? });
    }
    arms.sort_by_key(first);
    // What cannot occur goes where most can: the widest cell stays one.
    if let Some(widest) = arms.iter_mut().max_by_key(|arm| arm.choices.iter().filter(|&&yes| yes).count()) {
        idle.iter().for_each(|&class| widest.choices[class as usize] = true);
    }
    Ok(arms)
}

fn by_parts(forest: &mut Forest, parts: &[Ref], f: Ref, care: Ref) -> Result<Vec<Arm>, Exploded> {
    let mut arms: Vec<Arm> = Vec::with_capacity(parts.len());
    for (choice, &part) in parts.iter().enumerate() {
        let here = forest.and(care, part)?;
        if here == Ref::FALSE {
            continue;
        }
        let f = forest.simplify(f, here)?;
        match arms.iter_mut().find(|arm| arm.f == f) {
            Some(arm) => {
                arm.choices[choice] = true;
                arm.care = forest.or(arm.care, here)?;
            }
            None => {
                let mut choices = vec![false; parts.len()];
                choices[choice] = true;
                arms.push(Arm { choices, f, care: here });
            }
        }
    }
    Ok(arms)
}

fn first(arm: &Arm) -> usize {
    arm.choices.iter().position(|&yes| yes).unwrap_or(usize::MAX)
}
