//! `keyward table`: what a policy answers, as decision tables.
//! In: a policy, perhaps answers and conditions. Out: tables in one of five forms. Refuses policies with errors.

use crate::args::{Table, TableForm};
use crate::exit::{Exit, Failure};
use crate::narrowed::{self, put};
use crate::report;
use crate::terminal::Terminal;
use keyward::render::json::string;
use keyward::report::table;
use keyward::tabulate::{Reading, Tables, Wish, tabulate};

/// Shows tables.
pub fn run(args: &Table, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let narrowed = narrowed::load(&args.file, &args.only, terminal)?;
    let answers = narrowed.answers(args.decision.as_deref(), &args.answer)?;
    let reading = if args.otherwise { Reading::TopDown } else { Reading::OneRow };
    let mut all: Vec<Tables> = Vec::with_capacity(answers.len());
    for (decision, answer) in answers {
        terminal.progress(&format!("{} tables", all.len()));
        let wish = Wish { decision, answer, requests: narrowed.requests, reading, rules: json };
        all.push(tabulate(&narrowed.policy, &narrowed.model, &narrowed.sources, wish));
    }
    terminal.end_progress();
    let name = &narrowed.policy.name;
    let text = match (json, args.form) {
        (true, _) => {
            let fields = vec![
                ("policy", string(name)),
                ("version", narrowed.policy.version.to_string()),
                ("where", string(&narrowed.condition)),
                ("answers", table::json(&all, &narrowed.policy)),
            ];
            format!("{}\n", report::document("table", fields))
        }
        (false, TableForm::Text) => table::text(&all, terminal.look()),
        (false, TableForm::Markdown) => table::markdown(&all),
        (false, TableForm::Csv) => table::csv(&all),
        (false, TableForm::Html) => {
            let title = if narrowed.policy.title.is_empty() { name } else { &narrowed.policy.title };
            table::html(&all, title)
        }
    };
    put(&text, args.output.as_ref(), terminal)?;
    Ok(if all.iter().any(|tables| tables.tables.is_err()) { Exit::Findings } else { Exit::Fine })
}
