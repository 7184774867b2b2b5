//! The comparison of two versions against the plain evaluator, request by request.
//! In: two typed policies. Out: the first statement of a comparison that is not true. Refuses to know how it was made:
//! it decides every distinguishable request with both versions and counts for itself.

pub mod edit;
mod point;

use keyward::analyze::analyze;
use keyward::compare::{Comparison, Direction, Part, Region, compare};
use keyward::diagnostic::Diagnostic;
use keyward::eval;
use keyward::lower::{lower, pair};
use keyward::model::{Model, Named, NamedKind, Pair, YES};
use keyward::schema::{AnswerKind, DecisionId, Schema};
use keyward::typed::{All, AnswerValue, Clause, InputPredicate, InputTest, One, Policy};
use keyward::value::{Part as Role, Request, Source};
use point::Points;
use std::collections::{BTreeMap, BTreeSet};

/// Two versions and what is said of them.
pub struct Compared {
    /// The older version.
    pub old: Policy,
    /// The newer version.
    pub new: Policy,
    /// Both over common coordinates.
    pub pair: Pair,
    /// What is said.
    pub comparison: Comparison,
}

/// How much was compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Requests both versions accept.
    pub requests: usize,
    /// Those that change.
    pub changed: usize,
    /// Those with other reasons only.
    pub reasons: usize,
}

/// Compares two versions that are sound and have at most so many distinguishable requests; else nothing.
pub fn compared(old: &Policy, new: &Policy, most: u64) -> Option<Compared> {
    let models: Vec<Model> = [old, new].into_iter().map(|policy| lower(policy).ok()).collect::<Option<_>>()?;
    let mut pair = pair(old, new, models.last()).ok()?;
    if points(&pair.model).is_none_or(|points| points > most) {
        return None;
    }
    for (policy, mut model) in [old, new].into_iter().zip(models) {
        let report = analyze(policy, &mut model);
        if report.diagnostics.iter().any(Diagnostic::is_error) {
            return None;
        }
    }
    let comparison = compare(old, new, &mut pair).ok()?;
    Some(Compared { old: old.clone(), new: new.clone(), pair, comparison })
}

/// How many points there are to try; nothing if too many for a machine word.
fn points(model: &Model) -> Option<u64> {
    model.coordinates.iter().try_fold(1u64, |all, c| all.checked_mul(u64::from(c.classes)))
}

/// What a version answers: by decision and answer, and what decides.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    answers: BTreeMap<(String, String), Seen>,
    reasons: BTreeSet<(String, String, String, String)>,
}

/// An answer in words that mean the same in both versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Blank,
    Value(String),
    Minutes(u32),
    Set(BTreeSet<String>),
}

impl Compared {
    /// Tries every point.
    pub fn check(&self) -> Result<Tally, String> {
        let mut tally = Tally::default();
        let mut sums: BTreeMap<String, u128> = BTreeMap::new();
        let mut regions: Vec<u128> = vec![0; self.comparison.regions.len()];
        let shared: Vec<(String, String)> = self.shared();
        let mut points = Points::new(&self.pair);
        while let Some(point) = points.next() {
            let Some(values) = point::values(&self.pair.model, &point) else { continue };
            let weight = points.weight(&point);
            let before = point::told(&self.pair, &self.old, &values, 0);
            let after = point::told(&self.pair, &self.new, &values, 1);
            let valid = |policy: &Policy, request: &Option<Request>| {
                request.as_ref().is_some_and(|request| eval::is_valid(policy, request))
            };
            let (was, is) = (valid(&self.old, &before), valid(&self.new, &after));
            let (Some(before), Some(after)) = (before.filter(|_| was), after.filter(|_| is)) else {
                *sums.entry(format!("only {}", if was { "before" } else { "after" })).or_default() +=
                    if was || is { weight } else { 0 };
                continue;
            };
            tally.requests += 1;
            *sums.entry("accepted".into()).or_default() += weight;
            let (old, new) = (told(&self.old, &before)?, told(&self.new, &after)?);
            let mut changed = BTreeSet::new();
            for place in &shared {
                let (from, to) = (&old.answers[place], &new.answers[place]);
                if from != to {
                    changed.insert(place.clone());
                    *sums.entry(format!("{}.{} changed", place.0, place.1)).or_default() += weight;
                    for row in rows(&self.members(place), from, to) {
                        *sums.entry(format!("{}.{} {row}", place.0, place.1)).or_default() += weight;
                    }
                }
            }
            let reason = changed.is_empty() && old.reasons != new.reasons;
            if !changed.is_empty() {
                tally.changed += 1;
                *sums.entry("changed".into()).or_default() += weight;
            } else if reason {
                tally.reasons += 1;
                *sums.entry("reason only".into()).or_default() += weight;
            }
            let within: Vec<usize> = (0..regions.len())
                .filter(|&at| self.is_in(&self.comparison.regions[at], &point, &before, &after))
                .collect();
            match within.as_slice() {
                [] if self.comparison.more.is_none() && (reason || !changed.is_empty()) => {
                    return Err(format!("a changed request is in no region: {values:?}"));
                }
                [] => {}
                [one] => {
                    regions[*one] += weight;
                    self.fits(&self.comparison.regions[*one], &changed, &old, &new)?;
                }
                several => return Err(format!("a request is in the regions {several:?}: {values:?}")),
            }
        }
        self.sums(&sums, &regions)?;
        for region in &self.comparison.regions {
            self.witness(region)?;
        }
        Ok(tally)
    }

