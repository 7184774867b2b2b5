//! Proof that a table says what the model says. In: the bytes and the model. Out: nothing, or what differs. The bytes
//! are read back into diagrams of the same forest and compared root by root, wherever a request is valid; the
//! classifiers are asked about both ends of every range of every class. Shares no code with the writer of the table.

use std::collections::BTreeMap;

use keyward_evaluator::layout::{NO_GATE, NO_LIMIT, NOT_SET_DATE, TERMINAL};
use keyward_evaluator::{Bytes, Decision, Marks, Table, check, class_at};

use super::error::EmitError;
use super::table::Built;
use crate::diagram::{Forest, Ref};
use crate::model::{self, Classifier, Coordinate, Model, Part};
use crate::schema::{AnswerKind, Type};
use crate::space::slots::{Slots, width};

/// Checks the table's form, its diagrams and its classifiers.
pub(super) fn validate(model: &Model, forest: &mut Forest, slots: &Slots, built: &Built) -> Result<(), EmitError> {
    let mut marks: Box<Marks> = Box::new(Marks::new());
    let table = check(&built.bytes, &mut marks).map_err(|error| EmitError::Malformed(error.reason().to_string()))?;
    let mut proof = Proof { model, forest, table, built, known: BTreeMap::new() };
    let valid = proof.diagram(table.validity())?;
    ensure(valid == model.valid, "the valid requests")?;
    for number in 0..model.decisions.len() {
        let Some(decision) = table.decision(number as u32) else {
            return Err(EmitError::Different("a decision is missing".to_string()));
        };
        proof.answers(number, &decision)?;
        proof.rules(number, &decision)?;
    }
    classifiers(model, slots, built, &table)
}

fn ensure(holds: bool, what: &str) -> Result<(), EmitError> {
    match holds {
        true => Ok(()),
        false => Err(EmitError::Different(what.to_string())),
    }
}

struct Proof<'a> {
    model: &'a Model,
    forest: &'a mut Forest,
    table: Table<&'a [u8]>,
    built: &'a Built,
    known: BTreeMap<u32, Ref>,
}

impl Proof<'_> {
    /// The diagram that starts at a place of the table, over the model's classes.
    fn diagram(&mut self, place: u32) -> Result<Ref, EmitError> {
        if place & TERMINAL != 0 {
            return Ok(Ref::terminal(place & !TERMINAL));
        }
        if let Some(&found) = self.known.get(&place) {
            return Ok(found);
        }
        let at = (place as usize) << 1;
        let bytes = self.table.bytes;
        let level = bytes.u8_at(at) as usize;
        let coordinate = self.forest.order()[level];
        let merged = &self.built.merged[usize::from(coordinate)];
        let children: Vec<u32> = (0..merged.first.len()).map(|class| self.child(at, class as u32)).collect();
        let mut below = Vec::new();
        for child in children {
            below.push(self.diagram(child)?);
        }
        let map = &merged.map;
        let found = self.forest.choose(coordinate, |class| below[usize::from(map[class as usize])])?;
        self.known.insert(place, found);
        Ok(found)
    }

    /// The child of the node at a place, for a class.
    fn child(&self, at: usize, class: u32) -> u32 {
        let bytes = self.table.bytes;
        let runs = bytes.u8_at(at + 1) as usize;
        let (start, index) = match runs {
            0 => (at + 2, class as usize),
            _ => {
                let before = (0..runs - 1).take_while(|run| bytes.u16_at(at + 2 + 2 * run) <= class).count();
                (at + 2 * runs, before)
            }
        };
        if self.table.is_wide() {
            return bytes.u32_at(start + 4 * index);
        }
        let child = bytes.u16_at(start + 2 * index);
        (child & 0x7FFF) | ((child & 0x8000) << 16)
    }

    /// Whether two functions agree on every valid request.
    fn agree(&mut self, one: Ref, other: Ref) -> Result<bool, EmitError> {
        let nowhere = Ref::terminal(0x3FFF_FFFF);
        let one = self.forest.if_then_else(self.model.valid, one, nowhere)?;
        Ok(one == self.forest.if_then_else(self.model.valid, other, nowhere)?)
    }

    fn answers(&mut self, number: usize, decision: &Decision<&[u8]>) -> Result<(), EmitError> {
        let model = self.model;
        let declared = &model.decisions[number].answers;
        for (answer, it) in declared.iter().enumerate() {
            let found = decision.answer(answer);
            let gate = it.only_when.as_ref().map_or((NO_GATE, 0), |(earlier, values)| {
                (*earlier as u32, values.first().copied().unwrap_or_default())
            });
            let name = &model.schema.decisions[number].answers[answer].name;
            ensure((found.gate(), found.gate_value()) == gate, &format!("what answer {name} depends on"))?;
            let durations = it.durations.iter().copied().chain([NO_LIMIT]);
            let shortest = matches!(model.schema.decisions[number].answers[answer].kind, AnswerKind::Shortest(_));
            let listed = !shortest || (0u32..).zip(durations).all(|(at, minutes)| found.duration(at) == minutes);
            ensure(listed, &format!("the durations of answer {name}"))?;
        }
        let mut found: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for place in 0..decision.groups() {
            let group = decision.group(place);
            let root = self.diagram(group.root())?;
            let shown = self.diagram(group.shown())?;
            for index in 0..group.fields() {
                let field = group.field(index);
                let answer = field.answer();
                let set = matches!(model.schema.decisions[number].answers[answer].kind, AnswerKind::SetOf(_));
                let bits: Vec<u32> =
                    if set { (0..8).filter(|bit| field.members() >> bit & 1 != 0).collect() } else { vec![0] };
                for bit in bits {
                    let member = if set { (field.shift() + bit) as usize } else { 0 };
                    let op = self.forest.fresh_op();
                    let durations = declared[answer].durations.len() as u32;
                    let terminal = |byte: u32| match &model.schema.decisions[number].answers[answer].kind {
                        AnswerKind::SetOf(_) => byte >> bit & 1,
                        AnswerKind::Shortest(_) if byte == durations => model::NO_LIMIT,
                        _ => byte,
                    };
                    let values: Vec<u32> = (0..group.rows()).map(|row| terminal(group.row_byte(row, index))).collect();
                    let mut mapped =
                        self.forest.map(root, op, |row| values.get(row as usize).copied().unwrap_or(u32::MAX >> 1))?;
                    if declared[answer].only_when.is_some() {
                        mapped = self.forest.if_then_else(shown, mapped, Ref::terminal(model::BLANK))?;
                    }
                    let name = &model.schema.decisions[number].answers[answer].name;
                    let wanted = declared[answer].roots.get(member).copied();
                    let wanted = wanted.ok_or_else(|| EmitError::Different(format!("a member of answer {name}")))?;
                    let same = self.agree(mapped, wanted)?;
                    ensure(same, &format!("answer {name}"))?;
                    *found.entry((answer, member)).or_default() += 1;
                }
            }
        }
        let roots = declared.iter().enumerate();
        let all = roots.flat_map(|(answer, it)| (0..it.roots.len()).map(move |member| (answer, member)));
        let once = all.clone().all(|part| found.get(&part) == Some(&1)) && all.count() == found.len();
        ensure(once, "an answer is missing or told twice")
    }

    fn rules(&mut self, number: usize, decision: &Decision<&[u8]>) -> Result<(), EmitError> {
        for place in 0..decision.rules() {
            let rule = decision.rule(place);
            let guard = self.diagram(rule.guard())?;
            let wanted = match self.model.rules.get(rule.name() as usize) {
                Some(it) if it.decision == number => it.guard,
                _ => Ref::TRUE,
            };
            let same = self.agree(guard, wanted)?;
            ensure(same, &format!("the condition of rule number {}", rule.name()))?;
        }
        Ok(())
    }
}

