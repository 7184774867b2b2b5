//! Working memory of one evaluator, reused from call to call. The caller owns it, so that the
//! library needs no heap and a box can place it where it likes. Holds nothing worth keeping.

use crate::layout::{MAX_ANSWERS, MAX_CONDITIONS, MAX_WORDS, POSSIBLE_WORDS};

/// Pairs of nodes that one exact `partial` walk can remember.
pub(crate) const VISITED: usize = 4096;

/// One open branching of a `partial` walk.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) valid: u32,
    pub(crate) answer: u32,
    pub(crate) level: u16,
    pub(crate) next: u16,
}

/// The working memory: about 40 KiB.
pub struct Scratch {
    /// Class of each level.
    pub(crate) classes: [u16; 256],
    /// One bit for each level whose value is not known.
    pub(crate) unknown: [u32; 8],
    /// Allowed classes of unknown identifiers, by place in `narrowed_levels`.
    pub(crate) allowed: [[u32; 8]; crate::identifiers::MAX_FREE],
    /// For each level: 1 + the place in `allowed`, or 0.
    pub(crate) narrowed: [u8; 256],
    pub(crate) frames: [Frame; 256],
    /// Possible values, eight words an answer.
    pub(crate) possible: [u32; MAX_ANSWERS * POSSIBLE_WORDS],
    /// Answer words under construction.
    pub(crate) words: [u32; MAX_WORDS],
    /// Truth of each condition of `why`.
    pub(crate) truths: [u32; MAX_CONDITIONS / 32],
    /// Visited pairs of `partial`, or what rules say in `why`.
    pub(crate) work: [u32; VISITED * 2],
}

impl Scratch {
    /// Fresh working memory.
    #[must_use]
    pub const fn new() -> Scratch {
        Scratch {
            classes: [0; 256],
            unknown: [0; 8],
            allowed: [[0; 8]; crate::identifiers::MAX_FREE],
            narrowed: [0; 256],
            frames: [Frame { valid: 0, answer: 0, level: 0, next: 0 }; 256],
            possible: [0; MAX_ANSWERS * POSSIBLE_WORDS],
            words: [0; MAX_WORDS],
            truths: [0; MAX_CONDITIONS / 32],
            work: [0; VISITED * 2],
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch::new()
    }
}
