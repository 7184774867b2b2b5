//! What would change an answer: for every other value the nearest valid requests that have it.
//!
//! In: a complete, valid request. Out: changes in words, each with the request it leads to, decided again.
//! Refuses to know: rules. A change costs one for each input whose value changes; inputs marked `fixed` change only
//! where nothing else leads there.
//!
//! Compared identifiers need care: when one of them changes its value, the class of another may change although its value
//! does not. So which of them change is tried set by set, and their classes are free within what the others' values allow.

use super::change::{Goal, around, change};
use super::ground::Ground;
use super::nearest::{Inputs, Nearest, Search};
use super::types::{Flip, Question, Trouble, Ways, Who};
use super::words;
use crate::schema::{AnswerId, AnswerKind, InputId, Origin};

/// The flips of every answer, or of the one that is asked about.
pub(super) fn all(
    ground: &mut Ground<'_>,
    point: &[u32],
    outcome: &[Vec<u32>],
    question: &Question,
    furthest: Who,
) -> Result<Vec<Flip>, Trouble> {
    if ground.model.schema.inputs.len() > Inputs::BITS as usize {
        return Err(Trouble::Undecided);
    }
    let mut flips = Vec::new();
    for answer in 0..outcome.len() {
        if question.answer.is_some_and(|asked| asked != answer) {
            continue;
        }
        for (root, wanted, value) in targets(ground, answer, &outcome[answer], question.answer.is_some()) {
            let goal = Goal { root: ground.roots[answer][root], wanted };
            let ways = ways(ground, point, outcome, goal, question.ties, furthest)?;
            flips.push(Flip { answer: words::answer_name(ground, answer), value, ways });
        }
    }
    Ok(flips)
}

/// The other values of an answer: the root, the value and its words. Members and durations only where they are asked for.
fn targets(ground: &Ground<'_>, answer: AnswerId, now: &[u32], asked: bool) -> Vec<(usize, u32, String)> {
    let kind = &ground.policy.schema.decisions[ground.decision].answers[answer].kind;
    let others = |values: std::ops::Range<u32>| {
        let other = values.filter(|value| now.first() != Some(value));
        other.map(|value| (0, value, words::one_value(ground, answer, value))).collect()
    };
    match kind {
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => others(0..values.len() as u32),
        AnswerKind::SetOf(labels) if asked => {
            let mut found = Vec::new();
            for (root, (label, &value)) in labels.iter().zip(now).enumerate() {
                if value != 1 {
                    found.push((root, 1, format!("with {}", label.name)));
                }
                if value == 1 {
                    found.push((root, 0, format!("without {}", label.name)));
                }
            }
            found
        }
        AnswerKind::Shortest(_) if asked => {
            let count = ground.model.decisions[ground.decision].answers[answer].durations.len() as u32;
            let mut found: Vec<(usize, u32, String)> = others(0..count);
            let limitless = crate::model::NO_LIMIT;
            if now.first() != Some(&limitless) {
                found.push((0, limitless, words::one_value(ground, answer, limitless)));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// The person's nearest changes; those with the organization where they are fewer; any where nothing else leads there.
fn ways(
    ground: &mut Ground<'_>,
    point: &[u32],
    outcome: &[Vec<u32>],
    goal: Goal,
    ties: usize,
    furthest: Who,
) -> Result<Vec<Ways>, Trouble> {
    let mut found: Vec<Ways> = Vec::new();
    for who in [Who::Person, Who::Organization, Who::Nobody] {
        if who > furthest || (who == Who::Nobody && !found.is_empty()) {
            continue;
        }
        let nearest = nearest(ground, point, goal, who)?;
        let Some(size) = nearest.sets.first().map(|set| set.count_ones() as usize) else { continue };
        if found.iter().any(|known| known.inputs <= size) {
            continue;
        }
        let mut changes = Vec::new();
        let mut sets = nearest.sets.clone();
        sets.sort_by_key(|set| set.reverse_bits());
        sets.reverse();
        for &set in sets.iter().take(ties) {
            changes.push(change(ground, point, outcome, goal, set)?);
        }
        let more = nearest.sets.len() - changes.len();
        found.push(Ways { who, inputs: size, changes, more, at_least: nearest.cut });
    }
    Ok(found)
}

/// Who can change an input.
fn who(ground: &Ground<'_>, input: InputId) -> Who {
    let declared = &ground.model.schema.inputs[input];
    match declared.origin {
        Origin::Setting | Origin::OutsideGroup(_) => Who::Organization,
        _ if declared.fixed => Who::Nobody,
        _ => Who::Person,
    }
}

/// The smallest sets of inputs that lead to the goal and that those may change.
fn nearest(ground: &mut Ground<'_>, point: &[u32], goal: Goal, furthest: Who) -> Result<Nearest, Trouble> {
    let inputs: Vec<InputId> = ground.model.coordinates.iter().map(|c| c.input).collect();
    let may: Vec<bool> = inputs.iter().map(|&input| who(ground, input) <= furthest).collect();
    let mut compared: Vec<InputId> = Vec::new();
    for (at, &input) in inputs.iter().enumerate() {
        if ground.compared[at] && may[at] {
            compared.push(input);
        }
    }
    let bits: Vec<Inputs> =
        inputs.iter().zip(&ground.compared).map(|(&input, &own)| if own { 0 } else { 1 << input }).collect();
    let mut best = Nearest::default();
    let mut least = u32::MAX;
    // Few are compared with each other, so all their subsets are tried, small ones first.
    let mut subsets: Vec<u32> = (0..1u32 << compared.len().min(16)).collect();
    subsets.sort_by_key(|subset| subset.count_ones());
    for subset in subsets {
        if subset.count_ones() > least {
            break;
        }
        let chosen = compared.iter().enumerate().filter(|(place, _)| subset >> place & 1 == 1);
        let changed: Inputs = chosen.fold(0, |set, (_, &input)| set | 1 << input);
        let root = around(ground, goal.root, changed)?;
        let free = |at: usize| if ground.compared[at] { changed != 0 } else { may[at] };
        let open: Vec<bool> = (0..inputs.len()).map(free).collect();
        let search =
            Search { forest: &ground.model.forest, wanted: goal.wanted, actual: point, input: &bits, open: &open };
        let found = search.nearest(root);
        for set in found.sets {
            let set = set | changed;
            if set.count_ones() < least {
                least = set.count_ones();
                best = Nearest::default();
            }
            if set.count_ones() == least {
                best.cut |= found.cut;
                best.sets.push(set);
            }
        }
    }
    best.sets.sort_unstable();
    best.sets.dedup();
    Ok(best)
}
