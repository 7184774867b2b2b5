//! Which rules decide: for every rule and every thing it says, the requests whose answer comes from there.
//!
//! In: the rules, guards and roots of both versions. Out: what decides a request, and where the two versions give
//! different reasons. Refuses to know: how regions are made. A rule is known by its name; other words are another reason.

use std::collections::BTreeMap;

use super::Side;
use super::result::Deciding;
use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{BLANK, DecisionModel, EffectModel, Pair, RuleModel, Words, YES};
use crate::schema::{AnswerId, DecisionId};
use crate::space::words::{self, Point};

/// Something a rule or `normally` says, and the requests for which that is part of the answer.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The rule; nothing for `normally`.
    rule: Option<usize>,
    decision: DecisionId,
    answer: AnswerId,
    said: Said,
    requests: Ref,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The value.
    Value,
    /// The member is in.
    In(u8),
    /// The member of a parent is out.
    Out(u8),
}

/// What decides in both versions.
pub(super) struct Reasons {
    /// By version, the older first.
    sides: [Vec<Entry>; 2],
    /// The requests whose reasons differ.
    pub(super) anywhere: Ref,
}

/// Works out what decides, and where that differs among the requests both versions accept.
pub(super) fn differing(pair: &mut Pair, both: Ref) -> Result<Reasons, Exploded> {
    let Pair { model, old, .. } = pair;
    let before = entries(&mut model.forest, &old.rules, &old.decisions)?;
    let after = entries(&mut model.forest, &model.rules, &model.decisions)?;
    let mut told: BTreeMap<(String, Deciding), [Vec<Ref>; 2]> = BTreeMap::new();
    for (side, all, words) in [
        (0, &before, Side { schema: &old.schema, rules: &old.rules, decisions: &old.decisions }),
        (1, &after, Side { schema: &model.schema, rules: &model.rules, decisions: &model.decisions }),
    ] {
        for entry in all {
            let Some(decision) = words.schema.decisions.get(entry.decision) else { continue };
            let key = (decision.name.clone(), deciding(words, entry));
            told.entry(key).or_default()[side].push(entry.requests);
        }
    }
    let known = |name: &str| old.schema.decision(name).is_some() && model.schema.decision(name).is_some();
    let mut parts = Vec::new();
    for ((decision, _), [before, after]) in told {
        if known(&decision) && before != after {
            let (before, after) = (model.forest.or_all(&before)?, model.forest.or_all(&after)?);
            let only_before = model.forest.and_not(before, after)?;
            let only_after = model.forest.and_not(after, before)?;
            parts.extend([only_before, only_after]);
        }
    }
    let anywhere = model.forest.or_all(&parts)?;
    let anywhere = model.forest.and(anywhere, both)?;
    Ok(Reasons { sides: [before, after], anywhere })
}

impl Reasons {
    /// What decides an answer at a point, older (0) or newer (1) version.
    pub(super) fn at(
        &self,
        pair: &Pair,
        version: usize,
        place: (DecisionId, AnswerId),
        said: &[Said],
        point: &Point,
    ) -> Vec<Deciding> {
        let side = if version == 0 { Side::old(pair) } else { Side::new(&pair.model) };
        let wanted = self.sides[version].iter().filter(|entry| {
            (entry.decision, entry.answer) == place && said.contains(&entry.said) && holds(pair, entry.requests, point)
        });
        unique(wanted.map(|entry| deciding(side, entry)))
    }

    /// What decides at a point in one version and not in the other: before, after.
    pub(super) fn different(&self, pair: &Pair, point: &Point) -> (Vec<Deciding>, Vec<Deciding>) {
        let mut all = [Side::old(pair), Side::new(&pair.model)].into_iter().zip(&self.sides).map(|(side, entries)| {
            let here = entries.iter().filter(|entry| holds(pair, entry.requests, point));
            let named = here.map(|entry| {
                (side.schema.decisions.get(entry.decision).map(|decision| &decision.name), deciding(side, entry))
            });
            unique(named)
        });
        let (before, after) = (all.next().unwrap_or_default(), all.next().unwrap_or_default());
        let only = |these: &[(Option<&String>, Deciding)], others: &[(Option<&String>, Deciding)]| {
            unique(these.iter().filter(|one| !others.contains(one)).map(|(_, told)| told.clone()))
        };
        (only(&before, &after), only(&after, &before))
    }
}

fn unique<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn holds(pair: &Pair, requests: Ref, point: &Point) -> bool {
    let class = |c: u16| match point.get(usize::from(c)) {
        Some(Some(class)) => *class,
        _ => pair.model.coordinates.get(usize::from(c)).map_or(0, |own| words::usual(&pair.model, own)),
    };
    pair.model.forest.value(requests, class) == YES
}

fn deciding(side: Side<'_>, entry: &Entry) -> Deciding {
    let told =
        |words: &Words| Deciding { rule: words.name.clone(), because: words.because.clone(), cite: words.cite.clone() };
    match entry.rule {
        Some(rule) => told(&side.rules[rule].words),
        None => told(&side.decisions[entry.decision].normally_words),
    }
}

