//! Checking the cases on the hosts that speak Rust. In: a case, a loaded module. Out: nothing, or how they differ. Refuses to
//! know where the expectation comes from.

use super::{hex, unhex};
use keyward_device::{Marks, SmallScratch};
use keyward_evaluator::layout::{FLAG_KNOWN, REQUEST_FLAGS};
use keyward_evaluator::{Scratch, Table};
use keyward_server::json::{Decided, Said, Terms, read_request};
use keyward_server::{Answer, Decider, Part, Policy, Possible, Status};
use serde_json::{Map, Value, json};

/// The server and the native walk, ready to answer cases of one policy.
pub struct Hosts {
    policy: Policy,
    decider: Decider,
    boxed: Boxed,
    module: Vec<u8>,
    scratch: Scratch,
    room: Vec<u8>,
}

impl Hosts {
    /// Loads a module into each.
    pub fn new(module: &[u8]) -> Result<Hosts, String> {
        let policy = Policy::load(module).map_err(|error| error.to_string())?;
        let decider = Decider::new(&policy).map_err(|error| error.to_string())?;
        Ok(Hosts {
            decider,
            boxed: Boxed::new(module)?,
            module: module.to_vec(),
            scratch: Scratch::new(),
            room: vec![0; 16 * 1024],
            policy,
        })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Checks one case on each.
    pub fn check(&mut self, case: &Map<String, Value>) -> Result<(), String> {
        let text = |key: &str| case.get(key).and_then(Value::as_str);
        let decision = self.policy.schema().decision(text("decision").unwrap_or_default()).ok_or("no such decision")?;
        let request = text("text").map(str::to_owned).or_else(|| case.get("request").map(Value::to_string));
        if let Some(request) = request {
            self.spoken(case, decision, request.as_bytes())?;
        }
        if let Some(packed) = text("packed") {
            let packed = unhex(packed).ok_or("the packed request is not hexadecimal")?;
            self.bytes(decision, &packed, text("outcome").ok_or("no outcome is expected")?)?;
        }
        Ok(())
    }

    /// From JSON to words.
    fn spoken(&mut self, case: &Map<String, Value>, decision: u32, request: &[u8]) -> Result<(), String> {
        let text = |key: &str| case.get(key).and_then(Value::as_str);
        let terms = Terms { zone: text("zone").map(str::to_owned), ..Terms::default() };
        let schema = self.policy.schema().clone();
        let mut read = match read_request(&schema, request, &terms) {
            Ok(read) => read,
            Err(mistake) => {
                return same(
                    "error",
                    &json!([mistake.fault.code(), mistake.key]),
                    &json!([case.get("error"), case.get("key")]),
                );
            }
        };
        if let Some(code) = text("error") {
            return Err(format!("{code} is expected, and the request is read"));
        }
        for (name, able) in case.get("duties").and_then(Value::as_object).into_iter().flatten() {
            let answers = &schema.decisions[decision as usize].answers;
            let number = answers.iter().position(|answer| answer.name == *name).ok_or("no such answer")?;
            let keyward_server::AnswerKind::SetOf(labels, _) = &answers[number].kind else {
                return Err("no set".to_owned());
            };
            let able = able.as_array().ok_or("duties are arrays")?;
            let members = labels.iter().enumerate().filter(|(_, label)| able.contains(&json!(label)));
            read.duties(decision, number, members.fold(0, |mask, (member, _)| mask | 1 << member));
        }
        let packed = read.pack();
        same("packed", &json!(hex(&packed)), case.get("packed").unwrap_or(&Value::Null))?;
        let failed = |error: keyward_server::DecideError| error.to_string();
        let decided = Decided::new(&mut self.decider, decision, &packed).map_err(failed)?;
        same("status", &json!(decided.status.word()), case.get("status").unwrap_or(&Value::Null))?;
        let answers: Map<String, Value> =
            decided.answers.iter().map(|(name, said)| (name.clone(), said_json(said))).collect();
        same("answers", &Value::Object(answers), case.get("answers").unwrap_or(&Value::Null))?;
        for (key, part) in [("because", Part::Deciding), ("overridden", Part::Overridden), ("milder", Part::Milder)] {
            if let Some(expected) = case.get(key) {
                let rules: Vec<&str> =
                    decided.because.iter().filter(|one| one.part == part).map(|one| one.rule.as_str()).collect();
                same(key, &json!(rules), expected)?;
            }
        }
        if let Some(expected) = case.get("possible") {
            let (_, possible) = self.decider.partial(decision, &packed).map_err(failed)?;
            let names = schema.decisions[decision as usize].answers.iter().map(|answer| answer.name.clone());
            let found: Map<String, Value> = names.zip(possible.iter().map(possible_json)).collect();
            same("possible", &Value::Object(found), expected)?;
        }
        Ok(())
    }

    /// From bytes to bytes.
    fn bytes(&mut self, decision: u32, packed: &[u8], expected: &str) -> Result<(), String> {
        let failed = |error: keyward_server::DecideError| error.to_string();
        let bytes = |outcome: keyward_server::Outcome| -> Vec<u8> {
            std::iter::once(outcome.status.code()).chain(outcome.words).flat_map(u32::to_le_bytes).collect()
        };
        let expected = json!(expected);
        let fast = self.decider.decide(decision, packed).map_err(failed)?;
        same("outcome of the module", &json!(hex(&bytes(fast))), &expected)?;
        let slow = self.decider.decide_table(decision, packed).map_err(failed)?;
        same("outcome of the loop", &json!(hex(&bytes(slow))), &expected)?;
        if packed.len() == self.policy.schema().request_len {
            let rows = self.decider.batch(decision, &[packed, packed, packed].concat()).map_err(failed)?;
            for row in rows {
                same("outcome in a batch", &json!(hex(&bytes(row))), &expected)?;
            }
        }
        let table = Table::new(self.policy.table());
        keyward_evaluator::decide(&table, decision, packed, self.room.as_mut_slice(), &mut self.scratch);
        let len = keyward_evaluator::result_len(&table, decision);
        same("outcome of the native walk", &json!(hex(&self.room[..len])), &expected)?;
        let boxed =
            keyward_device::Policy::open(&self.module, &mut Marks::<4096>::new()).map_err(|error| error.to_string())?;
        self.room[..len].fill(0xAA);
        boxed.decide(decision, packed, &mut self.room, &mut self.scratch);
        same("outcome on a box", &json!(hex(&self.room[..len])), &expected)?;
        if packed[REQUEST_FLAGS] & FLAG_KNOWN as u8 == 0 {
            boxed.decide(decision, packed, &mut self.room, &mut SmallScratch::new());
            same("outcome on a small box", &json!(hex(&self.room[..len])), &expected)?;
        }
        let boxed = self.boxed.decide(decision, packed, len)?;
        same("outcome under wasmi", &json!(hex(&boxed)), &expected)
    }
}

fn same(what: &str, found: &Value, expected: &Value) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found}, expected {expected}")) }
}

