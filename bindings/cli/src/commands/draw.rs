//! `keyward draw`: the diagram of an answer.
//! In: a policy, perhaps an answer and conditions. Out: SVG, DOT or JSON. Refuses diagrams that nobody could follow.

use crate::args::{Draw, DrawForm};
use crate::exit::{Exit, Failure};
use crate::narrowed::{self, put};
use crate::report;
use crate::terminal::Terminal;
use keyward::draw::{MOST_QUESTIONS, Undrawn, draw};
use keyward::render::json::string;
use keyward::report::draw as written;

/// Draws a diagram.
pub fn run(args: &Draw, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let narrowed = narrowed::load(&args.file, &args.only, terminal)?;
    let names: Vec<String> = args.answer.iter().cloned().collect();
    let answers = narrowed.answers(args.decision.as_deref(), &names)?;
    let Some(&answer) = answers.first() else {
        return Err(Failure::Usage(format!("{} has no answer to draw", args.file.display())));
    };
    let policy = &narrowed.policy;
    let diagram = draw(policy, &narrowed.model, answer, narrowed.requests).map_err(|undrawn| {
        let size = match undrawn {
            Undrawn::TooMany(questions) => format!("would have {questions} questions; {MOST_QUESTIONS} is the most"),
            Undrawn::Exploded => "grew too large".to_string(),
        };
        let text = "Narrow it with --where CONDITION, draw another --answer, or read it with `keyward table`.";
        Failure::Findings(format!("the diagram {size} that anybody follows. {text}"))
    })?;
    let name = if policy.title.is_empty() { &policy.name } else { &policy.title };
    let text = match (json, args.form) {
        (true, _) => {
            let fields = vec![
                ("policy", string(&policy.name)),
                ("version", policy.version.to_string()),
                ("where", string(&narrowed.condition)),
                ("diagram", written::json(&diagram)),
            ];
            format!("{}\n", report::document("draw", fields))
        }
        (false, DrawForm::Svg) => written::svg(&diagram, name),
        (false, DrawForm::Dot) => written::dot(&diagram),
    };
    put(&text, args.output.as_ref(), terminal)?;
    Ok(Exit::Fine)
}
