//! The custom sections: what hosts and people may want to know. In: the model. Out: bytes, described in `engine/ABI.md`.
//! Refuses to influence a decision: a module without them decides the same.

use sha2::{Digest, Sha256};

use super::words;
use super::writer::Writer;
use crate::model::{Model, Part, Words};
use crate::schema::{AnswerKind, Input, Label, Origin, Type, Value};
use crate::space::slots::Slots;
use crate::span::FileId;

/// The schema and the outcomes, and the hash over what a packed request depends on.
pub(super) struct Vocabulary {
    /// `keyward.schema`.
    pub(super) schema: Vec<u8>,
    /// `keyward.outcomes`.
    pub(super) outcomes: Vec<u8>,
    /// The first four bytes of the SHA-256 of both, defaults left aside.
    pub(super) hash: u32,
}

/// Writes schema and outcomes.
pub(super) fn vocabulary(model: &Model, slots: &Slots) -> Vocabulary {
    let mut schema = Writer::default();
    schema.number(1);
    schema.number(slots.len);
    schema.number(slots.short);
    schema.number(model.schema.identifiers.len());
    for kind in &model.schema.identifiers {
        schema.text(&kind.name);
        schema.number(kind.names.len());
        kind.names.iter().for_each(|name| schema.text(name));
    }
    schema.number(model.schema.inputs.len());
    let mut before = "";
    for (number, input) in model.schema.inputs.iter().enumerate() {
        write_input(&mut schema, model, slots, number, before);
        before = &input.name;
    }
    let outcomes = outcomes(model, slots);
    let mut hash = Sha256::new();
    hash.update((schema.len() as u32).to_le_bytes());
    hash.update(&schema.bytes);
    hash.update(&outcomes);
    let hash = hash.finalize();
    let hash = u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]);
    for input in &model.schema.inputs {
        default(&mut schema, input.default.as_ref());
    }
    Vocabulary { schema: schema.bytes, outcomes, hash }
}

fn write_input(out: &mut Writer, model: &Model, slots: &Slots, number: usize, before: &str) {
    let input: &Input = &model.schema.inputs[number];
    // Names that stand together share their beginnings.
    let shared = before.bytes().zip(input.name.bytes()).take_while(|(one, other)| one == other).count();
    out.number(shared);
    out.text(&input.name[shared..]);
    let (origin, of) = match input.origin {
        Origin::Input => (0, None),
        Origin::Setting => (1, None),
        Origin::OutsideGroup(of) => (2, Some(of)),
        Origin::OutsideCalendar(of) => (3, Some(of)),
    };
    out.u8(origin | usize::from(input.optional) << 2 | usize::from(input.fixed) << 3 | type_number(&input.ty) << 4);
    out.number(slots.inputs[number]);
    let mine = |coordinate: &crate::model::Coordinate| coordinate.input == number;
    out.number(model.coordinates.iter().position(mine).unwrap_or(0));
    out.number(model.coordinates.iter().filter(|coordinate| mine(coordinate)).count());
    if let Some(of) = of {
        out.number(of);
    }
    match &input.ty {
        Type::YesNo | Type::Time => {}
        Type::OneOf(values) | Type::SetOf(values) => labels(out, values),
        Type::Number(least, greatest) | Type::Duration(least, greatest) => {
            out.number(*least as usize);
            out.number(*greatest as usize);
        }
        Type::Moment(zone) => {
            out.number(slots.minutes[number]);
            out.text(zone.as_deref().unwrap_or(""));
        }
        Type::Date(least, greatest) => {
            out.u32(*least as usize);
            out.u32(*greatest as usize);
        }
        Type::Identifier(kind) => out.number(*kind),
    }
    debug_assert!(
        model.coordinates.iter().filter(|it| mine(it)).all(|it| it.part != Part::Whole || it.input == number)
    );
}

fn type_number(ty: &Type) -> usize {
    match ty {
        Type::YesNo => 0,
        Type::OneOf(_) => 1,
        Type::SetOf(_) => 2,
        Type::Number(..) => 3,
        Type::Duration(..) => 4,
        Type::Moment(_) => 5,
        Type::Date(..) => 6,
        Type::Time => 7,
        Type::Identifier(_) => 8,
    }
}

fn labels(out: &mut Writer, labels: &[Label]) {
    out.number(labels.len());
    labels.iter().for_each(|label| out.text(&label.name));
}

