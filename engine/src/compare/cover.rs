//! A set of requests as few boxes: a set of classes for each coordinate that matters.
//!
//! In: the set, and the requests that count at all. Out: boxes of which no two share a request that counts, and which
//! together hold exactly the set. Refuses to know: what the set is. Requests that do not count make boxes simpler.

use crate::diagram::{Count, Exploded, Forest, Ref};

/// A set of classes by coordinate; nothing where all are allowed.
pub(super) type Allowed = Vec<Option<Vec<bool>>>;

/// One box.
#[derive(Clone, Debug)]
pub(super) struct Covered {
    /// Its classes.
    pub(super) allowed: Allowed,
    /// Its requests, of those that count.
    pub(super) requests: Ref,
}

/// Covers `set`, which lies within `care`, with at most so many boxes; returns also what is left.
pub(super) fn cover(
    forest: &mut Forest,
    set: Ref,
    care: Ref,
    weights: &[Vec<u64>],
    most: usize,
) -> Result<(Vec<Covered>, Ref), Exploded> {
    let mut left = set;
    let mut boxes = Vec::new();
    while left != Ref::FALSE && boxes.len() < most {
        let forbidden = forest.and_not(care, left)?;
        let mut allowed = heaviest(forest, left, weights);
        widen(forest, forbidden, &mut allowed);
        let whole = diagram(forest, &allowed)?;
        let requests = forest.and(whole, left)?;
        left = forest.and_not(left, whole)?;
        boxes.push(Covered { allowed, requests });
    }
    Ok((boxes, left))
}

/// The requests of a box, those that do not count included.
fn diagram(forest: &mut Forest, allowed: &Allowed) -> Result<Ref, Exploded> {
    let mut built = Ref::TRUE;
    for level in (0..forest.order().len()).rev() {
        let coordinate = forest.order()[level];
        if let Some(Some(classes)) = allowed.get(usize::from(coordinate)) {
            let test = forest.test(coordinate, |class| classes.get(class as usize).copied().unwrap_or(false))?;
            built = forest.and(test, built)?;
        }
    }
    Ok(built)
}

/// The path of the set that stands for the most requests.
fn heaviest(forest: &Forest, set: Ref, weights: &[Vec<u64>]) -> Allowed {
    let nodes = forest.reached(&[set]);
    let index = Index::new(&nodes);
    let mut best: Vec<(Count, usize)> = vec![(Count::ZERO, 0); nodes.len()];
    let total = |coordinate: u16| weights.get(usize::from(coordinate)).map_or(1, |all| all.iter().sum::<u64>()).max(1);
    let mass = |best: &[(Count, usize)], from: u16, to: Ref| {
        let mut ways = match to.value() {
            Some(value) => Count::from(u64::from(value == 1)),
            None => best[index.of(to)].0.clone(),
        };
        for level in from..forest.level(to) {
            ways.multiply(total(forest.order()[usize::from(level)]));
        }
        ways
    };
    for (at, &node) in nodes.iter().enumerate().rev() {
        let Some(coordinate) = forest.coordinate(node) else { continue };
        let mut first = 0;
        for (number, run) in forest.runs(node).iter().enumerate() {
            let own = weights.get(usize::from(coordinate)).map_or(&[][..], Vec::as_slice);
            let own: u64 = own.iter().take(run.last as usize + 1).skip(first as usize).sum();
            let mut ways = mass(&best, forest.level(node) + 1, run.to);
            ways.multiply(own.max(1));
            if ways > best[at].0 {
                best[at] = (ways, number);
            }
            first = run.last + 1;
        }
    }
    let mut allowed: Allowed = vec![None; forest.widths().len()];
    let mut at = set;
    while let Some(coordinate) = forest.coordinate(at) {
        let runs = forest.runs(at);
        let chosen = best[index.of(at)].1;
        let first = chosen.checked_sub(1).map_or(0, |before| runs[before].last + 1);
        let width = forest.widths()[usize::from(coordinate)];
        let range = first..=runs[chosen].last;
        allowed[usize::from(coordinate)] = Some((0..width).map(|class| range.contains(&class)).collect());
        at = runs[chosen].to;
    }
    allowed
}

