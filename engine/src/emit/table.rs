//! The `KWD1` table of a policy. In: the model. Out: bytes that any evaluator can walk, and what the proofs need to
//! know about them. Refuses to know WebAssembly.

use keyward_evaluator::layout::{
    ABI, ANSWER_BYTES, ANSWER_ONE_OF, ANSWER_SET, ANSWER_SHORTEST, ANSWER_STRICTEST, DECISION_BYTES, EFFECT_INCLUDE,
    EFFECT_IS, EFFECT_OMIT, FIELD_BYTES, GROUP_BYTES, HEADER_BYTES, LEVEL_BYTES, MAGIC, MAX_ANSWERS, MAX_LEVELS,
    MAX_TRACED_RULES, MAX_WORDS, NO_GATE, NO_LIMIT, NORMALLY, POSSIBLE_WORDS, RULE_BYTES, RULE_ROOT, TABLE_WIDE,
};

use super::classes::{self, Merged};
use super::error::EmitError;
use super::groups::{self, Root, Shared};
use super::nodes::{self, Places};
use super::writer::Writer;
use super::{levels, words};
use crate::diagram::{Forest, Ref};
use crate::model::{self, EffectModel, Model, RuleModel};
use crate::schema::AnswerKind;
use crate::space::slots::Slots;

/// Rules are traced while their conditions add at most this many bytes of nodes.
const TRACE_BYTES: usize = 12 * 1024;

/// One root of a decision: an answer, or a member of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The answer.
    pub(super) answer: usize,
    /// The member, for a set.
    pub(super) member: Option<u32>,
}

/// A table and what it was made from.
pub(super) struct Built {
    /// The table.
    pub(super) bytes: Vec<u8>,
    /// By coordinate.
    pub(super) merged: Vec<Merged>,
    /// Whether rules are traced.
    pub(super) traced: bool,
    /// How many nodes.
    pub(super) nodes: usize,
    /// Bytes of nodes.
    pub(super) node_bytes: usize,
    /// Of these, about how many decide; the rest trace rules.
    pub(super) answer_bytes: usize,
    /// The most steps any decision takes.
    pub(super) steps: usize,
}

/// Makes the table, with the trace of its rules if wanted and possible. The forest is a copy of the model's to work in.
pub(super) fn build(
    model: &Model,
    forest: &mut Forest,
    slots: &Slots,
    schema_hash: u32,
    trace: bool,
) -> Result<Built, EmitError> {
    limits(model)?;
    let (parts, groups) = grouped(model, forest)?;
    let mut roots = vec![model.valid];
    roots.extend(groups.iter().flatten().flat_map(|group| [group.root, group.shown]));
    let size = forest.size(&roots);
    let answer_bytes = 2 * size.nodes + 2 * size.edges;
    let guards = if trace { guards(model, forest, &roots)? } else { None };
    let traced = guards.is_some();
    roots.extend(guards.iter().flatten());
    let reached = forest.reached(&roots);
    let merged = classes::merge(forest, &reached);

    let mut out = Writer::default();
    out.bytes.resize(HEADER_BYTES, 0);
    let rows = groups.iter().flatten().map(|group| group.rows.len()).max().unwrap_or(0).max(2);
    let places = nodes::write(&mut out, forest, &reached, &merged, rows)?;
    let nodes_end = out.len();
    let levels_at = out.len();
    out.bytes.resize(levels_at + LEVEL_BYTES * forest.order().len(), 0);
    for (level, &coordinate) in forest.order().iter().enumerate() {
        let coordinate = usize::from(coordinate);
        levels::write(&mut out, levels_at + LEVEL_BYTES * level, model, slots, coordinate, &merged[coordinate]);
    }
    let decisions_at = out.len();
    out.bytes.resize(decisions_at + DECISION_BYTES * model.decisions.len(), 0);
    let mut longest = (0, 0);
    for number in 0..model.decisions.len() {
        let at = decisions_at + DECISION_BYTES * number;
        let it = Decision { model, number, parts: &parts[number], groups: &groups[number], places: &places };
        let (outcome, result) = it.write(&mut out, at, slots, guards.as_deref());
        longest = (longest.0.max(outcome), longest.1.max(result));
    }
    while out.len() % 4 != 0 {
        out.u8(0);
    }
    header(&mut out, model, places.wide, schema_hash, [levels_at, decisions_at, nodes_end], slots, longest);
    out.set_u32(32, places.root(model.valid));
    let steps = steps(forest, model.valid, &groups);
    let node_bytes = nodes_end - HEADER_BYTES;
    Ok(Built { bytes: out.bytes, merged, traced, nodes: reached.len(), node_bytes, answer_bytes, steps })
}

