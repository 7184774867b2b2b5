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
    let asked: Vec<usize> = (0..splits).filter(|&split| rows.iter().any(|row| row.cells[split].is_some())).collect();
    loop {
        let before = rows.len();
        for &split in asked.iter().rev() {
            merge_in(forest, rows, &asked, split)?;
        }
        if rows.len() == before {
            return Ok(());
        }
    }
}

/// The cells of a row but one.
type Rest<'r> = Vec<Option<&'r [bool]>>;

/// Joins the rows that differ in this column only.
fn merge_in(forest: &mut Forest, rows: &mut Vec<Draft>, asked: &[usize], split: usize) -> Result<(), Exploded> {
    let mut into: Vec<usize> = (0..rows.len()).collect();
    {
        let mut first: BTreeMap<(End, Rest<'_>), usize> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.cells[split].is_some()) {
            let others = asked.iter().filter(|&&other| other != split);
            let rest = others.map(|&other| row.cells[other].as_deref()).collect();
            into[at] = *first.entry((row.end, rest)).or_insert(at);
        }
    }
    if into.iter().enumerate().all(|(at, &target)| at == target) {
        return Ok(());
    }
    let mut kept: Vec<Draft> = Vec::with_capacity(rows.len());
    let mut place = vec![0; rows.len()];
    for (at, row) in std::mem::take(rows).into_iter().enumerate() {
        if into[at] == at {
            place[at] = kept.len();
            kept.push(row);
            continue;
        }
        let known = &mut kept[place[into[at]]];
        known.care = forest.or(known.care, row.care)?;
        known.depths.extend(row.depths);
        // Where the first was joined to everything already, nothing is left to add.
        if let (Some(before), Some(more)) = (known.cells[split].take(), &row.cells[split]) {
            known.cells[split] = restriction(before.iter().zip(more).map(|(a, b)| *a || *b).collect());
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
        let steps =
            rows.iter().flat_map(|row| &row.depths).filter(|(at, _)| *at == split).map(|(_, step)| *step as u64);
        let (sum, count) = steps.fold((0, 0), |(sum, count), step| (sum + step, count + 1));
        // Thousandths of a step: whole numbers sort alike everywhere.
        found.push((sum * 1000 / count.max(1), split));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, split)| split).collect()
}
