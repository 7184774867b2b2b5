//! A better order of the coordinates, found by swapping neighbouring levels in place.
//!
//! In: the roots to keep and a budget of node visits. Out: the same roots, the same functions, fewer nodes and runs.
//! Refuses to know: what a coordinate stands for. Every [`Ref`] that is not a root becomes invalid.
//! The method is Rudell's (1993): move one coordinate through all places, keep it where the forest was smallest.

use super::forest::{DEAD, Forest, Ref, Run, hash_of};

/// What a sifting did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Nodes visited: the work done, the same on every machine.
    pub visits: u64,
    /// Size before: nodes plus runs.
    pub before: usize,
    /// Size after.
    pub after: usize,
}

/// Book-keeping that exists only while sifting.
struct Sifting<'a> {
    forest: &'a mut Forest,
    /// How many runs and roots lead to each node.
    parents: Vec<u32>,
    /// The nodes of each coordinate, with some that died or moved since.
    members: Vec<Vec<u32>>,
    /// Nodes plus runs alive.
    size: usize,
    dead: usize,
    visits: u64,
    budget: u64,
    /// The runs of the node that is being turned, each with the place reached in the node it leads to.
    turned: Vec<(Run, usize)>,
    /// Nodes that wait for their turn.
    listed: Vec<u32>,
    /// References still to be released.
    released: Vec<Ref>,
}

impl Forest {
    /// Frees every node that no root reaches. All other [`Ref`]s become invalid; remembered results are forgotten.
    pub fn collect(&mut self, roots: &[Ref]) {
        let mut keep = vec![false; self.nodes.len()];
        for f in self.reached(roots) {
            keep[f.0 as usize] = true;
        }
        self.free.clear();
        for number in (0..self.nodes.len()).rev() {
            if !keep[number] {
                self.nodes[number].coordinate = DEAD;
                self.free.push(number as u32);
            }
        }
        self.repack();
    }

    /// Improves the order for these roots with at most about `budget` node visits. Roots keep their [`Ref`]s; all others
    /// become invalid.
    pub fn sift(&mut self, roots: &[Ref], budget: u64) -> Sifted {
        self.collect(roots);
        let mut sifting = Sifting::new(self, roots, budget);
        let before = sifting.size;
        loop {
            let start = sifting.size;
            let coordinates = sifting.largest_first();
            for coordinate in coordinates {
                sifting.settle(coordinate, roots);
            }
            // A further round pays while it still takes at least one part in fifty away.
            if sifting.visits >= budget || sifting.size + start / 50 >= start {
                break;
            }
        }
        let done = Sifted { visits: sifting.visits, before, after: sifting.size };
        self.collect(roots);
        done
    }
}

