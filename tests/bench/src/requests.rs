//! Random requests for a loaded policy, valid ones, in every shape they can be handed over in.
//! In: a policy, a sequence. Out: packed bytes, values by name, JSON, facts by name. Refuses to know what they mean.

use crate::Failure;
use keyward_evaluator::layout::{
    NOT_SET_8, NOT_SET_16, NOT_SET_32, NOT_SET_DATE, REQUEST_FLAGS, REQUEST_HASH, number_width,
};
use keyward_server::json::{date_text, string};
use keyward_server::{Decider, InputInfo, InputType, Policy, RequestBuilder, Schema, Status, Value};
use keyward_tests::corpus::Sequence;
use std::fmt::Write;

/// How many people who are not named in the policy take part.
const STRANGERS: u64 = 4;

/// The value drawn for one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw {
    /// Not set.
    NotSet,
    /// A number, a place in a list, a mask, minutes, an identifier's number, a day.
    Number(u32),
    /// A day and a minute.
    Moment(i32, u16),
}

/// One drawn request: a value for each input of the schema.
pub type Drawn = Vec<Raw>;

/// A value of the policy by its name there.
pub trait Named: Sized {
    /// The value of this name.
    fn named(text: &str) -> Option<Self>;
}

/// A drawn request, asked by name.
pub struct Facts<'a> {
    schema: &'a Schema,
    drawn: &'a [Raw],
}

impl<'a> Facts<'a> {
    /// The facts of a drawn request.
    pub fn new(schema: &'a Schema, drawn: &'a [Raw]) -> Self {
        Self { schema, drawn }
    }

    /// Yes or no.
    pub fn yes(&self, name: &str) -> Result<bool, Failure> {
        Ok(self.number(name)? != 0)
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<u32, Failure> {
        self.minutes(name)?.ok_or_else(|| format!("`{name}` is not set").into())
    }

    /// Minutes that may be not set.
    pub fn minutes(&self, name: &str) -> Result<Option<u32>, Failure> {
        match self.find(name)?.1 {
            Raw::Number(number) => Ok(Some(number)),
            Raw::NotSet => Ok(None),
            Raw::Moment(..) => Err(format!("`{name}` is a moment").into()),
        }
    }

    /// A person's number.
    pub fn person(&self, name: &str) -> Result<u32, Failure> {
        self.number(name)
    }

    /// A value by its name in the policy.
    pub fn named<T: Named>(&self, name: &str) -> Result<T, Failure> {
        let InputType::OneOf(names) = &self.find(name)?.0.ty else {
            return Err(format!("`{name}` is no choice").into());
        };
        let text = names.get(self.number(name)? as usize).map_or("", String::as_str);
        T::named(text).ok_or_else(|| format!("`{name}` has the value `{text}`, which is not known by hand").into())
    }

    fn find(&self, name: &str) -> Result<(&'a InputInfo, Raw), Failure> {
        let place = self.schema.inputs.iter().position(|input| input.name == name);
        let found = place.and_then(|place| Some((self.schema.inputs.get(place)?, *self.drawn.get(place)?)));
        found.ok_or_else(|| format!("the policy has no input `{name}`").into())
    }
}

/// Random valid requests, one after another, the same for the same policy.
pub struct Draws<'p> {
    policy: &'p Policy,
    decider: Decider,
    sequence: Sequence,
    packed: Vec<u8>,
    tries: usize,
}

impl<'p> Draws<'p> {
    /// The first draw is yet to come.
    pub fn new(policy: &'p Policy) -> Result<Self, Failure> {
        let decider = Decider::new(policy)?;
        Ok(Self { policy, decider, sequence: Sequence::new(7), packed: Vec::new(), tries: 0 })
    }

    /// The next valid request. Gives up where one in ten thousand draws is not valid.
    pub fn next(&mut self) -> Result<(Drawn, &[u8]), Failure> {
        let schema = self.policy.schema();
        for _ in 0..10_000 {
            self.tries += 1;
            let drawn: Drawn = schema.inputs.iter().map(|input| draw(schema, input, &mut self.sequence)).collect();
            pack(schema, &drawn, &mut self.packed);
            self.decider.placed()[..self.packed.len()].copy_from_slice(&self.packed);
            if self.decider.status_placed(0)? == Status::Ok {
                return Ok((drawn, &self.packed));
            }
        }
        Err(format!("no valid request of `{}` found by chance", self.policy.identity().name).into())
    }
}

/// Packs a request by the byte table of ABI 1.
fn pack(schema: &Schema, drawn: &[Raw], bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.resize(schema.short_len, 0);
    let mut put = |at: usize, width: usize, value: u32| {
        if let Some(place) = bytes.get_mut(at..at + width) {
            place.copy_from_slice(&value.to_le_bytes()[..width]);
        }
    };
    put(REQUEST_HASH, 4, schema.hash);
    put(REQUEST_FLAGS, 4, 0);
    for (input, raw) in schema.inputs.iter().zip(drawn) {
        match (&input.ty, raw) {
            (InputType::Moment(at, _), Raw::Moment(day, minute)) => {
                put(input.slot, 4, day.cast_unsigned());
                put(*at, 2, u32::from(*minute));
            }
            (InputType::Moment(at, _), _) => {
                put(input.slot, 4, NOT_SET_DATE);
                put(*at, 2, NOT_SET_16);
            }
            (InputType::Date(..), Raw::NotSet) => put(input.slot, 4, NOT_SET_DATE),
            (ty, raw) => {
                let (width, not_set) = match ty {
                    InputType::YesNo | InputType::OneOf(_) => (1, NOT_SET_8),
                    InputType::Time => (2, NOT_SET_16),
                    InputType::Number(_, high) | InputType::Duration(_, high) => (number_width(*high), NOT_SET_32),
                    _ => (4, NOT_SET_32),
                };
                put(input.slot, width, if let Raw::Number(number) = raw { *number } else { not_set });
            }
        }
    }
}