fn said_json(said: &Said) -> Value {
    match said {
        Said::Blank => Value::Null,
        Said::YesNo(yes) => json!(yes),
        Said::Name(name) => json!(name),
        Said::Set(members) => json!(members),
        Said::Minutes(minutes) => json!(minutes),
        Said::NoLimit => json!("no limit"),
    }
}

fn possible_json(possible: &Possible<'_>) -> Value {
    match possible {
        Possible::Values(values) => {
            // Blank first.
            let blank = values.contains(&Answer::Blank).then_some(Value::Null);
            let others = values.iter().filter(|value| **value != Answer::Blank).map(|value| match value {
                Answer::Blank => Value::Null,
                Answer::Value(name) => json!(name),
                Answer::YesNo(yes) => json!(yes),
                Answer::Members(members) => json!(members),
                Answer::Minutes(minutes) => json!(minutes),
                Answer::NoLimit => json!("no limit"),
            });
            blank.into_iter().chain(others).collect()
        }
        Possible::Members { may, may_not, blank, answered } => {
            let must: Vec<&&str> = may.iter().filter(|member| !may_not.contains(member)).collect();
            json!({"may": may, "must": must, "blank": blank, "answered": answered})
        }
    }
}

/// The module under wasmi: what a box with an engine runs.
struct Boxed {
    store: wasmi::Store<()>,
    memory: wasmi::Memory,
    decide: wasmi::TypedFunc<(u32, u32, u32), u32>,
    request_at: u32,
    outcome_at: u32,
}

impl Boxed {
    fn new(module: &[u8]) -> Result<Boxed, String> {
        let failed = |error: wasmi::Error| error.to_string();
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, module).map_err(failed)?;
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Instance::new(&mut store, &module, &[]).map_err(failed)?;
        let memory = instance.get_memory(&store, "memory").ok_or("no memory")?;
        let decide = instance.get_typed_func(&store, "kw_decide").map_err(failed)?;
        let mut place = |name: &str| {
            let get = instance.get_typed_func::<(), u32>(&store, name)?;
            get.call(&mut store, ())
        };
        let (request_at, outcome_at) = (place("kw_request").map_err(failed)?, place("kw_outcome").map_err(failed)?);
        Ok(Boxed { store, memory, decide, request_at, outcome_at })
    }

    fn decide(&mut self, decision: u32, request: &[u8], len: usize) -> Result<Vec<u8>, String> {
        self.memory.write(&mut self.store, self.request_at as usize, request).map_err(|error| error.to_string())?;
        let places = (decision, self.request_at, self.outcome_at);
        let status = self.decide.call(&mut self.store, places).map_err(|error| error.to_string())?;
        let mut outcome = vec![0; len];
        self.memory.read(&self.store, self.outcome_at as usize, &mut outcome).map_err(|error| error.to_string())?;
        if outcome.get(..4) == Some(&Status::from_code(status).code().to_le_bytes()) {
            Ok(outcome)
        } else {
            Err("another status".to_owned())
        }
    }
}
