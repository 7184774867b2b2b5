//! Truths joined with few operations. In: truths of a graph, perhaps each with the bits it stands for. Out: one number.
//! What several have in common is asked once: `a and x, a and y` is `a and (x or y)`. Refuses to know what is true.

use std::collections::BTreeMap;

use super::graph::{Graph, Node, Number, Op};

/// The parts of a conjunction, ascending, each once.
type Cube = Vec<Number>;

/// A conjunction and the bits that are set where it holds.
type Part = (Cube, u32);

impl Graph {
    /// Whether all of these truths hold.
    pub(super) fn all(&mut self, list: &[Number]) -> Number {
        let mut cube = Vec::new();
        list.iter().for_each(|&truth| self.conjuncts(truth, &mut cube));
        self.conjunction(cube)
    }

    /// Whether some of these truths holds.
    pub(super) fn any(&mut self, list: &[Number]) -> Number {
        let cubes: Vec<Cube> = list.iter().map(|&truth| self.cube(truth)).collect();
        self.sum(cubes)
    }

    /// The bits of all truths that hold, each of which stands for some.
    pub(super) fn bits(&mut self, list: &[(Number, u32)]) -> Number {
        let parts: Vec<Part> = list.iter().map(|&(truth, bits)| (self.cube(truth), bits)).collect();
        self.mask(parts)
    }

    fn cube(&mut self, truth: Number) -> Cube {
        let mut cube = Vec::new();
        self.conjuncts(truth, &mut cube);
        cube.sort_unstable();
        cube.dedup();
        cube
    }

    /// Takes a truth apart where it is a conjunction of truths.
    fn conjuncts(&mut self, truth: Number, cube: &mut Cube) {
        match self.node(truth) {
            Node::Constant(1) => {}
            Node::Two(Op::And, one, other) if self.is_plain_truth(one) || self.is_plain_truth(other) => {
                for part in [one, other] {
                    self.lowest_bits(part, cube);
                }
            }
            _ => cube.push(truth),
        }
    }

    /// Takes a number apart of which only the lowest bit counts.
    fn lowest_bits(&mut self, number: Number, cube: &mut Cube) {
        match self.node(number) {
            Node::Two(Op::And, one, other) if !self.is_truth(number) => {
                self.lowest_bits(one, cube);
                self.lowest_bits(other, cube);
            }
            _ if self.is_truth(number) => self.conjuncts(number, cube),
            _ => cube.push(self.with(Op::And, number, 1)),
        }
    }

    /// A truth that is no constant.
    fn is_plain_truth(&self, number: Number) -> bool {
        !matches!(self.node(number), Node::Constant(_)) && self.is_truth(number)
    }

    fn conjunction(&mut self, mut cube: Cube) -> Number {
        cube.sort_unstable();
        cube.dedup();
        // One truth that is 0 or 1 by itself clears the higher bits of all others.
        let (loose, tight): (Cube, Cube) = cube.into_iter().partition(|&truth| self.shifted(truth).is_some());
        if tight.is_empty() || loose.is_empty() {
            let list: Cube = tight.into_iter().chain(loose).collect();
            return self.join(Op::And, &list, 1);
        }
        let tight = self.join(Op::And, &tight, 1);
        let loose: Cube = loose.into_iter().map(|truth| self.shifted(truth).unwrap_or(truth)).collect();
        let loose = self.join(Op::And, &loose, 1);
        self.two(Op::And, loose, tight)
    }

    /// The number whose lowest bit a truth is.
    fn shifted(&self, truth: Number) -> Option<Number> {
        match self.node(truth) {
            Node::Two(Op::And, wide, one) if self.is(one, 1) && !self.is_truth(wide) => Some(wide),
            _ => None,
        }
    }

    /// Whether some of these conjunctions holds.
    fn sum(&mut self, mut cubes: Vec<Cube>) -> Number {
        self.merge_choices(&mut cubes);
        cubes.sort_unstable();
        cubes.dedup();
        if cubes.iter().any(Vec::is_empty) {
            return self.constant(1);
        }
        let Some((common, _)) = common(cubes.iter().map(|cube| (cube, 0)), 2) else {
            let list: Cube = cubes.into_iter().map(|cube| self.conjunction(cube)).collect();
            return self.join(Op::Or, &list, 0);
        };
        let (with, without) = split(cubes, |cube| cube, common);
        let inner = self.sum(with);
        let both = self.all(&[common, inner]);
        if without.is_empty() {
            return both;
        }
        let rest = self.sum(without);
        self.two(Op::Or, both, rest)
    }

    /// Makes one of conjunctions that only ask which value the same number has.
    fn merge_choices(&mut self, cubes: &mut Vec<Cube>) {
        let mut asked: BTreeMap<Number, u32> = BTreeMap::new();
        cubes.retain(|cube| {
            let asks = if let [one] = cube[..] { self.asks(one) } else { None };
            if let Some((raw, values)) = asks {
                *asked.entry(raw).or_default() |= values;
            }
            asks.is_none()
        });
        for (raw, values) in asked {
            let chosen = self.chosen(raw, values);
            cubes.push(if self.is(chosen, 1) { Vec::new() } else { vec![chosen] });
        }
    }

