//! From conditions to diagrams: each condition is built once.
//!
//! In: the conditions and coordinates of a model, the answer roots built so far. Out: a truth-valued diagram.
//! Refuses to know: rules and how answers are made.

use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{BLANK, CONFLICT, Classifier, Condition, ConditionId, Coordinate, GAP, NO, YES};
use crate::schema::{AnswerId, DecisionId};

/// Answer roots, by decision, answer and member; empty where not built yet.
pub type Roots = Vec<Vec<Vec<Ref>>>;

/// The diagrams of conditions, worked out when first asked for. Must be dropped when the forest is collected.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    known: Vec<Option<Ref>>,
}

impl Conditions {
    /// Nothing worked out yet.
    #[must_use]
    pub fn new() -> Conditions {
        Conditions::default()
    }

    /// The requests for which a condition holds.
    pub fn diagram(
        &mut self,
        forest: &mut Forest,
        space: Space<'_>,
        roots: &Roots,
        condition: ConditionId,
    ) -> Result<Ref, Exploded> {
        let at = condition as usize;
        if let Some(Some(found)) = self.known.get(at) {
            return Ok(*found);
        }
        let built = match &space.conditions[at] {
            Condition::Constant(true) => Ref::TRUE,
            Condition::Constant(false) => Ref::FALSE,
            Condition::In(coordinate, classes) => {
                forest.test(*coordinate, |class| classes.binary_search(&(class as u16)).is_ok())?
            }
            Condition::Same(a, b) => same(forest, space.coordinates, *a, *b)?,
            Condition::Answer(decision, answer, terminals) => {
                let root = root(roots, *decision, *answer, 0);
                forest.values_where(root, |value| terminals.binary_search(&value).is_ok())?
            }
            Condition::Member(decision, answer, member) => {
                let root = root(roots, *decision, *answer, *member);
                forest.values_where(root, |value| value == YES)?
            }
            Condition::Not(inner) => {
                let inner = self.diagram(forest, space, roots, *inner)?;
                forest.not(inner)?
            }
            Condition::And(parts) => {
                let parts = self.all(forest, space, roots, parts)?;
                forest.and_all(&parts)?
            }
            Condition::Or(parts) => {
                let parts = self.all(forest, space, roots, parts)?;
                forest.or_all(&parts)?
            }
            Condition::AtLeast(count, parts) => {
                let parts = self.all(forest, space, roots, parts)?;
                at_least(forest, *count, &parts)?
            }
        };
        if self.known.len() <= at {
            self.known.resize(space.conditions.len().max(at + 1), None);
        }
        self.known[at] = Some(built);
        Ok(built)
    }

    fn all(
        &mut self,
        forest: &mut Forest,
        space: Space<'_>,
        roots: &Roots,
        parts: &[ConditionId],
    ) -> Result<Vec<Ref>, Exploded> {
        parts.iter().map(|&part| self.diagram(forest, space, roots, part)).collect()
    }
}

/// What conditions refer to.
#[derive(Clone, Copy, Debug)]
pub struct Space<'a> {
    /// The coordinates of the model.
    pub coordinates: &'a [Coordinate],
    /// The conditions of the model.
    pub conditions: &'a [Condition],
}

/// The requests that are possible for identifiers: `same as` another input only where that one is fresh.
pub fn possible_identifiers(forest: &mut Forest, coordinates: &[Coordinate]) -> Result<Ref, Exploded> {
    let mut possible = Ref::TRUE;
    for (at, coordinate) in coordinates.iter().enumerate() {
        let Classifier::Identifier { known, same_as, .. } = &coordinate.classifier else { continue };
        for (position, &input) in same_as.iter().enumerate() {
            let Some(other) = coordinates.iter().position(|c| c.input == input) else { continue };
            let Classifier::Identifier { known: other_known, same_as: other_same, .. } = &coordinates[other].classifier
            else {
                continue;
            };
            let fresh = other_known + other_same.len() as u32;
            let claims = forest.test(at as u16, |class| class == known + position as u32)?;
            let backed = forest.test(other as u16, |class| class == fresh)?;
            let broken = forest.and_not(claims, backed)?;
            possible = forest.and_not(possible, broken)?;
        }
    }
    Ok(possible)
}

/// The same identifier: the same known name, the later one is `same as` the earlier, or both are `same as` a third.
fn same(forest: &mut Forest, coordinates: &[Coordinate], a: u16, b: u16) -> Result<Ref, Exploded> {
    let (a, b) = (a.min(b), a.max(b));
    let (first, second) = (&coordinates[a as usize], &coordinates[b as usize]);
    let (
        Classifier::Identifier { known, same_as: before, .. },
        Classifier::Identifier { known: known_b, same_as: after, .. },
    ) = (&first.classifier, &second.classifier)
    else {
        return Ok(Ref::FALSE);
    };
    let mut pairs: Vec<(u32, u32)> = (0..*known.min(known_b)).map(|name| (name, name)).collect();
    for (position, input) in after.iter().enumerate() {
        let claim = known_b + position as u32;
        if *input == first.input {
            pairs.push((known + before.len() as u32, claim));
        } else if let Some(shared) = before.iter().position(|earlier| earlier == input) {
            pairs.push((known + shared as u32, claim));
        }
    }
    let mut parts = Vec::with_capacity(pairs.len());
    for (left, right) in pairs {
        let left = forest.test(a, |class| class == left)?;
        let right = forest.test(b, |class| class == right)?;
        parts.push(forest.and(left, right)?);
    }
    forest.or_all(&parts)
}

/// True where at least `count` of the parts are.
fn at_least(forest: &mut Forest, count: u32, parts: &[Ref]) -> Result<Ref, Exploded> {
    // After each part, `reached[n]`: at least n of the parts so far hold.
    let mut reached = vec![Ref::FALSE; count as usize + 1];
    reached[0] = Ref::TRUE;
    for &part in parts {
        for n in (1..reached.len()).rev() {
            let step = forest.and(reached[n - 1], part)?;
            reached[n] = forest.or(reached[n], step)?;
        }
    }
    Ok(reached[count as usize])
}

fn root(roots: &Roots, decision: DecisionId, answer: AnswerId, member: u8) -> Ref {
    let found = roots.get(decision).and_then(|d| d.get(answer)).and_then(|a| a.get(usize::from(member)));
    found.copied().unwrap_or(Ref::terminal(BLANK))
}

/// True for terminals that are real values: not blank, no gap, no conflict.
#[must_use]
pub fn is_value(terminal: u32) -> bool {
    !matches!(terminal, BLANK | GAP | CONFLICT)
}

const _: () = assert!(NO == 0 && YES == 1, "truth-valued roots use the forest's own false and true");
