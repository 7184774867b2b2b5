//! The load-time checker: takes the bytes of a table, says yes or names what is wrong. After a yes
//! every place a walk can read lies inside the table, every walk ends (levels and offsets only
//! grow), and every terminal has its row. It judges form, not whether the policy is a good one.

use crate::bytes::{Bytes, bit, set_bit};
use crate::layout::{
    ABI, ANSWER_BYTES, ANSWER_SET, ANSWER_SHORTEST, DECISION_BYTES, EFFECT_BYTES, EFFECT_OMIT, FIELD_BYTES,
    GROUP_BYTES, HEADER_BYTES, INVALID_CLASS, KIND_BIT, KIND_BIT_OPTIONAL, KIND_BOUNDS_8, KIND_BOUNDS_16,
    KIND_BOUNDS_32, KIND_DATE, KIND_IDENTIFIER, KIND_MAP, KIND_MAP_OPTIONAL, KIND_MINUTE, LEVEL_BYTES, MAGIC,
    MAX_ANSWERS, MAX_LEVELS, MAX_NODE_BYTES, MAX_REQUEST, MAX_TRACED_RULES, MAX_WORDS, NO_CLASS, NO_GATE, NODE_SHIFT,
    OUTCOME_WORDS, POSSIBLE_WORDS, REQUEST_SLOTS, RULE_BYTES, TABLE_WIDE, TERMINAL, known_bytes,
};
use crate::table::{Decision, Group, Level, Table};

/// Words with a bit for every place a node can have.
const PLACES: usize = MAX_NODE_BYTES / 64;

/// Working memory of the checker: eight bytes for each `WORDS`, of which every 64 bytes up to the end of the nodes take one.
/// As it is, 64 KiB for every table there can be.
pub struct Marks<const WORDS: usize = PLACES> {
    starts: [u32; WORDS],
    reached: [u32; WORDS],
}

impl<const WORDS: usize> Marks<WORDS> {
    /// Fresh working memory.
    #[must_use]
    pub const fn new() -> Marks<WORDS> {
        Marks { starts: [0; WORDS], reached: [0; WORDS] }
    }
}

impl<const WORDS: usize> Default for Marks<WORDS> {
    fn default() -> Self {
        Marks::new()
    }
}

/// What is wrong with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableError {
    /// Too short for a header, or not a `KWD1` table.
    NotATable,
    /// Made for another ABI.
    Version,
    /// The length in the header is not the length of the bytes.
    Length,
    /// A part lies outside the table.
    OutOfRange,
    /// More coordinates, answers, words, conditions, rules or nodes than the limits allow.
    TooMany,
    /// A coordinate has an unknown kind, a slot outside the request, or bad classes.
    BadLevel,
    /// Bounds are not sorted.
    BadBounds,
    /// A node is cut off, tests no coordinate, or its runs are not sorted.
    BadNode,
    /// A child is no node, or does not lie deeper than its parent.
    BadChild,
    /// A terminal has no row.
    BadTerminal,
    /// An answer, group or field does not fit its decision.
    BadAnswer,
    /// A rule refers to something that does not exist.
    BadRule,
}

impl TableError {
    /// A sentence for people.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            TableError::NotATable => "these bytes are not a decision table",
            TableError::Version => "the table was made for another version of the evaluator",
            TableError::Length => "the table is shorter or longer than it says",
            TableError::OutOfRange => "a part of the table lies outside it",
            TableError::TooMany => "the table is larger than the limits allow",
            TableError::BadLevel => "a coordinate of the table is malformed",
            TableError::BadBounds => "bounds of the table are not in order",
            TableError::BadNode => "a node of the table is malformed",
            TableError::BadChild => "a node of the table leads nowhere, or back",
            TableError::BadTerminal => "a node of the table ends in a row that does not exist",
            TableError::BadAnswer => "an answer of the table is malformed",
            TableError::BadRule => "a rule of the table is malformed",
        }
    }
}

