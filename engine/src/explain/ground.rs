//! The ground of every explanation: one request of one decision, and regions of requests around it.
//!
//! In: a model and a request. Out: which values a region of requests can still have. Refuses to know: words.
//!
//! A region says for each coordinate which classes are allowed. Identifiers that are compared with each other are not a
//! product of classes: what the class of one is depends on the value of another. What is known of them is a diagram of its own.

use super::types::Trouble;
use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{Classifier, Condition, Coordinate, CoordinateId, Model};
use crate::schema::{AnswerId, DecisionId, InputId, Type, Value};
use crate::space::conditions::{Conditions, Roots, Space};
use crate::space::words::Point;
use crate::typed::Policy;
use crate::value::Request;

/// The value of an answer root where the request is not valid.
pub(super) const INVALID: u32 = 0xFFFB;

/// The classes a coordinate may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// All of them.
    Any,
    /// This one.
    One(u32),
    /// Those that are true, by class.
    Some(Vec<bool>),
}

/// A set of requests.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// By coordinate.
    pub(super) allowed: Vec<Allowed>,
    /// What is known of compared identifiers.
    pub(super) tie: Ref,
}

/// One request under explanation.
pub(super) struct Ground<'a> {
    pub(super) policy: &'a Policy,
    pub(super) model: &'a mut Model,
    pub(super) decision: DecisionId,
    pub(super) request: &'a Request,
    /// The class of each coordinate that is known.
    pub(super) point: Point,
    /// By answer: its roots, [`INVALID`] where the request is not valid.
    pub(super) roots: Vec<Vec<Ref>>,
    /// Whether a coordinate is an identifier that is compared with others.
    pub(super) compared: Vec<bool>,
    walk: Walk,
}

