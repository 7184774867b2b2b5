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
    leaves: usize,
}

impl<'a> Grow<'a> {
    /// Ready to grow.
    pub(super) fn new(forest: &'a mut Forest, splits: &'a [Split], choice: Choice, most: usize) -> Grow<'a> {
        Grow { forest, splits, choice, continued: BTreeMap::new(), most, paths: BTreeMap::new(), leaves: 0 }
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
        let support = self.forest.support(&[f]);
        let top = self.forest.coordinate(f);
        let splits = self.splits;
        let mut best: Option<((u64, u8, usize), Vec<Arm>)> = None;
        for (at, split) in splits.iter().enumerate() {
            let coordinate = match split.asks {
                Asks::Class(coordinate) => Some(coordinate),
                _ => None,
            };
            match (coordinate, self.choice) {
                (Some(coordinate), _) if !support[usize::from(coordinate)] => continue,
                (coordinate, Choice::InOrder) if coordinate != top && !matches!(split.asks, Asks::Gate(_)) => continue,
                _ => {}
            }
            let arms = split.arms(self.forest, f, care)?;
            if arms.len() < 2 {
                continue;
            }
            if matches!(split.asks, Asks::Gate(_)) {
                return Ok(Some((at, arms)));
            }
            let left = arms.iter().map(|arm| self.paths(arm.f)).fold(0, u64::saturating_add);
            let rank = match &split.parts {
                None => 1,
                Some(parts) if self.settles(parts, &support, &arms) => 0,
                Some(_) => 2,
            };
            if best.as_ref().is_none_or(|(known, _)| (left, rank, at) < *known) {
                best = Some(((left, rank, at), arms));
            }
        }
        Ok(best.map(|((_, _, at), arms)| (at, arms)))
    }

    /// Whether nothing below asks again what the parts are made of.
    fn settles(&self, parts: &[Ref], support: &[bool], arms: &[Arm]) -> bool {
        let asked = self.forest.support(parts);
        let below: Vec<Ref> = arms.iter().map(|arm| arm.f).collect();
        let below = self.forest.support(&below);
        asked.iter().zip(support).zip(&below).all(|((&asked, &before), &after)| !(asked && before && after))
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
