//! What one decision costs: the straight-line form, the table and the same by hand, against a call that does nothing.
//! In: the shipped policies. Out: tables and goals. Refuses to compare with anything that did not run beside it.

use crate::clock::{Spread, Task, in_turn};
use crate::hand::{self, Hand};
use crate::report::{Cell, Goal, Report, Table};
use crate::requests::{Draws, Facts};
use crate::{Failure, Size, policies};
use keyward_server::{Decider, Policy};
use std::hint::black_box;

/// Measures every shipped policy.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let mut sizes = Table {
        title: "Modules".to_string(),
        note: "Bytes, exact. The loop is the same in every module; nodes and straight-line code are the policy's own."
            .to_string(),
        columns: vec![
            "policy",
            "rules",
            "stripped",
            "with reasons",
            "loop",
            "table",
            "nodes",
            "code",
            "steps at most",
            "instantiate, us",
            "load, ms",
        ],
        rows: Vec::new(),
    };
    let mut times = Table {
        title: format!("One decision through wasmtime, {} unpredictable packed requests", size.requests),
        note: "Nanoseconds and how many times the empty call; copying the request into the module is included everywhere but in the empty call. By hand: the same policy in Rust over a plain struct, equal on every request compared.".to_string(),
        columns: vec![
            "policy", "empty call", "and copying", "straight-line", "x empty", "least..most", "table", "x empty",
            "by hand", "x by hand", "compared",
        ],
        rows: Vec::new(),
    };
    for name in policies::NAMES {
        one(name, size, &mut sizes, &mut times, report)?;
    }
    report.tables.extend([sizes, times]);
    Ok(())
}