impl<'a> Ground<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        model: &'a mut Model,
        decision: DecisionId,
        request: &'a Request,
        point: Point,
    ) -> Result<Ground<'a>, Trouble> {
        let answers = model.decisions.get(decision).ok_or(Trouble::Unknown)?.answers.clone();
        let mut roots = Vec::with_capacity(answers.len());
        for answer in &answers {
            let guarded = answer.roots.iter().map(|&root| {
                let valid = model.valid;
                model.forest.if_then_else(valid, root, Ref::terminal(INVALID))
            });
            roots.push(guarded.collect::<Result<_, _>>()?);
        }
        let compared = model.coordinates.iter().map(|c| !same_as(c).is_empty() || is_named(model, c)).collect();
        Ok(Ground { policy, model, decision, request, point, roots, compared, walk: Walk::default() })
    }

    /// The coordinates of an input.
    pub(super) fn coordinates(&self, input: InputId) -> Vec<CoordinateId> {
        let all = self.model.coordinates.iter().zip(0..);
        all.filter(|(c, _)| c.input == input).map(|(_, number)| number).collect()
    }

    /// All requests that agree with this one on the inputs that are kept.
    pub(super) fn region(&mut self, kept: &[bool]) -> Result<Region, Exploded> {
        let is_kept = |c: &Coordinate| kept.get(c.input).copied().unwrap_or(false);
        let all_compared = self.model.coordinates.iter().zip(&self.compared).all(|(c, yes)| !yes || is_kept(c));
        let mut allowed = Vec::with_capacity(self.point.len());
        for (at, coordinate) in self.model.coordinates.iter().enumerate() {
            allowed.push(match self.point.get(at).copied().flatten() {
                Some(class) if is_kept(coordinate) && (all_compared || !self.compared[at]) => Allowed::One(class),
                _ => Allowed::Any,
            });
        }
        // The parts of what is not set say nothing.
        for (at, coordinate) in self.model.coordinates.iter().enumerate() {
            if self.request.get(coordinate.input) == Some(&Value::NotSet)
                && coordinate.classifier.not_set().is_none()
                && coordinate.part != crate::model::Part::Presence
            {
                allowed[at] = Allowed::Any;
            }
        }
        let tie = if all_compared { Ref::TRUE } else { self.tie(kept)? };
        Ok(Region { allowed, tie })
    }

    /// What is known of compared identifiers when the kept inputs keep their values: their names, if the policy knows them,
    /// and which of the others are the same. With the values of the kept unchanged, all else can be given names to fit.
    pub(super) fn tie(&mut self, kept: &[bool]) -> Result<Ref, Exploded> {
        let mut tie = Ref::TRUE;
        let mut strangers: Vec<(CoordinateId, &str)> = Vec::new();
        let request = self.request;
        for at in 0..self.model.coordinates.len() as CoordinateId {
            let coordinate = &self.model.coordinates[usize::from(at)];
            if !self.compared[usize::from(at)] || !kept.get(coordinate.input).copied().unwrap_or(false) {
                continue;
            }
            let Classifier::Identifier { known, not_set, .. } = &coordinate.classifier else { continue };
            let (known, not_set, none) = (*known, *not_set, not_set.map(u32::from));
            let own = match request.get(coordinate.input) {
                Some(Value::Identifier(name)) => match known_name(self.model, coordinate.input, name, known) {
                    Some(class) => self.model.forest.test(at, |it| it == class)?,
                    None => {
                        strangers.push((at, name));
                        self.model.forest.test(at, |it| it >= known && Some(it) != none)?
                    }
                },
                Some(_) => self.model.forest.test(at, |it| not_set.map(u32::from) == Some(it))?,
                None => continue,
            };
            tie = self.model.forest.and(tie, own)?;
        }
        for (place, &(b, name)) in strangers.iter().enumerate() {
            for &(a, other) in &strangers[..place] {
                let (first, second) =
                    (&self.model.coordinates[usize::from(a)], &self.model.coordinates[usize::from(b)]);
                if !same_as(second).contains(&first.input) {
                    continue;
                }
                let conditions = [Condition::Same(a, b)];
                let space = Space { coordinates: &self.model.coordinates, conditions: &conditions };
                let same = Conditions::new().diagram(&mut self.model.forest, space, &Roots::new(), 0)?;
                tie = if name == other {
                    self.model.forest.and(tie, same)?
                } else {
                    self.model.forest.and_not(tie, same)?
                };
            }
        }
        Ok(tie)
    }

    /// A root as a region sees it.
    pub(super) fn tied(&mut self, root: Ref, tie: Ref) -> Result<Ref, Exploded> {
        if tie == Ref::TRUE { Ok(root) } else { self.model.forest.if_then_else(tie, root, Ref::terminal(INVALID)) }
    }

    /// The values an answer's root has for valid requests of a region, ascending.
    pub(super) fn values(&mut self, root: Ref, region: &Region) -> Result<Vec<u32>, Exploded> {
        let root = self.tied(root, region.tie)?;
        let mut found = Vec::new();
        self.walk.reaches(&self.model.forest, &[root], &region.allowed, |value| {
            if value != INVALID && !found.contains(&value) {
                found.push(value);
            }
            false
        });
        found.sort_unstable();
        Ok(found)
    }

    /// Whether a valid request of the region leads from one of these roots to a value other than the group's.
    pub(super) fn differs(&mut self, groups: &[(u32, Vec<Ref>)], region: &Region) -> Result<bool, Exploded> {
        for (wanted, roots) in groups {
            let other = |value: u32| value != INVALID && value != *wanted;
            let found = if region.tie == Ref::TRUE {
                self.walk.reaches(&self.model.forest, roots, &region.allowed, other)
            } else {
                let mut tied = Vec::with_capacity(roots.len());
                for &root in roots {
                    tied.push(self.tied(root, region.tie)?);
                }
                self.walk.reaches(&self.model.forest, &tied, &region.allowed, other)
            };
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether some request of a region makes a truth-valued function true.
    pub(super) fn holds_somewhere(&mut self, f: Ref, region: &Region) -> Result<bool, Exploded> {
        let f = self.model.forest.and(f, region.tie)?;
        Ok(self.walk.reaches(&self.model.forest, &[f], &region.allowed, |value| value == 1))
    }

    /// The value of a root at a complete point.
    pub(super) fn value(&self, root: Ref, point: &[u32]) -> u32 {
        self.model.forest.value(root, |c| point.get(usize::from(c)).copied().unwrap_or(0))
    }

    /// What every root of every answer is at a complete point.
    pub(super) fn outcome(&self, point: &[u32]) -> Vec<Vec<u32>> {
        self.roots.iter().map(|roots| roots.iter().map(|&root| self.value(root, point)).collect()).collect()
    }

    /// The roots of some answers by the value they have, so that roots with one value are walked together.
    pub(super) fn groups(&self, outcome: &[Vec<u32>], answer: Option<AnswerId>) -> Vec<(u32, Vec<Ref>)> {
        let mut groups: Vec<(u32, Vec<Ref>)> = Vec::new();
        for (number, (roots, values)) in self.roots.iter().zip(outcome).enumerate() {
            if answer.is_some_and(|answer| answer != number) {
                continue;
            }
            for (&root, &value) in roots.iter().zip(values) {
                match groups.iter_mut().find(|(known, _)| *known == value) {
                    Some((_, roots)) => roots.push(root),
                    None => groups.push((value, vec![root])),
                }
            }
        }
        groups
    }
}

/// The class of a name the policy knows.
pub(super) fn known_name(model: &Model, input: InputId, name: &str, known: u32) -> Option<u32> {
    let Type::Identifier(kind) = model.schema.inputs.get(input)?.ty else { return None };
    model.schema.identifier(kind, name).and_then(|at| u32::try_from(at).ok()).filter(|&at| at < known)
}

/// The earlier inputs an identifier is compared with.
pub(super) fn same_as(coordinate: &Coordinate) -> &[InputId] {
    match &coordinate.classifier {
        Classifier::Identifier { same_as, .. } => same_as,
        _ => &[],
    }
}

/// Whether a later identifier is compared with this one.
fn is_named(model: &Model, coordinate: &Coordinate) -> bool {
    model.coordinates.iter().any(|other| same_as(other).contains(&coordinate.input))
}

/// Walks diagrams within regions; remembers where it has been.
#[derive(Default)]
struct Walk {
    seen: Vec<u32>,
    round: u32,
    todo: Vec<Ref>,
}

impl Walk {
    /// Whether a value that is `wanted` can be reached from one of the roots.
    fn reaches(
        &mut self,
        forest: &Forest,
        roots: &[Ref],
        allowed: &[Allowed],
        mut wanted: impl FnMut(u32) -> bool,
    ) -> bool {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.seen.clear();
            self.round = 1;
        }
        self.todo.clear();
        self.todo.extend_from_slice(roots);
        while let Some(f) = self.todo.pop() {
            let Some(coordinate) = forest.coordinate(f) else {
                if wanted(f.value().unwrap_or_default()) {
                    return true;
                }
                continue;
            };
            let at = f.number() as usize;
            if self.seen.len() <= at {
                self.seen.resize(at + 1, 0);
            }
            if std::mem::replace(&mut self.seen[at], self.round) == self.round {
                continue;
            }
            match allowed.get(usize::from(coordinate)) {
                Some(Allowed::One(class)) => self.todo.push(forest.child(f, *class)),
                Some(Allowed::Some(classes)) => {
                    let mut first = 0;
                    for run in forest.runs(f) {
                        let own = classes.get(first..=run.last as usize).unwrap_or_default();
                        if own.contains(&true) {
                            self.todo.push(run.to);
                        }
                        first = run.last as usize + 1;
                    }
                }
                _ => self.todo.extend(forest.runs(f).iter().map(|run| run.to)),
            }
        }
        false
    }
}

impl From<Exploded> for Trouble {
    fn from(Exploded: Exploded) -> Trouble {
        Trouble::Undecided
    }
}
