//! How long the answers about all requests take: comparing two versions, explaining a decision, decision tables.
//! In: the shipped policies, an edit of one line. Out: a table and goals. Refuses to read files while the clock runs.

use crate::clock::{Spread, time};
use crate::report::{Cell, Goal, Report, Table};
use crate::{Failure, Size, policies};
use keyward::compare::compare;
use keyward::explain::{Audience, Question, explain};
use keyward::lower::pair;
use keyward::model::Model;
use keyward::pipeline::{Compiled, Project};
use keyward::schema::{Type, Value};
use keyward::source::Sources;
use keyward::span::FileId;
use keyward::tabulate::{Reading, Wish, tabulate};
use keyward::typed::Policy;
use keyward::value::{Request, Status};
use std::hint::black_box;

/// One line of after_hours, and what takes its place.
const EDIT: (&str, &str) = (
    "return_within is 4 hours and steps include review_item",
    "return_within is 2 hours and steps include review_item",
);

/// Measures what is asked of every shipped policy.
pub fn measure(size: Size, report: &mut Report) -> Result<(), Failure> {
    difference(size, report)?;
    let mut table = Table {
        title: "Questions to a compiled policy".to_string(),
        note: "Milliseconds. Why: one complete request, for the author, everything told. Tables: those of all answers, one after the other.".to_string(),
        columns: vec!["policy", "why", "least..most", "tables", "least..most", "answers"],
        rows: Vec::new(),
    };
    for name in policies::NAMES {
        table.rows.push(questions(name, size, report)?);
    }
    report.tables.push(table);
    Ok(())
}

/// after_hours, and the same with one line edited.
pub fn versions() -> Result<(Compiled, Compiled), Failure> {
    let (sources, main) = policies::read("after_hours")?;
    let mut edited = Sources::new();
    for (file, source) in sources.iter() {
        let text = if file == main { source.text().replace(EDIT.0, EDIT.1) } else { source.text().to_string() };
        edited.add(source.name().to_string(), text);
    }
    Ok((compile(sources, main)?, compile(edited, main)?))
}

/// after_hours against itself with one line edited; both are parsed and checked before.
fn difference(size: Size, report: &mut Report) -> Result<(), Failure> {
    let (old, new) = versions()?;
    let (Some(before), Some(after)) = (&old.policy, &new.policy) else { return Err("no policy".into()) };
    let (mut lowered, mut compared, mut regions) = (Vec::new(), Vec::new(), 0);
    for _ in 0..=size.rounds {
        let (both, first) = time(|| pair(before, after, new.model.as_ref()));
        let mut both = both?;
        let (found, second) = time(|| compare(before, after, &mut both));
        let found = found.map_err(|problem| format!("{problem:?}"))?;
        regions = found.regions.len();
        lowered.push(first);
        compared.push(second);
    }
    if regions == 0 {
        return Err("the edit of after_hours changes nothing: it no longer holds the line".into());
    }
    let [lowered, compared] = [lowered, compared].map(|mut taken| {
        // The first round warms up.
        taken.remove(0);
        Spread::of(taken)
    });
    report.tables.push(Table {
        title: "after_hours, one line edited: which requests change".to_string(),
        note: "Milliseconds, both versions parsed and checked before. Lowering puts both into one space.".to_string(),
        columns: vec!["lower both", "compare", "together", "groups of requests"],
        rows: vec![vec![
            Cell::Measured(lowered.ms(), 2),
            Cell::Measured(compared.ms(), 2),
            Cell::Measured(lowered.ms() + compared.ms(), 2),
            Cell::count(regions),
        ]],
    });
    report.goals.push(Goal::new("after_hours, diff after a one-rule edit", lowered.ms() + compared.ms(), 20.0, "ms"));
    Ok(())
}

fn questions(name: &str, size: Size, report: &mut Report) -> Result<Vec<Cell>, Failure> {
    let (sources, main) = policies::read(name)?;
    let compiled = compile(sources.clone(), main)?;
    let (Some(policy), Some(mut model)) = (compiled.policy, compiled.model) else { return Err("no model".into()) };
    let question = Question { decision: 0, answer: None, audience: Audience::Author, ties: 8 };
    let request = some_valid(&policy, &mut model, &question)?;
    let (mut told, mut tabled) = (Vec::new(), Vec::new());
    let answers = policy.schema.decisions[0].answers.len();
    for round in 0..=size.rounds {
        let (found, taken) = time(|| explain(&policy, &mut model, &request, &question));
        black_box(found.map_err(|trouble| trouble.to_string())?);
        told.push(taken);
        // Tables take long enough to need fewer rounds.
        if round < 2 {
            let ((), taken) = time(|| {
                for answer in 0..answers {
                    let wish =
                        Wish { decision: 0, answer, requests: model.valid, reading: Reading::OneRow, rules: false };
                    black_box(tabulate(&policy, &model, &sources, wish));
                }
            });
            tabled.push(taken);
        }
    }
    told.remove(0);
    let (told, tabled) = (Spread::of(told), Spread::of(tabled));
    if name == "after_hours" {
        report.goals.push(Goal::new("after_hours, why", told.ms(), 1.0, "ms"));
    }
    let range = |spread: Spread| Cell::word(format!("{:.2}..{:.2}", spread.least / 1e6, spread.most / 1e6));
    Ok(vec![
        Cell::word(name),
        Cell::Measured(told.ms(), 2),
        range(told),
        Cell::Measured(tabled.ms(), 0),
        range(tabled),
        Cell::count(answers),
    ])
}

fn compile(sources: Sources, main: FileId) -> Result<Compiled, Failure> {
    let compiled = Project::read(sources, None).compile(main);
    if !compiled.answers_everything() {
        return Err("the policy does not compile".into());
    }
    Ok(compiled)
}

/// A complete valid request, the first that is found.
fn some_valid(policy: &Policy, model: &mut Model, question: &Question) -> Result<Request, Failure> {
    let mut state = 1u64;
    let mut below = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit.max(1)
    };
    for _ in 0..1000 {
        let mut request = Request::unknown(&model.schema);
        for (input, declared) in model.schema.inputs.iter().enumerate() {
            let value = match &declared.ty {
                _ if request.get(input).is_some() => continue,
                Type::YesNo => Value::YesNo(below(2) == 1),
                Type::OneOf(labels) => Value::Choice(below(labels.len() as u64) as u8),
                Type::SetOf(members) => Value::Set(below(1 << members.len()) as u32),
                Type::Number(least, most) => Value::Number(least + below(u64::from(most - least) + 1) as u32),
                Type::Duration(least, most) => Value::Duration(least + below(u64::from(most - least) + 1) as u32),
                Type::Moment(_) => Value::Moment(20_783, 1410),
                Type::Date(least, _) => Value::Date(*least),
                Type::Time => Value::Time(1410),
                Type::Identifier(_) => Value::Identifier(format!("somebody-{input}")),
            };
            request.set(input, value);
        }
        let found = explain(policy, model, &request, question).map_err(|trouble| trouble.to_string())?;
        if found.status == Status::Ok {
            return Ok(request);
        }
    }
    Err("no valid request was found".into())
}
