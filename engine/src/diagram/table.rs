//! The unique table: an open-addressing set of node numbers, keyed by the content of the nodes.
//!
//! In: hashes and a way to compare. Out: the number of an equal node, if there is one.
//! Refuses to know: what a node looks like. It is never iterated, so its layout cannot show in a result.

const EMPTY: u32 = u32::MAX;

/// Node numbers found by content.
#[derive(Clone, Debug)]
pub(super) struct Table {
    slots: Vec<u32>,
    used: usize,
}

impl Table {
    /// An empty table with room for about `expected` numbers.
    pub(super) fn new(expected: usize) -> Table {
        Table { slots: vec![EMPTY; (expected * 2).next_power_of_two().max(16)], used: 0 }
    }

    /// The number with this hash for which `same` holds.
    pub(super) fn find(&self, hash: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => return None,
                number if same(number) => return Some(number),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Adds a number that is not in the table yet.
    pub(super) fn insert(&mut self, hash: u32, number: u32, hash_of: impl Fn(u32) -> u32) {
        if (self.used + 1) * 2 > self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![EMPTY; old.len() * 2];
            for number in old.into_iter().filter(|&n| n != EMPTY) {
                self.place(hash_of(number), number);
            }
        }
        self.place(hash, number);
        self.used += 1;
    }

    /// Takes a number out and closes the gap, so that later searches stay short.
    pub(super) fn remove(&mut self, hash: u32, number: u32, hash_of: impl Fn(u32) -> u32) {
        let mask = self.slots.len() - 1;
        let mut hole = hash as usize & mask;
        while self.slots[hole] != number {
            if self.slots[hole] == EMPTY {
                return;
            }
            hole = (hole + 1) & mask;
        }
        self.used -= 1;
        let mut next = hole;
        loop {
            next = (next + 1) & mask;
            let moved = self.slots[next];
            if moved == EMPTY {
                break;
            }
            let home = hash_of(moved) as usize & mask;
            // `moved` may fill the hole when its home is not between the hole and where it stands.
            if (next.wrapping_sub(home) & mask) >= (next.wrapping_sub(hole) & mask) {
                self.slots[hole] = moved;
                hole = next;
            }
        }
        self.slots[hole] = EMPTY;
    }

    fn place(&mut self, hash: u32, number: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = number;
    }
}

/// Two words as one, to be mixed at once.
pub(super) fn pair(one: u32, other: u32) -> u64 {
    u64::from(one) | u64::from(other) << 32
}

/// Mixes a word into a running hash.
pub(super) fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// Ends a running hash: every bit of the input reaches the low bits used for slots.
pub(super) fn finish(hash: u64) -> u32 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 32) as u32
}
