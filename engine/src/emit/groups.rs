//! Which answers share a diagram. In: the roots of a decision. Out: groups, each one diagram whose terminals number
//! rows of values. One diagram for many answers saves walks; independent answers would multiply, so they stay apart.
//! Refuses to know what the values mean.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::diagram::{Exploded, Forest, Op, Ref};

/// How many bytes a policy's diagrams may grow by sharing.
const ALLOWANCE: isize = 1024;
/// Diagrams larger than this are not shared.
const LARGE: isize = 8 * 1024;

/// Some roots in one diagram.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    /// Which roots, ascending.
    pub(super) parts: Vec<usize>,
    /// The diagram; its terminals are numbers of rows.
    pub(super) root: Ref,
    /// For each row a terminal of every part.
    pub(super) rows: Vec<Vec<u32>>,
    cost: isize,
}

/// Groups roots: the two whose sharing costs least, again and again, while the allowance lasts.
pub(super) fn share(forest: &mut Forest, roots: &[Ref], valid: Ref) -> Result<Vec<Shared>, Exploded> {
    let mut groups = Vec::new();
    for (part, &root) in roots.iter().enumerate() {
        groups.push(Some(single(forest, part, root)?));
    }
    let mut pairs: BTreeMap<(usize, usize), (isize, Shared)> = BTreeMap::new();
    let mut fresh: Vec<usize> = (0..groups.len()).collect();
    let mut left = ALLOWANCE;
    loop {
        for &one in &fresh {
            for other in 0..groups.len() {
                let (Some(a), Some(b)) = (&groups[one], &groups[other]) else { continue };
                let key = (one.min(other), one.max(other));
                if one == other || a.cost.max(b.cost) > LARGE || pairs.contains_key(&key) {
                    continue;
                }
                let limit = (a.cost + b.cost) * 4;
                let both = join(forest, a, b, valid)?;
                let growth = both.cost - a.cost - b.cost;
                if both.cost < limit && growth <= ALLOWANCE {
                    pairs.insert(key, (growth, both));
                }
            }
        }
        let best = pairs.iter().min_by_key(|(key, (growth, _))| (*growth, **key)).map(|(key, _)| *key);
        let Some((one, other)) = best else { break };
        let Some((growth, both)) = pairs.remove(&(one, other)) else { break };
        if growth > left {
            break;
        }
        left -= growth.max(0);
        pairs.retain(|key, _| ![key.0, key.1].iter().any(|place| *place == one || *place == other));
        groups[one] = Some(both);
        groups[other] = None;
        fresh = vec![one];
    }
    Ok(groups.into_iter().flatten().collect())
}

/// A group of one root.
fn single(forest: &mut Forest, part: usize, root: Ref) -> Result<Shared, Exploded> {
    let values = forest.values(&[root]);
    let op = forest.fresh_op();
    let number = |value: u32| values.binary_search(&value).unwrap_or_default() as u32;
    let root = forest.map(root, op, number)?;
    let rows: Vec<Vec<u32>> = values.iter().map(|&value| vec![value]).collect();
    let cost = cost(forest, root, &rows);
    Ok(Shared { parts: vec![part], root, rows, cost })
}

/// Two groups in one.
fn join(forest: &mut Forest, one: &Shared, other: &Shared, valid: Ref) -> Result<Shared, Exploded> {
    let op = Pair { number: forest.fresh_op(), pairs: RefCell::default() };
    let both = forest.apply(&op, [one.root, other.root, Ref::FALSE])?;
    let both = forest.simplify(both, valid)?;
    // Only rows that are still reached, in an order that does not depend on how they were found.
    let pairs = op.pairs.into_inner();
    let mut used: Vec<(Vec<u32>, u32)> = Vec::new();
    let reached = forest.values(&[both]);
    for (&(first, second), &value) in &pairs {
        if reached.binary_search(&value).is_ok() {
            let mut row = one.rows[first as usize].clone();
            row.extend(&other.rows[second as usize]);
            used.push((row, value));
        }
    }
    let mut parts: Vec<(usize, usize)> =
        one.parts.iter().chain(&other.parts).enumerate().map(|(place, &part)| (part, place)).collect();
    parts.sort_unstable();
    let mut rows: Vec<(Vec<u32>, u32)> =
        used.into_iter().map(|(row, value)| (parts.iter().map(|&(_, place)| row[place]).collect(), value)).collect();
    rows.sort_unstable();
    let numbers: BTreeMap<u32, u32> =
        rows.iter().enumerate().map(|(place, &(_, value))| (value, place as u32)).collect();
    let number = forest.fresh_op();
    let root = forest.map(both, number, |value| numbers.get(&value).copied().unwrap_or_default())?;
    let rows: Vec<Vec<u32>> = rows.into_iter().map(|(row, _)| row).collect();
    let cost = cost(forest, root, &rows);
    Ok(Shared { parts: parts.into_iter().map(|(part, _)| part).collect(), root, rows, cost })
}

/// About how many bytes a group takes.
fn cost(forest: &Forest, root: Ref, rows: &[Vec<u32>]) -> isize {
    let size = forest.size(&[root]);
    let words: usize = rows.iter().map(Vec::len).sum();
    (2 * size.nodes + 2 * size.edges + 4 * words + 16) as isize
}

/// Numbers pairs of rows.
struct Pair {
    number: u32,
    pairs: RefCell<BTreeMap<(u32, u32), u32>>,
}

impl Op for Pair {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        let pair = (f.value()?, g.value()?);
        let mut pairs = self.pairs.borrow_mut();
        let next = pairs.len() as u32;
        Some(Ref::terminal(*pairs.entry(pair).or_insert(next)))
    }
}
