//! Reading a packed request back. In: the bytes that were decided. Out: each input that was known, by name, in the JSON that requests are
//! written in. Refuses bytes of another vocabulary; an identifier the policy does not name has lost its name.

use keyward_evaluator::layout::{FLAG_KNOWN, NOT_SET_DATE, REQUEST_FLAGS, REQUEST_HASH};

use crate::json::{array, date_text, duration_text, string};
use crate::request::width;
use crate::schema::{InputInfo, InputType, Schema};

/// What one input was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A value, in JSON.
    Json(String),
    /// An identifier that the policy does not name.
    Somebody,
}

impl Schema {
    /// The inputs that were known in a packed request; nothing if it is none of this vocabulary.
    #[must_use]
    pub fn given(&self, request: &[u8]) -> Option<Vec<(&str, Given)>> {
        if number(request, REQUEST_HASH, 4)? != self.hash || request.len() < self.short_len {
            return None;
        }
        let partly = number(request, REQUEST_FLAGS, 4)? & FLAG_KNOWN != 0;
        let known = |input: &InputInfo| {
            let bit =
                |bit: usize| request.get(self.known_at() + bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
            !partly || (input.known..input.known + input.known_count).all(bit)
        };
        let inputs = self.inputs.iter().filter(|input| known(input));
        inputs.map(|input| Some((input.name.as_str(), self.value(input, request)?))).collect()
    }

    fn value(&self, input: &InputInfo, request: &[u8]) -> Option<Given> {
        let width = width(&input.ty);
        let raw = number(request, input.slot, width)?;
        let dated = matches!(input.ty, InputType::Date(..) | InputType::Moment(..));
        let not_set = if dated { NOT_SET_DATE } else { u32::MAX >> (32 - 8 * width) };
        if input.optional && raw == not_set {
            return Some(Given::Json("null".to_string()));
        }
        let text = match &input.ty {
            InputType::YesNo => (raw == 1).to_string(),
            InputType::OneOf(names) => string(names.get(raw as usize)?),
            InputType::SetOf(names) => {
                let members = names.iter().enumerate().filter(|(bit, _)| raw >> bit & 1 == 1);
                array(members.map(|(_, name)| string(name)))
            }
            InputType::Number(..) => raw.to_string(),
            InputType::Duration(..) => string(&duration_text(raw)),
            InputType::Date(..) => string(&date_text(raw as i32)),
            InputType::Time => string(&clock(raw)),
            InputType::Moment(minute, _) => {
                string(&format!("{}T{}", date_text(raw as i32), clock(number(request, *minute, 2)?)))
            }
            InputType::Identifier(kind) => {
                match self.identifiers.get(*kind).and_then(|(_, names)| names.get(raw as usize)) {
                    Some(name) => string(name),
                    None => return Some(Given::Somebody),
                }
            }
        };
        Some(Given::Json(text))
    }
}

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<u32> {
    let mut four = [0; 4];
    four.get_mut(..width)?.copy_from_slice(bytes.get(at..at + width)?);
    Some(u32::from_le_bytes(four))
}
