//! What one decision costs: the straight-line form and the table, against a call that does nothing, in one run.
//! In: the shipped policies. Out: a table. Refuses to compare with anything that did not run beside it.

use crate::timing::{best, each, time};
use crate::{Failure, policies, requests};
use keyward_server::{Decider, Policy};
use std::hint::black_box;
use std::time::Duration;

const COUNT: usize = 1 << 20;
const ROUNDS: usize = 7;

/// Prints the table.
pub fn print() -> Result<(), Failure> {
    println!(
        "One decision through wasmtime, {COUNT} unpredictable packed requests, best of {ROUNDS} rounds taken in turn\n"
    );
    println!(
        "| policy | empty call, ns | fastest form, ns | x empty | table, ns | x empty | instantiate, us | load, ms |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for name in policies::NAMES {
        row(name)?;
    }
    println!();
    Ok(())
}

fn row(name: &str) -> Result<(), Failure> {
    let module = policies::build(name, true)?;
    let (policy, load) = time(|| Policy::load(&module.bytes));
    let policy = policy?;
    let instantiate = best(100, || Decider::new(&policy));
    let mut decider = Decider::new(&policy)?;
    let rows = requests::packed(&policy, &mut decider, COUNT)?;
    let length = policy.schema().request_len;
    let mut best = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        for (form, best) in best.iter_mut().enumerate() {
            let (result, taken) = time(|| -> Result<(), Failure> {
                for row in rows.chunks_exact(length) {
                    decider.placed().copy_from_slice(row);
                    match form {
                        0 => black_box(decider.nothing()?),
                        1 => black_box(decider.status_placed(0)?) as u32,
                        _ => black_box(decider.status_placed_table(0)?) as u32,
                    };
                }
                Ok(())
            });
            result?;
            *best = (*best).min(taken);
        }
    }
    let [empty, fast, table] = best.map(|whole| each(whole, COUNT));
    println!(
        "| {name} | {empty:.1} | {fast:.1} | {:.2} | {table:.1} | {:.2} | {:.1} | {:.1} |",
        fast / empty,
        table / empty,
        instantiate.as_secs_f64() * 1e6,
        load.as_secs_f64() * 1e3
    );
    Ok(())
}
