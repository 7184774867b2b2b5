//! Classes of an ordered type: values that no question tells apart.
//!
//! In: the range of the type and the sets of values that questions name. Out: intervals with their class.
//! Refuses to know: what is asked. Adjacent and distant intervals with the same signature share a class.

use std::collections::BTreeMap;

/// Intervals of an ordered type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Intervals {
    /// First value of each interval, ascending; the first is the least value.
    pub(super) starts: Vec<i64>,
    /// The class of each interval, numbered by first appearance.
    pub(super) classes: Vec<u32>,
    /// How many classes there are.
    pub(super) count: u32,
}

/// Cuts `low..=high` so that every set (a list of inclusive ranges) holds all or nothing of each class.
pub(super) fn cut(low: i64, high: i64, sets: &[Vec<(i64, i64)>]) -> Intervals {
    let high = high.max(low);
    // Where a range of a set starts or has ended: (value, set, ranges more or less).
    let mut changes: Vec<(i64, usize, i32)> = Vec::new();
    for (number, set) in sets.iter().enumerate() {
        for &(from, to) in set {
            let (from, to) = (from.max(low), to.min(high));
            if from <= to {
                changes.push((from, number, 1));
                changes.push((to + 1, number, -1));
            }
        }
    }
    changes.sort_unstable();
    let mut open = vec![0i32; sets.len()];
    let mut signature = vec![0u64; sets.len().div_ceil(64)];
    let mut known: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
    let mut result = Intervals { starts: Vec::new(), classes: Vec::new(), count: 0 };
    let mut at = 0;
    let mut start = low;
    loop {
        while let Some(&(_, set, more)) = changes.get(at).filter(|change| change.0 == start) {
            at += 1;
            open[set] += more;
            let (word, bit) = (set / 64, 1u64 << (set % 64));
            signature[word] = if open[set] > 0 { signature[word] | bit } else { signature[word] & !bit };
        }
        let next = known.len() as u32;
        let class = *known.entry(signature.clone()).or_insert(next);
        if result.classes.last() != Some(&class) {
            result.starts.push(start);
            result.classes.push(class);
        }
        match changes.get(at) {
            Some(&(value, ..)) if value <= high => start = value,
            _ => break,
        }
    }
    result.count = known.len() as u32;
    result
}
