//! P1, P9: decision tables say what the policy says: each valid request is in exactly one row, and the row is right.

use keyward::analyze::analyze;
use keyward::diagnostic::Diagnostic;
use keyward::diagram::Ref;
use keyward::draw::{Place, Way, draw};
use keyward::eval;
use keyward::lower::lower;
use keyward::model::Model;
use keyward::source::Sources;
use keyward::tabulate::{Asks, Outcome, Reading, Role, Table, Tables, Wish, tabulate};
use keyward::typed::{AnswerValue, Policy};
use keyward_tests::{differential, generate, tables};

/// Policies that are checked on every request.
const WANTED: usize = 300;
/// Most requests of such a policy.
const SMALL: usize = 800;

/// A random policy that was accepted, with its model.
fn accepted(seed: u64) -> Option<(Policy, Model)> {
    accepted_text(&generate::policy(seed).text())
}

fn accepted_text(text: &str) -> Option<(Policy, Model)> {
    let policy = differential::read(&[text.to_owned()]).ok()?;
    let mut model = lower(&policy).ok()?;
    let report = analyze(&policy, &mut model);
    (!report.diagnostics.iter().any(Diagnostic::is_error)).then_some((policy, model))
}

fn every_answer(policy: &Policy) -> Vec<(usize, usize)> {
    let decisions = policy.schema.decisions.iter().enumerate();
    decisions.flat_map(|(decision, own)| (0..own.answers.len()).map(move |answer| (decision, answer))).collect()
}

fn made(policy: &Policy, model: &Model, (decision, answer): (usize, usize), reading: Reading) -> Tables {
    tabulate(policy, model, &Sources::new(), Wish { decision, answer, requests: Ref::TRUE, reading, rules: true })
}

#[test]
fn p1_each_valid_request_is_in_one_row_that_says_what_the_oracle_says() {
    let (mut policies, mut checked, mut rows, mut blocks, mut continued, mut terms, mut seed) = (0, 0, 0, 0, 0, 0, 0);
    while policies < WANTED {
        seed += 1;
        assert!(seed < 60_000, "only {policies} small policies");
        let Some((policy, model)) = accepted(seed) else { continue };
        let Some(requests) = tables::requests(&policy, SMALL) else { continue };
        for about in every_answer(&policy) {
            for reading in [Reading::OneRow, Reading::TopDown] {
                let found = made(&policy, &model, about, reading);
                let Ok(found) = &found.tables else { continue };
                let done = tables::check(&policy, &model, about, found, &requests);
                checked +=
                    done.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}\n{}", generate::policy(seed).text()));
                rows += found.iter().map(|table| table.rows.len()).sum::<usize>();
                blocks += found.iter().filter(|table| matches!(table.role, Role::Block(_))).count();
                continued += found.iter().filter(|table| table.role == Role::Continued).count();
                terms +=
                    found.iter().flat_map(|table| &table.columns).filter(|c| matches!(c.asks, Asks::Term(_))).count();
            }
        }
        policies += 1;
    }
    println!(
        "{policies} policies, {checked} requests, {rows} rows, {blocks} blocks, {continued} continued, {terms} terms"
    );
    assert!(terms > 0, "no table asks a term: the test has lost its reach");
}

#[test]
fn p1_rows_count_every_valid_request_once() {
    let mut policies = 0;
    for seed in 0..150 {
        let Some((policy, model)) = accepted(seed) else { continue };
        for about in every_answer(&policy) {
            for reading in [Reading::OneRow, Reading::TopDown] {
                let found = made(&policy, &model, about, reading);
                let Ok(tables) = &found.tables else { continue };
                for table in tables.iter().filter(|table| table.role != Role::Continued) {
                    let count = |text: &str| text.parse::<u128>().unwrap();
                    let sum: u128 = table.rows.iter().map(|row| count(&row.count.requests)).sum();
                    assert_eq!(sum, count(&found.requests.requests), "seed {seed}, {}", table.subject);
                }
                policies += 1;
            }
        }
    }
    assert!(policies > 30, "{policies}");
}

/// A policy whose tables have a term, a block and further tables.
const LADDER: &str = include_str!("../tables/ladder.ward");

