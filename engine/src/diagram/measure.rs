//! Sizes: how many nodes and runs, which coordinates a function looks at, which levels are the widest.
//!
//! In: functions. Out: numbers. Refuses to know: what a good size is.

use super::forest::{DEAD, Forest, Ref};

/// The size of a set of functions that share nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Inner nodes.
    pub nodes: usize,
    /// Runs of all nodes together.
    pub edges: usize,
}

impl Forest {
    /// The nodes that these functions reach, each once, parents before children.
    #[must_use]
    pub fn reached(&self, roots: &[Ref]) -> Vec<Ref> {
        let mut seen = vec![false; self.nodes.len()];
        let mut found = Vec::new();
        let mut todo: Vec<Ref> = roots.iter().rev().copied().collect();
        while let Some(f) = todo.pop() {
            if f.is_terminal() || std::mem::replace(&mut seen[f.0 as usize], true) {
                continue;
            }
            found.push(f);
            todo.extend(self.runs(f).iter().rev().map(|run| run.to));
        }
        found.sort_by_key(|&f| self.level(f));
        found
    }

    /// The size of these functions together.
    #[must_use]
    pub fn size(&self, roots: &[Ref]) -> Size {
        let nodes = self.reached(roots);
        Size { nodes: nodes.len(), edges: nodes.iter().map(|&f| self.runs(f).len()).sum() }
    }

    /// For each coordinate, whether one of these functions looks at it.
    #[must_use]
    pub fn support(&self, roots: &[Ref]) -> Vec<bool> {
        let mut used = vec![false; self.widths.len()];
        for coordinate in self.reached(roots).into_iter().filter_map(|f| self.coordinate(f)) {
            used[coordinate as usize] = true;
        }
        used
    }

    /// The coordinates this function looks at, for a small one.
    #[must_use]
    pub fn looks_at(&self, f: Ref) -> Vec<u16> {
        let (mut found, mut seen, mut todo) = (Vec::new(), Vec::new(), vec![f]);
        while let Some(node) = todo.pop() {
            let Some(coordinate) = self.coordinate(node) else { continue };
            if seen.contains(&node) {
                continue;
            }
            seen.push(node);
            if !found.contains(&coordinate) {
                found.push(coordinate);
            }
            todo.extend(self.runs(node).iter().map(|run| run.to));
        }
        found
    }

    /// The values these functions can take, in order.
    #[must_use]
    pub fn values(&self, roots: &[Ref]) -> Vec<u32> {
        let inner = self.reached(roots);
        let below = inner.iter().flat_map(|&f| self.runs(f)).map(|run| run.to);
        let mut values: Vec<u32> = roots.iter().copied().chain(below).filter_map(Ref::value).collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The coordinates with the most nodes, widest first: those whose interplay grew when the budget is used up.
    #[must_use]
    pub fn widest(&self, how_many: usize) -> Vec<u16> {
        let mut nodes = vec![0usize; self.widths.len()];
        for node in self.nodes.iter().filter(|node| node.coordinate != DEAD) {
            nodes[node.coordinate as usize] += 1;
        }
        let mut all: Vec<u16> = (0..self.widths.len() as u16).filter(|&c| nodes[c as usize] > 0).collect();
        all.sort_by_key(|&c| (std::cmp::Reverse(nodes[c as usize]), c));
        all.truncate(how_many);
        all
    }
}
