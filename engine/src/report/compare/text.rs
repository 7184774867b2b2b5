//! A comparison for people at a terminal: the sentence first, then groups of requests in words.
//!
//! In: a comparison. Out: text. Refuses to know: whether there is a terminal; the caller says if it wants colour.

use super::words;
use crate::compare::{Comparison, Deciding, Direction, Region};
use crate::render::{Look, Paint, visible, wrap};

/// The whole comparison. With `requests`, every example also as JSON.
#[must_use]
pub fn text(comparison: &Comparison, look: Look, requests: bool) -> String {
    let mut page = Page { look, out: String::new() };
    page.line(0, Paint::Faint, &words::title(comparison));
    page.line(0, Paint::Strong, &words::summary(comparison));
    let shifts = [(&comparison.newly_accepted, true), (&comparison.no_longer_accepted, false)];
    for (shift, newly) in shifts.into_iter().filter_map(|(shift, newly)| Some((shift.as_ref()?, newly))) {
        page.plain(0, &words::shift(shift, newly));
    }
    if !comparison.vocabulary.is_empty() || !comparison.unsure.is_empty() {
        page.heading("What can be asked and answered");
        for sentence in comparison.vocabulary.iter().chain(&comparison.unsure) {
            page.plain(2, sentence);
        }
    }
    for (number, region) in comparison.regions.iter().enumerate() {
        page.out.push('\n');
        page.region(number + 1, region, requests);
    }
    if let Some(more) = words::more(comparison) {
        page.out.push('\n');
        page.plain(0, &more);
    }
    if comparison.regions.len() > 1 {
        page.answers(comparison);
    }
    if !comparison.rules.is_empty() {
        page.heading("Rules");
        for news in &comparison.rules {
            page.plain(2, &words::news(news));
        }
    }
    if !comparison.promises.is_empty() {
        page.heading("Tests and asserts");
        for sentence in &comparison.promises {
            page.plain(2, sentence);
        }
    }
    page.out
}

struct Page {
    look: Look,
    out: String,
}

impl Page {
    fn line(&mut self, indent: usize, paint: Paint, text: &str) {
        let room = self.look.width.saturating_sub(indent).max(20);
        for (number, line) in wrap(&visible(text), room, room.saturating_sub(2)).iter().enumerate() {
            let pad = if number == 0 { indent } else { indent + 2 };
            self.out.push_str(&" ".repeat(pad));
            self.out.push_str(&self.look.paint(paint, line));
            self.out.push('\n');
        }
    }

    fn plain(&mut self, indent: usize, text: &str) {
        let look = self.look;
        self.look.color = false;
        self.line(indent, Paint::Faint, text);
        self.look = look;
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.line(0, Paint::Strong, text);
    }

    fn region(&mut self, number: usize, region: &Region, requests: bool) {
        let paint = match region.directions.as_slice() {
            [Direction::Stricter | Direction::DutyAdded, ..] => Paint::Warning,
            [Direction::Looser | Direction::DutyLost, ..] => Paint::Error,
            _ => Paint::Note,
        };
        let title = format!("{number}. {}: {}", words::counted(&region.count), words::joined(&region.directions));
        self.line(0, paint, &title);
        self.plain(3, &words::when(&region.words));
        for change in &region.changes {
            self.plain(3, &format!("{}: {}", change.answer, words::change(change)));
        }
        self.plain(3, &format!("for example: {}", region.example.words));
        let both = |one: &&Deciding| region.before.contains(one) && region.after.contains(one);
        self.deciding("before and after", region.before.iter().filter(both));
        self.deciding("before", region.before.iter().filter(|one| !both(one)));
        self.deciding("after", region.after.iter().filter(|one| !both(one)));
        if requests {
            if let Some(older) = &region.older_request {
                self.request("request before", older);
            }
            self.request("request", &region.example.request);
        }
    }

    /// A request on one line, so that it can be copied.
    fn request(&mut self, title: &str, request: &[(String, String)]) {
        let text = format!("   {title}: {}\n", super::json::request(request));
        self.out.push_str(&text);
    }

    fn deciding<'a>(&mut self, when: &str, all: impl Iterator<Item = &'a Deciding>) {
        for one in all {
            let because = if one.because.is_empty() { String::new() } else { format!(": “{}”", one.because) };
            self.plain(3, &format!("{when}, {} decides{because}", one.rule));
        }
    }

    fn answers(&mut self, comparison: &Comparison) {
        let rows = comparison.answers.iter().flat_map(|answer| {
            let rows = answer.rows.iter().filter_map(|row| Some((words::row(row)?, row)));
            rows.map(move |(change, row)| (format!("{} {change}", answer.name), row))
        });
        let rows: Vec<(String, String)> = rows
            .map(|(change, row)| {
                let direction = row.direction.map_or(String::new(), |direction| format!(": {}", direction.word()));
                (change, format!("{}{direction}", words::counted(&row.count)))
            })
            .collect();
        if rows.is_empty() {
            return;
        }
        self.heading("By answer");
        let width = rows.iter().map(|(change, _)| visible(change).chars().count()).max().unwrap_or(0).min(60);
        for (change, count) in rows {
            let change = visible(&change);
            self.out.push_str(&format!("  {change:<width$}  {count}\n"));
        }
    }
}
