//! Puts things after what they refer to, or finds a circle.
//! In: for each thing the numbers it refers to. Out: an order, and one circle if there is any. Refuses to know what the things are.

use std::collections::{BTreeMap, BTreeSet};

/// What is left of an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Everything outside circles and not behind one, each after what it refers to, else as numbered.
    pub(super) sorted: Vec<usize>,
    /// Things that refer to each other in a circle; empty if there is none.
    pub(super) circle: Vec<usize>,
}

/// Sorts things by what they refer to, without recursion.
pub(super) fn order(refers: &[Vec<usize>]) -> Order {
    let mut waits: Vec<usize> = refers.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); refers.len()];
    for (at, targets) in refers.iter().enumerate() {
        targets.iter().for_each(|target| users[*target].push(at));
    }
    let mut ready: BTreeSet<usize> = (0..refers.len()).filter(|at| waits[*at] == 0).collect();
    let mut sorted = Vec::with_capacity(refers.len());
    while let Some(at) = ready.pop_first() {
        sorted.push(at);
        for &user in &users[at] {
            waits[user] -= 1;
            if waits[user] == 0 {
                ready.insert(user);
            }
        }
    }
    let circle = waits.iter().position(|count| *count > 0).map(|start| circle(refers, &waits, start));
    Order { sorted, circle: circle.unwrap_or_default() }
}

/// Walks along what still waits until something comes twice; what stands between is a circle.
fn circle(refers: &[Vec<usize>], waits: &[usize], start: usize) -> Vec<usize> {
    let mut path = vec![start];
    let mut seen = BTreeMap::from([(start, 0)]);
    let mut at = start;
    while let Some(&next) = refers[at].iter().find(|target| waits[**target] > 0) {
        if let Some(first) = seen.insert(next, path.len()) {
            path.drain(..first);
            break;
        }
        path.push(next);
        at = next;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{Order, order};

    #[test]
    fn things_come_after_what_they_refer_to() {
        let refers = [vec![2], vec![], vec![1], vec![0, 2]];
        assert_eq!(order(&refers), Order { sorted: vec![1, 2, 0, 3], circle: vec![] });
    }

    #[test]
    fn a_circle_is_found_behind_what_waits_for_it() {
        let refers = [vec![2], vec![], vec![3], vec![4], vec![2]];
        assert_eq!(order(&refers), Order { sorted: vec![1], circle: vec![2, 3, 4] });
        assert_eq!(order(&[vec![0]]).circle, vec![0]);
    }
}
