//! The shortest table found: several orders of the coordinates, blocks, and tables that others go on to.
//!
//! In: a function, the requests that count, the ways to divide. Out: rows, with what they refer to.
//! Refuses to know: words. The least number of rows is hard to find; what is found here is exact, if not always the least.

use std::collections::BTreeMap;

use super::data::Asks;
use super::grow::{Choice, Grow, Stunted, Tree};
use super::rows::{self, Draft, End};
use super::split::Split;
use crate::diagram::{Exploded, Forest, Ref};

/// Most leaves of a tree: far more than rows that are shown, for many leaves become one row.
pub(super) const MOST_LEAVES: usize = 1_500;
/// How much work an order may cost to find.
const SIFTING: u64 = 40_000;
/// Tables this short stay as they are.
const SHORT: usize = 8;
/// Turning to another table is as much toil as so many cells.
const TURNING: usize = 8;
/// Most parts of a block.
const MOST_PARTS: usize = 4;
/// Most tables that others go on to.
const MOST_CONTINUED: usize = 4;

/// One table without words.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The diagrams, in the order that made the table shortest.
    pub(super) forest: Forest,
    /// The ways to divide; those of blocks last.
    pub(super) splits: Vec<Split>,
    /// The function and the requests that count.
    pub(super) about: (Ref, Ref),
    /// How its divisions were chosen.
    choice: Choice,
    /// The tree.
    tree: Tree,
    /// The rows.
    pub(super) rows: Vec<Draft>,
    /// The rows of the tables that rows go on to, by number.
    pub(super) continued: Vec<Vec<Draft>>,
    /// What the blocks mean, by number: rows that end in a part.
    pub(super) blocks: Vec<Vec<Draft>>,
}

impl Plan {
    /// All rows a reader sees.
    pub(super) fn size(&self) -> usize {
        let further = self.continued.iter().chain(&self.blocks);
        self.rows.len() + further.map(Vec::len).sum::<usize>()
    }

    /// How much there is to read: rows, cells that ask something, and turning to another table.
    fn toil(&self) -> usize {
        let tables = self.continued.iter().chain(&self.blocks);
        let toil = |rows: &Vec<Draft>| 2 * rows.len() + rows.iter().flat_map(|row| &row.cells).flatten().count();
        tables.map(|rows| TURNING + toil(rows)).sum::<usize>() + toil(&self.rows)
    }
}

/// The best plan for a function among the requests that count, from trees of at most so many leaves.
pub(super) fn best(forest: &Forest, splits: &[Split], f: Ref, care: Ref, most: usize) -> Result<Plan, Stunted> {
    let mut sifted = forest.clone();
    let parts = splits.iter().flat_map(|split| split.parts.iter().flatten().copied());
    let roots: Vec<Ref> = [f, care].into_iter().chain(parts).collect();
    sifted.sift(&roots, SIFTING);
    let mut found: Result<Plan, Stunted> = Err(Stunted::TooManyLeaves);
    for choice in [Choice::Shortest, Choice::Ladder, Choice::InOrder] {
        let as_is = plan(forest.clone(), splits, choice, (f, care), most);
        let in_order = plan(sifted.clone(), splits, choice, (f, care), most);
        let Ok(mut next) = better(as_is, in_order) else { continue };
        if next.rows.len() > SHORT {
            next = with_blocks(next, most)?;
            next = with_continued(next, most)?;
        }
        found = better(found, Ok(next));
    }
    found
}

fn better(a: Result<Plan, Stunted>, b: Result<Plan, Stunted>) -> Result<Plan, Stunted> {
    match (a, b) {
        (Ok(a), Ok(b)) if b.toil() < a.toil() => Ok(b),
        (Err(_), b) => b,
        (a, _) => a,
    }
}

fn plan(mut forest: Forest, splits: &[Split], choice: Choice, about: (Ref, Ref), most: usize) -> Result<Plan, Stunted> {
    let tree = Grow::new(&mut forest, splits, choice, most).tree(about.0, about.1)?;
    let mut rows = rows::rows(&tree, splits.len());
    rows::merge(&mut forest, &mut rows)?;
    let splits = splits.to_vec();
    Ok(Plan { forest, splits, about, choice, tree, rows, continued: Vec::new(), blocks: Vec::new() })
}

/// Inputs at the top that only matter for which of few parts they are in, shown as one column, where that is shorter.
fn with_blocks(plan: Plan, most: usize) -> Result<Plan, Stunted> {
    let (plain, number) = (plan.splits.clone(), plan.blocks.len());
    let mut forest = plan.forest.clone();
    let (f, care) = plan.about;
    let f = forest.simplify(f, care)?;
    let support = forest.support(&[f]);
    let in_order: Vec<u16> = forest.order().iter().copied().filter(|&c| support[usize::from(c)]).collect();
    let mut best = plan;
    for many in 2..in_order.len().min(7) {
        let parts = parts(&mut forest, f, &in_order[..many])?;
        if parts.len() < 2 || parts.len() > MOST_PARTS {
            continue;
        }
        let mut meaning = Ref::terminal(0);
        for (part, &requests) in parts.iter().enumerate() {
            meaning = forest.if_then_else(requests, Ref::terminal(part as u32), meaning)?;
        }
        let mut splits = plain.clone();
        splits.push(Split { asks: Asks::Block(number), parts: Some(parts) });
        let Ok(mut next) = self::plan(forest.clone(), &splits, best.choice, (f, care), most) else { continue };
        if next.rows.iter().all(|row| row.cells.last().is_none_or(Option::is_none)) {
            continue;
        }
        let Ok(inner) = self::plan(next.forest.clone(), &plain, best.choice, (meaning, care), most) else { continue };
        next.forest = inner.forest;
        let mut rows = inner.rows;
        rows.iter_mut().for_each(|row| row.cells.push(None));
        next.blocks.push(rows);
        if next.toil() * 100 <= best.toil() * 90 {
            best = next;
        }
    }
    Ok(best)
}

