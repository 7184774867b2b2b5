//! `keyward explain`: the page of a diagnostic code, or the list of all.
//! In: a code. Out: its page. Refuses codes there are none of.

use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::report;
use crate::terminal::Terminal;
use keyward::codes::{ALL, Code, Entry};
use keyward::render::json::{array, object, severity, string};
use keyward::render::{Look, Paint, wrap};

/// Prints a page or the list.
pub fn run(args: &Explain, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(code) = &args.code else {
        if json {
            terminal.result(&report::document("explain", vec![("codes", array(ALL.iter().map(facts)))]));
        } else {
            ALL.iter().for_each(|entry| terminal.result(&line(entry, terminal.look())));
        }
        return Ok(Exit::Fine);
    };
    let entry = Code::parse(code)
        .and_then(Code::entry)
        .ok_or_else(|| Failure::Usage(format!("there is no code {code}; `keyward explain` lists all")))?;
    if json {
        terminal.result(&report::document("explain", vec![("code", facts(entry)), ("page", string(entry.page))]));
    } else {
        terminal.raw_result(&page(entry.page, terminal.look()));
    }
    Ok(Exit::Fine)
}

fn facts(entry: &Entry) -> String {
    object(&[
        ("code", string(&entry.code.to_string())),
        ("name", string(entry.name)),
        ("severity", string(severity(entry.severity))),
        ("title", string(entry.title)),
    ])
}

fn line(entry: &Entry, look: Look) -> String {
    let code = look.paint(Paint::of(entry.severity), &entry.code.to_string());
    format!("{code}  {:8} {}", severity(entry.severity), entry.title)
}

/// The page with its signs taken away: headings strong, blocks of code indented, sentences broken.
fn page(text: &str, look: Look) -> String {
    let mut out = String::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut code = false;
    for line in text.lines() {
        let fence = line.starts_with("```");
        if !code && !fence && !line.trim().is_empty() && !line.starts_with('#') && !line.starts_with("- ") {
            paragraph.push(line.trim());
            continue;
        }
        push_paragraph(&mut out, &mut paragraph, look);
        if fence {
            code = !code;
        } else if code {
            out.push_str(&format!("    {line}\n"));
        } else if line.starts_with('#') {
            out.push_str(&look.paint(Paint::Strong, line.trim_start_matches(['#', ' '])));
            out.push('\n');
        } else if line.starts_with("- ") {
            paragraph.push(line.trim());
        } else {
            out.push('\n');
        }
    }
    push_paragraph(&mut out, &mut paragraph, look);
    out
}

fn push_paragraph(out: &mut String, paragraph: &mut Vec<&str>, look: Look) {
    if paragraph.is_empty() {
        return;
    }
    for line in wrap(&paragraph.join(" "), look.width, look.width) {
        out.push_str(&line);
        out.push('\n');
    }
    paragraph.clear();
}
