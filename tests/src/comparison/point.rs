//! Points of a common request space as requests of either version.
//! In: a pair, classes or raw values. Out: requests. Refuses to know diagrams: a class is tried by its sample.

use keyward::model::{Classifier, Model, Pair, Part};
use keyward::schema::{InputId, Label, Type, Value};
use keyward::space::classes;
use keyward::typed::Policy;
use keyward::value::Request;

/// Every combination of classes, one after the other.
pub struct Points {
    widths: Vec<u32>,
    weights: Vec<Vec<u64>>,
    next: Option<Vec<u32>>,
}

impl Points {
    /// Starts with all zeros.
    pub fn new(pair: &Pair) -> Points {
        let widths: Vec<u32> = pair.model.coordinates.iter().map(|c| c.classes).collect();
        let weights = pair.model.coordinates.iter().map(|c| c.weights.clone()).collect();
        let next = Some(vec![0; widths.len()]);
        Points { widths, weights, next }
    }

    /// The next point.
    pub fn next(&mut self) -> Option<Vec<u32>> {
        let now = self.next.clone()?;
        let mut then = now.clone();
        let carried = then.iter_mut().zip(&self.widths).all(|(class, width)| {
            *class = (*class + 1) % width;
            *class == 0
        });
        self.next = (!carried).then_some(then);
        Some(now)
    }

    /// How many requests a point stands for.
    pub fn weight(&self, point: &[u32]) -> u128 {
        point.iter().zip(&self.weights).map(|(class, all)| u128::from(all[*class as usize])).product()
    }
}

/// By common input: the value at a point; nothing for a point that no request has.
pub fn values(model: &Model, point: &[u32]) -> Option<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    for input in 0..model.schema.inputs.len() {
        let own: Vec<_> = model.coordinates.iter().zip(point).filter(|(c, _)| c.input == input).collect();
        let (mut set, mut date, mut minute, mut whole, mut absent) = (0u32, None, 0, None, false);
        for (coordinate, class) in own {
            if coordinate.classifier.not_set() == Some(*class as u16) {
                absent = true;
                continue;
            }
            let raw = coordinate.samples[*class as usize];
            match (coordinate.part, &coordinate.classifier) {
                (Part::Presence, _) => absent |= *class == 0,
                (Part::Member(member), _) => set |= (*class) << member,
                (Part::Date, _) => date = Some(raw as i32),
                (Part::Time, _) => minute = raw as u16,
                (Part::Whole, Classifier::Identifier { known, same_as, .. }) => {
                    whole = Some(identifier(model, input, *class, *known, same_as, point, &all)?);
                }
                (Part::Whole, _) => whole = Some(plain(&model.schema.inputs[input].ty, raw)?),
            }
        }
        all.push(match (absent, whole, date) {
            (true, ..) => Value::NotSet,
            (_, Some(value), _) => value,
            (_, _, Some(day)) => Value::Moment(day, minute),
            _ => Value::Set(set),
        });
    }
    Some(all)
}

fn identifier(
    model: &Model,
    input: InputId,
    class: u32,
    known: u32,
    same_as: &[InputId],
    point: &[u32],
    before: &[Value],
) -> Option<Value> {
    let Type::Identifier(kind) = model.schema.inputs[input].ty else { return None };
    if class < known {
        return Some(Value::Identifier(model.schema.identifiers[kind].names[class as usize].clone()));
    }
    let Some(&other) = same_as.get((class - known) as usize) else {
        return Some(Value::Identifier(format!("stranger-{input}")));
    };
    // The same as another one: only where that one is nobody else's name.
    let at = model.coordinates.iter().position(|c| c.input == other)?;
    let Classifier::Identifier { known, same_as, .. } = &model.coordinates[at].classifier else { return None };
    (point[at] == known + same_as.len() as u32).then(|| before[other].clone())
}

fn plain(ty: &Type, raw: i64) -> Option<Value> {
    Some(match ty {
        Type::YesNo => Value::YesNo(raw == 1),
        Type::OneOf(_) => Value::Choice(raw as u8),
        Type::Number(..) => Value::Number(raw as u32),
        Type::Duration(..) => Value::Duration(raw as u32),
        Type::Date(..) => Value::Date(raw as i32),
        Type::Time => Value::Time(raw as u16),
        Type::SetOf(_) | Type::Moment(_) | Type::Identifier(_) => return None,
    })
}

/// The request one version sees; nothing if it has no words for a value.
pub fn told(pair: &Pair, policy: &Policy, values: &[Value], version: usize) -> Option<Request> {
    let mut request = Request { values: vec![None; policy.schema.inputs.len()] };
    for (input, value) in values.iter().enumerate() {
        let place = pair.inputs[input];
        let Some(own) = (if version == 0 { place.0 } else { place.1 }) else { continue };
        let (from, to) = (&pair.model.schema.inputs[input].ty, &policy.schema.inputs[own].ty);
        request.set(own, in_words_of(value, from.labels(), to.labels())?);
    }
    Some(request)
}

fn in_words_of(value: &Value, from: &[Label], to: &[Label]) -> Option<Value> {
    let place = |at: usize| to.iter().position(|label| label.name == from[at].name);
    Some(match value {
        Value::Choice(choice) => Value::Choice(place(usize::from(*choice))? as u8),
        Value::Set(mask) => {
            let members = (0..from.len()).filter(|at| mask >> at & 1 == 1);
            Value::Set(members.map(place).try_fold(0, |set, at| Some(set | 1 << at?))?)
        }
        other => other.clone(),
    })
}

/// By common input: the values of a request of the newer version; inputs only the older one has are at their first class.
pub fn values_of_request(pair: &Pair, new: &Policy, request: &Request) -> Option<Vec<Value>> {
    let model = &pair.model;
    let first = values(model, &vec![0; model.coordinates.len()]);
    let mut all = Vec::new();
    for (input, (_, own)) in pair.inputs.iter().enumerate() {
        all.push(match own {
            Some(own) => {
                let (from, to) = (&new.schema.inputs[*own].ty, &model.schema.inputs[input].ty);
                in_words_of(request.get(*own)?, from.labels(), to.labels())?
            }
            None => first.as_ref()?[input].clone(),
        });
    }
    Some(all)
}

/// The classes of a request of the newer version.
pub fn of_request(pair: &Pair, new: &Policy, request: &Request) -> Option<Vec<u32>> {
    if !new
        .schema
        .inputs
        .iter()
        .enumerate()
        .all(|(at, input)| request.get(at).is_some_and(|v| keyward::eval::fits(input, v)))
    {
        return None;
    }
    let values = values_of_request(pair, new, request)?;
    let request = Request { values: values.into_iter().map(Some).collect() };
    classes::of_request(&pair.model, &request).ok()?.into_iter().collect()
}
