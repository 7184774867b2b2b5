//! Explanations against the plain evaluator, by trying every request that can be told apart.
//! In: a small built policy and a request. Out: the first claim of the explanation that is not so.
//! Refuses to look into diagrams; only the number of the class of a value is taken from the model.

pub mod open;
pub mod until;

use crate::differential::{Built, diagram};
use crate::generate::{Requests, from_json};
use keyward::eval;
use keyward::explain::{Audience, Explanation, Fact, Question, Reason, Who, explain};
use keyward::model::{Classifier, Model, Part};
use keyward::schema::{AnswerId, AnswerKind, DecisionId, InputId, Origin, Value};
use keyward::typed::{AnswerValue, Policy};
use keyward::value::{Request, Source};
use std::collections::BTreeSet;

/// Everything that is asked of one request.
pub fn question(decision: DecisionId, answer: Option<AnswerId>) -> Question {
    Question { decision, answer, audience: Audience::Author, ties: 1_000 }
}

/// One request with every valid request it is compared with.
pub struct World<'a> {
    /// The policy the oracle reads.
    pub policy: &'a Policy,
    /// The model the explanation was read off.
    pub model: &'a Model,
    /// The decision.
    pub decision: DecisionId,
    /// The request.
    pub request: &'a Request,
    /// Every valid request that can be told apart, with its outcome.
    pub all: Vec<(Request, Vec<AnswerValue>)>,
}

impl<'a> World<'a> {
    /// Tries every combination of values; nothing if there are more than `limit`.
    pub fn new(
        policy: &'a Policy,
        model: &'a Model,
        decision: DecisionId,
        request: &'a Request,
        limit: usize,
    ) -> Option<World<'a>> {
        let maker = Requests::new(policy);
        let inputs = policy.schema.inputs.len();
        let mut values: Vec<Vec<Value>> = (0..inputs).map(|input| maker.candidates(input, request)).collect();
        for (input, own) in values.iter_mut().enumerate() {
            if let Some(value) = request.get(input).filter(|value| !own.contains(value)) {
                own.push(value.clone());
            }
        }
        let size = values.iter().try_fold(1usize, |size, own| size.checked_mul(own.len()))?;
        if size > limit {
            return None;
        }
        let mut all = Vec::new();
        for number in 0..size {
            let mut rest = number;
            let mut candidate = Request::default();
            for (input, own) in values.iter().enumerate() {
                candidate.set(input, own[rest % own.len()].clone());
                rest /= own.len();
            }
            if eval::is_valid(policy, &candidate) {
                let outcome = eval::decide(policy, decision, &candidate).ok()?;
                all.push((candidate, outcome.answers));
            }
        }
        Some(World { policy, model, decision, request, all })
    }

    /// The outcome of the request itself.
    pub fn outcome(&self) -> Vec<AnswerValue> {
        eval::decide(self.policy, self.decision, self.request).expect("a valid request is decided").answers
    }

    fn classes(&self, request: &Request) -> Vec<u32> {
        diagram::classes(self.model, request).expect("values that fit have classes")
    }
}

/// Compares everything said of a complete and valid request.
pub fn complete(world: &World<'_>, said: &Explanation) -> Result<(), String> {
    rules(world, said)?;
    let whole = said.reason.as_ref().ok_or("no reason")?;
    reason(world, whole, None)?;
    for (answer, own) in said.reasons.iter().enumerate() {
        reason(world, own, Some(answer)).map_err(|why| format!("{}: {why}", own.answer))?;
    }
    flips(world, said)
}

/// The parts of the rules are those the oracle finds.
fn rules(world: &World<'_>, said: &Explanation) -> Result<(), String> {
    let expected = eval::decide(world.policy, world.decision, world.request).map_err(|e| format!("{e:?}"))?.why;
    let name = |source: &Source| match source {
        Source::Rule(rule) => world.policy.rules[*rule].name.clone(),
        Source::Normally => "normally".to_owned(),
    };
    let expected: Vec<_> = expected.iter().map(|(part, source)| (*part, name(source))).collect();
    let found: Vec<_> = said.rules.iter().map(|rule| (rule.part, rule.name.clone())).collect();
    if found != expected {
        return Err(format!("rules: {expected:?}, not {found:?}"));
    }
    for rule in &said.rules {
        let overridden = rule.part == keyward::value::Part::Overridden;
        if overridden && rule.overridden_by.is_empty() {
            return Err(format!("{} is overridden by nothing", rule.name));
        }
    }
    Ok(())
}

