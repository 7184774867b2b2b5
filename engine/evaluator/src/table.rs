//! A view over the bytes of a `KWD1` table: takes bytes, gives numbers without copying. Knows where
//! things stand, not what they are good for. `check` says whether to trust it.

use crate::bytes::Bytes;
use crate::layout::{
    ANSWER_BYTES, DECISION_BYTES, EFFECT_BYTES, FIELD_BYTES, GROUP_BYTES, LEVEL_BYTES, RULE_BYTES, RULE_ROOT,
    TABLE_WIDE, known_bytes,
};

/// A table in memory.
#[derive(Clone, Copy)]
pub struct Table<T> {
    /// The bytes it is a view over.
    pub bytes: T,
}

/// Defines a part of the table: a place, and its fields as reads relative to that place.
macro_rules! part {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $read:ident + $at:literal as $as:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy)]
        pub struct $name<T> {
            pub(crate) bytes: T,
            pub(crate) at: usize,
        }

        impl<T: Bytes> $name<T> {
            $(
                $(#[$doc])*
                #[must_use]
                #[inline(always)]
                pub fn $field(&self) -> $as {
                    self.bytes.$read(self.at.wrapping_add($at)) as $as
                }
            )*
        }
    };
}

part! {
    /// One coordinate, at its place in the order of the diagrams.
    Level {
        /// How the slot becomes a class.
        kind: u8_at + 0 as u32,
        /// Number of the coordinate: its known bit.
        known: u8_at + 1 as u32,
        /// Place of the slot in the request.
        slot: u16_at + 2 as usize,
        /// How many classes there are.
        classes: u16_at + 4 as u32,
        /// Entries of the map, intervals of the bounds, or the bit of a set member.
        count: u16_at + 6 as u32,
        /// Place of the classifier's data in the table, or the set's whole mask.
        data: u32_at + 8 as usize,
    }
}

part! {
    /// One decision.
    Decision {
        /// Place of the answers.
        answers_at: u32_at + 0 as usize,
        /// How many answers.
        answers: u16_at + 4 as usize,
        /// How many answer words an outcome has.
        words: u16_at + 6 as usize,
        /// Place of the groups.
        groups_at: u32_at + 8 as usize,
        /// How many groups.
        groups: u16_at + 12 as usize,
        /// How many traced rules.
        rules: u16_at + 14 as usize,
        /// Place of the `if unsure` words.
        unsure_at: u32_at + 16 as usize,
        /// Place of the rules.
        rules_at: u32_at + 20 as usize,
    }
}

part! {
    /// One answer of a decision.
    Answer {
        /// One of, strictest, set or shortest.
        kind: u8_at + 0 as u32,
        /// The earlier answer without whose value it is blank; `NO_GATE` if it never is.
        gate: u8_at + 1 as u32,
        /// That value.
        gate_value: u8_at + 2 as u32,
        /// Its first answer word.
        word: u8_at + 3 as usize,
        /// How many values, members or durations.
        count: u16_at + 4 as u32,
        /// Place of its duty mask in the request, for a set.
        duty: u16_at + 6 as usize,
        /// Place of its durations, for a shortest.
        durations_at: u32_at + 8 as usize,
    }
}

part! {
    /// Answers or parts of answers that share one diagram.
    Group {
        /// Where the diagram starts.
        root: u32_at + 0 as u32,
        /// Place of the rows of bytes.
        rows_at: u32_at + 4 as usize,
        /// Place of the fields.
        fields_at: u32_at + 8 as usize,
        /// How many rows.
        rows: u16_at + 12 as u32,
        /// How many bytes a row has: one for each field.
        fields: u16_at + 14 as usize,
        /// Where the diagram starts that says whether its gated answers are shown: rows 0 no, 1 yes.
        shown: u32_at + 16 as u32,
    }
}

part! {
    /// What one byte of a row is for: the number of a value, or eight members of a set.
    Field {
        /// Number of the answer.
        answer: u8_at + 0 as usize,
        /// Which answer word it goes into.
        word: u8_at + 1 as usize,
        /// How far up the word: 0 for values; for members a multiple of eight.
        shift: u8_at + 2 as u32,
        /// Which of the eight members this group decides.
        members: u8_at + 3 as u32,
    }
}

part! {
    /// A rule as `why` needs it.
    Rule {
        /// Place of the lists.
        lists_at: u32_at + 0 as usize,
        /// Where the diagram of its own condition starts.
        guard: u32_at + 4 as u32,
        /// Number under which it is reported, and whether it is no exception.
        number: u16_at + 8 as u32,
        /// How many exceptions.
        kids: u8_at + 10 as usize,
        /// How many effects.
        effects: u8_at + 11 as usize,
    }
}

part! {
    /// An effect of a rule.
    Effect {
        /// Number of the answer.
        answer: u8_at + 0 as usize,
        /// Says a value, includes or omits members.
        kind: u8_at + 1 as u32,
        /// The value or members.
        value: u32_at + 2 as u32,
    }
}

impl<T: Bytes> Table<T> {
    /// A view without a check. A bad table gives wrong numbers; ask [`crate::check`] first.
    #[must_use]
    pub fn new(bytes: T) -> Table<T> {
        Table { bytes }
    }

    /// Whether children are four bytes wide.
    #[must_use]
    #[inline(always)]
    pub fn is_wide(&self) -> bool {
        self.bytes.u16_at(6) & TABLE_WIDE != 0
    }

