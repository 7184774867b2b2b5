//! The corpus: generated policies that are always the same, for counting nodes and for timing.
//! In: a kind and a size. Out: source text. Refuses to know how it is compiled.
//!
//! The generator stands for the text: `tests/corpus/counts.txt` says what each member weighs, and a test reads it.

pub mod anchored;
pub mod soup;

/// A policy of the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// So many rules over the same few inputs.
    Anchored(usize),
    /// Rules that each ask three of so many inputs.
    Soup(usize),
}

/// Every member, the smallest of each kind first.
pub const MEMBERS: [Member; 5] =
    [Member::Anchored(100), Member::Anchored(1_000), Member::Anchored(3_000), Member::Soup(12), Member::Soup(24)];

impl Member {
    /// What it is called in tables.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Anchored(rules) => format!("anchored-{rules}"),
            Self::Soup(inputs) => format!("soup-{inputs}"),
        }
    }

    /// Its source text.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Anchored(rules) => anchored::keyward(&anchored::rows(rules)),
            Self::Soup(inputs) => soup::keyward(inputs),
        }
    }
}

/// A small, fixed random sequence (splitmix64).
#[derive(Clone, Debug)]
pub struct Sequence(u64);

impl Sequence {
    /// The sequence of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The next number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }
}
