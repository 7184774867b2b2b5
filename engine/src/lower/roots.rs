//! Building the diagrams of a model: what is valid, every answer, every rule; and finding a good order for them.
//!
//! In: conditions and rules. Out: roots in a forest that stays within its budget, or which inputs made it grow.
//! Refuses to know: whether answers are right.

use super::order;
use crate::codes::{KW129, KW200};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{
    AssertModel, BLANK, Classifier, Condition, ConditionId, Coordinate, CoordinateId, DecisionModel, Model, RuleModel,
};
use crate::schema::{AnswerId, AnswerKind, DecisionId, Origin, Schema};
use crate::space::answers::{Answers, Join};
use crate::space::conditions::{Conditions, Roots, Space, possible_identifiers};
use crate::typed::Policy;

/// Node visits one sifting may take. Counted, not timed: the same policy gives the same order everywhere.
pub(super) const SIFT_VISITS: u64 = 3_000_000;

/// Nodes and runs from which reordering pays while diagrams are still being built.
pub(super) const FIRST_SIFT: usize = 500;

/// Why diagrams could not be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The node budget is used up; the coordinates with the most nodes.
    Exploded(Vec<CoordinateId>),
    /// This answer needs itself.
    Cycle(DecisionId, AnswerId),
}

impl Failure {
    /// The failure in words.
    pub(super) fn explain(&self, policy: &Policy, model: &Model) -> Diagnostic {
        let schema = &policy.schema;
        match self {
            Failure::Exploded(coordinates) => {
                let mut inputs: Vec<usize> = Vec::new();
                for coordinate in coordinates.iter().filter_map(|&c| model.coordinates.get(usize::from(c))) {
                    if !inputs.contains(&coordinate.input) {
                        inputs.push(coordinate.input);
                    }
                }
                let names: Vec<String> = inputs.iter().map(|&i| format!("`{}`", schema.inputs[i].name)).collect();
                let message = format!("the rules entangle {} too much to analyse", names.join(", "));
                let mut found = Diagnostic::new(KW200, policy.span, message)
                    .note(format!("The diagrams of this policy need more than {} nodes.", model.forest.budget()))
                    .hint("Split the decision, or let the host work out one fact from several of these inputs.");
                for &input in &inputs {
                    found = found.label(schema.inputs[input].span, "takes part in it");
                }
                found
            }
            Failure::Cycle(decision, answer) => {
                let (decision, answer) = (&schema.decisions[*decision], &schema.decisions[*decision].answers[*answer]);
                let message = format!(
                    "`{}.{}` depends on itself through the conditions of its rules",
                    decision.name, answer.name
                );
                Diagnostic::new(KW129, answer.span, message)
            }
        }
    }
}

/// A forest with a sensible first order: settings, then the inputs most rules use, identifiers last; parts of one input together.
pub(super) fn forest(
    schema: &Schema,
    coordinates: &[Coordinate],
    conditions: &[Condition],
    rules: &[RuleModel],
) -> Forest {
    let used = uses(coordinates.len(), conditions, rules);
    let by_input = |input: usize| {
        let own = coordinates.iter().zip(&used).filter(|(c, _)| c.input == input);
        own.map(|(_, used)| *used).max().unwrap_or(0)
    };
    let mut order: Vec<CoordinateId> = (0..coordinates.len() as CoordinateId).collect();
    order.sort_by_key(|&c| {
        let coordinate = &coordinates[usize::from(c)];
        let setting = schema.inputs[coordinate.input].origin == Origin::Setting;
        let kind = match coordinate.classifier {
            _ if setting => 0,
            Classifier::Identifier { .. } => 2,
            _ => 1,
        };
        (kind, std::cmp::Reverse(by_input(coordinate.input)), coordinate.input, c)
    });
    Forest::new(coordinates.iter().map(|c| c.classes).collect(), &order)
}

/// How many rules use each coordinate.
fn uses(coordinates: usize, conditions: &[Condition], rules: &[RuleModel]) -> Vec<usize> {
    let words = coordinates.div_ceil(64);
    let mut below: Vec<Vec<u64>> = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let mut own = vec![0u64; words];
        let mut add = |coordinate: &CoordinateId| own[usize::from(*coordinate) / 64] |= 1 << (coordinate % 64);
        match condition {
            Condition::In(coordinate, _) => add(coordinate),
            Condition::Same(a, b) => [a, b].into_iter().for_each(add),
            Condition::And(parts) | Condition::Or(parts) | Condition::AtLeast(_, parts) => {
                for &part in parts {
                    own.iter_mut().zip(&below[part as usize]).for_each(|(own, part)| *own |= part);
                }
            }
            Condition::Not(inner) => own.clone_from(&below[*inner as usize]),
            Condition::Constant(_) | Condition::Answer(..) | Condition::Member(..) => {}
        }
        below.push(own);
    }
    let mut used = vec![0; coordinates];
    for rule in rules {
        for (coordinate, used) in used.iter_mut().enumerate() {
            *used += (below[rule.condition as usize][coordinate / 64] >> (coordinate % 64) & 1) as usize;
        }
    }
    used
}

