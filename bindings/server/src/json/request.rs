//! A request from JSON to the bytes a module reads.
//! In: JSON text and a module's vocabulary. Out: a packed request, or the key, the place and what would be accepted.
//! Refuses to guess: no unknown key, no rounded number, no value that is nearly right.

use super::moment::{self, Site};
use super::read::{Broken, Json, Kind, Member};
use super::suggest::nearest;
use super::value;
use super::vocabulary::{Input, Origin, Packed, Type, Vocabulary};

/// What a host settles for all its requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The zone of the site, for moments written with an offset or a zone; the policy's own zone goes first.
    pub zone: Option<String>,
}

/// What kind of mistake a request holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// KW501: the request names an unknown input, or one input twice.
    Key,
    /// KW502: the value has the wrong type.
    Type,
    /// KW503: the value lies outside its range.
    Range,
    /// KW504: the request is not JSON, or not an object.
    Json,
}

impl Fault {
    /// Its diagnostic code.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Key => "KW501",
            Fault::Type => "KW502",
            Fault::Range => "KW503",
            Fault::Json => "KW504",
        }
    }
}

/// A mistake in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// What kind of mistake.
    pub fault: Fault,
    /// The input, or the key as it was written; empty if the text is not JSON.
    pub key: String,
    /// Where in the text, in bytes.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What would be accepted; empty if that is no help.
    pub accepted: String,
    /// The name that was probably meant.
    pub meant: Option<String>,
}

impl RequestError {
    pub(super) fn new(fault: Fault, at: usize, message: impl Into<String>) -> RequestError {
        let message = message.into();
        RequestError { fault, key: String::new(), at, message, accepted: String::new(), meant: None }
    }

    pub(super) fn accepts(mut self, accepted: impl Into<String>) -> RequestError {
        self.accepted = accepted.into();
        self
    }

    pub(super) fn meant(mut self, meant: Option<&str>) -> RequestError {
        self.meant = meant.map(str::to_string);
        self
    }

    fn of(mut self, key: &str) -> RequestError {
        self.key = key.to_string();
        self
    }

    fn broken(broken: Broken) -> RequestError {
        RequestError::new(Fault::Json, broken.at, broken.what)
    }
}

impl std::fmt::Display for RequestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)?;
        if let Some(meant) = &self.meant {
            write!(f, ". Did you mean {meant}?")?;
        }
        if !self.accepted.is_empty() {
            write!(f, " (accepted: {})", self.accepted)?;
        }
        Ok(())
    }
}

impl std::error::Error for RequestError {}

/// A request by input, before it is packed: `None` where the value is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// By input of the vocabulary.
    pub values: Vec<Option<Packed>>,
}

impl Request {
    /// Reads a request from JSON. Settings it does not name have their defaults.
    pub fn read(vocabulary: &Vocabulary, text: &[u8], terms: &Terms) -> Result<Request, RequestError> {
        let json = Json::read(text).map_err(RequestError::broken)?;
        Request::from_json(vocabulary, &json, terms)
    }

    /// The same from JSON that was read already.
    pub fn from_json(vocabulary: &Vocabulary, json: &Json, terms: &Terms) -> Result<Request, RequestError> {
        let Kind::Object(members) = &json.kind else {
            let message = format!("a request is an object, not {}", json.word());
            return Err(RequestError::new(Fault::Json, json.at, message).accepts("{\"input\": value, …}"));
        };
        let mut filled = Filling { vocabulary, terms, values: vec![None; vocabulary.inputs.len()] };
        filled.members("", members)?;
        let defaults = vocabulary.inputs.iter().map(|input| input.default.clone());
        let values = filled.values.into_iter().zip(defaults).map(|(value, default)| value.or(default)).collect();
        Ok(Request { values })
    }

    /// The inputs that are unknown.
    pub fn unknown<'v>(&self, vocabulary: &'v Vocabulary) -> Vec<&'v Input> {
        let inputs = vocabulary.inputs.iter().zip(&self.values);
        inputs.filter(|(_, value)| value.is_none()).map(|(input, _)| input).collect()
    }
}

struct Filling<'a> {
    vocabulary: &'a Vocabulary,
    terms: &'a Terms,
    values: Vec<Option<Packed>>,
}

impl Filling<'_> {
    /// Takes the members of an object whose own name is `prefix`.
    fn members(&mut self, prefix: &str, members: &[Member]) -> Result<(), RequestError> {
        for member in members {
            let name = if prefix.is_empty() { member.key.clone() } else { format!("{prefix}.{}", member.key) };
            if let Some(number) = self.vocabulary.inputs.iter().position(|input| input.name == name) {
                self.fill(number, member).map_err(|error| error.of(&name))?;
            } else if let (Kind::Object(inner), true) = (&member.value.kind, self.is_prefix(&name)) {
                self.members(&name, inner)?;
            } else {
                return Err(self.unknown(&name, member));
            }
        }
        Ok(())
    }

    fn is_prefix(&self, name: &str) -> bool {
        self.vocabulary.inputs.iter().any(|input| {
            input.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        })
    }

    fn fill(&mut self, number: usize, member: &Member) -> Result<(), RequestError> {
        let Some(input) = self.vocabulary.inputs.get(number) else { return Ok(()) };
        let Some(slot) = self.values.get_mut(number) else { return Ok(()) };
        if slot.is_some() {
            return Err(RequestError::new(Fault::Key, member.at, "this input stands in the request twice"));
        }
        *slot = Some(packed(input, &member.value, self.terms)?);
        Ok(())
    }

    fn unknown(&self, name: &str, member: &Member) -> RequestError {
        let names = || self.vocabulary.inputs.iter().map(|input| input.name.as_str());
        let error = RequestError::new(Fault::Key, member.at, "there is no such input").of(name);
        if self.is_prefix(name) {
            let all: Vec<&str> = names().filter(|other| other.starts_with(name)).collect();
            let message = format!("these are several inputs, so the value is an object, not {}", member.value.word());
            return RequestError { message, ..error }.accepts(all.join(", "));
        }
        let meant = nearest(name, names());
        let shown = names().take(12).collect::<Vec<_>>().join(", ");
        let more = if self.vocabulary.inputs.len() > 12 { ", …" } else { "" };
        let error = error.meant(meant);
        if meant.is_some() { error } else { error.accepts(format!("{shown}{more}")) }
    }
}

/// The value of one input.
fn packed(input: &Input, json: &Json, terms: &Terms) -> Result<Packed, RequestError> {
    if json.kind == Kind::Null {
        if input.optional {
            return Ok(Packed::NotSet);
        }
        let silent = if input.origin == Origin::Setting { "for its default" } else { "where it is unknown" };
        let message = format!("this input is not optional, so it cannot be null; leave it out {silent}");
        return Err(RequestError::new(Fault::Type, json.at, message).accepts(value::accepted(&input.ty)));
    }
    let word = match &input.ty {
        Type::YesNo => value::yes_no(json)?,
        Type::OneOf(labels) => value::one_of(json, labels)?,
        Type::SetOf(labels) => value::set_of(json, labels)?,
        Type::Number(least, most) => value::number(json, *least, *most)?,
        Type::Duration(least, most) => value::duration(json, *least, *most)?,
        Type::Date(least, most) => value::date(json, *least, *most)?,
        Type::Time => value::time(json)?,
        Type::Identifier(_) => return value::identifier(json).map(Packed::Name),
        Type::Moment { zone, .. } => {
            let site = if zone.is_empty() { terms.zone.as_deref() } else { Some(zone.as_str()) };
            return moment::read(json, Site { zone: site });
        }
    };
    Ok(Packed::Word(word))
}
