//! Packing requests. In: values by input name. Out: the bytes every export reads, or the reason a value does not fit.
//! Refuses to guess: what is not given stays unknown, unless it is a setting with a default.

use std::collections::BTreeMap;

use keyward_evaluator::layout::{
    FIRST_DAY, FLAG_DUTIES, FLAG_KNOWN, LAST_DAY, NOT_SET_DATE, REQUEST_FLAGS, REQUEST_HASH, RESERVED_IDENTIFIERS,
    number_width,
};

use crate::error::RequestError;
use crate::schema::{AnswerKind, Default, InputInfo, InputType, Schema};

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Not set; for optional inputs.
    NotSet,
    /// Yes or no, also for groups and calendars kept outside.
    YesNo(bool),
    /// The name of a value, or an identifier.
    Name(&'a str),
    /// The names of the members of a set.
    Names(&'a [&'a str]),
    /// A number, or minutes of a duration.
    Number(u32),
    /// A day number (days since 1970-01-01) and a minute of the day.
    Moment(i32, u16),
    /// A day number.
    Date(i32),
    /// A minute of the day.
    Time(u16),
}

/// Which members of set answers a host can perform. Any other in an outcome makes the decision `duty-unsupported`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duties {
    masks: Vec<(usize, u32)>,
}

impl Duties {
    /// What a host can do for the set answers of a decision that it names; for others it can do everything.
    pub fn new(schema: &Schema, decision: u32, able: &[(&str, &[&str])]) -> Result<Duties, RequestError> {
        let answers = schema.decisions.get(decision as usize).map_or(&[][..], |decision| &decision.answers);
        let mut masks = Vec::new();
        for (name, members) in able {
            let found = answers.iter().find(|answer| answer.name == *name).map(|answer| &answer.kind);
            let Some(AnswerKind::SetOf(labels, duty)) = found else {
                return Err(RequestError::UnknownInput((*name).to_string()));
            };
            let mask = members.iter().try_fold(0, |mask, member| {
                let place = labels.iter().position(|label| label == member);
                place
                    .map(|place| mask | 1 << place)
                    .ok_or_else(|| RequestError::UnknownValue((*name).to_string(), (*member).to_string()))
            })?;
            masks.push((*duty, mask));
        }
        Ok(Duties { masks })
    }
}

/// A request under construction.
#[derive(Clone, Debug)]
pub struct RequestBuilder<'s> {
    schema: &'s Schema,
    bytes: Vec<u8>,
    known: Vec<bool>,
    identifiers: BTreeMap<(usize, String), u32>,
    duties: bool,
}

