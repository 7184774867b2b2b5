//! A replay written down.
//!
//! In: what a replay found, and the comparison it belongs to. Out: text for a terminal, JSON. Refuses to name anybody.

use crate::compare::{Comparison, Direction, Region};
use crate::render::json::{array, object, string};
use crate::render::{Look, Paint, grouped, visible};
use crate::replay::Replayed;
use std::collections::BTreeMap;

/// The most lines of one list that are shown; the rest is counted.
const SHOWN: usize = 12;

/// For people.
#[must_use]
pub fn text(found: &Replayed, comparison: &Comparison, look: Look) -> String {
    let mut page = Vec::new();
    let rows = grouped(&found.rows.to_string());
    if found.rows == 0 {
        page.push("No decisions in the log.".to_string());
        return page.join("\n");
    }
    page.push(format!("{rows} decisions from {} to {}", found.first, found.last));
    if let Some((count, line)) = found.not_by_old {
        let warning = format!(
            "{} of them are not what the older version decides (the first in line {line}): another version wrote the log, or it was edited",
            grouped(&count.to_string())
        );
        page.push(look.paint(Paint::Warning, &warning));
    }
    if found.not_askable > 0 {
        page.push(format!(
            "{} cannot be asked of the newer version: an input, a value or the decision is missing",
            grouped(&found.not_askable.to_string())
        ));
    }
    let share = found.changed * 10_000 / found.rows.max(1);
    page.push(look.paint(
        Paint::Strong,
        &match found.changed {
            0 => "None of them would turn out otherwise.".to_string(),
            count => format!(
                "{} would turn out otherwise ({}.{:02}%)",
                grouped(&count.to_string()),
                share / 100,
                share % 100
            ),
        },
    ));
    for ((from, to), count) in &found.statuses {
        page.push(format!("  {:>7}  status {from}, then {to}", grouped(&count.to_string())));
    }
    let mut answers: Vec<_> = found.answers.iter().collect();
    answers.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    page.extend(list(
        answers.len(),
        answers.iter().map(|((name, from, to), count)| {
            visible(&format!("  {:>7}  {name}: {from}, then {to}", grouped(&count.to_string())))
        }),
    ));
    for (title, rules) in [("Decided before by", &found.rules.0), ("Decided now by", &found.rules.1)] {
        if !rules.is_empty() {
            page.push(look.paint(Paint::Strong, title));
            page.extend(list(
                rules.len(),
                ranked(rules)
                    .into_iter()
                    .map(|(name, count)| visible(&format!("  {:>7}  {name}", grouped(&count.to_string())))),
            ));
        }
    }
    let never = never(found, comparison);
    if !never.is_empty() {
        page.push(look.paint(Paint::Strong, "Changed, but never asked in this log"));
        page.extend(list(
            never.len(),
            never.iter().map(|region| {
                let words =
                    if region.words.is_empty() { "every request".to_string() } else { region.words.join(" and ") };
                visible(&format!("  {words}  ({}, {})", directions(region), region.count.share))
            }),
        ));
    }
    page.join("\n")
}

/// For programs.
#[must_use]
pub fn json(found: &Replayed, comparison: &Comparison) -> Vec<(&'static str, String)> {
    let rules = |rules: &BTreeMap<String, u64>| {
        array(
            ranked(rules)
                .into_iter()
                .map(|(name, count)| object(&[("rule", string(name)), ("rows", count.to_string())])),
        )
    };
    let answers = array(found.answers.iter().map(|((name, from, to), count)| {
        object(&[("answer", string(name)), ("from", string(from)), ("to", string(to)), ("rows", count.to_string())])
    }));
    let statuses =
        array(found.statuses.iter().map(|((from, to), count)| {
            object(&[("from", string(from)), ("to", string(to)), ("rows", count.to_string())])
        }));
    let regions = array(comparison.regions.iter().zip(&found.regions).filter(|(region, _)| answered(region)).map(
        |(region, rows)| {
            object(&[
                ("words", array(region.words.iter().map(|word| string(word)))),
                ("directions", array(region.directions.iter().map(|direction| string(direction.word())))),
                ("possible_requests", string(&region.count.requests)),
                ("rows", rows.to_string()),
            ])
        },
    ));
    let (count, line) = found.not_by_old.unwrap_or_default();
    vec![
        ("rows", found.rows.to_string()),
        ("first", string(&found.first)),
        ("last", string(&found.last)),
        ("not_by_old", object(&[("rows", count.to_string()), ("first_line", line.to_string())])),
        ("not_askable", found.not_askable.to_string()),
        ("changed", found.changed.to_string()),
        ("answers", answers),
        ("statuses", statuses),
        ("rules_before", rules(&found.rules.0)),
        ("rules_after", rules(&found.rules.1)),
        ("regions", regions),
    ]
}

/// The regions in which answers change and that no decision of the log lies in.
fn never<'c>(found: &Replayed, comparison: &'c Comparison) -> Vec<&'c Region> {
    let regions = comparison.regions.iter().zip(&found.regions);
    regions.filter(|(region, rows)| **rows == 0 && answered(region)).map(|(region, _)| region).collect()
}

fn answered(region: &Region) -> bool {
    !region.directions.contains(&Direction::ReasonOnly)
}

fn directions(region: &Region) -> String {
    region.directions.iter().map(|direction| direction.word()).collect::<Vec<_>>().join(", ")
}

fn ranked(rules: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
    let mut all: Vec<(&str, u64)> = rules.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}

fn list(count: usize, lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut shown: Vec<String> = lines.take(SHOWN).collect();
    if count > SHOWN {
        shown.push(format!("  and {} more", count - SHOWN));
    }
    shown
}
