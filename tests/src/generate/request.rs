//! Random requests for a policy, with a taste for edges.
//! In: a typed policy. Out: requests, and for each input the values that stand for all others. Refuses to know classes.

use super::{NAMES, Random};
use keyward::eval::{civil, fits, weekday};
use keyward::schema::{FIRST_DAY, InputId, LAST_DAY, Schema, Type, Value};
use keyward::typed::{All, AssertKind, Clause, Days, InputPredicate, InputTest, One, Policy};
use keyward::value::Request;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The edges of one input: the first raw values at which something may change.
#[derive(Clone, Debug, Default)]
struct Edges {
    /// Of numbers, durations, dates and times; of the dates of moments.
    points: BTreeSet<i64>,
    /// Of the minutes of moments.
    minutes: BTreeSet<i64>,
}

/// Makes requests for one policy.
pub struct Requests<'a> {
    policy: &'a Policy,
    edges: Vec<Edges>,
}

impl<'a> Requests<'a> {
    /// Collects the edges of a policy from all its conditions and calendars.
    pub fn new(policy: &'a Policy) -> Self {
        let mut made = Requests { policy, edges: vec![Edges::default(); policy.schema.inputs.len()] };
        for condition in conditions(policy) {
            for test in tests(condition) {
                made.note(test);
            }
        }
        for (input, edges) in made.edges.iter_mut().enumerate() {
            let (least, most) = match policy.schema.inputs[input].ty {
                Type::Number(least, most) | Type::Duration(least, most) => (i64::from(least), i64::from(most)),
                Type::Date(first, last) => (i64::from(first), i64::from(last)),
                Type::Time => (0, 1439),
                _ => (i64::from(FIRST_DAY), i64::from(LAST_DAY)),
            };
            edges.points.extend([least, most + 1]);
            edges.minutes.extend([0, 1, 1439]);
        }
        made
    }

