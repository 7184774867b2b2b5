//! Little-endian reads and writes over memory that somebody else owns. Knows nothing of what the
//! bytes mean.
//!
//! [`Bytes`] and [`Room`] are what the evaluator asks of memory. Slices answer with checks: a place
//! outside reads as zero and swallows writes. The loop inside a module has its own implementation,
//! where the WebAssembly engine does the checking.

/// Memory that can be read.
#[allow(clippy::len_without_is_empty, reason = "nobody asks whether a table or request is empty")]
pub trait Bytes: Copy {
    /// How many bytes there are.
    fn len(self) -> usize;
    /// The byte at `at`.
    fn u8_at(self, at: usize) -> u32;
    /// The two bytes at `at`.
    fn u16_at(self, at: usize) -> u32;
    /// The four bytes at `at`.
    fn u32_at(self, at: usize) -> u32;
}

/// Memory that can be written.
pub trait Room {
    /// How many bytes there are.
    fn room(&self) -> usize;
    /// Writes four bytes at `at`.
    fn put(&mut self, at: usize, value: u32);
}

impl Bytes for &[u8] {
    #[inline(always)]
    fn len(self) -> usize {
        <[u8]>::len(self)
    }

    #[inline(always)]
    fn u8_at(self, at: usize) -> u32 {
        self.get(at).map_or(0, |byte| *byte as u32)
    }

    #[inline(always)]
    fn u16_at(self, at: usize) -> u32 {
        match self.get(at..).and_then(|rest| rest.first_chunk()) {
            Some(chunk) => u16::from_le_bytes(*chunk) as u32,
            None => 0,
        }
    }

    #[inline(always)]
    fn u32_at(self, at: usize) -> u32 {
        match self.get(at..).and_then(|rest| rest.first_chunk()) {
            Some(chunk) => u32::from_le_bytes(*chunk),
            None => 0,
        }
    }
}

impl Room for [u8] {
    fn room(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn put(&mut self, at: usize, value: u32) {
        if let Some(place) = self.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
            *place = value.to_le_bytes();
        }
    }
}

/// Adds bits to word `at`; gives whether that changed it.
pub(crate) fn or_word(words: &mut [u32], at: usize, bits: u32) -> bool {
    match words.get_mut(at) {
        Some(word) if *word | bits != *word => {
            *word |= bits;
            true
        }
        _ => false,
    }
}

/// Writes word `at`.
pub(crate) fn put_word(words: &mut [u32], at: usize, value: u32) {
    if let Some(word) = words.get_mut(at) {
        *word = value;
    }
}

/// Sets every word to `value`.
pub(crate) fn fill(words: &mut [u32], value: u32) {
    for word in words.iter_mut() {
        *word = value;
    }
}

/// Word `at`, or zero outside.
pub(crate) fn word_at(words: &[u32], at: usize) -> u32 {
    words.get(at).copied().unwrap_or(0)
}

/// Sets bit `index`.
pub(crate) fn set_bit(words: &mut [u32], index: usize) {
    or_word(words, index >> 5, 1u32 << (index & 31));
}

/// Bit `index`.
pub(crate) fn bit(words: &[u32], index: usize) -> bool {
    (word_at(words, index >> 5) >> (index & 31)) & 1 != 0
}