    /// Every distinguishable valid request of the newer version.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        let mut found = Vec::new();
        let mut points = Points::new(&self.pair);
        while let Some(point) = points.next() {
            let values = point::values(&self.pair.model, &point);
            let request = values.and_then(|values| point::told(&self.pair, &self.new, &values, 1));
            found.extend(request.filter(|request| eval::is_valid(&self.new, request)));
        }
        found
    }

    /// Tries one request of each version's own edges, which knows nothing of classes.
    pub fn check_request(&self, request: &Request) -> Result<bool, String> {
        let Some(point) = point::of_request(&self.pair, &self.new, request) else { return Ok(false) };
        let Some(values) = point::values_of_request(&self.pair, &self.new, request) else { return Ok(false) };
        let before = point::told(&self.pair, &self.old, &values, 0);
        let after = point::told(&self.pair, &self.new, &values, 1);
        let sides = [(&self.old, &before, self.pair.old.valid), (&self.new, &after, self.pair.model.valid)];
        for (policy, request, valid) in sides {
            let truth = request.as_ref().is_some_and(|request| eval::is_valid(policy, request));
            let said = self.pair.model.forest.value(valid, |c| point[usize::from(c)]) == YES;
            if said != truth {
                return Err(format!("accepted is {said} in the diagram and {truth} in truth: {values:?}"));
            }
            if !truth {
                return Ok(false);
            }
        }
        let (Some(before), Some(after)) = (before, after) else { return Ok(false) };
        let (old, new) = (told(&self.old, &before)?, told(&self.new, &after)?);
        let changed: BTreeSet<(String, String)> =
            self.shared().into_iter().filter(|place| old.answers[place] != new.answers[place]).collect();
        let within = self.comparison.regions.iter().filter(|region| self.is_in(region, &point, &before, &after));
        let within: Vec<&Region> = within.collect();
        let differs = !changed.is_empty() || old.reasons != new.reasons;
        match within.as_slice() {
            [] if differs && self.comparison.more.is_none() => Err(format!("changed, and in no region: {values:?}")),
            [] => Ok(true),
            [one] => self.fits(one, &changed, &old, &new).map(|()| true),
            _ => Err(format!("in several regions: {values:?}")),
        }
    }

    /// The answers both versions have, of the same kind.
    fn shared(&self) -> Vec<(String, String)> {
        let kind = |schema: &Schema, decision: &str, answer: &str| {
            let decision = &schema.decisions[schema.decision(decision)?];
            let found = decision.answers.iter().find(|other| other.name == answer)?;
            Some(std::mem::discriminant(&found.kind))
        };
        let mut all = Vec::new();
        for decision in &self.old.schema.decisions {
            for answer in &decision.answers {
                let before = kind(&self.old.schema, &decision.name, &answer.name);
                if before == kind(&self.new.schema, &decision.name, &answer.name) {
                    all.push((decision.name.clone(), answer.name.clone()));
                }
            }
        }
        all
    }

    /// The members an answer has in one of the versions.
    fn members(&self, place: &(String, String)) -> BTreeSet<String> {
        let schemas = [&self.old.schema, &self.new.schema].into_iter();
        let decisions = schemas.flat_map(|schema| &schema.decisions).filter(|decision| decision.name == place.0);
        let answers = decisions.flat_map(|decision| &decision.answers).filter(|answer| answer.name == place.1);
        answers.flat_map(|answer| answer.kind.labels()).map(|label| label.name.clone()).collect()
    }

    /// Whether a request is in a region, by what the region says in parts.
    fn is_in(&self, region: &Region, point: &[u32], before: &Request, after: &Request) -> bool {
        region.parts.iter().all(|part| match part {
            Part::Classes(coordinate, allowed) => allowed[point[usize::from(*coordinate)] as usize],
            Part::Named(number, holds) => self.named(&self.pair.named[*number], before, after) == *holds,
        })
    }

    fn named(&self, named: &Named, before: &Request, after: &Request) -> bool {
        for (version, policy, request) in [(0, &self.old, before), (1, &self.new, after)] {
            let span = policy.span;
            let one = match &named.kind {
                NamedKind::Term(name) => {
                    let Some(term) = policy.terms.iter().position(|term| term.name == *name) else { continue };
                    One::Term { term, negated: false, span }
                }
                NamedKind::During(input, name) => {
                    let place = self.pair.inputs[*input];
                    let Some(input) = (if version == 0 { place.0 } else { place.1 }) else { continue };
                    let Some(at) = policy.calendars.iter().position(|calendar| calendar.name == *name) else {
                        continue;
                    };
                    One::Input(InputTest { input, predicate: InputPredicate::During(at), negated: false, span })
                }
            };
            let all = All { clauses: vec![Clause::One(one)], span };
            return eval::holds(policy, &all, request).unwrap_or(false);
        }
        false
    }

    /// Whether what a region says of its answers is true of one of its requests.
    fn fits(
        &self,
        region: &Region,
        changed: &BTreeSet<(String, String)>,
        old: &Told,
        new: &Told,
    ) -> Result<(), String> {
        if region.directions == [Direction::ReasonOnly] {
            let only = changed.is_empty() && old.reasons != new.reasons;
            return if only { Ok(()) } else { Err(format!("not reasons only: {changed:?}")) };
        }
        let name = |place: &(String, String)| format!("{}.{}", place.0, place.1);
        let said: BTreeSet<String> = region.changes.iter().map(|change| change.answer.clone()).collect();
        let found: BTreeSet<String> = changed.iter().map(name).collect();
        if said != found {
            return Err(format!("a region says {said:?} change, a request of it changes {found:?}"));
        }
        let mut directions = BTreeSet::new();
        for place in changed {
            directions.extend(self.directions(place, &old.answers[place], &new.answers[place]));
            let Some(change) = region.changes.iter().find(|change| change.answer == name(place)) else { continue };
            let (from, to) = (&old.answers[place], &new.answers[place]);
            let right = match (from, to) {
                (Seen::Set(from), Seen::Set(to)) => {
                    let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<String>>();
                    set(&change.added) == to - from && set(&change.lost) == from - to
                }
                (Seen::Set(from), _) => {
                    from.iter().all(|member| change.from.contains(member)) && change.to == ["blank"]
                }
                (_, Seen::Set(to)) => to.iter().all(|member| change.to.contains(member)) && change.from == ["blank"],
                (from, Seen::Blank) => change.from.contains(&word(from)) && change.to == ["blank"],
                (Seen::Blank, to) => change.to.contains(&word(to)) && change.from == ["blank"],
                (from, to) => change.from == [word(from)] && change.to == [word(to)],
            };
            if !right {
                return Err(format!("a region says {change:?}, a request of it goes from {from:?} to {to:?}"));
            }
        }
        if directions.is_empty() {
            directions.insert(Direction::Different);
        }
        if !region.directions.iter().eq(&directions) {
            return Err(format!("a region says {:?}, a request of it is {directions:?}", region.directions));
        }
        Ok(())
    }

    /// Where the change of one answer leads.
    fn directions(&self, place: &(String, String), from: &Seen, to: &Seen) -> Vec<Direction> {
        let schema = &self.new.schema;
        let declared = schema.decision(&place.0).map(|at| &schema.decisions[at].answers);
        let kind = declared.and_then(|all| all.iter().find(|answer| answer.name == place.1)).map(|answer| &answer.kind);
        let by_order = |stricter: bool| vec![if stricter { Direction::Stricter } else { Direction::Looser }];
        match (from, to) {
            (Seen::Blank, _) | (_, Seen::Blank) => Vec::new(),
            (Seen::Set(from), Seen::Set(to)) => {
                let added = (!to.is_subset(from)).then_some(Direction::DutyAdded);
                added.into_iter().chain((!from.is_subset(to)).then_some(Direction::DutyLost)).collect()
            }
            (Seen::Minutes(from), Seen::Minutes(to)) => by_order(to < from),
            (Seen::Value(from), Seen::Value(to)) => match kind {
                Some(AnswerKind::Strictest(labels)) => {
                    let at = |name: &String| labels.iter().position(|label| label.name == *name);
                    by_order(at(to) > at(from))
                }
                _ => vec![Direction::Different],
            },
            _ => Vec::new(),
        }
    }

    /// Whether the example changes as its region says, as the requests that are printed.
    fn witness(&self, region: &Region) -> Result<(), String> {
        let older = region.older_request.as_ref().unwrap_or(&region.example.request);
        let before = crate::generate::from_json(&self.old.schema, older);
        let after = crate::generate::from_json(&self.new.schema, &region.example.request);
        let (Some(before), Some(after)) = (before, after) else {
            return Err(format!("the example cannot be read: {:?} / {older:?}", region.example.request));
        };
        let (old, new) = (told(&self.old, &before)?, told(&self.new, &after)?);
        let changed: BTreeSet<(String, String)> =
            self.shared().into_iter().filter(|place| old.answers[place] != new.answers[place]).collect();
        self.fits(region, &changed, &old, &new).map_err(|why| format!("the example: {why}"))?;
        for (side, told, all) in [("before", &region.before, &old.reasons), ("after", &region.after, &new.reasons)] {
            for one in told {
                if !all.iter().any(|known| (&known.1, &known.2, &known.3) == (&one.rule, &one.because, &one.cite)) {
                    return Err(format!("{side}, `{}` does not decide the example", one.rule));
                }
            }
        }
        Ok(())
    }

    /// Whether every count is right.
    fn sums(&self, sums: &BTreeMap<String, u128>, regions: &[u128]) -> Result<(), String> {
        let said = &self.comparison;
        let mut claims: BTreeMap<String, String> = BTreeMap::new();
        let mut claim = |what: String, digits: &str| {
            if digits != "0" {
                claims.insert(what, digits.to_string());
            }
        };
        claim("accepted".into(), &said.accepted);
        claim("changed".into(), &said.changed.requests);
        claim("reason only".into(), &said.reason_only.requests);
        claim("only before".into(), said.no_longer_accepted.as_ref().map_or("0", |shift| &shift.count.requests));
        claim("only after".into(), said.newly_accepted.as_ref().map_or("0", |shift| &shift.count.requests));
        for answer in &said.answers {
            claim(format!("{} changed", answer.name), &answer.changed.requests);
            for row in &answer.rows {
                let member = row.member.as_ref().map_or(String::new(), |member| format!("{member} "));
                claim(format!("{} {member}{} -> {}", answer.name, row.from, row.to), &row.count.requests);
            }
        }
        let counted: BTreeMap<String, String> =
            sums.iter().filter(|(_, sum)| **sum > 0).map(|(what, sum)| (what.clone(), sum.to_string())).collect();
        if claims != counted {
            let wrong = claims.iter().filter(|(what, sum)| counted.get(*what) != Some(sum));
            let missing = counted.iter().filter(|(what, _)| !claims.contains_key(*what));
            let listed: Vec<_> = wrong.map(|(what, sum)| (what, sum, counted.get(what))).collect();
            return Err(format!("counts differ: said {listed:?}, not said {:?}", missing.collect::<Vec<_>>()));
        }
        for (region, sum) in said.regions.iter().zip(regions) {
            if region.count.requests != sum.to_string() {
                return Err(format!("a region has {sum} requests, not {}: {:?}", region.count.requests, region.words));
            }
        }
        let total = |counts: &mut dyn Iterator<Item = &String>| {
            counts.filter_map(|digits| digits.parse::<u128>().ok()).sum::<u128>()
        };
        let listed = total(&mut said.regions.iter().map(|region| &region.count.requests))
            + total(&mut said.more.iter().map(|more| &more.count.requests));
        let all = total(&mut [&said.changed.requests, &said.reason_only.requests].into_iter());
        if listed != all {
            return Err(format!("the regions have {listed} requests together, not {all}"));
        }
        let by_direction = total(&mut said.directions.iter().map(|(_, count)| &count.requests));
        if by_direction != total(&mut [&said.changed.requests].into_iter()) {
            return Err(format!("the directions have {by_direction} requests together"));
        }
        Ok(())
    }
}

