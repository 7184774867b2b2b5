//! The numbers of ABI 1: where things stand in requests, outcomes and tables. The prose is in
//! `engine/ABI.md`. Knows no policy.

/// The version every module answers from `kw_abi`.
pub const ABI: u32 = 1;

/// How a decision ended. Anything but [`Status::Ok`] comes with the `if unsure` record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The answers are decided by the rules.
    Ok,
    /// Something needed is unknown.
    UnsureMissing,
    /// The request is out of range, breaks an `assume`, or nothing valid completes it.
    UnsureInvalid,
    /// The request was packed for other inputs, or the call itself does not fit this module.
    SchemaMismatch,
    /// The outcome holds a duty the host says it cannot perform.
    DutyUnsupported,
}

impl Status {
    /// The number that stands in the outcome.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            Status::Ok => 0,
            Status::UnsureMissing => 1,
            Status::UnsureInvalid => 2,
            Status::SchemaMismatch => 3,
            Status::DutyUnsupported => 4,
        }
    }

    /// The status for a number; a number that is none reads as a mismatch.
    #[must_use]
    pub fn from_code(code: u32) -> Status {
        match code {
            0 => Status::Ok,
            1 => Status::UnsureMissing,
            2 => Status::UnsureInvalid,
            4 => Status::DutyUnsupported,
            _ => Status::SchemaMismatch,
        }
    }

    /// The word used in JSON answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::UnsureMissing => "unsure-missing",
            Status::UnsureInvalid => "unsure-invalid",
            Status::SchemaMismatch => "schema-mismatch",
            Status::DutyUnsupported => "duty-unsupported",
        }
    }
}

/// Request: schema hash.
pub const REQUEST_HASH: usize = 0;
/// Request: flags.
pub const REQUEST_FLAGS: usize = 4;
/// Request: the first slot. Duty masks and known bits stand behind the slots; a request without flags may end before them.
pub const REQUEST_SLOTS: usize = 8;
/// Flag: the known bits are filled in. Without it everything is known.
pub const FLAG_KNOWN: u32 = 1;
/// Flag: the duty masks are filled in. Without it the host can perform every duty.
pub const FLAG_DUTIES: u32 = 2;

/// Bytes of the known bits, one bit per coordinate, in whole words.
#[must_use]
pub const fn known_bytes(coordinates: usize) -> usize {
    coordinates.div_ceil(32) << 2
}

/// Bytes of a number's slot, by the greatest number there may be; all bits set is kept for not set.
#[must_use]
pub const fn number_width(greatest: u32) -> usize {
    match greatest {
        0..NOT_SET_8 => 1,
        NOT_SET_8..NOT_SET_16 => 2,
        _ => 4,
    }
}

/// A slot of eight bits that is not set.
pub const NOT_SET_8: u32 = 0xFF;
/// A slot of sixteen bits that is not set.
pub const NOT_SET_16: u32 = 0xFFFF;
/// A slot of thirty-two bits that is not set (dates: [`NOT_SET_DATE`]).
pub const NOT_SET_32: u32 = 0xFFFF_FFFF;
/// A date slot that is not set: `i32::MIN`.
pub const NOT_SET_DATE: u32 = 0x8000_0000;
/// Identifiers from here on are kept for the evaluator; in a request they are out of range.
pub const RESERVED_IDENTIFIERS: u32 = 0xFFFF_FF00;
/// The first day a machine accepts, 1900-01-01, counted from 1970-01-01.
pub const FIRST_DAY: i32 = -25_567;
/// The last day a machine accepts, 2199-12-31.
pub const LAST_DAY: i32 = 84_005;

/// Outcome: the status; the answer words follow.
pub const OUTCOME_STATUS: usize = 0;
/// Outcome: the first answer word.
pub const OUTCOME_WORDS: usize = 4;
/// An answer blanked by its `only when`. A set's blank word holds it too.
pub const BLANK: u32 = 0xFFFF_FFFF;
/// A `shortest` answer that no rule limits.
pub const NO_LIMIT: u32 = 0xFFFF_FFFE;

