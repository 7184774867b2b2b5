//! Bugs planted in the diagrams: what a mistake in the algebra would leave behind. The oracle must find each of them.
//! In: a model. Out: the model as a compiler with that bug would have made it. Refuses to touch what the oracle reads.

use crate::generate::Random;
use keyward::diagram::{Forest, Ref, Run};
use keyward::model::{Model, NO, YES};
use keyward::schema::AnswerKind;
use std::collections::BTreeMap;

/// A bug: what it is called, and what it does to a model. False if there was nothing to do it to.
pub type Bug = (&'static str, fn(&mut Model, &mut Random) -> bool);

/// Every planted bug.
pub const BUGS: &[Bug] = &[
    ("neighbouring runs are merged", merged_runs),
    ("the last class is lost", lost_class),
    ("a boundary is one class too low", early_boundary),
    ("a boundary is one class too high", late_boundary),
    ("the branches of a node change places", swapped_branches),
    ("a duty is skipped", skipped_duty),
    ("a remembered result belongs to another operation", stale_result),
    ("what is valid is not asked", always_valid),
];

fn merged_runs(model: &mut Model, random: &mut Random) -> bool {
    spoil(model, random, &|runs| {
        let mut runs = runs.to_vec();
        if runs.len() < 3 {
            return None;
        }
        runs.remove(1);
        Some(runs)
    })
}

fn lost_class(model: &mut Model, random: &mut Random) -> bool {
    spoil(model, random, &|runs| {
        let [rest @ .., before, last] = runs else { return None };
        // The last class goes where the run before leads; a longer last run would keep the others.
        if last.last - before.last > 1 {
            return None;
        }
        let mut runs = rest.to_vec();
        runs.push(Run { last: last.last, to: before.to });
        Some(runs)
    })
}

fn early_boundary(model: &mut Model, random: &mut Random) -> bool {
    spoil(model, random, &|runs| {
        let mut runs = runs.to_vec();
        let first = runs.first_mut().filter(|first| first.last > 0)?;
        first.last -= 1;
        Some(runs)
    })
}

fn late_boundary(model: &mut Model, random: &mut Random) -> bool {
    spoil(model, random, &|runs| {
        let mut runs = runs.to_vec();
        let [first, second, ..] = runs.as_mut_slice() else { return None };
        if second.last - first.last < 2 {
            return None;
        }
        first.last += 1;
        Some(runs)
    })
}

fn swapped_branches(model: &mut Model, random: &mut Random) -> bool {
    spoil(model, random, &|runs| {
        let mut runs = runs.to_vec();
        let [first, second] = runs.as_mut_slice() else { return None };
        std::mem::swap(&mut first.to, &mut second.to);
        Some(runs)
    })
}

fn skipped_duty(model: &mut Model, random: &mut Random) -> bool {
    let mut members = places(model);
    members.retain(|&(decision, answer, _)| {
        matches!(model.schema.decisions[decision].answers[answer].kind, AnswerKind::SetOf(_))
    });
    let Some(&(decision, answer, root)) = random.pick(&members) else { return false };
    let number = model.forest.fresh_op();
    let before = model.decisions[decision].answers[answer].roots[root];
    let Ok(after) = model.forest.map(before, number, |value| if value == YES { NO } else { value }) else {
        return false;
    };
    model.decisions[decision].answers[answer].roots[root] = after;
    before != after
}

fn stale_result(model: &mut Model, random: &mut Random) -> bool {
    let places = places(model);
    let (Some(&(d1, a1, r1)), Some(&(d2, a2, r2))) = (random.pick(&places), random.pick(&places)) else {
        return false;
    };
    let found = model.decisions[d2].answers[a2].roots[r2];
    std::mem::replace(&mut model.decisions[d1].answers[a1].roots[r1], found) != found
}

fn always_valid(model: &mut Model, _: &mut Random) -> bool {
    std::mem::replace(&mut model.valid, Ref::TRUE) != Ref::TRUE
}

/// Every root of every answer.
fn places(model: &Model) -> Vec<(usize, usize, usize)> {
    let answers = model.decisions.iter().enumerate().flat_map(|(decision, it)| {
        it.answers.iter().enumerate().map(move |(answer, it)| (decision, answer, it.roots.len()))
    });
    answers.flat_map(|(decision, answer, roots)| (0..roots).map(move |root| (decision, answer, root))).collect()
}

/// Changes the runs of one node below one root, as if that node had been made wrongly.
fn spoil(model: &mut Model, random: &mut Random, change: &dyn Fn(&[Run]) -> Option<Vec<Run>>) -> bool {
    let places = places(model);
    let Some(&(decision, answer, root)) = random.pick(&places) else { return false };
    let before = model.decisions[decision].answers[answer].roots[root];
    let mut nodes: Vec<(Ref, Vec<Run>)> = Vec::new();
    for node in model.forest.reached(&[before]) {
        nodes.extend(change(model.forest.runs(node)).map(|runs| (node, runs)));
    }
    let Some((node, runs)) = random.pick(&nodes) else { return false };
    let mut made = BTreeMap::new();
    let Some(after) = rebuild(&mut model.forest, before, (*node, runs), &mut made) else { return false };
    model.decisions[decision].answers[answer].roots[root] = after;
    before != after
}

/// The function again, with other runs in one node.
fn rebuild(forest: &mut Forest, f: Ref, spoilt: (Ref, &[Run]), made: &mut BTreeMap<Ref, Ref>) -> Option<Ref> {
    let Some(coordinate) = forest.coordinate(f) else { return Some(f) };
    if let Some(&done) = made.get(&f) {
        return Some(done);
    }
    let mut runs = if f == spoilt.0 { spoilt.1.to_vec() } else { forest.runs(f).to_vec() };
    for run in &mut runs {
        run.to = rebuild(forest, run.to, spoilt, made)?;
    }
    let to = |class: u32| runs.iter().find(|run| class <= run.last).map_or(Ref::FALSE, |run| run.to);
    let done = forest.choose(coordinate, to).ok()?;
    made.insert(f, done);
    Some(done)
}
