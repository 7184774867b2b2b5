//! Tables for a terminal: aligned, wrapped to its width, or as numbered sentences where columns do not fit.
//!
//! In: tables and a look. Out: text. Refuses to know: whether there is a terminal.

use super::{how_to_read, meanings, outcome_heading, scope, title, too_long};
use crate::render::{Look, Paint, grouped, visible, wrap};
use crate::tabulate::{Reading, Role, Row, Table, Tables};

/// Blanks between columns.
const GAP: usize = 2;
/// Counts wider than this are left to the other formats; the share stays.
const WIDEST_COUNT: usize = 15;

/// The tables of some answers.
#[must_use]
pub fn text(all: &[Tables], look: Look) -> String {
    let parts: Vec<String> = all.iter().map(|tables| answer(tables, look)).collect();
    parts.join("\n")
}

fn answer(tables: &Tables, look: Look) -> String {
    let mut lines = vec![look.paint(Paint::Strong, &visible(&tables.name))];
    let mut say =
        |text: &str| lines.extend(wrap(text, look.width - 2, look.width - 2).iter().map(|line| format!("  {line}")));
    if !tables.text.is_empty() {
        say(&visible(&tables.text));
    }
    say(&scope(tables));
    tables.notes.iter().for_each(|note| say(note));
    match &tables.tables {
        Err(long) => too_long(tables, long).iter().for_each(|sentence| say(sentence)),
        Ok(found) => {
            for table in found {
                lines.push(String::new());
                lines.extend(one(table, table.role != Role::Answer || table.subject != tables.name, look));
            }
            let meanings = meanings(found);
            if !meanings.is_empty() {
                lines.push(String::new());
                lines.push("  Words".to_string());
                for (name, text) in meanings {
                    let sentence = format!("{name}: {text}");
                    let wrapped = wrap(&sentence, look.width - 4, look.width - 6);
                    lines.extend(
                        wrapped
                            .iter()
                            .enumerate()
                            .map(|(at, line)| format!("{}{line}", if at == 0 { "    " } else { "      " })),
                    );
                }
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn one(table: &Table, titled: bool, look: Look) -> Vec<String> {
    let mut lines = Vec::new();
    if titled {
        lines.push(format!("  {}", look.paint(Paint::Strong, &title(table))));
    }
    lines.push(format!("  {}", look.paint(Paint::Faint, &how_to_read(table))));
    lines.extend(grid(table, look).unwrap_or_else(|| sentences(table, look)));
    lines
}

/// What stands in one column, heading first, and whether it is aligned to the right.
struct Strip {
    texts: Vec<String>,
    right: bool,
    width: usize,
}

/// The aligned form; nothing where it does not fit.
fn grid(table: &Table, look: Look) -> Option<Vec<String>> {
    let mut strips = strips(table);
    let room = look.width.saturating_sub(2 + GAP * (strips.len() - 1));
    while strips.iter().map(|strip| strip.width).sum::<usize>() > room {
        let shrinkable = strips.iter_mut().filter(|strip| strip.width > strip.narrowest());
        shrinkable.max_by_key(|strip| strip.width)?.width -= 1;
    }
    let mut lines = Vec::new();
    for at in 0..=table.rows.len() {
        let cells: Vec<Vec<String>> = strips.iter().map(|strip| pieces(&strip.texts[at], strip.width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        for line in 0..height {
            let mut text = String::from("  ");
            for (number, (cell, strip)) in cells.iter().zip(&strips).enumerate() {
                // Headings stand at the bottom of their line, above the cells.
                let from = if at == 0 { height - cell.len() } else { 0 };
                let piece = line.checked_sub(from).and_then(|line| cell.get(line)).map_or("", String::as_str);
                let blank = " ".repeat(strip.width.saturating_sub(piece.chars().count()));
                let gap = if number == 0 { "" } else { "  " };
                text.push_str(&if strip.right {
                    format!("{gap}{blank}{piece}")
                } else {
                    format!("{gap}{piece}{blank}")
                });
            }
            let text = text.trim_end().to_string();
            lines.push(if at == 0 { look.paint(Paint::Strong, &text) } else { text });
        }
        if at == 0 {
            let rule: Vec<String> = strips.iter().map(|strip| "─".repeat(strip.width)).collect();
            lines.push(format!("  {}", rule.join("  ")));
        }
    }
    Some(lines)
}

fn strips(table: &Table) -> Vec<Strip> {
    let mut all: Vec<(Vec<String>, bool)> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let cells = table.rows.iter().map(|row| row.cells.get(at).map_or(String::new(), |cell| visible(&cell.words)));
        all.push((std::iter::once(visible(&column.name)).chain(cells).collect(), false));
    }
    let outcomes = table.rows.iter().map(|row| format!("→ {}", visible(&row.words)));
    all.push((std::iter::once(format!("  {}", outcome_heading(table))).chain(outcomes).collect(), false));
    let counts: Vec<String> = table.rows.iter().map(|row| grouped(&row.count.requests)).collect();
    if counts.iter().all(|count| count.len() <= WIDEST_COUNT) {
        all.push((std::iter::once("requests".to_string()).chain(counts).collect(), true));
    }
    let shares = table.rows.iter().map(|row| row.count.share.clone());
    all.push((std::iter::once("share".to_string()).chain(shares).collect(), true));
    all.into_iter()
        .map(|(texts, right)| {
            let mut strip = Strip { texts, right, width: 0 };
            let cells = strip.texts.iter().skip(1).map(|text| text.chars().count()).max().unwrap_or(0);
            strip.width = cells.max(strip.texts[0].chars().count());
            strip
        })
        .collect()
}

impl Strip {
    /// The longest piece that cannot be broken.
    fn narrowest(&self) -> usize {
        let longest = |text: &String| breakable(text).iter().map(|piece| piece.trim_end().chars().count()).max();
        self.texts.iter().filter_map(longest).max().unwrap_or(0)
    }
}

/// The places where a cell may be broken: behind blanks, dots and underscores.
fn breakable(text: &str) -> Vec<&str> {
    if text.starts_with("→ ") {
        let rest = text.char_indices().skip(2).find(|(_, c)| *c == ' ').map_or(text.len(), |(at, _)| at + 1);
        let mut pieces = vec![&text[..rest]];
        pieces.extend(text[rest..].split_inclusive([' ', '_']));
        return pieces;
    }
    text.split_inclusive([' ', '.', '_']).collect()
}

/// A cell in lines of at most `width`.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in breakable(text) {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + piece.trim_end().chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

/// Numbered sentences, for tables with more columns than the width holds.
fn sentences(table: &Table, look: Look) -> Vec<String> {
    let mut lines = Vec::new();
    let digits = table.rows.len().to_string().len();
    let outcome = table.rows.iter().map(|row| row.words.chars().count()).max().unwrap_or(0).min(30);
    for (number, row) in table.rows.iter().enumerate() {
        let start = format!("  {:>digits$}. {:<outcome$}  {:>9}  ", number + 1, visible(&row.words), row.count.share);
        let indent = digits + 4;
        let used = start.chars().count();
        let text = condition(table, row);
        let wrapped = match used + 30 <= look.width {
            true => wrap(&text, look.width - used, look.width.saturating_sub(used).max(30)),
            false => wrap(&text, 0, look.width.saturating_sub(indent).max(30)),
        };
        let hang = if used + 30 <= look.width { used } else { indent };
        for (at, line) in wrapped.iter().enumerate() {
            lines.push(match at {
                0 => format!("{start}{line}").trim_end().to_string(),
                _ => format!("{}{line}", " ".repeat(hang)),
            });
        }
    }
    lines
}

fn condition(table: &Table, row: &Row) -> String {
    match (row.sentence.is_empty(), table.reading) {
        (false, _) => format!("when {}", visible(&row.sentence)),
        (true, Reading::OneRow) => "always".to_string(),
        (true, Reading::TopDown) if table.rows.len() > 1 => "otherwise".to_string(),
        (true, Reading::TopDown) => "always".to_string(),
    }
}
