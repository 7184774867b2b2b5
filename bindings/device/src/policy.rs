//! A policy where it lies. In: the bytes of a module, or of its table alone. Out: outcomes of packed requests. Every byte is
//! checked before the first decision; the code in a module is never run. Refuses what the checker refuses.

use core::fmt;

use keyward_evaluator::{Marks, Status, Table, TableError, Working, check, decide, result_len};

/// Why a policy is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Neither a module with a table in it nor a table.
    NotAPolicy,
    /// Its table is malformed, or larger than the working memory of the checker allows.
    Table(TableError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::NotAPolicy => out.write_str("this is no policy module"),
            OpenError::Table(error) => out.write_str(error.reason()),
        }
    }
}

impl core::error::Error for OpenError {}

/// A policy, ready to decide.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    table: Table<&'a [u8]>,
}

impl<'a> Policy<'a> {
    /// Checks the table of a module, or a table by itself. `marks` is working memory for this call alone: eight bytes for every
    /// 64 bytes of nodes.
    pub fn open<const WORDS: usize>(bytes: &'a [u8], marks: &mut Marks<WORDS>) -> Result<Policy<'a>, OpenError> {
        let table = if bytes.starts_with(b"\0asm") { data(bytes) } else { Some(bytes) };
        let table = table.ok_or(OpenError::NotAPolicy)?;
        check(table, marks).map(|table| Policy { table }).map_err(OpenError::Table)
    }

    /// A policy whose table was checked before, at the same place. A table that was not makes no harm: it decides nonsense.
    #[must_use]
    pub fn checked(table: &'a [u8]) -> Policy<'a> {
        Policy { table: Table::new(table) }
    }

    /// The table, for [`Policy::checked`].
    #[must_use]
    pub fn table(&self) -> &'a [u8] {
        self.table.bytes
    }

    /// What packed requests start with.
    #[must_use]
    pub fn schema_hash(&self) -> u32 {
        self.table.schema_hash()
    }

    /// Bytes of a request.
    #[must_use]
    pub fn request_len(&self) -> usize {
        self.table.request_len()
    }

    /// Bytes of a request in which everything is known and every duty can be done.
    #[must_use]
    pub fn short_len(&self) -> usize {
        self.table.short_len()
    }

    /// How many decisions there are.
    #[must_use]
    pub fn decisions(&self) -> u32 {
        self.table.decisions()
    }

    /// Bytes of the outcome of a decision; nothing if there is no such decision.
    #[must_use]
    pub fn outcome_len(&self, decision: u32) -> usize {
        result_len(&self.table, decision)
    }

    /// Decides. The outcome is written as far as it is there at all: without the room for it, or without such a decision, nothing
    /// is, and the status is not ok.
    pub fn decide(&self, decision: u32, request: &[u8], outcome: &mut [u8], scratch: &mut impl Working) -> Status {
        decide(&self.table, decision, request, outcome, scratch)
    }
}

/// The one piece of data of a module.
fn data(module: &[u8]) -> Option<&[u8]> {
    let mut rest = module.get(8..)?;
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = number(after)?;
        let (section, after) = after.split_at_checked(size)?;
        rest = after;
        if *id != 11 {
            continue;
        }
        // One piece, at a constant place: 1, 0, i32.const …, end, then its length.
        let place = section.strip_prefix(&[1, 0, 0x41])?;
        let (_, place) = number(place)?;
        let (length, bytes) = number(place.strip_prefix(&[0x0B])?)?;
        return if length == bytes.len() { Some(bytes) } else { None };
    }
    None
}

/// A number, seven bits a byte, lowest first, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0usize;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7F).checked_shl(7 * place as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(place + 1..)?));
        }
    }
    None
}
