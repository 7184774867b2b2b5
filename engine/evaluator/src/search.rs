//! Finding a place among sorted bounds, and one step down a diagram. Branch-free where it counts.

use crate::bytes::Bytes;
use crate::layout::{NODE_SHIFT, TERMINAL, TERMINAL_16};
use crate::table::Table;

/// How many of the `count` sorted four-byte bounds at `at` are at most `value`.
#[inline(always)]
pub(crate) fn bounds_at_most<T: Bytes>(bytes: T, at: usize, count: usize, value: u32) -> usize {
    let mut base = at;
    let mut left = count;
    while left > 1 {
        let half = left >> 1;
        let next = base.wrapping_add(half << 2);
        base = if bytes.u32_at(next.wrapping_sub(4)) <= value { next } else { base };
        left = left.wrapping_sub(half);
    }
    let last = (left == 1 && bytes.u32_at(base) <= value) as usize;
    (base.wrapping_sub(at) >> 2).wrapping_add(last)
}

/// How many of the `count` sorted two-byte bounds at `at` are at most `value`.
#[inline(always)]
fn runs_at_most<T: Bytes>(bytes: T, at: usize, count: usize, value: u32) -> usize {
    let mut base = at;
    let mut left = count;
    while left > 1 {
        let half = left >> 1;
        let next = base.wrapping_add(half << 1);
        base = if bytes.u16_at(next.wrapping_sub(2)) <= value { next } else { base };
        left = left.wrapping_sub(half);
    }
    let last = (left == 1 && bytes.u16_at(base) <= value) as usize;
    (base.wrapping_sub(at) >> 1).wrapping_add(last)
}

impl<T: Bytes> Table<T> {
    /// The level of a node.
    #[inline(always)]
    pub(crate) fn level_of(&self, node: u32) -> usize {
        self.bytes.u8_at((node as usize) << NODE_SHIFT) as usize
    }

    /// The child of a node for a class.
    #[inline(always)]
    fn step(&self, node: u32, class: u32, wide: bool) -> u32 {
        let at = (node as usize) << NODE_SHIFT;
        let runs = self.bytes.u8_at(at.wrapping_add(1)) as usize;
        let (children, index) = if runs == 0 {
            (at.wrapping_add(2), class as usize)
        } else {
            let bounds = at.wrapping_add(2);
            let index = runs_at_most(self.bytes, bounds, runs.wrapping_sub(1), class);
            (at.wrapping_add(runs << 1), index)
        };
        if wide {
            self.bytes.u32_at(children.wrapping_add(index << 2))
        } else {
            let child = self.bytes.u16_at(children.wrapping_add(index << 1));
            (child & !TERMINAL_16) | ((child & TERMINAL_16) << 16)
        }
    }

    /// The child of a node for a class.
    #[inline(never)]
    pub(crate) fn child(&self, node: u32, class: u32) -> u32 {
        self.step(node, class, self.is_wide())
    }

    /// Walks from `root` to a terminal. A table that does not end within its levels gives nothing.
    #[inline(never)]
    pub(crate) fn walk(&self, root: u32, classes: &[u16; 256]) -> Option<u32> {
        let wide = self.is_wide();
        let mut at = root;
        for _ in 0..=256 {
            if at & TERMINAL != 0 {
                return Some(at & !TERMINAL);
            }
            let class = classes.get(self.level_of(at)).copied().unwrap_or(0);
            at = self.step(at, class as u32, wide);
        }
        None
    }
}