/// The lines of a matrix one request is counted in.
fn rows(members_of: &BTreeSet<String>, from: &Seen, to: &Seen) -> Vec<String> {
    let members = |seen: &Seen| if let Seen::Set(set) = seen { set.clone() } else { BTreeSet::new() };
    match (from, to) {
        (Seen::Set(_), _) | (_, Seen::Set(_)) => {
            let (before, after) = (members(from), members(to));
            let state = |seen: &Seen, set: &BTreeSet<String>, member: &String| match seen {
                Seen::Blank => "blank",
                _ if set.contains(member) => "in",
                _ => "out",
            };
            members_of
                .iter()
                .map(|member| (member, state(from, &before, member), state(to, &after, member)))
                .filter(|(_, from, to)| from != to)
                .map(|(member, from, to)| format!("{member} {from} -> {to}"))
                .collect()
        }
        _ => vec![format!("{} -> {}", word(from), word(to))],
    }
}

/// What the plain evaluator says of a valid request.
fn told(policy: &Policy, request: &Request) -> Result<Told, String> {
    let mut told = Told { answers: BTreeMap::new(), reasons: BTreeSet::new() };
    for (number, decision) in policy.schema.decisions.iter().enumerate() {
        let outcome = eval::decide(policy, number, request).map_err(|why| format!("not decided: {why:?}"))?;
        for (answer, value) in decision.answers.iter().zip(&outcome.answers) {
            told.answers.insert((decision.name.clone(), answer.name.clone()), seen(&answer.kind, *value));
        }
        for (role, source) in outcome.why {
            if role == Role::Deciding {
                let (rule, because, cite) = reason(policy, number, source);
                told.reasons.insert((decision.name.clone(), rule, because, cite));
            }
        }
    }
    Ok(told)
}

