//! The other way to write a table: a list read from the top, in which the first row that fits answers.
//!
//! In: a function, the requests that count, and its tree. Out: rows that each ask no more than they must.
//! Refuses to know: words. At each division the heaviest arm comes last and is not asked for; then every condition that the
//! rows above and below make needless is left out, and every row that decides nothing another would not.

use super::grow::Tree;
use super::rows::{Draft, End};
use super::split::Split;
use crate::diagram::{Count, Exploded, Forest, Ref};

/// How many outcomes are tried as the one that holds otherwise.
const MOST_DEFAULTS: usize = 4;

/// The list that is least toil to read: heaviest arms last at every division, or all exceptions first and one default.
pub(super) fn list(
    forest: &mut Forest,
    splits: &[Split],
    tree: &Tree,
    (f, care): (Ref, Ref),
    weights: &[Vec<u64>],
) -> Result<Vec<Draft>, Exploded> {
    let mut nested = Vec::new();
    let blank = Draft { cells: vec![None; splits.len()], end: End::Value(0), care: Ref::FALSE, depths: Vec::new() };
    heaviest_last(forest, tree, weights, &blank, &mut nested);
    let mut flat = super::rows::rows(tree, splits.len());
    super::rows::merge(forest, &mut flat)?;
    let mut candidates = vec![nested];
    for default in heaviest_ends(forest, &flat, weights).into_iter().take(MOST_DEFAULTS) {
        let mut rows: Vec<Draft> = flat.iter().filter(|row| row.end != default).cloned().collect();
        rows.push(Draft { end: default, ..blank.clone() });
        candidates.push(rows);
    }
    let mut best: Option<(usize, Vec<Draft>)> = None;
    for mut rows in candidates {
        reduce(forest, splits, &mut rows, f, care)?;
        let toil = 2 * rows.len() + rows.iter().flat_map(|row| &row.cells).flatten().count();
        if best.as_ref().is_none_or(|(known, _)| toil < *known) {
            best = Some((toil, rows));
        }
    }
    Ok(best.map(|(_, rows)| rows).unwrap_or_default())
}

fn care_of(tree: &Tree) -> Ref {
    match tree {
        Tree::Leaf(_, care) | Tree::Continued(_, care) | Tree::Split(_, _, care, _) => *care,
    }
}

fn heaviest_last(forest: &Forest, tree: &Tree, weights: &[Vec<u64>], so_far: &Draft, found: &mut Vec<Draft>) {
    match tree {
        Tree::Leaf(value, _) => found.push(Draft { end: End::Value(*value), ..so_far.clone() }),
        Tree::Continued(table, _) => found.push(Draft { end: End::Continued(*table), ..so_far.clone() }),
        Tree::Split(at, _, _, kids) => {
            let weight: Vec<Count> = kids.iter().map(|(_, kid)| forest.count_true(care_of(kid), weights)).collect();
            let heaviest = (0..kids.len()).rev().max_by(|&a, &b| weight[a].cmp(&weight[b])).unwrap_or(0);
            for (_, (choices, kid)) in kids.iter().enumerate().filter(|(number, _)| *number != heaviest) {
                let mut next = so_far.clone();
                next.depths.push((*at, next.depths.len()));
                next.cells[*at] = Some(match next.cells[*at].take() {
                    Some(before) => before.iter().zip(choices).map(|(a, b)| *a && *b).collect(),
                    None => choices.clone(),
                });
                heaviest_last(forest, kid, weights, &next, found);
            }
            if let Some((_, kid)) = kids.get(heaviest) {
                heaviest_last(forest, kid, weights, so_far, found);
            }
        }
    }
}

/// The ends, those of the most requests first.
fn heaviest_ends(forest: &Forest, rows: &[Draft], weights: &[Vec<u64>]) -> Vec<End> {
    let mut ends: Vec<(End, Count)> = Vec::new();
    for row in rows {
        let count = forest.count_true(row.care, weights);
        match ends.iter_mut().find(|(end, _)| *end == row.end) {
            Some((_, sum)) => sum.add_times(&count, 1),
            None => ends.push((row.end, count)),
        }
    }
    ends.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ends.into_iter().map(|(end, _)| end).collect()
}

/// Leaves out conditions and rows while the list still says the same of every request that counts; notes what each row decides.
fn reduce(forest: &mut Forest, splits: &[Split], rows: &mut Vec<Draft>, f: Ref, care: Ref) -> Result<(), Exploded> {
    let mut wrong: Vec<Ref> = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let End::Value(value) = row.end else { return Ok(()) };
        let right = forest.values_where(f, |found| found == value)?;
        wrong.push(forest.and_not(care, right)?);
    }
    drop_rows(forest, splits, rows, &mut wrong, care)?;
    // From the top: what a wider row takes away from those below can only be right for it.
    let mut left = care;
    for at in 0..rows.len() {
        for split in (0..splits.len()).rev() {
            let Some(cell) = rows[at].cells[split].take() else { continue };
            let wider = cube(forest, splits, &rows[at])?;
            let takes = forest.and(left, wider)?;
            if forest.and(takes, wrong[at])? != Ref::FALSE {
                rows[at].cells[split] = Some(cell);
            }
        }
        let own = cube(forest, splits, &rows[at])?;
        left = forest.and_not(left, own)?;
    }
    drop_rows(forest, splits, rows, &mut wrong, care)?;
    let mut left = care;
    for row in rows.iter_mut() {
        let own = cube(forest, splits, row)?;
        row.care = forest.and(left, own)?;
        left = forest.and_not(left, own)?;
    }
    rows.retain(|row| row.care != Ref::FALSE);
    Ok(())
}

/// Leaves out rows, from the last but one up, whose requests the rows below answer alike.
fn drop_rows(
    forest: &mut Forest,
    splits: &[Split],
    rows: &mut Vec<Draft>,
    wrong: &mut Vec<Ref>,
    care: Ref,
) -> Result<(), Exploded> {
    let mut cubes = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        cubes.push(cube(forest, splits, row)?);
    }
    for at in (0..rows.len().saturating_sub(1)).rev() {
        let above = forest.or_all(&cubes[..at])?;
        let mut left = forest.and_not(care, above)?;
        left = forest.and(left, cubes[at])?;
        let mut needless = true;
        for below in at + 1..rows.len() {
            let takes = forest.and(left, cubes[below])?;
            needless &= forest.and(takes, wrong[below])? == Ref::FALSE;
            left = forest.and_not(left, cubes[below])?;
        }
        if needless && left == Ref::FALSE {
            rows.remove(at);
            cubes.remove(at);
            wrong.remove(at);
        }
    }
    Ok(())
}

/// All requests that fit a row.
pub(super) fn cube(forest: &mut Forest, splits: &[Split], row: &Draft) -> Result<Ref, Exploded> {
    let mut all = Ref::TRUE;
    for (split, cell) in splits.iter().zip(&row.cells) {
        let Some(choices) = cell else { continue };
        let fits = split.requests(forest, choices)?;
        all = forest.and(all, fits)?;
    }
    Ok(all)
}