/// Checks a table and gives the view over it. `marks` is only working memory.
pub fn check<'a, const WORDS: usize>(bytes: &'a [u8], marks: &mut Marks<WORDS>) -> Result<Table<&'a [u8]>, TableError> {
    if bytes.len() < HEADER_BYTES || bytes.u32_at(0) != MAGIC {
        return Err(TableError::NotATable);
    }
    if bytes.u16_at(4) != ABI || bytes.u16_at(6) & !TABLE_WIDE != 0 {
        return Err(TableError::Version);
    }
    if bytes.u32_at(8) as usize != bytes.len() {
        return Err(TableError::Length);
    }
    let table = Table::new(bytes);
    if table.levels() > MAX_LEVELS || table.request_len() > MAX_REQUEST {
        return Err(TableError::TooMany);
    }
    let slots = table.short_len() >= REQUEST_SLOTS;
    let tail = table.short_len().wrapping_add(known_bytes(table.levels())) <= table.request_len();
    ensure(slots && tail, TableError::BadLevel)?;
    inside(bytes, table.levels_at(), table.levels(), LEVEL_BYTES)?;
    for index in 0..table.levels() {
        level(&table, &table.level(index))?;
    }
    nodes(&table, marks)?;
    root(&table, table.validity(), 2, marks)?;
    inside(bytes, bytes.u32_at(28) as usize, table.decisions() as usize, DECISION_BYTES)?;
    for number in 0..table.decisions() {
        let Some(decision) = table.decision(number) else {
            return Err(TableError::OutOfRange);
        };
        check_decision(&table, &decision, marks)?;
        rules(&table, &decision, marks)?;
    }
    Ok(table)
}

/// Whether `count` things of `size` bytes at `at` lie inside the table.
fn inside(bytes: &[u8], at: usize, count: usize, size: usize) -> Result<(), TableError> {
    let end = count.checked_mul(size).and_then(|all| all.checked_add(at));
    match end {
        Some(end) if end <= bytes.len() => Ok(()),
        _ => Err(TableError::OutOfRange),
    }
}

fn ensure(holds: bool, error: TableError) -> Result<(), TableError> {
    if holds { Ok(()) } else { Err(error) }
}

fn level(table: &Table<&[u8]>, level: &Level<&[u8]>) -> Result<(), TableError> {
    let bytes = table.bytes;
    let count = level.count() as usize;
    let width = match level.kind() {
        KIND_MAP | KIND_MAP_OPTIONAL | KIND_BOUNDS_8 => 1,
        KIND_BOUNDS_16 | KIND_MINUTE => 2,
        _ => 4,
    };
    ensure(in_slots(table, level.slot(), width), TableError::BadLevel)?;
    ensure(level.classes() > 0 && level.classes() < NO_CLASS, TableError::BadLevel)?;
    ensure((level.known() as usize) < table.levels(), TableError::BadLevel)?;
    match level.kind() {
        kind @ (KIND_MAP | KIND_MAP_OPTIONAL) => {
            let entries = count.wrapping_add((kind == KIND_MAP_OPTIONAL) as usize);
            inside(bytes, level.data(), entries, 1)?;
            let fits = |value| bytes.u8_at(level.data().wrapping_add(value)) < level.classes();
            ensure(count <= 256 && (0..entries).all(fits), TableError::BadLevel)
        }
        KIND_BIT | KIND_BIT_OPTIONAL => ensure(level.classes() <= 2 && level.count() < 32, TableError::BadLevel),
        KIND_BOUNDS_8 | KIND_BOUNDS_16 | KIND_BOUNDS_32 => intervals(table, level, level.data()),
        KIND_MINUTE => {
            inside(bytes, level.data(), 4, 1)?;
            ensure(in_slots(table, bytes.u16_at(level.data()) as usize, 4), TableError::BadLevel)?;
            intervals(table, level, level.data().wrapping_add(4))
        }
        KIND_DATE => {
            inside(bytes, level.data(), 12, 1)?;
            not_set(level, bytes.u16_at(level.data().wrapping_add(8)))?;
            date(table, level)
        }
        KIND_IDENTIFIER => {
            ensure(level.classes() <= 256, TableError::BadLevel)?;
            identifier(table, level)
        }
        _ => Err(TableError::BadLevel),
    }
}

