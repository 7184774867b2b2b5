//! How long a policy takes from its text to its proofs and to a module, stage by stage.
//! In: the shipped policies. Out: a table and a goal. Refuses to read files while the clock runs.

use crate::clock::{Spread, time};
use crate::report::{Cell, Goal, Report, Table};
use crate::{Failure, Size, policies};
use keyward::analyze::analyze;
use keyward::check::{Files, check};
use keyward::emit::{Options, emit};
use keyward::lower::lower;
use keyward::parse::parse;
use keyward::pipeline::Project;
use std::hint::black_box;

/// Measures every shipped policy.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let mut table = Table {
        title: "From text to proofs, and to a module".to_string(),
        note: "Milliseconds. The whole check is timed for itself; it is parse, check, lower and analyze. Emit makes the stripped module.".to_string(),
        columns: vec![
            "policy", "rules", "nodes", "parse", "check", "lower", "analyze", "whole check", "least..most", "emit",
        ],
        rows: Vec::new(),
    };
    for name in policies::NAMES {
        let (whole, row) = one(name, size)?;
        table.rows.push(row);
        if name == "after_hours" {
            report.goals.push(Goal::new("after_hours, check from text", whole.ms(), 40.0, "ms"));
        }
    }
    report.tables.push(table);
    Ok(())
}

fn one(name: &str, size: Size) -> Result<(Spread, Vec<Cell>), Failure> {
    let (sources, main) = policies::read(name)?;
    let (model, rules) = policies::model((sources.clone(), main))?;
    let nodes = policies::module(&model, true)?.nodes;
    let mut taken: [Vec<f64>; 6] = Default::default();
    for round in 0..=size.rounds {
        let mut note = |stage: usize, nanoseconds: f64| {
            // The first round warms up.
            if let Some(stage) = taken.get_mut(stage).filter(|_| round > 0) {
                stage.push(nanoseconds);
            }
        };
        let (files, parsed) = time(|| {
            let mut files = Files::new();
            for (file, source) in sources.iter() {
                files.add(parse(file, source.text()).0, source.text());
            }
            files
        });
        note(0, parsed);
        let ((policy, _), checked) = time(|| check(&files, main));
        note(1, checked);
        let policy = policy.ok_or("the policy has mistakes")?;
        let (model, lowered) = time(|| lower(&policy));
        note(2, lowered);
        let mut model = model.map_err(|findings| format!("{} findings while lowering", findings.len()))?;
        let (_, analysed) = time(|| black_box(analyze(&policy, &mut model)));
        note(3, analysed);
        let (emitted, made) = time(|| emit(&model, Options { strip: true }));
        emitted.map_err(|error| format!("{error:?}"))?;
        note(4, made);
        let (_, whole) = time(|| black_box(Project::read(sources.clone(), None).compile(main)));
        note(5, whole);
    }
    let [parsed, checked, lowered, analysed, made, whole] = taken.map(Spread::of);
    let ms = |spread: Spread| Cell::Measured(spread.ms(), 2);
    let row = vec![
        Cell::word(name),
        Cell::count(rules),
        Cell::count(nodes),
        ms(parsed),
        ms(checked),
        ms(lowered),
        ms(analysed),
        ms(whole),
        Cell::word(format!("{:.1}..{:.1}", whole.least / 1e6, whole.most / 1e6)),
        ms(made),
    ];
    Ok((whole, row))
}