fn header(
    out: &mut Writer,
    model: &Model,
    wide: bool,
    schema_hash: u32,
    [levels_at, decisions_at, nodes_end]: [usize; 3],
    slots: &Slots,
    (outcome, result): (usize, usize),
) {
    out.set_u32(0, MAGIC as usize);
    out.set_u16(4, ABI as usize);
    out.set_u16(6, if wide { TABLE_WIDE as usize } else { 0 });
    out.set_u32(8, out.len());
    out.set_u32(12, schema_hash as usize);
    out.set_u16(16, model.coordinates.len());
    out.set_u16(18, model.decisions.len());
    out.set_u16(20, slots.len);
    out.set_u16(22, slots.short);
    out.set_u32(24, levels_at);
    out.set_u32(28, decisions_at);
    out.set_u32(36, HEADER_BYTES);
    out.set_u32(40, nodes_end);
    out.set_u16(44, result);
    out.set_u16(46, outcome);
}

/// What a table has room for.
fn limits(model: &Model) -> Result<(), EmitError> {
    let within = |what, count, limit| match count > limit {
        true => Err(EmitError::TooLarge(what, count, limit)),
        false => Ok(()),
    };
    within("coordinates", model.coordinates.len(), MAX_LEVELS)?;
    let most = model.schema.decisions.iter().map(|decision| decision.answers.len()).max().unwrap_or(0);
    within("answers in one decision", most, MAX_ANSWERS)?;
    let most = (0..model.decisions.len()).map(|decision| words::count(model, decision)).max().unwrap_or(0);
    within("answer words in one decision", most, MAX_WORDS)?;
    let classes = model.coordinates.iter().map(|coordinate| coordinate.classes as usize).max().unwrap_or(0);
    within("classes of one input", classes, 0xFFFD)
}

/// The parts of every decision, and by decision which share a diagram.
type Grouped = (Vec<Vec<Part>>, Vec<Vec<Shared>>);

/// The parts of every decision, and which share a diagram.
fn grouped(model: &Model, forest: &mut Forest) -> Result<Grouped, EmitError> {
    let (mut parts, mut groups) = (Vec::new(), Vec::new());
    for decision in &model.decisions {
        let mut list = Vec::new();
        let mut roots = Vec::new();
        for (answer, it) in decision.answers.iter().enumerate() {
            let is_set = matches!(kind(model, parts.len(), answer), AnswerKind::SetOf(_));
            let gate = it.only_when.as_ref().and_then(|(earlier, values)| Some((*earlier, *values.first()?)));
            let shown = shown(model, forest, parts.len(), answer)?;
            for (member, &bare) in it.bare.iter().enumerate() {
                list.push(Part { answer, member: is_set.then_some(member as u32) });
                // Where nothing is valid nothing is asked.
                let diagram = if model.valid == Ref::FALSE { Ref::FALSE } else { bare };
                roots.push(Root { diagram, gate, shown });
            }
        }
        groups.push(groups::share(forest, &roots, model.valid)?);
        parts.push(list);
    }
    Ok((parts, groups))
}

/// Where an answer is not blank, as far as requests are valid.
fn shown(model: &Model, forest: &mut Forest, decision: usize, answer: usize) -> Result<Ref, EmitError> {
    let answers = &model.decisions[decision].answers;
    let Some((earlier, values)) = &answers[answer].only_when else { return Ok(Ref::TRUE) };
    let gate = answers[*earlier].roots.first().copied().unwrap_or(Ref::FALSE);
    let shown = forest.values_where(gate, |value| values.binary_search(&value).is_ok())?;
    Ok(forest.simplify(shown, model.valid)?)
}

/// The conditions of all rules, if they are few enough to be traced.
fn guards(model: &Model, forest: &mut Forest, roots: &[Ref]) -> Result<Option<Vec<Ref>>, EmitError> {
    let most = |rule: &RuleModel| rule.kids.len() <= 255 && rule.effects.len() <= 255;
    if model.rules.len() >= MAX_TRACED_RULES || !model.rules.iter().all(most) {
        return Ok(None);
    }
    let mut guards = Vec::new();
    for rule in &model.rules {
        guards.push(forest.simplify(rule.guard, model.valid)?);
    }
    let size = |roots: &[Ref]| {
        let size = forest.size(roots);
        2 * size.nodes + 2 * size.edges
    };
    let both: Vec<Ref> = roots.iter().chain(&guards).copied().collect();
    Ok((size(&both) - size(roots) <= TRACE_BYTES).then_some(guards))
}

