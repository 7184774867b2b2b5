//! How size and time grow with the number of rules, beside Cedar's parser and validator on the same rules.
//! In: generated rule lists. Out: tables and goals. Refuses to time anything in a run of its own.

use crate::clock::{Spread, Task, in_turn, time};
use crate::report::{Cell, Goal, Report, Table};
use crate::requests::Draws;
use crate::{Failure, Size};
use keyward::analyze::analyze;
use keyward::check::{Files, check};
use keyward::emit::{Emitted, Options, emit};
use keyward::lower::lower;
use keyward::parse::parse;
use keyward::span::FileId;
use keyward_server::{Decider, Policy};
use keyward_tests::corpus::anchored;
use std::hint::black_box;

/// The lengths of the rule lists.
const COUNTS: [usize; 4] = [10, 100, 1_000, 10_000];

/// Measures.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let lists = COUNTS.map(anchored::rows);
    let mut builds = Table {
        title: "Building generated rules over 12 roles, 20 key groups and the week".to_string(),
        note: "Milliseconds from text to a stripped module, all proofs included, by stage; Cedar parses and strictly validates the same rules in the same rounds.".to_string(),
        columns: vec![
            "rules", "parse", "check", "lower", "analyze", "emit", "whole", "least..most", "Cedar parse", "validate",
            "x Cedar", "nodes", "bytes",
        ],
        rows: Vec::new(),
    };
    let mut modules = Vec::new();
    for list in &lists {
        modules.push(build(list, size, &mut builds, report)?);
    }
    report.tables.push(builds);
    decide(&modules, size, report)
}

fn build(list: &[anchored::Row], size: Size, table: &mut Table, report: &mut Report) -> Result<Emitted, Failure> {
    let count = list.len();
    let (ours, theirs) = (anchored::keyward(list), anchored::cedar(list));
    let rounds = if count >= 10_000 { size.rounds.div_ceil(3) } else { size.rounds };
    let mut taken: [Vec<f64>; 8] = Default::default();
    let mut made = None;
    for round in 0..=rounds {
        let (emitted, stages) = stages(&ours)?;
        made = Some(emitted);
        let cedar = cedar(&theirs)?;
        if round > 0 {
            let whole: f64 = stages.iter().sum();
            let all = stages.into_iter().chain([whole]).chain(cedar.into_iter().flatten());
            taken.iter_mut().zip(all).for_each(|(list, one)| list.push(one));
        }
    }
    let emitted = made.ok_or("no round was run")?;
    let with_cedar = taken.last().is_some_and(|list| !list.is_empty());
    let [parse, check, lower, analyze, emit, whole, their_parse, their_check] = taken.map(Spread::of);
    let ms = |spread: Spread| Cell::Measured(spread.ms(), 1);
    let their = |cell: Cell| if with_cedar { cell } else { Cell::Nothing };
    let ratio = whole.middle / (their_parse.middle + their_check.middle);
    table.rows.push(vec![
        Cell::count(count),
        ms(parse),
        ms(check),
        ms(lower),
        ms(analyze),
        ms(emit),
        ms(whole),
        Cell::word(format!("{:.1}..{:.1}", whole.least / 1e6, whole.most / 1e6)),
        their(ms(their_parse)),
        their(ms(their_check)),
        their(Cell::Measured(ratio, 2)),
        Cell::count(emitted.nodes),
        Cell::count(emitted.bytes.len()),
        emitted.code_bytes.map_or(Cell::Nothing, Cell::count),
        Cell::count(emitted.steps),
    ]);
    match count {
        1_000 => report.goals.push(Goal::new("build of 1,000 rules", whole.ms(), 500.0, "ms")),
        10_000 => {
            let bytes = emitted.bytes.len() as f64;
            report.goals.push(Goal::new("module of 10,000 rules", bytes, 65_536.0, "bytes").aiming(20_000.0));
            if with_cedar {
                let what = "build of 10,000 rules";
                report.goals.push(Goal::new(what, ratio, 1.0, "x Cedar parse + validate").aiming(1.0 / 15.0));
            }
        }
        _ => {}
    }
    Ok(emitted)
}

/// Builds a module, with the time of each stage.
fn stages(text: &str) -> Result<(Emitted, [f64; 5]), Failure> {
    let ((tree, _), parsed) = time(|| parse(FileId(0), text));
    let mut files = Files::new();
    let (policy, checked) = time(|| {
        files.add(tree, text);
        check(&files, FileId(0)).0
    });
    let policy = policy.ok_or("the generated rules have mistakes")?;
    let (model, lowered) = time(|| lower(&policy));
    let mut model = model.map_err(|findings| format!("{} findings while lowering", findings.len()))?;
    let (findings, analysed) = time(|| analyze(&policy, &mut model).diagnostics);
    if let Some(finding) = findings.iter().find(|finding| finding.is_error()) {
        return Err(format!("{}: {}", finding.code, finding.message).into());
    }
    let (emitted, made) = time(|| emit(&model, Options { strip: true }));
    let emitted = emitted.map_err(|error| format!("{error:?}"))?;
    Ok((emitted, [parsed, checked, lowered, analysed, made]))
}