/// The requests behind each function that is left once these coordinates are known.
fn parts(forest: &mut Forest, f: Ref, coordinates: &[u16]) -> Result<Vec<Ref>, Exploded> {
    let mut all: Vec<(Ref, Ref)> = vec![(f, Ref::TRUE)];
    for &coordinate in coordinates {
        let mut next: Vec<(Ref, Ref)> = Vec::new();
        for (f, here) in all {
            let width = forest.widths()[usize::from(coordinate)];
            let mut alike: BTreeMap<Ref, Vec<u32>> = BTreeMap::new();
            for class in 0..width {
                let left = forest.cofactor(f, coordinate, class)?;
                alike.entry(left).or_default().push(class);
            }
            for (left, classes) in alike {
                let fits = forest.test(coordinate, |class| classes.binary_search(&class).is_ok())?;
                let both = forest.and(here, fits)?;
                match next.iter_mut().find(|(known, _)| *known == left) {
                    Some((_, requests)) => *requests = forest.or(*requests, both)?,
                    None => next.push((left, both)),
                }
            }
        }
        all = next;
    }
    Ok(all.into_iter().map(|(_, requests)| requests).collect())
}

/// Parts that several rows lead to become tables of their own, where that is shorter by a good deal.
fn with_continued(mut plan: Plan, most: usize) -> Result<Plan, Exploded> {
    let mut shared: BTreeMap<Ref, (usize, usize)> = BTreeMap::new();
    note_shared(&plan.tree, &mut shared);
    let mut candidates: Vec<(usize, Ref)> = shared
        .into_iter()
        .filter(|(f, (times, leaves))| *times > 1 && *leaves > 2 && *f != plan.about.0)
        .map(|(f, (times, leaves))| ((times - 1) * (leaves / times), f))
        .collect();
    candidates.sort_unstable_by_key(|&(saved, f)| (std::cmp::Reverse(saved), f));
    let mut chosen: Vec<Ref> = Vec::new();
    for (_, f) in candidates.into_iter().take(12) {
        if chosen.len() == MOST_CONTINUED {
            break;
        }
        let mut wanted = chosen.clone();
        wanted.push(f);
        if let Ok(next) = continued(&plan, &wanted, most)
            && next.toil() * 100 <= plan.toil() * 90
        {
            chosen = wanted;
            plan = next;
        }
    }
    Ok(plan)
}

fn continued(plan: &Plan, wanted: &[Ref], most: usize) -> Result<Plan, Stunted> {
    let mut forest = plan.forest.clone();
    let (f, care) = plan.about;
    let mut grow = Grow::new(&mut forest, &plan.splits, plan.choice, most);
    grow.continued = wanted.iter().enumerate().map(|(number, &f)| (f, number)).collect();
    let tree = grow.tree(f, care)?;
    let mut all = rows::rows(&tree, plan.splits.len());
    rows::merge(&mut forest, &mut all)?;
    let mut tables = Vec::with_capacity(wanted.len());
    for (number, &f) in wanted.iter().enumerate() {
        let mut care = Ref::FALSE;
        for row in all.iter().filter(|row| row.end == End::Continued(number)) {
            care = forest.or(care, row.care)?;
        }
        if care == Ref::FALSE {
            return Err(Stunted::TooManyLeaves);
        }
        let tree = Grow::new(&mut forest, &plan.splits, plan.choice, most).tree(f, care)?;
        let mut rows = rows::rows(&tree, plan.splits.len());
        rows::merge(&mut forest, &mut rows)?;
        tables.push(rows);
    }
    let splits = plan.splits.clone();
    let (about, choice, blocks) = (plan.about, plan.choice, plan.blocks.clone());
    Ok(Plan { forest, splits, about, choice, tree, rows: all, continued: tables, blocks })
}

/// How often each function stands in the tree, and how many leaves are below it all together.
fn note_shared(tree: &Tree, shared: &mut BTreeMap<Ref, (usize, usize)>) -> usize {
    match tree {
        Tree::Leaf(..) | Tree::Continued(..) => 1,
        Tree::Split(_, f, _, kids) => {
            let leaves = kids.iter().map(|(_, kid)| note_shared(kid, shared)).sum();
            let entry = shared.entry(*f).or_default();
            entry.0 += 1;
            entry.1 += leaves;
            leaves
        }
    }
}