/// A reason suffices, no fact can be left out, and no class can be added.
fn reason(world: &World<'_>, said: &Reason, answer: Option<AnswerId>) -> Result<(), String> {
    let outcome = world.outcome();
    let differs = |other: &[AnswerValue]| match answer {
        None => other != outcome,
        Some(answer) => other[answer] != outcome[answer],
    };
    let kept: Vec<InputId> = said.facts.iter().filter_map(|fact| world.policy.schema.input(&fact.input)).collect();
    let agrees = |other: &Request, inputs: &[InputId]| inputs.iter().all(|&i| other.get(i) == world.request.get(i));
    if let Some((other, _)) = world.all.iter().find(|(other, answers)| agrees(other, &kept) && differs(answers)) {
        return Err(format!("the reason {:?} does not suffice: {other:?}", said.facts));
    }
    for (at, fact) in said.facts.iter().enumerate() {
        let fewer: Vec<InputId> = kept.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, i)| *i).collect();
        if !world.all.iter().any(|(other, answers)| agrees(other, &fewer) && differs(answers)) {
            return Err(format!("the reason does not need {}", fact.input));
        }
    }
    let like = |other: &Request, but: Option<u16>| said.facts.iter().all(|fact| holds(world, fact, other, but));
    if let Some((other, _)) = world.all.iter().find(|(other, answers)| like(other, None) && differs(answers)) {
        return Err(format!("the widened reason {:?} does not suffice: {other:?}", said.facts));
    }
    for (fact, &input) in said.facts.iter().zip(&kept) {
        if is_compared(world.model, input) {
            continue;
        }
        for (coordinate, allowed) in &fact.classes {
            for class in (0..allowed.len()).filter(|&class| !allowed[class]) {
                let there = |other: &Request| {
                    is_asked(world, *coordinate, other)
                        && world.classes(other)[usize::from(*coordinate)] as usize == class
                        && like(other, Some(*coordinate))
                };
                if !world.all.iter().any(|(other, answers)| differs(answers) && there(other)) {
                    return Err(format!("{} could be wider: class {class} of {coordinate}", fact.input));
                }
            }
        }
    }
    Ok(())
}

/// Whether a fact is true of a request, one coordinate left aside.
fn holds(world: &World<'_>, fact: &Fact, other: &Request, but: Option<u16>) -> bool {
    let input = world.policy.schema.input(&fact.input).expect("a fact names an input");
    if is_compared(world.model, input) {
        return other.get(input) == world.request.get(input);
    }
    let classes = world.classes(other);
    fact.classes.iter().filter(|(coordinate, _)| Some(*coordinate) != but).all(|(coordinate, allowed)| {
        !is_asked(world, *coordinate, other) || allowed[classes[usize::from(*coordinate)] as usize]
    })
}

/// Whether a coordinate says anything of a request: the parts of what is not set do not.
fn is_asked(world: &World<'_>, coordinate: u16, other: &Request) -> bool {
    let own = &world.model.coordinates[usize::from(coordinate)];
    other.get(own.input) != Some(&Value::NotSet) || own.part == Part::Presence || own.classifier.not_set().is_some()
}

/// Whether an identifier is compared with others.
pub fn is_compared(model: &Model, input: InputId) -> bool {
    let compares = |of: InputId, with: InputId| {
        model.coordinates.iter().any(|c| {
            c.input == of && matches!(&c.classifier, Classifier::Identifier { same_as, .. } if same_as.contains(&with))
        })
    };
    let inputs = 0..model.schema.inputs.len();
    inputs.into_iter().any(|other| compares(input, other) || compares(other, input))
}

/// Who can change an input, by its declaration.
fn who(policy: &Policy, input: InputId) -> Who {
    let declared = &policy.schema.inputs[input];
    match declared.origin {
        Origin::Setting | Origin::OutsideGroup(_) => Who::Organization,
        _ if declared.fixed => Who::Nobody,
        _ => Who::Person,
    }
}