impl<'s> RequestBuilder<'s> {
    /// An empty request: settings have their defaults, everything else is unknown, every duty can be performed.
    #[must_use]
    pub fn new(schema: &'s Schema) -> RequestBuilder<'s> {
        let mut bytes = vec![0; schema.request_len];
        put(&mut bytes, REQUEST_HASH, 4, schema.hash);
        let sets = schema.decisions.iter().flat_map(|decision| &decision.answers);
        for answer in sets {
            if let AnswerKind::SetOf(_, duty) = answer.kind {
                put(&mut bytes, duty, 4, u32::MAX);
            }
        }
        let known = vec![false; schema.inputs.len()];
        let mut it = RequestBuilder { schema, bytes, known, identifiers: BTreeMap::new(), duties: false };
        for (number, input) in schema.inputs.iter().enumerate() {
            match &input.default {
                Some(Default::NotSet) => it.put_not_set(number, input),
                Some(Default::Number(value, minute)) => {
                    it.put(number, input, *value);
                    if let Some(at) = minute_at(&input.ty) {
                        put(&mut it.bytes, at, 2, *minute);
                    }
                }
                Some(Default::Identifier(name)) => {
                    let raw = it.identifier(&input.ty, name);
                    it.put(number, input, raw);
                }
                None => {}
            }
        }
        it
    }

    /// Sets the value of an input.
    pub fn set(&mut self, name: &str, value: Value<'_>) -> Result<(), RequestError> {
        let found = self.schema.inputs.iter().position(|input| input.name == name);
        let number = found.ok_or_else(|| RequestError::UnknownInput(name.to_string()))?;
        let input = &self.schema.inputs[number];
        if value == Value::NotSet {
            if !input.optional {
                return Err(RequestError::NotOptional(name.to_string()));
            }
            self.put_not_set(number, input);
            return Ok(());
        }
        let raw = self.raw(input, &value)?;
        if let (Value::Moment(_, minute), Some(at)) = (&value, minute_at(&input.ty)) {
            put(&mut self.bytes, at, 2, u32::from(*minute));
        }
        self.put(number, input, raw);
        Ok(())
    }

    /// Makes an input unknown again, also a setting with a default.
    pub fn forget(&mut self, name: &str) -> Result<(), RequestError> {
        let found = self.schema.inputs.iter().position(|input| input.name == name);
        let number = found.ok_or_else(|| RequestError::UnknownInput(name.to_string()))?;
        self.known[number] = false;
        Ok(())
    }

    /// Says which members of a set answer the host can perform; others make the decision `duty-unsupported`.
    /// False if the decision has no such set answer.
    pub fn duties(&mut self, decision: u32, answer: usize, members: u32) -> bool {
        let info = self.schema.decisions.get(decision as usize).and_then(|decision| decision.answers.get(answer));
        let Some(AnswerKind::SetOf(_, duty)) = info.map(|answer| &answer.kind) else { return false };
        put(&mut self.bytes, *duty, 4, members);
        self.duties = true;
        true
    }

    /// Says what the host can perform.
    pub fn able(&mut self, duties: &Duties) {
        for (place, mask) in &duties.masks {
            put(&mut self.bytes, *place, 4, *mask);
            self.duties = true;
        }
    }

    /// Whether every input has a value.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.known.iter().all(|known| *known)
    }

    /// The inputs that have none.
    pub fn unknown(&self) -> impl Iterator<Item = &'s str> + '_ {
        let inputs = self.schema.inputs.iter().zip(&self.known);
        inputs.filter(|(_, known)| !**known).map(|(input, _)| input.name.as_str())
    }

    /// The identifier an input has, as it was given.
    #[must_use]
    pub fn given_identifier(&self, name: &str) -> Option<&str> {
        let number = self.schema.inputs.iter().position(|input| input.name == name)?;
        let input = self.schema.inputs.get(number).filter(|_| self.known.get(number) == Some(&true))?;
        let InputType::Identifier(kind) = input.ty else { return None };
        let raw = u32::from_le_bytes(*self.bytes.get(input.slot..)?.first_chunk()?);
        let known = self.schema.identifiers.get(kind).and_then(|(_, names)| names.get(raw as usize));
        let mut given = self.identifiers.iter().filter(|((of, _), number)| *of == kind && **number == raw);
        known.map(String::as_str).or_else(|| given.next().map(|((_, name), _)| name.as_str()))
    }

