//! Tables written in Markdown: rows of cells, found by the heading above them.

/// The rows of every table under the heading `heading` (without its `#`), up to the next heading of the same depth or above.
/// The header row and the dashes are left out; cells are trimmed.
pub fn under(text: &str, heading: &str) -> Vec<Vec<String>> {
    let mut depth = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        if marks > 0 && line[marks..].starts_with(' ') {
            match depth {
                Some(open) if marks <= open => break,
                None if line[marks..].trim() == heading => depth = Some(marks),
                _ => {}
            }
        } else if depth.is_some() {
            lines.push(line);
        }
    }
    rows(lines.into_iter())
}

/// The rows of all tables in a text.
pub fn all(text: &str) -> Vec<Vec<String>> {
    rows(text.lines())
}

/// What stands in backticks in a cell, in order.
pub fn ticked(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let Some(inner) = line.trim().strip_prefix('|') else {
            continue;
        };
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        let cells: Vec<String> = inner.split('|').map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(|cell| !cell.is_empty() && cell.bytes().all(|byte| matches!(byte, b'-' | b':'))) {
            rows.pop();
        } else {
            rows.push(cells);
        }
    }
    rows
}