/// Every way is the nearest there is, nothing is missing, and each change does what it says.
fn flips(world: &World<'_>, said: &Explanation) -> Result<(), String> {
    let declared = &world.policy.schema.decisions[world.decision];
    for flip in &said.flips {
        let answer = declared.answers.iter().position(|a| a.name == flip.answer).ok_or("no such answer")?;
        let wanted = |answers: &[AnswerValue]| is_wanted(&declared.answers[answer].kind, answers[answer], &flip.value);
        let mut found = Vec::new();
        for limit in [Who::Person, Who::Organization, Who::Nobody] {
            let (size, sets) = nearest(world, limit, &wanted);
            let last = found.last().map(|(_, size, _)| *size);
            if sets.is_empty() || last.is_some_and(|last| last <= size) || (limit == Who::Nobody && last.is_some()) {
                continue;
            }
            found.push((limit, size, sets));
        }
        let told: Vec<_> = flip.ways.iter().map(|ways| (ways.who, ways.inputs, sets_of(world, ways))).collect();
        if told != found {
            return Err(format!("to {} {}: {found:?}, not {told:?}", flip.answer, flip.value));
        }
        for change in flip.ways.iter().flat_map(|ways| &ways.changes) {
            let request = from_json(&world.policy.schema, &change.request).ok_or("a change is no request")?;
            let there = eval::decide(world.policy, world.decision, &request).map_err(|e| format!("{e:?}"))?;
            if !eval::is_valid(world.policy, &request) || !wanted(&there.answers) {
                return Err(format!("{change:?} does not lead to {} {}", flip.answer, flip.value));
            }
            let moved: Vec<&String> = (0..world.policy.schema.inputs.len())
                .filter(|&input| request.get(input) != world.request.get(input))
                .map(|input| &world.policy.schema.inputs[input].name)
                .collect();
            if moved != change.inputs.iter().collect::<Vec<_>>() {
                return Err(format!("{moved:?} change, not {:?}", change.inputs));
            }
            let then = there.answers.iter().zip(world.outcome()).filter(|(a, b)| **a != *b).count();
            if then != change.then.len() || change.words.len() != change.inputs.len() {
                return Err(format!("{change:?}: {then} answers change"));
            }
        }
    }
    Ok(())
}

fn sets_of(world: &World<'_>, ways: &keyward::explain::Ways) -> BTreeSet<Vec<InputId>> {
    assert_eq!((ways.more, ways.at_least), (0, false), "all ties were asked for");
    let ids = |names: &Vec<String>| names.iter().filter_map(|name| world.policy.schema.input(name)).collect();
    ways.changes.iter().map(|change| ids(&change.inputs)).collect()
}

/// The smallest sets of inputs whose change leads to a wanted outcome.
fn nearest(world: &World<'_>, limit: Who, wanted: &dyn Fn(&[AnswerValue]) -> bool) -> (usize, BTreeSet<Vec<InputId>>) {
    let mut best = (usize::MAX, BTreeSet::new());
    for (other, _) in world.all.iter().filter(|(_, answers)| wanted(answers)) {
        let inputs = 0..world.policy.schema.inputs.len();
        let moved: Vec<InputId> = inputs.filter(|&input| other.get(input) != world.request.get(input)).collect();
        if moved.iter().any(|&input| who(world.policy, input) > limit) || moved.len() > best.0 {
            continue;
        }
        if moved.len() < best.0 {
            best = (moved.len(), BTreeSet::new());
        }
        best.1.insert(moved);
    }
    best
}

/// Whether an answer has the value that a flip names.
fn is_wanted(kind: &AnswerKind, value: AnswerValue, words: &str) -> bool {
    let label = |name: &str| kind.labels().iter().position(|label| label.name == name);
    match (kind, value) {
        (AnswerKind::SetOf(_), AnswerValue::Set(members)) => {
            let (with, name) = words.split_once(' ').unwrap_or_default();
            label(name).is_some_and(|at| (members >> at & 1 == 1) == (with == "with"))
        }
        (AnswerKind::Shortest(_), AnswerValue::Duration(minutes)) => {
            keyward::space::civil::duration_text(minutes) == words
        }
        (AnswerKind::Shortest(_), AnswerValue::NoLimit) => words == "no limit",
        (_, AnswerValue::Choice(choice)) => label(words) == Some(usize::from(choice)),
        _ => false,
    }
}

/// Explains a complete request of a built policy and checks all that is said.
pub fn check(
    truth: &Policy,
    built: &mut Built,
    decision: DecisionId,
    request: &Request,
    limit: usize,
) -> Option<Result<(), String>> {
    let model = built.model.clone();
    let world = World::new(truth, &model, decision, request, limit)?;
    let answers = truth.schema.decisions[decision].answers.len();
    let asked = std::iter::once(None).chain((0..answers).map(Some));
    for answer in asked {
        let said = explain(&built.policy, &mut built.model, request, &question(decision, answer));
        let checked = match (said, answer) {
            (Err(trouble), _) => Err(trouble.to_string()),
            (Ok(said), None) => complete(&world, &said),
            (Ok(said), Some(_)) => flips(&world, &said),
        };
        if checked.is_err() {
            return Some(checked);
        }
    }
    Some(Ok(()))
}
