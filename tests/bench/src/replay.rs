//! How fast past decisions are decided again. In: after_hours, an edit of one line, a log in memory. Out: a table and a goal.
//! Refuses to count what the disk takes: the log is read from memory, line by line, as the command reads a file.

use crate::clock::{Spread, time};
use crate::report::{Cell, Goal, Report, Table};
use crate::requests::Draws;
use crate::{Failure, Size, ask};
use keyward::emit::Emitted;
use keyward::pipeline::replaying;
use keyward::replay::Decides;
use keyward_server::{Decider, LogWriter, Policy};
use std::time::SystemTime;

/// Measures writing and replaying a log.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    let (old, new) = ask::versions()?;
    let emitted = old.trial().map_err(|found| format!("{found:?}"))?;
    let policy = Policy::load(&emitted.bytes)?;
    let rows = size.requests / 4;
    let mut draws = Draws::new(&policy)?;
    let mut decider = Decider::new(&policy)?;
    let mut decided = Vec::with_capacity(rows);
    for _ in 0..rows {
        let (_, packed) = draws.next()?;
        let packed = packed.to_vec();
        let outcome = decider.decide(0, &packed)?;
        decided.push((packed, outcome));
    }
    let now = SystemTime::now();
    let mut log = Vec::new();
    let mut written = Vec::new();
    for _ in 0..size.rounds {
        let mut writer = LogWriter::new(Vec::with_capacity(log.len()), None);
        writer.policy(&policy)?;
        let (done, taken) =
            time(|| decided.iter().try_for_each(|(packed, outcome)| writer.append(now, 0, packed, outcome, &policy)));
        done?;
        written.push(taken);
        log = writer.into_inner();
    }
    let ready = replaying(&old, &new).map_err(|why| format!("{why:?}"))?;
    let (mut replayed, mut changed) = (Vec::new(), 0);
    for _ in 0..size.rounds {
        let (first, second) = ready.modules();
        let sides = (running(first)?, running(second)?);
        let mut replay = ready.start_with(&old, &new, sides).ok_or("no models")?;
        let (done, taken) = time(|| {
            log.split(|&byte| byte == b'\n')
                .filter(|line| !line.is_empty())
                .try_for_each(|line| replay.feed(line, true))
        });
        done.map_err(|mistake| mistake.to_string())?;
        replayed.push(taken);
        let found = replay.finish().map_err(|mistake| mistake.to_string())?;
        if found.rows != rows as u64 || found.not_by_old.is_some() {
            return Err(format!("{} of {rows} rows, {:?} otherwise", found.rows, found.not_by_old).into());
        }
        changed = found.changed;
    }
    let [written, replayed] = [written, replayed].map(Spread::of);
    let each = |spread: Spread| spread.each(rows).middle;
    let millions = 1e3 / each(replayed);
    report.tables.push(Table {
        title: "after_hours: a decision log, written and replayed against one edited line".to_string(),
        note: "Nanoseconds a decision. Replayed: read, its seal checked, decided by both versions, compared."
            .to_string(),
        columns: vec!["decisions", "changed", "bytes each", "write, ns", "replay, ns", "million a second"],
        rows: vec![vec![
            Cell::count(rows),
            Cell::count(changed as usize),
            Cell::count(log.len() / rows.max(1)),
            Cell::Measured(each(written), 0),
            Cell::Measured(each(replayed), 0),
            Cell::Measured(millions, 2),
        ]],
    });
    // Time for a million decisions, so that less is better.
    report.goals.push(Goal::new("replay of a log, a decision", each(replayed), 500.0, "ns"));
    Ok(())
}

/// A module under wasmtime, as the command runs it.
fn running(module: &Emitted) -> Result<Box<dyn Decides>, Failure> {
    let mut decider = Decider::new(&Policy::load(&module.bytes)?)?;
    Ok(Box::new(move |decision: u32, request: &[u8], out: &mut [u8]| decider.decide_into(decision, request, out).ok()))
}
