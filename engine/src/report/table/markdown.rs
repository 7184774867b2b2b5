//! Tables as Markdown, fit for a pull request.
//!
//! In: tables. Out: Markdown. Refuses to know: which Markdown; pipes, tags and emphasis are written out.

use super::{how_to_read, meanings, outcome_heading, scope, title, too_long};
use crate::render::{grouped, visible};
use crate::tabulate::{Role, Table, Tables};

/// The tables of some answers.
#[must_use]
pub fn markdown(all: &[Tables]) -> String {
    let parts: Vec<String> = all.iter().map(answer).collect();
    parts.join("\n")
}

fn answer(tables: &Tables) -> String {
    let mut out = format!("## {}\n\n", plain(&tables.name));
    if !tables.text.is_empty() {
        out.push_str(&format!("{}\n\n", plain(&tables.text)));
    }
    out.push_str(&format!("{}\n", scope(tables)));
    tables.notes.iter().for_each(|note| out.push_str(&format!("{}\n", plain(note))));
    match &tables.tables {
        Err(long) => too_long(tables, long).iter().for_each(|said| out.push_str(&format!("{}\n", plain(said)))),
        Ok(found) => {
            found.iter().for_each(|table| out.push_str(&one(table, found.len() > 1)));
            let meanings = meanings(found);
            if !meanings.is_empty() {
                out.push('\n');
            }
            for (name, text) in meanings {
                out.push_str(&format!("- **{}**: {}\n", plain(&name), plain(&text)));
            }
        }
    }
    out
}

fn one(table: &Table, several: bool) -> String {
    let mut out = String::from("\n");
    if several {
        out.push_str(&format!("### {}\n\n", plain(&title(table))));
    }
    out.push_str(&format!("{}\n\n", how_to_read(table)));
    let mut heading: Vec<String> = table.columns.iter().map(|column| plain(&column.name)).collect();
    heading.extend([format!("**{}**", plain(&outcome_heading(table))), "requests".to_string(), "share".to_string()]);
    out.push_str(&format!("| {} |\n", heading.join(" | ")));
    let rule: Vec<&str> = table.columns.iter().map(|_| "---").chain(["---", "---:", "---:"]).collect();
    out.push_str(&format!("| {} |\n", rule.join(" | ")));
    for row in &table.rows {
        let mut cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.words)).collect();
        let outcome = plain(&row.words);
        let outcome = if table.role == Role::Answer { format!("**{outcome}**") } else { outcome };
        cells.extend([outcome, grouped(&row.count.requests), row.count.share.clone()]);
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

/// Text that no Markdown reader takes for markup.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        if matches!(c, '|' | '\\' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '~' | '#' | '&' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_a_policy_says_becomes_markup() {
        assert_eq!(plain("a|b <i>_x_</i>\n"), "a\\|b \\<i\\>\\_x\\_\\</i\\>\\u{a}".replace("\\u{", "\\\\u{"));
    }
}
