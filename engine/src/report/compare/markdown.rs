//! A comparison for a pull request: the sentence, a table of regions, and everything else folded away.
//!
//! In: a comparison. Out: Markdown that GitHub and others render. Text of a policy cannot break out of its place.

use super::{json, words};
use crate::compare::{Comparison, Deciding, Region};
use crate::render::{grouped, visible};

/// The whole comparison.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = format!("### {}\n\n", safe(&words::title(comparison)));
    out.push_str(&format!("**{}**\n", safe(&words::summary(comparison))));
    let shifts = [(&comparison.newly_accepted, true), (&comparison.no_longer_accepted, false)];
    for (shift, newly) in shifts.into_iter().filter_map(|(shift, newly)| Some((shift.as_ref()?, newly))) {
        out.push_str(&format!("\n{}\n", safe(&words::shift(shift, newly))));
    }
    let sentences = [&comparison.vocabulary, &comparison.unsure, &comparison.promises];
    if sentences.iter().any(|all| !all.is_empty()) {
        out.push('\n');
        for sentence in sentences.into_iter().flatten() {
            out.push_str(&format!("- {}\n", safe(sentence)));
        }
    }
    if !comparison.regions.is_empty() {
        out.push_str("\n| | requests | share | direction | what changes | when |\n|--:|--:|--:|---|---|---|\n");
        for (number, region) in comparison.regions.iter().enumerate() {
            out.push_str(&row(number + 1, region));
        }
    }
    if let Some(more) = words::more(comparison) {
        out.push_str(&format!("\n{}\n", safe(&more)));
    }
    details(&mut out, comparison);
    out
}

fn row(number: usize, region: &Region) -> String {
    let changes: Vec<String> = region
        .changes
        .iter()
        .map(|change| format!("{}: {}", safe(&change.answer), safe(&words::change(change))))
        .collect();
    let changes = if changes.is_empty() { "only the reason".to_string() } else { changes.join("<br>") };
    let when = if region.words.is_empty() { "always".to_string() } else { region.words.join(" and ") };
    format!(
        "| {number} | {} | {} | {} | {changes} | {} |\n",
        grouped(&region.count.requests),
        safe(&region.count.share),
        words::joined(&region.directions),
        safe(&when)
    )
}

fn details(out: &mut String, comparison: &Comparison) {
    if !comparison.regions.is_empty() {
        out.push_str("\n<details><summary>Examples and the rules that decide them</summary>\n");
        for (number, region) in comparison.regions.iter().enumerate() {
            out.push_str(&format!("\n{}. {}\n", number + 1, safe(&region.example.words)));
            for (when, all) in [("before", &region.before), ("after", &region.after)] {
                for one in all {
                    out.push_str(&format!("   - {when}: {}\n", deciding(one)));
                }
            }
            if let Some(older) = &region.older_request {
                out.push_str(&format!("   - for the older version:\n\n{}", code(&json::request(older))));
            }
            out.push('\n');
            out.push_str(&code(&json::request(&region.example.request)));
        }
        out.push_str("\n</details>\n");
    }
    if !comparison.answers.is_empty() {
        out.push_str("\n<details><summary>By answer</summary>\n\n");
        out.push_str("| answer | change | requests | share | direction |\n|---|---|--:|--:|---|\n");
        for answer in &comparison.answers {
            for (change, row) in answer.rows.iter().filter_map(|row| Some((words::row(row)?, row))) {
                out.push_str(&format!(
                    "| {} | {} | {} | {} | {} |\n",
                    safe(&answer.name),
                    safe(&change),
                    grouped(&row.count.requests),
                    safe(&row.count.share),
                    row.direction.map_or("", |direction| direction.word())
                ));
            }
        }
        out.push_str("\n</details>\n");
    }
    if !comparison.rules.is_empty() {
        out.push_str("\n<details><summary>Rules</summary>\n\n");
        for news in &comparison.rules {
            out.push_str(&format!("- {}\n", safe(&words::news(news))));
        }
        out.push_str("\n</details>\n");
    }
}

fn deciding(one: &Deciding) -> String {
    if one.because.is_empty() {
        return safe(&one.rule);
    }
    format!("{}: “{}”", safe(&one.rule), safe(&one.because))
}

/// JSON in a fence no text inside can close: a JSON line never starts with backticks.
fn code(text: &str) -> String {
    format!("   ```json\n   {}\n   ```\n", visible(text))
}

/// Text of a policy as plain text of Markdown.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '@' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
