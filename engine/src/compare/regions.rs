//! Changed requests in groups that people can read: first by what changes, then by what the requests have in common.
//!
//! In: signatures, names that policies give to sets of requests. Out: regions with words, counts, an example and the rules
//! that decide it. Refuses to know: layout. Names and boxes only describe; the set they describe is exact.

use std::collections::BTreeMap;

use super::answers::{Changes, Signatures, Step};
use super::cover::{Covered, cover};
use super::deciding::{Reasons, Said};
use super::result::{Change, Direction, More, Part, Region};
use super::{Scale, Side};
use crate::diagnostic::{Count as CountWords, Example};
use crate::diagram::{Count, Exploded, Forest, Ref};
use crate::model::{BLANK, FOREIGN, Named, Pair};
use crate::space::sets;
use crate::space::words::{self, Point};

/// Regions that are listed.
const LISTED: usize = 24;
/// Regions that are worked out.
const WORKED: usize = 240;
/// Regions worked out for requests that all change alike.
const ALIKE: usize = 60;
/// Names that are tried for a group.
const TRIED: usize = 24;

/// What was found.
pub(super) struct Found {
    pub(super) changed: Count,
    pub(super) reason_only: Count,
    pub(super) directions: Vec<(Vec<Direction>, CountWords)>,
    pub(super) regions: Vec<Region>,
    pub(super) more: Option<More>,
}

/// A region without its words.
struct Group {
    signature: usize,
    named: Vec<(usize, bool)>,
    covered: Covered,
    count: Count,
}

/// Groups all changed requests.
pub(super) fn find(
    pair: &mut Pair,
    both: Ref,
    changes: &Changes,
    signatures: &Signatures,
    reasons: &Reasons,
    scale: &Scale,
) -> Result<Found, Exploded> {
    let mut found = Found {
        changed: Count::ZERO,
        reason_only: Count::ZERO,
        directions: Vec::new(),
        regions: Vec::new(),
        more: None,
    };
    let mut directions: BTreeMap<Vec<Direction>, Count> = BTreeMap::new();
    let mut sizes: Vec<(usize, Count)> = Vec::new();
    let counts = pair.model.forest.counts(signatures.diagram, &scale.weights);
    // Dates beyond the horizon count as nothing, and can change all the same.
    for value in pair.model.forest.values(&[signatures.diagram]) {
        let count = counts.get(&value).cloned().unwrap_or(Count::ZERO);
        let Some(signature) = (value as usize).checked_sub(1) else { continue };
        let steps = &signatures.all[signature];
        if steps.is_empty() {
            found.reason_only.add_times(&count, 1);
        } else {
            found.changed.add_times(&count, 1);
            directions.entry(changes.directions(pair, steps)).or_default().add_times(&count, 1);
        }
        sizes.push((signature, count));
    }
    sizes.sort_by(|a, b| order(signatures, (a.0, &a.1), (b.0, &b.1)));
    let mut sorted: Vec<(Vec<Direction>, Count)> = directions.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.directions = sorted.into_iter().map(|(directions, count)| (directions, scale.counted(&count))).collect();

    let (mut groups, all_known) = groups(pair, both, signatures, &sizes, scale)?;
    groups.sort_by(|a, b| order(signatures, (a.signature, &a.count), (b.signature, &b.count)));
    let mut listed = Count::ZERO;
    for group in groups.iter().take(LISTED) {
        listed.add_times(&group.count, 1);
        let region = region(pair, changes, &signatures.all[group.signature], reasons, scale, group)?;
        found.regions.extend(region);
    }
    let mut all = found.changed.clone();
    all.add_times(&found.reason_only, 1);
    if listed < all {
        let forest = &mut pair.model.forest;
        let mut left = forest.values_where(signatures.diagram, |value| value != 0)?;
        for group in groups.iter().take(LISTED) {
            left = forest.and_not(left, group.covered.requests)?;
        }
        let regions = all_known.then_some(groups.len().saturating_sub(LISTED));
        let count = scale.counted(&scale.count(forest, left));
        found.more = Some(More { regions, count });
    }
    Ok(found)
}

/// Answers before mere reasons, then most first, then in the order of the diagram.
fn order(signatures: &Signatures, a: (usize, &Count), b: (usize, &Count)) -> std::cmp::Ordering {
    let reason = |signature: usize| signatures.all[signature].is_empty();
    reason(a.0).cmp(&reason(b.0)).then_with(|| b.1.cmp(a.1)).then_with(|| a.0.cmp(&b.0))
}

