//! From a function to a tree of divisions: the shape of a table before it is written in rows.
//!
//! In: a function, the requests that count, the ways to divide. Out: a tree whose leaves are outcomes.
//! Refuses to know: words. Each step takes the division after which the fewest paths are left; ties go to names of the policy.

use std::collections::BTreeMap;

use super::data::Asks;
use super::split::{Arm, Split};
use crate::diagram::{Exploded, Forest, Ref};

/// A tree of divisions.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    /// All these requests have the outcome of this terminal.
    Leaf(u32, Ref),
    /// Another table goes on with these requests: its number among the continued ones.
    Continued(usize, Ref),
    /// Divided by a split: its number, the function, the requests, the arms.
    Split(usize, Ref, Ref, Vec<(Vec<bool>, Tree)>),
}

/// Why a tree was not grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stunted {
    /// The node budget is used up.
    Exploded,
    /// More leaves than anybody would read.
    TooManyLeaves,
}

impl From<Exploded> for Stunted {
    fn from(_: Exploded) -> Stunted {
        Stunted::Exploded
    }
}

/// How divisions are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// The coordinates in the order of the forest.
    InOrder,
    /// Whatever leaves the fewest paths, terms and blocks included.
    Shortest,
    /// First whatever settles all but one of its arms, so that the table reads like a ladder; else the shortest.
    Ladder,
}

/// Grows trees.
pub(super) struct Grow<'a> {
    /// The diagrams.
    pub(super) forest: &'a mut Forest,
    /// The ways to divide.
    pub(super) splits: &'a [Split],
    /// How divisions are chosen.
    pub(super) choice: Choice,
    /// Functions that another table goes on with.
    pub(super) continued: BTreeMap<Ref, usize>,
    /// Most leaves.
    pub(super) most: usize,
    paths: BTreeMap<Ref, u64>,
    supports: BTreeMap<Ref, Support>,
    /// By split: the coordinates its parts look at.
    asked: Vec<Support>,
    leaves: usize,
}

/// What a division leaves to do, and what decides between equals; less is better. Its number stands last.
type Worth = (usize, u64, u8, usize);

/// A bit for each coordinate a function looks at: there are at most 255.
type Support = [u64; 4];

fn meets(a: Support, b: Support) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

fn both(a: Support, b: Support) -> Support {
    [a[0] & b[0], a[1] & b[1], a[2] & b[2], a[3] & b[3]]
}

fn either(a: Support, b: Support) -> Support {
    [a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]]
}

fn only(coordinate: u16) -> Support {
    let mut bits = [0; 4];
    if let Some(word) = bits.get_mut(usize::from(coordinate) / 64) {
        *word = 1 << (coordinate % 64);
    }
    bits
}