#[test]
fn planted_mistakes_in_a_table_are_caught() {
    let (policy, model) = accepted_text(LADDER).expect("it is accepted");
    let requests = tables::requests(&policy, 100_000).expect("it is small");
    let good = made(&policy, &model, (0, 0), Reading::OneRow).tables.expect("it is short");
    tables::check(&policy, &model, (0, 0), &good, &requests).expect("it is right");
    let caught = |tables: &[Table]| tables::check(&policy, &model, (0, 0), tables, &requests).is_err();
    let mut planted = 0;
    for (number, table) in good.iter().enumerate() {
        for row in 0..table.rows.len() {
            // Another outcome.
            let mut bad = good.clone();
            bad[number].rows[row].outcome = match bad[number].rows[row].outcome {
                Outcome::Value(AnswerValue::Choice(value)) => Outcome::Value(AnswerValue::Choice(value ^ 1)),
                _ => Outcome::Value(AnswerValue::Blank),
            };
            assert!(caught(&bad), "outcome of row {row} of table {number}");
            for cell in (0..table.columns.len()).filter(|&cell| !table.rows[row].cells[cell].choices.is_empty()) {
                // A class is lost: some request is in no row.
                for class in 0..table.rows[row].cells[cell].choices.len() {
                    let mut bad = good.clone();
                    if std::mem::replace(&mut bad[number].rows[row].cells[cell].choices[class], false) {
                        assert!(caught(&bad), "class {class} of cell {cell} of row {row} of table {number}");
                        planted += 1;
                    }
                }
                // A rule that decides nothing here, and one that is forgotten.
                for rule in 0..policy.rules.len() {
                    let mut bad = good.clone();
                    let Some(rules) = &mut bad[number].rows[row].rules else { continue };
                    if rules.contains(&rule) {
                        continue;
                    }
                    rules.push(rule);
                    assert!(caught(&bad), "rule {rule} beside row {row} of table {number}");
                    planted += 1;
                }
                let mut bad = good.clone();
                if bad[number].rows[row].rules.as_mut().is_some_and(|rules| rules.pop().is_some()) {
                    assert!(caught(&bad), "a rule beside row {row} of table {number}");
                    planted += 1;
                }
                // A merge goes too far: rows overlap.
                let mut bad = good.clone();
                bad[number].rows[row].cells[cell].choices.iter_mut().for_each(|choice| *choice = true);
                assert!(caught(&bad), "cell {cell} of row {row} of table {number}");
                planted += 1;
            }
        }
    }
    assert!(planted > 20, "{planted}");
}

#[test]
fn a_table_that_nobody_reads_says_why_and_what_to_do() {
    let inputs: Vec<String> = (0..12).map(|at| format!("input i{at} is one of a, b, c")).collect();
    let bullets: Vec<String> = (0..12).map(|at| format!("  - i{at} is a")).collect();
    let text = format!(
        "edition 2026\npolicy t.long version 1\n{}\ndecision d\n  answer x is yes or no\nif unsure x is no\n\
         normally x is no because \"n\"\nrule r when at least 5 of\n{}\n  then x is yes because \"r\"\n",
        inputs.join("\n"),
        bullets.join("\n")
    );
    let (policy, model) = accepted_text(&text).expect("it is accepted");
    let found = made(&policy, &model, (0, 0), Reading::OneRow);
    let long = found.tables.expect_err("it is long");
    assert!(!long.because.is_empty() && long.because.iter().all(|name| name.starts_with('i')), "{long:?}");
}

#[test]
fn p1_a_drawn_diagram_leads_each_valid_request_to_what_the_oracle_says() {
    let (mut policies, mut checked, mut seed) = (0, 0, 0);
    while policies < 100 {
        seed += 1;
        let Some((policy, model)) = accepted(seed) else { continue };
        let Some(requests) = tables::requests(&policy, SMALL) else { continue };
        policies += 1;
        for (decision, answer) in every_answer(&policy) {
            let Ok(diagram) = draw(&policy, &model, (decision, answer), Ref::TRUE) else { continue };
            for request in requests.iter().filter(|request| eval::is_valid(&policy, request)) {
                let expected = eval::answer(&policy, decision, answer, request).unwrap();
                let classes = differential::diagram::classes(&model, request).unwrap();
                for (member, (_, start)) in diagram.starts.iter().enumerate() {
                    let mut at = *start;
                    while let Place::Question(number) = at {
                        let question = &diagram.questions[number];
                        let class = classes[usize::from(question.asks)] as usize;
                        let taken: Vec<&Way> = question.ways.iter().filter(|way| way.classes[class]).collect();
                        assert_eq!(taken.len(), 1, "seed {seed}, {}", question.name);
                        at = taken[0].to;
                    }
                    let Place::Outcome(found) = at else { panic!("no outcome") };
                    let said = diagram.outcomes[found].words.as_str();
                    let labels = policy.schema.decisions[decision].answers[answer].kind.labels();
                    let right = match expected {
                        AnswerValue::Blank => said == "blank",
                        AnswerValue::NoLimit => said == "no limit",
                        AnswerValue::Choice(value) => said == labels[usize::from(value)].name,
                        AnswerValue::Set(set) => said == if set >> member & 1 == 1 { "yes" } else { "no" },
                        AnswerValue::Duration(minutes) => said == keyward::space::civil::duration_text(minutes),
                    };
                    assert!(right, "seed {seed}: {} says {said}, the oracle {expected:?}", diagram.name);
                    checked += 1;
                }
            }
        }
    }
    println!("{policies} policies, {checked} walks");
    assert!(checked > 1_000);
}