/// Describes the sets of requests that change alike; says whether nothing is left over.
fn groups(
    pair: &mut Pair,
    both: Ref,
    signatures: &Signatures,
    sizes: &[(usize, Count)],
    scale: &Scale,
) -> Result<(Vec<Group>, bool), Exploded> {
    let Pair { model, named, .. } = pair;
    let mut groups = Vec::new();
    let mut all_known = true;
    for (signature, _) in sizes {
        if groups.len() >= WORKED {
            return Ok((groups, false));
        }
        let value = *signature as u32 + 1;
        let set = model.forest.values_where(signatures.diagram, |found| found == value)?;
        let (used, boxes, left) = describe(&mut model.forest, named, set, both, scale)?;
        all_known &= left == Ref::FALSE;
        for covered in boxes {
            let count = scale.count(&model.forest, covered.requests);
            groups.push(Group { signature: *signature, named: used.clone(), covered, count });
        }
    }
    Ok((groups, all_known))
}

type Described = (Vec<(usize, bool)>, Vec<Covered>, Ref);

/// The names all of a set have in common that make it simpler, and the boxes within those names.
fn describe(forest: &mut Forest, named: &[Named], set: Ref, both: Ref, scale: &Scale) -> Result<Described, Exploded> {
    let mut candidates: Vec<(usize, bool, Ref)> = Vec::new();
    for (number, name) in named.iter().enumerate() {
        if candidates.len() == TRIED {
            break;
        }
        let fails = forest.not(name.requests)?;
        for (holds, requests) in [(true, name.requests), (false, fails)] {
            if forest.and_not(set, requests)? == Ref::FALSE && forest.and_not(both, requests)? != Ref::FALSE {
                candidates.push((number, holds, requests));
            }
        }
    }
    // With all names at once nothing is simpler: how few boxes that takes says how long to try with fewer names.
    let mut all = both;
    for &(.., requests) in &candidates {
        all = forest.and(all, requests)?;
    }
    let (fewest, _) = cover(forest, set, all, &scale.weights, ALIKE)?;
    let most = (2 * fewest.len() + 2).min(ALIKE);
    let mut used: Vec<(usize, bool)> = Vec::new();
    let mut care = both;
    let (mut boxes, mut left) = cover(forest, set, care, &scale.weights, most)?;
    let mut best = (scale.count(forest, left), length(&boxes));
    loop {
        let mut better = None;
        for &(number, holds, requests) in candidates.iter().filter(|one| !used.contains(&(one.0, one.1))) {
            let care = forest.and(care, requests)?;
            let found = cover(forest, set, care, &scale.weights, most)?;
            let reading = (scale.count(forest, found.1), length(&found.0) + used.len() + 1);
            if reading < best {
                best = reading;
                better = Some(((number, holds), care, found));
            }
        }
        let Some((name, narrower, found)) = better else { break };
        used.push(name);
        care = narrower;
        (boxes, left) = found;
    }
    if left != Ref::FALSE {
        (boxes, left) = cover(forest, set, care, &scale.weights, ALIKE)?;
    }
    used.sort_unstable();
    Ok((used, boxes, left))
}

/// How much there is to read.
fn length(boxes: &[Covered]) -> usize {
    boxes.iter().map(|covered| 2 + covered.allowed.iter().flatten().count()).sum()
}

/// The words of a region.
fn region(
    pair: &mut Pair,
    changes: &Changes,
    steps: &[(usize, Step)],
    reasons: &Reasons,
    scale: &Scale,
    group: &Group,
) -> Result<Option<Region>, Exploded> {
    let requests = group.covered.requests;
    let said = changed(pair, changes, steps, requests)?;
    let model = &pair.model;
    let cost = |c: u16, class: u32| words::cost(model, c, class);
    let Some(point) = model.forest.witness(requests, |value| value == 1, cost) else { return Ok(None) };
    let mut parts = Vec::new();
    let mut all = Vec::new();
    for &(number, holds) in &group.named {
        let name = &pair.named[number];
        all.push(if holds { name.holds.clone() } else { name.fails.clone() });
        parts.push(Part::Named(number, holds));
    }
    for (coordinate, classes) in group.covered.allowed.iter().enumerate() {
        let Some(classes) = classes else { continue };
        all.extend(sets::words(model, coordinate as u16, classes));
        parts.push(Part::Classes(coordinate as u16, classes.clone()));
    }
    let (before, after) =
        if steps.is_empty() { reasons.different(pair, &point) } else { decide(pair, changes, steps, reasons, &point) };
    let example = words::example(model, &point);
    let (example, older_request) = requests_of(pair, example);
    Ok(Some(Region {
        words: all,
        parts,
        requests,
        count: scale.counted(&group.count),
        directions: changes.directions(pair, steps),
        changes: said,
        example,
        older_request,
        before,
        after,
    }))
}

