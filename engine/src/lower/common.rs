//! One vocabulary for two versions of a policy: every input of both, each with every value of both.
//!
//! In: two schemas. Out: inputs and identifiers that both can be told in. Refuses to know: rules and decisions.
//! The newer inputs come first and keep their numbers and values; what only the older version has follows.

use crate::schema::{IdentifierKind, Input, InputId, Label, Origin, Schema, Type};

/// The common vocabulary. It has no decisions.
pub(super) struct Common {
    /// Inputs and identifiers.
    pub(super) schema: Schema,
    /// By input of the older version: which one it is here.
    pub(super) old: Vec<Option<InputId>>,
    /// By input of the newer version: itself.
    pub(super) new: Vec<Option<InputId>>,
}

/// Makes it.
pub(super) fn vocabulary(old: &Schema, new: &Schema) -> Common {
    let mut schema = Schema { inputs: new.inputs.clone(), decisions: Vec::new(), identifiers: new.identifiers.clone() };
    for kind in &old.identifiers {
        add_names(&mut schema.identifiers, kind);
    }
    let mut places = Vec::with_capacity(old.inputs.len());
    for was in &old.inputs {
        let ty = told(&was.ty, old, &schema);
        let found = new.input(&was.name).and_then(|at| Some((at, joined(&ty, &schema.inputs[at].ty)?)));
        places.push(match found {
            Some((at, joined)) => {
                let input = &mut schema.inputs[at];
                input.ty = joined;
                input.optional |= was.optional;
                Some(at)
            }
            None => {
                let taken = new.input(&was.name).is_some();
                let name = if taken { format!("{} (as it was)", was.name) } else { was.name.clone() };
                schema.inputs.push(Input { name, ty, ..was.clone() });
                Some(schema.inputs.len() - 1)
            }
        });
    }
    // What only the older version has refers to inputs by its numbers.
    for input in schema.inputs.iter_mut().skip(new.inputs.len()) {
        let place = |of: InputId| places.get(of).copied().flatten().unwrap_or(of);
        input.origin = match input.origin {
            Origin::OutsideGroup(of) => Origin::OutsideGroup(place(of)),
            Origin::OutsideCalendar(of) => Origin::OutsideCalendar(place(of)),
            origin => origin,
        };
    }
    Common { schema, old: places, new: (0..new.inputs.len()).map(Some).collect() }
}

fn add_names(kinds: &mut Vec<IdentifierKind>, kind: &IdentifierKind) {
    match kinds.iter_mut().find(|known| known.name == kind.name) {
        Some(known) => {
            for name in &kind.names {
                if !known.names.contains(name) {
                    known.names.push(name.clone());
                }
            }
        }
        None => kinds.push(kind.clone()),
    }
}

/// The type with the kind of identifier in common numbers.
fn told(ty: &Type, own: &Schema, common: &Schema) -> Type {
    match ty {
        Type::Identifier(kind) => {
            let name = own.identifiers.get(*kind).map(|kind| &kind.name);
            Type::Identifier(common.identifiers.iter().position(|kind| Some(&kind.name) == name).unwrap_or(*kind))
        }
        ty => ty.clone(),
    }
}

/// A type that holds the values of both; nothing if they are of different kinds or there are too many.
fn joined(old: &Type, new: &Type) -> Option<Type> {
    Some(match (old, new) {
        (Type::YesNo, Type::YesNo) | (Type::Time, Type::Time) | (Type::Moment(_), Type::Moment(_)) => new.clone(),
        (Type::Identifier(a), Type::Identifier(b)) if a == b => new.clone(),
        (Type::OneOf(a), Type::OneOf(b)) => Type::OneOf(labels(a, b, 255)?),
        (Type::SetOf(a), Type::SetOf(b)) => Type::SetOf(labels(a, b, 31)?),
        (Type::Number(a, b), Type::Number(c, d)) => Type::Number(*a.min(c), *b.max(d)),
        (Type::Duration(a, b), Type::Duration(c, d)) => Type::Duration(*a.min(c), *b.max(d)),
        (Type::Date(a, b), Type::Date(c, d)) => Type::Date(*a.min(c), *b.max(d)),
        _ => return None,
    })
}

/// The newer values, then those only the older version has.
fn labels(old: &[Label], new: &[Label], most: usize) -> Option<Vec<Label>> {
    let gone = old.iter().filter(|label| !new.iter().any(|known| known.name == label.name));
    let all: Vec<Label> = new.iter().chain(gone).cloned().collect();
    (all.len() <= most.max(new.len())).then_some(all)
}
