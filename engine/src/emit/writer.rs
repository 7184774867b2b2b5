//! Bytes under construction. In: numbers and blobs. Out: bytes, with places to fill in later; equal blobs are stored
//! once. Refuses to know what they mean.

use std::collections::BTreeMap;

/// Little-endian bytes that grow.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
    blobs: BTreeMap<Vec<u8>, usize>,
}

impl Writer {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn u8(&mut self, value: usize) {
        self.bytes.push(value as u8);
    }

    pub(super) fn u16(&mut self, value: usize) {
        self.bytes.extend((value as u16).to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: usize) {
        self.bytes.extend((value as u32).to_le_bytes());
    }

    /// A whole number in as few bytes as it needs, seven bits each, lowest first.
    pub(super) fn number(&mut self, value: usize) {
        let mut left = value;
        while left > 0x7F {
            self.bytes.push((left as u8 & 0x7F) | 0x80);
            left >>= 7;
        }
        self.bytes.push(left as u8);
    }

    /// A text: its length, then its bytes.
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend(text.as_bytes());
    }

    /// Overwrites two bytes.
    pub(super) fn set_u16(&mut self, at: usize, value: usize) {
        self.bytes[at..at + 2].copy_from_slice(&(value as u16).to_le_bytes());
    }

    /// Overwrites four bytes.
    pub(super) fn set_u32(&mut self, at: usize, value: usize) {
        self.bytes[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }

    /// Stores a blob, or finds an equal one; gives its place.
    pub(super) fn blob(&mut self, blob: Vec<u8>) -> usize {
        if let Some(&at) = self.blobs.get(&blob) {
            return at;
        }
        let at = self.bytes.len();
        self.bytes.extend(&blob);
        self.blobs.insert(blob, at);
        at
    }
}
