//! From typed conditions to shared conditions over classes and answers.
//!
//! In: a policy and its coordinates. Out: a list of conditions in which equal ones have one number.
//! Refuses to know: diagrams. A negated test is the plain complement; tests of answers are false on blank.

use std::collections::{BTreeMap, BTreeSet};

use super::coordinates::find;
use crate::model::{Condition, ConditionId, Coordinate, CoordinateId, NO_LIMIT, Part};
use crate::schema::{AnswerId, AnswerKind, DecisionId, InputId, Type, Value};
use crate::space::civil;
use crate::typed::{
    All, AnswerPredicate, AnswerTest, CalendarId, Clause, EffectKind, InputPredicate, InputTest, One, Policy,
};

/// Builds conditions for one policy.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    /// The policy whose conditions are translated.
    pub(super) policy: &'a Policy,
    /// The coordinates they speak of.
    pub(super) coordinates: &'a [Coordinate],
    /// The conditions so far; each refers only to earlier ones.
    pub(super) conditions: Vec<Condition>,
    /// The durations that rules say, ascending, by decision and answer.
    pub(super) durations: Vec<Vec<Vec<u32>>>,
    index: BTreeMap<Condition, ConditionId>,
    terms: Vec<Option<ConditionId>>,
}

impl<'a> Builder<'a> {
    /// A builder without conditions.
    pub(super) fn new(policy: &'a Policy, coordinates: &'a [Coordinate]) -> Builder<'a> {
        Builder {
            policy,
            coordinates,
            conditions: Vec::new(),
            durations: durations(policy),
            index: BTreeMap::new(),
            terms: vec![None; policy.terms.len()],
        }
    }

    /// The condition that requests satisfy every assumption and every pin.
    pub(super) fn valid(&mut self) -> (ConditionId, Vec<ConditionId>) {
        let mut parts = Vec::new();
        let mut assumptions = Vec::new();
        for input in 0..self.policy.schema.inputs.len() {
            parts.extend(self.pins(input));
        }
        for assume in &self.policy.assumes {
            let when = self.all(&assume.condition);
            let broken = match &assume.then {
                Some(then) => {
                    let then = self.all(then);
                    let fails = self.not(then);
                    self.and(vec![when, fails])
                }
                None => when,
            };
            assumptions.push(self.not(broken));
        }
        parts.extend_from_slice(&assumptions);
        (self.and(parts), assumptions)
    }

    /// A list of clauses, all of which hold.
    pub(super) fn all(&mut self, all: &All) -> ConditionId {
        let parts = all.clauses.iter().map(|clause| self.clause(clause)).collect();
        self.and(parts)
    }

    /// Always or never.
    pub(super) fn constant(&mut self, value: bool) -> ConditionId {
        self.intern(Condition::Constant(value))
    }

    /// The coordinate is in one of these classes.
    pub(super) fn is_in(&mut self, coordinate: CoordinateId, mut classes: Vec<u16>) -> ConditionId {
        classes.sort_unstable();
        classes.dedup();
        let count = self.coordinates[usize::from(coordinate)].classes as usize;
        match classes.len() {
            0 => self.constant(false),
            n if n == count => self.constant(true),
            _ => self.intern(Condition::In(coordinate, classes)),
        }
    }

    /// All of these hold.
    pub(super) fn and(&mut self, parts: Vec<ConditionId>) -> ConditionId {
        self.list(parts, true)
    }

    /// One of these holds.
    pub(super) fn or(&mut self, parts: Vec<ConditionId>) -> ConditionId {
        self.list(parts, false)
    }

    /// This does not hold.
    pub(super) fn not(&mut self, condition: ConditionId) -> ConditionId {
        match &self.conditions[condition as usize] {
            Condition::Constant(value) => {
                let value = !value;
                self.constant(value)
            }
            Condition::Not(inner) => *inner,
            Condition::In(coordinate, classes) => {
                let count = self.coordinates[usize::from(*coordinate)].classes as u16;
                let others = (0..count).filter(|class| classes.binary_search(class).is_err()).collect();
                let coordinate = *coordinate;
                self.is_in(coordinate, others)
            }
            _ => self.intern(Condition::Not(condition)),
        }
    }

    /// Joins with `and` or `or`: constants go, repeats go, tests of one coordinate become one test.
    fn list(&mut self, parts: Vec<ConditionId>, and: bool) -> ConditionId {
        let mut tests: BTreeMap<CoordinateId, Vec<u16>> = BTreeMap::new();
        let mut order: Vec<Result<CoordinateId, ConditionId>> = Vec::new();
        let mut seen = BTreeSet::new();
        for part in parts {
            let entry = match &self.conditions[part as usize] {
                Condition::Constant(value) if *value == and => continue,
                Condition::Constant(value) => {
                    let value = *value;
                    return self.constant(value);
                }
                Condition::In(coordinate, classes) => {
                    let known = tests.entry(*coordinate).or_insert_with(|| classes.clone());
                    if and {
                        known.retain(|class| classes.binary_search(class).is_ok());
                    } else {
                        known.extend(classes);
                        known.sort_unstable();
                        known.dedup();
                    }
                    Ok(*coordinate)
                }
                _ => Err(part),
            };
            if seen.insert(entry) {
                order.push(entry);
            }
        }
        let mut ids = Vec::with_capacity(order.len());
        for entry in order {
            let id = match entry {
                Ok(coordinate) => self.is_in(coordinate, tests.remove(&coordinate).unwrap_or_default()),
                Err(id) => id,
            };
            match self.conditions[id as usize] {
                Condition::Constant(value) if value != and => return id,
                Condition::Constant(_) => {}
                _ => ids.push(id),
            }
        }
        match ids.as_slice() {
            [] => self.constant(and),
            [only] => *only,
            _ => self.intern(if and { Condition::And(ids) } else { Condition::Or(ids) }),
        }
    }

    /// One clause.
    pub(super) fn clause(&mut self, clause: &Clause) -> ConditionId {
        match clause {
            Clause::One(one) => self.one(one),
            Clause::AtLeast(count, bullets, _) => {
                let mut parts = Vec::with_capacity(bullets.len());
                for bullet in bullets {
                    let ones = bullet.iter().map(|one| self.one(one)).collect();
                    parts.push(self.and(ones));
                }
                match *count as usize {
                    0 => self.constant(true),
                    1 => self.or(parts),
                    n if n == parts.len() => self.and(parts),
                    n if n > parts.len() => self.constant(false),
                    _ => self.intern(Condition::AtLeast(*count, parts)),
                }
            }
        }
    }

    fn one(&mut self, one: &One) -> ConditionId {
        match one {
            One::Term { term, negated, .. } => {
                let id = self.term(*term);
                if *negated { self.not(id) } else { id }
            }
            One::Input(test) => {
                let id = self.input_test(test);
                if test.negated { self.not(id) } else { id }
            }
            One::Answer(test) => self.answer_test(test),
        }
    }

    fn term(&mut self, term: usize) -> ConditionId {
        if let Some(Some(known)) = self.terms.get(term) {
            return *known;
        }
        let policy = self.policy;
        let id = match policy.terms.get(term) {
            Some(found) => self.all(&found.condition),
            None => self.constant(false),
        };
        if let Some(slot) = self.terms.get_mut(term) {
            *slot = Some(id);
        }
        id
    }

    fn input_test(&mut self, test: &InputTest) -> ConditionId {
        let input = test.input;
        let whole = find(self.coordinates, input, Part::Whole);
        let presence = find(self.coordinates, input, Part::Presence);
        let asks = match &test.predicate {
            InputPredicate::Set => match whole {
                Some(whole) => self.classes_where(whole, |_| true),
                None => self.constant(true),
            },
            InputPredicate::OneOf(values) => {
                self.classes_of(whole, |sample| u32::try_from(sample).is_ok_and(|s| values.contains(&s)))
            }
            InputPredicate::Between(low, high) => self.classes_of(whole, |sample| (*low..=*high).contains(&sample)),
            InputPredicate::DateBetween(low, high) => {
                let range = i64::from(*low)..=i64::from(*high);
                self.classes_of(self.date_of(input), |day| range.contains(&day))
            }
            InputPredicate::Weekdays(days) => {
                self.classes_of(self.date_of(input), |day| days >> civil::weekday(day) & 1 == 1)
            }
            InputPredicate::TimeBetween(low, high) => {
                let time = find(self.coordinates, input, Part::Time).or(whole);
                let range = i64::from(*low)..=i64::from(*high);
                self.classes_of(time, |minute| range.contains(&minute))
            }
            InputPredicate::During(calendar) => self.during(input, *calendar),
            InputPredicate::IncludesOneOf(mask) => {
                let members = self.members(input, *mask);
                self.or(members)
            }
            InputPredicate::IncludesAllOf(mask) => {
                let members = self.members(input, *mask);
                self.and(members)
            }
            InputPredicate::Same(other) => self.same(input, *other),
        };
        match presence {
            Some(presence) => {
                let present = self.is_in(presence, vec![1]);
                self.and(vec![present, asks])
            }
            None => asks,
        }
    }

    fn date_of(&self, input: InputId) -> Option<CoordinateId> {
        find(self.coordinates, input, Part::Date).or_else(|| find(self.coordinates, input, Part::Whole))
    }

    fn classes_of(&mut self, coordinate: Option<CoordinateId>, holds: impl Fn(i64) -> bool) -> ConditionId {
        match coordinate {
            Some(coordinate) => self.classes_where(coordinate, holds),
            None => self.constant(false),
        }
    }

    /// The set classes whose sample `holds`: all values of a class answer alike.
    fn classes_where(&mut self, coordinate: CoordinateId, holds: impl Fn(i64) -> bool) -> ConditionId {
        let found = &self.coordinates[usize::from(coordinate)];
        let not_set = found.classifier.not_set();
        let classes = (0..found.classes as u16)
            .zip(&found.samples)
            .filter(|(class, sample)| Some(*class) != not_set && holds(**sample))
            .map(|(class, _)| class);
        let classes = classes.collect();
        self.is_in(coordinate, classes)
    }

    /// Days with the same hours are joined with those hours.
    fn during(&mut self, input: InputId, calendar: CalendarId) -> ConditionId {
        let parts = (find(self.coordinates, input, Part::Date), find(self.coordinates, input, Part::Time));
        let (Some(date), Some(time)) = parts else { return self.constant(false) };
        let minutes = self.coordinates[usize::from(time)].samples.clone();
        let mut days_by_hours: BTreeMap<Vec<u16>, Vec<u16>> = BTreeMap::new();
        for (class, &day) in self.coordinates[usize::from(date)].samples.iter().enumerate() {
            let hours = crate::space::hours::minutes(self.policy, calendar, day);
            let inside =
                |minute: i64| hours.iter().any(|&(from, to)| (i64::from(from)..i64::from(to)).contains(&minute));
            let open = (0..minutes.len() as u16).filter(|&t| inside(minutes[usize::from(t)])).collect();
            days_by_hours.entry(open).or_default().push(class as u16);
        }
        let mut parts = Vec::new();
        for (open, days) in days_by_hours {
            let days = self.is_in(date, days);
            let hours = self.is_in(time, open);
            parts.push(self.and(vec![days, hours]));
        }
        self.or(parts)
    }

    fn members(&mut self, input: InputId, mask: u32) -> Vec<ConditionId> {
        let members = (0..32u8).filter(|member| mask >> member & 1 == 1);
        let found: Vec<_> = members.map(|member| find(self.coordinates, input, Part::Member(member))).collect();
        found.into_iter().map(|member| self.classes_of(member, |raw| raw == 1)).collect()
    }

    fn same(&mut self, a: InputId, b: InputId) -> ConditionId {
        let (a, b) = (a.min(b), a.max(b));
        match (find(self.coordinates, a, Part::Whole), find(self.coordinates, b, Part::Whole)) {
            (Some(first), Some(second)) if a != b => self.intern(Condition::Same(first, second)),
            (Some(first), _) => self.classes_where(first, |_| true),
            _ => self.constant(false),
        }
    }

    fn answer_test(&mut self, test: &AnswerTest) -> ConditionId {
        let (decision, answer) = (test.decision, test.answer);
        let shown = self.shown(decision, answer);
        let asks = match &test.predicate {
            AnswerPredicate::Set => {
                return if test.negated { self.not(shown) } else { shown };
            }
            AnswerPredicate::NotSet => return self.not(shown),
            AnswerPredicate::OneOf(values) => {
                return self.terminals(decision, answer, |terminal| values.contains(&terminal) != test.negated);
            }
            AnswerPredicate::Between(low, high) => {
                let durations = self.durations_of(decision, answer);
                return self.terminals(decision, answer, |terminal| {
                    let within = match durations.get(terminal as usize) {
                        Some(minutes) => (*low..=*high).contains(minutes),
                        None => *high == u32::MAX,
                    };
                    within != test.negated
                });
            }
            AnswerPredicate::IncludesOneOf(mask) => {
                let members = self.answer_members(decision, answer, *mask);
                self.or(members)
            }
            AnswerPredicate::IncludesAllOf(mask) => {
                let members = self.answer_members(decision, answer, *mask);
                self.and(members)
            }
        };
        if !test.negated {
            return self.and(vec![shown, asks]);
        }
        let without = self.not(asks);
        self.and(vec![shown, without])
    }

    /// The answer has a terminal that `holds`.
    fn terminals(&mut self, decision: DecisionId, answer: AnswerId, holds: impl Fn(u32) -> bool) -> ConditionId {
        let found = self.policy.schema.decisions.get(decision).and_then(|d| d.answers.get(answer));
        let mut all: Vec<u32> = match found.map(|answer| &answer.kind) {
            Some(AnswerKind::Shortest(_)) => {
                let durations = self.durations_of(decision, answer).len() as u32;
                (0..durations).chain([NO_LIMIT]).collect()
            }
            Some(kind) => (0..kind.labels().len() as u32).collect(),
            None => Vec::new(),
        };
        all.retain(|&terminal| holds(terminal));
        match all.is_empty() {
            true => self.constant(false),
            false => self.intern(Condition::Answer(decision, answer, all)),
        }
    }

    /// The answer is not blank.
    fn shown(&mut self, decision: DecisionId, answer: AnswerId) -> ConditionId {
        let found = self.policy.schema.decisions.get(decision).and_then(|d| d.answers.get(answer));
        match found.and_then(|answer| answer.only_when) {
            Some((earlier, value)) => self.terminals(decision, earlier, |terminal| terminal == u32::from(value)),
            None => self.constant(true),
        }
    }

    fn answer_members(&mut self, decision: DecisionId, answer: AnswerId, mask: u32) -> Vec<ConditionId> {
        let members = (0..32u8).filter(|member| mask >> member & 1 == 1);
        members.map(|member| self.intern(Condition::Member(decision, answer, member))).collect()
    }

    fn durations_of(&self, decision: DecisionId, answer: AnswerId) -> Vec<u32> {
        self.durations.get(decision).and_then(|d| d.get(answer)).cloned().unwrap_or_default()
    }

    /// A pinned setting has one of the values left.
    fn pins(&mut self, input: InputId) -> Vec<ConditionId> {
        let policy = self.policy;
        let Some((declared, pinned)) = policy.schema.inputs.get(input).and_then(|i| Some((i, i.pinned.as_ref()?)))
        else {
            return Vec::new();
        };
        let options = pinned.iter().map(|value| self.equals(input, &declared.ty, value)).collect();
        vec![self.or(options)]
    }

    /// The input has this value.
    fn equals(&mut self, input: InputId, ty: &Type, value: &Value) -> ConditionId {
        let whole = find(self.coordinates, input, Part::Whole);
        let raw = match value {
            Value::NotSet => {
                let set = match whole.or_else(|| find(self.coordinates, input, Part::Presence)) {
                    Some(at) if self.coordinates[usize::from(at)].part == Part::Presence => self.is_in(at, vec![1]),
                    Some(at) => self.classes_where(at, |_| true),
                    None => self.constant(true),
                };
                return self.not(set);
            }
            Value::Set(mask) => {
                let mut parts = Vec::new();
                for member in 0..ty.labels().len() as u8 {
                    if let Some(at) = find(self.coordinates, input, Part::Member(member)) {
                        parts.push(self.is_in(at, vec![(mask >> member & 1) as u16]));
                    }
                }
                return self.and(parts);
            }
            Value::YesNo(yes) => i64::from(*yes),
            Value::Choice(choice) => i64::from(*choice),
            Value::Number(n) | Value::Duration(n) => i64::from(*n),
            Value::Time(minute) => i64::from(*minute),
            Value::Date(day) => i64::from(*day),
            Value::Moment(..) | Value::Identifier(_) => return self.constant(true),
        };
        self.classes_holding(whole, raw)
    }

    /// The class that holds a raw value.
    pub(super) fn classes_holding(&mut self, coordinate: Option<CoordinateId>, raw: i64) -> ConditionId {
        match coordinate.and_then(|c| Some((c, class_of(&self.coordinates[usize::from(c)], raw)?))) {
            Some((coordinate, class)) => self.is_in(coordinate, vec![class]),
            None => self.constant(false),
        }
    }

    fn intern(&mut self, condition: Condition) -> ConditionId {
        if let Some(&known) = self.index.get(&condition) {
            return known;
        }
        let id = self.conditions.len() as ConditionId;
        self.conditions.push(condition.clone());
        self.index.insert(condition, id);
        id
    }
}

