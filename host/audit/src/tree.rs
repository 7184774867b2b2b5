//! The log's side: hashes of complete subtrees, and the proofs made from them. In: hashes of entries, in order. Out: the hash of
//! the first so many, and proofs. Refuses to know: where hashes are stored ([`Nodes`] says how they are asked for).

use crate::{Hash, empty, node};

/// Where the hashes of complete subtrees are.
pub trait Nodes {
    /// The hash over the entries `index << level` up to `(index + 1) << level`, if all of them are there.
    fn at(&self, level: u32, index: u64) -> Option<Hash>;
}

/// All hashes, in memory.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// How many entries it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends the hash of an entry.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let own = &mut self.levels[level];
            own.push(hash);
            match own.as_slice() {
                [.., left, right] if own.len().is_multiple_of(2) => hash = node(left, right),
                _ => break,
            }
        }
    }
}

impl Nodes for Tree {
    fn at(&self, level: u32, index: u64) -> Option<Hash> {
        self.levels.get(level as usize)?.get(usize::try_from(index).ok()?).copied()
    }
}

/// The right edge of a tree: enough to append and to know the hash, and no more than 64 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The hashes of the complete subtrees from left to right, the largest first.
    edge: Vec<Hash>,
}

impl Frontier {
    /// The edge of a tree of a size, if it has as many hashes as such a tree has complete subtrees.
    #[must_use]
    pub fn new(size: u64, edge: Vec<Hash>) -> Option<Frontier> {
        (edge.len() == size.count_ones() as usize).then_some(Frontier { size, edge })
    }

    /// How many entries there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the complete subtrees from left to right, the largest first.
    #[must_use]
    pub fn edge(&self) -> &[Hash] {
        &self.edge
    }

    /// Appends the hash of an entry.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                hash = node(&left, &hash);
            }
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The hash of all entries.
    #[must_use]
    pub fn root(&self) -> Hash {
        let folded = self.edge.iter().rev().copied().reduce(|right, left| node(&left, &right));
        folded.unwrap_or_else(empty)
    }
}

/// The hash of the first `size` entries; none where hashes are missing.
#[must_use]
pub fn root(nodes: &impl Nodes, size: u64) -> Option<Hash> {
    if size == 0 { Some(empty()) } else { range(nodes, 0, size) }
}

/// That entry `index` is one of the first `size`; none if it is not, or where hashes are missing.
#[must_use]
pub fn inclusion(nodes: &impl Nodes, index: u64, size: u64) -> Option<Vec<Hash>> {
    let (mut first, mut end) = (0, size);
    let mut path = Vec::new();
    (index < size).then_some(())?;
    while end - first > 1 {
        let middle = first + left_of(end - first);
        if index < middle {
            path.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range(nodes, first, middle)?);
            first = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// That the first `old` entries are the same in both of two sizes; none if `old` is zero or more than `size`, or where hashes are
/// missing.
#[must_use]
pub fn consistency(nodes: &impl Nodes, old: u64, size: u64) -> Option<Vec<Hash>> {
    (0 < old && old <= size).then_some(())?;
    let (mut first, mut end) = (0, size);
    let mut path = Vec::new();
    while end != old {
        let middle = first + left_of(end - first);
        if old <= middle {
            path.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range(nodes, first, middle)?);
            first = middle;
        }
    }
    // Whoever has the old hash needs no hash of the whole old tree.
    if first > 0 {
        path.push(range(nodes, first, end)?);
    }
    path.reverse();
    Some(path)
}

/// The hash of a range as it stands in a tree: it begins at a multiple of the largest power of two in it.
fn range(nodes: &impl Nodes, first: u64, end: u64) -> Option<Hash> {
    let size = end - first;
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return nodes.at(level, first >> level);
    }
    let middle = first + left_of(size);
    Some(node(&range(nodes, first, middle)?, &range(nodes, middle, end)?))
}

/// The largest power of two below a size of at least two.
fn left_of(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}