/// Widens a box as far as it does not touch what is forbidden: first coordinates that need not matter at all, then classes.
fn widen(forest: &Forest, forbidden: Ref, allowed: &mut Allowed) {
    let nodes = forest.reached(&[forbidden]);
    let index = Index::new(&nodes);
    let mut asked = vec![false; allowed.len()];
    nodes.iter().filter_map(|&node| forest.coordinate(node)).for_each(|c| asked[usize::from(c)] = true);
    allowed.iter_mut().zip(asked).filter(|(_, asked)| !asked).for_each(|(classes, _)| *classes = None);
    let mut order: Vec<u16> = forest.order().to_vec();
    order.reverse();
    for only_whole in [true, false] {
        for &coordinate in &order {
            if allowed[usize::from(coordinate)].is_none() {
                continue;
            }
            let hit = touched(forest, forbidden, (&nodes, &index), allowed, coordinate);
            if !hit.contains(&true) {
                allowed[usize::from(coordinate)] = None;
            } else if !only_whole {
                allowed[usize::from(coordinate)] = Some(hit.iter().map(|hit| !hit).collect());
            }
        }
    }
}

/// For each class of a coordinate, whether the box with only that class touches the set.
fn touched(
    forest: &Forest,
    set: Ref,
    (nodes, index): (&[Ref], &Index),
    allowed: &Allowed,
    coordinate: u16,
) -> Vec<bool> {
    let width = forest.widths()[usize::from(coordinate)] as usize;
    let level = forest.level_of(coordinate);
    let passes = |tested: u16, first: u32, last: u32| match &allowed[usize::from(tested)] {
        Some(classes) => classes.iter().take(last as usize + 1).skip(first as usize).any(|yes| *yes),
        None => true,
    };
    // Below the coordinate: from which nodes the box reaches the set.
    let mut reaches = vec![false; nodes.len()];
    let true_at = |reaches: &[bool], to: Ref| match to.value() {
        Some(value) => value == 1,
        None => reaches[index.of(to)],
    };
    for (at, &node) in nodes.iter().enumerate().rev() {
        let Some(tested) = forest.coordinate(node).filter(|_| forest.level(node) > level) else { continue };
        let mut first = 0;
        for run in forest.runs(node) {
            if passes(tested, first, run.last) && true_at(&reaches, run.to) {
                reaches[at] = true;
                break;
            }
            first = run.last + 1;
        }
    }
    // Above it: which nodes the box leads to.
    let mut hit = vec![false; width];
    let mut led = vec![false; nodes.len()];
    if forest.level(set) > level {
        return vec![true_at(&reaches, set); width];
    }
    led[index.of(set)] = true;
    for (at, &node) in nodes.iter().enumerate() {
        if !led[at] || forest.level(node) > level {
            continue;
        }
        let Some(tested) = forest.coordinate(node) else { continue };
        let mut first = 0;
        for run in forest.runs(node) {
            if tested == coordinate {
                if true_at(&reaches, run.to) {
                    hit.iter_mut().take(run.last as usize + 1).skip(first as usize).for_each(|hit| *hit = true);
                }
            } else if passes(tested, first, run.last) {
                if forest.level(run.to) > level {
                    if true_at(&reaches, run.to) {
                        return vec![true; width];
                    }
                } else {
                    led[index.of(run.to)] = true;
                }
            }
            first = run.last + 1;
        }
    }
    hit
}

/// The place of each node in a list.
struct Index {
    places: Vec<u32>,
}

impl Index {
    fn new(nodes: &[Ref]) -> Index {
        let most = nodes.iter().map(|node| node.number() as usize + 1).max().unwrap_or(0);
        let mut places = vec![0; most];
        nodes.iter().zip(0u32..).for_each(|(node, at)| places[node.number() as usize] = at);
        Index { places }
    }

    fn of(&self, node: Ref) -> usize {
        self.places.get(node.number() as usize).copied().unwrap_or(0) as usize
    }
}
