//! Random requests for a loaded policy, mostly valid ones.
//! In: a policy, a count. Out: packed requests in one row of bytes, and the same as JSON. Refuses to know what they mean.

use crate::Failure;
use crate::rules::Sequence;
use keyward_server::{Decider, InputType, Policy, RequestBuilder, Status, Value};

/// A packed row of random requests. Invalid draws are drawn again, up to a bound, so that most are valid, as in service.
pub fn packed(policy: &Policy, decider: &mut Decider, count: usize) -> Result<Vec<u8>, Failure> {
    let mut sequence = Sequence(7);
    let mut rows = Vec::with_capacity(count * policy.schema().request_len);
    let mut tries = 0;
    while rows.len() < count * policy.schema().request_len {
        let row = draw(policy, &mut sequence)?.pack();
        tries += 1;
        if tries > 20 * count || decider.decide(0, &row)?.status == Status::Ok {
            rows.extend(row);
        }
    }
    Ok(rows)
}

fn draw<'p>(policy: &'p Policy, sequence: &mut Sequence) -> Result<RequestBuilder<'p>, Failure> {
    let mut request = policy.request();
    for input in &policy.schema().inputs {
        if input.optional && sequence.below(3) == 0 {
            request.set(&input.name, Value::NotSet)?;
            continue;
        }
        let person = format!("person{}", sequence.below(5));
        let members: Vec<&str>;
        let value = match &input.ty {
            InputType::YesNo => Value::YesNo(sequence.below(2) == 0),
            InputType::OneOf(names) => Value::Name(pick(names, sequence)),
            InputType::SetOf(names) => {
                members = names.iter().map(String::as_str).filter(|_| sequence.below(2) == 0).collect();
                Value::Names(&members)
            }
            InputType::Number(low, high) | InputType::Duration(low, high) => {
                Value::Number(low + u32::try_from(sequence.below(u64::from(high - low) + 1))?)
            }
            InputType::Moment(..) => {
                Value::Moment(20_454 + i32::try_from(sequence.below(10_000))?, u16::try_from(sequence.below(1440))?)
            }
            InputType::Date(low, high) => {
                Value::Date(low + i32::try_from(sequence.below(u64::from(high.abs_diff(*low)) + 1))?)
            }
            InputType::Time => Value::Time(u16::try_from(sequence.below(1440))?),
            InputType::Identifier(_) => Value::Name(&person),
        };
        request.set(&input.name, value)?;
    }
    Ok(request)
}

fn pick<'n>(names: &'n [String], sequence: &mut Sequence) -> &'n str {
    let at = usize::try_from(sequence.below(names.len() as u64)).unwrap_or(0);
    names.get(at).map_or("", String::as_str)
}