impl<'a> Grow<'a> {
    /// Ready to grow.
    pub(super) fn new(forest: &'a mut Forest, splits: &'a [Split], choice: Choice, most: usize) -> Grow<'a> {
        let mut grow = Grow {
            forest,
            splits,
            choice,
            continued: BTreeMap::new(),
            most,
            paths: BTreeMap::new(),
            supports: BTreeMap::new(),
            asked: Vec::with_capacity(splits.len()),
            leaves: 0,
        };
        for split in splits {
            let asked = match split.asks {
                Asks::Class(coordinate) => only(coordinate),
                _ => split.parts.iter().flatten().fold([0; 4], |all, &part| either(all, grow.support(part))),
            };
            grow.asked.push(asked);
        }
        grow
    }

    /// The tree of a function among the requests that count.
    pub(super) fn tree(&mut self, f: Ref, care: Ref) -> Result<Tree, Stunted> {
        let f = self.forest.simplify(f, care)?;
        self.leaves = 0;
        self.below(f, care)
    }

    fn below(&mut self, f: Ref, care: Ref) -> Result<Tree, Stunted> {
        if let Some(value) = f.value() {
            self.leaves += 1;
            return if self.leaves > self.most { Err(Stunted::TooManyLeaves) } else { Ok(Tree::Leaf(value, care)) };
        }
        if let Some(&table) = self.continued.get(&f) {
            return Ok(Tree::Continued(table, care));
        }
        let Some((at, arms)) = self.best(f, care)? else {
            // It looks at its topmost coordinate and need not: without it, the same among the requests that count.
            let top = Split::by_class(self.forest.coordinate(f).unwrap_or_default());
            let only = top.arms(self.forest, f, care)?.pop().map_or(Ref::terminal(0), |arm| arm.f);
            return self.below(only, care);
        };
        let mut kids = Vec::with_capacity(arms.len());
        for arm in arms {
            kids.push((arm.choices, self.below(arm.f, arm.care)?));
        }
        Ok(Tree::Split(at, f, care, kids))
    }

    /// The division that is worth most here.
    fn best(&mut self, f: Ref, care: Ref) -> Result<Option<(usize, Vec<Arm>)>, Stunted> {
        let support = self.support(f);
        let top = self.forest.coordinate(f);
        let splits = self.splits;
        let mut best: Option<(Worth, Vec<Arm>)> = None;
        for (at, split) in splits.iter().enumerate() {
            let coordinate = match split.asks {
                Asks::Class(coordinate) => Some(coordinate),
                _ => None,
            };
            let gate = matches!(split.asks, Asks::Gate(_));
            let out_of_order = self.choice == Choice::InOrder && coordinate != top;
            if !gate && (out_of_order || !meets(self.asked[at], support)) {
                continue;
            }
            let arms = split.arms(self.forest, f, care)?;
            if arms.len() < 2 {
                continue;
            }
            if gate {
                return Ok(Some((at, arms)));
            }
            let left = arms.iter().map(|arm| self.paths(arm.f)).fold(0, u64::saturating_add);
            let rank = match &split.parts {
                None => 1,
                Some(_) if self.settles(at, support, &arms) => 0,
                Some(_) => 2,
            };
            let open = arms.iter().filter(|arm| !arm.f.is_terminal()).count();
            let open = if self.choice == Choice::Ladder { open.max(1) } else { 0 };
            if best.as_ref().is_none_or(|(known, _)| (open, left, rank, at) < *known) {
                best = Some(((open, left, rank, at), arms));
            }
        }
        // What is settled is read first.
        Ok(best.map(|((.., at), mut arms)| {
            arms.sort_by_key(|arm| !arm.f.is_terminal());
            (at, arms)
        }))
    }

    /// Whether nothing below asks again what the parts are made of.
    fn settles(&mut self, at: usize, support: Support, arms: &[Arm]) -> bool {
        let below = arms.iter().fold([0; 4], |all, arm| either(all, self.support(arm.f)));
        !meets(both(self.asked[at], support), below)
    }

    fn support(&mut self, f: Ref) -> Support {
        let Some(coordinate) = self.forest.coordinate(f) else { return [0; 4] };
        if let Some(&known) = self.supports.get(&f) {
            return known;
        }
        let below: Vec<Ref> = self.forest.runs(f).iter().map(|run| run.to).collect();
        let found = below.into_iter().fold(only(coordinate), |all, to| either(all, self.support(to)));
        self.supports.insert(f, found);
        found
    }

    /// How many ways lead through a diagram, ways to the same place counted once.
    fn paths(&mut self, f: Ref) -> u64 {
        if f.is_terminal() {
            return 1;
        }
        if let Some(&known) = self.paths.get(&f) {
            return known;
        }
        let mut below: Vec<Ref> = self.forest.runs(f).iter().map(|run| run.to).collect();
        below.sort_unstable();
        below.dedup();
        let count = below.into_iter().map(|to| self.paths(to)).fold(0, u64::saturating_add);
        self.paths.insert(f, count);
        count
    }
}
