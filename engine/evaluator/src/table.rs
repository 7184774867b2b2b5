//! A view over the bytes of a `KWD1` table: takes bytes, gives numbers and descriptors without
//! copying. Knows where things stand, not what they are good for. `check` says whether to trust it.

use crate::bytes::{u8_at, u16_at, u32_at};
use crate::layout::{
    ANSWER_BYTES, DECISION_BYTES, FIELD_BYTES, GROUP_BYTES, HEADER_BYTES, LEVEL_BYTES, TABLE_WIDE,
};

/// A table in memory.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) nodes: &'a [u8],
    pub(crate) wide: bool,
}

/// One coordinate, at its place in the order of the diagrams.
#[derive(Clone, Copy)]
pub struct Level {
    /// How the slot becomes a class.
    pub kind: u32,
    /// Number of the coordinate: its known bit.
    pub known: u32,
    /// Place of the slot in the request.
    pub slot: usize,
    /// How many classes there are.
    pub classes: u32,
    /// Entries of the map, intervals of the bounds, or the bit of a set member.
    pub count: u32,
    /// Place of the classifier's data in the table.
    pub data: usize,
    /// Class of not set, the set's whole mask, or what flips the sign of a slot.
    pub extra: u32,
}

/// One decision.
#[derive(Clone, Copy)]
pub struct Decision {
    /// Place of the answers.
    pub answers_at: usize,
    /// How many answers.
    pub answers: usize,
    /// How many answer words an outcome has.
    pub words: usize,
    /// Place of the groups.
    pub groups_at: usize,
    /// How many groups.
    pub groups: usize,
    /// How many traced rules.
    pub rules: usize,
    /// Place of the `if unsure` words.
    pub unsure_at: usize,
    /// Place of the conditions.
    pub conditions_at: usize,
    /// How many conditions.
    pub conditions: usize,
    /// Place of the rules' offsets.
    pub rules_at: usize,
}

/// One answer of a decision.
#[derive(Clone, Copy)]
pub struct Answer {
    /// One of, strictest, set or shortest.
    pub kind: u32,
    /// Whether it has an `only when`.
    pub blankable: bool,
    /// Its first answer word.
    pub word: usize,
    /// How many values, members or durations.
    pub count: u32,
    /// Its place among the duty masks, for a set.
    pub duty: usize,
    /// Place of its durations, for a shortest.
    pub durations_at: usize,
}

/// Answers or parts of answers that share one diagram.
#[derive(Clone, Copy)]
pub struct Group {
    /// Where the diagram starts.
    pub root: u32,
    /// Place of the rows of words.
    pub rows_at: usize,
    /// Place of the fields.
    pub fields_at: usize,
    /// How many rows.
    pub rows: u32,
    /// How many words a row has.
    pub fields: usize,
}

/// What one word of a row is for.
#[derive(Clone, Copy)]
pub struct Field {
    /// Number of the answer.
    pub answer: usize,
    /// Value, members or blank.
    pub part: u32,
    /// Which answer word it goes into.
    pub word: usize,
    /// The members this group decides.
    pub members: u32,
}

/// A rule as `why` needs it.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Place of the record.
    pub at: usize,
    /// Number of its condition.
    pub condition: usize,
    /// Number under which it is reported.
    pub name: u32,
    /// How many parents.
    pub parents: usize,
    /// How many exceptions.
    pub kids: usize,
    /// How many effects.
    pub effects: usize,
}