fn draw(schema: &Schema, input: &InputInfo, sequence: &mut Sequence) -> Raw {
    if input.optional && sequence.below(3) == 0 {
        return Raw::NotSet;
    }
    let small = |sequence: &mut Sequence, bound: u64| u32::try_from(sequence.below(bound)).unwrap_or(0);
    match &input.ty {
        InputType::YesNo => Raw::Number(small(sequence, 2)),
        InputType::OneOf(names) => Raw::Number(small(sequence, names.len() as u64)),
        InputType::SetOf(names) => Raw::Number(small(sequence, 1 << names.len().min(32))),
        InputType::Number(low, high) | InputType::Duration(low, high) => {
            Raw::Number(low + small(sequence, u64::from(high - low) + 1))
        }
        // 2026 to 2053.
        InputType::Moment(..) => {
            Raw::Moment(20_454 + small(sequence, 10_000).cast_signed(), small(sequence, 1440) as u16)
        }
        InputType::Date(low, high) => {
            Raw::Number(low.wrapping_add_unsigned(small(sequence, u64::from(high.abs_diff(*low)) + 1)).cast_unsigned())
        }
        InputType::Time => Raw::Number(small(sequence, 1440)),
        InputType::Identifier(kind) => {
            let known = schema.identifiers.get(*kind).map_or(0, |(_, names)| names.len() as u64);
            Raw::Number(small(sequence, known + STRANGERS))
        }
    }
}

/// Fills a request in by name, as a server does from its own struct.
pub fn fill(schema: &Schema, drawn: &[Raw], request: &mut RequestBuilder<'_>) -> Result<(), Failure> {
    let mut members: Vec<&str> = Vec::new();
    for (input, raw) in schema.inputs.iter().zip(drawn) {
        let value = match (&input.ty, *raw) {
            (_, Raw::NotSet) => Value::NotSet,
            (InputType::YesNo, Raw::Number(yes)) => Value::YesNo(yes != 0),
            (InputType::OneOf(names), Raw::Number(place)) => {
                Value::Name(names.get(place as usize).map_or("", String::as_str))
            }
            (InputType::SetOf(names), Raw::Number(mask)) => {
                members.clear();
                members.extend(in_mask(names, mask));
                Value::Names(&members)
            }
            (InputType::Date(..), Raw::Number(day)) => Value::Date(day.cast_signed()),
            (InputType::Time, Raw::Number(minute)) => Value::Time(minute as u16),
            (InputType::Identifier(kind), Raw::Number(number)) => Value::Name(person(schema, *kind, number)),
            (_, Raw::Number(number)) => Value::Number(number),
            (_, Raw::Moment(day, minute)) => Value::Moment(day, minute),
        };
        request.set(&input.name, value)?;
    }
    Ok(())
}

/// The request as the JSON a host sends.
pub fn json(schema: &Schema, drawn: &[Raw]) -> String {
    let mut text = String::from("{");
    for (input, raw) in schema.inputs.iter().zip(drawn) {
        let value = match (&input.ty, *raw) {
            (_, Raw::NotSet) => "null".to_string(),
            (InputType::YesNo, Raw::Number(yes)) => (yes != 0).to_string(),
            (InputType::OneOf(names), Raw::Number(place)) => {
                string(names.get(place as usize).map_or("", String::as_str))
            }
            (InputType::SetOf(names), Raw::Number(mask)) => {
                format!("[{}]", in_mask(names, mask).map(string).collect::<Vec<_>>().join(","))
            }
            (InputType::Date(..), Raw::Number(day)) => string(&date_text(day.cast_signed())),
            (InputType::Time, Raw::Number(minute)) => string(&time_text(minute)),
            (InputType::Identifier(kind), Raw::Number(number)) => string(person(schema, *kind, number)),
            (_, Raw::Number(number)) => number.to_string(),
            (_, Raw::Moment(day, minute)) => string(&format!("{}T{}", date_text(day), time_text(u32::from(minute)))),
        };
        let comma = if text.len() > 1 { "," } else { "" };
        let _ = write!(text, "{comma}{}:{value}", string(&input.name));
    }
    text.push('}');
    text
}

fn in_mask(names: &[String], mask: u32) -> impl Iterator<Item = &str> {
    names.iter().enumerate().filter(move |(place, _)| mask >> place & 1 == 1).map(|(_, name)| name.as_str())
}

fn person(schema: &Schema, kind: usize, number: u32) -> &str {
    const STRANGER: [&str; STRANGERS as usize] = ["u-1001", "u-1002", "u-1003", "u-1004"];
    let known = schema.identifiers.get(kind).map_or(&[][..], |(_, names)| names.as_slice());
    let stranger = || STRANGER.get(number as usize - known.len()).copied().unwrap_or_default();
    known.get(number as usize).map_or_else(stranger, String::as_str)
}

fn time_text(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
