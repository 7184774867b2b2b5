//! Combining functions point by point: and, or, not, if-then-else, and operations the caller brings.
//!
//! In: functions and an operation on terminals. Out: the combined function.
//! Refuses to know: what the operation means. Cost follows the runs, not the classes.

use super::forest::{Exploded, Forest, Ref};

const AND: u32 = 0;
const OR: u32 = 1;
const NOT: u32 = 2;
const CHOOSE: u32 = 3;
pub(super) const COFACTOR: u32 = 4;
pub(super) const SIMPLIFY: u32 = 5;
const DIFFER: u32 = 6;
pub(super) const FIRST_FREE_OP: u32 = 16;

/// An operation on up to three functions, applied point by point.
pub trait Op {
    /// The number under which results are remembered; take it from [`Forest::fresh_op`].
    fn number(&self) -> u32;

    /// The result when it is already certain: always when all operands are terminals, earlier where it can be.
    /// Unused operands are [`Ref::FALSE`].
    fn decide(&self, operands: [Ref; 3]) -> Option<Ref>;

    /// True when the first two operands may change places.
    fn commutes(&self) -> bool {
        false
    }
}

impl Forest {
    /// Applies an operation to three functions.
    pub fn apply(&mut self, op: &dyn Op, operands: [Ref; 3]) -> Result<Ref, Exploded> {
        let base = self.stack.len();
        let result = self.apply_below(op, operands);
        self.stack.truncate(base);
        result
    }

    /// True where both are.
    pub fn and(&mut self, f: Ref, g: Ref) -> Result<Ref, Exploded> {
        self.apply(&And, [f, g, Ref::FALSE])
    }

    /// True where one is.
    pub fn or(&mut self, f: Ref, g: Ref) -> Result<Ref, Exploded> {
        self.apply(&Or, [f, g, Ref::FALSE])
    }

    /// True where the function is false.
    pub fn not(&mut self, f: Ref) -> Result<Ref, Exploded> {
        self.apply(&Not, [f, Ref::FALSE, Ref::FALSE])
    }

    /// True where the first is and the second is not.
    pub fn and_not(&mut self, f: Ref, g: Ref) -> Result<Ref, Exploded> {
        self.apply(&Choose, [g, Ref::FALSE, f])
    }

    /// `then` where the condition is true, `otherwise` elsewhere.
    pub fn if_then_else(&mut self, condition: Ref, then: Ref, otherwise: Ref) -> Result<Ref, Exploded> {
        self.apply(&Choose, [condition, then, otherwise])
    }

    /// True where the value of the function is one that `holds`.
    pub fn values_where(&mut self, f: Ref, holds: impl Fn(u32) -> bool) -> Result<Ref, Exploded> {
        let number = self.fresh_op();
        self.map(f, number, |value| u32::from(holds(value)))
    }

    /// Replaces every value of a function by another; `number` is from [`Forest::fresh_op`], one for each `change`.
    pub fn map(&mut self, f: Ref, number: u32, change: impl Fn(u32) -> u32) -> Result<Ref, Exploded> {
        self.apply(&Map { number, change }, [f, Ref::FALSE, Ref::FALSE])
    }

    /// Joins many functions with an operation on two, in a balanced tree, so that small ones meet small ones first.
    pub fn join_all(&mut self, op: &dyn Op, functions: &[Ref], empty: Ref) -> Result<Ref, Exploded> {
        let mut layer = functions.to_vec();
        while layer.len() > 1 {
            let mut next = Vec::with_capacity(layer.len().div_ceil(2));
            for pair in layer.chunks(2) {
                next.push(match *pair {
                    [f, g] => self.apply(op, [f, g, Ref::FALSE])?,
                    [f] => f,
                    _ => empty,
                });
            }
            layer = next;
        }
        Ok(layer.first().copied().unwrap_or(empty))
    }

    /// True where two functions have different values.
    pub fn differ(&mut self, f: Ref, g: Ref) -> Result<Ref, Exploded> {
        self.apply(&Differ, [f, g, Ref::FALSE])
    }