/// Whether `count` two-byte classes at `at` exist, or mean out of range.
fn classes(table: &Table<&[u8]>, level: &Level<&[u8]>, at: usize, count: usize) -> Result<(), TableError> {
    inside(table.bytes, at, count, 2)?;
    let fits = |place: usize| {
        let class = table.bytes.u16_at(at.wrapping_add(place << 1));
        class < level.classes() || class == INVALID_CLASS
    };
    ensure((0..count).all(fits), TableError::BadLevel)
}

/// Whether the `count` four-byte bounds at `at` are sorted.
fn sorted(table: &Table<&[u8]>, at: usize, count: usize) -> Result<(), TableError> {
    inside(table.bytes, at, count, 4)?;
    let bound = |place: usize| table.bytes.u32_at(at.wrapping_add(place << 2));
    let grows = (1..count).all(|place| bound(place.wrapping_sub(1)) < bound(place));
    ensure(grows, TableError::BadBounds)
}

fn intervals(table: &Table<&[u8]>, level: &Level<&[u8]>, at: usize) -> Result<(), TableError> {
    let count = level.count() as usize;
    ensure(count > 0, TableError::BadBounds)?;
    let bounds = count.wrapping_sub(1);
    sorted(table, at, bounds)?;
    classes(table, level, at.wrapping_add(bounds << 2), count)
}

/// Whether a slot lies where slots are.
fn in_slots(table: &Table<&[u8]>, slot: usize, width: usize) -> bool {
    slot >= REQUEST_SLOTS && slot.wrapping_add(width) <= table.short_len()
}

/// Whether the class of not set exists, or means out of range.
fn not_set(level: &Level<&[u8]>, class: u32) -> Result<(), TableError> {
    ensure(class == INVALID_CLASS || class < level.classes(), TableError::BadLevel)
}

fn date(table: &Table<&[u8]>, level: &Level<&[u8]>) -> Result<(), TableError> {
    let bytes = table.bytes;
    let at = level.data();
    let days = bytes.u16_at(at) as usize;
    let yearly = bytes.u16_at(at.wrapping_add(2)) as usize;
    let spread = bytes.u16_at(at.wrapping_add(4)) as usize;
    let rows = bytes.u16_at(at.wrapping_add(6)) as usize;
    ensure(days > 0 && yearly > 0 && spread > 0 && rows > 0, TableError::BadBounds)?;
    let day_bounds = at.wrapping_add(12);
    let year_bounds = day_bounds.wrapping_add(days.wrapping_sub(1) << 2);
    sorted(table, day_bounds, days.wrapping_sub(1))?;
    sorted(table, year_bounds, yearly.wrapping_sub(1))?;
    let day_map = year_bounds.wrapping_add(yearly.wrapping_sub(1) << 2);
    let year_map = day_map.wrapping_add(days << 1);
    let cells = year_map.wrapping_add(yearly << 1);
    inside(bytes, day_map, days.wrapping_add(yearly), 2)?;
    let under = |at: usize, count: usize, limit: usize| {
        (0..count).all(|place| (bytes.u16_at(at.wrapping_add(place << 1)) as usize) < limit)
    };
    let maps = under(day_map, days, rows) && under(year_map, yearly, spread);
    ensure(maps, TableError::BadLevel)?;
    let count = rows.checked_mul(spread).and_then(|cells| cells.checked_mul(7));
    classes(table, level, cells, count.ok_or(TableError::OutOfRange)?)
}