/// Everything said in one version, in source order, `normally` last.
fn entries(forest: &mut Forest, rules: &[RuleModel], decisions: &[DecisionModel]) -> Result<Vec<Entry>, Exploded> {
    let mut built = Built { rules, active: vec![None; rules.len()], said: BTreeMap::new() };
    let mut all = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        for effect in &rule.effects {
            let (EffectModel::Is(answer, _) | EffectModel::Include(answer, _) | EffectModel::Omit(answer, _)) = *effect;
            let Some(root) = root(decisions, rule.decision, answer) else { continue };
            let active = built.active(forest, number)?;
            let mut add = |said, requests| {
                if requests != Ref::FALSE {
                    all.push(Entry { rule: Some(number), decision: rule.decision, answer, said, requests });
                }
            };
            match *effect {
                EffectModel::Is(_, value) => {
                    let below = built.below(forest, number, answer)?;
                    let speaks = forest.and_not(active, below)?;
                    let wins = forest.values_where(root, |found| found == value)?;
                    add(Said::Value, forest.and(speaks, wins)?);
                }
                EffectModel::Include(_, mask) => {
                    let shown = forest.values_where(root, |found| found != BLANK)?;
                    let active = forest.and(active, shown)?;
                    for member in members(mask) {
                        let omits =
                            |kid: &&usize| rules[**kid].effects.iter().any(|effect| omits(effect, answer, member));
                        let gone: Vec<Ref> = rule.kids.iter().filter(omits).map(|&kid| rules[kid].guard).collect();
                        let gone = forest.or_all(&gone)?;
                        add(Said::In(member), forest.and_not(active, gone)?);
                    }
                }
                EffectModel::Omit(_, mask) => {
                    let shown = forest.values_where(root, |found| found != BLANK)?;
                    let active = forest.and(active, shown)?;
                    members(mask).for_each(|member| add(Said::Out(member), active));
                }
            }
        }
    }
    for (decision, model) in decisions.iter().enumerate() {
        for effect in &model.normally {
            let EffectModel::Is(answer, _) = *effect else { continue };
            let Some(root) = root(decisions, decision, answer) else { continue };
            let mut said = Vec::new();
            for (number, rule) in rules.iter().enumerate() {
                if rule.decision == decision && rule.parents.is_empty() {
                    said.push(built.says(forest, number, answer)?);
                }
            }
            let said = forest.or_all(&said)?;
            let shown = forest.values_where(root, |found| found != BLANK)?;
            let requests = forest.and_not(shown, said)?;
            if requests != Ref::FALSE {
                all.push(Entry { rule: None, decision, answer, said: Said::Value, requests });
            }
        }
    }
    Ok(all)
}

fn root(decisions: &[DecisionModel], decision: DecisionId, answer: AnswerId) -> Option<Ref> {
    decisions.get(decision)?.answers.get(answer)?.roots.first().copied()
}

fn members(mask: u32) -> impl Iterator<Item = u8> {
    (0..32u8).filter(move |member| mask >> member & 1 == 1)
}

fn omits(effect: &EffectModel, answer: AnswerId, member: u8) -> bool {
    matches!(*effect, EffectModel::Omit(a, mask) if a == answer && mask >> member & 1 == 1)
}

/// What was built on the way.
struct Built<'a> {
    rules: &'a [RuleModel],
    active: Vec<Option<Ref>>,
    said: BTreeMap<(usize, AnswerId), Ref>,
}

impl Built<'_> {
    /// Where a rule and some chain of its parents apply.
    fn active(&mut self, forest: &mut Forest, rule: usize) -> Result<Ref, Exploded> {
        if let Some(known) = self.active[rule] {
            return Ok(known);
        }
        let own = &self.rules[rule];
        let mut built = own.guard;
        if !own.parents.is_empty() {
            let mut above = Vec::with_capacity(own.parents.len());
            for &parent in &own.parents {
                above.push(self.active(forest, parent)?);
            }
            let above = forest.or_all(&above)?;
            built = forest.and(built, above)?;
        }
        self.active[rule] = Some(built);
        Ok(built)
    }

    /// Where a rule or an exception below it says a value of the answer.
    fn says(&mut self, forest: &mut Forest, rule: usize, answer: AnswerId) -> Result<Ref, Exploded> {
        if let Some(&known) = self.said.get(&(rule, answer)) {
            return Ok(known);
        }
        let own = &self.rules[rule];
        let speaks = own.effects.iter().any(|effect| matches!(*effect, EffectModel::Is(a, _) if a == answer));
        let built = if speaks {
            own.guard
        } else {
            let below = self.below(forest, rule, answer)?;
            forest.and(own.guard, below)?
        };
        self.said.insert((rule, answer), built);
        Ok(built)
    }

    /// Where an exception to a rule says a value of the answer.
    fn below(&mut self, forest: &mut Forest, rule: usize, answer: AnswerId) -> Result<Ref, Exploded> {
        let rules = self.rules;
        let mut said = Vec::new();
        for &kid in &rules[rule].kids {
            said.push(self.says(forest, kid, answer)?);
        }
        forest.or_all(&said)
    }
}