fn reason(policy: &Policy, decision: DecisionId, source: Source) -> (String, String, String) {
    match source {
        Source::Rule(rule) => {
            let rule = &policy.rules[rule];
            (rule.name.clone(), rule.because.clone(), rule.cite.clone())
        }
        Source::Normally => {
            let normally = policy.decisions[decision].normally.as_ref();
            let words = normally.map(|normally| (normally.because.clone(), normally.cite.clone())).unwrap_or_default();
            ("normally".to_string(), words.0, words.1)
        }
    }
}

/// A single value in words.
fn word(seen: &Seen) -> String {
    match seen {
        Seen::Blank => "blank".to_string(),
        Seen::Value(value) => value.clone(),
        Seen::Minutes(u32::MAX) => "no limit".to_string(),
        Seen::Minutes(minutes) => keyward::space::civil::duration_text(*minutes),
        Seen::Set(_) => String::new(),
    }
}

fn seen(kind: &AnswerKind, value: AnswerValue) -> Seen {
    let label = |at: usize| kind.labels().get(at).map_or(String::new(), |label| label.name.clone());
    match value {
        AnswerValue::Blank => Seen::Blank,
        AnswerValue::Choice(choice) => Seen::Value(label(usize::from(choice))),
        AnswerValue::Set(mask) => Seen::Set((0..32).filter(|at| mask >> at & 1 == 1).map(label).collect()),
        AnswerValue::Duration(minutes) => Seen::Minutes(minutes),
        AnswerValue::NoLimit => Seen::Minutes(u32::MAX),
    }
}
