//! A set of up to 256 small numbers.
//! In: numbers. Out: unions and differences. Refuses to grow: a larger number is reported elsewhere, and left out here.

/// A set of numbers below 256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; 4]);

impl Bits {
    /// Puts a number in.
    pub(super) fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether a number is in.
    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// Puts in everything the other has.
    pub(super) fn add(&mut self, other: Bits) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }

    /// What is in this one and not in the other.
    pub(super) fn without(self, other: Bits) -> Bits {
        let mut left = self;
        for (word, less) in left.0.iter_mut().zip(other.0) {
            *word &= !less;
        }
        left
    }

    /// Whether nothing is in.
    pub(super) fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    /// The numbers, ascending.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..256).filter(move |number| self.contains(*number))
    }
}
