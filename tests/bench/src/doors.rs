//! What a decision costs with everything around it: from values by name, and from JSON to JSON, with where the time goes.
//! In: the shipped policies. Out: a table. Refuses to time anything a host would not do.

use crate::clock::{Spread, Task, in_turn};
use crate::decide::fixed;
use crate::report::{Cell, Report, Table};
use crate::requests::{Draws, fill, json};
use crate::{Failure, Size, policies};
use keyward_server::json::{Decided, Json, Terms, read_request};
use keyward_server::{Decider, Policy};
use std::hint::black_box;

/// Measures every shipped policy.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let mut values = Table {
        title: format!("From values by name, {} unpredictable requests", size.doors),
        note: "Nanoseconds: a new request is filled in by name and packed, decided, and the answers are read by name."
            .to_string(),
        columns: vec!["policy", "inputs", "fill", "pack", "call", "read", "whole", "x empty call"],
        rows: Vec::new(),
    };
    let mut texts = Table {
        title: format!("From JSON, {} unpredictable requests", size.doors),
        note: "Nanoseconds: the text is parsed, its values are checked and packed, decided, and the answers read by name; last, the whole way to JSON text with its reasons, from a module that keeps them.".to_string(),
        columns: vec!["policy", "bytes", "parse", "check", "pack", "call", "read", "whole", "x empty call", "with reasons, to JSON"],
        rows: Vec::new(),
    };
    for name in policies::NAMES {
        one(name, size, &mut values, &mut texts)?;
    }
    report.tables.extend([values, texts]);
    Ok(())
}

fn one(name: &str, size: Size, values: &mut Table, texts: &mut Table) -> Result<(), Failure> {
    let (model, _) = policies::model(policies::read(name)?)?;
    let policy = Policy::load(&policies::module(&model, true)?.bytes)?;
    let explaining = Policy::load(&policies::module(&model, false)?.bytes)?;
    let schema = policy.schema();
    let terms = Terms::default();
    let mut draws = Draws::new(&policy)?;
    let mut drawn = Vec::new();
    let mut rows = Vec::new();
    for _ in 0..size.doors {
        let (one, packed) = draws.next()?;
        rows.push(packed.to_vec());
        drawn.push(one);
    }
    let lines: Vec<String> = drawn.iter().map(|drawn| json(schema, drawn)).collect();
    agree(&policy, &drawn, &lines, &rows)?;
    let mut filled = Vec::new();
    for drawn in &drawn {
        let mut request = policy.request();
        fill(schema, drawn, &mut request)?;
        filled.push(request);
    }
    let mut deciders = [(); 6].map(|()| Decider::new(&policy));
    let [empty, call, reading, from_values, from_text, outcomes] = &mut deciders;
    let [Ok(empty), Ok(call), Ok(reading), Ok(from_values), Ok(from_text), Ok(outcomes)] =
        [empty, call, reading, from_values, from_text, outcomes].map(|decider| decider.as_mut())
    else {
        return Err("an instance could not be made".into());
    };
    let mut explainer = Decider::new(&explaining)?;
    let known: Vec<_> = rows.iter().map(|row| outcomes.decide(0, row)).collect::<Result<_, _>>()?;
    let tasks: Vec<Task<'_>> = vec![
        Box::new(|| each(&rows, |_| empty.nothing().map(|abi| _ = black_box(abi)).map_err(Failure::from))),
        Box::new(|| {
            each(&drawn, |drawn| {
                let mut request = policy.request();
                fill(schema, drawn, &mut request)?;
                black_box(&request);
                Ok(())
            })
        }),
        Box::new(|| {
            each(&filled, |request| {
                black_box(request.pack());
                Ok(())
            })
        }),
        Box::new(|| {
            each(&rows, |row| {
                black_box(call.decide(0, row)?);
                Ok(())
            })
        }),
        Box::new(|| {
            each(&known, |outcome| {
                black_box(reading.answers(0, outcome));
                Ok(())
            })
        }),
        Box::new(|| {
            each(&drawn, |drawn| {
                let mut request = policy.request();
                fill(schema, drawn, &mut request)?;
                let outcome = from_values.decide(0, &request.pack())?;
                black_box(from_values.answers(0, &outcome));
                Ok(())
            })
        }),
        Box::new(|| {
            each(&lines, |line| {
                black_box(Json::read(line.as_bytes()).map_err(in_words)?);
                Ok(())
            })
        }),
        Box::new(|| {
            each(&lines, |line| {
                black_box(read_request(schema, line.as_bytes(), &terms).map_err(in_words)?);
                Ok(())
            })
        }),
        Box::new(|| {
            each(&lines, |line| {
                let request = read_request(schema, line.as_bytes(), &terms).map_err(in_words)?;
                let outcome = from_text.decide(0, &request.pack())?;
                black_box(from_text.answers(0, &outcome));
                Ok(())
            })
        }),
        Box::new(|| {
            each(&lines, |line| {
                let request = read_request(explaining.schema(), line.as_bytes(), &terms).map_err(in_words)?;
                black_box(Decided::new(&mut explainer, 0, &request.pack())?.json());
                Ok(())
            })
        }),
    ];
    let taken = in_turn(size.rounds, tasks)?.into_iter().map(|spread| spread.each(size.doors)).collect();
    let [empty, fill, pack, call, read, by_values, parse, checked, by_text, explained] = fixed::<10>(taken)?;
    let cell = |spread: Spread| Cell::Measured(spread.middle, 0);
    let ratio = |spread: Spread| Cell::Measured(spread.middle / empty.middle, 1);
    let inputs = Cell::count(schema.inputs.len());
    values.rows.push(vec![
        Cell::word(name),
        inputs,
        cell(fill),
        cell(pack),
        cell(call),
        cell(read),
        cell(by_values),
        ratio(by_values),
    ]);
    let bytes = lines.iter().map(String::len).sum::<usize>() / lines.len().max(1);
    let check = Cell::Measured((checked.middle - parse.middle).max(0.0), 0);
    texts.rows.push(vec![
        Cell::word(name),
        Cell::count(bytes),
        cell(parse),
        check,
        cell(pack),
        cell(call),
        cell(read),
        cell(by_text),
        ratio(by_text),
        cell(explained),
    ]);
    Ok(())
}

/// All three doors lead to the same answer, or nothing is timed.
fn agree(
    policy: &Policy,
    drawn: &[Vec<crate::requests::Raw>],
    lines: &[String],
    rows: &[Vec<u8>],
) -> Result<(), Failure> {
    let mut decider = Decider::new(policy)?;
    let schema = policy.schema();
    for ((drawn, line), row) in drawn.iter().zip(lines).zip(rows) {
        let packed = decider.decide(0, row)?;
        let mut request = policy.request();
        fill(schema, drawn, &mut request)?;
        let by_name = decider.decide(0, &request.pack())?;
        let request = read_request(schema, line.as_bytes(), &Terms::default()).map_err(in_words)?;
        let from_text = decider.decide(0, &request.pack())?;
        if packed != by_name || packed != from_text {
            return Err(format!("the doors disagree on {line}: {packed:?}, {by_name:?}, {from_text:?}").into());
        }
    }
    Ok(())
}

fn each<T>(list: &[T], mut work: impl FnMut(&T) -> Result<(), Failure>) -> Result<(), Failure> {
    list.iter().try_for_each(&mut work)
}

fn in_words(error: impl std::fmt::Debug) -> Failure {
    format!("{error:?}").into()
}