fn identifier(table: &Table<&[u8]>, level: &Level<&[u8]>) -> Result<(), TableError> {
    let bytes = table.bytes;
    inside(bytes, level.data(), 8, 1)?;
    let names = bytes.u16_at(level.data()) as usize;
    let fresh = bytes.u16_at(level.data().wrapping_add(2));
    let earlier = bytes.u16_at(level.data().wrapping_add(4)) as usize;
    ensure(fresh < level.classes(), TableError::BadLevel)?;
    not_set(level, bytes.u16_at(level.data().wrapping_add(6)))?;
    let list = level.data().wrapping_add(8);
    inside(bytes, list, names, 2)?;
    let named = |place: usize| {
        let class = bytes.u16_at(list.wrapping_add(place << 1));
        class < level.classes() || class == NO_CLASS
    };
    ensure((0..names).all(named), TableError::BadLevel)?;
    let others = list.wrapping_add(names << 1);
    inside(bytes, others, earlier, 4)?;
    let tied = |place: usize| {
        let at = others.wrapping_add(place << 2);
        let other = bytes.u16_at(at) as usize;
        let is_identifier = |it: Level<&[u8]>| it.kind() == KIND_IDENTIFIER && it.slot() == other;
        (0..table.levels()).any(|index| is_identifier(table.level(index)))
            && bytes.u16_at(at.wrapping_add(2)) < level.classes()
    };
    ensure((0..earlier).all(tied), TableError::BadLevel)
}

/// Where the nodes start.
fn nodes_start(table: &Table<&[u8]>) -> usize {
    table.bytes.u32_at(36) as usize
}

/// Where the nodes end.
fn nodes_end(table: &Table<&[u8]>) -> usize {
    table.bytes.u32_at(40) as usize
}

/// One node's shape: its level, its children's place and number, and its size.
struct Shape {
    level: usize,
    children_at: usize,
    children: usize,
    size: usize,
}

fn shape(table: &Table<&[u8]>, at: usize) -> Option<Shape> {
    let head = table.bytes.u16_at(at);
    let level = (head & 0xFF) as usize;
    let runs = (head >> 8) as usize;
    if level >= table.levels() {
        return None;
    }
    let children = if runs == 0 { table.level(level).classes() as usize } else { runs };
    let before = runs.max(1) << 1;
    let width = if table.is_wide() { 2 } else { 1 };
    let bytes = before.checked_add(children.checked_shl(width)?)?;
    Some(Shape { level, children_at: at.checked_add(before)?, children, size: bytes })
}

fn child(table: &Table<&[u8]>, shape: &Shape, index: usize) -> u32 {
    if table.is_wide() {
        return table.bytes.u32_at(shape.children_at.wrapping_add(index << 2));
    }
    let child = table.bytes.u16_at(shape.children_at.wrapping_add(index << 1));
    (child & 0x7FFF) | ((child & 0x8000) << 16)
}

/// Calls `visit` with the place and shape of every node, in order.
fn each_node(
    table: &Table<&[u8]>,
    mut visit: impl FnMut(usize, &Shape) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let mut at = nodes_start(table);
    while at < nodes_end(table) {
        let Some(shape) = shape(table, at) else {
            return Err(TableError::BadNode);
        };
        let end = at.checked_add(shape.size).ok_or(TableError::BadNode)?;
        ensure(end <= nodes_end(table), TableError::BadNode)?;
        visit(at, &shape)?;
        at = end;
    }
    Ok(())
}

