//! Making the cases of a conformance file. In: a policy, the plain evaluator, a seed. Out: cases with what it says. Refuses to
//! ask anything but the evaluator for answers; the bytes of a request are the host's, those of an outcome follow from it.

use super::hex;
use crate::differential::{Built, oracle};
use crate::generate::{Random, Requests, to_json};
use keyward::eval::{self, Possible};
use keyward::schema::{Answer, AnswerKind, DecisionId};
use keyward::typed::AnswerValue;
use keyward::value::{Part, Request, Source, Status};
use keyward_evaluator::layout::{BLANK, NO_LIMIT};
use keyward_server::Schema;
use keyward_server::json::{Terms, read_request};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// How many of each kind of case one decision gets.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// With everything known.
    pub complete: usize,
    /// With something unknown.
    pub partial: usize,
    /// With duties that the host cannot perform.
    pub duties: usize,
}

/// Completions that are tried for one partly known request.
const COMPLETIONS: usize = 3_000;

/// The cases of a policy.
pub fn cases(built: &Built, schema: &Schema, seed: u64, wanted: Wanted) -> Vec<Map<String, Value>> {
    let maker = Requests::new(&built.policy);
    let mut random = Random::new(seed);
    let mut cases = Vec::new();
    for decision in 0..built.policy.schema.decisions.len() {
        let making = Making { built, schema, maker: &maker, decision };
        let mut fill = |count: usize, random: &mut Random, make: &mut dyn FnMut(&mut Random) -> Option<Case>| {
            let mut tries = count * 40;
            let mut left = count;
            while left > 0 && tries > 0 {
                tries -= 1;
                if let Some(case) = make(random) {
                    cases.push(case);
                    left -= 1;
                }
            }
        };
        fill(wanted.complete, &mut random, &mut |random| {
            let case = making.complete(&maker.complete(random))?;
            wanted_status(&case, random).then_some(case)
        });
        fill(wanted.partial, &mut random, &mut |random| {
            let case = making.partial(random)?;
            wanted_status(&case, random).then_some(case)
        });
        fill(wanted.duties, &mut random, &mut |random| making.duties(random));
    }
    cases.extend(foreign(built, schema));
    cases
}

/// The case of one complete request.
pub fn told(built: &Built, schema: &Schema, request: &Request) -> Option<Map<String, Value>> {
    let maker = Requests::new(&built.policy);
    Making { built, schema, maker: &maker, decision: 0 }.complete(request)
}

type Case = Map<String, Value>;

/// Invalid requests are many, and all are answered alike: a few of them do.
fn wanted_status(case: &Case, random: &mut Random) -> bool {
    case.get("status") != Some(&json!(Status::UnsureInvalid.word())) || random.chance(8)
}

struct Making<'a> {
    built: &'a Built,
    schema: &'a Schema,
    maker: &'a Requests<'a>,
    decision: DecisionId,
}

