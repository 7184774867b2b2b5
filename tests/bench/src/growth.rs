//! How size and time grow with the number of rules, beside Cedar's parser and validator on the same rules.
//! In: generated rule lists. Out: a table. Refuses to time anything in a run of its own.

use crate::timing::{best, each, time};
use crate::{Failure, requests, rules};
use keyward::emit::{Options, emit};
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_server::{Decider, Policy};
use std::hint::black_box;
use std::time::Duration;

const COUNT: usize = 1 << 18;

/// Prints the table.
pub fn print() -> Result<(), Failure> {
    println!("Generated rules over 12 roles, 20 key groups and the week\n");
    println!(
        "| rules | build, ms | Cedar parse + validate, ms | ratio | module, bytes | decide, ns | x empty call | x 10 rules |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut first = None;
    for count in [10, 100, 1_000, 10_000] {
        let rows = rules::rows(count);
        let (module, build) = time(|| compile(&rules::keyward(&rows)));
        let module = module?;
        let cedar = cedar(&rows)?;
        let (decide, empty) = decide(&module)?;
        let base = *first.get_or_insert(decide);
        let (cedar, ratio) = match cedar {
            Some(cedar) => (
                format!("{:.1}", cedar.as_secs_f64() * 1e3),
                format!("{:.2}", build.as_secs_f64() / cedar.as_secs_f64()),
            ),
            None => ("not built in".to_string(), "-".to_string()),
        };
        println!(
            "| {count} | {:.1} | {cedar} | {ratio} | {} | {decide:.1} | {:.2} | {:.2} |",
            build.as_secs_f64() * 1e3,
            module.len(),
            decide / empty,
            decide / base
        );
    }
    println!();
    Ok(())
}

fn compile(text: &str) -> Result<Vec<u8>, Failure> {
    let mut sources = Sources::new();
    let main = sources.add("growth.ward", text);
    let compiled = Project::read(sources, None).compile(main);
    if let Some(finding) = compiled.diagnostics.iter().find(|finding| finding.is_error()) {
        return Err(format!("{}: {}", finding.code, finding.message).into());
    }
    let model = compiled.model.ok_or("the generated rules do not compile")?;
    Ok(emit(&model, Options { strip: true }).map_err(|error| format!("{error:?}"))?.bytes)
}

fn decide(module: &[u8]) -> Result<(f64, f64), Failure> {
    let policy = Policy::load(module)?;
    let mut decider = Decider::new(&policy)?;
    let rows = requests::packed(&policy, &mut decider, COUNT)?;
    let length = policy.schema().request_len;
    let mut run = |decide: bool| -> Duration {
        best(7, || {
            for row in rows.chunks_exact(length) {
                decider.placed().copy_from_slice(row);
                let _ = match decide {
                    true => black_box(decider.status_placed(0)).map(|status| status as u32),
                    false => black_box(decider.nothing()),
                };
            }
        })
    };
    Ok((each(run(true), COUNT), each(run(false), COUNT)))
}

#[cfg(feature = "cedar")]
fn cedar(rows: &[rules::Row]) -> Result<Option<Duration>, Failure> {
    use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
    let text = rules::cedar(rows);
    let (schema, _) = Schema::from_cedarschema_str(rules::CEDAR_SCHEMA)?;
    let validator = Validator::new(schema);
    let (result, taken) = time(|| -> Result<bool, Failure> {
        let policies: PolicySet = text.parse()?;
        Ok(validator.validate(&policies, ValidationMode::Strict).validation_passed())
    });
    if !result? {
        return Err("Cedar does not accept the generated rules".into());
    }
    Ok(Some(taken))
}

#[cfg(not(feature = "cedar"))]
fn cedar(_: &[rules::Row]) -> Result<Option<Duration>, Failure> {
    Ok(None)
}