fn decide(modules: &[Emitted], size: Size, report: &mut Report) -> Result<(), Failure> {
    let mut policies = Vec::new();
    for module in modules {
        policies.push(Policy::load(&module.bytes)?);
    }
    let requests = size.requests / 4;
    let mut rows = Vec::new();
    let mut lengths = Vec::new();
    for policy in &policies {
        let mut draws = Draws::new(policy)?;
        let mut bytes = Vec::new();
        for _ in 0..requests {
            bytes.extend_from_slice(draws.next()?.1);
        }
        rows.push(bytes);
        lengths.push(policy.schema().short_len);
    }
    // By length: the fastest form, then the table; last the empty call.
    let mut deciders = Vec::new();
    for policy in &policies {
        deciders.push((Decider::new(policy)?, Decider::new(policy)?));
    }
    let mut idle = policies.first().map(Decider::new).transpose()?.ok_or("there are no modules")?;
    let mut tasks: Vec<Task<'_>> = Vec::new();
    for (((fast, table), rows), &length) in deciders.iter_mut().zip(&rows).zip(&lengths) {
        tasks.push(Box::new(move || {
            for row in rows.chunks_exact(length) {
                fast.placed()[..length].copy_from_slice(row);
                black_box(fast.status_placed(0)?);
            }
            Ok(())
        }));
        tasks.push(Box::new(move || {
            for row in rows.chunks_exact(length) {
                table.placed()[..length].copy_from_slice(row);
                black_box(table.status_placed_table(0)?);
            }
            Ok(())
        }));
    }
    tasks.push(Box::new(|| {
        for _ in 0..requests {
            black_box(idle.nothing()?);
        }
        Ok(())
    }));
    let mut taken: Vec<Spread> = in_turn(size.rounds, tasks)?.into_iter().map(|spread| spread.each(requests)).collect();
    let empty = taken.pop().unwrap_or_default();
    let (first, last) =
        (taken.first().copied().unwrap_or_default(), taken.iter().rev().nth(1).copied().unwrap_or_default());
    let mut list = Table {
        title: format!("Deciding by generated rules, {requests} unpredictable packed requests"),
        note: "Nanoseconds, in the fastest form of each module and by its table, all lengths taken in turn."
            .to_string(),
        columns: vec![
            "rules",
            "empty call",
            "fastest form",
            "least..most",
            "x empty call",
            "x 10 rules",
            "which",
            "table",
            "x empty call",
            "x 10 rules",
        ],
        rows: Vec::new(),
    };
    let first_table = taken.get(1).copied().unwrap_or_default();
    for ((count, pair), policy) in COUNTS.into_iter().zip(taken.chunks_exact(2)).zip(&policies) {
        let [fast, table] = pair else { continue };
        list.rows.push(vec![
            Cell::count(count),
            Cell::Measured(empty.middle, 1),
            Cell::Measured(fast.middle, 1),
            Cell::word(format!("{:.1}..{:.1}", fast.least, fast.most)),
            Cell::Measured(fast.middle / empty.middle, 2),
            Cell::Measured(fast.middle / first.middle, 2),
            Cell::word(if policy.has_code() { "straight-line" } else { "table" }),
            Cell::Measured(table.middle, 1),
            Cell::Measured(table.middle / empty.middle, 2),
            Cell::Measured(table.middle / first_table.middle, 2),
        ]);
    }
    let ratio = last.middle / first.middle;
    report.goals.push(Goal::new("decide by 10,000 rules", ratio, 1.3, "x by 10 rules").aiming(1.1));
    report.tables.push(list);
    Ok(())
}

/// How long Cedar takes to parse and to validate, if it is built in.
#[cfg(feature = "cedar")]
fn cedar(text: &str) -> Result<Option<[f64; 2]>, Failure> {
    use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
    let (schema, _) = Schema::from_cedarschema_str(anchored::CEDAR_SCHEMA)?;
    let validator = Validator::new(schema);
    let (policies, parsed) = time(|| text.parse::<PolicySet>());
    let policies = policies?;
    let (valid, validated) = time(|| validator.validate(&policies, ValidationMode::Strict).validation_passed());
    if !valid {
        return Err("Cedar does not accept the generated rules".into());
    }
    Ok(Some([parsed, validated]))
}

#[cfg(not(feature = "cedar"))]
fn cedar(_: &str) -> Result<Option<[f64; 2]>, Failure> {
    Ok(None)
}
