//! Fewer classes: those that no node tells apart become one. In: nodes. Out: for each coordinate a map from the
//! model's classes to the table's. Refuses to know what a class means.

use std::collections::BTreeMap;

use crate::diagram::{Forest, Ref};

/// How the classes of one coordinate are merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    /// The table's class of each of the model's.
    pub(super) map: Vec<u16>,
    /// One of the model's classes for each of the table's.
    pub(super) first: Vec<u32>,
}

/// Merges the classes of every coordinate, as far as these nodes allow.
pub(super) fn merge(forest: &Forest, nodes: &[Ref]) -> Vec<Merged> {
    let mut blocks: Vec<Vec<u16>> = forest.widths().iter().map(|&width| vec![0; width as usize]).collect();
    let mut counts = vec![1usize; blocks.len()];
    for &node in nodes {
        let Some(coordinate) = forest.coordinate(node) else { continue };
        let coordinate = usize::from(coordinate);
        let block = &mut blocks[coordinate];
        if counts[coordinate] == block.len() {
            continue;
        }
        let mut numbers = BTreeMap::new();
        let mut class = 0;
        for run in forest.runs(node) {
            while class <= run.last as usize {
                let next = numbers.len() as u16;
                block[class] = *numbers.entry((block[class], run.to)).or_insert(next);
                class += 1;
            }
        }
        counts[coordinate] = numbers.len();
    }
    blocks.into_iter().map(number).collect()
}

/// Numbers blocks by their first class.
fn number(block: Vec<u16>) -> Merged {
    let mut numbers = BTreeMap::new();
    let mut first = Vec::new();
    let map = block.iter().enumerate().map(|(class, &block)| {
        *numbers.entry(block).or_insert_with(|| {
            first.push(class as u32);
            first.len() as u16 - 1
        })
    });
    let map = map.collect();
    Merged { map, first }
}
