//! The sentences that all forms of a comparison share.
//!
//! In: a comparison. Out: sentences without layout. Refuses to know: where they are shown.

use crate::compare::{Change, Comparison, Direction, Row, RuleChange, RuleNews, Shift};
use crate::diagnostic::Count;
use crate::render::grouped;

/// What a manager needs, in one sentence or two.
#[must_use]
pub fn summary(comparison: &Comparison) -> String {
    let shifted = comparison.newly_accepted.is_some() || comparison.no_longer_accepted.is_some();
    let requests = if shifted { "requests that both versions accept" } else { "possible requests" };
    let accepted = format!("{} {requests}", grouped(&comparison.accepted));
    let reasons = &comparison.reason_only;
    let mut said = if comparison.accepted == "0" {
        "No request is accepted by both versions, so no answers can be compared.".to_string()
    } else if comparison.changed.requests == "0" && !comparison.directions.is_empty() {
        // Counts span 2026 to 2053; dates beyond are decided all the same.
        format!("None of {accepted} changes, but some with dates before 2026 or after 2053 do.")
    } else if comparison.changed.requests == "0" {
        format!("No request is decided differently: all {accepted} get the same answers.")
    } else {
        let directions: Vec<String> = comparison
            .directions
            .iter()
            .map(|(directions, count)| format!("{} {}", joined(directions), grouped(&count.requests)))
            .collect();
        let changed = &comparison.changed;
        let verb = if changed.requests == "1" { "changes" } else { "change" };
        format!("{} of {accepted} {verb} ({}): {}.", grouped(&changed.requests), changed.share, directions.join(", "))
    };
    if reasons.requests != "0" {
        let other = if comparison.changed.requests == "0" { "" } else { "other " };
        let verb = if reasons.requests == "1" { "gets" } else { "get" };
        said.push_str(&format!(
            " {} {other}{} {verb} the same answers for other reasons ({}).",
            grouped(&reasons.requests),
            if reasons.requests == "1" { "request" } else { "requests" },
            reasons.share
        ));
    }
    if !comparison.unsure.is_empty() {
        said.push_str(" What holds when facts are missing is not the same.");
    }
    said
}

/// The two versions.
pub(super) fn title(comparison: &Comparison) -> String {
    let (old, new) = (&comparison.old, &comparison.new);
    if (&old.name, old.version) == (&new.name, new.version) {
        return format!("{} {}, before and after", new.name, new.version);
    }
    format!("{} {} → {} {}", old.name, old.version, new.name, new.version)
}

/// `stricter and duty added`.
pub(super) fn joined(directions: &[Direction]) -> String {
    directions.iter().map(|direction| direction.word()).collect::<Vec<_>>().join(" and ")
}

/// `1,200 requests (0.4%)`.
pub(super) fn counted(count: &Count) -> String {
    let noun = if count.requests == "1" { "request" } else { "requests" };
    format!("{} {noun} ({})", grouped(&count.requests), count.share)
}

/// What all requests of a region have in common.
pub(super) fn when(words: &[String]) -> String {
    if words.is_empty() { "for every request".to_string() } else { format!("when {}", words.join(" and ")) }
}

/// What becomes of an answer: `2 → 3`, `adds pin`, `no longer given (was 1 or 2)`.
pub(super) fn change(change: &Change) -> String {
    if change.from == ["blank"] {
        return given("newly given", "is", &change.to);
    }
    if change.to == ["blank"] {
        return given("no longer given", "was", &change.from);
    }
    let mut parts = Vec::new();
    if !change.from.is_empty() {
        parts.push(format!("{} → {}", change.from.join(" or "), change.to.join(" or ")));
    }
    if !change.added.is_empty() {
        parts.push(format!("adds {}", change.added.join(", ")));
    }
    if !change.lost.is_empty() {
        parts.push(format!("drops {}", change.lost.join(", ")));
    }
    parts.join(", ")
}

fn given(what: &str, verb: &str, values: &[String]) -> String {
    match values.len() {
        0 => what.to_string(),
        1..=6 => format!("{what} ({verb} {})", values.join(" or ")),
        n => format!("{what} ({n} different values)"),
    }
}

/// One line of a matrix: `2 → 3`, `adds pin`; nothing for what a blank says of members one by one.
pub(super) fn row(row: &Row) -> Option<String> {
    match (&row.member, row.from.as_str(), row.to.as_str()) {
        (Some(member), "out", "in") => Some(format!("adds {member}")),
        (Some(member), "in", "out") => Some(format!("drops {member}")),
        (Some(member), "blank", "in") => Some(format!("newly given, with {member}")),
        (Some(member), "in", "blank") => Some(format!("no longer given, had {member}")),
        (Some(_), ..) => None,
        (None, from, to) => Some(format!("{from} → {to}")),
    }
}

/// Requests that only one version accepts.
pub(super) fn shift(shift: &Shift, newly: bool) -> String {
    let (what, of) = if newly {
        ("newly possible", "those the newer version accepts")
    } else {
        ("no longer possible", "those the older version accepted")
    };
    let noun = if shift.count.requests == "1" { "request is" } else { "requests are" };
    format!(
        "{} {noun} {what} ({} of {of}), for example: {}.",
        grouped(&shift.count.requests),
        shift.count.share,
        shift.example.words
    )
}

/// What became of a rule.
pub(super) fn news(news: &RuleNews) -> String {
    match &news.change {
        RuleChange::Added => format!("{} is new", news.name),
        RuleChange::Removed => format!("{} is gone", news.name),
        RuleChange::Renamed(was) => format!("{} was called {was}", news.name),
        RuleChange::Changed => format!("{} decides differently", news.name),
        RuleChange::Reworded => format!("{} gives its reason in other words", news.name),
    }
}

/// What is not listed.
pub(super) fn more(comparison: &Comparison) -> Option<String> {
    let more = comparison.more.as_ref()?;
    let count = counted(&more.count);
    Some(match more.regions {
        Some(1) => format!("and 1 more group with {count}"),
        Some(n) => format!("and {} more groups with {count}", grouped(&n.to_string())),
        None => format!("and more groups with {count}"),
    })
}
