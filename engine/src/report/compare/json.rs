//! A comparison as JSON fields, for programs.
//!
//! In: a comparison. Out: fields of an object, values already written out. Refuses to pretty-print.

use super::words;
use crate::compare::{Comparison, Deciding, Direction, Region, RuleChange, RuleNews, Shift, Version};
use crate::diagnostic::Count;
use crate::render::json::{array, object, string};

/// The fields of the document.
#[must_use]
pub fn json(comparison: &Comparison) -> Vec<(&'static str, String)> {
    let shift = |shift: &Option<Shift>| shift.as_ref().map_or("null".to_string(), one_shift);
    let directions = comparison
        .directions
        .iter()
        .map(|(directions, count)| object(&[("directions", list_of(directions)), ("count", counted(count))]));
    let more = comparison.more.as_ref().map_or("null".to_string(), |more| {
        let regions = more.regions.map_or("null".to_string(), |n| n.to_string());
        object(&[("regions", regions), ("count", counted(&more.count))])
    });
    vec![
        ("old", version(&comparison.old)),
        ("new", version(&comparison.new)),
        ("summary", string(&words::summary(comparison))),
        ("decides_differently", comparison.decides_differently().to_string()),
        ("accepted", string(&comparison.accepted)),
        ("newly_accepted", shift(&comparison.newly_accepted)),
        ("no_longer_accepted", shift(&comparison.no_longer_accepted)),
        ("changed", counted(&comparison.changed)),
        ("reason_only", counted(&comparison.reason_only)),
        ("directions", array(directions)),
        ("answers", answers(comparison)),
        ("regions", array(comparison.regions.iter().map(region))),
        ("more", more),
        ("vocabulary", strings(&comparison.vocabulary)),
        ("unsure", strings(&comparison.unsure)),
        ("rules", array(comparison.rules.iter().map(news))),
        ("promises", strings(&comparison.promises)),
    ]
}

/// A request as `keyward decide` takes it.
pub(super) fn request(request: &[(String, String)]) -> String {
    let fields: Vec<(&str, String)> = request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    object(&fields)
}

fn version(version: &Version) -> String {
    object(&[
        ("policy", string(&version.name)),
        ("version", version.version.to_string()),
        ("title", string(&version.title)),
    ])
}

fn counted(count: &Count) -> String {
    object(&[("requests", string(&count.requests)), ("of", string(&count.of)), ("share", string(&count.share))])
}

fn one_shift(shift: &Shift) -> String {
    object(&[
        ("count", counted(&shift.count)),
        ("example", string(&shift.example.words)),
        ("request", request(&shift.example.request)),
    ])
}

fn list_of(directions: &[Direction]) -> String {
    array(directions.iter().map(|direction| string(direction.word())))
}

fn strings(all: &[String]) -> String {
    array(all.iter().map(|one| string(one)))
}

fn answers(comparison: &Comparison) -> String {
    array(comparison.answers.iter().map(|answer| {
        let rows = answer.rows.iter().map(|row| {
            object(&[
                ("member", row.member.as_ref().map_or("null".to_string(), |member| string(member))),
                ("from", string(&row.from)),
                ("to", string(&row.to)),
                ("direction", row.direction.map_or("null".to_string(), |direction| string(direction.word()))),
                ("count", counted(&row.count)),
            ])
        });
        object(&[("answer", string(&answer.name)), ("changed", counted(&answer.changed)), ("rows", array(rows))])
    }))
}

fn region(region: &Region) -> String {
    let changes = region.changes.iter().map(|change| {
        object(&[
            ("answer", string(&change.answer)),
            ("from", strings(&change.from)),
            ("to", strings(&change.to)),
            ("added", strings(&change.added)),
            ("lost", strings(&change.lost)),
            ("directions", list_of(&change.directions)),
        ])
    });
    object(&[
        ("when", strings(&region.words)),
        ("count", counted(&region.count)),
        ("directions", list_of(&region.directions)),
        ("changes", array(changes)),
        ("example", string(&region.example.words)),
        ("request", request(&region.example.request)),
        ("older_request", region.older_request.as_ref().map_or("null".to_string(), |older| request(older))),
        ("before", array(region.before.iter().map(deciding))),
        ("after", array(region.after.iter().map(deciding))),
    ])
}

fn deciding(one: &Deciding) -> String {
    object(&[("rule", string(&one.rule)), ("because", string(&one.because)), ("cite", string(&one.cite))])
}

fn news(news: &RuleNews) -> String {
    let (what, was) = match &news.change {
        RuleChange::Added => ("added", None),
        RuleChange::Removed => ("removed", None),
        RuleChange::Renamed(was) => ("renamed", Some(was)),
        RuleChange::Changed => ("changed", None),
        RuleChange::Reworded => ("reworded", None),
    };
    let was = was.map_or("null".to_string(), |was| string(was));
    object(&[("rule", string(&news.name)), ("change", string(what)), ("was", was)])
}
