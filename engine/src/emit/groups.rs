//! Which answers share a diagram. In: the roots of a decision. Out: groups, each one diagram whose terminals number
//! rows of values. One diagram for many answers saves walks; independent answers would multiply, so they stay apart.
//! Refuses to know what the values mean.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::diagram::{Exploded, Forest, Op, Ref};

/// How many bytes a policy's diagrams may grow by sharing.
const ALLOWANCE: isize = 256;
/// Diagrams larger than this are not shared.
const LARGE: isize = 8 * 1024;

/// What stands before a part: the earlier answer and the value it must have.
pub(super) type Gate = (usize, u32);

/// One root to share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    /// Its diagram, of any value where it is not shown.
    pub(super) diagram: Ref,
    /// Its gate, if it has one.
    pub(super) gate: Option<Gate>,
    /// Where it is shown.
    pub(super) shown: Ref,
}

/// Some roots in one diagram.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    /// Which roots, ascending.
    pub(super) parts: Vec<usize>,
    /// The diagram; its terminals are numbers of rows.
    pub(super) root: Ref,
    /// For each row a terminal of every part.
    pub(super) rows: Vec<Vec<u32>>,
    /// Where its gated parts are shown; everywhere if none is gated.
    pub(super) shown: Ref,
    gate: Option<Gate>,
    cost: isize,
}

/// Groups roots: the two whose sharing costs least, again and again, while the allowance lasts.
pub(super) fn share(forest: &mut Forest, roots: &[Root], valid: Ref) -> Result<Vec<Shared>, Exploded> {
    let mut groups = Vec::new();
    for (part, root) in roots.iter().enumerate() {
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
                let meet = a.gate.is_none() || b.gate.is_none() || a.gate == b.gate;
                if one == other || !meet || a.cost.max(b.cost) > LARGE || pairs.contains_key(&key) {
                    continue;
                }
                let limit = (a.cost + b.cost) * 4;
                let both = join(forest, a, b, roots, valid)?;
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
fn single(forest: &mut Forest, part: usize, root: &Root) -> Result<Shared, Exploded> {
    let values = forest.values(&[root.diagram]);
    let op = forest.fresh_op();
    let number = |value: u32| values.binary_search(&value).unwrap_or_default() as u32;
    let diagram = forest.map(root.diagram, op, number)?;
    let rows: Vec<Vec<u32>> = values.iter().map(|&value| vec![value]).collect();
    let cost = cost(forest, diagram, &rows);
    Ok(Shared { parts: vec![part], root: diagram, rows, shown: root.shown, gate: root.gate, cost })
}

/// Two groups in one.
fn join(forest: &mut Forest, one: &Shared, other: &Shared, roots: &[Root], valid: Ref) -> Result<Shared, Exploded> {
    let gate = one.gate.or(other.gate);
    let shown = if one.gate.is_some() { one.shown } else { other.shown };
    let op = Pair { number: forest.fresh_op(), pairs: RefCell::default() };
    let mut both = forest.apply(&op, [one.root, other.root, Ref::FALSE])?;
    let parts: Vec<usize> = one.parts.iter().chain(&other.parts).copied().collect();
    let row = |&(first, second): &(u32, u32)| -> Vec<u32> {
        one.rows[first as usize].iter().chain(&other.rows[second as usize]).copied().collect()
    };
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); op.pairs.borrow().len()];
    for (pair, &number) in op.pairs.borrow().iter() {
        rows[number as usize] = row(pair);
    }
    let gated = |part: usize| roots[part].gate.is_some();
    let mut care = valid;
    if parts.iter().all(|&part| gated(part)) {
        care = forest.and(valid, shown)?;
    } else if parts.iter().any(|&part| gated(part)) {
        // Where the gate is shut, what it gates may be anything: always the same, so that it tells nothing apart.
        let shut = rows.iter().map(|row| {
            let plain = row.iter().zip(&parts).map(|(&value, &part)| if gated(part) { None } else { Some(value) });
            plain.collect::<Vec<_>>()
        });
        let shut: Vec<Vec<Option<u32>>> = shut.collect();
        let alike: Vec<u32> =
            shut.iter().map(|row| shut.iter().position(|other| other == row).unwrap_or_default() as u32).collect();
        let number = forest.fresh_op();
        let canonical = forest.map(both, number, |value| alike.get(value as usize).copied().unwrap_or_default())?;
        both = forest.if_then_else(shown, both, canonical)?;
    }
    let both = forest.simplify(both, care)?;
    // Only rows that are still reached, in an order that does not depend on how they were found.
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_unstable_by_key(|&place| parts[place]);
    let reached = forest.values(&[both]);
    let mut used: Vec<(Vec<u32>, u32)> = reached
        .iter()
        .filter_map(|&value| {
            Some((
                order.iter().map(|&place| rows.get(value as usize)?.get(place).copied()).collect::<Option<_>>()?,
                value,
            ))
        })
        .collect();
    used.sort_unstable();
    let numbers: BTreeMap<u32, u32> =
        used.iter().enumerate().map(|(place, &(_, value))| (value, place as u32)).collect();
    let number = forest.fresh_op();
    let root = forest.map(both, number, |value| numbers.get(&value).copied().unwrap_or_default())?;
    let rows: Vec<Vec<u32>> = used.into_iter().map(|(row, _)| row).collect();
    let cost = cost(forest, root, &rows);
    let parts = order.iter().map(|&place| parts[place]).collect();
    Ok(Shared { parts, root, rows, shown, gate, cost })
}

/// About how many bytes a group takes.
fn cost(forest: &Forest, root: Ref, rows: &[Vec<u32>]) -> isize {
    let size = forest.size(&[root]);
    let bytes: usize = rows.iter().map(Vec::len).sum();
    (2 * size.nodes + 2 * size.edges + bytes + 20) as isize
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