    /// The packed request.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let mut flags = if self.duties { FLAG_DUTIES } else { 0 };
        if !self.is_complete() {
            flags |= FLAG_KNOWN;
            let known = self.schema.inputs.iter().zip(&self.known).filter(|(_, known)| **known);
            for bit in known.flat_map(|(input, _)| input.known..input.known + input.known_count) {
                if let Some(byte) = bytes.get_mut(self.schema.known_at() + bit / 8) {
                    *byte |= 1 << (bit % 8);
                }
            }
        }
        put(&mut bytes, REQUEST_FLAGS, 4, flags);
        bytes
    }

    /// The number in the slot for a value.
    fn raw(&mut self, input: &InputInfo, value: &Value) -> Result<u32, RequestError> {
        let wrong = |wanted| Err(RequestError::WrongType(input.name.clone(), wanted));
        let within = |value: i64, least: i64, greatest: i64, range: String| match (least..=greatest).contains(&value) {
            true => Ok(value as u32),
            false => Err(RequestError::OutOfRange(input.name.clone(), range)),
        };
        let known = "a date between 1900-01-01 and 2199-12-31";
        let (first, last) = (i64::from(FIRST_DAY), i64::from(LAST_DAY));
        match (&input.ty, value) {
            (InputType::YesNo, Value::YesNo(yes)) => Ok(u32::from(*yes)),
            (InputType::YesNo, _) => wrong("yes or no"),
            (InputType::OneOf(names), Value::Name(name)) => place(input, names, name),
            (InputType::OneOf(_), _) => wrong("the name of a value"),
            (InputType::SetOf(names), Value::Names(members)) => {
                members.iter().try_fold(0, |mask, name| Ok(mask | 1 << place(input, names, name)?))
            }
            (InputType::SetOf(_), _) => wrong("a list of members"),
            (InputType::Number(least, greatest), Value::Number(number)) => {
                let range = format!("a number from {least} to {greatest}");
                within(i64::from(*number), i64::from(*least), i64::from(*greatest), range)
            }
            (InputType::Number(..), _) => wrong("a number"),
            (InputType::Duration(least, greatest), Value::Number(minutes)) => {
                let range = format!("from {least} to {greatest} minutes");
                within(i64::from(*minutes), i64::from(*least), i64::from(*greatest), range)
            }
            (InputType::Duration(..), _) => wrong("a duration in minutes"),
            (InputType::Moment(..), Value::Moment(day, minute)) => {
                within(i64::from(*minute), 0, 1439, "a time before 24:00".to_string())?;
                within(i64::from(*day), first, last, known.to_string())
            }
            (InputType::Moment(..), _) => wrong("a local date and time"),
            (InputType::Date(least, greatest), Value::Date(day)) => {
                within(i64::from(*day), first, last, known.to_string())?;
                let range = "a date in the range of its type".to_string();
                within(i64::from(*day), i64::from(*least), i64::from(*greatest), range)
            }
            (InputType::Date(..), _) => wrong("a date"),
            (InputType::Time, Value::Time(minute)) => {
                within(i64::from(*minute), 0, 1439, "a time before 24:00".to_string())
            }
            (InputType::Time, _) => wrong("a time"),
            (InputType::Identifier(_), Value::Name(name)) => Ok(self.identifier(&input.ty, name)),
            (InputType::Identifier(_), _) => wrong("an identifier"),
        }
    }

    /// The number of an identifier: the policy's own names first, then in order of first mention in this request.
    fn identifier(&mut self, ty: &InputType, name: &str) -> u32 {
        let InputType::Identifier(kind) = *ty else { return 0 };
        let names = self.schema.identifiers.get(kind).map_or(&[][..], |(_, names)| names.as_slice());
        if let Some(place) = names.iter().position(|known| known == name) {
            return place as u32;
        }
        let next = (names.len() + self.identifiers.len()).min(RESERVED_IDENTIFIERS as usize - 1) as u32;
        *self.identifiers.entry((kind, name.to_string())).or_insert(next)
    }

    fn put(&mut self, number: usize, input: &InputInfo, raw: u32) {
        put(&mut self.bytes, input.slot, width(&input.ty), raw);
        self.known[number] = true;
    }

    fn put_not_set(&mut self, number: usize, input: &InputInfo) {
        let dates = matches!(input.ty, InputType::Date(..) | InputType::Moment(..));
        if let Some(at) = minute_at(&input.ty) {
            put(&mut self.bytes, at, 2, u32::MAX);
        }
        self.put(number, input, if dates { NOT_SET_DATE } else { u32::MAX });
    }
}

fn place(input: &InputInfo, names: &[String], name: &str) -> Result<u32, RequestError> {
    let found = names.iter().position(|known| known == name);
    found.map(|place| place as u32).ok_or_else(|| RequestError::UnknownValue(input.name.clone(), name.to_string()))
}

fn put(bytes: &mut [u8], at: usize, width: usize, value: u32) {
    if let Some(place) = bytes.get_mut(at..at + width) {
        place.copy_from_slice(&value.to_le_bytes()[..width]);
    }
}

/// Bytes of an input's slot.
pub(crate) fn width(ty: &InputType) -> usize {
    match ty {
        InputType::YesNo | InputType::OneOf(_) => 1,
        InputType::Time => 2,
        InputType::Number(_, greatest) | InputType::Duration(_, greatest) => number_width(*greatest),
        _ => 4,
    }
}

/// Place of a moment's minute.
pub(crate) fn minute_at(ty: &InputType) -> Option<usize> {
    match ty {
        InputType::Moment(at, _) => Some(*at),
        _ => None,
    }
}
