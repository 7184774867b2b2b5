//! Working memory of one evaluator, reused from call to call. The caller owns it, so that the
//! library needs no heap and a box can place it where it likes. Holds nothing worth keeping.

use crate::layout::{MAX_ANSWERS, MAX_REQUEST, MAX_WORDS, POSSIBLE_WORDS};

/// Pairs of nodes that one exact `partial` walk can remember.
pub(crate) const VISITED: usize = 4096;

/// The working memory: about 40 KiB.
pub struct Scratch {
    /// Class of each level.
    pub(crate) classes: [u16; 256],
    /// One bit for each level whose value is not known.
    pub(crate) unknown: [u32; 8],
    /// One bit for each unknown identifier that is compared with another.
    pub(crate) free: [u32; 8],
    /// A copy of the request, in which unknown identifiers get numbers.
    pub(crate) copy: [u8; MAX_REQUEST],
    /// Which of its possible numbers an unknown identifier has.
    pub(crate) choices: [u32; 256],
    /// Possible values, eight words an answer.
    pub(crate) possible: [u32; MAX_ANSWERS * POSSIBLE_WORDS],
    /// Answer words under construction.
    pub(crate) words: [u32; MAX_WORDS],
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
            free: [0; 8],
            copy: [0; MAX_REQUEST],
            choices: [0; 256],
            possible: [0; MAX_ANSWERS * POSSIBLE_WORDS],
            words: [0; MAX_WORDS],
            work: [0; VISITED * 2],
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch::new()
    }
}
