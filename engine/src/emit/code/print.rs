//! A graph as WebAssembly. In: numbers and what to do with them. Out: instructions; a number used more than once gets a
//! local of its own. Refuses to know what is computed. Emits nothing but loads, arithmetic, selects and stores.

use wasm_encoder::{Instruction, MemArg};

use super::graph::{Graph, Node, Number, Op};
use crate::emit::module::TABLE_AT;

/// Local numbers of the parameters.
pub(super) const DECISION: u32 = 0;
pub(super) const REQUEST: u32 = 1;
pub(super) const OUT: u32 = 2;
const FIRST_LOCAL: u32 = 3;

/// Instructions under construction.
pub(super) struct Printer<'a> {
    graph: &'a Graph,
    uses: Vec<u32>,
    locals: Vec<Option<u32>>,
    next: u32,
    most: u32,
    pub(super) code: Vec<Instruction<'static>>,
}

pub(super) fn at(offset: usize) -> MemArg {
    MemArg { offset: offset as u64, align: 0, memory_index: 0 }
}

impl<'a> Printer<'a> {
    pub(super) fn new(graph: &'a Graph) -> Printer<'a> {
        let count = graph.nodes.len();
        Printer {
            graph,
            uses: vec![0; count],
            locals: vec![None; count],
            next: FIRST_LOCAL,
            most: FIRST_LOCAL,
            code: vec![],
        }
    }

    /// How many locals are needed beside the parameters.
    pub(super) fn locals(&self) -> u32 {
        self.most - FIRST_LOCAL
    }

    /// Prepares for a block in which only these numbers are wanted.
    pub(super) fn start(&mut self, wanted: &[Number]) {
        self.next = FIRST_LOCAL;
        self.uses.fill(0);
        self.locals.fill(None);
        let mut todo: Vec<Number> = wanted.to_vec();
        while let Some(number) = todo.pop() {
            self.uses[number.0 as usize] += 1;
            if self.uses[number.0 as usize] > 1 {
                continue;
            }
            match self.graph.node(number) {
                Node::Constant(_) | Node::Slot(..) => {}
                Node::Table(_, _, one) | Node::Highest(one) | Node::Lowest(one) => todo.push(one),
                Node::Two(_, one, other) => todo.extend([one, other]),
                Node::Select(yes, no, truth) => todo.extend([yes, no, truth]),
            }
        }
    }

    /// Leaves a number on the stack.
    pub(super) fn push(&mut self, number: Number) {
        if let Some(local) = self.locals[number.0 as usize] {
            self.code.push(Instruction::LocalGet(local));
            return;
        }
        let node = self.graph.node(number);
        self.node(node);
        if self.uses[number.0 as usize] > 1 && !matches!(node, Node::Constant(_)) {
            self.locals[number.0 as usize] = Some(self.next);
            self.code.push(Instruction::LocalTee(self.next));
            self.next += 1;
            self.most = self.most.max(self.next);
        }
    }

    fn node(&mut self, node: Node) {
        match node {
            Node::Constant(value) => self.code.push(Instruction::I32Const(value as i32)),
            Node::Slot(width, place) => {
                self.code.push(Instruction::LocalGet(REQUEST));
                self.load(width, place as usize);
            }
            Node::Table(width, place, offset) => {
                self.push(offset);
                self.load(width, TABLE_AT + place as usize);
            }
            Node::Two(Op::Eq, one, zero) if self.graph.is(zero, 0) => {
                self.push(one);
                self.code.push(Instruction::I32Eqz);
            }
            Node::Two(op, one, other) => {
                self.push(one);
                self.push(other);
                self.code.push(instruction(op));
            }
            Node::Select(yes, no, truth) => {
                self.push(yes);
                self.push(no);
                self.push(truth);
                self.code.push(Instruction::Select);
            }
            Node::Highest(one) => {
                self.code.push(Instruction::I32Const(31));
                self.push(one);
                self.code.extend([Instruction::I32Clz, Instruction::I32Sub]);
            }
            Node::Lowest(one) => {
                self.push(one);
                self.code.push(Instruction::I32Ctz);
            }
        }
    }

    fn load(&mut self, width: u32, offset: usize) {
        self.code.push(match width {
            1 => Instruction::I32Load8U(at(offset)),
            2 => Instruction::I32Load16U(at(offset)),
            _ => Instruction::I32Load(at(offset)),
        });
    }
}

fn instruction(op: Op) -> Instruction<'static> {
    match op {
        Op::Add => Instruction::I32Add,
        Op::Sub => Instruction::I32Sub,
        Op::Mul => Instruction::I32Mul,
        Op::Rem => Instruction::I32RemU,
        Op::And => Instruction::I32And,
        Op::Or => Instruction::I32Or,
        Op::Xor => Instruction::I32Xor,
        Op::Shl => Instruction::I32Shl,
        Op::Shr => Instruction::I32ShrU,
        Op::Eq => Instruction::I32Eq,
        Op::Ne => Instruction::I32Ne,
        Op::Less => Instruction::I32LtU,
        Op::AtMost => Instruction::I32LeU,
    }
}