/// What becomes of each answer in a region.
fn changed(
    pair: &mut Pair,
    changes: &Changes,
    steps: &[(usize, Step)],
    requests: Ref,
) -> Result<Vec<Change>, Exploded> {
    let mut all: Vec<Change> = Vec::new();
    for &(number, step) in steps {
        let root = &changes.roots[number];
        let place = changes.places[root.place];
        let name = changes.name(pair, root.place);
        if all.last().is_none_or(|last| last.answer != name) {
            all.push(Change {
                answer: name,
                from: Vec::new(),
                to: Vec::new(),
                added: Vec::new(),
                lost: Vec::new(),
                directions: Vec::new(),
            });
        }
        let (from, to) = match step {
            Step::Pair(from, to) => (vec![from], vec![to]),
            Step::Gone => (values(&mut pair.model.forest, root.old, requests)?, vec![BLANK]),
            Step::Come => (vec![BLANK], values(&mut pair.model.forest, root.new, requests)?),
        };
        let Some(change) = all.last_mut() else { continue };
        if let Some(direction) = direction(pair, changes, number, step) {
            if !change.directions.contains(&direction) {
                change.directions.push(direction);
            }
            if let Some(member) = &root.member {
                if direction == Direction::DutyAdded { &mut change.added } else { &mut change.lost }
                    .push(member.clone());
                continue;
            }
        }
        let in_words = |side: Side<'_>, place, value: &u32| changes.words(side, root, place, *value);
        let before: Vec<String> = from.iter().map(|value| in_words(Side::old(pair), place.old, value)).collect();
        let after: Vec<String> = to.iter().map(|value| in_words(Side::new(&pair.model), place.new, value)).collect();
        match (&root.member, step) {
            // A set that is blank in one version: which members it may have in the other.
            (Some(member), Step::Gone) => {
                change.to = after;
                if before.iter().any(|word| word == "in") {
                    change.from.push(member.clone());
                }
            }
            (Some(member), _) => {
                change.from = before;
                if after.iter().any(|word| word == "in") {
                    change.to.push(member.clone());
                }
            }
            (None, _) => (change.from, change.to) = (before, after),
        }
    }
    Ok(all)
}

fn direction(pair: &Pair, changes: &Changes, root: usize, step: Step) -> Option<Direction> {
    let Step::Pair(from, to) = step else { return None };
    changes.direction(pair, &changes.roots[root], from, to)
}

/// The values a root takes among some requests.
fn values(forest: &mut Forest, root: Ref, requests: Ref) -> Result<Vec<u32>, Exploded> {
    let within = forest.if_then_else(requests, root, Ref::terminal(FOREIGN))?;
    Ok(forest.values(&[within]).into_iter().filter(|&value| value != FOREIGN).collect())
}

/// What decides the changed answers of an example, before and after.
fn decide(
    pair: &Pair,
    changes: &Changes,
    steps: &[(usize, Step)],
    reasons: &Reasons,
    point: &Point,
) -> (Vec<super::Deciding>, Vec<super::Deciding>) {
    let mut sides = [Vec::new(), Vec::new()];
    let moved = steps.iter().any(|(_, step)| matches!(step, Step::Pair(..)));
    for &(number, step) in steps {
        // What becomes blank follows from another answer, which is among the changes.
        if moved && !matches!(step, Step::Pair(..)) {
            continue;
        }
        let root = &changes.roots[number];
        let place = changes.places[root.place];
        for (version, place, all) in [(0, place.old, Side::old(pair)), (1, place.new, Side::new(&pair.model))] {
            let labels = all.schema.decisions[place.0].answers[place.1].kind.labels();
            let member = root.member.as_ref().and_then(|name| labels.iter().position(|label| label.name == *name));
            let said = match (&root.member, member) {
                (None, _) => vec![Said::Value],
                (Some(_), Some(member)) => vec![Said::In(member as u8), Said::Out(member as u8)],
                (Some(_), None) => Vec::new(),
            };
            for told in reasons.at(pair, version, place, &said, point) {
                if !sides[version].contains(&told) {
                    sides[version].push(told);
                }
            }
        }
    }
    let [before, after] = sides;
    (before, after)
}

/// The example for the newer version, and the request for the older one where that has other inputs.
fn requests_of(pair: &Pair, example: Example) -> (Example, Option<Vec<(String, String)>>) {
    let Example { words, request } = example;
    let (mut newer, mut older) = (Vec::new(), Vec::new());
    for (field, (old, new)) in request.into_iter().zip(&pair.inputs) {
        if old.is_some() {
            // An input that has another type now stands here under another name.
            let name = field.0.trim_end_matches(" (as it was)").to_string();
            older.push((name, field.1.clone()));
        }
        if new.is_some() {
            newer.push(field);
        }
    }
    let same = older == newer;
    (Example { words, request: newer }, (!same).then_some(older))
}