/// Builds what is valid and every answer of the model.
pub(super) fn build(model: &mut Model) -> Result<(), Failure> {
    let space = Space { coordinates: &model.coordinates, conditions: &model.conditions };
    let what =
        Parts { space, schema: &model.schema, rules: &model.rules, valid: model.valid_condition, calm: FIRST_SIFT };
    model.valid = what.build(&mut model.forest, &mut model.decisions, &[])?;
    Ok(())
}

/// Finds a good order for the roots that are kept, then builds what follows from them: blanked answers and the diagrams
/// of all rules.
pub(super) fn settle(model: &mut Model) -> Result<(), Failure> {
    let keep = kept(model);
    model.forest.sift(&keep, SIFT_VISITS);
    blank(&mut model.forest, &mut model.decisions).map_err(|_| exploded(&model.forest))?;
    let roots = super::answer_roots(model);
    let space = Space { coordinates: &model.coordinates, conditions: &model.conditions };
    let mut known = Conditions::new();
    for rule in &mut model.rules {
        let built = known.diagram(&mut model.forest, space, &roots, rule.condition);
        rule.guard = built.map_err(|_| exploded(&model.forest))?;
    }
    Ok(())
}

/// Every root a model keeps, apart from what [`settle`] builds anew.
pub(super) fn kept(model: &Model) -> Vec<Ref> {
    let mut keep = vec![model.valid];
    keep.extend(model.decisions.iter().flat_map(|d| &d.answers).flat_map(|a| a.bare.iter().copied()));
    for assert in &model.promises.asserts {
        if let AssertModel::Unchanged { old, valid, .. } = assert {
            keep.push(*valid);
            keep.extend(old.iter().map(|old| old.diagram));
        }
    }
    keep
}

/// Fills the blanked roots of every answer from the bare ones.
pub(super) fn blank(forest: &mut Forest, decisions: &mut [DecisionModel]) -> Result<(), Exploded> {
    for decision in decisions {
        for answer in decision.order.clone() {
            blank_one(forest, decision, answer)?;
        }
    }
    Ok(())
}

/// Fills the blanked roots of one answer; the answer it depends on has its own. Gives where it is shown.
fn blank_one(forest: &mut Forest, decision: &mut DecisionModel, answer: AnswerId) -> Result<Ref, Exploded> {
    let shown = shown(forest, decision, answer)?;
    let it = &mut decision.answers[answer];
    it.roots.clear();
    for &bare in &it.bare {
        it.roots.push(forest.if_then_else(shown, bare, Ref::terminal(BLANK))?);
    }
    Ok(shown)
}

/// Where an answer is not blank.
fn shown(forest: &mut Forest, decision: &DecisionModel, answer: AnswerId) -> Result<Ref, Exploded> {
    let Some((earlier, terminals)) = &decision.answers[answer].only_when else { return Ok(Ref::TRUE) };
    let earlier = decision.answers[*earlier].roots.first().copied().unwrap_or(Ref::FALSE);
    forest.values_where(earlier, |value| terminals.binary_search(&value).is_ok())
}

/// What the roots of one policy are built from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    /// Coordinates and conditions.
    pub(super) space: Space<'a>,
    /// The policy's vocabulary.
    pub(super) schema: &'a Schema,
    /// Its rules.
    pub(super) rules: &'a [RuleModel],
    /// What is valid, identifiers apart.
    pub(super) valid: ConditionId,
    /// Nodes and runs up to which nothing is reordered.
    pub(super) calm: usize,
}

