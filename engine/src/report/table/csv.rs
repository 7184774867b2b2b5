//! Tables as CSV (RFC 4180), safe to open in a spreadsheet.
//!
//! In: tables. Out: CSV with one heading line a table. Refuses to be a formula: a cell that a spreadsheet would reckon with
//! starts with a quote.

use super::outcome_heading;
use crate::render::visible;
use crate::tabulate::Tables;

/// The tables of some answers, an empty line between two.
#[must_use]
pub fn csv(all: &[Tables]) -> String {
    let mut parts = Vec::new();
    for table in all.iter().filter_map(|tables| tables.tables.as_ref().ok()).flatten() {
        let name = if table.name.is_empty() { "table".to_string() } else { format!("table {}", table.name) };
        let mut heading = vec![name];
        heading.extend(table.columns.iter().map(|column| column.name.clone()));
        heading.extend([outcome_heading(table), "requests".to_string(), "share".to_string()]);
        let mut out = csv_line(&heading);
        for (number, row) in table.rows.iter().enumerate() {
            let mut cells = vec![(number + 1).to_string()];
            cells.extend(row.cells.iter().map(|cell| cell.words.clone()));
            cells.extend([row.words.clone(), row.count.requests.clone(), row.count.share.clone()]);
            out.push_str(&csv_line(&cells));
        }
        parts.push(out);
    }
    parts.join("\r\n")
}

/// One line of CSV, for any table.
#[must_use]
pub fn csv_line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| field(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// One field, quoted where it must be.
fn field(text: &str) -> String {
    let text = visible(text);
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text };
    if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@x"] {
            assert_eq!(field(text), format!("'{text}"));
        }
        assert_eq!(field("\t=1"), "\"    =1\"");
        assert_eq!(field("=a,\"b\""), "\"'=a,\"\"b\"\"\"");
        assert_eq!(field("held"), "held");
    }
}
