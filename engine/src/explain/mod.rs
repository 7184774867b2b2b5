//! Why a request is answered as it is, and what would change it.
//!
//! In: a policy, its model and one request. Out: an [`Explanation`]: the rules that decided, the facts that force the
//! outcome, the nearest requests with another one, until when it holds, and, where facts are unknown, what is still open.
//! Refuses to know: the plain evaluator, bytes and JSON. Everything is read off the diagrams, and is exact or not given.

mod change;
mod facts;
mod flips;
mod ground;
mod invalid;
mod nearest;
mod open;
mod rules;
mod types;
mod until;
mod words;

pub use types::{
    Applied, Ask, Audience, Change, Explanation, Fact, Fault, Flip, Next, Open, Question, Reason, Row, Said, Trouble,
    Until, Ways, Who,
};

use crate::model::{AssertModel, BLANK, Model, YES};
use crate::schema::AnswerKind;
use crate::space::words::Point;
use crate::space::{classes, words as example};
use crate::typed::Policy;
use crate::value::{Part, Request, Status};
use ground::{Allowed, Ground, Region};

/// Explains the answer to one request.
pub fn explain(
    policy: &Policy,
    model: &mut Model,
    request: &Request,
    question: &Question,
) -> Result<Explanation, Trouble> {
    let declared = policy.schema.decisions.get(question.decision).ok_or(Trouble::Unknown)?;
    if question.answer.is_some_and(|answer| answer >= declared.answers.len()) {
        return Err(Trouble::Unknown);
    }
    tidy_up(model);
    let (point, misfit) = match classes::of_request(model, request) {
        Ok(point) => (point, None),
        Err(input) => (vec![None; model.coordinates.len()], Some(input)),
    };
    let faults = invalid::values(model, request, misfit);
    let mut ground = Ground::new(policy, model, question.decision, request, point)?;
    let mut found = Explanation {
        decision: declared.name.clone(),
        question: declared.text.clone(),
        status: Status::Ok,
        answers: Vec::new(),
        unsure_because: String::new(),
        faults,
        rules: Vec::new(),
        completed: None,
        reason: None,
        reasons: Vec::new(),
        flips: Vec::new(),
        until: Vec::new(),
        open: None,
    };
    if found.faults.is_empty() {
        tell(&mut ground, question, &mut found)?;
    } else {
        found.status = Status::UnsureInvalid;
    }
    if found.status != Status::Ok {
        unsure(&ground, &mut found);
    }
    for_audience(&mut found, question.audience);
    Ok(found)
}

/// Explains a request whose values are all possible ones.
fn tell(ground: &mut Ground<'_>, question: &Question, found: &mut Explanation) -> Result<(), Trouble> {
    let kept: Vec<bool> = ground.request.values.iter().map(Option::is_some).collect();
    let region = ground.region(&kept)?;
    let possible = open::possible(ground, &region)?;
    if possible.iter().flatten().any(Vec::is_empty) {
        found.status = Status::UnsureInvalid;
        found.faults = invalid::assumptions(ground, &region)?;
        return Ok(());
    }
    let wide = question.audience > Audience::Person;
    let Some(outcome) = open::certain(&possible) else {
        found.status = Status::UnsureMissing;
        found.answers = said(ground, &possible);
        if wide {
            found.open = Some(open::open(ground, &region, &possible, question.answer)?);
        }
        return Ok(());
    };
    found.answers = said(ground, &possible);
    let (point, completed) = complete(ground, &region)?;
    found.rules = rules::applied(ground, &point, &outcome);
    found.completed = completed;
    found.until = until::all(ground, &region, &outcome)?;
    if wide {
        found.reason = Some(facts::reason(ground, &outcome, None)?);
        for answer in 0..outcome.len() {
            if question.answer.is_none_or(|asked| asked == answer) {
                found.reasons.push(facts::reason(ground, &outcome, Some(answer))?);
            }
        }
    }
    if wide && found.completed.is_none() {
        let furthest = if question.audience == Audience::Author { Who::Nobody } else { Who::Organization };
        found.flips = flips::all(ground, &point, &outcome, question, furthest)?;
    }
    Ok(())
}

