//! Two texts side by side: the lines that differ, with a little around them.
//! In: two texts. Out: lines with `-` and `+`. Refuses to compare more than it can in a moment: then all lines between differ.

use keyward::render::{Look, Paint, visible};

/// Lines shown around a change.
const AROUND: usize = 2;
/// Most pairs of lines compared.
const MOST_PAIRS: usize = 4_000_000;

/// A line of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The lines that differ.
pub fn diff(before: &str, after: &str, look: Look) -> String {
    let lines = compare(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>());
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(_))).map(|(at, _)| at).collect();
    let near = |at: usize| changed.iter().any(|change| change.abs_diff(at) <= AROUND);
    let mut out = String::new();
    let mut skipped = false;
    for (at, line) in lines.iter().enumerate() {
        if !near(at) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) {
            out.push_str(&look.paint(Paint::Faint, "  …"));
            out.push('\n');
        }
        out.push_str(&match line {
            Line::Same(text) => format!("    {}", visible(text)),
            Line::Gone(text) => look.paint(Paint::Error, &format!("  - {}", visible(text))),
            Line::New(text) => look.paint(Paint::Good, &format!("  + {}", visible(text))),
        });
        out.push('\n');
    }
    out
}

fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Line<'a>> {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (before_rest, after_rest) = (before.get(start..).unwrap_or(&[]), after.get(start..).unwrap_or(&[]));
    let end = before_rest.iter().rev().zip(after_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let (before_mid, before_end) = before_rest.split_at(before_rest.len() - end);
    let (after_mid, _) = after_rest.split_at(after_rest.len() - end);
    let mut lines: Vec<Line<'a>> = before.iter().take(start).map(|line| Line::Same(line)).collect();
    lines.extend(middle(before_mid, after_mid));
    lines.extend(before_end.iter().map(|line| Line::Same(line)));
    lines
}

/// The longest common lines, by the usual table.
fn middle<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Line<'a>> {
    let (rows, columns) = (before.len(), after.len());
    if rows.saturating_mul(columns) > MOST_PAIRS {
        let gone = before.iter().map(|line| Line::Gone(line));
        return gone.chain(after.iter().map(|line| Line::New(line))).collect();
    }
    let width = columns + 1;
    let mut common = vec![0_u32; (rows + 1) * width];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row * width + column] = if before[row] == after[column] {
                common[(row + 1) * width + column + 1] + 1
            } else {
                common[(row + 1) * width + column].max(common[row * width + column + 1])
            };
        }
    }
    let mut lines = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < rows || column < columns {
        if row < rows && column < columns && before[row] == after[column] {
            lines.push(Line::Same(before[row]));
            row += 1;
            column += 1;
        } else if column == columns
            || (row < rows && common[(row + 1) * width + column] >= common[row * width + column + 1])
        {
            lines.push(Line::Gone(before[row]));
            row += 1;
        } else {
            lines.push(Line::New(after[column]));
            column += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        let after = "a\nb\nc\nx\nd\ne\ng\nh\n";
        assert_eq!(
            diff(before, after, Look::default()),
            "  …\n    b\n    c\n  + x\n    d\n    e\n  - f\n    g\n  + h\n"
        );
        assert_eq!(diff("a\n", "a\n", Look::default()), "");
    }
}
