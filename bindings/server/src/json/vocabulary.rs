//! What a module says about itself: its inputs, its answers, its rules' reasons, its name.
//! In: the custom sections of a module. Out: plain data for requests and answers. Refuses to decide, and to believe a length.

use super::bytes::Bytes;
use std::ops::Range;

/// Everything a module's sections say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// What names the policy and its sources.
    pub identity: Identity,
    /// How many bytes a packed request has.
    pub request_bytes: usize,
    /// By kind of identifier: its name and the names the policy mentions, in the order in which they are numbered.
    pub identifiers: Vec<(String, Vec<String>)>,
    /// Inputs, settings and kept-outside facts.
    pub inputs: Vec<Input>,
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The words of every rule; `None` in a stripped module.
    pub reasons: Option<Vec<Reason>>,
}

/// What names a policy and its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The edition of the language.
    pub edition: u32,
    /// The policy's name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title; empty if none.
    pub title: String,
    /// SHA-256 over the identities of all its files.
    pub source: [u8; 32],
    /// What a packed request must carry.
    pub schema_hash: u32,
    /// What compiled it.
    pub compiler: String,
    /// How many tests and asserts were proved.
    pub proofs: (u32, u32),
}

/// One input, setting or kept-outside fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its dotted name: the key in a request.
    pub name: String,
    /// Its description; empty if none, and in a stripped module.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it may be not set.
    pub optional: bool,
    /// Whether the person cannot change it.
    pub fixed: bool,
    /// Where its slot stands in a request; for a moment that of the date.
    pub slot: usize,
    /// Its coordinates: the known bits it sets.
    pub coordinates: Range<usize>,
    /// Its type.
    pub ty: Type,
    /// The value where the request is silent.
    pub default: Option<Packed>,
}

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A fact of the request.
    Input,
    /// A choice of the organization.
    Setting,
    /// Membership of the given input in a group kept outside.
    OutsideGroup(usize),
    /// Whether the given moment is during a calendar kept outside.
    OutsideCalendar(usize),
}

/// A named value and its description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// Its description; empty if none, and in a stripped module.
    pub text: String,
}

/// The type of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    YesNo,
    /// One of some values.
    OneOf(Vec<Label>),
    /// A set of some members.
    SetOf(Vec<Label>),
    /// A whole number in an inclusive range.
    Number(u32, u32),
    /// Whole minutes in an inclusive range.
    Duration(u32, u32),
    /// A civil date and minute.
    Moment {
        /// Where the slot of the minute stands.
        minute_slot: usize,
        /// The zone the policy names; empty for the site's.
        zone: String,
    },
    /// A date in an inclusive range of day numbers.
    Date(i32, i32),
    /// A time of day.
    Time,
    /// An identifier; the index into `Vocabulary::identifiers`.
    Identifier(usize),
}

/// A value as a request carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// Not set.
    NotSet,
    /// One slot.
    Word(u32),
    /// A day number and a minute.
    Moment(i32, u16),
    /// An identifier, not yet numbered.
    Name(String),
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub name: String,
    /// The question it answers; empty if none, and in a stripped module.
    pub text: String,
    /// Its answers.
    pub answers: Vec<Answer>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its name.
    pub name: String,
    /// Its description; empty if none, and in a stripped module.
    pub text: String,
    /// Its kind.
    pub kind: Kind,
    /// Whether it can be blank.
    pub blankable: bool,
    /// Its first word in an outcome, after the status.
    pub word: usize,
}

/// The kinds of answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// Exactly one of the values.
    OneOf(Vec<Label>),
    /// The strictest, mildest first.
    Strictest(Vec<Label>),
    /// A set, with the number of its duty mask.
    SetOf(usize, Vec<Label>),
    /// The shortest, in minutes; the bound is the longest a rule may say.
    Shortest(u32),
}

/// The words of a rule or of `normally`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The rule's name.
    pub rule: String,
    /// Why.
    pub text: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
}

impl Vocabulary {
    /// Reads the sections; `None` where they are missing or damaged.
    pub fn read(module: &[u8]) -> Option<Vocabulary> {
        let mut found = Sections::default();
        for payload in wasmparser::Parser::new(0).parse_all(module) {
            if let wasmparser::Payload::CustomSection(section) = payload.ok()? {
                match section.name() {
                    "keyward.schema" => found.schema = section.data(),
                    "keyward.outcomes" => found.outcomes = section.data(),
                    "keyward.id" => found.id = section.data(),
                    "keyward.reasons" => found.reasons = Some(section.data()),
                    _ => {}
                }
            }
        }
        let mut vocabulary = Vocabulary { identity: identity(&mut Bytes::new(found.id))?, ..Vocabulary::default() };
        vocabulary.read_schema(&mut Bytes::new(found.schema))?;
        vocabulary.decisions = decisions(&mut Bytes::new(found.outcomes))?;
        if let Some(reasons) = found.reasons {
            vocabulary.read_reasons(&mut Bytes::new(reasons))?;
        }
        Some(vocabulary)
    }

    /// The number of a decision.
    pub fn decision(&self, name: &str) -> Option<usize> {
        self.decisions.iter().position(|decision| decision.name == name)
    }

    fn read_schema(&mut self, bytes: &mut Bytes<'_>) -> Option<()> {
        if bytes.number()? != 1 {
            return None;
        }
        self.request_bytes = bytes.number()?;
        for _ in 0..bytes.count()? {
            let name = bytes.text()?;
            self.identifiers.push((name, bytes.texts()?));
        }
        let mut before = String::new();
        for _ in 0..bytes.count()? {
            let input = input(bytes, &before)?;
            before.clone_from(&input.name);
            self.inputs.push(input);
        }
        for input in &mut self.inputs {
            input.default = default(bytes, &input.ty)?;
        }
        Some(())
    }