/// The answers with what is possible of each.
fn said(ground: &Ground<'_>, possible: &open::Possible) -> Vec<Said> {
    let answers = &ground.policy.schema.decisions[ground.decision].answers;
    let each = possible.iter().zip(answers).enumerate();
    each.map(|(answer, (roots, declared))| {
        let mut left = Vec::new();
        if let AnswerKind::SetOf(labels) = &declared.kind {
            if roots.iter().flatten().any(|&value| value == BLANK) {
                left.push("blank".to_string());
            }
            for (label, values) in labels.iter().zip(roots) {
                let words = |value: u32| if value == YES { "with" } else { "without" };
                let shown = values.iter().filter(|value| **value != BLANK);
                left.extend(shown.map(|&value| format!("{} {}", words(value), label.name)));
            }
        } else {
            let values = roots.iter().flatten();
            left.extend(values.map(|&value| words::one_value(ground, answer, value)));
        }
        let certain: Option<Vec<u32>> =
            roots.iter().map(|values| if let [one] = values.as_slice() { Some(*one) } else { None }).collect();
        let value = certain.map_or("open".to_string(), |values| words::value(ground, answer, &values));
        Said { answer: declared.name.clone(), value, possible: left }
    })
    .collect()
}

/// A complete point of a region, with words for what was unknown.
fn complete(ground: &mut Ground<'_>, region: &Region) -> Result<(Vec<u32>, Option<String>), Trouble> {
    if ground.request.is_complete() && ground.request.values.len() == ground.model.schema.inputs.len() {
        return Ok((ground.point.iter().map(|class| class.unwrap_or(0)).collect(), None));
    }
    let valid = ground.model.valid;
    let here = ground.model.forest.and(valid, region.tie)?;
    // More than all familiar classes together cost: no path with a class that is not allowed is ever the cheapest.
    let barred = 1 << 20;
    let cost = |c: u16, class: u32| match region.allowed.get(usize::from(c)) {
        Some(Allowed::One(only)) if *only != class => barred,
        _ => example::cost(ground.model, c, class),
    };
    let Some(chosen) = ground.model.forest.witness(here, |value| value == YES, cost) else {
        return Err(Trouble::Unverified("no completion".to_string()));
    };
    let mut shown: Point = vec![None; chosen.len()];
    let mut point = Vec::with_capacity(chosen.len());
    for (at, coordinate) in ground.model.coordinates.iter().enumerate() {
        let class = match (&region.allowed[at], chosen.get(at).copied().flatten()) {
            (Allowed::One(only), _) => *only,
            (_, Some(class)) => class,
            (_, None) if ground.request.get(coordinate.input).is_some() => ground.point[at].unwrap_or(0),
            (_, None) => example::usual(ground.model, coordinate),
        };
        if ground.request.get(coordinate.input).is_none() {
            shown[at] = Some(class);
        }
        point.push(class);
    }
    Ok((point, Some(example::example(ground.model, &shown).words)))
}

/// The `if unsure` record takes the place of what is not certain.
fn unsure(ground: &Ground<'_>, found: &mut Explanation) {
    let decision = &ground.policy.decisions[ground.decision];
    found.unsure_because.clone_from(&decision.unsure_because);
    let declared = &ground.policy.schema.decisions[ground.decision].answers;
    let possible: Vec<Vec<String>> = found.answers.drain(..).map(|said| said.possible).collect();
    for (answer, (value, declared)) in decision.unsure.iter().zip(declared).enumerate() {
        let value = words::unsure_value(ground, answer, *value);
        let possible = possible.get(answer).cloned().unwrap_or_default();
        found.answers.push(Said { answer: declared.name.clone(), value, possible });
    }
}

/// Takes out what the reader is not meant to see: telling what would change an answer may coach an attacker.
fn for_audience(found: &mut Explanation, audience: Audience) {
    if audience == Audience::Author {
        return;
    }
    found.rules.retain(|rule| rule.part == Part::Deciding);
    if audience == Audience::Operator {
        return;
    }
    found.answers.clear();
    found.faults.clear();
    found.completed = None;
    for rule in &mut found.rules {
        *rule = Applied {
            name: String::new(),
            because: std::mem::take(&mut rule.because),
            cite: String::new(),
            part: rule.part,
            says: Vec::new(),
            overrides: Vec::new(),
            overridden_by: Vec::new(),
        };
    }
    for until in &mut found.until {
        if let Next::At(_, _, then) = &mut until.next {
            then.clear();
        }
    }
}

/// Frees what earlier explanations left behind, when there is much of it.
fn tidy_up(model: &mut Model) {
    if model.forest.len() <= model.forest.budget() / 4 {
        return;
    }
    let answers = model.decisions.iter().flat_map(|d| &d.answers).flat_map(|a| a.roots.iter().copied());
    let mut keep: Vec<_> = std::iter::once(model.valid).chain(answers).collect();
    keep.extend(model.rules.iter().map(|rule| rule.guard));
    for assert in &model.promises.asserts {
        if let AssertModel::Unchanged { old, valid, .. } = assert {
            keep.push(*valid);
            keep.extend(old.iter().map(|old| old.diagram));
        }
    }
    model.forest.collect(&keep);
}