impl<'a> Sifting<'a> {
    fn new(forest: &'a mut Forest, roots: &[Ref], budget: u64) -> Sifting<'a> {
        let mut sifting = Sifting {
            forest,
            parents: Vec::new(),
            members: Vec::new(),
            size: 0,
            dead: 0,
            visits: 0,
            budget,
            turned: Vec::new(),
            listed: Vec::new(),
            released: Vec::new(),
        };
        sifting.take_stock(roots);
        sifting
    }

    /// Counts parents and lists members of a forest without dead nodes.
    fn take_stock(&mut self, roots: &[Ref]) {
        self.parents = vec![0; self.forest.nodes.len()];
        self.members = vec![Vec::new(); self.forest.widths.len()];
        self.size = 0;
        self.dead = 0;
        for number in 0..self.forest.nodes.len() as u32 {
            let coordinate = self.forest.nodes[number as usize].coordinate;
            if coordinate == DEAD {
                continue;
            }
            self.members[coordinate as usize].push(number);
            let runs = self.forest.runs(Ref(number));
            self.size += 1 + runs.len();
            for run in runs.iter().filter(|run| !run.to.is_terminal()) {
                self.parents[run.to.0 as usize] += 1;
            }
        }
        for root in roots.iter().filter(|root| !root.is_terminal()) {
            self.parents[root.0 as usize] += 1;
        }
    }

    /// Coordinates with nodes, the one with the most first.
    fn largest_first(&self) -> Vec<u16> {
        let mut all: Vec<u16> = (0..self.members.len() as u16).collect();
        all.retain(|&c| !self.members[c as usize].is_empty());
        all.sort_by_key(|&c| (std::cmp::Reverse(self.members[c as usize].len()), c));
        all
    }

    /// Moves one coordinate to every level it can afford to see and leaves it at the best one.
    fn settle(&mut self, coordinate: u16, roots: &[Ref]) {
        if self.visits >= self.budget {
            return;
        }
        let levels = self.forest.order.len();
        let start = self.forest.place[coordinate as usize] as usize;
        let limit = self.size + self.size / 5 + 16;
        let mut best = (self.size, start);
        let down_first = start * 2 >= levels;
        for down in [down_first, !down_first] {
            loop {
                let here = self.forest.place[coordinate as usize] as usize;
                if self.size < best.0 {
                    best = (self.size, here);
                }
                let at_end = if down { here + 1 >= levels } else { here == 0 };
                if at_end || self.size > limit || self.visits >= self.budget {
                    break;
                }
                self.swap(if down { here } else { here - 1 });
            }
        }
        loop {
            let here = self.forest.place[coordinate as usize] as usize;
            match here.cmp(&best.1) {
                std::cmp::Ordering::Less => self.swap(here),
                std::cmp::Ordering::Greater => self.swap(here - 1),
                std::cmp::Ordering::Equal => break,
            }
        }
        if self.dead > self.forest.nodes.len() / 2 + 1024 {
            self.forest.collect(roots);
            self.take_stock(roots);
        }
    }

    /// Swaps the coordinates at `level` and `level + 1`.
    fn swap(&mut self, level: usize) {
        let (upper, lower) = (self.forest.order[level], self.forest.order[level + 1]);
        self.forest.order.swap(level, level + 1);
        self.forest.place[upper as usize] = level as u16 + 1;
        self.forest.place[lower as usize] = level as u16;
        self.forget_lost(lower);
        self.forget_lost(upper);
        self.visits += self.members[upper as usize].len() as u64;
        if self.members[lower as usize].is_empty() {
            return;
        }
        // Turning lists new nodes of `upper` between those that stay.
        let mut listed = std::mem::take(&mut self.listed);
        std::mem::swap(&mut listed, &mut self.members[upper as usize]);
        for number in listed.drain(..) {
            let meets = self.forest.runs(Ref(number)).iter().any(|run| self.forest.coordinate(run.to) == Some(lower));
            if meets {
                self.turn(number, upper, lower);
                self.members[lower as usize].push(number);
            } else {
                self.members[upper as usize].push(number);
            }
        }
        self.listed = listed;
        if self.forest.runs.len() > 4 * self.size + (1 << 16) {
            self.forest.repack();
        }
    }

    /// Takes nodes that died or test another coordinate by now off the list.
    fn forget_lost(&mut self, coordinate: u16) {
        let nodes = &self.forest.nodes;
        self.members[coordinate as usize].retain(|&number| nodes[number as usize].coordinate == coordinate);
    }

    /// Rewrites a node of `upper` whose children test `lower`, so that it tests `lower` first.
    fn turn(&mut self, number: u32, upper: u16, lower: u16) {
        let mut turned = std::mem::take(&mut self.turned);
        turned.extend(self.forest.runs(Ref(number)).iter().map(|&run| (run, 0)));
        self.forest.unfile(number);
        let top = self.forest.widths[lower as usize] - 1;
        let base = self.forest.stack.len();
        loop {
            // The classes of `lower` up to `last` lead to the same place through every run.
            let mut last = top;
            let inner = self.forest.stack.len();
            for &(run, at) in &turned {
                let mut to = run.to;
                if self.forest.coordinate(to) == Some(lower) {
                    let below = self.forest.runs(to)[at];
                    (last, to) = (last.min(below.last), below.to);
                }
                self.forest.push_run(inner, run.last, to);
            }
            self.visits += 1;
            let child = self.child_from_stack(upper, inner);
            self.forest.push_run(base, last, child);
            if last == top {
                break;
            }
            for (run, at) in &mut turned {
                if self.forest.coordinate(run.to) == Some(lower) {
                    *at += usize::from(self.forest.runs(run.to)[*at].last == last);
                }
            }
        }
        for at in base..self.forest.stack.len() {
            self.hold(self.forest.stack[at].to);
        }
        let hash = hash_of(lower, &self.forest.stack[base..]);
        self.size += self.forest.stack.len() - base;
        self.forest.write(number, lower, hash, base);
        self.size -= turned.len();
        for (run, _) in turned.drain(..) {
            self.release(run.to);
        }
        self.turned = turned;
    }

    /// The node of `coordinate` with the runs on the stack; a new one holds its children.
    fn child_from_stack(&mut self, coordinate: u16, base: usize) -> Ref {
        if self.forest.stack.len() == base + 1 {
            let only = self.forest.stack[base].to;
            self.forest.stack.truncate(base);
            return only;
        }
        let hash = hash_of(coordinate, &self.forest.stack[base..]);
        let forest = &*self.forest;
        let found = forest.table.find(hash, |number| {
            forest.nodes[number as usize].hash == hash
                && forest.nodes[number as usize].coordinate == coordinate
                && forest.runs(Ref(number)) == &forest.stack[base..]
        });
        if let Some(number) = found {
            self.forest.stack.truncate(base);
            return Ref(number);
        }
        for at in base..self.forest.stack.len() {
            self.hold(self.forest.stack[at].to);
        }
        self.size += 1 + self.forest.stack.len() - base;
        let number = self.forest.add_empty();
        self.parents.push(0);
        self.forest.write(number, coordinate, hash, base);
        self.members[coordinate as usize].push(number);
        Ref(number)
    }

    fn hold(&mut self, f: Ref) {
        if !f.is_terminal() {
            self.parents[f.0 as usize] += 1;
        }
    }

    /// One parent less; without parents a node dies and lets go of its children.
    fn release(&mut self, f: Ref) {
        self.released.push(f);
        while let Some(f) = self.released.pop() {
            if f.is_terminal() {
                continue;
            }
            self.parents[f.0 as usize] -= 1;
            if self.parents[f.0 as usize] == 0 {
                self.forest.unfile(f.0);
                let runs = self.forest.runs(f);
                self.size -= 1 + runs.len();
                self.released.extend(runs.iter().map(|run| run.to));
                self.forest.nodes[f.0 as usize].coordinate = DEAD;
                self.dead += 1;
            }
        }
    }
}
