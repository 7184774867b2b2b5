//! From a tree to rows, and fewer rows: rows that differ in one column only become one.
//!
//! In: a tree. Out: rows that no request fits twice. Refuses to know: words, and whether there are too many.

use std::collections::BTreeMap;

use super::grow::Tree;
use crate::diagram::{Exploded, Forest, Ref};

/// What follows from a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// The outcome of this terminal.
    Value(u32),
    /// Another table goes on.
    Continued(usize),
}

/// A row without words.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// By split: the choices that fit; nothing where it does not matter.
    pub(super) cells: Vec<Option<Vec<bool>>>,
    /// What follows.
    pub(super) end: End,
    /// The requests in it.
    pub(super) care: Ref,
    /// At which step each split was asked; for the order of columns.
    pub(super) depths: Vec<(usize, usize)>,
}

/// The rows of a tree, one for each leaf, from left to right.
pub(super) fn rows(tree: &Tree, splits: usize) -> Vec<Draft> {
    let mut found = Vec::new();
    let blank = Draft { cells: vec![None; splits], end: End::Value(0), care: Ref::FALSE, depths: Vec::new() };
    below(tree, &blank, &mut found);
    found
}

fn below(tree: &Tree, so_far: &Draft, found: &mut Vec<Draft>) {
    match tree {
        Tree::Leaf(value, care) => found.push(Draft { end: End::Value(*value), care: *care, ..so_far.clone() }),
        Tree::Continued(table, care) => {
            found.push(Draft { end: End::Continued(*table), care: *care, ..so_far.clone() });
        }
        Tree::Split(at, _, _, kids) => {
            for (choices, kid) in kids {
                let mut next = so_far.clone();
                next.depths.push((*at, next.depths.len()));
                next.cells[*at] = meet(next.cells[*at].take(), choices);
                below(kid, &next, found);
            }
        }
    }
}

/// What fits both; all choices are no restriction.
fn meet(before: Option<Vec<bool>>, choices: &[bool]) -> Option<Vec<bool>> {
    let both = match before {
        Some(before) => before.iter().zip(choices).map(|(a, b)| *a && *b).collect(),
        None => choices.to_vec(),
    };
    restriction(both)
}

fn restriction(choices: Vec<bool>) -> Option<Vec<bool>> {
    if choices.iter().all(|&yes| yes) { None } else { Some(choices) }
}

/// Joins rows with the same end that differ in one column, until there are none. The joined row stands where the first stood.
pub(super) fn merge(forest: &mut Forest, rows: &mut Vec<Draft>) -> Result<(), Exploded> {
    let splits = rows.first().map_or(0, |row| row.cells.len());
    loop {
        let before = rows.len();
        for split in (0..splits).rev() {
            merge_in(forest, rows, split)?;
        }
        if rows.len() == before {
            return Ok(());
        }
    }
}

type Rest = (End, Vec<Option<Vec<bool>>>);

fn merge_in(forest: &mut Forest, rows: &mut Vec<Draft>, split: usize) -> Result<(), Exploded> {
    let mut first: BTreeMap<Rest, usize> = BTreeMap::new();
    let mut kept: Vec<Draft> = Vec::with_capacity(rows.len());
    for mut row in std::mem::take(rows) {
        let Some(choices) = row.cells[split].take() else {
            kept.push(row);
            continue;
        };
        match first.get(&(row.end, row.cells.clone())) {
            Some(&at) => {
                let known = &mut kept[at];
                known.care = forest.or(known.care, row.care)?;
                known.depths.extend(row.depths);
                known.cells[split] = known.cells[split].take().and_then(|known| {
                    restriction(known.iter().zip(&choices).map(|(a, b)| *a || *b).collect())
                });
            }
            None => {
                first.insert((row.end, row.cells.clone()), kept.len());
                row.cells[split] = Some(choices);
                kept.push(row);
            }
        }
    }
    *rows = kept;
    Ok(())
}

/// The splits that rows ask, those asked first on average first.
pub(super) fn asked(rows: &[Draft]) -> Vec<usize> {
    let splits = rows.first().map_or(0, |row| row.cells.len());
    let mut found: Vec<(u64, usize)> = Vec::new();
    for split in (0..splits).filter(|&split| rows.iter().any(|row| row.cells[split].is_some())) {
        let steps = rows.iter().flat_map(|row| &row.depths).filter(|(at, _)| *at == split).map(|(_, step)| *step as u64);
        let (sum, count) = steps.fold((0, 0), |(sum, count), step| (sum + step, count + 1));
        // Thousandths of a step: whole numbers sort alike everywhere.
        found.push((sum * 1000 / count.max(1), split));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, split)| split).collect()
}