/// Nodes are whole, sorted, and lead only to deeper nodes that stand later.
fn nodes<const WORDS: usize>(table: &Table<&[u8]>, marks: &mut Marks<WORDS>) -> Result<(), TableError> {
    let start = nodes_start(table);
    ensure(start & 1 == 0 && start <= nodes_end(table), TableError::OutOfRange)?;
    inside(table.bytes, nodes_end(table), 0, 1)?;
    ensure(nodes_end(table) <= MAX_NODE_BYTES.min(WORDS << 6), TableError::TooMany)?;
    let starts = &mut marks.starts;
    for word in starts.iter_mut() {
        *word = 0;
    }
    each_node(table, |at, shape| {
        set_bit(starts, at >> NODE_SHIFT);
        let runs = table.bytes.u8_at(at.wrapping_add(1)) as usize;
        let bound = |place: usize| table.bytes.u16_at(at.wrapping_add(2).wrapping_add(place << 1));
        let bounds = runs.saturating_sub(1);
        let grows = (1..bounds).all(|place| bound(place.wrapping_sub(1)) < bound(place));
        let last = bounds == 0 || bound(bounds.wrapping_sub(1)) < table.level(shape.level).classes();
        ensure(grows && last, TableError::BadNode)
    })?;
    each_node(table, |at, shape| {
        for index in 0..shape.children {
            let to = child(table, shape, index);
            if to & TERMINAL == 0 {
                let place = to as usize;
                let later = place > at >> NODE_SHIFT && place < nodes_end(table) >> NODE_SHIFT;
                let deeper = later && bit(starts, place) && table.level_of(to) > shape.level;
                ensure(deeper, TableError::BadChild)?;
            }
        }
        Ok(())
    })
}

/// A root leads to a node or a terminal, and every terminal below it is less than `limit`.
fn root<const WORDS: usize>(
    table: &Table<&[u8]>,
    root: u32,
    limit: u32,
    marks: &mut Marks<WORDS>,
) -> Result<(), TableError> {
    if root & TERMINAL != 0 {
        return ensure(root & !TERMINAL < limit, TableError::BadTerminal);
    }
    let (starts, reached) = (&marks.starts, &mut marks.reached);
    let place = root as usize;
    ensure(place < nodes_end(table) >> NODE_SHIFT && bit(starts, place), TableError::BadChild)?;
    for word in reached.iter_mut() {
        *word = 0;
    }
    set_bit(reached, place);
    each_node(table, |at, shape| {
        if !bit(reached, at >> NODE_SHIFT) {
            return Ok(());
        }
        for index in 0..shape.children {
            let to = child(table, shape, index);
            if to & TERMINAL == 0 {
                set_bit(reached, to as usize);
            } else {
                ensure(to & !TERMINAL < limit, TableError::BadTerminal)?;
            }
        }
        Ok(())
    })
}

fn check_decision<const WORDS: usize>(
    table: &Table<&[u8]>,
    decision: &Decision<&[u8]>,
    marks: &mut Marks<WORDS>,
) -> Result<(), TableError> {
    let bytes = table.bytes;
    let small = decision.answers() <= MAX_ANSWERS && decision.words() <= MAX_WORDS;
    ensure(small, TableError::TooMany)?;
    inside(bytes, decision.answers_at(), decision.answers(), ANSWER_BYTES)?;
    inside(bytes, decision.groups_at(), decision.groups(), GROUP_BYTES)?;
    inside(bytes, decision.unsure_at(), decision.words(), 4)?;
    let outcome = OUTCOME_WORDS.wrapping_add(decision.words() << 2);
    let possible = OUTCOME_WORDS.wrapping_add(decision.answers().wrapping_mul(POSSIBLE_WORDS << 2));
    let trace = 8usize.wrapping_add(decision.rules() << 2);
    let longest = outcome.max(possible).max(trace);
    ensure(table.result_len() >= longest && table.outcome_len() >= outcome, TableError::TooMany)?;
    for index in 0..decision.answers() {
        check_answer(table, decision, index)?;
    }
    for index in 0..decision.groups() {
        check_group(table, decision, &decision.group(index), marks)?;
    }
    Ok(())
}