    /// Hash of the schema that requests must carry.
    #[must_use]
    #[inline(always)]
    pub fn schema_hash(&self) -> u32 {
        self.bytes.u32_at(12)
    }

    /// How many coordinates.
    #[must_use]
    #[inline(always)]
    pub fn levels(&self) -> usize {
        self.bytes.u16_at(16) as usize
    }

    /// How many decisions.
    #[must_use]
    #[inline(always)]
    pub fn decisions(&self) -> u32 {
        self.bytes.u16_at(18)
    }

    /// Bytes of a request.
    #[must_use]
    #[inline(always)]
    pub fn request_len(&self) -> usize {
        self.bytes.u16_at(20) as usize
    }

    /// Bytes of a request without flags: up to the duty masks.
    #[must_use]
    #[inline(always)]
    pub fn short_len(&self) -> usize {
        self.bytes.u16_at(22) as usize
    }

    /// Where the known bits stand in a request: at its end.
    #[must_use]
    #[inline(always)]
    pub fn known_at(&self) -> usize {
        self.request_len().wrapping_sub(known_bytes(self.levels()))
    }

    /// Bytes of the longest result any export writes for one request.
    #[must_use]
    #[inline(always)]
    pub fn result_len(&self) -> usize {
        self.bytes.u16_at(44) as usize
    }

    /// Bytes of the longest outcome of all decisions.
    #[must_use]
    #[inline(always)]
    pub fn outcome_len(&self) -> usize {
        self.bytes.u16_at(46) as usize
    }

    /// Root of the diagram of valid requests.
    #[must_use]
    #[inline(always)]
    pub fn validity(&self) -> u32 {
        self.bytes.u32_at(32)
    }

    /// Place of the levels.
    #[inline(always)]
    pub(crate) fn levels_at(&self) -> usize {
        self.bytes.u32_at(24) as usize
    }

    /// The level at `index`.
    #[must_use]
    #[inline(always)]
    pub fn level(&self, index: usize) -> Level<T> {
        Level { bytes: self.bytes, at: self.levels_at().wrapping_add(index.wrapping_mul(LEVEL_BYTES)) }
    }

    /// The decision with this number.
    #[must_use]
    pub fn decision(&self, number: u32) -> Option<Decision<T>> {
        if number >= self.decisions() {
            return None;
        }
        let at = self.bytes.u32_at(28) as usize;
        Some(Decision { bytes: self.bytes, at: at.wrapping_add((number as usize).wrapping_mul(DECISION_BYTES)) })
    }
}

impl<T: Bytes> Decision<T> {
    /// The answer at `index`.
    #[must_use]
    #[inline(always)]
    pub fn answer(&self, index: usize) -> Answer<T> {
        Answer { bytes: self.bytes, at: self.answers_at().wrapping_add(index.wrapping_mul(ANSWER_BYTES)) }
    }

    /// The group at `index`.
    #[must_use]
    #[inline(always)]
    pub fn group(&self, index: usize) -> Group<T> {
        Group { bytes: self.bytes, at: self.groups_at().wrapping_add(index.wrapping_mul(GROUP_BYTES)) }
    }

    /// The traced rule at `index`.
    #[must_use]
    #[inline(always)]
    pub fn rule(&self, index: usize) -> Rule<T> {
        Rule { bytes: self.bytes, at: self.rules_at().wrapping_add(index.wrapping_mul(RULE_BYTES)) }
    }
}

impl<T: Bytes> Group<T> {
    /// The field at `index`.
    #[must_use]
    #[inline(always)]
    pub fn field(&self, index: usize) -> Field<T> {
        Field { bytes: self.bytes, at: self.fields_at().wrapping_add(index.wrapping_mul(FIELD_BYTES)) }
    }

    /// Byte `field` of row `row`.
    #[must_use]
    #[inline(always)]
    pub fn row_byte(&self, row: u32, field: usize) -> u32 {
        let row = (row as usize).wrapping_mul(self.fields());
        self.bytes.u8_at(self.rows_at().wrapping_add(row).wrapping_add(field))
    }
}

impl<T: Bytes> Answer<T> {
    /// Duration `index` of a shortest answer, in minutes.
    #[must_use]
    #[inline(always)]
    pub fn duration(&self, index: u32) -> u32 {
        self.bytes.u32_at(self.durations_at().wrapping_add((index as usize) << 2))
    }
}

impl<T: Bytes> Rule<T> {
    /// Number under which the rule is reported.
    #[must_use]
    #[inline(always)]
    pub fn name(&self) -> u32 {
        self.number() & !RULE_ROOT
    }

    /// Whether it is no exception.
    #[must_use]
    #[inline(always)]
    pub fn is_root(&self) -> bool {
        self.number() & RULE_ROOT != 0
    }

    /// Exception `index`, as an index of the decision's rules.
    #[must_use]
    #[inline(always)]
    pub fn kid(&self, index: usize) -> usize {
        self.bytes.u16_at(self.lists_at().wrapping_add(index << 1)) as usize
    }

    /// Effect `index`.
    #[must_use]
    #[inline(always)]
    pub fn effect(&self, index: usize) -> Effect<T> {
        let effects = self.lists_at().wrapping_add(self.kids() << 1);
        Effect { bytes: self.bytes, at: effects.wrapping_add(index.wrapping_mul(EFFECT_BYTES)) }
    }
}
