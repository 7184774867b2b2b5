//! Results already worked out: (operation, three operands) to result.
//!
//! In and out: plain numbers. Refuses to know: what the operations are. Never iterated.

use super::table::{finish, mix, pair};

/// One operation on up to three operands; unused operands are 0.
pub(super) type Key = [u32; 4];

const FREE: u32 = u32::MAX;

/// Results kept at most; then everything is forgotten, which costs time and never changes a result.
const MOST: usize = 1 << 22;

/// A map from [`Key`] to a result, forgotten as a whole.
#[derive(Clone, Debug)]
pub(super) struct Memo {
    entries: Vec<(Key, u32)>,
    used: usize,
}

impl Memo {
    /// An empty memo.
    pub(super) fn new() -> Memo {
        Memo { entries: vec![([FREE; 4], 0); 1 << 10], used: 0 }
    }

    /// Forgets everything and gives the memory back.
    pub(super) fn clear(&mut self) {
        if self.used > 0 {
            *self = Memo::new();
        }
    }

    /// The result kept for this key.
    pub(super) fn get(&self, key: Key) -> Option<u32> {
        let (found, result) = self.entries[self.slot(key)];
        (found == key).then_some(result)
    }

    /// Keeps a result.
    pub(super) fn put(&mut self, key: Key, result: u32) {
        if self.used >= MOST {
            self.clear();
        }
        if (self.used + 1) * 2 > self.entries.len() {
            let room = vec![([FREE; 4], 0); self.entries.len() * 2];
            let old = std::mem::replace(&mut self.entries, room);
            for (key, result) in old.into_iter().filter(|(key, _)| key[0] != FREE) {
                let slot = self.slot(key);
                self.entries[slot] = (key, result);
            }
        }
        let slot = self.slot(key);
        if self.entries[slot].0 != key {
            self.used += 1;
        }
        self.entries[slot] = (key, result);
    }

    fn slot(&self, key: Key) -> usize {
        let mask = self.entries.len() - 1;
        let [op, f, g, h] = key;
        // Two words at once: this is asked more often than anything else.
        let mut slot = finish(mix(mix(0, pair(op, f)), pair(g, h))) as usize & mask;
        while self.entries[slot].0 != key && self.entries[slot].0[0] != FREE {
            slot = (slot + 1) & mask;
        }
        slot
    }
}
