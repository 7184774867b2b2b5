//! Finding a place among sorted bounds, and one step down a diagram. Branch-free where it counts.

use crate::bytes::{u16_at, u32_at};
use crate::layout::{TERMINAL, TERMINAL_16};
use crate::table::Table;

/// How many of the `count` sorted four-byte bounds at `at` are at most `value`.
#[inline(always)]
pub(crate) fn bounds_at_most(bytes: &[u8], at: usize, count: usize, value: u32) -> usize {
    let mut base = at;
    let mut left = count;
    while left > 1 {
        let half = left >> 1;
        let probe = base.wrapping_add(half << 2).wrapping_sub(4);
        let step = (u32_at(bytes, probe) <= value) as usize;
        base = base.wrapping_add((half << 2).wrapping_mul(step));
        left = left.wrapping_sub(half);
    }
    let last = (left == 1 && u32_at(bytes, base) <= value) as usize;
    (base.wrapping_sub(at) >> 2).wrapping_add(last)
}

/// How many of the `count` sorted two-byte bounds at `at` are less than `value`.
#[inline(always)]
pub(crate) fn runs_before(bytes: &[u8], at: usize, count: usize, value: u32) -> usize {
    let mut base = at;
    let mut left = count;
    while left > 1 {
        let half = left >> 1;
        let probe = base.wrapping_add(half << 1).wrapping_sub(2);
        let step = (u16_at(bytes, probe) < value) as usize;
        base = base.wrapping_add((half << 1).wrapping_mul(step));
        left = left.wrapping_sub(half);
    }
    let last = (left == 1 && u16_at(bytes, base) < value) as usize;
    (base.wrapping_sub(at) >> 1).wrapping_add(last)
}

impl Table<'_> {
    /// The level of the node that `child` points to.
    #[inline(always)]
    pub(crate) fn node_level(&self, child: u32) -> usize {
        (u16_at(self.nodes, (child as usize) << 2) & 0xFF) as usize
    }

    /// The child of a node for a class.
    #[inline(always)]
    pub(crate) fn step(&self, node: u32, class: u32) -> u32 {
        let at = (node as usize) << 2;
        let runs = (u16_at(self.nodes, at) >> 8) as usize;
        let (children, index) = if runs == 0 {
            (at.wrapping_add(2), class as usize)
        } else {
            let bounds = at.wrapping_add(2);
            let index = runs_before(self.nodes, bounds, runs.wrapping_sub(1), class);
            (at.wrapping_add(runs << 1), index)
        };
        if self.wide {
            u32_at(self.nodes, children.wrapping_add(index << 2))
        } else {
            let child = u16_at(self.nodes, children.wrapping_add(index << 1));
            (child & !TERMINAL_16) | ((child & TERMINAL_16) << 16)
        }
    }

    /// Walks from `root` to a terminal. A table that does not end within its levels gives nothing.
    #[inline(always)]
    pub(crate) fn walk(&self, root: u32, classes: &[u16; 256]) -> Option<u32> {
        let mut at = root;
        for _ in 0..=256 {
            if at & TERMINAL != 0 {
                return Some(at & !TERMINAL);
            }
            let level = self.node_level(at);
            let class = classes.get(level).copied().unwrap_or(0);
            at = self.step(at, class as u32);
        }
        None
    }
}