/// A default: 0 for none, else 1 and the value as it is packed, or the name of an identifier.
fn default(out: &mut Writer, value: Option<&Value>) {
    let Some(value) = value else {
        out.u8(0);
        return;
    };
    out.u8(1);
    match value {
        Value::NotSet => out.u8(0),
        Value::YesNo(yes) => number(out, usize::from(*yes)),
        Value::Choice(value) => number(out, usize::from(*value)),
        Value::Set(value) | Value::Number(value) | Value::Duration(value) => number(out, *value as usize),
        Value::Moment(day, minute) => {
            number(out, *day as u32 as usize);
            out.number(usize::from(*minute));
        }
        Value::Date(day) => number(out, *day as u32 as usize),
        Value::Time(minute) => number(out, usize::from(*minute)),
        Value::Identifier(name) => {
            out.u8(2);
            out.text(name);
        }
    }
}

fn number(out: &mut Writer, value: usize) {
    out.u8(1);
    out.number(value);
}

fn outcomes(model: &Model, slots: &Slots) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(model.schema.decisions.len());
    for (number, decision) in model.schema.decisions.iter().enumerate() {
        out.text(&decision.name);
        out.number(decision.answers.len());
        for (place, answer) in decision.answers.iter().enumerate() {
            out.text(&answer.name);
            let kind = match &answer.kind {
                AnswerKind::OneOf { yes_no: true, .. } => 4,
                AnswerKind::OneOf { .. } => 0,
                AnswerKind::Strictest(_) => 1,
                AnswerKind::SetOf(_) => 2,
                AnswerKind::Shortest(_) => 3,
            };
            out.u8(kind | usize::from(answer.only_when.is_some()) << 7);
            out.number(words::first(model, number, place));
            match &answer.kind {
                AnswerKind::OneOf { yes_no: true, .. } => {}
                AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => labels(&mut out, values),
                AnswerKind::SetOf(members) => {
                    out.number(slots.duties[number][place]);
                    labels(&mut out, members);
                }
                AnswerKind::Shortest(longest) => out.number(*longest as usize),
            }
        }
    }
    out.bytes
}

/// `keyward.reasons`: the words of rules, and what things mean to people.
pub(super) fn reasons(model: &Model) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(1);
    out.text("en");
    out.number(model.rules.len());
    model.rules.iter().for_each(|rule| rule_words(&mut out, &rule.words));
    model.decisions.iter().for_each(|decision| rule_words(&mut out, &decision.normally_words));
    for input in &model.schema.inputs {
        out.text(&input.text);
        if let Type::OneOf(labels) | Type::SetOf(labels) = &input.ty {
            labels.iter().for_each(|label| out.text(&label.text));
        }
    }
    for decision in &model.schema.decisions {
        out.text(&decision.text);
        for answer in &decision.answers {
            out.text(&answer.text);
            answer.kind.labels().iter().for_each(|label| out.text(&label.text));
        }
    }
    out.bytes
}

fn rule_words(out: &mut Writer, words: &Words) {
    out.text(&words.name);
    out.text(&words.because);
    out.text(&words.cite);
}

/// `keyward.map`: where every rule, then every `normally`, stands in the source.
pub(super) fn map(model: &Model) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(1);
    let rules = model.rules.iter().map(|rule| &rule.words);
    let normally = model.decisions.iter().map(|decision| &decision.normally_words);
    out.number(model.rules.len());
    // Files are numbered as they come here: which others lie beside them makes no other bytes.
    let mut files: Vec<FileId> = Vec::new();
    for words in rules.chain(normally) {
        let known = files.iter().position(|file| *file == words.span.file);
        out.number(known.unwrap_or(files.len()));
        if known.is_none() {
            files.push(words.span.file);
        }
        out.number(words.span.start as usize);
        out.number(words.span.end as usize);
    }
    out.bytes
}

/// `keyward.id`: which policy this is, and what it was made from and with.
pub(super) fn identity(model: &Model, schema_hash: u32, fingerprint: [u8; 16]) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(1);
    out.number(usize::from(model.identity.edition));
    out.text(&model.identity.name);
    out.number(model.identity.version as usize);
    out.text(&model.identity.title);
    out.bytes.extend(model.identity.source);
    out.u32(schema_hash as usize);
    out.text(concat!("keyward ", env!("CARGO_PKG_VERSION")));
    out.number(model.proofs.tests as usize);
    out.number(model.proofs.promises.len());
    let weights: Vec<Vec<u64>> = model.coordinates.iter().map(|it| it.weights.clone()).collect();
    out.text(&model.forest.count_true(model.valid, &weights).digits());
    out.bytes.extend(fingerprint);
    out.bytes
}

/// `keyward.proof`: what was proved, by name.
pub(super) fn proof(model: &Model) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(1);
    out.number(model.proofs.promises.len());
    for promise in &model.proofs.promises {
        out.u8(usize::from(promise.form.number()));
        out.text(&promise.name);
        out.text(&promise.policy);
    }
    out.bytes
}
