//! Unknown identifiers: "the same as" ties coordinates together, so a walk over independent classes
//! would be too generous. Takes a request, gives one world after another: in each, an unknown
//! identifier either equals one that is known or differs from all of them. Each world is exact.

use crate::bytes::u32_at;
use crate::classify::{bit, earlier_at, known_name, set_bit};
use crate::layout::{KIND_IDENTIFIER, NO_CLASS, NOT_SET_32};
use crate::scratch::Scratch;
use crate::table::{Level, Table};

/// Most identifiers that are tied to others.
const MAX_TIED: usize = 8;
/// Most unknown identifiers among them.
pub(crate) const MAX_FREE: usize = 8;

/// One identifier that is compared with another.
#[derive(Clone, Copy)]
struct Tied {
    level: u16,
    known: bool,
    /// Its value in this world; meaningless while `differs`.
    raw: u32,
    /// Unknown, and different from every known one in this world.
    differs: bool,
    /// Which world's choice: 0 differs, n equals known value n - 1.
    choice: u16,
}

/// The worlds still to be walked.
pub(crate) struct Worlds {
    tied: [Tied; MAX_TIED],
    count: usize,
    values: [u32; MAX_TIED],
    value_count: u16,
    started: bool,
}

impl Worlds {
    /// Finds the tied identifiers; gives nothing when there are more than the limit.
    pub(crate) fn new(table: &Table, request: &[u8], scratch: &mut Scratch) -> Option<Worlds> {
        let none = Tied { level: 0, known: true, raw: 0, differs: false, choice: 0 };
        let mut worlds = Worlds {
            tied: [none; MAX_TIED],
            count: 0,
            values: [0; MAX_TIED],
            value_count: 0,
            started: false,
        };
        for narrowed in scratch.narrowed.iter_mut() {
            *narrowed = 0;
        }
        if scratch.unknown == [0; 8] {
            return Some(worlds);
        }
        for index in 0..table.levels() {
            let level = table.level(index);
            if level.kind == KIND_IDENTIFIER && is_tied(table, index, &level) {
                worlds.add(table, request, scratch, index, &level)?;
            }
        }
        Some(worlds)
    }

    fn add(
        &mut self,
        table: &Table,
        request: &[u8],
        scratch: &Scratch,
        index: usize,
        level: &Level,
    ) -> Option<()> {
        let known = !bit(&scratch.unknown, index);
        let raw = u32_at(request, level.slot);
        let place = self.tied.get_mut(self.count)?;
        *place = Tied { level: index as u16, known, raw, differs: !known, choice: 0 };
        self.count = self.count.wrapping_add(1);
        let free = known && raw != NOT_SET_32 && known_name(table, level, raw) == NO_CLASS;
        let values = self.values.get(..self.value_count as usize)?;
        if free && !values.contains(&raw) {
            *self.values.get_mut(self.value_count as usize)? = raw;
            self.value_count = self.value_count.wrapping_add(1);
        }
        Some(())
    }

    /// Settles the next world in `scratch`: classes of identifiers with a value, allowed classes of
    /// the others. Gives false when there is no further world.
    pub(crate) fn settle(&mut self, table: &Table, request: &[u8], scratch: &mut Scratch) -> bool {
        if self.started && !self.advance() {
            return false;
        }
        self.started = true;
        let mut free = 0u8;
        for place in 0..self.count {
            let Some(&tied) = self.tied.get(place) else { break };
            let index = tied.level as usize;
            let level = table.level(index);
            if tied.differs {
                free = free.wrapping_add(1);
                set_bit(&mut scratch.unknown, index);
                if let Some(narrowed) = scratch.narrowed.get_mut(index) {
                    *narrowed = free;
                }
                let classes = self.allowed(table, &level);
                if let Some(allowed) = scratch.allowed.get_mut(free.wrapping_sub(1) as usize) {
                    *allowed = classes;
                }
            } else {
                clear_bit(&mut scratch.unknown, index);
                let class = self.class_of(table, request, &level, tied.raw);
                if let Some(found) = scratch.classes.get_mut(index) {
                    *found = class as u16;
                }
            }
        }
        true
    }

    /// Counts the choices up by one, like the wheels of a mileage counter.
    fn advance(&mut self) -> bool {
        let values = self.values;
        for tied in self.tied.iter_mut().take(self.count) {
            if tied.known {
                continue;
            }
            if tied.choice < self.value_count {
                tied.raw = values.get(tied.choice as usize).copied().unwrap_or(0);
                tied.choice = tied.choice.wrapping_add(1);
                tied.differs = false;
                return true;
            }
            tied.choice = 0;
            tied.differs = true;
        }
        false
    }

    /// The tied identifier at a level.
    fn find(&self, level: usize) -> Option<Tied> {
        self.tied.iter().take(self.count).find(|tied| tied.level as usize == level).copied()
    }

    /// The class of an identifier with a value in this world.
    fn class_of(&self, table: &Table, request: &[u8], level: &Level, raw: u32) -> u32 {
        if raw == NOT_SET_32 {
            return level.extra;
        }
        let name = known_name(table, level, raw);
        if name != NO_CLASS {
            return name;
        }
        for index in 0..earlier_count(table, level) {
            let (other, class) = earlier_at(table, level, index);
            let same = match self.find(other) {
                Some(tied) => !tied.differs && tied.raw == raw,
                None => u32_at(request, table.level(other).slot) == raw,
            };
            if same {
                return class;
            }
        }
        fresh(table, level)
    }

    /// The classes of an identifier that differs from every known one.
    fn allowed(&self, table: &Table, level: &Level) -> [u32; 8] {
        let mut allowed = [0; 8];
        set_bit(&mut allowed, fresh(table, level) as usize);
        set_bit(&mut allowed, level.extra as usize);
        for raw in 0..crate::bytes::u16_at(table.bytes, level.data) {
            set_bit(&mut allowed, known_name(table, level, raw) as usize);
        }
        for index in 0..earlier_count(table, level) {
            let (other, class) = earlier_at(table, level, index);
            if self.find(other).is_some_and(|tied| tied.differs) {
                set_bit(&mut allowed, class as usize);
            }
        }
        allowed
    }
}

/// Whether a level is compared with another identifier, either way round.
fn is_tied(table: &Table, index: usize, level: &Level) -> bool {
    earlier_count(table, level) != 0
        || (0..table.levels()).any(|other| {
            let level = table.level(other);
            level.kind == KIND_IDENTIFIER
                && (0..earlier_count(table, &level))
                    .any(|place| earlier_at(table, &level, place).0 == index)
        })
}

fn earlier_count(table: &Table, level: &Level) -> u32 {
    crate::bytes::u16_at(table.bytes, level.data.wrapping_add(4))
}

fn fresh(table: &Table, level: &Level) -> u32 {
    crate::bytes::u16_at(table.bytes, level.data.wrapping_add(2))
}

fn clear_bit(words: &mut [u32], index: usize) {
    if let Some(word) = words.get_mut(index >> 5) {
        *word &= !(1u32 << (index & 31));
    }
}
