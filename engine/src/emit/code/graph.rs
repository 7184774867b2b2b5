//! Straight-line computations: numbers made from the slots of a request, without branches. In: calls that make numbers.
//! Out: a graph in which equal numbers are one, and the number each has for a request. Refuses to know policies.

use std::collections::{BTreeMap, BTreeSet};

use keyward_evaluator::Bytes;

/// A number in a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(pub(super) u32);

/// Operations on two numbers; comparisons give 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Op {
    Add,
    Sub,
    Mul,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Eq,
    Ne,
    Less,
    AtMost,
}

/// How a number is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Constant(u32),
    /// So many bytes of the request at a place.
    Slot(u32, u32),
    /// So many bytes of the table at a place, plus a number of bytes.
    Table(u32, u32, Number),
    Two(Op, Number, Number),
    /// The first if the third is not zero, else the second.
    Select(Number, Number, Number),
    /// The number of the highest bit, or -1.
    Highest(Number),
    /// The number of the lowest bit, or 32.
    Lowest(Number),
}

/// Numbers, each made from earlier ones.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// Slots that are 0 or 1 in every request that counts.
    flags: BTreeSet<Number>,
    /// Numbers that have few values, all different modulo 32: these values.
    domains: BTreeMap<Number, Vec<u32>>,
    /// Truths that only ask which value such a number has: the number, and a bit for each value (modulo 32) that will do.
    choices: BTreeMap<Number, (Number, u32)>,
    numbers: BTreeMap<Node, Number>,
}

impl Graph {
    pub(super) fn constant(&mut self, value: u32) -> Number {
        self.add(Node::Constant(value))
    }

    pub(super) fn add(&mut self, node: Node) -> Number {
        let nodes = &mut self.nodes;
        *self.numbers.entry(node).or_insert_with(|| {
            nodes.push(node);
            Number(nodes.len() as u32 - 1)
        })
    }

    pub(super) fn node(&self, number: Number) -> Node {
        self.nodes[number.0 as usize]
    }

    pub(super) fn is(&self, number: Number, value: u32) -> bool {
        self.node(number) == Node::Constant(value)
    }

    pub(super) fn two(&mut self, op: Op, one: Number, other: Number) -> Number {
        if let (Node::Constant(a), Node::Constant(b)) = (self.node(one), self.node(other)) {
            return self.constant(compute(op, a, b));
        }
        let (one, other) = self.in_order(op, one, other);
        match op {
            Op::And if self.is(one, 0) || self.is(other, 0) => self.constant(0),
            Op::And if self.is(one, u32::MAX) || one == other => other,
            Op::And if self.is(other, u32::MAX) => one,
            Op::Or | Op::Add | Op::Xor if self.is(one, 0) => other,
            Op::Or | Op::Add | Op::Xor | Op::Sub | Op::Shl | Op::Shr if self.is(other, 0) => one,
            Op::Or if one == other => one,
            _ => self.add(Node::Two(op, one, other)),
        }
    }

    /// Where the order does not matter: constants last, else the earlier number first, so that equal numbers are one.
    fn in_order(&self, op: Op, one: Number, other: Number) -> (Number, Number) {
        let constant = |number| matches!(self.node(number), Node::Constant(_));
        match op {
            Op::Add | Op::Mul | Op::And | Op::Or | Op::Xor | Op::Eq | Op::Ne
                if (constant(one), one) > (constant(other), other) =>
            {
                (other, one)
            }
            _ => (one, other),
        }
    }

    /// Against a constant.
    pub(super) fn with(&mut self, op: Op, one: Number, value: u32) -> Number {
        let value = self.constant(value);
        self.two(op, one, value)
    }

    /// 1 for 0, 0 for 1.
    pub(super) fn not(&mut self, truth: Number) -> Number {
        if let Node::Two(Op::Eq, inner, zero) = self.node(truth)
            && self.is(zero, 0)
            && self.is_truth(inner)
        {
            return inner;
        }
        self.with(Op::Eq, truth, 0)
    }

    /// All bits for 1, none for 0.
    pub(super) fn spread(&mut self, truth: Number) -> Number {
        let zero = self.constant(0);
        self.two(Op::Sub, zero, truth)
    }

    pub(super) fn select(&mut self, yes: Number, no: Number, truth: Number) -> Number {
        match self.node(truth) {
            Node::Constant(0) => no,
            Node::Constant(_) => yes,
            _ if yes == no => yes,
            _ => self.add(Node::Select(yes, no, truth)),
        }
    }

    /// Joins many in a balanced tree; `empty` if there are none.
    pub(super) fn join(&mut self, op: Op, list: &[Number], empty: u32) -> Number {
        match list {
            [] => self.constant(empty),
            [one] => *one,
            _ => {
                let (first, second) = list.split_at(list.len() / 2);
                let (first, second) = (self.join(op, first, empty), self.join(op, second, empty));
                self.two(op, first, second)
            }
        }
    }

