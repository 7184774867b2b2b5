//! How long the policies of the corpus take, as ratios to the smallest of their kind.
//! In: the corpus. Out: a table. Refuses to judge counts: the test `corpus` does that.

use crate::clock::{Spread, Task, in_turn};
use crate::report::{Cell, Report, Table};
use crate::{Failure, Size, policies};
use keyward::pipeline::Project;
use keyward_tests::corpus::{MEMBERS, Member};
use std::hint::black_box;

/// Measures.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let mut table = Table {
        title: "The corpus of generated policies".to_string(),
        note: "Milliseconds from text to proofs; ratios are to the smallest of a kind. Nodes and bytes are exact."
            .to_string(),
        columns: vec!["policy", "rules", "nodes", "bytes", "check", "least..most", "x smallest"],
        rows: Vec::new(),
    };
    let texts = MEMBERS.map(|member| (member, member.text()));
    let mut tasks: Vec<Task<'_>> = Vec::new();
    for (member, text) in &texts {
        let (sources, main) = policies::text(&member.name(), text);
        tasks.push(Box::new(move || {
            black_box(Project::read(sources.clone(), None).compile(main));
            Ok(())
        }));
    }
    let taken = in_turn(size.rounds.div_ceil(2), tasks)?;
    let mut smallest: Option<(Member, Spread)> = None;
    for ((member, text), spread) in texts.iter().zip(taken) {
        let (model, rules) = policies::model(policies::text(&member.name(), text))?;
        let emitted = policies::module(&model, true)?;
        let kind = |one: Member| std::mem::discriminant(&one);
        let base = match smallest {
            Some((other, base)) if kind(other) == kind(*member) => base,
            _ => spread,
        };
        smallest = Some((*member, base));
        table.rows.push(vec![
            Cell::word(member.name()),
            Cell::count(rules),
            Cell::count(emitted.nodes),
            Cell::count(emitted.bytes.len()),
            Cell::Measured(spread.ms(), 1),
            Cell::word(format!("{:.1}..{:.1}", spread.least / 1e6, spread.most / 1e6)),
            Cell::Measured(spread.middle / base.middle, 1),
        ]);
    }
    report.tables.push(table);
    Ok(())
}