fn one(name: &str, size: Size, sizes: &mut Table, times: &mut Table, report: &mut Report) -> Result<(), Failure> {
    let (model, rules) = policies::model(policies::read(name)?)?;
    let (bare, whole) = (policies::module(&model, true)?, policies::module(&model, false)?);
    let policy = Policy::load(&bare.bytes)?;
    let starting: Vec<Task<'_>> = vec![
        Box::new(|| {
            black_box(Decider::new(&policy)?);
            Ok(())
        }),
        Box::new(|| {
            black_box(Policy::load(&bare.bytes)?);
            Ok(())
        }),
    ];
    let [instantiate, load] = fixed(in_turn(size.rounds * 3, starting)?)?;

    let (rows, by_hand) = draw(&policy, name, size)?;
    let compared = match &by_hand {
        Some(hand) => compare(&policy, hand.as_ref(), &rows, size.compared)?,
        None => 0,
    };
    let length = policy.schema().short_len;
    let mut deciders = [Decider::new(&policy)?, Decider::new(&policy)?, Decider::new(&policy)?, Decider::new(&policy)?];
    let [empty, copying, fast, table] = &mut deciders;
    let mut tasks: Vec<Task<'_>> = vec![
        Box::new(|| {
            for _ in rows.chunks_exact(length) {
                black_box(empty.nothing()?);
            }
            Ok(())
        }),
        Box::new(|| {
            for row in rows.chunks_exact(length) {
                copying.placed()[..length].copy_from_slice(row);
                black_box(copying.nothing()?);
            }
            Ok(())
        }),
        Box::new(|| {
            for row in rows.chunks_exact(length) {
                fast.placed()[..length].copy_from_slice(row);
                black_box(fast.status_placed(0)?);
            }
            Ok(())
        }),
        Box::new(|| {
            for row in rows.chunks_exact(length) {
                table.placed()[..length].copy_from_slice(row);
                black_box(table.status_placed_table(0)?);
            }
            Ok(())
        }),
    ];
    if let Some(hand) = &by_hand {
        tasks.push(Box::new(|| {
            hand.run();
            Ok(())
        }));
    }
    let taken: Vec<Spread> =
        in_turn(size.rounds, tasks)?.into_iter().map(|spread| spread.each(size.requests)).collect();
    let by_hand = taken.get(4).copied();
    let [empty, copying, fast, table] = fixed(taken.into_iter().take(4).collect())?;

    sizes.rows.push(vec![
        Cell::word(name),
        Cell::count(rules),
        Cell::count(bare.bytes.len()),
        Cell::count(whole.bytes.len()),
        Cell::count(bare.loop_bytes),
        Cell::count(bare.table.len()),
        Cell::count(bare.node_bytes),
        bare.code_bytes.map_or(Cell::Nothing, Cell::count),
        Cell::count(bare.steps),
        Cell::Measured(instantiate.middle / 1e3, 1),
        Cell::Measured(load.ms(), 1),
    ]);
    let nanoseconds = |spread: Spread| Cell::Measured(spread.middle, 1);
    let ratio = |one: Spread, other: Spread| one.middle / other.middle;
    times.rows.push(vec![
        Cell::word(name),
        nanoseconds(empty),
        nanoseconds(copying),
        nanoseconds(fast),
        Cell::Measured(ratio(fast, empty), 2),
        Cell::word(format!("{:.1}..{:.1}", fast.least, fast.most)),
        nanoseconds(table),
        Cell::Measured(ratio(table, empty), 2),
        by_hand.map_or(Cell::Nothing, nanoseconds),
        by_hand.map_or(Cell::Nothing, |hand| Cell::Measured(ratio(fast, hand), 2)),
        if compared == 0 { Cell::Nothing } else { Cell::count(compared) },
    ]);
    if name == "after_hours" {
        let bytes = |emitted: &keyward::emit::Emitted| emitted.bytes.len() as f64;
        report.goals.push(Goal::new("after_hours, module stripped", bytes(&bare), 10_240.0, "bytes"));
        report.goals.push(Goal::new("after_hours, module with reasons and map", bytes(&whole), 16_384.0, "bytes"));
    }
    report.goals.push(Goal::new(format!("{name}, instantiate"), instantiate.middle / 1e3, 100.0, "us"));
    let fastest = ratio(fast, empty).min(ratio(table, empty));
    report
        .goals
        .push(Goal::new(format!("{name}, decide in its fastest form"), fastest, 3.5, "x empty call").aiming(2.5));
    report
        .goals
        .push(Goal::new(format!("{name}, decide by the table"), ratio(table, empty), 12.0, "x empty call").aiming(6.0));
    Ok(())
}

type Drawn = (Vec<u8>, Option<Box<dyn Hand>>);

fn draw(policy: &Policy, name: &str, size: Size) -> Result<Drawn, Failure> {
    let mut draws = Draws::new(policy)?;
    let mut by_hand = hand::of(name);
    let mut rows = Vec::with_capacity(size.requests * policy.schema().short_len);
    for _ in 0..size.requests {
        let (drawn, packed) = draws.next()?;
        rows.extend_from_slice(packed);
        if let Some(hand) = &mut by_hand {
            hand.push(&Facts::new(policy.schema(), &drawn))?;
        }
    }
    Ok((rows, by_hand))
}

/// Decides by hand and by the module; how many requests were compared.
fn compare(policy: &Policy, hand: &dyn Hand, rows: &[u8], most: usize) -> Result<usize, Failure> {
    let mut decider = Decider::new(policy)?;
    let mut compared = 0;
    for (place, row) in rows.chunks_exact(policy.schema().short_len).take(most).enumerate() {
        let outcome = decider.decide(0, row)?;
        let (module, hand) = (hand::translate(policy.schema(), &outcome.words), hand.said(place));
        if module != hand {
            let name = &policy.identity().name;
            return Err(format!("{name}, request {place}: by hand {hand:?}, the module {module:?}").into());
        }
        compared += 1;
    }
    Ok(compared)
}

/// A list whose length is known.
pub fn fixed<const N: usize>(list: Vec<Spread>) -> Result<[Spread; N], Failure> {
    list.try_into().map_err(|list: Vec<Spread>| format!("{} times instead of {N}", list.len()).into())
}