    /// Takes out the parts that only ask which value the same number has, where reading their bits from a list is shorter:
    /// four bits for each value, in one constant.
    fn lists(&mut self, parts: &mut Vec<Part>) -> Vec<Number> {
        let mut asked: BTreeMap<Number, Vec<(u32, u32)>> = BTreeMap::new();
        for (cube, bits) in parts.iter() {
            if let [one] = cube[..]
                && let Some((raw, values)) = self.asks(one)
            {
                asked.entry(raw).or_default().push((values, *bits));
            }
        }
        let mut found = Vec::new();
        for (raw, tests) in asked {
            let all = tests.iter().fold(0, |all, test| all | test.1);
            let mut rest = all;
            let mut places = Vec::new();
            while rest != 0 {
                let place = rest.trailing_zeros().min(28);
                places.push(place);
                rest &= !(0xF << place);
            }
            // Eight values of four bits; not set (255) is the eighth.
            let fits = self.domain(raw).iter().all(|&value| value < 8 || value == 0xFF && self.domain(raw).len() < 8);
            // Each test takes about as many operations as each list.
            if !fits || tests.len() <= places.len() {
                continue;
            }
            let four = self.with(Op::Shl, raw, 2);
            for place in places {
                let list = self.domain(raw).iter().fold(0, |list, &value| {
                    let bits =
                        tests.iter().filter(|test| test.0 >> (value & 31) & 1 != 0).fold(0, |all, it| all | it.1);
                    list | (bits >> place & 0xF) << ((value & 7) << 2)
                });
                let list = self.constant(list);
                let read = self.two(Op::Shr, list, four);
                let read = self.with(Op::And, read, 0xF);
                found.push(self.with(Op::Shl, read, place));
            }
            parts.retain(|(cube, _)| match cube[..] {
                [one] => self.asks(one).is_none_or(|asks| asks.0 != raw),
                _ => true,
            });
        }
        found
    }

    fn mask(&mut self, mut parts: Vec<Part>) -> Number {
        parts.sort_unstable();
        parts.dedup();
        // Bits are masked by a truth in two operations: it pays where that truth stands before several kinds of bits.
        if let Some((shared, kinds)) = common(parts.iter().map(|(cube, bits)| (cube, *bits)), 3)
            && kinds >= 3
        {
            let (with, without) = split(parts, |part| &mut part.0, shared);
            let inner = self.mask(with);
            let spread = self.spread(shared);
            let both = self.two(Op::And, inner, spread);
            if without.is_empty() {
                return both;
            }
            let rest = self.mask(without);
            return self.two(Op::Or, both, rest);
        }
        let mut list = self.lists(&mut parts);
        let mut alike: BTreeMap<u32, Vec<Cube>> = BTreeMap::new();
        for (cube, bits) in parts {
            alike.entry(bits).or_default().push(cube);
        }
        for (bits, cubes) in alike {
            let any = self.sum(cubes);
            list.push(if bits.is_power_of_two() {
                self.with(Op::Shl, any, bits.trailing_zeros())
            } else {
                let spread = self.spread(any);
                self.with(Op::And, spread, bits)
            });
        }
        self.join(Op::Or, &list, 0)
    }
}

/// The truth that stands in most of these conjunctions, in at least so many, and before how many kinds of bits.
fn common<'c>(cubes: impl Iterator<Item = (&'c Cube, u32)>, least: usize) -> Option<(Number, usize)> {
    let mut found: BTreeMap<Number, (usize, Vec<u32>)> = BTreeMap::new();
    for (cube, bits) in cubes {
        for &truth in cube {
            let entry = found.entry(truth).or_default();
            entry.0 += 1;
            entry.1.push(bits);
        }
    }
    let kinds = |bits: &mut Vec<u32>| {
        bits.sort_unstable();
        bits.dedup();
        bits.len()
    };
    let best = found.into_iter().map(|(truth, (count, mut bits))| (count, kinds(&mut bits), truth));
    let best = best.max_by_key(|&(count, kinds, truth)| (kinds, count, std::cmp::Reverse(truth)))?;
    (best.0 >= least).then_some((best.2, best.1))
}

/// Those with a truth, without it, and the others.
fn split<T>(list: Vec<T>, mut cube: impl FnMut(&mut T) -> &mut Cube, truth: Number) -> (Vec<T>, Vec<T>) {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for mut it in list {
        let own = cube(&mut it);
        match own.binary_search(&truth) {
            Ok(place) => {
                own.remove(place);
                with.push(it);
            }
            Err(_) => without.push(it),
        }
    }
    (with, without)
}
