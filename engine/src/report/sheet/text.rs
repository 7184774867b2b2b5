//! A sheet for a terminal: a block for every half hour, and the exact times in words beside it.
//!
//! In: a sheet and a look. Out: text that reads without colour. Refuses to know: whether there is a terminal.

use super::{days, has_week, hours, kind, length, weekday, weekly};
use crate::render::{Look, Paint, visible, wrap};
use crate::sheet::{Minutes, Sheet, Week};
use crate::space::civil;

/// Minutes of one block.
const BLOCK: u16 = 30;

/// The whole sheet.
#[must_use]
pub fn text(sheet: &Sheet, look: Look) -> String {
    let mut lines =
        vec![format!("Twelve months from {} to {}", civil::date_text(sheet.from), civil::date_text(sheet.to))];
    for week in &sheet.weeks {
        lines.push(String::new());
        lines.extend(one(week, look));
    }
    if sheet.weeks.is_empty() {
        lines.push("No calendar and no term of this policy asks a moment alone.".to_string());
    } else if sheet.weeks.iter().any(has_week) {
        lines.push(String::new());
        lines.push(
            "Each block is half an hour: █ in it, · not in it, ▌ its first half, ▐ its second half, ▒ a part of it."
                .to_string(),
        );
    }
    for name in &sheet.outside {
        lines.push(format!("{} is kept outside: what is in it stands in no policy.", visible(name)));
    }
    lines.join("\n") + "\n"
}

fn one(week: &Week, look: Look) -> Vec<String> {
    let mut lines = vec![format!("{} ({})", look.paint(Paint::Strong, &visible(&week.name)), kind(week))];
    let said = visible(&week.text);
    lines.extend(
        wrap(&said, look.width - 2, look.width - 2).iter().map(|line| look.paint(Paint::Faint, &format!("  {line}"))),
    );
    if has_week(week) {
        let ruler: String = (0..24).step_by(3).map(|hour| format!("{hour:02}    ")).collect();
        lines.push(look.paint(Paint::Faint, &format!("             {ruler}24")));
        for (minutes, number) in week.days.iter().zip(0u8..) {
            lines.push(format!("  {:<9}  {}  {}", weekday(number), blocks(minutes), hours(minutes)));
        }
        lines.push(format!(
            "  {} in an ordinary week, {} in these twelve months",
            length(weekly(week)),
            length(week.minutes)
        ));
    } else {
        lines.push(format!("  No ordinary week: single days only, {} in these twelve months", length(week.minutes)));
    }
    if !week.exceptions.is_empty() {
        lines.push("  Days that differ".to_string());
        let widest = week.exceptions.iter().map(|exception| days(exception).chars().count()).max().unwrap_or(0);
        for exception in &week.exceptions {
            lines.push(format!("    {:<widest$}  {}", days(exception), exception.words));
        }
    }
    lines
}

/// A day as 48 blocks.
fn blocks(minutes: &Minutes) -> String {
    (0..1440 / BLOCK).map(|at| block(minutes, at * BLOCK)).collect()
}

fn block(minutes: &Minutes, from: u16) -> char {
    let middle = from + BLOCK / 2;
    let until = from + BLOCK;
    let inside = |from: u16, until: u16| -> u16 {
        minutes.iter().map(|&(start, end)| end.min(until).saturating_sub(start.max(from))).sum()
    };
    match (inside(from, middle), inside(middle, until)) {
        (0, 0) => '·',
        (first, second) if first + second == BLOCK => '█',
        (first, 0) if first == BLOCK / 2 => '▌',
        (0, second) if second == BLOCK / 2 => '▐',
        _ => '▒',
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_show_halves_and_parts() {
        let shown = blocks(&vec![(15, 45), (60, 120), (125, 126), (1410, 1440)]);
        assert_eq!(shown.chars().take(6).collect::<String>(), "▐▌██▒·");
        assert_eq!(shown.chars().count(), 48);
        assert!(shown.ends_with("·█"));
    }
}