    fn note(&mut self, test: &InputTest) {
        let calendars = &self.policy.calendars;
        let Some(edges) = self.edges.get_mut(test.input) else { return };
        match &test.predicate {
            InputPredicate::Between(least, most) => edges.points.extend([*least, most.saturating_add(1)]),
            InputPredicate::DateBetween(first, last) => {
                edges.points.extend([i64::from(*first), i64::from(*last).saturating_add(1)]);
            }
            InputPredicate::TimeBetween(first, last) => {
                edges.minutes.extend([i64::from(*first), i64::from(*last) + 1]);
            }
            InputPredicate::During(_) => {
                for span in calendars.iter().flat_map(|calendar| &calendar.spans) {
                    edges.minutes.extend([i64::from(span.from), i64::from(span.until)]);
                    match span.days {
                        Days::Range(first, last) => {
                            edges.points.extend([first, last + 1, last + 2].map(i64::from));
                        }
                        Days::Yearly(first, last) => {
                            for date in [first, last] {
                                edges.points.extend(yearly(date, 2027).into_iter().chain(yearly(date, 2028)));
                            }
                        }
                        Days::Every | Days::Weekdays(_) => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// A request in which everything is known. Mostly valid.
    pub fn complete(&self, random: &mut Random) -> Request {
        let mut request = Request::default();
        let odd = random.chance(6).then(|| random.below(self.edges.len().max(1)));
        for input in 0..self.edges.len() {
            let value = self.value(random, input, &request);
            let value = if odd == Some(input) { oddity(random, &value) } else { value };
            request.set(input, value);
        }
        request
    }

    /// The same request with a few inputs unknown.
    pub fn forget(&self, random: &mut Random, request: &Request, most: usize) -> Request {
        let mut partial = request.clone();
        for input in random.some_below(self.edges.len(), most) {
            partial.values[input] = None;
        }
        partial
    }

    /// One value of an input.
    fn value(&self, random: &mut Random, input: InputId, request: &Request) -> Value {
        let declared = &self.policy.schema.inputs[input];
        if declared.optional && random.chance(25) {
            return Value::NotSet;
        }
        if let Some(pinned) = &declared.pinned
            && random.chance(97)
            && let Some(value) = random.pick(pinned)
        {
            return value.clone();
        }
        let edges = &self.edges[input];
        match &declared.ty {
            Type::YesNo => Value::YesNo(random.chance(50)),
            Type::OneOf(labels) => Value::Choice(random.below(labels.len()) as u8),
            Type::SetOf(labels) => Value::Set(random.next_u64() as u32 & members(labels.len())),
            Type::Number(least, most) => {
                Value::Number(point(random, edges, i64::from(*least), i64::from(*most)) as u32)
            }
            Type::Duration(least, most) => {
                Value::Duration(point(random, edges, i64::from(*least), i64::from(*most)) as u32)
            }
            Type::Date(first, last) => Value::Date(point(random, edges, i64::from(*first), i64::from(*last)) as i32),
            Type::Time => Value::Time(point(random, edges, 0, 1439) as u16),
            Type::Moment(_) => {
                let date = if random.chance(8) {
                    *random.pick(&[-25_567, 0, 20_453, 30_681, 31_106, 84_005]).unwrap_or(&0)
                } else {
                    point(random, edges, i64::from(FIRST_DAY), i64::from(LAST_DAY)) as i32
                };
                let minutes = Edges { points: edges.minutes.clone(), minutes: BTreeSet::new() };
                Value::Moment(date, point(random, &minutes, 0, 1439) as u16)
            }
            Type::Identifier(kind) => Value::Identifier(self.identifier(random, *kind, request)),
        }
    }

    /// A name the policy knows, the name another input has, or a stranger's.
    fn identifier(&self, random: &mut Random, kind: usize, request: &Request) -> String {
        let known = self.policy.schema.identifiers.get(kind).map_or(&[][..], |kind| &kind.names);
        let earlier: Vec<&String> = request
            .values
            .iter()
            .filter_map(|value| if let Some(Value::Identifier(name)) = value { Some(name) } else { None })
            .collect();
        match random.below(3) {
            0 if !known.is_empty() => known[random.below(known.len())].clone(),
            1 if !earlier.is_empty() => earlier[random.below(earlier.len())].clone(),
            _ => (*random.pick(&["stranger-1", "stranger-2", "a b", NAMES[0], NAMES[3]]).unwrap_or(&"")).to_owned(),
        }
    }

    /// Values that stand for all values of an input: whatever the policy asks, one of them gives the same answers.
    /// An identifier may also be any of those the request already names.
    pub fn candidates(&self, input: InputId, request: &Request) -> Vec<Value> {
        let declared = &self.policy.schema.inputs[input];
        let edges = &self.edges[input];
        let mut values: Vec<Value> = match &declared.ty {
            Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
            Type::OneOf(labels) => (0..labels.len()).map(|choice| Value::Choice(choice as u8)).collect(),
            Type::SetOf(labels) => (0..=members(labels.len())).map(Value::Set).collect(),
            Type::Number(..) => edges.points.iter().filter_map(|n| u32::try_from(*n).ok()).map(Value::Number).collect(),
            Type::Duration(..) => {
                edges.points.iter().filter_map(|n| u32::try_from(*n).ok()).map(Value::Duration).collect()
            }
            Type::Time => edges.points.iter().map(|minute| Value::Time(*minute as u16)).collect(),
            Type::Date(first, last) => self.dates(input, *first, *last).into_iter().map(Value::Date).collect(),
            Type::Moment(_) => {
                let dates = self.dates(input, i32::MIN, i32::MAX);
                let minutes: Vec<u16> =
                    edges.minutes.iter().filter(|minute| **minute < 1440).map(|minute| *minute as u16).collect();
                dates.iter().flat_map(|date| minutes.iter().map(|minute| Value::Moment(*date, *minute))).collect()
            }
            Type::Identifier(kind) => {
                let known = self.policy.schema.identifiers.get(*kind).map_or(&[][..], |kind| &kind.names);
                let strangers = (0..self.policy.schema.inputs.len()).map(|place| format!("stranger-{place}"));
                let named = request.values.iter().flatten().filter_map(|value| match value {
                    Value::Identifier(name) => Some(name.clone()),
                    _ => None,
                });
                let all: BTreeSet<String> = known.iter().cloned().chain(strangers).chain(named).collect();
                all.into_iter().map(Value::Identifier).collect()
            }
        };
        if declared.optional {
            values.push(Value::NotSet);
        }
        values.retain(|value| fits(declared, value));
        values
    }

    /// One date for each combination of what the policy can see of dates, one-off days lying in the horizon: the cycle of
    /// weekdays and leap years before it, the horizon itself, and the cycle after it.
    fn dates(&self, input: InputId, first: i32, last: i32) -> Vec<i32> {
        let mut asked: BTreeSet<(i64, i64)> = BTreeSet::new();
        let mut weekdays: BTreeSet<u8> = BTreeSet::new();
        let mut spans: Vec<Days> = Vec::new();
        for condition in conditions(self.policy) {
            for test in tests(condition).into_iter().filter(|test| test.input == input) {
                match &test.predicate {
                    InputPredicate::Between(least, most) => drop(asked.insert((*least, *most))),
                    InputPredicate::DateBetween(least, most) => {
                        asked.insert((i64::from(*least), i64::from(*most)));
                    }
                    InputPredicate::Weekdays(mask) => drop(weekdays.insert(*mask)),
                    InputPredicate::During(_) => {
                        let calendars = self.policy.calendars.iter();
                        spans.extend(calendars.flat_map(|calendar| &calendar.spans).map(|span| span.days));
                    }
                    _ => {}
                }
            }
        }
        let cycle = LAST_DAY - FIRST_DAY + 1;
        let mut found: BTreeMap<Vec<bool>, i32> = BTreeMap::new();
        for date in first.max(FIRST_DAY - cycle)..=last.min(LAST_DAY + cycle) {
            let mut seen: Vec<bool> = Vec::new();
            seen.extend(asked.iter().map(|(least, most)| (*least..=*most).contains(&i64::from(date))));
            seen.extend(weekdays.iter().map(|mask| mask >> weekday(date) & 1 == 1));
            seen.extend(spans.iter().map(|days| is_in(*days, date)));
            seen.extend(spans.iter().map(|days| is_in(*days, date - 1)));
            found.entry(seen).or_insert(date);
        }
        found.into_values().collect()
    }
}

fn is_in(days: Days, date: i32) -> bool {
    match days {
        Days::Every => true,
        Days::Weekdays(mask) => mask >> weekday(date) & 1 == 1,
        Days::Range(first, last) => (first..=last).contains(&date),
        Days::Yearly(first, last) => {
            let (_, month, day) = civil(date);
            let here = month * 32 + day;
            if first <= last { (first..=last).contains(&here) } else { here >= first || here <= last }
        }
    }
}

/// The bits of so many members.
fn members(count: usize) -> u32 {
    u32::MAX.checked_shr(32u32.saturating_sub(count as u32)).unwrap_or(0)
}

/// A raw value in a range: at an edge, beside one, or anywhere.
fn point(random: &mut Random, edges: &Edges, least: i64, most: i64) -> i64 {
    let near: Vec<i64> = edges
        .points
        .iter()
        .flat_map(|edge| [edge - 1, *edge, edge + 1])
        .filter(|point| (least..=most).contains(point))
        .collect();
    if !near.is_empty() && random.chance(75) { near[random.below(near.len())] } else { random.between(least, most) }
}

/// Another value in the place of a good one: out of range, of another type, or not set.
fn oddity(random: &mut Random, value: &Value) -> Value {
    match (random.below(4), value) {
        (0, _) => Value::NotSet,
        (1, Value::YesNo(_)) => Value::Choice(0),
        (1, _) => Value::YesNo(true),
        (_, Value::Choice(_)) => Value::Choice(*random.pick(&[7, 200, 254, 255]).unwrap_or(&7)),
        (_, Value::Set(_)) => Value::Set(*random.pick(&[1 << 4, 1 << 31, u32::MAX]).unwrap_or(&16)),
        (_, Value::Number(_)) => Value::Number(*random.pick(&[0, 301, u32::MAX]).unwrap_or(&0)),
        (_, Value::Duration(_)) => Value::Duration(*random.pick(&[0, 43_201, u32::MAX]).unwrap_or(&0)),
        (_, Value::Time(_)) => Value::Time(*random.pick(&[1440, u16::MAX]).unwrap_or(&1440)),
        (_, Value::Date(_)) => Value::Date(*random.pick(&[i32::MIN, -25_568, 84_006, i32::MAX, 0]).unwrap_or(&0)),
        (_, Value::Moment(date, minute)) => random
            .pick(&[
                Value::Moment(*date, 1440),
                Value::Moment(*date, u16::MAX),
                Value::Moment(-25_568, *minute),
                Value::Moment(84_006, *minute),
                Value::Moment(i32::MIN, *minute),
                Value::Moment(i32::MAX, *minute),
            ])
            .cloned()
            .unwrap_or(Value::NotSet),
        _ => Value::Number(3),
    }
}

/// The day of a year on which a day of every year falls, and the one after; for 02-29 also in other years.
fn yearly(date: u16, year: i32) -> Vec<i64> {
    let (month, day) = (date / 32, date % 32);
    let found = (FIRST_DAY..=LAST_DAY).find(|number| {
        let (y, m, d) = civil(*number);
        y == year && (m, d) >= (month, day)
    });
    found.map(|number| vec![i64::from(number), i64::from(number) + 1]).unwrap_or_default()
}

/// Every condition of a policy, those of tests and asserts included.
pub fn conditions(policy: &Policy) -> Vec<&All> {
    let mut all: Vec<&All> = policy.terms.iter().map(|term| &term.condition).collect();
    for assume in &policy.assumes {
        all.push(&assume.condition);
        all.extend(&assume.then);
    }
    all.extend(policy.rules.iter().map(|rule| &rule.condition));
    all.extend(policy.tests.iter().flat_map(|test| [&test.given, &test.expect]));
    for assert in &policy.asserts {
        match &assert.kind {
            AssertKind::Never(condition) | AssertKind::Possible(condition) => all.push(condition),
            AssertKind::AlwaysIf(condition, then) => all.extend([condition, then]),
            AssertKind::Unchanged { except, .. } => all.extend(except),
            AssertKind::Changes { .. } => {}
        }
    }
    all
}

/// The tests of inputs in a condition.
pub fn tests(all: &All) -> Vec<&InputTest> {
    let ones = all.clauses.iter().flat_map(|clause| match clause {
        Clause::One(one) => vec![one],
        Clause::AtLeast(_, bullets, _) => bullets.iter().flatten().collect(),
    });
    ones.filter_map(|one| if let One::Input(test) = one { Some(test) } else { None }).collect()
}

/// A request as JSON, for a message a person can run.
pub fn to_json(schema: &Schema, request: &Request) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    for (input, declared) in schema.inputs.iter().enumerate() {
        if let Some(value) = request.get(input) {
            object.insert(declared.name.clone(), value_to_json(&declared.ty, value));
        }
    }
    serde_json::Value::Object(object)
}

fn value_to_json(ty: &Type, value: &Value) -> serde_json::Value {
    let label =
        |place: usize| ty.labels().get(place).map_or_else(|| format!("value {place}"), |label| label.name.clone());
    let date = |day: i32| {
        if (-40_000..100_000).contains(&day) {
            let (year, month, day) = civil(day);
            format!("{year:04}-{month:02}-{day:02}")
        } else {
            format!("day {day}")
        }
    };
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    match value {
        Value::NotSet => serde_json::Value::Null,
        Value::YesNo(yes) => json!(yes),
        Value::Choice(choice) => json!(label(usize::from(*choice))),
        Value::Set(set) => {
            json!((0..32).filter(|member| set >> member & 1 == 1).map(label).collect::<Vec<_>>())
        }
        Value::Number(number) | Value::Duration(number) => json!(number),
        Value::Moment(day, minute) => json!(format!("{}T{}", date(*day), time(*minute))),
        Value::Date(day) => json!(date(*day)),
        Value::Time(minute) => json!(time(*minute)),
        Value::Identifier(name) => json!(name),
    }
}

/// A request from the JSON values of an example or of a message.
pub fn from_json(schema: &Schema, fields: &[(String, String)]) -> Option<Request> {
    let mut request = Request { values: vec![None; schema.inputs.len()] };
    for (name, text) in fields {
        let input = schema.input(name)?;
        let json: serde_json::Value = serde_json::from_str(text).ok()?;
        request.set(input, value_from_json(&schema.inputs[input].ty, &json)?);
    }
    Some(request)
}

fn value_from_json(ty: &Type, json: &serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    let place = |name: &str| ty.labels().iter().position(|label| label.name == name);
    let number = |json: &Json| json.as_u64().and_then(|number| u32::try_from(number).ok());
    Some(match (ty, json) {
        (_, Json::Null) => Value::NotSet,
        (Type::YesNo, Json::Bool(yes)) => Value::YesNo(*yes),
        (Type::OneOf(_), Json::String(name)) => Value::Choice(u8::try_from(place(name)?).ok()?),
        (Type::SetOf(_), Json::Array(names)) => {
            let mut set = 0;
            for name in names {
                set |= 1 << place(name.as_str()?)?;
            }
            Value::Set(set)
        }
        (Type::Number(..), json) => Value::Number(number(json)?),
        (Type::Duration(..), json) => Value::Duration(number(json)?),
        (Type::Date(..), Json::String(text)) => Value::Date(date_from(text)?),
        (Type::Time, Json::String(text)) => Value::Time(time_from(text)?),
        (Type::Moment(_), Json::String(text)) => {
            let (date, time) = text.split_once('T')?;
            Value::Moment(date_from(date)?, time_from(time)?)
        }
        (Type::Identifier(_), Json::String(name)) => Value::Identifier(name.clone()),
        _ => return None,
    })
}

fn date_from(text: &str) -> Option<i32> {
    let mut parts = text.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let from = (year - 1970) * 365 + (year - 1970) / 4 - 2 + (month - 1) * 28;
    (from..from + 60).find(|number| {
        let (y, m, d) = civil(*number);
        (y, i32::from(m), i32::from(d)) == (year, month, day)
    })
}

fn time_from(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
}
