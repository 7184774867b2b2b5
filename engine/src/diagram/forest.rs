//! The node store: hash-consed nodes over ordered coordinates, and a budget on how many there may be.
//!
//! In: coordinates with widths, runs of classes. Out: canonical [`Ref`]s.
//! Refuses to know: what the terminals mean.

use super::memo::Memo;
use super::table::{Table, finish, mix, pair};

/// The node budget used unless another one is set.
pub const DEFAULT_BUDGET: usize = 1_000_000;

const TERMINAL: u32 = 1 << 31;

/// A function in a [`Forest`]: an inner node or a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref(pub(super) u32);

impl Ref {
    /// The terminal that stands for *false*.
    pub const FALSE: Ref = Ref(TERMINAL);
    /// The terminal that stands for *true*.
    pub const TRUE: Ref = Ref(TERMINAL | 1);

    /// The constant function with this value. Values have 31 bits; a higher bit is dropped.
    #[must_use]
    pub const fn terminal(value: u32) -> Ref {
        Ref(value | TERMINAL)
    }

    /// The value, if this is a terminal.
    #[must_use]
    pub const fn value(self) -> Option<u32> {
        if self.0 & TERMINAL != 0 { Some(self.0 & !TERMINAL) } else { None }
    }

    /// True for a terminal.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        self.0 & TERMINAL != 0
    }

    /// The number behind the reference: small for nodes, with the top bit set for terminals.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Neighbouring classes that lead to the same place: all classes after the previous run's `last`, up to this `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The highest class of the run.
    pub last: u32,
    /// Where these classes lead.
    pub to: Ref,
}

/// The node budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exploded;

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The coordinate tested, or [`DEAD`].
    pub(super) coordinate: u16,
    start: u32,
    len: u32,
    pub(super) hash: u32,
}

pub(super) const DEAD: u16 = u16::MAX;

/// Canonical diagrams that share their nodes.
#[derive(Clone, Debug)]
pub struct Forest {
    pub(super) widths: Vec<u32>,
    /// The coordinate at each level, from the top.
    pub(super) order: Vec<u16>,
    /// The level of each coordinate.
    pub(super) place: Vec<u16>,
    pub(super) nodes: Vec<Node>,
    pub(super) runs: Vec<Run>,
    pub(super) free: Vec<u32>,
    pub(super) table: Table,
    pub(super) memo: Memo,
    /// Runs of nodes under construction.
    pub(super) stack: Vec<Run>,
    next_op: u32,
    budget: usize,
}

impl Forest {
    /// A forest over coordinates with these numbers of classes, tested in this order (coordinate numbers, from the top).
    /// At most 65,534 coordinates; coordinates missing in `order` follow in their own order.
    #[must_use]
    pub fn new(widths: Vec<u32>, order: &[u16]) -> Forest {
        let mut full: Vec<u16> = Vec::with_capacity(widths.len());
        let mut seen = vec![false; widths.len()];
        for coordinate in order.iter().copied().chain(0..widths.len() as u16) {
            if let Some(seen) = seen.get_mut(coordinate as usize).filter(|seen| !**seen) {
                *seen = true;
                full.push(coordinate);
            }
        }
        let mut place = vec![0; widths.len()];
        for (level, &coordinate) in full.iter().enumerate() {
            place[coordinate as usize] = level as u16;
        }
        Forest {
            widths: widths.into_iter().map(|width| width.max(1)).collect(),
            order: full,
            place,
            nodes: Vec::new(),
            runs: Vec::new(),
            free: Vec::new(),
            table: Table::new(1 << 10),
            memo: Memo::new(),
            stack: Vec::new(),
            next_op: super::apply::FIRST_FREE_OP,
            budget: DEFAULT_BUDGET,
        }
    }

    /// Sets how many nodes may exist at once.
    pub fn set_budget(&mut self, nodes: usize) {
        self.budget = nodes;
    }

