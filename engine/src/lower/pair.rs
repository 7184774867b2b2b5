//! Two versions of a policy as one model: common coordinates, one forest, the roots and rules of both.
//!
//! In: two typed policies, perhaps the model of one for a good order. Out: a [`Pair`], or why both together are too
//! entangled. Refuses to know: what of their difference is worth telling.

use super::common;
use super::conditions::Builder;
use super::older;
use super::roots::{self, FIRST_SIFT, Failure, Parts, SIFT_VISITS, exploded};
use super::{asked, coordinates, rules};
use crate::diagram::{Forest, Ref};
use crate::model::{
    Condition, ConditionId, Coordinate, CoordinateId, DecisionModel, Model, Named, NamedKind, Older, Pair, Promises,
    Proofs, RuleModel,
};
use crate::schema::{InputId, Schema, Type};
use crate::space::conditions::{Conditions, Roots, Space};
use crate::typed::{All, Clause, InputPredicate, InputTest, One, Policy};

/// Lowers both. `like` is a model whose order of coordinates is good for one of them; without it an order is searched.
/// Fails with a sentence.
pub fn pair(old: &Policy, new: &Policy, like: Option<&Model>) -> Result<Pair, String> {
    let common = common::vocabulary(&old.schema, &new.schema);
    let before = older::rebase_onto(old, &common.schema, &common.old).policy;
    let after = older::rebase_onto(new, &common.schema, &common.new).policy;
    let all = [&after, &before];
    let asked = asked::collect(&common.schema, &all);
    let coordinates = coordinates::build(&common.schema, &asked, &all)
        .map_err(|found| found.first().map_or(String::new(), |one| one.message.clone()))?;
    let mut forest = None;
    let mut sides = Vec::with_capacity(2);
    let mut keep = Vec::new();
    for policy in all {
        let mut side = Side::new(policy, &coordinates);
        let forest = forest.get_or_insert_with(|| match like {
            Some(like) => ordered_like(like, &common.schema, &coordinates),
            None => roots::forest(&common.schema, &coordinates, &side.conditions, &side.rules),
        });
        let calm = like.map_or(FIRST_SIFT, |like| 16 * like.forest.len().max(FIRST_SIFT));
        side.build(forest, &coordinates, &keep, calm)
            .map_err(|failure| explain(&failure, &common.schema, &coordinates))?;
        keep.extend(side.roots());
        sides.push(side);
    }
    let mut forest = forest.unwrap_or_else(|| Forest::new(Vec::new(), &[]));
    if like.is_none() {
        forest.sift(&keep, SIFT_VISITS);
    }
    let named = match named(&mut sides, &mut forest, &coordinates) {
        Ok(named) => named,
        Err(failure) => return Err(explain(&failure, &common.schema, &coordinates)),
    };
    let inputs = (0..common.schema.inputs.len())
        .map(|input| {
            let of = |places: &[Option<InputId>]| places.iter().position(|&place| place == Some(input));
            (of(&common.old), of(&common.new))
        })
        .collect();
    let (Some(old_side), Some(new_side)) = (sides.pop(), sides.pop()) else { return Err(String::new()) };
    let model = Model {
        identity: super::identity(new),
        schema: after.schema.clone(),
        coordinates,
        conditions: new_side.conditions,
        forest,
        valid: new_side.valid,
        valid_condition: new_side.valid_condition,
        assumptions: new_side.assumptions,
        decisions: new_side.decisions,
        rules: new_side.rules,
        proofs: Proofs::default(),
        promises: Promises::default(),
    };
    let Side { valid, decisions, rules, .. } = old_side;
    Ok(Pair { model, old: Older { schema: before.schema.clone(), valid, decisions, rules }, inputs, named })
}

/// One version over the common coordinates.
struct Side<'a> {
    policy: &'a Policy,
    conditions: Vec<Condition>,
    rules: Vec<RuleModel>,
    decisions: Vec<DecisionModel>,
    valid_condition: ConditionId,
    assumptions: Vec<ConditionId>,
    valid: Ref,
    named: Vec<(NamedKind, ConditionId)>,
}

