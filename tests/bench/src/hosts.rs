//! What a server does with many requests: a batch, and two threads. In: after_hours as it is shipped. Out: a table and goals.
//! Refuses to time answers that are not those of single decisions.

use crate::clock::{Spread, Task, in_turn};
use crate::report::{Cell, Goal, Report, Table};
use crate::requests::Draws;
use crate::{Failure, Size, policies, typed};
use keyward_server::{Decider, Policy, Status};
use std::hint::black_box;
use std::time::Instant;

/// Most nanoseconds of a row.
const ROW: f64 = 100.0;
/// How much more a struct may cost than bytes.
const STRUCT: f64 = 2.0;
/// What two threads do together, at least, in the time of one.
const TWO: f64 = 1.9;

/// Measures.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let (model, _) = policies::model(policies::read("after_hours")?)?;
    let policy = Policy::load(&policies::module(&model, true)?.bytes)?;
    let mut draws = Draws::new(&policy)?;
    let mut rows = Vec::new();
    let count = size.requests / 16;
    for _ in 0..count {
        let (_, packed) = draws.next()?;
        rows.extend_from_slice(packed);
        rows.resize(rows.len().next_multiple_of(policy.schema().request_len), 0);
    }
    let mut decider = Decider::new(&policy)?;
    agree(&mut decider, &rows, policy.schema().request_len)?;
    let mut outcomes = Vec::new();
    let mut empty = Decider::new(&policy)?;
    let tasks: Vec<Task<'_>> = vec![
        Box::new(|| (0..count).try_for_each(|_| empty.nothing().map(|abi| _ = black_box(abi)).map_err(Failure::from))),
        Box::new(|| {
            outcomes.clear();
            decider.batch_into(0, &rows, &mut outcomes)?;
            black_box(&outcomes);
            Ok(())
        }),
    ];
    let taken: Vec<Spread> = in_turn(size.rounds, tasks)?.into_iter().map(|spread| spread.each(count)).collect();
    let [floor, batch] = taken[..] else { return Err("two tasks were timed".into()) };
    let mut gains: Vec<f64> = (0..size.rounds).map(|_| threads(&policy, &rows)).collect::<Result<_, _>>()?;
    gains.sort_by(f64::total_cmp);
    let gain = gains[gains.len() / 2];
    report.tables.push(Table {
        title: format!("Many requests of after_hours, {count} unpredictable rows"),
        note: "Nanoseconds a row of Decider::batch_into, copying included; two threads with a decider each against one, the same rows each.".to_string(),
        columns: vec!["empty call", "a row in a batch", "x empty call", "two threads for one"],
        rows: vec![vec![
            Cell::Measured(floor.middle, 0),
            Cell::Measured(batch.middle, 0),
            Cell::Measured(batch.middle / floor.middle, 1),
            Cell::Measured(gain, 2),
        ]],
    });
    report.goals.push(Goal::new("after_hours, a row in a batch", batch.middle, ROW, "ns"));
    let both = "after_hours, time of two threads with as much each, against one";
    report.goals.push(Goal::new(both, 2.0 / gain, 2.0 / TWO, "x"));
    structs(&policy, size, report)
}

/// From a struct of the policy's own types to its answers, against the same from packed bytes.
fn structs(policy: &Policy, size: Size, report: &mut Report) -> Result<(), Failure> {
    let requests = typed::requests(size.requests / 16);
    let packed: Vec<_> = requests.iter().map(typed::after_hours::Request::pack).collect();
    let (mut first, mut second) = (Decider::new(policy)?, Decider::new(policy)?);
    let (mut one, mut other) = ([0; 64], [0; 64]);
    let mut ok = 0;
    for (request, packed) in requests.iter().zip(&packed) {
        ok += usize::from(first.decide_into(0, packed, &mut one)? == Status::Ok);
        second.decide_table(0, &request.pack())?;
        typed::allowed(&one)?;
    }
    if ok * 2 < requests.len() {
        return Err(format!("only {ok} of {} typed requests are valid", requests.len()).into());
    }
    let tasks: Vec<Task<'_>> = vec![
        Box::new(|| {
            packed.iter().try_for_each(|packed| {
                black_box(first.decide_into(0, packed, &mut one)?);
                Ok(())
            })
        }),
        Box::new(|| {
            requests.iter().try_for_each(|request| {
                black_box(second.decide_into(0, &request.pack(), &mut other)?);
                black_box(typed::allowed(&other)?);
                Ok(())
            })
        }),
    ];
    let taken: Vec<Spread> =
        in_turn(size.rounds, tasks)?.into_iter().map(|spread| spread.each(requests.len())).collect();
    let [bytes, structs] = taken[..] else { return Err("two tasks were timed".into()) };
    report.tables.push(Table {
        title: format!("after_hours from a Rust struct, {} unpredictable requests", requests.len()),
        note: "Nanoseconds: from packed bytes to the bytes of an outcome; from the struct of `keyward types --as rust`, packed, to the struct of its answers.".to_string(),
        columns: vec!["packed", "struct", "struct / packed"],
        rows: vec![vec![
            Cell::Measured(bytes.middle, 0),
            Cell::Measured(structs.middle, 0),
            Cell::Measured(structs.middle / bytes.middle, 2),
        ]],
    });
    report.goals.push(Goal::new(
        "after_hours, from a Rust struct, against packed",
        structs.middle / bytes.middle,
        STRUCT,
        "x",
    ));
    Ok(())
}

/// How much two threads do in the time in which one does its own.
fn threads(policy: &Policy, rows: &[u8]) -> Result<f64, Failure> {
    let run = |threads: usize| -> Result<f64, Failure> {
        let mut deciders = Vec::new();
        for _ in 0..threads {
            deciders.push(Decider::new(policy)?);
        }
        let start = Instant::now();
        std::thread::scope(|scope| {
            let all: Vec<_> = deciders
                .iter_mut()
                .map(|decider| {
                    scope.spawn(move || {
                        let mut outcomes = Vec::new();
                        for _ in 0..8 {
                            outcomes.clear();
                            decider.batch_into(0, rows, &mut outcomes)?;
                            black_box(&outcomes);
                        }
                        Ok::<(), keyward_server::DecideError>(())
                    })
                })
                .collect();
            all.into_iter().try_for_each(|thread| {
                thread.join().map_err(|_| Failure::from("a thread died"))?.map_err(Failure::from)
            })
        })?;
        Ok(start.elapsed().as_secs_f64())
    };
    let (one, two) = (run(1)?, run(2)?);
    Ok(2.0 * one / two)
}

fn agree(decider: &mut Decider, rows: &[u8], len: usize) -> Result<(), Failure> {
    let batch = decider.batch(0, rows)?;
    for (row, outcome) in rows.chunks_exact(len).zip(&batch) {
        if decider.decide_table(0, row)? != *outcome {
            return Err("a batch answers otherwise than a single decision".into());
        }
    }
    if batch.len() * len == rows.len() { Ok(()) } else { Err("rows are missing".into()) }
}