fn check_answer(table: &Table<&[u8]>, decision: &Decision<&[u8]>, index: usize) -> Result<(), TableError> {
    let answer = decision.answer(index);
    let words = if answer.kind() == ANSWER_SET { 2 } else { 1 };
    let fits = answer.word().wrapping_add(words) <= decision.words();
    let counted = match answer.kind() {
        ANSWER_SET => answer.count() <= 32,
        _ => answer.count() <= 255,
    };
    ensure(answer.kind() <= ANSWER_SHORTEST && fits && counted, TableError::BadAnswer)?;
    if answer.gate() != NO_GATE {
        let gate = answer.gate() as usize;
        ensure(gate < index, TableError::BadAnswer)?;
        let gate = decision.answer(gate);
        let valued = gate.kind() < ANSWER_SET && answer.gate_value() < gate.count();
        ensure(valued, TableError::BadAnswer)?;
    }
    if answer.kind() == ANSWER_SHORTEST {
        inside(table.bytes, answer.durations_at(), answer.count() as usize, 4)?;
    }
    if answer.kind() == ANSWER_SET {
        let fits = answer.duty() >= table.short_len() && answer.duty().wrapping_add(4) <= table.known_at();
        ensure(fits, TableError::BadAnswer)?;
    }
    Ok(())
}

fn check_group<const WORDS: usize>(
    table: &Table<&[u8]>,
    decision: &Decision<&[u8]>,
    group: &Group<&[u8]>,
    marks: &mut Marks<WORDS>,
) -> Result<(), TableError> {
    inside(table.bytes, group.fields_at(), group.fields(), FIELD_BYTES)?;
    let bytes = (group.rows() as usize).wrapping_mul(group.fields());
    inside(table.bytes, group.rows_at(), bytes, 1)?;
    let mut gate = None;
    for index in 0..group.fields() {
        let field = group.field(index);
        ensure(field.answer() < decision.answers(), TableError::BadAnswer)?;
        let answer = decision.answer(field.answer());
        let own = (answer.gate(), answer.gate_value());
        // All gated answers of a group share what says whether they are shown.
        ensure(own.0 == NO_GATE || *gate.get_or_insert(own) == own, TableError::BadAnswer)?;
        let set = answer.kind() == ANSWER_SET;
        let placed = if set { field.shift() & !24 == 0 } else { field.shift() == 0 };
        ensure(field.word() == answer.word() && placed, TableError::BadAnswer)?;
        let known = |row| {
            let value = group.row_byte(row, index);
            if set { value & !field.members() == 0 } else { value < answer.count() }
        };
        ensure((0..group.rows()).all(known), TableError::BadAnswer)?;
    }
    root(table, group.shown(), 2, marks)?;
    root(table, group.root(), group.rows(), marks)
}

fn rules<const WORDS: usize>(
    table: &Table<&[u8]>,
    decision: &Decision<&[u8]>,
    marks: &mut Marks<WORDS>,
) -> Result<(), TableError> {
    ensure(decision.rules() <= MAX_TRACED_RULES, TableError::TooMany)?;
    inside(table.bytes, decision.rules_at(), decision.rules(), RULE_BYTES)?;
    for index in 0..decision.rules() {
        let rule = decision.rule(index);
        inside(table.bytes, rule.lists_at(), rule.kids(), 2)?;
        let effects_at = rule.lists_at().wrapping_add(rule.kids() << 1);
        inside(table.bytes, effects_at, rule.effects(), EFFECT_BYTES)?;
        // Exceptions stand after what they are exceptions to.
        let kids = (0..rule.kids()).all(|place| rule.kid(place) > index && rule.kid(place) < decision.rules());
        let effects = (0..rule.effects()).all(|place| {
            let said = rule.effect(place);
            let (answer, what, _) = (said.answer(), said.kind(), said.value());
            answer < decision.answers() && what <= EFFECT_OMIT
        });
        ensure(kids && effects, TableError::BadRule)?;
        root(table, rule.guard(), 2, marks)?;
    }
    Ok(())
}