    fn read_reasons(&mut self, bytes: &mut Bytes<'_>) -> Option<()> {
        if bytes.number()? != 1 {
            return None;
        }
        bytes.text()?;
        let rules = bytes.count()?;
        let mut reasons = Vec::new();
        for _ in 0..rules + self.decisions.len() {
            reasons.push(Reason { rule: bytes.text()?, text: bytes.text()?, cite: bytes.text()? });
        }
        self.reasons = Some(reasons);
        for input in &mut self.inputs {
            input.text = bytes.text()?;
            if let Type::OneOf(labels) | Type::SetOf(labels) = &mut input.ty {
                describe(labels, bytes)?;
            }
        }
        for decision in &mut self.decisions {
            decision.text = bytes.text()?;
            for answer in &mut decision.answers {
                answer.text = bytes.text()?;
                if let Kind::OneOf(labels) | Kind::Strictest(labels) | Kind::SetOf(_, labels) = &mut answer.kind {
                    describe(labels, bytes)?;
                } else if answer.kind == Kind::YesNo {
                    bytes.text()?;
                    bytes.text()?;
                }
            }
        }
        Some(())
    }
}

#[derive(Default)]
struct Sections<'a> {
    schema: &'a [u8],
    outcomes: &'a [u8],
    id: &'a [u8],
    reasons: Option<&'a [u8]>,
}

fn describe(labels: &mut [Label], bytes: &mut Bytes<'_>) -> Option<()> {
    for label in labels {
        label.text = bytes.text()?;
    }
    Some(())
}

fn labels(bytes: &mut Bytes<'_>) -> Option<Vec<Label>> {
    Some(bytes.texts()?.into_iter().map(|name| Label { name, text: String::new() }).collect())
}

fn identity(bytes: &mut Bytes<'_>) -> Option<Identity> {
    if bytes.number()? != 1 {
        return None;
    }
    Some(Identity {
        edition: bytes.word()?,
        name: bytes.text()?,
        version: bytes.word()?,
        title: bytes.text()?,
        source: bytes.take(32)?.try_into().ok()?,
        schema_hash: bytes.u32()?,
        compiler: bytes.text()?,
        proofs: (bytes.word()?, bytes.word()?),
    })
}

fn input(bytes: &mut Bytes<'_>, before: &str) -> Option<Input> {
    let shared = bytes.number()?;
    let name = format!("{}{}", before.get(..shared)?, bytes.text()?);
    let facts = bytes.u8()?;
    let slot = bytes.number()?;
    let first = bytes.number()?;
    let coordinates = first..first.checked_add(bytes.number()?)?;
    if slot > 1 << 16 || coordinates.end > 256 {
        return None;
    }
    let origin = match facts & 3 {
        0 => Origin::Input,
        1 => Origin::Setting,
        2 => Origin::OutsideGroup(bytes.number()?),
        _ => Origin::OutsideCalendar(bytes.number()?),
    };
    let ty = match facts >> 4 {
        0 => Type::YesNo,
        1 => Type::OneOf(labels(bytes)?),
        2 => Type::SetOf(labels(bytes)?),
        3 => Type::Number(bytes.word()?, bytes.word()?),
        4 => Type::Duration(bytes.word()?, bytes.word()?),
        5 => Type::Moment { minute_slot: bytes.number()?, zone: bytes.text()? },
        6 => Type::Date(bytes.u32()?.cast_signed(), bytes.u32()?.cast_signed()),
        7 => Type::Time,
        8 => Type::Identifier(bytes.number()?),
        _ => return None,
    };
    let (optional, fixed) = (facts & 4 != 0, facts & 8 != 0);
    Some(Input { name, text: String::new(), origin, optional, fixed, slot, coordinates, ty, default: None })
}

fn default(bytes: &mut Bytes<'_>, ty: &Type) -> Option<Option<Packed>> {
    if bytes.u8()? == 0 {
        return Some(None);
    }
    let packed = match bytes.u8()? {
        0 => Packed::NotSet,
        1 => {
            let word = bytes.word()?;
            match ty {
                Type::Moment { .. } => Packed::Moment(word.cast_signed(), u16::try_from(bytes.number()?).ok()?),
                _ => Packed::Word(word),
            }
        }
        _ => Packed::Name(bytes.text()?),
    };
    Some(Some(packed))
}

fn decisions(bytes: &mut Bytes<'_>) -> Option<Vec<Decision>> {
    let mut decisions = Vec::new();
    for _ in 0..bytes.count()? {
        let name = bytes.text()?;
        let mut answers = Vec::new();
        for _ in 0..bytes.count()? {
            let name = bytes.text()?;
            let facts = bytes.u8()?;
            let word = bytes.number()?;
            let kind = match facts & 0x7F {
                0 => Kind::OneOf(labels(bytes)?),
                1 => Kind::Strictest(labels(bytes)?),
                2 => Kind::SetOf(bytes.number()?, labels(bytes)?),
                3 => Kind::Shortest(bytes.word()?),
                4 => Kind::YesNo,
                _ => return None,
            };
            answers.push(Answer { name, text: String::new(), kind, blankable: facts & 0x80 != 0, word });
        }
        decisions.push(Decision { name, text: String::new(), answers });
    }
    Some(decisions)
}