impl Making<'_> {
    fn complete(&self, request: &Request) -> Option<Case> {
        let mut case = self.start(request, None)?;
        let said = oracle(&self.built.policy, self.decision, request).ok()?;
        self.answer(&mut case, said.status, &said.answers);
        if said.status == Status::Ok {
            for (key, part) in [("because", Part::Deciding), ("overridden", Part::Overridden), ("milder", Part::Milder)]
            {
                let rules = said.why.iter().flatten().filter(|(of, _)| *of == part);
                let names: Vec<&str> = rules.map(|(_, source)| self.rule(*source)).collect();
                case.insert(key.to_owned(), json!(names));
            }
        }
        Some(case)
    }

    fn partial(&self, random: &mut Random) -> Option<Case> {
        let complete = self.maker.complete(random);
        let request = self.maker.forget(random, &complete, 3);
        if request.is_complete() {
            return None;
        }
        let (possible, answers, status) = self.possible(&request)?;
        let mut case = self.start(&request, None)?;
        self.answer(&mut case, status, &answers);
        case.insert("possible".to_owned(), self.possible_json(&possible));
        Some(case)
    }

    fn duties(&self, random: &mut Random) -> Option<Case> {
        let request = self.maker.complete(random);
        let said = oracle(&self.built.policy, self.decision, &request).ok()?;
        let declared = &self.built.policy.schema.decisions[self.decision];
        let mut able = Map::new();
        let mut fits = true;
        for (answer, value) in declared.answers.iter().zip(&said.answers) {
            let AnswerKind::SetOf(labels) = &answer.kind else { continue };
            let mask = (random.next_u64() | random.next_u64()) as u32;
            let names = labels.iter().enumerate().filter(|(member, _)| mask >> member & 1 == 1);
            able.insert(answer.name.clone(), json!(names.map(|(_, label)| &label.name).collect::<Vec<_>>()));
            fits &= !matches!(value, AnswerValue::Set(members) if members & !mask != 0);
        }
        if able.is_empty() || said.status != Status::Ok {
            return None;
        }
        let mut case = self.start(&request, Some(&able))?;
        let unsure = &self.built.policy.decisions[self.decision].unsure;
        let (status, answers) = if fits { (Status::Ok, &said.answers) } else { (Status::DutyUnsupported, unsure) };
        self.answer(&mut case, status, answers);
        Some(case)
    }

    /// The request in JSON and in bytes; nothing if it cannot be said in JSON.
    fn start(&self, request: &Request, duties: Option<&Map<String, Value>>) -> Option<Case> {
        let json = to_json(&self.built.policy.schema, request);
        let mut read = read_request(self.schema, json.to_string().as_bytes(), &Terms::default()).ok()?;
        // What is unknown in the request is left out; a setting left out has its default, and is not what was meant.
        let unknown: BTreeSet<&str> = read.unknown().collect();
        let mut inputs = self.built.policy.schema.inputs.iter().enumerate();
        if inputs.any(|(input, declared)| request.get(input).is_none() != unknown.contains(declared.name.as_str())) {
            return None;
        }
        let mut case = Map::new();
        case.insert("decision".to_owned(), json!(self.schema.decisions[self.decision].name));
        case.insert("request".to_owned(), json);
        if let Some(duties) = duties {
            let answers = self.built.policy.schema.decisions[self.decision].answers.iter().enumerate();
            for (number, answer) in answers {
                let AnswerKind::SetOf(labels) = &answer.kind else { continue };
                let able = duties.get(&answer.name)?.as_array()?;
                let names = labels.iter().enumerate().filter(|(_, label)| able.contains(&json!(label.name)));
                let mask = names.fold(0, |mask, (member, _)| mask | 1 << member);
                read.duties(self.decision as u32, number, mask).then_some(())?;
            }
            case.insert("duties".to_owned(), Value::Object(duties.clone()));
        }
        case.insert("packed".to_owned(), json!(hex(&read.pack())));
        Some(case)
    }

    /// What is possible, and what is decided then.
    fn possible(&self, request: &Request) -> Option<(Possible, Vec<AnswerValue>, Status)> {
        let policy = &self.built.policy;
        let inputs = 0..policy.schema.inputs.len();
        let candidates: Vec<Vec<keyward::schema::Value>> = inputs
            .map(|input| match request.get(input) {
                None => self.maker.candidates(input, request),
                Some(_) => Vec::new(),
            })
            .collect();
        let possible = eval::possible(policy, self.decision, request, &candidates, COMPLETIONS).ok()?;
        let single = |values: &BTreeSet<AnswerValue>| if values.len() == 1 { values.first().copied() } else { None };
        let singles: Option<Vec<AnswerValue>> = possible.answers.iter().map(single).collect();
        let unsure = policy.decisions[self.decision].unsure.clone();
        let (answers, status) = match (possible.valid, singles) {
            (0, _) => (unsure, Status::UnsureInvalid),
            (_, Some(answers)) => (answers, Status::Ok),
            (_, None) => (unsure, Status::UnsureMissing),
        };
        Some((possible, answers, status))
    }

    fn answer(&self, case: &mut Case, status: Status, answers: &[AnswerValue]) {
        let declared = &self.built.policy.schema.decisions[self.decision].answers;
        let said = declared.iter().zip(answers).map(|(answer, value)| (answer.name.clone(), said(answer, *value)));
        case.insert("status".to_owned(), json!(status.word()));
        case.insert("answers".to_owned(), Value::Object(said.collect()));
        let code = code_of(status);
        let words = declared.iter().zip(answers).flat_map(|(answer, value)| words(answer, *value));
        let bytes: Vec<u8> = std::iter::once(code).chain(words).flat_map(u32::to_le_bytes).collect();
        case.insert("outcome".to_owned(), json!(hex(&bytes)));
    }

    fn possible_json(&self, possible: &Possible) -> Value {
        let declared = self.built.policy.schema.decisions[self.decision].answers.iter();
        let answers = declared.zip(&possible.answers).map(|(answer, values)| {
            let left = match &answer.kind {
                AnswerKind::SetOf(labels) => {
                    let held = |value: &AnswerValue| if let AnswerValue::Set(set) = value { *set } else { 0 };
                    let any = values.iter().fold(0, |all, value| all | held(value));
                    let every = values.iter().fold(u32::MAX, |all, value| all & held(value));
                    let names = |mask: u32| -> Vec<&str> {
                        let members = labels.iter().enumerate().filter(|(member, _)| mask >> member & 1 == 1);
                        members.map(|(_, label)| label.name.as_str()).collect()
                    };
                    let (may, must) = (names(any), names(if values.is_empty() { 0 } else { every }));
                    let blank = values.contains(&AnswerValue::Blank);
                    let answered = values.iter().any(|value| *value != AnswerValue::Blank);
                    json!({"may": may, "must": must, "blank": blank, "answered": answered})
                }
                _ => {
                    // Blank first, then in the order of the values.
                    let blank = values.contains(&AnswerValue::Blank).then_some(Value::Null);
                    let others = values.iter().filter(|value| **value != AnswerValue::Blank);
                    Value::Array(blank.into_iter().chain(others.map(|value| said(answer, *value))).collect())
                }
            };
            (answer.name.clone(), left)
        });
        Value::Object(answers.collect())
    }

    fn rule(&self, source: Source) -> &str {
        match source {
            Source::Rule(rule) => self.built.policy.rules.get(rule).map_or("?", |rule| rule.name.as_str()),
            Source::Normally => "normally",
        }
    }
}