fn kind(model: &Model, decision: usize, answer: usize) -> &AnswerKind {
    &model.schema.decisions[decision].answers[answer].kind
}

/// The steps of the longest walks, one after the other.
fn steps(forest: &Forest, valid: Ref, groups: &[Vec<Shared>]) -> usize {
    let depth = |root: Ref| forest.support(&[root]).iter().filter(|used| **used).count();
    let of = |groups: &Vec<Shared>| groups.iter().map(|group| depth(group.root)).sum::<usize>();
    depth(valid) + groups.iter().map(of).max().unwrap_or(0)
}

/// One decision under construction.
struct Decision<'a> {
    model: &'a Model,
    number: usize,
    parts: &'a [Part],
    groups: &'a [Shared],
    places: &'a Places,
}

impl Decision<'_> {
    /// Writes the decision; gives the bytes of an outcome and of the longest result.
    fn write(&self, out: &mut Writer, at: usize, slots: &Slots, guards: Option<&[Ref]>) -> (usize, usize) {
        let it = &self.model.decisions[self.number];
        let count = words::count(self.model, self.number);
        let answers = it.answers.len();
        let answers_at = self.answers(out, slots);
        let groups_at = out.len();
        out.bytes.resize(groups_at + GROUP_BYTES * self.groups.len(), 0);
        for (place, group) in self.groups.iter().enumerate() {
            self.group(out, groups_at + GROUP_BYTES * place, group);
        }
        let mut unsure = vec![0u32; count];
        for (answer, value) in it.unsure.iter().enumerate() {
            words::put(self.model, self.number, answer, *value, &mut unsure);
        }
        let unsure_at = out.blob(unsure.iter().flat_map(|word| word.to_le_bytes()).collect());
        let (rules_at, rules) = guards.map_or((0, 0), |guards| self.rules(out, guards));
        out.set_u32(at, answers_at);
        out.set_u16(at + 4, answers);
        out.set_u16(at + 6, count);
        out.set_u32(at + 8, groups_at);
        out.set_u16(at + 12, self.groups.len());
        out.set_u16(at + 14, rules);
        out.set_u32(at + 16, unsure_at);
        out.set_u32(at + 20, rules_at);
        let outcome = 4 + 4 * count;
        (outcome, outcome.max(4 + 4 * POSSIBLE_WORDS * answers).max(8 + 4 * rules))
    }

    fn answers(&self, out: &mut Writer, slots: &Slots) -> usize {
        let it = &self.model.decisions[self.number];
        let at = out.len();
        out.bytes.resize(at + ANSWER_BYTES * it.answers.len(), 0);
        for (answer, model) in it.answers.iter().enumerate() {
            let place = at + ANSWER_BYTES * answer;
            let (kind, count) = match kind(self.model, self.number, answer) {
                AnswerKind::OneOf { values, .. } => (ANSWER_ONE_OF, values.len()),
                AnswerKind::Strictest(values) => (ANSWER_STRICTEST, values.len()),
                AnswerKind::SetOf(members) => (ANSWER_SET, members.len()),
                AnswerKind::Shortest(_) => (ANSWER_SHORTEST, model.durations.len() + 1),
            };
            let durations = if kind == ANSWER_SHORTEST {
                let all = model.durations.iter().copied().chain([NO_LIMIT]);
                out.blob(all.flat_map(u32::to_le_bytes).collect())
            } else {
                0
            };
            out.bytes[place] = kind as u8;
            let gate = model.only_when.as_ref().and_then(|(earlier, values)| Some((*earlier, *values.first()?)));
            let (gate, value) = gate.unwrap_or((NO_GATE as usize, 0));
            out.bytes[place + 1] = gate as u8;
            out.bytes[place + 2] = value as u8;
            out.bytes[place + 3] = words::first(self.model, self.number, answer) as u8;
            out.set_u16(place + 4, count);
            out.set_u16(place + 6, slots.duties[self.number][answer]);
            out.set_u32(place + 8, durations);
        }
        at
    }

    fn group(&self, out: &mut Writer, at: usize, group: &Shared) {
        let fields = self.fields(group);
        let mut blob = Writer::default();
        for field in &fields {
            blob.u8(field.answer);
            blob.u8(words::first(self.model, self.number, field.answer));
            blob.u8(field.shift as usize);
            blob.u8(field.members() as usize);
        }
        debug_assert_eq!(blob.len(), FIELD_BYTES * fields.len());
        let fields_at = out.blob(blob.bytes);
        let mut blob = Writer::default();
        for row in &group.rows {
            fields.iter().for_each(|field| blob.u8(self.byte(field, row) as usize));
        }
        let rows_at = out.blob(blob.bytes);
        out.set_u32(at, self.places.root(group.root));
        out.set_u32(at + 4, rows_at);
        out.set_u32(at + 8, fields_at);
        out.set_u16(at + 12, group.rows.len());
        out.set_u16(at + 14, fields.len());
        out.set_u32(at + 16, self.places.root(group.shown));
    }

    /// What the bytes of a group's rows are for.
    fn fields(&self, group: &Shared) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for (place, &part) in group.parts.iter().enumerate() {
            let Part { answer, member } = self.parts[part];
            let shift = member.map_or(0, |member| member & !7);
            let own = (place, member.map(|member| member - shift));
            match fields.iter_mut().find(|field| field.answer == answer && field.shift == shift) {
                Some(field) => field.places.push(own),
                None => fields.push(Field { answer, shift, places: vec![own] }),
            }
        }
        fields
    }

    /// A byte of a row: the members in it, or the number of the value, no limit being the last duration.
    fn byte(&self, field: &Field, row: &[u32]) -> u32 {
        let durations = self.model.decisions[self.number].answers[field.answer].durations.len() as u32;
        field.places.iter().fold(0, |byte, &(place, member)| match (member, row[place]) {
            (Some(member), value) => byte | u32::from(value == model::YES) << member,
            (None, model::NO_LIMIT) => durations,
            // Where a request is not valid a rule may be missing; then any value will do.
            (None, value) => {
                if crate::space::conditions::is_value(value) {
                    value
                } else {
                    0
                }
            }
        })
    }

    /// Writes the rules, each after those it is an exception to.
    fn rules(&self, out: &mut Writer, guards: &[Ref]) -> (usize, usize) {
        let all = &self.model.rules;
        let mut mine: Vec<usize> = Vec::new();
        let mut left: Vec<usize> = (0..all.len()).filter(|&rule| all[rule].decision == self.number).collect();
        while !left.is_empty() {
            let before = left.len();
            let (ready, rest) =
                left.into_iter().partition(|&rule| all[rule].parents.iter().all(|parent| mine.contains(parent)));
            mine.extend::<Vec<usize>>(ready);
            left = rest;
            if left.len() == before {
                break;
            }
        }
        let normally = &self.model.decisions[self.number].normally;
        let count = mine.len() + usize::from(!normally.is_empty());
        let at = out.len();
        out.bytes.resize(at + RULE_BYTES * count, 0);
        for (place, &rule) in mine.iter().enumerate() {
            let it = &all[rule];
            let kids: Vec<usize> = it.kids.iter().filter_map(|kid| mine.iter().position(|own| own == kid)).collect();
            let number = rule | if it.parents.is_empty() { RULE_ROOT as usize } else { 0 };
            self.rule(out, at + RULE_BYTES * place, self.places.root(guards[rule]), number, &kids, &it.effects);
        }
        if !normally.is_empty() {
            let number = (NORMALLY | RULE_ROOT) as usize;
            let always = self.places.root(Ref::TRUE);
            self.rule(out, at + RULE_BYTES * mine.len(), always, number, &[], normally);
        }
        (at, count)
    }

    fn rule(&self, out: &mut Writer, at: usize, guard: usize, number: usize, kids: &[usize], effects: &[EffectModel]) {
        let mut blob = Writer::default();
        kids.iter().for_each(|&kid| blob.u16(kid));
        for effect in effects {
            let (answer, what, value) = match *effect {
                EffectModel::Is(answer, value) => {
                    (answer, EFFECT_IS, words::value(self.model, self.number, answer, value))
                }
                EffectModel::Include(answer, members) => (answer, EFFECT_INCLUDE, members),
                EffectModel::Omit(answer, members) => (answer, EFFECT_OMIT, members),
            };
            blob.u8(answer);
            blob.u8(what as usize);
            blob.u32(value as usize);
        }
        let lists_at = out.blob(blob.bytes);
        out.set_u32(at, lists_at);
        out.set_u32(at + 4, guard);
        out.set_u16(at + 8, number);
        out.bytes[at + 10] = kids.len() as u8;
        out.bytes[at + 11] = effects.len() as u8;
    }
}

/// What one byte of a group's rows is for.
struct Field {
    answer: usize,
    shift: u32,
    /// Places in the row, with the member each stands for, counted from the shift.
    places: Vec<(usize, Option<u32>)>,
}

impl Field {
    fn members(&self) -> u32 {
        self.places.iter().filter_map(|&(_, member)| member).fold(0, |mask, member| mask | 1 << member)
    }
}