impl Parts<'_> {
    /// Builds all answers and returns what is valid. `keep` are roots of others in the same forest.
    pub(super) fn build(
        &self,
        forest: &mut Forest,
        decisions: &mut [DecisionModel],
        keep: &[Ref],
    ) -> Result<Ref, Failure> {
        let places = order::answers(self.space.conditions, self.rules, decisions)
            .map_err(|(decision, answer)| Failure::Cycle(decision, answer))?;
        for (decision, model) in decisions.iter_mut().enumerate() {
            model.order = places.iter().filter(|place| place.0 == decision).map(|place| place.1).collect();
        }
        let mut known = Conditions::new();
        let nothing: Roots = decisions.iter().map(|d| vec![Vec::new(); d.answers.len()]).collect();
        let valid = self.valid(forest, &mut known, &nothing).map_err(|_| exploded(forest))?;
        let mut next_sift = self.calm;
        for (decision, answer) in places {
            let mut again = false;
            while let Err(Exploded) = self.answer(forest, &mut known, decisions, (decision, answer), valid) {
                if again {
                    return Err(exploded(forest));
                }
                again = true;
                // A better order for what stands so far may leave room for what comes.
                forest.sift(&held(decisions, keep, valid), SIFT_VISITS);
                known = Conditions::new();
                blank(forest, decisions).map_err(|_| exploded(forest))?;
            }
            // Early reordering keeps what follows small: whenever the roots have doubled since the last time.
            let all = held(decisions, keep, valid);
            let size = forest.size(&all);
            if size.nodes + size.edges > next_sift {
                let done = forest.sift(&all, SIFT_VISITS);
                next_sift = (2 * done.after).max(self.calm);
                known = Conditions::new();
                blank(forest, decisions).map_err(|_| exploded(forest))?;
            }
        }
        Ok(valid)
    }

    fn valid(&self, forest: &mut Forest, known: &mut Conditions, roots: &Roots) -> Result<Ref, Exploded> {
        let assumed = known.diagram(forest, self.space, roots, self.valid)?;
        let possible = possible_identifiers(forest, self.space.coordinates)?;
        forest.and(assumed, possible)
    }

    /// Builds the roots of one answer: bare, made small where requests are not valid or it is blank, and blanked.
    fn answer(
        &self,
        forest: &mut Forest,
        known: &mut Conditions,
        decisions: &mut [DecisionModel],
        (decision, answer): (DecisionId, AnswerId),
        valid: Ref,
    ) -> Result<(), Exploded> {
        let roots: Roots = decisions.iter().map(|d| d.answers.iter().map(|a| a.roots.clone()).collect()).collect();
        let mut guards = vec![Ref::FALSE; self.rules.len()];
        let look = Answers { rules: self.rules, guards: &guards, without: None };
        for (rule, relevant) in look.relevant(decision, answer).into_iter().enumerate() {
            if relevant {
                guards[rule] = known.diagram(forest, self.space, &roots, self.rules[rule].condition)?;
            }
        }
        let answers = Answers { rules: self.rules, guards: &guards, without: None };
        let kind = &self.schema.decisions[decision].answers[answer].kind;
        let normally = &decisions[decision].normally;
        let mut bare = answer_roots(&answers, forest, (decision, answer), kind, normally)?;
        let shown = shown(forest, &decisions[decision], answer)?;
        let care = forest.and(valid, shown)?;
        for root in &mut bare {
            let small = forest.simplify(*root, care)?;
            if weight(forest, small) <= weight(forest, *root) {
                *root = small;
            }
        }
        decisions[decision].answers[answer].bare = bare;
        blank_one(forest, &mut decisions[decision], answer)?;
        Ok(())
    }
}

/// The roots of one answer before `only when`: one, or one a member.
fn answer_roots(
    answers: &Answers<'_>,
    forest: &mut Forest,
    (decision, answer): (DecisionId, AnswerId),
    kind: &AnswerKind,
    normally: &[crate::model::EffectModel],
) -> Result<Vec<Ref>, Exploded> {
    match Join::of(kind) {
        Some(join) => Ok(vec![answers.value(forest, decision, answer, join, normally)?]),
        None => {
            let members = 0..kind.labels().len() as u8;
            members.map(|member| answers.member(forest, decision, answer, member)).collect()
        }
    }
}

/// The budget is used up: the coordinates to name.
pub(super) fn exploded(forest: &Forest) -> Failure {
    Failure::Exploded(forest.widest(4))
}

fn held(decisions: &[DecisionModel], keep: &[Ref], valid: Ref) -> Vec<Ref> {
    let own = decisions.iter().flat_map(|d| &d.answers).flat_map(|a| a.bare.iter().copied());
    own.chain(keep.iter().copied()).chain([valid]).collect()
}

fn weight(forest: &Forest, root: Ref) -> usize {
    let size = forest.size(&[root]);
    size.nodes + size.edges
}