/// Words per answer in the result of `partial`.
pub const POSSIBLE_WORDS: usize = 8;
/// The bit of a value answer that says: may be blank.
pub const POSSIBLE_BLANK: u32 = 255;
/// Rows in one call of `batch`.
pub const BATCH_ROWS: u32 = 1024;
/// Most answers of a decision.
pub const MAX_ANSWERS: usize = 32;
/// Most answer words of an outcome.
pub const MAX_WORDS: usize = 64;
/// Most bytes of a request.
pub const MAX_REQUEST: usize = 2048;
/// Most coordinates.
pub const MAX_LEVELS: usize = 255;

/// The first bytes of a table.
pub const MAGIC: u32 = u32::from_le_bytes(*b"KWD1");
/// Bytes of the table header.
pub const HEADER_BYTES: usize = 48;
/// Bytes of a level.
pub const LEVEL_BYTES: usize = 12;
/// Bytes of a decision.
pub const DECISION_BYTES: usize = 24;
/// Bytes of an answer.
pub const ANSWER_BYTES: usize = 12;
/// Bytes of a group.
pub const GROUP_BYTES: usize = 20;
/// Bytes of a group's field.
pub const FIELD_BYTES: usize = 4;
/// The number of an answer that no answer has: not gated.
pub const NO_GATE: u32 = 0xFF;
/// Bytes of a traced rule, its lists aside.
pub const RULE_BYTES: usize = 12;
/// Bytes of an effect of a traced rule.
pub const EFFECT_BYTES: usize = 6;
/// Table flag: children are four bytes wide.
pub const TABLE_WIDE: u32 = 1;
/// Where the nodes of a table must have ended.
pub const MAX_NODE_BYTES: usize = 512 * 1024;
/// Places of nodes are counted in units of two bytes.
pub const NODE_SHIFT: u32 = 1;
/// The bit of a root or a wide child that marks a terminal.
pub const TERMINAL: u32 = 0x8000_0000;
/// The bit of a narrow child that marks a terminal.
pub const TERMINAL_16: u32 = 0x8000;
/// A class that means: out of range.
pub const INVALID_CLASS: u32 = 0xFFFF;
/// In an identifier's map: a name this input is not compared with.
pub const NO_CLASS: u32 = 0xFFFE;

/// Classifier: a byte through a map.
pub const KIND_MAP: u32 = 0;
/// Classifier: the same of an optional input; the map ends with the class of not set.
pub const KIND_MAP_OPTIONAL: u32 = 1;
/// Classifier: one bit of a set's mask.
pub const KIND_BIT: u32 = 2;
/// Classifier: one bit of an optional set's mask.
pub const KIND_BIT_OPTIONAL: u32 = 3;
/// Classifier: one byte through sorted bounds.
pub const KIND_BOUNDS_8: u32 = 4;
/// Classifier: two bytes through sorted bounds.
pub const KIND_BOUNDS_16: u32 = 5;
/// Classifier: four bytes through sorted bounds.
pub const KIND_BOUNDS_32: u32 = 6;
/// Classifier: the minute of an optional moment through sorted bounds, if its day is set.
pub const KIND_MINUTE: u32 = 7;
/// Classifier: a date through one-off bounds, yearly bounds and weekday.
pub const KIND_DATE: u32 = 8;
/// Classifier: an identifier.
pub const KIND_IDENTIFIER: u32 = 9;

/// Answer kind: one of, and yes or no.
pub const ANSWER_ONE_OF: u32 = 0;
/// Answer kind: the strictest of.
pub const ANSWER_STRICTEST: u32 = 1;
/// Answer kind: a set of.
pub const ANSWER_SET: u32 = 2;
/// Answer kind: the shortest duration.
pub const ANSWER_SHORTEST: u32 = 3;

/// Effect: the answer is this value.
pub const EFFECT_IS: u32 = 0;
/// Effect: the set includes these members.
pub const EFFECT_INCLUDE: u32 = 1;
/// Effect: the set omits these members of the parent.
pub const EFFECT_OMIT: u32 = 2;

/// Why: the rule decides.
pub const WHY_DECIDING: u32 = 0;
/// Why: an exception took over.
pub const WHY_OVERRIDDEN: u32 = 1;
/// Why: the rule holds, but another is stricter.
pub const WHY_MILDER: u32 = 2;
/// Most rules of a decision with a trace.
pub const MAX_TRACED_RULES: usize = 2048;
/// The number under which `why` reports `normally`.
pub const NORMALLY: u32 = 0x7FFF;
/// In a rule's number: it is no exception.
pub const RULE_ROOT: u32 = 0x8000;