/// Asks the classifiers about both ends of every range, and about not set.
fn classifiers(model: &Model, slots: &Slots, built: &Built, table: &Table<&[u8]>) -> Result<(), EmitError> {
    for (level, &coordinate) in model.forest.order().iter().enumerate() {
        let number = usize::from(coordinate);
        let it = &model.coordinates[number];
        let map = &built.merged[number].map;
        let name = &model.schema.inputs[it.input].name;
        let ask = |raw: i64, wanted: usize| {
            let mut request = vec![0u8; slots.len];
            put(model, slots, number, raw, &mut request);
            let found = class_at(table, &request[..], level);
            let same = found == map.get(wanted).map(|class| u32::from(*class));
            ensure(same, &format!("the classes of {name}"))
        };
        for (class, ranges) in it.ranges.iter().enumerate() {
            for &(least, greatest) in ranges.iter().filter(|_| !matches!(it.classifier, Classifier::Identifier { .. }))
            {
                ask(least, class)?;
                ask(greatest, class)?;
            }
        }
        if let Some(class) = it.classifier.not_set() {
            ask(i64::MIN, usize::from(class))?;
        }
        if let Classifier::Identifier { known, same_as, .. } = &it.classifier {
            for raw in 0..*known {
                ask(i64::from(raw), raw as usize)?;
            }
            if same_as.is_empty() {
                ask(i64::from(*known), *known as usize)?;
            }
        }
    }
    Ok(())
}

/// Puts a raw value into the slot of a coordinate; the least number is not set.
fn put(model: &Model, slots: &Slots, coordinate: usize, raw: i64, request: &mut [u8]) {
    let it: &Coordinate = &model.coordinates[coordinate];
    let at = slots.of(model, coordinate);
    let ty = &model.schema.inputs[it.input].ty;
    let plain = if raw == i64::MIN { u32::MAX } else { raw as u32 };
    let (bytes, width) = match (ty, it.part) {
        (Type::SetOf(_), Part::Presence) => (if raw == 0 { u32::MAX } else { 0 }, 4),
        (Type::SetOf(_), Part::Member(member)) => ((raw as u32 & 1) << member, 4),
        (Type::Moment(_), Part::Presence) => (if raw == 0 { NOT_SET_DATE } else { 0 }, 4),
        (Type::Date(..), _) if raw == i64::MIN => (NOT_SET_DATE, 4),
        (Type::Moment(_), Part::Time) => (plain, 2),
        _ => (plain, width(ty)),
    };
    request[at..at + width].copy_from_slice(&bytes.to_le_bytes()[..width]);
}
