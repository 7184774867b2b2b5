//! Working memory of one evaluator, reused from call to call. The caller owns it, so that the
//! library needs no heap and a box can place it where it likes. Holds nothing worth keeping.

use crate::bytes::Bytes;
use crate::layout::{MAX_ANSWERS, MAX_REQUEST, MAX_WORDS, POSSIBLE_WORDS, Status};
use crate::partial::decide_unknown;
use crate::table::{Decision, Table};

/// Pairs of nodes that one exact `partial` walk can remember.
pub(crate) const VISITED: usize = 4096;

/// Memory that a decision needs. What is unknown in a request is a matter of how much there is.
pub trait Working {
    /// The part that every decision needs.
    #[doc(hidden)]
    fn small(&mut self) -> &mut SmallScratch;

    /// Decides although something is unknown, or says that it cannot.
    #[doc(hidden)]
    fn unknowns<T: Bytes, R: Bytes>(&mut self, table: &Table<T>, decision: &Decision<T>, request: R) -> Status;
}

/// Enough to decide complete requests: 832 bytes. What lacks something is answered with unsure-missing, also where the
/// rest would be enough: never a guess.
pub struct SmallScratch {
    /// Class of each level.
    pub(crate) classes: [u16; 256],
    /// One bit for each level whose value is not known.
    pub(crate) unknown: [u32; 8],
    /// Answer words under construction.
    pub(crate) words: [u32; MAX_WORDS],
}

/// Enough for everything: about 37 KiB.
pub struct Scratch {
    pub(crate) small: SmallScratch,
    /// One bit for each unknown identifier that is compared with another.
    pub(crate) free: [u32; 8],
    /// A copy of the request, in which unknown identifiers get numbers.
    pub(crate) copy: [u8; MAX_REQUEST],
    /// Which of its possible numbers an unknown identifier has.
    pub(crate) choices: [u32; 256],
    /// Possible values, eight words an answer.
    pub(crate) possible: [u32; MAX_ANSWERS * POSSIBLE_WORDS],
    /// Visited pairs of `partial`, or what rules say in `why`.
    pub(crate) work: [u32; VISITED * 2],
}

impl SmallScratch {
    /// Fresh working memory.
    #[must_use]
    pub const fn new() -> SmallScratch {
        SmallScratch { classes: [0; 256], unknown: [0; 8], words: [0; MAX_WORDS] }
    }
}

impl Scratch {
    /// Fresh working memory.
    #[must_use]
    pub const fn new() -> Scratch {
        Scratch {
            small: SmallScratch::new(),
            free: [0; 8],
            copy: [0; MAX_REQUEST],
            choices: [0; 256],
            possible: [0; MAX_ANSWERS * POSSIBLE_WORDS],
            work: [0; VISITED * 2],
        }
    }
}

impl Working for SmallScratch {
    fn small(&mut self) -> &mut SmallScratch {
        self
    }

    fn unknowns<T: Bytes, R: Bytes>(&mut self, _: &Table<T>, _: &Decision<T>, _: R) -> Status {
        Status::UnsureMissing
    }
}

impl Working for Scratch {
    fn small(&mut self) -> &mut SmallScratch {
        &mut self.small
    }

    fn unknowns<T: Bytes, R: Bytes>(&mut self, table: &Table<T>, decision: &Decision<T>, request: R) -> Status {
        decide_unknown(table, decision, request, self)
    }
}

impl Default for SmallScratch {
    fn default() -> Self {
        SmallScratch::new()
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch::new()
    }
}
