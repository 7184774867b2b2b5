//! Reading the small numbers and texts of a module's sections.
//! In: bytes. Out: numbers and texts, or nothing where the bytes end. Refuses to reserve room for a count it has not seen.

/// A place in some bytes.
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// Starts at the first byte.
    pub(super) fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes { rest: bytes }
    }

    /// The next bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// One byte.
    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Four bytes, lowest first.
    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number of seven bits a byte, lowest first.
    pub(super) fn number(&mut self) -> Option<usize> {
        let mut value: u64 = 0;
        for place in 0..10 {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7F).checked_shl(7 * place)?;
            if byte < 0x80 {
                return usize::try_from(value).ok();
            }
        }
        None
    }

    /// A number of at most 32 bits.
    pub(super) fn word(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    /// How many things follow; never more than there are bytes.
    pub(super) fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.rest.len())
    }

    /// A length and so many bytes of text.
    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        Some(std::str::from_utf8(self.take(length)?).ok()?.to_string())
    }

    /// A count and so many texts.
    pub(super) fn texts(&mut self) -> Option<Vec<String>> {
        (0..self.count()?).map(|_| self.text()).collect()
    }
}