    /// True where one of many is.
    pub fn or_all(&mut self, functions: &[Ref]) -> Result<Ref, Exploded> {
        self.join_all(&Or, functions, Ref::FALSE)
    }

    /// True where all of many are.
    pub fn and_all(&mut self, functions: &[Ref]) -> Result<Ref, Exploded> {
        self.join_all(&And, functions, Ref::TRUE)
    }

    fn apply_below(&mut self, op: &dyn Op, operands: [Ref; 3]) -> Result<Ref, Exploded> {
        if let Some(result) = op.decide(operands) {
            return Ok(result);
        }
        let [mut f, mut g, h] = operands;
        if op.commutes() && g < f {
            (f, g) = (g, f);
        }
        let key = [op.number(), f.0, g.0, h.0];
        if let Some(result) = self.memo.get(key) {
            return Ok(Ref(result));
        }
        let operands = [f, g, h];
        let level = operands.map(|f| self.level(f)).into_iter().min().unwrap_or_default();
        let Some(&coordinate) = self.order.get(level as usize) else {
            return Ok(f);
        };
        let top = self.widths[coordinate as usize] - 1;
        let here = operands.map(|f| self.level(f) == level);
        let mut at = [0usize; 3];
        let base = self.stack.len();
        loop {
            let mut last = top;
            let mut next = operands;
            for i in (0..3).filter(|&i| here[i]) {
                let run = self.runs(operands[i])[at[i]];
                last = last.min(run.last);
                next[i] = run.to;
            }
            let child = self.apply_below(op, next)?;
            self.push_run(base, last, child);
            if last == top {
                break;
            }
            for i in (0..3).filter(|&i| here[i]) {
                at[i] += usize::from(self.runs(operands[i])[at[i]].last == last);
            }
        }
        let result = self.node_from_stack(coordinate, base)?;
        self.memo.put(key, result.0);
        Ok(result)
    }
}

struct And;

impl Op for And {
    fn number(&self) -> u32 {
        AND
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        match () {
            () if f == Ref::FALSE || g == Ref::FALSE => Some(Ref::FALSE),
            () if f == Ref::TRUE || f == g => Some(g),
            () if g == Ref::TRUE => Some(f),
            () => None,
        }
    }

    fn commutes(&self) -> bool {
        true
    }
}

struct Or;

impl Op for Or {
    fn number(&self) -> u32 {
        OR
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        match () {
            () if f == Ref::TRUE || g == Ref::TRUE => Some(Ref::TRUE),
            () if f == Ref::FALSE || f == g => Some(g),
            () if g == Ref::FALSE => Some(f),
            () => None,
        }
    }

    fn commutes(&self) -> bool {
        true
    }
}

struct Not;

impl Op for Not {
    fn number(&self) -> u32 {
        NOT
    }

    fn decide(&self, [f, ..]: [Ref; 3]) -> Option<Ref> {
        f.value().map(|value| Ref::terminal(u32::from(value == 0)))
    }
}

struct Choose;

impl Op for Choose {
    fn number(&self) -> u32 {
        CHOOSE
    }

    fn decide(&self, [condition, then, otherwise]: [Ref; 3]) -> Option<Ref> {
        match () {
            () if then == otherwise || condition == Ref::TRUE => Some(then),
            () if condition == Ref::FALSE => Some(otherwise),
            () if then == Ref::TRUE && otherwise == Ref::FALSE => Some(condition),
            () => None,
        }
    }
}

struct Map<F> {
    number: u32,
    change: F,
}

impl<F: Fn(u32) -> u32> Op for Map<F> {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [f, ..]: [Ref; 3]) -> Option<Ref> {
        f.value().map(|value| Ref::terminal((self.change)(value)))
    }
}

/// True where two functions have different values.
struct Differ;

impl Op for Differ {
    fn number(&self) -> u32 {
        DIFFER
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        if f == g {
            return Some(Ref::FALSE);
        }
        (f.is_terminal() && g.is_terminal()).then_some(Ref::TRUE)
    }

    fn commutes(&self) -> bool {
        true
    }
}