impl<'a> Table<'a> {
    /// A view without a check. Reads of a bad table give zeros; ask [`crate::check`] first.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Table<'a> {
        let start = u32_at(bytes, 36) as usize;
        let end = start.wrapping_add(u32_at(bytes, 40) as usize);
        let nodes = bytes.get(start..end).unwrap_or(&[]);
        let wide = u16_at(bytes, 6) & TABLE_WIDE != 0;
        Table { bytes, nodes, wide }
    }

    /// Hash of the schema that requests must carry.
    #[must_use]
    pub fn schema_hash(&self) -> u32 {
        u32_at(self.bytes, 12)
    }

    /// How many coordinates.
    #[must_use]
    pub fn levels(&self) -> usize {
        u16_at(self.bytes, 16) as usize
    }

    /// How many decisions.
    #[must_use]
    pub fn decisions(&self) -> u32 {
        u16_at(self.bytes, 18)
    }

    /// Bytes of a request.
    #[must_use]
    pub fn request_len(&self) -> usize {
        u32_at(self.bytes, 20) as usize
    }

    /// Bytes of the longest result any export writes for one request.
    #[must_use]
    pub fn result_len(&self) -> usize {
        u32_at(self.bytes, 44) as usize
    }

    /// Root of the diagram of valid requests.
    #[must_use]
    pub fn validity(&self) -> u32 {
        u32_at(self.bytes, 32)
    }

    /// Place of the levels.
    pub(crate) fn levels_at(&self) -> usize {
        u32_at(self.bytes, 24) as usize
    }

    /// The level at `index`.
    #[must_use]
    #[inline]
    pub fn level(&self, index: usize) -> Level {
        let at = self
            .levels_at()
            .wrapping_add(index.wrapping_mul(LEVEL_BYTES));
        self.level_at(at)
    }

    /// The level whose descriptor stands at `at`.
    #[inline(always)]
    pub(crate) fn level_at(&self, at: usize) -> Level {
        let bytes = self
            .bytes
            .get(at..at.wrapping_add(LEVEL_BYTES))
            .unwrap_or(&[]);
        Level {
            kind: u8_at(bytes, 0),
            known: u8_at(bytes, 1),
            slot: u16_at(bytes, 2) as usize,
            classes: u16_at(bytes, 4),
            count: u16_at(bytes, 6),
            data: u32_at(bytes, 8) as usize,
            extra: u32_at(bytes, 12),
        }
    }

    /// The decision with this number.
    #[must_use]
    pub fn decision(&self, number: u32) -> Option<Decision> {
        if number >= self.decisions() {
            return None;
        }
        let at = (u32_at(self.bytes, 28) as usize)
            .wrapping_add((number as usize).wrapping_mul(DECISION_BYTES));
        let bytes = self.bytes.get(at..at.wrapping_add(DECISION_BYTES))?;
        Some(Decision {
            answers_at: u32_at(bytes, 0) as usize,
            answers: u16_at(bytes, 4) as usize,
            words: u16_at(bytes, 6) as usize,
            groups_at: u32_at(bytes, 8) as usize,
            groups: u16_at(bytes, 12) as usize,
            rules: u16_at(bytes, 14) as usize,
            unsure_at: u32_at(bytes, 16) as usize,
            conditions_at: u32_at(bytes, 20) as usize,
            conditions: u32_at(bytes, 24) as usize,
            rules_at: u32_at(bytes, 28) as usize,
        })
    }

    /// The answer at `index` of a decision.
    #[must_use]
    pub fn answer(&self, decision: &Decision, index: usize) -> Answer {
        let at = decision
            .answers_at
            .wrapping_add(index.wrapping_mul(ANSWER_BYTES));
        Answer {
            kind: u8_at(self.bytes, at),
            blankable: u8_at(self.bytes, at.wrapping_add(1)) != 0,
            word: u16_at(self.bytes, at.wrapping_add(2)) as usize,
            count: u16_at(self.bytes, at.wrapping_add(4)),
            duty: u16_at(self.bytes, at.wrapping_add(6)) as usize,
            durations_at: u32_at(self.bytes, at.wrapping_add(8)) as usize,
        }
    }

    /// The group at `index` of a decision.
    #[must_use]
    #[inline]
    pub fn group(&self, decision: &Decision, index: usize) -> Group {
        let at = decision
            .groups_at
            .wrapping_add(index.wrapping_mul(GROUP_BYTES));
        let bytes = self
            .bytes
            .get(at..at.wrapping_add(GROUP_BYTES))
            .unwrap_or(&[]);
        Group {
            root: u32_at(bytes, 0),
            rows_at: u32_at(bytes, 4) as usize,
            fields_at: u32_at(bytes, 8) as usize,
            rows: u16_at(bytes, 12),
            fields: u16_at(bytes, 14) as usize,
        }
    }

    /// The field at `index` of a group.
    #[must_use]
    #[inline]
    pub fn field(&self, group: &Group, index: usize) -> Field {
        let at = group
            .fields_at
            .wrapping_add(index.wrapping_mul(FIELD_BYTES));
        let bytes = self
            .bytes
            .get(at..at.wrapping_add(FIELD_BYTES))
            .unwrap_or(&[]);
        Field {
            answer: u8_at(bytes, 0) as usize,
            part: u8_at(bytes, 1),
            word: u16_at(bytes, 2) as usize,
            members: u32_at(bytes, 4),
        }
    }

    /// Word `field` of row `row` of a group.
    #[must_use]
    #[inline]
    pub fn row_word(&self, group: &Group, row: u32, field: usize) -> u32 {
        let index = (row as usize)
            .wrapping_mul(group.fields)
            .wrapping_add(field);
        u32_at(
            self.bytes,
            group.rows_at.wrapping_add(index.wrapping_mul(4)),
        )
    }

    /// The traced rule at `index` of a decision.
    #[must_use]
    pub fn rule(&self, decision: &Decision, index: usize) -> Rule {
        let place = decision.rules_at.wrapping_add(index.wrapping_mul(4));
        let at = u32_at(self.bytes, place) as usize;
        Rule {
            at,
            condition: u16_at(self.bytes, at) as usize,
            name: u16_at(self.bytes, at.wrapping_add(2)),
            parents: u16_at(self.bytes, at.wrapping_add(4)) as usize,
            kids: u16_at(self.bytes, at.wrapping_add(6)) as usize,
            effects: u16_at(self.bytes, at.wrapping_add(8)) as usize,
        }
    }

    /// Parent `index` of a rule, as an index of the decision's rules.
    #[must_use]
    pub fn parent(&self, rule: &Rule, index: usize) -> usize {
        let at = rule
            .at
            .wrapping_add(10)
            .wrapping_add(index.wrapping_mul(2));
        u16_at(self.bytes, at) as usize
    }

    /// Exception `index` of a rule, as an index of the decision's rules.
    #[must_use]
    pub fn kid(&self, rule: &Rule, index: usize) -> usize {
        self.parent(rule, rule.parents.wrapping_add(index))
    }

    /// Effect `index` of a rule: answer, what it does, value or members.
    #[must_use]
    pub fn effect(&self, rule: &Rule, index: usize) -> (usize, u32, u32) {
        let lists = rule.parents.wrapping_add(rule.kids).wrapping_mul(2);
        let at = rule
            .at
            .wrapping_add(10)
            .wrapping_add(lists)
            .wrapping_add(index.wrapping_mul(6));
        (
            u8_at(self.bytes, at) as usize,
            u8_at(self.bytes, at.wrapping_add(1)),
            u32_at(self.bytes, at.wrapping_add(2)),
        )
    }

    /// Where the header ends, for emitters.
    #[must_use]
    pub const fn header_len() -> usize {
        HEADER_BYTES
    }
}