    /// A slot that is 0 or 1 in every request that counts.
    pub(super) fn flag(&mut self, at: u32) -> Number {
        let slot = self.add(Node::Slot(1, at));
        self.flags.insert(slot);
        slot
    }

    /// Whether a number has one of the values that hold, of all it can have; nothing if they are many. Shifts count modulo 32,
    /// so that not set (255) and blank are bit 31.
    pub(super) fn choice(&mut self, raw: Number, list: &[(u32, bool)]) -> Option<Number> {
        let bit = |value: u32| 1u32 << (value & 31);
        let all = list.iter().fold(0, |all, it| all | bit(it.0));
        if all.count_ones() as usize != list.len() {
            return None;
        }
        self.domains.insert(raw, list.iter().map(|it| it.0).collect());
        Some(self.chosen(raw, list.iter().fold(0, |yes, it| if it.1 { yes | bit(it.0) } else { yes })))
    }

    /// What a truth asks, if that is which value a number with few values has.
    pub(super) fn asks(&self, truth: Number) -> Option<(Number, u32)> {
        self.choices.get(&truth).copied()
    }

    /// The values of a number with few values.
    pub(super) fn domain(&self, raw: Number) -> &[u32] {
        self.domains.get(&raw).map_or(&[], Vec::as_slice)
    }

    /// Whether a number with few values has one of these, each a bit.
    pub(super) fn chosen(&mut self, raw: Number, values: u32) -> Number {
        let (yes, no): (Vec<u32>, Vec<u32>) =
            self.domain(raw).iter().partition(|value| values >> (**value & 31) & 1 != 0);
        let found = match (&yes[..], &no[..]) {
            ([], _) => return self.constant(0),
            (_, []) => return self.constant(1),
            ([1], [0]) => return raw,
            ([one], _) => self.with(Op::Eq, raw, *one),
            (_, [one]) => self.with(Op::Ne, raw, *one),
            _ => {
                let mask = self.constant(values);
                let shifted = self.two(Op::Shr, mask, raw);
                self.with(Op::And, shifted, 1)
            }
        };
        self.choices.insert(found, (raw, values));
        found
    }

    /// Whether a number is 0 or 1 in every request that counts.
    pub(super) fn is_truth(&self, number: Number) -> bool {
        match self.node(number) {
            Node::Constant(value) => value <= 1,
            Node::Slot(..) => self.flags.contains(&number),
            Node::Two(Op::Eq | Op::Ne | Op::Less | Op::AtMost, ..) => true,
            Node::Two(Op::And, one, other) => self.is_truth(one) || self.is_truth(other),
            Node::Two(Op::Or | Op::Xor, one, other) => self.is_truth(one) && self.is_truth(other),
            _ => false,
        }
    }

    /// What every number is for a request.
    pub(super) fn compute(&self, request: &[u8], table: &[u8]) -> Vec<u32> {
        let mut values: Vec<u32> = Vec::with_capacity(self.nodes.len());
        let read = |bytes: &[u8], width: u32, at: usize| match width {
            1 => bytes.u8_at(at),
            2 => bytes.u16_at(at),
            _ => bytes.u32_at(at),
        };
        for node in &self.nodes {
            let of = |number: Number| values[number.0 as usize];
            values.push(match *node {
                Node::Constant(value) => value,
                Node::Slot(width, at) => read(request, width, at as usize),
                Node::Table(width, at, offset) => read(table, width, at.wrapping_add(of(offset)) as usize),
                Node::Two(op, one, other) => compute(op, of(one), of(other)),
                Node::Select(yes, no, truth) => {
                    if of(truth) != 0 {
                        of(yes)
                    } else {
                        of(no)
                    }
                }
                Node::Highest(number) => 31u32.wrapping_sub(of(number).leading_zeros()),
                Node::Lowest(number) => of(number).trailing_zeros(),
            });
        }
        values
    }
}

fn compute(op: Op, a: u32, b: u32) -> u32 {
    match op {
        Op::Add => a.wrapping_add(b),
        Op::Sub => a.wrapping_sub(b),
        Op::Mul => a.wrapping_mul(b),
        Op::Rem => a.checked_rem(b).unwrap_or(0),
        Op::And => a & b,
        Op::Or => a | b,
        Op::Xor => a ^ b,
        Op::Shl => a.wrapping_shl(b),
        Op::Shr => a.wrapping_shr(b),
        Op::Eq => u32::from(a == b),
        Op::Ne => u32::from(a != b),
        Op::Less => u32::from(a < b),
        Op::AtMost => u32::from(a <= b),
    }
}