/// The class whose values include this raw value.
pub(super) fn class_of(coordinate: &Coordinate, raw: i64) -> Option<u16> {
    let holds = |ranges: &Vec<(i64, i64)>| ranges.iter().any(|&(from, to)| (from..=to).contains(&raw));
    u16::try_from(coordinate.ranges.iter().position(holds)?).ok()
}

/// The durations that occur, by decision and answer, ascending.
fn durations(policy: &Policy) -> Vec<Vec<Vec<u32>>> {
    let mut all: Vec<Vec<Vec<u32>>> =
        policy.schema.decisions.iter().map(|decision| vec![Vec::new(); decision.answers.len()]).collect();
    let normally = policy.decisions.iter().enumerate();
    let normally = normally
        .flat_map(|(d, decision)| decision.normally.iter().flat_map(move |n| n.effects.iter().map(move |e| (d, e))));
    let rules = policy.rules.iter().flat_map(|rule| rule.effects.iter().map(move |e| (rule.decision, e)));
    for (decision, effect) in normally.chain(rules) {
        if let EffectKind::Duration(minutes) = effect.kind
            && let Some(list) = all.get_mut(decision).and_then(|d| d.get_mut(effect.answer))
        {
            list.push(minutes);
        }
    }
    for list in all.iter_mut().flatten() {
        list.sort_unstable();
        list.dedup();
    }
    all
}