/// A request for another schema, and one with a flag that nobody knows.
fn foreign(built: &Built, schema: &Schema) -> Vec<Case> {
    let mut packed = keyward_server::RequestBuilder::new(schema).pack();
    let mut cases = Vec::new();
    for (at, flip) in [(0, 0xFF), (4, 0x04)] {
        packed[at] ^= flip;
        let maker = Requests::new(&built.policy);
        let making = Making { built, schema, maker: &maker, decision: 0 };
        let mut case = Map::new();
        case.insert("decision".to_owned(), json!(schema.decisions[0].name));
        case.insert("packed".to_owned(), json!(hex(&packed)));
        making.answer(&mut case, Status::SchemaMismatch, &built.policy.decisions[0].unsure);
        cases.push(case);
        packed[at] ^= flip;
    }
    cases
}

fn said(answer: &Answer, value: AnswerValue) -> Value {
    let name = |place: usize| match &answer.kind {
        AnswerKind::OneOf { yes_no: true, .. } => json!(place == 1),
        AnswerKind::OneOf { values: labels, .. } | AnswerKind::Strictest(labels) | AnswerKind::SetOf(labels) => {
            json!(labels.get(place).map(|label| &label.name))
        }
        AnswerKind::Shortest(_) => Value::Null,
    };
    match value {
        AnswerValue::Blank => Value::Null,
        AnswerValue::Choice(place) => name(usize::from(place)),
        AnswerValue::Set(set) => (0..32).filter(|member| set >> member & 1 == 1).map(name).collect(),
        AnswerValue::Duration(minutes) => json!(minutes),
        AnswerValue::NoLimit => json!("no limit"),
    }
}

fn words(answer: &Answer, value: AnswerValue) -> Vec<u32> {
    let set = matches!(answer.kind, AnswerKind::SetOf(_));
    match value {
        AnswerValue::Blank if set => vec![0, BLANK],
        AnswerValue::Blank => vec![BLANK],
        AnswerValue::Choice(place) => vec![u32::from(place)],
        AnswerValue::Set(members) => vec![members, 0],
        AnswerValue::Duration(minutes) => vec![minutes],
        AnswerValue::NoLimit => vec![NO_LIMIT],
    }
}

fn code_of(status: Status) -> u32 {
    match status {
        Status::Ok => 0,
        Status::UnsureMissing => 1,
        Status::UnsureInvalid => 2,
        Status::SchemaMismatch => 3,
        Status::DutyUnsupported => 4,
    }
}
