//! A request from JSON to the request a module reads.
//! In: JSON text and a policy's vocabulary. Out: a filled request, or the key, the place and what would be accepted.
//! Refuses to guess: no unknown key, no rounded number, no value that is nearly right.

use super::mistake::{Fault, Mistake};
use super::moment;
use super::read::{Json, Kind, Member};
use super::suggest::nearest;
use super::value;
use crate::request::{Duties, RequestBuilder, Value};
use crate::schema::{InputInfo, InputType, Origin, Schema};

/// What a host settles for all its requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The zone of the site, for moments written with an offset or a zone; a zone the policy names goes first.
    pub zone: Option<String>,
    /// What the host can perform; everything unless it is said.
    pub duties: Duties,
}

/// Reads a request. Settings it does not name have their defaults, other inputs it does not name are unknown.
pub fn read_request<'s>(schema: &'s Schema, text: &[u8], terms: &Terms) -> Result<RequestBuilder<'s>, Mistake> {
    let json = Json::read(text).map_err(Mistake::broken)?;
    let Kind::Object(members) = &json.kind else {
        let message = format!("a request is an object, not {}", json.word());
        return Err(Mistake::new(Fault::Json, json.at, message).accepts("{\"input\": value, …}"));
    };
    let mut filling =
        Filling { schema, terms, request: RequestBuilder::new(schema), seen: vec![false; schema.inputs.len()] };
    filling.members("", members)?;
    filling.request.able(&terms.duties);
    Ok(filling.request)
}

/// The bytes every module of this vocabulary answers with its `if unsure` record: for a request that cannot be read, where
/// the host has to enforce an answer all the same.
pub fn refused_request(schema: &Schema) -> Vec<u8> {
    let mut bytes = RequestBuilder::new(schema).pack();
    for byte in bytes.iter_mut().take(4) {
        *byte = !*byte;
    }
    bytes
}

struct Filling<'a, 's> {
    schema: &'s Schema,
    terms: &'a Terms,
    request: RequestBuilder<'s>,
    seen: Vec<bool>,
}

impl Filling<'_, '_> {
    /// Takes the members of an object whose own name is `prefix`.
    fn members(&mut self, prefix: &str, members: &[Member]) -> Result<(), Mistake> {
        for member in members {
            let name = if prefix.is_empty() { member.key.clone() } else { format!("{prefix}.{}", member.key) };
            if let Some(number) = self.schema.inputs.iter().position(|input| input.name == name) {
                self.fill(number, member).map_err(|mistake| mistake.of(&name))?;
            } else if let (Kind::Object(inner), true) = (&member.value.kind, self.is_prefix(&name)) {
                self.members(&name, inner)?;
            } else {
                return Err(self.unknown(&name, member));
            }
        }
        Ok(())
    }

    fn is_prefix(&self, name: &str) -> bool {
        let longer = |input: &InputInfo| input.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.schema.inputs.iter().any(longer)
    }

    fn fill(&mut self, number: usize, member: &Member) -> Result<(), Mistake> {
        let schema = self.schema;
        let (Some(input), Some(seen)) = (schema.inputs.get(number), self.seen.get_mut(number)) else { return Ok(()) };
        if std::mem::replace(seen, true) {
            return Err(Mistake::new(Fault::Key, member.at, "this input stands in the request twice"));
        }
        self.put(input, &member.value)
    }

    /// Puts the value of one input.
    fn put(&mut self, input: &InputInfo, json: &Json) -> Result<(), Mistake> {
        if json.kind == Kind::Null {
            return self.put_null(input, json);
        }
        let members;
        let value = match &input.ty {
            InputType::YesNo => Value::YesNo(value::yes_no(json)?),
            InputType::OneOf(names) => Value::Name(value::one_of(json, names)?),
            InputType::SetOf(names) => {
                members = value::set_of(json, names)?;
                Value::Names(&members)
            }
            InputType::Number(least, most) => Value::Number(value::number(json, *least, *most)?),
            InputType::Duration(least, most) => Value::Number(value::duration(json, *least, *most)?),
            InputType::Date(least, most) => Value::Date(value::date(json, *least, *most)?),
            InputType::Time => Value::Time(value::time(json)?),
            InputType::Identifier(_) => Value::Name(value::identifier(json)?),
            InputType::Moment(_, zone) => {
                let site = if zone.is_empty() { self.terms.zone.as_deref() } else { Some(zone.as_str()) };
                let (day, minute) = moment::read(json, site)?;
                Value::Moment(day, minute)
            }
        };
        // Everything was checked with its place; what the builder still refuses has none.
        self.request.set(&input.name, value).map_err(|error| Mistake::new(Fault::Range, json.at, error.to_string()))
    }

    fn put_null(&mut self, input: &InputInfo, json: &Json) -> Result<(), Mistake> {
        if self.request.set(&input.name, Value::NotSet).is_ok() {
            return Ok(());
        }
        let silent = if input.origin == Origin::Setting { "for its default" } else { "where it is unknown" };
        let message = format!("this input is not optional, so it cannot be null; leave it out {silent}");
        Err(Mistake::new(Fault::Type, json.at, message).accepts(value::accepted(&input.ty)))
    }

    fn unknown(&self, name: &str, member: &Member) -> Mistake {
        let names = || self.schema.inputs.iter().map(|input| input.name.as_str());
        let mistake = |message: &str| Mistake::new(Fault::Key, member.at, message).of(name);
        if self.is_prefix(name) {
            let all: Vec<&str> = names().filter(|other| other.starts_with(name)).collect();
            let message = format!("these are several inputs, so the value is an object, not {}", member.value.word());
            return mistake(&message).accepts(all.join(", "));
        }
        let mistake = mistake("there is no such input");
        if let Some(meant) = nearest(name, names()) {
            return mistake.meant(Some(meant));
        }
        let more = if self.schema.inputs.len() > 12 { ", …" } else { "" };
        let shown: Vec<&str> = names().take(12).collect();
        mistake.accepts(format!("{}{more}", shown.join(", ")))
    }
}