    /// The node budget.
    #[must_use]
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// How many nodes exist, those no longer needed included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len() - self.free.len()
    }

    /// True while no node exists.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The coordinate at each level, from the top.
    #[must_use]
    pub fn order(&self) -> &[u16] {
        &self.order
    }

    /// The number of classes of each coordinate.
    #[must_use]
    pub fn widths(&self) -> &[u32] {
        &self.widths
    }

    /// The coordinate a node tests; nothing for a terminal.
    #[must_use]
    pub fn coordinate(&self, f: Ref) -> Option<u16> {
        (!f.is_terminal()).then(|| self.nodes[f.0 as usize].coordinate)
    }

    /// The level of a node's coordinate; terminals are below every level.
    #[must_use]
    pub fn level(&self, f: Ref) -> u16 {
        match self.coordinate(f) {
            Some(coordinate) => self.place[coordinate as usize],
            None => self.order.len() as u16,
        }
    }

    /// The level of a coordinate.
    #[must_use]
    pub fn level_of(&self, coordinate: u16) -> u16 {
        self.place.get(usize::from(coordinate)).copied().unwrap_or(self.order.len() as u16)
    }

    /// The runs of a node; empty for a terminal.
    #[must_use]
    pub fn runs(&self, f: Ref) -> &[Run] {
        if f.is_terminal() {
            return &[];
        }
        let node = self.nodes[f.0 as usize];
        &self.runs[node.start as usize..(node.start + node.len) as usize]
    }

    /// Where a class of the node's coordinate leads.
    #[must_use]
    pub fn child(&self, f: Ref, class: u32) -> Ref {
        let runs = self.runs(f);
        let at = runs.partition_point(|run| run.last < class);
        runs.get(at).map_or(f, |run| run.to)
    }

    /// The value of a function where every coordinate has the class that `class_of` names.
    pub fn value(&self, f: Ref, class_of: impl Fn(u16) -> u32) -> u32 {
        let mut at = f;
        while let Some(coordinate) = self.coordinate(at) {
            let next = self.child(at, class_of(coordinate));
            if next == at {
                break;
            }
            at = next;
        }
        at.value().unwrap_or_default()
    }

    /// A number for an operation of the caller, never used before, so that results can be remembered.
    pub fn fresh_op(&mut self) -> u32 {
        self.next_op += 1;
        self.next_op
    }

    /// True exactly where the coordinate's class is one that `holds`.
    pub fn test(&mut self, coordinate: u16, holds: impl Fn(u32) -> bool) -> Result<Ref, Exploded> {
        self.choose(coordinate, |class| if holds(class) { Ref::TRUE } else { Ref::FALSE })
    }

    /// The constant that belongs to the class of one coordinate.
    /// What `constant` returns must be a terminal, or a function of lower coordinates only.
    pub fn choose(&mut self, coordinate: u16, constant: impl Fn(u32) -> Ref) -> Result<Ref, Exploded> {
        let base = self.stack.len();
        for class in 0..self.widths[coordinate as usize] {
            self.push_run(base, class, constant(class));
        }
        self.node_from_stack(coordinate, base)
    }

    /// Adds a run to the node under construction whose runs start at `base`.
    pub(super) fn push_run(&mut self, base: usize, last: u32, to: Ref) {
        if self.stack.len() > base
            && let Some(previous) = self.stack.last_mut()
            && previous.to == to
        {
            previous.last = last;
        } else {
            self.stack.push(Run { last, to });
        }
    }

    /// Ends the node under construction: an equal one that exists, or a new one.
    pub(super) fn node_from_stack(&mut self, coordinate: u16, base: usize) -> Result<Ref, Exploded> {
        if self.stack.len() == base + 1 {
            let only = self.stack[base].to;
            self.stack.truncate(base);
            return Ok(only);
        }
        let hash = hash_of(coordinate, &self.stack[base..]);
        let found = self.table.find(hash, |number| {
            let node = &self.nodes[number as usize];
            node.hash == hash
                && node.coordinate == coordinate
                && self.runs[node.start as usize..(node.start + node.len) as usize] == self.stack[base..]
        });
        if let Some(number) = found {
            self.stack.truncate(base);
            return Ok(Ref(number));
        }
        if self.len() >= self.budget || self.runs.len() >= (u32::MAX / 2) as usize {
            self.stack.truncate(base);
            return Err(Exploded);
        }
        let number = self.free.pop().unwrap_or_else(|| self.add_empty());
        self.write(number, coordinate, hash, base);
        Ok(Ref(number))
    }

    /// A number for a node without content; the caller writes it at once.
    pub(super) fn add_empty(&mut self) -> u32 {
        self.nodes.push(Node { coordinate: DEAD, start: 0, len: 0, hash: 0 });
        self.nodes.len() as u32 - 1
    }

    /// Gives node `number` a new content, taken from the stack, and files it in the unique table.
    pub(super) fn write(&mut self, number: u32, coordinate: u16, hash: u32, base: usize) {
        let start = self.runs.len() as u32;
        self.runs.extend_from_slice(&self.stack[base..]);
        let len = (self.stack.len() - base) as u32;
        self.stack.truncate(base);
        self.nodes[number as usize] = Node { coordinate, start, len, hash };
        let nodes = &self.nodes;
        self.table.insert(hash, number, |other| nodes[other as usize].hash);
    }

    /// Takes a node out of the unique table.
    pub(super) fn unfile(&mut self, number: u32) {
        let nodes = &self.nodes;
        self.table.remove(nodes[number as usize].hash, number, |other| nodes[other as usize].hash);
    }

    /// Packs the runs of the living nodes together and files the nodes anew; forgets remembered results.
    pub(super) fn repack(&mut self) {
        let mut runs = Vec::new();
        self.table = Table::new(self.len());
        self.memo.clear();
        for number in 0..self.nodes.len() {
            let node = self.nodes[number];
            if node.coordinate == DEAD {
                continue;
            }
            let start = runs.len() as u32;
            runs.extend_from_slice(&self.runs[node.start as usize..(node.start + node.len) as usize]);
            self.nodes[number].start = start;
            let nodes = &self.nodes;
            self.table.insert(node.hash, number as u32, |other| nodes[other as usize].hash);
        }
        self.runs = runs;
    }
}

/// The hash of a node's content.
pub(super) fn hash_of(coordinate: u16, runs: &[Run]) -> u32 {
    let start = mix(0, u64::from(coordinate));
    finish(runs.iter().fold(start, |hash, run| mix(hash, pair(run.last, run.to.0))))
}
