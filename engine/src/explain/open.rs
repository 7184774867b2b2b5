//! What unknown facts leave open: which of them can still matter, and which to ask first.
//!
//! In: a partly known request whose outcome is not certain. Out: inputs worth asking, and the next question.
//! Refuses to know: rules.
//!
//! The next question is the input that, once known, makes the outcome certain for the largest share of the remaining valid
//! requests; of equals the first of the schema. Only inputs that can still matter are asked.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::ground::{Allowed, Ground, INVALID, Region, same_as};
use super::types::{Ask, Open, Row};
use super::words;
use crate::diagram::{Count, Exploded, Op, Ref};
use crate::model::{BLANK, CoordinateId};
use crate::schema::{AnswerId, InputId, Value};
use crate::space::classes;
use crate::value::Request;

/// The most rows of a question.
const ROWS: usize = 16;

/// By coordinate of an input the classes that are meant.
type Classes = Vec<(CoordinateId, Vec<bool>)>;

/// The values each root can still have, by answer and root.
pub(super) type Possible = Vec<Vec<Vec<u32>>>;

/// What every root can still be.
pub(super) fn possible(ground: &mut Ground<'_>, region: &Region) -> Result<Possible, Exploded> {
    let mut all = Vec::with_capacity(ground.roots.len());
    for answer in 0..ground.roots.len() {
        let mut own = Vec::new();
        for root in ground.roots[answer].clone() {
            own.push(ground.values(root, region)?);
        }
        all.push(own);
    }
    Ok(all)
}

/// The outcome, if every root has one value left.
pub(super) fn certain(possible: &Possible) -> Option<Vec<Vec<u32>>> {
    let one = |values: &Vec<u32>| if values.len() == 1 { values.first().copied() } else { None };
    possible.iter().map(|roots| roots.iter().map(one).collect()).collect()
}

/// What is worth asking, and what to ask next: for the whole outcome, or for one answer of it.
pub(super) fn open(
    ground: &mut Ground<'_>,
    region: &Region,
    possible: &Possible,
    asked: Option<AnswerId>,
) -> Result<Open, Exploded> {
    let left = Left::new(ground, region, possible, asked)?;
    let worth = left.worth(ground)?;
    let mut best: Option<(InputId, Count)> = None;
    for &input in &worth {
        let settled = if is_compared(ground, input) {
            left.settled_by_name(ground, region, input)?
        } else {
            left.settled(ground, input)?
        };
        if best.as_ref().is_none_or(|(_, most)| settled > *most) {
            best = Some((input, settled));
        }
    }
    let name = |ground: &Ground<'_>, input: InputId| ground.model.schema.inputs[input].name.clone();
    let next = match best {
        None => None,
        Some((input, settled)) => {
            let all = left.count(ground, left.valid);
            let (rows, more) = if is_compared(ground, input) {
                left.rows_by_name(ground, region, input)?
            } else {
                left.rows(ground, input)?
            };
            let share = settled.percent_of(&all);
            Some(Ask { input: name(ground, input), share, settled: settled.digits(), of: all.digits(), rows, more })
        }
    };
    Ok(Open { worth: worth.iter().map(|&input| name(ground, input)).collect(), next })
}

fn is_compared(ground: &Ground<'_>, input: InputId) -> bool {
    ground.coordinates(input).iter().any(|&c| ground.compared[usize::from(c)])
}

/// What is left of the answers that are open, the known facts put in.
struct Left<'p> {
    possible: &'p Possible,
    /// The answer that is asked about.
    asked: Option<AnswerId>,
    /// Answer, root, the diagram that is left, its values.
    roots: Vec<(usize, usize, Ref, Vec<u32>)>,
    valid: Ref,
    weights: Vec<Vec<u64>>,
}