impl<'a> Side<'a> {
    fn new(policy: &'a Policy, coordinates: &[Coordinate]) -> Side<'a> {
        let mut builder = Builder::new(policy, coordinates);
        let rules = rules::rules(&mut builder);
        let decisions = rules::decisions(&builder);
        let (valid_condition, assumptions) = builder.valid();
        let named = names(policy)
            .into_iter()
            .map(|(kind, one)| (kind, builder.all(&All { clauses: vec![Clause::One(one)], span: policy.span })))
            .collect();
        let conditions = builder.conditions;
        Side { policy, conditions, rules, decisions, valid_condition, assumptions, valid: Ref::TRUE, named }
    }

    fn build(
        &mut self,
        forest: &mut Forest,
        coordinates: &[Coordinate],
        keep: &[Ref],
        calm: usize,
    ) -> Result<(), Failure> {
        let space = Space { coordinates, conditions: &self.conditions };
        let schema = &self.policy.schema;
        let parts = Parts { space, schema, rules: &self.rules, valid: self.valid_condition, calm };
        self.valid = parts.build(forest, &mut self.decisions, keep)?;
        Ok(())
    }

    fn answers(&self) -> Roots {
        self.decisions.iter().map(|d| d.answers.iter().map(|a| a.roots.clone()).collect()).collect()
    }

    /// The roots from which all others follow.
    fn roots(&self) -> Vec<Ref> {
        let answers = self.decisions.iter().flat_map(|d| &d.answers).flat_map(|a| a.bare.iter().copied());
        answers.chain([self.valid]).collect()
    }

    /// Builds blanked answers and the diagrams of all rules; returns those of what has a name.
    fn guards(&mut self, forest: &mut Forest, coordinates: &[Coordinate]) -> Result<Vec<(NamedKind, Ref)>, Failure> {
        // Reordering for the other version has left only what they follow from.
        roots::blank(forest, &mut self.decisions).map_err(|_| exploded(forest))?;
        let answers = self.answers();
        let space = Space { coordinates, conditions: &self.conditions };
        let mut known = Conditions::new();
        for rule in &mut self.rules {
            let built = known.diagram(forest, space, &answers, rule.condition);
            rule.guard = built.map_err(|_| exploded(forest))?;
        }
        let mut named = Vec::new();
        for (kind, condition) in &self.named {
            let built = known.diagram(forest, space, &answers, *condition);
            named.push((kind.clone(), built.map_err(|_| exploded(forest))?));
        }
        Ok(named)
    }
}

/// Everything in a policy that gives a set of requests a name.
fn names(policy: &Policy) -> Vec<(NamedKind, One)> {
    let span = policy.span;
    let terms = policy.terms.iter().enumerate();
    let mut all: Vec<(NamedKind, One)> = terms
        .map(|(term, declared)| (NamedKind::Term(declared.name.clone()), One::Term { term, negated: false, span }))
        .collect();
    for condition in asked::conditions(policy) {
        for one in condition.clauses.iter().flat_map(asked::ones) {
            let One::Input(InputTest { input, predicate: InputPredicate::During(calendar), .. }) = one else {
                continue;
            };
            let moment = matches!(policy.schema.inputs.get(*input).map(|input| &input.ty), Some(Type::Moment(_)));
            let Some(name) = policy.calendars.get(*calendar).map(|calendar| calendar.name.clone()) else { continue };
            let kind = NamedKind::During(*input, name);
            if moment && !all.iter().any(|(known, _)| *known == kind) {
                let predicate = InputPredicate::During(*calendar);
                all.push((kind, One::Input(InputTest { input: *input, predicate, negated: false, span })));
            }
        }
    }
    all
}

/// Builds the diagrams of all rules, and of the names that mean the same in both versions or stand in one only.
fn named(sides: &mut [Side<'_>], forest: &mut Forest, coordinates: &[Coordinate]) -> Result<Vec<Named>, Failure> {
    let mut found: Vec<(NamedKind, Ref, bool)> = Vec::new();
    for side in sides.iter_mut() {
        for (kind, requests) in side.guards(forest, coordinates)? {
            match found.iter_mut().find(|(known, ..)| *known == kind) {
                // A name that has changed its meaning would mislead.
                Some((_, known, same)) => *same &= *known == requests,
                None => found.push((kind, requests, true)),
            }
        }
    }
    let inputs = sides.first().map_or(&[][..], |side| &side.policy.schema.inputs);
    let words = |kind: &NamedKind| match kind {
        NamedKind::Term(name) => (name.clone(), format!("not {name}")),
        NamedKind::During(input, name) => {
            let moment = inputs.get(*input).map_or("", |input| input.name.as_str());
            (format!("{moment} is during {name}"), format!("{moment} is outside {name}"))
        }
    };
    let usable = found.into_iter().filter(|(_, requests, same)| *same && !requests.is_terminal());
    Ok(usable
        .map(|(kind, requests, _)| {
            let (holds, fails) = words(&kind);
            Named { holds, fails, kind, requests }
        })
        .collect())
}

/// A forest whose coordinates stand in the order of a model's, where it has them; others last.
fn ordered_like(like: &Model, schema: &Schema, coordinates: &[Coordinate]) -> Forest {
    let mut order: Vec<CoordinateId> = Vec::with_capacity(coordinates.len());
    for known in like.forest.order().iter().filter_map(|&c| like.coordinates.get(usize::from(c))) {
        let name = &like.schema.inputs[known.input].name;
        let same = |c: &Coordinate| c.part == known.part && schema.inputs[c.input].name == *name;
        order.extend(coordinates.iter().position(same).and_then(|at| CoordinateId::try_from(at).ok()));
    }
    Forest::new(coordinates.iter().map(|c| c.classes).collect(), &order)
}

/// The failure as a sentence.
fn explain(failure: &Failure, schema: &Schema, coordinates: &[Coordinate]) -> String {
    match failure {
        Failure::Exploded(widest) => {
            let mut names: Vec<String> = Vec::new();
            for coordinate in widest.iter().filter_map(|&c| coordinates.get(usize::from(c))) {
                let name = format!("`{}`", schema.inputs[coordinate.input].name);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            format!("the two versions together entangle {} too much to compare", names.join(", "))
        }
        Failure::Cycle(..) => "an answer of one version depends on itself".to_string(),
    }
}
