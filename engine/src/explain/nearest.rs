//! The nearest requests with another value: the smallest sets of inputs whose change leads there.
//!
//! In: a root, the class every coordinate has, which inputs may change. Out: all smallest sets of inputs, exactly.
//! Refuses to know: what the value means, and how the change is said.
//!
//! One pass over the diagram from below. A change costs one for each input, not for each coordinate: what was changed
//! above for the sake of one coordinate is free below. So the best sets are kept for each choice of the inputs that have
//! coordinates on both sides; among sets that agree on those only the smallest can matter.

use std::collections::BTreeMap;

use crate::diagram::{Forest, Ref};

/// A set of inputs, as bits.
pub(super) type Inputs = u128;

/// The most sets kept at one node. Only equally small ones are ever left out, and then that is said.
const MOST: usize = 512;

/// What is searched.
pub(super) struct Search<'a> {
    pub(super) forest: &'a Forest,
    /// The value wanted.
    pub(super) wanted: u32,
    /// The class of each coordinate now.
    pub(super) actual: &'a [u32],
    /// The input of each coordinate, as a bit; none for coordinates that change for free.
    pub(super) input: &'a [Inputs],
    /// By coordinate, whether it may change.
    pub(super) open: &'a [bool],
}

/// The smallest sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Nearest {
    /// Ascending; all of one size. Empty if nothing leads there.
    pub(super) sets: Vec<Inputs>,
    /// Whether more sets of this size were left out.
    pub(super) cut: bool,
}

impl Search<'_> {
    /// All smallest sets of inputs whose change leads from the actual classes to the value wanted.
    pub(super) fn nearest(&self, root: Ref) -> Nearest {
        let mut known = BTreeMap::new();
        let late = self.shared();
        let found = self.below(root, &late, &mut known);
        let least = found.sets.iter().map(|set| set.count_ones()).min();
        let sets = found.sets.into_iter().filter(|set| Some(set.count_ones()) == least).collect();
        Nearest { sets, cut: found.cut }
    }

    /// By level: the inputs that have coordinates both above it and at it or below.
    fn shared(&self) -> Vec<Inputs> {
        let order = self.forest.order();
        let bit = |level: usize| order.get(level).and_then(|&c| self.input.get(usize::from(c))).copied().unwrap_or(0);
        let mut above = vec![0; order.len() + 1];
        let mut below = vec![0; order.len() + 1];
        for level in 0..order.len() {
            above[level + 1] = above[level] | bit(level);
        }
        for level in (0..order.len()).rev() {
            below[level] = below[level + 1] | bit(level);
        }
        above.iter().zip(below).map(|(above, below)| above & below).collect()
    }

    fn below(&self, f: Ref, shared: &[Inputs], known: &mut BTreeMap<Ref, Nearest>) -> Nearest {
        let Some(coordinate) = self.forest.coordinate(f) else {
            let sets = if f.value() == Some(self.wanted) { vec![0] } else { Vec::new() };
            return Nearest { sets, cut: false };
        };
        if let Some(found) = known.get(&f) {
            return found.clone();
        }
        let at = usize::from(coordinate);
        let actual = self.actual.get(at).copied().unwrap_or(0);
        let stays = self.forest.child(f, actual);
        let mut found = self.below(stays, shared, known);
        if self.open.get(at).copied().unwrap_or(false) {
            let mut done = vec![stays];
            for place in 0..self.forest.runs(f).len() {
                let to = self.forest.runs(f)[place].to;
                if done.contains(&to) {
                    continue;
                }
                done.push(to);
                let more = self.below(to, shared, known);
                found.cut |= more.cut;
                found.sets.extend(more.sets.iter().map(|set| set | self.input[at]));
            }
        }
        let level = usize::from(self.forest.level(f));
        thin(&mut found, shared.get(level).copied().unwrap_or(0));
        known.insert(f, found.clone());
        found
    }
}

/// Keeps, among sets that agree on the shared inputs, the smallest.
fn thin(found: &mut Nearest, shared: Inputs) {
    found.sets.sort_unstable_by_key(|set| (set & shared, set.count_ones(), *set));
    found.sets.dedup();
    let mut least: Option<(Inputs, u32)> = None;
    found.sets.retain(|set| {
        let key = set & shared;
        match least {
            Some((known, size)) if known == key => set.count_ones() == size,
            _ => {
                least = Some((key, set.count_ones()));
                true
            }
        }
    });
    let (mut key, mut count) = (None, 0);
    let before = found.sets.len();
    found.sets.retain(|set| {
        count = if key == Some(set & shared) { count + 1 } else { 0 };
        key = Some(set & shared);
        count < MOST
    });
    found.cut |= found.sets.len() < before;
}
