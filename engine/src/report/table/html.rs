//! Tables as one HTML page that a screen reader can read: captions, headings with a scope, rows with a heading.
//!
//! In: tables and a title. Out: HTML without scripts or links. Refuses to trust text: everything is written out.

use super::{how_to_read, meanings, outcome_heading, scope, title, too_long};
use crate::render::{grouped, visible};
use crate::tabulate::{Role, Table, Tables};

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#c9ced6;--head:#f1f3f6;--faint:#5b6472}\
@media (prefers-color-scheme:dark){:root{--line:#3d4450;--head:#242a33;--faint:#a4adba}}\
body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:75rem}\
div{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}\
caption{text-align:left;padding:.25rem 0;color:var(--faint)}\
th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}\
thead th{background:var(--head);vertical-align:bottom}\
td.n{text-align:right;font-variant-numeric:tabular-nums}td.any{color:var(--faint)}td.o{font-weight:600}\
dt{font-weight:600}dd{margin:0 0 .5rem 1rem}";

/// The tables of some answers as one page.
#[must_use]
pub fn html(all: &[Tables], page: &str) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{0}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
        safe(page)
    );
    for tables in all {
        out.push_str(&format!("<section>\n<h2>{}</h2>\n", safe(&tables.name)));
        if !tables.text.is_empty() {
            out.push_str(&format!("<p>{}</p>\n", safe(&tables.text)));
        }
        out.push_str(&format!("<p>{}</p>\n", scope(tables)));
        tables.notes.iter().for_each(|note| out.push_str(&format!("<p>{}</p>\n", safe(note))));
        match &tables.tables {
            Err(long) => {
                too_long(tables, long).iter().for_each(|said| out.push_str(&format!("<p>{}</p>\n", safe(said))));
            }
            Ok(found) => {
                found.iter().for_each(|table| out.push_str(&one(table, found.len() > 1)));
                let meanings = meanings(found);
                if !meanings.is_empty() {
                    out.push_str("<dl>\n");
                    for (name, text) in meanings {
                        out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", safe(&name), safe(&text)));
                    }
                    out.push_str("</dl>\n");
                }
            }
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn one(table: &Table, several: bool) -> String {
    let mut out = String::new();
    if several && table.role != Role::Answer {
        out.push_str(&format!("<h3>{}</h3>\n", safe(&title(table))));
    }
    out.push_str(&format!(
        "<div><table>\n<caption>{}: {}</caption>\n<thead><tr><th scope=\"col\">row</th>",
        safe(&title(table)),
        how_to_read(table)
    ));
    for column in &table.columns {
        let title = if column.text.is_empty() { String::new() } else { format!(" title=\"{}\"", safe(&column.text)) };
        out.push_str(&format!("<th scope=\"col\"{title}>{}</th>", safe(&column.name)));
    }
    out.push_str(&format!("<th scope=\"col\">{}</th>", safe(&outcome_heading(table))));
    out.push_str("<th scope=\"col\">requests</th><th scope=\"col\">share</th></tr></thead>\n<tbody>\n");
    for (number, row) in table.rows.iter().enumerate() {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", number + 1));
        for cell in &row.cells {
            match cell.words.is_empty() {
                true => out.push_str("<td class=\"any\">any</td>"),
                false => out.push_str(&format!("<td>{}</td>", safe(&cell.words))),
            }
        }
        out.push_str(&format!(
            "<td class=\"o\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            safe(&row.words),
            grouped(&row.count.requests),
            safe(&row.count.share)
        ));
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}

/// Text that is text wherever it stands.
fn safe(text: &str) -> String {
    let text = visible(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