impl<'p> Left<'p> {
    fn new(
        ground: &mut Ground<'_>,
        region: &Region,
        possible: &'p Possible,
        asked: Option<AnswerId>,
    ) -> Result<Left<'p>, Exploded> {
        let mut roots = Vec::new();
        for (answer, own) in possible.iter().enumerate().filter(|(answer, _)| asked.is_none_or(|a| a == *answer)) {
            for (root, values) in own.iter().enumerate().filter(|(_, values)| values.len() > 1) {
                let rest = restricted(ground, ground.roots[answer][root], region)?;
                roots.push((answer, root, rest, values.clone()));
            }
        }
        let valid = match roots.first() {
            Some(&(_, _, rest, _)) => ground.model.forest.values_where(rest, |value| value != INVALID)?,
            None => Ref::TRUE,
        };
        let mut weights: Vec<Vec<u64>> = ground.model.coordinates.iter().map(|c| c.weights.clone()).collect();
        // What is known counts once, also the parts of what is known not to be set.
        for (at, own) in weights.iter_mut().enumerate() {
            let known = ground.request.get(ground.model.coordinates[at].input).is_some();
            if matches!(region.allowed.get(at), Some(Allowed::One(_))) || (known && !ground.compared[at]) {
                own.fill(0);
                own.iter_mut().take(1).for_each(|weight| *weight = 1);
            }
        }
        Ok(Left { possible, asked, roots, valid, weights })
    }

    fn count(&self, ground: &Ground<'_>, f: Ref) -> Count {
        ground.model.forest.count_true(f, &self.weights)
    }

    /// The unknown inputs without which the open answers cannot be told, in schema order.
    fn worth(&self, ground: &mut Ground<'_>) -> Result<Vec<InputId>, Exploded> {
        let mut rest = Vec::new();
        for &(_, _, root, _) in &self.roots {
            rest.push(ground.model.forest.simplify(root, self.valid)?);
        }
        let used = ground.model.forest.support(&rest);
        let is_used = |c: CoordinateId| used.get(usize::from(c)).copied().unwrap_or(false);
        let unknown = |input: InputId| ground.request.get(input).is_none();
        // The class of a compared identifier hangs on the names of those it is compared with.
        let coordinates = &ground.model.coordinates;
        let hangs = |input: InputId| {
            let asked = coordinates.iter().zip(0..).filter(|(_, c)| is_used(*c)).map(|(it, _)| it);
            let own = || coordinates.iter().filter(|it| it.input == input);
            asked
                .into_iter()
                .any(|it| same_as(it).contains(&input) || own().any(|mine| same_as(mine).contains(&it.input)))
        };
        let inputs = 0..ground.model.schema.inputs.len();
        let matters = |&input: &InputId| {
            unknown(input) && (hangs(input) || ground.coordinates(input).iter().any(|&c| is_used(c)))
        };
        Ok(inputs.filter(matters).collect())
    }

    /// For each value of an input, what every open answer can still be: a diagram over the input's coordinates, and by its
    /// values which of the values of the open answers are possible.
    fn told(&self, ground: &mut Ground<'_>, input: InputId) -> Result<(Ref, Vec<Vec<bool>>), Exploded> {
        let gone: Vec<bool> = ground.model.coordinates.iter().map(|c| c.input != input).collect();
        let forget = ground.model.forest.fresh_op();
        let mut told = Ref::terminal(0);
        let mut codes: Vec<Vec<bool>> = vec![Vec::new()];
        for (_, _, root, values) in &self.roots {
            for &value in values {
                let hit = ground.model.forest.values_where(*root, |found| found == value)?;
                let some = ground.model.forest.exists(hit, forget, &gone)?;
                let pair = Pair { number: ground.model.forest.fresh_op(), known: RefCell::new(BTreeMap::new()) };
                told = ground.model.forest.apply(&pair, [told, some, Ref::FALSE])?;
                let known = pair.known.into_inner();
                let mut longer = vec![Vec::new(); known.len()];
                for ((code, bit), number) in known {
                    let mut bits = codes.get(code as usize).cloned().unwrap_or_default();
                    bits.push(bit == 1);
                    if let Some(slot) = longer.get_mut(number as usize) {
                        *slot = bits;
                    }
                }
                codes = longer;
            }
        }
        Ok((told, codes))
    }

    /// By root: the only value a code leaves, if it is one.
    fn only(&self, code: &[bool]) -> Option<Vec<u32>> {
        let mut rest = code.iter();
        self.roots
            .iter()
            .map(|(_, _, _, values)| {
                let mut left = values.iter().zip(rest.by_ref().take(values.len())).filter(|(_, yes)| **yes);
                match (left.next(), left.count()) {
                    (Some((value, _)), 0) => Some(*value),
                    _ => None,
                }
            })
            .collect::<Vec<_>>()
            .into_iter()
            .collect()
    }

    /// How many of the remaining requests are certain once the input is known.
    fn settled(&self, ground: &mut Ground<'_>, input: InputId) -> Result<Count, Exploded> {
        let (told, codes) = self.told(ground, input)?;
        let certain: Vec<bool> = codes.iter().map(|code| self.only(code).is_some()).collect();
        let certain =
            ground.model.forest.values_where(told, |code| certain.get(code as usize).copied().unwrap_or(false))?;
        let certain = ground.model.forest.and(certain, self.valid)?;
        Ok(self.count(ground, certain))
    }

    /// What each answer leads to, and how many rows are left out.
    fn rows(&self, ground: &mut Ground<'_>, input: InputId) -> Result<(Vec<Row>, usize), Exploded> {
        let (told, codes) = self.told(ground, input)?;
        let own = ground.coordinates(input);
        let all = |c: CoordinateId| vec![true; ground.model.coordinates[usize::from(c)].classes as usize];
        let mut found: Vec<(Classes, u32)> = Vec::new();
        ground.model.forest.paths(told, &mut |steps, code| {
            let mut classes: Classes = own.iter().map(|&c| (c, all(c))).collect();
            for (coordinate, allowed) in &mut classes {
                if let Some(step) = steps.iter().find(|step| step.coordinate == *coordinate) {
                    allowed.iter_mut().zip(0..).for_each(|(yes, c)| *yes = (step.first..=step.last).contains(&c));
                }
            }
            match found.iter_mut().find(|(_, known)| own.len() == 1 && *known == code) {
                Some((known, _)) => {
                    for ((_, known), (_, more)) in known.iter_mut().zip(classes) {
                        known.iter_mut().zip(more).for_each(|(known, more)| *known |= more);
                    }
                }
                None => found.push((classes, code)),
            }
            found.len() <= 4 * ROWS
        });
        let mut rows = Vec::new();
        for (classes, code) in found {
            let Some(code) = codes.get(code as usize).filter(|code| code.contains(&true)) else { continue };
            let when = words::among(ground.model, input, &classes);
            let outcome = self.only(code).map_or(Vec::new(), |values| self.outcome(ground, &values));
            rows.push(Row { when, outcome });
        }
        let more = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        Ok((rows, more))
    }

    /// The whole outcome when the open roots have these values.
    fn outcome(&self, ground: &Ground<'_>, values: &[u32]) -> Vec<String> {
        let mut all = first(self.possible);
        for (&(answer, root, _, _), &value) in self.roots.iter().zip(values) {
            all[answer][root] = value;
        }
        self.says(ground, &all)
    }

    /// The answers of an outcome that are asked about and not blank, in words.
    fn says(&self, ground: &Ground<'_>, outcome: &[Vec<u32>]) -> Vec<String> {
        let asked = outcome.iter().enumerate().filter(|(answer, _)| self.asked.is_none_or(|a| a == *answer));
        let shown = asked.filter(|(_, values)| self.asked.is_some() || values.first() != Some(&BLANK));
        shown.map(|(answer, values)| words::says(ground, answer, values)).collect()
    }

    /// The names a compared identifier can have, with the requests that have them.
    fn named(&self, ground: &Ground<'_>, input: InputId) -> Vec<(String, Request)> {
        let model = &ground.model;
        let declared = &model.schema.inputs[input];
        let crate::schema::Type::Identifier(kind) = declared.ty else { return Vec::new() };
        let known = model.schema.identifiers.get(kind).map_or(&[][..], |kind| &kind.names);
        let mut names: Vec<String> = known.to_vec();
        let with = |value: Value| {
            let mut request = ground.request.clone();
            request.set(input, value);
            request
        };
        let mut found: Vec<(String, Request)> = Vec::new();
        for name in known {
            found.push((format!("{} is \"{name}\"", declared.name), with(Value::Identifier(name.clone()))));
        }
        for (other, value) in ground.request.values.iter().enumerate() {
            let Some(Value::Identifier(name)) = value else { continue };
            if is_compared(ground, other) && !names.contains(name) {
                let words = format!("{} is {}", declared.name, model.schema.inputs[other].name);
                found.push((words, with(Value::Identifier(name.clone()))));
                names.push(name.clone());
            }
        }
        let mut stranger = "somebody-else".to_string();
        while names.contains(&stranger) {
            stranger.push('x');
        }
        found.push((format!("{} is anybody else", declared.name), with(Value::Identifier(stranger))));
        if declared.optional {
            found.push((format!("{} is not set", declared.name), with(Value::NotSet)));
        }
        found
    }

    /// What is left for each name of a compared identifier: words, what is possible, how many requests.
    fn by_name(
        &self,
        ground: &mut Ground<'_>,
        region: &Region,
        input: InputId,
    ) -> Result<Vec<(String, Possible, Count)>, Exploded> {
        let mut all = Vec::new();
        let valid = restricted(ground, ground.model.valid, region)?;
        for (words, request) in self.named(ground, input) {
            let Ok(point) = classes::of_request(ground.model, &request) else { continue };
            let (policy, decision) = (ground.policy, ground.decision);
            let Ok(mut other) = Ground::new(policy, &mut *ground.model, decision, &request, point) else {
                return Err(Exploded);
            };
            let kept: Vec<bool> = request.values.iter().map(Option::is_some).collect();
            let own = other.region(&kept)?;
            let possible = possible(&mut other, &own)?;
            let tie = other.tie(&kept)?;
            let like = other.model.forest.and(valid, tie)?;
            let count = other.model.forest.count_true(like, &self.weights);
            all.push((words, possible, count));
        }
        Ok(all)
    }

    fn settled_by_name(&self, ground: &mut Ground<'_>, region: &Region, input: InputId) -> Result<Count, Exploded> {
        let mut settled = Count::ZERO;
        for (_, possible, count) in self.by_name(ground, region, input)? {
            if self.is_certain(&possible) {
                settled.add_times(&count, 1);
            }
        }
        Ok(settled)
    }

    /// Whether what is asked about has one value left.
    fn is_certain(&self, possible: &Possible) -> bool {
        let asked = possible.iter().enumerate().filter(|(answer, _)| self.asked.is_none_or(|a| a == *answer));
        asked.flat_map(|(_, roots)| roots).all(|values| values.len() == 1)
    }

    fn rows_by_name(
        &self,
        ground: &mut Ground<'_>,
        region: &Region,
        input: InputId,
    ) -> Result<(Vec<Row>, usize), Exploded> {
        let mut rows = Vec::new();
        for (when, possible, _) in self.by_name(ground, region, input)? {
            if possible.iter().flatten().any(Vec::is_empty) {
                continue;
            }
            let outcome = if self.is_certain(&possible) { self.says(ground, &first(&possible)) } else { Vec::new() };
            rows.push(Row { when, outcome });
        }
        let more = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        Ok((rows, more))
    }
}

/// The first value of every root.
fn first(possible: &Possible) -> Vec<Vec<u32>> {
    let one = |values: &Vec<u32>| values.first().copied().unwrap_or(BLANK);
    possible.iter().map(|roots| roots.iter().map(one).collect()).collect()
}

/// A function with the known facts of a region put in.
fn restricted(ground: &mut Ground<'_>, f: Ref, region: &Region) -> Result<Ref, Exploded> {
    let mut rest = ground.tied(f, region.tie)?;
    for (at, allowed) in region.allowed.iter().enumerate() {
        if let Allowed::One(class) = allowed {
            rest = ground.model.forest.cofactor(rest, at as CoordinateId, *class)?;
        }
    }
    Ok(rest)
}

/// Numbers pairs of values in the order they are met.
struct Pair {
    number: u32,
    known: RefCell<BTreeMap<(u32, u32), u32>>,
}

impl Op for Pair {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        let pair = (f.value()?, g.value()?);
        let mut known = self.known.borrow_mut();
        let next = known.len() as u32;
        Some(Ref::terminal(*known.entry(pair).or_insert(next)))
    }
}
