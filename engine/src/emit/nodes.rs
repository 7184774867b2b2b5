//! Diagrams as bytes. In: nodes, parents before children, and merged classes. Out: the bytes of the nodes and the place
//! of each. Refuses to know which answers they belong to.

use keyward_evaluator::layout::{NODE_SHIFT, TERMINAL, TERMINAL_16};

use super::classes::Merged;
use super::error::EmitError;
use super::writer::Writer;
use crate::diagram::{Forest, Ref};

/// A narrow child has fifteen bits for a place or a row.
const NARROW: usize = 1 << 15;

/// Where the nodes stand.
pub(super) struct Places {
    places: Vec<u32>,
    /// Whether children are four bytes wide.
    pub(super) wide: bool,
}

impl Places {
    /// A root as the table writes it.
    pub(super) fn root(&self, root: Ref) -> usize {
        match root.value() {
            Some(value) => (value | TERMINAL) as usize,
            None => self.places[root.number() as usize] as usize,
        }
    }

    fn child(&self, to: Ref) -> usize {
        match to.value() {
            Some(value) if !self.wide => (value | TERMINAL_16) as usize,
            _ => self.root(to),
        }
    }
}

/// Neighbouring merged classes with the same child: the last class of each run, and the child.
fn runs(forest: &Forest, node: Ref, merged: &Merged) -> Vec<(usize, Ref)> {
    let mut runs: Vec<(usize, Ref)> = Vec::new();
    for (class, &first) in merged.first.iter().enumerate() {
        let to = forest.child(node, first);
        match runs.last_mut() {
            Some(run) if run.1 == to => run.0 = class,
            _ => runs.push((class, to)),
        }
    }
    runs
}

/// Whether a node is better written with one child a class; and its size.
fn shape(classes: usize, runs: usize, wide: bool) -> (bool, usize) {
    let width = if wide { 4 } else { 2 };
    let (dense, sparse) = (2 + width * classes, 2 * runs + width * runs);
    let choose_dense = runs > 255 || dense <= sparse + 4;
    (choose_dense, if choose_dense { dense } else { sparse })
}

/// Writes nodes; `rows` is the highest terminal that must fit.
pub(super) fn write(
    out: &mut Writer,
    forest: &Forest,
    nodes: &[Ref],
    merged: &[Merged],
    rows: usize,
) -> Result<Places, EmitError> {
    let size = |wide| -> usize { nodes.iter().map(|&node| node_shape(forest, node, merged, wide).1).sum() };
    let wide = rows >= NARROW || (out.len() + size(false)) >> NODE_SHIFT >= NARROW;
    let end = out.len() + size(wide);
    if end > keyward_evaluator::layout::MAX_NODE_BYTES {
        return Err(EmitError::TooLarge("bytes of diagrams", end, keyward_evaluator::layout::MAX_NODE_BYTES));
    }
    let highest = nodes.iter().map(|node| node.number() as usize + 1).max().unwrap_or(0);
    let mut places = Places { places: vec![0; highest], wide };
    let mut at = out.len();
    for &node in nodes {
        places.places[node.number() as usize] = (at >> NODE_SHIFT) as u32;
        at += node_shape(forest, node, merged, wide).1;
    }
    for &node in nodes {
        let level = usize::from(forest.level(node));
        let merged = &merged[coordinate(forest, node)];
        let runs = runs(forest, node, merged);
        let (dense, _) = shape(merged.first.len(), runs.len(), wide);
        out.u8(level);
        out.u8(if dense { 0 } else { runs.len() });
        let children: Vec<Ref> = if dense {
            merged.first.iter().map(|&first| forest.child(node, first)).collect()
        } else {
            runs.iter().take(runs.len() - 1).for_each(|run| out.u16(run.0 + 1));
            runs.iter().map(|run| run.1).collect()
        };
        for to in children {
            if wide { out.u32(places.child(to)) } else { out.u16(places.child(to)) }
        }
    }
    Ok(places)
}

fn node_shape(forest: &Forest, node: Ref, merged: &[Merged], wide: bool) -> (bool, usize) {
    let merged = &merged[coordinate(forest, node)];
    shape(merged.first.len(), runs(forest, node, merged).len(), wide)
}

fn coordinate(forest: &Forest, node: Ref) -> usize {
    forest.coordinate(node).map_or(0, usize::from)
}
