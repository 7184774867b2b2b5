//! The module under wasmtime as a decider: what a server runs. Also the host's own way from JSON to bytes.
//! In: a built policy. Out: how many decisions agree with the oracle, or the first that does not.
//! Refuses to compare requests whose values have no bytes.

use super::{Answered, Built, agrees, native, oracle, pack};
use crate::generate::{Random, Requests, to_json};
use keyward::schema::DecisionId;
use keyward::value::{Part, Request, Source as Reason};
use keyward_evaluator::Table;
use keyward_server::json::{Terms, read_request};
use keyward_server::{Decider, Policy};

/// Loads the module of a policy and compares it on so many requests: decided by its fast form and by its loop, with
/// reasons, from our bytes and from the host's, complete and partly known.
pub fn compare(seed: u64, built: &Built, requests: usize) -> Result<usize, String> {
    let loaded = Policy::load(&built.emitted.bytes).map_err(|error| format!("not loaded: {error:?}"))?;
    let mut decider = Decider::new(&loaded).map_err(|error| format!("no instance: {error:?}"))?;
    let mut random = Random::new(seed ^ 0x0DD);
    let maker = Requests::new(&built.policy);
    let mut count = 0;
    for _ in 0..requests {
        let request = maker.complete(&mut random);
        let partly = maker.forget(&mut random, &request, 2);
        for decision in 0..built.policy.schema.decisions.len() {
            let told = |what: String| format!("{what} at {}", to_json(&built.policy.schema, &request));
            count += one(built, &loaded, &mut decider, decision, &request).map_err(told)?;
            partial(built, &mut decider, decision, &partly).map_err(told)?;
        }
    }
    Ok(count)
}

fn one(
    built: &Built,
    loaded: &Policy,
    decider: &mut Decider,
    decision: DecisionId,
    request: &Request,
) -> Result<usize, String> {
    let Some(packed) = pack::pack(&built.model, built.emitted.schema_hash, request) else { return Ok(0) };
    let expected = oracle(&built.policy, decision, request).map_err(|undecided| format!("{undecided:?}"))?;
    let said = answered(built, decider, decision, &packed, true)?;
    for (form, said) in ["code", "loop"].iter().zip(&said) {
        if !agrees(&expected, said) {
            return Err(format!("oracle {expected:?}, {form} {said:?}"));
        }
    }
    let json = to_json(&built.policy.schema, request).to_string();
    match read_request(loaded.schema(), json.as_bytes(), &Terms::default()) {
        Ok(by_host) if by_host.pack() != packed => {
            // Identifiers may be numbered otherwise; then the decision must still be the same.
            let said = answered(built, decider, decision, &by_host.pack(), true)?;
            if !agrees(&expected, &said[0]) {
                return Err(format!("from JSON: oracle {expected:?}, module {:?}", said[0]));
            }
        }
        Ok(_) => {}
        Err(mistake) if keyward::eval::is_valid(&built.policy, request) => {
            return Err(format!("the host refuses a valid request: {mistake:?}"));
        }
        Err(_) => {}
    }
    Ok(1)
}

/// A partly known request: the module must say what the native walk says.
fn partial(built: &Built, decider: &mut Decider, decision: DecisionId, request: &Request) -> Result<(), String> {
    let Some(packed) = pack::pack(&built.model, built.emitted.schema_hash, request) else { return Ok(()) };
    let expected =
        native::Native::new(&built.emitted.table, &built.model.schema).decide(decision, &packed, false);
    for said in answered(built, decider, decision, &packed, false)? {
        if !agrees(&expected, &said) {
            return Err(format!("partly known: native {expected:?}, module {said:?}"));
        }
    }
    Ok(())
}

/// What the module says, by its fast form and by its loop.
fn answered(
    built: &Built,
    decider: &mut Decider,
    decision: DecisionId,
    packed: &[u8],
    complete: bool,
) -> Result<[Answered; 2], String> {
    let failed = |error| format!("not decided: {error:?}");
    let number = decision as u32;
    let fast = decider.decide(number, packed).map_err(failed)?;
    let slow = decider.decide_table(number, packed).map_err(failed)?;
    let why = if complete {
        let reasons = decider.why(number, packed).map_err(failed)?;
        let read = reasons.iter().map(|reason| {
            let part = match reason.part {
                keyward_server::Part::Deciding => Part::Deciding,
                keyward_server::Part::Overridden => Part::Overridden,
                keyward_server::Part::Milder => Part::Milder,
            };
            (part, reason.rule.map_or(Reason::Normally, |rule| Reason::Rule(rule as usize)))
        });
        Some(read.collect())
    } else {
        None
    };
    let table = Table::new(built.emitted.table.as_slice());
    let read = |outcome: keyward_server::Outcome| Answered {
        status: native::status(outcome.status.code()),
        answers: native::answers(&table, &built.model.schema, decision, |at| {
            outcome.words.get(at).copied().unwrap_or(0)
        }),
        why: why.clone(),
    };
    Ok([read(fast), read(slow)])
}
