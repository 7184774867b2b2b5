//! Coverage and new tests, written down.
//!
//! In: what `cases` found. Out: the new tests in the language, text for a terminal, JSON. Refuses to know how it was found.

use crate::cases::mutants::{Fate, Judged};
use crate::cases::{Cases, Kind, Proposed, Tried};
use crate::render::json::{array, object, string};
use crate::render::{Look, Paint, grouped, visible};
use crate::source::Sources;
use std::fmt::Write;

/// The groups in which people are told.
const GROUPS: [(&str, &[Kind]); 3] = [
    ("situations", &[Kind::Decides, Kind::Overrides, Kind::Outcome]),
    ("bounds", &[Kind::Boundary]),
    ("conditions", &[Kind::Condition]),
];

/// Tests as the language writes them, a blank line before each.
#[must_use]
pub fn written(tests: &[Proposed]) -> String {
    let mut out = String::new();
    for test in tests {
        let given = test.given.join("\n    and ");
        let given = if given.is_empty() { String::new() } else { format!("\n  given {given}") };
        let expect = test.expect.join("\n    and ");
        let _ = writeln!(out, "\ntest \"{}\"{given}\n  expect {expect}", test.name.replace('"', "'"));
    }
    out
}

/// For people: what is tried, what is not, and how many new tests would do.
#[must_use]
pub fn text(cases: &Cases, sources: &Sources, look: Look) -> String {
    let mut lines = Vec::new();
    if let Some(requests) = &cases.requests {
        lines.push(format!(
            "  {} of {} possible requests are like some test ({}).",
            grouped(&requests.requests),
            grouped(&requests.of),
            requests.share
        ));
    }
    for (name, kinds) in GROUPS {
        let (tried, all) = cases.share(kinds);
        let share = (tried * 100).checked_div(all).map_or(String::new(), |share| format!(" ({share}%)"));
        let mark = if tried == all { look.paint(Paint::Good, "✓") } else { look.paint(Paint::Warning, "·") };
        lines.push(format!("  {mark} {tried} of {all} {name} tried{share}"));
    }
    let open: Vec<&Tried> = cases.tried.iter().filter(|it| it.by.is_none()).collect();
    if !open.is_empty() {
        lines.push(look.paint(Paint::Strong, "  Not tried"));
    }
    for it in open {
        let clause = clause(it, sources).map_or(String::new(), |clause| format!(": {clause}"));
        let line = format!("    {}{clause}", it.what);
        lines.push(format!("{}  {}", visible(&line), look.paint(Paint::Faint, &it.requests.share)));
    }
    lines.join("\n")
}

/// The condition an aim is about, on one line.
fn clause(it: &Tried, sources: &Sources) -> Option<String> {
    let span = it.clause?;
    let text = sources.get(span.file)?.text().get(span.start as usize..span.end as usize)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// For programs.
#[must_use]
pub fn json(cases: &Cases, sources: &Sources) -> Vec<(&'static str, String)> {
    let tried = array(cases.tried.iter().map(|it| {
        let mut fields = vec![
            ("kind", string(it.kind.word())),
            ("what", string(&it.what)),
            ("by", it.by.as_ref().map_or("null".to_string(), |test| string(test))),
            ("requests", string(&it.requests.requests)),
            ("share", string(&it.requests.share)),
        ];
        if let Some(clause) = clause(it, sources) {
            fields.push(("condition", string(&clause)));
        }
        object(&fields)
    }));
    let list = |texts: &[String]| array(texts.iter().map(|text| string(text)));
    let proposed = array(cases.proposed.iter().map(|test| {
        object(&[
            ("name", string(&test.name)),
            ("given", list(&test.given)),
            ("expect", list(&test.expect)),
            ("tries", array(test.tries.iter().map(ToString::to_string))),
            ("text", string(written(std::slice::from_ref(test)).trim())),
        ])
    }));
    let coverage: Vec<(&str, String)> = GROUPS
        .iter()
        .map(|(name, kinds)| {
            let (tried, all) = cases.share(kinds);
            (*name, object(&[("tried", tried.to_string()), ("all", all.to_string())]))
        })
        .collect();
    let requests = cases.requests.as_ref().map_or("null".to_string(), |count| string(&count.requests));
    vec![("requests_like_tests", requests), ("coverage", object(&coverage)), ("tried", tried), ("proposed", proposed)]
}

/// For people: how many planted mistakes are noticed, and those that are not.
#[must_use]
pub fn mutants_text(judged: &[Judged], sources: &Sources, look: Look) -> String {
    let count = |wanted: fn(&Fate) -> bool| judged.iter().filter(|one| wanted(&one.fate)).count();
    let refused = count(|fate| matches!(fate, Fate::Refused(_)));
    let noticed = count(|fate| matches!(fate, Fate::Noticed(_)));
    let alike = count(|fate| matches!(fate, Fate::Equivalent));
    let reasons = count(|fate| matches!(fate, Fate::Reasons));
    let survive = count(|fate| matches!(fate, Fate::Survives(_)));
    let open = count(|fate| matches!(fate, Fate::Undecided));
    let score = (noticed * 100).checked_div(noticed + survive).map_or(String::new(), |share| format!(" ({share}%)"));
    let mut lines = vec![
        format!("  {} small mistakes planted, one at a time", judged.len()),
        format!("  {noticed} of {} that change an answer are noticed by a test or an assert{score}", noticed + survive),
        format!(
            "  {refused} are refused by the compiler, {alike} change nothing (proved), {reasons} change only reasons"
        ),
    ];
    if open > 0 {
        lines.push(format!("  {open} could not be decided within the budget"));
    }
    if survive > 0 {
        lines.push(look.paint(Paint::Strong, "  Not noticed"));
    }
    for one in judged {
        let Fate::Survives(found) = &one.fate else { continue };
        let (count, example) = &**found;
        let place = sources.place(one.span);
        let text = sources.text(one.span).split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(visible(&format!("    line {}: {}: {text}", place.line, one.what)));
        let share = format!("{} requests ({}), for example: {}", grouped(&count.requests), count.share, example.words);
        lines.push(format!("      {}", look.paint(Paint::Faint, &visible(&share))));
    }
    lines.join("\n")
}

/// For programs.
#[must_use]
pub fn mutants_json(judged: &[Judged], sources: &Sources) -> Vec<(&'static str, String)> {
    let list = array(judged.iter().map(|one| {
        let mut fields = vec![
            ("what", string(&one.what)),
            ("line", sources.place(one.span).line.to_string()),
            ("text", string(sources.text(one.span))),
        ];
        let fate = match &one.fate {
            Fate::Refused(code) => {
                fields.push(("code", string(code)));
                "refused"
            }
            Fate::Noticed(by) => {
                fields.push(("by", string(by)));
                "noticed"
            }
            Fate::Equivalent => "equivalent",
            Fate::Reasons => "reasons",
            Fate::Survives(found) => {
                let request: Vec<(&str, String)> =
                    found.1.request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                fields.extend([("requests", string(&found.0.requests)), ("request", object(&request))]);
                "survives"
            }
            Fate::Undecided => "undecided",
        };
        fields.push(("fate", string(fate)));
        object(&fields)
    }));
    vec![("mutants", list)]
}
